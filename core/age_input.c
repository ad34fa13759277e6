/* SPDX-License-Identifier: ISC */
/* A source by lines first, and in bulk afterwards. */
#include "age_private.h"

#include <string.h>

void
dsr_age_input_init(struct dsr_age_input *in, const struct dsr_source *source)
{
	in->source = *source;
	in->ended = false;
	in->start = in->end = 0;
}

int64_t
dsr_age_input_peek(struct dsr_age_input *in, const uint8_t **bytes,
    struct dsr_error *err)
{
	int64_t n;

	if (in->start == in->end && !in->ended) {
		n = in->source.read(in->source.ctx, in->buffer,
		    sizeof(in->buffer), err);
		if (n < 0)
			return -1;
		in->ended = n == 0;
		in->start = 0;
		in->end = (size_t)n;
	}
	*bytes = in->buffer + in->start;
	return (int64_t)(in->end - in->start);
}

int64_t
dsr_age_input_read(struct dsr_age_input *in, void *buf, size_t len,
    struct dsr_error *err)
{
	size_t ready = in->end - in->start;
	int64_t n;

	if (ready > len)
		ready = len;
	memcpy(buf, in->buffer + in->start, ready);
	in->start += ready;
	if (ready == len || in->ended)
		return (int64_t)ready;
	n = dsr_source_read_full(&in->source, (uint8_t *)buf + ready,
	    len - ready, err);
	if (n < 0)
		return -1;
	in->ended = (size_t)n < len - ready;
	return (int64_t)ready + n;
}

int
dsr_age_input_line(struct dsr_age_input *in, struct dsr_buffer *line,
    struct dsr_error *err)
{
	const uint8_t *bytes, *lf;
	size_t len;
	int64_t n;

	dsr_buffer_reset(line);
	while ((n = dsr_age_input_peek(in, &bytes, err)) > 0) {
		lf = memchr(bytes, '\n', (size_t)n);
		len = lf == NULL ? (size_t)n : (size_t)(lf - bytes) + 1;
		if (dsr_buffer_append(line, bytes, len, err) != 0)
			return -1;
		in->start += len;
		if (lf != NULL)
			return 1;
	}
	return n < 0 ? -1 : line->len > 0;
}
