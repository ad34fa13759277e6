/* SPDX-License-Identifier: ISC */
#include "result_fold.h"

#include <string.h>

/* FOLLOWS_CUT: from the end of a file that came too early */
enum follows { FOLLOWS_NOTHING, FOLLOWS_MEMBER, FOLLOWS_ANY, FOLLOWS_CUT };

static enum follows
rule_of(enum dsr_finding_id id)
{
	static const struct {
		enum dsr_finding_id id;
		enum follows rule;
	} rules[] = {
		{ DSR_F_BAG_DIGEST, FOLLOWS_MEMBER },
		{ DSR_F_DOCUMENT_MISMATCH, FOLLOWS_MEMBER },
		{ DSR_F_SEAL_BODY, FOLLOWS_ANY },
		{ DSR_F_SEAL_MEMBERS, FOLLOWS_ANY },
		{ DSR_F_SEAL_TREE, FOLLOWS_ANY },
		{ DSR_F_STATEMENT_COUNTS, FOLLOWS_ANY },
		{ DSR_F_ZIP_DEFLATE, FOLLOWS_CUT },
		{ DSR_F_BAG_REQUIRED, FOLLOWS_CUT },
		{ DSR_F_BAG_MISSING, FOLLOWS_CUT },
	};
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].id == id)
			return rules[i].rule;
	return FOLLOWS_NOTHING;
}

/* The container names members below its top folder, the lists without it. */
static bool
is_same_member(const char *a, const char *b)
{
	const char *slash;

	if (a == NULL || b == NULL)
		return false;
	if (strcmp(a, b) == 0)
		return true;
	slash = strchr(a, '/');
	return slash != NULL && strcmp(slash + 1, b) == 0;
}

static bool
is_cause(const struct dsr_finding *cause, const struct dsr_finding *f,
    enum follows rule)
{
	if (dsr_finding_severity(cause->id) != DSR_ERROR)
		return false;
	if (rule == FOLLOWS_MEMBER)
		return is_same_member(cause->member, f->member);
	if (rule == FOLLOWS_CUT)
		return cause->id == DSR_F_ZIP_TRUNCATED;
	return rule_of(cause->id) != FOLLOWS_ANY;
}

bool
result_follows(const struct dsr_findings *findings, size_t i)
{
	const struct dsr_finding *f = dsr_findings_get(findings, i);
	enum follows rule = rule_of(f->id);
	size_t k;

	for (k = 0; rule != FOLLOWS_NOTHING && k < i; k++)
		if (is_cause(dsr_findings_get(findings, k), f, rule))
			return true;
	return false;
}
