/* SPDX-License-Identifier: ISC */
/* Tables of the records of an archive: docs/FORMAT.md section 4. */
#include "dossier/records.h"

#include <stddef.h>
#include <string.h>

#include "dossier/digest.h"
#include "dossier/text.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* The key is the name of the struct's member. */
#define FIELD(owner, member, field_kind)                                \
	{ .key = #member, .kind = DSR_FIELD_##field_kind,               \
		.offset = offsetof(struct owner, member) }
#define OPTIONAL(owner, member, field_kind)                             \
	{ .key = #member, .kind = DSR_FIELD_##field_kind,               \
		.nullable = true, .offset = offsetof(struct owner, member) }
#define RECORD(owner, member, sub_type)                                 \
	{ .key = #member, .kind = DSR_FIELD_RECORD,                     \
		.offset = offsetof(struct owner, member), .sub = &sub_type }
#define OPTIONAL_RECORD(owner, member, sub_type)                        \
	{ .key = #member, .kind = DSR_FIELD_RECORD, .nullable = true,   \
		.offset = offsetof(struct owner, member), .sub = &sub_type }
#define LIST(owner, member, sub_type)                                   \
	{ .key = #member, .kind = DSR_FIELD_LIST,                       \
		.offset = offsetof(struct owner, member), .sub = &sub_type }
#define TYPE(type_name, owner, field_list)                              \
	{ .name = type_name, .fields = field_list,                      \
		.count = COUNT_OF(field_list), .size = sizeof(struct owner) }

/* clang-format off */

/* ---- documents.jsonl ---------------------------------------------------- */

static const struct dsr_field redaction_fields[] = {
	FIELD(dsr_redaction, path, TEXT),
	FIELD(dsr_redaction, reason, TEXT),
	FIELD(dsr_redaction, span, SPAN),
};
static const struct dsr_record_type redaction_type =
    TYPE("redaction", dsr_redaction, redaction_fields);

static const struct dsr_field document_fields[] = {
	OPTIONAL(dsr_document, category, ID),
	OPTIONAL(dsr_document, connector, ID),
	OPTIONAL(dsr_document, endpoint, ID),
	OPTIONAL(dsr_document, exchange, COUNT),
	OPTIONAL(dsr_document, item, TEXT),
	OPTIONAL(dsr_document, media_type, TEXT),
	OPTIONAL(dsr_document, name, TEXT),
	OPTIONAL(dsr_document, name_base64, TEXT),
	OPTIONAL(dsr_document, original, DIGEST),
	FIELD(dsr_document, path, NAME),
	LIST(dsr_document, redactions, redaction_type),
	OPTIONAL(dsr_document, retrieved, TIME),
	FIELD(dsr_document, salt, DIGEST),
	FIELD(dsr_document, sha256, DIGEST),
	FIELD(dsr_document, size, COUNT),
	OPTIONAL(dsr_document, source_url, TEXT),
	OPTIONAL(dsr_document, span, SPAN),
};
const struct dsr_record_type dsr_document_type =
    TYPE("document", dsr_document, document_fields);

/* ---- exchanges.jsonl ---------------------------------------------------- */

static const struct dsr_field header_fields[] = {
	FIELD(dsr_header, name, TEXT),
	FIELD(dsr_header, value, TEXT),
};
static const struct dsr_record_type header_type =
    TYPE("header", dsr_header, header_fields);

static const struct dsr_field attempt_fields[] = {
	FIELD(dsr_attempt, ended, TIME),
	FIELD(dsr_attempt, reason, TEXT),
	OPTIONAL(dsr_attempt, status, COUNT),
};
static const struct dsr_record_type attempt_type =
    TYPE("attempt", dsr_attempt, attempt_fields);

static const struct dsr_field body_fields[] = {
	OPTIONAL(dsr_body, sha256, DIGEST),
	OPTIONAL(dsr_body, size, COUNT),
	OPTIONAL(dsr_body, text, TEXT),
};
static const struct dsr_record_type body_type =
    TYPE("body", dsr_body, body_fields);

static const struct dsr_field tls_fields[] = {
	FIELD(dsr_tls, certificate_sha256, DIGEST),
	FIELD(dsr_tls, cipher, TEXT),
	FIELD(dsr_tls, version, TEXT),
};
static const struct dsr_record_type tls_type =
    TYPE("tls", dsr_tls, tls_fields);

static const struct dsr_field exchange_fields[] = {
	LIST(dsr_exchange, attempts, attempt_type),
	OPTIONAL(dsr_exchange, client_request_id, UUID),
	FIELD(dsr_exchange, connector, ID),
	OPTIONAL(dsr_exchange, ended, TIME),
	FIELD(dsr_exchange, endpoint, ID),
	OPTIONAL(dsr_exchange, error, TEXT),
	FIELD(dsr_exchange, method, ID),
	FIELD(dsr_exchange, number, COUNT),
	OPTIONAL(dsr_exchange, peer, TEXT),
	OPTIONAL_RECORD(dsr_exchange, request_body, body_type),
	LIST(dsr_exchange, request_headers, header_type),
	OPTIONAL_RECORD(dsr_exchange, response_body, body_type),
	LIST(dsr_exchange, response_headers, header_type),
	FIELD(dsr_exchange, started, TIME),
	OPTIONAL(dsr_exchange, status, COUNT),
	FIELD(dsr_exchange, template, TEXT),
	OPTIONAL_RECORD(dsr_exchange, tls, tls_type),
	OPTIONAL(dsr_exchange, url, TEXT),
};
const struct dsr_record_type dsr_exchange_type =
    TYPE("exchange", dsr_exchange, exchange_fields);

/* ---- gaps.jsonl ---------------------------------------------------------- */

static const struct dsr_field gap_fields[] = {
	OPTIONAL(dsr_gap, connector, ID),
	OPTIONAL(dsr_gap, detail, TEXT),
	OPTIONAL(dsr_gap, endpoint, ID),
	OPTIONAL(dsr_gap, exchange, COUNT),
	OPTIONAL(dsr_gap, name, TEXT),
	OPTIONAL(dsr_gap, name_base64, TEXT),
	FIELD(dsr_gap, reason, ID),
	OPTIONAL(dsr_gap, status, COUNT),
};
const struct dsr_record_type dsr_gap_type =
    TYPE("gap", dsr_gap, gap_fields);

/* ---- erasure.jsonl -------------------------------------------------------- */

static const struct dsr_field erasure_document_fields[] = {
	FIELD(dsr_erasure_document, path, NAME),
	FIELD(dsr_erasure_document, sha256, DIGEST),
};
static const struct dsr_record_type erasure_document_type =
    TYPE("document to erase", dsr_erasure_document, erasure_document_fields);

static const struct dsr_field erasure_fields[] = {
	OPTIONAL(dsr_erasure, by, TEXT),
	FIELD(dsr_erasure, connector, ID),
	OPTIONAL(dsr_erasure, delete, SPAN),
	OPTIONAL(dsr_erasure, detail, TEXT),
	FIELD(dsr_erasure, document_count, COUNT),
	LIST(dsr_erasure, documents, erasure_document_type),
	OPTIONAL(dsr_erasure, done, TIME),
	OPTIONAL(dsr_erasure, ended, TIME),
	FIELD(dsr_erasure, endpoint, ID),
	OPTIONAL(dsr_erasure, hold, COUNT),
	OPTIONAL(dsr_erasure, item, TEXT),
	OPTIONAL(dsr_erasure, method, ID),
	FIELD(dsr_erasure, number, COUNT),
	FIELD(dsr_erasure, outcome, ID),
	OPTIONAL(dsr_erasure, poll, SPAN),
	OPTIONAL(dsr_erasure, read, SPAN),
	OPTIONAL(dsr_erasure, reason, ID),
	OPTIONAL(dsr_erasure, started, TIME),
	OPTIONAL(dsr_erasure, status, COUNT),
	OPTIONAL(dsr_erasure, step, TEXT),
	OPTIONAL(dsr_erasure, template, TEXT),
	OPTIONAL(dsr_erasure, url, TEXT),
	OPTIONAL(dsr_erasure, verify, SPAN),
	OPTIONAL(dsr_erasure, with, COUNT),
};
const struct dsr_record_type dsr_erasure_type =
    TYPE("erasure", dsr_erasure, erasure_fields);

/* ---- statement.json ------------------------------------------------------ */

static const struct dsr_field custody_fields[] = {
	OPTIONAL(dsr_custody, account, TEXT),
	FIELD(dsr_custody, act, ID),
	OPTIONAL(dsr_custody, by, TEXT),
	FIELD(dsr_custody, software, TEXT),
	FIELD(dsr_custody, time, TIME),
	FIELD(dsr_custody, version, TEXT),
};
static const struct dsr_record_type custody_type =
    TYPE("custody", dsr_custody, custody_fields);

static const struct dsr_field endpoint_counts_fields[] = {
	FIELD(dsr_endpoint_counts, asked, COUNT),
	FIELD(dsr_endpoint_counts, connector, ID),
	FIELD(dsr_endpoint_counts, documents, COUNT),
	FIELD(dsr_endpoint_counts, endpoint, ID),
	FIELD(dsr_endpoint_counts, gaps, COUNT),
	FIELD(dsr_endpoint_counts, ignored, COUNT),
	FIELD(dsr_endpoint_counts, left_out, COUNT),
};
static const struct dsr_record_type endpoint_counts_type =
    TYPE("endpoint counts", dsr_endpoint_counts, endpoint_counts_fields);

static const struct dsr_field counts_fields[] = {
	FIELD(dsr_counts, bytes, COUNT),
	FIELD(dsr_counts, documents, COUNT),
	FIELD(dsr_counts, exchanges, COUNT),
	FIELD(dsr_counts, gaps, COUNT),
};
static const struct dsr_record_type counts_type =
    TYPE("counts", dsr_counts, counts_fields);

static const struct dsr_field connector_use_fields[] = {
	FIELD(dsr_connector_use, key, ID),
	FIELD(dsr_connector_use, sha256, DIGEST),
	FIELD(dsr_connector_use, version, TEXT),
};
static const struct dsr_record_type connector_use_type =
    TYPE("connector use", dsr_connector_use, connector_use_fields);

static const struct dsr_field export_fields[] = {
	FIELD(dsr_export, body_sha256, DIGEST),
	FIELD(dsr_export, body_size, COUNT),
	FIELD(dsr_export, id, UUID),
	FIELD(dsr_export, key_sha256, DIGEST),
	OPTIONAL(dsr_export, request, ID),
};
static const struct dsr_record_type export_type =
    TYPE("export", dsr_export, export_fields);

static const struct dsr_field outcome_fields[] = {
#define X(member, word, gone, asked, plan) \
	FIELD(dsr_outcome_counts, member, COUNT),
	DSR_OUTCOMES(X)
#undef X
};
static const struct dsr_record_type outcome_counts_type =
    TYPE("outcomes", dsr_outcome_counts, outcome_fields);

static const struct dsr_field erasure_summary_fields[] = {
	FIELD(dsr_erasure_summary, executed, FLAG),
	RECORD(dsr_erasure_summary, export, export_type),
	RECORD(dsr_erasure_summary, outcomes, outcome_counts_type),
};
static const struct dsr_record_type erasure_summary_type =
    TYPE("erasure summary", dsr_erasure_summary, erasure_summary_fields);

static const struct dsr_field folder_fields[] = {
	FIELD(dsr_folder, empty_folder_count, COUNT),
	FIELD(dsr_folder, empty_folders, TEXTS),
};
static const struct dsr_record_type folder_type =
    TYPE("folder", dsr_folder, folder_fields);

static const struct dsr_field previous_fields[] = {
	FIELD(dsr_previous, body_sha256, DIGEST),
	FIELD(dsr_previous, body_size, COUNT),
	FIELD(dsr_previous, id, UUID),
};
static const struct dsr_record_type previous_type =
    TYPE("previous", dsr_previous, previous_fields);

static const struct dsr_field tree_head_fields[] = {
	FIELD(dsr_tree_head, leaves, COUNT),
	FIELD(dsr_tree_head, root, DIGEST),
};
static const struct dsr_record_type tree_head_type =
    TYPE("tree head", dsr_tree_head, tree_head_fields);

static const struct dsr_field statement_fields[] = {
	FIELD(dsr_statement, attestations, TEXTS),
	LIST(dsr_statement, connectors, connector_use_type),
	RECORD(dsr_statement, counts, counts_type),
	LIST(dsr_statement, custody, custody_type),
	LIST(dsr_statement, endpoints, endpoint_counts_type),
	OPTIONAL_RECORD(dsr_statement, erasure, erasure_summary_type),
	OPTIONAL_RECORD(dsr_statement, folder, folder_type),
	FIELD(dsr_statement, format, TEXT),
	FIELD(dsr_statement, id, UUID),
	FIELD(dsr_statement, kind, ID),
	FIELD(dsr_statement, languages, TEXTS),
	FIELD(dsr_statement, packed, TIME),
	OPTIONAL_RECORD(dsr_statement, previous, previous_type),
	OPTIONAL(dsr_statement, request, ID),
	FIELD(dsr_statement, sequence, COUNT),
	FIELD(dsr_statement, software, TEXT),
	RECORD(dsr_statement, tree, tree_head_type),
	FIELD(dsr_statement, version, TEXT),
};
const struct dsr_record_type dsr_statement_type =
    TYPE("statement", dsr_statement, statement_fields);

/* ---- proof.json ----------------------------------------------------------- */

static const struct dsr_field proof_fields[] = {
	FIELD(dsr_proof, format, TEXT),
	FIELD(dsr_proof, index, COUNT),
	FIELD(dsr_proof, path, DIGESTS),
};
const struct dsr_record_type dsr_proof_type =
    TYPE("proof", dsr_proof, proof_fields);

/* clang-format on */

void
dsr_document_salt(char out[65], const uint8_t secret[32], const char *path,
    const char *sha256)
{
	static const char purpose[] = DSR_FORMAT " salt\n";
	const struct dsr_part parts[] = {
		{ purpose, sizeof(purpose) - 1 },
		{ path, strlen(path) },
		{ "\n", 1 },
		{ sha256, strlen(sha256) },
	};
	uint8_t digest[DSR_SHA256_BYTES];

	dsr_hmac_sha256(digest, secret, 32, parts, COUNT_OF(parts));
	dsr_hex_encode(out, digest, sizeof(digest));
}
