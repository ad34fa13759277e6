/* SPDX-License-Identifier: ISC */
/* A cell of text in a table that programs for tables read: RFC 4180. */
#include <string.h>

#include "dossier/text.h"
#include "page_parts.h"

/*
 * Programs for tables take a cell that begins so for a formula, which may run
 * commands or send data away: an apostrophe in front makes it text.
 */
static bool
is_formula(const char *s, size_t len)
{
	return len > 0 && s[0] != '\0' && strchr("=+-@|%", s[0]) != NULL;
}

int
dsr_csv_text(struct dsr_buffer *out, struct dsr_buffer *scratch,
    const char *s, size_t len, struct dsr_error *err)
{
	size_t i;

	dsr_buffer_reset(scratch);
	/* what could hide or break the line becomes visible */
	if (dsr_text_escape(scratch, s, len, false, err) != 0 ||
	    dsr_buffer_puts(out, is_formula(s, len) ? "\"'" : "\"", err) != 0)
		return -1;
	for (i = 0; i < scratch->len; i++)
		if ((scratch->data[i] == '"' &&
		    dsr_buffer_putc(out, '"', err) != 0) ||
		    dsr_buffer_putc(out, (char)scratch->data[i], err) != 0)
			return -1;
	return dsr_buffer_putc(out, '"', err);
}
