/* SPDX-License-Identifier: ISC */
/* A request from its text, or what is wrong with it. */
#include "request_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"

/* A syntax error: its place stands at the end of its words. */
static void
tell_syntax(struct reader *rd, const struct dsr_error *syntax)
{
	struct dsr_error what = *syntax;
	char *place = strstr(what.msg, ": line ");
	size_t line = 1, column = 1;

	if (place != NULL) {
		(void)sscanf(place, ": line %zu, column %zu", &line, &column);
		*place = '\0';
	}
	rd->mistakes++;
	if (rd->listener != NULL)
		rd->listener(rd->ctx, line, column, what.msg);
	dsr_fail(&rd->first, DSR_EINPUT, "request: %s", syntax->msg);
}

static int
parse_json(struct reader *rd, size_t len, struct dsr_error *err)
{
	struct dsr_request *r = rd->r;
	struct dsr_error syntax;

	if (dsr_json_parse(&r->json, r->text, len, true, &syntax) == 0)
		return 0;
	if (syntax.code == DSR_ENOMEM) {
		*err = syntax;
		return -1;
	}
	tell_syntax(rd, &syntax);
	/* a key that is there twice hides no other mistake */
	if (rd->for_pages &&
	    dsr_json_parse(&r->json, r->text, len, false, &syntax) == 0)
		return 0;
	*err = rd->first;
	return -1;
}

static int
parse_request(struct dsr_request **out, const void *text, size_t len,
    struct reader *rd, struct dsr_error *err)
{
	struct dsr_request *r = NULL;
	int rc = -1;

	*out = NULL;
	if (len > DSR_MAX_REQUEST)
		return dsr_fail(err, DSR_ELIMIT,
		    "request: more than %u bytes", DSR_MAX_REQUEST);
	if ((r = calloc(1, sizeof(*r))) == NULL ||
	    (r->text = malloc(len + 1)) == NULL) {
		dsr_fail(err, DSR_ENOMEM, "request");
		goto out;
	}
	if (len > 0) /* text may be NULL */
		memcpy(r->text, text, len);
	rd->r = r;
	if (parse_json(rd, len, err) != 0 || read_request(rd, err) != 0)
		goto out;
	*out = r;
	r = NULL;
	rc = 0;
out:
	dsr_request_free(r);
	return rc;
}

int
dsr_request_parse(struct dsr_request **out, const void *text, size_t len,
    dsr_request_mistake_fn *listener, void *ctx, struct dsr_error *err)
{
	struct reader rd = { .listener = listener, .ctx = ctx };

	return parse_request(out, text, len, &rd, err);
}

int
dsr_request_check(struct dsr_request **out, const void *text, size_t len,
    dsr_request_mistake_fn *listener, void *ctx, struct dsr_error *err)
{
	struct reader rd = { .listener = listener, .ctx = ctx,
		.for_pages = true };

	return parse_request(out, text, len, &rd, err);
}

void
dsr_request_free(struct dsr_request *r)
{
	if (r == NULL)
		return;
	dsr_json_free(r->json);
	free(r->text);
	free(r);
}
