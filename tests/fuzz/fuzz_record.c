/* SPDX-License-Identifier: ISC */
/*
 * Records: a line that is read is written again as the same bytes. The first
 * byte of the input chooses the type: d, e, g, r or s.
 */
#include "dossier/records.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static const struct dsr_record_type *
type_of(uint8_t choice)
{
	switch (choice) {
	case 'd':
		return &dsr_document_type;
	case 'e':
		return &dsr_exchange_type;
	case 'g':
		return &dsr_gap_type;
	case 'r': /* of a receipt */
		return &dsr_erasure_type;
	default:
		return &dsr_statement_type;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	union {
		struct dsr_document document;
		struct dsr_exchange exchange;
		struct dsr_gap gap;
		struct dsr_erasure erasure;
		struct dsr_statement statement;
	} rec;
	const struct dsr_record_type *type;
	struct dsr_arena *arena = NULL;
	struct dsr_buffer out;
	struct dsr_error err;

	if (size == 0)
		return 0;
	type = type_of(data[0]);
	require(dsr_arena_new(&arena, &err) == 0);
	dsr_buffer_init(&out, size);
	if (dsr_record_read_line(type, &rec, arena, data + 1, size - 1,
	        &err) == 0) {
		require(dsr_record_write_line(type, &rec, &out, &err) == 0);
		require(out.len == size - 1 &&
		    memcmp(out.data, data + 1, out.len) == 0);
	}
	dsr_buffer_fini(&out);
	dsr_arena_free(arena);
	return 0;
}
