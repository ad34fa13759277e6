/* SPDX-License-Identifier: ISC */
#include "coverage.h"

#include <string.h>

#include "check.h"
#include "dossier/bag.h"

/* ---- checks ------------------------------------------------------------------- */

static const struct {
	const char *name, *unit;
} checks[] = {
#define X(id, name, unit) { name, unit },
	COVERAGE_CHECKS(X)
#undef X
};

const char *
coverage_check_name(enum coverage_check check)
{
	return checks[check].name;
}

const char *
coverage_check_unit(enum coverage_check check)
{
	return checks[check].unit;
}

/* clang-format off */
/* The errors that a check can find; a unit test holds the list complete. */
#define BELONGINGS(X)                                                         \
	X(AGE_DAMAGED, DELIVERY) X(AGE_WRONG_KEY, DELIVERY)                   \
	X(ZIP_NOT_ZIP, HEADERS) X(ZIP_TRUNCATED, HEADERS)                     \
	X(ZIP_SIGNATURE, HEADERS) X(ZIP_METHOD, HEADERS)                      \
	X(ZIP_FLAGS, HEADERS) X(ZIP_VERSION, HEADERS) X(ZIP_TIME, HEADERS)    \
	X(ZIP_ATTRIBUTES, HEADERS) X(ZIP_COMMENT, DIRECTORY)                  \
	X(ZIP_EXTRA, HEADERS) X(ZIP_ZIP64, HEADERS) X(ZIP_SIZE, HEADERS)      \
	X(ZIP_NAME, HEADERS) X(ZIP_DUPLICATE, HEADERS)                        \
	X(ZIP_NOT_SMALLER, HEADERS) X(ZIP_LIMIT, HEADERS)                     \
	X(ZIP_CHANGED, HEADERS)                                               \
	X(ZIP_DIRECTORY, DIRECTORY) X(ZIP_END, DIRECTORY)                     \
	X(ZIP_TRAILING, DIRECTORY)                                            \
	X(ZIP_DEFLATE, CONTENT) X(ZIP_CRC, CONTENT)                           \
	X(BAG_ORDER, MEMBERS) X(BAG_UNEXPECTED, MEMBERS)                      \
	X(BAG_REQUIRED, MEMBERS) X(BAG_TOP, MEMBERS) X(BAG_FETCH, MEMBERS)    \
	X(BAG_LIMIT, MEMBERS)                                                 \
	X(BAG_DIGEST, MANIFESTS) X(BAG_MISSING, MANIFESTS)                    \
	X(BAG_UNLISTED, MANIFESTS) X(BAG_LINE, MANIFESTS)                     \
	X(BAG_DECLARATION, STATEMENT) X(BAG_INFO, STATEMENT)                  \
	X(BAG_FIXED_TEXT, STATEMENT)                                          \
	X(JSON_DOCUMENTS, DOCUMENTS) X(DOCUMENT_MISMATCH, DOCUMENTS)          \
	X(JSON_EXCHANGES, EXCHANGES) X(JSON_GAPS, GAPS)                       \
	X(JSON_ERASURE, STATEMENT) X(ERASURE_MISMATCH, STATEMENT)             \
	X(JSON_STATEMENT, STATEMENT) X(JSON_REQUEST, STATEMENT)               \
	X(JSON_CONNECTOR, STATEMENT) X(STATEMENT_COUNTS, STATEMENT)           \
	X(STATEMENT_MISMATCH, STATEMENT)                                      \
	X(SEAL_MISSING, SEAL) X(SEAL_UNDECLARED, SEAL)                        \
	X(SEAL_MALFORMED, SEAL) X(SEAL_KEY, SEAL) X(SEAL_SIGNATURE, SEAL)     \
	X(SEAL_IDENTITY, SEAL) X(VERSION, SEAL)                               \
	X(SEAL_BODY, BODY) X(SEAL_MEMBERS, BODY) X(SEAL_TREE, TREE)           \
	X(SIGN_MISSING, ATTESTATIONS) X(SIGN_UNDECLARED, ATTESTATIONS)        \
	X(SIGN_INVALID, ATTESTATIONS) X(SIGN_CERTIFICATE, ATTESTATIONS)       \
	X(TIME_INVALID, TIMES) X(TIME_IMPRINT, TIMES) X(TIME_SEQUENCE, TIMES)
/* clang-format on */

static const struct {
	enum dsr_finding_id id;
	enum coverage_check check;
} belongings[] = {
#define X(finding, name) { DSR_F_##finding, CHECK_##name },
	BELONGINGS(X)
#undef X
};

enum coverage_check
coverage_check_of(enum dsr_finding_id id)
{
	size_t i;

	for (i = 0; i < sizeof(belongings) / sizeof(belongings[0]); i++)
		if (belongings[i].id == id)
			return belongings[i].check;
	return CHECK_COUNT;
}

static bool
has_failed(const struct dsr_findings *findings, enum coverage_check check)
{
	size_t i;

	for (i = 0; i < sizeof(belongings) / sizeof(belongings[0]); i++)
		if (belongings[i].check == check &&
		    dsr_findings_count_of(findings, belongings[i].id) > 0)
			return true;
	return false;
}

const char *
coverage_outcome(const struct verify_result *r,
    const struct dsr_findings *findings, enum coverage_check check)
{
	if (has_failed(findings, check))
		return "failed";
	switch (r->coverage.checks[check].state) {
	case COVERAGE_NOT_DONE:
		return "not-done";
	case COVERAGE_ABSENT:
		return "absent";
	case COVERAGE_DONE:
		break;
	}
	if (check == CHECK_TRUST &&
	    ((r->trusted_from == NULL && r->root_from == NULL) ||
		r->lacks_required))
		return "not-established";
	return "passed";
}

/* ---- classes of bytes ------------------------------------------------------------ */

const char *
coverage_class_name(enum coverage_class class)
{
	static const char *const name[] = {
#define X(id, name) name,
		COVERAGE_CLASSES(X)
#undef X
	};

	return name[class];
}

static enum coverage_class
class_of(const struct check *c, enum dsr_member_kind kind)
{
	if (kind == DSR_MEMBER_SEAL)
		return CLASS_SEAL;
	if (kind == DSR_MEMBER_STAMP || kind == DSR_MEMBER_RENEWAL)
		return CLASS_STAMPS;
	if (kind == DSR_MEMBER_UNKNOWN || c->has_body)
		return CLASS_UNKNOWN;
	if (kind == DSR_MEMBER_SSHSIG || kind == DSR_MEMBER_CMS)
		return CLASS_ATTESTATIONS;
	return dsr_member_is_payload(kind) ? CLASS_PAYLOAD : CLASS_TAGS;
}

/* The reader stands behind the local header. */
void
coverage_add_member(struct check *c, int kind, const struct dsr_zip_entry *e)
{
	struct coverage *v = &c->result->coverage;

	if (c->zip == NULL)
		return;
	v->bytes[c->has_body || kind == DSR_MEMBER_SEAL ? CLASS_LATER_HEADERS
							: CLASS_HEADERS] +=
	    dsr_zip_reader_offset(c->zip) - e->offset;
	v->last = class_of(c, (enum dsr_member_kind)kind);
	v->bytes[v->last] += e->packed_size;
}

static bool
passed(const struct verify_result *r, const struct dsr_findings *findings,
    enum coverage_check check)
{
	return strcmp(coverage_outcome(r, findings, check), "passed") == 0;
}

/* Bytes of the body without a seal that binds them. */
static const char *
by_agreement(const struct verify_result *r,
    const struct dsr_findings *findings, enum coverage_class class)
{
	if (r->seal_is_valid || !passed(r, findings, CHECK_HEADERS))
		return NULL;
	if (class == CLASS_HEADERS)
		return "structure";
	return class != CLASS_ATTESTATIONS &&
		passed(r, findings, CHECK_CONTENT) &&
		passed(r, findings, CHECK_MANIFESTS)
	    ? "manifests"
	    : NULL;
}

const char *
coverage_by(const struct verify_result *r,
    const struct dsr_findings *findings, enum coverage_class class)
{
	bool structure = passed(r, findings, CHECK_HEADERS) &&
	    passed(r, findings, CHECK_DIRECTORY);

	switch (class) {
	case CLASS_HEADERS:
	case CLASS_PAYLOAD:
	case CLASS_TAGS:
	case CLASS_ATTESTATIONS:
		if (r->seal_is_valid && passed(r, findings, CHECK_BODY))
			return "seal";
		return by_agreement(r, findings, class);
	case CLASS_SEAL:
		return passed(r, findings, CHECK_SEAL) ? "itself" : NULL;
	case CLASS_STAMPS:
		return passed(r, findings, CHECK_TIMES) ? "itself" : NULL;
	case CLASS_LATER_HEADERS:
	case CLASS_DIRECTORY:
		return structure ? "structure" : NULL;
	case CLASS_UNKNOWN:
	case CLASS_COUNT:
		break;
	}
	return NULL;
}

/* ---- what was done ------------------------------------------------------------------ */

static void
note_check(struct check *c, enum coverage_check check, bool done,
    uint64_t count)
{
	struct coverage *v = &c->result->coverage;

	v->checks[check].state = done ? COVERAGE_DONE : COVERAGE_NOT_DONE;
	v->checks[check].count = done ? count : 0;
}

/* Of half an archive nobody knows what it has. */
static void
note_absence(struct check *c, enum coverage_check check)
{
	if (!c->has_statement)
		return;
	c->result->coverage.checks[check].state = COVERAGE_ABSENT;
}

static void
note_classes(struct check *c)
{
	struct coverage *v = &c->result->coverage;
	uint64_t known = 0;
	size_t i;

	v->has_classes = true;
	v->bytes[CLASS_DIRECTORY] = c->result->size - c->directory_offset;
	for (i = 0; i < CLASS_COUNT; i++)
		known += v->bytes[i];
	if (known < c->result->size)
		v->bytes[CLASS_UNKNOWN] += c->result->size - known;
	else /* the last member says more than there is: zip/truncated */
		v->bytes[v->last] -= known - c->result->size;
}

static void
note_content(struct check *c)
{
	const struct verify_result *r = c->result;
	const uint64_t *seen = c->seen;

	note_check(c, CHECK_CONTENT, r->members > 0, c->payload_files);
	note_check(c, CHECK_MANIFESTS,
	    seen[DSR_MEMBER_MANIFEST] > 0 && seen[DSR_MEMBER_TAGMANIFEST] > 0,
	    c->manifest_lines);
	note_check(c, CHECK_DOCUMENTS, seen[DSR_MEMBER_DOCUMENTS] > 0,
	    r->documents);
	note_check(c, CHECK_EXCHANGES, seen[DSR_MEMBER_EXCHANGES] > 0,
	    r->exchanges);
	note_check(c, CHECK_GAPS, seen[DSR_MEMBER_GAPS] > 0, r->gaps);
	note_check(c, CHECK_TREE, c->has_statement, dsr_tree_count(c->tree));
}

static void
note_signatures(struct check *c)
{
	const struct verify_result *r = c->result;
	const uint64_t *seen = c->seen;
	bool verified = r->has_key && r->seal_is_valid;

	note_check(c, CHECK_SEAL, r->has_key, 1);
	note_check(c, CHECK_BODY, verified && c->zip != NULL, c->body_len);
	note_check(c, CHECK_TRUST, r->has_key,
	    (uint64_t)r->has_key + r->has_certificate);
	if (seen[DSR_MEMBER_SEAL] == 0) {
		note_absence(c, CHECK_SEAL);
		note_absence(c, CHECK_BODY);
		note_absence(c, CHECK_TRUST);
	}
	note_check(c, CHECK_ATTESTATIONS, r->has_sshsig || r->cms_is_valid,
	    (uint64_t)r->has_sshsig + r->cms_is_valid);
	if (seen[DSR_MEMBER_SSHSIG] + seen[DSR_MEMBER_CMS] == 0)
		note_absence(c, CHECK_ATTESTATIONS);
	note_check(c, CHECK_TIMES, r->time_count > 0, r->time_count);
	if (seen[DSR_MEMBER_STAMP] + seen[DSR_MEMBER_RENEWAL] == 0)
		note_absence(c, CHECK_TIMES);
}

void
coverage_note(struct check *c)
{
	const struct verify_result *r = c->result;
	bool zip = c->zip != NULL;

	note_check(c, CHECK_HEADERS, zip && r->members > 0, r->members);
	note_check(c, CHECK_DIRECTORY, zip && r->size > c->directory_offset,
	    r->size - c->directory_offset);
	if (c->options->layer_zip) {
		note_check(c, CHECK_CONTENT, true, r->members);
		return;
	}
	if (zip)
		note_classes(c);
	note_check(c, CHECK_MEMBERS, r->members > 0, r->members);
	if (!c->options->quick)
		note_content(c);
	note_check(c, CHECK_STATEMENT, c->has_statement, 1);
	note_signatures(c);
}
