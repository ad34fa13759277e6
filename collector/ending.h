/* SPDX-License-Identifier: ISC */
/*
 * Signals that ask a verb to end. It stops where what it has is whole, and
 * ends with 128 and the number of the signal.
 */
#ifndef COLLECTOR_ENDING_H
#define COLLECTOR_ENDING_H

#include <signal.h>

extern volatile sig_atomic_t ending; /* the signal, or 0 */

/* From now on; a second signal ends at once: the case bears it. */
void ending_catch(void);

#endif
