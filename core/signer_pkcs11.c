/* SPDX-License-Identifier: ISC */
/*
 * A private key in a token, through its PKCS #11 module: it signs there and
 * never leaves. The module is loaded by name only when a pkcs11: URI asks.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "der.h"
#include "dossier/digest.h"
#include "dossier/file.h"
#include "dossier/language.h"
#include "dossier/signer.h"
#include "pkcs11.h"
#include "pkcs11_uri.h"

#define DEFAULT_MODULE "p11-kit-proxy.so" /* all that the system knows of */
#define MAX_SLOTS      64u
#define P256_BYTES     32u

struct token {
	void *module;
	struct ck_functions *p11;
	bool initialized; /* by us */
	bool has_session;
	ck_ulong session;
	ck_ulong key;
	ck_ulong key_type;
};

static int
fail_token(struct dsr_error *err, const char *doing, ck_ulong rv)
{
	return dsr_fail(err, DSR_EINPUT, "PKCS #11: %s: error 0x%lx", doing,
	    rv);
}

static int
load_module(struct token *t, const struct dsr_pkcs11_uri *u,
    struct dsr_error *err)
{
	const char *path = u->module_path[0] != '\0' ? u->module_path
						     : DEFAULT_MODULE;
	ck_get_functions *get = NULL;
	void *symbol;
	ck_ulong rv;

	if ((t->module = dlopen(path, RTLD_NOW | RTLD_LOCAL)) == NULL)
		return dsr_fail(err, DSR_EINPUT, "PKCS #11: %s", dlerror());
	symbol = dlsym(t->module, "C_GetFunctionList");
	/* C has no cast from an object to a function; POSIX has the copy */
	memcpy(&get, &symbol, sizeof(get));
	if (get == NULL || get(&t->p11) != CKR_OK || t->p11 == NULL)
		return dsr_fail(err, DSR_EINPUT,
		    "PKCS #11: %s is not a module", path);
	rv = t->p11->initialize(NULL);
	t->initialized = rv == CKR_OK;
	if (rv != CKR_OK && rv != CKR_CRYPTOKI_ALREADY_INITIALIZED)
		return fail_token(err, path, rv);
	return 0;
}

/* Is a text that is padded with blanks this one? "" fits all. */
static bool
fits(const char *padded, size_t len, const char *wanted)
{
	if (wanted[0] == '\0')
		return true;
	while (len > 0 && padded[len - 1] == ' ')
		len--;
	return strlen(wanted) == len && memcmp(padded, wanted, len) == 0;
}

static int
find_slot(struct token *t, const struct dsr_pkcs11_uri *u, ck_ulong *slot,
    struct dsr_error *err)
{
	ck_ulong slots[MAX_SLOTS], count = MAX_SLOTS, found = 0, i, rv;
	struct ck_token_info info;

	if ((rv = t->p11->get_slot_list(1, slots, &count)) != CKR_OK)
		return fail_token(err, "listing tokens", rv);
	for (i = 0; i < count && i < MAX_SLOTS; i++) {
		memset(&info, 0, sizeof(info));
		if (t->p11->get_token_info(slots[i], &info) != CKR_OK ||
		    !fits(info.label, sizeof(info.label), u->token) ||
		    !fits(info.serial, sizeof(info.serial), u->serial))
			continue;
		*slot = slots[i];
		found++;
	}
	return found == 1 ? 0
	    : dsr_fail(err, DSR_EINPUT,
		"PKCS #11: wanted one token that fits, found %lu of %lu",
		found, count);
}

static int
read_pin(struct dsr_secret *pin, const struct dsr_pkcs11_uri *u,
    const char *secret_file, struct dsr_error *err)
{
	if (u->pin_source[0] != '\0')
		return dsr_secret_read(pin, u->pin_source, err);
	if (secret_file != NULL)
		return dsr_secret_read(pin, secret_file, err);
	return dsr_secret_prompt(pin, _("PIN of the token: "), err);
}

static int
log_in(struct token *t, const struct dsr_pkcs11_uri *u,
    const char *secret_file, struct dsr_error *err)
{
	struct dsr_secret pin = { NULL, 0 };
	ck_ulong rv;
	int rc = 0;

	if (read_pin(&pin, u, secret_file, err) != 0)
		return -1;
	rv = t->p11->login(t->session, CKU_USER, (unsigned char *)pin.data,
	    pin.len);
	if (rv == CKR_PIN_INCORRECT || rv == CKR_PIN_LEN_RANGE)
		rc = dsr_fail(err, DSR_EINPUT, "PKCS #11: the PIN is wrong");
	else if (rv == CKR_PIN_LOCKED)
		rc = dsr_fail(err, DSR_EINPUT, "PKCS #11: the PIN is locked");
	else if (rv != CKR_OK && rv != CKR_USER_ALREADY_LOGGED_IN)
		rc = fail_token(err, "login", rv);
	dsr_secret_fini(&pin);
	return rc;
}

static int
find_key(struct token *t, struct dsr_pkcs11_uri *u, struct dsr_error *err)
{
	ck_ulong class = CKO_PRIVATE_KEY, found[2], count = 0, n = 0, rv;
	struct ck_attribute wanted[3], type = { CKA_KEY_TYPE, &t->key_type,
		sizeof(t->key_type) };

	wanted[n++] = (struct ck_attribute) { CKA_CLASS, &class,
		sizeof(class) };
	if (u->object[0] != '\0')
		wanted[n++] = (struct ck_attribute) { CKA_LABEL, u->object,
			strlen(u->object) };
	if (u->id_len > 0)
		wanted[n++] = (struct ck_attribute) { CKA_ID, u->id,
			u->id_len };
	if ((rv = t->p11->find_objects_init(t->session, wanted, n)) != CKR_OK)
		return fail_token(err, "looking for the key", rv);
	rv = t->p11->find_objects(t->session, found, 2, &count);
	(void)t->p11->find_objects_final(t->session);
	if (rv != CKR_OK)
		return fail_token(err, "looking for the key", rv);
	if (count != 1)
		return dsr_fail(err, DSR_EINPUT, "PKCS #11: wanted one private "
		    "key that fits, found %s",
		    count == 0 ? "none" : "several");
	t->key = found[0];
	rv = t->p11->get_attribute_value(t->session, t->key, &type, 1);
	if (rv != CKR_OK)
		return fail_token(err, "reading the kind of key", rv);
	if (t->key_type != CKK_RSA && t->key_type != CKK_EC)
		return dsr_fail(err, DSR_EINPUT,
		    "PKCS #11: wanted an RSA or EC key");
	return 0;
}

static void
free_token(void *self)
{
	struct token *t = self;

	if (t->has_session)
		(void)t->p11->close_session(t->session); /* logs out, too */
	if (t->initialized)
		(void)t->p11->finalize(NULL);
	if (t->module != NULL)
		(void)dlclose(t->module);
	free(t);
}

static int
open_token(void **self, const char *place, const char *secret_file,
    struct dsr_error *err)
{
	struct token *t = calloc(1, sizeof(*t));
	struct dsr_pkcs11_uri u;
	ck_ulong slot = 0, rv;

	if (t == NULL)
		return dsr_fail(err, DSR_ENOMEM, "PKCS #11");
	if (dsr_pkcs11_uri_parse(&u, place, err) != 0 ||
	    load_module(t, &u, err) != 0 || find_slot(t, &u, &slot, err) != 0)
		goto out;
	rv = t->p11->open_session(slot, CKF_SERIAL_SESSION, NULL, NULL,
	    &t->session);
	t->has_session = rv == CKR_OK;
	if (rv != CKR_OK) {
		(void)fail_token(err, "opening a session", rv);
		goto out;
	}
	if (log_in(t, &u, secret_file, err) != 0 || find_key(t, &u, err) != 0)
		goto out;
	*self = t;
	return 0;
out:
	free_token(t);
	return -1;
}

/* An unsigned number as DER's INTEGER. */
static void
put_number(struct dsr_der_writer *w, const uint8_t *number, size_t len)
{
	uint8_t padded[P256_BYTES + 1] = { 0 };

	while (len > 1 && number[0] == 0) {
		number++;
		len--;
	}
	memcpy(padded + 1, number, len);
	if (number[0] >= 0x80)
		dsr_der_put(w, DSR_DER_INTEGER, padded, len + 1);
	else
		dsr_der_put(w, DSR_DER_INTEGER, number, len);
}

/* A token gives r and s one behind the other: PKCS #11 2.3.1. */
static int
put_ecdsa(struct dsr_buffer *out, const uint8_t *rs, ck_ulong len,
    struct dsr_error *err)
{
	struct dsr_der_writer w;
	size_t from;

	if (len != 2 * P256_BYTES)
		return dsr_fail(err, DSR_EINPUT,
		    "PKCS #11: wanted a key of ECDSA P-256");
	dsr_der_writer_init(&w, out);
	from = dsr_der_begin(&w);
	put_number(&w, rs, P256_BYTES);
	put_number(&w, rs + P256_BYTES, P256_BYTES);
	dsr_der_end(&w, from, DSR_DER_SEQUENCE);
	return dsr_der_writer_finish(&w, err);
}

static int
sign_token(void *self, struct dsr_buffer *signature, const void *msg,
    size_t len, struct dsr_error *err)
{
	/* DigestInfo of SHA-256 up to the digest: RFC 8017 9.2 */
	static const uint8_t prefix[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09,
		0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
		0x00, 0x04, 0x20 };
	struct token *t = self;
	bool rsa = t->key_type == CKK_RSA;
	struct ck_mechanism how = { rsa ? CKM_RSA_PKCS : CKM_ECDSA, NULL, 0 };
	uint8_t data[sizeof(prefix) + DSR_SHA256_BYTES];
	size_t skip = rsa ? 0 : sizeof(prefix);
	uint8_t made[DSR_SIGNATURE_MAX];
	ck_ulong size = sizeof(made), rv;

	memcpy(data, prefix, sizeof(prefix));
	dsr_sha256(data + sizeof(prefix), msg, len);
	if ((rv = t->p11->sign_init(t->session, &how, t->key)) == CKR_OK)
		rv = t->p11->sign(t->session, data + skip,
		    sizeof(data) - skip, made, &size);
	if (rv != CKR_OK)
		return fail_token(err, "signing", rv);
	return rsa ? dsr_buffer_append(signature, made, size, err)
		   : put_ecdsa(signature, made, size, err);
}

const struct dsr_signer_ops dsr_signer_pkcs11 = { "pkcs11", "pkcs11:",
	open_token, sign_token, free_token };
