/* SPDX-License-Identifier: ISC */
/*
 * Any BagIt bag, 0.93 to 1.0, in a folder. Source: RFC 8493.
 *
 * Findings are errors where the version of the bag has a MUST, warnings where
 * people should know. Nothing is fetched, nothing outside the bag is read.
 */
#ifndef VERIFIER_BAG_VERIFY_H
#define VERIFIER_BAG_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "dossier/error.h"
#include "dossier/finding.h"

struct bag_options {
	unsigned int jobs; /* threads, at least 1 */
};

struct bag_result {
	bool valid;
	char version[16];   /* "1.0"; "" when it could not be read */
	char encoding[32];
	uint64_t files;     /* of the payload */
	uint64_t bytes;     /* of the payload */
	uint64_t tag_files; /* all others */
	uint64_t manifests; /* of the payload */
};

/*
 * root is the base directory, borrowed. -1 only when the system failed
 * (DSR_EIO, DSR_ENOMEM).
 */
int bag_verify(int root, const struct bag_options *o,
    struct dsr_findings *findings, struct bag_result *result,
    struct dsr_error *err);

#endif
