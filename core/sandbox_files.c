/* SPDX-License-Identifier: ISC */
/*
 * Landlock, by system calls: libc has no functions for it. The kernel's header
 * may be older than the kernel, so the constants stand here:
 * <linux/landlock.h>, Documentation/userspace-api/landlock.rst.
 */
#include "sandbox_private.h"

#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444 /* the same on every machine */
#define SYS_landlock_add_rule       445
#define SYS_landlock_restrict_self  446
#endif

#define CREATE_VERSION 1u /* LANDLOCK_CREATE_RULESET_VERSION */
#define PATH_BENEATH   1  /* LANDLOCK_RULE_PATH_BENEATH */

/* LANDLOCK_ACCESS_FS_* */
#define EXECUTE     (1ull << 0)
#define WRITE_FILE  (1ull << 1)
#define READ_FILE   (1ull << 2)
#define READ_DIR    (1ull << 3)
#define REMOVE_DIR  (1ull << 4)
#define REMOVE_FILE (1ull << 5)
#define MAKE_DIR    (1ull << 7)
#define MAKE_REG    (1ull << 8)
#define ALL_OF_1    ((1ull << 13) - 1)
#define REFER       (1ull << 13) /* since version 2 */
#define TRUNCATE    (1ull << 14) /* 3 */
#define IOCTL_DEV   (1ull << 15) /* 5 */

#define CONNECT_AND_BIND 3ull /* LANDLOCK_ACCESS_NET_*: since 4 */
#define SCOPES           3ull /* abstract sockets, signals: since 6 */

struct ruleset {
	uint64_t files;
	uint64_t network;
	uint64_t scopes;
};

struct path_beneath {
	uint64_t allowed;
	int32_t folder;
} __attribute__((packed));

/* Everything that this version of Landlock can forbid. */
static struct ruleset
all_of(long version)
{
	struct ruleset r = { ALL_OF_1, 0, 0 };

	if (version >= 2)
		r.files |= REFER;
	if (version >= 3)
		r.files |= TRUNCATE;
	if (version >= 4)
		r.network = CONNECT_AND_BIND;
	if (version >= 5)
		r.files |= IOCTL_DEV;
	if (version >= 6)
		r.scopes = SCOPES;
	return r;
}

static uint64_t
access_of(enum dsr_sandbox_right right)
{
	static const uint64_t access[] = {
		[DSR_SANDBOX_READ] = READ_FILE | READ_DIR,
		[DSR_SANDBOX_WRITE] = READ_FILE | READ_DIR | WRITE_FILE |
		    MAKE_REG | MAKE_DIR | REMOVE_FILE | REMOVE_DIR | TRUNCATE,
		[DSR_SANDBOX_RENAME] = READ_DIR | MAKE_REG | MAKE_DIR |
		    REMOVE_FILE | REMOVE_DIR,
	};

	return access[right];
}

bool
sandbox_close_files(const struct dsr_sandbox_rule *rules, size_t count)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    CREATE_VERSION);
	struct ruleset all;
	size_t i, size;
	bool closed = false;
	long fd;

	if (version < 1)
		return false;
	all = all_of(version);
	/* older kernels refuse fields that they do not know */
	size = version < 4 ? sizeof(all.files)
	    : version < 6  ? 2 * sizeof(all.files)
			   : sizeof(all);
	if ((fd = syscall(SYS_landlock_create_ruleset, &all, size, 0)) < 0)
		return false;
	for (i = 0; i < count; i++) {
		struct path_beneath rule = {
			access_of(rules[i].right) & all.files,
			rules[i].folder
		};

		if (syscall(SYS_landlock_add_rule, fd, PATH_BENEATH, &rule,
			0) != 0)
			goto out;
	}
	closed = syscall(SYS_landlock_restrict_self, fd, 0) == 0;
out:
	(void)close((int)fd);
	return closed;
}
