/* SPDX-License-Identifier: ISC */
/* Whom a reader trusts: whole keys, from files that are named. */
#include "dossier/trust.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/faults.h"
#include "../support/scratch.h"

static struct dsr_public_key keys[12];
#define KEYS (sizeof(keys) / sizeof(keys[0]))

static int
make_keys(void **state)
{
	struct dsr_secret_key *secret;
	struct dsr_error err;
	size_t i;

	(void)state;
	if (sodium_init() < 0)
		return -1;
	for (i = 0; i < KEYS; i++) {
		if (dsr_secret_key_generate(&secret, &err) != 0)
			return -1;
		dsr_secret_key_public(secret, &keys[i]);
		dsr_secret_key_free(secret);
	}
	return 0;
}

static void
write_key(const char *path, size_t number)
{
	struct dsr_buffer text;
	struct dsr_error err;

	dsr_buffer_init(&text, 1024);
	assert_int_equal(dsr_public_key_write(&keys[number], &text, &err), 0);
	scratch_write(path, text.data, text.len, 0644);
	dsr_buffer_fini(&text);
}

static struct dsr_trust *
new_trust(void)
{
	struct dsr_trust *t;
	struct dsr_error err;

	assert_int_equal(dsr_trust_new(&t, &err), 0);
	return t;
}

static void
assert_found(const struct dsr_trust *t, size_t number, const char *path)
{
	const char *found = dsr_trust_find(t, keys[number].key);

	if (path == NULL)
		assert_null(found);
	else
		assert_string_equal(found, path);
}

static void
trusts_files(void **state)
{
	struct dsr_trust *t = new_trust();
	struct dsr_error err;

	(void)state;
	write_key("a.pub", 0);
	write_key("b", 1);
	assert_found(t, 0, NULL);
	assert_int_equal(dsr_trust_add(t, "a.pub", &err), 0);
	assert_int_equal(dsr_trust_add_file(t, "b", &err), 0);
	assert_int_equal(dsr_trust_count(t), 2);
	assert_found(t, 0, "a.pub");
	assert_found(t, 1, "b");
	assert_found(t, 2, NULL);
	write_key("again", 0);
	assert_int_equal(dsr_trust_add(t, "again", &err), 0);
	assert_int_equal(dsr_trust_count(t), 2);
	assert_found(t, 0, "a.pub");
	dsr_trust_free(t);
}

/* An id is free to be chosen: another key under the same one is a stranger. */
static void
trusts_whole_keys_only(void **state)
{
	struct dsr_trust *t = new_trust();
	struct dsr_public_key own = keys[1];
	struct dsr_error err;

	(void)state;
	memcpy(keys[1].id, keys[0].id, sizeof(keys[1].id));
	write_key("a.pub", 0);
	assert_int_equal(dsr_trust_add(t, "a.pub", &err), 0);
	assert_found(t, 1, NULL);
	keys[1] = own;
	dsr_trust_free(t);
}

static void
trusts_the_keys_of_a_folder(void **state)
{
	struct dsr_trust *t = new_trust();
	struct dsr_error err;

	(void)state;
	assert_int_equal(mkdir("d", 0755), 0);
	/* who names a folder without a key has named another one than was meant */
	assert_int_equal(dsr_trust_add(t, "d", &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
	write_key("d/b.pub", 0);
	write_key("d/a.pub", 0);
	write_key("d/B.pub", 1);
	scratch_write("d/notes.txt", "no key", 6, 0644);
	scratch_write("d/.hidden.pub", "no key", 6, 0644);
	scratch_write("d/.pub", "no key", 6, 0644);
	scratch_write("d/a.pub.bak", "no key", 6, 0644);
	assert_int_equal(dsr_trust_add(t, "d", &err), 0);
	assert_int_equal(dsr_trust_count(t), 2);
	assert_found(t, 0, "d/a.pub");
	assert_found(t, 1, "d/B.pub");
	dsr_trust_free(t);
}

static void
names_the_file_that_is_no_key(void **state)
{
	static const struct {
		const char *name, *text;
		size_t len;
		enum dsr_code code;
		const char *why;
	} row[] = {
		{ "d/bad.pub", "no key\n", 7, DSR_EINPUT, "text" },
		{ "d/bad.pub", "", 0, DSR_EINPUT, "empty" },
		{ "d/nowhere.pub", NULL, 0, DSR_EIO, "a link into nothing" },
	};
	struct dsr_trust *t;
	struct dsr_error err;
	size_t i;

	(void)state;
	assert_int_equal(mkdir("d", 0755), 0);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		t = new_trust();
		if (row[i].text != NULL)
			scratch_write(row[i].name, row[i].text, row[i].len,
			    0644);
		else
			assert_int_equal(symlink("nothing", row[i].name), 0);
		if (dsr_trust_add(t, "d", &err) == 0)
			fail_msg("accepted: %s", row[i].why);
		assert_int_equal(err.code, row[i].code);
		assert_non_null(strstr(err.msg, row[i].name));
		assert_int_equal(unlink(row[i].name), 0);
		dsr_trust_free(t);
	}
	t = new_trust();
	assert_int_equal(dsr_trust_add(t, "nowhere", &err), -1);
	assert_int_equal(err.code, DSR_EIO);
	assert_int_equal(dsr_trust_add_folder(t, "nowhere", &err), -1);
	assert_int_equal(err.code, DSR_EIO);
	assert_int_equal(dsr_trust_count(t), 0);
	dsr_trust_free(t);
}

static void
refuses_a_file_of_any_length(void **state)
{
	static char zeros[DSR_MAX_KEY_FILE + 1];
	struct dsr_trust *t = new_trust();
	struct dsr_error err;

	(void)state;
	scratch_write("long.pub", zeros, sizeof(zeros), 0644);
	assert_int_equal(dsr_trust_add(t, "long.pub", &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
	assert_int_equal(dsr_trust_add(t, "/dev/zero", &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
	dsr_trust_free(t);
}

/* Keys of the machine that runs the test may be there as well. */
static size_t
count_defaults(void)
{
	struct dsr_trust *t = new_trust();
	struct dsr_error err;
	size_t count;

	assert_int_equal(dsr_trust_add_defaults(t, &err), 0);
	count = dsr_trust_count(t);
	dsr_trust_free(t);
	return count;
}

static void
looks_into_the_folders_for_it(void **state)
{
	char here[2048], home[4096];
	size_t host;

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	(void)snprintf(home, sizeof(home), "%s/home", here);
	assert_int_equal(unsetenv("XDG_CONFIG_HOME"), 0);
	assert_int_equal(unsetenv("HOME"), 0);
	host = count_defaults();
	assert_int_equal(setenv("HOME", home, 1), 0);
	assert_int_equal(count_defaults(), host); /* there is none yet */
	assert_int_equal(mkdir("home", 0755), 0);
	assert_int_equal(mkdir("home/.config", 0755), 0);
	assert_int_equal(mkdir("home/.config/dossier", 0755), 0);
	assert_int_equal(mkdir("home/.config/dossier/trusted", 0755), 0);
	write_key("home/.config/dossier/trusted/a.pub", 0);
	assert_int_equal(count_defaults(), host + 1);
	assert_int_equal(setenv("XDG_CONFIG_HOME", "home/.config", 1), 0);
	assert_int_equal(setenv("HOME", "/nowhere", 1), 0);
	assert_int_equal(count_defaults(), host); /* relative: ignored */
	assert_int_equal(setenv("HOME", home, 1), 0);
	assert_int_equal(count_defaults(), host + 1);
	(void)snprintf(home, sizeof(home), "%s/home/.config", here);
	assert_int_equal(setenv("HOME", "/nowhere", 1), 0);
	assert_int_equal(setenv("XDG_CONFIG_HOME", home, 1), 0);
	assert_int_equal(count_defaults(), host + 1);
	assert_int_equal(setenv("XDG_CONFIG_HOME", "", 1), 0);
	assert_int_equal(count_defaults(), host);
}

/* A folder that is there must be sound: silence would hide a lost key. */
static void
tells_what_is_wrong_in_them(void **state)
{
	struct dsr_trust *t = new_trust();
	struct dsr_error err;
	char here[2048];

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(setenv("XDG_CONFIG_HOME", here, 1), 0);
	assert_int_equal(mkdir("dossier", 0755), 0);
	assert_int_equal(mkdir("dossier/trusted", 0755), 0);
	scratch_write("dossier/trusted/x.pub", "no key", 6, 0644);
	assert_int_equal(dsr_trust_add_defaults(t, &err), -1);
	assert_int_equal(err.code, DSR_EINPUT);
	assert_int_equal(unlink("dossier/trusted/x.pub"), 0);
	assert_int_equal(symlink("nothing", "dossier/trusted/x.pub"), 0);
	assert_int_equal(dsr_trust_add_defaults(t, &err), -1);
	assert_int_equal(err.code, DSR_EIO);
	dsr_trust_free(t);
}

static void
describes_what_was_wanted(void **state)
{
	struct dsr_trust *t = new_trust();
	struct dsr_buffer text;
	struct dsr_error err;
	char id[DSR_KEY_ID_HEX], path[32];
	size_t i;

	(void)state;
	dsr_buffer_init(&text, 1024);
	assert_int_equal(dsr_trust_describe(t, &text, &err), 0);
	assert_string_equal(dsr_buffer_str(&text), "a trusted key; none was "
		    "given, and none lies in the folders for them");
	for (i = 0; i < KEYS; i++) {
		(void)snprintf(path, sizeof(path), "%zu", i);
		write_key(path, i);
		assert_int_equal(dsr_trust_add(t, path, &err), 0);
	}
	dsr_buffer_reset(&text);
	assert_int_equal(dsr_trust_describe(t, &text, &err), 0);
	dsr_key_id_text(id, keys[7].id);
	assert_non_null(strstr(dsr_buffer_str(&text), id));
	dsr_key_id_text(id, keys[8].id);
	assert_null(strstr(dsr_buffer_str(&text), id));
	assert_non_null(strstr(dsr_buffer_str(&text), "12 trusted keys"));
	dsr_buffer_fini(&text);
	dsr_trust_free(t);
}

static void
survives_every_lack_of_memory(void **state)
{
	struct dsr_trust *t;
	struct dsr_error err;
	int calls, rc = -1;

	(void)state;
	assert_int_equal(mkdir("d", 0755), 0);
	write_key("d/a.pub", 0);
	write_key("d/b.pub", 1);
	if (!fail_allocation_after(-1))
		skip();
	for (calls = 0; rc != 0; calls++) {
		assert_true(calls < 1000);
		t = NULL;
		(void)fail_allocation_after(calls);
		rc = dsr_trust_new(&t, &err);
		if (rc == 0)
			rc = dsr_trust_add(t, "d", &err);
		(void)fail_allocation_after(-1);
		if (rc == 0)
			assert_int_equal(dsr_trust_count(t), 2);
		else
			assert_int_equal(err.code, DSR_ENOMEM);
		dsr_trust_free(t);
	}
	assert_true(calls > 5);
}

#define IN_SCRATCH(test)                                                      \
	cmocka_unit_test_setup_teardown(test, scratch_enter, scratch_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(trusts_files),
		IN_SCRATCH(trusts_whole_keys_only),
		IN_SCRATCH(trusts_the_keys_of_a_folder),
		IN_SCRATCH(names_the_file_that_is_no_key),
		IN_SCRATCH(refuses_a_file_of_any_length),
		IN_SCRATCH(looks_into_the_folders_for_it),
		IN_SCRATCH(tells_what_is_wrong_in_them),
		IN_SCRATCH(describes_what_was_wanted),
		IN_SCRATCH(survives_every_lack_of_memory),
	};

	return cmocka_run_group_tests(tests, make_keys, NULL);
}
