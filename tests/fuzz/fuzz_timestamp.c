/* SPDX-License-Identifier: ISC */
/*
 * Time stamps as they are kept, replies of authorities, and queries. The first
 * byte chooses.
 */
#include <sodium.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
try_stamp(const uint8_t *der, size_t len)
{
	struct dsr_timestamp *stamp = NULL;
	struct dsr_error err;
	char subject[DSR_SUBJECT_SIZE];

	if (dsr_timestamp_parse(&stamp, der, len, &err) != 0) {
		require(stamp == NULL);
		return;
	}
	dsr_certificates_subject(dsr_timestamp_certificates(stamp),
	    dsr_timestamp_signer(stamp), subject);
	dsr_timestamp_free(stamp);
}

/* A reply to a query that it cannot know, so that it never fits. */
static void
try_reply(const uint8_t *der, size_t len)
{
	struct dsr_time_query q;
	struct dsr_buffer out;
	struct dsr_error err;

	memset(&q, 0, sizeof(q));
	dsr_buffer_init(&out, DSR_MAX_ATTESTATION);
	require(dsr_time_reply_normalise(der, len, &q, NULL, &out, &err) != 0);
	require(out.len == 0);
	dsr_buffer_fini(&out);
}

static void
try_query(const uint8_t *der, size_t len)
{
	struct dsr_time_query q;
	struct dsr_buffer again;
	struct dsr_error err;

	if (dsr_time_query_parse(&q, der, len, &err) != 0)
		return;
	dsr_buffer_init(&again, 256);
	require(dsr_time_query_write(&q, &again, &err) == 0);
	require(again.len == len && memcmp(again.data, der, len) == 0);
	dsr_buffer_fini(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const try[])(const uint8_t *data, size_t len) = {
		try_stamp, try_reply, try_query
	};
	uint8_t *copy;

	if (size < 2 || size > 2 * DSR_MAX_TIME_REPLY || sodium_init() < 0)
		return 0;
	copy = malloc(size - 1); /* of exactly its size, for the sanitizer */
	require(copy != NULL);
	memcpy(copy, data + 1, size - 1);
	try[data[0] % (sizeof(try) / sizeof(try[0]))](copy, size - 1);
	free(copy);
	return 0;
}
