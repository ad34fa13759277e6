/* SPDX-License-Identifier: ISC */
/*
 * The page for auditors: what was checked and how much of it, what was found,
 * who signed, what covers which bytes.
 */
#include "page_parts.h"

#include <stdio.h>
#include <string.h>

#include "dossier/language.h"

#define FINDINGS_SHOWN 200u
#define TEXT_SHOWN     300u /* bytes */

/* Areas of findings by what their identifiers begin with. */
enum amount { AMOUNT_MEMBERS, AMOUNT_FILES, AMOUNT_RECORDS, AMOUNT_TREE,
	AMOUNT_SIGNERS, AMOUNT_STAMPS, AMOUNTS };
static const struct {
	const char *prefix;
	const char *text;
	const char *rule;
	enum amount amount;
} areas[] = {
	{ "zip/",
	    N_("Container: every header, size and check sum; members and directory agree"),
	    "FORMAT.md 2", AMOUNT_MEMBERS },
	{ "bag/",
	    N_("Bag: every digest of manifest and tag manifest, names, order, completeness"),
	    "FORMAT.md 3", AMOUNT_FILES },
	{ "json/",
	    N_("Records: every line of documents, exchanges and gaps; statement and request"),
	    "FORMAT.md 4", AMOUNT_RECORDS },
	{ "seal/", N_("Seal: signature, body, number of members, tree over the documents"),
	    "FORMAT.md 4.8, 5.1", AMOUNT_TREE },
	{ "sign/", N_("Other signatures, certificates, trust"),
	    "FORMAT.md 5.3, 5.4", AMOUNT_SIGNERS },
	{ "time/", N_("Time stamps"), "FORMAT.md 5.6", AMOUNT_STAMPS },
};

/* What vouches for which bytes: FORMAT.md 5.1. */
static const struct {
	const char *bytes;
	const char *by;
} coverage[] = {
	{ N_("From the first byte to the seal"),
	    N_("the seal: its signed comment holds length and SHA-256") },
	{ N_("Content of the members"),
	    N_("manifest and tag manifest, which the seal signs; the tree over the documents") },
	{ N_("The seal itself"),
	    N_("taken apart, written again, and compared byte by byte") },
	{ N_("Time stamps behind the seal"),
	    N_("taken apart, written again, and compared byte by byte") },
	{ N_("Directory and end of the container"),
	    N_("made again from the members, and compared byte by byte") },
};

void
dsr_page_audit_cell(const struct page_writer *w, const char *text)
{
	dsr_page_cell(w, NULL);
	if (text != NULL)
		dsr_page_cut(w, text, strlen(text), TEXT_SHOWN);
	dsr_html_close(w->html, "td");
}

static void
write_own_cell(const struct page_writer *w, const char *text)
{
	dsr_page_cell(w, NULL);
	dsr_html_text(w->html, text);
	dsr_html_close(w->html, "td");
}

void
dsr_page_audit_row(const struct page_writer *w, const char *head,
    const char *text)
{
	dsr_page_row(w, head);
	dsr_page_audit_cell(w, text == NULL ? "-" : text);
	dsr_html_close(w->html, "tr");
}

static void
write_number_row(const struct page_writer *w, const char *head, uint64_t n)
{
	dsr_page_row(w, head);
	dsr_page_cell_number(w, n);
	dsr_html_close(w->html, "tr");
}

/* ---- the archive ------------------------------------------------------------ */

static void
write_identity(const struct page_writer *w)
{
	const struct dsr_page_verdict *v = w->page->verdict;
	const struct dsr_statement *s = w->statement;
	char text[PAGE_WORD_SIZE];

	dsr_page_section(w, "archive", _("The archive"));
	dsr_page_table(w, "cover", "archive-table",
	    _("What the file says of itself"), NULL);
	dsr_page_audit_row(w, _("Verdict"), v->identifier);
	dsr_page_audit_row(w, _("The same in words of ETSI EN 319 102-1"),
	    v->word);
	(void)snprintf(text, sizeof(text), "%d", v->exit_status);
	dsr_page_audit_row(w, _("Exit status"), text);
	dsr_page_audit_row(w, _("File"), v->file);
	dsr_page_audit_row(w, _("Format"), s->format);
	dsr_page_audit_row(w, _("Number of this file"), s->id);
	dsr_page_audit_row(w, _("Request number"), s->request);
	dsr_page_audit_row(w, _("Kind"), s->kind);
	dsr_page_audit_row(w, _("Made on (clock of whoever packed)"),
	    s->packed);
	(void)snprintf(text, sizeof(text), "%s %s",
	    s->software == NULL ? "" : s->software,
	    s->version == NULL ? "" : s->version);
	dsr_page_audit_row(w, _("Packed by the program"), text);
	(void)snprintf(text, sizeof(text), "dossier %.60s", v->version);
	dsr_page_audit_row(w, _("Checked by the program"), text);
	dsr_page_audit_row(w, _("Sandbox of the check"), v->sandbox);
	dsr_page_audit_row(w, _("Checked on"), v->time);
	dsr_page_table_end(w);
	dsr_html_close(w->html, "section");
}

/* ---- checks ----------------------------------------------------------------- */

static uint64_t
count_findings(const struct dsr_findings *all, const char *prefix,
    enum dsr_severity severity)
{
	uint64_t sum = 0;
	int id;

	for (id = 0; all != NULL && id < DSR_FINDING_COUNT; id++)
		if (dsr_finding_severity((enum dsr_finding_id)id) ==
		    severity && strncmp(dsr_finding_name(
		    (enum dsr_finding_id)id), prefix, strlen(prefix)) == 0)
			sum += dsr_findings_count_of(all,
			    (enum dsr_finding_id)id);
	return sum;
}

static void
write_checks(const struct page_writer *w)
{
	static const char *const columns[] = { N_("Check"), N_("Rule"),
		N_("How much of it"), N_("Errors"), N_("Warnings"), NULL };
	const struct dsr_page_verdict *v = w->page->verdict;
	const struct dsr_counts *c = w->statement->counts;
	uint64_t documents = c == NULL ? 0 : c->documents;
	const uint64_t amount[AMOUNTS] = {
		[AMOUNT_MEMBERS] = v->members,
		[AMOUNT_FILES] = v->members,
		[AMOUNT_RECORDS] = c == NULL ? 0
		    : c->documents + c->exchanges + c->gaps,
		[AMOUNT_TREE] = documents,
		[AMOUNT_SIGNERS] = v->signer_count,
		[AMOUNT_STAMPS] = v->stamp_count,
	};
	size_t i;

	dsr_page_section(w, "checks", _("What was checked"));
	dsr_page_table(w, "counts", "checks-table",
	    _("Checks, and what they found"), columns);
	for (i = 0; i < sizeof(areas) / sizeof(areas[0]); i++) {
		dsr_page_row(w, _(areas[i].text));
		write_own_cell(w, areas[i].rule);
		dsr_page_cell_number(w, amount[areas[i].amount]);
		dsr_page_cell_number(w, count_findings(v->findings,
		    areas[i].prefix, DSR_ERROR));
		dsr_page_cell_number(w, count_findings(v->findings,
		    areas[i].prefix, DSR_WARNING));
		dsr_html_close(w->html, "tr");
	}
	dsr_page_table_end(w);
}

static void
write_counts(const struct page_writer *w)
{
	const struct dsr_page_verdict *v = w->page->verdict;
	const struct dsr_counts *c = w->statement->counts;

	dsr_page_table(w, "narrow", "counts-table",
	    _("What was read, to the last byte"), NULL);
	write_number_row(w, _("Bytes of the file"), v->size);
	write_number_row(w, _("Members"), v->members);
	write_number_row(w, _("Bytes of documents, unpacked"),
	    v->payload_bytes);
	if (c != NULL) {
		write_number_row(w, _("Documents"), c->documents);
		write_number_row(w, _("Exchanges with services"),
		    c->exchanges);
		write_number_row(w, _("Things not obtained"), c->gaps);
	}
	dsr_page_table_end(w);
	dsr_html_close(w->html, "section");
}

/* ---- findings ----------------------------------------------------------------- */

static void
write_finding(const struct page_writer *w, const struct dsr_finding *f)
{
	dsr_page_row(w, dsr_finding_name(f->id));
	write_own_cell(w, dsr_severity_name(dsr_finding_severity(f->id)));
	dsr_page_cell(w, NULL);
	dsr_html_text(w->html, dsr_finding_text(f->id));
	dsr_html_close(w->html, "td");
	dsr_page_audit_cell(w, f->member);
	dsr_page_audit_cell(w, f->wanted);
	dsr_page_audit_cell(w, f->found);
	write_own_cell(w, dsr_finding_rule(f->id));
	dsr_html_close(w->html, "tr");
}

static void
write_finding_rows(const struct page_writer *w)
{
	static const char *const columns[] = { N_("Finding"),
		N_("Severity"), N_("What it means"), N_("Where"),
		N_("Wanted"), N_("Found"), N_("Rule"), NULL };
	const struct dsr_findings *all = w->page->verdict->findings;
	size_t i, shown = 0;
	int severity;

	dsr_page_table(w, "data", "findings-table",
	    _("Everything that was found, the worst first"), columns);
	for (severity = DSR_ERROR; severity >= DSR_INFO; severity--)
		for (i = 0; i < dsr_findings_kept(all) &&
		     shown < FINDINGS_SHOWN; i++) {
			const struct dsr_finding *f = dsr_findings_get(all,
			    i);

			if ((int)dsr_finding_severity(f->id) != severity)
				continue;
			write_finding(w, f);
			shown++;
		}
	dsr_page_table_end(w);
}

static void
write_findings(const struct page_writer *w)
{
	const struct dsr_findings *all = w->page->verdict->findings;
	uint64_t sum = 0;
	char number[PAGE_WORD_SIZE];

	dsr_page_section(w, "findings", _("Findings"));
	if (all != NULL)
		sum = dsr_findings_count(all, DSR_ERROR) +
		    dsr_findings_count(all, DSR_WARNING) +
		    dsr_findings_count(all, DSR_INFO);
	if (sum == 0)
		dsr_page_paragraph(w, NULL, _("Nothing was found that is "
		    "worth telling."));
	else
		write_finding_rows(w);
	if (sum > FINDINGS_SHOWN) {
		dsr_page_number(number, w, sum - FINDINGS_SHOWN);
		dsr_html_open(w->html, "p");
		dsr_html_format(w->html, _("And %s more: see dossier verify "
		    "--json."), number);
		dsr_html_close(w->html, "p");
	}
	dsr_html_close(w->html, "section");
}

/* ---- signatures and times ------------------------------------------------------ */

static void
write_signers(const struct page_writer *w)
{
	static const char *const columns[] = { N_("Signature"), N_("By"),
		N_("SHA-256 of key or certificate"), N_("Does it verify?"),
		N_("Trusted because of"), NULL };
	const struct dsr_page_verdict *v = w->page->verdict;
	const struct dsr_page_signer *s = v->signers;
	char groups[PAGE_WORD_SIZE];
	size_t i;

	dsr_page_section(w, "signers", _("Signatures and times"));
	if (v->signer_count == 0) {
		dsr_page_paragraph(w, NULL, _("Nobody has signed it."));
		return;
	}
	dsr_page_table(w, NULL, "signers-table",
	    _("Signatures over the tag manifest, and through it over "
	      "everything"), columns);
	for (i = 0; i < v->signer_count; i++) {
		dsr_page_row(w, s[i].kind);
		dsr_page_audit_cell(w, s[i].name);
		dsr_page_fingerprint(groups, s[i].sha256, 64);
		dsr_page_cell(w, NULL);
		dsr_html_simple(w->html, "code", groups);
		dsr_html_close(w->html, "td");
		write_own_cell(w, s[i].is_valid ? _("yes") : _("no"));
		dsr_page_audit_cell(w, s[i].trusted_from != NULL
			? s[i].trusted_from
			: _("not trusted"));
		dsr_html_close(w->html, "tr");
	}
	dsr_page_table_end(w);
}

static void
write_times(const struct page_writer *w)
{
	static const char *const columns[] = { N_("Time"), N_("Of what"),
		N_("Who says so"), NULL };
	const struct dsr_page_verdict *v = w->page->verdict;
	const struct dsr_page_exchanges *x = v->exchanges;
	const char *const claimed = _("the computer that collected or packed");
	const struct {
		const char *time;
		const char *text;
	} row[] = {
		{ x != NULL && x->count > 0 ? x->first : NULL,
		    _("the first exchange with a service") },
		{ x != NULL && x->count > 0 ? x->last : NULL,
		    _("the last exchange with a service") },
		{ w->statement->packed, _("packing") },
	};
	size_t i;

	dsr_page_table(w, NULL, "times-table",
	    _("Times, and where they come from"), columns);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		if (row[i].time == NULL)
			continue;
		dsr_page_row(w, row[i].time);
		write_own_cell(w, row[i].text);
		write_own_cell(w, claimed);
		dsr_html_close(w->html, "tr");
	}
	for (i = 0; i < v->stamp_count; i++) {
		dsr_page_row(w, v->stamps[i].time);
		write_own_cell(w, v->stamps[i].is_trusted ?
		    _("a time stamp: not later than") :
		    _("a time stamp that you do not trust"));
		dsr_page_audit_cell(w, v->stamps[i].authority);
		dsr_html_close(w->html, "tr");
	}
	dsr_page_table_end(w);
	dsr_html_close(w->html, "section");
}

/* ---- coverage --------------------------------------------------------------------- */

static void
write_coverage(const struct page_writer *w)
{
	static const char *const columns[] = { N_("Bytes"),
		N_("What vouches for them"), NULL };
	const struct dsr_findings *all = w->page->verdict->findings;
	size_t i;

	dsr_page_section(w, "coverage", _("What vouches for which bytes"));
	dsr_page_table(w, NULL, "coverage-table",
	    _("Every byte of the file belongs to one of these"), columns);
	for (i = 0; i < sizeof(coverage) / sizeof(coverage[0]); i++) {
		dsr_page_row(w, _(coverage[i].bytes));
		write_own_cell(w, _(coverage[i].by));
		dsr_html_close(w->html, "tr");
	}
	dsr_page_table_end(w);
	dsr_html_simple(w->html, "h3", _("What was not checked"));
	dsr_html_open(w->html, "ul");
	dsr_html_simple(w->html, "li", _("Whether what the services answered "
	    "is true, or all that they have: that no program can see."));
	dsr_html_simple(w->html, "li", _("Times without a trusted time "
	    "stamp: they are what a computer said."));
	for (i = 0; all != NULL && i < dsr_findings_kept(all); i++) {
		const struct dsr_finding *f = dsr_findings_get(all, i);

		if (f->id != DSR_F_NOT_CHECKED || f->found == NULL)
			continue;
		dsr_html_open(w->html, "li");
		dsr_page_cut(w, f->found, strlen(f->found), TEXT_SHOWN);
		dsr_html_close(w->html, "li");
	}
	dsr_html_close(w->html, "ul");
	dsr_html_close(w->html, "section");
}

int
dsr_page_audit(const struct page_writer *w, struct dsr_error *err)
{
	write_identity(w);
	write_checks(w);
	write_counts(w);
	write_findings(w);
	write_signers(w);
	write_times(w);
	write_coverage(w);
	if (dsr_page_audit_erasure(w, err) != 0)
		return -1;
	dsr_page_exchanges(w);
	return 0;
}
