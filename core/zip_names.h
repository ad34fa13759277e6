/* SPDX-License-Identifier: ISC */
/*
 * A watch over names: has this one, or one that differs in case only, come
 * before? It keeps eight bytes a name. Private to the container.
 */
#ifndef DOSSIER_CORE_ZIP_NAMES_H
#define DOSSIER_CORE_ZIP_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "dossier/error.h"

struct dsr_zip_names;

int dsr_zip_names_new(struct dsr_zip_names **out, struct dsr_error *err);
void dsr_zip_names_free(struct dsr_zip_names *n);
/* len <= DSR_MAX_NAME. Sets *seen. DSR_ENOMEM */
int dsr_zip_names_add(struct dsr_zip_names *n, const char *name, size_t len,
    bool *seen, struct dsr_error *err);

#endif
