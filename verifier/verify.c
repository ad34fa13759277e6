/* SPDX-License-Identifier: ISC */
#include "verify.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "material.h"
#include "delivery.h"

const char *
verdict_name(enum verdict v)
{
	static const char *const name[] = {
#define X(id, name, word, exit_status) name,
		VERDICTS(X)
#undef X
	};

	return name[v];
}

const char *
verdict_word(enum verdict v)
{
	static const char *const word[] = {
#define X(id, name, word, exit_status) word,
		VERDICTS(X)
#undef X
	};

	return word[v];
}

static int
check_init(struct check *c, struct delivery *d, int plain_fd,
    const struct verify_options *o, struct dsr_findings *findings,
    struct verify_result *result, struct dsr_error *err)
{
	struct dsr_source source;
	size_t i;

	memset(c, 0, sizeof(*c));
	c->options = o;
	c->plain_fd = delivery_is_encrypted(d) ? -1 : plain_fd;
	c->findings = findings;
	c->result = result;
	for (i = 0; i < DSR_MEMBER_KINDS; i++)
		dsr_buffer_init(&c->text[i], DSR_MAX_TAGMANIFEST);
	delivery_source(d, &source);
	if (dsr_zip_reader_new_source(&c->zip, &source, findings, err) != 0)
		return -1;
	if (o->layer_zip)
		return dsr_zip_reader_watch_names(c->zip, err);
	if (ledger_new(&c->payload, delivery_is_encrypted(d), err) != 0 ||
	    dsr_tree_new(&c->tree, err) != 0 ||
	    dsr_arena_new(&c->arena, err) != 0 ||
	    dsr_arena_new(&c->line_arena, err) != 0)
		return -1;
	return 0;
}

static void
check_fini(struct check *c)
{
	size_t i;

	content_end(c);
	for (i = 0; i < c->tag_count; i++)
		free(c->tags[i].path);
	free(c->tags);
	for (i = 0; i < DSR_MEMBER_KINDS; i++)
		dsr_buffer_fini(&c->text[i]);
	dsr_certificates_free(c->certificates);
	stamps_free(c->stamps);
	dsr_zip_reader_free(c->zip);
	ledger_free(c->payload);
	dsr_tree_free(c->tree);
	dsr_arena_free(c->arena);
	dsr_arena_free(c->line_arena);
}

/* The container alone: every member's content is read to its end. */
static int
read_through(struct check *c, struct dsr_error *err)
{
	uint8_t piece[65536];
	int64_t n;

	while ((n = dsr_zip_reader_read(c->zip, piece, sizeof(piece), err)) >
	    0)
		c->payload_bytes += (uint64_t)n;
	return (int)n;
}

static int
read_members(struct check *c, struct dsr_error *err)
{
	struct dsr_zip_entry e;
	int more, rc;

	while ((more = dsr_zip_reader_next(c->zip, &e, err)) == 1) {
		rc = c->options->layer_zip ? read_through(c, err)
					   : member_check(c, &e, err);
		if (rc != 0)
			return -1;
	}
	if (more < 0)
		return -1;
	if (!c->options->layer_zip && content_flush(c, err) != 0)
		return -1;
	if (dsr_zip_reader_finish(c->zip, err) != 0)
		return -1;
	c->result->members = dsr_zip_reader_count(c->zip);
	c->result->size = dsr_zip_reader_offset(c->zip);
	c->result->bytes = c->payload_bytes;
	return 0;
}

static void
decide_container(struct check *c)
{
	bool bad = dsr_findings_count(c->findings, DSR_ERROR) > 0;

	c->result->layer_zip = true;
	c->result->has_verdict = false;
	c->result->exit_status = bad ? 1 : 0;
}

/* The texts that a report is made of outlive the check. */
static int
hand_over(struct check *c, struct dsr_error *err)
{
	const struct dsr_buffer *statement = &c->text[DSR_MEMBER_STATEMENT],
				*request = &c->text[DSR_MEMBER_REQUEST];
	struct material *m = c->options->material;

	if (m == NULL)
		return 0;
	if (statement->len > 0 && dsr_buffer_append(&m->statement,
		statement->data, statement->len, err) != 0)
		return -1;
	return request->len == 0 ? 0
	    : dsr_buffer_append(&m->request, request->data, request->len,
		err);
}

static int
judge(struct check *c, struct dsr_error *err)
{
	if (read_members(c, err) != 0)
		return -1;
	if (c->options->layer_zip) {
		decide_container(c);
		return 0;
	}
	if (c->result->members == 0) {
		/* no archive at all: what is not in it says nothing */
		dsr_findings_add(c->findings, DSR_F_NOT_CHECKED, NULL, NULL,
		    "no member could be read");
		return 0;
	}
	tags_check(c);
	if (statement_read(c, err) != 0 || hand_over(c, err) != 0)
		return -1;
	return seal_check(c, err);
}

/*
 * In this order: what has to be opened, the sandbox, then threads and hostile
 * bytes.
 */
static int
judge_archive(struct delivery *d, int plain_fd,
    const struct verify_options *o, struct dsr_findings *findings,
    struct verify_result *result, struct dsr_error *err)
{
	struct check c;
	int rc = -1;

	if (check_init(&c, d, plain_fd, o, findings, result, err) != 0)
		goto out;
	if (o->sandbox && !o->layer_zip &&
	    ledger_make_file(c.payload, err) != 0)
		goto out;
	if (o->sandbox)
		dsr_sandbox_close(&result->sandbox, o->rules, o->rule_count);
	if (delivery_open(d, err) != 0 ||
	    (!o->layer_zip && content_start(&c, err) != 0))
		goto out;
	result->locked = delivery_is_locked(d);
	result->has_verdict = !result->locked;
	rc = delivery_is_open(d) ? judge(&c, err) : 0;
out:
	check_fini(&c);
	return rc;
}

/* A file that changes while it is read was never seen whole. */
static void
compare_file(int fd, const struct stat *before, struct dsr_findings *findings,
    struct verify_result *result)
{
	struct stat after;

	if (fstat(fd, &after) == 0 && S_ISREG(after.st_mode) &&
	    (after.st_size != before->st_size ||
		after.st_mtim.tv_sec != before->st_mtim.tv_sec ||
		after.st_mtim.tv_nsec != before->st_mtim.tv_nsec)) {
		dsr_findings_add(findings, DSR_F_ZIP_CHANGED, NULL, NULL,
		    NULL);
		result->has_verdict = true;
		result->verdict = VERDICT_NOT_INTACT;
		result->exit_status = 1;
	}
}

int
verify_archive(int fd, const struct verify_options *o,
    struct dsr_findings *findings, struct verify_result *result,
    struct dsr_error *err)
{
	struct delivery *d = NULL;
	struct stat before;
	int plain_fd = -1, rc;

	memset(result, 0, sizeof(*result));
	result->verdict = VERDICT_NOT_INTACT;
	result->exit_status = 1;
	if (fstat(fd, &before) != 0)
		return dsr_fail_sys(err, "input");
	/* only what is read from its start can be read once more */
	if (S_ISREG(before.st_mode) && lseek(fd, 0, SEEK_CUR) == 0)
		plain_fd = fd;
	if (delivery_new(&d, fd, o->keys, findings, err) != 0)
		return -1;
	rc = judge_archive(d, plain_fd, o, findings, result, err);
	if (rc == 0 && !result->locked)
		compare_file(fd, &before, findings, result);
	delivery_free(d);
	return rc;
}
