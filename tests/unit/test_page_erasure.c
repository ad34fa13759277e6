/* SPDX-License-Identifier: ISC */
/* The page of a receipt, for the person and for auditors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/page_fixture.h"

/* What makes the fixture a receipt. */
struct receipt {
	struct dsr_export export;
	struct dsr_outcome_counts outcomes;
	struct dsr_erasure_summary summary;
	struct dsr_spool *erasures;
	struct dsr_page_verdict verdict;
};

static void
open_receipt(struct receipt *r, struct fixture *f)
{
	memset(r, 0, sizeof(*r));
	assert_int_equal(dsr_spool_new(&r->erasures, &f->err), 0);
	r->export = (struct dsr_export) { DIGEST, 77,
		"11111111-2222-4333-8444-555555555555", DIGEST, EVIL };
	r->summary = (struct dsr_erasure_summary) { true, &r->export,
		&r->outcomes };
	r->verdict.judgement = DSR_PAGE_TRUSTED;
	r->verdict.file = r->verdict.key_id = "k";
	r->verdict.time = "2026-04-03T09:00:00Z";
	r->verdict.version = "0.1.0";
	r->verdict.key_sha256 = r->verdict.trusted_from = DIGEST;
	r->verdict.identifier = "intact-trusted";
	r->verdict.word = "TOTAL-PASSED";
	r->verdict.sandbox = "full";
	f->statement.kind = "receipt";
	f->statement.erasure = &r->summary;
	f->page.erasures = r->erasures;
}

static void
close_receipt(struct receipt *r, struct fixture *f)
{
	f->page.erasures = NULL;
	dsr_spool_free(r->erasures);
}

/* All texts of a line come from outside, and are as bad as they can be. */
static void
add_erasure(struct receipt *t, struct fixture *f, const char *outcome)
{
	static struct dsr_erasure_document document = {
		"data/documents/plants/leaf/000000/000000000.json", DIGEST };
	struct dsr_erasure r;

	memset(&r, 0, sizeof(r));
	r.by = r.detail = r.item = r.step = r.template = r.url = EVIL;
	r.connector = "plants";
	r.endpoint = "leaf";
	r.method = "DELETE";
	r.reason = "forbidden";
	r.number = 1;
	r.document_count = 1;
	r.documents = (struct dsr_list) { &document, 1 };
	r.done = r.ended = r.started = "2026-02-03T04:05:06Z";
	r.hold = 99; /* there is no such entry */
	r.with = DSR_NONE;
	r.status = 403;
	r.outcome = outcome;
	add_line(f, t->erasures, &dsr_erasure_type, &r);
}

static void
add_each_outcome(struct receipt *t, struct fixture *f)
{
	enum dsr_outcome i;

	for (i = 0; i < DSR_OUTCOME_COUNT; i++)
		add_erasure(t, f, dsr_outcome_row(i)->word);
#define X(member, word, gone, asked, plan) t->outcomes.member = 1;
	DSR_OUTCOMES(X)
#undef X
}

static void
hostile_texts_stay_texts(void **state)
{
	static const char *const languages[] = { "en", "nl", "fr", "de" };
	struct fixture *f = *state;
	struct receipt t;
	size_t i;
	int auditors;

	open_receipt(&t, f);
	add_each_outcome(&t, f);
	f->page.verdict = &t.verdict;
	for (i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
		for (auditors = 0; auditors < 2; auditors++) {
			const char *page;

			f->page.for_auditors = auditors == 1;
			page = render(f, languages[i]);
			has(page, EVIL_ESCAPED);
			lacks(page, "<script");
			lacks(page, "onload=\"");
			lacks(page, "src='");
		}
	close_receipt(&t, f);
}

static void
every_outcome_is_told(void **state)
{
	struct fixture *f = *state;
	struct receipt t;
	const char *page;
	enum dsr_outcome i;
	char id[64];

	open_receipt(&t, f);
	add_each_outcome(&t, f);
	page = render(f, "en");
	for (i = 0; i < DSR_OUTCOME_COUNT; i++) {
		(void)snprintf(id, sizeof(id), "id=\"%s\"",
		    dsr_outcome_row(i)->word);
		has(page, id);
	}
	has(page, "The service confirmed it.");
	lacks(page, "This is a plan.");
	t.summary.executed = false;
	has(render(f, "en"), "This is a plan.");
	close_receipt(&t, f);
}

static void
auditors_see_lines_and_export(void **state)
{
	struct fixture *f = *state;
	struct receipt t;
	const char *page;
	unsigned int i;

	open_receipt(&t, f);
	f->page.verdict = &t.verdict;
	f->page.for_auditors = true;
	for (i = 0; i < 510; i++)
		add_erasure(&t, f, "refused");
	t.outcomes.refused = 510;
	page = render(f, "en");
	has(page, "href=\"#erasure\"");
	has(page, "id=\"erasure\"");
	has(page, t.export.id);
	has(page, DIGEST);
	has(page, "<bdi>refused</bdi>");
	has(page, "And <bdi>10</bdi> more: they stand in "
	    "dossier/erasure.jsonl.");
	assert_int_equal(count_of(page, "<bdi>DELETE</bdi>"), 500);
	close_receipt(&t, f);
}

/* Nothing of what was changed is shown, not even to auditors. */
static void
a_changed_receipt_shows_no_lines(void **state)
{
	struct fixture *f = *state;
	struct receipt t;
	const char *page;

	open_receipt(&t, f);
	add_erasure(&t, f, "refused");
	t.outcomes.refused = 1;
	t.verdict.judgement = DSR_PAGE_CHANGED;
	f->page.verdict = &t.verdict;
	f->page.for_auditors = true;
	page = render(f, "en");
	lacks(page, "href=\"#erasure\"");
	lacks(page, "onload");
	close_receipt(&t, f);
}

static void
a_damaged_line_is_refused(void **state)
{
	static const char bad[] = "{\"outcome\":\"refused\"}\n";
	struct fixture *f = *state;
	struct receipt t;

	open_receipt(&t, f);
	t.outcomes.refused = 1;
	assert_int_equal(dsr_spool_write(t.erasures, bad, strlen(bad),
			     &f->err),
	    0);
	assert_int_equal(dsr_page_write(&f->page, &f->out, &f->err), -1);
	assert_int_equal(f->err.code, DSR_EFORMAT);
	close_receipt(&t, f);
}

#define WITH_FIXTURE(test) \
	cmocka_unit_test_setup_teardown(test, make_fixture, free_fixture)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(hostile_texts_stay_texts),
		WITH_FIXTURE(every_outcome_is_told),
		WITH_FIXTURE(auditors_see_lines_and_export),
		WITH_FIXTURE(a_changed_receipt_shows_no_lines),
		WITH_FIXTURE(a_damaged_line_is_refused),
	};

	return cmocka_run_group_tests_name("page_erasure", tests, NULL, NULL);
}
