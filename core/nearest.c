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

/* Levenshtein's distance; both words are at most MAX_WORD bytes. */
static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t row[MAX_WORD + 1], diagonal, above, i, k;

	for (k = 0; k <= b_len; k++)
		row[k] = k;
	for (i = 1; i <= a_len; i++) {
		diagonal = row[0];
		row[0] = i;
		for (k = 1; k <= b_len; k++) {
			above = row[k];
			row[k] = least(above + 1, row[k - 1] + 1,
			    diagonal + (a[i - 1] != b[k - 1]));
			diagonal = above;
		}
	}
	return row[b_len];
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
