/* SPDX-License-Identifier: ISC */
/*
 * What came of a large body until its run was ended: a file of blobs/ that has
 * no name yet, and, in meta, what it must be to be gone on with.
 */
#include "case_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dossier/text.h"

#define NAME_SIZE 120
/* all of them: '!' is the character after the space */
#define ALL_PIECES "name > 'piece ' AND name < 'piece!'"

static void
name_piece(char out[NAME_SIZE], const struct dsr_place *place)
{
	(void)snprintf(out, NAME_SIZE,
	    "piece %" PRId64 " %" PRIu64 " %" PRIu64 " %" PRIu64, place->task,
	    place->page, place->item, place->part);
}

int
dsr_case_piece_set(struct dsr_case *c, const struct dsr_place *place,
    const struct dsr_piece *piece, struct dsr_error *err)
{
	char name[NAME_SIZE], text[sizeof(*piece) + 100];

	name_piece(name, place);
	if (piece != NULL)
		(void)snprintf(text, sizeof(text),
		    "%" PRIu64 " %" PRIu64 " %" PRIu64 " %s %s %s %s %s",
		    piece->file, piece->size, piece->whole, piece->sha256,
		    piece->from, piece->ended,
		    piece->md5[0] != '\0' ? piece->md5 : "-", piece->tag);
	return dsr_case_meta_set(c, name, piece != NULL ? text : NULL, err);
}

/* The next word of *text, at most size - 1 bytes of it; false: too long. */
static bool
read_word(const char **text, char *out, size_t size)
{
	size_t len = strcspn(*text, " ");

	if (len >= size || (*text)[len] == '\0')
		return false;
	(void)memcpy(out, *text, len);
	out[len] = '\0';
	*text += len + 1;
	return true;
}

/* False when somebody changed it. */
static bool
parse_piece(struct dsr_piece *out, const char *text)
{
	if (!dsr_take_u64(&text, UINT64_MAX, &out->file) ||
	    !dsr_take_u64(&text, UINT64_MAX, &out->size) ||
	    !dsr_take_u64(&text, UINT64_MAX, &out->whole) ||
	    !read_word(&text, out->sha256, sizeof(out->sha256)) ||
	    !read_word(&text, out->from, sizeof(out->from)) ||
	    !read_word(&text, out->ended, sizeof(out->ended)) ||
	    !read_word(&text, out->md5, sizeof(out->md5)) ||
	    strlen(text) >= sizeof(out->tag))
		return false;
	(void)memcpy(out->tag, text, strlen(text) + 1);
	if (strcmp(out->md5, "-") == 0)
		out->md5[0] = '\0';
	return true;
}

int
dsr_case_piece(struct dsr_case *c, const struct dsr_place *place,
    struct dsr_piece *out, struct dsr_error *err)
{
	char name[NAME_SIZE];
	sqlite3_stmt *s;
	int got;

	name_piece(name, place);
	if (dsr_case_statement(c, STATEMENT_META_FIND, &s, err) != 0 ||
	    dsr_sql_bind(s, err, "t", name) != 0)
		return -1;
	got = dsr_sql_step(s, err);
	if (got == 1) {
		got = parse_piece(out, dsr_sql_word(s, 0));
		(void)sqlite3_reset(s);
	}
	return got;
}

int
dsr_case_pieces(struct dsr_case *c, struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	int got = -1;

	if (dsr_sql_prepare(c->db, &s,
	        "SELECT 1 FROM meta WHERE " ALL_PIECES " LIMIT 1", err) == 0)
		got = dsr_sql_step(s, err);
	(void)sqlite3_finalize(s);
	return got;
}

int
dsr_case_piece_is_file(struct dsr_case *c, uint64_t file,
    struct dsr_error *err)
{
	sqlite3_stmt *s = NULL;
	char like[32];
	int got = -1;

	(void)snprintf(like, sizeof(like), "%" PRIu64 " %%", file);
	if (dsr_sql_prepare(c->db, &s,
	        "SELECT 1 FROM meta WHERE " ALL_PIECES " AND value LIKE ?",
	        err) == 0 &&
	    dsr_sql_bind(s, err, "t", like) == 0)
		got = dsr_sql_step(s, err);
	(void)sqlite3_finalize(s);
	return got;
}

int
dsr_case_pieces_forget(struct dsr_case *c, struct dsr_error *err)
{
	return dsr_sql_exec(c->db, "DELETE FROM meta WHERE " ALL_PIECES,
	           err) != 0
	    ? -1
	    : dsr_blob_recover(c, err);
}
