/* SPDX-License-Identifier: ISC */
/* What would be asked, without asking. */
#include "collection.h"

#include <string.h>

static int
write_dry(struct dsr_buffer *out, const struct collection *c,
    const struct template *t, struct dsr_error *err)
{
	for (size_t i = 0; t != NULL && i < t->count; i++) {
		const struct part *p = &t->parts[i];
		const char *value = p->kind == PART_TEXT
		    ? p->text
		    : values_get(&c->settings.params, p->text);
		int result = value != NULL
		    ? dsr_buffer_puts(out, value, err)
		    : dsr_buffer_printf(out, err, "{%s}", p->text);

		if (result != 0)
			return -1;
	}
	return 0;
}

int
collect_dry(const struct collect_options *o, dry_fn *fn, void *ctx,
    struct dsr_error *err)
{
	struct collection c;
	struct dsr_buffer line;
	int status = -1;

	(void)memset(&c, 0, sizeof(c));
	dsr_buffer_init(&line, 1 << 20);
	if (collection_prepare(&c, o, err) != 0 ||
	    settings_complete(&c.settings, c.k, err) != 0)
		goto out;
	for (size_t i = 0; i < c.k->endpoints.count; i++) {
		const struct endpoint *e = connector_endpoint(c.k, i);
		const struct request *q = e->requests.read;

		dsr_buffer_reset(&line);
		if (dsr_buffer_puts(&line, "https://", err) != 0 ||
		    write_dry(&line, &c, q->host, err) != 0 ||
		    write_dry(&line, &c, q->path, err) != 0)
			goto out;
		if (fn(ctx, e->name, q->method, dsr_buffer_str(&line),
		        e->parent == NO_ENDPOINT
		            ? NULL
		            : connector_endpoint(c.k, e->parent)->name,
		        err) != 0)
			goto out;
	}
	status = 0;
out:
	dsr_buffer_fini(&line);
	collection_fini(&c);
	return status;
}
