/* SPDX-License-Identifier: ISC */
/*
 * loop PORT CA-FILE TOKEN-FILE CONCURRENCY <URLS: gets each address once with
 * nothing but libcurl's multi interface, and throws the bodies away: the floor
 * that dossier collect is compared with. Prints requests, failures, seconds.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct curl_slist *token, *connect_to;
static const char *ca_file;
static char line[65536];
static CURLM *multi;

static size_t
drop(char *data, size_t size, size_t count, void *ctx)
{
	(void)data;
	(void)ctx;
	return size * count;
}

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static CURL *
make_easy(void)
{
	CURL *e = curl_easy_init();

	(void)curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, drop);
	(void)curl_easy_setopt(e, CURLOPT_CONNECT_TO, connect_to);
	(void)curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
	(void)curl_easy_setopt(e, CURLOPT_CAINFO, ca_file);
	(void)curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L);
	return e;
}

/* Gives the handle the next address; 0 when there is none. Blob storage wants
 * no token. */
static int
start(CURL *e)
{
	if (fgets(line, sizeof(line), stdin) == NULL)
		return 0;
	line[strcspn(line, "\n")] = '\0';
	(void)curl_easy_setopt(e, CURLOPT_HTTPHEADER,
	    strstr(line, "blob.core") != NULL ? NULL : token);
	(void)curl_easy_setopt(e, CURLOPT_URL, line);
	return curl_multi_add_handle(multi, e) == CURLM_OK;
}

int
main(int argc, char **argv)
{
	char text[8192];
	long concurrency, done = 0, failed = 0, status;
	int running = 0, left;
	FILE *file;
	double began;
	CURLMsg *m;

	if (argc != 5 || (file = fopen(argv[3], "re")) == NULL ||
	    fgets(line, 4096, file) == NULL)
		return 2;
	(void)fclose(file);
	line[strcspn(line, "\n")] = '\0';
	(void)snprintf(text, sizeof(text), "Authorization: Bearer %.4096s",
	    line);
	token = curl_slist_append(NULL, text);
	(void)snprintf(text, sizeof(text), "::127.0.0.1:%.10s", argv[1]);
	connect_to = curl_slist_append(NULL, text);
	ca_file = argv[2];
	concurrency = strtol(argv[4], NULL, 10);
	multi = curl_multi_init();
	(void)curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 4 * concurrency);
	began = now();
	for (long i = 0; i < concurrency; i++)
		running += start(make_easy());
	while (running > 0) {
		(void)curl_multi_perform(multi, &running);
		while ((m = curl_multi_info_read(multi, &left)) != NULL) {
			CURL *e = m->easy_handle;

			status = 0;
			(void)curl_easy_getinfo(e, CURLINFO_RESPONSE_CODE,
			    &status);
			failed += m->data.result != CURLE_OK || status >= 400;
			done++;
			(void)curl_multi_remove_handle(multi, e);
			running += start(e);
		}
		if (running > 0)
			(void)curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	(void)printf("%ld %ld %.3f\n", done, failed, now() - began);
	return 0;
}
