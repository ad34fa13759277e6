/* SPDX-License-Identifier: ISC */
/*
 * The same work on many files, each in a process of its own: all processors,
 * and what ends one process does nothing to the next file.
 */
#ifndef VERIFIER_BATCH_H
#define VERIFIER_BATCH_H

#include <stddef.h>

#include "dossier/buffer.h"
#include "dossier/error.h"

/* Paths; those of a list live in its text. */
struct batch_list {
	const char **paths;
	size_t count, cap;
	struct dsr_buffer text;
};

void batch_list_init(struct batch_list *list);
void batch_list_fini(struct batch_list *list);
/* Paths that the caller keeps. DSR_ENOMEM, DSR_ELIMIT */
int batch_list_add(struct batch_list *list, char *const *paths, size_t count,
    struct dsr_error *err);
/*
 * Those in a file, one a line ("-": stdin); empty lines are passed over.
 *   DSR_EIO     it cannot be read
 *   DSR_ELIMIT  it is too long
 */
int batch_list_read(struct batch_list *list, const char *file,
    struct dsr_error *err);

/* In a process of its own: prints to stdout; the exit status (0 to 125). */
typedef int batch_judge_fn(void *ctx, const char *file);

struct batch_work {
	batch_judge_fn *judge;
	void *judge_ctx;
	/*
	 * In the caller, in the order of the list, after what judge printed was
	 * passed on: its exit status, or 128 + N when signal N ended it.
	 */
	void (*ended)(void *ctx, const char *file, int status);
	void *ended_ctx;
};

/*
 * Does it for the whole list, so many processes at a time. -1 when the system
 * failed (DSR_EIO, DSR_ENOMEM).
 */
int batch_run(const struct batch_list *list, unsigned int processes,
    const struct batch_work *work, struct dsr_error *err);

#endif
