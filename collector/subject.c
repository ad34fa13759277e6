/* SPDX-License-Identifier: ISC */
#include "subject.h"

#include <string.h>
#include <strings.h>

#include "dossier/limits.h"
#include "path.h"

/* What was given for what the rule names, and that name. */
static const struct values *
find_given(const struct collection *c, const struct param_value *rule,
    const char **name)
{
	*name = rule->identity != NULL ? rule->identity : rule->connector_param;
	return rule->identity != NULL ? &c->settings.identities
	                              : &c->settings.params;
}

static bool
rule_is_active(const struct collection *c, const struct param_value *rule)
{
	const struct reference *f = rule->references.items;
	const char *name;
	const struct values *given = find_given(c, rule, &name);

	if (name != NULL)
		return values_get(given, name) != NULL;
	return f != NULL && c->lanes[f->index].filtered;
}

bool
subject_is_asked(const struct collection *c, const struct endpoint *e)
{
	const struct param_value *rule = e->subject_match.items;

	for (size_t i = 0; i < e->subject_match.count; i++)
		if (rule_is_active(c, &rule[i]))
			return true;
	return false;
}

bool
subject_is_untold(const struct collection *c, const struct endpoint *e)
{
	const struct param_value *rule = e->subject_match.items;
	bool would_tell = false;

	for (size_t i = 0; i < e->subject_match.count; i++) {
		const struct reference *f = rule[i].references.items;

		would_tell = would_tell || rule[i].identity != NULL ||
		    (f != NULL && c->lanes[f->index].untold);
	}
	return would_tell && c->settings.identities.count > 0 &&
	    !subject_is_asked(c, e);
}

/* ---- the values of one item ---------------------------------------------- */

struct matcher {
	struct collection *c;
	const struct param_value *rule;
	const void *body;
	bool is_active; /* the rule */
	bool found;     /* a value that could name somebody */
	bool doubled;   /* a key of a rule that is active */
};

static bool
is_given(const struct matcher *m, const char *text)
{
	const char *name;
	const struct values *given = find_given(m->c, m->rule, &name);

	for (size_t i = 0; i < given->count; i++)
		if (strcmp(given->items[i].name, name) == 0 &&
		    strcasecmp(given->items[i].text, text) == 0)
			return true;
	return false;
}

/* 1 when the value names the person (or something of hers). */
static int
match_value(void *ctx, const struct dsr_json_value *v, struct dsr_error *err)
{
	struct matcher *m = ctx;
	const struct reference *f = m->rule->references.items;
	const char *s = dsr_json_string(v, NULL);
	struct dsr_buffer text;
	int result;

	if (dsr_json_type_of(v) == DSR_JSON_NULL ||
	    (s != NULL && s[0] == '\0'))
		return 0;
	m->found = true;
	if (!m->is_active)
		return 0;
	dsr_buffer_init(&text, DSR_MAX_URL);
	result = path_text(v, m->body, &text, err);
	if (result == 1 && f == NULL)
		result = is_given(m, dsr_buffer_str(&text));
	else if (result == 1)
		result = dsr_case_value_exists(m->c->store,
		    m->c->lanes[f->index].id, f->field->text,
		    dsr_buffer_str(&text), err);
	dsr_buffer_fini(&text);
	return result;
}

/* A rule that may be read in two ways says nothing of whose the item is. */
static int
match_rule(struct matcher *m, const struct dsr_json_value *item,
    struct dsr_error *err)
{
	int twice = m->is_active
	    ? path_each_is_doubled(item, m->rule->path, m->body, err)
	    : 0;

	m->doubled = m->doubled || twice == 1;
	return twice != 0
	    ? (twice < 0 ? -1 : 0)
	    : path_each(item, m->rule->path, match_value, m, err);
}

int
subject_of(struct collection *c, const struct endpoint *e,
    const struct dsr_json_value *item, const void *body, enum subject *whose,
    bool *doubled, struct dsr_error *err)
{
	const struct param_value *rule = e->subject_match.items;
	struct matcher m = { c, NULL, body, false, false, false };
	bool or_absent = false;
	int result = 0;

	for (size_t i = 0; i < e->subject_match.count && result == 0; i++) {
		m.rule = &rule[i];
		m.is_active = rule_is_active(c, &rule[i]);
		or_absent = or_absent || rule[i].or_absent;
		result = match_rule(&m, item, err);
	}
	if (result < 0)
		return -1;
	*whose = SUBJECT_OTHER;
	if (result == 1)
		*whose = SUBJECT_PERSON;
	else if (!m.found && !m.doubled && or_absent)
		*whose = SUBJECT_NOBODY;
	if (doubled != NULL)
		*doubled = m.doubled;
	return 0;
}

int
subject_of_all(struct collection *c, size_t endpoint,
    const struct dsr_json_value *item, size_t count, const void *body,
    enum subject *whose, struct dsr_error *err)
{
	const struct endpoint *e = connector_endpoint(c->k, endpoint);
	const struct lane *l = &c->lanes[endpoint];
	enum subject one;

	*whose = SUBJECT_PERSON;
	for (size_t i = 0; i < count; i++, item = dsr_json_next(item)) {
		if (subject_of(c, e, item, body, &one, NULL, err) != 0)
			return -1;
		/* nobody was named to compare with */
		if (one == SUBJECT_OTHER && !l->filtered)
			one = l->untold ? SUBJECT_NOBODY : SUBJECT_PERSON;
		*whose = one < *whose ? one : *whose;
	}
	return 0;
}

/* ---- what other items are compared with ---------------------------------- */

struct keeper {
	struct collection *c;
	size_t endpoint;
	const void *body;
	const struct path *field;
};

static int
keep_value(void *ctx, const struct dsr_json_value *v, struct dsr_error *err)
{
	const struct keeper *k = ctx;
	struct dsr_buffer text;
	int result;

	dsr_buffer_init(&text, DSR_MAX_URL);
	result = path_text(v, k->body, &text, err);
	if (result == 1)
		result = dsr_case_value_add(k->c->store,
		    k->c->lanes[k->endpoint].id, k->field->text,
		    dsr_buffer_str(&text), err);
	dsr_buffer_fini(&text);
	return result;
}

/* One of two may be what somebody else's is called. */
static int
keep_field(struct keeper *k, const struct dsr_json_value *item,
    struct dsr_error *err)
{
	int doubled = path_each_is_doubled(item, k->field, k->body, err);

	return doubled != 0
	    ? (doubled < 0 ? -1 : 0)
	    : path_each(item, k->field, keep_value, k, err);
}

int
subject_keep_values(struct collection *c, size_t endpoint,
    const struct dsr_json_value *item, const void *body,
    struct dsr_error *err)
{
	struct keeper k = { c, endpoint, body, NULL };

	for (size_t i = endpoint + 1; i < c->k->endpoints.count; i++) {
		const struct endpoint *e = connector_endpoint(c->k, i);
		const struct param_value *rule = e->subject_match.items;

		for (size_t r = 0; r < e->subject_match.count; r++) {
			const struct reference *f = rule[r].references.items;

			if (f == NULL || f->index != endpoint)
				continue;
			k.field = f->field;
			if (keep_field(&k, item, err) != 0)
				return -1;
		}
	}
	return 0;
}
