/* SPDX-License-Identifier: ISC */
#include "dossier/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"

struct dsr_findings {
	dsr_finding_fn *listener;
	void *ctx;
	dsr_settle_fn *settle;
	void *settle_ctx;
	uint64_t of_severity[DSR_ERROR + 1];
	uint64_t of_id[DSR_FINDING_COUNT];
	struct dsr_finding *kept;
	size_t kept_count;
};

static const struct {
	enum dsr_severity severity;
	const char *name;
	const char *rule;
	const char *text;
} list[] = {
#define X(id, severity, name, rule, text)                                     \
	{ severity, name, rule, text },
	DSR_FINDINGS(X)
#undef X
};

const char *
dsr_finding_name(enum dsr_finding_id id)
{
	return list[id].name;
}

const char *
dsr_finding_rule(enum dsr_finding_id id)
{
	return list[id].rule;
}

const char *
dsr_finding_text(enum dsr_finding_id id)
{
	return _(list[id].text);
}

enum dsr_severity
dsr_finding_severity(enum dsr_finding_id id)
{
	return list[id].severity;
}

const char *
dsr_severity_name(enum dsr_severity s)
{
	static const char *const name[] = { "info", "warning", "error" };

	return name[s];
}

int
dsr_findings_new(struct dsr_findings **out, dsr_finding_fn *listener,
    void *ctx, struct dsr_error *err)
{
	struct dsr_findings *f = calloc(1, sizeof(*f));

	*out = NULL;
	if (f == NULL ||
	    (f->kept = calloc(DSR_MAX_FINDINGS_KEPT, sizeof(*f->kept))) ==
		NULL) {
		free(f);
		return dsr_fail(err, DSR_ENOMEM, "findings");
	}
	f->listener = listener;
	f->ctx = ctx;
	*out = f;
	return 0;
}

/* The kept copies are this module's own, const for everybody else. */
static void
free_text(const char *s)
{
	union {
		const char *borrowed;
		char *own;
	} u = { .borrowed = s };

	free(u.own);
}

void
dsr_findings_free(struct dsr_findings *f)
{
	size_t i;

	if (f == NULL)
		return;
	for (i = 0; i < f->kept_count; i++) {
		free_text(f->kept[i].member);
		free_text(f->kept[i].wanted);
		free_text(f->kept[i].found);
	}
	free(f->kept);
	free(f);
}

static const char *
copy_text(const char *s)
{
	return s == NULL ? NULL : strdup(s);
}

/* A copy that memory had no room for loses its words, never its count. */
static void
keep(struct dsr_findings *f, const struct dsr_finding *one)
{
	struct dsr_finding *k;

	if (f->kept_count == DSR_MAX_FINDINGS_KEPT)
		return;
	k = &f->kept[f->kept_count++];
	k->id = one->id;
	k->member = copy_text(one->member);
	k->wanted = copy_text(one->wanted);
	k->found = copy_text(one->found);
}

void
dsr_findings_settle(struct dsr_findings *f, dsr_settle_fn *fn, void *ctx)
{
	f->settle = fn;
	f->settle_ctx = ctx;
}

void
dsr_findings_add(struct dsr_findings *f, enum dsr_finding_id id,
    const char *member, const char *wanted, const char *fmt, ...)
{
	struct dsr_finding one = { id, member, wanted, NULL };
	char found[512];
	va_list ap;

	if (fmt != NULL) {
		va_start(ap, fmt);
		(void)vsnprintf(found, sizeof(found), fmt, ap);
		va_end(ap);
		one.found = found;
	}
	if (f->settle != NULL)
		f->settle(f->settle_ctx);
	f->of_severity[list[id].severity]++;
	f->of_id[id]++;
	if (f->listener != NULL)
		f->listener(f->ctx, &one);
	keep(f, &one);
}

uint64_t
dsr_findings_count(const struct dsr_findings *f, enum dsr_severity s)
{
	return f->of_severity[s];
}

uint64_t
dsr_findings_count_of(const struct dsr_findings *f, enum dsr_finding_id id)
{
	return f->of_id[id];
}

size_t
dsr_findings_kept(const struct dsr_findings *f)
{
	return f->kept_count;
}

const struct dsr_finding *
dsr_findings_get(const struct dsr_findings *f, size_t i)
{
	return &f->kept[i];
}
