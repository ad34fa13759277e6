/* SPDX-License-Identifier: ISC */
/*
 * What a report is made of, set aside while an archive is verified: in
 * spools that are encrypted, since the archive itself may be. Nothing of it
 * counts before the verdict.
 */
#ifndef VERIFIER_MATERIAL_H
#define VERIFIER_MATERIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "dossier/buffer.h"
#include "dossier/error.h"
#include "dossier/file.h"
#include "dossier/page.h"
#include "dossier/records.h"
#include "dossier/showcase.h"
#include "dossier/words.h"

struct material {
	struct dsr_spool *documents; /* lines of documents.jsonl */
	struct dsr_spool *gaps;      /* lines of gaps.jsonl */
	struct dsr_spool *erasures;  /* lines of erasure.jsonl */
	struct dsr_showcase *showcase;
	struct dsr_words *words;
	struct dsr_buffer statement; /* the members' texts */
	struct dsr_buffer request;
	struct dsr_page_exchanges exchanges;
};

int material_new(struct material **out, struct dsr_error *err);
void material_free(struct material *m);

/* A connector's text; one that is not well formed has no words. */
int material_add_connector(struct material *m, const char *path,
    const void *text, size_t len, struct dsr_error *err);
void material_add_exchange(struct material *m, const struct dsr_exchange *e);

#endif
