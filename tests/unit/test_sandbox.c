/* SPDX-License-Identifier: ISC */
/* What a closed sandbox refuses, and what it leaves: each is tried. */
#include "dossier/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/scratch.h"

/* Each tries something and gives 0, or the errno of the refusal. */
typedef int try_fn(void);

static int opened = -1;   /* a file that was opened before */
static int listener = -1; /* a socket on loopback that was there before */
static in_port_t port;

static int
result_of(long rc)
{
	return rc < 0 ? errno : 0;
}

static int
read_opened(void)
{
	char byte;

	return result_of(pread(opened, &byte, 1, 0));
}

static int
write_opened(void)
{
	return result_of(pwrite(opened, "x", 1, 0));
}

static int
stat_opened(void)
{
	struct stat st;

	return result_of(fstat(opened, &st));
}

static int
get_memory(void)
{
	char *p = malloc(64u << 20);

	if (p == NULL)
		return ENOMEM;
	memset(p, 1, 64u << 20);
	free(p);
	return 0;
}

static void *
do_nothing(void *arg)
{
	return arg;
}

static int
start_thread(void)
{
	pthread_t thread;
	int rc = pthread_create(&thread, NULL, do_nothing, NULL);

	return rc != 0 ? rc : pthread_join(thread, NULL);
}

static int
open_file(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	if (fd >= 0)
		(void)close(fd);
	return result_of(fd);
}

static int
read_passwd(void)
{
	return open_file("/etc/passwd", O_RDONLY);
}

static int
read_proc(void)
{
	return open_file("/proc/self/mem", O_RDONLY);
}

static int
read_beside(void)
{
	return open_file("beside", O_RDONLY);
}

static int
make_file(void)
{
	return open_file("new", O_WRONLY | O_CREAT);
}

static int
write_beside(void)
{
	return open_file("beside", O_WRONLY);
}

static int
empty_beside(void)
{
	return result_of(truncate("beside", 0));
}

static int
remove_beside(void)
{
	return result_of(unlink("beside"));
}

static int
rename_beside(void)
{
	return result_of(rename("beside", "elsewhere"));
}

static int
link_beside(void)
{
	return result_of(link("beside", "elsewhere"));
}

static int
make_folder(void)
{
	return result_of(mkdir("new-folder", 0700));
}

static int
read_inside(void)
{
	return open_file("inside/file", O_RDONLY);
}

static int
list_inside(void)
{
	return open_file("inside", O_RDONLY | O_DIRECTORY);
}

static int
write_inside(void)
{
	return open_file("inside/file", O_WRONLY);
}

static int
make_inside(void)
{
	int rc = open_file("inside/new", O_RDWR | O_CREAT | O_EXCL);

	if (rc == 0)
		rc = result_of(rename("inside/new", "inside/newer"));
	return rc != 0 ? rc : result_of(unlink("inside/newer"));
}

static int
rename_inside(void)
{
	int rc = result_of(rename("inside/file", "inside/other"));

	return rc != 0 ? rc
	    : result_of(rename("inside/other", "inside/file"));
}

static int
make_socket(int family, int type)
{
	int fd = socket(family, type, 0);

	if (fd >= 0)
		(void)close(fd);
	return result_of(fd);
}

static int
socket_tcp(void)
{
	return make_socket(AF_INET, SOCK_STREAM);
}

static int
socket_tcp6(void)
{
	return make_socket(AF_INET6, SOCK_STREAM);
}

static int
socket_udp(void)
{
	return make_socket(AF_INET, SOCK_DGRAM);
}

static int
socket_unix(void)
{
	return make_socket(AF_UNIX, SOCK_STREAM);
}

/* By a socket that was there before. */
static int
connect_tcp(void)
{
	struct sockaddr_in to;

	memset(&to, 0, sizeof(to));
	to.sin_family = AF_INET;
	to.sin_port = port;
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return result_of(connect(listener, (const struct sockaddr *)&to,
	    sizeof(to)));
}

static int
run_program_there(void)
{
	static char name[] = "true", *const argv[] = { name, NULL };
	static char *const environment[] = { NULL };

	return result_of(execve("/bin/true", argv, environment));
}

static int
start_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return result_of(pid);
}

static int
signal_parent(void)
{
	return result_of(kill(getppid(), 0));
}

static int
run_memory(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? errno : 0;
}

/* ---- trying in a process of its own ------------------------------------------------ */

struct attempt {
	const char *what;
	try_fn *try;
	bool allowed;
	bool calls; /* it takes seccomp to refuse this */
};

struct report {
	struct dsr_sandbox closed;
	int result[32];
};

static void
prepare(void)
{
	struct sockaddr_in at;
	socklen_t len = sizeof(at);

	assert_int_equal(mkdir("inside", 0700), 0);
	scratch_write("inside/file", "x", 1, 0600);
	scratch_write("beside", "x", 1, 0600);
	scratch_write("opened", "x", 1, 0600);
	opened = open("opened", O_RDWR | O_CLOEXEC);
	assert_true(opened >= 0);
	memset(&at, 0, sizeof(at));
	at.sin_family = AF_INET;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(listener >= 0);
	assert_int_equal(bind(listener, (const struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &len),
	    0);
	port = at.sin_port;
	(void)close(listener);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void
child(int out, const struct attempt *attempts, size_t count,
    const struct dsr_sandbox_rule *rules, size_t rule_count)
{
	struct report r;

	memset(&r, 0, sizeof(r));
	dsr_sandbox_close(&r.closed, rules, rule_count);
	/* what nothing hinders would end this process */
	for (size_t i = 0; i < count && (r.closed.files || r.closed.sockets); i++)
		if (!attempts[i].calls || r.closed.sockets)
			r.result[i] = attempts[i].try();
	_exit(write(out, &r, sizeof(r)) == sizeof(r) ? 0 : 1);
}

static void
judge(const struct report *r, const struct attempt *attempts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct attempt *a = &attempts[i];

		if (a->calls && !r->closed.sockets)
			continue;
		if (a->allowed && r->result[i] != 0)
			fail_msg("%s: refused: %s", a->what,
			    strerror(r->result[i]));
		if (!a->allowed && r->result[i] != EPERM &&
		    r->result[i] != EACCES)
			fail_msg("%s: not refused: %s", a->what,
			    strerror(r->result[i]));
	}
}

static void
try_all(const struct attempt *attempts, size_t count,
    const struct dsr_sandbox_rule *rules, size_t rule_count)
{
	struct report r;
	int ends[2], status = 0;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		child(ends[1], attempts, count, rules, rule_count);
	(void)close(ends[1]);
	assert_int_equal(read(ends[0], &r, sizeof(r)), sizeof(r));
	(void)close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	if (strcmp(dsr_sandbox_state(&r.closed), "none") == 0)
		skip(); /* this system, or a sanitizer, has no sandbox */
	judge(&r, attempts, count);
}

#define ALWAYS                                                                \
	{ "read what is open", read_opened, true, false },                    \
	    { "write what is open", write_opened, true, false },              \
	    { "look at what is open", stat_opened, true, false },             \
	    { "get memory", get_memory, true, false },                        \
	    { "start a thread", start_thread, true, false }

#define NEVER                                                                 \
	{ "read /etc/passwd", read_passwd, false, false },                    \
	    { "read /proc/self/mem", read_proc, false, false },               \
	    { "read beside", read_beside, false, false },                     \
	    { "write beside", write_beside, false, false },                   \
	    { "empty beside", empty_beside, false, false },                   \
	    { "make a file", make_file, false, false },                       \
	    { "make a folder", make_folder, false, false },                   \
	    { "remove beside", remove_beside, false, false },                 \
	    { "rename beside", rename_beside, false, false },                 \
	    { "link beside", link_beside, false, false },                     \
	    { "a TCP socket", socket_tcp, false, true },                      \
	    { "a TCP socket, v6", socket_tcp6, false, true },                 \
	    { "a UDP socket", socket_udp, false, true },                      \
	    { "a local socket", socket_unix, false, true },                   \
	    { "connect", connect_tcp, false, true },                          \
	    { "start a process", start_process, false, true },                \
	    { "a signal", signal_parent, false, true },                       \
	    { "run memory", run_memory, false, true },                        \
	    { "run a program", run_program_there, false, false }

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
static void
without_rules(void **state)
{
	static const struct attempt attempts[] = { ALWAYS, NEVER,
		{ "read inside", read_inside, false, false },
		{ "list inside", list_inside, false, false } };

	(void)state;
	prepare();
	try_all(attempts, COUNT(attempts), NULL, 0);
}

static void
with_rule(enum dsr_sandbox_right right, const struct attempt *attempts,
    size_t count)
{
	struct dsr_sandbox_rule rule = { -1, right };

	prepare();
	rule.folder = open("inside", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(rule.folder >= 0);
	try_all(attempts, count, &rule, 1);
	(void)close(rule.folder);
}

static void
with_reading(void **state)
{
	static const struct attempt attempts[] = { ALWAYS, NEVER,
		{ "read inside", read_inside, true, false },
		{ "list inside", list_inside, true, false },
		{ "write inside", write_inside, false, false },
		{ "make inside", make_inside, false, false },
		{ "rename inside", rename_inside, false, false } };

	(void)state;
	with_rule(DSR_SANDBOX_READ, attempts, COUNT(attempts));
}

static void
with_writing(void **state)
{
	static const struct attempt attempts[] = { ALWAYS, NEVER,
		{ "read inside", read_inside, true, false },
		{ "list inside", list_inside, true, false },
		{ "write inside", write_inside, true, false },
		{ "make inside", make_inside, true, false },
		{ "rename inside", rename_inside, true, false } };

	(void)state;
	with_rule(DSR_SANDBOX_WRITE, attempts, COUNT(attempts));
}

static void
with_renaming(void **state)
{
	static const struct attempt attempts[] = { ALWAYS, NEVER,
		{ "read inside", read_inside, false, false },
		{ "list inside", list_inside, true, false },
		{ "write inside", write_inside, false, false },
		{ "make inside", make_inside, false, false },
		{ "rename inside", rename_inside, true, false } };

	(void)state;
	with_rule(DSR_SANDBOX_RENAME, attempts, COUNT(attempts));
}

static void
tells_its_state(void **state)
{
	static const struct dsr_sandbox full = { true, true, true },
					part = { true, false, true },
					none = { false, false, false };

	(void)state;
	assert_string_equal(dsr_sandbox_state(&full), "full");
	assert_string_equal(dsr_sandbox_state(&part), "partial");
	assert_string_equal(dsr_sandbox_state(&none), "none");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(without_rules, scratch_enter,
		    scratch_leave),
		cmocka_unit_test_setup_teardown(with_reading, scratch_enter,
		    scratch_leave),
		cmocka_unit_test_setup_teardown(with_writing, scratch_enter,
		    scratch_leave),
		cmocka_unit_test_setup_teardown(with_renaming, scratch_enter,
		    scratch_leave),
		cmocka_unit_test(tells_its_state),
	};

	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
