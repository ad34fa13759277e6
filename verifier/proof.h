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
#include "verify.h"

/* Files of a proof that are not members of the archive. */
#define PROOF_JSON "proof.json"
#define PROOF_LINE "line.jsonl"
#define PROOF_TEXT "PROOF.txt"

struct proof_result {
	/* verdict, keys, certificates, times; id and request from the seal */
	struct verify_result judged;
	bool has_document; /* the line could be read */
	char path[DSR_MAX_NAME + 1];
	char sha256[DSR_SHA256_HEX];
	uint64_t size;      /* bytes */
	uint64_t index;     /* of its line, from 0 */
	bool has_seal;      /* the seal verifies, and says: */
	uint64_t documents; /* of the archive */
};

/*
 * Judges the proof in an open folder, by what options trust and require. What
 * is wrong with it goes to findings; -1 only when the system failed.
 */
int proof_check(int folder, const struct verify_options *o,
    struct dsr_findings *findings, struct proof_result *result,
    struct dsr_error *err);

/*
 * Writes the proof for a document (its path below NAME/, or with it) of the
 * archive in fd, which has been verified with this result. fd is read once
 * more (with the keys, when it is encrypted), and nothing of it is believed:
 * who calls judges what was written.
 * DSR_EFAILED  there is no such document, or nobody has signed the archive
 */
int proof_make(struct dsr_outfolder *to, int fd,
    const struct dsr_age_identities *keys, const char *document,
    const struct verify_result *verified, struct dsr_error *err);

/* Attestations beside the seal that a proof holds. */
struct proof_others {
	bool sshsig, cms, stamp;
};
/* PROOF.txt: how to check a proof with tools that are not ours. Appended. */
int proof_text_write(struct dsr_buffer *out, const char *path,
    const struct proof_others *others, struct dsr_error *err);

/* The verdict on stdout: for people, or the last line of JSON. */
int proof_print_text(const char *folder, const struct proof_result *r,
    const struct dsr_findings *findings, const struct dsr_common *common,
    struct dsr_error *err);
int proof_print_summary(const char *folder, const struct proof_result *r,
    const struct dsr_findings *findings, struct dsr_error *err);

#endif
