/* SPDX-License-Identifier: ISC */
#include "dossier/age.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "age_private.h"

#define SEALED_CHUNK (DSR_AGE_CHUNK + DSR_AGE_TAG)

struct dsr_age_reader {
	struct dsr_age_input file;    /* as it stands there */
	struct dsr_age_armor *armor;  /* NULL: it has none */
	struct dsr_age_input decoded; /* what the armor holds */
	struct dsr_age_input *in;     /* the one of the two to read from */
	uint8_t *key;                 /* of the payload; sodium_malloc */
	uint64_t number;              /* of the chunk */
	bool ended;                   /* the last chunk was good */
	bool failed;                  /* as failure says; and stays so */
	struct dsr_error failure;
	size_t start, end;            /* of the plaintext not yet handed out */
	size_t ahead;                 /* bytes of the next chunk: 0 or 1 */
	uint8_t first;                /* ... and this one it is */
	uint8_t buffer[SEALED_CHUNK + 1];
};

bool
dsr_age_is_damage(const struct dsr_error *err)
{
	return err->code == DSR_EFORMAT || err->code == DSR_ELIMIT ||
	    err->code == DSR_ESIGNATURE;
}

bool
dsr_age_is_likely(const void *data, size_t len)
{
	static const char binary[] = "age-encryption.org/";
	static const char armored[] = "-----BEGIN AGE ";
	const char *s = data;

	if (len >= sizeof(binary) - 1 &&
	    memcmp(s, binary, sizeof(binary) - 1) == 0)
		return true;
	while (len > 0 && (*s == ' ' || (*s >= '\t' && *s <= '\r'))) {
		s++;
		len--;
	}
	return len >= sizeof(armored) - 1 &&
	    memcmp(s, armored, sizeof(armored) - 1) == 0;
}

/* With armor or without? The first byte tells. */
static int
open_file(struct dsr_age_reader *r, const struct dsr_source *source,
    struct dsr_error *err)
{
	struct dsr_source inside;
	const uint8_t *bytes;
	int64_t n;

	dsr_age_input_init(&r->file, source);
	r->in = &r->file;
	if ((n = dsr_age_input_peek(&r->file, &bytes, err)) < 0)
		return -1;
	if (n == 0)
		return dsr_fail(err, DSR_EFORMAT,
		    "the file is empty: not one of age - FORMAT.md 5.5");
	if (bytes[0] == 'a')
		return 0;
	if (dsr_age_armor_new(&r->armor, &r->file, err) != 0)
		return -1;
	dsr_age_armor_source(r->armor, &inside);
	dsr_age_input_init(&r->decoded, &inside);
	r->in = &r->decoded;
	return 0;
}

static int
derive_key(struct dsr_age_reader *r, const uint8_t file_key[DSR_AGE_FILE_KEY],
    struct dsr_error *err)
{
	uint8_t nonce[DSR_AGE_NONCE];
	int64_t n = dsr_age_input_read(r->in, nonce, sizeof(nonce), err);

	if (n < 0)
		return -1;
	if (n < (int64_t)sizeof(nonce))
		return dsr_fail(err, DSR_EFORMAT,
		    "the age file was cut behind its header - FORMAT.md 5.5");
	dsr_age_hkdf(r->key, file_key, DSR_AGE_FILE_KEY, nonce, sizeof(nonce),
	    "payload");
	return 0;
}

static int
open_header(struct dsr_age_reader *r, const struct dsr_age_identities *keys,
    struct dsr_error *err)
{
	uint8_t file_key[DSR_AGE_FILE_KEY], mac[DSR_AGE_KEY];
	struct dsr_age_header h;
	int rc = -1;

	dsr_age_header_init(&h);
	if (dsr_age_header_read(&h, r->in, err) != 0 ||
	    dsr_age_unwrap(file_key, &h, keys, err) != 0)
		goto out;
	dsr_age_mac(mac, file_key, &h.text);
	if (sodium_memcmp(mac, h.mac, sizeof(mac)) != 0)
		dsr_fail(err, DSR_ESIGNATURE,
		    "the header of the age file was changed - FORMAT.md 5.5");
	else
		rc = derive_key(r, file_key, err);
out:
	sodium_memzero(file_key, sizeof(file_key));
	dsr_age_header_fini(&h);
	return rc;
}

int
dsr_age_reader_new(struct dsr_age_reader **out,
    const struct dsr_source *source,
    const struct dsr_age_identities *identities, struct dsr_error *err)
{
	struct dsr_age_reader *r = calloc(1, sizeof(*r));

	*out = NULL;
	if (r == NULL || (r->key = sodium_malloc(DSR_AGE_KEY)) == NULL) {
		dsr_fail(err, DSR_ENOMEM, "age reader");
		goto out;
	}
	if (open_file(r, source, err) != 0 ||
	    open_header(r, identities, err) != 0)
		goto out;
	*out = r;
	return 0;
out:
	dsr_age_reader_free(r);
	return -1;
}

void
dsr_age_reader_free(struct dsr_age_reader *r)
{
	if (r == NULL)
		return;
	dsr_age_armor_free(r->armor);
	sodium_free(r->key);
	free(r);
}

/*
 * The next sealed chunk into the buffer. One byte more is asked for: whether
 * it is there tells the last chunk from the others.
 */
static int
read_sealed(struct dsr_age_reader *r, size_t *len, bool *last,
    struct dsr_error *err)
{
	int64_t n;

	r->buffer[0] = r->first;
	n = dsr_age_input_read(r->in, r->buffer + r->ahead,
	    sizeof(r->buffer) - r->ahead, err);
	if (n < 0)
		return -1;
	*len = r->ahead + (size_t)n;
	*last = *len <= SEALED_CHUNK;
	r->ahead = *last ? 0 : 1;
	r->first = r->buffer[SEALED_CHUNK];
	if (!*last)
		*len = SEALED_CHUNK;
	if (*len < DSR_AGE_TAG)
		return dsr_fail(err, DSR_EFORMAT,
		    "the age file was cut - FORMAT.md 5.5");
	if (*last && *len == DSR_AGE_TAG && r->number > 0)
		return dsr_fail(err, DSR_EFORMAT, "the age file ends with an "
		    "empty chunk, or was cut - FORMAT.md 5.5");
	return 0;
}

static int
next_chunk(struct dsr_age_reader *r, struct dsr_error *err)
{
	uint8_t nonce[12];
	size_t len;
	bool last;

	if (read_sealed(r, &len, &last, err) != 0)
		return -1;
	dsr_age_chunk_nonce(nonce, r->number, last);
	if (crypto_aead_chacha20poly1305_ietf_decrypt(r->buffer, NULL, NULL,
		r->buffer, len, NULL, 0, nonce, r->key) != 0)
		return dsr_fail(err, DSR_ESIGNATURE, "the age file was cut or "
		    "changed: its chunk %llu does not verify - FORMAT.md 5.5",
		    (unsigned long long)r->number);
	r->number++;
	r->ended = last;
	r->start = 0;
	r->end = len - DSR_AGE_TAG;
	return 0;
}

int64_t
dsr_age_read(struct dsr_age_reader *r, void *buf, size_t len,
    struct dsr_error *err)
{
	while (r->start == r->end && !r->ended && !r->failed)
		if (next_chunk(r, &r->failure) != 0)
			r->failed = true;
	if (r->failed) {
		*err = r->failure;
		return -1;
	}
	if (len > r->end - r->start)
		len = r->end - r->start;
	memcpy(buf, r->buffer + r->start, len);
	r->start += len;
	return (int64_t)len;
}

static int64_t
read_plaintext(void *ctx, void *buf, size_t len, struct dsr_error *err)
{
	return dsr_age_read(ctx, buf, len, err);
}

void
dsr_source_of_age(struct dsr_source *out, struct dsr_age_reader *r)
{
	out->read = read_plaintext;
	out->ctx = r;
}
