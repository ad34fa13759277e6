/* SPDX-License-Identifier: ISC */
/* The verbs of the verifier; main.c has the table. */
#ifndef DOSSIER_VERIFIER_H
#define DOSSIER_VERIFIER_H

#include "dossier/age.h"
#include "dossier/options.h"
#include "dossier/roots.h"
#include "dossier/trust.h"

extern const struct dsr_verb decrypt_verb;
extern const struct dsr_verb diff_verb;
extern const struct dsr_verb extract_verb;
extern const struct dsr_verb verify_verb;
extern const struct dsr_verb list_verb;
extern const struct dsr_verb report_verb;
extern const struct dsr_verb prove_verb;
extern const struct dsr_verb verify_proof_verb;

int decrypt_main(int argc, char **argv);
int diff_main(int argc, char **argv);
int extract_main(int argc, char **argv);
int verify_main(int argc, char **argv);
int list_main(int argc, char **argv);
int report_main(int argc, char **argv);
int prove_main(int argc, char **argv);
int verify_proof_main(int argc, char **argv);

/* verify --bag FOLDER: judges any BagIt bag; the exit status. */
int bag_run(const char *folder, const struct dsr_common *common,
    unsigned int jobs);

/*
 * Opens the input of a verb: a path, or "-" for stdin. Anything else than a
 * regular file or a pipe on stdin is DSR_EFORMAT; DSR_EIO when it cannot be
 * opened.
 */
int input_open(const char *path, int *fd, struct dsr_error *err);

/*
 * The folder in which an output of this path will stand, open as O_PATH, for
 * the rules of a sandbox. *fd is -1 on failure.
 */
int output_folder_open(const char *path, int *fd, struct dsr_error *err);

/* Keys to decrypt with; NULL when no file is named. Errors as in age.h. */
int keys_open(struct dsr_age_identities **out, const char *identity_file,
    const char *passphrase_file, struct dsr_error *err);

/* The roots in these PEM files. Errors as in roots.h. */
int roots_open(struct dsr_roots **out, const struct dsr_texts *files,
    struct dsr_error *err);

/* The trusted keys: those given, else those of the usual folders. */
int trust_open(struct dsr_trust **out, const struct dsr_texts *given,
    struct dsr_error *err);

#endif
