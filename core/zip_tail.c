/* SPDX-License-Identifier: ISC */
#include "dossier/zip_tail.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dossier/file.h"
#include "dossier/finding.h"
#include "dossier/name.h"
#include "zip_format.h"
#include "zip_header.h"
#include "zip_input.h"

#define MAX_KEPT 128u   /* members remembered: DSR_MAX_STAMPS and signatures */
#define PIECE    65536u

struct dsr_zip_tail {
	int fd;
	const char *folder;
	struct dsr_zip_ends ends;
	struct dsr_zip_entry kept[MAX_KEPT];
	size_t count;
};

static int
fail_form(struct dsr_error *err, const char *what)
{
	return dsr_fail(err, DSR_EFORMAT, "not an archive of this format: %s "
	    "(dossier verify --layer zip tells more) - FORMAT.md 2", what);
}

static int
read_at(int fd, void *buf, size_t len, uint64_t at, struct dsr_error *err)
{
	uint8_t *p = buf;
	ssize_t n;

	while (len > 0) {
		n = pread(fd, p, len, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return dsr_fail_sys(err, "reading the archive");
		if (n == 0)
			return fail_form(err, "it ends too early");
		p += n;
		len -= (size_t)n;
		at += (uint64_t)n;
	}
	return 0;
}

/* ---- end records ---------------------------------------------------------------- */

/* What the records at the end say; they are compared as a whole afterwards. */
static void
parse_ends(struct dsr_zip_ends *ends, const uint8_t *tail, size_t len)
{
	const uint8_t *end = tail + len - DSR_ZIP_END_BYTES, *end64;

	ends->members = dsr_zip_get16(end + 10);
	ends->directory_size = dsr_zip_get32(end + 12);
	ends->directory_offset = dsr_zip_get32(end + 16);
	if (len < DSR_ZIP_ENDS_MAX ||
	    (ends->members < DSR_ZIP_MAX16 &&
		ends->directory_size < DSR_ZIP_MAX32 &&
		ends->directory_offset < DSR_ZIP_MAX32))
		return;
	end64 = tail + len - DSR_ZIP_ENDS_MAX;
	ends->members = dsr_zip_get64(end64 + 32);
	ends->directory_size = dsr_zip_get64(end64 + 40);
	ends->directory_offset = dsr_zip_get64(end64 + 48);
}

static int
read_ends(struct dsr_zip_tail *t, struct dsr_error *err)
{
	uint8_t tail[DSR_ZIP_ENDS_MAX], right[DSR_ZIP_ENDS_MAX];
	struct dsr_zip_ends *ends = &t->ends;
	size_t len = sizeof(tail), wanted;
	struct stat st;
	uint64_t size;

	if (fstat(t->fd, &st) != 0)
		return dsr_fail_sys(err, "reading the archive");
	if (!S_ISREG(st.st_mode))
		return fail_form(err, "not a regular file");
	size = (uint64_t)st.st_size;
	if (size < DSR_ZIP_END_BYTES)
		return fail_form(err, "too short");
	if (size < len)
		len = (size_t)size;
	if (read_at(t->fd, tail, len, size - len, err) != 0)
		return -1;
	parse_ends(ends, tail, len);
	wanted = dsr_zip_ends_encode(right, ends);
	if (wanted > len || memcmp(right, tail + len - wanted, wanted) != 0 ||
	    ends->directory_offset > size ||
	    ends->directory_size > size - ends->directory_offset ||
	    ends->directory_offset + ends->directory_size + wanted != size)
		return fail_form(err, "its end records");
	return 0;
}

/* ---- the directory ----------------------------------------------------------------- */

static int
remember(struct dsr_zip_tail *t, const struct dsr_zip_entry *e,
    struct dsr_error *err)
{
	const char *slash = strchr(e->name, '/');

	if (slash == NULL ||
	    strncmp(slash + 1, t->folder, strlen(t->folder)) != 0)
		return 0;
	if (t->count == MAX_KEPT)
		return dsr_fail(err, DSR_ELIMIT, "more than %u members in %s",
		    MAX_KEPT, t->folder);
	t->kept[t->count++] = *e;
	return 0;
}

/* The next header; *at goes from member to member. */
static int
read_header(struct dsr_zip_tail *t, struct dsr_zip_input *in, uint64_t *at,
    struct dsr_findings *findings, struct dsr_error *err)
{
	const size_t fixed = dsr_zip_header_fixed(DSR_ZIP_CENTRAL);
	uint8_t right[DSR_ZIP_CENTRAL_MAX], local[DSR_ZIP_LOCAL_MAX];
	struct dsr_zip_entry e;
	size_t size = fixed, encoded;
	int64_t n;

	if ((n = dsr_zip_input_need(in, fixed, err)) >= (int64_t)fixed) {
		size = dsr_zip_header_size(DSR_ZIP_CENTRAL,
		    dsr_zip_input_bytes(in));
		n = dsr_zip_input_need(in, size, err);
	}
	if (n < 0)
		return -1;
	if (n < (int64_t)size ||
	    dsr_zip_header_judge(DSR_ZIP_CENTRAL, dsr_zip_input_bytes(in), 0,
		&e, findings) != DSR_ZIP_USABLE)
		return fail_form(err, "its directory");
	encoded = dsr_zip_central_encode(right, &e);
	if (encoded != size ||
	    memcmp(right, dsr_zip_input_bytes(in), size) != 0)
		return fail_form(err, "its directory");
	size = dsr_zip_local_encode(local, &e);
	if (e.offset != *at || size > t->ends.directory_offset - *at ||
	    e.packed_size > t->ends.directory_offset - *at - size)
		return fail_form(err, "its members do not tile the file");
	*at += size + e.packed_size;
	dsr_zip_input_take(in, encoded);
	return remember(t, &e, err);
}

static int
read_directory(struct dsr_zip_tail *t, struct dsr_error *err)
{
	struct dsr_findings *findings = NULL;
	struct dsr_zip_input *in = NULL;
	struct dsr_source source;
	uint64_t at = 0, i;
	int rc = -1;

	dsr_source_of_fd(&source, &t->fd);
	if (lseek(t->fd, (off_t)t->ends.directory_offset, SEEK_SET) < 0)
		return dsr_fail_sys(err, "reading the archive");
	if (dsr_findings_new(&findings, NULL, NULL, err) != 0 ||
	    dsr_zip_input_new(&in, &source, err) != 0)
		goto out;
	for (i = 0; i < t->ends.members; i++)
		if (read_header(t, in, &at, findings, err) != 0)
			goto out;
	if (at != t->ends.directory_offset ||
	    dsr_zip_input_offset(in) != t->ends.directory_size ||
	    dsr_findings_count(findings, DSR_ERROR) > 0)
		(void)fail_form(err, "its directory");
	else
		rc = 0;
out:
	dsr_zip_input_free(in);
	dsr_findings_free(findings);
	return rc;
}

int
dsr_zip_tail_new(struct dsr_zip_tail **out, int fd, const char *folder,
    struct dsr_error *err)
{
	struct dsr_zip_tail *t = calloc(1, sizeof(*t));

	*out = NULL;
	if (t == NULL)
		return dsr_fail(err, DSR_ENOMEM, "end of the archive");
	t->fd = fd;
	t->folder = folder;
	if (read_ends(t, err) != 0 || read_directory(t, err) != 0) {
		free(t);
		return -1;
	}
	*out = t;
	return 0;
}

void
dsr_zip_tail_free(struct dsr_zip_tail *t)
{
	free(t);
}

uint64_t
dsr_zip_tail_offset(const struct dsr_zip_tail *t)
{
	return t->ends.directory_offset;
}

size_t
dsr_zip_tail_count(const struct dsr_zip_tail *t)
{
	return t->count;
}

const struct dsr_zip_entry *
dsr_zip_tail_entry(const struct dsr_zip_tail *t, size_t i)
{
	return &t->kept[i];
}

int
dsr_zip_tail_read(const struct dsr_zip_tail *t, const struct dsr_zip_entry *e,
    struct dsr_buffer *out, struct dsr_error *err)
{
	uint8_t right[DSR_ZIP_LOCAL_MAX], found[DSR_ZIP_LOCAL_MAX];
	size_t header = dsr_zip_local_encode(right, e), before = out->len;

	if (read_at(t->fd, found, header, e->offset, err) != 0)
		return -1;
	if (e->method != DSR_ZIP_STORED || memcmp(right, found, header) != 0)
		return fail_form(err, "a local header");
	if (e->size > out->max - out->len)
		return fail_form(err, "a member that is too long");
	if (dsr_buffer_reserve(out, (size_t)e->size, err) != 0 ||
	    read_at(t->fd, out->data + before, (size_t)e->size,
		e->offset + header, err) != 0)
		return -1;
	out->len += (size_t)e->size;
	out->data[out->len] = '\0';
	return dsr_crc32(0, out->data + before, (size_t)e->size) == e->crc32
	    ? 0
	    : fail_form(err, "the check sum of a member");
}

/* ---- one more member ------------------------------------------------------------------ */

static int
copy_directory(const struct dsr_zip_tail *t, int to, struct dsr_error *err)
{
	uint64_t at = t->ends.directory_offset, left = t->ends.directory_size;
	uint8_t piece[PIECE];
	size_t n;

	for (; left > 0; left -= n, at += n) {
		n = left < PIECE ? (size_t)left : PIECE;
		if (read_at(t->fd, piece, n, at, err) != 0 ||
		    dsr_write_all(to, piece, n, err) != 0)
			return -1;
	}
	return 0;
}

int
dsr_zip_tail_write(const struct dsr_zip_tail *t, int to, const char *name,
    const void *data, size_t len, struct dsr_error *err)
{
	uint8_t local[DSR_ZIP_LOCAL_MAX], central[DSR_ZIP_CENTRAL_MAX];
	uint8_t records[DSR_ZIP_ENDS_MAX];
	struct dsr_zip_ends ends = t->ends;
	struct dsr_zip_entry e = { .method = DSR_ZIP_STORED, .size = len,
		.packed_size = len, .name_len = strlen(name),
		.offset = t->ends.directory_offset };
	size_t local_len, central_len;

	if (!dsr_name_is_safe(name, e.name_len) ||
	    ends.members >= DSR_MAX_MEMBERS)
		return dsr_fail(err, DSR_EFORMAT,
		    "no member can be added - FORMAT.md 2.4, 2.6");
	memcpy(e.name, name, e.name_len);
	e.crc32 = dsr_crc32(0, data, len);
	local_len = dsr_zip_local_encode(local, &e);
	central_len = dsr_zip_central_encode(central, &e);
	ends.members++;
	ends.directory_offset += local_len + len;
	ends.directory_size += central_len;
	if (lseek(to, (off_t)e.offset, SEEK_SET) < 0)
		return dsr_fail_sys(err, "writing the archive");
	if (dsr_write_all(to, local, local_len, err) != 0 ||
	    dsr_write_all(to, data, len, err) != 0 ||
	    copy_directory(t, to, err) != 0 ||
	    dsr_write_all(to, central, central_len, err) != 0)
		return -1;
	return dsr_write_all(to, records, dsr_zip_ends_encode(records, &ends),
	    err);
}
