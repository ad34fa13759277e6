/* SPDX-License-Identifier: ISC */
/* libmicrohttpd around sim_answer. */
#include "simulator.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define NAP_MS 100UL

struct sim_server {
	struct MHD_Daemon *daemon;
};

/* libmicrohttpd hands this from the first line to the end of a request. */
struct exchange {
	bool begun;
	struct sim_request request;
};

/* In short naps, so that nobody waits long for the end of the program. */
static void
wait_ms(const struct sim *sim, unsigned long ms)
{
	unsigned long nap_ms;
	struct timespec nap = { 0, 0 };

	for (; ms > 0 && !atomic_load(&sim->stopping); ms -= nap_ms) {
		nap_ms = ms < NAP_MS ? ms : NAP_MS;
		nap.tv_nsec = (long)nap_ms * 1000000;
		nanosleep(&nap, NULL);
	}
}

/* ---- the log ---- */

/* Bytes that have no place in a URL are shown as escapes. */
static void
write_printable(struct sim_text *text, const char *name, const char *s)
{
	struct sim_text safe = { NULL, 0, 0 };

	sim_text_puts(&safe, "");
	for (; *s != '\0'; s++) {
		if (*s > ' ' && *s < 0x7f)
			sim_text_add(&safe, s, 1);
		else
			sim_text_printf(&safe, "%%%02X", (unsigned char)*s);
	}
	sim_string(text, name, safe.bytes);
	sim_text_fini(&safe);
}

static void
write_log(struct sim *sim, const struct sim_request *request,
    unsigned int status)
{
	struct sim_text line = { NULL, 0, 0 };
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	sim_open(&line, NULL, '{');
	sim_time(&line, "time", (uint64_t)now.tv_sec,
	    (uint64_t)now.tv_nsec / 100);
	write_printable(&line, "method", request->method);
	write_printable(&line, "host", request->host_name);
	write_printable(&line, "path", request->uri);
	sim_number(&line, "status", status);
	sim_literal(&line, "authorization",
	    request->authorization == NULL ? "false" : "true");
	sim_number(&line, "connection", request->connection_id);
	sim_close(&line, '}');
	sim_text_add(&line, "\n", 1);
	sim_log_line(sim->log, line.bytes, line.len);
	sim_text_fini(&line);
}

/* ---- making the response ---- */

struct short_body {
	size_t len;
	char *bytes;
};

static ssize_t
read_short_body(void *cls, uint64_t at, char *out, size_t room)
{
	const struct short_body *body = cls;
	size_t n = body->len - (size_t)at;

	if (n == 0)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (n > room)
		n = room;
	memcpy(out, body->bytes + at, n);
	return (ssize_t)n;
}

static void
free_short_body(void *cls)
{
	struct short_body *body = cls;

	free(body->bytes);
	free(body);
}

/* Promises all of the body and gives len bytes of it. */
static struct MHD_Response *
respond_short(struct sim_text *text, size_t len)
{
	struct short_body *body = calloc(1, sizeof(*body));
	size_t promised = text->len;

	if (body == NULL)
		return NULL;
	body->bytes = text->bytes;
	body->len = len;
	memset(text, 0, sizeof(*text));
	return MHD_create_response_from_callback(promised, 16384,
	    read_short_body, body, free_short_body);
}

static size_t
where_to_cut(const struct sim_plan *plan, size_t len)
{
	size_t at = plan->at == 0 ? len / 2 : plan->at;

	return at < len ? at : len;
}

static void
read_body_file(struct sim_text *body, const char *path)
{
	FILE *file = fopen(path, "re");
	char bytes[16384];
	size_t n;

	if (file == NULL) {
		perror(path);
		return;
	}
	while ((n = fread(bytes, 1, sizeof(bytes), file)) > 0)
		sim_text_add(body, bytes, n);
	fclose(file);
}

/* What the plan changes of a finished answer. */
static void
change_reply(const struct sim_plan *plan, struct sim_reply *reply)
{
	if (plan->body != NULL || plan->body_file != NULL)
		reply->body.len = 0;
	if (plan->body != NULL)
		sim_text_puts(&reply->body, plan->body);
	if (plan->body_file != NULL)
		read_body_file(&reply->body, plan->body_file);
	if (plan->content_type != NULL)
		reply->content_type = plan->content_type;
	if (plan->told_status != 0)
		reply->status = plan->told_status;
	if (plan->cut)
		reply->body.len = where_to_cut(plan, reply->body.len);
}

static bool
is_dropped(const struct sim_plan *plan, const char *name)
{
	size_t i;

	for (i = 0; i < plan->edit_count; i++)
		if (strcasecmp(plan->edit[i].name, name) == 0)
			return true;
	return false;
}

static void
add_headers(const struct sim_plan *plan, const struct sim_reply *reply,
    struct MHD_Response *response)
{
	const char *name = reply->headers.bytes, *value;
	const char *end = name + reply->headers.len;
	size_t i;

	if (reply->content_type != NULL &&
	    !is_dropped(plan, "Content-Type"))
		MHD_add_response_header(response, "Content-Type",
		    reply->content_type);
	for (; name < end; name = value + strlen(value) + 1) {
		value = name + strlen(name) + 1;
		if (!is_dropped(plan, name))
			MHD_add_response_header(response, name, value);
	}
	for (i = 0; i < plan->edit_count; i++)
		if (plan->edit[i].value != NULL)
			MHD_add_response_header(response, plan->edit[i].name,
			    plan->edit[i].value);
}

static enum MHD_Result
send_reply(struct MHD_Connection *connection, const struct sim_plan *plan,
    struct sim_reply *reply)
{
	struct MHD_Response *response;
	enum MHD_Result result;

	if (plan->truncate)
		response = respond_short(&reply->body,
		    where_to_cut(plan, reply->body.len));
	else
		response = MHD_create_response_from_buffer(reply->body.len,
		    reply->body.bytes, MHD_RESPMEM_MUST_FREE);
	if (response == NULL)
		return MHD_NO;
	memset(&reply->body, 0, sizeof(reply->body));   /* given away */
	add_headers(plan, reply, response);
	result = MHD_queue_response(connection, reply->status, response);
	MHD_destroy_response(response);
	return result;
}

/* ---- what libmicrohttpd calls ---- */

const char *
sim_request_header(const struct sim_request *request, const char *name)
{
	return MHD_lookup_connection_value(
	    (struct MHD_Connection *)(uintptr_t)request->connection,
	    MHD_HEADER_KIND, name);
}

static void
read_headers(struct sim *sim, struct MHD_Connection *connection,
    struct sim_request *request)
{
	const union MHD_ConnectionInfo *info;
	const char *wish;

	request->connection = connection;
	info = MHD_get_connection_info(connection,
	    MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	request->connection_id = info == NULL ? 0 :
	    (uint64_t)(uintptr_t)info->socket_context;
	request->number = atomic_fetch_add(&sim->requests, 1);
	request->authorization = MHD_lookup_connection_value(connection,
	    MHD_HEADER_KIND, "Authorization");
	request->range = MHD_lookup_connection_value(connection,
	    MHD_HEADER_KIND, "Range");
	request->if_range = MHD_lookup_connection_value(connection,
	    MHD_HEADER_KIND, "If-Range");
	request->client_request_id = MHD_lookup_connection_value(connection,
	    MHD_HEADER_KIND, "x-ms-client-request-id");
	wish = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
	    "x-ms-return-client-request-id");
	request->return_client_request_id = wish != NULL &&
	    strcasecmp(wish, "true") == 0;
	sim_request_set_host(sim, request, MHD_lookup_connection_value(
	    connection, MHD_HEADER_KIND, "Host"));
}

static void
read_plan(struct sim *sim, struct sim_request *request)
{
	struct sim_text where = { NULL, 0, 0 };

	if (sim->faults == NULL)
		return;
	sim_text_printf(&where, "%s%s", request->host_name, request->uri);
	sim_faults_plan(sim->faults, &request->plan, request->method,
	    where.bytes);
	sim_text_fini(&where);
}

static enum MHD_Result
answer(struct sim *sim, struct MHD_Connection *connection,
    struct sim_request *request)
{
	struct sim_reply reply;
	enum MHD_Result result;

	memset(&reply, 0, sizeof(reply));
	read_headers(sim, connection, request);
	read_plan(sim, request);
	wait_ms(sim, sim->options.latency_ms + request->plan.delay_ms);
	if (request->plan.close) {
		write_log(sim, request, 0);
		return MHD_NO;
	}
	sim_request_parse(request);
	sim_answer(sim, request, &reply);
	sim_reply_usual_headers(sim, &reply, request);
	change_reply(&request->plan, &reply);
	sim_blob_finish(request, &reply);
	write_log(sim, request, reply.status);
	result = send_reply(connection, &request->plan, &reply);
	sim_reply_fini(&reply);
	return result;
}

/* The raw request target, before libmicrohttpd decodes it in place. */
static void *
begin_exchange(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct exchange *exchange = calloc(1, sizeof(*exchange));
	size_t len = strlen(uri);

	(void)cls;
	(void)connection;
	if (exchange == NULL)
		return NULL;
	exchange->request.malformed = len >= SIM_MAX_URI;
	if (len >= SIM_MAX_URI)
		len = SIM_MAX_URI - 1;
	memcpy(exchange->request.uri, uri, len);
	return exchange;
}

/* Called once for the headers and once at the end of the body, at least. */
static enum MHD_Result
go_on(void *cls, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *upload,
    size_t *upload_len, void **context)
{
	struct exchange *exchange = *context;

	(void)url;
	(void)version;
	if (exchange == NULL)
		return MHD_NO;
	if (!exchange->begun) {
		exchange->begun = true;
		return MHD_YES;
	}
	if (*upload_len > 0) {
		if (exchange->request.body.len + *upload_len <= SIM_MAX_BODY)
			sim_text_add(&exchange->request.body, upload,
			    *upload_len);
		*upload_len = 0;
		return MHD_YES;
	}
	exchange->request.method = method;
	return answer(cls, connection, &exchange->request);
}

static void
end_exchange(void *cls, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code)
{
	struct exchange *exchange = *context;

	(void)cls;
	(void)connection;
	(void)code;
	if (exchange != NULL)
		sim_text_fini(&exchange->request.body);
	free(exchange);
	*context = NULL;
}

static void
number_connection(void *cls, struct MHD_Connection *connection,
    void **context, enum MHD_ConnectionNotificationCode code)
{
	struct sim *sim = cls;

	(void)connection;
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		*context = (void *)(uintptr_t)(atomic_fetch_add(
		    &sim->connections, 1) + 1);
}

/* Broken connections are part of the job: nothing to say about them. */
static void
say_nothing(void *cls, const char *format, va_list arguments)
{
	(void)cls;
	(void)format;
	(void)arguments;
}

/*
 * Waiting answers need a thread each; else a few threads serve all, which is
 * faster.
 */
static struct MHD_Daemon *
start_daemon(struct sim *sim, const struct sim_certificate *certificate,
    const struct sockaddr_in *address)
{
	bool waits = sim->options.latency_ms > 0 ||
	    sim_faults_delay(sim->faults);
	unsigned int flags = MHD_USE_TLS | MHD_USE_ERROR_LOG |
	    MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_TURBO |
	    (waits ? MHD_USE_POLL | MHD_USE_THREAD_PER_CONNECTION :
	    MHD_USE_EPOLL);
	struct MHD_OptionItem pool[] = {
		{ MHD_OPTION_THREAD_POOL_SIZE,
		    (intptr_t)sim->options.threads, NULL },
		{ MHD_OPTION_END, 0, NULL }
	};

	return MHD_start_daemon(flags, (uint16_t)sim->options.port, NULL,
	    NULL, go_on, sim,
	    MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
	    MHD_OPTION_HTTPS_MEM_KEY, certificate->leaf_key,
	    MHD_OPTION_HTTPS_MEM_CERT, certificate->leaf,
	    MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)address,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)65536,
	    MHD_OPTION_CONNECTION_LIMIT, 2000U,
	    MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U,
	    MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, sim,
	    MHD_OPTION_NOTIFY_COMPLETED, end_exchange, sim,
	    MHD_OPTION_NOTIFY_CONNECTION, number_connection, sim,
	    MHD_OPTION_ARRAY, waits ? &pool[1] : pool, MHD_OPTION_END);
}

struct sim_server *
sim_server_start(struct sim *sim, const struct sim_certificate *certificate)
{
	struct sim_server *server = calloc(1, sizeof(*server));
	struct sockaddr_in address;

	if (server == NULL)
		return NULL;
	memset(&address, 0, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t)sim->options.port);
	server->daemon = start_daemon(sim, certificate, &address);
	if (server->daemon != NULL)
		return server;
	fputs("simulator: the server does not start (port taken?)\n", stderr);
	free(server);
	return NULL;
}

unsigned int
sim_server_port(const struct sim_server *server)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon,
	    MHD_DAEMON_INFO_BIND_PORT);

	return info == NULL ? 0 : info->port;
}

void
sim_server_stop(struct sim_server *server)
{
	if (server == NULL)
		return;
	MHD_stop_daemon(server->daemon);
	free(server);
}
