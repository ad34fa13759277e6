/* SPDX-License-Identifier: ISC */
#include "verify.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "delivery.h"
#include "dossier/memory.h"
#include "erasures.h"
#include "looks.h"
#include "material.h"
#include "unpacked.h"

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

/* An archive, or the folder it was unpacked to, and what is found in it. */
struct verification {
	struct check check;
	struct delivery *delivery; /* NULL: a folder */
	struct unpacked *folder;     /* NULL: an archive */
	int fd;
	bool starts_at_0; /* fd, when it was given */
	struct stat before;
};

static int
zip_next(void *ctx, struct dsr_zip_entry *e, struct dsr_error *err)
{
	return dsr_zip_reader_next(ctx, e, err);
}

static int64_t
zip_read(void *ctx, void *buf, size_t len, struct dsr_error *err)
{
	return dsr_zip_reader_read(ctx, buf, len, err);
}

static int
open_archive(struct verification *v, struct dsr_error *err)
{
	struct check *c = &v->check;
	struct dsr_source source;

	if (delivery_new(&v->delivery, v->fd, c->options->keys, c->findings,
		err) != 0)
		return -1;
	/* only what is read from its start can be read once more */
	c->plain_fd = !delivery_is_encrypted(v->delivery) &&
		S_ISREG(v->before.st_mode) && v->starts_at_0
	    ? v->fd
	    : -1;
	delivery_source(v->delivery, &source);
	if (dsr_zip_reader_new_source(&c->zip, &source, c->findings, err) != 0)
		return -1;
	c->origin = (struct origin){ zip_next, zip_read, c->zip };
	return c->options->layer_zip ? dsr_zip_reader_watch_names(c->zip, err)
				     : 0;
}

static int
open_folder(struct verification *v, struct dsr_error *err)
{
	struct check *c = &v->check;

	c->plain_fd = -1;
	if (unpacked_new(&v->folder, v->fd, c->findings, err) != 0)
		return -1;
	unpacked_origin(v->folder, &c->origin);
	return 0;
}

static int
check_open(struct check *c, bool secret, struct dsr_error *err)
{
	if (ledger_new(&c->payload, secret, err) != 0 ||
	    dsr_tree_new(&c->tree, err) != 0 ||
	    erasures_new(&c->erasures, err) != 0 ||
	    dsr_arena_new(&c->arena, err) != 0)
		return -1;
	return c->options->sandbox ? ledger_make_file(c->payload, err) : 0;
}

/* A finding is about to be added: what stands before it comes first. */
static void
settle(void *ctx)
{
	struct check *c = ctx;
	struct dsr_error err;

	if (c->unsettled.code == DSR_OK &&
	    (lines_settle(c, &err) != 0 ||
		(!c->in_lines && content_settle(c, &err) != 0)))
		c->unsettled = err;
}

static void
check_fini(struct check *c)
{
	size_t i;

	dsr_findings_settle(c->findings, NULL, NULL);
	content_end(c);
	dsr_inflate_stream_free(c->stream);
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
	erasures_free(c->erasures);
	dsr_arena_free(c->arena);
	line_crew_free(c->lines);
}

static bool
wants_content(const struct verify_options *o)
{
	return !o->layer_zip && !o->quick;
}

/* The container alone: every member's content is read to its end. */
static int
read_through(struct check *c, struct dsr_error *err)
{
	uint8_t piece[65536];
	int64_t n;

	while ((n = c->origin.read(c->origin.ctx, piece, sizeof(piece),
		    err)) > 0)
		c->payload_bytes += (uint64_t)n;
	return (int)n;
}

static int
read_members(struct verification *v, struct dsr_error *err)
{
	struct check *c = &v->check;
	struct dsr_zip_entry e;
	int more, rc;

	while ((more = c->origin.next(c->origin.ctx, &e, err)) == 1) {
		rc = c->options->layer_zip ? read_through(c, err)
					   : member_check(c, &e, err);
		if (rc == 0 && c->unsettled.code != DSR_OK) {
			*err = c->unsettled;
			rc = -1;
		}
		if (rc != 0)
			return -1;
	}
	if (more < 0)
		return -1;
	if (wants_content(c->options) && content_flush(c, err) != 0)
		return -1;
	if (c->zip != NULL)
		c->directory_offset = dsr_zip_reader_offset(c->zip);
	if (c->zip != NULL && dsr_zip_reader_finish(c->zip, err) != 0)
		return -1;
	c->result->members = c->zip != NULL ? dsr_zip_reader_count(c->zip)
					    : unpacked_count(v->folder);
	c->result->size = c->zip != NULL ? dsr_zip_reader_offset(c->zip)
					 : unpacked_bytes(v->folder);
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
judge(struct verification *v, struct dsr_error *err)
{
	struct check *c = &v->check;

	if (read_members(v, err) != 0)
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
	if (!c->options->quick)
		tags_check(c);
	if (statement_read(c, err) != 0 || hand_over(c, err) != 0)
		return -1;
	return seal_check(c, err);
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
verification_new(struct verification **out, int fd,
    const struct verify_options *o, struct dsr_findings *findings,
    struct verify_result *result, struct dsr_error *err)
{
	struct verification *v = calloc(1, sizeof(*v));
	struct check *c;
	size_t i;

	*out = NULL;
	if (v == NULL)
		return dsr_fail(err, DSR_ENOMEM, "verification");
	c = &v->check;
	c->options = o;
	c->findings = findings;
	c->result = result;
	c->refusals = dsr_memory_refusals();
	dsr_findings_settle(findings, settle, c);
	for (i = 0; i < DSR_MEMBER_KINDS; i++)
		dsr_buffer_init(&c->text[i], DSR_MAX_TAGMANIFEST);
	memset(result, 0, sizeof(*result));
	result->verdict = VERDICT_NOT_INTACT;
	result->exit_status = 1;
	v->fd = fd;
	v->starts_at_0 = lseek(fd, 0, SEEK_CUR) == 0;
	if (fstat(fd, &v->before) != 0) {
		dsr_fail_sys(err, "input");
		goto out;
	}
	if ((S_ISDIR(v->before.st_mode) ? open_folder(v, err)
					: open_archive(v, err)) != 0 ||
	    (!o->layer_zip && check_open(c, v->delivery != NULL &&
		    delivery_is_encrypted(v->delivery), err) != 0))
		goto out;
	*out = v;
	v = NULL;
out:
	verification_free(v);
	return *out == NULL ? -1 : 0;
}

void
verification_free(struct verification *v)
{
	if (v == NULL)
		return;
	check_fini(&v->check);
	unpacked_free(v->folder);
	delivery_free(v->delivery);
	free(v);
}

int
verification_run(struct verification *v, struct dsr_error *err)
{
	struct verify_result *r = v->check.result;

	if ((v->folder != NULL ? unpacked_list(v->folder, err)
			       : delivery_open(v->delivery, err)) != 0)
		return -1;
	r->locked = v->delivery != NULL && delivery_is_locked(v->delivery);
	r->has_verdict = !r->locked;
	r->coverage.checks[CHECK_DELIVERY].state = v->delivery == NULL ||
		!delivery_is_encrypted(v->delivery)
	    ? COVERAGE_ABSENT
	    : COVERAGE_DONE;
	r->coverage.checks[CHECK_DELIVERY].count =
	    v->delivery != NULL && delivery_is_encrypted(v->delivery);
	if (v->delivery != NULL && !delivery_is_open(v->delivery))
		return 0;
	/* threads only now: the sandbox is closed */
	if (wants_content(v->check.options) &&
	    content_start(&v->check, err) != 0)
		return -1;
	if (judge(v, err) != 0)
		return -1;
	coverage_note(&v->check);
	if (v->folder == NULL)
		looks_note(&v->check, v->fd);
	if (v->folder == NULL)
		compare_file(v->fd, &v->before, v->check.findings, r);
	return 0;
}

/* A folder's files are opened inside. */
static void
close_sandbox(struct verification *v)
{
	const struct verify_options *o = v->check.options;
	const struct dsr_sandbox_rule rule = { v->fd, DSR_SANDBOX_READ };

	dsr_sandbox_close(&v->check.result->sandbox,
	    v->folder == NULL ? o->rules : &rule,
	    v->folder == NULL ? o->rule_count : 1);
}

int
verify_archive(int fd, const struct verify_options *o,
    struct dsr_findings *findings, struct verify_result *result,
    struct dsr_error *err)
{
	struct verification *v = NULL;
	int rc = -1;

	if (verification_new(&v, fd, o, findings, result, err) == 0) {
		if (o->sandbox)
			close_sandbox(v);
		rc = verification_run(v, err);
	}
	verification_free(v);
	return rc;
}
