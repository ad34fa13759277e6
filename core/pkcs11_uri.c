/* SPDX-License-Identifier: ISC */
#include "pkcs11_uri.h"

#include <stddef.h>
#include <string.h>

#include "dossier/text.h"

#define SCHEME "pkcs11:"

/* Where the value of an attribute goes. */
static const struct row {
	const char *name;
	bool query; /* stands behind the '?' */
	size_t at;
} rows[] = {
	{ "token", false, offsetof(struct dsr_pkcs11_uri, token) },
	{ "serial", false, offsetof(struct dsr_pkcs11_uri, serial) },
	{ "object", false, offsetof(struct dsr_pkcs11_uri, object) },
	{ "id", false, offsetof(struct dsr_pkcs11_uri, id) },
	{ "module-path", true, offsetof(struct dsr_pkcs11_uri, module_path) },
	{ "pin-source", true, offsetof(struct dsr_pkcs11_uri, pin_source) },
};

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *p;

	if (c >= 'A' && c <= 'F')
		c = (char)(c - 'A' + 'a');
	p = c == '\0' ? NULL : strchr(digits, c);
	return p == NULL ? -1 : (int)(p - digits);
}

/* Percent-decoding: RFC 3986 2.1; *len without the NUL behind it. */
static bool
decode(char out[DSR_PKCS11_WORD], size_t *len, const char *s, size_t s_len)
{
	size_t i, n = 0;
	int high, low;

	for (i = 0; i < s_len && n < DSR_PKCS11_WORD - 1; i++) {
		if (s[i] != '%') {
			out[n++] = s[i];
			continue;
		}
		if (s_len - i < 3 || (high = hex_digit(s[i + 1])) < 0 ||
		    (low = hex_digit(s[i + 2])) < 0)
			return false;
		out[n++] = (char)(high << 4 | low);
		i += 2;
	}
	out[n] = '\0';
	*len = n;
	return i == s_len;
}

static int
take_attribute(struct dsr_pkcs11_uri *u, const char *s, size_t len,
    bool query, struct dsr_error *err)
{
	const char *equals = memchr(s, '=', len);
	size_t name = equals == NULL ? len : (size_t)(equals - s), i, got;

	if (name == strlen("pin-value") && memcmp(s, "pin-value", name) == 0)
		return dsr_fail(err, DSR_EUSAGE, "%s pin-value: a PIN must not "
		    "stand on a command line; use pin-source", SCHEME);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].query == query && strlen(rows[i].name) == name &&
		    memcmp(rows[i].name, s, name) == 0)
			break;
	if (equals == NULL || i == sizeof(rows) / sizeof(rows[0]))
		return dsr_fail(err, DSR_EUSAGE, "%s wanted token, serial, "
		    "object, id, and behind '?' module-path and pin-source; "
		    "found %.*s", SCHEME, (int)(name < 40 ? name : 40), s);
	if (!decode((char *)u + rows[i].at, &got, equals + 1,
		len - name - 1))
		return dsr_fail(err, DSR_EUSAGE, "%s %s: a value that is too "
		    "long or not well encoded", SCHEME, rows[i].name);
	if (rows[i].at == offsetof(struct dsr_pkcs11_uri, id))
		u->id_len = got;
	return 0;
}

int
dsr_pkcs11_uri_parse(struct dsr_pkcs11_uri *out, const char *uri,
    struct dsr_error *err)
{
	const char *p = uri + strlen(SCHEME);
	bool query = false;
	size_t len;

	memset(out, 0, sizeof(*out));
	if (strncmp(uri, SCHEME, strlen(SCHEME)) != 0)
		return dsr_fail(err, DSR_EUSAGE, "wanted %s...", SCHEME);
	while (*p != '\0') {
		len = strcspn(p, query ? "&" : ";?");
		if (take_attribute(out, p, len, query, err) != 0)
			return -1;
		p += len;
		if (*p == '\0')
			break;
		query = query || *p == '?';
		p++;
	}
	if (out->token[0] == '\0' && out->serial[0] == '\0' &&
	    out->object[0] == '\0' && out->id_len == 0)
		return dsr_fail(err, DSR_EUSAGE,
		    "%s it names neither a token nor a key", SCHEME);
	if (strncmp(out->pin_source, "file:", 5) == 0)
		memmove(out->pin_source, out->pin_source + 5,
		    strlen(out->pin_source + 5) + 1);
	return 0;
}
