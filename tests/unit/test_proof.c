/* SPDX-License-Identifier: ISC */
/*
 * Proofs: every document of archives of several sizes, and no bit of a proof
 * that may change. tests/cli/prove.t checks one with stock tools.
 */
#include "../../verifier/proof.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/packing.h"
#include "../support/scratch.h"

/* every bit; one of each byte where that would take minutes */
#ifdef DSR_SANITIZED
#define FIRST_BIT(at) ((unsigned int)((at) % 8))
#define LAST_BIT(at)  (FIRST_BIT(at) + 1)
#else
#define FIRST_BIT(at) 0
#define LAST_BIT(at)  8
#endif

#define ID "01234567-89ab-4cde-8f01-23456789abcd"

static struct dsr_trust *trust;

/* A key, trusted; every test works in a folder of its own. */
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

/* a.zip of count documents */
static void
pack_documents(int count)
{
	struct pack_options o = { .output = "a.zip", .key = "k.key",
		.id = ID, .level = 6, .jobs = 1, .force = true };
	char folder[32];

	(void)snprintf(folder, sizeof(folder), "in%d", count);
	make_documents(folder, count);
	o.input = folder;
	make_archive(&o);
}

static void
verify(int fd, struct verify_result *r)
{
	const struct verify_options o = { .trust = trust, .jobs = 1 };
	struct dsr_findings *findings;
	struct dsr_error err;

	assert_int_equal(dsr_findings_new(&findings, NULL, NULL, &err), 0);
	assert_int_equal(verify_archive(fd, &o, findings, r, &err), 0);
	assert_int_equal(r->exit_status, 0);
	dsr_findings_free(findings);
}

static void
prove(int fd, const struct verify_result *r, const char *document,
    const char *folder)
{
	struct dsr_outfolder *to = NULL;
	struct dsr_error err;

	if (dsr_outfolder_new(&to, folder, &err) != 0 ||
	    proof_make(to, fd, NULL, document, r, &err) != 0 ||
	    dsr_outfolder_commit(to, &err) != 0)
		fail_msg("%s: %s", document, err.msg);
	dsr_outfolder_free(to);
}

/* The exit status for the proof in a folder. */
static int
judge(const char *folder, struct proof_result *r)
{
	struct dsr_findings *findings;
	struct dsr_error err;
	const struct verify_options o = { .trust = trust };
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(dsr_findings_new(&findings, NULL, NULL, &err), 0);
	if (proof_check(fd, &o, findings, r, &err) != 0)
		fail_msg("%s", err.msg);
	/* a refusal says why */
	assert_int_equal(r->judged.exit_status != 1,
	    dsr_findings_count(findings, DSR_ERROR) == 0);
	dsr_findings_free(findings);
	(void)close(fd);
	return r->judged.exit_status;
}

static void
proves_every_document(void **state)
{
	static const int counts[] = { 1, 2, 3, 5, 8, 13 };
	char document[32], folder[32];
	struct verify_result verified;
	struct proof_result r;
	size_t i;
	int fd, k;

	(void)state;
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		pack_documents(counts[i]);
		fd = open("a.zip", O_RDONLY | O_CLOEXEC);
		verify(fd, &verified);
		for (k = 0; k < counts[i]; k++) {
			(void)snprintf(document, sizeof(document),
			    "%sdata/files/%d", k == 0 ? "a/" : "", k);
			(void)snprintf(folder, sizeof(folder), "p%d.%d",
			    counts[i], k);
			prove(fd, &verified, document, folder);
			assert_int_equal(judge(folder, &r), 0);
			assert_int_equal(r.size, snprintf(document,
			    sizeof(document), "in%d/%d", counts[i], k));
			assert_int_equal(r.documents, counts[i]);
			assert_string_equal(r.judged.id, ID);
			assert_true(r.judged.has_sshsig);
		}
		(void)close(fd);
	}
}

/* Flips each bit of a file of the proof in "p": none may pass. */
static unsigned int
flip_all(const char *name)
{
	struct proof_result r;
	unsigned int bits = 0, bit;
	uint8_t byte, flipped;
	off_t at;
	int fd = open(name, O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	for (at = 0; pread(fd, &byte, 1, at) == 1; at++) {
		for (bit = FIRST_BIT(at); bit < LAST_BIT(at); bit++, bits++) {
			flipped = (uint8_t)(byte ^ (1u << bit));
			assert_int_equal(pwrite(fd, &flipped, 1, at), 1);
			if (judge("p", &r) != 1)
				fail_msg("%s: bit %u of byte %ld", name, bit,
				    (long)at);
		}
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	}
	(void)close(fd);
	return bits;
}

static void
refuses_every_changed_bit(void **state)
{
	static const char *const files[] = { "p/" PROOF_JSON, "p/" PROOF_LINE,
		"p/data/files/2", "p/keys/seal.pub",
		"p/keys/allowed_signers",
		"p/tagmanifest-sha256.txt",
		"p/signatures/tagmanifest-sha256.txt.minisig",
		"p/signatures/tagmanifest-sha256.txt.sig" };
	struct verify_result verified;
	struct proof_result r;
	unsigned int bits = 0;
	size_t i;
	int fd;

	(void)state;
	pack_documents(5);
	fd = open("a.zip", O_RDONLY | O_CLOEXEC);
	verify(fd, &verified);
	prove(fd, &verified, "data/files/2", "p");
	(void)close(fd);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		bits += flip_all(files[i]);
	print_message("# %u bits, each refused\n", bits);
	assert_int_equal(judge("p", &r), 0);
	for (i = 0; i + 1 < sizeof(files) / sizeof(files[0]); i++) {
		assert_int_equal(rename(files[i], "elsewhere"), 0);
		assert_int_equal(judge("p", &r), 1); /* gone */
		assert_int_equal(symlink("/etc/hostname", files[i]), 0);
		assert_int_equal(judge("p", &r), 1); /* a link */
		assert_int_equal(unlink(files[i]), 0);
		assert_int_equal(mkfifo(files[i], 0600), 0);
		assert_int_equal(judge("p", &r), 1); /* a FIFO */
		assert_int_equal(unlink(files[i]), 0);
		assert_int_equal(rename("elsewhere", files[i]), 0);
	}
	assert_int_equal(judge("p", &r), 0);
}

/* Right parts of two proofs, put together. */
static void
refuses_mixed_proofs(void **state)
{
	static const char *const files[] = { PROOF_JSON, PROOF_LINE,
		"tagmanifest-sha256.txt",
		"signatures/tagmanifest-sha256.txt.minisig" };
	char mine[64], theirs[64];
	struct verify_result verified;
	struct proof_result r;
	size_t i;
	int fd;

	(void)state;
	pack_documents(5);
	fd = open("a.zip", O_RDONLY | O_CLOEXEC);
	verify(fd, &verified);
	prove(fd, &verified, "data/files/1", "p");
	(void)close(fd);
	pack_documents(6);
	fd = open("a.zip", O_RDONLY | O_CLOEXEC);
	verify(fd, &verified);
	prove(fd, &verified, "data/files/1", "q");
	(void)close(fd);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		(void)snprintf(mine, sizeof(mine), "p/%s", files[i]);
		(void)snprintf(theirs, sizeof(theirs), "q/%s", files[i]);
		assert_int_equal(renameat2(AT_FDCWD, mine, AT_FDCWD, theirs,
		    RENAME_EXCHANGE), 0);
		assert_int_equal(judge("p", &r), 1);
		assert_int_equal(judge("q", &r), 1);
		assert_int_equal(renameat2(AT_FDCWD, mine, AT_FDCWD, theirs,
		    RENAME_EXCHANGE), 0);
	}
	assert_int_equal(judge("p", &r), 0);
	assert_int_equal(judge("q", &r), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(proves_every_document, enter,
		    leave),
		cmocka_unit_test_setup_teardown(refuses_every_changed_bit,
		    enter, leave),
		cmocka_unit_test_setup_teardown(refuses_mixed_proofs, enter,
		    leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
