/* SPDX-License-Identifier: ISC */
#include "faults.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__
#define OWN_ALLOCATOR 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer)
#define OWN_ALLOCATOR 0
#endif
#endif
#if defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#undef OWN_ALLOCATOR
#define OWN_ALLOCATOR 0
#endif
#ifndef OWN_ALLOCATOR
#define OWN_ALLOCATOR 1
#endif

/* Of one thread: a test of threads does not count on another's memory. */
static _Thread_local int calls_left = -1;
static _Thread_local bool has_failed;

bool
fail_allocation_after(int calls)
{
	calls_left = calls;
	has_failed = false;
	return OWN_ALLOCATOR;
}

bool
allocation_has_failed(void)
{
	return has_failed;
}

#if OWN_ALLOCATOR
/* glibc's own, under the names that it keeps for those who replace them. */
extern void *__libc_malloc(size_t len);
extern void *__libc_calloc(size_t count, size_t len);
extern void *__libc_realloc(void *p, size_t len);

static bool
is_to_fail(void)
{
	if (calls_left < 0 || calls_left-- > 0)
		return false;
	has_failed = true;
	errno = ENOMEM; /* as malloc does: scandir looks at it */
	return true;
}

void *
malloc(size_t len)
{
	return is_to_fail() ? NULL : __libc_malloc(len);
}

void *
calloc(size_t count, size_t len)
{
	return is_to_fail() ? NULL : __libc_calloc(count, len);
}

void *
realloc(void *p, size_t len)
{
	return is_to_fail() ? NULL : __libc_realloc(p, len);
}
#endif
