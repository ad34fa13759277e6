/* SPDX-License-Identifier: ISC */
/* The HTML writer: whatever comes from outside stays text. */
#include "dossier/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST 1000000 /* bytes of a page in these tests */

struct page {
	struct dsr_buffer out;
	struct dsr_html *h;
	struct dsr_error err;
};

static void
begin(struct page *p, size_t max)
{
	memset(p, 0, sizeof(*p));
	dsr_buffer_init(&p->out, max);
	assert_int_equal(dsr_html_new(&p->h, &p->out, &p->err), 0);
}

static int
finish(struct page *p)
{
	return dsr_html_finish(p->h, &p->err);
}

static void
end(struct page *p)
{
	dsr_html_free(p->h);
	dsr_buffer_fini(&p->out);
}

static const struct {
	const char *text;
	size_t len;
	const char *wanted; /* inside <bdi> */
	const char *why;
} foreign[] = {
	{ "plain", 5, "plain", "plain" },
	{ "<script>alert(1)</script>", 25,
	    "&lt;script&gt;alert(1)&lt;/script&gt;", "markup" },
	{ "\" onload='x'", 12, "&quot; onload=&#39;x&#39;",
	    "both quotes: it could stand in an attribute" },
	{ "&lt;", 4, "&amp;lt;", "a reference is text too" },
	{ "a\0b", 3, "a\\x00b", "NUL" },
	{ "a\x1b[2Jb", 6, "a\\x1b[2Jb", "C0: a terminal's escape" },
	{ "\xc2\x9b", 2, "\\u009b", "C1" },
	{ "\xe2\x80\xaegpj", 6, "\\u202egpj", "bidi override" },
	{ "\xe2\x81\xa6x", 4, "\\u2066x", "bidi isolate" },
	{ "\xe2\x80\x8b", 3, "\\u200b", "invisible" },
	{ "\xff\xfe", 2, "\\xff\\xfe", "not UTF-8" },
	{ "\xc0\xbc", 2, "\\xc0\\xbc", "overlong <" },
	{ "\xed\xa0\x80", 3, "\\xed\\xa0\\x80", "a surrogate" },
	{ "\xe2\x82", 2, "\\xe2\\x82", "cut in the middle of a character" },
	{ "Zo\xc3\xab", 4, "Zo\xc3\xab", "letters beyond ASCII" },
	{ "a\nb", 3, "a\\x0ab", "a newline, where lines do not matter" },
	{ "+ADw-script+AD4-", 16, "+ADw-script+AD4-", "UTF-7" },
};

static void
foreign_text_stays_text(void **state)
{
	struct page p;
	char wanted[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		begin(&p, MOST);
		dsr_html_open(p.h, "p");
		dsr_html_foreign(p.h, foreign[i].text, foreign[i].len);
		dsr_html_close(p.h, "p");
		assert_int_equal(finish(&p), 0);
		(void)snprintf(wanted, sizeof(wanted), "\n<p><bdi>%s</bdi></p>\n",
		    foreign[i].wanted);
		if (strcmp(dsr_buffer_str(&p.out), wanted) != 0)
			fail_msg("row %zu (%s): %s", i, foreign[i].why,
			    dsr_buffer_str(&p.out));
		end(&p);
	}
}

/* Every byte, alone and twice, as text and as an attribute. */
static void
no_byte_becomes_markup(void **state)
{
	struct page p;
	char text[3] = "";
	const char *s;
	unsigned int c;

	(void)state;
	for (c = 1; c < 256; c++) {
		begin(&p, MOST);
		text[0] = text[1] = (char)c;
		dsr_html_open(p.h, "p");
		dsr_html_attr(p.h, "class", text);
		dsr_html_foreign(p.h, text, 2);
		dsr_html_close(p.h, "p");
		assert_int_equal(finish(&p), 0);
		s = strstr(dsr_buffer_str(&p.out), "<bdi>") + 5;
		*strstr((char *)p.out.data, "</bdi>") = '\0';
		assert_null(strpbrk(s, "<>\"'"));
		s = strstr(dsr_buffer_str(&p.out), "class=\"") + 7;
		assert_null(memchr(s, '<', strcspn(s, "\"")));
		assert_int_equal(s[strcspn(s, "\"") + 1], '>');
		end(&p);
	}
}

static void
lines_break_and_nothing_is_empty(void **state)
{
	struct page p;

	(void)state;
	begin(&p, MOST);
	dsr_html_open(p.h, "p");
	dsr_html_foreign_lines(p.h, "a\n<b>", 5);
	dsr_html_foreign(p.h, NULL, 0);
	dsr_html_foreign(p.h, "", 0);
	dsr_html_text(p.h, NULL);
	dsr_html_close(p.h, "p");
	assert_int_equal(finish(&p), 0);
	assert_string_equal(dsr_buffer_str(&p.out),
	    "\n<p><bdi>a<br>&lt;b&gt;</bdi></p>\n");
	end(&p);
}

static void
an_attribute_may_have_no_value(void **state)
{
	struct page p;

	(void)state;
	begin(&p, MOST);
	dsr_html_open(p.h, "details");
	dsr_html_attr(p.h, "open", NULL);
	dsr_html_attr(p.h, "class", "");
	dsr_html_close(p.h, "details");
	assert_int_equal(finish(&p), 0);
	assert_string_equal(dsr_buffer_str(&p.out),
	    "\n<details open class=\"\"></details>\n");
	end(&p);
}

static void
title_holds_no_markup(void **state)
{
	struct page p;

	(void)state;
	begin(&p, MOST);
	dsr_html_open(p.h, "title");
	dsr_html_foreign(p.h, "</title><script>", 16);
	dsr_html_close(p.h, "title");
	assert_int_equal(finish(&p), 0);
	assert_string_equal(dsr_buffer_str(&p.out),
	    "\n<title>&lt;/title&gt;&lt;script&gt;</title>\n");
	end(&p);
}

/* As translations do it: values in another order. */
static const char *const sentences[][2] = {
	{ "%s & %s", "<bdi>&lt;1&gt;</bdi> &amp; <bdi>%s</bdi>" },
	{ "%2$s, %1$s", "<bdi>%s</bdi>, <bdi>&lt;1&gt;</bdi>" },
	{ "%2$s", "<bdi>%s</bdi>" },
	{ "none <b>", "none &lt;b&gt;" },
	{ "%d %9$s %%", "%d %9$s %%" },
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void
sentences_take_values(void **state)
{
	struct page p;
	char wanted[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		begin(&p, MOST);
		dsr_html_open(p.h, "p");
		dsr_html_format(p.h, sentences[i][0], "<1>", "%s");
		dsr_html_close(p.h, "p");
		assert_int_equal(finish(&p), 0);
		(void)snprintf(wanted, sizeof(wanted), "\n<p>%s</p>\n",
		    sentences[i][1]);
		assert_string_equal(dsr_buffer_str(&p.out), wanted);
		end(&p);
	}
}
#pragma GCC diagnostic pop

/* What a caller could do wrong: each ends in DSR_EBUG. */
static void open_script(struct dsr_html *h) { dsr_html_open(h, "script"); }
static void open_style(struct dsr_html *h) { dsr_html_open(h, "style"); }
static void open_image(struct dsr_html *h) { dsr_html_open(h, "img"); }
static void close_nothing(struct dsr_html *h) { dsr_html_close(h, "p"); }

static void
close_another(struct dsr_html *h)
{
	dsr_html_open(h, "p");
	dsr_html_close(h, "div");
}

static void
leave_open(struct dsr_html *h)
{
	dsr_html_open(h, "p");
}

static void
attribute_late(struct dsr_html *h)
{
	dsr_html_open(h, "p");
	dsr_html_text(h, "x");
	dsr_html_attr(h, "class", "y");
}

static void
set_source(struct dsr_html *h)
{
	dsr_html_open(h, "p");
	dsr_html_attr(h, "src", "x");
}

static void
set_handler(struct dsr_html *h)
{
	dsr_html_open(h, "p");
	dsr_html_attr(h, "onclick", "x");
}

static void
set_link(struct dsr_html *h)
{
	dsr_html_open(h, "a");
	dsr_html_attr(h, "href", "x");
}

static void
link_away(struct dsr_html *h)
{
	dsr_html_open_member(h, "https://example.org/");
}

static void
link_up(struct dsr_html *h)
{
	dsr_html_open_member(h, "data/../../etc/passwd");
}

static void
link_beside(struct dsr_html *h)
{
	dsr_html_open_member(h, "keys/seal.pub");
}

static void
anchor_markup(struct dsr_html *h)
{
	dsr_html_open_anchor(h, "\"><script>");
}

static void
nest_deep(struct dsr_html *h)
{
	int i;

	for (i = 0; i < 1000; i++)
		dsr_html_open(h, "div");
}

static const struct {
	void (*mistake)(struct dsr_html *h);
	const char *why;
} mistakes[] = {
	{ open_script, "an element that is not on the list" },
	{ open_style, "only dsr_html_head writes a style" },
	{ open_image, "an element that loads something" },
	{ close_nothing, "nothing is open" },
	{ close_another, "another element is open" },
	{ leave_open, "still open at the end" },
	{ attribute_late, "an attribute after the start tag" },
	{ set_source, "src" },
	{ set_handler, "a handler" },
	{ set_link, "href has functions of its own" },
	{ link_away, "a link to elsewhere" },
	{ link_up, "a path that climbs" },
	{ link_beside, "a member that is no document" },
	{ anchor_markup, "an anchor that is none" },
	{ nest_deep, "deeper than the stack" },
};

static void
mistakes_are_latched(void **state)
{
	struct page p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		begin(&p, MOST);
		mistakes[i].mistake(p.h);
		if (finish(&p) != -1 || p.err.code != DSR_EBUG)
			fail_msg("row %zu (%s)", i, mistakes[i].why);
		assert_null(strstr(dsr_buffer_str(&p.out), "script"));
		end(&p);
	}
}

static void
a_full_buffer_is_told(void **state)
{
	struct page p;
	int i;

	(void)state;
	begin(&p, 100);
	dsr_html_open(p.h, "p");
	for (i = 0; i < 100; i++)
		dsr_html_text(p.h, "0123456789");
	dsr_html_close(p.h, "p");
	assert_int_equal(finish(&p), -1);
	assert_int_equal(p.err.code, DSR_ELIMIT);
	assert_true(p.out.len <= 100);
	end(&p);
}

static void
the_policy_pins_the_style(void **state)
{
	struct page p;

	(void)state;
	begin(&p, MOST);
	dsr_html_doctype(p.h);
	dsr_html_open(p.h, "html");
	dsr_html_open(p.h, "head");
	dsr_html_head(p.h, "p{color:red}", 12);
	dsr_html_close(p.h, "head");
	dsr_html_close(p.h, "html");
	assert_int_equal(finish(&p), 0);
	/* printf 'p{color:red}' | openssl dgst -sha256 -binary | base64 */
	assert_non_null(strstr(dsr_buffer_str(&p.out), "default-src 'none'; "
	    "style-src 'sha256-p0bF+un5yUb9MBO6xRb8kPHlY2BdpHVtLiFkDrZPF64='"));
	assert_non_null(strstr(dsr_buffer_str(&p.out),
	    "<style>p{color:red}</style>"));
	/* the character set stands before anything that could be text */
	assert_ptr_equal(strstr(dsr_buffer_str(&p.out), "<meta"),
	    strstr(dsr_buffer_str(&p.out), "<meta charset=\"utf-8\">"));
	end(&p);
}

static void
a_long_line_stays_whole(void **state)
{
	struct page p;
	char *line = malloc(MOST);

	(void)state;
	assert_non_null(line);
	memset(line, '<', MOST);
	begin(&p, (size_t)MOST * 5);
	dsr_html_open(p.h, "p");
	dsr_html_foreign(p.h, line, MOST);
	dsr_html_close(p.h, "p");
	assert_int_equal(finish(&p), 0);
	assert_int_equal(p.out.len, (size_t)MOST * 4 + 20);
	end(&p);
	free(line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(foreign_text_stays_text),
		cmocka_unit_test(no_byte_becomes_markup),
		cmocka_unit_test(lines_break_and_nothing_is_empty),
		cmocka_unit_test(an_attribute_may_have_no_value),
		cmocka_unit_test(title_holds_no_markup),
		cmocka_unit_test(sentences_take_values),
		cmocka_unit_test(mistakes_are_latched),
		cmocka_unit_test(a_full_buffer_is_told),
		cmocka_unit_test(the_policy_pins_the_style),
		cmocka_unit_test(a_long_line_stays_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
