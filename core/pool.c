/* SPDX-License-Identifier: ISC */
#include "dossier/pool.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

struct slot {
	void *job;
	bool done;
};

/*
 * A ring: [oldest, next) is taken by workers or done, [next, end) waits.
 * The three counters only ever grow; a slot is counter % slots.
 */
struct dsr_pool {
	pthread_mutex_t lock;
	pthread_cond_t work_waits;
	pthread_cond_t oldest_done;
	struct slot *ring;
	size_t slots;
	size_t oldest, next, end;
	bool ending;
	dsr_work_fn *work;
	void **workers;
	pthread_t *threads;
	unsigned int thread_count; /* started; 0: the caller works */
};

struct start {
	struct dsr_pool *pool;
	void *worker;
};

/*
 * What they make goes through the one thread that hands in and collects, which
 * they all wait for: a worker that wakes up does not take its processor away.
 * Where that is refused, it is only slower.
 */
static void
let_others_go_first(void)
{
	const struct sched_param none = { 0 };

	(void)sched_setscheduler(0, SCHED_BATCH, &none);
}

static void *
work_loop(void *arg)
{
	struct start *start = arg;
	struct dsr_pool *p = start->pool;
	void *worker = start->worker;
	size_t mine;

	free(start);
	let_others_go_first();
	(void)pthread_mutex_lock(&p->lock);
	for (;;) {
		while (p->next == p->end && !p->ending)
			(void)pthread_cond_wait(&p->work_waits, &p->lock);
		if (p->next == p->end)
			break;
		mine = p->next++;
		(void)pthread_mutex_unlock(&p->lock);
		p->work(p->ring[mine % p->slots].job, worker);
		(void)pthread_mutex_lock(&p->lock);
		p->ring[mine % p->slots].done = true;
		if (mine == p->oldest)
			(void)pthread_cond_signal(&p->oldest_done);
	}
	(void)pthread_mutex_unlock(&p->lock);
	return NULL;
}

static int
start_thread(struct dsr_pool *p, struct dsr_error *err)
{
	struct start *start = malloc(sizeof(*start));

	if (start == NULL)
		return dsr_fail(err, DSR_ENOMEM, "threads");
	start->pool = p;
	start->worker =
	    p->workers == NULL ? NULL : p->workers[p->thread_count];
	errno = pthread_create(&p->threads[p->thread_count], NULL, work_loop,
	    start);
	if (errno != 0) {
		free(start);
		return dsr_fail_sys(err, "cannot start a thread");
	}
	p->thread_count++;
	return 0;
}

int
dsr_pool_new(struct dsr_pool **out, unsigned int threads, size_t slots,
    dsr_work_fn *work, void **workers, struct dsr_error *err)
{
	struct dsr_pool *p = calloc(1, sizeof(*p));
	unsigned int i;

	assert(slots > 0);
	*out = NULL;
	if (p == NULL)
		return dsr_fail(err, DSR_ENOMEM, "threads");
	(void)pthread_mutex_init(&p->lock, NULL);
	(void)pthread_cond_init(&p->work_waits, NULL);
	(void)pthread_cond_init(&p->oldest_done, NULL);
	p->slots = slots;
	p->work = work;
	p->workers = workers;
	p->ring = calloc(slots, sizeof(*p->ring));
	p->threads = calloc(threads, sizeof(*p->threads));
	if (p->ring == NULL || p->threads == NULL) {
		dsr_fail(err, DSR_ENOMEM, "threads");
		goto out;
	}
	for (i = 0; threads > 1 && i < threads; i++)
		if (start_thread(p, err) != 0)
			goto out;
	*out = p;
	return 0;
out:
	dsr_pool_free(p);
	return -1;
}

void
dsr_pool_free(struct dsr_pool *p)
{
	unsigned int i;

	if (p == NULL)
		return;
	(void)pthread_mutex_lock(&p->lock);
	p->ending = true;
	(void)pthread_cond_broadcast(&p->work_waits);
	(void)pthread_mutex_unlock(&p->lock);
	for (i = 0; i < p->thread_count; i++)
		(void)pthread_join(p->threads[i], NULL);
	(void)pthread_cond_destroy(&p->oldest_done);
	(void)pthread_cond_destroy(&p->work_waits);
	(void)pthread_mutex_destroy(&p->lock);
	free(p->threads);
	free(p->ring);
	free(p);
}

int
dsr_pool_has_room(const struct dsr_pool *p)
{
	/* only the caller's thread moves these two */
	return p->end - p->oldest < p->slots;
}

void
dsr_pool_submit(struct dsr_pool *p, void *job)
{
	struct slot *s = &p->ring[p->end % p->slots];

	assert(dsr_pool_has_room(p));
	s->job = job;
	s->done = false;
	if (p->thread_count == 0) {
		p->work(job, p->workers == NULL ? NULL : p->workers[0]);
		s->done = true;
		p->next++;
		p->end++;
		return;
	}
	(void)pthread_mutex_lock(&p->lock);
	p->end++;
	(void)pthread_cond_signal(&p->work_waits);
	(void)pthread_mutex_unlock(&p->lock);
}

void *
dsr_pool_collect(struct dsr_pool *p)
{
	struct slot *s = &p->ring[p->oldest % p->slots];
	void *job;

	if (p->oldest == p->end)
		return NULL;
	(void)pthread_mutex_lock(&p->lock);
	while (!s->done)
		(void)pthread_cond_wait(&p->oldest_done, &p->lock);
	p->oldest++;
	job = s->job;
	(void)pthread_mutex_unlock(&p->lock);
	return job;
}

size_t
dsr_pool_slots(unsigned int threads, size_t each, size_t most)
{
	size_t slots = each * (size_t)threads + 2;

	return slots < most ? slots : most;
}

unsigned int
dsr_processor_count(void)
{
	cpu_set_t set;
	int n = 0;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		n = CPU_COUNT(&set);
	return n < 1 ? 1 : (unsigned int)n;
}
