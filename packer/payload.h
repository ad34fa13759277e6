/* SPDX-License-Identifier: ISC */
/*
 * The payload on its way into the archive: read, hashed and deflated by all
 * processors, written in order.
 */
#ifndef PACKER_PAYLOAD_H
#define PACKER_PAYLOAD_H

#include <stdint.h>

#include "archive.h"
#include "dossier/error.h"
#include "dossier/file.h"
#include "dossier/progress.h"
#include "dossier/showcase.h"
#include "dossier/tree.h"
#include "source.h"

struct payload {
	struct source *source;   /* borrowed, like all below */
	struct archive *archive;
	struct dsr_spool *documents; /* gets lines of documents.jsonl */
	struct dsr_spool *gaps;      /* gets lines of gaps.jsonl */
	struct dsr_tree *tree;
	struct dsr_showcase *showcase; /* gets the documents to be shown */
	struct dsr_progress *progress;
	const uint8_t *secret;       /* 32 bytes: salts */
	int level;
	unsigned int jobs;
	/* filled in */
	uint64_t document_count;
	uint64_t document_bytes;
	uint64_t gap_count;
	uint64_t max_exchange; /* that a document refers to; 0: none does */
};

/*
 * Adds every document of the source to the archive.
 * DSR_EINPUT  a document of a case is not the one that was collected
 */
int payload_add_all(struct payload *p, struct dsr_error *err);

#endif
