/* SPDX-License-Identifier: ISC */
/*
 * Adding documents to a case by hand: what no service gives by an API, such as
 * a portal's download or a letter.
 */
#ifndef COLLECTOR_ADDING_H
#define COLLECTOR_ADDING_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/case_store.h"

#define ADDING_CATEGORY "added" /* the endpoint, when none was named */

struct adding_options {
	const char *case_path;
	char *const *paths;   /* files and folders */
	size_t count;
	const char *source;   /* where they are from, in somebody's words */
	const char *category; /* or NULL */
	const char *by;       /* the person who adds them, or NULL */
	bool no_progress;
	volatile sig_atomic_t *ending; /* not 0: stop after this file */
};

/* What became of one file. */
enum adding_outcome {
	ADDING_ADDED,
	ADDING_TWIN,  /* added; the same content is there by another name */
	ADDING_KNOWN, /* not added again: name, content and source are there */
	ADDING_GAP    /* not to be had: a gap of the case */
};

struct adding_note {
	enum adding_outcome outcome;
	const char *name;   /* as the archive has it, any bytes */
	const char *sha256; /* NULL of a gap */
	const char *reason; /* of a gap: a word of docs/FORMAT.md 4.4 */
	uint64_t size;
};
/* Told of each file, in order. */
typedef int adding_fn(void *ctx, const struct adding_note *note,
    struct dsr_error *err);

struct adding_result {
	uint64_t outcomes[ADDING_GAP + 1];
	uint64_t bytes; /* of what was added */
};

/* Is this fit to be run? DSR_EUSAGE, DSR_EIO as below. */
int adding_check(const struct adding_options *o, struct dsr_error *err);

/*
 * Adds everything, a batch of files a transaction: what a kill leaves is a
 * case with the files that came before, and the same command adds the rest.
 *
 * DSR_EUSAGE   source, category or by is not fit; a path lies in the case
 * DSR_EIO      a path is not there: nothing was added
 * DSR_EFAILED  no file was in what was given
 * and those of dsr_case_create
 */
int adding_run(const struct adding_options *o, adding_fn *fn, void *ctx,
    struct adding_result *result, struct dsr_error *err);

#endif
