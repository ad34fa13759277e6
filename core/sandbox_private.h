/* SPDX-License-Identifier: ISC */
/* The two halves of the sandbox. For core/sandbox*.c alone. */
#ifndef CORE_SANDBOX_PRIVATE_H
#define CORE_SANDBOX_PRIVATE_H

#include "dossier/sandbox.h"

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

#define SANDBOX_FILTER_MAX 256u /* instructions */

struct sandbox_filter {
	size_t len; /* 0: not for this machine */
	struct sock_filter code[SANDBOX_FILTER_MAX];
};

/* sandbox_files.c: Landlock; true when files and programs are closed. */
bool sandbox_close_files(const struct dsr_sandbox_rule *rules, size_t count);
/*
 * sandbox_calls.c: seccomp; true when sockets and programs are closed. with
 * files, calls that open them stay allowed (Landlock says which).
 */
bool sandbox_close_calls(bool files);
/* What it gives to the kernel. */
void sandbox_filter(struct sandbox_filter *f, bool files);

#endif
