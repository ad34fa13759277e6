/* SPDX-License-Identifier: ISC */
#include "report.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dossier/clock.h"
#include "dossier/language.h"
#include "dossier/limits.h"
#include "dossier/options.h"
#include "verifier.h"

#define SIGNERS 3u

struct report {
	const struct report_options *options;
	struct dsr_outfile *file;
	struct dsr_sandbox_rule rule; /* for the folder of the file */
	struct material *material;
	/* what the page points to */
	struct dsr_arena *arena;
	struct dsr_statement statement;
	struct dsr_page_signer signers[SIGNERS];
	struct dsr_page_stamp stamps[DSR_MAX_STAMPS];
	struct dsr_page_verdict verdict;
	char time[DSR_TIME_SIZE];
};

int
report_check(const struct report_options *o, struct dsr_error *err)
{
	if (o->language != NULL && !dsr_language_exists(o->language))
		return dsr_fail(err, DSR_EUSAGE,
		    "--lang: wanted en, nl, fr or de, found %s", o->language);
	if (o->audience != NULL && strcmp(o->audience, "person") != 0 &&
	    strcmp(o->audience, "auditor") != 0)
		return dsr_fail(err, DSR_EUSAGE,
		    "--audience: wanted person or auditor, found %s",
		    o->audience);
	return 0;
}

int
report_open(struct report **out, const struct report_options *o,
    struct dsr_error *err)
{
	struct report *r = calloc(1, sizeof(*r));

	*out = NULL;
	if (r == NULL)
		return dsr_fail(err, DSR_ENOMEM, "report");
	r->options = o;
	/* the sandbox lets the page take its name there */
	r->rule.right = DSR_SANDBOX_RENAME;
	if (output_folder_open(o->output, &r->rule.folder, err) != 0 ||
	    dsr_outfile_new(&r->file, o->output, o->force, err) != 0 ||
	    dsr_arena_new(&r->arena, err) != 0 ||
	    material_new(&r->material, err) != 0) {
		report_free(r);
		return -1;
	}
	*out = r;
	return 0;
}

void
report_free(struct report *r)
{
	if (r == NULL)
		return;
	dsr_outfile_free(r->file);
	if (r->rule.folder >= 0)
		(void)close(r->rule.folder);
	material_free(r->material);
	dsr_arena_free(r->arena);
	free(r);
}

void
report_set_options(struct report *r, struct verify_options *o)
{
	o->material = r->material;
	o->rules = &r->rule;
	o->rule_count = 1;
}

static enum dsr_page_judgement
judgement_of(const struct verify_result *result)
{
	static const enum dsr_page_judgement of[] = {
		[VERDICT_TRUSTED] = DSR_PAGE_TRUSTED,
		[VERDICT_UNKNOWN] = DSR_PAGE_UNKNOWN,
		[VERDICT_UNSIGNED] = DSR_PAGE_UNSIGNED,
		[VERDICT_NOT_INTACT] = DSR_PAGE_CHANGED,
	};

	return of[result->verdict];
}

static void
add_signer(struct report *r, const char *kind, const char *name,
    const char *sha256, bool is_valid, const char *trusted_from)
{
	r->signers[r->verdict.signer_count++] = (struct dsr_page_signer) {
		kind, name, sha256, is_valid, trusted_from };
}

static void
set_signers(struct report *r, const struct verify_result *v)
{
	r->verdict.signers = r->signers;
	if (v->has_key)
		add_signer(r, "minisign", v->key_id, v->key_sha256,
		    v->seal_is_valid, v->trusted_from);
	if (v->has_sshsig)
		add_signer(r, "sshsig", v->key_id, v->key_sha256, true,
		    v->trusted_from);
	if (v->has_certificate)
		add_signer(r, "cms", v->subject, v->certificate_sha256,
		    v->cms_is_valid, v->root_from);
}

static void
set_stamps(struct report *r, const struct verify_result *v)
{
	const struct verify_time *t = v->times;
	size_t i, n = 0;

	for (i = 0; i < v->time_count && n < DSR_MAX_STAMPS; i++)
		if (t[i].is_valid)
			r->stamps[n++] = (struct dsr_page_stamp) {
				t[i].gen_time, t[i].authority,
				t[i].trusted_from != NULL };
	r->verdict.stamps = r->stamps;
	r->verdict.stamp_count = n;
}

static int
set_verdict(struct report *r, const char *file,
    const struct verify_result *v, const struct dsr_findings *findings,
    struct dsr_error *err)
{
	const char *slash = strrchr(file, '/');
	struct timespec now;

	if (dsr_clock_packing(&now, err) != 0)
		return -1;
	dsr_time_format(r->time, &now, 0);
	r->verdict = (struct dsr_page_verdict) {
		.judgement = judgement_of(v),
		.file = slash != NULL ? slash + 1 : file,
		.time = r->time,
		.version = dsr_version(),
		.key_id = v->has_key ? v->key_id : NULL,
		.key_sha256 = v->key_sha256,
		.trusted_from = v->trusted_from,
		.findings = findings,
		.identifier = verdict_name(v->verdict),
		.word = verdict_word(v->verdict),
		.exit_status = v->exit_status,
		.size = v->size,
		.members = v->members,
		.payload_bytes = v->bytes,
		.sandbox = dsr_sandbox_state(&v->sandbox),
		.exchanges = &r->material->exchanges,
	};
	set_signers(r, v);
	set_stamps(r, v);
	return 0;
}

/* The statement once more: verification did not keep it. */
static int
read_statement(struct report *r, struct dsr_error *err)
{
	const struct dsr_buffer *text = &r->material->statement;

	return dsr_record_read_line(&dsr_statement_type, &r->statement,
	    r->arena, text->data, text->len, err);
}

static const char *
language_of(const struct report *r)
{
	const struct dsr_list *list = &r->statement.languages;
	const char *const *items = list->items;

	if (r->options->language != NULL)
		return r->options->language;
	return list->count > 0 ? items[0] : "en";
}

static int
fill_page(struct report *r, struct dsr_page *page,
    const struct verify_result *v, struct dsr_error *err)
{
	struct material *m = r->material;

	*page = (struct dsr_page) { .name = v->name,
		.verdict = &r->verdict,
		.for_auditors = r->options->audience != NULL &&
		    strcmp(r->options->audience, "auditor") == 0 };
	if (r->verdict.judgement == DSR_PAGE_CHANGED) {
		page->language = r->options->language != NULL
		    ? r->options->language : "en";
		return 0;
	}
	if (read_statement(r, err) != 0)
		return -1;
	page->statement = &r->statement;
	page->documents = m->documents;
	page->gaps = m->gaps;
	page->erasures = m->erasures;
	page->words = m->words;
	page->showcase = m->showcase;
	page->seal_key_sha256 = v->has_key ? v->key_sha256 : NULL;
	page->language = language_of(r);
	if (m->request.len > 0) {
		page->request = dsr_buffer_str(&m->request);
		page->request_len = m->request.len;
	}
	return 0;
}

int
report_write(struct report *r, const char *file,
    const struct verify_result *result, const struct dsr_findings *findings,
    bool *written, struct dsr_error *err)
{
	struct dsr_page page;
	struct dsr_buffer html;
	int rc = -1;

	*written = false;
	if (!result->has_verdict || result->layer_zip || result->no_archive)
		return 0;
	dsr_buffer_init(&html, DSR_MAX_START_HERE);
	if (set_verdict(r, file, result, findings, err) != 0 ||
	    fill_page(r, &page, result, err) != 0 ||
	    dsr_page_write(&page, &html, err) != 0 ||
	    dsr_write_all(dsr_outfile_fd(r->file), html.data, html.len, err) !=
		0 ||
	    dsr_outfile_commit(r->file, err) != 0)
		goto out;
	*written = true;
	rc = 0;
out:
	dsr_buffer_fini(&html);
	return rc;
}
