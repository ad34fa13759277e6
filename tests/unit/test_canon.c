/* SPDX-License-Identifier: ISC */
/*
 * The container has one form: write(read(A)) = A for what pack makes. And the
 * attestations belong to their archive: none can be taken off, added, or
 * exchanged for that of another, however well the rest fits.
 */
#include <fcntl.h>
#include <openssl/pem.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/authority.h"
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
#define CMS     "/signatures/tagmanifest-sha256.txt.p7s"
#define PEM     "/keys/signer.pem"

enum act { TAKE_OFF, EXCHANGE, DOUBLE, ADD };

struct changing {
	enum act act;
	const char *members[6];
	const char *why;
};

static const struct changing changes[] = {
	{ TAKE_OFF, { CMS }, "the CMS signature" },
	{ TAKE_OFF, { PEM, CMS }, "the certificate and what it made" },
	{ EXCHANGE, { CMS }, "another's CMS signature" },
	{ EXCHANGE, { PEM }, "another's certificate" },
	{ EXCHANGE, { PEM, CMS }, "another's certificate and signature" },
	{ EXCHANGE, { PEM, CMS, SSHSIG, SEAL }, "all but the key" },
	{ DOUBLE, { CMS }, "a second CMS signature" },
	{ TAKE_OFF, { SSHSIG }, "the SSH signature" },
	{ TAKE_OFF, { SEAL }, "the seal" },
	{ TAKE_OFF, { SSHSIG, SEAL }, "both signatures" },
	{ TAKE_OFF, { PUBLIC }, "the key" },
	{ TAKE_OFF, { SIGNERS }, "the key of OpenSSH" },
	{ TAKE_OFF, { SIGNERS, SSHSIG }, "the key and what it made" },
	{ TAKE_OFF, { PUBLIC, SIGNERS, PEM, SSHSIG, CMS, SEAL },
	    "everything" },
	{ EXCHANGE, { SSHSIG }, "another's SSH signature" },
	{ EXCHANGE, { SEAL }, "another's seal" },
	{ EXCHANGE, { SSHSIG, SEAL }, "both of another's" },
	{ EXCHANGE, { PUBLIC }, "another's key" },
	{ EXCHANGE, { SIGNERS }, "another's key of OpenSSH" },
	{ EXCHANGE, { PUBLIC, SEAL }, "another's key and seal" },
	{ EXCHANGE, { PUBLIC, SIGNERS, PEM, SSHSIG, CMS, SEAL },
	    "all of another's" },
	{ EXCHANGE, { "/tagmanifest-sha256.txt", SSHSIG, SEAL },
	    "another's list and what signs it" },
	{ DOUBLE, { SEAL }, "a second seal" },
	{ DOUBLE, { SSHSIG }, "a second SSH signature" },
};

/* To an archive that has no CMS signature. */
static const struct changing additions[] = {
	{ ADD, { CMS }, "a CMS signature" },
	{ ADD, { PEM }, "a certificate" },
	{ ADD, { PEM, CMS }, "a certificate and what it made" },
};

static void
change(struct members *m, const struct members *other, enum act act,
    const char *name)
{
	size_t at = members_find(m, name), from = members_find(other, name);

	if (act == ADD) /* where the format has it */
		at = members_find(m, strcmp(name, CMS) == 0 ? SEAL
							     : "/bagit.txt");
	assert_true(at < m->count && from < other->count);
	switch (act) {
	case ADD:
		members_insert(m, at, &other->list[from]);
		break;
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

/* How many of them were a change at all: each was refused. */
static size_t
try_changes(struct exhaust *x, const struct changing *list, size_t count,
    const struct members *whole, const struct members *other,
    const char *against)
{
	struct members m = { NULL, 0, 0 };
	uint8_t *bytes;
	size_t i, k, len, tried = 0;

	for (i = 0; i < count; i++) {
		for (k = 0; k < whole->count; k++)
			members_insert(&m, k, &whole->list[k]);
		for (k = 0; k < 6 && list[i].members[k] != NULL; k++)
			change(&m, other, list[i].act, list[i].members[k]);
		members_write(&m, x->fd);
		bytes = file_bytes(x->fd, &len);
		/* some parts are the same in both: then it is no change */
		if (len != x->len || memcmp(bytes, x->data, len) != 0) {
			tried++;
			if (exhaust_judge(x, bytes, len) != 1)
				fail_msg("%s (%s): not refused", list[i].why,
				    against);
		}
		free(bytes);
		members_free(&m);
	}
	return tried;
}

/* NAME.key and NAME.pem, of a certificate that may sign. */
static void
make_certificate(const char *name)
{
	const struct authority_rules rules = { .name = name,
		.usage = "critical,digitalSignature" };
	struct authority a;
	char path[64];
	FILE *pem;

	authority_new(&a, NULL, &rules);
	(void)snprintf(path, sizeof(path), "%s.key", name);
	authority_write_key(&a, path, 0600);
	(void)snprintf(path, sizeof(path), "%s.pem", name);
	pem = fopen(path, "w");
	assert_non_null(pem);
	assert_int_equal(PEM_write_X509(pem, a.x509), 1);
	assert_int_equal(fclose(pem), 0);
	authority_free(&a);
}

static void
read_members(struct members *m, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	members_read(m, fd);
	(void)close(fd);
}

/* a.zip, and others that differ from it in one thing alone. */
static void
make_archives(void)
{
	struct pack_options o = { .input = "in", .output = "a.zip",
		.key = "k.key", .jobs = 1, .level = 6, .name = "a",
		.secret_file = "secret", .x509_key = "office.key",
		.x509_cert = "office.pem",
		.id = "00000000-0000-4000-8000-000000000001" };
	struct pack_options other = o;

	make_key("second", trust);
	make_certificate("office");
	make_certificate("notary");
	make_documents("in", 3);
	make_documents("other", 4);
	scratch_write("secret", "00000000000000000000000000000000"
	    "00000000000000000000000000000000\n", 65, 0600);
	assert_int_equal(setenv("SOURCE_DATE_EPOCH", "1700000000", 1), 0);
	make_archive(&o);
	other.output = "content.zip";
	other.input = "other";
	make_archive(&other);
	other = o;
	other.output = "key.zip";
	other.key = "second.key";
	make_archive(&other);
	other = o;
	other.output = "certificate.zip";
	other.x509_key = "notary.key";
	other.x509_cert = "notary.pem";
	make_archive(&other);
	other = o;
	other.output = "id.zip";
	other.id = "00000000-0000-4000-8000-000000000002";
	make_archive(&other);
	other = o;
	other.output = "plain.zip";
	other.x509_key = other.x509_cert = NULL;
	make_archive(&other);
}

static void
attestations_stay_with_their_archive(void **state)
{
	static const char *const others[] = { "content.zip", "key.zip",
		"certificate.zip", "id.zip" };
	struct members whole, other;
	struct exhaust x;
	size_t i, tried = 0;

	(void)state;
	make_archives();
	assert_int_equal(exhaust_open(&x, "a.zip", trust), 0);
	read_members(&whole, "a.zip");
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		read_members(&other, others[i]);
		tried += try_changes(&x, changes,
		    sizeof(changes) / sizeof(changes[0]), &whole, &other,
		    others[i]);
		members_free(&other);
	}
	exhaust_close(&x);
	assert_int_equal(exhaust_open(&x, "plain.zip", trust), 0);
	read_members(&other, "plain.zip");
	tried += try_changes(&x, additions,
	    sizeof(additions) / sizeof(additions[0]), &other, &whole,
	    "plain.zip");
	print_message("# %zu archives, each refused\n", tried);
	assert_true(tried > 75);
	exhaust_close(&x);
	members_free(&other);
	members_free(&whole);
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
