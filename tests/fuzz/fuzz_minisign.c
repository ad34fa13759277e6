/* SPDX-License-Identifier: ISC */
/*
 * Signatures, public keys, seal comments and SSH signatures. The first byte
 * chooses, the rest is the text. What is accepted, written again, must be the
 * same bytes (a public key: but for its comment and its last LF).
 */
#include <sodium.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/minisign.h"
#include "dossier/seal.h"
#include "dossier/sshsig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

/* Does text end with what wanted holds from there on? */
static bool
ends_with(const void *text, size_t len, const struct dsr_buffer *wanted,
    size_t from)
{
	size_t tail = wanted->len - from;

	return len >= tail &&
	    memcmp((const uint8_t *)text + len - tail, wanted->data + from,
		tail) == 0;
}

static void
try_signature(const char *text, size_t len)
{
	static const uint8_t prehash[DSR_PREHASH_BYTES];
	struct dsr_public_key key;
	struct dsr_minisig sig;
	struct dsr_error err;

	if (dsr_minisig_parse(&sig, text, len, &err) != 0)
		return;
	memset(&key, 9, sizeof(key));
	(void)dsr_minisig_is_valid(&sig, &key, prehash);
	/* all but the comments has one length: 74 and 64 bytes in base64 */
	require(strlen("untrusted comment: \n") +
		strlen(sig.untrusted_comment) + 101 +
		strlen("trusted comment: \n") + strlen(sig.trusted_comment) +
		89 == len);
}

static void
try_public_key(const char *text, size_t len)
{
	struct dsr_public_key key;
	struct dsr_buffer again;
	struct dsr_error err;
	const uint8_t *line;

	if (dsr_public_key_parse(&key, text, len, &err) != 0)
		return;
	dsr_buffer_init(&again, 1024);
	require(dsr_public_key_write(&key, &again, &err) == 0);
	if (text[len - 1] != '\n')
		again.len--;
	line = memchr(again.data, '\n', again.len);
	require(line != NULL &&
	    ends_with(text, len, &again, (size_t)(line - again.data)));
	dsr_buffer_fini(&again);
}

static void
try_seal(const char *text, size_t len)
{
	char *comment = strndup(text, len);
	struct dsr_seal seal;
	struct dsr_buffer again;
	struct dsr_error err;

	require(comment != NULL);
	dsr_buffer_init(&again, DSR_TRUSTED_COMMENT_SIZE);
	if (dsr_seal_parse(&seal, comment, &err) == 0) {
		require(dsr_seal_write(&seal, &again, &err) == 0);
		require(strcmp(dsr_buffer_str(&again), comment) == 0);
	} else {
		require(err.code == DSR_EFORMAT || err.code == DSR_EVERSION);
	}
	dsr_buffer_fini(&again);
	free(comment);
}

static void
try_ssh_signature(const char *text, size_t len)
{
	struct dsr_sshsig sig;
	struct dsr_error err;

	if (dsr_sshsig_parse(&sig, DSR_SSHSIG_NAMESPACE, text, len, &err) != 0)
		return;
	(void)dsr_sshsig_is_valid(&sig, DSR_SSHSIG_NAMESPACE, "", 0);
	require(len == 310); /* 185 bytes in four lines, and the armor */
}

/* Not protected ones only: scrypt would take all the time there is. */
static void
try_secret_key(const char *text, size_t len)
{
	struct dsr_secret_key *key = NULL;
	struct dsr_error err;

	if (dsr_secret_key_parse(&key, text, len, NULL, &err) == 0)
		require(!dsr_secret_key_is_encrypted(text, len));
	else
		require(key == NULL && err.code == DSR_EINPUT);
	dsr_secret_key_free(key);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const try[])(const char *text, size_t len) = {
		try_signature, try_public_key, try_seal, try_ssh_signature,
		try_secret_key
	};
	char *text;

	if (size == 0 || size > 65536 || sodium_init() < 0)
		return 0;
	text = malloc(size - 1); /* of exactly its size, for the sanitizer */
	require(text != NULL || size == 1);
	if (size > 1)
		memcpy(text, data + 1, size - 1);
	try[data[0] % (sizeof(try) / sizeof(try[0]))](text, size - 1);
	free(text);
	return 0;
}
