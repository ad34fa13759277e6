/* SPDX-License-Identifier: ISC */
/*
 * Names inside an archive: which are allowed, and in which order they stand.
 * Source: docs/FORMAT.md 2.4 and 3.2.
 */
#ifndef DOSSIER_NAME_H
#define DOSSIER_NAME_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Is s (len bytes) a safe relative path: segments
 * [A-Za-z0-9][A-Za-z0-9._-]* of at most DSR_MAX_SEGMENT bytes joined by '/',
 * none of them ending in a dot or being a Windows device name, at most
 * DSR_MAX_DEPTH segments and DSR_MAX_NAME bytes?
 */
bool dsr_name_is_safe(const char *s, size_t len);

/* One segment of the above. */
bool dsr_segment_is_safe(const char *s, size_t len);

/* The name of an archive: one safe segment, <= DSR_MAX_ARCHIVE_NAME bytes. */
bool dsr_archive_name_is_safe(const char *s);

/*
 * An identifier that may stand in seal, bag-info and statement:
 * [A-Za-z0-9][A-Za-z0-9._-]{0,63}.
 */
bool dsr_identifier_is_safe(const char *s, size_t len);

/*
 * The one order: unsigned bytes after A-Z became a-z and '/' became 0x00.
 * Negative, 0 (equal: a duplicate or a collision of case) or positive.
 */
int dsr_name_compare(const char *a, size_t a_len, const char *b,
    size_t b_len);

/*
 * Does b, which follows a in the one order, stand below a, so that a would be
 * file and folder in one?
 */
bool dsr_name_is_parent(const char *a, size_t a_len, const char *b,
    size_t b_len);

/*
 * The extension that a payload file gets: what follows the last dot of the
 * last segment, in lower case, when it is [a-z0-9]{1,8}; else "bin".
 */
#define DSR_EXTENSION_SIZE 9
void dsr_name_extension(char out[DSR_EXTENSION_SIZE], const char *path,
    size_t len);

#endif
