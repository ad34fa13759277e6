/* SPDX-License-Identifier: ISC */
#include "members.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FEW 64 /* members that the list grows by */

static uint8_t *
copy_packed(const uint8_t *packed, uint64_t len)
{
	uint8_t *copy = malloc((size_t)len + 1);

	assert_non_null(copy);
	memcpy(copy, packed, (size_t)len);
	return copy;
}

static struct member *
make_room(struct members *m, size_t at)
{
	if (m->count == m->room) {
		m->room += FEW;
		m->list = reallocarray(m->list, m->room, sizeof(*m->list));
		assert_non_null(m->list);
	}
	memmove(&m->list[at + 1], &m->list[at],
	    (m->count - at) * sizeof(*m->list));
	m->count++;
	return &m->list[at];
}

static void
read_packed(struct dsr_zip_reader *zip, uint8_t *out, uint64_t len)
{
	struct dsr_error err;
	uint64_t got;
	int64_t n;

	for (got = 0; got < len; got += (uint64_t)n) {
		n = dsr_zip_reader_packed(zip, out + got, (size_t)(len - got),
		    &err);
		assert_true(n > 0);
	}
}

void
members_read(struct members *m, int fd)
{
	struct dsr_findings *findings;
	struct dsr_zip_reader *zip;
	struct dsr_zip_entry e;
	struct dsr_error err;
	struct member *member;

	*m = (struct members){ NULL, 0, 0 };
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(dsr_findings_new(&findings, NULL, NULL, &err), 0);
	assert_int_equal(dsr_zip_reader_new(&zip, fd, findings, &err), 0);
	while (dsr_zip_reader_next(zip, &e, &err) == 1) {
		member = make_room(m, m->count);
		member->entry = e;
		member->packed = malloc((size_t)e.packed_size + 1);
		assert_non_null(member->packed);
		read_packed(zip, member->packed, e.packed_size);
	}
	assert_int_equal(dsr_zip_reader_finish(zip, &err), 0);
	assert_int_equal(dsr_findings_count(findings, DSR_ERROR), 0);
	dsr_zip_reader_free(zip);
	dsr_findings_free(findings);
}

void
members_free(struct members *m)
{
	while (m->count > 0)
		free(m->list[--m->count].packed);
	free(m->list);
	*m = (struct members){ NULL, 0, 0 };
}

void
members_write(const struct members *m, int fd)
{
	struct dsr_zip_writer *w;
	struct dsr_error err;
	size_t i;

	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(dsr_zip_writer_new(&w, fd, 0, &err), 0);
	for (i = 0; i < m->count; i++)
		if (dsr_zip_writer_add(w, &m->list[i].entry,
			m->list[i].packed, &err) != 0)
			fail_msg("%s: %s", m->list[i].entry.name, err.msg);
	assert_int_equal(dsr_zip_writer_finish(w, &err), 0);
	dsr_zip_writer_free(w);
}

size_t
members_find(const struct members *m, const char *end)
{
	size_t i, len = strlen(end);

	for (i = 0; i < m->count; i++)
		if (m->list[i].entry.name_len >= len &&
		    strcmp(m->list[i].entry.name +
			    m->list[i].entry.name_len - len, end) == 0)
			break;
	return i;
}

void
members_remove(struct members *m, size_t at)
{
	assert_true(at < m->count);
	free(m->list[at].packed);
	memmove(&m->list[at], &m->list[at + 1],
	    (m->count - at - 1) * sizeof(*m->list));
	m->count--;
}

void
members_insert(struct members *m, size_t at, const struct member *from)
{
	struct member copy = { from->entry,
		copy_packed(from->packed, from->entry.packed_size) };

	*make_room(m, at) = copy;
}
