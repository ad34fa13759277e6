/* SPDX-License-Identifier: ISC */
/*
 * Memory that was refused.
 *
 * Much that fails says only that it failed: a certificate that libcrypto found
 * no memory for looks like one that is not well formed, a signature like one
 * that is not valid. So refusals are counted, and whoever is about to judge by
 * what failed looks at the count first.
 */
#ifndef DOSSIER_MEMORY_H
#define DOSSIER_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Has libcrypto's refusals counted as well. Before it is used for the first
 * time, once in a process: false when it was used already, for then it keeps what
 * it has, and what it is refused would look like what it judges.
 */
bool dsr_memory_start(void);

/* For dsr_fail: every error of the kind DSR_ENOMEM counts. */
void dsr_memory_note_refusal(void);

/* How often memory was refused in this process, in any thread. */
uint64_t dsr_memory_refusals(void);

#endif
