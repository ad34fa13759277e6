/* SPDX-License-Identifier: ISC */
/*
 * Verification of one archive, in one pass over one descriptor.
 * Source: docs/FORMAT.md section 6.
 */
#ifndef VERIFIER_VERIFY_H
#define VERIFIER_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "dossier/age.h"
#include "dossier/certificate.h"
#include "dossier/clock.h"
#include "dossier/digest.h"
#include "dossier/error.h"
#include "dossier/finding.h"
#include "dossier/limits.h"
#include "dossier/minisign.h"
#include "dossier/random.h"
#include "dossier/roots.h"
#include "dossier/sandbox.h"
#include "dossier/trust.h"
#include "coverage.h"
#include "tap.h"

/* clang-format off */
/* name, identifier, word of ETSI EN 319 102-1, exit status: FORMAT.md 6.1 */
#define VERDICTS(X)                                                           \
	X(VERDICT_TRUSTED,    "intact-trusted",        "TOTAL-PASSED",  0)    \
	X(VERDICT_UNKNOWN,    "intact-unknown-signer", "INDETERMINATE", 5)    \
	X(VERDICT_UNSIGNED,   "consistent-unsigned",   "INDETERMINATE", 5)    \
	X(VERDICT_NOT_INTACT, "not-intact",            "TOTAL-FAILED",  1)

enum verdict {
#define X(id, name, word, exit_status) id,
	VERDICTS(X)
#undef X
};
/* clang-format on */

const char *verdict_name(enum verdict v);
const char *verdict_word(enum verdict v); /* DSS's */

struct material; /* material.h */
struct policy;   /* policy.h */

struct verify_options {
	const struct dsr_trust *trust;
	const struct dsr_roots *roots;      /* of signers' certificates */
	const struct dsr_roots *time_roots; /* of time stamps */
	const struct policy *policy; /* else exit 5; or NULL */
	bool require_x509; /* without a trusted certificate: exit 5 */
	bool require_time; /* without a trusted time stamp: exit 5 */
	const struct dsr_age_identities *keys; /* to decrypt with, or NULL */
	unsigned int jobs; /* threads, at least 1 */
	bool layer_zip;    /* the container alone */
	bool quick;        /* container, statement, seal: no content */
	struct material *material; /* filled for a report; may be NULL */
	const struct verify_tap *tap; /* taps content; may be NULL */
	/* closed before anything is parsed, with these rules, for good */
	bool sandbox;
	const struct dsr_sandbox_rule *rules;
	size_t rule_count;
	/* told of every member as it comes; may be NULL */
	void (*member)(void *ctx, const char *path, uint64_t size);
	void *ctx;
};

/* What a time stamp says. */
struct verify_time {
	char member[48];              /* below NAME/ */
	char gen_time[DSR_TIME_SIZE]; /* it existed not later than this */
	char authority[DSR_SUBJECT_SIZE];
	const char *digest;           /* "sha256" */
	bool is_valid;                /* and for what it stands behind */
	bool has_revocation;          /* a revocation list was there */
	const char *trusted_from;     /* file of its root, or NULL. Borrowed */
};

struct verify_result {
	bool layer_zip;   /* only the container was judged: there is no verdict */
	bool has_verdict; /* false: a version that this program does not know */
	bool content_only; /* a folder: its content is right, as far as it goes */
	bool container_only; /* quick: nothing is wrong with what was looked at */
	bool locked;      /* ... or encrypted, and no key given opens it */
	bool no_archive;  /* nothing in it is of Dossier: not damage */
	const char *looks_like; /* a text, not translated, or NULL: with that */
	enum verdict verdict;
	bool lacks_required;  /* --require-x509, --require-time: not met */
	int exit_status;
	char name[DSR_MAX_ARCHIVE_NAME + 1]; /* top folder, "" if unknown */
	/* what was looked at */
	uint64_t size;      /* bytes of the file */
	uint64_t members;
	uint64_t documents; /* lines of documents.jsonl */
	uint64_t bytes;     /* of the payload */
	uint64_t exchanges;
	uint64_t gaps;
	/* from the statement, when it could be read ("" or false otherwise) */
	bool has_statement;
	char kind[16];
	char id[DSR_UUID_SIZE];
	char request[65];
	char packed[DSR_TIME_SIZE];
	uint64_t sequence; /* among the archives for one request, from 1 */
	char previous_id[DSR_UUID_SIZE]; /* the one before it, or "" */
	char previous_sha256[DSR_SHA256_HEX]; /* of its body */
	/* from the seal */
	bool has_key;         /* keys/seal.pub could be read */
	bool seal_is_valid;   /* it verifies under that key */
	char key_id[DSR_KEY_ID_HEX];
	char key_sha256[DSR_SHA256_HEX];
	const char *trusted_from; /* path; NULL: not trusted. Borrowed */
	bool key_is_barred;       /* known, but expired or revoked */
	/* from the CMS signature */
	bool has_certificate; /* keys/signer.pem could be read */
	bool cms_is_valid;    /* the signature verifies under it */
	char subject[DSR_SUBJECT_SIZE];
	char certificate_sha256[DSR_SHA256_HEX];
	const char *root_from; /* as trusted_from, of the certificate */
	/* from the time stamps */
	struct verify_time times[DSR_MAX_STAMPS];
	size_t time_count;
	bool has_sshsig;          /* present and valid */
	struct coverage coverage;
	struct dsr_sandbox sandbox; /* in which all this was found out */
};

/*
 * Verification in steps, for those who close one sandbox around several:
 * everything is opened by the first, and looked at by the second.
 * fd (borrowed) is read from where it stands to its end, or is the folder that
 * an archive was unpacked to. options, findings and result must live as long.
 */
struct verification;
int verification_new(struct verification **out, int fd,
    const struct verify_options *o, struct dsr_findings *findings,
    struct verify_result *result, struct dsr_error *err);
int verification_run(struct verification *v, struct dsr_error *err);
void verification_free(struct verification *v);

/*
 * All of it, in a sandbox when options say so. What is wrong with the archive
 * goes to findings; -1 only when the system failed (DSR_EIO, DSR_ENOMEM), or
 * when it is encrypted and there are no keys (DSR_EUSAGE).
 */
int verify_archive(int fd, const struct verify_options *o,
    struct dsr_findings *findings, struct verify_result *result,
    struct dsr_error *err);

#endif
