/* SPDX-License-Identifier: ISC */
/*
 * What an archive carries for people: START-HERE.html and VERIFY.txt.
 * Source: docs/FORMAT.md 3.6. Neither ever holds a digest or length of
 * manifest, tag manifest, body or file.
 */
#ifndef DOSSIER_PAGE_H
#define DOSSIER_PAGE_H

#include "dossier/buffer.h"
#include "dossier/clock.h"
#include "dossier/digest.h"
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

/* The exchanges of an archive, summed up for auditors. */
#define DSR_PAGE_STATUSES     32u
#define DSR_PAGE_CERTIFICATES 32u
struct dsr_page_exchanges {
	uint64_t count;
	uint64_t repeated; /* attempts before the last one of an exchange */
	uint64_t bytes;    /* of the answers */
	char first[DSR_TIME_SIZE], last[DSR_TIME_SIZE]; /* or "" */
	struct {
		uint64_t status; /* DSR_NONE: there was no answer */
		uint64_t count;
	} status[DSR_PAGE_STATUSES];
	size_t status_count;
	struct {
		char sha256[DSR_SHA256_HEX];
		char version[16]; /* of TLS */
		uint64_t count;
	} certificate[DSR_PAGE_CERTIFICATES]; /* of the services */
	size_t certificate_count;
	bool more_certificates;
};

/* One signature, and whether it counts. */
struct dsr_page_signer {
	const char *kind;    /* "minisign", "sshsig", "cms" */
	const char *name;    /* key id, or subject of a certificate */
	const char *sha256;  /* of the key or the certificate */
	bool is_valid;
	const char *trusted_from; /* or NULL */
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
	/* for auditors */
	const char *identifier;   /* "intact-trusted" */
	const char *word;         /* of ETSI EN 319 102-1: "TOTAL-PASSED" */
	int exit_status;
	const char *sandbox;      /* "full", "partial", "none" */
	uint64_t size;            /* bytes of the file */
	uint64_t members;
	uint64_t payload_bytes;
	const struct dsr_page_signer *signers;
	size_t signer_count;
	const struct dsr_page_exchanges *exchanges;
};

/*
 * The bytes of all documents once more, in the order of the payload: tables
 * have their values. next gives 1, 0 at the end, -1; what it gives lives until
 * the next call, and bytes is NULL for a document that is not in memory.
 */
struct dsr_page_bodies {
	int (*next)(void *ctx, const char **path, const void **bytes,
	    size_t *len, struct dsr_error *err);
	void *ctx;
};

struct dsr_page {
	const char *name;      /* NAME, the top folder */
	const struct dsr_statement *statement; /* NULL: it could not be read */
	struct dsr_spool *documents; /* lines of documents.jsonl; rewound here */
	struct dsr_spool *gaps;      /* lines of gaps.jsonl */
	struct dsr_spool *erasures;  /* lines of erasure.jsonl, or NULL */
	const char *request;   /* text of request.json, or NULL */
	size_t request_len;
	const char *seal_key_sha256; /* hex, or NULL when unsigned */
	const char *language;  /* "nl" */
	const struct dsr_page_verdict *verdict; /* NULL: packed in an archive */
	bool for_auditors;     /* checks and findings instead of documents */
	const struct dsr_words *words;  /* of the connectors, or NULL */
	struct dsr_showcase *showcase;  /* documents to be shown, or NULL */
	const struct dsr_page_bodies *bodies; /* for tables, or NULL */
};

/* Appends the page, whole and self-contained. out->max bounds it. */
int dsr_page_write(const struct dsr_page *page, struct dsr_buffer *out,
    struct dsr_error *err);
/*
 * Makes tables/ (FORMAT.md 3.6): calls add with name and content of each, in
 * the order of the archive.
 */
typedef int dsr_table_fn(void *ctx, const char *path,
    struct dsr_spool *content, struct dsr_error *err);
int dsr_page_tables(const struct dsr_page *page, dsr_table_fn *add, void *ctx,
    struct dsr_error *err);
/* Appends VERIFY.txt: stock-tool commands that work as they stand. */
int dsr_verify_txt_write(const struct dsr_page *page, struct dsr_buffer *out,
    struct dsr_error *err);

/*
 * Why something is not there, for people, to be translated: of a word of
 * FORMAT.md 4.4; NULL of another.
 */
const char *dsr_gap_reason(const char *reason);

#endif
