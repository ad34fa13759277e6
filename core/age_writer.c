/* SPDX-License-Identifier: ISC */
#include "dossier/age.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "age_private.h"
#include "dossier/random.h"
#include "dossier/text.h"

struct dsr_age_writer {
	struct dsr_sink sink;
	uint8_t *key; /* of the payload; sodium_malloc */
	uint64_t number; /* of the chunk */
	bool finished;
	size_t len; /* bytes in the buffer */
	uint8_t buffer[DSR_AGE_CHUNK + DSR_AGE_TAG];
};

static int
write_header(const struct dsr_age_recipients *r,
    const uint8_t file_key[DSR_AGE_FILE_KEY], struct dsr_buffer *text,
    struct dsr_error *err)
{
	size_t i, count = r->passphrase.data != NULL ? 1 : r->count;
	struct dsr_age_stanza s;
	uint8_t mac[DSR_AGE_KEY];

	if (dsr_buffer_puts(text, DSR_AGE_VERSION "\n", err) != 0)
		return -1;
	for (i = 0; i < count; i++)
		if (dsr_age_wrap(&s, r, i, file_key, err) != 0 ||
		    dsr_age_stanza_write(text, &s, err) != 0)
			return -1;
	if (dsr_buffer_puts(text, "---", err) != 0)
		return -1;
	dsr_age_mac(mac, file_key, text);
	if (dsr_buffer_putc(text, ' ', err) != 0 ||
	    dsr_base64_encode_unpadded(text, mac, sizeof(mac), err) != 0)
		return -1;
	return dsr_buffer_putc(text, '\n', err);
}

/* Header and nonce; the key of the payload follows from them. */
static int
begin_file(struct dsr_age_writer *w, const struct dsr_age_recipients *r,
    struct dsr_error *err)
{
	uint8_t file_key[DSR_AGE_FILE_KEY], nonce[DSR_AGE_NONCE];
	struct dsr_buffer text;
	int rc = -1;

	dsr_buffer_init(&text, DSR_MAX_AGE_HEADER);
	dsr_random_bytes(file_key, sizeof(file_key));
	dsr_random_bytes(nonce, sizeof(nonce));
	dsr_age_hkdf(w->key, file_key, sizeof(file_key), nonce, sizeof(nonce),
	    "payload");
	if (write_header(r, file_key, &text, err) == 0 &&
	    dsr_buffer_append(&text, nonce, sizeof(nonce), err) == 0)
		rc = w->sink.write(w->sink.ctx, text.data, text.len, err);
	sodium_memzero(file_key, sizeof(file_key));
	dsr_buffer_fini(&text);
	return rc;
}

int
dsr_age_writer_new(struct dsr_age_writer **out,
    const struct dsr_age_recipients *recipients, const struct dsr_sink *sink,
    struct dsr_error *err)
{
	struct dsr_age_writer *w = calloc(1, sizeof(*w));

	*out = NULL;
	if (w == NULL || (w->key = sodium_malloc(DSR_AGE_KEY)) == NULL) {
		dsr_fail(err, DSR_ENOMEM, "age writer");
		goto out;
	}
	w->sink = *sink;
	if (begin_file(w, recipients, err) != 0)
		goto out;
	*out = w;
	return 0;
out:
	dsr_age_writer_free(w);
	return -1;
}

void
dsr_age_writer_free(struct dsr_age_writer *w)
{
	if (w == NULL)
		return;
	sodium_free(w->key);
	free(w);
}

static int
write_chunk(struct dsr_age_writer *w, bool last, struct dsr_error *err)
{
	uint8_t nonce[12];
	size_t len = w->len;

	dsr_age_chunk_nonce(nonce, w->number++, last);
	(void)crypto_aead_chacha20poly1305_ietf_encrypt(w->buffer, NULL,
	    w->buffer, len, NULL, 0, NULL, nonce, w->key);
	w->len = 0;
	return w->sink.write(w->sink.ctx, w->buffer, len + DSR_AGE_TAG, err);
}

/* A full chunk waits for what follows: the last one must not be empty. */
int
dsr_age_writer_write(struct dsr_age_writer *w, const void *data, size_t len,
    struct dsr_error *err)
{
	const uint8_t *p = data;
	size_t n;

	if (w->finished)
		return dsr_fail(err, DSR_EBUG, "the age file is finished");
	while (len > 0) {
		if (w->len == DSR_AGE_CHUNK && write_chunk(w, false, err) != 0)
			return -1;
		n = DSR_AGE_CHUNK - w->len < len ? DSR_AGE_CHUNK - w->len
						 : len;
		memcpy(w->buffer + w->len, p, n);
		w->len += n;
		p += n;
		len -= n;
	}
	return 0;
}

int
dsr_age_writer_finish(struct dsr_age_writer *w, struct dsr_error *err)
{
	if (w->finished)
		return dsr_fail(err, DSR_EBUG, "the age file is finished");
	w->finished = true;
	return write_chunk(w, true, err);
}

static int
write_plaintext(void *ctx, const void *data, size_t len,
    struct dsr_error *err)
{
	return dsr_age_writer_write(ctx, data, len, err);
}

void
dsr_sink_of_age(struct dsr_sink *out, struct dsr_age_writer *w)
{
	out->write = write_plaintext;
	out->ctx = w;
}
