/* SPDX-License-Identifier: ISC */
/*
 * The state of one verification, handed from part to part. Private to
 * verify.c and the files of its parts.
 */
#ifndef VERIFIER_CHECK_H
#define VERIFIER_CHECK_H

#include "dossier/bag.h"
#include "dossier/buffer.h"
#include "dossier/clock.h"
#include "dossier/digest.h"
#include "dossier/finding.h"
#include "dossier/inflate_stream.h"
#include "dossier/records.h"
#include "dossier/seal.h"
#include "dossier/tree.h"
#include "dossier/zip.h"
#include "ledger.h"
#include "line_crew.h"
#include "origin.h"
#include "verify.h"

/* A tag file as found: FORMAT.md 3.3 lists them in the order they stand. */
struct tag_row {
	char *path;
	uint8_t sha256[DSR_SHA256_BYTES];
	enum dsr_member_kind kind;
	size_t index; /* place in the archive, from 0 */
	bool listed;
};

struct erasures; /* of a receipt: erasures.c */
struct stamps; /* time stamps as read: stamps.c */
struct content_crew; /* threads that inflate and hash: content.c */

struct check {
	const struct verify_options *options;
	struct dsr_findings *findings;
	struct verify_result *result;
	uint64_t refusals; /* of memory, before this check */
	/* what threads read is being entered: members, lines of a list */
	bool in_content, in_lines;
	struct dsr_error unsettled; /* DSR_OK: findings stand in their order */
	struct dsr_zip_reader *zip; /* NULL: a folder, which is no container */
	struct origin origin;

	/* the member that was read last, and how many of each kind */
	enum dsr_member_kind last_kind;
	char last_path[DSR_MAX_NAME + 1];
	uint64_t seen[DSR_MEMBER_KINDS + 1];

	struct content_crew *crew;
	struct dsr_inflate_stream *stream; /* for large members, or NULL */
	struct ledger *payload;
	bool payload_is_closed; /* its ledger is being read */
	uint64_t payload_bytes, payload_files;
	uint64_t folder_documents; /* those in data/files/ */
	uint64_t folder_gaps;      /* those of no connector */
	struct tag_row *tags;
	size_t tag_count, tag_cap;
	uint64_t manifest_lines; /* of both */

	/* small members, kept whole */
	struct dsr_buffer text[DSR_MEMBER_KINDS];

	/* documents.jsonl, exchanges.jsonl, gaps.jsonl, erasure.jsonl */
	struct line_crew *lines; /* or NULL: there was no list yet */
	struct dsr_tree *tree;
	char last_document[DSR_MAX_NAME + 1];
	uint64_t document_bytes;
	struct erasures *erasures;
	uint64_t erasure_lines;
	uint64_t max_exchange; /* the largest number that anything refers to */

	/* statement.json; has is false when it could not be read */
	struct dsr_arena *arena;
	bool has_statement;
	struct dsr_statement statement;

	struct dsr_certificates *certificates; /* of keys/signer.pem, or NULL */

	int plain_fd;          /* the file, to be read again; -1: once only */
	struct stamps *stamps; /* NULL: none */
	uint64_t directory_offset; /* behind the last member */
	bool has_time;         /* a trusted stamp over the seal, and when: */
	struct timespec time;

	/* a proof: of the archive there is no more than this check is given */
	bool of_proof;
	bool has_seal;        /* the seal verifies, and this is what it says */
	struct dsr_seal seal;

	/* what stood before the seal's local header */
	bool has_body;
	uint64_t body_members, body_len;
	uint8_t body_sha256[DSR_SHA256_BYTES];
};

/* content.c: payload members, by all processors */
int content_start(struct check *c, struct dsr_error *err);
void content_end(struct check *c);
int content_add(struct check *c, const char *path,
    const struct dsr_zip_entry *e, struct dsr_error *err);
/* Waits until every member handed in stands in the ledger. */
int content_flush(struct check *c, struct dsr_error *err);
/* The same of those that were given to threads: for a finding that follows. */
int content_settle(struct check *c, struct dsr_error *err);

/* pieces.c: a member whose content comes in pieces, until its end was told;
 * the caller's, who keeps it until then */
struct passing {
	struct dsr_zip_entry entry;
	dsr_content_fn *content;
	/* All content was handed out; findings say what is wrong with it. */
	int (*end)(void *ctx, struct dsr_error *err);
	void *ctx;

	/* of pieces.c, to begin with zero */
	struct dsr_findings *findings;
	uint32_t crc32;
	bool is_cut; /* the file ended in it: a finding of the reader says so */
};
/*
 * All content of the current member. It and its end may come later, after the
 * members that were sent before, at the latest in pieces_flush.
 */
int pieces_send(struct check *c, struct passing *p, struct dsr_error *err);
int pieces_flush(struct check *c, struct dsr_error *err);

/* members.c: kinds, order, and what happens with each member */
int member_check(struct check *c, const struct dsr_zip_entry *e,
    struct dsr_error *err);

/* lines.c: the members that are lists of lines */
typedef int line_fn(struct check *c, const char *line, size_t len,
    struct dsr_error *err);
/* The function for each line of such a member, NULL for all others. */
line_fn *line_checker(enum dsr_member_kind kind);
/* Before the first line, and after the last. */
int lines_begin(struct check *c, enum dsr_member_kind kind,
    struct dsr_error *err);
/* Takes what threads read of them so far. */
int lines_settle(struct check *c, struct dsr_error *err);
int lines_end(struct check *c, enum dsr_member_kind kind,
    struct dsr_error *err);

/* tags.c: tag files against the tag manifest */
int tag_add(struct check *c, const char *path, enum dsr_member_kind kind,
    const uint8_t sha256[DSR_SHA256_BYTES], struct dsr_error *err);
void tags_check(struct check *c);

/* stated.c: the statement, and what must follow from it */
int statement_read(struct check *c, struct dsr_error *err);
int statement_check(struct check *c, struct dsr_error *err);

/* stamps.c: time stamps */
int stamp_read(struct check *c, const char *path, enum dsr_member_kind kind,
    const struct dsr_zip_entry *e, struct dsr_error *err);
/* The stamp over the seal, where there is no archive to read it from. */
int stamp_take(struct check *c, const struct dsr_buffer *text,
    struct dsr_error *err);
int stamps_check(struct check *c, struct dsr_error *err);
/*
 * The time that keys and certificates must be good at, after the stamps were
 * checked: FORMAT.md 5.4. text (or NULL): "at TIME, ..." and why that one.
 */
#define TIME_THAT_COUNTS (DSR_TIME_SIZE + 40)
time_t time_that_counts(const struct check *c, char text[TIME_THAT_COUNTS]);
/* A trusted time stamp was asked for, and there is none. */
void time_report_missing(struct check *c);
void stamps_free(struct stamps *s);

/* certified.c: keys/signer.pem and the CMS signature */
int certificate_check(struct check *c, struct dsr_error *err);

/*
 * sealed.c: attestations, seal, trust; sets the verdict. A proof takes the two
 * parts of it that need no archive: what was signed, and what that is worth.
 */
int attestations_check(struct check *c, struct dsr_error *err);
int verdict_decide(struct check *c, struct dsr_error *err);
int seal_check(struct check *c, struct dsr_error *err);

#endif
