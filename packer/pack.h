/* SPDX-License-Identifier: ISC */
/* Makes an archive from a folder or a case. */
#ifndef PACKER_PACK_H
#define PACKER_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "dossier/error.h"
#include "dossier/minisign.h"
#include "dossier/options.h"
#include "dossier/random.h"

struct pack_options {
	const char *input;           /* folder or case */
	const char *output;          /* FILE.zip, FILE.zip.age when encrypted */
	const char *request;         /* request.json, or NULL */
	const char *key;             /* minisign secret key, or NULL */
	const char *passphrase_file; /* of the key, or NULL */
	bool is_unsigned;
	const char *x509_key;        /* PEM file or pkcs11: URI, or NULL */
	const char *x509_cert;       /* PEM: its certificate */
	const char *x509_chain;      /* PEM: those above it, or NULL */
	const char *x509_passphrase_file; /* or the token's PIN, or NULL */
	uint64_t level;
	uint64_t jobs;               /* 0: as many as there are processors */
	const char *name;            /* top folder; NULL: from output */
	const char *id;              /* uuid, or NULL */
	const char *secret_file;     /* or NULL */
	const char *previous;        /* the archive before this one, or NULL */
	struct dsr_texts languages;
	struct dsr_texts recipients;          /* of age: encrypted for them */
	const char *encrypt_passphrase_file;  /* ... or under this, or NULL */
	bool force;
};

struct pack_result {
	uint64_t documents;
	uint64_t bytes;   /* of the documents */
	uint64_t gaps;
	uint64_t size;    /* bytes of the file */
	size_t examples;  /* texts of the request that nobody wrote */
	char id[DSR_UUID_SIZE];
	char key_id[DSR_KEY_ID_HEX]; /* "" when unsigned */
};

/* Does the archive go into a file of age? */
bool pack_is_encrypted(const struct pack_options *o);

/*
 * Packs. Every option is judged before anything is written.
 * DSR_EUSAGE, DSR_EINPUT, DSR_EEXISTS, DSR_EIO, DSR_ENOSPACE, DSR_ENOMEM
 */
int pack(const struct pack_options *o, const struct dsr_common *common,
    struct pack_result *result, struct dsr_error *err);

#endif
