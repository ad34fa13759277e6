/* SPDX-License-Identifier: ISC */
/*
 * What --json prints: one object on one line of stdout. Keys go in ascending
 * order.
 */
#ifndef DOSSIER_JSON_PRINT_H
#define DOSSIER_JSON_PRINT_H

#include <stdint.h>

#include "dossier/buffer.h"
#include "dossier/json.h"

struct dsr_json_line {
	struct dsr_json_writer *writer; /* owned, as the text */
	struct dsr_buffer text;
};

/* Begins the object. NULL: DSR_ENOMEM, and there is nothing to end. */
struct dsr_json_writer *dsr_json_line_begin(struct dsr_json_line *line,
    struct dsr_error *err);
/* Ends the object, prints it, and frees the line, also after a failure. */
int dsr_json_line_end(struct dsr_json_line *line, struct dsr_error *err);

/* A member. Bytes from outside: what is not UTF-8 is escaped; NULL is null. */
void dsr_json_put_text(struct dsr_json_writer *w, const char *key,
    const char *s);
void dsr_json_put_count(struct dsr_json_writer *w, const char *key,
    uint64_t count);

#endif
