/* SPDX-License-Identifier: ISC */
/* The one source of randomness. */
#ifndef DOSSIER_RANDOM_H
#define DOSSIER_RANDOM_H

#include <stdbool.h>
#include <stddef.h>

#define DSR_UUID_SIZE 37 /* bytes with the NUL */

/* Fills out, by libsodium or the function set by a test. */
void dsr_random_bytes(void *out, size_t len);
/* Replaces the source (tests); NULL gives libsodium's back. */
void dsr_random_set(void (*random_fn)(void *out, size_t len));
/* A random UUID of version 4, lower case (RFC 9562 section 5.4). */
void dsr_uuid_new(char out[DSR_UUID_SIZE]);
/* Is s a UUID in lower case, 8-4-4-4-12? */
bool dsr_uuid_is_valid(const char *s);

#endif
