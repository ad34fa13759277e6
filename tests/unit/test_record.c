/* SPDX-License-Identifier: ISC */
/* Records: what is written is read, what is not canonical is refused. */
#include "dossier/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/faults.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define DIGEST "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define UUID   "0189dcd3-7b1e-7a3c-8f00-123456789abc"

static const struct dsr_record_type *const types[] = { &dsr_document_type,
	&dsr_exchange_type, &dsr_gap_type, &dsr_erasure_type,
	&dsr_statement_type };

static struct dsr_arena *arena;

static int
set_up(void **state)
{
	struct dsr_error err;

	(void)state;
	return dsr_arena_new(&arena, &err);
}

static int
tear_down(void **state)
{
	(void)state;
	dsr_arena_free(arena);
	return 0;
}

/* ---- the tables ---------------------------------------------------------- */

static void
assert_table(const struct dsr_record_type *type)
{
	size_t i;

	for (i = 0; i < type->count; i++) {
		const struct dsr_field *f = &type->fields[i];
		bool has_sub = f->kind == DSR_FIELD_RECORD ||
		    f->kind == DSR_FIELD_LIST;

		if (i > 0 && strcmp(type->fields[i - 1].key, f->key) >= 0)
			fail_msg("%s: %s is out of order", type->name,
			    f->key);
		if (has_sub != (f->sub != NULL))
			fail_msg("%s: %s", type->name, f->key);
		if (f->nullable && f->kind >= DSR_FIELD_LIST)
			fail_msg("%s: %s cannot be null", type->name, f->key);
		if (f->offset >= type->size)
			fail_msg("%s: %s stands outside", type->name, f->key);
	}
}

static void
tables_are_in_order(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT_OF(types); i++) {
		assert_table(types[i]);
		for (k = 0; k < types[i]->count; k++)
			if (types[i]->fields[k].sub != NULL)
				assert_table(types[i]->fields[k].sub);
	}
}

/* ---- there and back ------------------------------------------------------ */

static const char gap_line[] =
    "{\"connector\":\"c\",\"detail\":null,\"endpoint\":\"e\",\"exchange\":3,"
    "\"name\":\"https://a.example/\",\"name_base64\":null,"
    "\"reason\":\"refused\",\"status\":403}\n";

static const char document_line[] =
    "{\"category\":null,\"connector\":null,\"endpoint\":null,"
    "\"exchange\":null,\"item\":null,\"media_type\":\"text/plain\","
    "\"name\":\"\xc3\xa9\\n.txt\",\"name_base64\":null,\"original\":null,"
    "\"path\":\"data/files/000001.txt\",\"redactions\":"
    "[{\"path\":\"a.b\",\"reason\":\"r\",\"span\":[1,2]},"
    "{\"path\":\"c\",\"reason\":\"s\",\"span\":[0,9007199254740991]}],"
    "\"retrieved\":\"2026-01-31T23:59:59.123456789Z\",\"salt\":\"" DIGEST
    "\",\"sha256\":\"" DIGEST
    "\",\"size\":0,\"source_url\":null,\"span\":null}\n";

static const char exchange_line[] =
    "{\"attempts\":[{\"ended\":\"2026-01-31T23:59:59Z\","
    "\"reason\":\"timeout\",\"status\":null}],\"client_request_id\":\"" UUID
    "\",\"connector\":\"c\",\"ended\":null,\"endpoint\":\"e\","
    "\"error\":null,\"method\":\"POST\",\"number\":1,\"peer\":\"private\","
    "\"request_body\":{\"sha256\":\"" DIGEST
    "\",\"size\":2,\"text\":\"{}\"},\"request_headers\":"
    "[{\"name\":\"a\",\"value\":\"b\"},{\"name\":\"c\",\"value\":\"\"}],"
    "\"response_body\":null,\"response_headers\":[],"
    "\"started\":\"2026-01-31T23:59:58Z\",\"status\":200,"
    "\"template\":\"/x/{id}\",\"tls\":{\"certificate_sha256\":\"" DIGEST
    "\",\"cipher\":\"TLS_AES_256_GCM_SHA384\",\"version\":\"TLSv1.3\"},"
    "\"url\":null}\n";

static const char statement_line[] =
    "{\"attestations\":[\"minisign\",\"cms\"],\"connectors\":"
    "[{\"key\":\"k\",\"sha256\":\"" DIGEST "\",\"version\":\"1\"}],"
    "\"counts\":{\"bytes\":1,\"documents\":2,\"exchanges\":3,\"gaps\":4},"
    "\"custody\":[{\"account\":null,\"act\":\"packed\",\"by\":\"A\","
    "\"software\":\"dossier\",\"time\":\"2026-01-31T23:59:59Z\","
    "\"version\":\"0\"}],\"endpoints\":[{\"asked\":1,\"connector\":\"c\","
    "\"documents\":2,\"endpoint\":\"e\",\"gaps\":0,\"ignored\":0,"
    "\"left_out\":0}],\"erasure\":null,\"folder\":{\"empty_folder_count\":"
    "1,\"empty_folders\":[\"a/b\"]},\"format\":\"dossier/1\",\"id\":\"" UUID
    "\",\"kind\":\"case\",\"languages\":[\"en\"],"
    "\"packed\":\"2026-01-31T23:59:59Z\",\"previous\":{\"body_sha256\":"
    "\"" DIGEST "\",\"body_size\":5,\"id\":\"" UUID "\"},\"request\":null,"
    "\"sequence\":2,\"software\":\"dossier\",\"tree\":{\"leaves\":2,"
    "\"root\":\"" DIGEST "\"},\"version\":\"0\"}\n";

static const struct {
	const struct dsr_record_type *type;
	const char *line;
	size_t len;
} good[] = {
	{ &dsr_gap_type, gap_line, sizeof(gap_line) - 1 },
	{ &dsr_document_type, document_line, sizeof(document_line) - 1 },
	{ &dsr_exchange_type, exchange_line, sizeof(exchange_line) - 1 },
	{ &dsr_statement_type, statement_line, sizeof(statement_line) - 1 },
};

union any_record {
	struct dsr_document document;
	struct dsr_exchange exchange;
	struct dsr_gap gap;
	struct dsr_statement statement;
};

static void
writes_what_it_read(void **state)
{
	struct dsr_buffer out;
	union any_record rec;
	struct dsr_error err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(good); i++) {
		if (dsr_record_read_line(good[i].type, &rec, arena,
		        good[i].line, good[i].len, &err) != 0)
			fail_msg("%s", err.msg);
		dsr_buffer_init(&out, 65536);
		assert_int_equal(dsr_record_write_line(good[i].type, &rec,
		                     &out, &err),
		    0);
		assert_string_equal(dsr_buffer_str(&out), good[i].line);
		dsr_buffer_fini(&out);
		dsr_arena_reset(arena);
	}
}

static void
fills_every_kind_of_field(void **state)
{
	struct dsr_document d;
	struct dsr_exchange e;
	struct dsr_statement s;
	const struct dsr_redaction *redaction;
	const struct dsr_header *header;
	struct dsr_error err;

	(void)state;
	assert_int_equal(dsr_record_read_line(&dsr_document_type, &d, arena,
	                     document_line, sizeof(document_line) - 1, &err),
	    0);
	assert_null(d.category);
	assert_true(d.exchange == DSR_NONE);
	assert_false(d.span.set);
	assert_int_equal(d.size, 0);
	assert_string_equal(d.name, "\xc3\xa9\n.txt");
	assert_int_equal(d.redactions.count, 2);
	redaction = d.redactions.items;
	assert_string_equal(redaction[0].path, "a.b");
	assert_int_equal(redaction[0].span.len, 2);
	assert_true(redaction[1].span.set);
	assert_true(redaction[1].span.len == 9007199254740991);

	assert_int_equal(dsr_record_read_line(&dsr_exchange_type, &e, arena,
	                     exchange_line, sizeof(exchange_line) - 1, &err),
	    0);
	assert_int_equal(e.request_body->size, 2);
	assert_null(e.response_body);
	assert_int_equal(e.request_headers.count, 2);
	header = e.request_headers.items;
	assert_string_equal(header[1].name, "c");
	assert_null(e.response_headers.items);
	assert_string_equal(e.tls->version, "TLSv1.3");

	assert_int_equal(dsr_record_read_line(&dsr_statement_type, &s, arena,
	                     statement_line, sizeof(statement_line) - 1, &err),
	    0);
	assert_string_equal(((const char *const *)s.attestations.items)[1],
	    "cms");
	assert_int_equal(s.counts->gaps, 4);
	assert_string_equal(s.previous->id, UUID);
}

/* ---- flags and lists of counts, which no record has yet ------------------- */

struct sample {
	struct dsr_list counts;
	bool flag;
	const char *id;
	struct dsr_span span;
};

static const struct dsr_field sample_fields[] = {
	{ .key = "counts", .kind = DSR_FIELD_COUNTS,
	    .offset = offsetof(struct sample, counts) },
	{ .key = "flag", .kind = DSR_FIELD_FLAG,
	    .offset = offsetof(struct sample, flag) },
	{ .key = "id", .kind = DSR_FIELD_ID,
	    .offset = offsetof(struct sample, id) },
	{ .key = "span", .kind = DSR_FIELD_SPAN,
	    .offset = offsetof(struct sample, span) },
};
static const struct dsr_record_type sample_type = { "sample", sample_fields,
	COUNT_OF(sample_fields), sizeof(struct sample) };

static enum dsr_code
read_sample(const char *line, struct sample *s, char msg[480])
{
	struct dsr_error err = { .code = DSR_OK };
	int rc = dsr_record_read_line(&sample_type, s, arena, line,
	    strlen(line), &err);

	assert_true((rc == 0) == (err.code == DSR_OK));
	memcpy(msg, err.msg, sizeof(err.msg));
	return err.code;
}

static void
reads_flags_and_counts(void **state)
{
	char msg[480];
	struct sample s;

	(void)state;
	assert_int_equal(read_sample("{\"counts\":[1,0,7],\"flag\":true,"
	                             "\"id\":\"x\",\"span\":[3,4]}\n",
	                     &s, msg),
	    DSR_OK);
	assert_true(s.flag);
	assert_int_equal(s.counts.count, 3);
	assert_int_equal(((const uint64_t *)s.counts.items)[2], 7);
	assert_int_equal(s.span.offset, 3);
}

static void
refuses_what_is_not_canonical_or_not_the_kind(void **state)
{
#define SAMPLE(counts, flag, id, span)                                   \
	"{\"counts\":" counts ",\"flag\":" flag ",\"id\":" id            \
	",\"span\":" span "}\n"
	static const struct {
		const char *line, *says, *why;
	} row[] = {
		{ SAMPLE("[ ]", "true", "\"x\"", "[3,4]"), "canonical",
		    "white space" },
		{ "{\"counts\":[],\"flag\":true,\"id\":\"x\","
		  "\"span\":[3,4]}", "canonical", "no line feed" },
		{ SAMPLE("[]", "true", "\"x\"", "[3,4]") "\n", "canonical",
		    "two line feeds" },
		{ SAMPLE("[]", "true", "\"x\"", "[3,4]") "{}", "garbage",
		    "two objects" },
		{ SAMPLE("[]", "true", "\"\\u0078\"", "[3,4]"), "canonical",
		    "an escape that need not be" },
		{ SAMPLE("[-0]", "true", "\"x\"", "[3,4]"), "canonical",
		    "minus zero" },
		{ "{\"flag\":true,\"counts\":[],\"id\":\"x\","
		  "\"span\":[3,4]}\n", "canonical", "order of keys" },
		{ "{\"counts\":[],\"flag\":true,\"id\":\"x\"}\n",
		    "\"span\" is missing", "missing, the last" },
		{ "{\"flag\":true,\"id\":\"x\",\"span\":[3,4]}\n",
		    "\"counts\" is missing", "missing, the first" },
		{ "{\"counts\":[],\"flag\":true,\"id\":\"x\",\"more\":1,"
		  "\"span\":[3,4]}\n", "unknown key \"more\"", "unknown" },
		{ "{\"counts\":[],\"flag\":true,\"id\":\"x\",\"span\":[3,4],"
		  "\"z\\u001b[m\":1}\n", "unknown key \"?\"",
		    "unknown, not to be shown" },
		{ "{\"counts\":[],\"flag\":true,\"flag\":true,\"id\":\"x\","
		  "\"span\":[3,4]}\n", "twice", "key twice" },
		{ "{\"counts\":[],\"flag\":true,\"id\":\"x\",\"Span\":[3,4]}\n",
		    "\"span\" is missing", "capital" },
		{ "[]\n", "wanted an object", "an array" },
		{ "\n", "EOF", "nothing" },

		{ SAMPLE("null", "true", "\"x\"", "[3,4]"), "\"counts\"",
		    "null where it may not be" },
		{ SAMPLE("[1.0]", "true", "\"x\"", "[3,4]"), "\"counts\"",
		    "fraction" },
		{ SAMPLE("[-1]", "true", "\"x\"", "[3,4]"), "\"counts\"",
		    "below zero" },
		{ SAMPLE("[9007199254740992]", "true", "\"x\"", "[3,4]"),
		    "\"counts\"", "2^53" },
		{ SAMPLE("[[]]", "true", "\"x\"", "[3,4]"), "\"counts\"",
		    "list in a list" },
		{ SAMPLE("[]", "0", "\"x\"", "[3,4]"), "\"flag\"",
		    "number for a flag" },
		{ SAMPLE("[]", "true", "null", "[3,4]"), "\"id\"", "null" },
		{ SAMPLE("[]", "true", "\"a/b\"", "[3,4]"), "\"id\"",
		    "no identifier" },
		{ SAMPLE("[]", "true", "\"x\\u0000\"", "[3,4]"), "\"id\"",
		    "NUL in text" },
		{ SAMPLE("[]", "true", "\"x\"", "[3]"), "\"span\"", "half" },
		{ SAMPLE("[]", "true", "\"x\"", "[3,4,5]"), "\"span\"",
		    "too long" },
		{ SAMPLE("[]", "true", "\"x\"", "{\"a\":3,\"b\":4}"),
		    "\"span\"", "object for a span" },
	};
	char msg[480];
	struct sample s;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(row); i++) {
		if (read_sample(row[i].line, &s, msg) != DSR_EFORMAT)
			fail_msg("row %zu: %s", i, row[i].why);
		if (strstr(msg, row[i].says) == NULL)
			fail_msg("row %zu: %s", i, msg);
	}
}

/* from must stand in line: it is replaced by to. */
static void
assert_refused(size_t which, const char *from, const char *to)
{
	const char *at = strstr(good[which].line, from);
	struct dsr_error err;
	union any_record rec;
	char line[2048];

	assert_non_null(at);
	(void)snprintf(line, sizeof(line), "%.*s%s%s",
	    (int)(at - good[which].line), good[which].line, to,
	    at + strlen(from));
	if (dsr_record_read_line(good[which].type, &rec, arena, line,
	        strlen(line), &err) == 0)
		fail_msg("accepted: %s", to);
	assert_int_equal(err.code, DSR_EFORMAT);
}

static void
refuses_wrong_text(void **state)
{
	static const struct {
		size_t which; /* of good[] */
		const char *from, *to;
	} row[] = {
		{ 1, "data/files/000001.txt", "data/../000001.txt" },
		{ 1, "data/files/000001.txt", "/etc/passwd" },
		{ 1, "data/files/000001.txt", "" },
		{ 1, "\"path\":\"data", "\"path\":[\"data" },
		{ 1, "59.123456789Z", "59.1234Z" },
		{ 1, "59.123456789Z", "59+00:00" },
		{ 1, "\"salt\":\"e3", "\"salt\":\"E3" },
		{ 1, "\"salt\":\"e3", "\"salt\":\"e" },
		{ 1, "\"salt\":\"e3", "\"salt\":\"ge" },
		{ 1, "[1,2]", "null" },
		{ 1, "{\"path\":\"a.b\"", "{\"more\":1,\"path\":\"a.b\"" },
		{ 1, "\"redactions\":[", "\"redactions\":[1," },
		{ 1, "\"redactions\":[", "\"redactions\":[{}," },
		{ 1, "\"size\":0", "\"size\":null" },
		{ 2, "0189dcd3", "0189DCD3" },
		{ 2, "0189dcd3", "0189dcd" },
		{ 2, "\"tls\":{", "\"tls\":[{" },
		{ 2, "\"tls\":{", "\"tls\":{\"\":0," },
		{ 3, "\"counts\":{", "\"counts\":null,\"custod\":{" },
		{ 3, "[\"a/b\"]", "[\"a/b\",null]" },
		{ 3, "[\"a/b\"]", "[\"\\u0000\"]" },
		{ 3, "[\"a/b\"]", "null" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(row); i++)
		assert_refused(row[i].which, row[i].from, row[i].to);
}

/* What a reader would refuse is not written either. */
static void
refuses_to_write_what_is_wrong(void **state)
{
	static uint64_t beyond[] = { 1, DSR_NONE };
	const struct sample row[] = {
		{ .id = NULL, .span = { .set = true } },
		{ .id = "a b", .span = { .set = true } },
		{ .id = "a", .span = { .set = false } },
		{ .id = "a", .span = { .set = true, .len = DSR_NONE } },
		{ .id = "a", .span = { .set = true },
		    .counts = { beyond, 2 } },
	};
	struct dsr_gap gap = { .reason = "refused", .detail = "\xff" };
	struct dsr_statement statement = { .counts = NULL };
	struct dsr_buffer out;
	struct dsr_error err;
	size_t i;

	(void)state;
	dsr_buffer_init(&out, 65536);
	for (i = 0; i < COUNT_OF(row); i++) {
		assert_int_equal(dsr_record_write_line(&sample_type, &row[i],
		                     &out, &err),
		    -1);
		assert_int_equal(err.code, DSR_EFORMAT);
	}
	assert_int_equal(
	    dsr_record_write_line(&dsr_gap_type, &gap, &out, &err), -1);
	assert_int_equal(err.code, DSR_EFORMAT);
	assert_int_equal(dsr_record_write_line(&dsr_statement_type, &statement,
	                     &out, &err),
	    -1);
	assert_non_null(strstr(err.msg, "\"counts\""));
	dsr_buffer_fini(&out);
}

static void
survives_running_out_of_memory(void **state)
{
	bool failed = true;
	int calls;

	(void)state;
	if (!fail_allocation_after(-1))
		skip();
	for (calls = 0; failed; calls++) {
		struct dsr_arena *a = NULL;
		struct dsr_statement s;
		struct dsr_error err;
		int rc;

		fail_allocation_after(calls);
		rc = dsr_arena_new(&a, &err);
		if (rc == 0)
			rc = dsr_record_read_line(&dsr_statement_type, &s, a,
			    statement_line, sizeof(statement_line) - 1, &err);
		failed = allocation_has_failed();
		fail_allocation_after(-1);
		assert_int_equal(rc == 0, !failed);
		assert_true(rc == 0 || err.code == DSR_ENOMEM);
		dsr_arena_free(a);
	}
	assert_in_range(calls, 6, 20);
}

/* HMAC-SHA256, computed with openssl dgst -mac HMAC. */
static void
salts_documents(void **state)
{
	uint8_t secret[32];
	char salt[65];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(secret); i++)
		secret[i] = (uint8_t)i;
	dsr_document_salt(salt, secret, "data/files/000001.txt", DIGEST);
	assert_string_equal(salt, "5c2ed85b707ff2c36db1c66106c937cc"
	                          "df420eb0ffbd27306351a5f6cf74575c");
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tables_are_in_order),
		TEST(writes_what_it_read),
		TEST(fills_every_kind_of_field),
		TEST(reads_flags_and_counts),
		TEST(refuses_what_is_not_canonical_or_not_the_kind),
		TEST(refuses_wrong_text),
		TEST(refuses_to_write_what_is_wrong),
		TEST(survives_running_out_of_memory),
		TEST(salts_documents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
