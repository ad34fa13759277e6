/* SPDX-License-Identifier: ISC */
/* SSH signatures: byte for byte what ssh-keygen writes, and nothing else. */
#include "dossier/sshsig.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/scratch.h"
#include "dossier/random.h"

/* clang-format off */
/* Made by ssh-keygen -Y sign with the key of seed 00..1f over "hello\n". */
#define BEGIN "-----BEGIN SSH SIGNATURE-----\n"
#define LINE1 \
	"U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgA6EHv/POEL4dcN0Y50vAmWfk1j\n"
#define LINE2 \
	"CbpQ1fHdyGZBJVMbgAAAAPZG9zc2llci1zZWFsQHYxAAAAAAAAAAZzaGE1MTIAAABTAAAA\n"
#define LINE3 \
	"C3NzaC1lZDI1NTE5AAAAQE8Jt4/mk1oIocZqKDlItaLZvIsEmYxuafnqyTEHwPX/wk6Dgs\n"
#define LINE4 \
	"5Q9E5+Sl1st27BQXcl+V7MoK5HYee8UGsPYAI=\n"
#define END "-----END SSH SIGNATURE-----\n"
#define GOOD BEGIN LINE1 LINE2 LINE3 LINE4 END
#define ALLOWED \
	"dossier-seal namespaces=\"dossier-seal@v1\" ssh-ed25519 " \
	"AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4\n"
/* clang-format on */
#define MESSAGE     "hello\n"
#define MESSAGE_LEN (sizeof(MESSAGE) - 1)

static struct dsr_secret_key *known_key;

/* The seed 00..1f, then whatever for the id. */
static void
known_random(void *out, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		((uint8_t *)out)[i] = (uint8_t)i;
}

static int
make_key(void **state)
{
	struct dsr_error err;
	int rc;

	(void)state;
	if (sodium_init() < 0)
		return -1;
	dsr_random_set(known_random);
	rc = dsr_secret_key_generate(&known_key, &err);
	dsr_random_set(NULL);
	return rc;
}

static int
free_key(void **state)
{
	(void)state;
	dsr_secret_key_free(known_key);
	return 0;
}

static void
writes_what_ssh_keygen_writes(void **state)
{
	struct dsr_public_key public;
	struct dsr_buffer out;
	struct dsr_error err;

	(void)state;
	dsr_buffer_init(&out, DSR_SSHSIG_MAX);
	assert_int_equal(dsr_sshsig_sign(known_key, DSR_SSHSIG_NAMESPACE,
			     MESSAGE, MESSAGE_LEN, &out, &err), 0);
	assert_string_equal(dsr_buffer_str(&out), GOOD);
	dsr_buffer_reset(&out);
	dsr_secret_key_public(known_key, &public);
	assert_int_equal(dsr_allowed_signers_write(public.key,
			     DSR_SSHSIG_PRINCIPAL, DSR_SSHSIG_NAMESPACE, &out,
			     &err), 0);
	assert_string_equal(dsr_buffer_str(&out), ALLOWED);
	dsr_buffer_fini(&out);
}

static void
reads_it(void **state)
{
	struct dsr_public_key public;
	struct dsr_sshsig sig;
	struct dsr_error err;

	(void)state;
	assert_int_equal(dsr_sshsig_parse(&sig, DSR_SSHSIG_NAMESPACE, GOOD,
			     sizeof(GOOD) - 1, &err), 0);
	dsr_secret_key_public(known_key, &public);
	assert_memory_equal(sig.key, public.key, sizeof(sig.key));
	assert_true(dsr_sshsig_is_valid(&sig, DSR_SSHSIG_NAMESPACE, MESSAGE,
	    MESSAGE_LEN));
	assert_false(dsr_sshsig_is_valid(&sig, DSR_SSHSIG_NAMESPACE, "hallo\n",
	    MESSAGE_LEN));
	assert_false(dsr_sshsig_is_valid(&sig, "file", MESSAGE, MESSAGE_LEN));
	assert_int_equal(dsr_sshsig_parse(&sig, "file", GOOD, sizeof(GOOD) - 1,
			     &err), -1);
	assert_int_equal(err.code, DSR_EFORMAT);
}

static const struct {
	const char *text, *why;
} bad[] = {
	{ "", "empty" },
	{ BEGIN END, "nothing inside" },
	{ BEGIN LINE1 LINE2 LINE3 END, "cut" },
	{ BEGIN LINE1 LINE2 LINE3 LINE4, "no end" },
	{ LINE1 LINE2 LINE3 LINE4 END, "no begin" },
	{ "\n" GOOD, "an empty line before" },
	{ GOOD "\n", "an empty line behind" },
	{ GOOD GOOD, "twice" },
	{ BEGIN "\n" LINE1 LINE2 LINE3 LINE4 END, "an empty line" },
	{ BEGIN LINE2 LINE1 LINE3 LINE4 END, "another order" },
	{ BEGIN
	  "U1NIU0lHAAAAAgAAADMAAAALc3NoLWVkMjU1MTkA"
	  "AAAgA6EHv/POEL4dcN0Y50vAmWfk1j\n"
	  "CbpQ1fHdyGZBJVMbgAAAAPZG9zc2llci1zZWFsQH"
	  "YxAAAAAAAAAAZzaGE1MTIAAABTAAAA\n"
	  "C3NzaC1lZDI1NTE5AAAAQE8Jt4/mk1oIocZqKDlI"
	  "taLZvIsEmYxuafnqyTEHwPX/wk6Dgs\n"
	  "5Q9E5+Sl1st27BQXcl+V7MoK5HYee8UGsPYAI=\n"
	  END, "version 2" },
	{ BEGIN
	  "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkA"
	  "AAAgA6EHv/POEL4dcN0Y50vAmWfk1j\n"
	  "CbpQ1fHdyGZBJVMbgAAAAPZG9zc2llci1zZWFsQH"
	  "YxAAAAAAAAAAZzaGEyNTYAAABTAAAA\n"
	  "C3NzaC1lZDI1NTE5AAAAQE8Jt4/mk1oIocZqKDlI"
	  "taLZvIsEmYxuafnqyTEHwPX/wk6Dgs\n"
	  "5Q9E5+Sl1st27BQXcl+V7MoK5HYee8UGsPYAI=\n"
	  END, "another hash" },
	{ BEGIN
	  "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkA"
	  "AAAgA6EHv/POEL4dcN0Y50vAmWfk1j\n"
	  "CbpQ1fHdyGZBJVMbgAAAAPZG9zc2llci1zZWFsQH"
	  "YyAAAAAAAAAAZzaGE1MTIAAABTAAAA\n"
	  "C3NzaC1lZDI1NTE5AAAAQE8Jt4/mk1oIocZqKDlI"
	  "taLZvIsEmYxuafnqyTEHwPX/wk6Dgs\n"
	  "5Q9E5+Sl1st27BQXcl+V7MoK5HYee8UGsPYAI=\n"
	  END, "another namespace" },
	{ BEGIN
	  "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkA"
	  "AAAgA6EHv/POEL4dcN0Y50vAmWfk1j\n"
	  "CbpQ1fHdyGZBJVMbgAAAAPZG9zc2llci1zZWFsQH"
	  "YxAAAAAXgAAAAGc2hhNTEyAAAAUwAA\n"
	  "AAtzc2gtZWQyNTUxOQAAAEBPCbeP5pNaCKHGaig5"
	  "SLWi2byLBJmMbmn56skxB8D1/8JOg4\n"
	  "LOUPROfkpdbLduwUF3JflezKCuR2HnvFBrD2AC\n"
	  END, "something reserved" },
	{ BEGIN
	  "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkA"
	  "AAAgA6EHv/POEL4dcN0Y50vAmWfk1j\n"
	  "CbpQ1fHdyGZBJVMbgAAAAPZG9zc2llci1zZWFsQH"
	  "YxAAAAAAAAAAZzaGE1MTIAAABTAAAA\n"
	  "C3NzaC1lZDI1NTE5AAAAQE8Jt4/mk1oIocZqKDlI"
	  "taLZvIsEmYxuafnqyTEHwPX/wk6Dgs\n"
	  "5Q9E5+Sl1st27BQXcl+V7MoK5HYee8UGsPYAIA\n"
	  END, "a byte behind it" },
	{ BEGIN
	  "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkA"
	  "AAAgA6EHv/POEL4dcN0Y50vA\n"
	  "mWfk1jCbpQ1fHdyGZBJVMbgAAAAPZG9zc2llci1z"
	  "ZWFsQHYxAAAAAAAAAAZzaGE1\n"
	  "MTIAAABTAAAAC3NzaC1lZDI1NTE5AAAAQE8Jt4/m"
	  "k1oIocZqKDlItaLZvIsEmYxu\n"
	  "afnqyTEHwPX/wk6Dgs5Q9E5+Sl1st27BQXcl+V7MoK5HYee8UGsPYAI=\n"
	  END, "64 columns" },
	{ BEGIN
	  "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTgA"
	  "AAAgA6EHv/POEL4dcN0Y50vAmWfk1j\n"
	  "CbpQ1fHdyGZBJVMbgAAAAPZG9zc2llci1zZWFsQH"
	  "YxAAAAAAAAAAZzaGE1MTIAAABTAAAA\n"
	  "C3NzaC1lZDI1NTE5AAAAQE8Jt4/mk1oIocZqKDlI"
	  "taLZvIsEmYxuafnqyTEHwPX/wk6Dgs\n"
	  "5Q9E5+Sl1st27BQXcl+V7MoK5HYee8UGsPYAI=\n"
	  END, "another kind of key" },
	{ "-----BEGIN SSH SIGNATURE-----\r\n" LINE1 LINE2 LINE3 LINE4 END,
	    "CR" },
};

static void
refuses_all_other_forms(void **state)
{
	struct dsr_sshsig sig;
	struct dsr_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (dsr_sshsig_parse(&sig, DSR_SSHSIG_NAMESPACE, bad[i].text,
			strlen(bad[i].text), &err) == 0)
			fail_msg("accepted: %s", bad[i].why);
		assert_int_equal(err.code, DSR_EFORMAT);
	}
}

/* Every bit counts; a NUL behind it, too. */
static void
finds_each_changed_bit(void **state)
{
	char text[] = GOOD;
	struct dsr_sshsig sig;
	struct dsr_error err;
	struct dsr_public_key public;
	size_t i;
	unsigned int bit;

	(void)state;
	dsr_secret_key_public(known_key, &public);
	assert_int_equal(dsr_sshsig_parse(&sig, DSR_SSHSIG_NAMESPACE, text,
			     sizeof(text), &err), -1);
	for (i = 0; i < sizeof(text) - 1; i++) {
		for (bit = 0; bit < 8; bit++) {
			text[i] = (char)(text[i] ^ (1 << bit));
			if (dsr_sshsig_parse(&sig, DSR_SSHSIG_NAMESPACE, text,
				sizeof(text) - 1, &err) == 0 &&
			    memcmp(sig.key, public.key, 32) == 0 &&
			    dsr_sshsig_is_valid(&sig, DSR_SSHSIG_NAMESPACE,
				MESSAGE, MESSAGE_LEN))
				fail_msg("byte %zu, bit %u", i, bit);
			text[i] = (char)(text[i] ^ (1 << bit));
		}
	}
}

/* A signature of zeros under the identity "verifies" without that rule. */
static void
refuses_unsound_keys(void **state)
{
	struct dsr_sshsig sig;

	(void)state;
	memset(&sig, 0, sizeof(sig));
	sig.key[0] = sig.signature[0] = 1;
	assert_false(dsr_sshsig_is_valid(&sig, DSR_SSHSIG_NAMESPACE, MESSAGE,
	    MESSAGE_LEN));
}

static void
keeps_the_namespace_within_bounds(void **state)
{
	static char longest[257];
	struct dsr_sshsig sig;
	struct dsr_buffer out;
	struct dsr_error err;

	(void)state;
	memset(longest, 'n', sizeof(longest) - 1);
	dsr_buffer_init(&out, DSR_SSHSIG_MAX);
	assert_int_equal(dsr_sshsig_sign(known_key, longest, "", 0, &out,
			     &err), -1);
	assert_int_equal(dsr_sshsig_sign(known_key, "", "", 0, &out, &err),
	    -1);
	assert_int_equal(dsr_sshsig_sign(known_key, longest + 1, "", 0, &out,
			     &err), 0);
	assert_int_equal(dsr_sshsig_parse(&sig, longest + 1, out.data, out.len,
			     &err), 0);
	assert_true(dsr_sshsig_is_valid(&sig, longest + 1, "", 0));
	assert_false(dsr_sshsig_is_valid(&sig, longest, "", 0));
	assert_int_equal(dsr_sshsig_parse(&sig, longest, out.data, out.len,
			     &err), -1);
	dsr_buffer_fini(&out);
}

static void
satisfies_ssh_keygen(void **state)
{
	static const char *const verify[] = { "ssh-keygen", "-Y", "verify",
		"-f", "allowed", "-I", DSR_SSHSIG_PRINCIPAL, "-n",
		DSR_SSHSIG_NAMESPACE, "-s", "m.sig", NULL };
	int status;

	(void)state;
	scratch_write("m.sig", GOOD, sizeof(GOOD) - 1, 0600);
	scratch_write("allowed", ALLOWED, sizeof(ALLOWED) - 1, 0600);
	status = run_program(MESSAGE, verify);
	if (status == 127)
		skip();
	assert_int_equal(status, 0);
	assert_int_not_equal(run_program("hallo\n", verify), 0);
}

static void
reads_signatures_of_ssh_keygen(void **state)
{
	static const char *const make[] = { "ssh-keygen", "-q", "-t",
		"ed25519", "-N", "", "-f", "id", NULL };
	static const char *const sign[] = { "ssh-keygen", "-Y", "sign", "-f",
		"id", "-n", DSR_SSHSIG_NAMESPACE, "m", NULL };
	struct dsr_sshsig sig;
	struct dsr_buffer text;
	struct dsr_error err;

	(void)state;
	scratch_write("m", MESSAGE, MESSAGE_LEN, 0600);
	if (run_program("", make) == 127)
		skip();
	assert_int_equal(run_program("", sign), 0);
	dsr_buffer_init(&text, DSR_SSHSIG_MAX);
	assert_int_equal(dsr_file_read(&text, "m.sig", &err), 0);
	assert_int_equal(dsr_sshsig_parse(&sig, DSR_SSHSIG_NAMESPACE,
			     text.data, text.len, &err), 0);
	assert_true(dsr_sshsig_is_valid(&sig, DSR_SSHSIG_NAMESPACE, MESSAGE,
	    MESSAGE_LEN));
	dsr_buffer_fini(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_what_ssh_keygen_writes),
		cmocka_unit_test(reads_it),
		cmocka_unit_test(refuses_all_other_forms),
		cmocka_unit_test(finds_each_changed_bit),
		cmocka_unit_test(refuses_unsound_keys),
		cmocka_unit_test(keeps_the_namespace_within_bounds),
		cmocka_unit_test_setup_teardown(satisfies_ssh_keygen,
		    scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(reads_signatures_of_ssh_keygen,
		    scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, make_key, free_key);
}
