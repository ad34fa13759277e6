/* SPDX-License-Identifier: ISC */
/* The two halves of the sandbox. For core/sandbox*.c alone. */
#ifndef CORE_SANDBOX_PRIVATE_H
#define CORE_SANDBOX_PRIVATE_H

#include "dossier/sandbox.h"

/* sandbox_files.c: Landlock; true when files and programs are closed. */
bool sandbox_close_files(const struct dsr_sandbox_rule *rules, size_t count);
/*
 * sandbox_calls.c: seccomp; true when sockets and programs are closed. with
 * files, calls that open them stay allowed (Landlock says which).
 */
bool sandbox_close_calls(bool files);

#endif
