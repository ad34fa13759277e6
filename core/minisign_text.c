/* SPDX-License-Identifier: ISC */
#include "minisign_text.h"

#include <string.h>

#include "dossier/limits.h"
#include "dossier/text.h"

size_t
dsr_lines_split(struct dsr_line *lines, size_t max, const char *text,
    size_t len)
{
	const char *lf;
	size_t count = 0;

	while (len > 0 && count < max) {
		lf = memchr(text, '\n', len);
		lines[count].s = text;
		lines[count].len = lf == NULL ? len : (size_t)(lf - text);
		len -= lines[count].len + (lf == NULL ? 0 : 1);
		text += lines[count].len + 1;
		count++;
	}
	return len > 0 ? max + 1 : count;
}

bool
dsr_comment_is_plain(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (s[i] < ' ' || s[i] > '~')
			return false;
	return true;
}

/* Does the line begin with prefix? Then len is what follows it. */
static const char *
behind_prefix(const struct dsr_line *line, const char *prefix, size_t *len)
{
	size_t skip = strlen(prefix);

	if (line->len < skip || memcmp(line->s, prefix, skip) != 0)
		return NULL;
	*len = line->len - skip;
	return line->s + skip;
}

bool
dsr_comment_take(char *out, size_t size, const struct dsr_line *line,
    const char *prefix)
{
	size_t len;
	const char *s = behind_prefix(line, prefix, &len);

	if (s == NULL || len >= size || !dsr_comment_is_plain(s, len))
		return false;
	memcpy(out, s, len);
	out[len] = '\0';
	return true;
}

static bool
is_showable(const char *s, size_t len)
{
	uint32_t code = 0;
	size_t i, n;

	for (i = 0; i < len; i += n) {
		n = dsr_utf8_next((const uint8_t *)s + i, len - i, &code);
		if (n == 0 || !dsr_char_is_printable(code))
			return false;
	}
	return true;
}

int
dsr_key_text_decode(uint8_t *out, size_t len, const void *text,
    size_t text_len, const char *what, struct dsr_error *err)
{
	struct dsr_line line[2] = { { NULL, 0 }, { NULL, 0 } };
	const char *comment;
	size_t comment_len = 0, got = 0;

	if (dsr_lines_split(line, 2, text, text_len) != 2)
		return dsr_fail(err, DSR_EINPUT,
		    "a minisign %s is two lines - FORMAT.md 5.2", what);
	comment = behind_prefix(&line[0], DSR_UNTRUSTED_PREFIX, &comment_len);
	if (comment == NULL || line[0].len > DSR_MAX_UNTRUSTED_COMMENT ||
	    !is_showable(comment, comment_len))
		return dsr_fail(err, DSR_EINPUT,
		    "the first line of a minisign %s is \"%s\" and printable "
		    "text - FORMAT.md 5.2", what, DSR_UNTRUSTED_PREFIX);
	if (!dsr_base64_decode(out, len, &got, line[1].s, line[1].len) ||
	    got != len)
		return dsr_fail(err, DSR_EINPUT,
		    "the second line of a minisign %s is %zu bytes in base64 "
		    "- FORMAT.md 5.2", what, len);
	return 0;
}
