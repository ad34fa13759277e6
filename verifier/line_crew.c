/* SPDX-License-Identifier: ISC */
#include "line_crew.h"

#include <stdlib.h>

#include "dossier/buffer.h"
#include "dossier/limits.h"
#include "dossier/pool.h"
#include "dossier/tree.h"

#define JOB_LINES 64u    /* lines that one thread takes at a time */
#define JOB_BYTES 65536u /* of their text: then the job is full */
#define MAX_SLOTS 24u    /* jobs under way: they bound the memory */
#define MAX_THREADS (MAX_SLOTS - 2)

struct line {
	size_t offset, len; /* of its text in the job's */
	struct line_read read;
	struct dsr_error error;
};

struct job {
	const struct dsr_record_type *type;
	struct line lines[JOB_LINES];
	size_t count;
	struct dsr_buffer text;
	struct dsr_arena *arena;
};

struct line_crew {
	struct dsr_pool *pool; /* NULL: nothing was worth it yet */
	unsigned int threads;
	size_t slots, jobs;    /* of them were made */
	struct job *idle[MAX_SLOTS];
	size_t idle_count;
	struct job *filling;   /* or NULL */

	const struct dsr_record_type *type;
	line_taken_fn *take;
	void *ctx;
};

static void
job_free(struct job *j)
{
	if (j == NULL)
		return;
	dsr_buffer_fini(&j->text);
	dsr_arena_free(j->arena);
	free(j);
}

static struct job *
job_new(struct dsr_error *err)
{
	struct job *j = calloc(1, sizeof(*j));

	if (j == NULL) {
		dsr_fail(err, DSR_ENOMEM, "lines");
		return NULL;
	}
	dsr_buffer_init(&j->text, JOB_BYTES + DSR_MAX_LINE);
	if (dsr_arena_new(&j->arena, err) != 0) {
		job_free(j);
		return NULL;
	}
	return j;
}

int
line_crew_new(struct line_crew **out, unsigned int threads,
    struct dsr_error *err)
{
	struct line_crew *w = calloc(1, sizeof(*w));

	*out = w;
	if (w == NULL)
		return dsr_fail(err, DSR_ENOMEM, "lines");
	w->threads = threads < MAX_THREADS ? threads : MAX_THREADS;
	w->slots = dsr_pool_slots(w->threads, 4, MAX_SLOTS);
	return 0;
}

void
line_crew_free(struct line_crew *w)
{
	struct job *j;

	if (w == NULL)
		return;
	while (w->pool != NULL && (j = dsr_pool_collect(w->pool)) != NULL)
		job_free(j);
	dsr_pool_free(w->pool);
	job_free(w->filling);
	while (w->idle_count > 0)
		job_free(w->idle[--w->idle_count]);
	free(w);
}

/* ---- in a worker ------------------------------------------------------------ */

static void
read_line(const struct job *j, struct line *l)
{
	void *record = dsr_arena_alloc(j->arena, j->type->size, &l->error);

	l->read.text = (const char *)j->text.data + l->offset;
	l->read.len = l->len;
	l->read.error = &l->error;
	dsr_tree_leaf(l->read.leaf, l->read.text, l->len);
	if (record != NULL && dsr_record_read_line(j->type, record, j->arena,
		l->read.text, l->len, &l->error) != 0)
		record = NULL;
	l->read.record = record;
}

static void
read_job(void *job, void *worker)
{
	struct job *j = job;
	size_t i;

	(void)worker;
	for (i = 0; i < j->count; i++)
		read_line(j, &j->lines[i]);
}

/* ---- in order -------------------------------------------------------------------- */

void
line_crew_begin(struct line_crew *w, const struct dsr_record_type *type,
    line_taken_fn *take, void *ctx)
{
	w->type = type;
	w->take = take;
	w->ctx = ctx;
}

static int
take_lines(struct line_crew *w, struct job *j, struct dsr_error *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < j->count && rc == 0; i++)
		rc = w->take(w->ctx, &j->lines[i].read, err);
	w->idle[w->idle_count++] = j;
	return rc;
}

/* The oldest job: 1, 0 when there is none, -1 on failure. */
static int
take_oldest(struct line_crew *w, struct dsr_error *err)
{
	struct job *j = w->pool == NULL ? NULL : dsr_pool_collect(w->pool);

	if (j == NULL)
		return 0;
	return take_lines(w, j, err) != 0 ? -1 : 1;
}

static int
begin_job(struct line_crew *w, struct dsr_error *err)
{
	struct job *j;

	if (w->filling != NULL)
		return 0;
	if (w->idle_count == 0 && w->jobs < w->slots) {
		if ((j = job_new(err)) == NULL)
			return -1;
		w->jobs++;
		w->idle[w->idle_count++] = j;
	}
	if (w->idle_count == 0 && take_oldest(w, err) < 0)
		return -1;
	j = w->filling = w->idle[--w->idle_count];
	j->type = w->type;
	j->count = 0;
	dsr_buffer_reset(&j->text);
	dsr_arena_reset(j->arena);
	return 0;
}

static int
hand_in(struct line_crew *w, struct dsr_error *err)
{
	if (w->pool == NULL && dsr_pool_new(&w->pool, w->threads, w->slots,
		read_job, NULL, err) != 0)
		return -1;
	dsr_pool_submit(w->pool, w->filling);
	w->filling = NULL;
	return 0;
}

int
line_crew_add(struct line_crew *w, const char *text, size_t len,
    struct dsr_error *err)
{
	struct line *l;
	struct job *j;

	if (begin_job(w, err) != 0)
		return -1;
	j = w->filling;
	l = &j->lines[j->count];
	l->offset = j->text.len;
	l->len = len;
	if (dsr_buffer_append(&j->text, text, len, err) != 0)
		return -1;
	j->count++;
	return j->count == JOB_LINES || j->text.len >= JOB_BYTES
	    ? hand_in(w, err)
	    : 0;
}

int
line_crew_flush(struct line_crew *w, struct dsr_error *err)
{
	struct job *last = w->filling;
	int more;

	/* the last lines are read here: they are few */
	w->filling = NULL;
	while ((more = take_oldest(w, err)) > 0)
		continue;
	if (last == NULL)
		return more;
	if (more != 0) {
		job_free(last);
		return -1;
	}
	read_job(last, NULL);
	return take_lines(w, last, err);
}
