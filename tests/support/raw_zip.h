/* SPDX-License-Identifier: ISC */
/*
 * ZIP files in memory: read by the strict reader, and made byte by byte, so
 * that a test can set every field of every record wrong on its own.
 */
#ifndef TESTS_RAW_ZIP_H
#define TESTS_RAW_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/finding.h"
#include "dossier/zip.h"

#define RAW_MEMBERS 4
#define RAW_EXTRA   64
#define RAW_NAME    300

/* A local or central header; a local one leaves the last rows out. */
struct raw_header {
	uint32_t signature;
	uint16_t needed, flags, method, time, date;
	uint32_t crc, packed, size;
	char name[RAW_NAME];
	size_t name_len;
	uint8_t extra[RAW_EXTRA];
	size_t extra_len;
	uint16_t made_by, disk, internal;
	uint32_t external, offset;
	char comment[RAW_EXTRA];
	size_t comment_len;
};

struct raw_member {
	struct raw_header local, central;
	uint8_t data[256];
	size_t data_len;
	bool hidden;        /* has no central header */
	uint8_t before[64]; /* between it and the one before */
	size_t before_len;
};

struct raw_end {
	uint16_t disk, directory_disk, here, members;
	uint32_t size, offset;
	char comment[RAW_EXTRA];
	size_t comment_len;
};

struct raw_zip {
	struct raw_member members[RAW_MEMBERS];
	size_t count;
	size_t order[RAW_MEMBERS]; /* of the central headers */
	bool wide;                 /* a ZIP64 end record and locator */
	struct raw_end end;
	uint8_t after[64];
	size_t after_len;
};

/* Three right members: stored, deflated, empty. */
void raw_zip_init(struct raw_zip *z);
/* Gives offsets, and the end record, the values they must have. */
void raw_zip_settle(struct raw_zip *z);
/* The bytes; free() them. */
uint8_t *raw_zip_bytes(const struct raw_zip *z, size_t *len);

/* A descriptor at the start of a file in memory with these bytes. */
int memory_file(const void *data, size_t len);
/* All bytes of a file; free() them. */
uint8_t *file_bytes(int fd, size_t *len);
/*
 * Every finding of the strict reader about these bytes, every member read and
 * judged, duplicate names watched. Free: dsr_findings_free.
 */
struct dsr_findings *judge_zip(const void *data, size_t len);
/* The same as if the first byte stood at offset base of its file. */
struct dsr_findings *judge_zip_at(const void *data, size_t len, uint64_t base);

/* One thing wrong in an archive that is right otherwise. */
struct raw_fault {
	const char *why;
	void (*change)(struct raw_zip *z);
	enum dsr_finding_id id; /* DSR_FINDING_COUNT: nothing is wrong */
};
/* The test fails unless each is found, and nothing of another kind with it. */
void expect_faults(const struct raw_fault *faults, size_t count);

#endif
