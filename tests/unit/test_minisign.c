/* SPDX-License-Identifier: ISC */
/* Signatures in minisign's format: the only form, and libsodium's rule. */
#include "dossier/minisign.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support/scratch.h"

/* Made with minisign and checked by it: seed 00..1f, key id 0102..08. */
#define PUBLIC                                                                \
	"untrusted comment: minisign public key 0807060504030201\n"           \
	"RWQBAgMEBQYHCAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4\n"
#define UNTRUSTED "untrusted comment: signature from dsar\n"
#define FIRST                                                                 \
	"RUQBAgMEBQYHCJW9EkMWxs6buKMtyf9iQstZnl/JVX6bcNnk6YHUtSNV2t+uis8Y6w" \
	"BHAirrTCY2AaaAft2KdItK60I8DOSfeAk="
#define TRUSTED "trusted comment: dsar:test\n"
#define SECOND                                                                \
	"QGFZdRjd92niC965PHyYmn6l1Ffj8PyTI1PoV1jI6RXQOI0uhTYHJHiFJWQ0+Ccf7K" \
	"lDmzkPo887Qg70L458Bw=="
#define GOOD    UNTRUSTED FIRST "\n" TRUSTED SECOND "\n"
#define MESSAGE "hello\n"

static struct dsr_public_key public;
static uint8_t prehash[DSR_PREHASH_BYTES];

static int
prepare(void **state)
{
	struct dsr_error err;

	(void)state;
	dsr_minisign_prehash(prehash, MESSAGE, sizeof(MESSAGE) - 1);
	return sodium_init() < 0 ||
	    dsr_public_key_parse(&public, PUBLIC, sizeof(PUBLIC) - 1, &err);
}

static void
accepts_the_known_signature(void **state)
{
	struct dsr_minisig sig;
	struct dsr_error err;

	(void)state;
	assert_int_equal(dsr_minisig_parse(&sig, GOOD, sizeof(GOOD) - 1, &err),
	    0);
	assert_memory_equal(sig.key_id, public.id, sizeof(public.id));
	assert_string_equal(sig.untrusted_comment, "signature from dsar");
	assert_string_equal(sig.trusted_comment, "dsar:test");
	assert_true(dsr_minisig_is_valid(&sig, &public, prehash));
	prehash[63] ^= 1;
	assert_false(dsr_minisig_is_valid(&sig, &public, prehash));
	prehash[63] ^= 1;
}

static const struct {
	const char *text, *why;
} bad[] = {
	{ "", "empty" },
	{ UNTRUSTED FIRST "\n" TRUSTED SECOND, "no LF at the end" },
	{ GOOD "\n", "an empty line more" },
	{ GOOD "x", "a byte more" },
	{ "\n" GOOD, "an empty line before" },
	{ UNTRUSTED FIRST "\n" TRUSTED, "three lines" },
	{ UNTRUSTED FIRST "\n" SECOND "\n" TRUSTED, "another order" },
	{ "untrusted comment: signature from dsar\r\n" FIRST "\r\n"
	  "trusted comment: dsar:test\r\n" SECOND "\r\n", "CRLF" },
	{ UNTRUSTED FIRST "\r\n" TRUSTED SECOND "\n", "one CR" },
	{ UNTRUSTED FIRST " \n" TRUSTED SECOND "\n", "a space" },
	{ UNTRUSTED FIRST "\n" TRUSTED " " SECOND "\n",
	    "a space before base64" },
	{ "untrusted comment: sign\tature\n" FIRST "\n" TRUSTED SECOND
	  "\n", "a tab in the comment" },
	{ "untrusted comment: d\xc3\xa9j\xc3\xa0\n" FIRST "\n" TRUSTED
	    SECOND "\n", "a comment that is not ASCII" },
	{ "untrusted comment: \x1b[2J\n" FIRST "\n" TRUSTED SECOND
	  "\n", "an escape sequence" },
	{ "Untrusted comment: x\n" FIRST "\n" TRUSTED SECOND "\n",
	    "another prefix" },
	{ "untrusted comment:\n" FIRST "\n" TRUSTED SECOND "\n",
	    "a prefix without its space" },
	{ UNTRUSTED FIRST "\ntrusted comment: dsar:test\r\n" SECOND
	    "\n", "CR behind the trusted comment" },
	{ UNTRUSTED FIRST "\ntrusted comment: dsar:test\x7f\n" SECOND
	    "\n", "DEL in the trusted comment" },
	{ UNTRUSTED
	  "RWQBAgMEBQYHCJW9EkMWxs6buKMtyf9iQstZnl/JVX6bcNnk6YHUtSNV2t"
	  "+uis8Y6wBHAirrTCY2AaaAft2KdItK60I8DOSfeAk=\n" TRUSTED SECOND
	  "\n", "algorithm Ed: not prehashed" },
	{ UNTRUSTED
	  "RUQBAgMEBQYHCJW9EkMWxs6buKMtyf9iQstZnl/JVX6bcNnk6YHUtSNV2t"
	  "+uis8Y6wBHAirrTCY2AaaAft2KdItK60I8DOSfeAl=\n" TRUSTED SECOND
	  "\n", "a bit that base64 does not use" },
	{ UNTRUSTED FIRST "\n" TRUSTED
	  "QGFZdRjd92niC965PHyYmn6l1Ffj8PyTI1PoV1jI6RXQOI0uhTYHJHiFJW"
	  "Q0+Ccf7KlDmzkPo887Qg70L458Bx==\n",
	    "the same in the other signature" },
	{ UNTRUSTED FIRST "\n" TRUSTED
	  "QGFZdRjd92niC965PHyYmn6l1Ffj8PyTI1PoV1jI6RXQOI0uhTYHJHiFJW"
	  "Q0+Ccf7KlDmzkPo887Qg70L458Bw=\n", "padding cut" },
	{ UNTRUSTED FIRST "\n" TRUSTED
	  "QGFZdRjd92niC965PHyYmn6l1Ffj8PyTI1PoV1jI6RXQOI0uhTYHJHiFJW"
	  "Q0-Ccf7KlDmzkPo887Qg70L458Bw==\n", "URL-safe base64" },
};

static void
refuses_all_other_forms(void **state)
{
	struct dsr_minisig sig;
	struct dsr_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (dsr_minisig_parse(&sig, bad[i].text, strlen(bad[i].text),
			&err) == 0)
			fail_msg("accepted: %s", bad[i].why);
		assert_int_equal(err.code, DSR_EFORMAT);
	}
}

static void
refuses_a_nul(void **state)
{
	char text[] = GOOD;
	struct dsr_minisig sig;
	struct dsr_error err;

	(void)state;
	text[25] = '\0';
	assert_int_equal(dsr_minisig_parse(&sig, text, sizeof(text) - 1, &err),
	    -1);
	assert_int_equal(dsr_minisig_parse(&sig, GOOD, sizeof(GOOD), &err),
	    -1);
}

/*
 * Each bit of a signature file counts, but for the text of the untrusted
 * comment, which is shown to nobody and fixed by the seal.
 */
static void
finds_each_changed_bit(void **state)
{
	char text[] = GOOD;
	struct dsr_minisig sig;
	struct dsr_error err;
	size_t i;
	unsigned int bit;

	(void)state;
	for (i = 0; i < sizeof(text) - 1; i++) {
		for (bit = 0; bit < 8; bit++) {
			text[i] = (char)(text[i] ^ (1 << bit));
			if (dsr_minisig_parse(&sig, text, sizeof(text) - 1,
				&err) == 0 &&
			    strcmp(sig.untrusted_comment,
				"signature from dsar") == 0 &&
			    memcmp(sig.key_id, public.id, 8) == 0 &&
			    dsr_minisig_is_valid(&sig, &public, prehash))
				fail_msg("byte %zu, bit %u", i, bit);
			text[i] = (char)(text[i] ^ (1 << bit));
		}
	}
}

/* The order of the group, little endian (RFC 8032 section 5.1). */
static const uint8_t order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12,
	0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };

static void
refuses_another_form_of_the_same_scalar(void **state)
{
	struct dsr_minisig sig, good;
	struct dsr_error err;

	(void)state;
	assert_int_equal(dsr_minisig_parse(&good, GOOD, sizeof(GOOD) - 1,
			     &err), 0);
	sig = good;
	sodium_add(sig.signature + 32, order, 32);
	assert_false(dsr_minisig_is_valid(&sig, &public, prehash));
	sig = good;
	sodium_add(sig.global + 32, order, 32);
	assert_false(dsr_minisig_is_valid(&sig, &public, prehash));
}

/* Under a key of small order a signature of zeros verifies any message. */
static void
refuses_points_of_small_order(void **state)
{
	struct dsr_minisig sig;
	struct dsr_public_key weak;
	unsigned int last;

	(void)state;
	memset(&sig, 0, sizeof(sig));
	memset(&weak, 0, sizeof(weak));
	weak.key[0] = sig.signature[0] = sig.global[0] = 1; /* the identity */
	assert_false(dsr_minisig_is_valid(&sig, &weak, prehash));
	assert_false(dsr_minisig_is_valid(&sig, &public, prehash));
	for (last = 0; last < 256; last += 0x80) {
		memset(&weak, 0, sizeof(weak));
		weak.key[31] = (uint8_t)last; /* order four */
		assert_false(dsr_minisig_is_valid(&sig, &weak, prehash));
	}
}

static struct dsr_secret_key *
new_key(void)
{
	struct dsr_secret_key *key;
	struct dsr_error err;

	assert_int_equal(dsr_secret_key_generate(&key, &err), 0);
	return key;
}

static void
writes_what_it_reads(void **state)
{
	struct dsr_secret_key *key = new_key();
	struct dsr_public_key own;
	struct dsr_minisig sig;
	struct dsr_buffer out;
	struct dsr_error err;

	(void)state;
	dsr_buffer_init(&out, DSR_MINISIG_MAX);
	dsr_secret_key_public(key, &own);
	assert_int_equal(dsr_minisign_sign(key, prehash, "one", "two  three",
			     &out, &err), 0);
	assert_int_equal(dsr_minisig_parse(&sig, out.data, out.len, &err), 0);
	assert_string_equal(sig.untrusted_comment, "one");
	assert_string_equal(sig.trusted_comment, "two  three");
	assert_memory_equal(sig.key_id, own.id, sizeof(own.id));
	assert_true(dsr_minisig_is_valid(&sig, &own, prehash));
	assert_false(dsr_minisig_is_valid(&sig, &public, prehash));
	sig.trusted_comment[0] = 'T'; /* it is signed, too */
	assert_false(dsr_minisig_is_valid(&sig, &own, prehash));
	dsr_buffer_fini(&out);
	dsr_secret_key_free(key);
}

static void
keeps_comments_within_bounds(void **state)
{
	static char text[DSR_TRUSTED_COMMENT_SIZE + 1];
	struct dsr_secret_key *key = new_key();
	struct dsr_minisig sig;
	struct dsr_buffer out;
	struct dsr_error err;

	(void)state;
	dsr_buffer_init(&out, DSR_MINISIG_MAX);
	memset(text, 'x', sizeof(text) - 1);
	assert_int_equal(dsr_minisign_sign(key, prehash, "u", text, &out,
			     &err), -1);
	assert_int_equal(err.code, DSR_EFORMAT);
	text[DSR_TRUSTED_COMMENT_SIZE - 1] = '\0';
	assert_int_equal(dsr_minisign_sign(key, prehash,
			     text + DSR_TRUSTED_COMMENT_SIZE -
				 DSR_UNTRUSTED_COMMENT_SIZE, text, &out, &err),
	    0);
	assert_int_equal(dsr_minisig_parse(&sig, out.data, out.len, &err), 0);
	assert_int_equal(strlen(sig.untrusted_comment),
	    DSR_UNTRUSTED_COMMENT_SIZE - 1);
	assert_int_equal(dsr_minisign_sign(key, prehash,
			     text + DSR_TRUSTED_COMMENT_SIZE -
				 DSR_UNTRUSTED_COMMENT_SIZE - 1, "t", &out,
			     &err), -1);
	assert_int_equal(dsr_minisign_sign(key, prehash, "a\nb", "t", &out,
			     &err), -1);
	assert_int_equal(dsr_minisign_sign(key, prehash, "u", "a\tb", &out,
			     &err), -1);
	dsr_buffer_fini(&out);
	dsr_secret_key_free(key);
}

/* minisign verifies ours, at the longest comment that it reads, too. */
static void
satisfies_minisign(void **state)
{
	static const char *const verify[] = { "minisign", "-V", "-H", "-p",
		"k.pub", "-m", "m", "-x", "m.minisig", NULL };
	static char longest[DSR_TRUSTED_COMMENT_SIZE];
	struct dsr_secret_key *key = new_key();
	struct dsr_public_key own;
	struct dsr_buffer out;
	struct dsr_error err;

	if (run_program("", (const char *const[]){ "minisign", "-v", NULL }) ==
	    127)
		skip();
	(void)state;
	dsr_buffer_init(&out, 65536);
	dsr_secret_key_public(key, &own);
	assert_int_equal(dsr_public_key_write(&own, &out, &err), 0);
	scratch_write("k.pub", out.data, out.len, 0600);
	scratch_write("m", MESSAGE, sizeof(MESSAGE) - 1, 0600);
	memset(longest, 'y', sizeof(longest) - 1);
	dsr_buffer_reset(&out);
	assert_int_equal(dsr_minisign_sign(key, prehash,
			     longest + DSR_TRUSTED_COMMENT_SIZE -
				 DSR_UNTRUSTED_COMMENT_SIZE, longest, &out,
			     &err), 0);
	scratch_write("m.minisig", out.data, out.len, 0600);
	assert_int_equal(run_program("", verify), 0);
	scratch_write("m", "hallo\n", 6, 0600);
	assert_int_not_equal(run_program("", verify), 0);
	dsr_buffer_fini(&out);
	dsr_secret_key_free(key);
}

/* A signature by minisign itself, with comments that we allow. */
static void
reads_signatures_of_minisign(void **state)
{
	static const char *const make[] = { "minisign", "-G", "-W", "-p",
		"k.pub", "-s", "k.key", NULL };
	static const char *const sign[] = { "minisign", "-S", "-s", "k.key",
		"-m", "m", "-c", "one", "-t", "two", NULL };
	struct dsr_public_key theirs;
	struct dsr_minisig sig;
	struct dsr_buffer text;
	struct dsr_error err;

	(void)state;
	if (run_program("", make) == 127)
		skip();
	scratch_write("m", MESSAGE, sizeof(MESSAGE) - 1, 0600);
	assert_int_equal(run_program("", sign), 0);
	assert_int_equal(dsr_public_key_read(&theirs, "k.pub", &err), 0);
	dsr_buffer_init(&text, DSR_MINISIG_MAX);
	assert_int_equal(dsr_file_read(&text, "m.minisig", &err), 0);
	assert_int_equal(dsr_minisig_parse(&sig, text.data, text.len, &err),
	    0);
	assert_true(dsr_minisig_is_valid(&sig, &theirs, prehash));
	dsr_buffer_fini(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_the_known_signature),
		cmocka_unit_test(refuses_all_other_forms),
		cmocka_unit_test(refuses_a_nul),
		cmocka_unit_test(finds_each_changed_bit),
		cmocka_unit_test(refuses_another_form_of_the_same_scalar),
		cmocka_unit_test(refuses_points_of_small_order),
		cmocka_unit_test(writes_what_it_reads),
		cmocka_unit_test(keeps_comments_within_bounds),
		cmocka_unit_test_setup_teardown(satisfies_minisign,
		    scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(reads_signatures_of_minisign,
		    scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
