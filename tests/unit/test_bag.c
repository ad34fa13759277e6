/* SPDX-License-Identifier: ISC */
/* The bag: kinds of members, manifest lines, bag-info.txt. */
#include "dossier/bag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dossier/limits.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define HEX \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void
knows_kinds(void **state)
{
	static const struct {
		const char *name;
		enum dsr_member_kind kind;
		const char *why;
	} row[] = {
		{ "data/documents/azureml/run/000000/000000001.json",
		    DSR_MEMBER_DOCUMENT, "of a case" },
		{ "data/documents/manual/added/000000/000000012.tar",
		    DSR_MEMBER_DOCUMENT, "added by hand" },
		{ "data/documents/azureml/run/000000/000000001.JSON",
		    DSR_MEMBER_UNKNOWN, "extension in capitals" },
		{ "data/documents/azureml/run/000000/000000001.tar.gz",
		    DSR_MEMBER_UNKNOWN, "two extensions" },
		{ "data/documents/azureml/run/000000/000000001.",
		    DSR_MEMBER_UNKNOWN, "no extension" },
		{ "data/documents/azureml/run/000000/000000001",
		    DSR_MEMBER_UNKNOWN, "not even a dot" },
		{ "data/documents/azureml/run/00000/000000001.json",
		    DSR_MEMBER_UNKNOWN, "five digits" },
		{ "data/documents/azureml/run/000000/00000001.json",
		    DSR_MEMBER_UNKNOWN, "eight digits" },
		{ "data/documents/azureml/run/000000/0000000001.json",
		    DSR_MEMBER_UNKNOWN, "ten digits" },
		{ "data/documents/azureml/run/000001/000000001.json",
		    DSR_MEMBER_UNKNOWN, "in the folder of other numbers" },
		{ "data/documents/azureml/run/000001/000001999.json",
		    DSR_MEMBER_DOCUMENT, "the last of a folder" },
		{ "data/documents/azureml/000000/000000001.json",
		    DSR_MEMBER_UNKNOWN, "no endpoint" },
		{ "data/documents/azureml/run/000000/x/000000001.json",
		    DSR_MEMBER_UNKNOWN, "too deep" },
		{ "data/files/a/b.txt", DSR_MEMBER_DOCUMENT, "of a folder" },
		{ "data/files/renamed/000000001.bin", DSR_MEMBER_DOCUMENT,
		    "of a folder, renamed" },
		{ "data/files/", DSR_MEMBER_UNKNOWN, "a folder" },
		{ "data/other.txt", DSR_MEMBER_UNKNOWN, "neither" },
		{ "data/NO-DOCUMENTS.txt", DSR_MEMBER_NO_DOCUMENTS, "fixed" },
		{ "dossier/documents.jsonl", DSR_MEMBER_DOCUMENTS, "fixed" },
		{ "dossier/documents.jsonl2", DSR_MEMBER_UNKNOWN, "longer" },
		{ "dossier/exchanges.jsonl", DSR_MEMBER_EXCHANGES, "fixed" },
		{ "dossier/gaps.jsonl", DSR_MEMBER_GAPS, "fixed" },
		{ "dossier/erasure.jsonl", DSR_MEMBER_ERASURE, "fixed" },
		{ "dossier/connectors/azureml.json", DSR_MEMBER_CONNECTOR,
		    "by key" },
		{ "dossier/connectors/.json", DSR_MEMBER_UNKNOWN, "no key" },
		{ "dossier/connectors/a/b.json", DSR_MEMBER_UNKNOWN, "deeper" },
		{ "dossier/request.json", DSR_MEMBER_REQUEST, "fixed" },
		{ "dossier/statement.json", DSR_MEMBER_STATEMENT, "fixed" },
		{ "tables/azureml.run.csv", DSR_MEMBER_TABLE, "CSV" },
		{ "tables/azureml.run.json", DSR_MEMBER_TABLE, "JSON" },
		{ "tables/azureml.csv", DSR_MEMBER_UNKNOWN, "no endpoint" },
		{ "tables/azureml..csv", DSR_MEMBER_UNKNOWN, "an empty one" },
		{ "tables/azureml.run.txt", DSR_MEMBER_UNKNOWN, "neither" },
		{ "START-HERE.html", DSR_MEMBER_START_HERE, "fixed" },
		{ "START-HERE.nl.html", DSR_MEMBER_START_HERE_LANGUAGE, "nl" },
		{ "START-HERE.NL.html", DSR_MEMBER_UNKNOWN, "capitals" },
		{ "START-HERE.nld.html", DSR_MEMBER_UNKNOWN, "three" },
		{ "VERIFY.txt", DSR_MEMBER_VERIFY, "fixed" },
		{ "keys/seal.pub", DSR_MEMBER_SEAL_PUB, "fixed" },
		{ "keys/allowed_signers", DSR_MEMBER_ALLOWED_SIGNERS, "fixed" },
		{ "keys/signer.pem", DSR_MEMBER_SIGNER_PEM, "fixed" },
		{ "bagit.txt", DSR_MEMBER_BAGIT, "fixed" },
		{ "bag-info.txt", DSR_MEMBER_BAG_INFO, "fixed" },
		{ "manifest-sha256.txt", DSR_MEMBER_MANIFEST, "fixed" },
		{ "manifest-md5.txt", DSR_MEMBER_UNKNOWN, "another digest" },
		{ "fetch.txt", DSR_MEMBER_UNKNOWN, "never" },
		{ "tagmanifest-sha256.txt", DSR_MEMBER_TAGMANIFEST, "fixed" },
		{ "signatures/tagmanifest-sha256.txt.sig", DSR_MEMBER_SSHSIG,
		    "fixed" },
		{ "signatures/tagmanifest-sha256.txt.p7s", DSR_MEMBER_CMS,
		    "fixed" },
		{ "signatures/tagmanifest-sha256.txt.minisig", DSR_MEMBER_SEAL,
		    "fixed" },
		{ "signatures/tagmanifest-sha256.txt.minisig.tsr",
		    DSR_MEMBER_STAMP, "fixed" },
		{ "signatures/renewal-01.tsr", DSR_MEMBER_RENEWAL, "first" },
		{ "signatures/renewal-99.tsr", DSR_MEMBER_RENEWAL, "last" },
		{ "signatures/renewal-00.tsr", DSR_MEMBER_UNKNOWN, "zero" },
		{ "signatures/renewal-1.tsr", DSR_MEMBER_UNKNOWN, "a digit" },
		{ "signatures/renewal-100.tsr", DSR_MEMBER_UNKNOWN, "three" },
		{ "", DSR_MEMBER_UNKNOWN, "nothing" },
		{ "BAGIT.txt", DSR_MEMBER_UNKNOWN, "case matters" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(row); i++)
		if (dsr_member_kind_of(row[i].name) != row[i].kind)
			fail_msg("row %zu (%s, %s): %d", i, row[i].name,
			    row[i].why, (int)dsr_member_kind_of(row[i].name));
}

static void
every_kind_is_payload_or_tag_or_neither(void **state)
{
	static const char *const neither[] = { "tagmanifest-sha256.txt",
		"signatures/" };
	unsigned int kind;

	(void)state;
	for (kind = 0; kind < DSR_MEMBER_KINDS; kind++) {
		enum dsr_member_kind k = (enum dsr_member_kind)kind;
		const char *path = dsr_member_path(k);
		bool payload = strncmp(path, "data/", 5) == 0;
		bool tag = !payload && strcmp(path, neither[0]) != 0 &&
		    strncmp(path, neither[1], strlen(neither[1])) != 0;

		assert_int_equal(dsr_member_is_payload(k), payload);
		assert_int_equal(dsr_member_is_tag(k), tag);
	}
	assert_false(dsr_member_is_payload(DSR_MEMBER_UNKNOWN));
	assert_false(dsr_member_is_tag(DSR_MEMBER_UNKNOWN));
}

static void
writes_manifest_lines_and_reads_them(void **state)
{
	uint8_t digest[DSR_SHA256_BYTES], found[DSR_SHA256_BYTES];
	struct dsr_buffer line;
	struct dsr_error err;
	const char *path;
	size_t len;

	(void)state;
	dsr_sha256(digest, "", 0);
	dsr_buffer_init(&line, 1024);
	assert_int_equal(dsr_manifest_line_write(&line, digest, "data/a.txt",
	    &err), 0);
	assert_string_equal(dsr_buffer_str(&line), HEX "  data/a.txt\n");
	assert_true(dsr_manifest_line_parse(dsr_buffer_str(&line), line.len,
	    found, &path, &len));
	assert_memory_equal(found, digest, sizeof(found));
	assert_int_equal(len, 10);
	assert_memory_equal(path, "data/a.txt", len);
	dsr_buffer_fini(&line);
}

static void
refuses_other_manifest_lines(void **state)
{
	static const struct {
		const char *line;
		const char *why;
	} row[] = {
		{ "", "empty" },
		{ "\n", "an empty line" },
		{ HEX "  data/a", "no LF" },
		{ HEX "  data/a\r\n", "CRLF" },
		{ HEX " data/a\n", "one space" },
		{ HEX "   data/a\n", "three spaces" },
		{ HEX "\tdata/a\n", "a tab" },
		{ HEX " *data/a\n", "binary mark" },
		{ HEX "  \n", "no path" },
		{ HEX "  /data/a\n", "absolute" },
		{ HEX "  ./data/a\n", "another spelling" },
		{ HEX "  data/%41\n", "escape" },
		{ "E" "3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
		  "7852b855  data/a\n", "capitals" },
		{ "\\" HEX "  data/a\n", "mark of coreutils" },
	};
	uint8_t digest[DSR_SHA256_BYTES];
	const char *path;
	size_t i, len;

	(void)state;
	for (i = 0; i < COUNT(row); i++)
		if (dsr_manifest_line_parse(row[i].line, strlen(row[i].line),
		    digest, &path, &len))
			fail_msg("row %zu: %s", i, row[i].why);
}

static void
writes_bag_info(void **state)
{
	struct dsr_statement s = { .format = "dossier/1",
		.packed = "2024-05-06T07:08:09Z",
		.id = "0f8fad5b-d9cb-469f-a165-70867728950e" };
	struct dsr_bag_info info = { .statement = &s, .payload_bytes = 12345,
		.payload_files = 67 };
	struct dsr_buffer out;
	struct dsr_error err;

	(void)state;
	dsr_buffer_init(&out, 4096);
	assert_int_equal(dsr_bag_info_write(&out, &info, &err), 0);
	assert_string_equal(dsr_buffer_str(&out),
	    "Bagging-Date: 2024-05-06\n"
	    "External-Identifier: 0f8fad5b-d9cb-469f-a165-70867728950e\n"
	    "Payload-Oxum: 12345.67\n"
	    "Dossier-Format: dossier/1\n");
	dsr_buffer_reset(&out);
	s.request = "DSR-2024-7";
	info.seal_key_sha256 = HEX;
	info.certificate_sha256 = HEX;
	assert_int_equal(dsr_bag_info_write(&out, &info, &err), 0);
	assert_string_equal(dsr_buffer_str(&out),
	    "Bagging-Date: 2024-05-06\n"
	    "External-Identifier: 0f8fad5b-d9cb-469f-a165-70867728950e\n"
	    "Internal-Sender-Identifier: DSR-2024-7\n"
	    "Payload-Oxum: 12345.67\n"
	    "Dossier-Format: dossier/1\n"
	    "Dossier-Seal-Key: ed25519:" HEX "\n"
	    "Dossier-Signer-Certificate: sha256:" HEX "\n");
	dsr_buffer_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_kinds),
		cmocka_unit_test(every_kind_is_payload_or_tag_or_neither),
		cmocka_unit_test(writes_manifest_lines_and_reads_them),
		cmocka_unit_test(refuses_other_manifest_lines),
		cmocka_unit_test(writes_bag_info),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
