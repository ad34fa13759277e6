/* SPDX-License-Identifier: ISC */
/*
 * What an erasure takes from an archive and from a service, any bytes: an
 * address (behind 'a'), which gives values only when they make it again; two
 * JSON texts (behind 'j', divided by a NUL), which are the same both ways
 * round, or not.
 */
#include "../../collector/erase.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char plants[] =
    "{\"connector\": {\"key\": \"k\", \"name\": \"K\", \"version\": \"1\","
    " \"description\": \"d\"}, \"hosts\": [\"api.example.org\"],"
    " \"authentication\": {\"strategy\": \"none\"}, \"endpoints\": ["
    "{\"name\": \"list\", \"description\": \"d\", \"category\": \"content\","
    " \"requests\": {\"read\": {\"method\": \"GET\", \"host\":"
    " \"api.example.org\", \"path\": \"/list\", \"data_path\": \"v\"}}},"
    "{\"name\": \"one\", \"description\": \"d\", \"category\": \"content\","
    " \"requests\": {\"read\": {\"method\": \"GET\", \"host\":"
    " \"api.example.org\", \"path\": \"/{a}/x-{b}.{+c}\", \"query_params\":"
    " [{\"name\": \"q\", \"value\": \"{a}\"}], \"param_values\": ["
    "{\"name\": \"a\", \"references\": [{\"endpoint\": \"list\","
    " \"field\": \"a\"}]}, {\"name\": \"b\", \"references\":"
    " [{\"endpoint\": \"list\", \"field\": \"b\"}]}, {\"name\": \"c\","
    " \"references\": [{\"endpoint\": \"list\", \"field\": \"c\"}]}]},"
    " \"delete\": {\"volatile\": [\"s\", \"l.m.*\"]}}}]}";

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static struct connector *
read_connector(void)
{
	static struct connector *k;
	struct complaints complaints = { 0 };
	struct dsr_buffer text;
	struct dsr_error err;

	if (k != NULL)
		return k;
	dsr_buffer_init(&text, DSR_MAX_URL + sizeof(plants));
	require(dsr_buffer_puts(&text, plants, &err) == 0);
	require(connector_read(&k, "k.json", &text, &complaints, &err) == 0);
	complaints_fini(&complaints);
	return k;
}

/* Values of a match make the same address again. */
static void
check_made(const struct connector *k, const struct settings *settings,
    const struct endpoint *e, const struct values *found, const char *url)
{
	const struct scope scope = { k, settings, found, NULL, NULL, NULL };
	struct dsr_buffer made, recorded;
	const char *reason;
	struct dsr_error err;

	dsr_buffer_init(&made, 4 * DSR_MAX_URL);
	dsr_buffer_init(&recorded, 4 * DSR_MAX_URL);
	require(ask_address(&scope, e, e->requests.read, &made, &recorded,
	            &reason, &err) == 0);
	require(strcmp(dsr_buffer_str(&recorded), url) == 0);
	require(strncmp(url, "https://api.example.org/", 24) == 0);
	dsr_buffer_fini(&made);
	dsr_buffer_fini(&recorded);
}

static void
check_address(const struct connector *k, const char *url)
{
	static const struct settings settings;
	const struct endpoint *e = connector_endpoint(k, 1);
	struct values found = { NULL, 0 };
	struct dsr_error err;
	int result = erase_match(k, &settings, e, url, false, &found, &err);

	require(result >= 0);
	if (result == 1)
		check_made(k, &settings, e, &found, url);
	values_fini(&found);
	result = erase_match(k, &settings, e, url, true, &found, &err);
	require(result >= 0);
	values_fini(&found);
}

static void
check_texts(const struct connector *k, const char *a, const char *b)
{
	const struct dsr_list *paths =
	    &connector_endpoint(k, 1)->requests.erase->unstable;
	struct dsr_json *x = NULL, *y = NULL;
	struct dsr_error err;
	int same;

	if (dsr_json_parse(&x, a, strlen(a), false, &err) == 0 &&
	    dsr_json_parse(&y, b, strlen(b), false, &err) == 0) {
		same = erase_is_same(paths, dsr_json_root(x), a,
		    dsr_json_root(y), b, &err);
		require(same >= 0);
		require(erase_is_same(paths, dsr_json_root(y), b,
		            dsr_json_root(x), a, &err) == same);
	}
	dsr_json_free(x);
	dsr_json_free(y);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct connector *k = read_connector();
	char *text;

	if (size == 0 || size > 16384)
		return 0;
	/* two ends: the second text may be empty */
	text = calloc(1, size + 2);
	require(text != NULL);
	memcpy(text, data, size);
	if (text[0] == 'a')
		check_address(k, text + 1);
	else if (text[0] != '\0')
		check_texts(k, text + 1, text + 2 + strlen(text + 1));
	free(text);
	return 0;
}
