/* SPDX-License-Identifier: ISC */
/* The comment of the seal: one form, and nothing but that form. */
#include "dossier/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/minisign.h"

#define ID   "01234567-89ab-4cde-8f01-23456789abcd"
#define BODY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define ROOT "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define GOOD                                                                  \
	"dossier/1 id:" ID " request:REQ-2026.7_a members:19 body:12345:" BODY \
	" documents:7:" ROOT

static void
reads_and_writes(void **state)
{
	static const struct {
		const char *comment;
		uint64_t members, body_len, documents;
		const char *request, *why;
	} row[] = {
		{ GOOD, 19, 12345, 7, "REQ-2026.7_a", "plain" },
		{ "dossier/1 id:" ID " request:- members:0 body:0:" BODY
		    " documents:0:" ROOT, 0, 0, 0, "-", "smallest numbers" },
		{ "dossier/1 id:" ID " request:a members:67108864 "
		    "body:9223372036854775807:" BODY " documents:67108864:"
		    ROOT, 67108864, INT64_MAX, 67108864, "a",
		    "largest numbers" },
	};
	struct dsr_seal seal;
	struct dsr_buffer again;
	struct dsr_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		if (dsr_seal_parse(&seal, row[i].comment, &err) != 0)
			fail_msg("%s: %s", row[i].why, err.msg);
		assert_string_equal(seal.format, "dossier/1");
		assert_string_equal(seal.id, ID);
		assert_string_equal(seal.request, row[i].request);
		assert_int_equal(seal.members, row[i].members);
		assert_int_equal(seal.body_len, row[i].body_len);
		assert_int_equal(seal.documents, row[i].documents);
		assert_int_equal(seal.body_sha256[31], 0x1f);
		assert_int_equal(seal.tree_root[0], 0xe3);
		dsr_buffer_init(&again, DSR_TRUSTED_COMMENT_SIZE);
		assert_int_equal(dsr_seal_write(&seal, &again, &err), 0);
		assert_string_equal(dsr_buffer_str(&again), row[i].comment);
		dsr_buffer_fini(&again);
	}
}

/* The good comment with its first `was` replaced by `is`. */
static void
replace(char *out, size_t size, const char *was, const char *is)
{
	const char *at = strstr(GOOD, was);

	assert_non_null(at);
	(void)snprintf(out, size, "%.*s%s%s", (int)(at - GOOD), GOOD, is,
	    at + strlen(was));
}

static const struct {
	const char *was, *is;
	enum dsr_code code;
	const char *why;
} bad[] = {
	{ "dossier/1", "dossier/2", DSR_EVERSION, "a later version" },
	{ "dossier/1", "dossier/10", DSR_EVERSION, "much later" },
	{ "dossier/1", "dossier/0", DSR_EVERSION, "before the first" },
	{ GOOD, "dossier/2", DSR_EVERSION, "another version, alone" },
	{ "dossier/1", "dossier/01", DSR_EFORMAT, "leading zero" },
	{ "dossier/1", "dossier/", DSR_EFORMAT, "no version" },
	{ "dossier/1", "dossier/1.1", DSR_EFORMAT, "no number" },
	{ "dossier/1", "dossier/-1", DSR_EFORMAT, "a sign" },
	{ "dossier/1", "Dossier/1", DSR_EFORMAT, "upper case" },
	{ "dossier/1", "dossier", DSR_EFORMAT, "another format" },
	{ "dossier/1", " dossier/1", DSR_EFORMAT, "a space before" },
	{ GOOD, "", DSR_EFORMAT, "empty" },
	{ GOOD, "dossier/1", DSR_EFORMAT, "the version alone" },
	{ GOOD, "dossier/1 ", DSR_EFORMAT, "and a space" },
	{ " id:", "  id:", DSR_EFORMAT, "two spaces" },
	{ " id:", "\tid:", DSR_EFORMAT, "a tab" },
	{ "id:", "Id:", DSR_EFORMAT, "another label" },
	{ "89ab", "89AB", DSR_EFORMAT, "upper case in the id" },
	{ "-89ab", "89ab", DSR_EFORMAT, "no UUID" },
	{ "-89ab", "-89abcdef", DSR_EFORMAT, "a long UUID" },
	{ "REQ", "-REQ", DSR_EFORMAT, "request begins with a dash" },
	{ "REQ", "R:Q", DSR_EFORMAT, "colon in the request" },
	{ "REQ", "R\xc3\x89Q", DSR_EFORMAT, "request not ASCII" },
	{ "REQ-2026.7_a", "", DSR_EFORMAT, "empty request" },
	{ "REQ-2026.7_a", "--", DSR_EFORMAT, "two dashes" },
	{ "REQ-2026.7_a",
	    "a2345678901234567890123456789012345678901234567890123456"
	    "78901234 ", DSR_EFORMAT, "64 bytes, then two spaces" },
	{ "REQ-2026.7_a",
	    "a2345678901234567890123456789012345678901234567890123456"
	    "789012345", DSR_EFORMAT, "65 bytes" },
	{ "members:19", "members:019", DSR_EFORMAT, "leading zero" },
	{ "members:19", "members:+19", DSR_EFORMAT, "a sign" },
	{ "members:19", "members:", DSR_EFORMAT, "no number" },
	{ "members:19", "members:1e1", DSR_EFORMAT, "an exponent" },
	{ "members:19", "members:67108865", DSR_EFORMAT,
	    "more members than the format allows" },
	{ "documents:7", "documents:67108865", DSR_EFORMAT,
	    "more documents than the format allows" },
	{ "body:12345", "body:9223372036854775808", DSR_EFORMAT,
	    "a length past 2^63 - 1" },
	{ "body:12345", "body:18446744073709551617", DSR_EFORMAT,
	    "a length past 2^64" },
	{ "body:12345:", "body:12345 ", DSR_EFORMAT, "no digest" },
	{ "0a0b", "0A0B", DSR_EFORMAT, "upper case digits" },
	{ "0a0b", "0a0", DSR_EFORMAT, "a digit less" },
	{ "0a0b", "0a0b0", DSR_EFORMAT, "a digit more" },
	{ "0a0b", "0a0g", DSR_EFORMAT, "not a digit" },
	{ " members:19", "", DSR_EFORMAT, "a field is missing" },
	{ "b855", "b855 ", DSR_EFORMAT, "a space behind" },
	{ "b855", "b855\n", DSR_EFORMAT, "a newline behind" },
	{ "b855", "b855 extra:1", DSR_EFORMAT, "a field more" },
};

static void
refuses_all_other_forms(void **state)
{
	struct dsr_seal seal, untouched;
	struct dsr_error err;
	char comment[1024];
	size_t i;

	(void)state;
	memset(&untouched, 0xa5, sizeof(untouched));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		replace(comment, sizeof(comment), bad[i].was, bad[i].is);
		seal = untouched;
		if (dsr_seal_parse(&seal, comment, &err) == 0)
			fail_msg("accepted: %s", bad[i].why);
		if (err.code != bad[i].code)
			fail_msg("%s: code %d: %s", bad[i].why, (int)err.code,
			    err.msg);
		assert_memory_equal(&seal, &untouched, sizeof(seal));
	}
}

/* Any byte changed to any other: refused, or written again the same. */
static void
has_one_form_for_each_meaning(void **state)
{
	struct dsr_seal seal;
	struct dsr_buffer again;
	struct dsr_error err;
	char comment[] = GOOD;
	size_t i;
	int c;

	(void)state;
	dsr_buffer_init(&again, DSR_TRUSTED_COMMENT_SIZE);
	for (i = 0; i < sizeof(comment) - 1; i++) {
		for (c = 0; c < 256; c++) {
			comment[i] = (char)c;
			if (dsr_seal_parse(&seal, comment, &err) != 0)
				continue;
			dsr_buffer_reset(&again);
			assert_int_equal(dsr_seal_write(&seal, &again, &err),
			    0);
			assert_string_equal(dsr_buffer_str(&again), comment);
		}
		comment[i] = GOOD[i];
	}
	dsr_buffer_fini(&again);
}

static void
does_not_write_what_it_would_not_read(void **state)
{
	struct dsr_seal good, wrong;
	struct dsr_buffer out;
	struct dsr_error err;

	(void)state;
	dsr_buffer_init(&out, DSR_TRUSTED_COMMENT_SIZE);
	assert_int_equal(dsr_seal_parse(&good, GOOD, &err), 0);
	wrong = good;
	wrong.id[0] = 'G';
	assert_int_equal(dsr_seal_write(&wrong, &out, &err), -1);
	assert_int_equal(err.code, DSR_EFORMAT);
	wrong = good;
	wrong.request[0] = ' ';
	assert_int_equal(dsr_seal_write(&wrong, &out, &err), -1);
	wrong = good;
	wrong.format[8] = '2';
	assert_int_equal(dsr_seal_write(&wrong, &out, &err), -1);
	wrong = good;
	wrong.members = UINT64_MAX;
	assert_int_equal(dsr_seal_write(&wrong, &out, &err), -1);
	assert_int_equal(out.len, 0);
	dsr_buffer_fini(&out);
}

/* The test vector of docs/FORMAT.md 5.1. */
#define SEAL_KEY                                                              \
	"untrusted comment: minisign public key 0807060504030201\n"           \
	"RWQBAgMEBQYHCAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4\n"
#define SEAL                                                                  \
	"untrusted comment: " DSR_SEAL_UNTRUSTED "\n"                         \
	"RUQBAgMEBQYHCJW9EkMWxs6buKMtyf9iQstZnl/JVX6bcNnk6YHUtSNV2t+uis8Y6w" \
	"BHAirrTCY2AaaAft2KdItK60I8DOSfeAk=\n"                               \
	"trusted comment: dossier/1 id:" ID " request:REQ-1 members:19 "      \
	"body:12345:" BODY " documents:8:"                                    \
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328\n"  \
	"kB6NDmbf8b1J+shlKUqGk1F9tBIbpm+Yk/EpSSp7m005hNsUNS7NUmKefMkZ02GV/F" \
	"wfAD2TaPGkjQheXlNFCw==\n"

static void
accepts_the_seal_of_the_specification(void **state)
{
	uint8_t prehash[DSR_PREHASH_BYTES];
	struct dsr_public_key key;
	struct dsr_minisig sig;
	struct dsr_seal seal;
	struct dsr_error err;

	(void)state;
	dsr_minisign_prehash(prehash, "hello\n", 6);
	assert_int_equal(dsr_public_key_parse(&key, SEAL_KEY,
			     sizeof(SEAL_KEY) - 1, &err), 0);
	assert_int_equal(dsr_minisig_parse(&sig, SEAL, sizeof(SEAL) - 1, &err),
	    0);
	assert_true(dsr_minisig_is_valid(&sig, &key, prehash));
	assert_string_equal(sig.untrusted_comment, DSR_SEAL_UNTRUSTED);
	assert_int_equal(dsr_seal_parse(&seal, sig.trusted_comment, &err), 0);
	assert_string_equal(seal.request, "REQ-1");
	assert_int_equal(seal.documents, 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_writes),
		cmocka_unit_test(accepts_the_seal_of_the_specification),
		cmocka_unit_test(refuses_all_other_forms),
		cmocka_unit_test(has_one_form_for_each_meaning),
		cmocka_unit_test(does_not_write_what_it_would_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
