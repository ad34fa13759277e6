/* SPDX-License-Identifier: ISC */
/*
 * The reader of connectors on any bytes: it ends, it tells what is wrong, and
 * what it accepts can be used.
 */
#include "../../collector/connector.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

/* An endpoint of a connector that was accepted can be asked. */
static void
check_endpoint_of(const struct connector *k, size_t i)
{
	const struct endpoint *e = connector_endpoint(k, i);
	const struct request *q = e->requests.read;

	require(e->name != NULL && connector_find(k, e->name) == i);
	require(q != NULL && q->method != NULL && q->host != NULL &&
	    q->path != NULL && q->path->text[0] == '/');
	require(e->parent == NO_ENDPOINT || e->parent < i);
	(void)connector_text(e->description);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct complaints complaints = { 0 };
	struct connector *k = NULL;
	struct dsr_buffer text;
	struct dsr_error err;

	if (size > 65536)
		return 0;
	dsr_buffer_init(&text, 65536);
	require(size == 0 || dsr_buffer_append(&text, data, size, &err) == 0);
	if (connector_read(&k, "fuzz", &text, &complaints, &err) == 0) {
		require(k != NULL && complaints.errors == 0);
		require(k->text.len == size &&
		    memcmp(k->text.data, data, size) == 0);
		for (size_t i = 0; i < k->endpoints.count; i++)
			check_endpoint_of(k, i);
	} else {
		require(k == NULL && complaints.errors > 0);
	}
	connector_free(k);
	complaints_fini(&complaints);
	return 0;
}
