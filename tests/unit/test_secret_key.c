/* SPDX-License-Identifier: ISC */
/* Secret keys in minisign's format, its own and ours. */
#include "dossier/minisign.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/text.h"
#include "../support/scratch.h"

/* clang-format off */
/* Made by minisign 0.11 -G, passphrase "hallo"; and by its -G -W. */
#define SECRET_COMMENT "untrusted comment: minisign encrypted secret key\n"
#define LOCKED SECRET_COMMENT \
	"RWRTY0Iye14P8DpEUlds0AR4qQAsi1JB/iNIvmuwwfXGf+7bBN0AAAACAAAA" \
	"AAAAAEAAAAAAOeUCv06JKypk6V4lN9nD1RapnoOjviQRlBcy96gEJXWMpoVd" \
	"lh90qUUJvYkRfzfa1K+3Ph//43t6n3Mk7Vk6P+8xPh3jRCUY69aE84U1AVcX" \
	"XckFbchWM4l2JWKmZlg7yMknaeruljg=" "\n"
#define LOCKED_PUBLIC \
	"RWR9LzE+E8+M2GMRaGhfibqZwD5sgZ73qffs+jTGvNWvAbXI4S6iFpov"
#define OPEN_BASE64 \
	"RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
	"AAAAAAAAAAAAK3i+nEgTySJiheCT+/d+kNuz7MugphJ7GTrNC8v/LS8yCwwS" \
	"Hm9LNGAPENKHKbwu93EFphbAm/b2VnQ+ALAp33sHbX00pkiJAAAAAAAAAAAA" \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define OPEN SECRET_COMMENT OPEN_BASE64 "\n"
#define OPEN_PUBLIC \
	"RWQreL6cSBPJImAPENKHKbwu93EFphbAm/b2VnQ+ALAp33sHbX00pkiJ"
/* clang-format on */

static int
start_sodium(void **state)
{
	(void)state;
	return sodium_init() < 0;
}

/* Does this secret key have the public half with this base64 form? */
static void
assert_public_half(const struct dsr_secret_key *key, const char *base64)
{
	struct dsr_public_key public;
	struct dsr_buffer text;
	struct dsr_error err;

	dsr_buffer_init(&text, 1024);
	dsr_secret_key_public(key, &public);
	assert_int_equal(dsr_public_key_write(&public, &text, &err), 0);
	assert_non_null(strstr(dsr_buffer_str(&text), base64));
	dsr_buffer_fini(&text);
}

static struct dsr_secret
make_secret(const char *text)
{
	struct dsr_secret s;

	s.len = strlen(text);
	s.data = sodium_malloc(s.len + 1);
	assert_non_null(s.data);
	memcpy(s.data, text, s.len + 1);
	return s;
}

static void
reads_secret_keys_of_minisign(void **state)
{
	struct dsr_secret right = make_secret("hallo");
	struct dsr_secret_key *key;
	struct dsr_error err;

	(void)state;
	assert_false(dsr_secret_key_is_encrypted(OPEN, sizeof(OPEN) - 1));
	assert_int_equal(dsr_secret_key_parse(&key, OPEN, sizeof(OPEN) - 1,
			     NULL, &err), 0);
	assert_public_half(key, OPEN_PUBLIC);
	dsr_secret_key_free(key);
	assert_true(dsr_secret_key_is_encrypted(LOCKED, sizeof(LOCKED) - 1));
	assert_int_equal(dsr_secret_key_parse(&key, LOCKED, sizeof(LOCKED) - 1,
			     NULL, &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
	assert_non_null(strstr(err.msg, "needs its passphrase"));
	assert_int_equal(dsr_secret_key_parse(&key, LOCKED, sizeof(LOCKED) - 1,
			     &right, &err), 0);
	assert_public_half(key, LOCKED_PUBLIC);
	dsr_secret_key_free(key);
	dsr_secret_fini(&right);
}

/* Bytes of a key file, from minisign's description and not from our code. */
struct file {
	uint8_t head[6]; /* Ed, Sc, B2 */
	uint8_t salt[32];
	uint8_t ops[8], mem[8];
	uint8_t id[8], seed[32], public[32], check[32];
};

/* The cheapest costs that libsodium takes: tests are to be quick. */
static void
make_file(struct file *f)
{
	uint8_t secret[64];

	memset(f, 7, sizeof(*f));
	memcpy(f->head, "EdScB2", 6);
	memcpy(f->ops, "\x00\x80\0\0\0\0\0\0", 8);
	memcpy(f->mem, "\x00\x00\x00\x01\0\0\0\0", 8);
	(void)crypto_sign_seed_keypair(f->public, secret, f->seed);
}

static void
close_file(struct file *f, const char *passphrase)
{
	uint8_t hashed[2 + 8 + 64], stream[104];
	uint8_t *locked = (uint8_t *)f + 54;
	size_t i;

	memcpy(hashed, "Ed", 2);
	memcpy(hashed + 2, locked, 72);
	(void)crypto_generichash(f->check, 32, hashed, sizeof(hashed), NULL,
	    0);
	if (passphrase == NULL)
		return;
	assert_int_equal(crypto_pwhash_scryptsalsa208sha256(stream,
			     sizeof(stream), passphrase, strlen(passphrase),
			     f->salt, 32768, 16777216), 0);
	for (i = 0; i < sizeof(stream); i++)
		locked[i] ^= stream[i];
}

static int
parse_file(const struct file *f, const char *passphrase, const char *ending,
    struct dsr_error *err)
{
	struct dsr_secret_key *key = NULL;
	struct dsr_secret secret = { NULL, 0 };
	struct dsr_buffer text;
	int rc;

	dsr_buffer_init(&text, 1024);
	assert_int_equal(dsr_buffer_puts(&text, SECRET_COMMENT, err), 0);
	assert_int_equal(dsr_base64_encode(&text, f, sizeof(*f), err), 0);
	assert_int_equal(dsr_buffer_puts(&text, ending, err), 0);
	if (passphrase != NULL)
		secret = make_secret(passphrase);
	rc = dsr_secret_key_parse(&key, text.data, text.len,
	    passphrase == NULL ? NULL : &secret, err);
	assert_true((rc == 0) == (key != NULL));
	dsr_secret_key_free(key);
	dsr_secret_fini(&secret);
	dsr_buffer_fini(&text);
	return rc;
}

static void
tells_a_wrong_passphrase_from_a_bad_file(void **state)
{
	struct file f;
	struct dsr_error err;

	(void)state;
	make_file(&f);
	close_file(&f, "right");
	assert_int_equal(parse_file(&f, "right", "\n", &err), 0);
	assert_int_equal(parse_file(&f, "right", "", &err), 0);
	assert_int_equal(parse_file(&f, "wrong", "\n", &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
	assert_non_null(strstr(err.msg, "passphrase does not open"));
	assert_int_equal(parse_file(&f, "", "\n", &err), -1);
	assert_non_null(strstr(err.msg, "passphrase does not open"));
	f.head[4] = 'X';
	assert_int_equal(parse_file(&f, "right", "\n", &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
	assert_null(strstr(err.msg, "passphrase"));
}

static void
refuses_other_secret_keys(void **state)
{
	static const struct {
		size_t at;
		uint8_t change;
		const char *why;
	} row[] = {
		{ 1, 'd' ^ 'D', "algorithm ED" },
		{ 0, 1, "another algorithm" },
		{ 3, 1, "a derivation with one zero" },
		{ 4, 1, "another check sum" },
		{ 54, 1, "another key id under the check sum" },
		{ 62, 1, "another seed under the check sum" },
		{ 157, 1, "another check sum's value" },
	};
	struct file f;
	struct dsr_error err;
	size_t i;

	(void)state;
	make_file(&f);
	memset(f.head + 2, 0, 2);
	close_file(&f, NULL);
	assert_int_equal(parse_file(&f, NULL, "\n", &err), 0);
	assert_int_equal(parse_file(&f, "needless", "\n", &err), 0);
	assert_int_equal(parse_file(&f, NULL, "\r\n", &err), -1);
	assert_int_equal(parse_file(&f, NULL, "\n\n", &err), -1);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		((uint8_t *)&f)[row[i].at] ^= row[i].change;
		if (parse_file(&f, NULL, "\n", &err) == 0)
			fail_msg("accepted: %s", row[i].why);
		assert_int_equal(err.code, DSR_EINPUT);
		((uint8_t *)&f)[row[i].at] ^= row[i].change;
	}
	f.public[5] ^= 1; /* a signature under this would give the seed away */
	close_file(&f, NULL);
	assert_int_equal(parse_file(&f, NULL, "\n", &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
	assert_non_null(strstr(err.msg, "halves"));
}

/* A key file is not always one's own: its costs are bounds to be checked. */
static void
refuses_costs_past_the_limits(void **state)
{
	static const struct {
		const char *ops, *mem, *why;
	} row[] = {
		{ "\x01\x00\x00\x04\0\0\0\0", "\x00\x00\x00\x01\0\0\0\0",
		    "more than twice the work" },
		{ "\x00\x80\x00\x00\0\0\0\0", "\x01\x00\x00\x80\0\0\0\0",
		    "more than twice the memory" },
		{ "\xff\xff\xff\xff\xff\xff\xff\xff",
		    "\x00\x00\x00\x01\0\0\0\0", "work for ever" },
		{ "\x00\x80\x00\x00\0\0\0\0",
		    "\xff\xff\xff\xff\xff\xff\xff\xff", "all memory" },
		{ "\x00\x80\x00\x00\x01\0\0\0", "\x00\x00\x00\x01\0\0\0\0",
		    "past 32 bits" },
	};
	struct file f;
	struct dsr_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		make_file(&f);
		memcpy(f.ops, row[i].ops, 8);
		memcpy(f.mem, row[i].mem, 8);
		if (parse_file(&f, "x", "\n", &err) == 0)
			fail_msg("accepted: %s", row[i].why);
		assert_int_equal(err.code, DSR_EINPUT);
		assert_non_null(strstr(err.msg, "too much"));
	}
}

static void
writes_secret_keys_that_it_reads(void **state)
{
	struct dsr_secret_key *key, *again;
	struct dsr_public_key public;
	struct dsr_buffer text, half;
	struct dsr_error err;

	(void)state;
	dsr_buffer_init(&text, 1024);
	dsr_buffer_init(&half, 1024);
	assert_int_equal(dsr_secret_key_generate(&key, &err), 0);
	assert_int_equal(dsr_secret_key_write(key, NULL, &text, &err), 0);
	assert_int_equal(dsr_secret_key_parse(&again, text.data, text.len,
			     NULL, &err), 0);
	dsr_secret_key_public(again, &public);
	assert_int_equal(dsr_public_key_write(&public, &half, &err), 0);
	assert_public_half(key, dsr_buffer_str(&half));
	dsr_secret_key_free(key);
	dsr_secret_key_free(again);
	dsr_buffer_fini(&text);
	dsr_buffer_fini(&half);
}

static void
read_file(struct file *f, const void *text, size_t len)
{
	const char *in = text;
	size_t head = strlen(SECRET_COMMENT), got;

	assert_true(len > head && memcmp(in, SECRET_COMMENT, head) == 0);
	assert_true(dsr_base64_decode((uint8_t *)f, sizeof(*f), &got,
	    in + head, len - head - 1));
	assert_int_equal(got, sizeof(*f));
}

/* That minisign signs with such a key is in tests/cli/keygen.t. */
static void
writes_at_the_costs_of_minisign(void **state)
{
	struct dsr_secret passphrase = make_secret("correct horse");
	struct dsr_secret_key *key;
	struct dsr_buffer text;
	struct dsr_error err;
	struct file ours, theirs;

	(void)state;
	dsr_buffer_init(&text, 1024);
	assert_int_equal(dsr_secret_key_generate(&key, &err), 0);
	assert_int_equal(dsr_secret_key_write(key, &passphrase, &text, &err),
	    0);
	read_file(&ours, text.data, text.len);
	read_file(&theirs, LOCKED, sizeof(LOCKED) - 1);
	assert_memory_equal(ours.head, theirs.head, sizeof(ours.head));
	assert_memory_equal(ours.ops, theirs.ops, sizeof(ours.ops));
	assert_memory_equal(ours.mem, theirs.mem, sizeof(ours.mem));
	dsr_secret_key_free(key);
	dsr_secret_fini(&passphrase);
	dsr_buffer_fini(&text);
}

/* From a file, with the passphrase from a file. */
static void
reads_files_that_only_the_owner_can_read(void **state)
{
	struct dsr_secret_key *key;
	struct dsr_error err;
	struct file f;
	struct dsr_buffer text;

	(void)state;
	make_file(&f);
	close_file(&f, "right");
	dsr_buffer_init(&text, 1024);
	assert_int_equal(dsr_buffer_puts(&text, SECRET_COMMENT, &err), 0);
	assert_int_equal(dsr_base64_encode(&text, &f, sizeof(f), &err), 0);
	scratch_write("k.key", text.data, text.len, 0600);
	scratch_write("right", "right\r\n", 7, 0600);
	scratch_write("wrong", "wrong\n", 6, 0600);
	assert_int_equal(dsr_secret_key_read(&key, "k.key", "right", &err), 0);
	dsr_secret_key_free(key);
	assert_int_equal(dsr_secret_key_read(&key, "k.key", "wrong", &err),
	    -1);
	assert_int_equal(err.code, DSR_EINPUT);
	assert_int_equal(dsr_secret_key_read(&key, "k.key", "nowhere", &err),
	    -1);
	assert_int_equal(err.code, DSR_EIO);
	assert_int_equal(dsr_secret_key_read(&key, "nowhere", "right", &err),
	    -1);
	assert_int_equal(err.code, DSR_EIO);
	scratch_write("k.key", text.data, text.len, 0640);
	assert_int_equal(dsr_secret_key_read(&key, "k.key", "right", &err),
	    -1);
	assert_int_equal(err.code, DSR_EINPUT);
	dsr_buffer_fini(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_secret_keys_of_minisign),
		cmocka_unit_test(tells_a_wrong_passphrase_from_a_bad_file),
		cmocka_unit_test(refuses_other_secret_keys),
		cmocka_unit_test(refuses_costs_past_the_limits),
		cmocka_unit_test(writes_secret_keys_that_it_reads),
		cmocka_unit_test(writes_at_the_costs_of_minisign),
		cmocka_unit_test_setup_teardown(
		    reads_files_that_only_the_owner_can_read, scratch_enter,
		    scratch_leave),
	};

	return cmocka_run_group_tests(tests, start_sodium, NULL);
}
