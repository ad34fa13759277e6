/* SPDX-License-Identifier: ISC */
/* Memory that is refused is counted, whoever asked for it. */
#include "dossier/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "../support/faults.h"
#include "dossier/error.h"
#include "dossier/json_print.h"
#include "dossier/text.h"

static void
errors_count_when_they_are_of_memory(void **state)
{
	const uint64_t before = dsr_memory_refusals();
	struct dsr_error err;

	(void)state;
	(void)dsr_fail(&err, DSR_EIO, "something else");
	assert_int_equal(dsr_memory_refusals(), before);
	(void)dsr_fail(&err, DSR_ENOMEM, "memory");
	assert_int_equal(dsr_memory_refusals(), before + 1);
}

static void
what_libcrypto_lacks_counts(void **state)
{
	const uint64_t before = dsr_memory_refusals();
	EVP_MD_CTX *hash;

	(void)state;
	hash = EVP_MD_CTX_new();
	assert_non_null(hash);
	EVP_MD_CTX_free(hash);
	assert_int_equal(dsr_memory_refusals(), before);
	if (!fail_allocation_after(0))
		skip();
	hash = EVP_MD_CTX_new();
	(void)fail_allocation_after(-1);
	assert_null(hash);
	assert_true(dsr_memory_refusals() > before);
}

static void
what_could_not_be_printed_is_known(void **state)
{
	FILE *out = tmpfile();
	int printed;

	(void)state;
	assert_non_null(out);
	assert_int_equal(dsr_print(out, "a text\n"), 0);
	assert_false(dsr_print_lost());
	if (!fail_allocation_after(0))
		skip();
	printed = dsr_print(out, "another one\n");
	(void)fail_allocation_after(-1);
	assert_int_equal(printed, -1);
	assert_true(dsr_print_lost());
	assert_int_equal(fclose(out), 0);
}

/* A text that must be escaped is not left out of a line of JSON. */
static void
a_line_without_a_text_fails(void **state)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w;
	struct dsr_error err;

	(void)state;
	/* Asked before there is a line that a skipped test would not end. */
	if (!fail_allocation_after(-1))
		skip();
	w = dsr_json_line_begin(&line, &err);
	assert_non_null(w);
	dsr_json_put_text(w, "a", "a text, and room for one more");
	(void)fail_allocation_after(0);
	dsr_json_put_text(w, "b", "\xff");
	(void)fail_allocation_after(-1);
	assert_int_equal(dsr_json_line_end(&line, &err), -1);
	assert_int_equal(err.code, DSR_ENOMEM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_count_when_they_are_of_memory),
		cmocka_unit_test(what_libcrypto_lacks_counts),
		cmocka_unit_test(what_could_not_be_printed_is_known),
		cmocka_unit_test(a_line_without_a_text_fails),
	};

	if (!dsr_memory_start())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
