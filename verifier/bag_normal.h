/* SPDX-License-Identifier: ISC */
/*
 * Names that mean the same to people or to some file system: Unicode
 * normalization (form D) and case. Source: RFC 8493 section 6.1.1.
 */
#ifndef VERIFIER_BAG_NORMAL_H
#define VERIFIER_BAG_NORMAL_H

#include <stddef.h>

#include "dossier/buffer.h"
#include "dossier/error.h"

/*
 * Appends s in normalization form D. Bytes that are not UTF-8 stay as they
 * are.
 */
int bag_normalize(struct dsr_buffer *out, const char *s, size_t len,
    struct dsr_error *err);
/*
 * The same, and letters of the Latin, Greek and Cyrillic alphabets in lower
 * case.
 */
int bag_fold(struct dsr_buffer *out, const char *s, size_t len,
    struct dsr_error *err);

#endif
