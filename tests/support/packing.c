/* SPDX-License-Identifier: ISC */
#include "packing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "scratch.h"

static void
write_key(const char *prefix, const char *ending, struct dsr_buffer *text)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s.%s", prefix, ending);
	scratch_write(path, text->data, text->len, 0600);
	dsr_buffer_fini(text);
}

void
make_key(const char *prefix, struct dsr_trust *trust)
{
	struct dsr_secret_key *key;
	struct dsr_public_key public_key;
	struct dsr_buffer text;
	struct dsr_error err;
	char path[256];

	dsr_buffer_init(&text, DSR_MAX_KEY_FILE);
	assert_int_equal(dsr_secret_key_generate(&key, &err), 0);
	assert_int_equal(dsr_secret_key_write(key, NULL, &text, &err), 0);
	write_key(prefix, "key", &text);
	dsr_secret_key_public(key, &public_key);
	assert_int_equal(dsr_public_key_write(&public_key, &text, &err), 0);
	write_key(prefix, "pub", &text);
	dsr_secret_key_free(key);
	(void)snprintf(path, sizeof(path), "%s.pub", prefix);
	assert_int_equal(dsr_trust_add(trust, path, &err), 0);
}

void
make_archive(const struct pack_options *o)
{
	const struct dsr_common common = { .quiet = true,
		.no_progress = true };
	struct pack_result result;
	struct dsr_error err;

	if (pack(o, &common, &result, &err) != 0)
		fail_msg("%s: %s", o->output, err.msg);
}

void
make_documents(const char *folder, int count)
{
	char path[256];
	int i;

	assert_int_equal(mkdir(folder, 0700), 0);
	for (i = 0; i < count; i++) {
		(void)snprintf(path, sizeof(path), "%s/%d", folder, i);
		scratch_write(path, path, strlen(path), 0600);
	}
}
