/* SPDX-License-Identifier: ISC */
#include "case_private.h"

#include <errno.h>
#include <stdarg.h>

#include "dossier/language.h"

static const char *const statement_text[STATEMENT_COUNT] = {
#define X(name, sql) [STATEMENT_##name] = sql,
	DSR_CASE_STATEMENTS(X)
#undef X
};

static enum dsr_code
code_of_result(int result)
{
	static const struct {
		int result;
		enum dsr_code code;
	} codes[] = {
		{ SQLITE_NOMEM, DSR_ENOMEM },
		{ SQLITE_FULL, DSR_ENOSPACE },
		{ SQLITE_IOERR, DSR_EIO },
		{ SQLITE_CANTOPEN, DSR_EIO },
		{ SQLITE_READONLY, DSR_EIO },
		{ SQLITE_PERM, DSR_EIO },
		{ SQLITE_CORRUPT, DSR_EINPUT },
		{ SQLITE_NOTADB, DSR_EINPUT },
		{ SQLITE_TOOBIG, DSR_ELIMIT },
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].result == (result & 0xff))
			return codes[i].code;
	return DSR_EFAILED;
}

int
dsr_sql_fail(sqlite3 *db, struct dsr_error *err)
{
	int sys = sqlite3_system_errno(db);

	/* that the disk is full is said as everywhere */
	if ((sqlite3_errcode(db) & 0xff) == SQLITE_IOERR && sys != 0) {
		errno = sys;
		return dsr_fail_sys(err, N_("the case's database"));
	}
	return dsr_fail(err, code_of_result(sqlite3_errcode(db)),
	    N_("the case's database: %s"), sqlite3_errmsg(db));
}

int
dsr_sql_exec(sqlite3 *db, const char *sql, struct dsr_error *err)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return dsr_sql_fail(db, err);
	return 0;
}

int
dsr_sql_prepare(sqlite3 *db, sqlite3_stmt **out, const char *sql,
    struct dsr_error *err)
{
	*out = NULL;
	if (sqlite3_prepare_v2(db, sql, -1, out, NULL) != SQLITE_OK)
		return dsr_sql_fail(db, err);
	return 0;
}

/* Binds one argument of the list; the SQLite result. */
static int
bind_next(sqlite3_stmt *s, int column, char type, va_list *args)
{
	const void *data;
	uint64_t count;

	switch (type) {
	case 't':
		return sqlite3_bind_text(s, column, va_arg(*args, const char *),
		    -1, SQLITE_STATIC);
	case 'i':
		return sqlite3_bind_int64(s, column, va_arg(*args, int64_t));
	case 'u':
		count = va_arg(*args, uint64_t);
		return count == DSR_NONE
		    ? sqlite3_bind_null(s, column)
		    : sqlite3_bind_int64(s, column, (int64_t)count);
	default:
		data = va_arg(*args, const void *);
		return sqlite3_bind_blob64(s, column, data,
		    va_arg(*args, size_t), SQLITE_STATIC);
	}
}

int
dsr_sql_bind(sqlite3_stmt *s, struct dsr_error *err, const char *types, ...)
{
	va_list args;
	int result = SQLITE_OK;

	va_start(args, types);
	for (int i = 0; types[i] != '\0' && result == SQLITE_OK; i++)
		result = bind_next(s, i + 1, types[i], &args);
	va_end(args);
	return result == SQLITE_OK ? 0
	                           : dsr_sql_fail(sqlite3_db_handle(s), err);
}

int
dsr_sql_step(sqlite3_stmt *s, struct dsr_error *err)
{
	int result = sqlite3_step(s);

	if (result == SQLITE_ROW)
		return 1;
	if (result != SQLITE_DONE) {
		(void)dsr_sql_fail(sqlite3_db_handle(s), err);
		(void)sqlite3_reset(s);
		return -1;
	}
	(void)sqlite3_reset(s);
	return 0;
}

int
dsr_sql_run(sqlite3_stmt *s, struct dsr_error *err)
{
	return dsr_sql_step(s, err) < 0 ? -1 : 0;
}

int
dsr_case_statement(struct dsr_case *c, enum case_statement which,
    sqlite3_stmt **out, struct dsr_error *err)
{
	if (c->statements[which] == NULL &&
	    dsr_sql_prepare(c->db, &c->statements[which],
	        statement_text[which], err) != 0)
		return -1;
	*out = c->statements[which];
	return 0;
}

const char *
dsr_sql_text(sqlite3_stmt *s, int column)
{
	return (const char *)sqlite3_column_text(s, column);
}

const char *
dsr_sql_word(sqlite3_stmt *s, int column)
{
	const char *text = dsr_sql_text(s, column);

	return text == NULL ? "" : text;
}

uint64_t
dsr_sql_count(sqlite3_stmt *s, int column)
{
	if (sqlite3_column_type(s, column) == SQLITE_NULL)
		return DSR_NONE;
	return (uint64_t)sqlite3_column_int64(s, column);
}
