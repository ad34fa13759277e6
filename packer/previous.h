/* SPDX-License-Identifier: ISC */
/* The archive that a new one continues: pack --previous. */
#ifndef PACKER_PREVIOUS_H
#define PACKER_PREVIOUS_H

#include <stdint.h>

#include "dossier/digest.h"
#include "dossier/error.h"
#include "dossier/seal.h"

struct previous {
	uint64_t sequence;                /* of the previous archive */
	struct dsr_seal seal;             /* what its seal says, checked */
	char body_sha256[DSR_SHA256_HEX]; /* from it */
};

/*
 * Reads a sealed archive to its end: its bytes must be the ones that were
 * sealed, by whatever key it names. Whether anybody trusts that key is not for
 * the packer to say.
 * DSR_EINPUT  it is damaged, not sealed, or no archive at all
 * DSR_EIO, DSR_ENOMEM
 */
int previous_read(struct previous *out, const char *path,
    struct dsr_error *err);

#endif
