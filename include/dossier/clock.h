/* SPDX-License-Identifier: ISC */
/* The one clock. Times are UTC, written as RFC 3339. */
#ifndef DOSSIER_CLOCK_H
#define DOSSIER_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "dossier/error.h"

#define DSR_TIME_SIZE 36 /* bytes of a formatted time with its NUL */

/* Now, by the system's real-time clock or the one set by a test. */
void dsr_clock_now(struct timespec *now);
/* Replaces the clock (tests); NULL gives the system's back. */
void dsr_clock_set(void (*clock_fn)(struct timespec *now));
/*
 * The time that an archive bears: SOURCE_DATE_EPOCH when it is set, else now,
 * in whole seconds. DSR_EUSAGE when the variable is not a number of seconds.
 */
int dsr_clock_packing(struct timespec *when, struct dsr_error *err);

/*
 * Writes when as 2026-01-31T23:59:59Z, or with digits (0, 3 or 9) of fraction.
 */
void dsr_time_format(char out[DSR_TIME_SIZE], const struct timespec *when,
    int digits);
/* Reads exactly what dsr_time_format writes (any of its digits). */
bool dsr_time_parse(struct timespec *when, const char *s, size_t len);

#endif
