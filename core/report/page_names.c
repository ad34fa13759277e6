/* SPDX-License-Identifier: ISC */
/*
 * Words for what many services call the same: members without a label of the
 * connector, and the words in which states are told.
 */
#include "page_parts.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "dossier/language.h"

#define NAME_BYTES 40 /* of a name that can be in the table */

struct word {
	const char *name; /* small letters and digits alone */
	const char *text;
};

static const struct word names[] = {
	{ "account", N_("Account") },
	{ "address", N_("Address") },
	{ "attachments", N_("Attachments") },
	{ "body", N_("Text") },
	{ "category", N_("Category") },
	{ "city", N_("Town") },
	{ "comment", N_("Comment") },
	{ "comments", N_("Comments") },
	{ "content", N_("Content") },
	{ "country", N_("Country") },
	{ "count", N_("Number of entries") },
	{ "created", N_("Made on") },
	{ "createdat", N_("Made on") },
	{ "createdby", N_("Made by") },
	{ "createddatetime", N_("Made on") },
	{ "createdon", N_("Made on") },
	{ "createdtime", N_("Made on") },
	{ "createdutc", N_("Made on") },
	{ "currency", N_("Currency") },
	{ "date", N_("Date") },
	{ "dateofbirth", N_("Date of birth") },
	{ "deleted", N_("Deleted") },
	{ "description", N_("Description") },
	{ "displayname", N_("Name shown") },
	{ "duration", N_("Duration") },
	{ "email", N_("E-mail address") },
	{ "emailaddress", N_("E-mail address") },
	{ "enabled", N_("Switched on") },
	{ "end", N_("End") },
	{ "endtime", N_("End") },
	{ "error", N_("Error") },
	{ "filename", N_("File name") },
	{ "files", N_("Files") },
	{ "firstname", N_("First name") },
	{ "from", N_("From whom") },
	{ "fullname", N_("Full name") },
	{ "id", N_("Identifier") },
	{ "ipaddress", N_("Internet address") },
	{ "items", N_("Entries") },
	{ "jobtitle", N_("Position") },
	{ "language", N_("Language") },
	{ "lastmodified", N_("Changed on") },
	{ "lastmodifieddatetime", N_("Changed on") },
	{ "lastname", N_("Last name") },
	{ "location", N_("Place") },
	{ "message", N_("Message") },
	{ "modified", N_("Changed on") },
	{ "modifiedat", N_("Changed on") },
	{ "name", N_("Name") },
	{ "notes", N_("Notes") },
	{ "owner", N_("Owner") },
	{ "password", N_("Password") },
	{ "phone", N_("Telephone") },
	{ "phonenumber", N_("Telephone") },
	{ "postalcode", N_("Postal code") },
	{ "price", N_("Price") },
	{ "properties", N_("Details") },
	{ "result", N_("Result") },
	{ "role", N_("Role") },
	{ "roles", N_("Roles") },
	{ "size", N_("Size") },
	{ "start", N_("Beginning") },
	{ "starttime", N_("Beginning") },
	{ "state", N_("State") },
	{ "status", N_("State") },
	{ "street", N_("Street") },
	{ "subject", N_("Subject") },
	{ "surname", N_("Last name") },
	{ "tags", N_("Tags") },
	{ "text", N_("Text") },
	{ "timestamp", N_("Time") },
	{ "title", N_("Title") },
	{ "to", N_("To whom") },
	{ "type", N_("Kind") },
	{ "updated", N_("Changed on") },
	{ "updatedat", N_("Changed on") },
	{ "url", N_("Internet address (URL)") },
	{ "user", N_("User") },
	{ "userid", N_("Identifier of the user") },
	{ "username", N_("User name") },
	{ "value", N_("Value") },
	{ "values", N_("Values") },
	{ "version", N_("Version") },
};

/* Words of members whose names end in "state" or "status". */
static const struct word states[] = {
	{ "accepted", N_("accepted") },
	{ "active", N_("active") },
	{ "archived", N_("archived") },
	{ "canceled", N_("broken off") },
	{ "cancelled", N_("broken off") },
	{ "closed", N_("closed") },
	{ "completed", N_("finished") },
	{ "creating", N_("being made") },
	{ "deleted", N_("deleted") },
	{ "deleting", N_("being deleted") },
	{ "disabled", N_("switched off") },
	{ "enabled", N_("switched on") },
	{ "failed", N_("failed") },
	{ "finished", N_("finished") },
	{ "healthy", N_("in good order") },
	{ "inactive", N_("not active") },
	{ "notstarted", N_("not begun") },
	{ "offline", N_("not connected") },
	{ "online", N_("connected") },
	{ "open", N_("open") },
	{ "paused", N_("paused") },
	{ "pending", N_("waiting") },
	{ "preparing", N_("being prepared") },
	{ "provisioning", N_("being set up") },
	{ "queued", N_("waiting in line") },
	{ "ready", N_("ready") },
	{ "rejected", N_("refused") },
	{ "running", N_("under way") },
	{ "starting", N_("beginning") },
	{ "stopped", N_("stopped") },
	{ "succeeded", N_("succeeded") },
	{ "success", N_("succeeded") },
	{ "timedout", N_("took too long") },
	{ "unknown", N_("unknown") },
	{ "updating", N_("being changed") },
};

/* "Created_At" as "createdat"; false when it is too long for any table. */
static bool
simplify(char out[NAME_BYTES], const char *name)
{
	size_t used = 0;

	for (; *name != '\0'; name++) {
		if (!isalnum((unsigned char)*name))
			continue;
		if (used + 1 == NAME_BYTES)
			return false;
		out[used++] = (char)tolower((unsigned char)*name);
	}
	out[used] = '\0';
	return used > 0;
}

static const char *
find_word(const struct word *table, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(table[i].name, name) == 0)
			return _(table[i].text);
	return NULL;
}

bool
dsr_page_name_ends(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len >= end_len &&
	    strcasecmp(name + len - end_len, end) == 0;
}

const char *
dsr_page_common_name(const char *name)
{
	char simple[NAME_BYTES];

	return simplify(simple, name) ? find_word(names,
	    sizeof(names) / sizeof(names[0]), simple) : NULL;
}

const char *
dsr_page_common_state(const char *name, const char *value)
{
	char simple[NAME_BYTES];

	if (!dsr_page_name_ends(name, "state") &&
	    !dsr_page_name_ends(name, "status"))
		return NULL;
	return simplify(simple, value) ? find_word(states,
	    sizeof(states) / sizeof(states[0]), simple) : NULL;
}
