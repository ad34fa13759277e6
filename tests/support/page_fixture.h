/* SPDX-License-Identifier: ISC */
/* A small case, hostile texts included, for tests of its pages. */
#ifndef TESTS_PAGE_FIXTURE_H
#define TESTS_PAGE_FIXTURE_H

#include <stddef.h>
#include <stdint.h>

#include "dossier/limits.h"
#include "dossier/page.h"

#define DIGEST \
	"b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
#define EVIL "<script>alert(1)</script>\" onload=\"x\" src='//evil.example/'"
#define EVIL_ESCAPED \
	"&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&quot;x&quot; " \
	"src=&#39;//evil.example/&#39;"

/* A page and all that it points to. */
struct fixture {
	struct dsr_page page;
	struct dsr_statement statement;
	struct dsr_counts counts;
	struct dsr_endpoint_counts endpoints[2];
	struct dsr_connector_use connector;
	const char *attestations[2];
	struct dsr_spool *documents;
	struct dsr_spool *gaps;
	struct dsr_buffer out;
	struct dsr_error err;
};

/* Set-up and tear-down of cmocka: *state is a struct fixture. */
int make_fixture(void **state);
int free_fixture(void **state);

/* All lines must be added before the first rendering. */
void add_line(struct fixture *f, struct dsr_spool *spool,
    const struct dsr_record_type *type, const void *record);
void add_document(struct fixture *f, const char *endpoint,
    unsigned int number, const char *item);
void add_gap(struct fixture *f, const char *reason, uint64_t status);
/* Three documents and a gap. */
void fill(struct fixture *f);

/* The page in a language; lives until the next. */
const char *render(struct fixture *f, const char *language);
/* The test fails unless the page has (lacks) this text. */
void has(const char *page, const char *wanted);
void lacks(const char *page, const char *unwanted);
size_t count_of(const char *page, const char *what);

#endif
