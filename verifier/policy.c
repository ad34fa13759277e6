/* SPDX-License-Identifier: ISC */
#include "policy.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dossier/clock.h"
#include "dossier/file.h"
#include "dossier/json.h"
#include "dossier/limits.h"

#define FORMAT      "dossier-policy/1"
#define KEY         "ed25519:" /* and the SHA-256 of the key, as bag-info.txt */
#define CERTIFICATE "sha256:"  /* and the SHA-256 of its DER */
#define DAY_S       86400
#define SKEW_S      300 /* a clock may differ by this much */

struct policy {
	char *signers[DSR_MAX_POLICY_SIGNERS];
	size_t signer_count;
	size_t needed; /* of them */
	bool stamped;
	int64_t max_days; /* since it was packed; 0: any number */
};

/* ---- reading ------------------------------------------------------------------ */

static int
mistake(const struct dsr_json *json, const struct dsr_json_value *at,
    const char *wanted, struct dsr_error *err)
{
	size_t offset, len, line, column, key_len;
	const char *key = dsr_json_key(at, &key_len);

	dsr_json_span(at, &offset, &len);
	dsr_json_position(json, offset, &line, &column);
	return dsr_fail(err, DSR_EINPUT, "policy: %.40s%swanted %s - FORMAT.md "
	    "6.3: line %zu, column %zu", key == NULL ? "" : key,
	    key == NULL ? "" : ": ", wanted, line, column);
}

static bool
is_signer(const char *s)
{
	size_t prefix = 0;

	if (s != NULL && strncmp(s, KEY, strlen(KEY)) == 0)
		prefix = strlen(KEY);
	else if (s != NULL && strncmp(s, CERTIFICATE, strlen(CERTIFICATE)) == 0)
		prefix = strlen(CERTIFICATE);
	return prefix > 0 && strlen(s + prefix) == DSR_SHA256_HEX - 1 &&
	    strspn(s + prefix, "0123456789abcdef") == DSR_SHA256_HEX - 1;
}

static bool
is_named(const struct policy *p, const char *signer)
{
	size_t i;

	for (i = 0; i < p->signer_count; i++)
		if (strcmp(p->signers[i], signer) == 0)
			return true;
	return false;
}

static const char *
take_signers(struct policy *p, const struct dsr_json_value *v)
{
	const struct dsr_json_value *item = dsr_json_first(v);

	if (dsr_json_type_of(v) != DSR_JSON_ARRAY || item == NULL ||
	    dsr_json_count(v) > DSR_MAX_POLICY_SIGNERS)
		return "a list of at most 64 signers, not empty";
	for (; item != NULL; item = dsr_json_next(item)) {
		const char *s = dsr_json_string(item, NULL);

		if (!is_signer(s) || is_named(p, s))
			return "\"" KEY "HEX\" or \"" CERTIFICATE "HEX\", "
			    "each once";
		if ((p->signers[p->signer_count] = strdup(s)) == NULL)
			return "memory";
		p->signer_count++;
	}
	return NULL;
}

static const char *
take_format(struct policy *p, const struct dsr_json_value *v)
{
	const char *s = dsr_json_string(v, NULL);

	(void)p;
	return s != NULL && strcmp(s, FORMAT) == 0 ? NULL
						   : "\"" FORMAT "\"";
}

static const char *
take_needed(struct policy *p, const struct dsr_json_value *v)
{
	int64_t n;

	if (!dsr_json_integer(v, &n) || n < 1 || n > DSR_MAX_POLICY_SIGNERS)
		return "a number from 1 to that of the signers";
	p->needed = (size_t)n;
	return NULL;
}

static const char *
take_stamped(struct policy *p, const struct dsr_json_value *v)
{
	p->stamped = dsr_json_type_of(v) == DSR_JSON_TRUE;
	return p->stamped || dsr_json_type_of(v) == DSR_JSON_FALSE
	    ? NULL
	    : "true or false";
}

static const char *
take_days(struct policy *p, const struct dsr_json_value *v)
{
	if (!dsr_json_integer(v, &p->max_days) || p->max_days < 1 ||
	    p->max_days > DSR_MAX_POLICY_DAYS)
		return "a number of days, from 1 to 36500";
	return NULL;
}

static const struct {
	const char *key;
	const char *(*take)(struct policy *p, const struct dsr_json_value *v);
} keys[] = {
	{ "format", take_format },
	{ "not_older_than_days", take_days },
	{ "signers", take_signers },
	{ "signers_needed", take_needed },
	{ "stamped", take_stamped },
};

static int
take_key(struct policy *p, const struct dsr_json *json,
    const struct dsr_json_value *v, struct dsr_error *err)
{
	const char *key = dsr_json_key(v, NULL), *wanted;
	size_t i;

	for (i = 0; key != NULL && i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(key, keys[i].key) != 0)
			continue;
		wanted = keys[i].take(p, v);
		return wanted == NULL ? 0 : mistake(json, v, wanted, err);
	}
	return mistake(json, v, "format, signers, signers_needed, stamped or "
	    "not_older_than_days", err);
}

static int
read_object(struct policy *p, const struct dsr_json *json,
    struct dsr_error *err)
{
	const struct dsr_json_value *root = dsr_json_root(json),
				    *v = dsr_json_first(root);

	if (dsr_json_get(root, "format") == NULL)
		return mistake(json, root, "an object with format", err);
	for (; v != NULL; v = dsr_json_next(v))
		if (take_key(p, json, v, err) != 0)
			return -1;
	if (p->needed > p->signer_count)
		return mistake(json, root,
		    "no more signers needed than there are", err);
	if (p->needed == 0)
		p->needed = p->signer_count;
	/* a policy that demands nothing is a mistake, not a wish */
	return p->needed > 0 || p->stamped || p->max_days > 0
	    ? 0
	    : mistake(json, root, "signers, stamped or not_older_than_days",
		err);
}

int
policy_read(struct policy **out, const char *path, struct dsr_error *err)
{
	struct policy *p = calloc(1, sizeof(*p));
	struct dsr_json *json = NULL;
	struct dsr_buffer text;
	int rc = -1;

	*out = NULL;
	dsr_buffer_init(&text, DSR_MAX_POLICY);
	if (p == NULL) {
		(void)dsr_fail(err, DSR_ENOMEM, "policy");
		goto out;
	}
	if (dsr_file_read(&text, path, err) != 0) {
		if (err->code == DSR_ELIMIT)
			err->code = DSR_EINPUT;
		goto out; /* the file is named */
	}
	if (dsr_json_parse(&json, dsr_buffer_str(&text), text.len, true,
		err) != 0) {
		if (err->code == DSR_EFORMAT || err->code == DSR_ELIMIT)
			err->code = DSR_EINPUT;
		(void)dsr_wrap(err, "%s", path);
		goto out;
	}
	if (read_object(p, json, err) != 0) {
		(void)dsr_wrap(err, "%s", path);
		goto out;
	}
	*out = p;
	p = NULL;
	rc = 0;
out:
	dsr_json_free(json);
	dsr_buffer_fini(&text);
	policy_free(p);
	return rc;
}

void
policy_free(struct policy *p)
{
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; i < p->signer_count; i++)
		free(p->signers[i]);
	free(p);
}

/* ---- judging -------------------------------------------------------------------- */

#define SIGNER_NAME (sizeof(KEY) + DSR_SHA256_HEX)
/* what is said of the two who may have signed */
#define SIGNERS_TEXT (2 * (SIGNER_NAME + 32))

/*
 * Does this signer count? Who signed, and is trusted: a valid signature alone
 * counts for nothing. What it is goes to the end of text.
 */
static bool
counts(const struct policy *p, char text[SIGNERS_TEXT], const char *kind,
    const char *sha256, bool trusted)
{
	char name[SIGNER_NAME];
	size_t len = strlen(text);
	bool named;

	(void)snprintf(name, sizeof(name), "%s%s", kind, sha256);
	named = is_named(p, name);
	(void)snprintf(text + len, SIGNERS_TEXT - len, "%s %s (%s)",
	    len > 0 ? "," : "; signed by", name,
	    !trusted	? "not trusted"
		: named ? "counts"
			: "not named");
	return named && trusted;
}

static size_t
count_signers(const struct policy *p, const struct verify_result *r,
    char text[SIGNERS_TEXT])
{
	size_t count = 0;

	text[0] = '\0';
	if (r->seal_is_valid)
		count += counts(p, text, KEY, r->key_sha256,
		    r->trusted_from != NULL);
	if (r->cms_is_valid)
		count += counts(p, text, CERTIFICATE, r->certificate_sha256,
		    r->root_from != NULL);
	return count;
}

static bool
lacks_signers(const struct policy *p, struct check *c)
{
	char wanted[64 + DSR_MAX_POLICY_SIGNERS * SIGNER_NAME];
	char found[SIGNERS_TEXT];
	size_t count = count_signers(p, c->result, found), len, i;

	if (count >= p->needed)
		return false;
	len = (size_t)snprintf(wanted, sizeof(wanted), "%zu of %zu signers:",
	    p->needed, p->signer_count);
	for (i = 0; i < p->signer_count; i++)
		len += (size_t)snprintf(wanted + len, sizeof(wanted) - len,
		    " %s", p->signers[i]);
	dsr_findings_add(c->findings, DSR_F_SIGN_POLICY, NULL, wanted,
	    "%zu%s", count, found);
	return true;
}

static bool
lacks_stamp(const struct policy *p, struct check *c)
{
	if (!p->stamped || c->has_time)
		return false;
	/* --require-time has told it */
	if (!c->options->require_time)
		time_report_missing(c);
	return true;
}

/*
 * By what the signer says, for nothing else can show that an archive is new:
 * a stamp shows that it is not newer. One from the future is not believed.
 */
static bool
is_too_old(const struct policy *p, struct check *c)
{
	const char *packed = c->result->packed;
	struct timespec now, when;
	int64_t age_s = INT64_MAX;
	char wanted[64];

	if (p->max_days == 0)
		return false;
	dsr_clock_now(&now);
	if (dsr_time_parse(&when, packed, strlen(packed))) {
		if (c->has_time && c->time.tv_sec < when.tv_sec)
			when = c->time;
		age_s = (int64_t)now.tv_sec - (int64_t)when.tv_sec;
	}
	if (age_s >= -SKEW_S && age_s <= p->max_days * DAY_S)
		return false;
	(void)snprintf(wanted, sizeof(wanted),
	    "not older than %" PRId64 " days", p->max_days);
	dsr_findings_add(c->findings, DSR_F_TIME_TOO_OLD,
	    dsr_member_path(DSR_MEMBER_STATEMENT), wanted, "%s", packed);
	return true;
}

bool
policy_is_unmet(const struct policy *p, struct check *c)
{
	bool unmet;

	if (p == NULL)
		return false;
	unmet = lacks_signers(p, c);
	unmet = lacks_stamp(p, c) || unmet;
	return is_too_old(p, c) || unmet;
}
