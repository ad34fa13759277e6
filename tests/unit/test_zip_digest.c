/* SPDX-License-Identifier: ISC */
/*
 * Members of all sizes in any order, taken out again or not: the bytes are what
 * a model says, and so is their digest, whenever it is asked for.
 */
#include "dossier/zip.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../core/zip_format.h"
#include "../support/raw_zip.h"
#include "dossier/buffer.h"

#define BUFFER  262144u /* of the writer */
#define HEADER  38u     /* bytes before those of a member */
#define LARGEST (3 * BUFFER + 7)
#define MEMBERS 12u /* of an archive */
#define ORDERS  40u
#define BASE    4096u /* of every other archive */

static uint8_t noise[2 * LARGEST];
static struct dsr_error err;
static uint32_t state;

/* A writer, and what it must have made. */
struct model {
	struct dsr_zip_writer *writer;
	struct dsr_buffer bytes;
	uint64_t base;
	unsigned int members;
};

static uint32_t
draw(uint32_t below)
{
	state = state * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)state * below >> 32);
}

static int
prepare(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t)draw(256);
	return sodium_init() < 0;
}

/* Nobody looks into them here: of a deflated one, only its size is less. */
static const uint8_t *
draw_member(struct dsr_zip_entry *e, unsigned int number)
{
	static const uint32_t sizes[] = { 0, 1, 1000, BUFFER - HEADER - 1,
		BUFFER - HEADER, BUFFER - HEADER + 1, BUFFER - 1, BUFFER,
		BUFFER + 1, 2 * BUFFER - HEADER, 2 * BUFFER - 1, 2 * BUFFER,
		2 * BUFFER + 1, LARGEST };

	memset(e, 0, sizeof(*e));
	e->name_len = (size_t)snprintf(e->name, sizeof(e->name), "a/%06u",
	    number);
	e->method = draw(2) == 0 ? DSR_ZIP_STORED : DSR_ZIP_DEFLATED;
	e->packed_size = sizes[draw(sizeof(sizes) / sizeof(sizes[0]))];
	e->size = e->packed_size + (e->method == DSR_ZIP_DEFLATED);
	e->crc32 = draw(UINT32_MAX);
	return noise + draw(LARGEST);
}

static void
model_member(struct model *m, const struct dsr_zip_entry *e,
    const uint8_t *packed)
{
	uint8_t header[DSR_ZIP_LOCAL_MAX];
	size_t len = dsr_zip_local_encode(header, e);

	assert_int_equal(len, HEADER);
	assert_int_equal(dsr_buffer_append(&m->bytes, header, len, &err), 0);
	assert_int_equal(dsr_buffer_append(&m->bytes, packed,
	    (size_t)e->packed_size, &err), 0);
	m->members++;
}

/* Not each time: to be asked must change nothing. */
static void
ask_digest(const struct model *m)
{
	uint8_t wanted[DSR_SHA256_BYTES], found[DSR_SHA256_BYTES];

	if (draw(3) != 0)
		return;
	dsr_sha256(wanted, m->bytes.data, m->bytes.len);
	assert_int_equal(dsr_zip_writer_digest(m->writer, found, &err), 0);
	assert_memory_equal(found, wanted, sizeof(found));
}

static void
write_pieces(struct model *m, const uint8_t *packed, size_t len)
{
	static const uint32_t most[] = { 1000, BUFFER - 1, BUFFER, BUFFER + 1,
		LARGEST };
	size_t n;

	for (; len > 0; packed += n, len -= n) {
		n = most[draw(sizeof(most) / sizeof(most[0]))];
		if (n > len)
			n = len;
		assert_int_equal(dsr_zip_writer_write(m->writer, packed, n,
		    &err), 0);
		ask_digest(m);
	}
}

static void
add_large(struct model *m, const struct dsr_zip_entry *e,
    const uint8_t *packed)
{
	assert_int_equal(dsr_zip_writer_begin(m->writer, e->name, e->method,
	    e->size, &err), 0);
	ask_digest(m);
	write_pieces(m, packed, (size_t)e->packed_size);
	if (draw(3) == 0) {
		assert_int_equal(dsr_zip_writer_cancel(m->writer, &err), 0);
		return;
	}
	assert_int_equal(dsr_zip_writer_end(m->writer, e->crc32, e->size,
	    &err), 0);
	model_member(m, e, packed);
}

static void
add_members(struct model *m)
{
	struct dsr_zip_entry e;
	const uint8_t *packed;
	unsigned int i;

	for (i = 0; i < MEMBERS; i++) {
		packed = draw_member(&e, i);
		if (draw(2) == 0) {
			add_large(m, &e, packed);
		} else {
			assert_int_equal(dsr_zip_writer_add(m->writer, &e,
			    packed, &err), 0);
			model_member(m, &e, packed);
		}
		assert_int_equal(dsr_zip_writer_offset(m->writer),
		    m->base + m->bytes.len);
		assert_int_equal(dsr_zip_writer_count(m->writer), m->members);
		ask_digest(m);
	}
}

static void
begin_model(struct model *m, unsigned int order)
{
	memset(m, 0, sizeof(*m));
	dsr_buffer_init(&m->bytes, MEMBERS * (HEADER + LARGEST));
	state = order;
}

/* The directory behind the members is that of other tests. */
static void
end_model(struct model *m, const uint8_t *found, size_t len)
{
	assert_true(len > m->bytes.len);
	assert_memory_equal(found, m->bytes.data, m->bytes.len);
	dsr_zip_writer_free(m->writer);
	dsr_buffer_fini(&m->bytes);
}

static void
files_are_as_the_model(void **unused)
{
	unsigned int order;
	struct model m;
	uint8_t *found;
	size_t len;
	int fd;

	(void)unused;
	for (order = 0; order < ORDERS; order++) {
		begin_model(&m, order);
		m.base = order % 2 * BASE;
		fd = memory_file("", 0);
		assert_int_equal(dsr_zip_writer_new(&m.writer, fd, m.base,
		    &err), 0);
		add_members(&m);
		assert_int_equal(dsr_zip_writer_finish(m.writer, &err), 0);
		found = file_bytes(fd, &len);
		end_model(&m, found, len);
		free(found);
		close(fd);
	}
}

static int
take(void *ctx, const void *bytes, size_t len, struct dsr_error *e)
{
	return dsr_buffer_append(ctx, bytes, len, e);
}

static void
sinks_are_as_the_model(void **unused)
{
	struct dsr_buffer found;
	const struct dsr_sink sink = { take, &found };
	unsigned int order;
	struct model m;

	(void)unused;
	for (order = 0; order < ORDERS; order++) {
		begin_model(&m, order);
		dsr_buffer_init(&found, 2 * MEMBERS * LARGEST);
		assert_int_equal(dsr_zip_writer_new_sink(&m.writer, &sink,
		    &err), 0);
		add_members(&m);
		assert_int_equal(dsr_zip_writer_finish(m.writer, &err), 0);
		end_model(&m, found.data, found.len);
		dsr_buffer_fini(&found);
	}
}

/* What was written is read back: a file that somebody cut is not sealed. */
static void
a_file_that_was_cut_is_told(void **unused)
{
	uint8_t digest[DSR_SHA256_BYTES];
	struct dsr_zip_writer *w;
	int fd = memory_file("", 0);

	(void)unused;
	assert_int_equal(dsr_zip_writer_new(&w, fd, 0, &err), 0);
	assert_int_equal(dsr_zip_writer_begin(w, "a/1", DSR_ZIP_STORED,
	    LARGEST, &err), 0);
	assert_int_equal(dsr_zip_writer_write(w, noise, LARGEST, &err), 0);
	assert_int_equal(dsr_zip_writer_end(w, 0, LARGEST, &err), 0);
	assert_int_equal(ftruncate(fd, LARGEST), 0);
	assert_int_equal(dsr_zip_writer_digest(w, digest, &err), -1);
	assert_int_equal(err.code, DSR_EIO);
	dsr_zip_writer_free(w);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_as_the_model),
		cmocka_unit_test(sinks_are_as_the_model),
		cmocka_unit_test(a_file_that_was_cut_is_told),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
