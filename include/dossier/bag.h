/* SPDX-License-Identifier: ISC */
/*
 * The bag: which members an archive has and in which order, and the fixed or
 * derived texts of BagIt 1.0 (RFC 8493). Writer and verifier use the same
 * tables. Source: docs/FORMAT.md section 3.
 */
#ifndef DOSSIER_BAG_H
#define DOSSIER_BAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/buffer.h"
#include "dossier/digest.h"
#include "dossier/error.h"
#include "dossier/records.h"

/* Kinds of members, in the order in which they stand. */
enum dsr_member_kind {
	DSR_MEMBER_DOCUMENT,    /* data/documents/…, data/files/… */
	DSR_MEMBER_NO_DOCUMENTS,
	DSR_MEMBER_DOCUMENTS,   /* dossier/documents.jsonl */
	DSR_MEMBER_EXCHANGES,
	DSR_MEMBER_GAPS,
	DSR_MEMBER_ERASURE,
	DSR_MEMBER_CONNECTOR,
	DSR_MEMBER_REQUEST,
	DSR_MEMBER_STATEMENT,
	DSR_MEMBER_TABLE,
	DSR_MEMBER_START_HERE,
	DSR_MEMBER_START_HERE_LANGUAGE,
	DSR_MEMBER_VERIFY,
	DSR_MEMBER_SEAL_PUB,
	DSR_MEMBER_ALLOWED_SIGNERS,
	DSR_MEMBER_SIGNER_PEM,
	DSR_MEMBER_BAGIT,
	DSR_MEMBER_BAG_INFO,
	DSR_MEMBER_MANIFEST,
	DSR_MEMBER_TAGMANIFEST,
	DSR_MEMBER_SSHSIG,
	DSR_MEMBER_CMS,
	DSR_MEMBER_SEAL,
	DSR_MEMBER_STAMP,       /* signatures/…minisig.tsr */
	DSR_MEMBER_RENEWAL,     /* signatures/renewal-NN.tsr */
	DSR_MEMBER_KINDS,
	DSR_MEMBER_UNKNOWN = DSR_MEMBER_KINDS
};

/* What kind is the member with this name (below NAME/)? */
enum dsr_member_kind dsr_member_kind_of(const char *name);
/* The fixed name of a kind, or what the names of its members begin with. */
const char *dsr_member_path(enum dsr_member_kind kind);
/* Payload (in the manifest), or tag file (in the tag manifest), or neither. */
bool dsr_member_is_payload(enum dsr_member_kind kind);
bool dsr_member_is_tag(enum dsr_member_kind kind);

#define DSR_BAGIT_TXT \
	"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
/* Text of data/NO-DOCUMENTS.txt. */
extern const char dsr_no_documents_txt[];

/* One line "<hex>  <path>\n", appended. */
int dsr_manifest_line_write(struct dsr_buffer *out,
    const uint8_t sha256[DSR_SHA256_BYTES], const char *path,
    struct dsr_error *err);
/*
 * Takes such a line (with LF) apart; path points into it and ends before the
 * LF. False when it is not one, or the path is not safe.
 */
bool dsr_manifest_line_parse(const char *line, size_t len,
    uint8_t sha256[DSR_SHA256_BYTES], const char **path, size_t *path_len);

/* What bag-info.txt follows from. */
struct dsr_bag_info {
	const struct dsr_statement *statement;
	const char *seal_key_sha256;    /* of the raw public key, hex, or NULL */
	const char *certificate_sha256; /* of the signer's DER, hex, or NULL */
	uint64_t payload_bytes;         /* Payload-Oxum */
	uint64_t payload_files;
};
/* Appends the whole of bag-info.txt: FORMAT.md 3.5. */
int dsr_bag_info_write(struct dsr_buffer *out, const struct dsr_bag_info *info,
    struct dsr_error *err);

#endif
