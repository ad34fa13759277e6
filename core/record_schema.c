/* SPDX-License-Identifier: ISC */
/* The JSON Schema of a record, from the table that reads and writes it. */
#include "dossier/record.h"

#include <assert.h>

#include "dossier/limits.h"
#include "record_private.h"

/* What a value of one kind looks like; of its items, when it is an array. */
struct shape {
	const char *type;
	const char *pattern; /* of a string */
	bool array;
	bool pair; /* an array of just two */
};

#define ID      "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
#define NO_NUL  "^[^\\u0000]*$"
#define TIME    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}" \
	        "([.][0-9]{3}|[.][0-9]{9})?Z$"
#define UUID    "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"

/* Patterns are wider than the reader: devices of Windows, days of a month. */
static const struct shape *
shape_of(enum dsr_field_kind kind)
{
	static const struct shape shapes[] = {
		[DSR_FIELD_TEXT] = { "string", NO_NUL, false, false },
		[DSR_FIELD_NAME] = { "string", "^" ID "(/" ID "){0,15}$",
		    false, false },
		[DSR_FIELD_ID] = { "string", "^" ID "$", false, false },
		[DSR_FIELD_UUID] = { "string", UUID, false, false },
		[DSR_FIELD_TIME] = { "string", TIME, false, false },
		[DSR_FIELD_DIGEST] = { "string", "^[0-9a-f]{64}$", false,
		    false },
		[DSR_FIELD_COUNT] = { "integer", NULL, false, false },
		[DSR_FIELD_FLAG] = { "boolean", NULL, false, false },
		[DSR_FIELD_SPAN] = { "integer", NULL, true, true },
		[DSR_FIELD_RECORD] = { "object", NULL, false, false },
		[DSR_FIELD_LIST] = { "object", NULL, true, false },
		[DSR_FIELD_TEXTS] = { "string", NO_NUL, true, false },
		[DSR_FIELD_DIGESTS] = { "string", "^[0-9a-f]{64}$", true,
		    false },
		[DSR_FIELD_COUNTS] = { "integer", NULL, true, false },
	};

	assert((size_t)kind < sizeof(shapes) / sizeof(shapes[0]));
	return &shapes[kind];
}

/* A record whose fields are being described. */
struct described {
	const struct dsr_record_type *type;
	const struct dsr_field *as; /* the field it stands in; NULL: the root */
	size_t field;               /* the next one */
};

static void
write_type(struct dsr_json_writer *w, const char *type, bool nullable)
{
	dsr_json_write_key(w, "type");
	if (!nullable) {
		dsr_json_write_string(w, type);
		return;
	}
	dsr_json_write_array(w);
	dsr_json_write_string(w, type);
	dsr_json_write_string(w, "null");
	dsr_json_write_end(w);
}

static void
write_scalar(struct dsr_json_writer *w, const struct shape *s, bool nullable)
{
	bool number = s->type[0] == 'i';

	dsr_json_write_object(w);
	if (number) {
		dsr_json_write_key(w, "maximum");
		dsr_json_write_integer(w, DSR_MAX_JSON_INTEGER);
		dsr_json_write_key(w, "minimum");
		dsr_json_write_integer(w, 0);
	}
	if (s->pattern != NULL) {
		dsr_json_write_key(w, "pattern");
		dsr_json_write_string(w, s->pattern);
	}
	write_type(w, s->type, nullable);
	dsr_json_write_end(w);
}

/* What stands before the schema of an array's items, and behind it. */
static void
begin_items(struct dsr_json_writer *w)
{
	dsr_json_write_object(w);
	dsr_json_write_key(w, "items");
}

static void
end_items(struct dsr_json_writer *w, const struct dsr_field *f)
{
	if (shape_of(f->kind)->pair) {
		dsr_json_write_key(w, "maxItems");
		dsr_json_write_integer(w, 2);
		dsr_json_write_key(w, "minItems");
		dsr_json_write_integer(w, 2);
	}
	write_type(w, "array", f->nullable);
	dsr_json_write_end(w);
}

/* Up to the first field. */
static void
begin_record(struct dsr_json_writer *w, struct described *d,
    const struct dsr_record_type *type, const struct dsr_field *as)
{
	*d = (struct described){ .type = type, .as = as };
	if (as != NULL && shape_of(as->kind)->array)
		begin_items(w);
	dsr_json_write_object(w);
	if (as == NULL) {
		dsr_json_write_key(w, "$schema");
		dsr_json_write_string(w,
		    "https://json-schema.org/draft/2020-12/schema");
	}
	dsr_json_write_key(w, "additionalProperties");
	dsr_json_write_boolean(w, false);
	dsr_json_write_key(w, "properties");
	dsr_json_write_object(w);
}

/* From behind the last field. */
static void
end_record(struct dsr_json_writer *w, const struct described *d)
{
	bool array = d->as != NULL && shape_of(d->as->kind)->array;
	size_t i;

	dsr_json_write_end(w);
	dsr_json_write_key(w, "required");
	dsr_json_write_array(w);
	for (i = 0; i < d->type->count; i++)
		dsr_json_write_string(w, d->type->fields[i].key);
	dsr_json_write_end(w);
	dsr_json_write_key(w, "title");
	dsr_json_write_string(w, d->type->name);
	write_type(w, "object", !array && d->as != NULL && d->as->nullable);
	dsr_json_write_end(w);
	if (array)
		end_items(w, d->as);
}

static void
write_leaf(struct dsr_json_writer *w, const struct dsr_field *f)
{
	const struct shape *s = shape_of(f->kind);

	if (!s->array) {
		write_scalar(w, s, f->nullable);
		return;
	}
	begin_items(w);
	write_scalar(w, s, false);
	end_items(w, f);
}

void
dsr_record_schema(const struct dsr_record_type *type,
    struct dsr_json_writer *w)
{
	struct described stack[DSR_RECORD_DEPTH];
	size_t depth = 0;

	begin_record(w, &stack[depth++], type, NULL);
	while (depth > 0) {
		struct described *d = &stack[depth - 1];
		const struct dsr_field *f;

		if (d->field == d->type->count) {
			end_record(w, d);
			depth--;
			continue;
		}
		f = &d->type->fields[d->field++];
		dsr_json_write_key(w, f->key);
		if (f->sub == NULL) {
			write_leaf(w, f);
		} else {
			assert(depth < DSR_RECORD_DEPTH);
			begin_record(w, &stack[depth++], f->sub, f);
		}
	}
}
