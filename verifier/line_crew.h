/* SPDX-License-Identifier: ISC */
/*
 * Lines of a list, each a record: threads read and hash them, the caller's
 * thread gets them in their order. What is under way is bounded.
 */
#ifndef VERIFIER_LINE_CREW_H
#define VERIFIER_LINE_CREW_H

#include <stddef.h>
#include <stdint.h>

#include "dossier/digest.h"
#include "dossier/record.h"

struct line_crew;

/* A line as it was read; all of it lives until the function returns. */
struct line_read {
	const char *text; /* with its LF */
	size_t len;
	uint8_t leaf[DSR_SHA256_BYTES]; /* RFC 9162: of the text */
	const void *record;             /* NULL: error says why */
	const struct dsr_error *error;
};

typedef int line_taken_fn(void *ctx, const struct line_read *line,
    struct dsr_error *err);

/*
 * threads at least 1; they start with the first list that is worth it.
 * DSR_ENOMEM; *out is NULL then.
 */
int line_crew_new(struct line_crew **out, unsigned int threads,
    struct dsr_error *err);
void line_crew_free(struct line_crew *w);
/*
 * A list begins; of the one before it all lines were taken (flush). type is
 * borrowed, and so is ctx, until the next one begins.
 */
void line_crew_begin(struct line_crew *w, const struct dsr_record_type *type,
    line_taken_fn *take, void *ctx);
/*
 * The next line, which is copied. Both fail as take does, with DSR_ENOMEM, or
 * DSR_EIO (no thread); then there is only line_crew_free.
 */
int line_crew_add(struct line_crew *w, const char *text, size_t len,
    struct dsr_error *err);
/* Waits until every line was taken. */
int line_crew_flush(struct line_crew *w, struct dsr_error *err);

#endif
