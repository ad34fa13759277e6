/* SPDX-License-Identifier: ISC */
/*
 * The container has one form: write(read(A)) = A for what pack makes. And the
 * attestations belong to their archive: none can be taken off, added, or
 * exchanged for that of another, however well the rest fits.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/exhaust.h"
#include "../support/members.h"
#include "../support/packing.h"
#include "../support/raw_zip.h"
#include "../support/scratch.h"

static struct dsr_trust *trust;

static int
enter(void **state)
{
	struct dsr_error err;

	if (scratch_enter(state) != 0 || sodium_init() < 0 ||
	    dsr_trust_new(&trust, &err) != 0)
		return -1;
	make_key("k", trust);
	return 0;
}

static int
leave(void **state)
{
	dsr_trust_free(trust);
	trust = NULL;
	return scratch_leave(state);
}

/* ---- write(read(A)) = A ------------------------------------------------------ */

static void
assert_canonical(const char *path)
{
	uint8_t *before, *after;
	size_t before_len, after_len;
	struct members m;
	int fd = open(path, O_RDONLY | O_CLOEXEC),
	    copy = memfd_create("copy", MFD_CLOEXEC);

	assert_true(fd >= 0 && copy >= 0);
	members_read(&m, fd);
	members_write(&m, copy);
	before = file_bytes(fd, &before_len);
	after = file_bytes(copy, &after_len);
	assert_int_equal(before_len, after_len);
	assert_memory_equal(before, after, before_len);
	members_free(&m);
	free(before);
	free(after);
	(void)close(fd);
	(void)close(copy);
}

static void
fill_folder(void)
{
	static const char *const odd[] = { "in/with space", "in/UPPER.TXT",
		"in/upper.txt", "in/\xc3\xa9", "in/latin-\xe9", "in/CON" };
	uint8_t *large = calloc(1, 3000000);
	size_t i;

	assert_non_null(large);
	make_documents("in", 70);
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		scratch_write(odd[i], odd[i], strlen(odd[i]), 0600);
	scratch_write("in/zeros", large, 3000000, 0600);
	scratch_write("in/empty", "", 0, 0600);
	randombytes_buf(large, 3000000);
	scratch_write("in/random", large, 3000000, 0600);
	assert_int_equal(symlink("nowhere", "in/link"), 0);
	free(large);
}

static void
writes_what_it_reads(void **state)
{
	struct pack_options o = { .input = "in", .output = "a.zip",
		.key = "k.key", .jobs = 1, .force = true };

	(void)state;
	fill_folder();
	assert_int_equal(mkdir("none", 0700), 0);
	for (o.level = 0; o.level <= 9; o.level += 3) {
		make_archive(&o);
		assert_canonical("a.zip");
	}
	o.level = 6;
	o.input = "none";
	make_archive(&o);
	assert_canonical("a.zip");
	o.key = NULL;
	o.is_unsigned = true;
	o.input = "in";
	make_archive(&o);
	assert_canonical("a.zip");
}

/* ---- attestations ------------------------------------------------------------ */

#define SSHSIG  "/signatures/tagmanifest-sha256.txt.sig"
#define SEAL    "/signatures/tagmanifest-sha256.txt.minisig"
#define PUBLIC  "/keys/seal.pub"
#define SIGNERS "/keys/allowed_signers"

enum act { TAKE_OFF, EXCHANGE, DOUBLE };

static const struct {
	enum act act;
	const char *members[4];
	const char *why;
} changes[] = {
	{ TAKE_OFF, { SSHSIG }, "the SSH signature" },
	{ TAKE_OFF, { SEAL }, "the seal" },
	{ TAKE_OFF, { SSHSIG, SEAL }, "both signatures" },
	{ TAKE_OFF, { PUBLIC }, "the key" },
	{ TAKE_OFF, { SIGNERS }, "the key of OpenSSH" },
	{ TAKE_OFF, { SIGNERS, SSHSIG }, "the key and what it made" },
	{ TAKE_OFF, { PUBLIC, SIGNERS, SSHSIG, SEAL }, "everything" },
	{ EXCHANGE, { SSHSIG }, "another's SSH signature" },
	{ EXCHANGE, { SEAL }, "another's seal" },
	{ EXCHANGE, { SSHSIG, SEAL }, "both of another's" },
	{ EXCHANGE, { PUBLIC }, "another's key" },
	{ EXCHANGE, { SIGNERS }, "another's key of OpenSSH" },
	{ EXCHANGE, { PUBLIC, SEAL }, "another's key and seal" },
	{ EXCHANGE, { PUBLIC, SIGNERS, SSHSIG, SEAL }, "all of another's" },
	{ EXCHANGE, { "/tagmanifest-sha256.txt", SSHSIG, SEAL },
	    "another's list and what signs it" },
	{ DOUBLE, { SEAL }, "a second seal" },
	{ DOUBLE, { SSHSIG }, "a second SSH signature" },
};

static void
change(struct members *m, const struct members *other, enum act act,
    const char *name)
{
	size_t at = members_find(m, name), from = members_find(other, name);

	assert_true(at < m->count && from < other->count);
	switch (act) {
	case EXCHANGE:
		members_insert(m, at, &other->list[from]);
		members_remove(m, at + 1);
		break;
	case TAKE_OFF:
		members_remove(m, at);
		break;
	case DOUBLE:
		members_insert(m, at + 1, &other->list[from]);
		break;
	}
}

static void
try_changes(struct exhaust *x, const struct members *whole,
    const struct members *other, const char *against)
{
	struct members m = { NULL, 0, 0 };
	uint8_t *bytes;
	size_t i, k, len;

	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		for (k = 0; k < whole->count; k++)
			members_insert(&m, k, &whole->list[k]);
		for (k = 0; k < 4 && changes[i].members[k] != NULL; k++)
			change(&m, other, changes[i].act,
			    changes[i].members[k]);
		members_write(&m, x->fd);
		bytes = file_bytes(x->fd, &len);
		/* some parts are the same in both: then it is no change */
		if ((len != x->len || memcmp(bytes, x->data, len) != 0) &&
		    exhaust_judge(x, bytes, len) != 1)
			fail_msg("%s (%s): not refused", changes[i].why,
			    against);
		free(bytes);
		members_free(&m);
	}
}

static void
attestations_stay_with_their_archive(void **state)
{
	static const char *const others[] = { "content.zip", "key.zip",
		"id.zip" };
	struct pack_options o = { .input = "in", .output = "a.zip",
		.key = "k.key", .jobs = 1, .level = 6, .name = "a",
		.secret_file = "secret",
		.id = "00000000-0000-4000-8000-000000000001" };
	struct members whole, other;
	struct exhaust x;
	size_t i;
	int fd;

	(void)state;
	make_key("second", trust);
	make_documents("in", 3);
	make_documents("other", 4);
	scratch_write("secret", "00000000000000000000000000000000"
	    "00000000000000000000000000000000\n", 65, 0600);
	assert_int_equal(setenv("SOURCE_DATE_EPOCH", "1700000000", 1), 0);
	make_archive(&o);
	/* all but one thing the same */
	o.output = others[0];
	o.input = "other";
	make_archive(&o);
	o.input = "in";
	o.output = others[1];
	o.key = "second.key";
	make_archive(&o);
	o.key = "k.key";
	o.output = others[2];
	o.id = "00000000-0000-4000-8000-000000000002";
	make_archive(&o);
	assert_int_equal(exhaust_open(&x, "a.zip", trust), 0);
	fd = open("a.zip", O_RDONLY | O_CLOEXEC);
	members_read(&whole, fd);
	(void)close(fd);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		fd = open(others[i], O_RDONLY | O_CLOEXEC);
		members_read(&other, fd);
		(void)close(fd);
		try_changes(&x, &whole, &other, others[i]);
		members_free(&other);
	}
	members_free(&whole);
	exhaust_close(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(writes_what_it_reads, enter,
		    leave),
		cmocka_unit_test_setup_teardown(
		    attestations_stay_with_their_archive, enter, leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
