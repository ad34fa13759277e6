/* SPDX-License-Identifier: ISC */
/*
 * The armor around a file: strict PEM (RFC 7468) in lines of 64 columns, with
 * white space allowed outside, as age reads it.
 */
#include "age_private.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/text.h"

#define BEGIN "-----BEGIN AGE ENCRYPTED FILE-----"
#define END   "-----END AGE ENCRYPTED FILE-----"

#define LINE_BYTES 48u /* that a full line stands for */

enum place { BEFORE, INSIDE, LAST_LINE, BEHIND };

struct dsr_age_armor {
	struct dsr_age_input *in;
	enum place place;
	struct dsr_buffer line;
	size_t start, end; /* of the bytes of a line */
	uint8_t bytes[LINE_BYTES];
};

int
dsr_age_armor_new(struct dsr_age_armor **out, struct dsr_age_input *in,
    struct dsr_error *err)
{
	struct dsr_age_armor *a = calloc(1, sizeof(*a));

	*out = a;
	if (a == NULL)
		return dsr_fail(err, DSR_ENOMEM, "armor");
	a->in = in;
	dsr_buffer_init(&a->line, DSR_MAX_AGE_BLANK);
	return 0;
}

void
dsr_age_armor_free(struct dsr_age_armor *a)
{
	if (a == NULL)
		return;
	dsr_buffer_fini(&a->line);
	free(a);
}

static bool
is_blank(const uint8_t *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] != ' ' && (s[i] < '\t' || s[i] > '\r'))
			return false;
	return true;
}

static int
not_of_age(struct dsr_error *err)
{
	return dsr_fail(err, DSR_EFORMAT,
	    "this is not a file of age - FORMAT.md 5.5");
}

/* The next line, its length without LF or CRLF in *len. */
static int
next_line(struct dsr_age_armor *a, size_t *len, struct dsr_error *err)
{
	const struct dsr_buffer *line = &a->line;
	int more = dsr_age_input_line(a->in, &a->line, err);

	if (more < 0)
		return err->code == DSR_ELIMIT && a->place == BEFORE
		    ? not_of_age(err)
		    : -1;
	if (more == 0 && a->place == BEFORE)
		return not_of_age(err);
	if (more == 0)
		return dsr_fail(err, DSR_EFORMAT, "the armored file ends "
		    "before the line " END " - FORMAT.md 5.5");
	*len = line->len;
	if (line->data[*len - 1] == '\n' && --*len > 0 &&
	    line->data[*len - 1] == '\r')
		--*len;
	return 0;
}

static bool
line_is(const struct dsr_age_armor *a, size_t len, const char *wanted)
{
	return len == strlen(wanted) && memcmp(a->line.data, wanted, len) == 0;
}

static int
find_begin(struct dsr_age_armor *a, struct dsr_error *err)
{
	size_t blank = 0, len = 0;

	for (;;) {
		if (next_line(a, &len, err) != 0)
			return -1;
		if (!is_blank(a->line.data, len))
			break;
		if ((blank += a->line.len) > DSR_MAX_AGE_BLANK)
			return dsr_fail(err, DSR_ELIMIT, "more than %u bytes "
			    "of white space before an armored file - "
			    "FORMAT.md 5.5", DSR_MAX_AGE_BLANK);
	}
	if (!line_is(a, len, BEGIN))
		return not_of_age(err);
	a->place = INSIDE;
	return 0;
}

/* Behind the last line nothing but white space may stand. */
static int
check_rest(struct dsr_age_armor *a, struct dsr_error *err)
{
	uint8_t rest[DSR_MAX_AGE_BLANK + 1];
	int64_t n = dsr_age_input_read(a->in, rest, sizeof(rest), err);

	if (n < 0)
		return -1;
	if (n == (int64_t)sizeof(rest) || !is_blank(rest, (size_t)n))
		return dsr_fail(err, DSR_EFORMAT,
		    "something stands behind an armored file - FORMAT.md 5.5");
	a->place = BEHIND;
	return 0;
}

static int
next_bytes(struct dsr_age_armor *a, struct dsr_error *err)
{
	size_t len = 0;

	if (a->place == BEFORE && find_begin(a, err) != 0)
		return -1;
	if (next_line(a, &len, err) != 0)
		return -1;
	if (line_is(a, len, END))
		return check_rest(a, err);
	a->start = 0;
	if (a->place == LAST_LINE || len == 0 ||
	    !dsr_base64_decode(a->bytes, sizeof(a->bytes), &a->end,
		(const char *)a->line.data, len))
		return dsr_fail(err, DSR_EFORMAT, "a line of an armored file "
		    "is not base64 in %u columns - FORMAT.md 5.5",
		    DSR_AGE_COLUMNS);
	if (a->end < LINE_BYTES)
		a->place = LAST_LINE;
	return 0;
}

static int64_t
read_armor(void *ctx, void *buf, size_t len, struct dsr_error *err)
{
	struct dsr_age_armor *a = ctx;
	uint8_t *out = buf;
	size_t done = 0, n;

	while (done < len) {
		if (a->start == a->end) {
			if (a->place == BEHIND)
				break;
			if (next_bytes(a, err) != 0)
				return -1;
			continue;
		}
		n = a->end - a->start < len - done ? a->end - a->start
						   : len - done;
		memcpy(out + done, a->bytes + a->start, n);
		a->start += n;
		done += n;
	}
	return (int64_t)done;
}

void
dsr_age_armor_source(struct dsr_age_armor *a, struct dsr_source *out)
{
	out->read = read_armor;
	out->ctx = a;
}
