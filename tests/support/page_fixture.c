/* SPDX-License-Identifier: ISC */
#include "page_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void
add_line(struct fixture *f, struct dsr_spool *spool,
    const struct dsr_record_type *type, const void *record)
{
	struct dsr_buffer line;

	dsr_buffer_init(&line, DSR_MAX_LINE);
	assert_int_equal(dsr_record_write_line(type, record, &line, &f->err),
	    0);
	assert_int_equal(dsr_spool_write(spool, line.data, line.len,
	    &f->err), 0);
	dsr_buffer_fini(&line);
}

void
add_document(struct fixture *f, const char *endpoint, unsigned int number,
    const char *item)
{
	struct dsr_document doc;
	char path[DSR_MAX_NAME + 1];

	(void)snprintf(path, sizeof(path),
	    "data/documents/plants/%s/%06u/%09u.json", endpoint,
	    number / 1000, number);
	memset(&doc, 0, sizeof(doc));
	doc.category = "activity";
	doc.connector = "plants";
	doc.endpoint = endpoint;
	doc.exchange = number + 1;
	doc.item = item;
	doc.media_type = "application/json";
	doc.path = path;
	doc.retrieved = "2026-03-01T07:05:00.123Z";
	doc.salt = doc.sha256 = DIGEST;
	doc.size = 1234567;
	doc.source_url = "https://plants.example/v1/" EVIL;
	add_line(f, f->documents, &dsr_document_type, &doc);
	f->counts.documents++;
}

void
add_gap(struct fixture *f, const char *reason, uint64_t status)
{
	struct dsr_gap gap;

	memset(&gap, 0, sizeof(gap));
	gap.connector = "plants";
	gap.detail = EVIL;
	gap.endpoint = "leaf";
	gap.exchange = DSR_NONE;
	gap.name = EVIL;
	gap.reason = reason;
	gap.status = status;
	add_line(f, f->gaps, &dsr_gap_type, &gap);
	f->counts.gaps++;
}

int
make_fixture(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	*state = f;
	assert_int_equal(dsr_spool_new(&f->documents, &f->err), 0);
	assert_int_equal(dsr_spool_new(&f->gaps, &f->err), 0);
	dsr_buffer_init(&f->out, DSR_MAX_START_HERE);
	f->connector = (struct dsr_connector_use) { "plants", DIGEST, "1" };
	f->endpoints[0] = (struct dsr_endpoint_counts) { 3, "plants", 2,
		"leaf", 1, 0, 4 };
	f->endpoints[1] = (struct dsr_endpoint_counts) { 1, "plants", 1,
		"root", 0, 0, 0 };
	f->attestations[0] = "minisign";
	f->attestations[1] = "sshsig";
	f->statement.attestations = (struct dsr_list) { f->attestations, 2 };
	f->statement.connectors = (struct dsr_list) { &f->connector, 1 };
	f->statement.counts = &f->counts;
	f->statement.endpoints = (struct dsr_list) { f->endpoints, 2 };
	f->statement.format = DSR_FORMAT;
	f->statement.id = "0b1c6d1e-1111-4222-8333-444455556666";
	f->statement.kind = "case";
	f->statement.packed = "2026-04-02T09:00:00Z";
	f->statement.request = "R-1";
	f->statement.sequence = 1;
	f->statement.software = "dossier";
	f->statement.version = "0.1.0";
	f->counts.bytes = 1234567890;
	f->page.name = "answer";
	f->page.statement = &f->statement;
	f->page.documents = f->documents;
	f->page.gaps = f->gaps;
	f->page.seal_key_sha256 = DIGEST;
	f->page.language = "en";
	return 0;
}

int
free_fixture(void **state)
{
	struct fixture *f = *state;

	dsr_spool_free(f->documents);
	dsr_spool_free(f->gaps);
	dsr_buffer_fini(&f->out);
	free(f);
	return 0;
}

void
fill(struct fixture *f)
{
	add_document(f, "leaf", 0, EVIL);
	add_document(f, "leaf", 1, "\xe2\x80\xae" "txt.exe");
	add_document(f, "root", 2, NULL);
	add_gap(f, "not-asked", DSR_NONE);
}

const char *
render(struct fixture *f, const char *language)
{
	f->page.language = language;
	dsr_buffer_reset(&f->out);
	if (dsr_page_write(&f->page, &f->out, &f->err) != 0)
		fail_msg("%s", f->err.msg);
	return dsr_buffer_str(&f->out);
}

void
has(const char *page, const char *wanted)
{
	if (strstr(page, wanted) == NULL)
		fail_msg("missing: %s", wanted);
}

void
lacks(const char *page, const char *unwanted)
{
	if (strstr(page, unwanted) != NULL)
		fail_msg("there: %s", unwanted);
}

size_t
count_of(const char *page, const char *what)
{
	size_t n = 0;

	for (; (page = strstr(page, what)) != NULL; page++)
		n++;
	return n;
}
