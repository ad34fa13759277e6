/* SPDX-License-Identifier: ISC */
/*
 * A walk over a folder that lists its files in the one order of the archive.
 */
#ifndef PACKER_FOLDER_H
#define PACKER_FOLDER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "dossier/buffer.h"
#include "dossier/error.h"
#include "dossier/file.h"

struct folder;

/*
 * Walks the folder at path; name is the archive's (it counts in the length of
 * member names). The device and inode in leave_out are passed over. secret:
 * the names must not be written to a disk in the clear.
 */
int folder_open(struct folder **out, const char *path, const char *name,
    const struct stat *leave_out, bool secret, struct dsr_error *err);
void folder_free(struct folder *f);

enum folder_entry_kind {
	FOLDER_FILE,    /* keeps its path */
	FOLDER_RENAMED, /* its path breaks a rule: data/files/renamed/ */
	FOLDER_GAP,     /* not a regular file, or not to be listed */
};

struct folder_entry {
	enum folder_entry_kind kind;
	const char *path;   /* below the folder, any bytes; in the line */
	uint64_t size;      /* of a file, when it was listed */
	uint64_t number;    /* of a renamed one, from 1 */
	const char *reason; /* of a gap: a word of FORMAT.md 4.4 */
};

/* Files that will come (gaps not counted), and empty folders. */
uint64_t folder_count(const struct folder *f);
uint64_t folder_empty_count(const struct folder *f);

/* Entries in the one order of their member names; 1, 0 at the end, -1. */
int folder_next(struct folder *f, struct folder_entry *e,
    struct dsr_error *err);
/* After the entries: paths of empty folders, likewise (NULL at the end). */
int folder_next_empty(struct folder *f, const char **path,
    struct dsr_error *err);

/* Opens a file of the folder for reading; -1 with errno. */
int folder_open_file(const struct folder *f, const char *path,
    struct stat *st);

#endif
