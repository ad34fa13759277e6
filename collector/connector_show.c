/* SPDX-License-Identifier: ISC */
/* What a connector asks a service for, and how that is deleted: for people. */
#include "connector.h"

#include <string.h>

#include "dossier/language.h"
#include "dossier/text.h"

#define INDENT "      " /* of what is said of an endpoint */

static void
show_parameters(const struct dsr_list *list, const char *option)
{
	const struct parameter *p = list->items;

	for (size_t i = 0; i < list->count; i++)
		(void)dsr_print(stdout, "  --%s %s=…  %s%s%s%s\n", option,
		    p[i].name, connector_local_text(p[i].description),
		    p[i].preset != NULL ? _(" (default: ") : "",
		    p[i].preset != NULL ? p[i].preset->text : "",
		    p[i].preset != NULL ? ")" : "");
}

static void
show_credentials(const struct connector *k)
{
	const struct authentication *a = k->authentication.items;

	for (size_t i = 0; i < k->authentication.count; i++)
		if (a[i].credential != NULL)
			(void)dsr_print(stdout, "  --credential %s=SOURCE%s%s\n",
			    a[i].credential,
			    a[i].audience != NULL ? _("  a token for ") : "",
			    a[i].audience != NULL ? a[i].audience : "");
}

static void
show_text(const char *label, const struct dsr_json_value *text)
{
	if (text != NULL)
		(void)dsr_print(stdout, INDENT "%s%s\n", label,
		    connector_local_text(text));
}

/* The address only where it is another one than that of reading. */
static void
show_deletion(const struct request *read, const struct request *erase)
{
	const char *host = erase->host != NULL ? erase->host->text
	                                       : read->host->text;
	const char *path = erase->path != NULL ? erase->path->text
	                                       : read->path->text;

	(void)dsr_print(stdout, INDENT);
	if (strcmp(host, read->host->text) == 0 &&
	    strcmp(path, read->path->text) == 0)
		(void)dsr_print(stdout, _("deleted by %s at the same "
		    "address\n"), erase->method);
	else
		(void)dsr_print(stdout, _("deleted by %s https://%s%s\n"),
		    erase->method, host, path);
	show_text(_("kept by the service for a while: "), erase->soft);
	show_text(_("beware: "), erase->warning);
}

static void
show_order(const struct endpoint *e)
{
	const char *const *after = e->erase_after.items;

	if (e->erased_with != NULL) {
		(void)dsr_print(stdout, INDENT);
		(void)dsr_print(stdout, _("deleted together with %s\n"),
		    e->erased_with);
	}
	if (e->erase_after.count == 0)
		return;
	(void)dsr_print(stdout, INDENT);
	(void)dsr_print(stdout, _("not before"));
	for (size_t i = 0; i < e->erase_after.count; i++)
		(void)dsr_print(stdout, "%s %s", i > 0 ? "," : "", after[i]);
	(void)dsr_print(stdout, "\n");
}

static void
show_erasure(const struct endpoint *e)
{
	const struct by_hand *step = e->by_hand.items;

	if (e->requests.erase != NULL)
		show_deletion(e->requests.read, e->requests.erase);
	show_order(e);
	for (size_t i = 0; i < e->by_hand.count; i++)
		show_text(step[i].expires ? _("deleted by the service in "
		    "time: ") : _("deleted by hand: "), step[i].step);
	if (e->requests.erase == NULL && e->erased_with == NULL &&
	    e->by_hand.count == 0)
		(void)dsr_print(stdout, INDENT "%s\n",
		    _("the service has no way to delete it"));
}

static void
show_endpoint(const struct connector *k, size_t i)
{
	const struct endpoint *e = connector_endpoint(k, i);
	const struct request *q = e->requests.read;

	(void)dsr_print(stdout, "  %s  %s\n" INDENT "%s https://%s%s\n",
	    e->name, connector_local_text(e->description), q->method,
	    q->host->text, q->path->text);
	if (e->parent != NO_ENDPOINT)
		(void)dsr_print(stdout, _("      for each of %s\n"),
		    connector_endpoint(k, e->parent)->name);
	show_erasure(e);
}

void
connector_show(const struct connector *k)
{
	(void)dsr_print(stdout, "%s (%s, %s %s)\n%s\nsha256 %s\n",
	    k->meta.name, k->meta.key, _("version"), k->meta.version,
	    connector_local_text(k->meta.description), k->sha256);
	show_parameters(&k->params, "param");
	show_parameters(&k->identities, "identity");
	show_credentials(k);
	for (size_t i = 0; i < k->endpoints.count; i++)
		show_endpoint(k, i);
}
