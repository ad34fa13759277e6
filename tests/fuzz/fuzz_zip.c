/* SPDX-License-Identifier: ISC */
/*
 * The ZIP reader on any bytes. It must not crash; both ways to unpack a member
 * must agree; and what it accepts without a finding, the writer makes again
 * from the same members, byte for byte.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../support/raw_zip.h"

#define CONTENT_MAX 4194304u /* bytes of a member that is unpacked twice */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct copy {
	struct dsr_zip_reader *reader;
	struct dsr_zip_writer *writer;
	struct dsr_findings *findings;
	struct dsr_inflater *inflater;
	int in, out;
};

static void
must(int rc)
{
	if (rc < 0)
		abort();
}

static void
open_copy(struct copy *c, const uint8_t *data, size_t size)
{
	struct dsr_error err;

	c->in = memory_file(data, size);
	c->out = memory_file("", 0);
	must(dsr_findings_new(&c->findings, NULL, NULL, &err));
	must(dsr_zip_reader_new(&c->reader, c->in, c->findings, &err));
	must(dsr_zip_writer_new(&c->writer, c->out, 0, &err));
	must(dsr_inflater_new(&c->inflater, &err));
}

static void
close_copy(struct copy *c)
{
	dsr_zip_reader_free(c->reader);
	dsr_zip_writer_free(c->writer);
	dsr_findings_free(c->findings);
	dsr_inflater_free(c->inflater);
	close(c->in);
	close(c->out);
}

/* Only of accepted archives: sizes are true then. */
static void
copy_member(struct copy *c, const struct dsr_zip_entry *e)
{
	size_t packed_size = (size_t)e->packed_size;
	uint8_t *packed = malloc(packed_size + 1), *content = NULL;
	struct dsr_error err;

	if (packed == NULL || dsr_zip_reader_packed(c->reader, packed,
	    packed_size + 1, &err) != (int64_t)packed_size)
		abort();
	if (e->method == DSR_ZIP_DEFLATED && e->size <= CONTENT_MAX) {
		content = malloc((size_t)e->size);
		if (content == NULL || !dsr_inflate(c->inflater, content,
		    (size_t)e->size, (size_t)e->size, packed, packed_size) ||
		    dsr_crc32(0, content, (size_t)e->size) != e->crc32)
			abort();
	}
	must(dsr_zip_writer_add(c->writer, e, packed, &err));
	free(packed);
	free(content);
}

static void
copy_archive(const uint8_t *data, size_t size)
{
	struct dsr_zip_entry e;
	struct dsr_error err;
	struct copy c;
	uint8_t *copied;
	size_t len;

	open_copy(&c, data, size);
	while (dsr_zip_reader_next(c.reader, &e, &err) > 0)
		copy_member(&c, &e);
	must(dsr_zip_reader_finish(c.reader, &err));
	must(dsr_zip_writer_finish(c.writer, &err));
	copied = file_bytes(c.out, &len);
	if (len != size || memcmp(copied, data, size) != 0)
		abort();
	free(copied);
	close_copy(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dsr_findings *f = judge_zip(data, size);
	uint64_t errors = dsr_findings_count(f, DSR_ERROR);

	dsr_findings_free(f);
	if (errors == 0)
		copy_archive(data, size);
	return 0;
}
