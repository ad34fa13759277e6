/* SPDX-License-Identifier: ISC */
/* What output files and output folders share. */
#ifndef DOSSIER_CORE_FILE_PRIVATE_H
#define DOSSIER_CORE_FILE_PRIVATE_H

#include "dossier/error.h"

/*
 * The folder that path stands in, and a temporary name in that folder; free()
 * both.
 */
int dsr_temporary_name(const char *path, char **folder, char **temporary,
    struct dsr_error *err);
/* Gives from, a file or a folder, the name to, unless to exists (EEXIST). */
int dsr_rename_new(const char *from, const char *to);
/* What was renamed in this folder survives a crash. */
int dsr_folder_sync(const char *folder, struct dsr_error *err);

#endif
