/* SPDX-License-Identifier: ISC */
/*
 * The error object.
 *
 * A function that can fail returns 0 or -1 and takes a struct dsr_error last.
 * It is filled on failure and untouched on success. Nothing below a program's
 * main prints or exits.
 */
#ifndef DOSSIER_ERROR_H
#define DOSSIER_ERROR_H

/*
 * One list makes the enum, the exit status (docs/man/dossier.1, EXIT STATUS)
 * and the text. Finer than the exit status, so that callers can act on them.
 */
/* clang-format off */
#define DSR_ERRORS(X)                                                       \
	X(DSR_OK,           0, "no error")                                  \
	X(DSR_EFAILED,      1, "failed")                                    \
	X(DSR_EFORMAT,      1, "not well formed")                           \
	X(DSR_ELIMIT,       1, "a limit was exceeded")                      \
	X(DSR_ESIGNATURE,   1, "the signature does not match")              \
	X(DSR_EKEY,         1, "no key that was given opens it")            \
	X(DSR_EEXISTS,      1, "the output exists already")                 \
	X(DSR_EUSAGE,       2, "wrong use of the command line")             \
	X(DSR_EINCOMPLETE,  3, "finished, but incomplete")                  \
	X(DSR_EAUTH,        4, "a service refused the credentials")         \
	X(DSR_EUNTRUSTED,   5, "the signer is not trusted")                 \
	X(DSR_EINPUT,       6, "a bad input file")                          \
	X(DSR_EVERSION,     6, "a version this program does not know")      \
	X(DSR_EIO,         10, "the system refused an operation")           \
	X(DSR_ENOMEM,      11, "not enough memory")                         \
	X(DSR_ENETWORK,    12, "the network failed")                        \
	X(DSR_ENOSPACE,    13, "no space left")                             \
	X(DSR_EBUG,        70, "a bug in this program")

enum dsr_code {
#define X(id, exit_status, text) id,
	DSR_ERRORS(X)
#undef X
};
/* clang-format on */

struct dsr_error {
	enum dsr_code code;
	int sys;       /* errno at the failure, or 0 */
	/* one line, no personal data, no secret: */
	char msg[480];  /* in English, for programs and logs */
	char text[480]; /* for people: in their language where it is known */
};

/*
 * Records a failure and returns -1. The message is looked up in the catalogue:
 * all of DSR_EUSAGE are there (tools/update-po), of the others those in N_().
 */
int dsr_fail(struct dsr_error *err, enum dsr_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Records a failure of the system with errno and its text behind the message,
 * and returns -1. The code follows errno: ENOMEM DSR_ENOMEM; ENOSPC, EDQUOT
 * and EFBIG DSR_ENOSPACE; EEXIST DSR_EEXISTS; all else DSR_EIO.
 */
int dsr_fail_sys(struct dsr_error *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Puts what the caller was doing in front of the message; returns -1. */
int dsr_wrap(struct dsr_error *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Exit status of a code. */
int dsr_exit_status(enum dsr_code code);

/* General English text of a code; static. */
const char *dsr_code_text(enum dsr_code code);

#endif
