/* SPDX-License-Identifier: ISC */
#include "dossier/case_store.h"

#include "case_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dossier/digest.h"
#include "dossier/file.h"
#include "dossier/language.h"
#include "dossier/text.h"

#define APPLICATION_ID 0x44535243 /* "DSRC" */
#define SCHEMA_VERSION 1
#define DATABASE "case.db"

int
dsr_case_exists(const char *path, struct dsr_error *err)
{
	char name[PATH_MAX];
	struct dsr_error why;
	unsigned char header[72];
	int64_t len;
	int fd;

	if (snprintf(name, sizeof(name), "%s/" DATABASE, path) >=
	    (int)sizeof(name))
		return dsr_fail(err, DSR_EINPUT, "the path is too long");
	/* not waiting for a FIFO of that name */
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd == -1)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ||
			errno == ENXIO ? 0 : dsr_fail_sys(err, "%s", name);
	len = dsr_read_full(fd, header, sizeof(header), &why);
	(void)close(fd);
	if (len < 0 && why.sys != EISDIR) {
		*err = why;
		return dsr_wrap(err, "%s", name);
	}
	/* offset 68 of SQLite's file format: the application id */
	return len == (int64_t)sizeof(header) &&
	    memcmp(header, "SQLite format 3", 16) == 0 &&
	    memcmp(header + 68, "DSRC", 4) == 0;
}

/* others: something else is in the folder. */
static int
must_exist(const char *path, bool others, struct dsr_error *err)
{
	int found = dsr_case_exists(path, err);

	if (found == 0)
		return dsr_fail(err, DSR_EINPUT, others ?
		    N_("%s holds other things and is not a case") :
		    N_("%s is not a case"), path);
	return found < 0 ? -1 : 0;
}

static int
lock_folder(struct dsr_case *c, const char *path, int how,
    struct dsr_error *err)
{
	c->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->folder == -1)
		return dsr_fail_sys(err, N_("case %s"), path);
	if (flock(c->folder, how | LOCK_NB) != 0)
		return errno == EWOULDBLOCK
		    ? dsr_fail(err, DSR_EFAILED,
		          "another program works on the case %s", path)
		    : dsr_fail_sys(err, "lock the case %s", path);
	return 0;
}

/* Is the folder empty but for what a killed first run may have left? */
static int
folder_is_fresh(const char *path, bool *fresh, struct dsr_error *err)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (dir == NULL)
		return dsr_fail_sys(err, N_("case %s"), path);
	*fresh = true;
	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    strcmp(entry->d_name, "blobs") != 0 &&
		    strncmp(entry->d_name, DATABASE, strlen(DATABASE)) != 0)
			*fresh = false;
	(void)closedir(dir);
	return 0;
}

static int
read_pragma(sqlite3 *db, const char *sql, int64_t *value,
    struct dsr_error *err)
{
	sqlite3_stmt *s;
	int got;

	if (dsr_sql_prepare(db, &s, sql, err) != 0)
		return -1;
	got = dsr_sql_step(s, err);
	*value = got == 1 ? sqlite3_column_int64(s, 0) : 0;
	(void)sqlite3_finalize(s);
	return got < 0 ? -1 : 0;
}

static int
open_database(struct dsr_case *c, const char *path, int flags,
    struct dsr_error *err)
{
	char name[4096];

	if (snprintf(name, sizeof(name), "%s/" DATABASE, path) >=
	    (int)sizeof(name))
		return dsr_fail(err, DSR_EUSAGE, "the name of the case is long");
	if (sqlite3_open_v2(name, &c->db,
	        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | flags, NULL) !=
	    SQLITE_OK) {
		if (c->db == NULL)
			return dsr_fail(err, DSR_ENOMEM, "open the case");
		return dsr_wrap(err, "%s", path),
		       dsr_sql_fail(c->db, err);
	}
	(void)sqlite3_busy_timeout(c->db, 5000);
	return dsr_sql_exec(c->db,
	    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
	    "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;"
	    "PRAGMA wal_autocheckpoint=4000; PRAGMA trusted_schema=OFF;",
	    err);
}

/* Makes tables and draws uuid and secret, in one transaction. */
static int
make_tables(struct dsr_case *c, struct dsr_error *err)
{
	char uuid[DSR_UUID_SIZE], created[DSR_TIME_SIZE], pragmas[96];
	uint8_t secret[DSR_CASE_SECRET_BYTES];
	struct timespec now;
	sqlite3_stmt *s = NULL;
	int result = -1;

	dsr_uuid_new(uuid);
	dsr_random_bytes(secret, sizeof(secret));
	dsr_clock_now(&now);
	dsr_time_format(created, &now, 0);
	(void)snprintf(pragmas, sizeof(pragmas),
	    "PRAGMA application_id=%d; PRAGMA user_version=%d;",
	    APPLICATION_ID, SCHEMA_VERSION);
	if (dsr_sql_exec(c->db, "BEGIN IMMEDIATE", err) != 0 ||
	    dsr_sql_exec(c->db, dsr_case_schema, err) != 0 ||
	    dsr_sql_exec(c->db, dsr_case_erasure_schema, err) != 0 ||
	    dsr_sql_prepare(c->db, &s,
	        "INSERT INTO meta(name, value) VALUES('uuid', ?),"
	        "('secret', ?), ('created', ?), ('software', ?)",
	        err) != 0 ||
	    dsr_sql_bind(s, err, "tbtt", uuid, (const void *)secret,
	        sizeof(secret), created, "dossier " DSR_VERSION) != 0 ||
	    dsr_sql_run(s, err) != 0 ||
	    dsr_sql_exec(c->db, pragmas, err) != 0 ||
	    dsr_sql_exec(c->db, "COMMIT", err) != 0)
		goto out;
	result = 0;
out:
	(void)sqlite3_finalize(s);
	return result;
}

int
dsr_case_meta_set(struct dsr_case *c, const char *name, const char *value,
    struct dsr_error *err)
{
	enum case_statement which = value != NULL ? STATEMENT_META_SET
	                                          : STATEMENT_META_END;
	sqlite3_stmt *s;

	if (dsr_case_statement(c, which, &s, err) != 0 ||
	    dsr_sql_bind(s, err, value != NULL ? "tt" : "t", name, value) != 0)
		return -1;
	return dsr_sql_run(s, err);
}

static int
read_meta(struct dsr_case *c, struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	const char *uuid, *created;
	int got, result = -1;

	if (dsr_sql_prepare(c->db, &s,
	        "SELECT (SELECT value FROM meta WHERE name = 'uuid'),"
	        "(SELECT value FROM meta WHERE name = 'secret'),"
	        "(SELECT value FROM meta WHERE name = 'created'),"
	        "(SELECT value FROM meta WHERE name = 'numbered'),"
	        "(SELECT value FROM meta WHERE name = 'kind') IS 'receipt'",
	        err) != 0 ||
	    (got = dsr_sql_step(s, err)) < 0)
		goto out;
	uuid = dsr_sql_text(s, 0);
	created = dsr_sql_text(s, 2);
	if (uuid == NULL || !dsr_uuid_is_valid(uuid) || created == NULL ||
	    strlen(created) >= sizeof(c->created) ||
	    sqlite3_column_bytes(s, 1) != DSR_CASE_SECRET_BYTES) {
		(void)dsr_fail(err, DSR_EINPUT, "the case is damaged: no id");
		goto out;
	}
	(void)memcpy(c->uuid, uuid, DSR_UUID_SIZE);
	(void)memcpy(c->secret, sqlite3_column_blob(s, 1), sizeof(c->secret));
	(void)memcpy(c->created, created, strlen(created) + 1);
	c->numbered = sqlite3_column_int64(s, 3) == 1;
	c->receipt = sqlite3_column_int64(s, 4) == 1;
	result = 0;
out:
	(void)sqlite3_finalize(s);
	return result;
}

static int
check_version(struct dsr_case *c, const char *path, bool may_be_new,
    struct dsr_error *err)
{
	int64_t application, version, tables;

	if (read_pragma(c->db, "PRAGMA application_id", &application, err) !=
	        0 ||
	    read_pragma(c->db, "PRAGMA user_version", &version, err) != 0 ||
	    read_pragma(c->db, "SELECT count(*) FROM sqlite_schema", &tables,
	        err) != 0)
		return dsr_wrap(err, "%s", path);
	if (may_be_new && tables == 0)
		return make_tables(c, err);
	if (application != APPLICATION_ID)
		return dsr_fail(err, DSR_EINPUT, N_("%s is not a case"),
		    path);
	if (version != SCHEMA_VERSION)
		return dsr_fail(err, DSR_EVERSION,
		    "%s is a case of version %lld; this program knows %d",
		    path, (long long)version, SCHEMA_VERSION);
	return dsr_case_schema_check(c->db, err);
}

static struct dsr_case *
allocate_case(struct dsr_error *err)
{
	struct dsr_case *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		(void)dsr_fail(err, DSR_ENOMEM, "open the case");
		return NULL;
	}
	c->folder = -1;
	c->blobs = -1;
	return c;
}

/* Never through a link: files of elsewhere would be packed, and removed. */
static int
open_blobs(const struct dsr_case *c)
{
	return openat(c->folder, "blobs",
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int
dsr_case_open(struct dsr_case **out, const char *path, struct dsr_error *err)
{
	struct dsr_case *c = allocate_case(err);
	struct stat st;

	*out = NULL;
	if (c == NULL)
		return -1;
	if (stat(path, &st) != 0) {
		(void)dsr_fail_sys(err, N_("case %s"), path);
		goto fail;
	}
	if (must_exist(path, false, err) != 0 ||
	    lock_folder(c, path, LOCK_SH, err) != 0 ||
	    open_database(c, path, 0, err) != 0 ||
	    dsr_sql_exec(c->db, "PRAGMA cache_size=-8192", err) != 0 ||
	    check_version(c, path, false, err) != 0 ||
	    read_meta(c, err) != 0)
		goto fail;
	c->blobs = open_blobs(c);
	*out = c;
	return 0;
fail:
	dsr_case_free(c);
	return -1;
}

/* The case's folder and the one of its blobs, made where they are missing. */
static int
make_folders(struct dsr_case *c, const char *path, struct dsr_error *err)
{
	bool fresh = false;
	int fd;

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return dsr_fail_sys(err, "make the case %s", path);
	if (lock_folder(c, path, LOCK_EX, err) != 0 ||
	    folder_is_fresh(path, &fresh, err) != 0)
		return -1;
	if (!fresh && must_exist(path, true, err) != 0)
		return -1;
	if (mkdirat(c->folder, "blobs", 0700) != 0 && errno != EEXIST)
		return dsr_fail_sys(err, "make %s/blobs", path);
	c->blobs = open_blobs(c);
	if (c->blobs == -1)
		return dsr_fail_sys(err, "%s/blobs", path);
	/* SQLite keeps the mode of a file that is there */
	fd = openat(c->folder, DATABASE, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd == -1 || close(fd) != 0)
		return dsr_fail_sys(err, "make %s/" DATABASE, path);
	return 0;
}

/*
 * While collecting, a commit does not wait for the disk: a killed program
 * loses nothing, and what a power failure takes back is asked again.
 * dsr_case_settle waits.
 */
static const char collecting[] =
    "PRAGMA cache_size=-65536; PRAGMA synchronous=NORMAL";

int
dsr_case_create(struct dsr_case **out, const char *path,
    struct dsr_error *err)
{
	struct dsr_case *c = allocate_case(err);

	*out = NULL;
	if (c == NULL)
		return -1;
	if (make_folders(c, path, err) != 0 ||
	    open_database(c, path, SQLITE_OPEN_CREATE, err) != 0 ||
	    dsr_sql_exec(c->db, collecting, err) != 0 ||
	    check_version(c, path, true, err) != 0 ||
	    dsr_sql_exec(c->db, dsr_case_later_schema, err) != 0 ||
	    read_meta(c, err) != 0 || dsr_blob_recover(c, err) != 0)
		goto fail;
	*out = c;
	return 0;
fail:
	dsr_case_free(c);
	return -1;
}

void
dsr_case_free(struct dsr_case *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		(void)sqlite3_finalize(c->statements[i]);
	(void)sqlite3_close(c->db);
	if (c->blobs != -1)
		(void)close(c->blobs);
	if (c->folder != -1)
		(void)close(c->folder); /* and with it the lock */
	explicit_bzero(c->secret, sizeof(c->secret));
	free(c->last_headers_lines);
	free(c->counts);
	free(c);
}

const char *
dsr_case_uuid(const struct dsr_case *c)
{
	return c->uuid;
}

const uint8_t *
dsr_case_secret(const struct dsr_case *c)
{
	return c->secret;
}

const char *
dsr_case_created(const struct dsr_case *c)
{
	return c->created;
}

int
dsr_case_packing_time(struct dsr_case *c, struct timespec *when,
    struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	char text[DSR_TIME_SIZE];
	const char *kept;
	int got, result = -1;

	if (dsr_clock_packing(when, err) != 0)
		return -1;
	if (getenv("SOURCE_DATE_EPOCH") != NULL)
		return 0;
	dsr_time_format(text, when, 0);
	if (dsr_sql_prepare(c->db, &s,
	        "INSERT INTO meta(name, value) VALUES('packed', ?)"
	        " ON CONFLICT DO UPDATE SET value = value RETURNING value",
	        err) != 0 ||
	    dsr_sql_bind(s, err, "t", text) != 0 ||
	    (got = dsr_sql_step(s, err)) < 0)
		goto out;
	kept = got == 1 ? dsr_sql_text(s, 0) : NULL;
	if (kept == NULL || !dsr_time_parse(when, kept, strlen(kept))) {
		(void)dsr_fail(err, DSR_EINPUT, "the case is damaged: packed");
		goto out;
	}
	result = 0;
out:
	(void)sqlite3_finalize(s);
	return result;
}
