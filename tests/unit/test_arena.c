/* SPDX-License-Identifier: ISC */
/* Memory that is given piece by piece and taken back at once. */
#include "dossier/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
arena_gives_memory_of_any_size(void **state)
{
	struct dsr_arena *arena;
	struct dsr_error err;
	char *last = NULL, *p;
	size_t round, i, k;

	(void)state;
	assert_int_equal(dsr_arena_new(&arena, &err), 0);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 2000; i++) {
			size_t len = i % 7 == 0 ? i * 40 : i % 50;

			p = dsr_arena_alloc(arena, len, &err);
			assert_non_null(p);
			assert_true((uintptr_t)p % sizeof(void *) == 0);
			for (k = 0; k < len; k++)
				assert_int_equal(p[k], 0);
			memset(p, 0xff, len);
		}
		last = dsr_arena_copy(arena, "abc", 2, &err);
		assert_string_equal(last, "ab");
		dsr_arena_reset(arena);
	}
	assert_null(dsr_arena_alloc(arena, SIZE_MAX, &err));
	assert_null(dsr_arena_copy(arena, "", SIZE_MAX, &err));
	assert_int_equal(err.code, DSR_ENOMEM);
	dsr_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_gives_memory_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
