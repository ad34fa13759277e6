/* SPDX-License-Identifier: ISC */
/* Memory that runs out when a test says so. */
#ifndef DOSSIER_TESTS_FAULTS_H
#define DOSSIER_TESTS_FAULTS_H

#include <stdbool.h>

/*
 * After so many more calls of malloc, calloc or realloc one of them fails;
 * negative: none does. False where a sanitizer has its own allocator: nothing
 * will fail.
 */
bool fail_allocation_after(int calls);
/* Has it failed since? */
bool allocation_has_failed(void);

#endif
