/* SPDX-License-Identifier: ISC */
#include "extract.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dossier/file.h"
#include "dossier/outfolder.h"
#include "verifier.h"

struct extractor {
	struct dsr_outfolder *folder;
	struct dsr_sandbox_rule rules[2]; /* the folder, and where it stands */
	struct verify_tap tap;
	const struct verify_result *result;
	char *const *members;
	size_t count;
	int streamed; /* the file of the member that comes in pieces, or -1 */
	/* threads share these */
	pthread_mutex_t lock;
	bool *found; /* of members */
	uint64_t files, bytes;
	bool failed;
	struct dsr_error err;
};

/* The first failure is the one that is told. */
static void
note_failure(struct extractor *x, const struct dsr_error *err)
{
	(void)pthread_mutex_lock(&x->lock);
	if (!x->failed)
		x->err = *err;
	x->failed = true;
	(void)pthread_mutex_unlock(&x->lock);
}

static bool
has_failed(struct extractor *x)
{
	bool failed;

	(void)pthread_mutex_lock(&x->lock);
	failed = x->failed;
	(void)pthread_mutex_unlock(&x->lock);
	return failed;
}

/* ---- which members --------------------------------------------------------------- */

/* Is path the file or in the folder of this name? */
static bool
is_below(const char *path, const char *name)
{
	size_t len = strlen(name);

	while (len > 0 && name[len - 1] == '/')
		len--;
	return strncmp(path, name, len) == 0 &&
	    (path[len] == '\0' || path[len] == '/');
}

static bool
matches(const struct extractor *x, const char *path, const char *name)
{
	const char *top = x->result->name;
	size_t len = strlen(top);

	return is_below(path, name) ||
	    (strncmp(name, top, len) == 0 && name[len] == '/' &&
		is_below(path, name + len + 1));
}

static bool
is_wanted(struct extractor *x, const char *path)
{
	bool wanted = x->count == 0;
	size_t i;

	for (i = 0; i < x->count; i++) {
		if (!matches(x, path, x->members[i]))
			continue;
		wanted = true;
		(void)pthread_mutex_lock(&x->lock);
		x->found[i] = true;
		(void)pthread_mutex_unlock(&x->lock);
	}
	return wanted;
}

static void
count_file(struct extractor *x, uint64_t files, uint64_t bytes)
{
	(void)pthread_mutex_lock(&x->lock);
	x->files += files;
	x->bytes += bytes;
	(void)pthread_mutex_unlock(&x->lock);
}

/* ---- the tap ------------------------------------------------------------------------ */

static void
take_whole(void *ctx, const char *path, const void *content, size_t len)
{
	struct extractor *x = ctx;
	struct dsr_error err;

	if (has_failed(x) || !is_wanted(x, path))
		return;
	if (dsr_outfolder_write(x->folder, path, content, len, &err) != 0)
		note_failure(x, &err);
	else
		count_file(x, 1, len);
}

static void
close_streamed(struct extractor *x)
{
	struct dsr_error err;

	if (x->streamed >= 0 && close(x->streamed) != 0) {
		dsr_fail_sys(&err, "close");
		note_failure(x, &err);
	}
	x->streamed = -1;
}

static void
begin(void *ctx, const char *path)
{
	struct extractor *x = ctx;
	struct dsr_error err;

	close_streamed(x); /* the one before may have been cut off */
	if (has_failed(x) || !is_wanted(x, path))
		return;
	if (dsr_outfolder_create(x->folder, path, &x->streamed, &err) != 0)
		note_failure(x, &err);
	else
		count_file(x, 1, 0);
}

static void
take_piece(void *ctx, const void *content, size_t len)
{
	struct extractor *x = ctx;
	struct dsr_error err;

	if (x->streamed < 0)
		return;
	if (dsr_write_all(x->streamed, content, len, &err) != 0) {
		note_failure(x, &err);
		close_streamed(x);
	} else {
		count_file(x, 0, len);
	}
}

static void
end(void *ctx)
{
	close_streamed(ctx);
}

/* ---- from beginning to end ------------------------------------------------------------- */

int
extractor_new(struct extractor **out, const char *folder,
    char *const *members, size_t count, struct dsr_error *err)
{
	struct extractor *x = calloc(1, sizeof(*x));

	*out = NULL;
	if (x == NULL)
		return dsr_fail(err, DSR_ENOMEM, "extract");
	(void)pthread_mutex_init(&x->lock, NULL);
	x->streamed = x->rules[1].folder = -1;
	x->members = members;
	x->count = count;
	x->tap = (struct verify_tap){ take_whole, begin, take_piece, end, x };
	if ((x->found = calloc(count + 1, sizeof(*x->found))) == NULL) {
		dsr_fail(err, DSR_ENOMEM, "extract");
		goto out;
	}
	if (output_folder_open(folder, &x->rules[1].folder, err) != 0 ||
	    dsr_outfolder_new(&x->folder, folder, err) != 0)
		goto out;
	x->rules[0].folder = dsr_outfolder_fd(x->folder);
	x->rules[0].right = DSR_SANDBOX_WRITE;
	x->rules[1].right = DSR_SANDBOX_RENAME;
	*out = x;
	return 0;
out:
	extractor_free(x);
	return -1;
}

void
extractor_free(struct extractor *x)
{
	if (x == NULL)
		return;
	close_streamed(x);
	if (x->rules[1].folder >= 0)
		(void)close(x->rules[1].folder);
	dsr_outfolder_free(x->folder);
	(void)pthread_mutex_destroy(&x->lock);
	free(x->found);
	free(x);
}

void
extractor_set_options(struct extractor *x, struct verify_options *o,
    const struct verify_result *result)
{
	x->result = result;
	o->tap = &x->tap;
	o->rules = x->rules;
	o->rule_count = 2;
}

int
extractor_commit(struct extractor *x, uint64_t *files, uint64_t *bytes,
    struct dsr_error *err)
{
	size_t i;

	close_streamed(x);
	if (x->failed) {
		*err = x->err;
		return -1;
	}
	for (i = 0; i < x->count; i++)
		if (!x->found[i])
			return dsr_fail(err, DSR_EFAILED,
			    "%s: no such member in the archive",
			    x->members[i]);
	*files = x->files;
	*bytes = x->bytes;
	return dsr_outfolder_commit(x->folder, err);
}
