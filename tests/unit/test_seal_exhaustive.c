/* SPDX-License-Identifier: ISC */
/*
 * The promise of the seal on one small archive, whole: no bit, no byte less or
 * more, and no length but its own. tests/long does the same for every kind of
 * archive.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../support/exhaust.h"
#include "../support/memo.h"
#include "../support/packing.h"
#include "../support/scratch.h"

static void
every_change_is_found(void **state)
{
#ifdef DSR_SANITIZED
	(void)state;
	print_message("# a hundred thousand archives are too slow here\n");
	skip();
#else
	const struct pack_options o = { .input = "in", .output = "a.zip",
		.key = "k.key", .jobs = 1, .level = 9 };
	struct dsr_trust *trust;
	struct dsr_error err;
	struct exhaust x;

	(void)state;
	assert_true(sodium_init() >= 0);
	assert_int_equal(dsr_trust_new(&trust, &err), 0);
	make_key("k", trust);
	make_documents("in", 2);
	make_archive(&o);
	assert_int_equal(exhaust_open(&x, "a.zip", trust), 0);
	assert_in_range(x.len, 1, 20480);
	exhaust_bits(&x);
	exhaust_deletions(&x);
	exhaust_doublings(&x);
	exhaust_insertions(&x, 0x00);
	exhaust_insertions(&x, 0xff);
	exhaust_truncations(&x);
	print_message("# %zu bytes: %llu of %llu changes found\n", x.len,
	    (unsigned long long)x.found, (unsigned long long)x.tried);
	assert_int_equal(x.tried, 8 * x.len + 5 * x.len + 2);
	if (x.found != x.tried)
		fail_msg("%s", x.first);
	exhaust_close(&x);
	dsr_trust_free(trust);
#endif
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_change_is_found,
		    scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
