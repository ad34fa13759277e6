/* SPDX-License-Identifier: ISC */
/*
 * The list of everything that verify can find: name, severity, identifier,
 * rule (section of docs/FORMAT.md), text. Scripts, translations and
 * docs/FINDINGS.md use the identifier: never renumber, never reuse.
 */
#ifndef DOSSIER_FINDINGS_H
#define DOSSIER_FINDINGS_H

#include "dossier/language.h"

/* clang-format off */
#define DSR_FINDINGS(X)                                                       \
	/* the container */                                                   \
	X(DSR_F_ZIP_NOT_ZIP,        DSR_ERROR, "zip/not-a-zip",        "2.1", N_("this is not a ZIP file")) \
	X(DSR_F_ZIP_TRUNCATED,      DSR_ERROR, "zip/truncated",        "2.1", N_("the file ends too early")) \
	X(DSR_F_ZIP_SIGNATURE,      DSR_ERROR, "zip/bad-record",       "2.1", N_("neither a member nor the directory stands here")) \
	X(DSR_F_ZIP_METHOD,         DSR_ERROR, "zip/method",           "2.2", N_("a compression method that the format does not allow")) \
	X(DSR_F_ZIP_FLAGS,          DSR_ERROR, "zip/flags",            "2.2", N_("flags that the format does not allow")) \
	X(DSR_F_ZIP_VERSION,        DSR_ERROR, "zip/version",          "2.2", N_("a version number that does not fit the member")) \
	X(DSR_F_ZIP_TIME,           DSR_ERROR, "zip/time",             "2.2", N_("a date or time other than the fixed one")) \
	X(DSR_F_ZIP_ATTRIBUTES,     DSR_ERROR, "zip/attributes",       "2.2", N_("attributes or a disk number other than the fixed ones")) \
	X(DSR_F_ZIP_COMMENT,        DSR_ERROR, "zip/comment",          "2.2", N_("a comment, which the format does not allow")) \
	X(DSR_F_ZIP_EXTRA,          DSR_ERROR, "zip/extra-field",      "2.3", N_("an extra field that the format does not allow")) \
	X(DSR_F_ZIP_ZIP64,          DSR_ERROR, "zip/zip64",            "2.3", N_("ZIP64 where it is not needed, or missing where it is")) \
	X(DSR_F_ZIP_SIZE,           DSR_ERROR, "zip/size",             "2.2", N_("sizes that contradict each other")) \
	X(DSR_F_ZIP_NAME,           DSR_ERROR, "zip/unsafe-name",      "2.4", N_("a member name that the format does not allow")) \
	X(DSR_F_ZIP_DUPLICATE,      DSR_ERROR, "zip/duplicate",        "2.4", N_("two members with the same name, or names that differ in case only")) \
	X(DSR_F_ZIP_DEFLATE,        DSR_ERROR, "zip/deflate",          "2.5", N_("compressed data that is damaged or does not end where it should")) \
	X(DSR_F_ZIP_CRC,            DSR_ERROR, "zip/crc",              "2.2", N_("the check sum of a member does not match")) \
	X(DSR_F_ZIP_NOT_SMALLER,    DSR_ERROR, "zip/not-smaller",      "2.2", N_("a compressed member that is not smaller than its content")) \
	X(DSR_F_ZIP_DIRECTORY,      DSR_ERROR, "zip/directory",        "2.1", N_("the directory at the end does not describe the members")) \
	X(DSR_F_ZIP_END,            DSR_ERROR, "zip/end-record",       "2.1", N_("the end record is not the one that belongs to this file")) \
	X(DSR_F_ZIP_TRAILING,       DSR_ERROR, "zip/trailing-data",    "2.1", N_("something stands behind the end of the archive")) \
	X(DSR_F_ZIP_LIMIT,          DSR_ERROR, "zip/limit",            "2.6", N_("a limit of the format is exceeded")) \
	X(DSR_F_ZIP_CHANGED,        DSR_ERROR, "zip/changed-while-read", "2.1", N_("the file changed while it was read")) \
	/* the bag */                                                         \
	X(DSR_F_BAG_ORDER,          DSR_ERROR, "bag/order",            "3.2", N_("a member stands in the wrong place")) \
	X(DSR_F_BAG_UNEXPECTED,     DSR_ERROR, "bag/unexpected",       "3.1", N_("a member that the format does not know")) \
	X(DSR_F_BAG_REQUIRED,       DSR_ERROR, "bag/missing-member",   "3.1", N_("a member that the format requires is missing")) \
	X(DSR_F_BAG_TOP,            DSR_ERROR, "bag/top-folder",       "3.1", N_("a member outside the folder of the archive")) \
	X(DSR_F_BAG_DIGEST,         DSR_ERROR, "bag/digest-mismatch",  "3.3", N_("the content is not the one that was packed")) \
	X(DSR_F_BAG_MISSING,        DSR_ERROR, "bag/missing",          "3.3", N_("listed in a manifest, but not in the archive")) \
	X(DSR_F_BAG_UNLISTED,       DSR_ERROR, "bag/unlisted",         "3.3", N_("in the archive, but not listed in the manifest")) \
	X(DSR_F_BAG_LINE,           DSR_ERROR, "bag/malformed-line",   "3.3", N_("a line of a manifest that is not well formed")) \
	X(DSR_F_BAG_DECLARATION,    DSR_ERROR, "bag/declaration",      "3.4", N_("bagit.txt is not the fixed text")) \
	X(DSR_F_BAG_INFO,           DSR_ERROR, "bag/info",             "3.5", N_("bag-info.txt does not follow from the statement")) \
	X(DSR_F_BAG_FIXED_TEXT,     DSR_ERROR, "bag/fixed-text",       "3.1", N_("a member with a fixed text holds another")) \
	X(DSR_F_BAG_FETCH,          DSR_ERROR, "bag/fetch",            "3.1", N_("a list of files to fetch from elsewhere")) \
	X(DSR_F_BAG_LIMIT,          DSR_ERROR, "bag/limit",            "2.6", N_("a member is larger than the format allows")) \
	/* the records */                                                     \
	X(DSR_F_JSON_DOCUMENTS,     DSR_ERROR, "json/documents",       "4.2", N_("a line of documents.jsonl is not well formed")) \
	X(DSR_F_JSON_EXCHANGES,     DSR_ERROR, "json/exchanges",       "4.3", N_("a line of exchanges.jsonl is not well formed")) \
	X(DSR_F_JSON_GAPS,          DSR_ERROR, "json/gaps",            "4.4", N_("a line of gaps.jsonl is not well formed")) \
	X(DSR_F_JSON_STATEMENT,     DSR_ERROR, "json/statement",       "4.5", N_("statement.json is not well formed")) \
	X(DSR_F_JSON_REQUEST,       DSR_ERROR, "json/request",         "4.6", N_("request.json is not well formed")) \
	X(DSR_F_JSON_CONNECTOR,     DSR_ERROR, "json/connector",       "4.7", N_("a connector is not well formed")) \
	X(DSR_F_DOCUMENT_MISMATCH,  DSR_ERROR, "bag/document-mismatch", "4.2", N_("documents.jsonl and the documents disagree")) \
	X(DSR_F_STATEMENT_COUNTS,   DSR_ERROR, "bag/statement-counts", "4.5", N_("the statement counts something else than the archive holds")) \
	X(DSR_F_STATEMENT_MISMATCH, DSR_ERROR, "bag/statement",        "4.5", N_("the statement does not fit the members of the archive")) \
	/* the seal */                                                        \
	X(DSR_F_SEAL_MISSING,       DSR_ERROR, "seal/missing",         "5.1", N_("the archive says that it is sealed, but has no seal")) \
	X(DSR_F_SEAL_UNDECLARED,    DSR_ERROR, "seal/undeclared",      "5.1", N_("a seal that the statement does not know of")) \
	X(DSR_F_SEAL_MALFORMED,     DSR_ERROR, "seal/malformed",       "5.1", N_("the seal is not well formed")) \
	X(DSR_F_SEAL_KEY,           DSR_ERROR, "seal/key",             "5.1", N_("the key in keys/seal.pub is not the key of the seal")) \
	X(DSR_F_SEAL_SIGNATURE,     DSR_ERROR, "seal/signature",       "5.1", N_("the seal does not verify: content or seal was changed")) \
	X(DSR_F_SEAL_BODY,          DSR_ERROR, "seal/body",            "5.1", N_("the bytes of the file are not the ones that were sealed")) \
	X(DSR_F_SEAL_MEMBERS,       DSR_ERROR, "seal/members",         "5.1", N_("the number of members is not the sealed one")) \
	X(DSR_F_SEAL_TREE,          DSR_ERROR, "seal/tree",            "5.1", N_("the tree over the documents is not the sealed one")) \
	X(DSR_F_SEAL_IDENTITY,      DSR_ERROR, "seal/identity",        "5.1", N_("seal and statement name different archives or requests")) \
	X(DSR_F_SEAL_UNSIGNED,      DSR_INFO,  "seal/unsigned",        "5.1", N_("nobody has signed this archive")) \
	/* attestations and trust */                                          \
	X(DSR_F_SIGN_MISSING,       DSR_ERROR, "sign/missing",         "5.3", N_("an attestation that the statement names is missing")) \
	X(DSR_F_SIGN_UNDECLARED,    DSR_ERROR, "sign/undeclared",      "5.3", N_("an attestation that the statement does not name")) \
	X(DSR_F_SIGN_INVALID,       DSR_ERROR, "sign/invalid",         "5.3", N_("an attestation does not verify")) \
	X(DSR_F_SIGN_UNTRUSTED,     DSR_WARNING, "sign/untrusted-key", "5.4", N_("the key of the seal is not among the trusted keys")) \
	X(DSR_F_VERSION,            DSR_ERROR, "seal/version",         "1.2", N_("a format version that this program does not know")) \
	X(DSR_F_STATED_GAPS,        DSR_INFO,  "statement/gaps",       "4.4", N_("the archive itself says that something is missing")) \
	X(DSR_F_NOT_CHECKED,        DSR_WARNING, "verify/not-checked", "6.2", N_("something was not checked"))
/* clang-format on */

#endif
