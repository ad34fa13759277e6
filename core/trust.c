/* SPDX-License-Identifier: ISC */
#include "dossier/trust.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "dossier/clock.h"
#include "dossier/language.h"
#include "dossier/limits.h"
#include "trust_file.h"

#define KEY_SUFFIX  ".pub"
#define USER_FOLDER "dossier/trusted"
#define HOST_FOLDER "/etc/dossier/trusted"
#define IDS_TOLD    8 /* ids in a message at the most */

struct trusted_key {
	struct dsr_public_key key;
	struct dsr_key_validity validity;
	char *path; /* where it came from */
};

struct dsr_trust {
	struct trusted_key *keys;
	size_t count;
};

int
dsr_trust_new(struct dsr_trust **out, struct dsr_error *err)
{
	if ((*out = calloc(1, sizeof(**out))) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "trusted keys");
	return 0;
}

void
dsr_trust_free(struct dsr_trust *t)
{
	size_t i;

	if (t == NULL)
		return;
	for (i = 0; i < t->count; i++)
		free(t->keys[i].path);
	free(t->keys);
	free(t);
}

size_t
dsr_trust_count(const struct dsr_trust *t)
{
	return t->count;
}

static struct trusted_key *
find_key(const struct dsr_trust *t, const uint8_t key[DSR_PUBLIC_KEY_BYTES])
{
	size_t i;

	for (i = 0; i < t->count; i++)
		if (memcmp(t->keys[i].key.key, key, DSR_PUBLIC_KEY_BYTES) == 0)
			return &t->keys[i];
	return NULL;
}

/* The bound that does not hold, and its name; NULL: the key counts. */
static const struct dsr_bound *
broken_bound(const struct dsr_key_validity *v, const struct timespec *proved,
    const char **name)
{
	struct timespec at;

	if (proved != NULL)
		at = *proved;
	else
		dsr_clock_now(&at);
	*name = "revoked_at";
	if (v->revoked_at.is_set &&
	    (proved == NULL || at.tv_sec >= v->revoked_at.when.tv_sec))
		return &v->revoked_at;
	*name = "not_before";
	if (v->not_before.is_set && at.tv_sec < v->not_before.when.tv_sec)
		return &v->not_before;
	*name = "not_after";
	if (v->not_after.is_set && at.tv_sec > v->not_after.when.tv_sec)
		return &v->not_after;
	return NULL;
}

enum dsr_trust_state
dsr_trust_judge(const struct dsr_trust *t,
    const uint8_t key[DSR_PUBLIC_KEY_BYTES], const struct timespec *proved,
    const char **path)
{
	const struct trusted_key *k = find_key(t, key);
	const struct dsr_bound *broken;
	const char *name;

	if (k == NULL)
		return DSR_TRUST_UNKNOWN;
	if (path != NULL)
		*path = k->path;
	broken = broken_bound(&k->validity, proved, &name);
	if (broken == NULL)
		return DSR_TRUST_GOOD;
	return broken == &k->validity.revoked_at ? DSR_TRUST_REVOKED
						 : DSR_TRUST_EXPIRED;
}

void
dsr_trust_bound(const struct dsr_trust *t,
    const uint8_t key[DSR_PUBLIC_KEY_BYTES], const struct timespec *proved,
    char out[DSR_TRUST_BOUND])
{
	const struct trusted_key *k = find_key(t, key);
	const struct dsr_bound *broken = NULL;
	char time[DSR_TIME_SIZE];
	const char *name;

	out[0] = '\0';
	if (k != NULL)
		broken = broken_bound(&k->validity, proved, &name);
	if (broken == NULL)
		return;
	dsr_time_format(time, &broken->when, 0);
	(void)snprintf(out, DSR_TRUST_BOUND, "%s: %s", name, time);
}

const char *
dsr_trust_find(const struct dsr_trust *t,
    const uint8_t key[DSR_PUBLIC_KEY_BYTES])
{
	const char *path = NULL;

	return dsr_trust_judge(t, key, NULL, &path) == DSR_TRUST_GOOD ? path
								      : NULL;
}

int
dsr_trust_add_file(struct dsr_trust *t, const char *path,
    struct dsr_error *err)
{
	struct trusted_key added, *grown, *there;

	if (dsr_trust_file_read(&added.key, &added.validity, path, err) != 0)
		return -1;
	if ((there = find_key(t, added.key.key)) != NULL) {
		dsr_key_validity_narrow(&there->validity, &added.validity);
		return 0;
	}
	if (t->count == DSR_MAX_TRUSTED_KEYS)
		return dsr_fail(err, DSR_ELIMIT, "%s: more than %u trusted "
		    "keys", path, DSR_MAX_TRUSTED_KEYS);
	grown = realloc(t->keys, (t->count + 1) * sizeof(*grown));
	if (grown == NULL)
		return dsr_fail(err, DSR_ENOMEM, "trusted keys");
	t->keys = grown;
	if ((added.path = strdup(path)) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "trusted keys");
	t->keys[t->count++] = added;
	return 0;
}

static int
is_key_name(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name), suffix = strlen(KEY_SUFFIX);

	return entry->d_name[0] != '.' && len > suffix &&
	    strcmp(entry->d_name + len - suffix, KEY_SUFFIX) == 0;
}

static int
compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
add_named(struct dsr_trust *t, const char *folder, const char *name,
    struct dsr_error *err)
{
	char *path = NULL;
	int rc;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return dsr_fail(err, DSR_ENOMEM, "trusted keys");
	rc = dsr_trust_add_file(t, path, err);
	free(path);
	return rc;
}

int
dsr_trust_add_folder(struct dsr_trust *t, const char *path,
    struct dsr_error *err)
{
	struct dirent **entries = NULL;
	int i, count, rc = 0;

	count = scandir(path, &entries, is_key_name, compare_names);
	if (count < 0)
		return dsr_fail_sys(err, "%s", path);
	for (i = 0; i < count; i++) {
		if (rc == 0)
			rc = add_named(t, path, entries[i]->d_name, err);
		free(entries[i]);
	}
	free(entries);
	return rc;
}

int
dsr_trust_add(struct dsr_trust *t, const char *path, struct dsr_error *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return dsr_fail_sys(err, "%s", path);
	if (!S_ISDIR(st.st_mode))
		return dsr_trust_add_file(t, path, err);
	if (dsr_trust_add_folder(t, path, err) != 0)
		return -1;
	return t->count > 0 ? 0
	    : dsr_fail(err, DSR_EINPUT,
		  N_("%s: no key is in this folder; wanted files NAME.pub"),
		  path);
}

static int
add_if_there(struct dsr_trust *t, const char *folder, struct dsr_error *err)
{
	struct dsr_error why;

	if (dsr_trust_add_folder(t, folder, &why) == 0)
		return 0;
	if (why.sys == ENOENT || why.sys == ENOTDIR) {
		struct stat st;

		/* the folder itself, not a key that vanished from it */
		if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
			return 0;
	}
	*err = why;
	return -1;
}

/* The user's folder; *out is NULL when there is none to be had. */
static int
user_folder(char **out, struct dsr_error *err)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *between = "";

	*out = NULL;
	if (base == NULL || base[0] != '/') {
		base = getenv("HOME");
		between = "/.config";
	}
	if (base == NULL || base[0] != '/')
		return 0;
	if (asprintf(out, "%s%s/" USER_FOLDER, base, between) < 0) {
		*out = NULL;
		return dsr_fail(err, DSR_ENOMEM, "trusted keys");
	}
	return 0;
}

int
dsr_trust_add_defaults(struct dsr_trust *t, struct dsr_error *err)
{
	char *folder = NULL;
	int rc = -1;

	if (user_folder(&folder, err) != 0 ||
	    (folder != NULL && add_if_there(t, folder, err) != 0) ||
	    add_if_there(t, HOST_FOLDER, err) != 0)
		goto out;
	rc = 0;
out:
	free(folder);
	return rc;
}

int
dsr_trust_describe(const struct dsr_trust *t, struct dsr_buffer *out,
    struct dsr_error *err)
{
	char id[DSR_KEY_ID_HEX];
	size_t i;

	if (t->count == 0)
		return dsr_buffer_puts(out, "a trusted key; none was given, and "
		    "none lies in the folders for them", err);
	if (dsr_buffer_printf(out, err, "one of %zu trusted keys:",
		t->count) != 0)
		return -1;
	for (i = 0; i < t->count && i < IDS_TOLD; i++) {
		dsr_key_id_text(id, t->keys[i].key.id);
		if (dsr_buffer_printf(out, err, "%s %s", i > 0 ? "," : "",
			id) != 0)
			return -1;
	}
	return dsr_buffer_puts(out, t->count > IDS_TOLD ? ", ..." : "", err);
}
