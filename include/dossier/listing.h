/* SPDX-License-Identifier: ISC */
/*
 * A walk over a folder that lists its files in the one order of the archive.
 */
#ifndef DOSSIER_LISTING_H
#define DOSSIER_LISTING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "dossier/buffer.h"
#include "dossier/error.h"
#include "dossier/file.h"
#include "dossier/record.h"

struct dsr_listing;

/*
 * Walks the folder at path; name is the archive's (it counts in the length of
 * member names). The device and inode in leave_out are passed over. secret:
 * the names must not be written to a disk in the clear.
 */
int dsr_listing_open(struct dsr_listing **out, const char *path,
    const char *name, const struct stat *leave_out, bool secret,
    struct dsr_error *err);
void dsr_listing_free(struct dsr_listing *f);

enum dsr_listed_kind {
	DSR_LISTED_FILE,    /* keeps its path */
	DSR_LISTED_RENAMED, /* its path breaks a rule: data/files/renamed/ */
	DSR_LISTED_GAP,     /* not a regular file, or not to be listed */
};

struct dsr_listed {
	enum dsr_listed_kind kind;
	const char *path;   /* below the folder, any bytes; in the line */
	uint64_t size;      /* of a file, when it was listed */
	uint64_t number;    /* of a renamed one, from 1 */
	const char *reason; /* of a gap: a word of FORMAT.md 4.4 */
};

/* Files that will come (gaps not counted), and empty folders. */
uint64_t dsr_listing_count(const struct dsr_listing *f);
uint64_t dsr_listing_empty_count(const struct dsr_listing *f);

/* Entries in the one order of their member names; 1, 0 at the end, -1. */
int dsr_listing_next(struct dsr_listing *f, struct dsr_listed *e,
    struct dsr_error *err);
/* After the entries: paths of empty folders, likewise (NULL at the end). */
int dsr_listing_next_empty(struct dsr_listing *f, const char **path,
    struct dsr_error *err);

/* Opens a file of the folder for reading; -1 with errno. */
int dsr_listing_open_file(const struct dsr_listing *f, const char *path,
    struct stat *st);

/* Why this is no file for an archive (FORMAT.md 4.4), NULL when it is one (or
 * a folder). */
const char *dsr_listing_reason(const struct stat *st);
/* Is this still the file that it was? */
bool dsr_listing_unchanged(const struct stat *before,
    const struct stat *after);
/* A name from the file system: as text, or in base64 when it is not UTF-8. */
int dsr_listing_name(struct dsr_arena *arena, const char *path,
    const char **name, const char **name_base64, struct dsr_error *err);

#endif
