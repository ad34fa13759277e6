/* SPDX-License-Identifier: ISC */
/* One connection: requests are read and noted, and a script answers them. */
#include "hostile.h"

#include <openssl/err.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_REQUEST 65536u
#define TLS_HANDSHAKE 0x16

struct channel {
	struct server *server;
	int fd;
	SSL *ssl;               /* NULL: the client does not speak TLS */
	char *request;          /* what came: len bytes, and a 0 */
	size_t len;
};

static void
note(int fd, const void *bytes, size_t len)
{
	if (write(fd, bytes, len) < 0)
		perror("hostile: note");
}

static void
note_connection(const struct channel *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
note_connection(const struct channel *c, const char *format, ...)
{
	char line[512];
	va_list arguments;
	int len;

	va_start(arguments, format);
	len = vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (len > 0)
		note(c->server->connections, line,
		    (size_t)len < sizeof(line) ? (size_t)len :
		    sizeof(line) - 1);
}

/* ---- bytes in and out ---- */

static bool
put(struct channel *c, const void *bytes, size_t len)
{
	size_t done = 0, step;
	ssize_t sent;

	for (; done < len; done += step) {
		step = len - done;
		if (c->ssl != NULL) {
			if (SSL_write_ex(c->ssl, (const char *)bytes + done,
			    step, &step) != 1)
				return false;
			continue;
		}
		sent = send(c->fd, (const char *)bytes + done, step,
		    MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		step = (size_t)sent;
	}
	return true;
}

/* Some more of the request; false at its end. */
static bool
get(struct channel *c)
{
	size_t got = 0, room = MAX_REQUEST - c->len;
	ssize_t received;

	if (room == 0)
		return false;
	if (c->ssl != NULL) {
		if (SSL_read_ex(c->ssl, c->request + c->len, room, &got) != 1)
			return false;
	} else {
		received = recv(c->fd, c->request + c->len, room, 0);
		got = received > 0 ? (size_t)received : 0;
	}
	note(c->server->received, c->request + c->len, got);
	c->len += got;
	c->request[c->len] = '\0';
	return got > 0;
}

static void
sleep_ms(unsigned long ms)
{
	const struct timespec time = { (time_t)(ms / 1000),
		(long)(ms % 1000) * 1000000 };

	nanosleep(&time, NULL);
}

/* ---- what can be done ---- */

/* The text of a step, with the turn where "\#" stood. */
static char *
text_of(const struct step *s, unsigned long turn, size_t *len)
{
	char number[24], *text;
	size_t count = 0, n;

	n = (size_t)snprintf(number, sizeof(number), "%lu", turn);
	for (size_t i = 0; i < s->len; i++)
		count += s->text[i] == '\001';
	text = malloc(s->len + count * n + 1);
	*len = 0;
	for (size_t i = 0; text != NULL && i < s->len; i++) {
		if (s->text[i] != '\001') {
			text[(*len)++] = s->text[i];
			continue;
		}
		memcpy(text + *len, number, n);
		*len += n;
	}
	return text;
}

static bool
put_times(struct channel *c, const struct step *s, unsigned long turn,
    unsigned long times)
{
	size_t len;
	char *text = text_of(s, turn, &len);
	bool ok = text != NULL;

	while (ok && times-- > 0)
		ok = put(c, text, len);
	free(text);
	return ok;
}

static bool
play_send(struct channel *c, const struct step *s, unsigned long turn)
{
	return put_times(c, s, turn, 1);
}

static bool
play_line(struct channel *c, const struct step *s, unsigned long turn)
{
	return put_times(c, s, turn, 1) && put(c, "\r\n", 2);
}

static bool
play_repeat(struct channel *c, const struct step *s, unsigned long turn)
{
	return put_times(c, s, turn, s->number);
}

static bool
play_flood(struct channel *c, const struct step *s, unsigned long turn)
{
	while (put_times(c, s, turn, 1000))
		;
	return false;
}

static bool
play_drip(struct channel *c, const struct step *s, unsigned long turn)
{
	size_t len;
	char *text = text_of(s, turn, &len);
	bool ok = text != NULL;

	for (size_t i = 0; ok && i < len; i++) {
		ok = put(c, text + i, 1);
		sleep_ms(s->number);
	}
	free(text);
	return ok;
}

static bool
play_wait(struct channel *c, const struct step *s, unsigned long turn)
{
	(void)c;
	(void)turn;
	sleep_ms(s->number);
	return true;
}

static bool
play_file(struct channel *c, const struct step *s, unsigned long turn)
{
	FILE *file = fopen(s->text, "re");
	char block[16384];
	size_t len;
	bool ok = file != NULL;

	(void)turn;
	if (file == NULL)
		perror(s->text);
	while (ok && (len = fread(block, 1, sizeof(block), file)) > 0)
		ok = put(c, block, len);
	if (file != NULL)
		fclose(file);
	return ok;
}

static bool
play_json(struct channel *c, const struct step *s, unsigned long turn)
{
	size_t len, n;
	char *text = text_of(s, turn, &len), head[160];
	bool ok;

	n = (size_t)snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\n"
	    "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
	    len);
	ok = text != NULL && put(c, head, n) && put(c, text, len);
	free(text);
	return ok;
}

static bool
play_close(struct channel *c, const struct step *s, unsigned long turn)
{
	(void)s;
	(void)turn;
	if (c->ssl != NULL)
		SSL_shutdown(c->ssl);
	return false;
}

static bool
play_cut(struct channel *c, const struct step *s, unsigned long turn)
{
	(void)c;
	(void)s;
	(void)turn;
	return false;
}

static const struct verb verbs[] = {
	{ "send", false, play_send, "TEXT: these bytes" },
	{ "line", false, play_line, "TEXT: these, CR and LF" },
	{ "repeat", true, play_repeat, "N TEXT: the text N times" },
	{ "flood", false, play_flood, "TEXT: until the client goes" },
	{ "drip", true, play_drip, "MS TEXT: a byte each MS milliseconds" },
	{ "wait", true, play_wait, "MS: nothing for MS milliseconds" },
	{ "file", false, play_file, "PATH: the bytes of a file" },
	{ "json", false, play_json, "TEXT: a right answer, 200, with it" },
	{ "close", false, play_close, "closes as TLS wants it" },
	{ "cut", false, play_cut, "cuts the connection" },
};

const struct verb *
verb_find(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strlen(verbs[i].name) == len &&
		    strncmp(verbs[i].name, name, len) == 0)
			return &verbs[i];
	return NULL;
}

void
verbs_help(FILE *out)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		fprintf(out, "  %-7s %s\n", verbs[i].name, verbs[i].help);
}

/* ---- requests ---- */

/* The value of a header of the request: a copy; "" when it is not there. */
static void
header_of(const struct channel *c, const char *name, char *out, size_t size)
{
	const char *line = strcasestr(c->request, name);
	size_t len;

	out[0] = '\0';
	if (line == NULL)
		return;
	line += strlen(name);
	line += strspn(line, " ");
	len = strcspn(line, "\r\n");
	if (len < size) {
		memcpy(out, line, len);
		out[len] = '\0';
	}
}

/* Reads a request with its body; false at the end of the connection. */
static bool
read_request(struct channel *c)
{
	char length[24];
	const char *end;
	size_t whole;

	c->len = 0;
	c->request[0] = '\0';
	while ((end = strstr(c->request, "\r\n\r\n")) == NULL)
		if (!get(c))
			return false;
	header_of(c, "\nContent-Length:", length, sizeof(length));
	whole = (size_t)(end - c->request) + 4 + strtoul(length, NULL, 10);
	while (c->len < whole)
		if (!get(c))
			return false;
	return true;
}

static bool
answer(struct channel *c)
{
	char method[16], path[4096], host[256], where[4400];
	size_t len = strcspn(c->request, " ");
	const char *target = c->request + len + (c->request[len] == ' ');
	const struct step *s;
	unsigned long turn = 0;

	snprintf(method, sizeof(method), "%.*s", (int)len, c->request);
	snprintf(path, sizeof(path), "%.*s", (int)strcspn(target, " \r"),
	    target);
	header_of(c, "\nHost:", host, sizeof(host));
	host[strcspn(host, ":")] = '\0';
	snprintf(where, sizeof(where), "%s%s", host, path);
	s = script_find(c->server->script, method, where, &turn);
	if (s == NULL) {
		static const char none[] = "HTTP/1.1 404 Not Found\r\n"
		    "Content-Length: 0\r\n\r\n";

		return put(c, none, sizeof(none) - 1);
	}
	for (; s != NULL; s = s->next)
		if (!s->verb->play(c, s, turn))
			return false;
	return true;
}

/* ---- the whole ---- */

#define DIGEST_SIZE 65

/* SHA-256, in hexadecimal. */
static const char *
digest_of(const X509 *certificate, char out[DIGEST_SIZE])
{
	unsigned char bytes[32];

	out[0] = '\0';
	if (certificate != NULL &&
	    X509_digest(certificate, EVP_sha256(), bytes, NULL) == 1)
		for (size_t i = 0; i < sizeof(bytes); i++)
			snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	return out;
}

static bool
begin_tls(struct channel *c)
{
	char digest[DIGEST_SIZE];
	unsigned char first;

	if (recv(c->fd, &first, 1, MSG_PEEK) != 1) {
		note_connection(c, "nothing\n");
		return false;
	}
	if (first != TLS_HANDSHAKE) {
		note_connection(c, "plain\n");
		return true;
	}
	c->ssl = SSL_new(c->server->tls);
	if (c->ssl == NULL || SSL_set_fd(c->ssl, c->fd) != 1 ||
	    SSL_accept(c->ssl) != 1) {
		note_connection(c, "refused\n");
		return false;
	}
	note_connection(c, "tls %s %s\n",
	    SSL_get_servername(c->ssl, TLSEXT_NAMETYPE_host_name),
	    digest_of(SSL_get_certificate(c->ssl), digest));
	return true;
}

void
serve(struct server *server, int fd)
{
	struct channel c = { server, fd, NULL, malloc(MAX_REQUEST + 1), 0 };

	if (c.request != NULL && begin_tls(&c))
		while (read_request(&c) && answer(&c))
			;
	ERR_clear_error();
	SSL_free(c.ssl);
	close(fd);
	free(c.request);
}
