/* SPDX-License-Identifier: ISC */
/*
 * The records of an archive: one line a document, an exchange, a gap, an
 * erasure, and the statement. Source: docs/FORMAT.md section 4. The structs are filled from and
 * written as canonical JSON by dossier/record.h; keys are the field names,
 * in ascending order.
 */
#ifndef DOSSIER_RECORDS_H
#define DOSSIER_RECORDS_H

#include "dossier/erasure.h"
#include "dossier/record.h"

#define DSR_FORMAT "dossier/1"
/* What stands for the connector of documents that were added by hand. */
#define DSR_MANUAL "manual"

/* ---- documents.jsonl: FORMAT.md 4.2 ------------------------------------- */

struct dsr_redaction {
	const char *path;     /* of the value in the body: keys joined by '.' */
	const char *reason;
	struct dsr_span span; /* of the replacement in the document */
};

struct dsr_document {
	const char *category;    /* connector's category; NULL in a folder */
	const char *connector;   /* key, "manual"; NULL in a folder */
	const char *endpoint;    /* NULL in a folder */
	uint64_t exchange;       /* line of exchanges.jsonl from 1; DSR_NONE */
	const char *item;        /* the item's id at the service, or NULL */
	const char *media_type;  /* or NULL */
	const char *name;        /* original path or title, UTF-8, or NULL */
	const char *name_base64; /* the same when it is not UTF-8 */
	const char *original;    /* HMAC digest of the body before redaction */
	const char *path;        /* member name below NAME/ */
	struct dsr_list redactions; /* struct dsr_redaction */
	const char *retrieved;   /* time, or NULL */
	const char *salt;        /* digest */
	const char *sha256;      /* digest of the document's bytes */
	uint64_t size;           /* bytes */
	const char *source_url;  /* or NULL */
	struct dsr_span span;    /* of the item in the response body */
};
extern const struct dsr_record_type dsr_document_type;

/* ---- exchanges.jsonl: FORMAT.md 4.3 ------------------------------------- */

struct dsr_header {
	const char *name; /* lower case */
	const char *value;
};

struct dsr_attempt {
	const char *ended; /* time, ns */
	const char *reason; /* why it was not the last: "status 429", "timeout" */
	uint64_t status;   /* DSR_NONE when there was no answer */
};

struct dsr_body {
	const char *sha256; /* NULL where it would tell what was hidden */
	uint64_t size;      /* likewise DSR_NONE */
	const char *text;   /* request bodies up to 4 KiB, else NULL */
};

struct dsr_tls {
	const char *certificate_sha256; /* of the peer's certificate, DER */
	const char *cipher;
	const char *version;
};

struct dsr_exchange {
	struct dsr_list attempts;      /* struct dsr_attempt, the earlier ones */
	const char *client_request_id; /* uuid that we sent, or NULL */
	const char *connector;
	const char *ended;             /* time, ns, or NULL */
	const char *endpoint;
	const char *error;             /* NULL, or why there was no answer */
	const char *method;
	uint64_t number;               /* from 1, in the order of the plan */
	const char *peer;              /* address, "private", or NULL */
	const struct dsr_body *request_body; /* NULL: none */
	struct dsr_list request_headers;     /* struct dsr_header */
	const struct dsr_body *response_body;
	struct dsr_list response_headers;    /* struct dsr_header */
	const char *started;           /* time, ns */
	uint64_t status;               /* or DSR_NONE */
	const char *template;          /* the endpoint's path as declared */
	const struct dsr_tls *tls;
	const char *url;               /* as 4.3 allows; NULL when left out */
};
extern const struct dsr_record_type dsr_exchange_type;

/* ---- gaps.jsonl: FORMAT.md 4.4 ------------------------------------------- */

struct dsr_gap {
	const char *connector;   /* NULL in a folder */
	const char *detail;      /* one sentence, English, or NULL */
	const char *endpoint;    /* NULL in a folder */
	uint64_t exchange;       /* the last answer, or DSR_NONE */
	const char *name;        /* what was asked for: path, or the URL */
	const char *name_base64; /* the same when it is not UTF-8 */
	const char *reason;      /* a word of FORMAT.md 4.4 */
	uint64_t status;         /* HTTP status of the last answer, DSR_NONE */
};
extern const struct dsr_record_type dsr_gap_type;

/* ---- erasure.jsonl: FORMAT.md 4.10 ----------------------------------------- */

struct dsr_erasure_document {
	const char *path;   /* member of the export's archive, below NAME/ */
	const char *sha256; /* as in the export's documents.jsonl */
};

/* One line: a resource that was to be erased. */
struct dsr_erasure {
	const char *by;        /* who erased it by hand, or NULL */
	const char *connector;
	struct dsr_span delete; /* numbers of exchanges: the first, how many */
	const char *detail;    /* one sentence, English, or NULL */
	uint64_t document_count;
	struct dsr_list documents; /* struct dsr_erasure_document: the first
	                            * DSR_MAX_ERASURE_DOCUMENTS of them */
	const char *done;      /* time at which it was erased by hand */
	const char *ended;     /* time, or NULL */
	const char *endpoint;
	uint64_t hold;         /* entry of the request's legal_hold, from 1 */
	const char *item;      /* the item's id at the service, or NULL */
	const char *method;    /* of the deletion; NULL: there is none */
	uint64_t number;       /* of the line, from 1: the order of the plan */
	const char *outcome;   /* a word of dossier/erasure.h */
	struct dsr_span poll;
	struct dsr_span read;  /* before: is it as it was exported? */
	const char *reason;    /* identifier, or NULL */
	const char *started;   /* time of its first exchange, or NULL */
	uint64_t status;       /* HTTP status that decided, or DSR_NONE */
	const char *step;      /* what a person must do, or NULL */
	const char *template;  /* the deletion's path as declared, or NULL */
	const char *url;       /* as 4.3 allows, or NULL */
	struct dsr_span verify; /* after: is it gone? */
	uint64_t with;         /* the line that takes it along, or DSR_NONE */
};
extern const struct dsr_record_type dsr_erasure_type;

/* ---- statement.json: FORMAT.md 4.5 ---------------------------------------- */

struct dsr_custody {
	const char *account;  /* who at the system, or NULL; never a credential */
	const char *act;      /* asked collected added redacted packed signed */
	const char *by;       /* person or organisation, or NULL */
	const char *software; /* "dossier" */
	const char *time;
	const char *version;
};

struct dsr_endpoint_counts {
	uint64_t asked;     /* requests planned and followed */
	const char *connector;
	uint64_t documents;
	const char *endpoint;
	uint64_t gaps;
	uint64_t ignored;   /* answers that the connector declares ignorable */
	uint64_t left_out;  /* items that name nobody of the given identities */
};

struct dsr_counts {
	uint64_t bytes;     /* of all documents */
	uint64_t documents;
	uint64_t exchanges;
	uint64_t gaps;
};

struct dsr_connector_use {
	const char *key;
	const char *sha256; /* of the connector as used */
	const char *version;
};

struct dsr_folder {
	uint64_t empty_folder_count;
	struct dsr_list empty_folders; /* const char *: the first 1,000, with
	                                * what is not UTF-8 escaped */
};

struct dsr_previous {
	const char *body_sha256;
	uint64_t body_size;
	const char *id;
};

/* The archive that a receipt is about, as its seal says. */
struct dsr_export {
	const char *body_sha256;
	uint64_t body_size;
	const char *id;
	const char *key_sha256; /* fingerprint of the key of its seal */
	const char *request;    /* or NULL */
};

/* How many lines of erasure.jsonl have each outcome. */
struct dsr_outcome_counts {
#define X(member, word, gone, asked, plan) uint64_t member;
	DSR_OUTCOMES(X)
#undef X
};

struct dsr_erasure_summary {
	bool executed; /* false: a plan alone */
	const struct dsr_export *export;
	struct dsr_outcome_counts *outcomes;
};

struct dsr_tree_head {
	uint64_t leaves;
	const char *root;
};

struct dsr_statement {
	struct dsr_list attestations; /* const char *: "minisign" "sshsig" "cms" */
	struct dsr_list connectors;   /* struct dsr_connector_use */
	struct dsr_counts *counts;
	struct dsr_list custody;      /* struct dsr_custody */
	struct dsr_list endpoints;    /* struct dsr_endpoint_counts */
	const struct dsr_erasure_summary *erasure; /* NULL unless a receipt */
	const struct dsr_folder *folder; /* NULL unless kind is folder */
	const char *format;           /* DSR_FORMAT */
	const char *id;               /* uuid of the archive */
	const char *kind;             /* case, folder, receipt */
	struct dsr_list languages;    /* const char *: of the START-HERE pages */
	const char *packed;           /* time */
	const struct dsr_previous *previous;
	const char *request;          /* identifier, or NULL */
	uint64_t sequence;            /* 1, or one more than the previous */
	const char *software;         /* "dossier" */
	struct dsr_tree_head *tree;
	const char *version;          /* of the software */
};
extern const struct dsr_record_type dsr_statement_type;

/* ---- proof.json of a proof: FORMAT.md 4.9 ---------------------------------- */

struct dsr_proof {
	const char *format;   /* DSR_FORMAT */
	uint64_t index;       /* of the leaf, from 0 */
	struct dsr_list path; /* const char *: digests, the lowest first */
};
extern const struct dsr_record_type dsr_proof_type;

/*
 * Salt of a document line: HMAC-SHA256(secret, "dossier/1 salt\n" path "\n"
 * sha256), in hexadecimal. FORMAT.md 4.2.
 */
void dsr_document_salt(char out[65], const uint8_t secret[32],
    const char *path, const char *sha256);

#endif
