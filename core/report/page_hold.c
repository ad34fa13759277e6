/* SPDX-License-Identifier: ISC */
/* What must be kept though its erasure was asked for, in words. */
#include "page_parts.h"

#include <string.h>

#define ITEMS_SHOWN   100u
#define ENTRIES_SHOWN 200u
#define REASON_SHOWN  4096u

static void
write_items(const struct page_writer *w, size_t entry, size_t count)
{
	const char *item;
	size_t i;

	for (i = 0; i < count && i < ITEMS_SHOWN; i++) {
		dsr_html_text(w->html, i == 0 ? ": " : ", ");
		item = dsr_request_hold_item(w->request, entry, i);
		dsr_page_cut(w, item, strlen(item), 200);
	}
	if (i < count)
		dsr_html_text(w->html, " \xe2\x80\xa6");
}

/* What it is about: a connector, an endpoint of it, items of that. */
static void
write_scope(const struct page_writer *w, size_t entry,
    const struct dsr_request_hold *h)
{
	if (h->connector == NULL) {
		dsr_html_text(w->html, _("Everything must be kept."));
		return;
	}
	dsr_html_text(w->html, _("This must be kept:"));
	dsr_html_text(w->html, " ");
	dsr_page_connector(w, h->connector);
	if (h->endpoint == NULL)
		return;
	dsr_html_text(w->html, ", ");
	dsr_page_endpoint(w, h->connector, h->endpoint);
	write_items(w, entry, h->item_count);
}

void
dsr_page_hold(const struct page_writer *w, size_t entry)
{
	struct dsr_request_hold h;

	dsr_request_hold(w->request, entry, w->language, &h);
	if (strlen(h.reason) > REASON_SHOWN)
		dsr_page_cut(w, h.reason, strlen(h.reason), REASON_SHOWN);
	else
		dsr_html_foreign_lines(w->html, h.reason, strlen(h.reason));
	if (h.until == NULL)
		return;
	dsr_html_open(w->html, "br");
	dsr_html_text(w->html, _("Must be kept until"));
	dsr_html_text(w->html, " ");
	dsr_page_time(w, h.until);
}

void
dsr_page_holds(const struct page_writer *w)
{
	size_t i, count = dsr_request_hold_count(w->request);
	struct dsr_request_hold h;

	for (i = 0; i < count && i < ENTRIES_SHOWN; i++) {
		dsr_request_hold(w->request, i, w->language, &h);
		if (i > 0)
			dsr_html_open(w->html, "br");
		if (count > 1 || h.connector != NULL) {
			write_scope(w, i, &h);
			dsr_html_open(w->html, "br");
		}
		dsr_page_hold(w, i);
	}
	if (i < count)
		dsr_html_text(w->html, " \xe2\x80\xa6");
}
