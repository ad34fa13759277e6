/* SPDX-License-Identifier: ISC */
/* What the files record*.c share with each other and with nobody else. */
#ifndef DOSSIER_CORE_RECORD_PRIVATE_H
#define DOSSIER_CORE_RECORD_PRIVATE_H

#include "dossier/record.h"

/* Records in records: more than any table has. */
#define DSR_RECORD_DEPTH 8

struct dsr_field_reader {
	struct dsr_arena *arena;
	const struct dsr_record_type *type;
	const struct dsr_field *field;
	const struct dsr_json_value *value;
	struct dsr_error *err;
};

/*
 * How fields of one kind are read and written. at is the member of the struct.
 * Records and lists of them have neither read nor write: those are the steps
 * of dsr_record_read and dsr_record_write.
 */
struct dsr_field_ops {
	const char *wanted; /* for messages */
	/* Is text (NUL behind it) what a string of this kind may be? */
	bool (*is_valid)(const char *text, size_t len);
	int (*read)(const struct dsr_field_reader *r, void *at);
	/* false: at holds what a reader would refuse */
	bool (*write)(struct dsr_json_writer *w,
	    const struct dsr_field_ops *ops, const void *at);
	void (*set_null)(void *at); /* NULL: cannot be null */
	bool (*is_null)(const void *at);
};

const struct dsr_field_ops *dsr_field_ops(enum dsr_field_kind kind);

/* "TYPE: "KEY": wanted ..., found ... at byte N"; returns -1. */
int dsr_field_refuse(const struct dsr_field_reader *r);

/* Sets list to count zeroed items of size bytes. */
int dsr_field_new_list(const struct dsr_field_reader *r, void *list,
    size_t count, size_t size);

#endif
