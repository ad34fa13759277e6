/* SPDX-License-Identifier: ISC */
/* Schemas of records: what a stock validator is told. */
#include "dossier/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct inner {
	uint64_t count;
};

struct sample {
	bool flag;
	const struct inner *inner;
	struct dsr_list list;
	struct dsr_span span;
	const char *text;
	struct dsr_list texts;
};

static const struct dsr_field inner_fields[] = {
	{ .key = "count", .kind = DSR_FIELD_COUNT, .nullable = true },
};
static const struct dsr_record_type inner_type = { "inner", inner_fields,
	COUNT_OF(inner_fields), sizeof(struct inner) };

static const struct dsr_field sample_fields[] = {
	{ .key = "flag", .kind = DSR_FIELD_FLAG,
	    .offset = offsetof(struct sample, flag) },
	{ .key = "inner", .kind = DSR_FIELD_RECORD, .nullable = true,
	    .offset = offsetof(struct sample, inner), .sub = &inner_type },
	{ .key = "list", .kind = DSR_FIELD_LIST,
	    .offset = offsetof(struct sample, list), .sub = &inner_type },
	{ .key = "span", .kind = DSR_FIELD_SPAN, .nullable = true,
	    .offset = offsetof(struct sample, span) },
	{ .key = "text", .kind = DSR_FIELD_DIGEST,
	    .offset = offsetof(struct sample, text) },
	{ .key = "texts", .kind = DSR_FIELD_TEXTS,
	    .offset = offsetof(struct sample, texts) },
};
static const struct dsr_record_type sample_type = { "sample", sample_fields,
	COUNT_OF(sample_fields), sizeof(struct sample) };

#define INTEGER "\"maximum\":9007199254740991,\"minimum\":0,\"type\":"
#define INNER(type)                                                        \
	"{\"additionalProperties\":false,\"properties\":{\"count\":"       \
	"{" INTEGER "[\"integer\",\"null\"]}},\"required\":[\"count\"],"   \
	"\"title\":\"inner\",\"type\":" type "}"

static const char want[] =
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
    "\"additionalProperties\":false,\"properties\":{"
    "\"flag\":{\"type\":\"boolean\"},"
    "\"inner\":" INNER("[\"object\",\"null\"]") ","
    "\"list\":{\"items\":" INNER("\"object\"") ",\"type\":\"array\"},"
    "\"span\":{\"items\":{" INTEGER "\"integer\"},"
    "\"maxItems\":2,\"minItems\":2,\"type\":[\"array\",\"null\"]},"
    "\"text\":{\"pattern\":\"^[0-9a-f]{64}$\",\"type\":\"string\"},"
    "\"texts\":{\"items\":{\"pattern\":\"^[^\\\\u0000]*$\","
    "\"type\":\"string\"},\"type\":\"array\"}},"
    "\"required\":[\"flag\",\"inner\",\"list\",\"span\",\"text\",\"texts\"],"
    "\"title\":\"sample\",\"type\":\"object\"}";

static void
write_schema(struct dsr_buffer *out, const struct dsr_record_type *type)
{
	struct dsr_json_writer *w;
	struct dsr_error err;

	dsr_buffer_init(out, 100000);
	assert_int_equal(dsr_json_writer_new(&w, out, &err), 0);
	dsr_record_schema(type, w);
	if (dsr_json_writer_finish(w, &err) != 0)
		fail_msg("%s", err.msg);
	dsr_json_writer_free(w);
}

static void
describes_every_kind(void **state)
{
	struct dsr_buffer out;

	(void)state;
	write_schema(&out, &sample_type);
	assert_string_equal(dsr_buffer_str(&out), want);
	dsr_buffer_fini(&out);
}

static void
describes_the_records_of_an_archive(void **state)
{
	static const struct dsr_record_type *const types[] = {
		&dsr_document_type, &dsr_exchange_type, &dsr_gap_type,
		&dsr_statement_type, &dsr_proof_type };
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT_OF(types); i++) {
		const struct dsr_json_value *properties;
		struct dsr_json *json;
		struct dsr_buffer out;
		struct dsr_error err;

		write_schema(&out, types[i]);
		assert_int_equal(
		    dsr_json_parse(&json, out.data, out.len, true, &err), 0);
		properties = dsr_json_get(dsr_json_root(json), "properties");
		assert_int_equal(dsr_json_count(properties), types[i]->count);
		for (k = 0; k < types[i]->count; k++)
			assert_non_null(dsr_json_get(properties,
			    types[i]->fields[k].key));
		dsr_json_free(json);
		dsr_buffer_fini(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(describes_every_kind),
		cmocka_unit_test(describes_the_records_of_an_archive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
