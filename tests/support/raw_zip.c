/* SPDX-License-Identifier: ISC */
#include "raw_zip.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../core/zip_reader.h"

#define BYTES_MAX 16384

struct sink {
	uint8_t *data;
	size_t len;
};

static void
put(struct sink *s, uint64_t value, size_t width)
{
	for (; width > 0; width--, value >>= 8)
		s->data[s->len++] = (uint8_t)(value & 0xFF);
}

static void
put_bytes(struct sink *s, const void *data, size_t len)
{
	memcpy(s->data + s->len, data, len);
	s->len += len;
}

static void
put_common(struct sink *s, const struct raw_header *h)
{
	put(s, h->needed, 2);
	put(s, h->flags, 2);
	put(s, h->method, 2);
	put(s, h->time, 2);
	put(s, h->date, 2);
	put(s, h->crc, 4);
	put(s, h->packed, 4);
	put(s, h->size, 4);
	put(s, h->name_len, 2);
	put(s, h->extra_len, 2);
}

static void
put_local(struct sink *s, const struct raw_header *h)
{
	put(s, h->signature, 4);
	put_common(s, h);
	put_bytes(s, h->name, h->name_len);
	put_bytes(s, h->extra, h->extra_len);
}

static void
put_central(struct sink *s, const struct raw_header *h)
{
	put(s, h->signature, 4);
	put(s, h->made_by, 2);
	put_common(s, h);
	put(s, h->comment_len, 2);
	put(s, h->disk, 2);
	put(s, h->internal, 2);
	put(s, h->external, 4);
	put(s, h->offset, 4);
	put_bytes(s, h->name, h->name_len);
	put_bytes(s, h->extra, h->extra_len);
	put_bytes(s, h->comment, h->comment_len);
}

static void
put_end64(struct sink *s, const struct raw_end *e, uint64_t at)
{
	put(s, 0x06064b50, 4);
	put(s, 44, 8);
	put(s, 0x032D, 2);
	put(s, 45, 2);
	put(s, 0, 4);
	put(s, 0, 4);
	put(s, e->here, 8);
	put(s, e->members, 8);
	put(s, e->size, 8);
	put(s, e->offset, 8);
	put(s, 0x07064b50, 4);
	put(s, 0, 4);
	put(s, at, 8);
	put(s, 1, 4);
}

static void
put_end(struct sink *s, const struct raw_end *e)
{
	put(s, 0x06054b50, 4);
	put(s, e->disk, 2);
	put(s, e->directory_disk, 2);
	put(s, e->here, 2);
	put(s, e->members, 2);
	put(s, e->size, 4);
	put(s, e->offset, 4);
	put(s, e->comment_len, 2);
	put_bytes(s, e->comment, e->comment_len);
}

uint8_t *
raw_zip_bytes(const struct raw_zip *z, size_t *len)
{
	struct sink s = { malloc(BYTES_MAX), 0 };
	const struct raw_member *m;
	size_t i;

	for (i = 0; i < z->count; i++) {
		m = &z->members[i];
		put_bytes(&s, m->before, m->before_len);
		put_local(&s, &m->local);
		put_bytes(&s, m->data, m->data_len);
	}
	for (i = 0; i < z->count; i++)
		if (!z->members[z->order[i]].hidden)
			put_central(&s, &z->members[z->order[i]].central);
	if (z->wide)
		put_end64(&s, &z->end, s.len);
	put_end(&s, &z->end);
	put_bytes(&s, z->after, z->after_len);
	*len = s.len;
	return s.data;
}

void
raw_zip_settle(struct raw_zip *z)
{
	size_t at = 0, size = 0, i;
	uint16_t members = 0;

	for (i = 0; i < z->count; i++) {
		struct raw_member *m = &z->members[i];

		at += m->before_len;
		m->central.offset = (uint32_t)at;
		at += 30 + m->local.name_len + m->local.extra_len +
		    m->data_len;
		if (m->hidden)
			continue;
		size += 46 + m->central.name_len + m->central.extra_len +
		    m->central.comment_len;
		members++;
	}
	z->end.here = z->end.members = members;
	z->end.size = (uint32_t)size;
	z->end.offset = (uint32_t)at;
}

static void
init_member(struct raw_member *m, const char *name, const char *content,
    bool deflated)
{
	struct raw_header *h = &m->local;
	struct dsr_deflater *d;
	struct dsr_zip_entry e;
	struct dsr_error err;

	if (dsr_deflater_new(&d, deflated ? 6 : 0, &err) < 0)
		abort();
	dsr_deflater_pack(d, &e, m->data, (const uint8_t *)content,
	    strlen(content));
	dsr_deflater_free(d);
	m->data_len = (size_t)e.packed_size;
	h->needed = deflated ? 20 : 10;
	h->method = (uint16_t)e.method;
	h->date = 0x0021;
	h->crc = e.crc32;
	h->packed = (uint32_t)e.packed_size;
	h->size = (uint32_t)e.size;
	h->name_len = strlen(name);
	memcpy(h->name, name, h->name_len);
	m->central = m->local;
	m->local.signature = 0x04034b50;
	m->central.signature = 0x02014b50;
	m->central.made_by = 0x032D;
	m->central.external = 0x81A40000;
}

void
raw_zip_init(struct raw_zip *z)
{
	size_t i;

	memset(z, 0, sizeof(*z));
	init_member(&z->members[0], "a/stored.txt", "some text", false);
	init_member(&z->members[1], "a/twice.json",
	    "{\"text\":\"text text text text text text text text text "
	    "text text text\"}", true);
	init_member(&z->members[2], "a/void", "", false);
	z->count = 3;
	for (i = 0; i < RAW_MEMBERS; i++)
		z->order[i] = i;
	raw_zip_settle(z);
}

int
memory_file(const void *data, size_t len)
{
	int fd = memfd_create("dossier-test", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, len) != (ssize_t)len ||
	    lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

uint8_t *
file_bytes(int fd, size_t *len)
{
	struct stat st;
	uint8_t *data;

	if (fstat(fd, &st) < 0)
		abort();
	*len = (size_t)st.st_size;
	data = malloc(*len + 1);
	if (data == NULL || pread(fd, data, *len, 0) != (ssize_t)*len)
		abort();
	return data;
}

static void
read_zip(struct dsr_zip_reader *r)
{
	struct dsr_zip_entry e;
	struct dsr_error err;
	uint8_t piece[4096];
	int64_t n;
	int rc;

	while ((rc = dsr_zip_reader_next(r, &e, &err)) > 0)
		do
			n = dsr_zip_reader_read(r, piece, sizeof(piece), &err);
		while (n > 0);
	if (rc < 0 || dsr_zip_reader_finish(r, &err) < 0)
		abort();
}

struct dsr_findings *
judge_zip_at(const void *data, size_t len, uint64_t base)
{
	struct dsr_findings *findings;
	struct dsr_zip_reader *r;
	struct dsr_error err;
	int fd = memory_file(data, len);

	if (dsr_findings_new(&findings, NULL, NULL, &err) < 0 ||
	    dsr_zip_reader_new(&r, fd, findings, &err) < 0 ||
	    dsr_zip_reader_watch_names(r, &err) < 0)
		abort();
	dsr_zip_input_start_at(r->input, base);
	read_zip(r);
	dsr_zip_reader_free(r);
	close(fd);
	return findings;
}

struct dsr_findings *
judge_zip(const void *data, size_t len)
{
	return judge_zip_at(data, len, 0);
}

static void
expect_fault(const struct raw_fault *fault)
{
	struct dsr_findings *f;
	const char *first;
	struct raw_zip z;
	uint64_t right;
	uint8_t *bytes;
	size_t len;

	raw_zip_init(&z);
	fault->change(&z);
	bytes = raw_zip_bytes(&z, &len);
	f = judge_zip(bytes, len);
	first = dsr_findings_kept(f) == 0 ? "nothing" :
	    dsr_finding_name(dsr_findings_get(f, 0)->id);
	right = fault->id == DSR_FINDING_COUNT ? 0 :
	    dsr_findings_count_of(f, fault->id);
	if (fault->id != DSR_FINDING_COUNT && right == 0)
		fail_msg("%s: found %s", fault->why, first);
	if (dsr_findings_count(f, DSR_ERROR) != right)
		fail_msg("%s: found more; first %s, last %s", fault->why,
		    first, dsr_finding_name(dsr_findings_get(f,
			dsr_findings_kept(f) - 1)->id));
	dsr_findings_free(f);
	free(bytes);
}

void
expect_faults(const struct raw_fault *faults, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		expect_fault(&faults[i]);
}
