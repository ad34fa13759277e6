/* SPDX-License-Identifier: ISC */
/*
 * Payload members: small ones are read packed, inflated and hashed by all
 * processors, and put into the ledger in their order; large ones are streamed.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dossier/pool.h"
#include "material.h"

#define JOB_MEMBERS 128u     /* members that one thread takes at a time */
#define JOB_BYTES   262144u  /* of packed bytes: then the job is full */
#define SMALL_BYTES 1048576u /* a member of more, packed or not, is streamed */
#define CONTENT_ROOM (SMALL_BYTES + DSR_INFLATE_SLACK)
#define MAX_JOBS    64u
#define MAX_SLOTS   24u      /* jobs under way: they bound the memory */

enum problem { PROBLEM_NONE, PROBLEM_DEFLATE, PROBLEM_CRC };

struct item {
	struct dsr_zip_entry entry;
	size_t path;   /* offset of the path below NAME/ in entry.name */
	size_t packed; /* offset in job.packed */
	enum problem problem;
	uint32_t crc32; /* as found */
	uint8_t sha256[DSR_SHA256_BYTES];
};

struct job {
	struct item items[JOB_MEMBERS];
	size_t count;
	struct dsr_buffer packed;
};

struct worker {
	const struct verify_tap *tap; /* or NULL */
	struct dsr_inflater *inflater;
	uint8_t *content; /* CONTENT_ROOM */
};

struct content_crew {
	struct dsr_pool *pool;
	struct worker workers[MAX_JOBS];
	void *worker_list[MAX_JOBS];
	unsigned int threads;
	struct job *idle[MAX_SLOTS];
	size_t idle_count;
	struct job *filling; /* NULL, or the job that members are added to */
	struct streamed *streamed; /* large members on their way */
};

/* A large member on its way. */
struct streamed {
	struct streamed *next;
	struct passing passing;
	const char *path; /* below NAME/ */
	struct check *check;
	struct dsr_sha256 *hash;
	uint64_t size; /* bytes so far */
	bool begun;
};

static void
job_free(struct job *j)
{
	if (j == NULL)
		return;
	dsr_buffer_fini(&j->packed);
	free(j);
}

static struct job *
job_new(struct dsr_error *err)
{
	struct job *j = calloc(1, sizeof(*j));

	if (j == NULL)
		dsr_fail(err, DSR_ENOMEM, "job");
	else
		dsr_buffer_init(&j->packed, JOB_BYTES + SMALL_BYTES);
	return j;
}

static void
streamed_free(struct streamed *s)
{
	dsr_sha256_free(s->hash);
	free(s);
}

/* ---- in a worker ------------------------------------------------------------ */

static void
judge_item(const struct job *j, struct item *i, struct worker *w)
{
	static const uint8_t nothing;
	const uint8_t *packed = j->packed.data == NULL
	    ? &nothing
	    : j->packed.data + i->packed;
	const uint8_t *content = packed;
	size_t size = (size_t)i->entry.size;

	if (i->entry.method == DSR_ZIP_DEFLATED) {
		if (!dsr_inflate(w->inflater, w->content, CONTENT_ROOM,
			size, packed, (size_t)i->entry.packed_size)) {
			i->problem = PROBLEM_DEFLATE;
			size = 0;
		}
		content = w->content;
	}
	dsr_sha256(i->sha256, content, size);
	i->crc32 = dsr_crc32(0, content, size);
	if (i->problem == PROBLEM_NONE && i->crc32 != i->entry.crc32)
		i->problem = PROBLEM_CRC;
	if (i->problem == PROBLEM_NONE && w->tap != NULL)
		w->tap->whole(w->tap->ctx, i->entry.name + i->path, content,
		    size);
}

static void
judge_job(void *job, void *worker)
{
	struct job *j = job;
	size_t i;

	for (i = 0; i < j->count; i++)
		if (j->items[i].problem == PROBLEM_NONE)
			judge_item(j, &j->items[i], worker);
}

/* ---- the crew ------------------------------------------------------------------ */

static int
hire_workers(struct content_crew *crew, unsigned int threads,
    const struct verify_tap *tap, struct dsr_error *err)
{
	struct worker *w;

	for (; crew->threads < threads; crew->threads++) {
		w = &crew->workers[crew->threads];
		w->tap = tap;
		if (dsr_inflater_new(&w->inflater, err) != 0)
			return -1;
		if ((w->content = malloc(CONTENT_ROOM)) == NULL) {
			dsr_inflater_free(w->inflater);
			return dsr_fail(err, DSR_ENOMEM, "inflate");
		}
		crew->worker_list[crew->threads] = w;
	}
	return 0;
}

int
content_start(struct check *c, struct dsr_error *err)
{
	unsigned int threads =
	    c->options->jobs > MAX_JOBS ? MAX_JOBS : c->options->jobs;
	size_t slots = dsr_pool_slots(threads, 4, MAX_SLOTS);
	struct content_crew *crew = calloc(1, sizeof(*crew));

	if (crew == NULL)
		return dsr_fail(err, DSR_ENOMEM, "threads");
	c->crew = crew;
	if (hire_workers(crew, threads, c->options->tap, err) != 0)
		return -1;
	for (; crew->idle_count < slots; crew->idle_count++)
		if ((crew->idle[crew->idle_count] = job_new(err)) == NULL)
			return -1;
	return dsr_pool_new(&crew->pool, threads, slots, judge_job,
	    crew->worker_list, err);
}

void
content_end(struct check *c)
{
	struct content_crew *crew = c->crew;
	struct streamed *s;
	struct job *j;

	if (crew == NULL)
		return;
	while (crew->pool != NULL && (j = dsr_pool_collect(crew->pool)) != NULL)
		job_free(j);
	dsr_pool_free(crew->pool);
	job_free(crew->filling);
	while (crew->idle_count > 0)
		job_free(crew->idle[--crew->idle_count]);
	while (crew->threads > 0) {
		crew->threads--;
		dsr_inflater_free(crew->workers[crew->threads].inflater);
		free(crew->workers[crew->threads].content);
	}
	for (; (s = crew->streamed) != NULL; streamed_free(s))
		crew->streamed = s->next;
	free(crew);
	c->crew = NULL;
}

/* ---- in order -------------------------------------------------------------------- */

static int
enter(struct check *c, const char *path,
    const uint8_t sha256[DSR_SHA256_BYTES], uint64_t size,
    struct dsr_error *err)
{
	c->payload_bytes += size;
	c->payload_files++;
	if (c->payload_is_closed) /* bag/order was found */
		return 0;
	return ledger_add(c->payload, path, sha256, size, err);
}

/* A sound document may be shown in the report. */
static int
show_item(struct check *c, const struct job *j, const struct item *i,
    struct dsr_error *err)
{
	static const uint8_t nothing;

	if (c->options->material == NULL || i->problem != PROBLEM_NONE)
		return 0;
	return dsr_showcase_add_packed(c->options->material->showcase,
	    i->entry.name + i->path, &i->entry,
	    j->packed.data == NULL ? &nothing : j->packed.data + i->packed,
	    err);
}

static int
enter_item(struct check *c, const struct job *j, const struct item *i,
    struct dsr_error *err)
{
	if (i->problem == PROBLEM_DEFLATE)
		dsr_findings_add(c->findings, DSR_F_ZIP_DEFLATE, i->entry.name,
		    NULL, NULL);
	if (i->problem == PROBLEM_CRC)
		dsr_findings_add(c->findings, DSR_F_ZIP_CRC, i->entry.name,
		    NULL, "%08x instead of %08x", i->crc32, i->entry.crc32);
	if (show_item(c, j, i, err) != 0)
		return -1;
	return enter(c, i->entry.name + i->path, i->sha256, i->entry.size,
	    err);
}

/* Takes the oldest job out of the pool: 1, or 0 when there is none. */
static int
finish_oldest(struct check *c, struct dsr_error *err)
{
	struct content_crew *crew = c->crew;
	struct job *j = dsr_pool_collect(crew->pool);
	size_t i;
	int rc = 1;

	if (j == NULL)
		return 0;
	c->in_content = true;
	for (i = 0; i < j->count && rc == 1; i++)
		if (enter_item(c, j, &j->items[i], err) != 0)
			rc = -1;
	c->in_content = false;
	j->count = 0;
	dsr_buffer_reset(&j->packed);
	crew->idle[crew->idle_count++] = j;
	return rc;
}

static void
submit_filling(struct content_crew *crew)
{
	if (crew->filling == NULL)
		return;
	dsr_pool_submit(crew->pool, crew->filling);
	crew->filling = NULL;
}

static int
finish_all(struct check *c, struct dsr_error *err)
{
	int more;

	while ((more = finish_oldest(c, err)) > 0)
		continue;
	return more;
}

static int
flush_small(struct check *c, struct dsr_error *err)
{
	submit_filling(c->crew);
	return finish_all(c, err);
}

int
content_flush(struct check *c, struct dsr_error *err)
{
	return flush_small(c, err) != 0 ? -1 : pieces_flush(c, err);
}

/* Which job a member is in does not depend on the number of threads: the one
 * that is being filled comes later. */
int
content_settle(struct check *c, struct dsr_error *err)
{
	if (c->crew == NULL || c->in_content)
		return 0;
	return finish_all(c, err) != 0 ? -1 : pieces_flush(c, err);
}

/* Reads the packed bytes of a small member into the job. */
static int
take_packed(struct check *c, struct job *j, struct item *i,
    struct dsr_error *err)
{
	size_t want = (size_t)i->entry.packed_size, got = 0;
	int64_t n = 1;

	i->packed = j->packed.len;
	if (dsr_buffer_reserve(&j->packed, want, err) != 0)
		return -1;
	while (got < want && n > 0) {
		n = dsr_zip_reader_packed(c->zip, j->packed.data + i->packed +
			got, want - got, err);
		if (n < 0)
			return -1;
		got += (size_t)n;
	}
	j->packed.len += got;
	/* a finding of the reader says that the file ended */
	i->problem = got < want ? PROBLEM_DEFLATE : PROBLEM_NONE;
	return 0;
}

static int
add_small(struct check *c, const char *path, const struct dsr_zip_entry *e,
    struct dsr_error *err)
{
	struct content_crew *crew = c->crew;
	struct job *j;
	struct item *i;

	if (pieces_flush(c, err) != 0) /* the ledger is in order */
		return -1;
	if (crew->filling == NULL) {
		if (crew->idle_count == 0 && finish_oldest(c, err) < 0)
			return -1;
		crew->filling = crew->idle[--crew->idle_count];
	}
	j = crew->filling;
	i = &j->items[j->count];
	memset(i, 0, sizeof(*i));
	i->entry = *e;
	i->path = (size_t)(path - e->name);
	if (take_packed(c, j, i, err) != 0)
		return -1;
	j->count++;
	if (j->count == JOB_MEMBERS || j->packed.len >= JOB_BYTES)
		submit_filling(crew);
	return 0;
}

/* ---- large members ------------------------------------------------------------------ */

static int
begin_streamed(struct streamed *s, struct dsr_error *err)
{
	const struct verify_options *o = s->check->options;

	if (s->begun)
		return 0;
	s->begun = true;
	if (o->tap != NULL)
		o->tap->begin(o->tap->ctx, s->path);
	return o->material == NULL
	    ? 0
	    : dsr_showcase_begin(o->material->showcase, s->path,
		  s->passing.entry.size, err);
}

static int
take_piece(void *ctx, const void *content, size_t len, struct dsr_error *err)
{
	struct streamed *s = ctx;
	const struct verify_options *o = s->check->options;

	if (begin_streamed(s, err) != 0)
		return -1;
	dsr_sha256_update(s->hash, content, len);
	s->size += len;
	if (o->tap != NULL)
		o->tap->piece(o->tap->ctx, content, len);
	if (o->material != NULL)
		dsr_showcase_feed(o->material->showcase, content, len);
	return 0;
}

/* It is the first of those on their way: they end in their order. */
static int
end_streamed(void *ctx, struct dsr_error *err)
{
	struct streamed *s = ctx;
	struct check *c = s->check;
	const struct verify_options *o = c->options;
	uint8_t sha256[DSR_SHA256_BYTES];
	int rc;

	if (begin_streamed(s, err) != 0)
		return -1;
	if (o->tap != NULL)
		o->tap->end(o->tap->ctx);
	if (o->material != NULL && dsr_showcase_end(o->material->showcase,
		s->path, err) != 0)
		return -1;
	dsr_sha256_final(s->hash, sha256);
	rc = enter(c, s->path, sha256, s->size, err);
	c->crew->streamed = s->next;
	streamed_free(s);
	return rc;
}

static int
streamed_new(struct streamed **out, struct check *c, const char *path,
    const struct dsr_zip_entry *e, struct dsr_error *err)
{
	struct streamed *s = calloc(1, sizeof(*s)), **last;

	if (s == NULL)
		return dsr_fail(err, DSR_ENOMEM, "member");
	for (last = &c->crew->streamed; *last != NULL; last = &(*last)->next)
		continue;
	*last = s;
	s->check = c;
	s->passing = (struct passing){ .entry = *e, .content = take_piece,
		.end = end_streamed, .ctx = s };
	s->path = s->passing.entry.name + (path - e->name);
	*out = s;
	return dsr_sha256_new(&s->hash, err);
}

static int
add_streamed(struct check *c, const char *path, const struct dsr_zip_entry *e,
    struct dsr_error *err)
{
	struct streamed *s = NULL;

	if (flush_small(c, err) != 0 || streamed_new(&s, c, path, e, err) != 0)
		return -1;
	return pieces_send(c, &s->passing, err);
}

int
content_add(struct check *c, const char *path, const struct dsr_zip_entry *e,
    struct dsr_error *err)
{
	bool sound = e->method == DSR_ZIP_DEFLATED ||
	    (e->method == DSR_ZIP_STORED && e->size == e->packed_size);

	/* a folder has no packed bytes and no CRC */
	if (c->zip != NULL && sound && e->size <= SMALL_BYTES && e->packed_size <= SMALL_BYTES)
		return add_small(c, path, e, err);
	return add_streamed(c, path, e, err);
}
