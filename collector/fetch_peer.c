/* SPDX-License-Identifier: ISC */
#include "fetch.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/text.h"

#define MAX_SEEN 4096 /* certificates; more are not recorded */

struct seen {
	struct dsr_tls tls;
	char sha256[DSR_SHA256_HEX];
	char version[16];
	char cipher[64];
};

struct peers {
	struct sockaddr_storage *allowed; /* port 0: any */
	size_t count;
	struct seen **seen;
	size_t seen_count;
	int ssl_index; /* of ex_data: which of seen, plus one */
};

/* ---- addresses ----------------------------------------------------------- */

/* Networks that are nobody's service: RFC 6890 and what came later. */
static const struct {
	uint32_t network;
	unsigned int bits;
} not_public[] = {
	{ 0x00000000, 8 },  /* this network */
	{ 0x0a000000, 8 },  /* private */
	{ 0x64400000, 10 }, /* shared by carriers */
	{ 0x7f000000, 8 },  /* loopback */
	{ 0xa9fe0000, 16 }, /* link-local, and the clouds' metadata */
	{ 0xac100000, 12 }, /* private */
	{ 0xc0000000, 24 }, /* protocol assignments */
	{ 0xc0000200, 24 }, /* documentation */
	{ 0xc0586300, 24 }, /* 6to4 relays */
	{ 0xc0a80000, 16 }, /* private */
	{ 0xc6120000, 15 }, /* benchmarks */
	{ 0xc6336400, 24 }, /* documentation */
	{ 0xcb007100, 24 }, /* documentation */
	{ 0xe0000000, 3 },  /* multicast, reserved, broadcast */
};

static bool
is_public_4(uint32_t address)
{
	for (size_t i = 0; i < sizeof(not_public) / sizeof(not_public[0]); i++)
		if ((address ^ not_public[i].network) >>
		        (32 - not_public[i].bits) ==
		    0)
			return false;
	return true;
}

static uint32_t
read_32(const uint8_t *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	    (uint32_t)b[2] << 8 | b[3];
}

static bool
is_public_6(const struct in6_addr *address)
{
	const uint8_t *b = address->s6_addr;
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const uint8_t nat64[12] = { 0x00, 0x64, 0xff, 0x9b };

	if (memcmp(b, mapped, 12) == 0 || memcmp(b, nat64, 12) == 0)
		return is_public_4(read_32(b + 12));
	if (b[0] == 0x20 && b[1] == 0x02) /* 6to4 */
		return is_public_4(read_32(b + 2));
	if (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0)
		return false; /* Teredo */
	if (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0d && b[3] == 0xb8)
		return false; /* documentation */
	return (b[0] & 0xe0) == 0x20; /* global unicast */
}

bool
address_is_public(const struct sockaddr *address)
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (address->sa_family == AF_INET) {
		(void)memcpy(&four, address, sizeof(four));
		return is_public_4(ntohl(four.sin_addr.s_addr));
	}
	if (address->sa_family != AF_INET6)
		return false;
	(void)memcpy(&six, address, sizeof(six));
	return is_public_6(&six.sin6_addr);
}

bool
address_text_is_public(const char *text)
{
	struct in_addr four;
	struct in6_addr six;

	if (inet_pton(AF_INET, text, &four) == 1)
		return is_public_4(ntohl(four.s_addr));
	return inet_pton(AF_INET6, text, &six) == 1 && is_public_6(&six);
}

/* ---- what --connect-to names --------------------------------------------- */

/* Splits "H1:P1:H2:P2" from behind; false when it is not of that form. */
static bool
split_connect_to(const char *word, char *host, size_t size, char *port,
    size_t port_size)
{
	const char *end = strrchr(word, ':'), *begin;
	size_t len;

	if (end == NULL || end == word || strlen(end + 1) >= port_size)
		return false;
	(void)snprintf(port, port_size, "%s", end + 1);
	if (end[-1] == ']') {
		for (begin = end; begin > word && *begin != '['; begin--)
			;
		len = (size_t)(end - begin) - 2;
		begin++;
	} else {
		for (begin = end; begin > word && begin[-1] != ':'; begin--)
			;
		len = (size_t)(end - begin);
	}
	if (begin == word || len >= size)
		return false;
	(void)memcpy(host, begin, len);
	host[len] = '\0';
	return true;
}

static int
allow_addresses(struct peers *p, const struct addrinfo *list, bool any_port,
    struct dsr_error *err)
{
	for (; list != NULL; list = list->ai_next) {
		struct sockaddr_storage *more = realloc(p->allowed,
		    (p->count + 1) * sizeof(*more));

		if (more == NULL)
			return dsr_fail(err, DSR_ENOMEM, "--connect-to");
		p->allowed = more;
		more += p->count++;
		(void)memset(more, 0, sizeof(*more));
		(void)memcpy(more, list->ai_addr, list->ai_addrlen);
		if (any_port && list->ai_family == AF_INET)
			((struct sockaddr_in *)(void *)more)->sin_port = 0;
		if (any_port && list->ai_family == AF_INET6)
			((struct sockaddr_in6 *)(void *)more)->sin6_port = 0;
	}
	return 0;
}

static int
allow_word(struct peers *p, const char *word, struct dsr_error *err)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	char host[256], port[8];
	int result;

	if (!split_connect_to(word, host, sizeof(host), port, sizeof(port)))
		return dsr_fail(err, DSR_EUSAGE,
		    "--connect-to wants HOST1:PORT1:HOST2:PORT2");
	if (host[0] == '\0') /* the same host, another port */
		return 0;
	if (getaddrinfo(host, port[0] == '\0' ? NULL : port, &hints, &list) !=
	    0)
		return dsr_fail(err, DSR_ENETWORK,
		    "--connect-to: there is no host %s", host);
	result = allow_addresses(p, list, port[0] == '\0', err);
	freeaddrinfo(list);
	return result;
}

int
peers_new(struct peers **out, const char *const *connect_to, size_t count,
    struct dsr_error *err)
{
	struct peers *p = calloc(1, sizeof(*p));

	*out = NULL;
	if (p == NULL)
		return dsr_fail(err, DSR_ENOMEM, "network");
	p->ssl_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	for (size_t i = 0; i < count; i++)
		if (allow_word(p, connect_to[i], err) != 0) {
			peers_free(p);
			return -1;
		}
	*out = p;
	return 0;
}

void
peers_free(struct peers *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->seen_count; i++)
		free(p->seen[i]);
	free(p->seen);
	free(p->allowed);
	free(p);
}

static bool
is_allowed(const struct sockaddr_storage *allowed,
    const struct sockaddr *address)
{
	struct sockaddr_in a4, b4;
	struct sockaddr_in6 a6, b6;

	if (allowed->ss_family != address->sa_family)
		return false;
	if (address->sa_family == AF_INET) {
		(void)memcpy(&a4, allowed, sizeof(a4));
		(void)memcpy(&b4, address, sizeof(b4));
		return a4.sin_addr.s_addr == b4.sin_addr.s_addr &&
		    (a4.sin_port == 0 || a4.sin_port == b4.sin_port);
	}
	(void)memcpy(&a6, allowed, sizeof(a6));
	(void)memcpy(&b6, address, sizeof(b6));
	return memcmp(&a6.sin6_addr, &b6.sin6_addr, 16) == 0 &&
	    (a6.sin6_port == 0 || a6.sin6_port == b6.sin6_port);
}

bool
peers_allow(const struct peers *p, const struct sockaddr *address)
{
	if (address->sa_family != AF_INET && address->sa_family != AF_INET6)
		return false;
	if (address_is_public(address))
		return true;
	for (size_t i = 0; i < p->count; i++)
		if (is_allowed(&p->allowed[i], address))
			return true;
	return false;
}

/* ---- what is asked of a connection --------------------------------------- */

/* 112 bits: no SHA-1, no RSA below 2,048; OPENSSL_CONF could ask for less. */
#define LEAST_SECURITY_LEVEL 2

CURLcode
peers_harden(CURL *easy, void *tls, void *ctx)
{
	SSL_CTX *c = tls;

	(void)easy;
	(void)ctx;
	if (SSL_CTX_get_security_level(c) < LEAST_SECURITY_LEVEL)
		SSL_CTX_set_security_level(c, LEAST_SECURITY_LEVEL);
	return SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION) == 1
	    ? CURLE_OK
	    : CURLE_SSL_CONNECT_ERROR;
}

const char *
peers_complaint(CURL *easy)
{
	long result = X509_V_OK;

	(void)curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &result);
	/* libcurl compares names before it asks for the result */
	return result == X509_V_OK || result == X509_V_ERR_UNSPECIFIED
	    ? "the certificate is that of another host"
	    : X509_verify_cert_error_string(result);
}

/* ---- evidence of the connection ------------------------------------------ */

static bool
describe_ssl(SSL *ssl, struct seen *one)
{
	X509 *certificate = SSL_get1_peer_certificate(ssl);
	uint8_t digest[DSR_SHA256_BYTES];
	unsigned char *der = NULL;
	int len = certificate == NULL ? -1 : i2d_X509(certificate, &der);

	if (len > 0) {
		dsr_sha256(digest, der, (size_t)len);
		dsr_hex_encode(one->sha256, digest, sizeof(digest));
		(void)snprintf(one->version, sizeof(one->version), "%s",
		    SSL_get_version(ssl));
		(void)snprintf(one->cipher, sizeof(one->cipher), "%s",
		    SSL_get_cipher_name(ssl));
		one->tls.certificate_sha256 = one->sha256;
		one->tls.version = one->version;
		one->tls.cipher = one->cipher;
	}
	OPENSSL_free(der);
	X509_free(certificate);
	return len > 0;
}

static size_t
find_seen(const struct peers *p, const struct seen *one)
{
	size_t i = 0;

	while (i < p->seen_count &&
	    (strcmp(p->seen[i]->sha256, one->sha256) != 0 ||
	        strcmp(p->seen[i]->cipher, one->cipher) != 0 ||
	        strcmp(p->seen[i]->version, one->version) != 0))
		i++;
	return i;
}

static size_t
remember(struct peers *p, struct seen *one)
{
	size_t i = find_seen(p, one);
	struct seen **more;

	if (i < p->seen_count || i == MAX_SEEN) {
		free(one);
		return i;
	}
	more = realloc(p->seen, (i + 1) * sizeof(struct seen *));
	if (more == NULL) {
		free(one);
		return MAX_SEEN;
	}
	p->seen = more;
	more[p->seen_count++] = one;
	return i;
}

const struct dsr_tls *
peers_tls(struct peers *p, CURL *easy)
{
	const struct curl_tlssessioninfo *info = NULL;
	struct seen *one;
	SSL *ssl;
	size_t i;

	if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK ||
	    info == NULL || info->backend != CURLSSLBACKEND_OPENSSL ||
	    info->internals == NULL)
		return NULL;
	ssl = info->internals;
	/* worked out once a connection, and remembered with it */
	i = (size_t)(uintptr_t)SSL_get_ex_data(ssl, p->ssl_index);
	if (i != 0)
		return &p->seen[i - 1]->tls;
	one = calloc(1, sizeof(*one));
	if (one == NULL || !describe_ssl(ssl, one)) {
		free(one);
		return NULL;
	}
	i = remember(p, one);
	if (i == MAX_SEEN ||
	    SSL_set_ex_data(ssl, p->ssl_index, (void *)(uintptr_t)(i + 1)) !=
	        1)
		return NULL;
	return &p->seen[i]->tls;
}
