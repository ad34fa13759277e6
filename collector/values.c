/* SPDX-License-Identifier: ISC */
#include "values.h"

#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dossier/nearest.h"
#include "dossier/text.h"
#include "url.h"

void
values_fini(struct values *v)
{
	for (size_t i = 0; i < v->count; i++) {
		free(v->items[i].name);
		free(v->items[i].text);
	}
	free(v->items);
	v->items = NULL;
	v->count = 0;
}

int
values_add(struct values *v, const char *name, const char *text, bool replace,
    struct dsr_error *err)
{
	struct value *more, one = { strdup(name), strdup(text) };

	if (one.name == NULL || one.text == NULL)
		goto fail;
	for (size_t i = 0; replace && i < v->count; i++)
		if (strcmp(v->items[i].name, name) == 0) {
			free(v->items[i].text);
			v->items[i].text = one.text;
			free(one.name);
			return 0;
		}
	more = realloc(v->items, (v->count + 1) * sizeof(*more));
	if (more == NULL)
		goto fail;
	v->items = more;
	more[v->count++] = one;
	return 0;
fail:
	free(one.name);
	free(one.text);
	return dsr_fail(err, DSR_ENOMEM, "values");
}

const char *
values_get(const struct values *v, const char *name)
{
	for (size_t i = 0; i < v->count; i++)
		if (strcmp(v->items[i].name, name) == 0)
			return v->items[i].text;
	return NULL;
}

int
values_copy(struct values *to, const struct values *from,
    struct dsr_error *err)
{
	for (size_t i = 0; i < from->count; i++)
		if (values_add(to, from->items[i].name, from->items[i].text,
		        false, err) != 0)
			return -1;
	return 0;
}

static int
compare_values(const void *a, const void *b)
{
	const struct value *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int
values_write(struct values *v, struct dsr_buffer *out, struct dsr_error *err)
{
	struct dsr_json_writer *w = NULL;
	int result = -1;

	if (v->count == 0)
		return dsr_buffer_puts(out, "{}", err);
	qsort(v->items, v->count, sizeof(*v->items), compare_values);
	if (dsr_json_writer_new(&w, out, err) != 0)
		return -1;
	dsr_json_write_object(w);
	for (size_t i = 0; i < v->count; i++) {
		dsr_json_write_key(w, v->items[i].name);
		dsr_json_write_string(w, v->items[i].text);
	}
	dsr_json_write_end(w);
	result = dsr_json_writer_finish(w, err);
	dsr_json_writer_free(w);
	return result;
}

int
values_read(struct values *v, const char *json, struct dsr_error *err)
{
	struct dsr_json *parsed = NULL;
	const struct dsr_json_value *m;
	int result = 0;

	if (strcmp(json, "{}") == 0)
		return 0;
	if (dsr_json_parse(&parsed, json, strlen(json), true, err) != 0)
		return -1;
	for (m = dsr_json_first(dsr_json_root(parsed));
	     m != NULL && result == 0; m = dsr_json_next(m)) {
		const char *text = dsr_json_string(m, NULL);

		result = text == NULL
		    ? dsr_fail(err, DSR_EINPUT, "the case is damaged: values")
		    : values_add(v, dsr_json_key(m, NULL), text, false, err);
	}
	dsr_json_free(parsed);
	return result;
}

/* ---- what the operator gave ---------------------------------------------- */

void
settings_fini(struct settings *s)
{
	values_fini(&s->params);
	values_fini(&s->identities);
}

/* 0; DSR_EUSAGE when the text is not wholly what the pattern says. */
static int
must_match(const struct parameter *p, const char *what, const char *text,
    struct dsr_error *err)
{
	regex_t regex;
	regmatch_t match;
	bool whole;

	/* of regexec only errno tells a lack of memory from no match */
	errno = 0;
	if (regcomp(&regex, p->pattern, REG_EXTENDED) != 0)
		return dsr_fail(err, DSR_ENOMEM, "pattern");
	whole = regexec(&regex, text, 1, &match, 0) == 0 &&
	    match.rm_so == 0 && (size_t)match.rm_eo == strlen(text);
	if (!whole && errno == ENOMEM)
		(void)dsr_fail(err, DSR_ENOMEM, "pattern");
	else if (!whole)
		(void)dsr_fail(err, DSR_EUSAGE, "--%s %s: the value must "
		    "match %s", what, p->name, p->pattern);
	regfree(&regex);
	return whole ? 0 : -1;
}

static int
fail_unknown(const struct dsr_list *declared, const char *what,
    const char *name, struct dsr_error *err)
{
	const struct parameter *p = declared->items;
	const char *names[MAX_ENTRIES], *near;

	for (size_t i = 0; i < declared->count; i++)
		names[i] = p[i].name;
	near = dsr_nearest(name, names, declared->count);
	if (near != NULL)
		return dsr_fail(err, DSR_EUSAGE, "the connector has no %s %s; "
		    "did you mean %s?", what, name, near);
	return dsr_fail(err, DSR_EUSAGE, "the connector has no %s %s", what,
	    name);
}

static int
take_word(struct values *to, const struct dsr_list *declared,
    const char *what, const char *word, bool several, struct dsr_error *err)
{
	const char *equals = strchr(word, '=');
	const struct parameter *p;
	char name[80];

	if (equals == NULL || equals == word ||
	    (size_t)(equals - word) >= sizeof(name))
		return dsr_fail(err, DSR_EUSAGE, "--%s wants NAME=VALUE", what);
	(void)memcpy(name, word, (size_t)(equals - word));
	name[equals - word] = '\0';
	p = parameter_find(declared, name);
	if (p == NULL)
		return fail_unknown(declared, what, name, err);
	if (!dsr_utf8_is_valid(equals + 1, strlen(equals + 1)))
		return dsr_fail(err, DSR_EUSAGE, "--%s %s: not UTF-8", what,
		    name);
	if (p->pattern != NULL && must_match(p, what, equals + 1, err) != 0)
		return -1;
	return values_add(to, name, equals + 1, !several, err);
}

/* The default of a parameter, of those before it. */
static int
take_preset(struct settings *s, const struct connector *k,
    const struct parameter *p, struct dsr_error *err)
{
	const struct values none = { NULL, 0 };
	const struct scope scope = { k, s, &none, NULL, NULL, NULL };
	struct dsr_buffer text;
	const char *reason;
	int result;

	dsr_buffer_init(&text, MAX_TEMPLATE * 4);
	result = scope_expand(&scope, p->preset, EXPAND_HEADER, &text, &reason,
	    err);
	if (result == 0)
		result = values_add(&s->params, p->name, dsr_buffer_str(&text),
		    false, err);
	dsr_buffer_fini(&text);
	return result < 0 ? -1 : 0;
}

int
settings_take(struct settings *s, const struct connector *k,
    const char *const *params, size_t param_count,
    const char *const *identities, size_t identity_count,
    struct dsr_error *err)
{
	for (size_t i = 0; i < param_count; i++)
		if (take_word(&s->params, &k->params, "param", params[i],
		        false, err) != 0)
			return -1;
	for (size_t i = 0; i < identity_count; i++)
		if (take_word(&s->identities, &k->identities, "identity",
		        identities[i], true, err) != 0)
			return -1;
	return 0;
}

static bool
is_required(const struct parameter *p)
{
	return p->required != NULL ? *p->required : p->preset == NULL;
}

/* All that is missing at once: who fills it in wants to do so once. */
static int
fail_missing(const struct settings *s, const struct connector *k,
    struct dsr_error *err)
{
	const struct parameter *p = k->params.items;
	struct dsr_buffer list;

	dsr_buffer_init(&list, sizeof(err->msg));
	for (size_t i = 0; i < k->params.count; i++)
		if (p[i].preset == NULL && is_required(&p[i]) &&
		    values_get(&s->params, p[i].name) == NULL &&
		    dsr_buffer_printf(&list, err, " --param %s=…",
		        p[i].name) != 0)
			break;
	dsr_fail(err, DSR_EUSAGE, "missing:%s; see dossier connector show",
	    dsr_buffer_str(&list));
	dsr_buffer_fini(&list);
	return -1;
}

int
settings_complete(struct settings *s, const struct connector *k,
    struct dsr_error *err)
{
	const struct parameter *p = k->params.items;

	for (size_t i = 0; i < k->params.count; i++) {
		if (values_get(&s->params, p[i].name) != NULL)
			continue;
		if (p[i].preset != NULL) {
			if (take_preset(s, k, &p[i], err) != 0)
				return -1;
		} else if (is_required(&p[i])) {
			return fail_missing(s, k, err);
		}
	}
	return 0;
}

/* ---- placeholders -------------------------------------------------------- */

const char *
scope_find(const struct scope *s, const char *name, const char **missing)
{
	const char *text = NULL;

	if (s->cursor != NULL && strcmp(name, "cursor") == 0)
		return s->cursor;
	if (s->secret != NULL)
		text = s->secret(s->ctx, name);
	if (text == NULL)
		text = values_get(s->values, name);
	if (text == NULL)
		text = values_get(&s->settings->params, name);
	*missing = parameter_find(&s->k->identities, name) != NULL
	    ? "identity-not-given"
	    : "param-not-given";
	return text;
}

static bool
has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return true;
	return false;
}

static bool
is_printable_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s < ' ' || *s > '~')
			return false;
	return true;
}

/* The host that a value names: itself, or that of an https address. */
static const char *
host_of_value(const char *value, char *room, size_t size)
{
	if (strncasecmp(value, "https://", 8) != 0)
		return value;
	return url_host(room, size, value) ? room : "";
}

static bool
value_is_safe(const char *value, enum expansion how)
{
	switch (how) {
	case EXPAND_HOST:
		return host_is_valid(value) ||
		    (value[0] != '\0' && strspn(value, "0123456789") ==
		            strlen(value));
	case EXPAND_PATH:
		return value[0] != '\0' && !has_control(value);
	case EXPAND_QUERY:
		return !has_control(value);
	case EXPAND_HEADER:
		return is_printable_ascii(value);
	}
	return false;
}

static int
expand_part(const struct part *part, const char *value, enum expansion how,
    struct dsr_buffer *out, struct dsr_error *err)
{
	if (how == EXPAND_HOST || how == EXPAND_HEADER)
		return dsr_buffer_puts(out, value, err);
	if (part->kind == PART_TEXT)
		return how == EXPAND_PATH
		    ? dsr_buffer_puts(out, value, err)
		    : url_encode(out, value, ENCODE_QUERY, err);
	return url_encode(out, value,
	    part->kind == PART_WITH_SLASHES ? ENCODE_SLASHES : ENCODE_VALUE,
	    err);
}

int
scope_expand(const struct scope *s, const struct template *t,
    enum expansion how, struct dsr_buffer *out, const char **reason,
    struct dsr_error *err)
{
	size_t start = out->len;
	char host[256];

	for (size_t i = 0; i < t->count; i++) {
		const char *value = t->parts[i].text;

		if (t->parts[i].kind != PART_TEXT) {
			value = scope_find(s, t->parts[i].text, reason);
			if (value == NULL)
				return 1;
			if (how == EXPAND_HOST)
				value = host_of_value(value, host,
				    sizeof(host));
			if (!value_is_safe(value, how)) {
				*reason = "unsafe-value";
				return 1;
			}
		}
		if (expand_part(&t->parts[i], value, how, out, err) != 0)
			return -1;
	}
	if ((how == EXPAND_PATH &&
	        path_has_dots(dsr_buffer_str(out) + start)) ||
	    (how == EXPAND_HOST &&
	        !host_is_valid(dsr_buffer_str(out) + start))) {
		*reason = "unsafe-value";
		return 1;
	}
	return 0;
}
