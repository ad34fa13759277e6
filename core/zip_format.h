/* SPDX-License-Identifier: ISC */
/*
 * The bytes of every ZIP record that the format allows, each as a function of
 * what it says. The writer writes them; the reader builds them again from what
 * it understood and compares. Private to the container.
 * Source: docs/FORMAT.md section 2, after APPNOTE.TXT 6.3.10.
 */
#ifndef DOSSIER_CORE_ZIP_FORMAT_H
#define DOSSIER_CORE_ZIP_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/limits.h"
#include "dossier/zip.h"

/* First four bytes of each record, as a little-endian number. */
#define DSR_ZIP_LOCAL_SIGNATURE   0x04034b50u
#define DSR_ZIP_CENTRAL_SIGNATURE 0x02014b50u
#define DSR_ZIP_END64_SIGNATURE   0x06064b50u
#define DSR_ZIP_LOCATOR_SIGNATURE 0x07064b50u
#define DSR_ZIP_END_SIGNATURE     0x06054b50u

/* Bytes of each record without name and extra field. */
#define DSR_ZIP_LOCAL_BYTES   30u
#define DSR_ZIP_CENTRAL_BYTES 46u
#define DSR_ZIP_END64_BYTES   56u
#define DSR_ZIP_LOCATOR_BYTES 20u
#define DSR_ZIP_END_BYTES     22u
/* Bytes of the ZIP64 extra field with two and with one number. */
#define DSR_ZIP_SIZES_EXTRA   20u
#define DSR_ZIP_OFFSET_EXTRA  12u

/* Bytes of each record at the most. */
#define DSR_ZIP_LOCAL_MAX \
	(DSR_ZIP_LOCAL_BYTES + DSR_MAX_NAME + DSR_ZIP_SIZES_EXTRA)
#define DSR_ZIP_CENTRAL_MAX \
	(DSR_ZIP_CENTRAL_BYTES + DSR_MAX_NAME + DSR_ZIP_SIZES_EXTRA + 8u)
#define DSR_ZIP_ENDS_MAX \
	(DSR_ZIP_END64_BYTES + DSR_ZIP_LOCATOR_BYTES + DSR_ZIP_END_BYTES)

/* The sentinels: a number from here on needs ZIP64. */
#define DSR_ZIP_MAX16 0xFFFFu
#define DSR_ZIP_MAX32 0xFFFFFFFFu

/* Do the sizes need ZIP64? FORMAT.md 2.3 */
bool dsr_zip_sizes_need64(uint64_t size, uint64_t packed_size);

/* Local header with name and extra field; returns its bytes. */
size_t dsr_zip_local_encode(uint8_t out[DSR_ZIP_LOCAL_MAX],
    const struct dsr_zip_entry *e);
/* Central header with name and extra field; returns its bytes. */
size_t dsr_zip_central_encode(uint8_t out[DSR_ZIP_CENTRAL_MAX],
    const struct dsr_zip_entry *e);

/* What the records behind the directory follow from. */
struct dsr_zip_ends {
	uint64_t members;
	uint64_t directory_offset;
	uint64_t directory_size; /* bytes */
};
/* ZIP64 end record and locator where needed, and end record. */
size_t dsr_zip_ends_encode(uint8_t out[DSR_ZIP_ENDS_MAX],
    const struct dsr_zip_ends *ends);

static inline uint16_t
dsr_zip_get16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t
dsr_zip_get32(const uint8_t *p)
{
	return dsr_zip_get16(p) | (uint32_t)dsr_zip_get16(p + 2) << 16;
}

static inline uint64_t
dsr_zip_get64(const uint8_t *p)
{
	return dsr_zip_get32(p) | (uint64_t)dsr_zip_get32(p + 4) << 32;
}

#endif
