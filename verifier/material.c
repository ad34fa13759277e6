/* SPDX-License-Identifier: ISC */
#include "material.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"

int
material_new(struct material **out, struct dsr_error *err)
{
	struct material *m = calloc(1, sizeof(*m));

	*out = NULL;
	if (m == NULL)
		return dsr_fail(err, DSR_ENOMEM, "report");
	dsr_buffer_init(&m->statement, DSR_MAX_STATEMENT);
	dsr_buffer_init(&m->request, DSR_MAX_REQUEST);
	/* all files are made before the sandbox is closed */
	if (dsr_spool_new_secret(&m->documents, err) != 0 ||
	    dsr_spool_make_file(m->documents, err) != 0 ||
	    dsr_spool_new_secret(&m->gaps, err) != 0 ||
	    dsr_spool_make_file(m->gaps, err) != 0 ||
	    dsr_spool_new_secret(&m->erasures, err) != 0 ||
	    dsr_spool_make_file(m->erasures, err) != 0 ||
	    dsr_showcase_new(&m->showcase, true, err) != 0 ||
	    dsr_words_new(&m->words, err) != 0) {
		material_free(m);
		return -1;
	}
	*out = m;
	return 0;
}

void
material_free(struct material *m)
{
	if (m == NULL)
		return;
	dsr_spool_free(m->documents);
	dsr_spool_free(m->gaps);
	dsr_spool_free(m->erasures);
	dsr_showcase_free(m->showcase);
	dsr_words_free(m->words);
	dsr_buffer_fini(&m->statement);
	dsr_buffer_fini(&m->request);
	free(m);
}

/* dossier/connectors/<key>.json */
int
material_add_connector(struct material *m, const char *path, const void *text,
    size_t len, struct dsr_error *err)
{
	const char *slash = strrchr(path, '/'), *name, *dot;
	char key[DSR_MAX_SEGMENT + 1];
	struct dsr_error bad;

	name = slash == NULL ? path : slash + 1;
	dot = strrchr(name, '.');
	(void)snprintf(key, sizeof(key), "%.*s",
	    (int)(dot == NULL ? strlen(name) : (size_t)(dot - name)), name);
	if (dsr_words_add(m->words, key, text, len, &bad) == 0 ||
	    bad.code != DSR_ENOMEM)
		return 0;
	*err = bad;
	return -1;
}

/* ---- exchanges ----------------------------------------------------------------- */

static void
count_status(struct dsr_page_exchanges *x, uint64_t status)
{
	size_t i;

	for (i = 0; i < x->status_count; i++)
		if (x->status[i].status == status)
			break;
	if (i == DSR_PAGE_STATUSES)
		return;
	if (i == x->status_count)
		x->status[x->status_count++].status = status;
	x->status[i].count++;
}

static void
count_certificate(struct dsr_page_exchanges *x, const struct dsr_tls *tls)
{
	size_t i;

	for (i = 0; i < x->certificate_count; i++)
		if (strcmp(x->certificate[i].sha256,
		    tls->certificate_sha256) == 0)
			break;
	if (i == DSR_PAGE_CERTIFICATES) {
		x->more_certificates = true;
		return;
	}
	if (i == x->certificate_count) {
		x->certificate_count++;
		(void)snprintf(x->certificate[i].sha256,
		    sizeof(x->certificate[i].sha256), "%s",
		    tls->certificate_sha256);
		(void)snprintf(x->certificate[i].version,
		    sizeof(x->certificate[i].version), "%s",
		    tls->version == NULL ? "" : tls->version);
	}
	x->certificate[i].count++;
}

static void
note_time(char out[DSR_TIME_SIZE], const char *when, bool earlier)
{
	int order;

	if (when == NULL)
		return;
	order = strcmp(when, out);
	if (out[0] == '\0' || (earlier ? order < 0 : order > 0))
		(void)snprintf(out, DSR_TIME_SIZE, "%s", when);
}

void
material_add_exchange(struct material *m, const struct dsr_exchange *e)
{
	struct dsr_page_exchanges *x = &m->exchanges;

	x->count++;
	x->repeated += e->attempts.count;
	count_status(x, e->status);
	if (e->response_body != NULL && e->response_body->size != DSR_NONE)
		x->bytes += e->response_body->size;
	if (e->tls != NULL && e->tls->certificate_sha256 != NULL)
		count_certificate(x, e->tls);
	note_time(x->first, e->started, true);
	note_time(x->last, e->ended != NULL ? e->ended : e->started, false);
}
