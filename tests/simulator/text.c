/* SPDX-License-Identifier: ISC */
#include "simulator.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* A test tool that has no memory left has nothing better to do than stop. */
static void
make_room(struct sim_text *text, size_t more)
{
	size_t room = text->room == 0 ? 2048 : text->room;
	char *bytes;

	if (text->room - text->len > more && text->bytes != NULL)
		return;
	while (room - text->len <= more)
		room *= 2;
	bytes = realloc(text->bytes, room);
	if (bytes == NULL)
		abort();
	text->bytes = bytes;
	text->room = room;
}

void
sim_text_fini(struct sim_text *text)
{
	free(text->bytes);
	memset(text, 0, sizeof(*text));
}

void
sim_text_add(struct sim_text *text, const void *bytes, size_t len)
{
	make_room(text, len);
	memcpy(text->bytes + text->len, bytes, len);
	text->len += len;
	text->bytes[text->len] = '\0';
}

void
sim_text_puts(struct sim_text *text, const char *s)
{
	sim_text_add(text, s, strlen(s));
}

static void __attribute__((format(printf, 2, 0)))
print_into(struct sim_text *text, const char *format, va_list arguments)
{
	va_list again;
	int len;

	va_copy(again, arguments);
	make_room(text, 256);
	len = vsnprintf(text->bytes + text->len, text->room - text->len,
	    format, arguments);
	if (len < 0)
		abort();
	if ((size_t)len >= text->room - text->len) {
		make_room(text, (size_t)len);
		vsnprintf(text->bytes + text->len, text->room - text->len,
		    format, again);
	}
	va_end(again);
	text->len += (size_t)len;
}

void
sim_text_printf(struct sim_text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print_into(text, format, arguments);
	va_end(arguments);
}

void
sim_text_url(struct sim_text *text, const char *s, bool keep_slash)
{
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *s != '\0'; s++) {
		if (strchr(unreserved, *s) != NULL || (*s == '/' && keep_slash))
			sim_text_add(text, s, 1);
		else
			sim_text_printf(text, "%%%02X", (unsigned char)*s);
	}
}

/* The bytes of one string, escaped, without its quotes. */
static void
add_escaped(struct sim_text *text, const char *s)
{
	size_t plain;

	while (*s != '\0') {
		plain = strcspn(s, "\"\\\b\f\n\r\t\x01\x02\x03\x04\x05\x06\x07"
		    "\x0b\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19"
		    "\x1a\x1b\x1c\x1d\x1e\x1f");
		sim_text_add(text, s, plain);
		s += plain;
		if (*s == '"' || *s == '\\')
			sim_text_printf(text, "\\%c", *s++);
		else if (*s != '\0')
			sim_text_printf(text, "\\u%04x", (unsigned char)*s++);
	}
}

/* The comma, if one is due, and the name. */
static void
start_value(struct sim_text *text, const char *name)
{
	char last = text->len == 0 ? '[' : text->bytes[text->len - 1];

	if (last != '[' && last != '{')
		sim_text_add(text, ",", 1);
	if (name == NULL)
		return;
	sim_text_add(text, "\"", 1);
	add_escaped(text, name);
	sim_text_add(text, "\":", 2);
}

void
sim_open(struct sim_text *text, const char *name, char bracket)
{
	start_value(text, name);
	sim_text_add(text, &bracket, 1);
}

void
sim_close(struct sim_text *text, char bracket)
{
	sim_text_add(text, &bracket, 1);
}

void
sim_string(struct sim_text *text, const char *name, const char *value)
{
	start_value(text, name);
	sim_text_add(text, "\"", 1);
	add_escaped(text, value);
	sim_text_add(text, "\"", 1);
}

void
sim_stringf(struct sim_text *text, const char *name, const char *format, ...)
{
	struct sim_text made = { NULL, 0, 0 };
	va_list arguments;

	va_start(arguments, format);
	print_into(&made, format, arguments);
	va_end(arguments);
	sim_string(text, name, made.bytes);
	sim_text_fini(&made);
}

void
sim_number(struct sim_text *text, const char *name, uint64_t value)
{
	start_value(text, name);
	sim_text_printf(text, "%llu", (unsigned long long)value);
}

void
sim_literal(struct sim_text *text, const char *name, const char *value)
{
	start_value(text, name);
	sim_text_puts(text, value);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
sim_percent_decode(char *out, size_t *len, const char *in, size_t n)
{
	size_t i, made = 0;
	int high, low;

	for (i = 0; i < n; i++) {
		out[made] = in[i];
		if (in[i] == '%') {
			if (n - i < 3)
				return -1;
			high = hex_digit(in[i + 1]);
			low = hex_digit(in[i + 2]);
			if (high < 0 || low < 0 || (high == 0 && low == 0))
				return -1;
			out[made] = (char)(high * 16 + low);
			i += 2;
		}
		made++;
	}
	out[made] = '\0';
	*len = made;
	return 0;
}
