/* SPDX-License-Identifier: ISC */
/* Some documents that one thread packs at a time. */
#ifndef PACKER_BATCH_H
#define PACKER_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "dossier/buffer.h"
#include "dossier/digest.h"
#include "dossier/error.h"
#include "dossier/zip.h"
#include "source.h"

#define BATCH_ITEMS 64u      /* documents */
#define BATCH_BYTES 262144u  /* of their content: then the batch is full */
#define LARGE_BYTES 1048576u /* a document of more is streamed, alone */

enum batch_outcome {
	BATCH_PACKED, /* packed bytes and line are ready */
	BATCH_LARGE,  /* too large for a batch: stream it */
	BATCH_GAP     /* item.gap says why */
};

struct batch_item {
	struct source_item source;
	enum batch_outcome outcome;
	struct dsr_zip_entry entry;
	size_t packed; /* offset in batch.packed */
	uint8_t sha256[DSR_SHA256_BYTES];
	uint8_t leaf[DSR_SHA256_BYTES];
	size_t line, line_len; /* in batch.lines */
	char sha256_hex[DSR_SHA256_HEX];
	char salt[DSR_SHA256_HEX];
};

struct batch {
	struct dsr_arena *arena;
	struct batch_item items[BATCH_ITEMS];
	size_t count;
	uint64_t bytes;           /* of content, as far as known */
	struct dsr_buffer packed;
	struct dsr_buffer lines;
	bool failed;              /* err says why */
	struct dsr_error err;
};

/* What one thread works with. */
struct packing {
	struct source *source;
	const uint8_t *secret;
	struct dsr_deflater *deflater;
	uint8_t *content; /* LARGE_BYTES + 1 */
};

int batch_new(struct batch **out, struct dsr_error *err);
void batch_free(struct batch *b);
/* Empty again, its memory kept. */
void batch_reset(struct batch *b);
/* Room for another document? */
bool batch_has_room(const struct batch *b);

/* A dsr_work_fn: packs a struct batch with a struct packing. */
void batch_pack(void *batch, void *packing);

/*
 * Fills in what the record says of the bytes, writes the line of
 * documents.jsonl behind b->lines and sets the leaf.
 */
int batch_describe(struct batch *b, struct batch_item *i,
    const uint8_t *secret, uint64_t size, struct dsr_error *err);

#endif
