/* SPDX-License-Identifier: ISC */
/*
 * Proofs: a folder that shows one document of a sealed archive, and nothing of
 * its neighbours. Made from an archive, and judged with nothing else at hand.
 * Source: docs/FORMAT.md 4.9.
 */
#ifndef VERIFIER_PROOF_H
#define VERIFIER_PROOF_H

#include <stdbool.h>
#include <stdint.h>

#include "dossier/buffer.h"
#include "dossier/finding.h"
#include "dossier/options.h"
#include "dossier/outfolder.h"
#include "dossier/seal.h"
#include "dossier/trust.h"
#include "verify.h"

/* Files of a proof that are not members of the archive. */
#define PROOF_JSON "proof.json"
#define PROOF_LINE "line.jsonl"
#define PROOF_TEXT "PROOF.txt"

struct proof_result {
	bool has_verdict; /* false: a version that this program does not know */
	enum verdict verdict;
	int exit_status;
	bool has_document; /* the line could be read */
	char path[DSR_MAX_NAME + 1];
	char sha256[DSR_SHA256_HEX];
	uint64_t size;  /* bytes */
	uint64_t index; /* of its line, from 0 */
	bool has_key;
	char key_id[DSR_KEY_ID_HEX];
	char key_sha256[DSR_SHA256_HEX];
	const char *trusted_from; /* path; NULL: not trusted. Borrowed */
	bool seal_is_valid;
	struct dsr_seal seal; /* as signed, once the seal is valid */
	bool has_sshsig;      /* present and valid */
};

/*
 * Judges the proof in an open folder. What is wrong with it goes to findings;
 * -1 only when the system failed.
 */
int proof_check(int folder, const struct dsr_trust *trust,
    struct dsr_findings *findings, struct proof_result *result,
    struct dsr_error *err);

/*
 * Writes the proof for a document (its path below NAME/, or with it) of the
 * archive in fd, which has been verified with this result. fd is read once
 * more, and nothing of it is believed: who calls judges what was written.
 * DSR_EFAILED  there is no such document, or nobody has signed the archive
 */
int proof_make(struct dsr_outfolder *to, int fd, const char *document,
    const struct verify_result *verified, struct dsr_error *err);

/* PROOF.txt: how to check a proof with tools that are not ours. Appended. */
int proof_text_write(struct dsr_buffer *out, const char *path, bool sshsig,
    struct dsr_error *err);

/* The verdict on stdout: for people, or the last line of JSON. */
int proof_print_text(const char *folder, const struct proof_result *r,
    const struct dsr_findings *findings, const struct dsr_common *common,
    struct dsr_error *err);
int proof_print_summary(const char *folder, const struct proof_result *r,
    const struct dsr_findings *findings, struct dsr_error *err);

#endif
