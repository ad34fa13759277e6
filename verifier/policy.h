/* SPDX-License-Identifier: ISC */
/*
 * A policy: what a user demands of an archive beyond that it is intact and
 * sealed by somebody trusted. It gives no trust. Source: docs/FORMAT.md 6.3.
 */
#ifndef VERIFIER_POLICY_H
#define VERIFIER_POLICY_H

#include <stdbool.h>

#include "dossier/error.h"

struct policy;
struct check;

/*
 * Reads the file at path.
 * DSR_EIO     it cannot be read
 * DSR_EINPUT  it is not a policy; the message has line and column
 */
int policy_read(struct policy **out, const char *path, struct dsr_error *err);
void policy_free(struct policy *p);

/*
 * Does the archive, whose signatures and stamps have been checked, lack
 * anything of it (findings say what)? p may be NULL: of nothing it lacks none.
 */
bool policy_is_unmet(const struct policy *p, struct check *c);

#endif
