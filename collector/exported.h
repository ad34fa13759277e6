/* SPDX-License-Identifier: ISC */
/*
 * The archive that an erasure goes by: verified by dossier-verifier, whose
 * verdict alone counts, and unpacked into a private folder.
 */
#ifndef COLLECTOR_EXPORTED_H
#define COLLECTOR_EXPORTED_H

#include "connector.h"
#include "dossier/records.h"
#include "dossier/request.h"
#include "sibling.h"

struct exported {
	struct private_folder *folder;
	char *root;       /* where it was unpacked to */
	struct dsr_arena *arena;
	struct dsr_statement statement;
	struct dsr_export identity; /* as its seal says */
	struct dsr_request *request; /* NULL: there is none */
	const char *request_path;   /* of its file, or NULL */
	struct exported_range *ranges; /* one an endpoint of the connector */
};

/* Lines of documents.jsonl: the documents of an endpoint stand together. */
struct exported_range {
	uint64_t offset, count;
};

struct exported_options {
	const char *archive;
	const char *const *trust;
	size_t trust_count;
	const char *request; /* --request, or NULL: that of the archive */
};

/*
 * DSR_EFAILED     the archive is not intact
 * DSR_EUNTRUSTED  nobody vouches for it whom the operator trusts
 * DSR_EINPUT      it is no archive of a case
 */
int exported_open(struct exported *x, const struct exported_options *o,
    struct dsr_error *err);
void exported_fini(struct exported *x);

/*
 * Finds the documents of the connector's endpoints.
 * DSR_EINPUT  nothing in the archive was collected with this connector
 */
int exported_index(struct exported *x, const struct connector *k,
    struct dsr_error *err);
/* Hands out the documents of an endpoint, in the order of the archive. */
typedef int exported_fn(void *ctx, const struct dsr_document *document,
    struct dsr_error *err);
int exported_documents(const struct exported *x, size_t endpoint,
    exported_fn *fn, void *ctx, struct dsr_error *err);
/* Hands out those that were added by hand, of no connector. */
int exported_by_hand(const struct exported *x, exported_fn *fn, void *ctx,
    struct dsr_error *err);
/* The bytes of a document. DSR_ELIMIT when it is more than body holds. */
int exported_read(const struct exported *x, const char *path,
    struct dsr_buffer *body, struct dsr_error *err);

#endif
