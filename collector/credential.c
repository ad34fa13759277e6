/* SPDX-License-Identifier: ISC */
#include "credential.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "dossier/nearest.h"
#include "dossier/text.h"
#include "url.h"

/* ---- sources ------------------------------------------------------------- */

static int
read_file(struct dsr_secret *secret, const char *path, struct dsr_error *err)
{
	return dsr_secret_read(secret, path, err);
}

static int
read_descriptor(struct dsr_secret *secret, const char *number,
    struct dsr_error *err)
{
	uint64_t fd;

	if (!dsr_parse_u64(number, strlen(number), 1 << 20, &fd))
		return dsr_fail(err, DSR_EUSAGE, "fd:N wants a number");
	return dsr_secret_read_fd(secret, (int)fd, err);
}

static int
read_command(struct dsr_secret *secret, const char *command,
    struct dsr_error *err)
{
	FILE *pipe = popen(command, "re");
	int result, status;

	if (pipe == NULL)
		return dsr_fail_sys(err, "run the command of a credential");
	result = dsr_secret_read_fd(secret, fileno(pipe), err);
	status = pclose(pipe);
	if (result == 0 && status != 0) {
		dsr_secret_fini(secret);
		return dsr_fail(err, DSR_EINPUT,
		    "the command of a credential failed");
	}
	return result;
}

static const struct source {
	const char *prefix;
	int (*read)(struct dsr_secret *secret, const char *rest,
	    struct dsr_error *err);
	bool again; /* may give another one later */
} sources[] = {
	{ "file:", read_file, true },
	{ "fd:", read_descriptor, false },
	{ "command:", read_command, true },
};

static const struct source *
find_source(const char *word)
{
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (strncmp(word, sources[i].prefix,
		        strlen(sources[i].prefix)) == 0)
			return &sources[i];
	return NULL;
}

/* $CREDENTIALS_DIRECTORY/NAME: 1, 0 when it is not there, -1. */
static int
read_from_folder(struct credential *c, struct dsr_error *err)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	char path[4096];

	if (folder == NULL ||
	    snprintf(path, sizeof(path), "%s/%s", folder, c->name) >=
	        (int)sizeof(path) ||
	    access(path, F_OK) != 0)
		return 0;
	return dsr_secret_read(&c->secret, path, err) == 0 ? 1 : -1;
}

/* It goes into a header: no byte that could end one. */
static int
check_secret(struct credential *c, struct dsr_error *err)
{
	for (size_t i = 0; i < c->secret.len; i++)
		if (c->secret.data[i] < ' ' || c->secret.data[i] > '~')
			goto bad;
	if (c->secret.len > 0) {
		c->loaded = true;
		return 0;
	}
bad:
	dsr_secret_fini(&c->secret);
	return dsr_fail(err, DSR_EINPUT,
	    "the credential %s is empty or holds a byte that cannot be sent",
	    c->name);
}

/* Reads it from its source, or the folder; not from the terminal. */
static int
read_credential_now(struct credential *c, struct dsr_error *err)
{
	const struct source *source;
	int got;

	if (c->source == NULL) {
		got = read_from_folder(c, err);
		return got == 1 ? check_secret(c, err) : got;
	}
	source = find_source(c->source);
	if (source->read(&c->secret, c->source + strlen(source->prefix),
	        err) != 0)
		return dsr_wrap(err, "credential %s", c->name);
	return check_secret(c, err);
}

/* ---- taking -------------------------------------------------------------- */

static struct credential *
find_credential(const struct credentials *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->items[i].name, name) == 0)
			return &c->items[i];
	return NULL;
}

static int
declare(struct credentials *c, const char *name, struct dsr_error *err)
{
	struct credential *more;

	if (name == NULL || find_credential(c, name) != NULL)
		return 0;
	more = realloc(c->items, (c->count + 1) * sizeof(*more));
	if (more == NULL)
		return dsr_fail(err, DSR_ENOMEM, "credentials");
	c->items = more;
	(void)memset(&more[c->count], 0, sizeof(*more));
	more[c->count].name = strdup(name);
	if (more[c->count].name == NULL)
		return dsr_fail(err, DSR_ENOMEM, "credentials");
	c->count++;
	return 0;
}

static int
declare_all(struct credentials *c, const struct connector *k,
    struct dsr_error *err)
{
	const struct authentication *a = k->authentication.items;

	for (size_t i = 0; i < k->authentication.count; i++)
		if (declare(c, a[i].credential, err) != 0)
			return -1;
	for (size_t i = 0; i < k->endpoints.count; i++) {
		const struct dsr_list *d =
		    &connector_endpoint(k, i)->dimensions;
		const struct param_value *p = d->items;

		for (size_t j = 0; j < d->count; j++)
			if (declare(c, p[j].credential, err) != 0)
				return -1;
	}
	return 0;
}

static int
take_word(struct credentials *c, const char *word, struct dsr_error *err)
{
	const char *equals = strchr(word, '=');
	struct credential *one;
	char name[80];

	/* the word may be the secret itself, by mistake: it is not printed */
	if (equals == NULL || (size_t)(equals - word) >= sizeof(name))
		return dsr_fail(err, DSR_EUSAGE,
		    "--credential wants NAME=SOURCE");
	(void)memcpy(name, word, (size_t)(equals - word));
	name[equals - word] = '\0';
	one = find_credential(c, name);
	if (one == NULL)
		return dsr_fail(err, DSR_EUSAGE, "the connector has no "
		    "credential of that name; see dossier connector show");
	if (find_source(equals + 1) == NULL)
		return dsr_fail(err, DSR_EUSAGE, "--credential %s wants "
		    "file:PATH, fd:N or command:CMDLINE", name);
	one->source = equals + 1;
	return 0;
}

static int
ask_for(struct credential *c, bool needed, struct dsr_error *err)
{
	char prompt[160];
	struct dsr_error why;

	(void)snprintf(prompt, sizeof(prompt), "Credential %s: ", c->name);
	if (dsr_secret_prompt(&c->secret, prompt, &why) == 0 &&
	    (c->secret.len > 0 || needed))
		return check_secret(c, err);
	dsr_secret_fini(&c->secret);
	if (!needed)
		return 0;
	return dsr_fail(err, DSR_EUSAGE, "--credential %s=SOURCE is missing: "
	    "SOURCE is file:PATH, fd:N or command:CMDLINE", c->name);
}

int
credentials_take(struct credentials *c, const struct connector *k,
    const char *const *words, size_t count, struct dsr_error *err)
{
	const struct authentication *a = k->authentication.items;

	if (declare_all(c, k, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (take_word(c, words[i], err) != 0)
			return -1;
	for (size_t i = 0; i < c->count; i++)
		if (read_credential_now(&c->items[i], err) != 0)
			return -1;
	for (size_t i = 0; i < k->authentication.count; i++) {
		struct credential *one = a[i].credential == NULL
		    ? NULL
		    : find_credential(c, a[i].credential);

		if (one != NULL && !one->loaded &&
		    ask_for(one, k->authentication.count == 1, err) != 0)
			return -1;
	}
	return 0;
}

void
credentials_fini(struct credentials *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->items[i].name);
		dsr_secret_fini(&c->items[i].secret);
	}
	free(c->items);
	c->items = NULL;
	c->count = 0;
}

const char *
credentials_get(const struct credentials *c, const char *name)
{
	const struct credential *one = find_credential(c, name);

	return one != NULL && one->loaded ? one->secret.data : NULL;
}

int
credentials_renew(struct credentials *c, const char *name,
    struct dsr_error *err)
{
	struct credential *one = find_credential(c, name);
	struct credential old;
	bool changed;

	if (one != NULL)
		one->doubted = true;
	if (one == NULL || (one->source != NULL &&
	                       !find_source(one->source)->again))
		return 0;
	old = *one;
	(void)memset(&one->secret, 0, sizeof(one->secret));
	one->loaded = false;
	if (read_credential_now(one, err) != 0 || !one->loaded) {
		one->secret = old.secret;
		one->loaded = old.loaded;
		return one->source == NULL ? 0 : -1;
	}
	changed = old.secret.len != one->secret.len ||
	    memcmp(old.secret.data, one->secret.data, old.secret.len) != 0;
	dsr_secret_fini(&old.secret);
	one->generation += changed;
	return changed;
}

void
credentials_accept(struct credentials *c, const char *name,
    unsigned int generation)
{
	struct credential *one = name == NULL ? NULL : find_credential(c, name);

	if (one != NULL && one->generation == generation)
		one->doubted = false;
}

bool
credentials_are_doubted(const struct credentials *c, const char *name)
{
	return find_credential(c, name)->doubted;
}

unsigned int
credentials_generation(const struct credentials *c, const char *name)
{
	const struct credential *one =
	    name == NULL ? NULL : find_credential(c, name);

	return one == NULL ? 0 : one->generation;
}

/* ---- sending ------------------------------------------------------------- */

const struct authentication *
authentication_for(const struct connector *k, const char *const *const *hosts,
    const char *host)
{
	const struct authentication *a = k->authentication.items;

	for (size_t i = 0; i < k->authentication.count; i++)
		for (const char *const *h = hosts[i]; *h != NULL; h++)
			if (host_matches(*h, host))
				return &a[i];
	return NULL;
}

static int
add_secret_header(struct fetch *f, const char *name, const char *prefix,
    const char *secret, struct dsr_error *err)
{
	size_t size = strlen(prefix) + strlen(secret) + 1;
	char *value = malloc(size);
	int result;

	if (value == NULL)
		return dsr_fail(err, DSR_ENOMEM, "headers");
	(void)snprintf(value, size, "%s%s", prefix, secret);
	result = fetch_header(f, name, value, err);
	explicit_bzero(value, size);
	free(value);
	return result;
}

static int
add_basic(struct fetch *f, const char *secret, struct dsr_error *err)
{
	struct dsr_buffer encoded;
	int result;

	dsr_buffer_init(&encoded, strlen(secret) * 2 + 8);
	result = dsr_base64_encode(&encoded, secret, strlen(secret), err);
	if (result == 0)
		result = add_secret_header(f, "Authorization", "Basic ",
		    dsr_buffer_str(&encoded), err);
	if (encoded.data != NULL)
		explicit_bzero(encoded.data, encoded.cap);
	dsr_buffer_fini(&encoded);
	return result;
}

int
authentication_add(const struct authentication *a,
    const struct credentials *c, struct fetch *f, struct dsr_error *err)
{
	const struct auth_header *h = a->headers.items;
	const char *secret;

	if (a->strategy == AUTH_NONE)
		return 0;
	secret = credentials_get(c, a->credential);
	if (secret == NULL)
		return 1;
	if (a->strategy == AUTH_BEARER)
		return add_secret_header(f, "Authorization", "Bearer ",
		    secret, err);
	if (a->strategy == AUTH_BASIC)
		return add_basic(f, secret, err);
	for (size_t i = 0; i < a->headers.count; i++)
		if (add_secret_header(f, h[i].name, h[i].prefix, secret,
		        err) != 0)
			return -1;
	return 0;
}
