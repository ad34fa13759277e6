/* SPDX-License-Identifier: ISC */
/* What a request says, in the language that is asked for. */
#include "request_private.h"

const struct dsr_json_value *
choose_language(const struct dsr_json_value *v, const char *language)
{
	const struct dsr_json_value *chosen = NULL;

	if (v == NULL || dsr_json_type_of(v) != DSR_JSON_OBJECT)
		return v;
	if (language != NULL)
		chosen = dsr_json_get(v, language);
	if (chosen == NULL)
		chosen = dsr_json_get(v, "en");
	return chosen != NULL ? chosen : dsr_json_first(v);
}

size_t
dsr_request_count(const struct dsr_request *r, enum dsr_request_field field,
    const char *language)
{
	const struct dsr_json_value *v;

	if (r == NULL ||
	    (v = choose_language(r->value[field], language)) == NULL)
		return 0;
	return dsr_json_type_of(v) == DSR_JSON_ARRAY ? dsr_json_count(v) : 1;
}

const char *
dsr_request_item(const struct dsr_request *r, enum dsr_request_field field,
    size_t i, const char *language)
{
	const struct dsr_json_value *v;

	if (i >= dsr_request_count(r, field, language))
		return NULL;
	v = choose_language(r->value[field], language);
	if (dsr_json_type_of(v) == DSR_JSON_ARRAY)
		for (v = dsr_json_first(v); i > 0; i--)
			v = dsr_json_next(v);
	return dsr_json_string(choose_language(v, language), NULL);
}

const char *
dsr_request_text(const struct dsr_request *r, enum dsr_request_field field,
    const char *language)
{
	return dsr_request_item(r, field, 0, language);
}
