/* SPDX-License-Identifier: ISC */
#include "dossier/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CONNECTORS 64u
#define MAX_LABEL      256u /* bytes of "name=value" */

struct dsr_words {
	struct {
		char *key;
		char *text; /* the JSON, which json points into */
		struct dsr_json *json;
	} connector[MAX_CONNECTORS];
	size_t count;
};

int
dsr_words_new(struct dsr_words **out, struct dsr_error *err)
{
	if ((*out = calloc(1, sizeof(**out))) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "words of connectors");
	return 0;
}

void
dsr_words_free(struct dsr_words *w)
{
	if (w == NULL)
		return;
	while (w->count > 0) {
		w->count--;
		dsr_json_free(w->connector[w->count].json);
		free(w->connector[w->count].text);
		free(w->connector[w->count].key);
	}
	free(w);
}

int
dsr_words_add(struct dsr_words *w, const char *key, const void *text,
    size_t len, struct dsr_error *err)
{
	size_t i = w->count;

	if (i == MAX_CONNECTORS)
		return dsr_fail(err, DSR_ELIMIT, "more than %u connectors",
		    MAX_CONNECTORS);
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

/* The text in the language, else in English. */
static const char *
in_language(const struct dsr_json_value *texts, const char *language)
{
	const struct dsr_json_value *v = dsr_json_get(texts, language);

	if (dsr_json_type_of(texts) == DSR_JSON_STRING)
		return dsr_json_string(texts, NULL);
	return dsr_json_string(v != NULL ? v : dsr_json_get(texts, "en"),
	    NULL);
}

static const struct dsr_json_value *
find_connector(const struct dsr_words *w, const char *key)
{
	size_t i;

	for (i = 0; w != NULL && key != NULL && i < w->count; i++)
		if (strcmp(w->connector[i].key, key) == 0 &&
		    w->connector[i].json != NULL)
			return dsr_json_root(w->connector[i].json);
	return NULL;
}

static const struct dsr_json_value *
find_endpoint(const struct dsr_words *w, const char *connector,
    const char *endpoint)
{
	const struct dsr_json_value *e;
	const char *name;

	if (endpoint == NULL)
		return NULL;
	e = dsr_json_first(dsr_json_get(find_connector(w, connector),
	    "endpoints"));
	for (; e != NULL; e = dsr_json_next(e)) {
		name = dsr_json_string(dsr_json_get(e, "name"), NULL);
		if (name != NULL && strcmp(name, endpoint) == 0)
			return e;
	}
	return NULL;
}

const char *
dsr_words_name(const struct dsr_words *w, const char *connector)
{
	static const char *const path[] = { "connector", "name" };

	return dsr_json_string(dsr_json_get_path(find_connector(w, connector),
	    path, 2), NULL);
}

const char *
dsr_words_connector(const struct dsr_words *w, const char *connector,
    const char *language)
{
	static const char *const path[] = { "connector", "description" };
	const struct dsr_json_value *v;

	v = dsr_json_get_path(find_connector(w, connector), path, 2);
	return v == NULL ? NULL : in_language(v, language);
}

const char *
dsr_words_endpoint(const struct dsr_words *w, const char *connector,
    const char *endpoint, const char *language)
{
	const struct dsr_json_value *v;

	v = dsr_json_get(find_endpoint(w, connector, endpoint),
	    "description");
	return v == NULL ? NULL : in_language(v, language);
}

void
dsr_words_labels(const struct dsr_words *w, struct dsr_labels *out,
    const char *connector, const char *endpoint)
{
	static const char *const own[] = { "requests", "read", "data_path" };
	static const char *const defaults[] = { "defaults", "labels" };
	const struct dsr_json_value *e = find_endpoint(w, connector, endpoint);

	out->own = dsr_json_get(e, "labels");
	out->data_path = dsr_json_get_path(e, own, 3);
	out->defaults = dsr_json_get_path(find_connector(w, connector),
	    defaults, 2);
}

/* What follows prefix and a dot in path; NULL when path does not lie there. */
static const char *
behind(const char *path, const char *prefix)
{
	size_t len = strlen(prefix);

	if (len == 0)
		return path;
	if (strncmp(path, prefix, len) != 0 || path[len] != '.')
		return NULL;
	return path + len + 1;
}

/* The path from the item on: documents may be whole answers. */
static const char *
path_in_item(const struct dsr_labels *l, const char *path)
{
	const struct dsr_json_value *step;
	const char *key = dsr_json_string(l->data_path, NULL), *rest;

	if (key != NULL)
		return (rest = behind(path, key)) != NULL ? rest : path;
	rest = path;
	for (step = dsr_json_first(l->data_path); step != NULL;
	    step = dsr_json_next(step)) {
		key = dsr_json_string(step, NULL);
		if (key == NULL || (rest = behind(rest, key)) == NULL)
			return path;
	}
	return rest;
}

static const char *
find_label(const struct dsr_json_value *labels, const char *path,
    const char *name, const char *language)
{
	const struct dsr_json_value *v = NULL;

	if (strchr(path, '.') != NULL)
		v = dsr_json_get(labels, path);
	if (v == NULL)
		v = dsr_json_get(labels, name);
	return v == NULL ? NULL : in_language(v, language);
}

const char *
dsr_label_find(const struct dsr_labels *l, const char *path,
    const char *name, const char *language)
{
	const char *label;

	path = path_in_item(l, path);
	label = find_label(l->own, path, name, language);
	return label != NULL ? label : find_label(l->defaults, path, name,
	    language);
}

const char *
dsr_label_value(const struct dsr_labels *l, const char *name,
    const char *value, const char *language)
{
	char key[MAX_LABEL];
	int n = snprintf(key, sizeof(key), "%s=%s", name, value);

	if (n < 0 || (size_t)n >= sizeof(key))
		return NULL;
	/* a dot in the value is no path */
	return dsr_label_find(l, "", key, language);
}
