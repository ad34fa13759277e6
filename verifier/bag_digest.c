/* SPDX-License-Identifier: ISC */
/*
 * Every file that a manifest lists is read once, by all processors, through
 * every digest that is listed for it: RFC 8493 section 3.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bag_check.h"
#include "dossier/file.h"
#include "dossier/pool.h"
#include "dossier/text.h"

#define PIECE       131072u /* bytes read at a time */
#define MAX_WORKERS 64u
#define MAX_JOBS    256u    /* files under way */

struct job {
	const struct bag_check *bag;
	size_t file;
	char path[DSR_MAX_BAG_PATH + 1];
	uint32_t listed; /* by manifests whose digest is known */
	int problem;     /* errno, or 0 */
	uint8_t sums[DSR_MAX_BAG_MANIFESTS][EVP_MAX_MD_SIZE];
};

struct worker {
	EVP_MD_CTX *digests[DSR_MAX_BAG_MANIFESTS];
	uint8_t *piece;
};

struct crew {
	struct dsr_pool *pool;
	struct worker workers[MAX_WORKERS];
	void *list[MAX_WORKERS];
	unsigned int threads;
	struct job *jobs;
	struct job *idle[MAX_JOBS];
	size_t idle_count;
};

/* ---- in a worker ------------------------------------------------------------------ */

/* Starts the digests that are wanted; false when OpenSSL will not. */
static bool
begin(const struct job *j, struct worker *w)
{
	size_t i;

	for (i = 0; i < j->bag->manifest_count; i++)
		if ((j->listed >> i & 1) != 0 &&
		    EVP_DigestInit_ex2(w->digests[i],
			j->bag->manifests[i].digest, NULL) != 1)
			return false;
	return true;
}

static int
read_through(const struct job *j, struct worker *w, int fd)
{
	struct dsr_error err;
	int64_t n;
	size_t i;

	do {
		if ((n = dsr_read_full(fd, w->piece, PIECE, &err)) < 0)
			return err.sys == 0 ? EIO : err.sys;
		for (i = 0; i < j->bag->manifest_count; i++)
			if ((j->listed >> i & 1) != 0 &&
			    EVP_DigestUpdate(w->digests[i], w->piece,
				(size_t)n) != 1)
				return ENOMEM;
	} while (n == PIECE);
	return 0;
}

static int
open_file(const struct job *j)
{
	int fd = dsr_open_below(j->bag->root, j->path,
	    O_RDONLY | O_NOCTTY | O_NONBLOCK, true);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	if (fd >= 0) {
		(void)close(fd);
		errno = EINVAL; /* it changed since the walk */
	}
	return -1;
}

static void
digest_file(void *job, void *worker)
{
	struct job *j = job;
	struct worker *w = worker;
	int fd = open_file(j);
	size_t i;

	j->problem = fd < 0 ? errno : 0;
	if (fd < 0)
		return;
	/* but for memory nothing can go wrong with a digest */
	j->problem = begin(j, w) ? read_through(j, w, fd) : ENOMEM;
	(void)close(fd);
	for (i = 0; i < j->bag->manifest_count && j->problem == 0; i++)
		if ((j->listed >> i & 1) != 0 &&
		    EVP_DigestFinal_ex(w->digests[i], j->sums[i], NULL) != 1)
			j->problem = ENOMEM;
}

/* ---- the crew ------------------------------------------------------------------------ */

static int
worker_init(struct worker *w, size_t digests, struct dsr_error *err)
{
	size_t i;

	if ((w->piece = malloc(PIECE)) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "digests");
	for (i = 0; i < digests; i++)
		if ((w->digests[i] = EVP_MD_CTX_new()) == NULL)
			return dsr_fail(err, DSR_ENOMEM, "digests");
	return 0;
}

static void
crew_free(struct crew *c)
{
	size_t i, k;

	if (c == NULL)
		return;
	dsr_pool_free(c->pool);
	for (i = 0; i < MAX_WORKERS; i++) {
		for (k = 0; k < DSR_MAX_BAG_MANIFESTS; k++)
			EVP_MD_CTX_free(c->workers[i].digests[k]);
		free(c->workers[i].piece);
	}
	free(c->jobs);
	free(c);
}

static int
crew_new(struct crew **out, const struct bag_check *b, struct dsr_error *err)
{
	unsigned int threads =
	    b->options->jobs > MAX_WORKERS ? MAX_WORKERS : b->options->jobs;
	struct crew *c = calloc(1, sizeof(*c));
	size_t slots = 4 * (size_t)threads, i;

	*out = NULL;
	if (c == NULL || (c->jobs = calloc(slots, sizeof(*c->jobs))) == NULL) {
		free(c);
		return dsr_fail(err, DSR_ENOMEM, "threads");
	}
	for (i = 0; i < slots; i++) {
		c->jobs[i].bag = b;
		c->idle[c->idle_count++] = &c->jobs[i];
	}
	for (i = 0; i < threads; i++) {
		c->list[i] = &c->workers[i];
		if (worker_init(&c->workers[i], b->manifest_count, err) != 0)
			goto out;
	}
	if (dsr_pool_new(&c->pool, threads, slots, digest_file, c->list,
		err) != 0)
		goto out;
	*out = c;
	return 0;
out:
	crew_free(c);
	return -1;
}

/* ---- in order ---------------------------------------------------------------------------- */

static void
compare(struct bag_check *b, const struct job *j, size_t manifest)
{
	const struct bag_manifest *m = &b->manifests[manifest];
	const uint8_t *listed = m->listed + j->file * m->digest_len;
	char wanted[2 * EVP_MAX_MD_SIZE + 1], found[2 * EVP_MAX_MD_SIZE + 1];

	if (memcmp(listed, j->sums[manifest], m->digest_len) == 0)
		return;
	dsr_hex_encode(wanted, listed, m->digest_len);
	dsr_hex_encode(found, j->sums[manifest], m->digest_len);
	dsr_findings_add(b->findings, DSR_F_BAG_DIGEST, j->path, wanted,
	    "%s (%s)", found, m->path);
}

/* 1, or 0 when none is under way. */
static int
finish_oldest(struct bag_check *b, struct crew *c, struct dsr_error *err)
{
	struct job *j = dsr_pool_collect(c->pool);
	size_t i;

	if (j == NULL)
		return 0;
	if (j->problem == ENOMEM)
		return dsr_fail(err, DSR_ENOMEM, "digests");
	if (j->problem != 0)
		dsr_findings_add(b->findings, DSR_F_BAGIT_UNREADABLE, j->path,
		    NULL, "%s", strerror(j->problem));
	for (i = 0; i < b->manifest_count && j->problem == 0; i++)
		if ((j->listed >> i & 1) != 0)
			compare(b, j, i);
	c->idle[c->idle_count++] = j;
	return 1;
}

static uint32_t
known_digests(const struct bag_check *b)
{
	uint32_t known = 0;
	size_t i;

	for (i = 0; i < b->manifest_count; i++)
		if (b->manifests[i].digest != NULL)
			known |= (uint32_t)1 << i;
	return known;
}

static int
submit_file(struct bag_check *b, struct crew *c, size_t file, uint32_t listed,
    struct dsr_error *err)
{
	struct job *j;

	if (c->idle_count == 0 && finish_oldest(b, c, err) < 0)
		return -1;
	j = c->idle[--c->idle_count];
	j->file = file;
	j->listed = listed;
	memcpy(j->path, bag_files_path(b->files, file),
	    (size_t)bag_files_get(b->files, file)->len + 1);
	dsr_pool_submit(c->pool, j);
	return 0;
}

int
bag_digests_check(struct bag_check *b, struct dsr_error *err)
{
	uint32_t known = known_digests(b), listed;
	struct crew *c = NULL;
	int more = 0;
	size_t i;

	if (crew_new(&c, b, err) != 0)
		return -1;
	for (i = 0; i < bag_files_count(b->files) && more == 0; i++) {
		listed = bag_files_get(b->files, i)->listed & known;
		if (listed != 0)
			more = submit_file(b, c, i, listed, err);
	}
	if (more == 0)
		while ((more = finish_oldest(b, c, err)) > 0)
			continue;
	crew_free(c);
	return more;
}
