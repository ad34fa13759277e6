/* SPDX-License-Identifier: ISC */
#include "der.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_GENERALIZED 2524608000 /* 2050-01-01: RFC 5280 4.1.2.5 */

void
dsr_der_writer_init(struct dsr_der_writer *w, struct dsr_buffer *out)
{
	memset(w, 0, sizeof(*w));
	w->out = out;
}

void
dsr_der_put_raw(struct dsr_der_writer *w, const void *data, size_t len)
{
	if (!w->failed && len > 0 &&
	    dsr_buffer_append(w->out, data, len, &w->why) != 0)
		w->failed = true;
}

/* Tag and length; at most six bytes. */
static size_t
make_header(uint8_t header[6], uint8_t tag, size_t len)
{
	size_t count = 0, rest, i;

	header[0] = tag;
	if (len < 0x80) {
		header[1] = (uint8_t)len;
		return 2;
	}
	for (rest = len; rest > 0; rest >>= 8)
		count++;
	header[1] = (uint8_t)(0x80 | count);
	for (i = 0; i < count; i++)
		header[2 + i] = (uint8_t)(len >> 8 * (count - 1 - i) & 0xFF);
	return 2 + count;
}

void
dsr_der_put(struct dsr_der_writer *w, uint8_t tag, const void *content,
    size_t len)
{
	uint8_t header[6];

	dsr_der_put_raw(w, header, make_header(header, tag, len));
	dsr_der_put_raw(w, content, len);
}

void
dsr_der_put_small(struct dsr_der_writer *w, unsigned int integer)
{
	const uint8_t value = (uint8_t)(integer & 0x7F);

	dsr_der_put(w, DSR_DER_INTEGER, &value, 1);
}

void
dsr_der_put_time(struct dsr_der_writer *w, time_t when)
{
	bool wide = when >= FIRST_GENERALIZED;
	char text[32] = "";
	struct tm tm;

	if (gmtime_r(&when, &tm) == NULL)
		memset(&tm, 0, sizeof(tm));
	(void)strftime(text, sizeof(text), "%Y%m%d%H%M%SZ", &tm);
	if (wide)
		dsr_der_put(w, DSR_DER_GENERALIZED_TIME, text, strlen(text));
	else
		dsr_der_put(w, DSR_DER_UTC_TIME, text + 2, strlen(text + 2));
}

size_t
dsr_der_begin(struct dsr_der_writer *w)
{
	return w->out->len;
}

void
dsr_der_end(struct dsr_der_writer *w, size_t from, uint8_t tag)
{
	uint8_t header[6];
	size_t len, size;

	if (w->failed)
		return;
	len = w->out->len - from;
	size = make_header(header, tag, len);
	dsr_der_put_raw(w, header, size); /* makes room, at the wrong end */
	if (w->failed)
		return;
	memmove(w->out->data + from + size, w->out->data + from, len);
	memcpy(w->out->data + from, header, size);
}

/* X.690 11.6: as octet strings, the shorter padded with zeros. */
static int
compare_elements(const void *a, const void *b)
{
	const struct dsr_der *x = a, *y = b;
	size_t least = x->len < y->len ? x->len : y->len;
	int order = memcmp(x->data, y->data, least);

	if (order != 0)
		return order;
	return x->len < y->len ? -1 : x->len > y->len;
}

/* Sorts the elements in len bytes at data; copy has room for as many. */
static bool
sort_elements(uint8_t *data, size_t len, uint8_t *copy)
{
	struct dsr_der in = { copy, len }, *elements = NULL, *grown;
	size_t count = 0, i;
	bool sorted = false;

	memcpy(copy, data, len);
	while (in.len > 0) {
		grown = realloc(elements, (count + 1) * sizeof(*elements));
		if (grown == NULL)
			goto out;
		elements = grown;
		if (!dsr_der_take_element(&in, &elements[count]))
			goto out;
		count++;
	}
	if (count > 1)
		qsort(elements, count, sizeof(*elements), compare_elements);
	for (i = 0; i < count; i++) {
		memcpy(data, elements[i].data, elements[i].len);
		data += elements[i].len;
	}
	sorted = true;
out:
	free(elements);
	return sorted;
}

void
dsr_der_end_set(struct dsr_der_writer *w, size_t from, uint8_t tag)
{
	size_t len = w->failed ? 0 : w->out->len - from;
	uint8_t *copy = NULL;

	if (len > 0) {
		copy = malloc(len);
		if (copy == NULL ||
		    !sort_elements(w->out->data + from, len, copy)) {
			(void)dsr_fail(&w->why, DSR_ENOMEM, "sorting a set");
			w->failed = true;
		}
		free(copy);
	}
	dsr_der_end(w, from, tag);
}

int
dsr_der_writer_finish(struct dsr_der_writer *w, struct dsr_error *err)
{
	if (!w->failed)
		return 0;
	*err = w->why;
	return -1;
}
