/* SPDX-License-Identifier: ISC */
/*
 * Files of age: what age wrote can be read, every bit of one counts, and so
 * does its end. FORMAT.md 5.5
 */
#include "dossier/age.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/faults.h"
#include "../support/raw_age.h"

#define BEGIN "-----BEGIN AGE ENCRYPTED FILE-----\n"
#define END   "-----END AGE ENCRYPTED FILE-----\n"

static struct raw_age file;

static int
start_sodium(void **state)
{
	(void)state;
	return sodium_init() < 0;
}

/* clang-format off */
/*
 * Made by age 1.1.1 for RAW_AGE_RECIPIENT (the test vector of docs/FORMAT.md
 * 5.5), and under RAW_AGE_PASSPHRASE.
 */
#define FROM_AGE BEGIN \
	"YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBBek1Jck54QXhmSkx6NlJ1\n" \
	"aUdDLzYrTHlZdHJJUTEyU1hIRWxpREtWc21VCm5ud1VvT1l5Z29UUzZuQ085NWZw\n" \
	"S2liTjRHUnpRMmFzeGcrVU5LK3N0aFEKLS0tIFZLbzRML2h2SE5WWUN5Mm0rWkt5\n" \
	"QUIwdWZPSGRtU01MZ0I2NzVYaDd3MzAK+ZEIBtaYDP+wZ5V2X1qZFj3kGCY6p7fw\n" \
	"J5nYTwa4aFNt10vJBV8=\n" END
#define FROM_AGE_PASSPHRASE BEGIN \
	"YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBEeHFXMTBpNlpRbkF1eGVF\n" \
	"ZWhVelB3IDE4CjhnMmx6c2lJNkpBRDlmZ29sOU1XTmR6V0g4WWtMSklheUVrMmlr\n" \
	"b012bGcKLS0tIEhlMDF1aVBmYWxhU05pZkNaQS94Z2ZqT0NaNGJSeHAyWjRoOEY3\n" \
	"OXBTbHMKloRrV5+1DrqxcAK+EtGcR+zIqUiS8zFdK3/TZAk0uhSquMs=\n" END
/* clang-format on */

static void
assert_plaintext(const char *text, const struct dsr_age_identities *keys,
    const char *wanted)
{
	struct memory_source m = { (const uint8_t *)text, strlen(text), 0,
		SIZE_MAX };
	struct dsr_age_reader *r = NULL;
	struct dsr_source source;
	struct dsr_error err;
	char found[64];
	int64_t n;

	memory_source(&source, &m);
	assert_int_equal(dsr_age_reader_new(&r, &source, keys, &err), 0);
	n = dsr_age_read(r, found, sizeof(found), &err);
	assert_int_equal(n, strlen(wanted));
	assert_memory_equal(found, wanted, strlen(wanted));
	assert_int_equal(dsr_age_read(r, found, sizeof(found), &err), 0);
	dsr_age_reader_free(r);
}

static void
reads_what_age_wrote(void **state)
{
	struct dsr_age_identities *keys = raw_age_keys(NULL);

	(void)state;
	assert_plaintext(FROM_AGE, keys, "hello\n");
	dsr_age_identities_free(keys);
	keys = raw_age_keys(RAW_AGE_PASSPHRASE);
	assert_plaintext(FROM_AGE_PASSPHRASE, keys, "vm\n");
	dsr_age_identities_free(keys);
}

/* ---- payloads ----------------------------------------------------------------- */

#define FULL 65536

static const struct {
	const char *why;
	struct {
		size_t len;
		int kind; /* 'n'ot the last, 'l'ast; 0: no more */
	} chunks[4];
	size_t cut;       /* bytes off the end */
	const char *more; /* behind the end */
	size_t len;       /* that come out */
	enum dsr_code code;
} payloads[] = {
	{ "empty", { { 0, 'l' } }, 0, "", 0, DSR_OK },
	{ "short", { { 3, 'l' } }, 0, "", 3, DSR_OK },
	{ "full", { { FULL, 'l' } }, 0, "", FULL, DSR_OK },
	{ "one more", { { FULL, 'n' }, { 1, 'l' } }, 0, "", FULL + 1,
	    DSR_OK },
	{ "two full", { { FULL, 'n' }, { FULL, 'l' } }, 0, "", 2 * FULL,
	    DSR_OK },
	{ "three", { { FULL, 'n' }, { FULL, 'n' }, { 9, 'l' } }, 0, "",
	    2 * FULL + 9, DSR_OK },
	{ "no chunk", { { 0, 0 } }, 0, "", 0, DSR_EFORMAT },
	{ "no nonce", { { 0, 0 } }, 16, "", 0, DSR_EFORMAT },
	{ "a short nonce", { { 0, 0 } }, 1, "", 0, DSR_EFORMAT },
	{ "no last chunk", { { 3, 'n' } }, 0, "", 0, DSR_ESIGNATURE },
	{ "a full chunk that is not the last", { { FULL, 'n' } }, 0, "", 0,
	    DSR_ESIGNATURE },
	{ "two of them", { { FULL, 'n' }, { FULL, 'n' } }, 0, "", FULL,
	    DSR_ESIGNATURE },
	{ "an empty last chunk", { { FULL, 'n' }, { 0, 'l' } }, 0, "", FULL,
	    DSR_EFORMAT },
	{ "a chunk that is too short", { { FULL - 1, 'n' }, { 5, 'l' } }, 0,
	    "", 0, DSR_ESIGNATURE },
	{ "a chunk that is too long", { { FULL + 1, 'l' } }, 0, "", 0,
	    DSR_ESIGNATURE },
	{ "two last chunks", { { 3, 'l' }, { 3, 'l' } }, 0, "", 0,
	    DSR_ESIGNATURE },
	{ "two full last chunks", { { FULL, 'l' }, { FULL, 'l' } }, 0, "", 0,
	    DSR_ESIGNATURE },
	{ "a last chunk before others",
	    { { FULL, 'l' }, { FULL, 'n' }, { 3, 'l' } }, 0, "", 0,
	    DSR_ESIGNATURE },
	{ "a byte behind the end", { { 3, 'l' } }, 0, "x", 0,
	    DSR_ESIGNATURE },
	{ "a byte behind a full end", { { FULL, 'l' } }, 0, "x", 0,
	    DSR_ESIGNATURE },
	{ "sixteen bytes behind a full end", { { FULL, 'l' } }, 0,
	    "0123456789abcdef", 0, DSR_ESIGNATURE },
	{ "a line feed behind the end", { { 3, 'l' } }, 0, "\n", 0,
	    DSR_ESIGNATURE },
	{ "a tag that is cut", { { 3, 'l' } }, 1, "", 0, DSR_ESIGNATURE },
	{ "half a tag", { { 0, 'l' } }, 8, "", 0, DSR_EFORMAT },
	{ "a second tag that is cut", { { FULL, 'n' }, { 3, 'l' } }, 4, "",
	    FULL, DSR_EFORMAT },
};

static void
rules_of_the_payload(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
		raw_age_init(&file);
		raw_age_header(&file, "age-encryption.org/v1\n"
				      "-> X25519 @S\n@B\n");
		raw_age_mac(&file, "--- %s\n");
		raw_age_nonce(&file);
		for (k = 0; payloads[i].chunks[k].kind != 0; k++)
			raw_age_chunk(&file, payloads[i].chunks[k].len,
			    payloads[i].chunks[k].kind == 'l');
		file.len -= payloads[i].cut;
		raw_age_text(&file, payloads[i].more);
		raw_age_expect(&file, payloads[i].why, payloads[i].code, NULL,
		    payloads[i].len);
	}
}

/* ---- every byte counts -------------------------------------------------------- */

static void
every_byte_counts(void **state)
{
	struct dsr_error err;
	size_t at, len;
	unsigned int bit;

	(void)state;
	raw_age_make(&file, 5);
	raw_age_expect(&file, "as it was made", DSR_OK, NULL, 5);
	for (at = 0; at < file.len; at++)
		for (bit = 0; bit < 8; bit++) {
			file.bytes[at] ^= (uint8_t)(1u << bit);
			if (raw_age_read(file.bytes, file.len, NULL, &len,
				&err) == DSR_OK || len != 0 ||
			    (!dsr_age_is_damage(&err) && err.code != DSR_EKEY))
				fail_msg("bit %u of byte %zu", bit, at);
			file.bytes[at] ^= (uint8_t)(1u << bit);
		}
}

static void
every_end_counts(void **state)
{
	struct dsr_error err;
	size_t cut, len;

	(void)state;
	raw_age_make(&file, 5);
	for (cut = 0; cut < file.len; cut++)
		if (raw_age_read(file.bytes, cut, NULL, &len, &err) ==
			DSR_OK || len != 0 || err.code == DSR_EKEY ||
		    !dsr_age_is_damage(&err))
			fail_msg("cut to %zu bytes", cut);
	for (cut = 0; cut < file.len; cut++) {
		raw_age_make(&file, 5);
		memmove(file.bytes + cut, file.bytes + cut + 1,
		    file.len - cut - 1);
		file.len--;
		if (raw_age_read(file.bytes, file.len, NULL, &len, &err) ==
			DSR_OK || len != 0)
			fail_msg("without byte %zu", cut);
	}
}

/* ---- what fails around it ----------------------------------------------------- */

struct failing {
	struct memory_source memory;
	size_t good; /* bytes before the disk breaks */
};

static int64_t
read_failing(void *ctx, void *buf, size_t len, struct dsr_error *err)
{
	struct failing *f = ctx;
	struct dsr_source source;

	if (f->memory.at >= f->good)
		return dsr_fail(err, DSR_EIO, "the disk is broken");
	if (len > f->good - f->memory.at)
		len = f->good - f->memory.at;
	memory_source(&source, &f->memory);
	return source.read(source.ctx, buf, len, err);
}

static int
read_with(const struct dsr_source *source, struct dsr_error *err)
{
	struct dsr_age_identities *keys = NULL;
	struct dsr_age_reader *r = NULL;
	uint8_t piece[16];
	int64_t n = -1;

	if (dsr_age_identities_parse(&keys, RAW_AGE_IDENTITY,
		strlen(RAW_AGE_IDENTITY), err) == 0 &&
	    dsr_age_reader_new(&r, source, keys, err) == 0)
		while ((n = dsr_age_read(r, piece, sizeof(piece), err)) > 0)
			continue;
	dsr_age_reader_free(r);
	dsr_age_identities_free(keys);
	return (int)n;
}

static void
a_broken_disk_is_no_damage(void **state)
{
	struct failing f;
	struct dsr_source source = { read_failing, &f };
	struct dsr_error err;

	(void)state;
	raw_age_make(&file, 5);
	memset(&f, 0, sizeof(f));
	for (f.good = 0; f.good <= file.len; f.good++) {
		f.memory = (struct memory_source) { file.bytes, file.len, 0,
			7 };
		assert_int_equal(read_with(&source, &err), -1);
		assert_int_equal(err.code, DSR_EIO);
		assert_false(dsr_age_is_damage(&err));
	}
}

static void
says_when_memory_runs_out(void **state)
{
	struct memory_source m;
	struct dsr_source source;
	struct dsr_error err;
	int calls, rc = -1;

	(void)state;
	for (calls = 0; calls < 100; calls++) {
		m = (struct memory_source) { (const uint8_t *)FROM_AGE,
			strlen(FROM_AGE), 0, SIZE_MAX };
		memory_source(&source, &m);
		if (!fail_allocation_after(calls))
			skip();
		rc = read_with(&source, &err);
		if (!allocation_has_failed())
			break;
		(void)fail_allocation_after(-1);
		assert_int_equal(rc, -1);
		assert_int_equal(err.code, DSR_ENOMEM);
	}
	(void)fail_allocation_after(-1);
	assert_int_equal(rc, 0);
	assert_in_range(calls, 4, 99);
}

static void
knows_what_age_files_begin_with(void **state)
{
	static const struct {
		const char *text;
		bool likely;
	} row[] = {
		{ "age-encryption.org/v1\n", true },
		{ "age-encryption.org/v2\n", true },
		{ BEGIN, true },
		{ "\n \r\n" BEGIN, true },
		{ "PK\3\4", false },
		{ "", false },
		{ "age-encryption.org", false },
		{ " age-encryption.org/v1\n", false },
		{ "-----BEGIN PGP MESSAGE-----\n", false },
		{ "-----BEGIN AGE", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		if (dsr_age_is_likely(row[i].text, strlen(row[i].text)) !=
		    row[i].likely)
			fail_msg("row %zu", i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_age_wrote),
		cmocka_unit_test(rules_of_the_payload),
		cmocka_unit_test(every_byte_counts),
		cmocka_unit_test(every_end_counts),
		cmocka_unit_test(a_broken_disk_is_no_damage),
		cmocka_unit_test(says_when_memory_runs_out),
		cmocka_unit_test(knows_what_age_files_begin_with),
	};

	return cmocka_run_group_tests(tests, start_sodium, NULL);
}
