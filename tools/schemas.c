/* SPDX-License-Identifier: ISC */
/*
 * schemas NAME: the JSON Schema of a record, in lines, on stdout; without a
 * name, the names. `make schemas` writes docs/schemas/ with it.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "dossier/buffer.h"
#include "dossier/json.h"
#include "dossier/records.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name;
	const struct dsr_record_type *type;
} records[] = {
	{ "statement", &dsr_statement_type },
	{ "documents", &dsr_document_type },
	{ "exchanges", &dsr_exchange_type },
	{ "gaps", &dsr_gap_type },
	{ "erasure", &dsr_erasure_type },
	{ "proof", &dsr_proof_type },
};

static void
break_line(int depth)
{
	putchar('\n');
	while (depth-- > 0)
		fputs("  ", stdout);
}

/* Canonical JSON, which has no white space, laid out for people. */
static void
print_laid_out(const char *text)
{
	bool in_string = false;
	int depth = 0;

	for (; *text != '\0'; text++) {
		if (in_string || *text == '"') {
			putchar(*text);
			if (*text == '\\' && text[1] != '\0')
				putchar(*++text);
			else if (*text == '"')
				in_string = !in_string;
			continue;
		}
		if (*text == '}' || *text == ']')
			break_line(--depth);
		putchar(*text);
		if (*text == ':')
			putchar(' ');
		if (*text == '{' || *text == '[')
			depth++;
		if (strchr("{[,", *text) != NULL)
			break_line(depth);
	}
	putchar('\n');
}

static int
print_schema(const struct dsr_record_type *type)
{
	struct dsr_json_writer *w = NULL;
	struct dsr_buffer text;
	struct dsr_error err = { .msg = "stdout" };
	int rc = -1;

	dsr_buffer_init(&text, 1048576);
	if (dsr_json_writer_new(&w, &text, &err) != 0)
		goto out;
	dsr_record_schema(type, w);
	if (dsr_json_writer_finish(w, &err) != 0)
		goto out;
	print_laid_out(dsr_buffer_str(&text));
	rc = fflush(stdout);
out:
	if (rc != 0)
		fprintf(stderr, "schemas: %s\n", err.msg);
	dsr_json_writer_free(w);
	dsr_buffer_fini(&text);
	return rc == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	size_t i;

	for (i = 0; i < COUNT_OF(records); i++) {
		if (argc < 2)
			puts(records[i].name);
		else if (strcmp(argv[1], records[i].name) == 0)
			return print_schema(records[i].type);
	}
	return argc < 2 ? 0 : 2;
}
