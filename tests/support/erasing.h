/* SPDX-License-Identifier: ISC */
/*
 * The plan of an erasure without a service: a connector and the documents of
 * an archive, as if it had been verified and unpacked.
 */
#ifndef TESTS_ERASING_H
#define TESTS_ERASING_H

#include "../../collector/erase.h"

struct erasing_document {
	const char *endpoint, *item, *url, *body;
	bool is_item; /* one of a list: its span is set */
};

struct erasing {
	const char *connector;            /* text; its key is "plants" */
	const char *const *params;        /* "name=value", NULL at the end */
	const char *const *identities;    /* the same; each may be NULL */
	const char *request;              /* text of request.json, or NULL */
	struct dsr_endpoint_counts *counts; /* of the statement; or NULL */
	size_t count_count;
	bool even_if_unnamed;
	struct erasure x;
};

/*
 * In the folder of a scratch test (scratch.h), once in each: puts down the
 * archive with these documents, those of an endpoint together, and prepares
 * the case. Fails the test when that fails.
 */
void erasing_start(struct erasing *e, const struct erasing_document *documents,
    size_t count);
void erasing_stop(struct erasing *e);

/*
 * The plan, made now, a line each: "NUMBER ENDPOINT ITEM OUTCOME REASON", "-"
 * for what is not there; behind it " hold N" and " with N", where they are set.
 */
const char *erasing_plan(struct erasing *e, struct dsr_buffer *out);
/* Fails the test when the plan for these documents, made in a folder of its
 * own, is another; why is shown. */
void erasing_expect(const char *why, struct erasing *e,
    const struct erasing_document *documents, size_t count,
    const char *wanted);

#endif
