/* SPDX-License-Identifier: ISC */
/* START-HERE.html and VERIFY.txt: what they say, and what they never say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/page_fixture.h"
#include "dossier/language.h"

static void
gaps_are_shown(void **state)
{
	struct fixture *f = *state;
	const char *page;
	int i;

	fill(f);
	add_gap(f, "new-reason", 404);
	for (i = 0; i < 600; i++)
		add_gap(f, "not-asked", DSR_NONE);
	page = render(f, "en");
	has(page, "<bdi>602</bdi> things that were looked for could not be "
	    "obtained.");
	has(page, "Not asked for yet: collecting was interrupted");
	has(page, "<bdi>new-reason</bdi>");
	has(page, "status <bdi>404</bdi>");
	has(page, "<bdi>4</bdi> entries were looked at and left out");
	has(page, "And <bdi>102</bdi> more: they stand in "
	    "dossier/gaps.jsonl.");
}

static void
nothing_missing_is_said_too(void **state)
{
	struct fixture *f = *state;
	const char *page;

	f->endpoints[0].left_out = 0;
	page = render(f, "en");
	has(page, "Everything that was looked for was obtained.");
	has(page, "Nothing was left out as somebody else&#39;s");
	has(page, "There are no documents in this file: nothing was found.");
}

static void
hidden_values_are_counted(void **state)
{
	struct fixture *f = *state;
	struct dsr_redaction redaction = { "a.token", "credential",
		{ true, 10, 5 } };
	struct dsr_document doc;

	memset(&doc, 0, sizeof(doc));
	/* a text that looks like the key must not count */
	doc.item = ",\"redactions\":[{ ,\"path\":\"data/x\"";
	doc.connector = "plants";
	doc.endpoint = "leaf";
	doc.exchange = 1;
	doc.path = "data/documents/plants/leaf/000000/000000000.json";
	doc.salt = doc.sha256 = DIGEST;
	add_line(f, f->documents, &dsr_document_type, &doc);
	doc.path = "data/documents/plants/leaf/000000/000000001.json";
	doc.original = DIGEST;
	doc.redactions = (struct dsr_list) { &redaction, 1 };
	add_line(f, f->documents, &dsr_document_type, &doc);
	has(render(f, "en"), "In <bdi>1</bdi> document a value is hidden");
	has(render(f, "en"), "<bdi>1</bdi> value in it is hidden:");
	assert_int_equal(count_of(render(f, "en"), "href=\"data/"), 2);
}

static void
large_cases_are_bounded(void **state)
{
	struct fixture *f = *state;
	const char *page;
	unsigned int i;

	for (i = 0; i < 3000; i++)
		add_document(f, "leaf", i, EVIL);
	for (; i < 3100; i++)
		add_document(f, "root", i, EVIL);
	page = render(f, "en");
	assert_int_equal(count_of(page, "href=\"data/"), 600);
	has(page, "<bdi>2,500</bdi> more documents stand in the folder "
	    "<bdi>data/documents/plants/leaf</bdi>.");
	has(page, "data/documents/plants/root/000003/000003099.json");
	assert_true(strlen(page) < 1000000);
}

static void
a_folder_shows_its_names(void **state)
{
	struct fixture *f = *state;
	struct dsr_document doc;
	const char *page;

	f->statement.kind = "folder";
	f->statement.endpoints.count = f->statement.connectors.count = 0;
	memset(&doc, 0, sizeof(doc));
	doc.exchange = DSR_NONE;
	doc.name_base64 = "Y2Fm6S50eHQ="; /* caf\xe9.txt in Latin-1 */
	doc.path = "data/files/a.txt";
	doc.salt = doc.sha256 = DIGEST;
	add_line(f, f->documents, &dsr_document_type, &doc);
	doc.name_base64 = NULL;
	doc.name = "Jos\xc3\xa9/" EVIL;
	doc.path = "data/files/renamed/000000001.bin";
	add_line(f, f->documents, &dsr_document_type, &doc);
	page = render(f, "en");
	has(page, "<h1>The documents in this file</h1>");
	has(page, "<bdi>caf\\xe9.txt</bdi>");
	has(page, "<bdi>Jos\xc3\xa9/" EVIL_ESCAPED "</bdi>");
	has(page, "<a href=\"data/files/renamed/000000001.bin\">");
}

static void
a_damaged_list_is_refused(void **state)
{
	static const char *const bad[] = { "\n", "{}\n", "{\"x\":1,"
		"\"path\":\"data/../x\"}\n", "{\"x\":1,\"path\":\"data/x\"}\n" };
	struct fixture *f = *state;
	struct dsr_spool *good = f->documents;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(dsr_spool_new(&f->documents, &f->err), 0);
		assert_int_equal(dsr_spool_write(f->documents, bad[i],
		    strlen(bad[i]), &f->err), 0);
		f->page.documents = f->documents;
		dsr_buffer_reset(&f->out);
		assert_int_equal(dsr_page_write(&f->page, &f->out, &f->err),
		    -1);
		assert_int_equal(f->err.code, DSR_EFORMAT);
		dsr_spool_free(f->documents);
	}
	f->documents = good;
}

static void
the_request_is_shown(void **state)
{
	static const char request[] = "{\"format\":\"dossier-request/1\","
		"\"request\":\"R-1\",\"articles\":[\"15\",\"17\"],"
		"\"received\":\"2026-02-01\",\"due\":\"2026-03-01\","
		"\"data_subject\":{\"name\":\"<b>Zo\xc3\xab</b>\"},"
		"\"controller\":{\"name\":\"C\",\"address\":\"1 S\\n2 T\"},"
		"\"legal_hold\":\"a court case\",\"processing\":{"
		"\"purposes\":{\"en\":[\"p1\",\"p2\"],\"nl\":\"doel\"}}}";
	struct fixture *f = *state;
	const char *page;

	page = render(f, "en");
	has(page, "did not put a description of the request into it");
	f->page.request = request;
	f->page.request_len = strlen(request);
	page = render(f, "en");
	lacks(page, "did not put a description of the request into it");
	has(page, "<bdi>&lt;b&gt;Zo\xc3\xab&lt;/b&gt;</bdi>");
	has(page, "<bdi>1 S<br>2 T</bdi>");
	has(page, "Access to your data (Article 15)<br>Erasure of your data "
	    "(Article 17)");
	has(page, "<time datetime=\"2026-03-01\">1 March 2026</time>");
	has(page, "<bdi>a court case</bdi>");
	has(page, "<li><bdi>p2</bdi></li>");
	has(page, "not stated"); /* recipients and so on */
	has(render(f, "nl"), "<dd><bdi>doel</bdi></dd>");
	f->page.request_len--;
	dsr_buffer_reset(&f->out);
	assert_int_equal(dsr_page_write(&f->page, &f->out, &f->err), -1);
	assert_int_equal(f->err.code, DSR_EINPUT);
}

static void
trust_comes_from_elsewhere(void **state)
{
	struct fixture *f = *state;
	const char *page;

	page = render(f, "en");
	has(page, "b94d 27b9 934d 3e08 a52e 52d7 da7d abfa c484 efe3 7a53 "
	    "80ee 9088 f7ac e2ef cde9</code>");
	has(page, "dossier verify <bdi>answer</bdi>.zip --trust KEY.pub");
	has(page, "Never use a key that came with the file itself");
	lacks(page, "keys/");
	f->page.seal_key_sha256 = NULL;
	f->statement.attestations.count = 0;
	page = render(f, "en");
	has(page, "Nobody has signed this file.");
	lacks(page, "KEY.pub");
	lacks(page, "minisign");
}

static void
verify_txt_holds_commands_that_work(void **state)
{
	static const char *const wanted[] = {
		"\n    dossier verify answer.zip --trust KEY.pub\n",
		"\n    unzip -t answer.zip\n",
		"\n    sha256sum -c --strict manifest-sha256.txt\n",
		"\n    sha256sum -c --strict tagmanifest-sha256.txt\n",
		"\n    minisign -V -p KEY.pub -m tagmanifest-sha256.txt -x "
		"signatures/tagmanifest-sha256.txt.minisig\n",
		"\n    head -c LENGTH answer.zip | sha256sum\n",
		"\n    ssh-keygen -Y verify -f ALLOWED_SIGNERS -I dossier-seal "
		"-n dossier-seal@v1 -s signatures/tagmanifest-sha256.txt.sig "
		"< tagmanifest-sha256.txt\n",
		"\n6. A time stamp, if there is one\n",
		"\n    openssl ts -verify -data "
		"signatures/tagmanifest-sha256.txt.minisig -in "
		"signatures/tagmanifest-sha256.txt.minisig.tsr "
		"-CAfile TSA.pem\n",
	};
	struct fixture *f = *state;
	const char *text;
	size_t i;

	assert_int_equal(dsr_verify_txt_write(&f->page, &f->out, &f->err), 0);
	text = dsr_buffer_str(&f->out);
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		has(text, wanted[i]);
	lacks(text, "keys/");
	lacks(text, "openssl cms");
	f->attestations[1] = "cms";
	dsr_buffer_reset(&f->out);
	assert_int_equal(dsr_verify_txt_write(&f->page, &f->out, &f->err), 0);
	has(dsr_buffer_str(&f->out), "openssl cms -verify");
	lacks(dsr_buffer_str(&f->out), "ssh-keygen");
}

static void
verify_txt_says_when_nobody_signed(void **state)
{
	struct fixture *f = *state;
	const char *text;

	f->page.seal_key_sha256 = NULL;
	f->statement.attestations.count = 0;
	assert_int_equal(dsr_verify_txt_write(&f->page, &f->out, &f->err), 0);
	text = dsr_buffer_str(&f->out);
	has(text, "Nobody has signed this archive");
	has(text, "\n    dossier verify answer.zip\n");
	lacks(text, "minisign");
	lacks(text, "--trust");
}

static void
a_full_buffer_is_told(void **state)
{
	struct fixture *f = *state;

	fill(f);
	f->out.max = 5000;
	assert_int_equal(dsr_page_write(&f->page, &f->out, &f->err), -1);
	assert_int_equal(f->err.code, DSR_ELIMIT);
	dsr_buffer_reset(&f->out);
	f->out.max = 500;
	assert_int_equal(dsr_verify_txt_write(&f->page, &f->out, &f->err),
	    -1);
	assert_int_equal(f->err.code, DSR_ELIMIT);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_fixture, free_fixture)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(gaps_are_shown),
		TEST(nothing_missing_is_said_too),
		TEST(hidden_values_are_counted),
		TEST(large_cases_are_bounded),
		TEST(a_folder_shows_its_names),
		TEST(a_damaged_list_is_refused),
		TEST(the_request_is_shown),
		TEST(trust_comes_from_elsewhere),
		TEST(verify_txt_holds_commands_that_work),
		TEST(verify_txt_says_when_nobody_signed),
		TEST(a_full_buffer_is_told),
	};

	dsr_language_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
