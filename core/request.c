/* SPDX-License-Identifier: ISC */
#include "request_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dossier/clock.h"
#include "dossier/language.h"
#include "dossier/name.h"
#include "dossier/nearest.h"

static const struct field fields[] = {
#define X(id, section, key, kind, required) { section, key, kind, required },
	DSR_REQUEST_FIELDS(X)
#undef X
};

static const char *const sections[] = { "data_subject", "controller",
	"data_protection_officer", "supervisory_authority", "processing" };

#define MAX_LANGUAGES 8 /* more than there are pages in */
#define FIELD_COUNT   DSR_REQUEST_FIELD_COUNT
#define SECTION_COUNT (sizeof(sections) / sizeof(sections[0]))

void
tell_mistake(struct reader *rd, const struct dsr_json_value *at, bool key,
    const char *fmt, ...)
{
	size_t offset, len, line, column;
	char msg[300];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	if (!key || !dsr_json_key_span(at, &offset, &len))
		dsr_json_span(at, &offset, &len);
	dsr_json_position(rd->r->json, offset, &line, &column);
	if (rd->mistakes++ == 0)
		dsr_fail(&rd->first, DSR_EINPUT, "request: %s: line %zu, "
		    "column %zu", msg, line, column);
	if (rd->listener != NULL)
		rd->listener(rd->ctx, line, column, msg);
}

static bool
equals(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
is_format(const char *s)
{
	return strcmp(s, DSR_REQUEST_FORMAT_1) == 0;
}

static bool
is_identifier(const char *s)
{
	return dsr_identifier_is_safe(s, strlen(s));
}

static bool
is_date(const char *s)
{
	struct timespec when;
	char time[DSR_TIME_SIZE];

	if (strlen(s) != 10)
		return false;
	(void)snprintf(time, sizeof(time), "%sT00:00:00Z", s);
	return dsr_time_parse(&when, time, strlen(time));
}

static bool
is_article(const char *s)
{
	static const char *const known[] = { "15", "16", "17", "18", "19",
		"20", "21", "22" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(s, known[i]) == 0)
			return true;
	return false;
}

static bool
is_language(const char *s)
{
	size_t len = strspn(s, "abcdefghijklmnopqrstuvwxyz");

	return (len == 2 || len == 3) && s[len] == '\0';
}

static bool
is_filled(const char *s)
{
	return s[strspn(s, " \t\r\n")] != '\0';
}

/* What each kind wants: of one text, in lists, by language. */
static const struct rule {
	bool (*is_good)(const char *s);
	const char *wanted;
	bool list;        /* a list of them … */
	bool single;      /* … or one alone */
	bool by_language; /* an object of texts is a text too */
} rules[] = {
	[FORMAT] = { is_format, "\"" DSR_REQUEST_FORMAT_1 "\"", false, true,
	    false },
	[ID] = { is_identifier, "a pseudonym of letters, digits, '.', '_', "
	    "'-', at most 64, that begins with a letter or digit", false,
	    true, false },
	[DATE] = { is_date, "a date like \"2026-01-31\"", false, true,
	    false },
	[ARTICLES] = { is_article, "articles of the GDPR, \"15\" to \"22\"",
	    true, false, false },
	[LANGUAGES] = { is_language, "languages like \"en\"", true, false,
	    false },
	[TEXT] = { is_filled, "a text, or texts by language", false, true,
	    true },
	[HOLDS] = { is_filled, "a text, texts by language, or a list of what "
	    "is kept", false, true, true },
	[TEXTS] = { is_filled, "a text, texts by language, or a list of "
	    "them", true, true, true },
};

static void
read_text(struct reader *rd, const struct field *f, const struct rule *rule,
    const struct dsr_json_value *v)
{
	const char *s = dsr_json_string(v, NULL);

	if (s == NULL)
		tell_mistake(rd, v, false, "\"%s\" wants %s, found %s", f->key,
		    rule->wanted, dsr_json_type_of(v) == DSR_JSON_STRING ?
		    "a text with a NUL" : dsr_json_type_name(v));
	else if (!is_filled(s))
		tell_mistake(rd, v, false, "\"%s\" is empty: leave it out",
		    f->key);
	else if (!rule->is_good(s))
		tell_mistake(rd, v, false, "\"%s\" wants %s", f->key,
		    rule->wanted);
}

void
refuse_empty(struct reader *rd, const struct field *f,
    const struct dsr_json_value *v)
{
	if (dsr_json_count(v) == 0)
		tell_mistake(rd, v, false, "\"%s\" is empty: leave it out",
		    f->key);
}

/* A text, or, where lists are allowed, a list of them. */
static void
read_texts(struct reader *rd, const struct field *f, const struct rule *rule,
    const struct dsr_json_value *v)
{
	const struct dsr_json_value *child;

	if (!rule->list || dsr_json_type_of(v) != DSR_JSON_ARRAY) {
		read_text(rd, f, rule, v);
		return;
	}
	refuse_empty(rd, f, v);
	for (child = dsr_json_first(v); child != NULL;
	    child = dsr_json_next(child))
		read_text(rd, f, rule, child);
}

/* { "en": …, "nl": … } */
static void
read_languages(struct reader *rd, const struct field *f,
    const struct rule *rule, const struct dsr_json_value *v)
{
	const struct dsr_json_value *child;
	const char *key;

	refuse_empty(rd, f, v);
	for (child = dsr_json_first(v); child != NULL;
	    child = dsr_json_next(child)) {
		key = dsr_json_key(child, NULL);
		if (key == NULL || !is_language(key))
			tell_mistake(rd, child, true, "\"%s\" wants texts by "
			    "language, like \"en\": found key \"%.40s\"",
			    f->key, key == NULL ? "" : key);
		else
			read_texts(rd, f, rule, child);
	}
}

static bool
is_by_language(const struct rule *rule, const struct dsr_json_value *v)
{
	return rule->by_language && dsr_json_type_of(v) == DSR_JSON_OBJECT;
}

/* A list whose items may be texts by language each. */
static void
read_list(struct reader *rd, const struct field *f, const struct rule *rule,
    const struct dsr_json_value *v)
{
	const struct dsr_json_value *child;
	struct rule single = *rule;

	single.list = false;
	refuse_empty(rd, f, v);
	for (child = dsr_json_first(v); child != NULL;
	    child = dsr_json_next(child))
		if (is_by_language(rule, child))
			read_languages(rd, f, &single, child);
		else
			read_text(rd, f, &single, child);
}

void
read_value(struct reader *rd, const struct field *f,
    const struct dsr_json_value *v)
{
	const struct rule *rule = &rules[f->kind];

	if (is_by_language(rule, v))
		read_languages(rd, f, rule, v);
	else if (rule->list && dsr_json_type_of(v) == DSR_JSON_ARRAY)
		read_list(rd, f, rule, v);
	else if (rule->single)
		read_text(rd, f, rule, v);
	else
		tell_mistake(rd, v, false, "\"%s\" wants a list of %s, "
		    "found %s", f->key, rule->wanted, dsr_json_type_name(v));
}

static void
read_field(struct reader *rd, size_t i, const struct dsr_json_value *v)
{
	if (dsr_json_type_of(v) == DSR_JSON_NULL)
		return;
	if (fields[i].kind == HOLDS &&
	    dsr_json_type_of(v) == DSR_JSON_ARRAY) {
		rd->r->holds = v;
		read_holds(rd, &fields[i], v);
		return;
	}
	rd->r->value[i] = v;
	read_value(rd, &fields[i], v);
}

static bool
is_section(const char *key)
{
	size_t i;

	for (i = 0; i < SECTION_COUNT; i++)
		if (strcmp(sections[i], key) == 0)
			return true;
	return false;
}

void
tell_unknown_key(struct reader *rd, const struct dsr_json_value *v,
    const char *key, const char *const *known, size_t count)
{
	const char *near = dsr_nearest(key, known, count);

	tell_mistake(rd, v, true, "unknown key \"%.40s\"%s%s%s", key,
	    near != NULL ? ": did you mean \"" : "",
	    near != NULL ? near : "", near != NULL ? "\"?" : "");
}

static void
tell_unknown(struct reader *rd, const char *section,
    const struct dsr_json_value *v, const char *key)
{
	const char *known[FIELD_COUNT + SECTION_COUNT];
	size_t i, count = 0;

	for (i = 0; i < FIELD_COUNT; i++)
		if (equals(fields[i].section, section))
			known[count++] = fields[i].key;
	for (i = 0; section == NULL && i < SECTION_COUNT; i++)
		known[count++] = sections[i];
	tell_unknown_key(rd, v, key, known, count);
}

/* Members of the whole (section NULL) or of a section. */
static void
read_members(struct reader *rd, const char *section,
    const struct dsr_json_value *object)
{
	const struct dsr_json_value *v;
	const char *key;
	size_t i;

	for (v = dsr_json_first(object); v != NULL; v = dsr_json_next(v)) {
		if ((key = dsr_json_key(v, NULL)) == NULL)
			key = "";
		for (i = 0; i < FIELD_COUNT; i++)
			if (equals(fields[i].section, section) &&
			    strcmp(fields[i].key, key) == 0)
				break;
		if (i < FIELD_COUNT)
			read_field(rd, i, v);
		else if (section != NULL || !is_section(key))
			tell_unknown(rd, section, v, key);
	}
}

static void
read_sections(struct reader *rd, const struct dsr_json_value *root)
{
	const struct dsr_json_value *v;
	size_t i;

	for (i = 0; i < SECTION_COUNT; i++) {
		v = dsr_json_get(root, sections[i]);
		if (v == NULL || dsr_json_type_of(v) == DSR_JSON_NULL)
			continue;
		if (dsr_json_type_of(v) == DSR_JSON_OBJECT)
			read_members(rd, sections[i], v);
		else
			tell_mistake(rd, v, false, "\"%s\" wants an object, "
			    "found %s", sections[i], dsr_json_type_name(v));
	}
}

static void
check_required(struct reader *rd, const struct dsr_json_value *root)
{
	const struct dsr_json_value *at;
	size_t i;

	for (i = 0; i < FIELD_COUNT; i++) {
		if (!fields[i].required || rd->r->value[i] != NULL)
			continue;
		at = fields[i].section == NULL ? NULL :
		    dsr_json_get(root, fields[i].section);
		tell_mistake(rd, at != NULL ? at : root, false,
		    "\"%s%s%s\" is missing",
		    fields[i].section == NULL ? "" : fields[i].section,
		    fields[i].section == NULL ? "" : ".", fields[i].key);
	}
}

/* A page is made in each: what pack would refuse. */
static void
check_languages(struct reader *rd)
{
	const struct dsr_json_value *list, *v;
	const char *seen[MAX_LANGUAGES], *s;
	size_t i, count = 0;

	list = rd->r->value[DSR_REQUEST_LANGUAGES];
	if (list == NULL || dsr_json_type_of(list) != DSR_JSON_ARRAY)
		return;
	for (v = dsr_json_first(list); v != NULL; v = dsr_json_next(v)) {
		if ((s = dsr_json_string(v, NULL)) == NULL || !is_language(s))
			continue;
		for (i = 0; i < count && strcmp(seen[i], s) != 0;)
			i++;
		if (!dsr_language_exists(s))
			tell_mistake(rd, v, false, "\"languages\": there is "
			    "no page in \"%s\": wanted en, nl, fr or de", s);
		else if (i < count)
			tell_mistake(rd, v, false, "\"languages\": \"%s\" is "
			    "there twice", s);
		else if (count < MAX_LANGUAGES)
			seen[count++] = s;
	}
}

static void
check_dates(struct reader *rd)
{
	const char *received, *due;

	received = dsr_request_text(rd->r, DSR_REQUEST_RECEIVED, NULL);
	due = dsr_request_text(rd->r, DSR_REQUEST_DUE, NULL);
	if (received != NULL && due != NULL && is_date(received) &&
	    is_date(due) && strcmp(due, received) < 0)
		tell_mistake(rd, rd->r->value[DSR_REQUEST_DUE], false,
		    "\"due\" lies before \"received\"");
}

int
read_request(struct reader *rd, struct dsr_error *err)
{
	const struct dsr_json_value *root = dsr_json_root(rd->r->json);

	if (dsr_json_type_of(root) != DSR_JSON_OBJECT) {
		tell_mistake(rd, root, false, "a request is an object, "
		    "found %s", dsr_json_type_name(root));
	} else {
		read_members(rd, NULL, root);
		read_sections(rd, root);
		check_required(rd, root);
		check_dates(rd);
		if (rd->for_pages)
			check_languages(rd);
	}
	if (rd->mistakes == 0)
		return 0;
	*err = rd->first;
	return -1;
}
