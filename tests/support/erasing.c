/* SPDX-License-Identifier: ISC */
#include "erasing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "dossier/limits.h"
#include "dossier/text.h"
#include "scratch.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define TODAY "2026-02-03"

static struct dsr_error err;

#define OK(call)                                                              \
	do {                                                                  \
		if ((call) != 0)                                              \
			fail_msg("%s: %s", #call, err.msg);                   \
	} while (0)

static struct dsr_export identity = { ZEROS, 9,
	"01234567-89ab-4cde-8f01-23456789abcd", ZEROS, NULL };

static void
put_document(const struct erasing_document *d, size_t number,
    struct dsr_buffer *lines)
{
	char path[160], digest[DSR_SHA256_HEX];
	uint8_t sha256[DSR_SHA256_BYTES];
	size_t len = strlen(d->body);
	struct dsr_document record = { .category = "content",
		.connector = "plants", .endpoint = d->endpoint, .exchange = 1,
		.item = d->item, .path = path, .salt = ZEROS,
		.sha256 = digest, .size = len, .source_url = d->url };

	dsr_sha256(sha256, d->body, len);
	dsr_hex_encode(digest, sha256, sizeof(sha256));
	(void)snprintf(path, sizeof(path), "data/%s-%zu.json", d->endpoint,
	    number);
	record.span.set = d->is_item;
	OK(dsr_record_write_line(&dsr_document_type, &record, lines, &err));
	(void)snprintf(path, sizeof(path), "archive/data/%s-%zu.json",
	    d->endpoint, number);
	scratch_write(path, d->body, len, 0600);
}

static void
put_archive(const struct erasing_document *documents, size_t count)
{
	struct dsr_buffer lines;

	assert_int_equal(mkdir("archive", 0700), 0);
	assert_int_equal(mkdir("archive/data", 0700), 0);
	assert_int_equal(mkdir("archive/dossier", 0700), 0);
	dsr_buffer_init(&lines, 1048576);
	for (size_t i = 0; i < count; i++)
		put_document(&documents[i], i, &lines);
	scratch_write("archive/dossier/documents.jsonl",
	    dsr_buffer_str(&lines), lines.len, 0600);
	dsr_buffer_fini(&lines);
}

static size_t
count_words(const char *const *words)
{
	size_t count = 0;

	while (words != NULL && words[count] != NULL)
		count++;
	return count;
}

void
erasing_start(struct erasing *e, const struct erasing_document *documents,
    size_t count)
{
	const struct collect_options o = { .connector = "./plants.json",
		.params = e->params, .param_count = count_words(e->params),
		.identities = e->identities,
		.identity_count = count_words(e->identities),
		.fetch = { .concurrency = 1 } };
	struct erasure *x = &e->x;

	(void)memset(x, 0, sizeof(*x));
	x->even_if_unnamed = e->even_if_unnamed;
	scratch_write("plants.json", e->connector, strlen(e->connector),
	    0600);
	put_archive(documents, count);
	(void)snprintf(x->today, sizeof(x->today), "%s", TODAY);
	x->exported.root = strdup("archive");
	x->exported.identity = identity;
	x->exported.statement.endpoints.items = e->counts;
	x->exported.statement.endpoints.count = e->count_count;
	if (e->request != NULL)
		OK(dsr_request_parse(&x->exported.request, e->request,
		    strlen(e->request), NULL, NULL, &err));
	OK(collection_prepare(&x->c, &o, &err));
	OK(dsr_case_create(&x->c.store, "receipt.case", &err));
	OK(erase_prepare(x, &err));
}

void
erasing_stop(struct erasing *e)
{
	erase_close(&e->x);
}

struct telling {
	struct erasing *e;
	struct dsr_buffer *out;
};

static int
tell(void *ctx, const struct dsr_erasure_plan *p, struct dsr_error *e)
{
	const struct telling *t = ctx;
	const struct erasure *x = &t->e->x;
	const char *name = connector_endpoint(x->c.k,
	    erase_endpoint_of(x, p->endpoint))->name;

	OK(dsr_buffer_printf(t->out, e, "%" PRIu64 " %s %s %s %s", p->number,
	    name, p->item != NULL ? p->item : "-", p->outcome,
	    p->reason != NULL ? p->reason : "-"));
	if (p->hold != DSR_NONE)
		OK(dsr_buffer_printf(t->out, e, " hold %" PRIu64, p->hold));
	if (p->with != DSR_NONE)
		OK(dsr_buffer_printf(t->out, e, " with %" PRIu64, p->with));
	return dsr_buffer_puts(t->out, "\n", e);
}

const char *
erasing_plan(struct erasing *e, struct dsr_buffer *out)
{
	struct telling t = { e, out };

	dsr_buffer_init(out, 1048576);
	OK(erase_plan(&e->x, &err));
	OK(dsr_case_erasure_plans(e->x.c.store, 0, 1000, false, tell, &t,
	    &err));
	return dsr_buffer_str(out);
}

void
erasing_expect(const char *why, struct erasing *e,
    const struct erasing_document *documents, size_t count,
    const char *wanted)
{
	struct dsr_buffer out;
	void *state = NULL;

	assert_int_equal(scratch_enter(&state), 0);
	erasing_start(e, documents, count);
	if (strcmp(erasing_plan(e, &out), wanted) != 0)
		fail_msg("%s:\n%swanted\n%s", why, dsr_buffer_str(&out),
		    wanted);
	dsr_buffer_fini(&out);
	erasing_stop(e);
	assert_int_equal(scratch_leave(&state), 0);
}
