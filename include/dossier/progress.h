/* SPDX-License-Identifier: ISC */
/*
 * Progress for people: one line on stderr, only on a terminal and at most ten
 * times a second; elsewhere a plain line every 30 seconds.
 */
#ifndef DOSSIER_PROGRESS_H
#define DOSSIER_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "dossier/error.h"

struct dsr_progress;

/* what: translated, "packed"; off makes one that says nothing. */
int dsr_progress_new(struct dsr_progress **out, const char *what, bool off,
    struct dsr_error *err);
void dsr_progress_free(struct dsr_progress *p); /* clears the line */
/*
 * done and total items (total 0: unknown), bytes so far. Cheap: looks at the
 * clock only now and then.
 */
void dsr_progress_update(struct dsr_progress *p, uint64_t done,
    uint64_t total, uint64_t bytes);
/*
 * The part that is being worked on: named at the end of the line, with counts,
 * rate and time left of its own. name lives as long as p, or is NULL. Call it
 * before each update.
 */
void dsr_progress_part(struct dsr_progress *p, const char *name,
    uint64_t done, uint64_t total);

#endif
