/* SPDX-License-Identifier: ISC */
/*
 * A library for LD_PRELOAD that makes the Nth call of a program fail, or kills
 * the program there. What it wraps is every way by which packer and collector,
 * and SQLite in them, reach files, and memory.
 *
 *     FAULT_CALLS=write,fsync   which calls are counted; `all`: those of files
 *     FAULT_AT=N                the one, from 1, that HOW happens to
 *     FAULT_PATH=WORD           of those that open, only paths with WORD in them
 *     FAULT_HOW=HOW             kill: before it; killed: after it; torn: after
 *                               half of it was written; short: half of it is
 *                               done and said so; shrink, grow, rewrite: before
 *                               it, to the file FAULT_FILE; else the name of an
 *                               error
 *     FAULT_EARLY=1             libcrypto is used before the program begins
 *     FAULT_COUNT=FILE          at exit: how many calls were counted
 *
 * Without FAULT_AT calls are only counted.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum how { NOTHING, KILL, KILLED, TORN, SHORT, SHRINK, GROW, REWRITE, ERROR };

static atomic_long counted;
static long fault_at;
static enum how how;
static int error_number;
static const char *names; /* NULL: nothing is counted (yet) */
static const char *path_word; /* NULL: any path will do */
static int count_fd = -1; /* opened early: a sandbox lets nobody do it later */

static const struct {
	const char *name;
	enum how how;
	int number;
} hows[] = {
	{ "kill", KILL, 0 },
	{ "killed", KILLED, 0 },
	{ "torn", TORN, 0 },
	{ "short", SHORT, 0 },
	{ "shrink", SHRINK, 0 },
	{ "grow", GROW, 0 },
	{ "rewrite", REWRITE, 0 },
	{ "ENOSPC", ERROR, ENOSPC },
	{ "EIO", ERROR, EIO },
	{ "EINTR", ERROR, EINTR },
	{ "ENOMEM", ERROR, ENOMEM },
	{ "EDQUOT", ERROR, EDQUOT },
};

/* As a library might that somebody else has preloaded. */
static void
use_libcrypto(void)
{
	void *(*take)(size_t len, const char *file, int line);
	void (*leave)(void *p, const char *file, int line);

	*(void **)&take = dlsym(RTLD_DEFAULT, "CRYPTO_malloc");
	*(void **)&leave = dlsym(RTLD_DEFAULT, "CRYPTO_free");
	if (take != NULL && leave != NULL)
		leave(take(1, __FILE__, __LINE__), __FILE__, __LINE__);
}

__attribute__((constructor)) static void
read_environment(void)
{
	const char *at = getenv("FAULT_AT"), *wanted = getenv("FAULT_HOW");
	size_t i;

	fault_at = at != NULL ? strtol(at, NULL, 10) : 0;
	for (i = 0; wanted != NULL && i < sizeof(hows) / sizeof(hows[0]); i++)
		if (strcmp(hows[i].name, wanted) == 0) {
			how = hows[i].how;
			error_number = hows[i].number;
		}
	if (getenv("FAULT_COUNT") != NULL)
		count_fd = open(getenv("FAULT_COUNT"),
		    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (getenv("FAULT_EARLY") != NULL)
		use_libcrypto();
	path_word = getenv("FAULT_PATH");
	names = getenv("FAULT_CALLS");
}

__attribute__((destructor)) static void
write_count(void)
{
	names = NULL;
	if (count_fd >= 0)
		(void)dprintf(count_fd, "%ld\n", atomic_load(&counted));
}

static bool
is_named(const char *name)
{
	size_t len = strlen(name);
	const char *at;

	if (strcmp(names, "all") == 0)
		return strcmp(name, "malloc") != 0;
	for (at = names; (at = strstr(at, name)) != NULL; at += len)
		if ((at == names || at[-1] == ',') &&
		    (at[len] == '\0' || at[len] == ','))
			return true;
	return false;
}

static void
die(void)
{
	(void)kill(getpid(), SIGKILL);
	__builtin_trap(); /* a sandbox may forbid to kill */
}

/* As somebody else would while the program reads it: it loses its last byte,
 * gets one more, or has its first and its last ones changed. */
static void
change_file(void)
{
	int fd = open(getenv("FAULT_FILE"), O_RDWR | O_CLOEXEC);
	off_t size = lseek(fd, 0, SEEK_END);
	bool well = size > 0;

	names = NULL; /* none of these calls counts, nor what follows */
	if (how == REWRITE)
		well = well && pwrite(fd, "else", 4, 0) == 4 &&
		    pwrite(fd, "else", 4, size - 4) == 4;
	else
		well = well && ftruncate(fd,
		    how == GROW ? size + 1 : size - 1) == 0;
	if (!well || close(fd) != 0)
		die();
}

/* What is to happen to this call. */
static enum how
happens(const char *name)
{
	if (names == NULL || !is_named(name) ||
	    atomic_fetch_add(&counted, 1) + 1 != fault_at)
		return NOTHING;
	if (how == KILL)
		die();
	if (how == ERROR)
		errno = error_number;
	if (how == SHRINK || how == GROW || how == REWRITE)
		change_file();
	return how;
}

/* The function that is behind this one. */
#define NEXT(name)                                                            \
	static __typeof__(&name) next;                                        \
	if (next == NULL)                                                     \
		*(void **)&next = dlsym(RTLD_NEXT, #name)

/* ---- calls that move bytes --------------------------------------------------- */

#define MOVES(name, data_type, called, more, ...)                             \
	ssize_t name(int fd, data_type *data, size_t len more)                \
	{                                                                     \
		ssize_t n;                                                    \
		enum how what = happens(called);                              \
		NEXT(name);                                                   \
		if (what == ERROR)                                            \
			return -1;                                            \
		if ((what == SHORT || what == TORN) && len > 1)               \
			len /= 2;                                             \
		n = next(fd, data, len __VA_ARGS__);                          \
		if (what == KILLED || what == TORN)                           \
			die();                                                \
		return n;                                                     \
	}
#define COMMA ,
#define AND_AT , off_t at
#define AND_AT64 , off64_t at
#define AND_SIZE , size_t size
#define AND_BOTH , off_t at, size_t size

ssize_t __read_chk(int fd, void *data, size_t len, size_t size);
ssize_t __pread_chk(int fd, void *data, size_t len, off_t at, size_t size);

MOVES(read, void, "read", , )
MOVES(write, const void, "write", , )
MOVES(pread, void, "read", AND_AT, COMMA at)
MOVES(pwrite, const void, "write", AND_AT, COMMA at)
MOVES(pread64, void, "read", AND_AT64, COMMA at)
MOVES(pwrite64, const void, "write", AND_AT64, COMMA at)
MOVES(__read_chk, void, "read", AND_SIZE, COMMA size)
MOVES(__pread_chk, void, "read", AND_BOTH, COMMA at COMMA size)

ssize_t
copy_file_range(int from, off64_t *in, int to, off64_t *out, size_t len,
    unsigned int flags)
{
	enum how what = happens("write");
	ssize_t n;

	NEXT(copy_file_range);
	if (what == ERROR)
		return -1;
	if ((what == SHORT || what == TORN) && len > 1)
		len /= 2;
	n = next(from, in, to, out, len, flags);
	if (what == KILLED || what == TORN)
		die();
	return n;
}

/* ---- calls that are done or not ----------------------------------------------- */

#define DOES(name, called, params, args)                                      \
	int name params                                                       \
	{                                                                     \
		enum how what = happens(called);                              \
		int rc;                                                       \
		NEXT(name);                                                   \
		if (what == ERROR)                                            \
			return -1;                                            \
		rc = next args;                                               \
		if (what == KILLED || what == TORN)                           \
			die();                                                \
		return rc;                                                    \
	}

DOES(fsync, "fsync", (int fd), (fd))
DOES(fdatasync, "fsync", (int fd), (fd))
DOES(ftruncate, "ftruncate", (int fd, off_t len), (fd, len))
DOES(ftruncate64, "ftruncate", (int fd, off64_t len), (fd, len))
DOES(rename, "rename", (const char *from, const char *to), (from, to))
DOES(renameat2, "rename",
    (int a, const char *from, int b, const char *to, unsigned int flags),
    (a, from, b, to, flags))
DOES(link, "rename", (const char *from, const char *to), (from, to))
DOES(fchmod, "fchmod", (int fd, mode_t mode), (fd, mode))
DOES(fstat, "fstat", (int fd, struct stat *st), (fd, st))
DOES(fstat64, "fstat", (int fd, struct stat64 *st), (fd, st))

/* A descriptor is gone even when close fails. */
int
close(int fd)
{
	enum how what = happens("close");
	int rc;

	NEXT(close);
	rc = next(fd);
	if (what == KILLED || what == TORN)
		die();
	if (what == ERROR) {
		errno = error_number;
		return -1;
	}
	return rc;
}

static enum how
happens_to(const char *path)
{
	return path_word == NULL || strstr(path, path_word) != NULL
	    ? happens("open") : NOTHING;
}

#define OPENS(name, params, args)                                             \
	int name params                                                       \
	{                                                                     \
		enum how what = happens_to(path);                             \
		mode_t mode = 0;                                              \
		va_list list;                                                 \
		int fd;                                                       \
		NEXT(name);                                                   \
		if ((flags & O_CREAT) != 0 ||                                 \
		    (flags & O_TMPFILE) == O_TMPFILE) {                       \
			va_start(list, flags);                                \
			mode = (mode_t)va_arg(list, unsigned int);            \
			va_end(list);                                         \
		}                                                             \
		if (what == ERROR)                                            \
			return -1;                                            \
		fd = next args;                                               \
		if (what == KILLED || what == TORN)                           \
			die();                                                \
		return fd;                                                    \
	}

OPENS(open, (const char *path, int flags, ...), (path, flags, mode))
OPENS(openat, (int at, const char *path, int flags, ...),
    (at, path, flags, mode))
/* SQLite is built so */
OPENS(open64, (const char *path, int flags, ...), (path, flags, mode))

/* Locks. */
int
fcntl64(int fd, int command, ...)
{
	enum how what = happens("fcntl");
	void *argument;
	va_list list;

	NEXT(fcntl64);
	va_start(list, command);
	argument = va_arg(list, void *); /* or a number in its place */
	va_end(list);
	return what == ERROR ? -1 : next(fd, command, argument);
}

long
syscall(long number, ...)
{
	enum how what = number == SYS_openat2 ? happens("open") : NOTHING;
	long a[6];
	va_list list;
	size_t i;

	NEXT(syscall);
	va_start(list, number);
	for (i = 0; i < 6; i++)
		a[i] = va_arg(list, long);
	va_end(list);
	return what == ERROR ? -1
			     : next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* ---- memory ------------------------------------------------------------------- */

extern void *__libc_malloc(size_t len);
extern void *__libc_calloc(size_t count, size_t len);
extern void *__libc_realloc(void *p, size_t len);

void *
malloc(size_t len)
{
	return happens("malloc") == ERROR ? NULL : __libc_malloc(len);
}

void *
calloc(size_t count, size_t len)
{
	return happens("malloc") == ERROR ? NULL : __libc_calloc(count, len);
}

void *
realloc(void *p, size_t len)
{
	return happens("malloc") == ERROR ? NULL : __libc_realloc(p, len);
}
