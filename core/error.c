/* SPDX-License-Identifier: ISC */
#include "dossier/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void __attribute__((format(printf, 4, 0)))
set_message(struct dsr_error *err, enum dsr_code code, int sys,
    const char *fmt, va_list ap)
{
	err->code = code;
	err->sys = sys;
	(void)vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
}

int
dsr_fail(struct dsr_error *err, enum dsr_code code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_message(err, code, 0, fmt, ap);
	va_end(ap);
	return -1;
}

static enum dsr_code
code_of_errno(int sys)
{
	switch (sys) {
	case ENOMEM:
		return DSR_ENOMEM;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return DSR_ENOSPACE;
	case EEXIST:
		return DSR_EEXISTS;
	default:
		return DSR_EIO;
	}
}

int
dsr_fail_sys(struct dsr_error *err, const char *fmt, ...)
{
	int sys = errno;
	size_t used;
	va_list ap;

	va_start(ap, fmt);
	set_message(err, code_of_errno(sys), sys, fmt, ap);
	va_end(ap);
	used = strlen(err->msg);
	(void)snprintf(err->msg + used, sizeof(err->msg) - used, ": %s",
	    strerror(sys));
	return -1;
}

int
dsr_wrap(struct dsr_error *err, const char *fmt, ...)
{
	char inner[sizeof(err->msg)];
	size_t used;
	va_list ap;

	memcpy(inner, err->msg, sizeof(inner));
	va_start(ap, fmt);
	(void)vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	used = strlen(err->msg);
	(void)snprintf(err->msg + used, sizeof(err->msg) - used, ": %s", inner);
	return -1;
}

int
dsr_exit_status(enum dsr_code code)
{
	switch (code) { /* no default: a gap does not compile */
#define X(id, exit_status, text)                                              \
	case id:                                                              \
		return exit_status;
		DSR_ERRORS(X)
#undef X
	}
	return 70;
}

const char *
dsr_code_text(enum dsr_code code)
{
	switch (code) {
#define X(id, exit_status, text)                                              \
	case id:                                                              \
		return text;
		DSR_ERRORS(X)
#undef X
	}
	return "unknown error";
}
