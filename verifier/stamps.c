/* SPDX-License-Identifier: ISC */
/* Time stamps: the only members that may come later. FORMAT.md 5.6. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dossier/text.h"
#include "dossier/timestamp.h"

/* A time stamp as it was read. */
struct stamp_row {
	char path[48];
	enum dsr_member_kind kind;
	uint64_t offset;                  /* of its local header */
	uint8_t sha256[DSR_SHA256_BYTES]; /* of all bytes before that */
	struct dsr_buffer text;
};

struct stamps {
	struct stamp_row row[DSR_MAX_STAMPS];
	size_t count;
	struct timespec last; /* the latest time so far */
};

void
stamps_free(struct stamps *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->count; i++)
		dsr_buffer_fini(&s->row[i].text);
	free(s);
}

static int
read_text(struct check *c, struct dsr_buffer *text, struct dsr_error *err)
{
	uint8_t piece[4096];
	int64_t n;

	while ((n = c->origin.read(c->origin.ctx, piece, sizeof(piece),
		    err)) > 0)
		if (dsr_buffer_append(text, piece, (size_t)n, err) != 0)
			return -1;
	return (int)n;
}

/* The name that the next one must have: FORMAT.md 5.6 */
static void
next_path(const struct check *c, char out[48])
{
	size_t count = c->stamps == NULL ? 0 : c->stamps->count;

	if (count == 0)
		(void)snprintf(out, 48, "%s",
		    dsr_member_path(DSR_MEMBER_STAMP));
	else
		(void)snprintf(out, 48, "%s%02zu.tsr",
		    dsr_member_path(DSR_MEMBER_RENEWAL), count);
}

static int
make_stamps(struct check *c, struct dsr_error *err)
{
	if (c->stamps == NULL &&
	    (c->stamps = calloc(1, sizeof(*c->stamps))) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "time stamps");
	return 0;
}

int
stamp_take(struct check *c, const struct dsr_buffer *text,
    struct dsr_error *err)
{
	struct stamp_row *row;

	if (make_stamps(c, err) != 0)
		return -1;
	row = &c->stamps->row[c->stamps->count++];
	row->kind = DSR_MEMBER_STAMP;
	(void)snprintf(row->path, sizeof(row->path), "%s",
	    dsr_member_path(row->kind));
	dsr_buffer_init(&row->text, DSR_MAX_ATTESTATION);
	return dsr_buffer_append(&row->text, text->data, text->len, err);
}

int
stamp_read(struct check *c, const char *path, enum dsr_member_kind kind,
    const struct dsr_zip_entry *e, struct dsr_error *err)
{
	struct stamp_row *row;
	char wanted[48];

	next_path(c, wanted);
	if (strcmp(path, wanted) != 0 || c->seen[DSR_MEMBER_SEAL] == 0)
		dsr_findings_add(c->findings, DSR_F_TIME_SEQUENCE, e->name,
		    c->seen[DSR_MEMBER_SEAL] == 0 ? "a seal before it"
						  : wanted,
		    NULL);
	if (make_stamps(c, err) != 0)
		return -1;
	/* no more names than these are allowed: more are duplicates */
	if (c->stamps->count == DSR_MAX_STAMPS)
		return 0;
	row = &c->stamps->row[c->stamps->count++];
	(void)snprintf(row->path, sizeof(row->path), "%s", path);
	row->kind = kind;
	row->offset = e->offset;
	if (c->zip != NULL)
		dsr_zip_reader_digest(c->zip, row->sha256);
	dsr_buffer_init(&row->text, DSR_MAX_ATTESTATION);
	if (read_text(c, &row->text, err) != 0)
		return -1;
	if (c->options->tap != NULL)
		c->options->tap->whole(c->options->tap->ctx, path,
		    row->text.data, row->text.len);
	return 0;
}

/* ---- judging -------------------------------------------------------------------- */

/*
 * What the stamp must be for. 0 when it cannot be known: a digest other than
 * SHA-256 over all bytes before takes a second look at them, which a pipe or
 * an encrypted file does not grant, and a folder has no such bytes.
 */
static int
wanted_imprint(struct check *c, const struct stamp_row *row,
    enum dsr_imprint_kind kind, struct dsr_imprint *out,
    struct dsr_error *err)
{
	const struct dsr_buffer *seal = &c->text[DSR_MEMBER_SEAL];

	if (row->kind == DSR_MEMBER_STAMP)
		return dsr_imprint_data(out, kind, seal->data, seal->len,
			   err) == 0 ? 1 : -1;
	if (kind == DSR_IMPRINT_SHA256 && c->zip != NULL) {
		memset(out, 0, sizeof(*out));
		out->kind = kind;
		memcpy(out->digest, row->sha256, sizeof(row->sha256));
		return 1;
	}
	if (c->plain_fd < 0)
		return 0;
	return dsr_imprint_file(out, kind, c->plain_fd, row->offset, err) == 0
	    ? 1
	    : -1;
}

static void
finding(struct check *c, const struct stamp_row *row, enum dsr_finding_id id,
    const char *wanted, const char *found)
{
	dsr_findings_add(c->findings, id, row->path, wanted, "%s", found);
}

/* Is it for what it stands behind? 1, 0 (a finding says why not), -1. */
static int
check_imprint(struct check *c, const struct stamp_row *row,
    const struct dsr_timestamp *stamp, struct dsr_error *err)
{
	const struct dsr_imprint *is = dsr_timestamp_imprint(stamp);
	char wanted_hex[2 * DSR_IMPRINT_MAX + 1];
	char is_hex[2 * DSR_IMPRINT_MAX + 1];
	struct dsr_imprint wanted;
	size_t len = dsr_imprint_bytes(is->kind);
	int known = wanted_imprint(c, row, is->kind, &wanted, err);

	if (known < 0)
		return -1;
	if (known == 0) {
		finding(c, row, DSR_F_NOT_CHECKED, "a plain file",
		    "a time stamp that needs a second look at all bytes");
		return 0;
	}
	if (dsr_imprint_equals(is, &wanted))
		return 1;
	dsr_hex_encode(wanted_hex, wanted.digest, len);
	dsr_hex_encode(is_hex, is->digest, len);
	finding(c, row, DSR_F_TIME_IMPRINT, wanted_hex, is_hex);
	return 0;
}

/* More than an honest clock differs from another. */
static bool
is_before(const struct timespec *a, const struct timespec *b)
{
	return b->tv_sec - a->tv_sec > DSR_MAX_CLOCK_SKEW;
}

static void
compare_times(struct check *c, const struct stamp_row *row,
    const struct verify_time *t, const struct timespec *when,
    const struct timespec *other, bool wanted_later, const char *than)
{
	char text[DSR_TIME_SIZE], wanted[96];

	if (wanted_later ? !is_before(when, other) : !is_before(other, when))
		return;
	dsr_time_format(text, other, 0);
	(void)snprintf(wanted, sizeof(wanted), "not %s %s, %s",
	    wanted_later ? "before" : "after", text, than);
	finding(c, row, DSR_F_TIME_CLOCK, wanted, t->gen_time);
}

/* FORMAT.md 5.6: after packing, in the order of the stamps, and not ahead. */
static void
check_clock(struct check *c, const struct stamp_row *row,
    const struct verify_time *t, const struct timespec *when)
{
	struct timespec now, packed;

	dsr_clock_now(&now);
	compare_times(c, row, t, when, &now, false, "the time of this check");
	if (c->has_statement &&
	    dsr_time_parse(&packed, c->statement.packed,
		strlen(c->statement.packed)))
		compare_times(c, row, t, when, &packed, true,
		    "when it was packed");
	if (row != &c->stamps->row[0])
		compare_times(c, row, t, when, &c->stamps->last, true,
		    "the stamp before");
	c->stamps->last = *when;
}

static void
report_path(struct check *c, const struct stamp_row *row,
    const struct verify_time *t, const struct dsr_path *path)
{
	const struct dsr_roots *roots = c->options->time_roots;
	char found[DSR_SUBJECT_SIZE + sizeof(path->why) + 4];

	(void)snprintf(found, sizeof(found), "%s (%s)", t->authority,
	    path->why);
	finding(c, row,
	    path->state == DSR_PATH_REVOKED ? DSR_F_TIME_REVOKED
					    : DSR_F_TIME_UNTRUSTED,
	    roots == NULL || dsr_roots_count(roots) == 0
		? "a root, given with --tsa-ca: none was"
		: "a root given with --tsa-ca",
	    found);
}

/* The earliest trusted time is the one that counts: 5.4 */
static void
trust_time(struct check *c, const struct stamp_row *row,
    struct verify_time *t, const struct dsr_path *path,
    const struct timespec *when)
{
	t->trusted_from = path->from;
	t->has_revocation = path->has_crl;
	if (!path->has_crl)
		dsr_findings_add(c->findings, DSR_F_TIME_NO_CRL, row->path,
		    NULL, NULL);
	if (!c->has_time || when->tv_sec < c->time.tv_sec)
		c->time = *when;
	c->has_time = true;
}

static int
judge_stamp(struct check *c, const struct stamp_row *row,
    const struct dsr_timestamp *stamp, struct verify_time *t,
    struct dsr_error *err)
{
	struct dsr_path path = { .state = DSR_PATH_UNKNOWN,
		.why = "not looked for" };
	struct timespec when;

	dsr_timestamp_time(stamp, &when);
	if (c->options->time_roots != NULL &&
	    dsr_roots_judge(c->options->time_roots,
		dsr_timestamp_certificates(stamp),
		dsr_timestamp_signer(stamp), DSR_PATH_FOR_TIME, when.tv_sec,
		&path, NULL, err) != 0)
		return -1;
	check_clock(c, row, t, &when);
	if (path.state == DSR_PATH_TRUSTED)
		trust_time(c, row, t, &path, &when);
	else
		report_path(c, row, t, &path);
	return 0;
}

static void
describe(struct verify_time *t, const struct stamp_row *row,
    const struct dsr_timestamp *stamp)
{
	struct timespec when;

	dsr_timestamp_time(stamp, &when);
	dsr_time_format(t->gen_time, &when, 0);
	(void)snprintf(t->member, sizeof(t->member), "%s", row->path);
	dsr_certificates_subject(dsr_timestamp_certificates(stamp),
	    dsr_timestamp_signer(stamp), t->authority);
	t->digest = dsr_imprint_name(dsr_timestamp_imprint(stamp)->kind);
}

static int
check_row(struct check *c, const struct stamp_row *row, struct dsr_error *err)
{
	struct verify_time *t = &c->result->times[c->result->time_count];
	struct dsr_timestamp *stamp = NULL;
	struct dsr_error bad;
	int rc;

	if (dsr_timestamp_parse(&stamp, row->text.data, row->text.len, &bad) !=
	    0) {
		if (bad.code == DSR_ENOMEM) {
			*err = bad;
			return -1;
		}
		finding(c, row, DSR_F_TIME_INVALID, NULL, bad.msg);
		return 0;
	}
	describe(t, row, stamp);
	c->result->time_count++;
	rc = check_imprint(c, row, stamp, err);
	if (rc > 0) {
		t->is_valid = true;
		rc = judge_stamp(c, row, stamp, t, err);
	}
	dsr_timestamp_free(stamp);
	return rc;
}

int
stamps_check(struct check *c, struct dsr_error *err)
{
	size_t i;

	for (i = 0; c->stamps != NULL && i < c->stamps->count; i++)
		if (check_row(c, &c->stamps->row[i], err) != 0)
			return -1;
	return 0;
}

/* ---- what it is for -------------------------------------------------------------- */

/* When no trusted stamp says since when the seal exists, now counts: 5.4 */
time_t
time_that_counts(const struct check *c, char text[TIME_THAT_COUNTS])
{
	struct timespec when = c->time;
	char time[DSR_TIME_SIZE];

	if (!c->has_time)
		dsr_clock_now(&when);
	if (text != NULL) {
		dsr_time_format(time, &when, 0);
		(void)snprintf(text, TIME_THAT_COUNTS, "at %s, %s", time,
		    c->has_time ? "when it was stamped"
				: "now: no trusted time stamp");
	}
	return when.tv_sec;
}

void
time_report_missing(struct check *c)
{
	const struct verify_result *r = c->result;

	dsr_findings_add(c->findings, DSR_F_TIME_REQUIRED,
	    dsr_member_path(DSR_MEMBER_STAMP),
	    "a time stamp below a root of --tsa-ca", "%s%s",
	    r->time_count > 0 ? "one by " : "none",
	    r->time_count > 0 ? r->times[0].authority : "");
}
