/* SPDX-License-Identifier: ISC */
/* Outputs appear whole or not at all; buffers and spools keep their bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "dossier/file.h"

static char folder[256], path[300];

static int
make_folder(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "%s/file-XXXXXX",
	    getenv("TMPDIR") == NULL ? "/tmp" : getenv("TMPDIR"));
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/out", folder);
	return sodium_init() < 0 ? -1 : 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder); /* fails when anything was left behind */
}

static int
count_files(void)
{
	DIR *dir = opendir(folder);
	int n = -2; /* . and .. */

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	return n;
}

static void
test_outfile(void **state)
{
	struct dsr_outfile *f = NULL;
	struct dsr_error err;
	struct stat st;

	(void)state;
	assert_int_equal(dsr_outfile_new(&f, path, false, &err), 0);
	assert_int_equal(dsr_write_all(dsr_outfile_fd(f), "one", 3, &err), 0);
	assert_int_equal(access(path, F_OK), -1); /* not before it is whole */
	assert_int_equal(dsr_outfile_commit(f, &err), 0);
	dsr_outfile_free(f);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(count_files(), 1);

	assert_int_equal(dsr_outfile_new(&f, path, false, &err), -1);
	assert_int_equal(err.code, DSR_EEXISTS);
	assert_int_equal(dsr_file_write(path, "two!", 4, true, &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 4);

	assert_int_equal(dsr_outfile_new(&f, path, true, &err), 0);
	dsr_outfile_free(f); /* given up: the old one stays, nothing else */
	assert_int_equal(count_files(), 1);
	assert_int_equal(unlink(path), 0);
}

/* Two that race for one name: the second loses, and overwrites nothing. */
static void
test_race(void **state)
{
	struct dsr_outfile *a = NULL, *b = NULL;
	struct dsr_buffer text;
	struct dsr_error err;

	(void)state;
	assert_int_equal(dsr_outfile_new(&a, path, false, &err), 0);
	assert_int_equal(dsr_outfile_new(&b, path, false, &err), 0);
	assert_int_equal(dsr_write_all(dsr_outfile_fd(a), "a", 1, &err), 0);
	assert_int_equal(dsr_write_all(dsr_outfile_fd(b), "b", 1, &err), 0);
	assert_int_equal(dsr_outfile_commit(b, &err), 0);
	assert_int_equal(dsr_outfile_commit(a, &err), -1);
	assert_int_equal(err.code, DSR_EEXISTS);
	dsr_outfile_free(a);
	dsr_outfile_free(b);
	dsr_buffer_init(&text, 10);
	assert_int_equal(dsr_file_read(&text, path, &err), 0);
	assert_string_equal(dsr_buffer_str(&text), "b");
	dsr_buffer_fini(&text);
	assert_int_equal(count_files(), 1);
	assert_int_equal(unlink(path), 0);
}

static void
test_bounds(void **state)
{
	struct dsr_buffer b;
	struct dsr_error err;

	(void)state;
	assert_int_equal(dsr_file_write(path, "0123456789", 10, false, &err),
	    0);
	dsr_buffer_init(&b, 10);
	assert_int_equal(dsr_file_read(&b, path, &err), 0); /* exactly full */
	assert_int_equal(b.len, 10);
	dsr_buffer_fini(&b);
	dsr_buffer_init(&b, 9);
	assert_int_equal(dsr_file_read(&b, path, &err), -1);
	assert_int_equal(err.code, DSR_ELIMIT);
	dsr_buffer_fini(&b);
	assert_int_equal(dsr_buffer_append(&b, "123456789", 9, &err), 0);
	assert_int_equal(dsr_buffer_putc(&b, 'x', &err), -1);
	assert_string_equal(dsr_buffer_str(&b), "123456789");
	assert_int_equal(dsr_buffer_append(&b, "x", SIZE_MAX, &err), -1);
	dsr_buffer_fini(&b);
	assert_int_equal(unlink(path), 0);
}

static void
test_secret(void **state)
{
	static const struct {
		const char *text, *secret, *why;
	} row[] = {
		{ "token", "token", "no line end" },
		{ "token\n", "token", "LF is not part of it" },
		{ "token\r\n", "token", "CRLF neither" },
		{ "token\n\n", "token\n", "only one is taken" },
		{ "token\r", "token\r", "CR alone is part of it" },
		{ " t ", " t ", "blanks are" },
		{ "\n", "", "empty" },
	};
	struct dsr_secret s;
	struct dsr_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		assert_int_equal(dsr_file_write(path, row[i].text,
				     strlen(row[i].text), true, &err), 0);
		assert_int_equal(dsr_secret_read(&s, path, &err), 0);
		if (strcmp(s.data, row[i].secret) != 0 ||
		    s.len != strlen(row[i].secret))
			fail_msg("%s", row[i].why);
		dsr_secret_fini(&s);
	}
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(dsr_secret_read(&s, path, &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
	assert_int_equal(dsr_secret_read(&s, folder, &err), -1);
	assert_int_equal(unlink(path), 0);
}

static void
test_spool(void **state)
{
	struct dsr_spool *s = NULL;
	struct dsr_buffer line;
	struct dsr_error err;
	char text[64];
	int i, round;

	(void)state;
	assert_int_equal(dsr_spool_new(&s, &err), 0);
	for (i = 0; i < 10000; i++) {
		(void)snprintf(text, sizeof(text), "line %d\n", i);
		assert_int_equal(dsr_spool_write(s, text, strlen(text), &err),
		    0);
	}
	assert_int_equal(dsr_spool_write(s, "end", 3, &err), 0);
	dsr_buffer_init(&line, 16);
	for (round = 0; round < 2; round++) {
		assert_int_equal(dsr_spool_rewind(s, &err), 0);
		for (i = 0; i < 10000; i++) {
			(void)snprintf(text, sizeof(text), "line %d\n", i);
			assert_int_equal(dsr_spool_line(s, &line, &err), 1);
			assert_string_equal(dsr_buffer_str(&line), text);
		}
		assert_int_equal(dsr_spool_line(s, &line, &err), 1);
		assert_string_equal(dsr_buffer_str(&line), "end");
		assert_int_equal(dsr_spool_line(s, &line, &err), 0);
	}
	assert_int_equal(dsr_spool_write(s, "x", 1, &err), -1);
	dsr_buffer_fini(&line);
	dsr_spool_free(s);
}

static void
read_from(struct dsr_spool *s, uint32_t count, uint32_t first)
{
	struct dsr_error err;
	uint32_t found, wanted;
	uint8_t *p = (uint8_t *)&found;
	int64_t n;
	size_t got;

	for (wanted = first; wanted <= count; wanted++) {
		for (got = 0; got < sizeof(found); got += (size_t)n) {
			n = dsr_spool_read(s, p + got, sizeof(found) - got,
			    &err);
			if (n <= 0)
				break;
		}
		assert_int_equal(got, wanted < count ? sizeof(found) : 0);
		if (wanted < count)
			assert_int_equal(found, wanted);
	}
}

/* Below, at and above what stays in memory; open and secret. */
static void
test_spool_places(void **state)
{
	static const uint32_t counts[] = { 0, 1, 16383, 16384, 16385, 50000 };
	struct dsr_spool *s = NULL;
	struct dsr_error err;
	uint32_t n, first;
	size_t i;

	(void)state;
	for (i = 0; i < 2 * sizeof(counts) / sizeof(counts[0]); i++) {
		assert_int_equal(i % 2 == 0 ? dsr_spool_new(&s, &err)
					    : dsr_spool_new_secret(&s, &err),
		    0);
		for (n = 0; n < counts[i / 2]; n++)
			assert_int_equal(dsr_spool_write(s, &n, sizeof(n),
			    &err), 0);
		assert_int_equal(dsr_spool_size(s), 4 * (uint64_t)n);
		assert_int_equal(dsr_spool_rewind(s, &err), 0);
		read_from(s, n, 0);
		for (first = 0; first <= n; first += n / 3 + 1) {
			assert_int_equal(dsr_spool_seek(s, 4 * (uint64_t)first,
			    &err), 0);
			read_from(s, n, first);
		}
		assert_int_equal(dsr_spool_seek(s, 4 * (uint64_t)n, &err), 0);
		read_from(s, n, n);
		assert_int_equal(dsr_spool_seek(s, 4 * (uint64_t)n + 1, &err),
		    -1);
		assert_int_equal(dsr_spool_rewind(s, &err), 0);
		read_from(s, n, 0);
		dsr_spool_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outfile),
		cmocka_unit_test(test_race),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_spool),
		cmocka_unit_test(test_spool_places),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
