/* SPDX-License-Identifier: ISC */
/* Output folders: whole or not at all, and nothing written elsewhere. */
#include "dossier/outfolder.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/scratch.h"

static size_t
entries_in(const char *path)
{
	DIR *dir = opendir(path);
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	(void)closedir(dir);
	return count - 2; /* . and .. */
}

static struct dsr_outfolder *
new_folder(const char *path)
{
	struct dsr_outfolder *f = NULL;
	struct dsr_error err;

	if (dsr_outfolder_new(&f, path, &err) != 0)
		fail_msg("%s", err.msg);
	return f;
}

static void
appears_whole(void **state)
{
	struct dsr_outfolder *f = new_folder("made///");
	struct dsr_error err;
	struct stat st;

	(void)state;
	assert_int_equal(dsr_outfolder_write(f, "a.txt", "a", 1, &err), 0);
	assert_int_equal(dsr_outfolder_write(f, "b/c/d.txt", "", 0, &err), 0);
	assert_int_equal(dsr_outfolder_write(f, "b/c/e", "ee", 2, &err), 0);
	assert_int_equal(access("made", F_OK), -1);
	assert_int_equal(dsr_outfolder_commit(f, &err), 0);
	dsr_outfolder_free(f);
	assert_int_equal(entries_in("."), 1);
	assert_int_equal(stat("made", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat("made/b/c/e", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, 2);
}

static void
leaves_nothing_behind(void **state)
{
	struct dsr_outfolder *f = new_folder("none");
	struct dsr_error err;
	char name[64];
	int i;

	(void)state;
	for (i = 0; i < 300; i++) { /* more than one look at a folder takes */
		(void)snprintf(name, sizeof(name), "x/%d/y%d/z/name-of-%d",
		    i % 7, i, i);
		assert_int_equal(dsr_outfolder_write(f, name, "z", 1, &err),
		    0);
	}
	assert_int_equal(dsr_outfolder_write(f,
	    "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", "z", 1, &err), 0);
	assert_int_equal(symlinkat("/", dsr_outfolder_fd(f), "link"), 0);
	dsr_outfolder_free(f);
	assert_int_equal(entries_in("."), 0);
	/* and for a signal */
	f = new_folder("none");
	assert_int_equal(dsr_outfolder_write(f, "a/b", "z", 1, &err), 0);
	dsr_outfolder_abandon_all();
	assert_int_equal(entries_in("."), 0);
	dsr_outfolder_free(f);
}

static void
replaces_nothing(void **state)
{
	struct dsr_outfolder *f = NULL;
	struct dsr_error err;

	(void)state;
	assert_int_equal(mkdir("there", 0700), 0);
	assert_int_equal(dsr_outfolder_new(&f, "there", &err), -1);
	assert_int_equal(err.code, DSR_EEXISTS);
	f = new_folder("later");
	assert_int_equal(mkdir("later", 0700), 0);
	assert_int_equal(dsr_outfolder_commit(f, &err), -1);
	assert_int_equal(err.code, DSR_EEXISTS);
	dsr_outfolder_free(f);
	assert_int_equal(symlink("nowhere", "link"), 0);
	assert_int_equal(dsr_outfolder_new(&f, "link", &err), -1);
	assert_int_equal(err.code, DSR_EEXISTS);
	assert_int_equal(dsr_outfolder_new(&f, "no/such", &err), -1);
	assert_int_equal(err.code, DSR_EIO);
	assert_int_equal(entries_in("."), 3);
}

static void
writes_below_itself_alone(void **state)
{
	static const struct {
		const char *name;
		enum dsr_code code;
		const char *why;
	} row[] = {
		{ "../x", DSR_EFORMAT, "climbs" },
		{ "/tmp/x", DSR_EFORMAT, "is absolute" },
		{ "a//x", DSR_EFORMAT, "has an empty segment" },
		{ "", DSR_EFORMAT, "is empty" },
		{ "out/x", DSR_EIO, "goes through a link" },
		{ "out", DSR_EEXISTS, "is a link" },
		{ "file", DSR_EEXISTS, "is there already" },
		{ "file/x", DSR_EIO, "is below a file" },
	};
	struct dsr_outfolder *f = new_folder("below");
	struct dsr_error err;
	size_t i;
	int fd;

	(void)state;
	assert_int_equal(dsr_outfolder_write(f, "file", "", 0, &err), 0);
	assert_int_equal(symlinkat("..", dsr_outfolder_fd(f), "out"), 0);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		err.code = DSR_OK;
		if (dsr_outfolder_create(f, row[i].name, &fd, &err) != -1 ||
		    err.code != row[i].code)
			fail_msg("%s: code %d: %s", row[i].why, err.code,
			    err.msg);
	}
	dsr_outfolder_free(f);
	assert_int_equal(entries_in("."), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(appears_whole, scratch_enter,
		    scratch_leave),
		cmocka_unit_test_setup_teardown(leaves_nothing_behind,
		    scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(replaces_nothing,
		    scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(writes_below_itself_alone,
		    scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
