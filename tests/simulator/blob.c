/* SPDX-License-Identifier: ISC */
/* Blob storage: files behind signed URLs, which want no bearer token. */
#include "simulator.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- addresses ---- */

/* A number of the name (FNV-1a), so that each file differs. */
static uint64_t
hash_name(const char *container, const char *path)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *container != '\0'; container++)
		hash = (hash ^ (unsigned char)*container) *
		    UINT64_C(0x100000001b3);
	for (; *path != '\0'; path++)
		hash = (hash ^ (unsigned char)*path) *
		    UINT64_C(0x100000001b3);
	return hash;
}

static void
write_signature(const struct sim *sim, struct sim_text *text,
    const char *container, const char *path)
{
	sim_secret(sim, text, "sas", SIM_ARTIFACT,
	    hash_name(container, path));
}

void
sim_blob_url(const struct sim *sim, struct sim_text *text,
    const char *container, const char *path)
{
	sim_text_printf(text, "https://%s/%s/", sim->host_name[SIM_BLOB],
	    container);
	sim_text_url(text, path, true);
	sim_text_puts(text, "?sv=2017-04-17&sr=b&sig=");
	write_signature(sim, text, container, path);
	sim_text_puts(text, "%3D&st=2018-09-24T09%3A02%3A44Z"
	    "&se=2038-01-01T00%3A00%3A00Z&sp=r");
}

static bool
is_signed(const struct sim *sim, const struct sim_request *request)
{
	struct sim_text wanted = { NULL, 0, 0 };
	size_t len = 0;
	const char *given = sim_request_query(request, "sig", &len);
	bool same;

	write_signature(sim, &wanted, request->argument[0],
	    request->argument[1]);
	sim_text_puts(&wanted, "%3D");
	same = given != NULL && len == wanted.len &&
	    memcmp(given, wanted.bytes, len) == 0;
	sim_text_fini(&wanted);
	return same;
}

/* ---- contents, true to the type that the name promises ---- */

static void
write_lines(const struct sim *sim, const char *path, uint64_t hash,
    struct sim_text *body)
{
	uint64_t line;

	sim_text_printf(body, "%s\n", path);
	for (line = 0; line < 4 + hash % 12; line++)
		sim_text_printf(body, "%" PRIu64 ",%s,%016" PRIx64 "\n", line,
		    sim_person_name(sim_owner(line)),
		    sim_mix(sim, SIM_ARTIFACT, 20, hash + line));
}

static void
write_object(const struct sim *sim, const char *path, uint64_t hash,
    struct sim_text *body)
{
	unsigned int person;

	sim_open(body, NULL, '{');
	sim_string(body, "path", path);
	sim_open(body, "customers", '[');
	for (person = 0; person < 2; person++) {
		sim_open(body, NULL, '{');
		sim_string(body, "name", sim_person_name(person));
		sim_string(body, "mail", sim_person_mail(person));
		sim_number(body, "number",
		    sim_mix(sim, SIM_ARTIFACT, 21, hash + person) % 100000);
		sim_close(body, '}');
	}
	sim_close(body, ']');
	sim_close(body, '}');
}

/* One grey dot. */
static void
write_picture(const struct sim *sim, const char *path, uint64_t hash,
    struct sim_text *body)
{
	static const unsigned char png[] = {
		0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00,
		0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01,
		0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a,
		0x7e, 0x9b, 0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41,
		0x54, 0x78, 0xda, 0x63, 0x68, 0x00, 0x00, 0x00, 0x82, 0x00,
		0x81, 0xda, 0x45, 0x08, 0x3b, 0x00, 0x00, 0x00, 0x00, 0x49,
		0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
	};

	(void)sim;
	(void)path;
	(void)hash;
	sim_text_add(body, png, sizeof(png));
}

/* Looks like the start of a pickle, and has all kinds of bytes. */
static void
write_binary(const struct sim *sim, const char *path, uint64_t hash,
    struct sim_text *body)
{
	uint64_t i, some;

	sim_text_add(body, "\x80\x03", 2);
	sim_text_add(body, path, strlen(path) + 1);
	for (i = 0; i < 16 + hash % 128; i++) {
		some = sim_mix(sim, SIM_ARTIFACT, 22, hash + i);
		sim_text_add(body, &some, sizeof(some));
	}
}

static const struct file_type {
	const char *suffix;
	const char *type;
	void (*write)(const struct sim *, const char *path, uint64_t hash,
	    struct sim_text *);
} type_list[] = {
	{ ".txt", "text/plain; charset=utf-8", write_lines },
	{ ".log", "text/plain; charset=utf-8", write_lines },
	{ ".py", "text/x-python", write_lines },
	{ ".csv", "text/csv; charset=utf-8", write_lines },
	{ ".json", "application/json", write_object },
	{ ".png", "image/png", write_picture },
	{ "", "application/octet-stream", write_binary },
};

static const struct file_type *
type_of(const char *path)
{
	size_t i, len = strlen(path), suffix_len;

	for (i = 0;; i++) {
		suffix_len = strlen(type_list[i].suffix);
		if (len >= suffix_len && strcmp(path + len - suffix_len,
		    type_list[i].suffix) == 0)
			return &type_list[i];
	}
}

/* ---- the answer ---- */

static void
add_digest(struct sim_reply *reply, const char *name)
{
	unsigned char digest[EVP_MAX_MD_SIZE], encoded[64];
	unsigned int len = 0;

	if (EVP_Digest(reply->body.bytes, reply->body.len, digest, &len,
	    EVP_md5(), NULL) != 1)
		return;
	EVP_EncodeBlock(encoded, digest, (int)len);
	sim_reply_header(reply, name, "%s", (char *)encoded);
}

void
sim_get_blob(struct sim *sim, struct sim_request *request,
    struct sim_reply *reply)
{
	const char *path = request->argument[1];
	const struct file_type *type = type_of(path);
	uint64_t hash = hash_name(request->argument[0], path);

	if (request->authorization != NULL) {
		sim_reply_error(reply, request, SIM_SHAPE_BLOB, 400,
		    "InvalidAuthenticationInfo", "Authentication information "
		    "is not given in the correct format. Check the value of "
		    "Authorization header.");
		return;
	}
	if (!is_signed(sim, request)) {
		sim_reply_error(reply, request, SIM_SHAPE_BLOB, 403,
		    "AuthenticationFailed", "Server failed to authenticate "
		    "the request.");
		return;
	}
	reply->status = 200;
	reply->content_type = type->type;
	type->write(sim, path, hash, &reply->body);
	reply->is_blob = true;
	sim_reply_header(reply, "ETag", "\"0x8D%013" PRIX64 "\"",
	    hash >> 12);
	sim_reply_header(reply, "Last-Modified",
	    "Mon, 24 Sep 2018 09:02:44 GMT");
	sim_reply_header(reply, "x-ms-version", "2017-04-17");
	sim_reply_header(reply, "x-ms-blob-type", "BlockBlob");
}

/* ---- what the body says of itself, once a fault plan has had its way ---- */

/* A header that the answer has, or the plan gives it; NULL. */
static const char *
find_header(const struct sim_plan *plan, const struct sim_reply *reply,
    const char *wanted)
{
	const char *name = reply->headers.bytes, *value, *found = NULL;
	const char *end = name + reply->headers.len;
	size_t i;

	for (; name < end; name = value + strlen(value) + 1) {
		value = name + strlen(name) + 1;
		if (strcasecmp(name, wanted) == 0)
			found = value;
	}
	for (i = 0; i < plan->edit_count; i++)
		if (strcasecmp(plan->edit[i].name, wanted) == 0)
			found = plan->edit[i].value;
	return found;
}

/* "bytes=N-" alone, and only of the body that the client has seen. */
static void
send_part(const struct sim_request *request, struct sim_reply *reply)
{
	const char *tag = find_header(&request->plan, reply, "ETag");
	size_t all = reply->body.len;
	char *end = NULL;
	unsigned long long first;

	if (request->range == NULL || strncmp(request->range, "bytes=", 6) !=
	    0 || (request->if_range != NULL && (tag == NULL ||
	    strcmp(request->if_range, tag) != 0)))
		return;
	first = strtoull(request->range + 6, &end, 10);
	if (strcmp(end, "-") != 0 || first >= all)
		return;
	memmove(reply->body.bytes, reply->body.bytes + first,
	    all - (size_t)first);
	reply->body.len = all - (size_t)first;
	reply->status = 206;
	sim_reply_header(reply, "Content-Range", "bytes %llu-%zu/%zu", first,
	    all - 1, all);
}

void
sim_blob_finish(const struct sim_request *request, struct sim_reply *reply)
{
	const char *ranges = find_header(&request->plan, reply,
	    "Accept-Ranges");

	if (!reply->is_blob || reply->status != 200)
		return;
	if (ranges == NULL || strcasecmp(ranges, "none") != 0)
		send_part(request, reply);
	if (reply->status == 200)
		add_digest(reply, "Content-MD5");
}
