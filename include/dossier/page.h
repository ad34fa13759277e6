/* SPDX-License-Identifier: ISC */
/*
 * What an archive carries for people: START-HERE.html and VERIFY.txt.
 * Source: docs/FORMAT.md 3.6. Neither ever holds a digest or length of
 * manifest, tag manifest, body or file.
 */
#ifndef DOSSIER_PAGE_H
#define DOSSIER_PAGE_H

#include "dossier/buffer.h"
#include "dossier/error.h"
#include "dossier/file.h"
#include "dossier/finding.h"
#include "dossier/records.h"
#include "dossier/showcase.h"
#include "dossier/words.h"

/* What a verifier says of the file: put on top of its page. */
enum dsr_page_judgement {
	DSR_PAGE_TRUSTED,  /* intact, sealed by a key that is trusted */
	DSR_PAGE_UNKNOWN,  /* intact, the signer is not known */
	DSR_PAGE_UNSIGNED, /* it agrees with itself; nobody signed it */
	DSR_PAGE_CHANGED   /* nothing of its content is shown */
};

struct dsr_page_stamp {
	const char *time;
	const char *authority;
	bool is_trusted;
};

struct dsr_page_verdict {
	enum dsr_page_judgement judgement;
	const char *file;         /* that was checked */
	const char *time;         /* of the check */
	const char *version;      /* of the program that checked */
	const char *key_id;       /* NULL: none */
	const char *key_sha256;
	const char *trusted_from; /* where the trusted key was found, or NULL */
	const struct dsr_page_stamp *stamps;
	size_t stamp_count;
	const struct dsr_findings *findings;
};

struct dsr_page {
	const char *name;      /* NAME, the top folder */
	const struct dsr_statement *statement;
	struct dsr_spool *documents; /* lines of documents.jsonl; rewound here */
	struct dsr_spool *gaps;      /* lines of gaps.jsonl */
	const char *request;   /* text of request.json, or NULL */
	size_t request_len;
	const char *seal_key_sha256; /* hex, or NULL when unsigned */
	const char *language;  /* "nl" */
	const struct dsr_page_verdict *verdict; /* NULL: packed in an archive */
	const struct dsr_words *words;  /* of the connectors, or NULL */
	struct dsr_showcase *showcase;  /* documents to be shown, or NULL */
};

/* Appends the page, whole and self-contained. out->max bounds it. */
int dsr_page_write(const struct dsr_page *page, struct dsr_buffer *out,
    struct dsr_error *err);
/* Appends VERIFY.txt: stock-tool commands that work as they stand. */
int dsr_verify_txt_write(const struct dsr_page *page, struct dsr_buffer *out,
    struct dsr_error *err);

#endif
