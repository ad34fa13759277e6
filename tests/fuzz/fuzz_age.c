/* SPDX-License-Identifier: ISC */
/*
 * Files of age. The first byte chooses what the rest is: a whole file, stanzas
 * in a header whose MAC is right, a payload behind a right header, what an
 * armor holds, recipients, or a file of keys. However few bytes come at a
 * time, and with armor or without, the result must be the same.
 */
#include <sodium.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/age.h"
#include "../support/raw_age.h"

#define MAX_SIZE 200000
#define BEGIN    "-----BEGIN AGE ENCRYPTED FILE-----\n"
#define END      "-----END AGE ENCRYPTED FILE-----\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct raw_age file;

static void
require(bool holds)
{
	if (!holds)
		abort();
}

struct outcome {
	enum dsr_code code;
	size_t len;
	uint8_t sha256[crypto_hash_sha256_BYTES];
};

static void
read_plaintext(struct dsr_age_reader *r, struct outcome *o)
{
	crypto_hash_sha256_state state;
	struct dsr_error err;
	uint8_t piece[5000];
	int64_t n;

	(void)crypto_hash_sha256_init(&state);
	while ((n = dsr_age_read(r, piece, sizeof(piece), &err)) > 0) {
		o->len += (size_t)n;
		(void)crypto_hash_sha256_update(&state, piece, (size_t)n);
	}
	(void)crypto_hash_sha256_final(&state, o->sha256);
	o->code = n == 0 ? DSR_OK : err.code;
}

static void
read_file(struct outcome *o, const void *data, size_t size, size_t step)
{
	struct memory_source m = { data, size, 0, step };
	struct dsr_age_identities *keys = raw_age_keys(NULL);
	struct dsr_age_reader *r = NULL;
	struct dsr_source source;
	struct dsr_error err;

	memset(o, 0, sizeof(*o));
	memory_source(&source, &m);
	if (dsr_age_reader_new(&r, &source, keys, &err) == 0)
		read_plaintext(r, o);
	else
		o->code = err.code;
	require(o->code == DSR_OK || o->code == DSR_EKEY ||
	    o->code == DSR_EFORMAT || o->code == DSR_ELIMIT ||
	    o->code == DSR_ESIGNATURE);
	require(o->len < size || size == 0);
	dsr_age_reader_free(r);
	dsr_age_identities_free(keys);
}

static void
try_file(const uint8_t *data, size_t size)
{
	struct outcome all, some;

	read_file(&all, data, size, SIZE_MAX);
	read_file(&some, data, size, 1 + size % 61);
	require(memcmp(&all, &some, sizeof(all)) == 0);
}

/* What is right in the stanzas before and behind must not save it. */
static void
try_stanzas(const uint8_t *data, size_t size)
{
	raw_age_init(&file);
	raw_age_header(&file, "age-encryption.org/v1\n-> X25519 @S\n@B\n");
	raw_age_put(&file, data, size);
	raw_age_mac(&file, "--- %s\n");
	raw_age_nonce(&file);
	raw_age_chunk(&file, 9, true);
	try_file(file.bytes, file.len);
}

static void
try_payload(const uint8_t *data, size_t size)
{
	struct outcome o;

	raw_age_init(&file);
	raw_age_header(&file, "age-encryption.org/v1\n-> X25519 @S\n@B\n");
	raw_age_mac(&file, "--- %s\n");
	raw_age_nonce(&file);
	raw_age_chunk(&file, 65536, false);
	raw_age_put(&file, data, size);
	read_file(&o, file.bytes, file.len, SIZE_MAX);
	/* nobody without the key makes a chunk; the first one was one */
	require(o.code != DSR_OK && (o.len == 0 || o.len == 65536));
}

static void
try_armor(const uint8_t *data, size_t size)
{
	struct outcome plain, armored;
	char line[65];
	size_t i, n;

	raw_age_init(&file);
	raw_age_text(&file, BEGIN);
	for (i = 0; i < size; i += n) {
		n = size - i < 48 ? size - i : 48;
		(void)sodium_bin2base64(line, sizeof(line), data + i, n,
		    sodium_base64_VARIANT_ORIGINAL);
		raw_age_text(&file, line);
		raw_age_text(&file, "\n");
	}
	raw_age_text(&file, END);
	read_file(&armored, file.bytes, file.len, SIZE_MAX);
	if (size == 0 || data[0] != 'a')
		return; /* without its armor it would be one with armor */
	read_file(&plain, data, size, SIZE_MAX);
	require(memcmp(&plain, &armored, sizeof(plain)) == 0);
}

static void
try_recipient(const uint8_t *data, size_t size)
{
	struct dsr_age_recipients *r = NULL;
	char *word = strndup((const char *)data, size);
	const char *const words[] = { word };
	struct dsr_error err;

	require(word != NULL);
	if (dsr_age_recipients_new(&r, words, 1, NULL, &err) == 0)
		require(strlen(word) == strlen(RAW_AGE_RECIPIENT));
	else
		require(r == NULL && err.code == DSR_EUSAGE);
	dsr_age_recipients_free(r);
	free(word);
}

static void
try_keys(const uint8_t *data, size_t size)
{
	struct dsr_age_identities *keys = NULL;
	struct dsr_error err;

	if (dsr_age_identities_parse(&keys, (const char *)data, size, &err) ==
	    0)
		require(size >= strlen(RAW_AGE_IDENTITY));
	else
		require(keys == NULL && err.code == DSR_EINPUT);
	dsr_age_identities_free(keys);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const try[])(const uint8_t *data, size_t size) = {
		try_file, try_stanzas, try_payload, try_armor, try_recipient,
		try_keys
	};
	uint8_t *rest;

	if (size == 0 || size > MAX_SIZE || sodium_init() < 0)
		return 0;
	rest = malloc(size - 1); /* of exactly its size, for the sanitizer */
	require(rest != NULL || size == 1);
	if (size > 1)
		memcpy(rest, data + 1, size - 1);
	try[data[0] % (sizeof(try) / sizeof(try[0]))](rest, size - 1);
	free(rest);
	return 0;
}
