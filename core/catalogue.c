/* SPDX-License-Identifier: ISC */
#include "catalogue.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "catalogues.h" /* made of po/: CATALOGUES(X), asset_XX_mo */
#include "dossier/language.h"

/* The format of .mo files: GNU gettext's manual, section 10.3. */
#define MO_MAGIC      0x950412deu
#define MO_COUNT      8u  /* where the number of texts stands */
#define MO_ORIGINALS  12u /* where the offset of their table stands */
#define MO_TRANSLATED 16u
#define MO_ROW        8u /* a row of a table: length and offset */

static const struct catalogue {
	const char *language;
	const char *bytes;
	size_t len;
} catalogues[] = {
#define X(name) { #name, asset_##name##_mo, sizeof(asset_##name##_mo) - 1 },
	CATALOGUES(X)
#undef X
};

static const struct catalogue *current; /* NULL: English */
static bool none_is_one;                /* of it: "0 octet" */

static uint32_t
number_at(const struct catalogue *c, size_t at)
{
	uint32_t n; /* as the machine that built it writes numbers */

	memcpy(&n, c->bytes + at, sizeof(n));
	return n;
}

/* Text i of the table whose offset stands at `table`. */
static const char *
text_at(const struct catalogue *c, size_t table, size_t i)
{
	return c->bytes + number_at(c, number_at(c, table) + i * MO_ROW + 4);
}

/* The originals stand in ascending order. */
static const char *
find_text(const struct catalogue *c, const char *text)
{
	size_t low = 0, high = number_at(c, MO_COUNT);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(text, text_at(c, MO_ORIGINALS, middle));

		if (order == 0)
			return text_at(c, MO_TRANSLATED, middle);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

size_t
dsr_catalogue_count(void)
{
	return sizeof(catalogues) / sizeof(catalogues[0]);
}

const char *
dsr_catalogue_language(size_t i)
{
	return catalogues[i].language;
}

void
dsr_catalogue_choose(const char *language)
{
	const char *header;
	size_t i;

	current = NULL;
	for (i = 0; i < dsr_catalogue_count(); i++)
		if (strcmp(catalogues[i].language, language) == 0 &&
		    number_at(&catalogues[i], 0) == MO_MAGIC)
			current = &catalogues[i];
	header = current == NULL ? NULL : find_text(current, "");
	/* the two rules of our languages; tests/unit/test_language.c tries both */
	none_is_one = header != NULL && strstr(header, "n > 1") != NULL;
}

const char *
dsr_text(const char *text)
{
	const char *found = current == NULL ? NULL : find_text(current, text);

	return found == NULL ? text : found;
}

const char *
dsr_plural(const char *one, const char *many, unsigned long n)
{
	const char *found = current == NULL ? NULL : find_text(current, one);
	bool is_one = n == 1 || (n == 0 && current != NULL && none_is_one);

	if (found == NULL)
		return n == 1 ? one : many;
	return is_one ? found : found + strlen(found) + 1;
}
