/* SPDX-License-Identifier: ISC */
/* dossier verify FILE FILE ..., verify --from-file LIST */
#ifndef VERIFIER_VERIFY_BATCH_H
#define VERIFIER_VERIFY_BATCH_H

#include "batch.h"
#include "dossier/options.h"

/*
 * Has every file of the list judged in a process of its own, and says at the
 * end what came of all. *jobs threads in all become those of one process.
 * *status is the worst of the exit statuses. DSR_EUSAGE when there is no file.
 */
int verify_batch(const struct dsr_common *common, unsigned int *jobs,
    const struct batch_list *list, batch_judge_fn *judge, void *ctx,
    int *status, struct dsr_error *err);

/* Tells why a file could not be judged; returns the exit status for it. */
int verify_batch_error(const struct dsr_common *common, const char *file,
    const struct dsr_error *err);

#endif
