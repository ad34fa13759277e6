/* SPDX-License-Identifier: ISC */
#include "trust_file.h"

#include <stddef.h>
#include <string.h>

#include "dossier/clock.h"
#include "dossier/file.h"
#include "dossier/limits.h"

/* Lines behind the key; minisign itself reads the first two alone. */
static const struct bound {
	const char *name;
	size_t at; /* in struct dsr_key_validity */
	bool latest_is_stricter;
} bounds[] = {
	{ "not_before: ", offsetof(struct dsr_key_validity, not_before), true },
	{ "not_after: ", offsetof(struct dsr_key_validity, not_after), false },
	{ "revoked_at: ", offsetof(struct dsr_key_validity, revoked_at),
	    false },
};

#define BOUNDS (sizeof(bounds) / sizeof(bounds[0]))

static struct dsr_bound *
bound_of(struct dsr_key_validity *v, const struct bound *b)
{
	return (struct dsr_bound *)(void *)((char *)v + b->at);
}

static bool
parse_line(struct dsr_key_validity *v, const char *line, size_t len)
{
	size_t i, name;

	for (i = 0; i < BOUNDS; i++) {
		struct dsr_bound *b = bound_of(v, &bounds[i]);

		name = strlen(bounds[i].name);
		if (len <= name || memcmp(line, bounds[i].name, name) != 0)
			continue;
		if (b->is_set ||
		    !dsr_time_parse(&b->when, line + name, len - name))
			return false;
		b->is_set = true;
		return true;
	}
	return false;
}

static int
parse_rest(struct dsr_key_validity *v, const char *text, size_t len,
    struct dsr_error *err)
{
	const char *lf;
	size_t n;

	for (; len > 0; text += n, len -= n) {
		lf = memchr(text, '\n', len);
		n = lf == NULL ? len : (size_t)(lf - text) + 1;
		if (!parse_line(v, text, lf == NULL ? n : n - 1))
			return dsr_fail(err, DSR_EINPUT, "behind the key, each "
			    "once: wanted \"not_before: TIME\", \"not_after: "
			    "TIME\" or \"revoked_at: TIME\" (as 2026-01-31T"
			    "23:59:59Z), found another line - FORMAT.md 5.4");
	}
	return 0;
}

/* Bytes of the first two lines: the key. */
static size_t
key_len(const char *text, size_t len)
{
	const char *first = memchr(text, '\n', len), *second;

	if (first == NULL)
		return len;
	first++;
	second = memchr(first, '\n', len - (size_t)(first - text));
	return second == NULL ? len : (size_t)(second - text) + 1;
}

int
dsr_trust_file_read(struct dsr_public_key *key,
    struct dsr_key_validity *validity, const char *path,
    struct dsr_error *err)
{
	struct dsr_buffer text;
	const char *s;
	size_t len;
	int rc = -1;

	memset(validity, 0, sizeof(*validity));
	dsr_buffer_init(&text, DSR_MAX_KEY_FILE);
	if (dsr_file_read(&text, path, err) != 0) {
		if (err->code == DSR_ELIMIT) /* far too long for a key */
			err->code = DSR_EINPUT;
		goto out;
	}
	s = dsr_buffer_str(&text);
	len = key_len(s, text.len);
	if (dsr_public_key_parse(key, s, len, err) != 0 ||
	    parse_rest(validity, s + len, text.len - len, err) != 0)
		(void)dsr_wrap(err, "%s", path);
	else
		rc = 0;
out:
	dsr_buffer_fini(&text);
	return rc;
}

static bool
is_earlier(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec ||
	    (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

void
dsr_key_validity_narrow(struct dsr_key_validity *a,
    const struct dsr_key_validity *b)
{
	struct dsr_key_validity other = *b;
	size_t i;

	for (i = 0; i < BOUNDS; i++) {
		struct dsr_bound *is = bound_of(a, &bounds[i]);
		const struct dsr_bound *new = bound_of(&other, &bounds[i]);

		if (new->is_set && (!is->is_set ||
			is_earlier(&is->when, &new->when) ==
			    bounds[i].latest_is_stricter))
			*is = *new;
	}
}
