/* SPDX-License-Identifier: ISC */
#include "dossier/record.h"

#include <assert.h>
#include <string.h>

#include "dossier/name.h"
#include "record_private.h"

/* Records that follow each other in memory and in an array. */
struct unread {
	const struct dsr_record_type *type;
	uint8_t *rec;
	const struct dsr_json_value *value;
	size_t count; /* how many */
};

/* What is found inside of a record is put here and read afterwards. */
struct reader {
	struct dsr_field_reader field;
	size_t count;
	struct unread unread[DSR_RECORD_DEPTH * 4];
};

static void
read_later(struct reader *r, void *rec, const struct dsr_json_value *v,
    size_t count)
{
	if (count == 0)
		return;
	assert(r->count < sizeof(r->unread) / sizeof(r->unread[0]));
	r->unread[r->count++] = (struct unread){ .type = r->field.field->sub,
		.rec = rec, .value = v, .count = count };
}

static int
read_subrecord(struct reader *r, void *at)
{
	const struct dsr_json_value *v = r->field.value;
	void *rec;

	if (dsr_json_type_of(v) != DSR_JSON_OBJECT)
		return dsr_field_refuse(&r->field);
	rec = dsr_arena_alloc(r->field.arena, r->field.field->sub->size,
	    r->field.err);
	if (rec == NULL)
		return -1;
	memcpy(at, &rec, sizeof(rec)); /* as set_pointer in record_field.c */
	read_later(r, rec, v, 1);
	return 0;
}

static int
read_list(struct reader *r, void *at)
{
	const struct dsr_json_value *v = r->field.value, *item;
	struct dsr_list *list = at;

	if (dsr_json_type_of(v) != DSR_JSON_ARRAY)
		return dsr_field_refuse(&r->field);
	for (item = dsr_json_first(v); item != NULL;
	     item = dsr_json_next(item))
		if (dsr_json_type_of(item) != DSR_JSON_OBJECT)
			return dsr_field_refuse(&r->field);
	if (dsr_field_new_list(&r->field, list, dsr_json_count(v),
	        r->field.field->sub->size) != 0)
		return -1;
	read_later(r, list->items, dsr_json_first(v), list->count);
	return 0;
}

static int
read_field(struct reader *r, uint8_t *rec)
{
	const struct dsr_field *f = r->field.field;
	const struct dsr_field_ops *ops = dsr_field_ops(f->kind);
	void *at = rec + f->offset;

	if (f->nullable && dsr_json_type_of(r->field.value) == DSR_JSON_NULL) {
		ops->set_null(at);
		return 0;
	}
	if (f->kind == DSR_FIELD_RECORD)
		return read_subrecord(r, at);
	if (f->kind == DSR_FIELD_LIST)
		return read_list(r, at);
	return ops->read(&r->field, at);
}

static bool
has_key(const struct dsr_json_value *v, const char *key)
{
	size_t len;
	const char *found = dsr_json_key(v, &len);

	return found != NULL && strlen(key) == len &&
	    memcmp(found, key, len) == 0;
}

static bool
type_has_key(const struct dsr_record_type *type,
    const struct dsr_json_value *v)
{
	size_t i;

	for (i = 0; i < type->count; i++)
		if (has_key(v, type->fields[i].key))
			return true;
	return false;
}

/* Every key of the type was found, and there is more. */
static int
refuse_surplus(const struct dsr_record_type *type,
    const struct dsr_json_value *v, struct dsr_error *err)
{
	size_t offset = 0, len = 0, key_len;
	const char *key;

	for (v = dsr_json_first(v); v != NULL; v = dsr_json_next(v)) {
		if (type_has_key(type, v))
			continue;
		dsr_json_key_span(v, &offset, &len);
		key = dsr_json_key(v, &key_len);
		if (key == NULL || !dsr_identifier_is_safe(key, key_len))
			key = "?"; /* not to be shown to anyone */
		return dsr_fail(err, DSR_EFORMAT,
		    "%s: unknown key \"%s\" at byte %zu", type->name, key,
		    offset);
	}
	return dsr_fail(err, DSR_EFORMAT, "%s: a key is there twice",
	    type->name);
}

/* Reads one record; leaves those inside of it for later. */
static int
read_one(struct reader *r, const struct dsr_record_type *type, uint8_t *rec,
    const struct dsr_json_value *v)
{
	const struct dsr_json_value *member = dsr_json_first(v), *found;
	size_t i;

	r->field.type = type;
	for (i = 0; i < type->count; i++) {
		const struct dsr_field *f = &type->fields[i];

		/* in canonical order it is the next one */
		found = has_key(member, f->key) ? member :
		                                  dsr_json_get(v, f->key);
		if (found == NULL)
			return dsr_fail(r->field.err, DSR_EFORMAT,
			    "%s: key \"%s\" is missing", type->name, f->key);
		member = dsr_json_next(found);
		r->field.field = f;
		r->field.value = found;
		if (read_field(r, rec) != 0)
			return -1;
	}
	if (dsr_json_count(v) != type->count)
		return refuse_surplus(type, v, r->field.err);
	return 0;
}

int
dsr_record_read(const struct dsr_record_type *type, void *rec,
    struct dsr_arena *a, const struct dsr_json_value *v, struct dsr_error *err)
{
	struct reader r = { .field = { .arena = a, .err = err } };
	struct unread now;

	if (dsr_json_type_of(v) != DSR_JSON_OBJECT)
		return dsr_fail(err, DSR_EFORMAT,
		    "%s: wanted an object, found another %s", type->name,
		    dsr_json_type_name(v));
	r.unread[r.count++] = (struct unread){ .type = type, .rec = rec,
		.value = v, .count = 1 };
	while (r.count > 0) {
		now = r.unread[--r.count];
		if (now.count > 1)
			r.unread[r.count++] = (struct unread){
				.type = now.type,
				.rec = now.rec + now.type->size,
				.value = dsr_json_next(now.value),
				.count = now.count - 1 };
		if (read_one(&r, now.type, now.rec, now.value) != 0)
			return -1;
	}
	return 0;
}

/* Records being written that follow each other. */
struct unwritten {
	const struct dsr_record_type *type;
	const uint8_t *rec;
	size_t field; /* the next one of the first record */
	size_t count; /* how many */
	bool list;    /* in an array */
};

static bool
begin_records(struct dsr_json_writer *w, struct unwritten *u,
    const struct dsr_record_type *type, const void *rec, size_t count,
    bool list)
{
	*u = (struct unwritten){ .type = type, .rec = rec, .count = count,
		.list = list };
	if (list)
		dsr_json_write_array(w);
	if (count > 0)
		dsr_json_write_object(w);
	else if (list)
		dsr_json_write_end(w);
	return count > 0;
}

/* Ends a record, begins the one behind it if there is one: true. */
static bool
end_record(struct dsr_json_writer *w, struct unwritten *u)
{
	dsr_json_write_end(w);
	if (--u->count > 0) {
		u->rec += u->type->size;
		u->field = 0;
		dsr_json_write_object(w);
		return true;
	}
	if (u->list)
		dsr_json_write_end(w);
	return false;
}

static void
refuse_field(struct dsr_json_writer *w, const struct dsr_record_type *type,
    const struct dsr_field *f)
{
	struct dsr_error err;

	dsr_fail(&err, DSR_EFORMAT, "%s: \"%s\" to be written is not %s",
	    type->name, f->key, dsr_field_ops(f->kind)->wanted);
	dsr_json_writer_fail(w, &err);
}

/* Writes a field; when there are records in it, begins them: true. */
static bool
write_field(struct dsr_json_writer *w, const struct unwritten *u,
    const struct dsr_field *f, struct unwritten *inner)
{
	const struct dsr_field_ops *ops = dsr_field_ops(f->kind);
	const void *at = u->rec + f->offset, *rec;
	const struct dsr_list *list = at;

	dsr_json_write_key(w, f->key);
	if (f->kind == DSR_FIELD_LIST)
		return begin_records(w, inner, f->sub, list->items,
		    list->count, true);
	if (f->nullable && ops->is_null(at)) {
		dsr_json_write_null(w);
		return false;
	}
	if (f->kind != DSR_FIELD_RECORD) {
		if (!ops->write(w, ops, at))
			refuse_field(w, u->type, f);
		return false;
	}
	memcpy(&rec, at, sizeof(rec));
	if (rec == NULL) {
		refuse_field(w, u->type, f);
		return false;
	}
	return begin_records(w, inner, f->sub, rec, 1, false);
}

void
dsr_record_write(const struct dsr_record_type *type, const void *rec,
    struct dsr_json_writer *w)
{
	struct unwritten stack[DSR_RECORD_DEPTH + 1];
	size_t depth;

	depth = begin_records(w, &stack[0], type, rec, 1, false);
	while (depth > 0) {
		struct unwritten *u = &stack[depth - 1];

		assert(depth <= DSR_RECORD_DEPTH);
		if (u->field == u->type->count)
			depth -= !end_record(w, u);
		else
			depth += write_field(w, u,
			    &u->type->fields[u->field++], &stack[depth]);
	}
}

int
dsr_record_write_line(const struct dsr_record_type *type, const void *rec,
    struct dsr_buffer *out, struct dsr_error *err)
{
	struct dsr_json_writer *w = NULL;
	int rc;

	if (dsr_json_writer_new(&w, out, err) != 0)
		return -1;
	dsr_record_write(type, rec, w);
	rc = dsr_json_writer_finish(w, err);
	dsr_json_writer_free(w);
	return rc != 0 ? -1 : dsr_buffer_putc(out, '\n', err);
}

/* Is line what would be written? */
static int
compare_line(const struct dsr_record_type *type, const void *rec,
    const void *line, size_t len, struct dsr_error *err)
{
	struct dsr_buffer again;
	int rc = -1;

	dsr_buffer_init(&again, len);
	if (dsr_buffer_reserve(&again, len, err) != 0)
		goto out;
	if (dsr_record_write_line(type, rec, &again, err) != 0) {
		if (err->code != DSR_ELIMIT)
			goto out;
	} else if (again.len == len && memcmp(again.data, line, len) == 0) {
		rc = 0;
		goto out;
	}
	dsr_fail(err, DSR_EFORMAT, "%s: not canonical JSON and a line feed",
	    type->name);
out:
	dsr_buffer_fini(&again);
	return rc;
}

int
dsr_record_read_line(const struct dsr_record_type *type, void *rec,
    struct dsr_arena *a, const void *line, size_t len, struct dsr_error *err)
{
	struct dsr_json *json = NULL;
	int rc = -1;

	if (dsr_json_parse(&json, line, len, true, err) != 0)
		return dsr_wrap(err, "%s", type->name);
	if (dsr_record_read(type, rec, a, dsr_json_root(json), err) == 0)
		rc = compare_line(type, rec, line, len, err);
	dsr_json_free(json);
	return rc;
}
