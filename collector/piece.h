/* SPDX-License-Identifier: ISC */
/* Large bodies that a run leaves half done, and the next one goes on with. */
#ifndef COLLECTOR_PIECE_H
#define COLLECTOR_PIECE_H

#include "collection.h"

/* Goes on with what an earlier run left of what is asked for, if it did. */
int piece_take_up(struct job *j, struct dsr_error *err);
/* Notes now and then, or at once, how far what is under way has come. */
int pieces_note(struct collection *c, bool at_once, struct dsr_error *err);
/* What stood at this place is obtained, or will not be. */
int piece_end(struct job *j, const struct dsr_place *place,
    struct dsr_error *err);

#endif
