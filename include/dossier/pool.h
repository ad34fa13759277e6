/* SPDX-License-Identifier: ISC */
/*
 * Work spread over threads, collected in the order in which it was handed in.
 *
 * The number of slots bounds what is under way, and with it the memory. One
 * thread hands in and collects; the workers see their job alone.
 */
#ifndef DOSSIER_POOL_H
#define DOSSIER_POOL_H

#include <stddef.h>

#include "dossier/error.h"

struct dsr_pool;

/* Runs in a worker: the job, and what new_worker made for this thread. */
typedef void dsr_work_fn(void *job, void *worker);

/*
 * threads  workers; 1: the work is done by the caller's thread, in submit
 * slots    jobs under way at the most, at least 1
 * workers  threads pointers, one for each worker (scratch, compressors);
 *          borrowed; may be NULL
 *
 * DSR_ENOMEM, DSR_EIO (no thread could be started)
 */
int dsr_pool_new(struct dsr_pool **out, unsigned int threads, size_t slots,
    dsr_work_fn *work, void **workers, struct dsr_error *err);
/* Ends the workers; what was not collected is done first. */
void dsr_pool_free(struct dsr_pool *p);

/* May another job be handed in, or must one be collected first? */
int dsr_pool_has_room(const struct dsr_pool *p);
/* Hands a job in; there must be room. */
void dsr_pool_submit(struct dsr_pool *p, void *job);
/* The oldest job, done; waits for it. NULL when none is under way. */
void *dsr_pool_collect(struct dsr_pool *p);

/*
 * Slots that keep so many workers busy: of each worker so many jobs (one at work,
 * the others wait or are done; at least 2), and two of the caller's. Not more
 * than the most. More than 2 are worth their memory where a job is short.
 */
size_t dsr_pool_slots(unsigned int threads, size_t each, size_t most);
/* Processors this process may use; at least 1. */
unsigned int dsr_processor_count(void);

#endif
