/* SPDX-License-Identifier: ISC */
/*
 * Credentials: where they come from, and the memory they live in. Never in
 * argv, in the environment, in the case or in a log.
 */
#ifndef COLLECTOR_CREDENTIAL_H
#define COLLECTOR_CREDENTIAL_H

#include "connector.h"
#include "dossier/file.h"
#include "fetch.h"

struct credential {
	char *name;
	const char *source; /* of argv, or NULL */
	struct dsr_secret secret;
	bool loaded;
	unsigned int generation; /* how often it became another one */
	bool doubted;            /* read again, and not accepted since */
};

struct credentials {
	struct credential *items;
	size_t count;
};

/*
 * Takes "NAME=SOURCE" words for the credentials that k names, and reads what
 * has a source: file:PATH, fd:N, command:CMDLINE, $CREDENTIALS_DIRECTORY/NAME.
 * What authentication needs and has none is asked for on the terminal; one that
 * cannot be had there is an error only when the connector has no other.
 *
 * DSR_EUSAGE  a word that is wrong, or there is nowhere to take it from
 * DSR_EINPUT  a file that others can read, or a secret that cannot be sent
 */
int credentials_take(struct credentials *c, const struct connector *k,
    const char *const *words, size_t count, struct dsr_error *err);
void credentials_fini(struct credentials *c);

/* The secret, or NULL when there is none; lives until it is renewed. */
const char *credentials_get(const struct credentials *c, const char *name);
/* leak.c: does the text hold one of them (of 16 bytes or more, or of 8 that are
 * no word and no number), as it is or in base64? */
bool credentials_are_in(const struct credentials *c, const void *text,
    size_t len);
/*
 * Reads it again where that can give another one (command:, file:, the
 * folder). 1 when it is another one, 0 when it is not, -1.
 */
int credentials_renew(struct credentials *c, const char *name,
    struct dsr_error *err);

/* A service accepted the one of this generation. */
void credentials_accept(struct credentials *c, const char *name,
    unsigned int generation);
/* Was it read again, and has no service accepted it since? Once is enough. */
bool credentials_are_doubted(const struct credentials *c, const char *name);
/* Grows when it is renewed; 0 for none (name may be NULL). */
unsigned int credentials_generation(const struct credentials *c,
    const char *name);

/*
 * The entry of authentication for a host; NULL when none matches. hosts: for
 * each entry its host patterns, expanded, ending with NULL.
 */
const struct authentication *authentication_for(const struct connector *k,
    const char *const *const *hosts, const char *host);
/*
 * Adds the headers of a credential to a request. 0, or 1 when it was not
 * given, -1.
 */
int authentication_add(const struct authentication *a,
    const struct credentials *c, struct fetch *f, struct dsr_error *err);

#endif
