/* SPDX-License-Identifier: ISC */
/*
 * exhaustive KEY.pub NAME ARCHIVE.zip [FROM [TO]]: judges every archive that
 * differs from this one by one bit, one byte less or more, or its length; with
 * FROM, only where the difference lies behind that byte (-N: in the last N);
 * with TO, only in the bits before that one.
 * Prints one row of docs/LONG-RUNS.md; exit status 1 when one was not found.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../support/exhaust.h"
#include "../support/memo.h"

static double
seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A place in the archive, from its start or (-N) from its end. */
static size_t
place(const struct exhaust *x, const char *text)
{
	long long n = strtoll(text, NULL, 10);

	if (n < 0)
		n += (long long)x->len;
	return n < 0 || (size_t)n > x->len ? 0 : (size_t)n;
}

static void
change_all(struct exhaust *x)
{
	exhaust_bits(x);
	exhaust_deletions(x);
	exhaust_doublings(x);
	exhaust_insertions(x, 0x00);
	exhaust_insertions(x, 0xff);
	exhaust_truncations(x);
}

int
main(int argc, char **argv)
{
	struct dsr_trust *trust = NULL;
	struct dsr_error err = { .msg = "not intact, or not trusted" };
	struct exhaust x;

	if (argc < 4 || sodium_init() < 0)
		return 2;
	if (dsr_trust_new(&trust, &err) != 0 ||
	    dsr_trust_add(trust, argv[1], &err) != 0 ||
	    exhaust_open(&x, argv[3], trust) != 0) {
		fprintf(stderr, "%s: %s\n", argv[3], err.msg);
		return 2;
	}
	if (argc > 4)
		x.from = place(&x, argv[4]);
	if (argc > 5) {
		x.to = place(&x, argv[5]);
		exhaust_bits(&x);
	} else {
		change_all(&x);
	}
	printf("| %s | %zu | %zu | %" PRIu64 " | %" PRIu64 " | %.0f s |\n",
	    argv[2], x.len, x.to - x.from, x.tried, x.found, seconds());
	if (x.found != x.tried)
		fprintf(stderr, "%s: not found: %s\n", argv[2], x.first);
	exhaust_close(&x);
	dsr_trust_free(trust);
	return x.found == x.tried && x.tried > 0 ? 0 : 1;
}
