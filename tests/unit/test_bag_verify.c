/* SPDX-License-Identifier: ISC */
/*
 * A bag from within: what is counted, and memory that runs out at every place.
 * tests/cli/bag.t has the rules.
 */
#include "../../verifier/bag_verify.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/faults.h"
#include "../support/scratch.h"
#include "dossier/digest.h"
#include "dossier/text.h"

static int root = -1;

static void
put_text(const char *path, const char *text)
{
	scratch_write(path, text, strlen(text), 0600);
}

/* A bag with three files, one of them listed under another normal form. */
static void
make_bag(const char *version)
{
	static const char *const names[] = { "data/a", "data/sub/b",
		"data/caf\xc3\xa9" };
	char manifest[1024] = "", declaration[128], hex[DSR_SHA256_HEX];
	uint8_t sum[DSR_SHA256_BYTES];
	size_t i, at = 0;

	assert_int_equal(mkdir("data", 0700), 0);
	assert_int_equal(mkdir("data/sub", 0700), 0);
	for (i = 0; i < 3; i++) {
		put_text(i == 2 ? "data/cafe\xcc\x81" : names[i], names[i]);
		dsr_sha256(sum, names[i], strlen(names[i]));
		dsr_hex_encode(hex, sum, sizeof(sum));
		at += (size_t)snprintf(manifest + at, sizeof(manifest) - at,
		    "%s  %s\n", hex, names[i]);
	}
	put_text("manifest-sha256.txt", manifest);
	(void)snprintf(declaration, sizeof(declaration),
	    "BagIt-Version: %s\nTag-File-Character-Encoding: UTF-8\n",
	    version);
	put_text("bagit.txt", declaration);
	put_text("bag-info.txt", "Payload-Oxum: 26.3\n");
	put_text("fetch.txt", "https://h/ - data/a\n");
}

static int
enter(void **state)
{
	if (scratch_enter(state) != 0 || sodium_init() < 0)
		return -1;
	root = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return root < 0 ? -1 : 0;
}

static int
leave(void **state)
{
	(void)close(root);
	return scratch_leave(state);
}

static int
verify(struct dsr_findings *findings, unsigned int jobs,
    struct bag_result *result, struct dsr_error *err)
{
	const struct bag_options o = { jobs };

	return bag_verify(root, &o, findings, result, err);
}

static void
counts_what_is_there(void **state)
{
	struct dsr_findings *findings;
	struct bag_result r;
	struct dsr_error err;
	unsigned int jobs;

	(void)state;
	make_bag("1.0");
	for (jobs = 1; jobs < 4; jobs++) {
		assert_int_equal(dsr_findings_new(&findings, NULL, NULL, &err),
		    0);
		assert_int_equal(verify(findings, jobs, &r, &err), 0);
		assert_true(r.valid);
		assert_string_equal(r.version, "1.0");
		assert_string_equal(r.encoding, "UTF-8");
		assert_int_equal(r.files, 3);
		assert_int_equal(r.bytes, 26);
		assert_int_equal(r.tag_files, 4);
		assert_int_equal(r.manifests, 1);
		assert_int_equal(dsr_findings_count(findings, DSR_WARNING), 1);
		assert_int_equal(dsr_findings_count_of(findings,
				     DSR_F_BAGIT_NORMAL),
		    1);
		dsr_findings_free(findings);
	}
}

/*
 * A failure of memory is told as one. (Where a library takes it for something
 * else, the bag is not valid, or the finding is a warning.)
 */
static void
survives_every_lack_of_memory(void **state)
{
	struct dsr_findings *findings;
	struct bag_result r;
	struct dsr_error err;
	bool failed;
	int k, rc = -1;

	(void)state;
	make_bag("0.97");
	for (k = 0; k < 20000; k++) {
		assert_int_equal(dsr_findings_new(&findings, NULL, NULL, &err),
		    0);
		if (!fail_allocation_after(k)) {
			dsr_findings_free(findings);
			skip(); /* a sanitizer has its own allocator */
		}
		memset(&err, 0, sizeof(err));
		rc = verify(findings, 1, &r, &err);
		failed = allocation_has_failed();
		(void)fail_allocation_after(-1);
		if (rc != 0 && err.code != DSR_ENOMEM)
			fail_msg("allocation %d: %s", k, err.msg);
		dsr_findings_free(findings);
		if (!failed)
			break;
	}
	assert_true(k > 10 && k < 20000);
	assert_int_equal(rc, 0);
	assert_true(r.valid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(counts_what_is_there, enter,
		    leave),
		cmocka_unit_test_setup_teardown(survives_every_lack_of_memory,
		    enter, leave),
	};

	return cmocka_run_group_tests_name("bag verify", tests, NULL, NULL);
}
