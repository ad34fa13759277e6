/* SPDX-License-Identifier: ISC */
/*
 * A server that answers what no right one would, byte for byte as a script
 * says: README.md. For tests alone; it shares no code with Dossier.
 */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* ---- certificate.c ---- */

struct authorities; /* the CA that clients are to trust, and another one */

struct authorities *authorities_new(void);
void authorities_free(struct authorities *a);
/* PEM of the CA to trust. */
int authorities_write(const struct authorities *a, FILE *out);
/*
 * Certificate, chain and versions of a connection, by the first label of the
 * host that was asked for; any other label gets what is right for it.
 */
int authorities_serve(const struct authorities *a, SSL *ssl,
    const char *host);

/* ---- script.c ---- */

struct step {
	struct step *next;
	const struct verb *verb;
	unsigned long number;   /* of those that have one */
	char *text;             /* escapes taken out; len bytes */
	size_t len;
};

struct rule;
struct script;

/* One thing that can be done; play.c has the list. */
struct channel;
struct verb {
	const char *name;
	bool has_number;
	/* false: the connection is over */
	bool (*play)(struct channel *, const struct step *,
	    unsigned long turn);
	const char *help;
};
const struct verb *verb_find(const char *name, size_t len);
void verbs_help(FILE *out);

/* NULL when the file cannot be read or has a wrong line, told on stderr. */
struct script *script_read(const char *path);
/* The steps for a request ("METHOD", "host/path?query"), and how many times
 * it was asked, from 1; NULL when there are none. */
const struct step *script_find(struct script *s, const char *method,
    const char *where, unsigned long *turn);

/* ---- play.c ---- */

struct server {
	struct authorities *authorities;
	struct script *script;
	SSL_CTX *tls;
	int received;    /* all that came, deciphered: a file */
	int connections; /* one line each: a file */
};

/* Serves one connection to its end, and closes it. */
void serve(struct server *server, int fd);

#endif
