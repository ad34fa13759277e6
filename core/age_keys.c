/* SPDX-License-Identifier: ISC */
/* Whom a file of age is for, and the keys of those who read it. */
#include "age_private.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/language.h"

#define RECIPIENT_PREFIX "age"
#define IDENTITY_PREFIX  "AGE-SECRET-KEY-"

/* Exactly one of the two? */
static int
check_either(bool has_keys, bool has_passphrase, const char *option,
    struct dsr_error *err)
{
	if (has_keys != has_passphrase)
		return 0;
	return dsr_fail(err, DSR_EUSAGE, has_keys
		? "--%s and --passphrase-file exclude each other"
		: N_("wanted --%s or --passphrase-file"), option);
}

static int
read_passphrase(struct dsr_secret *out, const char *path,
    struct dsr_error *err)
{
	if (dsr_secret_read(out, path, err) != 0)
		return -1;
	if (out->len == 0)
		return dsr_fail(err, DSR_EINPUT, "%s: the passphrase is empty",
		    path);
	return 0;
}

/* ---- recipients -------------------------------------------------------------- */

/* A secret shared with a point of small order would be known to everybody. */
static bool
is_sound(const uint8_t key[DSR_AGE_KEY])
{
	static const uint8_t any[DSR_AGE_KEY] = { 1 };
	uint8_t shared[DSR_AGE_KEY];

	return crypto_scalarmult(shared, any, key) == 0;
}

static int
take_recipients(struct dsr_age_recipients *r, const char *const *words,
    size_t count, struct dsr_error *err)
{
	size_t i;

	if (count > DSR_MAX_AGE_STANZAS)
		return dsr_fail(err, DSR_ELIMIT, "more than %u recipients",
		    DSR_MAX_AGE_STANZAS);
	if ((r->keys = calloc(count, sizeof(*r->keys))) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "recipients");
	for (i = 0; i < count; i++)
		if (!dsr_age_bech32_decode(r->keys[i], RECIPIENT_PREFIX,
			words[i], strlen(words[i])) ||
		    !is_sound(r->keys[i]))
			return dsr_fail(err, DSR_EUSAGE,
			    "--recipient: wanted a key of age, age1 and 58 "
			    "letters or digits, found %s", words[i]);
	r->count = count;
	return 0;
}

int
dsr_age_recipients_new(struct dsr_age_recipients **out,
    const char *const *words, size_t count, const char *passphrase_file,
    struct dsr_error *err)
{
	struct dsr_age_recipients *r = NULL;

	*out = NULL;
	if (check_either(count > 0, passphrase_file != NULL, "recipient",
		err) != 0)
		return -1;
	if ((r = calloc(1, sizeof(*r))) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "recipients");
	r->work_factor = DSR_AGE_WORK_FACTOR;
	if ((count > 0 ? take_recipients(r, words, count, err)
		       : read_passphrase(&r->passphrase, passphrase_file,
			     err)) != 0) {
		dsr_age_recipients_free(r);
		return -1;
	}
	*out = r;
	return 0;
}

void
dsr_age_recipients_free(struct dsr_age_recipients *r)
{
	if (r == NULL)
		return;
	dsr_secret_fini(&r->passphrase);
	free(r->keys);
	free(r);
}

/* ---- identities -------------------------------------------------------------- */

/* A line without LF and CR; the next one begins at *text. */
static const char *
cut_line(const char **text, size_t *left, size_t *len)
{
	const char *line = *text, *lf = memchr(line, '\n', *left);

	*len = lf == NULL ? *left : (size_t)(lf - line);
	*text += *len + (lf != NULL);
	*left -= *len + (lf != NULL);
	if (*len > 0 && line[*len - 1] == '\r')
		--*len;
	return line;
}

static bool
holds_key(const char *line, size_t len)
{
	return len > 0 && line[0] != '#';
}

static size_t
count_keys(const char *text, size_t left)
{
	const char *line;
	size_t len, count = 0;

	while (left > 0) {
		line = cut_line(&text, &left, &len);
		count += holds_key(line, len);
	}
	return count;
}

static bool
take_identity(struct dsr_age_identity *out, const char *line, size_t len)
{
	return dsr_age_bech32_decode(out->secret, IDENTITY_PREFIX, line,
		   len) &&
	    crypto_scalarmult_base(out->public, out->secret) == 0;
}

static int
take_identities(struct dsr_age_identities *keys, const char *text,
    size_t left, struct dsr_error *err)
{
	size_t len, number = 0, count = count_keys(text, left);
	const char *line;

	if (count == 0)
		return dsr_fail(err, DSR_EINPUT,
		    "no key: wanted a line AGE-SECRET-KEY-1...");
	if (count > DSR_MAX_AGE_IDENTITIES)
		return dsr_fail(err, DSR_EINPUT, "more than %u keys",
		    DSR_MAX_AGE_IDENTITIES);
	keys->keys = sodium_malloc(count * sizeof(*keys->keys));
	if (keys->keys == NULL)
		return dsr_fail(err, DSR_ENOMEM, "memory for secret keys");
	while (left > 0) {
		line = cut_line(&text, &left, &len);
		number++;
		if (!holds_key(line, len))
			continue;
		if (!take_identity(&keys->keys[keys->count++], line, len))
			return dsr_fail(err, DSR_EINPUT,
			    "line %zu: wanted AGE-SECRET-KEY-1... (X25519), "
			    "or a comment with #", number);
	}
	return 0;
}

int
dsr_age_identities_parse(struct dsr_age_identities **out, const char *text,
    size_t len, struct dsr_error *err)
{
	struct dsr_age_identities *keys = calloc(1, sizeof(*keys));

	*out = NULL;
	if (keys == NULL)
		return dsr_fail(err, DSR_ENOMEM, "keys");
	if (take_identities(keys, text, len, err) != 0) {
		dsr_age_identities_free(keys);
		return -1;
	}
	*out = keys;
	return 0;
}

static int
read_identities(struct dsr_age_identities **out, const char *path,
    struct dsr_error *err)
{
	struct dsr_secret text = { NULL, 0 };
	int rc;

	if (dsr_secret_read(&text, path, err) != 0)
		return -1;
	rc = dsr_age_identities_parse(out, text.data, text.len, err);
	dsr_secret_fini(&text);
	return rc != 0 ? dsr_wrap(err, "%s", path) : 0;
}

int
dsr_age_identities_new(struct dsr_age_identities **out,
    const char *identity_file, const char *passphrase_file,
    struct dsr_error *err)
{
	*out = NULL;
	if (check_either(identity_file != NULL, passphrase_file != NULL,
		"identity-file", err) != 0)
		return -1;
	if (identity_file != NULL)
		return read_identities(out, identity_file, err);
	if ((*out = calloc(1, sizeof(**out))) == NULL)
		return dsr_fail(err, DSR_ENOMEM, "keys");
	if (read_passphrase(&(*out)->passphrase, passphrase_file, err) == 0)
		return 0;
	dsr_age_identities_free(*out);
	*out = NULL;
	return -1;
}

void
dsr_age_identities_free(struct dsr_age_identities *keys)
{
	if (keys == NULL)
		return;
	sodium_free(keys->keys); /* wipes */
	dsr_secret_fini(&keys->passphrase);
	free(keys);
}
