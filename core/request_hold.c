/* SPDX-License-Identifier: ISC */
/* What must be kept though its erasure is asked for: FORMAT.md 4.6, rule 4. */
#include "request_private.h"

#include <string.h>

enum { CONNECTOR, ENDPOINT, ITEMS, REASON, UNTIL, KEY_COUNT };

static const struct field keys[KEY_COUNT] = {
	[CONNECTOR] = { "legal_hold", "connector", ID, false },
	[ENDPOINT] = { "legal_hold", "endpoint", ID, false },
	[ITEMS] = { "legal_hold", "items", TEXTS, false },
	[REASON] = { "legal_hold", "reason", TEXT, true },
	[UNTIL] = { "legal_hold", "until", DATE, false },
};

/* What each key demands beside itself; an entry of no such key has the same. */
static const int demands[KEY_COUNT] = { [CONNECTOR] = REASON,
	[ENDPOINT] = CONNECTOR, [ITEMS] = ENDPOINT, [REASON] = REASON,
	[UNTIL] = REASON };

static const struct dsr_json_value *
value_of(const struct dsr_json_value *hold, int key)
{
	const struct dsr_json_value *v = dsr_json_get(hold, keys[key].key);

	return v == NULL || dsr_json_type_of(v) == DSR_JSON_NULL ? NULL : v;
}

static const char *
text_of(const struct dsr_json_value *hold, int key, const char *language)
{
	const struct dsr_json_value *v =
	    choose_language(value_of(hold, key), language);

	return v == NULL ? NULL : dsr_json_string(v, NULL);
}

/* Ids are what the service wrote: neither blank nor by language. */
static void
read_items(struct reader *rd, const struct dsr_json_value *list)
{
	const struct dsr_json_value *child;

	if (dsr_json_type_of(list) != DSR_JSON_ARRAY) {
		tell_mistake(rd, list, false,
		    "\"items\" wants a list of ids, found %s",
		    dsr_json_type_name(list));
		return;
	}
	refuse_empty(rd, &keys[ITEMS], list);
	for (child = dsr_json_first(list); child != NULL;
	    child = dsr_json_next(child))
		if (dsr_json_string(child, NULL) == NULL)
			tell_mistake(rd, child, false,
			    "\"items\" wants ids, found %s",
			    dsr_json_type_name(child));
}

static void
read_member(struct reader *rd, const struct dsr_json_value *v)
{
	const char *known[KEY_COUNT], *key = dsr_json_key(v, NULL);
	int i;

	for (i = 0; i < KEY_COUNT; i++) {
		known[i] = keys[i].key;
		if (key != NULL && strcmp(key, keys[i].key) == 0)
			break;
	}
	if (i == KEY_COUNT)
		tell_unknown_key(rd, v, key == NULL ? "" : key, known,
		    KEY_COUNT);
	else if (dsr_json_type_of(v) == DSR_JSON_NULL)
		return;
	else if (i == ITEMS)
		read_items(rd, v);
	else
		read_value(rd, &keys[i], v);
}

void
read_holds(struct reader *rd, const struct field *f,
    const struct dsr_json_value *list)
{
	const struct dsr_json_value *hold, *v;

	refuse_empty(rd, f, list);
	for (hold = dsr_json_first(list); hold != NULL;
	    hold = dsr_json_next(hold)) {
		if (dsr_json_type_of(hold) != DSR_JSON_OBJECT) {
			tell_mistake(rd, hold, false, "\"%s\" wants a list of "
			    "objects with a \"reason\", found %s", f->key,
			    dsr_json_type_name(hold));
			continue;
		}
		for (v = dsr_json_first(hold); v != NULL; v = dsr_json_next(v))
			read_member(rd, v);
		for (int i = 0; i < KEY_COUNT; i++)
			if ((i == REASON || value_of(hold, i) != NULL) &&
			    value_of(hold, demands[i]) == NULL)
				tell_mistake(rd, hold, false,
				    "\"%s.%s\" is missing", f->key,
				    keys[demands[i]].key);
	}
}

/* ---- what it forbids ------------------------------------------------------- */

size_t
dsr_request_hold_count(const struct dsr_request *r)
{
	if (r == NULL)
		return 0;
	if (r->holds != NULL)
		return dsr_json_count(r->holds);
	return r->value[DSR_REQUEST_LEGAL_HOLD] != NULL ? 1 : 0;
}

static const struct dsr_json_value *
entry(const struct dsr_request *r, size_t i)
{
	const struct dsr_json_value *hold = dsr_json_first(r->holds);

	for (; i > 0; i--)
		hold = dsr_json_next(hold);
	return hold;
}

static void
describe(const struct dsr_json_value *hold, const char *language,
    struct dsr_request_hold *out)
{
	const struct dsr_json_value *items = value_of(hold, ITEMS);

	out->connector = text_of(hold, CONNECTOR, NULL);
	out->endpoint = text_of(hold, ENDPOINT, NULL);
	out->item_count = items == NULL ? 0 : dsr_json_count(items);
	out->until = text_of(hold, UNTIL, NULL);
	out->reason = text_of(hold, REASON, language);
}

void
dsr_request_hold(const struct dsr_request *r, size_t i, const char *language,
    struct dsr_request_hold *out)
{
	(void)memset(out, 0, sizeof(*out));
	if (r->holds != NULL)
		describe(entry(r, i), language, out);
	else
		out->reason = dsr_request_text(r, DSR_REQUEST_LEGAL_HOLD,
		    language);
}

const char *
dsr_request_hold_item(const struct dsr_request *r, size_t i, size_t k)
{
	const struct dsr_json_value *v =
	    dsr_json_first(value_of(entry(r, i), ITEMS));

	for (; k > 0; k--)
		v = dsr_json_next(v);
	return dsr_json_string(v, NULL);
}

static bool
has_item(const struct dsr_json_value *hold, const char *item)
{
	const struct dsr_json_value *v = value_of(hold, ITEMS);

	if (v == NULL)
		return true;
	for (v = dsr_json_first(v); v != NULL && item != NULL;
	    v = dsr_json_next(v))
		if (strcmp(dsr_json_string(v, NULL), item) == 0)
			return true;
	return false;
}

static bool
is_or_any(const char *held, const char *asked)
{
	return held == NULL || strcmp(held, asked) == 0;
}

size_t
dsr_request_held_by(const struct dsr_request *r, const char *connector,
    const char *endpoint, const char *item, const char *day)
{
	const struct dsr_json_value *hold;
	struct dsr_request_hold h;
	size_t number = 0;

	if (r == NULL || r->holds == NULL)
		return dsr_request_hold_count(r);
	for (hold = dsr_json_first(r->holds); hold != NULL;
	    hold = dsr_json_next(hold)) {
		number++;
		describe(hold, NULL, &h);
		if (is_or_any(h.connector, connector) &&
		    is_or_any(h.endpoint, endpoint) && has_item(hold, item) &&
		    (h.until == NULL || strcmp(day, h.until) <= 0))
			return number;
	}
	return 0;
}

bool
dsr_request_is_retained(const struct dsr_request *r, const char *day)
{
	const char *until =
	    dsr_request_text(r, DSR_REQUEST_RETAIN_UNTIL, NULL);

	return until != NULL && strcmp(day, until) <= 0;
}
