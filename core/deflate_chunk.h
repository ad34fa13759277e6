/* SPDX-License-Identifier: ISC */
/*
 * One chunk of a deflate stream that threads make together: from libdeflate
 * where it is there, else from zlib. The bytes of a chunk depend on nothing
 * but its content, the chunk before, and the level.
 */
#ifndef DOSSIER_CORE_DEFLATE_CHUNK_H
#define DOSSIER_CORE_DEFLATE_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/zip.h"

#define DEFLATE_CHUNK  524288u /* bytes of content */
#define DEFLATE_WINDOW 32768u  /* bytes that deflate looks back */
/*
 * Room for a packed chunk: stored blocks at worst, and what zlib's
 * deflateBound and libdeflate's bound and padding want beyond.
 */
#define DEFLATE_PACKED (DEFLATE_CHUNK + DEFLATE_CHUNK / 64u + 1024u)
#define DEFLATE_UNPACKED (DEFLATE_CHUNK + DSR_INFLATE_SLACK)

struct deflate_chunk {
	uint8_t window[DEFLATE_WINDOW]; /* the end of the chunk before */
	size_t window_len;
	uint8_t content[DEFLATE_CHUNK];
	size_t len;
	bool last;
	bool failed; /* a bug of a library: see deflate_chunk_pack */
	size_t packed_len;
	uint8_t packed[DEFLATE_PACKED];
};

/* What one thread works with; NULL when there is no memory. */
struct chunk_deflater;
struct chunk_deflater *chunk_deflater_new(int level);
void chunk_deflater_free(struct chunk_deflater *d);

/* Sets packed and failed. A chunk that is not the last ends at a whole byte. */
void deflate_chunk_pack(struct deflate_chunk *c, struct chunk_deflater *d);

/*
 * Makes whole streams into pieces of one: takes the mark of the last block
 * from the stream in out (room for DEFLATE_PACKED), which must be len bytes
 * for size <= DEFLATE_CHUNK bytes of content, and puts an empty stored block
 * behind it, so that it ends at a whole byte. Its new length, or 0 when it is
 * no such stream. The content is made once more in unpacked.
 */
size_t deflate_unfinish(struct dsr_inflater *i,
    uint8_t unpacked[DEFLATE_UNPACKED], uint8_t out[DEFLATE_PACKED],
    size_t len, const uint8_t *content, size_t size);

#endif
