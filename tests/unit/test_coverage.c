/* SPDX-License-Identifier: ISC */
/* Every error of an archive belongs to a check, which then has failed. */
#include "../../verifier/coverage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../verifier/verify.h"

/* Findings of verify about archives: not of verify --bag, not of a proof. */
static bool
is_of_archives(enum dsr_finding_id id)
{
	return strncmp(dsr_finding_rule(id), "FORMAT.md", 9) == 0 &&
	    strncmp(dsr_finding_name(id), "proof/", 6) != 0;
}

static void
every_error_belongs_to_a_check(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < DSR_FINDING_COUNT; i++) {
		enum dsr_finding_id id = (enum dsr_finding_id)i;
		bool wanted = is_of_archives(id) &&
		    dsr_finding_severity(id) == DSR_ERROR;

		if (wanted != (coverage_check_of(id) != CHECK_COUNT))
			fail_msg("%s", dsr_finding_name(id));
	}
}

static void
a_check_ends_as_its_findings_say(void **state)
{
	struct dsr_findings *findings = NULL;
	struct verify_result r;
	struct dsr_error err;

	(void)state;
	memset(&r, 0, sizeof(r));
	assert_int_equal(dsr_findings_new(&findings, NULL, NULL, &err), 0);
	assert_string_equal(coverage_outcome(&r, findings, CHECK_BODY),
	    "not-done");
	r.coverage.checks[CHECK_BODY].state = COVERAGE_ABSENT;
	assert_string_equal(coverage_outcome(&r, findings, CHECK_BODY),
	    "absent");
	r.coverage.checks[CHECK_BODY].state = COVERAGE_DONE;
	assert_string_equal(coverage_outcome(&r, findings, CHECK_BODY),
	    "passed");
	r.coverage.checks[CHECK_TRUST].state = COVERAGE_DONE;
	assert_string_equal(coverage_outcome(&r, findings, CHECK_TRUST),
	    "not-established");
	r.seal_is_valid = true;
	assert_string_equal(coverage_by(&r, findings, CLASS_PAYLOAD), "seal");
	dsr_findings_add(findings, DSR_F_SEAL_BODY, NULL, NULL, NULL);
	assert_string_equal(coverage_outcome(&r, findings, CHECK_BODY),
	    "failed");
	assert_null(coverage_by(&r, findings, CLASS_PAYLOAD));
	dsr_findings_free(findings);
}

/* Without a seal the members vouch for each other, once they were read. */
static void
without_a_seal_it_agrees_with_itself(void **state)
{
	static const enum coverage_check needed[] = { CHECK_HEADERS,
		CHECK_CONTENT, CHECK_MANIFESTS };
	struct dsr_findings *findings = NULL;
	struct verify_result r;
	struct dsr_error err;
	size_t i;

	(void)state;
	memset(&r, 0, sizeof(r));
	assert_int_equal(dsr_findings_new(&findings, NULL, NULL, &err), 0);
	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		assert_null(coverage_by(&r, findings, CLASS_PAYLOAD));
		r.coverage.checks[needed[i]].state = COVERAGE_DONE;
	}
	assert_string_equal(coverage_by(&r, findings, CLASS_PAYLOAD),
	    "manifests");
	assert_string_equal(coverage_by(&r, findings, CLASS_HEADERS),
	    "structure");
	assert_null(coverage_by(&r, findings, CLASS_DIRECTORY));
	assert_null(coverage_by(&r, findings, CLASS_ATTESTATIONS));
	assert_null(coverage_by(&r, findings, CLASS_UNKNOWN));
	dsr_findings_free(findings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_error_belongs_to_a_check),
		cmocka_unit_test(a_check_ends_as_its_findings_say),
		cmocka_unit_test(without_a_seal_it_agrees_with_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
