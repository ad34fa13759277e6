/* SPDX-License-Identifier: ISC */
#include "simulator.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#define JSON "application/json; charset=utf-8"

void
sim_reply_header(struct sim_reply *reply, const char *name,
    const char *format, ...)
{
	char value[2048];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(value, sizeof(value), format, arguments);
	va_end(arguments);
	sim_text_add(&reply->headers, name, strlen(name) + 1);
	sim_text_add(&reply->headers, value, strlen(value) + 1);
}

void
sim_reply_json(struct sim_reply *reply, unsigned int status)
{
	reply->status = status;
	reply->content_type = JSON;
}

static void
write_code(struct sim_text *body, const char *code, const char *message)
{
	sim_string(body, "code", code);
	sim_string(body, "message", message);
}

static void
write_arm(struct sim_text *body, const char *code, const char *message)
{
	sim_open(body, NULL, '{');
	sim_open(body, "error", '{');
	write_code(body, code, message);
	sim_close(body, '}');
	sim_close(body, '}');
}

static void
write_flat(struct sim_text *body, const char *code, const char *message)
{
	sim_open(body, NULL, '{');
	write_code(body, code, message);
	sim_close(body, '}');
}

static void
write_data(const struct sim_request *request, struct sim_text *body,
    const char *code, const char *message)
{
	char guid[SIM_GUID_CHARS];

	sim_guid_plain(request->number << 32, request->connection_id, guid);
	sim_open(body, NULL, '{');
	sim_open(body, "error", '{');
	write_code(body, "UserError", message);
	sim_literal(body, "target", "null");
	sim_literal(body, "details", "[]");
	sim_open(body, "innerError", '{');
	sim_string(body, "code", code);
	sim_literal(body, "innerError", "null");
	sim_close(body, '}');
	sim_close(body, '}');
	sim_open(body, "correlation", '{');
	sim_string(body, "operation", guid);
	sim_string(body, "request", guid + 24);
	sim_close(body, '}');
	sim_stringf(body, "environment", "%.*s",
	    (int)strcspn(request->host_name, "."), request->host_name);
	sim_stringf(body, "location", "%.*s",
	    (int)strcspn(request->host_name, "."), request->host_name);
	sim_time(body, "time", (uint64_t)time(NULL), 0);
	sim_close(body, '}');
}

static void
write_models(struct sim_text *body, unsigned int status, const char *code,
    const char *message)
{
	sim_open(body, NULL, '{');
	sim_string(body, "code", code);
	sim_number(body, "statusCode", status);
	sim_string(body, "message", message);
	sim_open(body, "details", '[');
	sim_open(body, NULL, '{');
	write_code(body, code, message);
	sim_close(body, '}');
	sim_close(body, ']');
	sim_close(body, '}');
}

static void
write_blob(struct sim_text *body, const char *code, const char *message)
{
	sim_text_printf(body, "\xEF\xBB\xBF<?xml version=\"1.0\" encoding="
	    "\"utf-8\"?><Error><Code>%s</Code><Message>%s</Message></Error>",
	    code, message);
}

void
sim_reply_error(struct sim_reply *reply, const struct sim_request *request,
    enum sim_shape shape, unsigned int status, const char *code,
    const char *format, ...)
{
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	sim_reply_json(reply, status);
	reply->body.len = 0;
	switch (shape) {
	case SIM_SHAPE_ARM:
		write_arm(&reply->body, code, message);
		sim_reply_header(reply, "x-ms-failure-cause", "gateway");
		return;
	case SIM_SHAPE_FLAT:
		write_flat(&reply->body, code, message);
		return;
	case SIM_SHAPE_DATA:
		write_data(request, &reply->body, code, message);
		sim_reply_header(reply, "x-ms-response-type", "error");
		return;
	case SIM_SHAPE_MODELS:
		write_models(&reply->body, status, code, message);
		return;
	case SIM_SHAPE_BLOB:
		write_blob(&reply->body, code, message);
		reply->content_type = "application/xml";
		sim_reply_header(reply, "x-ms-error-code", "%s", code);
		return;
	}
}

/* What only the front door of ARM adds. */
static void
arm_headers(const struct sim *sim, struct sim_reply *reply,
    const struct sim_request *request, const char *guid)
{
	bool erases = strcmp(request->method, "DELETE") == 0;
	char region[64], stamp[32];
	time_t now = time(NULL);
	struct tm utc;
	size_t i;

	for (i = 0; sim->options.location[i] != '\0' && i < 63; i++)
		region[i] = (char)toupper(
		    (unsigned char)sim->options.location[i]);
	region[i] = '\0';
	gmtime_r(&now, &utc);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc);
	sim_reply_header(reply, "x-ms-correlation-request-id", "%s", guid);
	sim_reply_header(reply, "x-ms-routing-request-id", "%s:%s:%s", region,
	    stamp, guid);
	sim_reply_header(reply, erases ?
	    "x-ms-ratelimit-remaining-subscription-deletes" :
	    "x-ms-ratelimit-remaining-subscription-reads", "%u",
	    (erases ? 14999 : 11999) - (unsigned int)(request->number % 100));
	sim_reply_header(reply, "Cache-Control", "no-cache");
	sim_reply_header(reply, "X-Content-Type-Options", "nosniff");
}

void
sim_reply_usual_headers(struct sim *sim, struct sim_reply *reply,
    const struct sim_request *request)
{
	char guid[SIM_GUID_CHARS];

	sim_guid_plain(sim_mix(sim, SIM_KINDS, 6, request->number),
	    sim_mix(sim, SIM_KINDS, 7, request->number), guid);
	sim_reply_header(reply, "x-ms-request-id", "%s", guid);
	if (request->return_client_request_id &&
	    request->client_request_id != NULL)
		sim_reply_header(reply, "x-ms-client-request-id", "%s",
		    request->client_request_id);
	sim_reply_header(reply, "Strict-Transport-Security",
	    "max-age=31536000; includeSubDomains");
	if (request->host == SIM_ARM)
		arm_headers(sim, reply, request, guid);
	if (request->host == SIM_EXPERIMENTS || request->host == SIM_MODELS) {
		sim_reply_header(reply, "x-request-time", "0.0%u",
		    (unsigned int)(10 + request->number % 80));
		sim_reply_header(reply, "Request-Context",
		    "appId=cid-v1:2d2e8e63-272e-4b3c-8598-4ee570a0e70d");
	}
}

void
sim_reply_fini(struct sim_reply *reply)
{
	sim_text_fini(&reply->body);
	sim_text_fini(&reply->headers);
}
