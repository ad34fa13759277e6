/* SPDX-License-Identifier: ISC */
/* Addresses: what may be asked, and what is written down of it. */
#include "../../collector/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../collector/fetch.h"
#include "../../collector/values.h"
#include "../support/faults.h"

static struct dsr_error err;

static void
judges_links(void **state)
{
	static const char *const hosts[] = { "api.example.org",
		"*.deep.example.net", NULL };
	static const char base[] = "https://api.example.org/v1/list?page=1";
	static const struct {
		const char *link;
		const char *wanted; /* NULL: foreign */
		const char *why;
	} rows[] = {
		{ "https://api.example.org/a?b=%3d%24c", "https://api.example.org/a?b=%3d%24c",
		    "byte for byte: lower-case hexadecimal stays" },
		{ "https://API.example.ORG/a", "https://API.example.ORG/a",
		    "case of the host does not matter" },
		{ "https://api.example.org:443/a",
		    "https://api.example.org:443/a", "the default port" },
		{ "https://x.deep.example.net/", "https://x.deep.example.net/",
		    "one label for the star" },
		{ "https://y.x.deep.example.net/",
		    "https://y.x.deep.example.net/", "two labels" },
		{ "https://api.example.org/a#part", "https://api.example.org/a",
		    "a fragment is not sent" },
		{ "/v1/list?page=2", "https://api.example.org/v1/list?page=2",
		    "relative to the host" },
		{ "?page=2", "https://api.example.org/v1/list?page=2",
		    "relative to the page" },
		{ "//api.example.org/x", "https://api.example.org/x",
		    "relative to the scheme" },
		{ "//evil.example.org/x", NULL, "the same, elsewhere" },
		{ "https://deep.example.net/", NULL,
		    "the star is at least one label" },
		{ "https://xdeep.example.net/", NULL, "no dot, no label" },
		{ "http://api.example.org/", NULL, "not https" },
		{ "HTTP://api.example.org/", NULL, "not https, in capitals" },
		{ "ftp://api.example.org/", NULL, "another scheme" },
		{ "file:///etc/passwd", NULL, "a file" },
		{ "javascript:alert(1)", NULL, "a script" },
		{ "https://api.example.org:444/", NULL, "another port" },
		{ "https://api.example.org@evil.example.org/", NULL,
		    "the host as a user" },
		{ "https://user@api.example.org/", NULL, "a user" },
		{ "https://user:word@api.example.org/", NULL, "a password" },
		{ "https://api.example.org.evil.org/", NULL, "a prefix" },
		{ "https://evil.org/api.example.org", NULL, "in the path" },
		{ "https://api.example.org\\@evil.org/", NULL,
		    "a backslash" },
		{ "https://api.example.org%2eevil.org/", NULL,
		    "an encoded host" },
		{ "https://127.0.0.1/", NULL, "an address" },
		{ "https://[::1]/", NULL, "an IPv6 address" },
		{ "https://api.example.org/../x", NULL, "dots" },
		{ "https://api.example.org/a/%2E%2e/x", NULL,
		    "dots, encoded" },
		{ "https://api.example.org/a b", NULL, "a space" },
		{ "https://api.example.org/\r\nX: y", NULL, "a new line" },
		{ "https:///x", NULL, "no host" },
		{ "https:///api.example.org/", NULL, "libcurl finds one" },
		{ "https://api.example.org:/a", "https://api.example.org:/a",
		    "an empty port is the default" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dsr_buffer out;
		enum link_verdict verdict;

		dsr_buffer_init(&out, 4096);
		verdict = link_judge(&out, rows[i].link, base, hosts, &err);
		if ((verdict == LINK_GOOD) != (rows[i].wanted != NULL) ||
		    (rows[i].wanted != NULL &&
		        strcmp(rows[i].wanted, dsr_buffer_str(&out)) != 0))
			fail_msg("%s: %s gave %d %s", rows[i].why,
			    rows[i].link, (int)verdict, dsr_buffer_str(&out));
		dsr_buffer_fini(&out);
	}
}

/* Nothing is good or foreign because there was no memory to look. (Of relative
 * links libcurl 7.88 itself does not tell.) */
static void
judges_nothing_without_memory(void **state)
{
	static const char *const hosts[] = { "api.example.org", NULL };
	static const struct {
		const char *link;
		enum link_verdict wanted;
	} rows[] = {
		{ "https://api.example.org/a", LINK_GOOD },
		{ "https://eve@api.example.org/a", LINK_FOREIGN },
		{ "https://:word@api.example.org/a", LINK_FOREIGN },
		{ "https://api.example.org:8443/a", LINK_FOREIGN },
	};
	enum link_verdict verdict;
	struct dsr_buffer out;
	bool refused = true;

	(void)state;
	if (!fail_allocation_after(-1))
		skip();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (int calls = 0; refused || calls == 0; calls++) {
			dsr_buffer_init(&out, 4096);
			err.code = DSR_OK;
			(void)fail_allocation_after(calls);
			verdict = link_judge(&out, rows[i].link,
			    "https://api.example.org/", hosts, &err);
			refused = allocation_has_failed();
			(void)fail_allocation_after(-1);
			dsr_buffer_fini(&out);
			if (verdict == LINK_FAILED
			        ? !refused || err.code != DSR_ENOMEM
			        : verdict != rows[i].wanted)
				fail_msg("%s, after %d calls: %d, %d",
				    rows[i].link, calls, (int)verdict,
				    (int)err.code);
		}
	}
}

static void
records_urls(void **state)
{
	static const char *const shown[] = { "api-version", "$top", NULL };
	static const struct {
		const char *url, *wanted;
	} rows[] = {
		{ "https://a.example.org/p", "https://a.example.org/p" },
		{ "https://a.example.org/p?api-version=1&sig=s3cret",
		    "https://a.example.org/p?api-version=1&sig=REDACTED" },
		{ "https://a.example.org/p?%24top=5&%24skiptoken=x",
		    "https://a.example.org/p?%24top=5&%24skiptoken=REDACTED" },
		{ "https://a.example.org/p?s3cret",
		    "https://a.example.org/p?REDACTED" },
		{ "https://a.example.org/p?a=#s3cret",
		    "https://a.example.org/p?a=REDACTED" },
		{ "https://a.example.org?x=y",
		    "https://a.example.org?x=REDACTED" },
		{ "https://u:s3cret@a.example.org/", "REDACTED" },
		{ "s3cret", "REDACTED" },
		{ "http://a.example.org/?s3cret", "REDACTED" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dsr_buffer out;

		dsr_buffer_init(&out, 4096);
		assert_int_equal(url_record(&out, rows[i].url, shown, &err),
		    0);
		assert_string_equal(dsr_buffer_str(&out), rows[i].wanted);
		assert_null(strstr(dsr_buffer_str(&out), "s3cret"));
		dsr_buffer_fini(&out);
	}
}

static void
encodes(void **state)
{
	static const struct {
		enum encoding how;
		const char *text, *wanted;
	} rows[] = {
		{ ENCODE_VALUE, "a-b.c_d~e", "a-b.c_d~e" },
		{ ENCODE_VALUE, "a/b c?d#e%", "a%2Fb%20c%3Fd%23e%25" },
		{ ENCODE_VALUE, "\xc3\xa9", "%C3%A9" },
		{ ENCODE_SLASHES, "a/b c", "a/b%20c" },
		{ ENCODE_QUERY, "$filter=a,b&c", "$filter%3Da,b%26c" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dsr_buffer out;

		dsr_buffer_init(&out, 4096);
		assert_int_equal(url_encode(&out, rows[i].text, rows[i].how,
		                     &err),
		    0);
		assert_string_equal(dsr_buffer_str(&out), rows[i].wanted);
		dsr_buffer_fini(&out);
	}
}

static void
dots_are_seen(void **state)
{
	static const char *const dotted[] = { "..", "/a/..", "/../b", "/./b",
		"/a/%2e%2E/b", "/a/.%2e", "/a/..?x" };
	static const char *const fine[] = { "/a/...", "/.a/b..", "/a%2eb",
		"/?x=/../", "/a#/../", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(dotted) / sizeof(dotted[0]); i++)
		if (!path_has_dots(dotted[i]))
			fail_msg("%s", dotted[i]);
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		if (path_has_dots(fine[i]))
			fail_msg("%s", fine[i]);
}

static void
private_addresses_are_known(void **state)
{
	static const char *const private[] = { "127.0.0.1", "127.255.0.1",
		"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
		"169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
		"255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::",
		"fe80::1", "fc00::1", "fd12::1", "ff02::1",
		"::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
		"2002:7f00:1::", "2001:db8::1", "2001::1", "no address" };
	static const char *const public[] = { "8.8.8.8", "172.32.0.1",
		"172.15.0.1", "192.169.0.1", "100.128.0.1", "2a00:1450::1",
		"2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808" };

	(void)state;
	for (size_t i = 0; i < sizeof(private) / sizeof(private[0]); i++)
		if (address_text_is_public(private[i]))
			fail_msg("%s", private[i]);
	for (size_t i = 0; i < sizeof(public) / sizeof(public[0]); i++)
		if (!address_text_is_public(public[i]))
			fail_msg("%s", public[i]);
}

/* One placeholder of each kind, and values that want to get out. */
static void
expands_safely(void **state)
{
	static const struct {
		const char *value;
		enum part_kind part;
		enum expansion how;
		const char *wanted; /* NULL: refused */
	} rows[] = {
		{ "a b/c", PART_VALUE, EXPAND_PATH, "/x/a%20b%2Fc" },
		{ "a b/c", PART_WITH_SLASHES, EXPAND_PATH, "/x/a%20b/c" },
		{ "..", PART_VALUE, EXPAND_PATH, NULL },
		{ ".", PART_VALUE, EXPAND_PATH, NULL },
		{ "a/../b", PART_WITH_SLASHES, EXPAND_PATH, NULL },
		{ "../../b", PART_VALUE, EXPAND_PATH, "/x/..%2F..%2Fb" },
		{ "%2e%2e", PART_VALUE, EXPAND_PATH, "/x/%252e%252e" },
		{ "", PART_VALUE, EXPAND_PATH, NULL },
		{ "a\nb", PART_VALUE, EXPAND_PATH, NULL },
		{ "@evil.org", PART_VALUE, EXPAND_PATH, "/x/%40evil.org" },
		{ "a&b=c", PART_VALUE, EXPAND_QUERY, "%2Fx%2Fa%26b%3Dc" },
		{ "", PART_VALUE, EXPAND_QUERY, "%2Fx%2F" },
		{ "a\r\nX: y", PART_VALUE, EXPAND_HEADER, NULL },
		{ "\xc3\xa9", PART_VALUE, EXPAND_HEADER, NULL },
	};
	const struct connector k = { .arena = NULL };
	const struct settings settings = { { NULL, 0 }, { NULL, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct part parts[] = { { PART_TEXT, "/x/" },
			{ rows[i].part, "name" } };
		const struct template t = { NULL, "", parts, 2 };
		struct values values = { NULL, 0 };
		struct scope scope = { &k, &settings, &values, NULL, NULL,
			NULL };
		struct dsr_buffer out;
		const char *reason = NULL;
		int got;

		dsr_buffer_init(&out, 4096);
		assert_int_equal(values_add(&values, "name", rows[i].value,
		                     false, &err),
		    0);
		got = scope_expand(&scope, &t, rows[i].how, &out, &reason,
		    &err);
		assert_int_equal(got, rows[i].wanted == NULL);
		if (rows[i].wanted == NULL)
			assert_string_equal(reason, "unsafe-value");
		else if (rows[i].how == EXPAND_PATH)
			assert_string_equal(dsr_buffer_str(&out),
			    rows[i].wanted);
		dsr_buffer_fini(&out);
		values_fini(&values);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_links),
		cmocka_unit_test(judges_nothing_without_memory),
		cmocka_unit_test(records_urls),
		cmocka_unit_test(encodes),
		cmocka_unit_test(dots_are_seen),
		cmocka_unit_test(private_addresses_are_known),
		cmocka_unit_test(expands_safely),
	};

	return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
