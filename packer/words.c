/* SPDX-License-Identifier: ISC */
#include "words.h"

#include <stdlib.h>
#include <string.h>

/* The text in the language, else in English. */
static const char *
in_language(const struct dsr_json_value *texts, const char *language)
{
	const struct dsr_json_value *v = dsr_json_get(texts, language);

	return dsr_json_string(v != NULL ? v : dsr_json_get(texts, "en"),
	    NULL);
}

static const struct dsr_json_value *
find(const struct words *w, const char *key)
{
	size_t i;

	for (i = 0; i < w->count; i++)
		if (strcmp(w->connector[i].key, key) == 0)
			return dsr_json_root(w->connector[i].json);
	return NULL;
}

static const char *
connector_words(void *ctx, const char *connector, const char *language)
{
	static const char *const path[] = { "connector", "description" };

	return in_language(dsr_json_get_path(find(ctx, connector), path, 2),
	    language);
}

static const char *
endpoint_words(void *ctx, const char *connector, const char *endpoint,
    const char *language)
{
	const struct dsr_json_value *e;
	const char *name;

	e = dsr_json_first(dsr_json_get(find(ctx, connector), "endpoints"));
	for (; e != NULL; e = dsr_json_next(e)) {
		name = dsr_json_string(dsr_json_get(e, "name"), NULL);
		if (name != NULL && strcmp(name, endpoint) == 0)
			return in_language(dsr_json_get(e, "description"),
			    language);
	}
	return NULL;
}

void
words_init(struct words *w)
{
	memset(w, 0, sizeof(*w));
	w->face.connector = connector_words;
	w->face.endpoint = endpoint_words;
	w->face.ctx = w;
}

void
words_fini(struct words *w)
{
	while (w->count > 0) {
		w->count--;
		dsr_json_free(w->connector[w->count].json);
		free(w->connector[w->count].text);
		free(w->connector[w->count].key);
	}
}

int
words_add(struct words *w, const char *key, const void *text, size_t len,
    struct dsr_error *err)
{
	size_t i = w->count;

	if (i == WORDS_MAX_CONNECTORS)
		return dsr_fail(err, DSR_ELIMIT, "more than %u connectors",
		    WORDS_MAX_CONNECTORS);
	w->connector[i].key = strdup(key);
	w->connector[i].text = malloc(len + 1);
	w->connector[i].json = NULL;
	w->count++;
	if (w->connector[i].key == NULL || w->connector[i].text == NULL)
		return dsr_fail(err, DSR_ENOMEM, "connector");
	memcpy(w->connector[i].text, text, len);
	return dsr_json_parse(&w->connector[i].json, w->connector[i].text, len,
	    true, err);
}
