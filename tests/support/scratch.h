/* SPDX-License-Identifier: ISC */
/* A folder for one test, and other programs as peers. */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <stddef.h>

/*
 * Set-up and tear-down of cmocka: makes an empty folder and goes into it; goes
 * back and removes it with everything in it.
 */
int scratch_enter(void **state);
int scratch_leave(void **state);

/* Writes a file of the given mode; the test fails when that fails. */
void scratch_write(const char *path, const void *data, size_t len,
    unsigned int mode);

/*
 * Runs a program (argv ends with NULL; found by PATH) with input on its
 * standard input and its output thrown away. Its exit status; 127 when there
 * is no such program, 128 and more when a signal ended it.
 */
int run_program(const char *input, const char *const argv[]);

#endif
