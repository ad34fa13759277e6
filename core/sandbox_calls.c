/* SPDX-License-Identifier: ISC */
/*
 * The system calls that a program needs that reads, computes and writes to
 * what it has open. All others fail with EPERM.
 */
#include "sandbox_private.h"

/* Machines whose clone has its flags first, and calls of 64 bits. */
#if DSR_WITH_SECCOMP &&                                                       \
    (defined(__x86_64__) || defined(__aarch64__) || defined(__riscv))

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* By name, for not every machine has every one of them. */
static const char *const always[] = { "brk", "clock_getres", "clock_gettime",
	"clock_nanosleep", "close", "dup", "exit", "exit_group",
	"fadvise64", "fcntl", "fdatasync", "fstat", "fsync", "ftruncate",
	"futex", "get_robust_list", "getpid", "getrandom", "gettid",
	"gettimeofday", "lseek", "madvise", "membarrier", "mlock", "mremap",
	"munlock", "munmap", "nanosleep", "poll", "ppoll", "pread64",
	"pwrite64", "read", "readv", "restart_syscall", "rseq",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sched_getaffinity",
	"sched_yield", "set_robust_list", "sigaltstack", "sysinfo", "time",
	"write", "writev" };
/* What opens, makes and removes files: Landlock says which. */
static const char *const with_files[] = { "fchmod", "fstatfs", "getcwd",
	"getdents64", "linkat", "lstat", "mkdir", "mkdirat", "open", "openat",
	"openat2", "rename", "renameat", "renameat2", "rmdir", "stat",
	"syncfs", "unlink", "unlinkat" };

static bool
allow(scmp_filter_ctx filter, const char *const *names, size_t count)
{
	size_t i;
	int call;

	for (i = 0; i < count; i++) {
		call = seccomp_syscall_resolve_name(names[i]);
		if (call >= 0 &&
		    seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) != 0)
			return false;
	}
	return true;
}

/* A call with an argument under a mask that must have this value. */
static bool
allow_masked(scmp_filter_ctx filter, int call, unsigned int argument,
    uint64_t mask, uint64_t value)
{
	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1,
		   (struct scmp_arg_cmp[]){ { argument, SCMP_CMP_MASKED_EQ,
		       mask, value } }) == 0;
}

/*
 * Memory that is not run; threads, but no processes; signals and limits of
 * this process alone; looks at what is open.
 * clone3 hides its flags from us: without it libc falls back on clone.
 */
static bool
allow_some(scmp_filter_ctx filter, bool files)
{
	const uint64_t named = files ? 0 : AT_EMPTY_PATH; /* by descriptor */

	return allow_masked(filter, SCMP_SYS(mmap), 2, PROT_EXEC, 0) &&
	    allow_masked(filter, SCMP_SYS(mprotect), 2, PROT_EXEC, 0) &&
	    allow_masked(filter, SCMP_SYS(clone), 0, CLONE_THREAD,
		CLONE_THREAD) &&
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
		SCMP_SYS(clone3), 0) == 0 &&
	    allow_masked(filter, SCMP_SYS(tgkill), 0, UINT32_MAX,
		(uint32_t)getpid()) &&
	    allow_masked(filter, SCMP_SYS(prlimit64), 0, UINT32_MAX, 0) &&
	    allow_masked(filter, SCMP_SYS(ioctl), 1, UINT32_MAX, TCGETS) &&
	    allow_masked(filter, SCMP_SYS(ioctl), 1, UINT32_MAX,
		TIOCGWINSZ) &&
	    allow_masked(filter, SCMP_SYS(newfstatat), 3, named, named) &&
	    allow_masked(filter, SCMP_SYS(statx), 2, named, named);
}

bool
sandbox_close_calls(bool files)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool closed;

	if (filter == NULL)
		return false;
	closed = allow(filter, always, sizeof(always) / sizeof(always[0])) &&
	    (!files ||
		allow(filter, with_files,
		    sizeof(with_files) / sizeof(with_files[0]))) &&
	    allow_some(filter, files) &&
	    seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
	    seccomp_load(filter) == 0;
	seccomp_release(filter);
	return closed;
}

#else

bool
sandbox_close_calls(bool files)
{
	(void)files;
	return false;
}

#endif
