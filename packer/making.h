/* SPDX-License-Identifier: ISC */
/*
 * An archive in the making: what the steps of pack.c hand on to each other.
 * Private to pack.c and the files that make one part of it.
 */
#ifndef PACKER_MAKING_H
#define PACKER_MAKING_H

#include <stdint.h>

#include "archive.h"
#include "dossier/certificate.h"
#include "dossier/age.h"
#include "dossier/clock.h"
#include "dossier/digest.h"
#include "dossier/minisign.h"
#include "dossier/page.h"
#include "dossier/random.h"
#include "dossier/records.h"
#include "dossier/request.h"
#include "dossier/signer.h"
#include "dossier/showcase.h"
#include "dossier/tree.h"
#include "dossier/words.h"
#include "pack.h"
#include "previous.h"
#include "source.h"

struct making {
	const struct pack_options *options;
	const struct dsr_common *common;
	char name[DSR_MAX_ARCHIVE_NAME + 1];
	char id[DSR_UUID_SIZE];
	uint8_t secret[32];
	char packed[DSR_TIME_SIZE];
	struct dsr_secret_key *key;           /* NULL: unsigned */
	struct dsr_public_key public_key;
	char key_sha256[DSR_SHA256_HEX];
	struct dsr_certificates *certificates; /* NULL: no X.509 */
	struct dsr_signer signer;
	char certificate_sha256[DSR_SHA256_HEX];
	struct dsr_buffer request_text;
	struct dsr_request *request;          /* NULL without --request */
	struct previous previous;             /* with --previous */
	struct dsr_outfile *file;
	int fd;                               /* of it */
	struct dsr_age_recipients *recipients; /* NULL: not encrypted */
	struct dsr_age_writer *age;           /* between archive and file */
	struct source *source;
	struct archive *archive;
	struct dsr_spool *documents, *exchanges, *gaps, *erasures;
	struct dsr_tree *tree;
	struct dsr_arena *arena;              /* strings of the statement */
	struct dsr_statement statement;
	struct dsr_words *words;
	struct dsr_showcase *showcase;        /* documents that pages show */
	const char *default_language;         /* when languages is empty */
	uint64_t document_count, document_bytes, exchange_count, gap_count;
	size_t examples; /* texts of the request that nobody wrote */
	uint64_t max_exchange; /* that anything refers to */
};

/* evidence.c: exchanges.jsonl, gaps.jsonl, connectors/, request.json */
int evidence_collect(struct making *m, struct dsr_error *err);
int evidence_add(struct making *m, struct dsr_error *err);

/* stating.c: fills m->statement and adds statement.json */
int statement_add(struct making *m, struct dsr_error *err);

/* pages.c: START-HERE*.html and VERIFY.txt */
int pages_add(struct making *m, struct dsr_error *err);
/* Languages of the pages, the first one that of START-HERE.html. */
size_t pages_count(const struct making *m);
const char *pages_language(const struct making *m, size_t i);

/* certify.c: the X.509 key, keys/signer.pem, the CMS signature; no-ops without */
int certificate_open(struct making *m, struct dsr_error *err);
int certificate_add(struct making *m, struct dsr_error *err);
int cms_add(struct making *m, struct dsr_error *err);

/* sealing.c: keys/, the bag's own files, attestations and the seal */
int seal_add(struct making *m, struct dsr_error *err);

#endif
