/* SPDX-License-Identifier: ISC */
#include "json_line.h"

int
json_line_print(const struct json_member *members, size_t count,
    struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (members[i].text == NULL)
			dsr_json_put_count(w, members[i].key,
			    members[i].count);
		else
			dsr_json_put_text(w, members[i].key, members[i].text);
	return dsr_json_line_end(&line, err);
}
