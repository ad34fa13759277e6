/* SPDX-License-Identifier: ISC */
#include "dossier/nearest.h"

#include <string.h>

#define MAX_WORD 48 /* bytes: no key of ours is as long */

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Letters changed, added, removed, or two neighbours swapped. */
static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t d[MAX_WORD + 1][MAX_WORD + 1], i, k;

	for (i = 0; i <= a_len; i++)
		d[i][0] = i;
	for (k = 0; k <= b_len; k++)
		d[0][k] = k;
	for (i = 1; i <= a_len; i++)
		for (k = 1; k <= b_len; k++) {
			d[i][k] = least(d[i - 1][k] + 1, d[i][k - 1] + 1,
			    d[i - 1][k - 1] + (a[i - 1] != b[k - 1]));
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] &&
			    a[i - 2] == b[k - 1] &&
			    d[i - 2][k - 2] + 1 < d[i][k])
				d[i][k] = d[i - 2][k - 2] + 1;
		}
	return d[a_len][b_len];
}

const char *
dsr_nearest(const char *word, const char *const *words, size_t count)
{
	const char *best = NULL;
	size_t i, len = strlen(word), known_len, d, best_distance;

	if (len == 0 || len > MAX_WORD)
		return NULL;
	best_distance = len / 3 + 1;
	for (i = 0; i < count; i++) {
		known_len = strlen(words[i]);
		if (known_len > MAX_WORD)
			continue;
		d = distance(word, len, words[i], known_len);
		if (d < best_distance) {
			best_distance = d;
			best = words[i];
		}
	}
	return best;
}
