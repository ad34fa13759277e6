/* SPDX-License-Identifier: ISC */
/* The plan of an erasure: what looks like something else, or says two things. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../support/erasing.h"
#include "../support/plants.h"

#define OWN ", \"subject_match\": [{\"path\": \"by\", \"identity\": \"who\"}]"
/* a plant of a bed of a garden */
#define IN_BED                                                                \
	ENDPOINT("plant", READ("/gardens/{id}/beds/{bed}",                    \
	    ", \"param_values\": [{\"name\": \"bed\", \"references\":"          \
	    " [{\"endpoint\": \"bed\", \"field\": \"id\"}]}]")                  \
	    ", \"delete\": {}", "")
#define AN                                                                    \
	(const char *const[])                                                 \
	{                                                                     \
		"who=an", NULL                                                \
	}

/* An id of one list that is written as one of another list would be kept. */
static void
values_pass_for_no_others(void **state)
{
	static const struct erasing_document docs[] = {
		{ "list", NULL, AT "/gardens", "{\"value\":[]}", false },
		{ "bed", NULL, AT "/gardens/g/beds", "{\"value\":["
		    "{\"id\":\"1\\n" AT "/gardens/h/beds\",\"by\":\"an\"},"
		    "{\"id\":\"30 " AT "/gardens/h/beds 1\",\"by\":\"an\"}]}",
		    false },
		{ "bed", NULL, AT "/gardens/h/beds", "{\"value\":[]}", false },
		{ "plant", "1", AT "/gardens/h/beds/1", "{\"id\":\"1\"}",
		    false },
	};
	struct erasing e = { .connector = HEAD LIST "," BEDS(OWN) ","
		IN_BED "]}", .identities = AN };

	(void)state;
	erasing_expect("the list of h has no 1", &e, docs, 4,
	    "1 plant 1 not-attempted not-exported\n"
	    "2 bed - no-way -\n"
	    "3 list - absent nothing-in-it\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_pass_for_no_others),
	};

	return cmocka_run_group_tests_name("erase_keys", tests, NULL, NULL);
}
