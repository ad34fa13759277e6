/* SPDX-License-Identifier: ISC */
#include "dossier/zip.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dossier/file.h"
#include "dossier/name.h"
#include "zip_format.h"

#define BUFFER_BYTES 262144u /* so that small members cost no call each */
#define CATCH_UP     (2 * BUFFER_BYTES) /* read back for a buffer written */

struct dsr_zip_writer {
	struct dsr_sink sink;
	int fd;                    /* of the file; -1: there is only a sink */
	struct dsr_spool *waiting; /* ... then: bytes of the open member */
	uint64_t base;             /* offset of the file's first byte */
	uint64_t flushed;          /* bytes in the file */
	struct dsr_spool *central; /* the directory so far */
	struct dsr_sha256 *hash;   /* of all bytes before `hashed` */
	uint64_t hashed;           /* bytes, of the file */
	uint64_t settled;          /* ... that are final: see hash_settled */
	uint64_t count;            /* members that are whole */
	bool open;                 /* between begin and end */
	bool wide;                 /* ... and with ZIP64 sizes */
	struct dsr_zip_entry member; /* the open one */
	size_t len;                /* bytes in the buffer */
	uint8_t buffer[BUFFER_BYTES];
	uint8_t again[BUFFER_BYTES]; /* what is read back */
};

static int
new_writer(struct dsr_zip_writer **out, int fd, const struct dsr_sink *sink,
    struct dsr_error *err)
{
	struct dsr_zip_writer *w;

	*out = NULL;
	if ((w = calloc(1, sizeof(*w))) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "ZIP writer");
	w->fd = fd;
	if (sink != NULL)
		w->sink = *sink;
	else
		dsr_sink_of_fd(&w->sink, &w->fd);
	if ((sink != NULL ? dsr_spool_new_secret(&w->central, err)
			  : dsr_spool_new(&w->central, err)) < 0 ||
	    dsr_sha256_new(&w->hash, err) < 0) {
		dsr_zip_writer_free(w);
		return -1;
	}
	*out = w;
	return 0;
}

int
dsr_zip_writer_new(struct dsr_zip_writer **out, int fd, uint64_t base,
    struct dsr_error *err)
{
	if (new_writer(out, fd, NULL, err) < 0)
		return -1;
	(*out)->base = base;
	return 0;
}

int
dsr_zip_writer_new_sink(struct dsr_zip_writer **out,
    const struct dsr_sink *sink, struct dsr_error *err)
{
	return new_writer(out, -1, sink, err);
}

void
dsr_zip_writer_free(struct dsr_zip_writer *w)
{
	if (w == NULL)
		return;
	dsr_spool_free(w->central);
	dsr_spool_free(w->waiting);
	dsr_sha256_free(w->hash);
	free(w);
}

uint64_t
dsr_zip_writer_count(const struct dsr_zip_writer *w)
{
	return w->count;
}

uint64_t
dsr_zip_writer_offset(const struct dsr_zip_writer *w)
{
	return w->base + w->flushed + w->len;
}

/* Reads the file where the hash stands; a piece of len at most. */
static int64_t
read_back(struct dsr_zip_writer *w, uint64_t len, struct dsr_error *err)
{
	size_t want = len < sizeof(w->again) ? (size_t)len : sizeof(w->again);
	ssize_t n;

	do {
		n = pread(w->fd, w->again, want, (off_t)w->hashed);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return dsr_fail_sys(err, "reading the archive back");
	if (n == 0)
		return dsr_fail(err, DSR_EIO,
		    "the archive became shorter while it was written");
	return n;
}

/*
 * Bytes of a large member are final only when its header is; then they are read
 * back and hashed, most of them while the next one is being packed.
 */
static int
hash_settled(struct dsr_zip_writer *w, uint64_t most, struct dsr_error *err)
{
	uint64_t left;
	int64_t n;

	for (; w->hashed < w->settled && most > 0; most -= (uint64_t)n) {
		left = w->settled - w->hashed;
		if ((n = read_back(w, left < most ? left : most, err)) < 0)
			return -1;
		dsr_sha256_update(w->hash, w->again, (size_t)n);
		w->hashed += (uint64_t)n;
	}
	return 0;
}

/* Hashes all that is final, with what the buffer holds. */
static int
hash_buffer(struct dsr_zip_writer *w, struct dsr_error *err)
{
	size_t done;

	if (hash_settled(w, UINT64_MAX, err) < 0)
		return -1;
	if (w->open)
		return 0;
	done = (size_t)(w->hashed - w->flushed);
	dsr_sha256_update(w->hash, w->buffer + done, w->len - done);
	w->hashed = w->flushed + w->len;
	return 0;
}

int
dsr_zip_writer_digest(struct dsr_zip_writer *w, uint8_t out[DSR_SHA256_BYTES],
    struct dsr_error *err)
{
	if (hash_buffer(w, err) < 0)
		return -1;
	dsr_sha256_peek(w->hash, out);
	return 0;
}

static int
flush_buffer(struct dsr_zip_writer *w, struct dsr_error *err)
{
	if ((w->open ? hash_settled(w, CATCH_UP, err)
		     : hash_buffer(w, err)) < 0)
		return -1;
	if (w->sink.write(w->sink.ctx, w->buffer, w->len, err) < 0)
		return dsr_wrap(err, "writing the archive");
	w->flushed += w->len;
	w->len = 0;
	return 0;
}

/* More than a buffer full goes to the file straight away. */
static int
put_direct(struct dsr_zip_writer *w, const void *data, size_t len,
    struct dsr_error *err)
{
	if (flush_buffer(w, err) < 0)
		return -1;
	if (w->sink.write(w->sink.ctx, data, len, err) < 0)
		return dsr_wrap(err, "writing the archive");
	w->flushed += len;
	if (!w->open) {
		dsr_sha256_update(w->hash, data, len);
		w->hashed = w->flushed;
	}
	return 0;
}

static int
put_bytes(struct dsr_zip_writer *w, const void *data, size_t len,
    struct dsr_error *err)
{
	if (len > sizeof(w->buffer))
		return put_direct(w, data, len, err);
	if (len > sizeof(w->buffer) - w->len && flush_buffer(w, err) < 0)
		return -1;
	if (len > 0)
		memcpy(w->buffer + w->len, data, len);
	w->len += len;
	return 0;
}

/* FORMAT.md 2.4, 2.6 */
static int
check_member(const struct dsr_zip_writer *w, const struct dsr_zip_entry *e,
    struct dsr_error *err)
{
	if (e->name_len > DSR_MAX_NAME ||
	    !dsr_name_is_safe(e->name, e->name_len))
		return dsr_fail(err, DSR_EFORMAT, "FORMAT.md 2.4: member %"
		    PRIu64 " has a name that is not allowed", w->count + 1);
	if (w->count >= DSR_MAX_MEMBERS)
		return dsr_fail(err, DSR_ELIMIT,
		    "FORMAT.md 2.6: more than %u members", DSR_MAX_MEMBERS);
	if (e->size > DSR_MAX_MEMBER_BYTES)
		return dsr_fail(err, DSR_ELIMIT,
		    "FORMAT.md 2.6: a member of more than %llu bytes",
		    DSR_MAX_MEMBER_BYTES);
	return 0;
}

/* FORMAT.md 2.2 */
static int
check_sizes(const struct dsr_zip_entry *e, struct dsr_error *err)
{
	bool right = e->method == DSR_ZIP_DEFLATED ?
	    e->packed_size < e->size : e->packed_size == e->size;

	return right ? 0 : dsr_fail(err, DSR_EFAILED,
	    "FORMAT.md 2.2: %" PRIu64 " bytes were packed as %" PRIu64,
	    e->size, e->packed_size);
}

static int
add_to_directory(struct dsr_zip_writer *w, const struct dsr_zip_entry *e,
    struct dsr_error *err)
{
	uint8_t header[DSR_ZIP_CENTRAL_MAX];
	size_t len = dsr_zip_central_encode(header, e);

	if (dsr_spool_write(w->central, header, len, err) < 0)
		return dsr_wrap(err, "keeping the directory");
	w->count++;
	return 0;
}

int
dsr_zip_writer_add(struct dsr_zip_writer *w, const struct dsr_zip_entry *e,
    const void *packed, struct dsr_error *err)
{
	struct dsr_zip_entry member = *e;
	uint8_t header[DSR_ZIP_LOCAL_MAX];
	size_t len;

	if (w->open)
		return dsr_fail(err, DSR_EBUG, "a member is still open");
	if (check_member(w, e, err) < 0 || check_sizes(e, err) < 0)
		return -1;
	member.offset = dsr_zip_writer_offset(w);
	len = dsr_zip_local_encode(header, &member);
	if (put_bytes(w, header, len, err) < 0 ||
	    put_bytes(w, packed, (size_t)e->packed_size, err) < 0)
		return -1;
	return add_to_directory(w, &member, err);
}

/* A header of the right length stands there until the true one is known. */
static int
put_placeholder(struct dsr_zip_writer *w, struct dsr_error *err)
{
	uint8_t header[DSR_ZIP_LOCAL_MAX];
	struct dsr_zip_entry e = w->member;

	e.size = e.packed_size = w->wide ? DSR_ZIP_MAX32 : 0;
	return put_bytes(w, header, dsr_zip_local_encode(header, &e), err);
}

int
dsr_zip_writer_begin(struct dsr_zip_writer *w, const char *name,
    enum dsr_zip_method method, uint64_t expected_size, struct dsr_error *err)
{
	struct dsr_zip_entry *e = &w->member;

	if (w->open)
		return dsr_fail(err, DSR_EBUG, "a member is still open");
	memset(e, 0, sizeof(*e));
	e->name_len = strnlen(name, sizeof(e->name));
	if (e->name_len <= DSR_MAX_NAME)
		memcpy(e->name, name, e->name_len);
	e->method = method;
	e->size = expected_size;
	if (check_member(w, e, err) < 0 ||
	    (w->len > 0 && flush_buffer(w, err) < 0))
		return -1;
	e->offset = dsr_zip_writer_offset(w);
	/* packed bytes are never more than the content: see check_sizes */
	w->wide = dsr_zip_sizes_need64(expected_size, 0);
	w->open = true;
	return w->fd < 0 ? dsr_spool_new_secret(&w->waiting, err)
			 : put_placeholder(w, err);
}

int
dsr_zip_writer_write(struct dsr_zip_writer *w, const void *packed, size_t len,
    struct dsr_error *err)
{
	if (!w->open)
		return dsr_fail(err, DSR_EBUG, "no member is open");
	w->member.packed_size += len;
	return w->fd < 0 ? dsr_spool_write(w->waiting, packed, len, err)
			 : put_bytes(w, packed, len, err);
}

uint64_t
dsr_zip_writer_packed(const struct dsr_zip_writer *w)
{
	return w->member.packed_size;
}

static int
write_at(int fd, const uint8_t *data, size_t len, uint64_t at,
    struct dsr_error *err)
{
	ssize_t n;

	while (len > 0) {
		n = pwrite(fd, data, len, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return dsr_fail_sys(err, "writing the archive");
		data += n;
		len -= (size_t)n;
		at += (uint64_t)n;
	}
	return 0;
}

/* The true header over the placeholder; then its bytes are final. */
static int
settle_in_file(struct dsr_zip_writer *w, struct dsr_error *err)
{
	uint8_t header[DSR_ZIP_LOCAL_MAX];
	size_t len = dsr_zip_local_encode(header, &w->member);

	if (flush_buffer(w, err) < 0 ||
	    write_at(w->fd, header, len, w->member.offset - w->base, err) < 0)
		return -1;
	w->settled = w->flushed;
	w->open = false;
	return 0;
}

static int
put_spool(struct dsr_zip_writer *w, struct dsr_spool *spool,
    struct dsr_error *err)
{
	uint8_t piece[16384];
	int64_t n;

	if (dsr_spool_rewind(spool, err) < 0)
		return -1;
	while ((n = dsr_spool_read(spool, piece, sizeof(piece), err)) > 0)
		if (put_bytes(w, piece, (size_t)n, err) < 0)
			return -1;
	return (int)n;
}

/* The header is known now: it goes first, and what waited behind it. */
static int
settle_in_sink(struct dsr_zip_writer *w, struct dsr_error *err)
{
	uint8_t header[DSR_ZIP_LOCAL_MAX];
	size_t len = dsr_zip_local_encode(header, &w->member);
	int rc;

	w->open = false;
	if (put_bytes(w, header, len, err) < 0)
		return -1;
	rc = put_spool(w, w->waiting, err);
	dsr_spool_free(w->waiting);
	w->waiting = NULL;
	return rc;
}

int
dsr_zip_writer_end(struct dsr_zip_writer *w, uint32_t crc32, uint64_t size,
    struct dsr_error *err)
{
	struct dsr_zip_entry *e = &w->member;

	if (!w->open)
		return dsr_fail(err, DSR_EBUG, "no member is open");
	e->crc32 = crc32;
	e->size = size;
	if (check_member(w, e, err) < 0 || check_sizes(e, err) < 0)
		return -1;
	if (dsr_zip_sizes_need64(e->size, e->packed_size) != w->wide)
		return dsr_fail(err, DSR_EFAILED, "FORMAT.md 2.3: a member has "
		    "%" PRIu64 " bytes, which was not expected", e->size);
	if ((w->fd < 0 ? settle_in_sink(w, err) : settle_in_file(w, err)) < 0)
		return -1;
	return add_to_directory(w, e, err);
}

int
dsr_zip_writer_cancel(struct dsr_zip_writer *w, struct dsr_error *err)
{
	off_t start = (off_t)(w->member.offset - w->base);

	if (!w->open)
		return dsr_fail(err, DSR_EBUG, "no member is open");
	if (w->fd < 0) {
		dsr_spool_free(w->waiting);
		w->waiting = NULL;
		w->open = false;
		return 0;
	}
	if (ftruncate(w->fd, start) < 0 || lseek(w->fd, start, SEEK_SET) < 0)
		return dsr_fail_sys(err, "taking a member out again");
	w->flushed = (uint64_t)start;
	w->len = 0;
	w->open = false;
	return 0;
}

int
dsr_zip_writer_finish(struct dsr_zip_writer *w, struct dsr_error *err)
{
	uint8_t records[DSR_ZIP_ENDS_MAX];
	struct dsr_zip_ends ends;
	size_t len;

	if (w->open)
		return dsr_fail(err, DSR_EBUG, "a member is still open");
	if (w->count == 0)
		return dsr_fail(err, DSR_EFAILED,
		    "FORMAT.md 2.1: an archive has at least one member");
	ends.members = w->count;
	ends.directory_offset = dsr_zip_writer_offset(w);
	ends.directory_size = dsr_spool_size(w->central);
	if (put_spool(w, w->central, err) < 0)
		return -1;
	len = dsr_zip_ends_encode(records, &ends);
	if (put_bytes(w, records, len, err) < 0)
		return -1;
	return flush_buffer(w, err);
}
