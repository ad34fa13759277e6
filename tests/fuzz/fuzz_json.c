/* SPDX-License-Identifier: ISC */
/*
 * JSON in and out: whatever the text is, nothing breaks, spans stay inside of
 * it, and what has a canonical form has the same one when it is read again.
 */
#include "dossier/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

/* Children stand inside of v, one behind the other, keys before values. */
static void
check_children(const struct dsr_json_value *v, size_t size)
{
	const struct dsr_json_value *child;
	size_t offset, len, end, at, key_len, count = 0;

	dsr_json_span(v, &offset, &len);
	require(len > 0 && len <= size && offset <= size - len);
	end = offset + len;
	for (child = dsr_json_first(v); child != NULL;
	     child = dsr_json_next(child)) {
		if (dsr_json_key_span(child, &at, &key_len)) {
			require(at > offset && key_len >= 2);
			offset = at + key_len - 1;
		}
		dsr_json_span(child, &at, &len);
		require(at > offset && at + len < end);
		offset = at + len - 1;
		count++;
	}
	require(count == dsr_json_count(v));
}

/* Every value there is. */
static void
check_values(const struct dsr_json_value *root, size_t size)
{
	const struct dsr_json_value *stack[DSR_MAX_JSON_DEPTH + 1];
	size_t depth = 0;

	stack[depth++] = root;
	while (depth > 0) {
		const struct dsr_json_value *v = stack[depth - 1];
		const struct dsr_json_value *child = dsr_json_first(v);

		stack[depth - 1] = dsr_json_next(v);
		if (stack[depth - 1] == NULL)
			depth--;
		check_children(v, size);
		if (child != NULL) {
			require(depth <= DSR_MAX_JSON_DEPTH);
			stack[depth++] = child;
		}
	}
}

/* Appends the canonical form; false when there is none. */
static bool
write_canonically(struct dsr_buffer *out, const struct dsr_json *json)
{
	struct dsr_json_writer *w = NULL;
	struct dsr_error err;
	int rc;

	require(dsr_json_writer_new(&w, out, &err) == 0);
	dsr_json_write_value(w, dsr_json_root(json));
	rc = dsr_json_writer_finish(w, &err);
	dsr_json_writer_free(w);
	return rc == 0;
}

static void
check_canonical_form(const struct dsr_json *json)
{
	struct dsr_buffer once, twice;
	struct dsr_json *again = NULL;
	struct dsr_error err;

	dsr_buffer_init(&once, SIZE_MAX / 4);
	dsr_buffer_init(&twice, SIZE_MAX / 4);
	if (write_canonically(&once, json)) {
		require(dsr_json_parse(&again, once.data, once.len, true,
		            &err) == 0);
		require(write_canonically(&twice, again));
		require(once.len == twice.len &&
		    memcmp(once.data, twice.data, once.len) == 0);
	}
	dsr_json_free(again);
	dsr_buffer_fini(&once);
	dsr_buffer_fini(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dsr_json *strict = NULL, *lenient = NULL;
	struct dsr_error err;

	if (dsr_json_parse(&lenient, data, size, false, &err) == 0) {
		check_values(dsr_json_root(lenient), size);
		check_canonical_form(lenient);
	}
	if (dsr_json_parse(&strict, data, size, true, &err) == 0) {
		require(lenient != NULL);
		check_values(dsr_json_root(strict), size);
		check_canonical_form(strict);
	}
	dsr_json_free(strict);
	dsr_json_free(lenient);
	return 0;
}
