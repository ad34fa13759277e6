/* SPDX-License-Identifier: ISC */
#include "dossier/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dossier/language.h"
#include "dossier/memory.h"
#include "dossier/reason.h"

static void __attribute__((format(printf, 4, 0)))
set_message(struct dsr_error *err, enum dsr_code code, int sys,
    const char *fmt, va_list ap)
{
	va_list again;

	if (code == DSR_ENOMEM)
		dsr_memory_note_refusal();
	err->code = code;
	err->sys = sys;
	va_copy(again, ap);
	(void)vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	(void)vsnprintf(err->text, sizeof(err->text), _(fmt), again);
	va_end(again);
}

/* Puts more behind a line that has its own bound. */
static void
join(char *line, size_t size, const char *more)
{
	size_t used = strlen(line);

	(void)snprintf(line + used, size - used, ": %s", more);
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
	const char *reason = dsr_reason(sys);
	va_list ap;

	va_start(ap, fmt);
	set_message(err, code_of_errno(sys), sys, fmt, ap);
	va_end(ap);
	join(err->msg, sizeof(err->msg), reason);
	join(err->text, sizeof(err->text), _(reason));
	return -1;
}

int
dsr_wrap(struct dsr_error *err, const char *fmt, ...)
{
	const struct dsr_error inner = *err;
	va_list ap;

	va_start(ap, fmt);
	set_message(err, inner.code, inner.sys, fmt, ap);
	va_end(ap);
	join(err->msg, sizeof(err->msg), inner.msg);
	join(err->text, sizeof(err->text), inner.text);
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
