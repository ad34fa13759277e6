/* SPDX-License-Identifier: ISC */
/*
 * The promise of the seal, tried out: every small change of an archive, judged
 * in this process. Used by a unit test and by the long tests.
 */
#ifndef TESTS_EXHAUST_H
#define TESTS_EXHAUST_H

#include <stddef.h>
#include <stdint.h>

#include "dossier/trust.h"

struct exhaust {
	const struct dsr_trust *trust;
	uint8_t *data; /* the archive as it was made */
	size_t len;
	size_t from, to; /* bytes that are changed; at first: all of them */
	int fd;          /* a file in memory, changed and judged */
	uint64_t tried;
	uint64_t found; /* of them refused as they must be: exit 1 */
	char first[80]; /* the first that was not, or "" */
};

/* Reads the archive, which must be intact and trusted; 0, or -1. */
int exhaust_open(struct exhaust *x, const char *path,
    const struct dsr_trust *trust);
void exhaust_close(struct exhaust *x);

/* Each adds to tried and found: every one between from and to. */
void exhaust_bits(struct exhaust *x);
void exhaust_deletions(struct exhaust *x);
/* A byte of this value before each byte, and behind the last. */
void exhaust_insertions(struct exhaust *x, uint8_t value);
/* A byte doubled: the insertion that is most like what stands there. */
void exhaust_doublings(struct exhaust *x);
/* Every length that is too short. */
void exhaust_truncations(struct exhaust *x);

/* Exit status of verify for these bytes. */
int exhaust_judge(struct exhaust *x, const uint8_t *data, size_t len);

#endif
