/* SPDX-License-Identifier: ISC */
#include "exhaust.h"

#include <fcntl.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../verifier/verify.h"

/* What the file holds now. */
static int
judge_file(const struct exhaust *x)
{
	const struct verify_options o = { .trust = x->trust, .jobs = 1 };
	struct dsr_findings *findings = NULL;
	struct verify_result r;
	struct dsr_error err;
	int status = -1;

	if (lseek(x->fd, 0, SEEK_SET) != 0 ||
	    dsr_findings_new(&findings, NULL, NULL, &err) != 0)
		return -1;
	if (verify_archive(x->fd, &o, findings, &r, &err) == 0)
		status = r.exit_status;
	/* a refusal says why; nothing else does */
	if ((dsr_findings_count(findings, DSR_ERROR) > 0) != (status == 1))
		status = -1;
	dsr_findings_free(findings);
	return status;
}

static int
set_bytes(const struct exhaust *x, size_t at, const void *data, size_t len)
{
	return pwrite(x->fd, data, len, (off_t)at) == (ssize_t)len ? 0 : -1;
}

int
exhaust_judge(struct exhaust *x, const uint8_t *data, size_t len)
{
	if (ftruncate(x->fd, (off_t)len) != 0 ||
	    set_bytes(x, 0, data, len) != 0)
		return -1;
	return judge_file(x);
}

static int
read_archive(struct exhaust *x, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = -1;

	if (fd < 0 || fstat(fd, &st) != 0)
		goto out;
	x->len = (size_t)st.st_size;
	if ((x->data = malloc(x->len)) != NULL &&
	    read(fd, x->data, x->len) == st.st_size)
		rc = 0;
out:
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

int
exhaust_open(struct exhaust *x, const char *path,
    const struct dsr_trust *trust)
{
	memset(x, 0, sizeof(*x));
	x->trust = trust;
	/* memory that is given back is asked for again at once: keep it */
	(void)mallopt(M_MMAP_THRESHOLD, 1 << 28);
	(void)mallopt(M_TRIM_THRESHOLD, 1 << 28);
	x->fd = memfd_create("archive", MFD_CLOEXEC);
	if (x->fd < 0 || read_archive(x, path) != 0)
		return -1;
	x->to = x->len;
	return exhaust_judge(x, x->data, x->len) == 0 ? 0 : -1;
}

void
exhaust_close(struct exhaust *x)
{
	free(x->data);
	if (x->fd >= 0)
		(void)close(x->fd);
}

static void
count(struct exhaust *x, const char *what, size_t at, int status)
{
	x->tried++;
	if (status == 1)
		x->found++;
	else if (x->first[0] == '\0')
		(void)snprintf(x->first, sizeof(x->first),
		    "%s at byte %zu: %d", what, at, status);
}

void
exhaust_bits(struct exhaust *x)
{
	uint8_t byte;
	unsigned int bit;
	size_t i;

	(void)exhaust_judge(x, x->data, x->len);
	for (i = x->from; i < x->to; i++) {
		for (bit = 0; bit < 8; bit++) {
			byte = (uint8_t)(x->data[i] ^ (1u << bit));
			(void)set_bytes(x, i, &byte, 1);
			count(x, "bit", i, judge_file(x));
		}
		(void)set_bytes(x, i, &x->data[i], 1);
	}
}

void
exhaust_deletions(struct exhaust *x)
{
	uint8_t *copy = malloc(x->len);
	size_t i;

	assert_non_null(copy);
	for (i = x->from; i < x->to; i++) {
		memcpy(copy, x->data, i);
		memcpy(copy + i, x->data + i + 1, x->len - i - 1);
		count(x, "deletion", i, exhaust_judge(x, copy, x->len - 1));
	}
	free(copy);
}

static void
insert(struct exhaust *x, size_t at, uint8_t value, uint8_t *copy)
{
	memcpy(copy, x->data, at);
	copy[at] = value;
	memcpy(copy + at + 1, x->data + at, x->len - at);
	count(x, "insertion", at, exhaust_judge(x, copy, x->len + 1));
}

void
exhaust_insertions(struct exhaust *x, uint8_t value)
{
	uint8_t *copy = malloc(x->len + 1);
	size_t i;

	assert_non_null(copy);
	for (i = x->from; i <= x->to; i++)
		insert(x, i, value, copy);
	free(copy);
}

void
exhaust_doublings(struct exhaust *x)
{
	uint8_t *copy = malloc(x->len + 1);
	size_t i;

	assert_non_null(copy);
	for (i = x->from; i < x->to; i++)
		insert(x, i, x->data[i], copy);
	free(copy);
}

void
exhaust_truncations(struct exhaust *x)
{
	size_t i;

	for (i = x->from; i < x->to; i++)
		count(x, "truncation", i, exhaust_judge(x, x->data, i));
}
