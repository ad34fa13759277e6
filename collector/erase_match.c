/* SPDX-License-Identifier: ISC */
/*
 * Values out of a recorded address: the way back from what an archive says was
 * asked to the values that the connector's template was filled with. An address
 * that the template, so filled, does not make again, byte for byte, was not
 * made by it.
 */
#include "erase.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/random.h"
#include "dossier/text.h"

#define MAX_HOLES 32u

/* A text that stands where a value is not known; no address holds it. */
struct marks {
	const struct settings *settings;
	char text[24];
	const char *names[MAX_HOLES]; /* in the order of first use */
	char values[MAX_HOLES][32];   /* the mark and its number */
	size_t count;
	bool too_many;
};

struct hole {
	const char *name;
	const char *literal; /* behind it; not ended */
	size_t literal_len;
};

/* Stands in for what the operator did not give. */
static const char *
mark_of(void *ctx, const char *name)
{
	struct marks *m = ctx;
	size_t i;

	if (values_get(&m->settings->params, name) != NULL)
		return NULL;
	for (i = 0; i < m->count; i++)
		if (strcmp(m->names[i], name) == 0)
			return m->values[i];
	if (i == MAX_HOLES) {
		m->too_many = true;
		return m->values[0];
	}
	m->names[i] = name;
	(void)snprintf(m->values[i], sizeof(m->values[i]), "%s%02u", m->text,
	    (unsigned int)i);
	m->count++;
	return m->values[i];
}

static void
marks_start(struct marks *m, const struct settings *settings)
{
	uint8_t random[8];
	char hex[17];

	(void)memset(m, 0, sizeof(*m));
	m->settings = settings;
	dsr_random_bytes(random, sizeof(random));
	dsr_hex_encode(hex, random, sizeof(random));
	(void)snprintf(m->text, sizeof(m->text), "mark%s", hex);
}

/* Which mark begins at s: its index, or MAX_HOLES. */
static size_t
mark_at(const struct marks *m, const char *s)
{
	for (size_t i = 0; i < m->count; i++)
		if (strncmp(s, m->values[i], strlen(m->values[i])) == 0)
			return i;
	return MAX_HOLES;
}

/* Cuts the address with marks into what stands before, and holes. */
static size_t
cut(const struct marks *m, const char *address, size_t *head,
    struct hole holes[MAX_HOLES])
{
	const char *from = address, *at;
	size_t count = 0, mark_len = strlen(m->text) + 2;

	at = strstr(address, m->text);
	*head = at == NULL ? strlen(address) : (size_t)(at - address);
	while (at != NULL && count < MAX_HOLES) {
		size_t mark = mark_at(m, at);

		if (mark == MAX_HOLES)
			return MAX_HOLES + 1;
		from = at + mark_len;
		at = strstr(from, m->text);
		holes[count].name = m->names[mark];
		holes[count].literal = from;
		holes[count].literal_len =
		    at == NULL ? strlen(from) : (size_t)(at - from);
		count++;
	}
	return at != NULL ? MAX_HOLES + 1 : count;
}

/* Two hexadecimal digits of either case. */
static bool
decode_byte(uint8_t *byte, const char *s, size_t len)
{
	char digits[2];

	if (len < 2)
		return false;
	for (size_t i = 0; i < 2; i++)
		digits[i] = s[i] >= 'A' && s[i] <= 'F'
		    ? (char)(s[i] - 'A' + 'a')
		    : s[i];
	return dsr_hex_decode(byte, 1, digits, 2);
}

/* "%41" as 'A'; false when that makes no text. */
static bool
decode(char *out, size_t size, const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		uint8_t byte = (uint8_t)s[i];

		if (s[i] == '%') {
			if (!decode_byte(&byte, s + i + 1, len - i - 1))
				return false;
			i += 2;
		}
		if (n + 1 >= size || byte == '\0')
			return false;
		out[n++] = (char)byte;
	}
	out[n] = '\0';
	return n > 0 && dsr_utf8_is_valid(out, n);
}

/* Takes a value, or compares it with the one of that name. */
static int
take_value(struct values *v, const char *name, const char *s, size_t len,
    struct dsr_error *err)
{
	char text[4096];
	const char *known = values_get(v, name);

	if (!decode(text, sizeof(text), s, len))
		return 1;
	if (known != NULL)
		return strcmp(known, text) == 0 ? 0 : 1;
	return values_add(v, name, text, false, err);
}

/*
 * Where the value of a hole ends: before the literal behind it, which may stand
 * there once only, or nobody could say. NULL.
 */
static const char *
find_end(const struct hole *h, bool last, const char *at)
{
	size_t left = strlen(at), room = strcspn(at, "/?&#");
	const char *end;

	if (last)
		return h->literal_len <= left &&
		        memcmp(at + left - h->literal_len, h->literal,
		            h->literal_len) == 0
		    ? at + left - h->literal_len
		    : NULL;
	if (h->literal_len == 0)
		return NULL;
	if (strchr("/?&#", h->literal[0]) != NULL)
		return strncmp(at + room, h->literal, h->literal_len) == 0
		    ? at + room
		    : NULL;
	end = memmem(at, room, h->literal, h->literal_len);
	return end == NULL ||
	        memmem(end + 1, (size_t)(at + room - end) - 1, h->literal,
	            h->literal_len) != NULL
	    ? NULL
	    : end;
}

/* Fills the holes from url: 1, 0 when it does not fit, -1. */
static int
fill(struct values *v, const struct hole *holes, size_t count,
    const char *at, struct dsr_error *err)
{
	for (size_t i = 0; i < count; i++) {
		const char *end = find_end(&holes[i], i + 1 == count, at);
		int result = end == NULL
		    ? 1
		    : take_value(v, holes[i].name, at, (size_t)(end - at),
		          err);

		if (result != 0)
			return result < 0 ? -1 : 0;
		at = end + holes[i].literal_len;
	}
	return *at == '\0';
}

/* The address of the read request: 1, 0 when it cannot be made, -1. */
static int
write_address(const struct scope *scope, const struct endpoint *e,
    bool path_only, struct dsr_buffer *out, struct dsr_error *err)
{
	struct dsr_buffer url;
	const char *reason;
	int result;

	dsr_buffer_init(&url, 4 * DSR_MAX_URL);
	result = ask_address(scope, e, e->requests.read, &url, out, &reason,
	    err);
	dsr_buffer_fini(&url);
	if (result != 0)
		return result < 0 ? -1 : 0;
	if (path_only) {
		out->len = strcspn(dsr_buffer_str(out), "?");
		if (out->data != NULL)
			out->data[out->len] = '\0';
	}
	return 1;
}

/* Is what was found for the names of the request what was given for them? */
static bool
is_as_given(const struct settings *given, const struct endpoint *e,
    const struct values *found)
{
	const struct param_value *p = e->dimensions.items;

	for (size_t i = 0; i < e->dimensions.count; i++) {
		const char *text = values_get(found, p[i].name);
		const char *param = p[i].connector_param == NULL
		    ? NULL
		    : values_get(&given->params, p[i].connector_param);
		bool known = false, same = false;

		if (text == NULL)
			continue;
		if (param != NULL && strcmp(param, text) != 0)
			return false;
		for (size_t g = 0;
		     p[i].identity != NULL && g < given->identities.count;
		     g++) {
			const struct value *v = &given->identities.items[g];

			if (strcmp(v->name, p[i].identity) != 0)
				continue;
			known = true;
			same = same || strcmp(v->text, text) == 0;
		}
		if (known && !same)
			return false;
	}
	return true;
}

static int
match(const struct connector *k, const struct settings *settings,
    const struct endpoint *e, const char *url, bool path_only,
    struct values *found, struct dsr_error *err)
{
	static const struct values none = { NULL, 0 };
	struct scope scope = { k, settings, &none, NULL, mark_of, NULL };
	struct hole holes[MAX_HOLES];
	struct dsr_buffer address;
	struct marks marks;
	size_t head, count;
	int result;

	marks_start(&marks, settings);
	scope.ctx = &marks;
	dsr_buffer_init(&address, 4 * DSR_MAX_URL);
	result = write_address(&scope, e, path_only, &address, err);
	if (result == 1) {
		count = cut(&marks, dsr_buffer_str(&address), &head, holes);
		result = count <= MAX_HOLES && !marks.too_many &&
		        strlen(url) >= head &&
		        strncmp(url, dsr_buffer_str(&address), head) == 0
		    ? fill(found, holes, count, url + head, err)
		    : 0;
	}
	if (result == 1) {
		scope.secret = NULL;
		scope.values = found;
		dsr_buffer_reset(&address);
		result = write_address(&scope, e, path_only, &address, err);
	}
	if (result == 1)
		result = strcmp(dsr_buffer_str(&address), url) == 0 &&
		    is_as_given(settings, e, found);
	dsr_buffer_fini(&address);
	return result;
}

int
erase_match(const struct connector *k, const struct settings *settings,
    const struct endpoint *e, const char *url, bool path_only,
    struct values *found, struct dsr_error *err)
{
	struct values v = { NULL, 0 };
	char *text = strdup(url);
	int result;

	if (text == NULL)
		return dsr_fail(err, DSR_ENOMEM, "address");
	if (path_only)
		text[strcspn(text, "?")] = '\0';
	result = match(k, settings, e, text, path_only, &v, err);
	if (result == 1)
		*found = v;
	else
		values_fini(&v);
	free(text);
	return result;
}
