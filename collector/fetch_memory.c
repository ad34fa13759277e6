/* SPDX-License-Identifier: ISC */
/*
 * Memory for libcurl. What it finds none for, it may call something else: a link
 * that is no address, a host that does not answer. So its refusals count.
 */
#include "fetch.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/memory.h"

static void *
count_refusal(void *p)
{
	if (p == NULL)
		dsr_memory_note_refusal();
	return p;
}

static void *
give(size_t size)
{
	return count_refusal(malloc(size > 0 ? size : 1));
}

static void *
give_many(size_t count, size_t size)
{
	return count > 0 && size > 0 ? count_refusal(calloc(count, size))
	                             : give(0);
}

static void *
give_more(void *p, size_t size)
{
	return count_refusal(realloc(p, size > 0 ? size : 1));
}

static char *
give_copy(const char *s)
{
	return count_refusal(strdup(s));
}

bool
fetch_memory_start(void)
{
	const uint64_t refusals = dsr_memory_refusals();

	/* libcrypto 3.0 goes on without a lock that it lacked memory for */
	return curl_global_init_mem(CURL_GLOBAL_DEFAULT, give, free, give_more,
	           give_copy, give_many) == CURLE_OK &&
	    dsr_memory_refusals() == refusals;
}
