/* SPDX-License-Identifier: ISC */
#include "bag_normal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/text.h"

struct pair {
	uint32_t code, first, second; /* second is 0 where there is one only */
};
struct span {
	uint32_t first, last;
	uint8_t class;
};

#include "bag_pairs.h"
#include "bag_spans.h"

/* Unicode section 3.12: Hangul syllables by arithmetic */
#define HANGUL_FIRST 0xac00u
#define HANGUL_COUNT 11172u
#define LEAD_FIRST   0x1100u
#define VOWEL_FIRST  0x1161u
#define VOWELS       21u
#define TAIL_FIRST   0x11a7u
#define TAILS        28u

#define MAX_MARKS 64u /* combining marks in a row that are put in order */
#define MAX_PARTS 8u  /* of one character: four at most in Unicode 14 */

/* Characters on their way out: marks wait until what follows is no mark. */
struct normal {
	struct dsr_buffer *out;
	bool fold;
	uint32_t marks[MAX_MARKS];
	uint8_t classes[MAX_MARKS];
	size_t count;
};

static int
compare_pair(const void *key, const void *row)
{
	const uint32_t *code = key;
	const struct pair *p = row;

	return *code < p->code ? -1 : *code > p->code;
}

static int
compare_span(const void *key, const void *row)
{
	const uint32_t *code = key;
	const struct span *s = row;

	return *code < s->first ? -1 : *code > s->last;
}

static uint8_t
class_of(uint32_t code)
{
	const struct span *s = code < spans[0].first ? NULL
	    : bsearch(&code, spans, sizeof(spans) / sizeof(spans[0]),
		sizeof(spans[0]), compare_span);

	return s == NULL ? 0 : s->class;
}

static uint32_t
lower(uint32_t code)
{
	bool greek = code >= 0x391 && code <= 0x3a9;
	bool cyrillic = code >= 0x410 && code <= 0x42f;

	if ((code >= 'A' && code <= 'Z') || greek || cyrillic ||
	    (code >= 0xc0 && code <= 0xde && code != 0xd7))
		return code + 0x20;
	return code >= 0x400 && code <= 0x40f ? code + 0x50 : code;
}

static int
put(struct normal *n, uint32_t code, struct dsr_error *err)
{
	uint8_t s[4];
	size_t len = dsr_utf8_put(s, n->fold ? lower(code) : code);

	return dsr_buffer_append(n->out, s, len, err);
}

static int
flush_marks(struct normal *n, struct dsr_error *err)
{
	size_t i;

	for (i = 0; i < n->count; i++)
		if (put(n, n->marks[i], err) != 0)
			return -1;
	n->count = 0;
	return 0;
}

/* Marks in ascending order of their classes, else as they came. */
static int
add_part(struct normal *n, uint32_t code, struct dsr_error *err)
{
	uint8_t class = class_of(code);
	size_t at = n->count;

	if (class == 0 || n->count == MAX_MARKS) {
		if (flush_marks(n, err) != 0)
			return -1;
		return put(n, code, err);
	}
	for (; at > 0 && n->classes[at - 1] > class; at--) {
		n->classes[at] = n->classes[at - 1];
		n->marks[at] = n->marks[at - 1];
	}
	n->classes[at] = class;
	n->marks[at] = code;
	n->count++;
	return 0;
}

/* The parts of a syllable; their number, 0 when it is none. */
static size_t
split_hangul(uint32_t code, uint32_t parts[MAX_PARTS])
{
	uint32_t index = code - HANGUL_FIRST;

	if (code < HANGUL_FIRST || index >= HANGUL_COUNT)
		return 0;
	parts[0] = LEAD_FIRST + index / (VOWELS * TAILS);
	parts[1] = VOWEL_FIRST + index % (VOWELS * TAILS) / TAILS;
	parts[2] = TAIL_FIRST + index % TAILS;
	return parts[2] == TAIL_FIRST ? 2 : 3;
}

/* Only the first part of a decomposition has a decomposition of its own. */
static size_t
split(uint32_t code, uint32_t parts[MAX_PARTS])
{
	size_t count = split_hangul(code, parts);
	const struct pair *p;

	if (count > 0)
		return count;
	parts[0] = code;
	for (count = 1; count < MAX_PARTS; count++) {
		p = parts[0] < 0xc0 ? NULL
		    : bsearch(&parts[0], pairs,
			sizeof(pairs) / sizeof(pairs[0]), sizeof(pairs[0]),
			compare_pair);
		if (p == NULL)
			break;
		parts[0] = p->first;
		if (p->second == 0) {
			count--;
			continue;
		}
		memmove(parts + 2, parts + 1, (count - 1) * sizeof(parts[0]));
		parts[1] = p->second;
	}
	return count;
}

static int
add_character(struct normal *n, uint32_t code, struct dsr_error *err)
{
	uint32_t parts[MAX_PARTS + 1];
	size_t count = split(code, parts), i;

	for (i = 0; i < count; i++)
		if (add_part(n, parts[i], err) != 0)
			return -1;
	return 0;
}

static int
run(struct normal *n, const char *s, size_t len, struct dsr_error *err)
{
	const uint8_t *p = (const uint8_t *)s;
	uint32_t code = 0;
	size_t used;

	for (; len > 0; p += used, len -= used) {
		used = dsr_utf8_next(p, len, &code);
		if (used > 0) {
			if (add_character(n, code, err) != 0)
				return -1;
			continue;
		}
		used = 1;
		if (flush_marks(n, err) != 0 ||
		    dsr_buffer_append(n->out, p, 1, err) != 0)
			return -1;
	}
	return flush_marks(n, err);
}

int
bag_normalize(struct dsr_buffer *out, const char *s, size_t len,
    struct dsr_error *err)
{
	struct normal n = { .out = out, .fold = false };

	return run(&n, s, len, err);
}

int
bag_fold(struct dsr_buffer *out, const char *s, size_t len,
    struct dsr_error *err)
{
	struct normal n = { .out = out, .fold = true };

	return run(&n, s, len, err);
}
