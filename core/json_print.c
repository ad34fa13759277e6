/* SPDX-License-Identifier: ISC */
#include "dossier/json_print.h"

#include <stdio.h>
#include <string.h>

#include "dossier/text.h"

#define MAX_PRINTED 1048576u /* bytes of a line */
#define MAX_ESCAPED 65536u   /* of a text that is not UTF-8 */

struct dsr_json_writer *
dsr_json_line_begin(struct dsr_json_line *line, struct dsr_error *err)
{
	dsr_buffer_init(&line->text, MAX_PRINTED);
	if (dsr_json_writer_new(&line->writer, &line->text, err) == 0)
		dsr_json_write_object(line->writer);
	return line->writer;
}

int
dsr_json_line_end(struct dsr_json_line *line, struct dsr_error *err)
{
	int rc;

	dsr_json_write_end(line->writer);
	rc = dsr_json_writer_finish(line->writer, err);
	if (rc == 0 && dsr_print_json(stdout, &line->text) != 0)
		rc = dsr_fail_sys(err, "stdout");
	dsr_json_writer_free(line->writer);
	dsr_buffer_fini(&line->text);
	return rc;
}

void
dsr_json_put_text(struct dsr_json_writer *w, const char *key, const char *s)
{
	struct dsr_buffer escaped;
	struct dsr_error err;

	dsr_json_write_key(w, key);
	if (s == NULL || dsr_utf8_is_valid(s, strlen(s))) {
		dsr_json_write_string(w, s);
		return;
	}
	dsr_buffer_init(&escaped, MAX_ESCAPED);
	if (dsr_text_escape(&escaped, s, strlen(s), false, &err) == 0)
		dsr_json_write_string(w, dsr_buffer_str(&escaped));
	else
		dsr_json_writer_fail(w, &err);
	dsr_buffer_fini(&escaped);
}

void
dsr_json_put_count(struct dsr_json_writer *w, const char *key, uint64_t count)
{
	dsr_json_write_key(w, key);
	dsr_json_write_integer(w, (int64_t)count);
}
