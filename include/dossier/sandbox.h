/* SPDX-License-Identifier: ISC */
/*
 * A sandbox for programs that parse hostile bytes: from when it is closed the
 * process, whatever takes it over, opens no file but those allowed, no socket,
 * and runs no program. What is open already stays usable.
 *
 * By Landlock (files; Linux 5.13) and by a seccomp filter, a list of the system
 * calls that are still wanted (x86-64, aarch64, riscv64). What the kernel does
 * not have is told, and is no failure.
 */
#ifndef DOSSIER_SANDBOX_H
#define DOSSIER_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

enum dsr_sandbox_right {
	DSR_SANDBOX_READ,   /* open and list what is below the folder */
	DSR_SANDBOX_WRITE,  /* and make, write, rename and remove it */
	DSR_SANDBOX_RENAME  /* list; give other names to, remove: not write */
};

struct dsr_sandbox_rule {
	int folder; /* open, O_PATH suffices; borrowed for the call */
	enum dsr_sandbox_right right;
};

/* What is closed. All false: there is no sandbox. */
struct dsr_sandbox {
	bool files;
	bool sockets;
	bool programs;
};

/*
 * Closes it, for good, for this process and those it will start; call it
 * before threads are started. Stops at nothing: look at *s. Under a sanitizer
 * it does nothing, for sanitizers need what it forbids.
 */
void dsr_sandbox_close(struct dsr_sandbox *s,
    const struct dsr_sandbox_rule *rules, size_t count);

/* "full", "partial" or "none". */
const char *dsr_sandbox_state(const struct dsr_sandbox *s);

#endif
