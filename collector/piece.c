/* SPDX-License-Identifier: ISC */
#include "piece.h"

#include <inttypes.h>
#include <string.h>

#include "dossier/limits.h"
#include "dossier/text.h"
#include "url.h"

/* A killed run loses what came in this, and until the commit behind it. */
#define NOTE_EVERY_US 500000

static struct dsr_place
piece_place(const struct job *j)
{
	const struct content *one = &j->page.contents[j->page.content_at];

	return j->phase == PHASE_CONTENT ? job_place(j, one->item, one->part)
	                                 : job_place(j, 0, 0);
}

/* A download, by its address and its item: a list that changed may have another
 * one in its place, whose address differs in what may not be told. */
static int
name_download(const struct job *j, struct dsr_buffer *name,
    struct dsr_error *err)
{
	const struct content *one = &j->page.contents[j->page.content_at];
	char id[PATH_ID_SIZE];
	const char *item = content_item_id(j, one, id);

	if (url_record(name, one->url, NULL, err) != 0)
		return -1;
	return item == NULL ? 0 : dsr_buffer_printf(name, err, "\n%s", item);
}

/*
 * Has the page another download whose address differs in its query alone? Only
 * their places tell them apart, which a list that changed gives to others.
 */
static bool
is_ambiguous(const struct job *j)
{
	const struct page *p = &j->page;
	const struct content *one = &p->contents[p->content_at], *other;
	size_t len = strcspn(one->url, "?#");
	char id[PATH_ID_SIZE];
	bool named = content_item_id(j, one, id) != NULL;

	for (size_t i = 0; i < p->content_count; i++) {
		other = &p->contents[i];
		if (other != one && (!named || other->item == one->item) &&
		    strcspn(other->url, "?#") == len &&
		    strncmp(other->url, one->url, len) == 0)
			return true;
	}
	return false;
}

/* What is asked for: 1; 0 when that cannot be told; -1. A plain answer follows
 * from its place in the plan; where one that comes later is asked for, the
 * service said. */
static int
tell_from(const struct job *j, char out[DSR_SHA256_HEX],
    struct dsr_error *err)
{
	uint8_t digest[DSR_SHA256_BYTES];
	struct dsr_buffer name;
	int result = 0;

	if (j->phase == PHASE_CONTENT && is_ambiguous(j))
		return 0;
	dsr_buffer_init(&name, 4 * DSR_MAX_URL + DSR_MAX_IDENTIFIER);
	if (j->phase == PHASE_CONTENT)
		result = name_download(j, &name, err);
	else if (j->phase == PHASE_POLL)
		result = url_record(&name, j->poll_url, NULL, err);
	if (result == 0) {
		dsr_sha256(digest, dsr_buffer_str(&name), name.len);
		dsr_hex_encode(out, digest, sizeof(digest));
	}
	dsr_buffer_fini(&name);
	return result == 0 ? 1 : -1;
}

/* What the earlier run has done of it is told with the exchange. */
static void
note_earlier_run(struct job *j, const struct dsr_piece *piece)
{
	struct attempt *a = &j->attempts[j->attempt_count++];
	struct timespec when;

	a->status = 200;
	(void)snprintf(a->reason, sizeof(a->reason),
	    "broke off: %" PRIu64 " bytes are kept", piece->size);
	if (dsr_time_parse(&when, piece->ended, strlen(piece->ended)))
		dsr_time_format(a->ended, &when, 9);
	else /* somebody changed it */
		j->attempt_count--;
}

int
piece_take_up(struct job *j, struct dsr_error *err)
{
	struct dsr_place place;
	struct dsr_piece piece;
	char from[DSR_SHA256_HEX];
	int got;

	/* what this run has of it is further than what it noted */
	if (!j->c->pieces || j->piece_sought || j->fetch.spill == NULL ||
	    j->fetch.part.blob != NULL)
		return 0;
	j->piece_sought = true;
	place = piece_place(j);
	got = dsr_case_piece(j->c->store, &place, &piece, err);
	if (got == 1)
		got = tell_from(j, from, err);
	if (got == 1 && strcmp(from, piece.from) == 0)
		got = fetch_part_resume(&j->fetch, &piece, err);
	if (got < 0 || j->fetch.part.blob == NULL)
		return got < 0 ? -1 : 0;
	j->piece_size = piece.size;
	note_earlier_run(j, &piece);
	return 0;
}

static int
note_piece(struct job *j, struct dsr_error *err)
{
	struct dsr_piece piece;
	struct dsr_place place;
	struct timespec now;
	int told;

	if (j->fetch.spill == NULL || !fetch_part_note(&j->fetch, &piece) ||
	    piece.size == j->piece_size || piece.size >= piece.whole)
		return 0;
	dsr_clock_now(&now);
	dsr_time_format(piece.ended, &now, 9);
	place = piece_place(j);
	told = tell_from(j, piece.from, err);
	if (told != 1)
		return told;
	if (collection_write(j->c, err) != 0 ||
	    dsr_case_piece_set(j->c->store, &place, &piece, err) != 0)
		return -1;
	j->piece_size = piece.size;
	j->c->pieces = true;
	return 0;
}

int
pieces_note(struct collection *c, bool at_once, struct dsr_error *err)
{
	int64_t now = now_us();

	if (!at_once && now < c->pieces_due_us)
		return 0;
	c->pieces_due_us = now + NOTE_EVERY_US;
	for (size_t i = 0; i < c->job_count; i++)
		if (note_piece(c->jobs[i], err) != 0)
			return -1;
	return 0;
}

int
piece_end(struct job *j, const struct dsr_place *place,
    struct dsr_error *err)
{
	return j->c->pieces
	    ? dsr_case_piece_set(j->c->store, place, NULL, err)
	    : 0;
}
