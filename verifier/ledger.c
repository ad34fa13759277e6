/* SPDX-License-Identifier: ISC */
#include "ledger.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/file.h"

#define ROW_HEAD offsetof(struct ledger_row, path)

struct ledger {
	struct dsr_spool *spool;
	bool has; /* row is the one that comes next */
	struct ledger_row row;
};

int
ledger_new(struct ledger **out, bool secret, struct dsr_error *err)
{
	struct ledger *l = calloc(1, sizeof(*l));

	*out = NULL;
	if (l == NULL)
		return dsr_fail(err, DSR_ENOMEM, "ledger");
	if ((secret ? dsr_spool_new_secret(&l->spool, err)
		    : dsr_spool_new(&l->spool, err)) != 0) {
		ledger_free(l);
		return -1;
	}
	*out = l;
	return 0;
}

int
ledger_make_file(struct ledger *l, struct dsr_error *err)
{
	return dsr_spool_make_file(l->spool, err);
}

void
ledger_free(struct ledger *l)
{
	if (l == NULL)
		return;
	dsr_spool_free(l->spool);
	free(l);
}

int
ledger_add(struct ledger *l, const char *path,
    const uint8_t sha256[DSR_SHA256_BYTES], uint64_t size,
    struct dsr_error *err)
{
	struct ledger_row row;
	size_t len = strlen(path);

	if (len > DSR_MAX_NAME)
		return dsr_fail(err, DSR_EBUG, "a name that is too long");
	memset(&row, 0, ROW_HEAD);
	row.size = size;
	row.len = (uint32_t)len;
	memcpy(row.sha256, sha256, sizeof(row.sha256));
	memcpy(row.path, path, len);
	return dsr_spool_write(l->spool, &row, ROW_HEAD + len, err);
}

int
ledger_step(struct ledger *l, struct dsr_error *err)
{
	int more = dsr_spool_read_all(l->spool, &l->row, ROW_HEAD, err);

	l->has = more == 1;
	if (more <= 0)
		return more;
	if (l->row.len > DSR_MAX_NAME ||
	    dsr_spool_read_all(l->spool, l->row.path, l->row.len, err) != 1)
		return dsr_fail(err, DSR_EIO, "temporary file: cut short");
	l->row.path[l->row.len] = '\0';
	return 0;
}

int
ledger_rewind(struct ledger *l, struct dsr_error *err)
{
	if (dsr_spool_rewind(l->spool, err) != 0)
		return -1;
	return ledger_step(l, err);
}

const struct ledger_row *
ledger_peek(const struct ledger *l)
{
	return l->has ? &l->row : NULL;
}
