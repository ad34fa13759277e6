/* SPDX-License-Identifier: ISC */
#include "json_line.h"

#include <stdio.h>
#include <string.h>

#include "dossier/text.h"

#define MAX_JSON_LINE 1048576u /* bytes */

int
json_line_print(const struct json_member *members, size_t count,
    struct dsr_error *err)
{
	struct dsr_json_writer *w = NULL;
	struct dsr_buffer line;
	int result = -1;

	dsr_buffer_init(&line, MAX_JSON_LINE);
	if (dsr_json_writer_new(&w, &line, err) != 0)
		goto out;
	dsr_json_write_object(w);
	for (size_t i = 0; i < count; i++) {
		const char *text = members[i].text;

		dsr_json_write_key(w, members[i].key);
		if (text == NULL)
			dsr_json_write_integer(w, (int64_t)members[i].count);
		else
			dsr_json_write_string(w,
			    dsr_utf8_is_valid(text, strlen(text))
			        ? text
			        : "(not UTF-8)");
	}
	dsr_json_write_end(w);
	if (dsr_json_writer_finish(w, err) != 0 ||
	    dsr_buffer_putc(&line, '\n', err) != 0)
		goto out;
	if (fwrite(line.data, 1, line.len, stdout) == line.len)
		result = 0;
	else
		(void)dsr_fail_sys(err, "stdout");
out:
	dsr_json_writer_free(w);
	dsr_buffer_fini(&line);
	return result;
}
