/* SPDX-License-Identifier: ISC */
/*
 * The filter of system calls, run here as the kernel would: what it lets
 * pass, whatever a process may ask for. test_sandbox.c has the kernel run it.
 */
#include "../../core/sandbox_private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#if defined(__x86_64__)
#define THIS_MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_MACHINE AUDIT_ARCH_AARCH64
#elif defined(__riscv)
#define THIS_MACHINE AUDIT_ARCH_RISCV64
#else
#define THIS_MACHINE 0u
#endif

#define X32     0x40000000u /* __X32_SYSCALL_BIT */
#define HIGHEST 1024u       /* no machine has so many calls */
#define REFUSED (SECCOMP_RET_ERRNO | EPERM)
#define UNKNOWN (SECCOMP_RET_ERRNO | ENOSYS)

/* Documentation/networking/filter.rst; what seccomp has of it and we use. */
static uint32_t
run(const struct sandbox_filter *f, const struct seccomp_data *data)
{
	uint32_t loaded = 0;

	for (size_t at = 0; at < f->len; at++) {
		const struct sock_filter *i = &f->code[at];

		switch (i->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			assert_true(i->k % 4 == 0 && i->k < sizeof(*data));
			memcpy(&loaded, (const char *)data + i->k, 4);
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			loaded &= i->k;
			break;
		case BPF_JMP | BPF_JA:
			at += i->k;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			at += loaded == i->k ? i->jt : i->jf;
			break;
		case BPF_RET | BPF_K:
			return i->k;
		default:
			fail_msg("instruction %zu: 0x%x", at, i->code);
		}
	}
	fail_msg("the filter has no end");
	return 0;
}

static uint32_t
ask(bool files, uint32_t machine, uint32_t call, unsigned int argument,
    uint64_t value)
{
	struct sandbox_filter f;
	struct seccomp_data data = { .nr = (int)call, .arch = machine };

	sandbox_filter(&f, files);
	data.args[argument] = value;
	return run(&f, &data);
}

static void
needs_a_filter(void)
{
	struct sandbox_filter f;

	sandbox_filter(&f, false);
	if (f.len == 0)
		skip(); /* none for this machine */
}

/* Each of these is a way out; none is let through, whatever its arguments. */
static const struct {
	uint32_t call;
	const char *name;
} ways_out[] = {
#define WAY(name) { SYS_##name, #name }
	WAY(socket), WAY(connect), WAY(bind), WAY(accept4), WAY(sendto),
	WAY(sendmsg), WAY(recvfrom), WAY(socketpair), WAY(execve),
	WAY(execveat), WAY(kill), WAY(tkill), WAY(ptrace), WAY(setns),
	WAY(process_vm_readv), WAY(process_vm_writev), WAY(unshare),
	WAY(mount), WAY(umount2), WAY(chroot), WAY(pivot_root), WAY(bpf),
	WAY(io_uring_setup), WAY(io_uring_enter), WAY(memfd_create),
	WAY(pidfd_open), WAY(pidfd_getfd), WAY(pidfd_send_signal),
	WAY(keyctl), WAY(add_key), WAY(request_key), WAY(perf_event_open),
	WAY(userfaultfd), WAY(init_module), WAY(finit_module), WAY(reboot),
	WAY(open_by_handle_at), WAY(name_to_handle_at), WAY(setuid),
	WAY(setgid), WAY(capset), WAY(prctl), WAY(seccomp), WAY(personality),
	WAY(truncate), WAY(fchownat), WAY(fchmodat), WAY(symlinkat),
	WAY(mknodat), WAY(setxattr), WAY(pkey_mprotect), WAY(shmat),
	WAY(msgsnd), WAY(mq_open), WAY(chdir), WAY(fchdir), WAY(quotactl),
	WAY(swapon), WAY(settimeofday), WAY(clock_settime), WAY(kexec_load),
	WAY(splice), WAY(sendfile), WAY(copy_file_range), WAY(inotify_init1),
#ifdef SYS_fork
	WAY(fork), WAY(vfork), WAY(symlink), WAY(link), WAY(chmod),
	WAY(chown), WAY(mknod), WAY(creat), WAY(modify_ldt),
#endif
};

static void
no_way_out(void **state)
{
	static const uint64_t values[] = { 0, 1, UINT32_MAX, UINT64_MAX };

	(void)state;
	needs_a_filter();
	for (size_t i = 0; i < sizeof(ways_out) / sizeof(ways_out[0]); i++)
		for (unsigned int at = 0; at < 6; at++)
			for (size_t v = 0; v < 4; v++)
				if (ask(true, THIS_MACHINE, ways_out[i].call,
					at, values[v]) != REFUSED)
					fail_msg("%s", ways_out[i].name);
}

/* Every number there is, and how many of them pass. */
static size_t
count_passing(bool files, uint32_t bit)
{
	size_t n = 0;

	for (uint32_t call = 0; call < HIGHEST; call++) {
		uint32_t what = ask(files, THIS_MACHINE, call | bit, 0, 0);

		n += what == SECCOMP_RET_ALLOW;
		if (what != SECCOMP_RET_ALLOW && what != REFUSED)
			assert_true(what == UNKNOWN &&
			    (call | bit) == SYS_clone3);
	}
	return n;
}

static void
nothing_but_the_list(void **state)
{
	(void)state;
	needs_a_filter();
#ifdef __x86_64__
	/* 46 always; fcntl, mmap, mprotect, prlimit64, sched_setscheduler */
	assert_int_equal(count_passing(false, 0), 51);
	/* 21 that open files, two of which are in both lists */
	assert_int_equal(count_passing(true, 0), 72);
#endif
	assert_int_equal(count_passing(true, X32), 0);
	assert_int_equal(count_passing(true, 0x80000000u), 0);
}

static void
other_machines_end(void **state)
{
	static const uint32_t machines[] = { 0, AUDIT_ARCH_I386,
		AUDIT_ARCH_ARM, UINT32_MAX };

	(void)state;
	needs_a_filter();
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		for (uint32_t call = 0; call < HIGHEST; call++)
			assert_int_equal(ask(true, machines[i], call, 0, 0),
			    SECCOMP_RET_KILL_PROCESS);
}

#define UPPER 0x100000000u /* says nothing */

static void
arguments_count(void **state)
{
	static const struct {
		uint32_t call;
		unsigned int argument;
		uint64_t value;
		bool files, without;
		const char *why;
	} rows[] = {
		{ SYS_mmap, 2, PROT_READ | PROT_WRITE, true, true, "memory" },
		{ SYS_mmap, 2, PROT_EXEC, false, false, "run" },
		{ SYS_mmap, 2, PROT_READ | PROT_EXEC, false, false, "run" },
		{ SYS_mmap, 2, UPPER | PROT_EXEC, false, false, "run" },
		{ SYS_mprotect, 2, PROT_READ, true, true, "memory" },
		{ SYS_mprotect, 2, PROT_WRITE | PROT_EXEC, false, false, "run" },
		{ SYS_clone, 0, CLONE_VM | CLONE_THREAD, true, true, "thread" },
		{ SYS_clone, 0, CLONE_VM, false, false, "a process" },
		{ SYS_clone, 0, UPPER | CLONE_VM, false, false, "a process" },
		{ SYS_tgkill, 0, 0, false, false, "no process" },
		{ SYS_tgkill, 0, 1, false, false, "another process" },
		{ SYS_prlimit64, 0, 0, true, true, "this process" },
		{ SYS_prlimit64, 0, 1, false, false, "another process" },
		{ SYS_sched_setscheduler, 0, 0, true, true, "this thread" },
		{ SYS_sched_setscheduler, 0, 1, false, false, "another one" },
		{ SYS_ioctl, 1, TCGETS, true, true, "is it a terminal?" },
		{ SYS_ioctl, 1, TIOCGWINSZ, true, true, "how wide is it?" },
		{ SYS_ioctl, 1, TIOCSTI, false, false, "type for somebody" },
		{ SYS_ioctl, 1, TCSETS, false, false, "change it" },
		{ SYS_fcntl, 1, F_GETFL, true, true, "how is it open?" },
		{ SYS_fcntl, 1, F_DUPFD_CLOEXEC, true, true, "once more" },
		{ SYS_fcntl, 1, F_SETOWN, false, false, "signals for others" },
		{ SYS_fcntl, 1, F_SETOWN_EX, false, false, "the same" },
		{ SYS_fcntl, 1, F_SETSIG, false, false, "and which" },
		{ SYS_fcntl, 1, F_SETFL, false, false, "O_ASYNC: when" },
		{ SYS_newfstatat, 3, AT_EMPTY_PATH, true, true, "descriptor" },
		{ SYS_newfstatat, 3, 0, true, false, "a path" },
		{ SYS_newfstatat, 3, AT_SYMLINK_NOFOLLOW, true, false, "path" },
		{ SYS_statx, 2, AT_EMPTY_PATH | AT_STATX_DONT_SYNC, true, true,
		    "a descriptor" },
		{ SYS_statx, 2, 0, true, false, "a path" },
		{ SYS_openat, 2, O_RDONLY, true, false, "a path" },
		{ SYS_unlinkat, 2, 0, true, false, "a path" },
	};

	(void)state;
	needs_a_filter();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t files = ask(true, THIS_MACHINE, rows[i].call,
		    rows[i].argument, rows[i].value);
		uint32_t without = ask(false, THIS_MACHINE, rows[i].call,
		    rows[i].argument, rows[i].value);

		if (files != (rows[i].files ? SECCOMP_RET_ALLOW : REFUSED) ||
		    without != (rows[i].without ? SECCOMP_RET_ALLOW : REFUSED))
			fail_msg("row %zu: %s", i, rows[i].why);
	}
	assert_int_equal(ask(false, THIS_MACHINE, SYS_tgkill, 0,
			     (uint64_t)getpid()),
	    SECCOMP_RET_ALLOW);
	assert_int_equal(ask(true, THIS_MACHINE, SYS_clone3, 0, CLONE_THREAD),
	    UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_way_out),
		cmocka_unit_test(nothing_but_the_list),
		cmocka_unit_test(other_machines_end),
		cmocka_unit_test(arguments_count),
	};

	return cmocka_run_group_tests_name("sandbox_calls", tests, NULL, NULL);
}
