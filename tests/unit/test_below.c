/* SPDX-License-Identifier: ISC */
/* What lies below a folder, on this kernel and on one without openat2. */
#include "../../core/below.c" /* both ways of it */

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../support/scratch.h"

#define ANY (-1) /* some errno */

struct row {
	const char *path;
	int open, walked; /* errno with links, and without openat2; 0: opens */
	const char *why;
};

static const struct row rows[] = {
	{ "in/file", 0, 0, "plain" },
	{ "in/deep/file", 0, 0, "deeper" },
	{ "in//file", 0, 0, "two slashes" },
	{ "./in/./file", 0, 0, "dots" },
	{ "", 0, 0, "the folder itself" },
	{ "/in/file", EXDEV, EXDEV, "absolute" },
	{ "../out/file", EXDEV, EXDEV, "leaves" },
	{ "in/../../out/file", EXDEV, EXDEV, "leaves, later" },
	{ "in/none", ENOENT, ENOENT, "not there" },
	{ "in/file/x", ENOTDIR, ENOTDIR, "below a file" },
	{ "stays", 0, ELOOP, "a link that stays" },
	{ "folder/file", 0, ANY, "through a link that stays" },
	{ "leaves", EXDEV, ELOOP, "a link that leaves" },
	{ "absolute", EXDEV, ELOOP, "an absolute link" },
	{ "up/file", EXDEV, ANY, "through a link that leaves" },
};

static void
make_tree(void)
{
	assert_int_equal(mkdir("root", 0700), 0);
	assert_int_equal(mkdir("root/in", 0700), 0);
	assert_int_equal(mkdir("root/in/deep", 0700), 0);
	assert_int_equal(mkdir("out", 0700), 0);
	scratch_write("root/in/file", "x", 1, 0600);
	scratch_write("root/in/deep/file", "x", 1, 0600);
	scratch_write("out/file", "x", 1, 0600);
	assert_int_equal(symlink("in/file", "root/stays"), 0);
	assert_int_equal(symlink("in", "root/folder"), 0);
	assert_int_equal(symlink("../out/file", "root/leaves"), 0);
	assert_int_equal(symlink("/etc/passwd", "root/absolute"), 0);
	assert_int_equal(symlink("../out", "root/up"), 0);
}

static void
expect(const struct row *r, int fd, int wanted, const char *how)
{
	int found = fd < 0 ? errno : 0;

	if (fd >= 0)
		(void)close(fd);
	if (wanted == ANY ? found == 0 : found != wanted)
		fail_msg("%s (%s), %s: errno %d instead of %d", r->path,
		    r->why, how, found, wanted);
}

static void
stays_below(void **state)
{
	size_t i;
	int root;

	(void)state;
	make_tree();
	root = open("root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(root >= 0);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		bool link = r->open != r->walked || r->walked == ELOOP;

		expect(r, dsr_open_below(root, r->path, O_RDONLY, true),
		    r->open, "with links");
		expect(r, dsr_open_below(root, r->path, O_RDONLY, false),
		    link ? ANY : r->open, "without links");
		expect(r, walk_below(root, r->path, O_RDONLY), r->walked,
		    "without openat2");
	}
	(void)close(root);
}

static void
makes_files(void **state)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL;
	struct stat st;
	int root, fd;

	(void)state;
	(void)umask(0);
	make_tree();
	root = open("root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true((fd = dsr_open_below(root, "in/new", flags, false)) >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	(void)close(fd);
	assert_true((fd = walk_below(root, "in/newer", flags)) >= 0);
	(void)close(fd);
	assert_true(dsr_open_below(root, "in/new", flags, false) < 0);
	assert_int_equal(errno, EEXIST);
	assert_true(dsr_open_below(root, "up/new", flags, false) < 0);
	assert_true(walk_below(root, "up/new", flags) < 0);
	assert_int_not_equal(access("out/new", F_OK), 0);
	(void)close(root);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(stays_below, scratch_enter,
		    scratch_leave),
		cmocka_unit_test_setup_teardown(makes_files, scratch_enter,
		    scratch_leave),
	};

	return cmocka_run_group_tests_name("below", tests, NULL, NULL);
}
