/* SPDX-License-Identifier: ISC */
/* Which documents of two archives are the same, and which are not. */
#include "../../verifier/compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/limits.h"

/* A document in few words. */
struct doc {
	const char *connector, *endpoint, *item, *name, *url;
	char digest; /* all of its 64 digits */
};

static struct dsr_spool *
make_spool(const struct doc *docs, size_t count)
{
	char path[64], salt[65], sha256[65];
	struct dsr_spool *spool;
	struct dsr_buffer line;
	struct dsr_error err;
	size_t i;

	assert_int_equal(dsr_spool_new(&spool, &err), 0);
	dsr_buffer_init(&line, DSR_MAX_LINE);
	memset(salt, '0', 64);
	salt[64] = '\0';
	for (i = 0; i < count; i++) {
		const struct doc *d = &docs[i];
		const struct dsr_document record = {
			.connector = d->connector,
			.endpoint = d->endpoint,
			.item = d->item,
			.name = d->name,
			.source_url = d->url,
			.path = path,
			.salt = salt,
			.sha256 = sha256,
			.exchange = DSR_NONE,
		};

		(void)snprintf(path, sizeof(path), "data/files/%09zu.bin", i);
		memset(sha256, d->digest, 64);
		sha256[64] = '\0';
		dsr_buffer_reset(&line);
		assert_int_equal(dsr_record_write_line(&dsr_document_type,
				     &record, &line, &err),
		    0);
		assert_int_equal(dsr_spool_write(spool, line.data, line.len,
				     &err),
		    0);
	}
	dsr_buffer_fini(&line);
	return spool;
}

/* Each change as "+new", "-old" or "~old>new": the numbers of their paths. */
static int
note(void *ctx, enum change kind, const union compared_record *old,
    const union compared_record *new, struct dsr_error *err)
{
	struct dsr_buffer *out = ctx;
	unsigned int o = 0, n = 0;

	if (old != NULL)
		assert_int_equal(sscanf(old->document.path, "data/files/%u", &o), 1);
	if (new != NULL)
		assert_int_equal(sscanf(new->document.path, "data/files/%u", &n), 1);
	switch (kind) {
	case CHANGE_ADDED:
		assert_null(old);
		return dsr_buffer_printf(out, err, "+%u ", n);
	case CHANGE_REMOVED:
		assert_null(new);
		return dsr_buffer_printf(out, err, "-%u ", o);
	case CHANGE_CHANGED:
	case CHANGE_KINDS:
		break;
	}
	return dsr_buffer_printf(out, err, "~%u>%u ", o, n);
}

static void
expect(const char *why, const struct doc *old, size_t old_count,
    const struct doc *new, size_t new_count, const char *wanted,
    uint64_t same)
{
	struct dsr_spool *a = make_spool(old, old_count),
			 *b = make_spool(new, new_count);
	struct comparison *c;
	struct dsr_buffer out;
	struct dsr_error err;

	dsr_buffer_init(&out, 65536);
	assert_int_equal(comparison_new(&c, COMPARED_DOCUMENTS, a, b, &err), 0);
	assert_int_equal(comparison_each(c, note, &out, &err), 0);
	if (strcmp(dsr_buffer_str(&out), wanted) != 0 ||
	    comparison_same(c) != same)
		fail_msg("%s: %s and %u the same", why, dsr_buffer_str(&out),
		    (unsigned int)comparison_same(c));
	dsr_buffer_fini(&out);
	comparison_free(c);
	dsr_spool_free(a);
	dsr_spool_free(b);
}

#define ITEM(item, digest) { "c", "e", item, NULL, NULL, digest }

static void
knows_documents_again(void **state)
{
	static const struct doc items[] = { ITEM("a", '1'), ITEM("b", '2'),
		ITEM("c", '3') };
	static const struct doc moved[] = { ITEM("c", '3'), ITEM("a", '1'),
		ITEM("b", '9') };
	static const struct doc elsewhere[] = {
		{ "c", "other", "a", NULL, NULL, '1' },
		{ "x", "e", "b", NULL, NULL, '2' },
		{ "c", "e", NULL, "c", NULL, '3' },
	};
	static const struct doc pages[] = {
		{ "c", "e", NULL, NULL, "https://h/1", '1' },
		{ "c", "e", NULL, NULL, "https://h/2", '2' },
	};
	static const struct doc later_pages[] = {
		{ "c", "e", NULL, NULL, "https://h/2", '5' },
		{ "c", "e", NULL, NULL, "https://h/3", '1' },
	};

	(void)state;
	expect("nothing", NULL, 0, NULL, 0, "", 0);
	expect("the same", items, 3, items, 3, "", 3);
	expect("all new", NULL, 0, items, 3, "+0 +1 +2 ", 0);
	expect("all gone", items, 3, NULL, 0, "-0 -1 -2 ", 0);
	expect("other places, one changed", items, 3, moved, 3, "~1>2 ", 2);
	expect("other connector, endpoint, kind of name", items, 3, elsewhere,
	    3, "-0 -1 -2 +0 +1 +2 ", 0);
	expect("pages by their address", pages, 2, later_pages, 2,
	    "-0 +1 ~1>0 ", 0);
}

/* Several documents of one item: what is equal is paired first. */
static void
pairs_documents_of_one_item(void **state)
{
	static const struct doc old[] = { ITEM("a", '1'), ITEM("a", '2'),
		ITEM("a", '3') };
	static const struct doc one_changed[] = { ITEM("a", '3'),
		ITEM("a", '9'), ITEM("a", '1') };
	static const struct doc one_less[] = { ITEM("a", '3'),
		ITEM("a", '1') };
	static const struct doc twice[] = { ITEM("a", '1'), ITEM("a", '1') };
	static const struct doc once[] = { ITEM("a", '1') };

	(void)state;
	expect("one changed", old, 3, one_changed, 3, "~1>1 ", 2);
	expect("one less", old, 3, one_less, 2, "-1 ", 2);
	expect("one more", one_less, 2, old, 3, "+1 ", 2);
	expect("twice and once", twice, 2, once, 1, "-1 ", 1);
	expect("once and twice", once, 1, twice, 2, "+1 ", 1);
	expect("twice and twice", twice, 2, twice, 2, "", 2);
}

/* Parts of a name that run into each other are not the same name. */
static void
keeps_parts_apart(void **state)
{
	static const struct doc a[] = { { "ab", "c", "d", NULL, NULL, '1' } };
	static const struct doc b[] = { { "a", "bc", "d", NULL, NULL, '1' } };
	static const struct doc c[] = { { NULL, NULL, NULL, "n", NULL, '1' } };
	static const struct doc d[] = { { NULL, NULL, "n", NULL, NULL, '1' } };

	(void)state;
	expect("connector and endpoint", a, 1, b, 1, "-0 +0 ", 0);
	expect("name and item", c, 1, d, 1, "-0 +0 ", 0);
}

/* ---- resources of an erasure ---------------------------------------------- */

struct resource {
	const char *item, *url, *outcome, *reason, *by;
};

static struct dsr_spool *
make_lines(const struct resource *all, size_t count)
{
	struct dsr_spool *spool;
	struct dsr_buffer line;
	struct dsr_error err;

	assert_int_equal(dsr_spool_new(&spool, &err), 0);
	dsr_buffer_init(&line, DSR_MAX_LINE);
	for (size_t i = 0; i < count; i++) {
		const struct dsr_erasure record = { .connector = "c",
			.endpoint = "e", .item = all[i].item,
			.url = all[i].url, .outcome = all[i].outcome,
			.reason = all[i].reason, .by = all[i].by,
			.done = all[i].by == NULL ? NULL
						  : "2026-01-31T23:59:59Z",
			.number = i + 1, .hold = DSR_NONE,
			.status = DSR_NONE, .with = DSR_NONE };

		dsr_buffer_reset(&line);
		assert_int_equal(dsr_record_write_line(&dsr_erasure_type,
				     &record, &line, &err),
		    0);
		assert_int_equal(dsr_spool_write(spool, line.data, line.len,
				     &err),
		    0);
	}
	dsr_buffer_fini(&line);
	return spool;
}

static int
note_resource(void *ctx, enum change kind, const union compared_record *old,
    const union compared_record *new, struct dsr_error *err)
{
	static const char sign[] = { [CHANGE_REMOVED] = '-',
		[CHANGE_ADDED] = '+', [CHANGE_CHANGED] = '~' };

	return dsr_buffer_printf(ctx, err, "%c%s>%s ", sign[kind],
	    old == NULL ? "" : old->erasure.outcome,
	    new == NULL ? "" : new->erasure.outcome);
}

/* By item, else by address; judged by what became of it, why, by whom. */
static void
knows_resources_again(void **state)
{
	static const struct resource old[] = {
		{ "1", NULL, "refused", "http-status", NULL },
		{ "2", NULL, "failed", "network", NULL },
		{ "3", NULL, "manual-done", NULL, "An" },
		{ "4", NULL, "erased", NULL, NULL },
		{ NULL, "https://h/5", "planned", NULL, NULL },
		{ NULL, NULL, "no-way", NULL, NULL },
	};
	static const struct resource new[] = {
		{ NULL, NULL, "no-way", NULL, NULL },
		{ "1", NULL, "erased", NULL, NULL },
		{ "2", NULL, "failed", "http-status", NULL },
		{ "3", NULL, "manual-done", NULL, "Bo" },
		{ NULL, "https://h/6", "absent", NULL, NULL },
		{ NULL, "https://h/5", "erased", NULL, NULL },
	};
	struct dsr_spool *a = make_lines(old, 6), *b = make_lines(new, 6);
	struct comparison *c;
	struct dsr_buffer out;
	struct dsr_error err;

	(void)state;
	dsr_buffer_init(&out, 65536);
	assert_int_equal(comparison_new(&c, COMPARED_ERASURES, a, b, &err),
	    0);
	assert_int_equal(comparison_each(c, note_resource, &out, &err), 0);
	assert_string_equal(dsr_buffer_str(&out),
	    "-erased> +>absent ~refused>erased ~failed>failed "
	    "~manual-done>manual-done ~planned>erased ");
	assert_int_equal(comparison_same(c), 1);
	dsr_buffer_fini(&out);
	comparison_free(c);
	dsr_spool_free(a);
	dsr_spool_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_resources_again),
		cmocka_unit_test(knows_documents_again),
		cmocka_unit_test(pairs_documents_of_one_item),
		cmocka_unit_test(keeps_parts_apart),
	};

	return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
