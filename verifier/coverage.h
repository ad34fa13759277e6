/* SPDX-License-Identifier: ISC */
/*
 * What a verification looked at: each kind of check with how much of it was
 * done and how it ended, and each class of bytes with what vouches for it.
 * Source: docs/FORMAT.md 6.2.
 */
#ifndef VERIFIER_COVERAGE_H
#define VERIFIER_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "dossier/finding.h"

/* clang-format off */
/* identifier, name, what is counted. Names are a promise to scripts. */
#define COVERAGE_CHECKS(X)                                                    \
	X(CHECK_DELIVERY,     "delivery",     "files")      /* age */         \
	X(CHECK_HEADERS,      "headers",      "members")    /* 2.2 to 2.4 */  \
	X(CHECK_DIRECTORY,    "directory",    "bytes")      /* 2.1 */         \
	X(CHECK_MEMBERS,      "members",      "members")    /* 3.1, 3.2 */    \
	X(CHECK_CONTENT,      "content",      "files")      /* 2.5, CRC */    \
	X(CHECK_MANIFESTS,    "manifests",    "lines")      /* 3.3 */         \
	X(CHECK_DOCUMENTS,    "documents",    "lines")      /* 4.2 */         \
	X(CHECK_EXCHANGES,    "exchanges",    "lines")      /* 4.3 */         \
	X(CHECK_GAPS,         "gaps",         "lines")      /* 4.4 */         \
	X(CHECK_STATEMENT,    "statement",    "statements") /* 4.5, 3.4-6 */  \
	X(CHECK_TREE,         "tree",         "leaves")     /* 4.8, 5.1 */    \
	X(CHECK_BODY,         "body",         "bytes")      /* 5.1 */         \
	X(CHECK_SEAL,         "seal",         "signatures") /* 5.1 */         \
	X(CHECK_ATTESTATIONS, "attestations", "signatures") /* 5.3 */         \
	X(CHECK_TIMES,        "times",        "stamps")     /* 5.6 */         \
	X(CHECK_TRUST,        "trust",        "signers")    /* 5.4 */

/* identifier, name. The classes tile the file. */
#define COVERAGE_CLASSES(X)                                                   \
	X(CLASS_HEADERS,       "headers")       /* before the seal */         \
	X(CLASS_PAYLOAD,       "payload")                                     \
	X(CLASS_TAGS,          "tag-files")     /* and the tag manifest */    \
	X(CLASS_ATTESTATIONS,  "attestations")  /* before the seal */         \
	X(CLASS_SEAL,          "seal")                                        \
	X(CLASS_STAMPS,        "time-stamps")                                 \
	X(CLASS_LATER_HEADERS, "later-headers") /* of the seal and behind */  \
	X(CLASS_DIRECTORY,     "directory")     /* and the end records */     \
	X(CLASS_UNKNOWN,       "unknown")       /* no member that counts */

enum coverage_check {
#define X(id, name, unit) id,
	COVERAGE_CHECKS(X)
#undef X
	CHECK_COUNT
};

enum coverage_class {
#define X(id, name) id,
	COVERAGE_CLASSES(X)
#undef X
	CLASS_COUNT
};
/* clang-format on */

enum coverage_state {
	COVERAGE_NOT_DONE,
	COVERAGE_ABSENT, /* there is nothing to check */
	COVERAGE_DONE
};

struct coverage {
	struct {
		enum coverage_state state;
		uint64_t count;
	} checks[CHECK_COUNT];
	bool has_classes; /* false: a folder, or a container by itself */
	uint64_t bytes[CLASS_COUNT];
	enum coverage_class last; /* of the member read last */
};

struct check;
struct dsr_zip_entry;
struct verify_result;

/* Counts the bytes of a member of this kind (enum dsr_member_kind). */
void coverage_add_member(struct check *c, int kind,
    const struct dsr_zip_entry *e);
/* Takes down what was done, once all is. */
void coverage_note(struct check *c);

const char *coverage_check_name(enum coverage_check check);
const char *coverage_check_unit(enum coverage_check check);
/*
 * "passed", "failed", "not-done", "absent" (there is nothing to check), or for
 * trust "not-established". A check with a finding of an error has failed.
 */
const char *coverage_outcome(const struct verify_result *r,
    const struct dsr_findings *findings, enum coverage_check check);

const char *coverage_class_name(enum coverage_class class);
/*
 * What vouches for the bytes of a class: "seal"; "manifests" or "structure"
 * (the format leaves them no freedom); "itself" (a signature); NULL: nothing.
 */
const char *coverage_by(const struct verify_result *r,
    const struct dsr_findings *findings, enum coverage_class class);

/* The check that a finding belongs to; CHECK_COUNT: to none of these. */
enum coverage_check coverage_check_of(enum dsr_finding_id id);

#endif
