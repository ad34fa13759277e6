/* SPDX-License-Identifier: ISC */
/*
 * Command lines: one table per verb makes parsing (getopt_long), --help and
 * the options of the manual.
 */
#ifndef DOSSIER_OPTIONS_H
#define DOSSIER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "dossier/error.h"

enum dsr_option_kind {
	DSR_OPTION_FLAG,   /* bool * */
	DSR_OPTION_MORE,   /* unsigned int *: counted, as in -vv */
	DSR_OPTION_TEXT,   /* const char ** */
	DSR_OPTION_NUMBER, /* uint64_t *; between min and max */
	DSR_OPTION_LIST    /* struct dsr_texts *: may be given several times */
};

/* Arguments of an option that may be repeated; items point into argv. */
struct dsr_texts {
	const char **items;
	size_t count;
};

struct dsr_option {
	const char *name;     /* long name, without dashes */
	char letter;          /* short name, or 0 */
	enum dsr_option_kind kind;
	void *target;
	const char *argument; /* its name in --help; NULL for a flag */
	const char *help;     /* N_(): one line, or a few with \n */
	uint64_t min, max;    /* of DSR_OPTION_NUMBER */
};

/* What every verb takes. Zeroed before parsing; closed by dsr_common_fini. */
struct dsr_common {
	const char *verb;      /* argv[0], for errors that point to its help */
	bool json;
	bool no_progress;
	bool quiet;            /* no text for people on stdout */
	unsigned int verbose;  /* -v: every finding; -vv: what was done, too */
	bool help;
	const char *color;     /* auto, always, never */
	const char *log;       /* path */
	FILE *log_file;        /* open for appending, or NULL */
};
void dsr_common_fini(struct dsr_common *common);

/*
 * One line into the log (with the time), and on stderr with -vv. Never personal
 * data, never a secret.
 */
void dsr_log(const struct dsr_common *common, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* May text on this stream be coloured (--color, NO_COLOR, TERM, terminal)? */
bool dsr_color_is_on(const struct dsr_common *common, FILE *stream);

struct dsr_verb {
	const char *name;
	const char *synopsis; /* "FILE.zip [OPTIONS]", behind "dossier NAME" */
	const char *summary;  /* N_(): one sentence */
	/* argv[0] is the verb; returns the exit status */
	int (*run)(int argc, char **argv);
};

/*
 * Parses argv by the table (count rows; at most 48) and the common options;
 * operands are left in argv[*first..argc-1].
 * DSR_EUSAGE  an unknown option, a missing argument, a number out of bounds
 */
int dsr_options_parse(const struct dsr_option *table, size_t count,
    struct dsr_common *common, int argc, char **argv, int *first,
    struct dsr_error *err);
void dsr_texts_fini(struct dsr_texts *t);

/* Prints the help of a verb to stdout, in at most 80 columns. */
void dsr_options_help(const struct dsr_verb *verb,
    const struct dsr_option *table, size_t count);

/*
 * A program's main: chooses the verb, prints help and version, and prepares
 * language, libsodium, and the signals that end a program (outputs that are
 * not committed are removed). verbs ends with NULL.
 */
int dsr_program_main(const char *program, const struct dsr_verb *const *verbs,
    int argc, char **argv);

/*
 * Says on stderr (or, with json, as a line on stdout) what went wrong, and
 * returns the exit status for it.
 */
int dsr_report_error(const struct dsr_common *common,
    const struct dsr_error *err);

/* "0.1.0" */
const char *dsr_version(void);

#endif
