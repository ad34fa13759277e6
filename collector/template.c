/* SPDX-License-Identifier: ISC */
/* Templates, as they stand in a connector: docs/CONNECTORS.md section 2. */
#include "connector.h"

#include <string.h>

static bool
is_name(const char *s, size_t len)
{
	static const char rest[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789_-";

	if (len == 0 || len > 64 || memchr(rest, s[0], 52) == NULL)
		return false;
	for (size_t i = 1; i < len; i++)
		if (memchr(rest, s[i], sizeof(rest) - 1) == NULL)
			return false;
	return true;
}

/* A placeholder that begins at s[0] == '{'; its length, or 0. */
static size_t
parse_placeholder(struct reading *r, const char *s, struct part *part)
{
	size_t len = strcspn(s + 1, "{}") + 1;
	size_t skip = s[1] == '+' ? 2 : 1;

	if (s[len] != '}' || len < skip || !is_name(s + skip, len - skip))
		return 0;
	part->kind = skip == 2 ? PART_WITH_SLASHES : PART_VALUE;
	part->text = reading_copy(r, s + skip, len - skip);
	return len + 1;
}

bool
template_parse(struct reading *r, const struct dsr_json_value *v,
    const char *s, size_t len, struct template *out)
{
	struct part *parts = reading_alloc(r, (len + 1) * sizeof(*parts));
	size_t count = 0, step;

	out->text = reading_copy(r, s, len);
	if (parts == NULL || out->text == NULL)
		return false;
	for (; *s != '\0'; s += step, count++) {
		if (*s != '{' && *s != '}') {
			step = strcspn(s, "{}");
			parts[count].kind = PART_TEXT;
			parts[count].text = reading_copy(r, s, step);
			continue;
		}
		step = *s == '{' ? parse_placeholder(r, s, &parts[count]) : 0;
		if (step == 0) {
			complain(r, v, "neither {name} nor {+name} stands at "
			    "\"%.20s\"", s);
			return false;
		}
	}
	out->parts = parts;
	out->count = count;
	return !r->failed;
}
