/* SPDX-License-Identifier: ISC */
/* What the archive says of how its documents were obtained. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dossier/bag.h"
#include "dossier/digest.h"
#include "dossier/limits.h"
#include "dossier/text.h"
#include "line.h"
#include "making.h"

static int
collect_exchanges(struct making *m, struct dsr_case *c, struct dsr_error *err)
{
	struct dsr_case_exchanges *cursor = NULL;
	struct dsr_exchange record;
	int more = -1;

	if (dsr_case_exchanges_new(&cursor, c, err) != 0)
		return -1;
	while ((more = dsr_case_exchanges_next(cursor, &record, err)) == 1) {
		m->exchange_count++;
		if (line_put(m->exchanges, &dsr_exchange_type, &record, err) !=
		    0) {
			more = -1;
			break;
		}
	}
	dsr_case_exchanges_free(cursor);
	return more;
}

static int
collect_gaps(struct making *m, struct dsr_case *c, struct dsr_error *err)
{
	struct dsr_case_gaps *cursor = NULL;
	struct dsr_gap record;
	int more = -1;

	if (dsr_case_gaps_new(&cursor, c, err) != 0)
		return -1;
	while ((more = dsr_case_gaps_next(cursor, &record, err)) == 1) {
		m->gap_count++;
		if (record.exchange != DSR_NONE &&
		    record.exchange > m->max_exchange)
			m->max_exchange = record.exchange;
		if (line_put(m->gaps, &dsr_gap_type, &record, err) != 0) {
			more = -1;
			break;
		}
	}
	dsr_case_gaps_free(cursor);
	return more;
}

static int
collect_erasures(struct making *m, struct dsr_case *c, struct dsr_error *err)
{
	struct dsr_case_erasures *cursor = NULL;
	struct dsr_erasure record;
	int more = -1;

	if (dsr_case_erasures_new(&cursor, c, err) != 0)
		return -1;
	while ((more = dsr_case_erasures_next(cursor, &record, err)) == 1)
		if (line_put(m->erasures, &dsr_erasure_type, &record, err) !=
		    0) {
			more = -1;
			break;
		}
	dsr_case_erasures_free(cursor);
	return more;
}

int
evidence_collect(struct making *m, struct dsr_error *err)
{
	struct dsr_case *c = source_case(m->source);

	if (c == NULL)
		return 0;
	if (collect_exchanges(m, c, err) != 0)
		return -1;
	if (collect_gaps(m, c, err) != 0)
		return -1;
	if (m->max_exchange > m->exchange_count)
		return dsr_fail(err, DSR_EINPUT, "the case refers to exchange "
		    "%" PRIu64 ", and has %" PRIu64, m->max_exchange,
		    m->exchange_count);
	return dsr_case_is_receipt(c) ? collect_erasures(m, c, err) : 0;
}

static int
add_connector(struct making *m, const struct dsr_case_connector *connector,
    struct dsr_error *err)
{
	uint8_t digest[DSR_SHA256_BYTES];
	char hex[DSR_SHA256_HEX];
	char path[DSR_MAX_NAME + 1];
	int n = snprintf(path, sizeof(path), "%s%s.json",
	    dsr_member_path(DSR_MEMBER_CONNECTOR), connector->record.key);

	if (n < 0 || (size_t)n >= sizeof(path))
		return dsr_fail(err, DSR_ELIMIT, "a connector's key");
	dsr_sha256(digest, connector->bytes, connector->len);
	dsr_hex_encode(hex, digest, sizeof(digest));
	if (strcmp(hex, connector->record.sha256) != 0)
		return dsr_fail(err, DSR_EINPUT, "connector %s: not the bytes "
		    "that were used", connector->record.key);
	if (dsr_words_add(m->words, connector->record.key, connector->bytes,
		connector->len, err) != 0)
		return dsr_wrap(err, "connector %s", connector->record.key);
	return archive_add_tag(m->archive, path, connector->bytes,
	    connector->len, err);
}

static int
add_connectors(struct making *m, struct dsr_case *c, struct dsr_error *err)
{
	struct dsr_case_connectors *cursor = NULL;
	struct dsr_case_connector connector;
	int more = -1;

	if (dsr_case_connectors_new(&cursor, c, err) != 0)
		return -1;
	while ((more = dsr_case_connectors_next(cursor, &connector, err)) == 1)
		if (add_connector(m, &connector, err) != 0) {
			more = -1;
			break;
		}
	dsr_case_connectors_free(cursor);
	return more;
}

int
evidence_add(struct making *m, struct dsr_error *err)
{
	struct dsr_case *c = source_case(m->source);

	if (archive_add_tag_spool(m->archive,
		dsr_member_path(DSR_MEMBER_DOCUMENTS), m->documents, err) !=
		0 ||
	    archive_add_tag_spool(m->archive,
		dsr_member_path(DSR_MEMBER_EXCHANGES), m->exchanges, err) !=
		0 ||
	    archive_add_tag_spool(m->archive, dsr_member_path(DSR_MEMBER_GAPS),
		m->gaps, err) != 0)
		return -1;
	if (c != NULL && dsr_case_is_receipt(c) &&
	    archive_add_tag_spool(m->archive,
		dsr_member_path(DSR_MEMBER_ERASURE), m->erasures, err) != 0)
		return -1;
	if (c != NULL && add_connectors(m, c, err) != 0)
		return -1;
	if (m->request == NULL)
		return 0;
	return archive_add_tag(m->archive, dsr_member_path(DSR_MEMBER_REQUEST),
	    m->request_text.data, m->request_text.len, err);
}
