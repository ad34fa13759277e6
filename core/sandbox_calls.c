/* SPDX-License-Identifier: ISC */
/*
 * The system calls that a program needs that reads, computes and writes to
 * what it has open. All others fail with EPERM. The filter is made here: no
 * library stands between the list and the kernel, and nothing is allocated.
 */
#include "sandbox_private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Machines whose clone has its flags first, and calls of 64 bits. */
#if defined(__x86_64__) && !defined(__ILP32__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && !defined(__ILP32__)
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define MACHINE AUDIT_ARCH_RISCV64
#endif

#ifdef MACHINE

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
    "the lower half of an argument stands first");

/* Not every machine has the older ones. */
static const uint32_t always[] = { SYS_brk, SYS_clock_getres,
	SYS_clock_gettime, SYS_clock_nanosleep, SYS_close, SYS_dup, SYS_exit,
	SYS_exit_group, SYS_fadvise64, SYS_fdatasync, SYS_fstat, SYS_fsync,
	SYS_ftruncate, SYS_futex, SYS_get_robust_list, SYS_getpid,
	SYS_getrandom, SYS_gettid, SYS_gettimeofday, SYS_lseek, SYS_madvise,
	SYS_membarrier, SYS_mlock, SYS_mremap, SYS_munlock, SYS_munmap,
	SYS_nanosleep, SYS_ppoll, SYS_pread64, SYS_pwrite64, SYS_read,
	SYS_readv, SYS_restart_syscall, SYS_rseq, SYS_rt_sigaction,
	SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sched_getaffinity,
	SYS_sched_yield, SYS_set_robust_list, SYS_sigaltstack, SYS_sysinfo,
	SYS_write, SYS_writev,
#ifdef SYS_poll
	SYS_poll, SYS_time,
#endif
};

/* What opens, makes and removes files: Landlock says which. */
static const uint32_t with_files[] = { SYS_fchmod, SYS_fstatfs, SYS_getcwd,
	SYS_getdents64, SYS_linkat, SYS_mkdirat, SYS_newfstatat, SYS_openat,
	SYS_openat2, SYS_renameat2, SYS_statx, SYS_syncfs, SYS_unlinkat,
#ifdef SYS_open
	SYS_lstat, SYS_mkdir, SYS_open, SYS_rename, SYS_rmdir, SYS_stat,
	SYS_unlink,
#endif
#ifdef SYS_renameat
	SYS_renameat,
#endif
};

/*
 * Calls that may be made when the lower half of an argument, under the mask,
 * has the value. The upper half says nothing: these are flags of 32 bits or
 * fewer, and numbers that the kernel takes for an int.
 */
struct rule {
	uint32_t call;
	uint32_t argument;
	uint32_t mask;
	uint32_t value;
};

/*
 * Memory that is not run; threads, but no processes; limits of this process and
 * the turn of this thread alone; looks at what is open, by its descriptor. A filter cannot see
 * that the path beside AT_EMPTY_PATH is empty: that something exists, and its
 * size, can be found out; docs/SECURITY.md says so. Of fcntl nothing that has
 * the kernel send signals (F_SETOWN, O_ASYNC).
 */
static const struct rule sometimes[] = {
	{ SYS_mmap, 2, PROT_EXEC, 0 },
	{ SYS_mprotect, 2, PROT_EXEC, 0 },
	{ SYS_clone, 0, CLONE_THREAD, CLONE_THREAD },
	{ SYS_prlimit64, 0, UINT32_MAX, 0 },
	{ SYS_sched_setscheduler, 0, UINT32_MAX, 0 },
	{ SYS_fcntl, 1, UINT32_MAX, F_DUPFD },
	{ SYS_fcntl, 1, UINT32_MAX, F_DUPFD_CLOEXEC },
	{ SYS_fcntl, 1, UINT32_MAX, F_GETFD },
	{ SYS_fcntl, 1, UINT32_MAX, F_SETFD },
	{ SYS_fcntl, 1, UINT32_MAX, F_GETFL },
	{ SYS_ioctl, 1, UINT32_MAX, TCGETS },
	{ SYS_ioctl, 1, UINT32_MAX, TIOCGWINSZ },
	{ SYS_newfstatat, 3, AT_EMPTY_PATH, AT_EMPTY_PATH },
	{ SYS_statx, 2, AT_EMPTY_PATH, AT_EMPTY_PATH },
};

#define COUNT(list)  (sizeof(list) / sizeof((list)[0]))
#define PLAIN_SIZE   2u /* instructions of allow */
#define RULE_SIZE    6u /* of allow_when */
#define AROUND_SIZE  8u /* of sandbox_filter itself */

_Static_assert(AROUND_SIZE + PLAIN_SIZE * (COUNT(always) + COUNT(with_files)) +
	    RULE_SIZE * (COUNT(sometimes) + 1) <= SANDBOX_FILTER_MAX,
    "SANDBOX_FILTER_MAX");

static void
put(struct sandbox_filter *f, unsigned int code, uint32_t operand,
    unsigned int skipped)
{
	f->code[f->len++] = (struct sock_filter){ .code = (uint16_t)code,
		.k = operand, .jf = (uint8_t)skipped };
}

static void
load(struct sandbox_filter *f, size_t offset)
{
	put(f, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0);
}

/* Skips some instructions when what is loaded is something else. */
static void
skip_unless(struct sandbox_filter *f, uint32_t value, unsigned int skipped)
{
	put(f, BPF_JMP | BPF_JEQ | BPF_K, value, skipped);
}

static void
answer(struct sandbox_filter *f, uint32_t action)
{
	put(f, BPF_RET | BPF_K, action, 0);
}

/* Here and in allow_when: the number of the call is loaded. */
static void
allow(struct sandbox_filter *f, const uint32_t *calls, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		skip_unless(f, calls[i], PLAIN_SIZE - 1);
		answer(f, SECCOMP_RET_ALLOW);
	}
}

static void
allow_when(struct sandbox_filter *f, const struct rule *rule)
{
	skip_unless(f, rule->call, RULE_SIZE - 1);
	load(f, offsetof(struct seccomp_data, args) +
		rule->argument * sizeof(uint64_t));
	put(f, BPF_ALU | BPF_AND | BPF_K, rule->mask, 0);
	skip_unless(f, rule->value, 1);
	answer(f, SECCOMP_RET_ALLOW);
	load(f, offsetof(struct seccomp_data, nr));
}

/*
 * Numbers are compared whole, so those of x32 (with bit 30) are among the
 * others. clone3 hides its flags from us: without it libc falls back on clone.
 */
void
sandbox_filter(struct sandbox_filter *f, bool files)
{
	const struct rule own = { SYS_tgkill, 0, UINT32_MAX,
		(uint32_t)getpid() };

	f->len = 0;
	load(f, offsetof(struct seccomp_data, arch));
	skip_unless(f, MACHINE, 2);
	load(f, offsetof(struct seccomp_data, nr));
	put(f, BPF_JMP | BPF_JA, 1, 0);
	answer(f, SECCOMP_RET_KILL_PROCESS);
	allow(f, always, COUNT(always));
	if (files)
		allow(f, with_files, COUNT(with_files));
	for (size_t i = 0; i < COUNT(sometimes); i++)
		allow_when(f, &sometimes[i]);
	allow_when(f, &own);
	skip_unless(f, SYS_clone3, 1);
	answer(f, SECCOMP_RET_ERRNO | ENOSYS);
	answer(f, SECCOMP_RET_ERRNO | EPERM);
}

bool
sandbox_close_calls(bool files)
{
	struct sandbox_filter filter;
	struct sock_fprog program = { 0, filter.code };

	sandbox_filter(&filter, files);
	program.len = (unsigned short)filter.len;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		   SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
}

#else

void
sandbox_filter(struct sandbox_filter *f, bool files)
{
	(void)files;
	f->len = 0;
}

bool
sandbox_close_calls(bool files)
{
	(void)files;
	return false;
}

#endif
