/* SPDX-License-Identifier: ISC */
/* What connectors call themselves and their endpoints, for the page. */
#ifndef PACKER_WORDS_H
#define PACKER_WORDS_H

#include <stddef.h>

#include "dossier/buffer.h"
#include "dossier/error.h"
#include "dossier/json.h"
#include "dossier/page.h"

#define WORDS_MAX_CONNECTORS 64u

struct words {
	struct {
		char *key;
		char *text; /* the JSON, which json points into */
		struct dsr_json *json;
	} connector[WORDS_MAX_CONNECTORS];
	size_t count;
	struct dsr_page_words face;
};

void words_init(struct words *w);
void words_fini(struct words *w);
/* Keeps a copy of one connector's JSON. DSR_ELIMIT, DSR_EFORMAT, DSR_ENOMEM */
int words_add(struct words *w, const char *key, const void *text, size_t len,
    struct dsr_error *err);

#endif
