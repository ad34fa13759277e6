/* SPDX-License-Identifier: ISC */
#include "dossier/minisign.h"

#include <sodium.h>
#include <string.h>

#include "dossier/text.h"
#include "minisign_text.h"

/* The bytes of the second line: "ED", id, signature. */
#define SIGNATURE_LINE (2 + DSR_KEY_ID_BYTES + DSR_SIGNATURE_BYTES)

void
dsr_minisign_prehash(uint8_t out[DSR_PREHASH_BYTES], const void *msg,
    size_t len)
{
	(void)crypto_generichash(out, DSR_PREHASH_BYTES, msg, len, NULL, 0);
}

static int
write_lines(const struct dsr_minisig *sig, struct dsr_buffer *out,
    struct dsr_error *err)
{
	uint8_t raw[SIGNATURE_LINE];

	memcpy(raw, "ED", 2);
	memcpy(raw + 2, sig->key_id, DSR_KEY_ID_BYTES);
	memcpy(raw + 2 + DSR_KEY_ID_BYTES, sig->signature,
	    DSR_SIGNATURE_BYTES);
	if (dsr_buffer_printf(out, err, "%s%s\n", DSR_UNTRUSTED_PREFIX,
		sig->untrusted_comment) != 0 ||
	    dsr_base64_encode(out, raw, sizeof(raw), err) != 0 ||
	    dsr_buffer_printf(out, err, "\n%s%s\n", DSR_TRUSTED_PREFIX,
		sig->trusted_comment) != 0 ||
	    dsr_base64_encode(out, sig->global, sizeof(sig->global), err) != 0)
		return -1;
	return dsr_buffer_putc(out, '\n', err);
}

/* What the second signature is over: the first, then the trusted comment. */
static size_t
global_message(uint8_t out[DSR_SIGNATURE_BYTES + DSR_TRUSTED_COMMENT_SIZE],
    const struct dsr_minisig *sig)
{
	size_t len = strlen(sig->trusted_comment);

	memcpy(out, sig->signature, DSR_SIGNATURE_BYTES);
	memcpy(out + DSR_SIGNATURE_BYTES, sig->trusted_comment, len);
	return DSR_SIGNATURE_BYTES + len;
}

static bool
set_comment(char *out, size_t size, const char *comment)
{
	size_t len = strlen(comment);

	if (len >= size || !dsr_comment_is_plain(comment, len))
		return false;
	memcpy(out, comment, len + 1);
	return true;
}

int
dsr_minisign_sign(const struct dsr_secret_key *key,
    const uint8_t prehash[DSR_PREHASH_BYTES], const char *untrusted_comment,
    const char *trusted_comment, struct dsr_buffer *out,
    struct dsr_error *err)
{
	uint8_t msg[DSR_SIGNATURE_BYTES + DSR_TRUSTED_COMMENT_SIZE];
	struct dsr_public_key public;
	struct dsr_minisig sig;

	if (!set_comment(sig.untrusted_comment, sizeof(sig.untrusted_comment),
		untrusted_comment) ||
	    !set_comment(sig.trusted_comment, sizeof(sig.trusted_comment),
		trusted_comment))
		return dsr_fail(err, DSR_EFORMAT, "the comment of a signature "
		    "is short, printable ASCII - FORMAT.md 5.2");
	dsr_secret_key_public(key, &public);
	memcpy(sig.key_id, public.id, sizeof(sig.key_id));
	dsr_secret_key_sign(key, sig.signature, prehash, DSR_PREHASH_BYTES);
	dsr_secret_key_sign(key, sig.global, msg, global_message(msg, &sig));
	return write_lines(&sig, out, err);
}

/* Takes the four lines apart, loosely: dsr_minisig_parse compares. */
static bool
take_lines(struct dsr_minisig *out, const char *text, size_t len)
{
	struct dsr_line line[4];
	uint8_t raw[SIGNATURE_LINE];
	size_t raw_len = 0, global_len = 0;

	if (dsr_lines_split(line, 4, text, len) != 4 ||
	    !dsr_comment_take(out->untrusted_comment,
		sizeof(out->untrusted_comment), &line[0],
		DSR_UNTRUSTED_PREFIX) ||
	    !dsr_base64_decode(raw, sizeof(raw), &raw_len, line[1].s,
		line[1].len) ||
	    raw_len != sizeof(raw) || memcmp(raw, "ED", 2) != 0 ||
	    !dsr_comment_take(out->trusted_comment,
		sizeof(out->trusted_comment), &line[2], DSR_TRUSTED_PREFIX) ||
	    !dsr_base64_decode(out->global, sizeof(out->global), &global_len,
		line[3].s, line[3].len) ||
	    global_len != sizeof(out->global))
		return false;
	memcpy(out->key_id, raw + 2, sizeof(out->key_id));
	memcpy(out->signature, raw + 2 + DSR_KEY_ID_BYTES,
	    sizeof(out->signature));
	return true;
}

int
dsr_minisig_parse(struct dsr_minisig *out, const void *text, size_t len,
    struct dsr_error *err)
{
	struct dsr_minisig sig;
	struct dsr_buffer again;
	int rc = -1;

	memset(&sig, 0, sizeof(sig));
	dsr_buffer_init(&again, DSR_MINISIG_MAX);
	if (!take_lines(&sig, text, len)) {
		dsr_fail(err, DSR_EFORMAT, "not the four lines of a prehashed "
		    "minisign signature - FORMAT.md 5.2");
		goto out;
	}
	if (write_lines(&sig, &again, err) != 0)
		goto out;
	if (again.len != len || memcmp(again.data, text, len) != 0) {
		dsr_fail(err, DSR_EFORMAT, "a signature in another form than "
		    "the only one allowed - FORMAT.md 5.2");
		goto out;
	}
	*out = sig;
	rc = 0;
out:
	dsr_buffer_fini(&again);
	return rc;
}

bool
dsr_minisig_is_valid(const struct dsr_minisig *sig,
    const struct dsr_public_key *key,
    const uint8_t prehash[DSR_PREHASH_BYTES])
{
	uint8_t msg[DSR_SIGNATURE_BYTES + DSR_TRUSTED_COMMENT_SIZE];

	return crypto_sign_verify_detached(sig->signature, prehash,
		   DSR_PREHASH_BYTES, key->key) == 0 &&
	    crypto_sign_verify_detached(sig->global, msg,
		global_message(msg, sig), key->key) == 0;
}
