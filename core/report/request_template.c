/* SPDX-License-Identifier: ISC */
#include "dossier/request.h"

#include <string.h>

#include "assets.h"

const char *const dsr_request_template = asset_request_json;

/* Texts of a person's own; the law may well be called what it is there. */
#define IS_FORMAT    false
#define IS_ID        false
#define IS_DATE      false
#define IS_ARTICLES  false
#define IS_LANGUAGES false
#define IS_HOLDS     false
#define IS_TEXT      true
#define IS_TEXTS     true

static bool
is_own_text(enum dsr_request_field field)
{
	static const bool each[] = {
#define X(id, section, key, kind, required) IS_##kind,
		DSR_REQUEST_FIELDS(X)
#undef X
	};

	return each[field] && field != DSR_REQUEST_LEGAL_BASIS;
}

static bool
has_text(const struct dsr_request *r, enum dsr_request_field field,
    const char *text)
{
	size_t i;

	for (i = 0; i < dsr_request_count(r, field, NULL); i++)
		if (strcmp(dsr_request_item(r, field, i, NULL), text) == 0)
			return true;
	return false;
}

/* Is a text of the field still the example's? */
static bool
is_example(const struct dsr_request *r, const struct dsr_request *example,
    enum dsr_request_field field)
{
	size_t i;

	for (i = 0; is_own_text(field) &&
	     i < dsr_request_count(r, field, NULL); i++)
		if (has_text(example, field,
			dsr_request_item(r, field, i, NULL)))
			return true;
	return false;
}

int
dsr_request_examples(const struct dsr_request *r,
    bool left[DSR_REQUEST_FIELD_COUNT], size_t *count, struct dsr_error *err)
{
	struct dsr_request *example = NULL;
	size_t f;

	*count = 0;
	if (dsr_request_parse(&example, dsr_request_template,
		strlen(dsr_request_template), NULL, NULL, err) != 0)
		return -1;
	for (f = 0; f < DSR_REQUEST_FIELD_COUNT; f++) {
		left[f] = is_example(r, example, (enum dsr_request_field)f);
		*count += left[f];
	}
	dsr_request_free(example);
	return 0;
}
