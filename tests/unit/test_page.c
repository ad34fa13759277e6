/* SPDX-License-Identifier: ISC */
/*
 * Every way of paging: what follows from an answer, and the request it makes.
 * docs/CONNECTORS.md section 8.1.
 */
#include "../../collector/collection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/faults.h"
#include "../support/scratch.h"

#define PLENTY 1000 /* more than a small answer asks for memory */

static struct dsr_error err;

#define OK(call)                                                              \
	do {                                                                  \
		if ((call) != 0)                                              \
			fail_msg("%s: %s", #call, err.msg);                   \
	} while (0)

static const char *hosts[] = { "api.example.org", NULL };
static const char **credential_hosts[] = { hosts, NULL };

/* One endpoint "list" of a connector with this pagination, and a case. */
struct fixture {
	struct collection c;
	struct job j;
};

static void
open_fixture(struct fixture *f, const char *method, const char *pagination,
    const char *more)
{
	static int count;
	struct complaints complaints = { 0 };
	struct dsr_buffer text;
	char path[32];

	(void)memset(f, 0, sizeof(*f));
	dsr_buffer_init(&text, 1 << 20);
	OK(dsr_buffer_printf(&text, &err,
	    "{\"connector\": {\"key\": \"plants\", \"name\": \"Plants\","
	    " \"version\": \"1\", \"description\": \"d\"},"
	    " \"hosts\": [\"api.example.org\"],"
	    " \"authentication\": {\"strategy\": \"none\"},"
	    " \"endpoints\": [{\"name\": \"list\", \"description\": \"d\","
	    " \"category\": \"content\", \"requests\": {\"read\":"
	    " {\"method\": \"%s\", \"host\": \"api.example.org\","
	    " \"path\": \"/v1/list\", \"data_path\": \"value\","
	    " \"primary_key\": \"id\", \"query_params\":"
	    " [{\"name\": \"q\", \"value\": \"a b\"}],"
	    " \"pagination\": %s%s}}}]}", method, pagination, more));
	if (connector_read(&f->c.k, "test", &text, &complaints, &err) != 0)
		fail_msg("%s", err.msg);
	complaints_fini(&complaints);
	(void)snprintf(path, sizeof(path), "page-%d", count++);
	OK(dsr_case_create(&f->c.store, path, &err));
	OK(dsr_case_begin(f->c.store, &err));
	f->c.hosts = hosts;
	f->c.content_hosts = hosts;
	f->c.credential_hosts = credential_hosts;
	f->c.in_transaction = true;
	f->j.c = &f->c;
	f->j.task = 1;
	f->j.request = connector_endpoint(f->c.k, 0)->requests.read;
	dsr_buffer_init(&f->j.url, 1 << 20);
	dsr_buffer_init(&f->j.recorded, 1 << 20);
	dsr_buffer_init(&f->j.body, 1 << 20);
	OK(fetch_init(&f->j.fetch, &err));
}

/* Gives the job an answer: a body, and lines of headers. */
static void
give_answer(struct fixture *f, const char *body, const char *headers)
{
	const struct request *q =
	    connector_endpoint(f->c.k, 0)->requests.read;
	const struct dsr_json_value *value;
	struct page *p = &f->j.page;

	page_fini(p);
	dsr_buffer_init(&p->body, 1 << 20);
	OK(dsr_buffer_puts(&p->body, body, &err));
	OK(dsr_json_parse(&p->json, p->body.data, p->body.len, false, &err));
	value = dsr_json_get(dsr_json_root(p->json), "value");
	p->first = dsr_json_first(value);
	p->items = dsr_json_count(value);
	dsr_buffer_reset(&f->j.fetch.lines);
	OK(dsr_buffer_puts(&f->j.fetch.lines, headers, &err));
	OK(page_header(&p->link, &f->j.fetch, pagination_of(f->c.k, q), &err));
}

static void
close_fixture(struct fixture *f)
{
	page_fini(&f->j.page);
	fetch_fini(&f->j.fetch);
	free(f->j.next);
	dsr_buffer_fini(&f->j.url);
	dsr_buffer_fini(&f->j.recorded);
	dsr_buffer_fini(&f->j.body);
	OK(dsr_case_commit(f->c.store, &err));
	dsr_case_free(f->c.store);
	connector_free(f->c.k);
	for (size_t i = 0; i < f->c.host_count; i++) {
		free(f->c.host_list[i]->name);
		free(f->c.host_list[i]);
	}
	free(f->c.host_list);
}

#define PAGING(strategy, configuration)                                       \
	"{\"strategy\": \"" strategy "\", \"configuration\": {"               \
	    configuration "}}"
#define ITEMS "\"value\": [{\"id\": \"a\"}, {\"id\": \"b\"}]"
#define LINK "https://api.example.org/v1/list?t=%3d"

/* One answer, and what follows from it. */
static const struct {
	const char *pagination, *body, *headers, *before;
	int end;
	const char *wanted; /* next, or the reason */
} answers[] = {
	{ PAGING("none", ""), "{" ITEMS "}", "", NULL, PAGE_LAST,
	    NULL },
	/* links */
	{ PAGING("link", "\"path\": \"next\""),
	    "{" ITEMS ", \"next\": \"" LINK "\"}", "", NULL,
	    PAGE_MORE, LINK },
	{ PAGING("link", "\"path\": [\"@odata.nextLink\"]"),
	    "{" ITEMS ", \"@odata.nextLink\": \"" LINK "\"}", "",
	    NULL, PAGE_MORE, LINK },
	{ PAGING("link", "\"path\": \"next\""),
	    "{\"value\": [], \"next\": \"" LINK "\"}", "", NULL,
	    PAGE_MORE, LINK },
	{ PAGING("link", "\"path\": \"next\","
	         " \"stop_after_empty_page\": true"),
	    "{\"value\": [], \"next\": \"" LINK "\"}", "", NULL,
	    PAGE_LAST, NULL },
	{ PAGING("link", "\"path\": \"next\""),
	    "{" ITEMS ", \"next\": null}", "", NULL, PAGE_LAST, NULL },
	{ PAGING("link", "\"path\": \"next\""),
	    "{" ITEMS ", \"next\": \"\"}", "", NULL, PAGE_LAST, NULL },
	{ PAGING("link", "\"path\": \"next\""), "{" ITEMS "}", "",
	    NULL, PAGE_LAST, NULL },
	{ PAGING("link", "\"path\": \"next\""),
	    "{" ITEMS ", \"next\": {\"a\": 1}}", "", NULL,
	    PAGE_BROKEN, "unexpected-shape" },
	{ PAGING("link", "\"path\": \"next\""),
	    "{" ITEMS ", \"next\": \"https://x.example.com/\"}", "",
	    NULL, PAGE_BROKEN, "foreign-link" },
	{ PAGING("link", "\"path\": \"next\""),
	    "{" ITEMS ", \"next\": \"?t=2\"}", "", NULL, PAGE_MORE,
	    "https://api.example.org/v1/list?t=2" },
	{ PAGING("link", "\"path\": \"next\", \"maximum_page\": 1"),
	    "{" ITEMS ", \"next\": \"" LINK "\"}", "", NULL,
	    PAGE_BROKEN, "page-limit" },
	/* Link headers: RFC 8288 */
	{ PAGING("link", "\"source\": \"header\""), "{" ITEMS "}",
	    "link: <" LINK ">; rel=\"next\"\n", NULL, PAGE_MORE,
	    LINK },
	{ PAGING("link", "\"source\": \"header\""), "{" ITEMS "}",
	    "link: <https://api.example.org/a,b>; rel=\"last\", <" LINK
	    ">; title=\"x, y\"; rel=\"prev next\"\n",
	    NULL, PAGE_MORE, LINK },
	{ PAGING("link", "\"source\": \"header\""), "{" ITEMS "}",
	    "date: x\nlink: <" LINK ">; rel=prev\nlink: <" LINK
	    ">; rel=next\n", NULL, PAGE_MORE, LINK },
	{ PAGING("link", "\"source\": \"header\""), "{" ITEMS "}",
	    "link: <" LINK ">; rel=\"nextish\"\n", NULL, PAGE_LAST,
	    NULL },
	{ PAGING("link", "\"source\": \"header\""), "{" ITEMS "}",
	    "link: <broken\n", NULL, PAGE_LAST, NULL },
	/* cursors */
	{ PAGING("cursor", "\"path\": \"m.c\", \"param\": \"cursor\""),
	    "{" ITEMS ", \"m\": {\"c\": \"x=/+\"}}", "", NULL,
	    PAGE_MORE, "x=/+" },
	{ PAGING("cursor", "\"path\": \"c\", \"param\": \"cursor\""),
	    "{" ITEMS ", \"c\": 17}", "", NULL, PAGE_MORE, "17" },
	{ PAGING("cursor", "\"path\": \"c\", \"param\": \"cursor\","
	         " \"has_more_path\": \"more\""),
	    "{" ITEMS ", \"c\": \"x\", \"more\": false}", "", NULL,
	    PAGE_LAST, NULL },
	{ PAGING("cursor", "\"path\": \"c\", \"param\": \"cursor\","
	         " \"has_more_path\": \"more\""),
	    "{" ITEMS ", \"more\": true}", "", NULL, PAGE_BROKEN,
	    "page-link-missing" },
	{ PAGING("cursor", "\"source\": \"header\", \"header\":"
	         " \"X-Ms-Continuation\", \"param\": \"cursor\""),
	    "{" ITEMS "}", "x-ms-continuation: abc\n", NULL,
	    PAGE_MORE, "abc" },
	/* counters */
	{ PAGING("offset", "\"offset_param\": \"skip\""),
	    "{" ITEMS "}", "", NULL, PAGE_MORE, "2" },
	{ PAGING("offset", "\"offset_param\": \"skip\""),
	    "{" ITEMS "}", "", "40", PAGE_MORE, "42" },
	{ PAGING("offset", "\"offset_param\": \"skip\""),
	    "{\"value\": []}", "", "40", PAGE_LAST, NULL },
	{ PAGING("offset", "\"offset_param\": \"skip\","
	         " \"total_path\": \"total\""),
	    "{" ITEMS ", \"total\": 42}", "", "40", PAGE_LAST, NULL },
	{ PAGING("page_number", "\"page_param\": \"page\""),
	    "{" ITEMS "}", "", NULL, PAGE_MORE, "2" },
	{ PAGING("page_number", "\"page_param\": \"page\","
	         " \"base_page\": 0, \"total_pages_path\": \"pages\""),
	    "{" ITEMS ", \"pages\": 2}", "", NULL, PAGE_MORE, "1" },
	{ PAGING("page_number", "\"page_param\": \"page\","
	         " \"base_page\": 0, \"total_pages_path\": \"pages\""),
	    "{" ITEMS ", \"pages\": 2}", "", "1", PAGE_LAST, NULL },
	{ PAGING("page_number", "\"page_param\": \"page\""),
	    "{\"value\": []}", "", "3", PAGE_LAST, NULL },
	{ PAGING("keyset", "\"field\": \"id\", \"param\": \"after\""),
	    "{" ITEMS "}", "", NULL, PAGE_MORE, "b" },
	{ PAGING("keyset", "\"field\": \"key\", \"param\": \"after\""),
	    "{" ITEMS "}", "", NULL, PAGE_BROKEN,
	    "page-link-missing" },
	{ PAGING("keyset", "\"field\": \"id\", \"param\": \"after\","
	         " \"has_more_path\": \"more\""),
	    "{" ITEMS ", \"more\": false}", "", NULL, PAGE_LAST,
	    NULL },
};

/* The fixture of one of them, whose answer has come. */
static void
open_answer(struct fixture *f, size_t i)
{
	open_fixture(f, "GET", answers[i].pagination, "");
	OK(dsr_buffer_puts(&f->j.url,
	    "https://api.example.org/v1/list?q=a%20b", &err));
	if (answers[i].before != NULL)
		f->j.next = strdup(answers[i].before);
	give_answer(f, answers[i].body, answers[i].headers);
}

static void
the_next_page(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct fixture f;
		const char *reason = NULL;
		char *next = NULL;
		int end;

		open_answer(&f, i);
		end = page_next(&f.j, &next, &reason, &err);
		if (end != answers[i].end ||
		    (end == PAGE_MORE && strcmp(next, answers[i].wanted) != 0) ||
		    (end == PAGE_BROKEN &&
		        strcmp(reason, answers[i].wanted) != 0))
			fail_msg("%s with %s%s: %d %s %s", answers[i].pagination,
			    answers[i].body, answers[i].headers, end,
			    next != NULL ? next : "-",
			    reason != NULL ? reason : "-");
		free(next);
		close_fixture(&f);
	}
}

/* What is asked for, first and then with "next". */
static void
the_next_request(void **state)
{
	static const struct {
		const char *method, *pagination, *more;
		const char *first, *next;
		const char *second, *header, *body;
	} rows[] = {
		{ "GET", PAGING("link", "\"path\": \"next\""), "",
		    "/v1/list?q=a%20b", LINK, "/v1/list?t=%3d", NULL, "" },
		{ "GET", PAGING("cursor", "\"path\": \"c\", \"param\": \"c\""),
		    "", "/v1/list?q=a%20b", "x=/+",
		    "/v1/list?q=a%20b&c=x%3D%2F%2B", NULL, "" },
		{ "GET", PAGING("cursor", "\"path\": \"c\", \"param\": \"q\""),
		    "", "/v1/list?q=a%20b", "x", "/v1/list?q=x", NULL, "" },
		{ "GET", PAGING("cursor", "\"path\": \"c\", \"param\":"
		                " \"X-Cursor\", \"inject_into\": \"header\""),
		    "", "/v1/list?q=a%20b", "x", "/v1/list?q=a%20b",
		    "X-Cursor: x", "" },
		{ "GET", PAGING("cursor", "\"path\": \"c\", \"inject_into\":"
		                " \"path\", \"next_path\": \"/v1/go/{cursor}\""),
		    "", "/v1/list?q=a%20b", "a/b", "/v1/go/a%2Fb?q=a%20b",
		    NULL, "" },
		{ "POST", PAGING("cursor", "\"path\": \"c\", \"param\": \"c\","
		                 " \"inject_into\": \"body\""),
		    ", \"body\": {\"top\": 5, \"c\": \"old\"}",
		    "/v1/list?q=a%20b", "x\"y", "/v1/list?q=a%20b", NULL,
		    "{\"top\":5,\"c\":\"x\\\"y\"}" },
		{ "POST", PAGING("cursor", "\"path\": \"c\", \"param\": \"c\","
		                 " \"inject_into\": \"body\", \"next_path\":"
		                 " \"/v1/list/continue\""),
		    ", \"body\": {\"top\": 5}", "/v1/list?q=a%20b", "x",
		    "/v1/list/continue?q=a%20b", NULL, "{\"c\":\"x\"}" },
		{ "POST", PAGING("link", "\"path\": \"next\""),
		    ", \"body\": {\"top\": 5}", "/v1/list?q=a%20b", LINK,
		    "/v1/list?t=%3d", NULL, "{\"top\": 5}" },
		{ "GET", PAGING("offset", "\"offset_param\": \"skip\","
		                " \"limit_param\": \"top\", \"limit\": 50"),
		    "", "/v1/list?q=a%20b&top=50&skip=0", "50",
		    "/v1/list?q=a%20b&top=50&skip=50", NULL, "" },
		{ "GET", PAGING("page_number", "\"page_param\": \"page\""), "",
		    "/v1/list?q=a%20b&page=1", "2", "/v1/list?q=a%20b&page=2",
		    NULL, "" },
		{ "GET", PAGING("keyset", "\"field\": \"id\", \"param\":"
		                " \"after\""),
		    "", "/v1/list?q=a%20b", "b", "/v1/list?q=a%20b&after=b",
		    NULL, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture f;
		const char *reason = NULL;
		bool has_header = rows[i].header == NULL;

		open_fixture(&f, rows[i].method, rows[i].pagination,
		    rows[i].more);
		OK(ask_prepare(&f.j, &reason, &err));
		assert_string_equal(dsr_buffer_str(&f.j.url) +
		        strlen("https://api.example.org"), rows[i].first);
		f.j.next = strdup(rows[i].next);
		f.j.page_number = 1;
		OK(ask_prepare(&f.j, &reason, &err));
		assert_string_equal(dsr_buffer_str(&f.j.url) +
		        strlen("https://api.example.org"), rows[i].second);
		assert_string_equal(dsr_buffer_str(&f.j.body), rows[i].body);
		for (struct curl_slist *h = f.j.fetch.headers; h != NULL;
		     h = h->next)
			has_header = has_header ||
			    strcmp(h->data, rows[i].header) == 0;
		assert_true(has_header);
		close_fixture(&f);
	}
}

/* Pages that go in circles, page after page, until it is noticed. */
static void
circles_end(void **state)
{
	static const struct {
		const char *before, *after; /* the number of the page */
		int most; /* pages until it must be noticed */
	} rows[] = {
		{ "{\"value\": [{\"id\": ", "}], \"next\": \"?p=same\"}", 2 },
		{ "{\"value\": [{\"id\": 1}], \"next\": \"?p=", "\"}", 2 },
		{ "{\"value\": [], \"next\": \"?p=1&p=2\", \"at\": ", "}",
		    2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture f;
		const char *reason = NULL;
		int end = PAGE_MORE, page = 0;

		open_fixture(&f, "GET", PAGING("link", "\"path\": \"next\""),
		    "");
		while (end == PAGE_MORE && page < 10) {
			char body[256];
			char *next = NULL;

			OK(ask_prepare(&f.j, &reason, &err));
			(void)snprintf(body, sizeof(body), "%s%d%s",
			    rows[i].before, page++, rows[i].after);
			give_answer(&f, body, "");
			end = page_next(&f.j, &next, &reason, &err);
			free(f.j.next);
			f.j.next = next;
			f.j.page_number++;
		}
		assert_int_equal(end, PAGE_BROKEN);
		assert_string_equal(reason, "page-repeats");
		assert_true(page <= rows[i].most);
		close_fixture(&f);
	}
}

/* What follows from an answer when so many calls for memory are answered. */
static int
follow(struct fixture *f, int calls, char **next, bool *refused)
{
	struct page *p = &f->j.page;
	const struct pagination *way = pagination_of(f->c.k,
	    connector_endpoint(f->c.k, 0)->requests.read);
	const char *reason;
	int end = -1;

	*next = NULL;
	free(p->link);
	f->j.task++; /* no mark of the time before */
	/* SQLite may have ended the one for which it lacked memory */
	(void)dsr_case_begin(f->c.store, &err);
	(void)fail_allocation_after(calls);
	if (page_header(&p->link, &f->j.fetch, way, &err) == 0)
		end = page_next(&f->j, next, &reason, &err);
	if (end >= 0 && page_check(&f->j, end, &reason, &err) != 0)
		end = -1;
	*refused = allocation_has_failed();
	(void)fail_allocation_after(-1);
	return end;
}

/* Memory that is refused is no end of a list, and no other way to go on. */
static void
memory_says_nothing_of_the_next_page(void **state)
{
	(void)state;
	if (!fail_allocation_after(-1))
		skip();
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct fixture f;
		char *next = NULL;
		bool refused = true;
		int end = -1;

		open_answer(&f, i);
		f.j.page.in_array = true;
		for (int calls = 0; refused && calls < PLENTY; calls++) {
			free(next);
			end = follow(&f, calls, &next, &refused);
			if (refused && (end != -1 || err.code != DSR_ENOMEM))
				fail_msg("%s, after %d calls: %d",
				    answers[i].body, calls, end);
		}
		assert_false(refused);
		assert_int_equal(end, answers[i].end);
		free(next);
		close_fixture(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_page),
		cmocka_unit_test(the_next_request),
		cmocka_unit_test(circles_end),
		cmocka_unit_test(memory_says_nothing_of_the_next_page),
	};

	assert_true(fetch_memory_start());
	return cmocka_run_group_tests_name("page", tests, scratch_enter,
	    scratch_leave);
}
