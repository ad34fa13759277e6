/* SPDX-License-Identifier: ISC */
#include "dossier/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
dsr_buffer_init(struct dsr_buffer *b, size_t max)
{
	memset(b, 0, sizeof(*b));
	b->max = max;
}

void
dsr_buffer_fini(struct dsr_buffer *b)
{
	free(b->data);
	dsr_buffer_init(b, b->max);
}

void
dsr_buffer_reset(struct dsr_buffer *b)
{
	b->len = 0;
	if (b->data != NULL)
		b->data[0] = '\0';
}

int
dsr_buffer_reserve(struct dsr_buffer *b, size_t len, struct dsr_error *err)
{
	uint8_t *grown;
	size_t cap;

	if (b->len > b->max || len > b->max - b->len)
		return dsr_fail(err, DSR_ELIMIT, "more than %zu bytes",
		    b->max);
	if (b->len + len < b->cap)
		return 0;
	cap = b->cap < 256 ? 256 : b->cap;
	while (cap <= b->len + len)
		cap = cap > SIZE_MAX / 2 ? b->len + len + 1 : cap * 2;
	if ((grown = realloc(b->data, cap)) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "buffer of %zu bytes", cap);
	b->data = grown;
	b->cap = cap;
	return 0;
}

int
dsr_buffer_append(struct dsr_buffer *b, const void *data, size_t len,
    struct dsr_error *err)
{
	if (dsr_buffer_reserve(b, len, err) != 0)
		return -1;
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
	return 0;
}

int
dsr_buffer_puts(struct dsr_buffer *b, const char *s, struct dsr_error *err)
{
	return dsr_buffer_append(b, s, strlen(s), err);
}

int
dsr_buffer_putc(struct dsr_buffer *b, char c, struct dsr_error *err)
{
	return dsr_buffer_append(b, &c, 1, err);
}

int
dsr_buffer_printf(struct dsr_buffer *b, struct dsr_error *err,
    const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return dsr_fail(err, DSR_EBUG, "a format was refused");
	if (dsr_buffer_reserve(b, (size_t)n, err) != 0)
		return -1;
	va_start(ap, fmt);
	(void)vsnprintf((char *)b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return 0;
}

const char *
dsr_buffer_str(const struct dsr_buffer *b)
{
	return b->data == NULL ? "" : (const char *)b->data;
}

char *
dsr_buffer_take(struct dsr_buffer *b)
{
	char *data = (char *)b->data;

	dsr_buffer_init(b, b->max);
	return data;
}
