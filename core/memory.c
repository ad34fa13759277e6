/* SPDX-License-Identifier: ISC */
#include "dossier/memory.h"

#include <openssl/crypto.h>
#include <stdatomic.h>
#include <stdlib.h>

static _Atomic uint64_t refusals;

void
dsr_memory_note_refusal(void)
{
	atomic_fetch_add(&refusals, 1);
}

uint64_t
dsr_memory_refusals(void)
{
	return atomic_load(&refusals);
}

/* ---- what libcrypto asks for ------------------------------------------------ */

static void
take_back(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

/* Of size 0 there is nothing, as when libcrypto asks the system itself. */
static void *
give_more(void *p, size_t size, const char *file, int line)
{
	void *grown;

	if (size == 0) {
		take_back(p, file, line);
		return NULL;
	}
	grown = realloc(p, size);
	if (grown == NULL)
		dsr_memory_note_refusal();
	return grown;
}

static void *
give(size_t size, const char *file, int line)
{
	return give_more(NULL, size, file, line);
}

bool
dsr_memory_start(void)
{
	return CRYPTO_set_mem_functions(give, give_more, take_back) == 1;
}
