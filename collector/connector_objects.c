/* SPDX-License-Identifier: ISC */
/* Readers of objects, lists and templates. */
#include "connector_values.h"

#include <string.h>

#include "dossier/nearest.h"

#define SLOT(type) (*(type *)(void *)((char *)object + key->offset))

static const struct key *
find_key(const struct kind *kind, const char *name)
{
	for (size_t i = 0; i < kind->count; i++)
		if (strcmp(kind->keys[i].name, name) == 0)
			return &kind->keys[i];
	return NULL;
}

static void
complain_of_unknown(struct reading *r, const struct kind *kind,
    const struct dsr_json_value *v, const char *name)
{
	const char *names[32], *near;
	size_t count = 0;

	for (; count < kind->count && count < 32; count++)
		names[count] = kind->keys[count].name;
	near = dsr_nearest(name, names, count);
	if (near != NULL)
		complain(r, v, "unknown key \"%s\" in %s; did you mean "
		    "\"%s\"?", name, kind->name, near);
	else
		complain(r, v, "unknown key \"%s\" in %s", name, kind->name);
}

void
read_object(struct reading *r, const struct kind *kind,
    const struct dsr_json_value *v, void *object)
{
	const struct dsr_json_value *m;

	if (kind->start != NULL)
		kind->start(object);
	if (dsr_json_type_of(v) != DSR_JSON_OBJECT) {
		complain(r, v, "%s must be an object, not %s", kind->name,
		    dsr_json_type_name(v));
		return;
	}
	for (m = dsr_json_first(v); m != NULL; m = dsr_json_next(m)) {
		const char *name = dsr_json_key(m, NULL);
		const struct key *key =
		    name == NULL ? NULL : find_key(kind, name);

		if (key == NULL)
			complain_of_unknown(r, kind, m,
			    name == NULL ? "?" : name);
		else if (dsr_json_get(v, name) != m)
			complain(r, m, "\"%s\" stands twice in %s", name,
			    kind->name);
		else
			key->read(r, key, m, object);
	}
	for (size_t i = 0; i < kind->count; i++)
		if (kind->keys[i].required &&
		    dsr_json_get(v, kind->keys[i].name) == NULL)
			complain(r, v, "\"%s\" is missing in %s",
			    kind->keys[i].name, kind->name);
}

/* Every struct of an object begins with where it stands. */
static void
read_placed(struct reading *r, const struct kind *kind,
    const struct dsr_json_value *v, void *object)
{
	*(const struct dsr_json_value **)object = v;
	read_object(r, kind, v, object);
}

void
read_inline(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	read_placed(r, key->extra, v, (char *)object + key->offset);
}

void
read_one(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const struct kind *kind = key->extra;
	void *one = reading_alloc(r, kind->size);

	if (one == NULL)
		return;
	read_placed(r, kind, v, one);
	SLOT(const void *) = one;
}

static bool
is_array(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, size_t max)
{
	if (dsr_json_type_of(v) != DSR_JSON_ARRAY) {
		complain(r, v, "\"%s\" must be an array, not %s", key->name,
		    dsr_json_type_name(v));
		return false;
	}
	if (dsr_json_count(v) > max || dsr_json_count(v) < key->min) {
		complain(r, v, "\"%s\" must have %llu to %zu entries",
		    key->name, (unsigned long long)key->min, max);
		return false;
	}
	return true;
}

static void
read_many(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object, size_t max)
{
	const struct kind *kind = key->extra;
	struct dsr_list *list = &SLOT(struct dsr_list);
	const struct dsr_json_value *m;
	char *items;

	if (!is_array(r, key, v, max))
		return;
	items = reading_alloc(r, (dsr_json_count(v) + 1) * kind->size);
	if (items == NULL)
		return;
	for (m = dsr_json_first(v); m != NULL; m = dsr_json_next(m))
		read_placed(r, kind, m, items + kind->size * list->count++);
	list->items = items;
}

void
read_list(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	read_many(r, key, v, object, MAX_ENTRIES);
}

void
read_endpoints(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	read_many(r, key, v, object, MAX_ENDPOINTS);
}

void
read_one_or_list(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const struct kind *kind = key->extra;
	struct dsr_list *list = &SLOT(struct dsr_list);

	if (dsr_json_type_of(v) == DSR_JSON_ARRAY) {
		read_list(r, key, v, object);
		return;
	}
	list->items = reading_alloc(r, kind->size);
	if (list->items == NULL)
		return;
	list->count = 1;
	read_placed(r, kind, v, list->items);
}

void
read_paths(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const struct key inner = { key->name, false, NULL, 0, NULL, 0 };
	struct dsr_list *list = &SLOT(struct dsr_list);
	const struct dsr_json_value *m;
	const struct path **items;

	if (!is_array(r, key, v, MAX_ENTRIES))
		return;
	items = reading_alloc(r, (dsr_json_count(v) + 1) * sizeof(*items));
	if (items == NULL)
		return;
	for (m = dsr_json_first(v); m != NULL; m = dsr_json_next(m)) {
		read_path(r, &inner, m, &items[list->count]);
		list->count += items[list->count] != NULL;
	}
	list->items = items;
}

void
read_strings(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const struct key inner = { key->name, false, NULL, 0, NULL, 0 };
	struct dsr_list *list = &SLOT(struct dsr_list);
	const struct dsr_json_value *m;
	const char **items;

	if (!is_array(r, key, v, MAX_ENTRIES))
		return;
	items = reading_alloc(r, (dsr_json_count(v) + 1) * sizeof(*items));
	if (items == NULL)
		return;
	for (m = dsr_json_first(v); m != NULL; m = dsr_json_next(m)) {
		read_string(r, &inner, m, &items[list->count]);
		list->count += items[list->count] != NULL;
	}
	list->items = items;
}

void
read_statuses(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	struct dsr_list *list = &SLOT(struct dsr_list);
	const struct dsr_json_value *m;
	uint64_t *items;
	int64_t n;

	if (!is_array(r, key, v, MAX_ENTRIES))
		return;
	items = reading_alloc(r, (dsr_json_count(v) + 1) * sizeof(*items));
	if (items == NULL)
		return;
	for (m = dsr_json_first(v); m != NULL; m = dsr_json_next(m)) {
		if (!dsr_json_integer(m, &n) || n < 100 || n > 599)
			complain(r, m, "\"%s\" must hold status codes, 100 to "
			    "599", key->name);
		else
			items[list->count++] = (uint64_t)n;
	}
	list->items = items;
}

void
read_optional_statuses(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const struct key inner = { key->name, false, NULL, 0, NULL, 0 };
	struct dsr_list *list = reading_alloc(r, sizeof(*list));

	if (list == NULL)
		return;
	read_statuses(r, &inner, v, list);
	SLOT(const struct dsr_list *) = list;
}

void
read_template(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	struct template *t = reading_alloc(r, sizeof(*t));
	size_t len;
	const char *s = dsr_json_string(v, &len);

	if (t == NULL)
		return;
	if (s == NULL || strlen(s) != len) {
		complain(r, v, "\"%s\" must be a string", key->name);
		return;
	}
	if (len > MAX_TEMPLATE) {
		complain(r, v, "\"%s\" is longer than %u bytes", key->name,
		    MAX_TEMPLATE);
		return;
	}
	t->at = v;
	if (template_parse(r, v, s, len, t))
		SLOT(const struct template *) = t;
}

/* Literal text of all parts in these bytes, with no {+name}. */
static bool
literals_are(const struct template *t, const char *bytes)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->parts[i].kind == PART_TEXT &&
		    strspn(t->parts[i].text, bytes) !=
		        strlen(t->parts[i].text))
			return false;
	return true;
}

#define HOST_BYTES                                                            \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."
#define PCHAR_BYTES HOST_BYTES "_~!$&'()*+,;=:@/%"

static void
check_host(struct reading *r, const struct key *key, const struct template *t,
    const char *text)
{
	const char *last = strrchr(text, '.');

	if (strcspn(text, "+") != strlen(text) ||
	    !literals_are(t, HOST_BYTES) || text[0] == '\0' ||
	    text[0] == '.' || strstr(text, "..") != NULL)
		complain(r, t->at, "\"%s\" is not the name of a host",
		    key->name);
	else if (last != NULL && last[1] >= '0' && last[1] <= '9' &&
	    strspn(last + 1, "0123456789") == strlen(last + 1))
		complain(r, t->at, "\"%s\" must name a host, not an address",
		    key->name);
}

void
read_host(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const struct template *t;

	read_template(r, key, v, object);
	t = SLOT(const struct template *);
	if (t != NULL)
		check_host(r, key, t, t->text);
}

void
read_url_path(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const struct template *t;

	read_template(r, key, v, object);
	t = SLOT(const struct template *);
	if (t == NULL)
		return;
	if (t->text[0] != '/')
		complain(r, v, "\"%s\" must begin with \"/\"", key->name);
	else if (strpbrk(t->text, "?#") != NULL)
		complain(r, v, "\"%s\" must hold no \"?\" or \"#\": the query "
		    "has its own key, \"query_params\"", key->name);
	else if (!literals_are(t, PCHAR_BYTES))
		complain(r, v, "\"%s\" holds a byte that is not allowed in a "
		    "path", key->name);
}

void
read_hosts(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const struct key inner = { key->name, false, NULL, 0, NULL, 0 };
	struct dsr_list *list = &SLOT(struct dsr_list);
	const struct dsr_json_value *m;
	const struct template **items;

	if (!is_array(r, key, v, MAX_ENTRIES))
		return;
	items = reading_alloc(r, (dsr_json_count(v) + 1) * sizeof(*items));
	if (items == NULL)
		return;
	for (m = dsr_json_first(v); m != NULL; m = dsr_json_next(m)) {
		const struct template *t = NULL;
		const char *name;

		read_template(r, &inner, m, &t);
		if (t == NULL)
			continue;
		name = strncmp(t->text, "*.", 2) == 0 ? t->text + 2 : t->text;
		if (name != t->text && strchr(name, '.') == NULL)
			complain(r, m, "\"*.\" must stand before more than "
			    "one label");
		else if (strchr(name, '*') != NULL)
			complain(r, m, "\"*\" may stand only as \"*.\" in "
			    "front");
		else if (name == t->text)
			check_host(r, &inner, t, name);
		items[list->count++] = t;
	}
	list->items = items;
}

void
read_strategy(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const struct strategy *strategies = key->extra;
	const char *words[16];
	const struct key inner = { key->name, false, NULL, key->offset, words,
		0 };
	size_t count = 0;

	for (; strategies[count].name != NULL; count++)
		words[count] = strategies[count].name;
	words[count] = NULL;
	read_word(r, &inner, v, object);
}

/* The strategy beside it may stand behind it: looked up by its name. */
void
read_configuration(struct reading *r, const struct key *key,
    const struct dsr_json_value *v, void *object)
{
	const struct strategy *s = key->extra;
	const struct pagination *p = object;
	const char *name =
	    dsr_json_string(dsr_json_get(p->at, "strategy"), NULL);

	for (; name != NULL && s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			read_object(r, s->kind, v, object);
}
