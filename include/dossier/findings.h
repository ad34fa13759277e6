/* SPDX-License-Identifier: ISC */
/*
 * The list of everything that verify can find: name, severity, identifier,
 * rule (a section of docs/FORMAT.md, or of RFC 8493 for bags that are not our
 * archives), text. Scripts, translations and docs/FINDINGS.md use the
 * identifier: never renumber, never reuse.
 */
#ifndef DOSSIER_FINDINGS_H
#define DOSSIER_FINDINGS_H

#include "dossier/language.h"

/* clang-format off */
#define IN_FORMAT(section) "FORMAT.md " section
#define IN_BAGIT(section) "RFC 8493 " section
#define IN_BOTH(section, bagit) IN_FORMAT(section) ", " IN_BAGIT(bagit)

#define DSR_FINDINGS(X)                                                       \
	/* the container */                                                   \
	X(DSR_F_ZIP_NOT_ZIP,        DSR_ERROR, "zip/not-a-zip",        IN_FORMAT("2.1"), N_("this is not a ZIP file")) \
	X(DSR_F_ZIP_TRUNCATED,      DSR_ERROR, "zip/truncated",        IN_FORMAT("2.1"), N_("the file ends too early")) \
	X(DSR_F_ZIP_SIGNATURE,      DSR_ERROR, "zip/bad-record",       IN_FORMAT("2.1"), N_("neither a member nor the directory stands here")) \
	X(DSR_F_ZIP_METHOD,         DSR_ERROR, "zip/method",           IN_FORMAT("2.2"), N_("a compression method that the format does not allow")) \
	X(DSR_F_ZIP_FLAGS,          DSR_ERROR, "zip/flags",            IN_FORMAT("2.2"), N_("flags that the format does not allow")) \
	X(DSR_F_ZIP_VERSION,        DSR_ERROR, "zip/version",          IN_FORMAT("2.2"), N_("a version number that does not fit the member")) \
	X(DSR_F_ZIP_TIME,           DSR_ERROR, "zip/time",             IN_FORMAT("2.2"), N_("a date or time other than the fixed one")) \
	X(DSR_F_ZIP_ATTRIBUTES,     DSR_ERROR, "zip/attributes",       IN_FORMAT("2.2"), N_("attributes or a disk number other than the fixed ones")) \
	X(DSR_F_ZIP_COMMENT,        DSR_ERROR, "zip/comment",          IN_FORMAT("2.2"), N_("a comment, which the format does not allow")) \
	X(DSR_F_ZIP_EXTRA,          DSR_ERROR, "zip/extra-field",      IN_FORMAT("2.3"), N_("an extra field that the format does not allow")) \
	X(DSR_F_ZIP_ZIP64,          DSR_ERROR, "zip/zip64",            IN_FORMAT("2.3"), N_("ZIP64 where it is not needed, or missing where it is")) \
	X(DSR_F_ZIP_SIZE,           DSR_ERROR, "zip/size",             IN_FORMAT("2.2"), N_("sizes that contradict each other")) \
	X(DSR_F_ZIP_NAME,           DSR_ERROR, "zip/unsafe-name",      IN_FORMAT("2.4"), N_("a member name that the format does not allow")) \
	X(DSR_F_ZIP_DUPLICATE,      DSR_ERROR, "zip/duplicate",        IN_FORMAT("2.4"), N_("two members with the same name, or names that differ in case only")) \
	X(DSR_F_ZIP_DEFLATE,        DSR_ERROR, "zip/deflate",          IN_FORMAT("2.5"), N_("compressed data that is damaged or does not end where it should")) \
	X(DSR_F_ZIP_CRC,            DSR_ERROR, "zip/crc",              IN_FORMAT("2.2"), N_("the check sum of a member does not match")) \
	X(DSR_F_ZIP_NOT_SMALLER,    DSR_ERROR, "zip/not-smaller",      IN_FORMAT("2.2"), N_("a compressed member that is not smaller than its content")) \
	X(DSR_F_ZIP_DIRECTORY,      DSR_ERROR, "zip/directory",        IN_FORMAT("2.1"), N_("the directory at the end does not describe the members")) \
	X(DSR_F_ZIP_END,            DSR_ERROR, "zip/end-record",       IN_FORMAT("2.1"), N_("the end record is not the one that belongs to this file")) \
	X(DSR_F_ZIP_TRAILING,       DSR_ERROR, "zip/trailing-data",    IN_FORMAT("2.1"), N_("something stands behind the end of the archive")) \
	X(DSR_F_ZIP_LIMIT,          DSR_ERROR, "zip/limit",            IN_FORMAT("2.6"), N_("a limit of the format is exceeded")) \
	X(DSR_F_ZIP_CHANGED,        DSR_ERROR, "zip/changed-while-read", IN_FORMAT("2.1"), N_("the file changed while it was read")) \
	/* the bag */                                                         \
	X(DSR_F_BAG_ORDER,          DSR_ERROR, "bag/order",            IN_FORMAT("3.2"), N_("a member stands in the wrong place")) \
	X(DSR_F_BAG_UNEXPECTED,     DSR_ERROR, "bag/unexpected",       IN_FORMAT("3.1"), N_("a member that the format does not know")) \
	X(DSR_F_BAG_REQUIRED,       DSR_ERROR, "bag/missing-member",   IN_FORMAT("3.1"), N_("a member that the format requires is missing")) \
	X(DSR_F_BAG_TOP,            DSR_ERROR, "bag/top-folder",       IN_FORMAT("3.1"), N_("a member outside the folder of the archive")) \
	X(DSR_F_BAG_DIGEST,         DSR_ERROR, "bag/digest-mismatch",  IN_BOTH("3.3", "2.1.3"), N_("the content is not the one that was packed")) \
	X(DSR_F_BAG_MISSING,        DSR_ERROR, "bag/missing",          IN_BOTH("3.3", "2.1.3"), N_("listed in a manifest, but not there")) \
	X(DSR_F_BAG_UNLISTED,       DSR_ERROR, "bag/unlisted",         IN_BOTH("3.3", "2.1.3"), N_("there, but not listed in the manifest")) \
	X(DSR_F_BAG_LINE,           DSR_ERROR, "bag/malformed-line",   IN_BOTH("3.3", "2.1.3"), N_("a line of a manifest that is not well formed")) \
	X(DSR_F_BAG_DECLARATION,    DSR_ERROR, "bag/declaration",      IN_BOTH("3.4", "2.1.1"), N_("bagit.txt is not what it must be")) \
	X(DSR_F_BAG_INFO,           DSR_ERROR, "bag/info",             IN_FORMAT("3.5"), N_("bag-info.txt does not follow from the statement")) \
	X(DSR_F_BAG_FIXED_TEXT,     DSR_ERROR, "bag/fixed-text",       IN_FORMAT("3.1"), N_("a member with a fixed text holds another")) \
	X(DSR_F_BAG_FETCH,          DSR_ERROR, "bag/fetch",            IN_FORMAT("3.1"), N_("a list of files to fetch from elsewhere")) \
	X(DSR_F_BAG_LIMIT,          DSR_ERROR, "bag/limit",            IN_FORMAT("2.6"), N_("a member is larger than the format allows")) \
	/* bags that are not our archives: verify --bag */                    \
	X(DSR_F_BAGIT_VERSION,      DSR_ERROR, "bag/version",          IN_BAGIT("2.1.1"), N_("a BagIt version that this program does not know")) \
	X(DSR_F_BAGIT_ENCODING,     DSR_ERROR, "bag/encoding",         IN_BAGIT("2.3"), N_("text that is not in the declared encoding, or an unknown encoding")) \
	X(DSR_F_BAGIT_NO_DATA,      DSR_ERROR, "bag/no-data-folder",   IN_BAGIT("2.1.2"), N_("the folder data is missing")) \
	X(DSR_F_BAGIT_NO_MANIFEST,  DSR_ERROR, "bag/no-manifest",      IN_BAGIT("2.1.3"), N_("no payload manifest that could be checked")) \
	X(DSR_F_BAGIT_MANIFEST_NAME, DSR_ERROR, "bag/manifest-name",   IN_BAGIT("2.4"), N_("a manifest whose name does not write its digest as it must")) \
	X(DSR_F_BAGIT_DUPLICATE,    DSR_ERROR, "bag/listed-twice",     IN_BAGIT("2.1.3"), N_("a manifest lists the same file more than once")) \
	X(DSR_F_BAGIT_OUTSIDE,      DSR_ERROR, "bag/outside-data",     IN_BAGIT("2.1.3"), N_("a payload manifest lists what is not in the folder data")) \
	X(DSR_F_BAGIT_NOT_FILE,     DSR_ERROR, "bag/not-a-file",       IN_BAGIT("2.1.3"), N_("not a regular file")) \
	X(DSR_F_BAGIT_UNREADABLE,   DSR_ERROR, "bag/unreadable",       IN_BAGIT("3"), N_("it cannot be read")) \
	X(DSR_F_BAGIT_UNSAFE,       DSR_ERROR, "bag/unsafe-path",      IN_BAGIT("5.1"), N_("a path that leads out of the bag")) \
	X(DSR_F_BAGIT_TAG_MANIFEST, DSR_ERROR, "bag/tag-manifest",     IN_BAGIT("2.2.1"), N_("a tag manifest lists what it must not, or not what it must")) \
	X(DSR_F_BAGIT_METADATA,     DSR_ERROR, "bag/metadata",         IN_BAGIT("2.2.2"), N_("a line of bag-info.txt that is not well formed")) \
	X(DSR_F_BAGIT_OXUM,         DSR_ERROR, "bag/payload-oxum",     IN_BAGIT("2.2.2"), N_("Payload-Oxum does not fit the payload")) \
	X(DSR_F_BAGIT_FETCH,        DSR_ERROR, "bag/fetch-line",       IN_BAGIT("2.2.3"), N_("a line of fetch.txt that is not allowed")) \
	X(DSR_F_BAGIT_FETCH_LENGTH, DSR_WARNING, "bag/fetch-length",   IN_BAGIT("5.3"), N_("fetch.txt tells another length than the file has")) \
	X(DSR_F_BAGIT_OLD_RULE,     DSR_WARNING, "bag/older-rule",     IN_BAGIT("3"), N_("allowed in this version of BagIt, no more in 1.0")) \
	X(DSR_F_BAGIT_ASTERISK,     DSR_WARNING, "bag/asterisk",       IN_BAGIT("6.1.3"), N_("a manifest as md5sum makes it: strict validators refuse it")) \
	X(DSR_F_BAGIT_PATH_FORM,    DSR_WARNING, "bag/path-form",      IN_BAGIT("2.1.3"), N_("a path that is not in its shortest form")) \
	X(DSR_F_BAGIT_PERCENT,      DSR_WARNING, "bag/percent",        IN_BAGIT("2.1.3"), N_("a percent sign that is not encoded as %25")) \
	X(DSR_F_BAGIT_NORMAL,       DSR_WARNING, "bag/normalization",  IN_BAGIT("6.1.1"), N_("names that differ in their Unicode normalization only")) \
	X(DSR_F_BAGIT_CASE,         DSR_WARNING, "bag/case",           IN_BAGIT("6.1.1"), N_("names that differ in case only")) \
	X(DSR_F_BAGIT_PORTABLE,     DSR_WARNING, "bag/portability",    IN_BAGIT("6.1.2"), N_("a name that Windows does not allow")) \
	X(DSR_F_BAGIT_LINK,         DSR_WARNING, "bag/symbolic-link",  IN_BAGIT("5.1"), N_("a symbolic link")) \
	X(DSR_F_BAGIT_REPEATED,     DSR_WARNING, "bag/repeated-label", IN_BAGIT("2.2.2"), N_("a label of bag-info.txt that should stand once")) \
	X(DSR_F_BAGIT_ALGORITHM,    DSR_WARNING, "bag/unknown-digest", IN_BAGIT("2.4"), N_("a manifest whose digests this program does not know")) \
	X(DSR_F_BAGIT_TAG_DIGEST,   DSR_WARNING, "bag/tag-manifest-digest", IN_BAGIT("2.2.1"), N_("tag manifests and payload manifests are not of the same digests")) \
	X(DSR_F_BAGIT_TAG_SET,      DSR_WARNING, "bag/tag-manifests-differ", IN_BAGIT("2.2.1"), N_("a tag file that some tag manifests list, and others do not")) \
	X(DSR_F_BAGIT_WEAK,         DSR_INFO,  "bag/weak-digest",      IN_BAGIT("2.4"), N_("digests that can be forged: they show damage, not malice")) \
	X(DSR_F_BAGIT_UNLISTED_TAG, DSR_INFO,  "bag/unlisted-tag",     IN_BAGIT("2.2.1"), N_("a file beside the payload that no tag manifest lists")) \
	/* the records */                                                     \
	X(DSR_F_JSON_DOCUMENTS,     DSR_ERROR, "json/documents",       IN_FORMAT("4.2"), N_("a line of documents.jsonl is not well formed")) \
	X(DSR_F_JSON_EXCHANGES,     DSR_ERROR, "json/exchanges",       IN_FORMAT("4.3"), N_("a line of exchanges.jsonl is not well formed")) \
	X(DSR_F_JSON_GAPS,          DSR_ERROR, "json/gaps",            IN_FORMAT("4.4"), N_("a line of gaps.jsonl is not well formed")) \
	X(DSR_F_JSON_ERASURE,       DSR_ERROR, "json/erasure",         IN_FORMAT("4.10"), N_("a line of erasure.jsonl is not well formed")) \
	X(DSR_F_ERASURE_MISMATCH,   DSR_ERROR, "json/erasure-mismatch", IN_FORMAT("4.10"), N_("erasure.jsonl disagrees with exchanges, gaps, statement or request")) \
	X(DSR_F_JSON_STATEMENT,     DSR_ERROR, "json/statement",       IN_FORMAT("4.5"), N_("statement.json is not well formed")) \
	X(DSR_F_JSON_REQUEST,       DSR_ERROR, "json/request",         IN_FORMAT("4.6"), N_("request.json is not well formed")) \
	X(DSR_F_JSON_CONNECTOR,     DSR_ERROR, "json/connector",       IN_FORMAT("4.7"), N_("a connector is not well formed")) \
	X(DSR_F_DOCUMENT_MISMATCH,  DSR_ERROR, "bag/document-mismatch", IN_FORMAT("4.2"), N_("documents.jsonl and the documents disagree")) \
	X(DSR_F_STATEMENT_COUNTS,   DSR_ERROR, "bag/statement-counts", IN_FORMAT("4.5"), N_("the statement counts something else than the archive holds")) \
	X(DSR_F_STATEMENT_MISMATCH, DSR_ERROR, "bag/statement",        IN_FORMAT("4.5"), N_("the statement does not fit the members of the archive")) \
	/* the seal */                                                        \
	X(DSR_F_SEAL_MISSING,       DSR_ERROR, "seal/missing",         IN_FORMAT("5.1"), N_("the archive says that it is sealed, but has no seal")) \
	X(DSR_F_SEAL_UNDECLARED,    DSR_ERROR, "seal/undeclared",      IN_FORMAT("5.1"), N_("a seal that the statement does not know of")) \
	X(DSR_F_SEAL_MALFORMED,     DSR_ERROR, "seal/malformed",       IN_FORMAT("5.1"), N_("the seal is not well formed")) \
	X(DSR_F_SEAL_KEY,           DSR_ERROR, "seal/key",             IN_FORMAT("5.1"), N_("the key in keys/seal.pub is not the key of the seal")) \
	X(DSR_F_SEAL_SIGNATURE,     DSR_ERROR, "seal/signature",       IN_FORMAT("5.1"), N_("the seal does not verify: content or seal was changed")) \
	X(DSR_F_SEAL_BODY,          DSR_ERROR, "seal/body",            IN_FORMAT("5.1"), N_("the bytes of the file are not the ones that were sealed")) \
	X(DSR_F_SEAL_MEMBERS,       DSR_ERROR, "seal/members",         IN_FORMAT("5.1"), N_("the number of members is not the sealed one")) \
	X(DSR_F_SEAL_TREE,          DSR_ERROR, "seal/tree",            IN_FORMAT("5.1"), N_("the tree over the documents is not the sealed one")) \
	X(DSR_F_SEAL_IDENTITY,      DSR_ERROR, "seal/identity",        IN_FORMAT("5.1"), N_("seal and statement name different archives or requests")) \
	X(DSR_F_SEAL_UNSIGNED,      DSR_INFO,  "seal/unsigned",        IN_FORMAT("5.1"), N_("nobody has signed this archive")) \
	/* attestations and trust */                                          \
	X(DSR_F_SIGN_MISSING,       DSR_ERROR, "sign/missing",         IN_FORMAT("5.3"), N_("an attestation that the statement names is missing")) \
	X(DSR_F_SIGN_UNDECLARED,    DSR_ERROR, "sign/undeclared",      IN_FORMAT("5.3"), N_("an attestation that the statement does not name")) \
	X(DSR_F_SIGN_INVALID,       DSR_ERROR, "sign/invalid",         IN_FORMAT("5.3"), N_("an attestation does not verify")) \
	X(DSR_F_SIGN_UNTRUSTED,     DSR_WARNING, "sign/untrusted-key", IN_FORMAT("5.4"), N_("the key of the seal is not among the trusted keys")) \
	X(DSR_F_SIGN_KEY_EXPIRED,   DSR_WARNING, "sign/key-expired",   IN_FORMAT("5.4"), N_("the trusted key was not valid at the time that counts")) \
	X(DSR_F_SIGN_KEY_REVOKED,   DSR_WARNING, "sign/key-revoked",   IN_FORMAT("5.4"), N_("the key of the seal was revoked")) \
	X(DSR_F_SIGN_CERTIFICATE,   DSR_ERROR, "sign/certificate",     IN_FORMAT("5.3"), N_("the certificate is not the one that belongs to the signature")) \
	X(DSR_F_SIGN_UNKNOWN_ROOT,  DSR_WARNING, "sign/certificate-unknown", IN_FORMAT("5.4"), N_("the signer's certificate leads to no root that you trust")) \
	X(DSR_F_SIGN_EXPIRED,       DSR_WARNING, "sign/certificate-expired", IN_FORMAT("5.4"), N_("the signer's certificate was not valid at the time that counts")) \
	X(DSR_F_SIGN_REVOKED,       DSR_WARNING, "sign/certificate-revoked", IN_FORMAT("5.4"), N_("the signer's certificate was revoked")) \
	X(DSR_F_SIGN_REQUIRED,      DSR_WARNING, "sign/certificate-required", IN_FORMAT("5.4"), N_("a trusted certificate was asked for, and none vouches for it")) \
	X(DSR_F_SIGN_POLICY,        DSR_WARNING, "sign/policy",        IN_FORMAT("6.3"), N_("fewer trusted signers than the policy demands")) \
	/* time */                                                            \
	X(DSR_F_TIME_INVALID,       DSR_ERROR, "time/invalid",         IN_FORMAT("5.6"), N_("a time stamp is not well formed or does not verify")) \
	X(DSR_F_TIME_IMPRINT,       DSR_ERROR, "time/imprint",         IN_FORMAT("5.6"), N_("a time stamp is for something else")) \
	X(DSR_F_TIME_SEQUENCE,      DSR_ERROR, "time/sequence",        IN_FORMAT("5.6"), N_("a time stamp stands where none may stand")) \
	X(DSR_F_TIME_UNTRUSTED,     DSR_WARNING, "time/untrusted-authority", IN_FORMAT("5.6"), N_("the certificate of the time stamp leads to no root that you trust")) \
	X(DSR_F_TIME_REVOKED,       DSR_WARNING, "time/revoked-authority", IN_FORMAT("5.6"), N_("the certificate of the time stamp was revoked")) \
	X(DSR_F_TIME_CLOCK,         DSR_WARNING, "time/clock-skew",    IN_FORMAT("5.6"), N_("times that contradict each other")) \
	X(DSR_F_TIME_REQUIRED,      DSR_WARNING, "time/required",      IN_FORMAT("5.6"), N_("a trusted time stamp was asked for, and there is none")) \
	X(DSR_F_TIME_TOO_OLD,       DSR_WARNING, "time/too-old",       IN_FORMAT("6.3"), N_("older than the policy allows")) \
	X(DSR_F_TIME_NO_CRL,        DSR_INFO,  "time/no-revocation-data", IN_FORMAT("5.6"), N_("whether the time stamp's certificate had been revoked is not known")) \
	/* a proof */                                                         \
	X(DSR_F_PROOF_MALFORMED,    DSR_ERROR, "proof/malformed",      IN_FORMAT("4.9"), N_("a part of the proof is missing or not well formed")) \
	X(DSR_F_PROOF_DOCUMENT,     DSR_ERROR, "proof/document",       IN_FORMAT("4.9"), N_("the document is not the one that its line describes")) \
	X(DSR_F_PROOF_PATH,         DSR_ERROR, "proof/path",           IN_FORMAT("4.9"), N_("the line does not belong to the sealed archive")) \
	X(DSR_F_VERSION,            DSR_ERROR, "seal/version",         IN_FORMAT("1.2"), N_("a format version that this program does not know")) \
	X(DSR_F_STATED_GAPS,        DSR_INFO,  "statement/gaps",       IN_FORMAT("4.4"), N_("the archive itself says that something is missing, or, in a receipt, not erased")) \
	/* the delivery */                                                    \
	X(DSR_F_AGE_DAMAGED,        DSR_ERROR, "age/damaged",          IN_FORMAT("5.5"), N_("the encrypted file was cut or changed")) \
	X(DSR_F_AGE_WRONG_KEY,      DSR_ERROR, "age/wrong-key",        IN_FORMAT("5.5"), N_("no key that was given opens the encrypted file")) \
	X(DSR_F_NOT_CHECKED,        DSR_WARNING, "verify/not-checked", IN_FORMAT("6.2"), N_("something was not checked"))
/* clang-format on */

#endif
