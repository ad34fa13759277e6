/* SPDX-License-Identifier: ISC */
/*
 * What the files of the ZIP reader share: zip_reader.c goes from member to
 * member, zip_content.c unpacks the current one, zip_end.c judges directory
 * and end records. Private to the container.
 */
#ifndef DOSSIER_CORE_ZIP_READER_H
#define DOSSIER_CORE_ZIP_READER_H

#include <zlib.h>

#include "dossier/zip.h"
#include "zip_input.h"
#include "zip_names.h"

enum dsr_zip_state {
	DSR_ZIP_AT_MEMBERS,
	DSR_ZIP_AT_DIRECTORY,
	DSR_ZIP_STOPPED /* a finding has said why nothing more can be read */
};

struct dsr_zip_content {
	z_stream stream;
	bool ready;       /* stream was initialised */
	bool started;     /* this member was read from */
	bool ended;       /* ... and judged */
	uint64_t size;    /* bytes of content so far */
	uint32_t crc32;   /* of them */
};

struct dsr_zip_reader {
	int fd;                         /* what the input reads from, or -1 */
	struct dsr_zip_input *input;
	struct dsr_findings *findings;
	enum dsr_zip_state state;
	struct dsr_zip_entry entry;     /* the current member */
	uint64_t left;                  /* packed bytes of it not yet read */
	struct dsr_zip_content content; /* of it */
	struct dsr_zip_names *names;    /* NULL: not watched */
	uint64_t count;                 /* members so far */
	uint64_t total;                 /* bytes of content they declare */
	struct dsr_sha256 *directory;   /* of the central headers rebuilt */
	bool rebuilt;                   /* every one of them could be */
};

/*
 * Packed bytes of the current member that are ready: their number, at most
 * what is left of the member; 0 at its end or, with a finding, where the file
 * ends. -1 when the system failed.
 */
int64_t dsr_zip_reader_ready(struct dsr_zip_reader *r, struct dsr_error *err);
/* Goes over len of them. */
void dsr_zip_reader_take(struct dsr_zip_reader *r, size_t len);
/* Adds a finding about the whole file, and reads no further. */
void dsr_zip_reader_stop(struct dsr_zip_reader *r, enum dsr_finding_id id,
    const char *where);

/* Frees what content holds. */
void dsr_zip_content_fini(struct dsr_zip_content *c);

#endif
