/* SPDX-License-Identifier: ISC */
/*
 * The container: a strict ZIP, one writer and one reader side by side.
 * Source: docs/FORMAT.md section 2, after APPNOTE.TXT 6.3.10.
 */
#ifndef DOSSIER_ZIP_H
#define DOSSIER_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/digest.h"
#include "dossier/error.h"
#include "dossier/finding.h"
#include "dossier/limits.h"
#include "dossier/stream.h"

enum dsr_zip_method { DSR_ZIP_STORED = 0, DSR_ZIP_DEFLATED = 8 };

/* What a member's headers say. */
struct dsr_zip_entry {
	char name[DSR_MAX_NAME + 1];
	size_t name_len;
	enum dsr_zip_method method;
	uint32_t crc32;
	uint64_t size;        /* bytes of content */
	uint64_t packed_size; /* bytes in the archive */
	uint64_t offset;      /* of the local header */
};

/* ---- writing ---------------------------------------------------------- */

struct dsr_zip_writer;

/*
 * Writes an archive into fd (open for reading and writing, empty, seekable;
 * borrowed). base is what the first offset is taken to be: 0, but for tests of
 * ZIP64.
 */
int dsr_zip_writer_new(struct dsr_zip_writer **out, int fd, uint64_t base,
    struct dsr_error *err);
/*
 * The same into a sink (copied), where nothing can be taken back: a member
 * that does not fit in memory waits in a temporary file until its header is
 * known. That file and all others are encrypted: who writes into a sink may
 * be on the way to an encrypted file.
 */
int dsr_zip_writer_new_sink(struct dsr_zip_writer **out,
    const struct dsr_sink *sink, struct dsr_error *err);
void dsr_zip_writer_free(struct dsr_zip_writer *w);

/*
 * Adds a member whose packed bytes are in memory: name, method, crc32, size
 * and packed_size of e are used.
 * DSR_EFORMAT  the name is not allowed (a bug of the caller's otherwise)
 */
int dsr_zip_writer_add(struct dsr_zip_writer *w, const struct dsr_zip_entry *e,
    const void *packed, struct dsr_error *err);

/*
 * Adds a member that does not fit in memory: begin, packed bytes in pieces,
 * end with what is known then. expected_size (bytes of content, at most)
 * decides beforehand whether the headers are of ZIP64; end fails with
 * DSR_EFAILED when that turns out wrong. cancel takes the member out again.
 */
int dsr_zip_writer_begin(struct dsr_zip_writer *w, const char *name,
    enum dsr_zip_method method, uint64_t expected_size,
    struct dsr_error *err);
int dsr_zip_writer_write(struct dsr_zip_writer *w, const void *packed,
    size_t len, struct dsr_error *err);
/* Packed bytes of the open member so far. */
uint64_t dsr_zip_writer_packed(const struct dsr_zip_writer *w);
int dsr_zip_writer_end(struct dsr_zip_writer *w, uint32_t crc32,
    uint64_t size, struct dsr_error *err);
int dsr_zip_writer_cancel(struct dsr_zip_writer *w, struct dsr_error *err);

/*
 * Members and bytes so far, and the SHA-256 of these bytes, but for those of a
 * member that is open: DSR_EIO where the file cannot be read back.
 */
uint64_t dsr_zip_writer_count(const struct dsr_zip_writer *w);
uint64_t dsr_zip_writer_offset(const struct dsr_zip_writer *w);
int dsr_zip_writer_digest(struct dsr_zip_writer *w,
    uint8_t out[DSR_SHA256_BYTES], struct dsr_error *err);

/* Writes directory and end records. */
int dsr_zip_writer_finish(struct dsr_zip_writer *w, struct dsr_error *err);

/* ---- packing one member's bytes ---------------------------------------- */

/*
 * Deflates with libdeflate or zlib; one per thread, reused for every member.
 */
struct dsr_deflater;
/*
 * level 0 stores everything; 1 is the fastest, 12 the smallest (zlib, where
 * libdeflate is absent, ends at 9).
 */
int dsr_deflater_new(struct dsr_deflater **out, int level,
    struct dsr_error *err);
void dsr_deflater_free(struct dsr_deflater *d);
/*
 * Packs content of size bytes into out (memory for size bytes): method,
 * crc32, size and packed_size of e are set; DSR_ZIP_STORED when deflate does
 * not make it smaller (then out holds the content itself). A sample of the
 * content decides whether deflate is tried at all.
 */
void dsr_deflater_pack(struct dsr_deflater *d, struct dsr_zip_entry *e,
    uint8_t *out, const uint8_t *content, size_t size);
/*
 * The sample alone: would deflate make this content smaller? For content that
 * comes in pieces, asked of the first one. False at level 0 and for nothing.
 */
bool dsr_deflater_is_worthwhile(struct dsr_deflater *d,
    const uint8_t *content, size_t size);
/* CRC-32 of more bytes behind those of crc (0 at first). */
uint32_t dsr_crc32(uint32_t crc, const void *data, size_t len);

/*
 * Inflates whole members; one per thread, reused for every member.
 */
struct dsr_inflater;
int dsr_inflater_new(struct dsr_inflater **out, struct dsr_error *err);
void dsr_inflater_free(struct dsr_inflater *i);
/*
 * Is packed a deflate stream that ends in its last byte and makes exactly size
 * bytes? Then they are in out, which has room for at least as many; what is
 * behind them may be written over. With DSR_INFLATE_SLACK more it is faster.
 * The verdict is the one of dsr_zip_reader_read (DSR_F_ZIP_DEFLATE), in every
 * build. Both sizes are below 4 GiB.
 */
#define DSR_INFLATE_SLACK 320u
bool dsr_inflate(struct dsr_inflater *i, uint8_t *out, size_t room,
    size_t size, const uint8_t *packed, size_t packed_size);
/* The same without zlib, which has the last word above: for tests. */
bool dsr_inflate_alone(struct dsr_inflater *i, uint8_t *out, size_t room,
    size_t size, const uint8_t *packed, size_t packed_size);
/* What a row of blocks is. */
struct dsr_blocks {
	size_t size; /* bytes of content */
	bool ended;  /* the last one was the last of a stream */
	size_t last; /* the bit where the header of the last one stands */
	size_t bits; /* of all of them */
};

/*
 * Is packed a row of blocks that needs nothing before it and ends in the last
 * byte: with the last block of a stream, or at a whole byte? Then found->size
 * bytes are in out. False says nothing about the stream it is a part of: what
 * came before may be missing, or room.
 */
bool dsr_inflate_blocks(struct dsr_inflater *i, uint8_t *out, size_t room,
    const uint8_t *packed, size_t packed_size, struct dsr_blocks *found);

/* ---- reading ------------------------------------------------------------ */

/*
 * Goes forward over one descriptor (file or pipe) and holds no list of
 * members: each local header goes through a rebuild of the directory as a
 * running hash, which the directory must match.
 */
struct dsr_zip_reader;

/* fd is borrowed; it is read from where it stands, to the end. */
int dsr_zip_reader_new(struct dsr_zip_reader **out, int fd,
    struct dsr_findings *findings, struct dsr_error *err);
/* The same from a source: copied, and what it leads to is borrowed. */
int dsr_zip_reader_new_source(struct dsr_zip_reader **out,
    const struct dsr_source *source, struct dsr_findings *findings,
    struct dsr_error *err);
void dsr_zip_reader_free(struct dsr_zip_reader *r);

/*
 * Asks for a watch over duplicate names (also those that differ in case only)
 * before the first member: zip/duplicate. It costs some bytes a member, so it
 * is for a container looked at alone; in an archive the one order of the bag
 * (FORMAT.md 3.2) already excludes them.
 */
int dsr_zip_reader_watch_names(struct dsr_zip_reader *r,
    struct dsr_error *err);

/*
 * The next member; what was left of the one before is skipped (and not
 * judged). 1 with *e filled; 0 when the directory stands here or nothing more
 * can be read (a finding says why); -1 when the system failed. A member with a
 * name that is not allowed is a finding and is not handed out; what is handed
 * out has sizes within the limits of FORMAT.md 2.6, and so does their sum.
 */
int dsr_zip_reader_next(struct dsr_zip_reader *r, struct dsr_zip_entry *e,
    struct dsr_error *err);
/*
 * SHA-256 of all bytes before the local header of the current member, whose
 * offset is e->offset: the body, when the member is the seal.
 */
void dsr_zip_reader_digest(const struct dsr_zip_reader *r,
    uint8_t out[DSR_SHA256_BYTES]);
/*
 * Packed bytes of the current member, as they stand in the file: up to len;
 * 0 at its end or when the file ended (a finding), -1 on failure. Who takes
 * them judges them too: dsr_inflate and dsr_crc32, or for a stored member its
 * size and dsr_crc32.
 */
int64_t dsr_zip_reader_packed(struct dsr_zip_reader *r, void *buf, size_t len,
    struct dsr_error *err);
/*
 * Content of the current member: up to len bytes, 0 at its end. CRC, sizes
 * and the end of the deflate stream are judged when the end is reached
 * (findings); after damage it ends early.
 */
int64_t dsr_zip_reader_read(struct dsr_zip_reader *r, void *buf, size_t len,
    struct dsr_error *err);
/*
 * After next gave 0: compares directory and end records with what they must
 * be, and asks for the end of the file. Findings tell what was wrong.
 */
int dsr_zip_reader_finish(struct dsr_zip_reader *r, struct dsr_error *err);
/* Members read, and bytes of the file read so far. */
uint64_t dsr_zip_reader_count(const struct dsr_zip_reader *r);
uint64_t dsr_zip_reader_offset(const struct dsr_zip_reader *r);

#endif
