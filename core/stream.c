/* SPDX-License-Identifier: ISC */
#include "dossier/stream.h"

#include "dossier/file.h"

static int64_t
read_fd(void *ctx, void *buf, size_t len, struct dsr_error *err)
{
	const int *fd = ctx;

	return dsr_read_full(*fd, buf, len, err);
}

static int
write_fd(void *ctx, const void *data, size_t len, struct dsr_error *err)
{
	const int *fd = ctx;

	return dsr_write_all(*fd, data, len, err);
}

void
dsr_source_of_fd(struct dsr_source *out, int *fd)
{
	out->read = read_fd;
	out->ctx = fd;
}

void
dsr_sink_of_fd(struct dsr_sink *out, int *fd)
{
	out->write = write_fd;
	out->ctx = fd;
}

int64_t
dsr_source_read_full(const struct dsr_source *s, void *buf, size_t len,
    struct dsr_error *err)
{
	uint8_t *p = buf;
	size_t got = 0;
	int64_t n;

	while (got < len) {
		if ((n = s->read(s->ctx, p + got, len - got, err)) < 0)
			return -1;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (int64_t)got;
}
