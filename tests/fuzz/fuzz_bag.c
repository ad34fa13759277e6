/* SPDX-License-Identifier: ISC */
/*
 * Tag files of a bag: the first byte of the input chooses an encoding, the
 * rest is the file. Its lines are well-formed UTF-8, and what is done with
 * paths keeps its promises.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../verifier/bag_normal.h"
#include "../../verifier/bag_path.h"
#include "../../verifier/bag_text.h"
#include "dossier/limits.h"
#include "dossier/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
normalize(struct dsr_buffer *out, const char *s, size_t len)
{
	struct dsr_error err;

	dsr_buffer_reset(out);
	if (bag_normalize(out, s, len, &err) != 0)
		abort();
}

/* Form D of form D is the same; folding does not care about the form. */
static void
check_normal(const char *s, size_t len)
{
	struct dsr_buffer once, twice, folded;
	struct dsr_error err;

	dsr_buffer_init(&once, 16 * DSR_MAX_BAG_LINE);
	dsr_buffer_init(&twice, 64 * DSR_MAX_BAG_LINE);
	dsr_buffer_init(&folded, 64 * DSR_MAX_BAG_LINE);
	normalize(&once, s, len);
	normalize(&twice, dsr_buffer_str(&once), once.len);
	if (once.len != twice.len ||
	    (once.len > 0 && memcmp(once.data, twice.data, once.len) != 0))
		abort();
	if (bag_fold(&folded, s, len, &err) != 0 || folded.len != once.len)
		abort();
	dsr_buffer_fini(&once);
	dsr_buffer_fini(&twice);
	dsr_buffer_fini(&folded);
}

static void
check_path(char *path)
{
	size_t len = strlen(path);
	bool unsafe = bag_path_is_unsafe(path);

	(void)bag_path_is_portable(path);
	(void)bag_path_shorten(path);
	if (strlen(path) > len || bag_path_shorten(path))
		abort();
	/* a shorter form leads nowhere else */
	if (!unsafe && path[0] == '/')
		abort();
	len = strlen(path);
	(void)bag_path_decode(path);
	if (strlen(path) > len)
		abort();
}

static void
check_lines(int fd, const struct bag_encoding *encoding)
{
	struct bag_text t;
	struct dsr_error err;

	bag_text_init(&t, fd, encoding);
	while (bag_text_line(&t, &err) == 1) {
		const char *line = dsr_buffer_str(&t.line);
		char *copy;

		if (!dsr_utf8_is_valid(line, t.line.len) ||
		    t.line.len > DSR_MAX_BAG_LINE ||
		    memchr(line, '\n', t.line.len) != NULL ||
		    memchr(line, '\r', t.line.len) != NULL)
			abort();
		check_normal(line, t.line.len);
		if ((copy = strdup(line)) == NULL)
			abort();
		check_path(copy);
		free(copy);
	}
	bag_text_fini(&t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "UTF-8", "UTF-16", "UTF-16BE",
		"UTF-16LE", "US-ASCII", "ISO-8859-1", "windows-1252" };
	int fd;

	if (size == 0 || (fd = memfd_create("bag", MFD_CLOEXEC)) < 0)
		return 0;
	if (write(fd, data + 1, size - 1) == (ssize_t)size - 1 &&
	    lseek(fd, 0, SEEK_SET) == 0)
		check_lines(fd, bag_encoding_find(names[data[0] % 7]));
	(void)close(fd);
	return 0;
}
