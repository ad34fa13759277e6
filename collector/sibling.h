/* SPDX-License-Identifier: ISC */
/*
 * The other programs of Dossier, run as a person would run them: no program
 * includes another, and what they decide is theirs alone to decide.
 */
#ifndef COLLECTOR_SIBLING_H
#define COLLECTOR_SIBLING_H

#include <stdbool.h>

#include "dossier/buffer.h"
#include "dossier/error.h"

/*
 * Runs dossier-PROGRAM, which stands beside this one, with args (ending with
 * NULL; nothing secret among them). What it prints goes to out, what it says
 * to our stderr. *status is its exit status. keep_open: what we were started
 * with open is open for it, too (a passphrase may come that way).
 * DSR_EIO     it cannot be run
 * DSR_EFAILED it was ended by a signal
 */
int sibling_run(const char *program, const char *const *args, bool keep_open,
    struct dsr_buffer *out, int *status, struct dsr_error *err);

/*
 * A folder for what is needed for as long as this process lives: mode 0700,
 * in TMPDIR (else /tmp). A process of its own waits beside it and removes it
 * when this one ends, however it ends. To be made before anything is opened
 * that this process alone should hold.
 */
struct private_folder;
int private_folder_new(struct private_folder **out, struct dsr_error *err);
const char *private_folder_path(const struct private_folder *f);
void private_folder_free(struct private_folder *f);

#endif
