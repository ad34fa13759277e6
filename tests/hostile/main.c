/* SPDX-License-Identifier: ISC */
/* dossier-hostile: options, the folder, and a thread a connection. */
#include "hostile.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIFETIME_S 300

struct connection {
	struct server *server;
	int fd;
};

static void *
run_connection(void *ctx)
{
	struct connection one = *(struct connection *)ctx;

	free(ctx);
	serve(one.server, one.fd);
	return NULL;
}

static void
begin_connection(struct server *server, int fd)
{
	struct connection *one = malloc(sizeof(*one));
	pthread_attr_t detached;
	pthread_t thread;

	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	if (one != NULL)
		*one = (struct connection){ server, fd };
	if (one == NULL ||
	    pthread_create(&thread, &detached, run_connection, one) != 0) {
		close(fd);
		free(one);
	}
	pthread_attr_destroy(&detached);
}

/* The host that a ClientHello asks for; "" when none. */
static void
read_host(SSL *ssl, char *out, size_t size)
{
	const unsigned char *e;
	size_t len;

	out[0] = '\0';
	/* list length, kind, length of the name: RFC 6066 section 3 */
	if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &e,
	    &len) != 1 || len < 5 || len - 5 >= size)
		return;
	memcpy(out, e + 5, len - 5);
	out[len - 5] = '\0';
}

static int
on_hello(SSL *ssl, int *alert, void *ctx)
{
	const struct server *server = ctx;
	char host[256];

	(void)alert;
	read_host(ssl, host, sizeof(host));
	return authorities_serve(server->authorities, ssl, host) == 0 ?
	    SSL_CLIENT_HELLO_SUCCESS : SSL_CLIENT_HELLO_ERROR;
}

static int
make_tls(struct server *server)
{
	server->authorities = authorities_new();
	server->tls = SSL_CTX_new(TLS_server_method());
	if (server->authorities == NULL || server->tls == NULL)
		return -1;
	/* what is weak must be the client's to refuse */
	SSL_CTX_set_security_level(server->tls, 0);
	SSL_CTX_set_cipher_list(server->tls, "ALL:@SECLEVEL=0");
	SSL_CTX_set_min_proto_version(server->tls, TLS1_VERSION);
	SSL_CTX_set_client_hello_cb(server->tls, on_hello, server);
	return 0;
}

static int
listen_here(unsigned int *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(fd, 128) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		return -1;
	*port = ntohs(at.sin_port);
	return fd;
}

static int
open_note(const char *folder, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC,
	    0644);
}

static int
make_folder(struct server *server, const char *folder)
{
	FILE *ca;
	int fd, result;

	mkdir(folder, 0755);
	server->received = open_note(folder, "received");
	server->connections = open_note(folder, "connections");
	fd = open_note(folder, "ca.pem");
	ca = fd < 0 ? NULL : fdopen(fd, "w");
	if (ca == NULL || server->received < 0 || server->connections < 0)
		return -1;
	result = authorities_write(server->authorities, ca);
	return fclose(ca) == 0 ? result : -1;
}

static int
help(FILE *out)
{
	fputs("usage: dossier-hostile FOLDER SCRIPT\n"
	    "Answers on loopback as the script says.\n\n"
	    "Steps of a script:\n", out);
	verbs_help(out);
	return out == stdout ? 0 : 2;
}

int
main(int argc, char **argv)
{
	struct server server = { .received = -1, .connections = -1 };
	unsigned int port = 0;
	int fd;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return help(stdout);
	if (argc != 3)
		return help(stderr);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	alarm(LIFETIME_S);
	server.script = script_read(argv[2]);
	fd = listen_here(&port);
	if (server.script == NULL || fd < 0 || make_tls(&server) != 0 ||
	    make_folder(&server, argv[1]) != 0) {
		fputs("hostile: cannot start\n", stderr);
		return 1;
	}
	printf("port %u\n", port);
	fflush(stdout);
	for (;;) {
		int one = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

		if (one >= 0)
			begin_connection(&server, one);
	}
}
