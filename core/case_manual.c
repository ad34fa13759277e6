/* SPDX-License-Identifier: ISC */
/*
 * Documents of a case that were added by hand. So that they are numbered like
 * all others, a category has one request in the plan, which is answered; what
 * was added are its items, in the order in which they were added.
 */
#include "case_private.h"

#include "dossier/text.h"

/* The connector that is none: no bytes, and no member of the archive. */
static int
find_connector(struct dsr_case *c, int64_t *id, struct dsr_error *err)
{
	char sha256[DSR_SHA256_HEX];
	struct dsr_connector_use use = { DSR_MANUAL, sha256, "" };
	uint8_t digest[DSR_SHA256_BYTES];
	int got = dsr_case_connector_find(c, DSR_MANUAL, id, sha256, err);

	if (got != 0)
		return got < 0 ? -1 : 0;
	dsr_sha256(digest, "", 0);
	dsr_hex_encode(sha256, digest, sizeof(digest));
	return dsr_case_connector_add(c, &use, "", 0, id, err);
}

/* Runs sql with one number; the first column of its one row. */
static int
read_number(struct dsr_case *c, const char *sql, int64_t argument,
    int64_t *value, struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got = -1;

	if (dsr_sql_prepare(c->db, &s, sql, err) == 0 &&
	    dsr_sql_bind(s, err, "i", argument) == 0)
		got = dsr_sql_step(s, err);
	if (got == 1)
		*value = sqlite3_column_int64(s, 0);
	(void)sqlite3_finalize(s);
	return got;
}

static int
find_task(struct dsr_case *c, struct dsr_place *place, struct dsr_error *err)
{
	uint8_t once[DSR_SHA256_BYTES];
	struct dsr_task task = { 0 };
	int64_t next = 0;

	dsr_sha256(once, DSR_MANUAL, sizeof(DSR_MANUAL) - 1);
	task.endpoint = place->endpoint;
	task.params = "{}";
	task.once = once;
	if (read_number(c, "SELECT count(*) FROM task WHERE endpoint = ?",
	        place->endpoint, &next, err) != 1 ||
	    (next == 0 && dsr_case_task_add(c, &task, err) != 1) ||
	    read_number(c, "SELECT id FROM task WHERE endpoint = ?",
	        place->endpoint, &place->task, err) != 1 ||
	    dsr_case_task_update(c, place->task, DSR_TASK_DONE, 1, NULL,
	        err) != 0 ||
	    read_number(c, "SELECT 1 + max(coalesce((SELECT max(item)"
	        " FROM document WHERE task = ?1), -1), coalesce((SELECT"
	        " max(item) FROM gap WHERE task = ?1), -1))", place->task,
	        &next, err) != 1)
		return -1;
	place->item = (uint64_t)next;
	return 0;
}

int
dsr_case_manual_place(struct dsr_case *c, const char *endpoint,
    const char *category, struct dsr_place *place, struct dsr_error *err)
{
	int64_t connector, count;

	*place = (struct dsr_place){ 0 };
	if (find_connector(c, &connector, err) != 0 ||
	    read_number(c, "SELECT count(*) FROM endpoint WHERE connector = ?",
	        connector, &count, err) != 1 ||
	    dsr_case_endpoint_add(c, connector, (uint64_t)count, endpoint,
	        category, NULL, &place->endpoint, err) != 0 ||
	    read_number(c, "SELECT count(*) FROM endpoint WHERE connector = ?",
	        connector, &count, err) != 1)
		return -1;
	if (count > (int64_t)DSR_MAX_CATEGORIES)
		return dsr_fail(err, DSR_ELIMIT,
		    "a case has at most %u categories of documents that were "
		    "added by hand", DSR_MAX_CATEGORIES);
	return find_task(c, place, err);
}
