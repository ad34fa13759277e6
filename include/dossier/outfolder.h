/* SPDX-License-Identifier: ISC */
/*
 * An output folder: whole or not at all. It is made under a temporary name
 * beside where it shall stand, mode 0700, its files 0600, and takes its name
 * when it is committed. Nothing is ever written to through a link, and nothing
 * that exists is replaced.
 */
#ifndef DOSSIER_OUTFOLDER_H
#define DOSSIER_OUTFOLDER_H

#include <stddef.h>

#include "dossier/error.h"

struct dsr_outfolder;

/*
 * One at a time in a process.
 * DSR_EEXISTS  something stands at path
 * DSR_EIO, DSR_ENOSPACE, DSR_ENOMEM
 */
int dsr_outfolder_new(struct dsr_outfolder **out, const char *path,
    struct dsr_error *err);
/*
 * Makes an empty file at name (dsr_name_is_safe, else DSR_EFORMAT; the folders
 * on the way are made) and opens it for reading and writing. The caller closes
 * *fd. DSR_EEXISTS for a name that was there.
 */
int dsr_outfolder_create(struct dsr_outfolder *f, const char *name, int *fd,
    struct dsr_error *err);
/* A whole small file through the above. */
int dsr_outfolder_write(struct dsr_outfolder *f, const char *name,
    const void *data, size_t len, struct dsr_error *err);
/* The folder itself, for reading what was written; borrowed. */
int dsr_outfolder_fd(const struct dsr_outfolder *f);
/* Everything on to the disk, then the name. */
int dsr_outfolder_commit(struct dsr_outfolder *f, struct dsr_error *err);
/* Uncommitted, nothing stays behind. */
void dsr_outfolder_free(struct dsr_outfolder *f);

/* As dsr_outfile_abandon_all, and as safe in a signal handler. */
void dsr_outfolder_abandon_all(void);

#endif
