/* SPDX-License-Identifier: ISC */
#include "simulator.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Splits the raw path at "/" and decodes each part into request->decoded. */
static void
split_path(struct sim_request *request, const char *path, const char *end)
{
	char *out = request->decoded;
	const char *part, *next;
	size_t len;

	for (part = path; part < end; part = next + 1) {
		next = memchr(part, '/', (size_t)(end - part));
		if (next == NULL)
			next = end;
		if (request->segment_count == SIM_MAX_SEGMENTS ||
		    sim_percent_decode(out, &len, part,
		    (size_t)(next - part)) != 0) {
			request->malformed = true;
			return;
		}
		request->segment[request->segment_count++] = out;
		out += len + 1;
	}
}

void
sim_request_parse(struct sim_request *request)
{
	const char *end = request->uri + strcspn(request->uri, "?");

	request->query = *end == '?' ? end + 1 : "";
	if (request->uri[0] != '/') {
		request->malformed = true;
		return;
	}
	split_path(request, request->uri + 1, end);
}

static bool
ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), end_len = strlen(end);

	return len > end_len && strcmp(s + len - end_len, end) == 0;
}

void
sim_request_set_host(const struct sim *sim, struct sim_request *request,
    const char *host)
{
	size_t i, len = host == NULL ? 0 : strcspn(host, ":");

	if (len >= sizeof(request->host_name))
		len = 0;
	for (i = 0; i < len; i++)
		request->host_name[i] =
		    (char)tolower((unsigned char)host[i]);
	request->host_name[len] = '\0';
	request->host = SIM_NOWHERE;
	for (i = 0; i < SIM_HOSTS; i++)
		if (strcmp(request->host_name, sim->host_name[i]) == 0)
			request->host = (enum sim_host)i;
	if (ends_with(request->host_name, ".management.azure.com"))
		request->host = SIM_ARM;        /* a region of it */
}

/* Is the raw name of len bytes, decoded, the wanted one? */
static bool
is_name(const char *raw, size_t len, const char *wanted)
{
	char decoded[64];
	size_t decoded_len;

	return len < sizeof(decoded) &&
	    sim_percent_decode(decoded, &decoded_len, raw, len) == 0 &&
	    strcasecmp(decoded, wanted) == 0;
}

const char *
sim_request_query(const struct sim_request *request, const char *name,
    size_t *len)
{
	const char *part, *equals;
	size_t part_len;

	for (part = request->query; *part != '\0'; part += part_len) {
		part += *part == '&';
		part_len = strcspn(part, "&");
		equals = memchr(part, '=', part_len);
		if (equals == NULL ||
		    !is_name(part, (size_t)(equals - part), name))
			continue;
		*len = part_len - (size_t)(equals + 1 - part);
		return equals + 1;
	}
	return NULL;
}
