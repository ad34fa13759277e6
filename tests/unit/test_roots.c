/* SPDX-License-Identifier: ISC */
/* What a certificate is worth to roots: paths, times, uses, revocation. */
#include "dossier/roots.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/authority.h"
#include "../support/scratch.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define NOW          AUTHORITY_TIME
#define DAY          AUTHORITY_DAY
#define FOR_TIME     "critical,timeStamping"

static struct authority root, stranger, middle, leaf, brief, stamper, two,
    weak, no_ca;

static int
make_all(void **state)
{
	(void)state;
	authority_new(&root, NULL, &(struct authority_rules) {
	    .name = "Root", .is_ca = true });
	authority_new(&stranger, NULL, &(struct authority_rules) {
	    .name = "Root", .is_ca = true });
	authority_new(&middle, &root, &(struct authority_rules) {
	    .name = "Middle", .is_ca = true });
	authority_new(&leaf, &middle, &(struct authority_rules) {
	    .name = "Leaf" });
	authority_new(&brief, &middle, &(struct authority_rules) {
	    .name = "Brief", .until = NOW - DAY });
	authority_new(&stamper, &middle, &(struct authority_rules) {
	    .name = "Stamper", .extended = FOR_TIME });
	authority_new(&two, &middle, &(struct authority_rules) {
	    .name = "Two", .extended = FOR_TIME ",emailProtection" });
	authority_new(&weak, &middle, &(struct authority_rules) {
	    .name = "Weak", .extended = "timeStamping" });
	authority_new(&no_ca, &leaf, &(struct authority_rules) {
	    .name = "Below a leaf" });
	return 0;
}

static int
free_all(void **state)
{
	struct authority *const all[] = { &root, &stranger, &middle, &leaf,
		&brief, &stamper, &two, &weak, &no_ca };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(all); i++)
		authority_free(all[i]);
	return 0;
}

/* Judges one, with the others beside it, by roots that are given up. */
static struct dsr_path
judge(const struct authority *const *list, size_t count,
    struct dsr_roots *roots, enum dsr_path_purpose purpose, time_t at)
{
	struct dsr_certificates *certificates = NULL, *chain = NULL;
	struct dsr_path path;
	struct dsr_error err;
	size_t i;

	assert_int_equal(dsr_certificates_new(&certificates, &err), 0);
	for (i = 0; i < count; i++)
		if (list[i] != NULL)
			authority_list(list[i], certificates);
	assert_int_equal(dsr_roots_judge(roots, certificates, 0, purpose, at,
	    &path, &chain, &err), 0);
	if (path.state == DSR_PATH_TRUSTED) {
		assert_non_null(chain);
		assert_string_equal(path.from, "test.pem");
	} else {
		assert_null(chain);
		assert_true(path.why[0] != '\0');
	}
	dsr_certificates_free(chain);
	dsr_certificates_free(certificates);
	path.from = NULL; /* lived as long as roots */
	dsr_roots_free(roots);
	return path;
}

static struct dsr_roots *
trusting(const struct authority *one)
{
	struct dsr_roots *roots = NULL;
	struct dsr_error err;

	assert_int_equal(dsr_roots_new(&roots, &err), 0);
	if (one != NULL)
		authority_trust(one, roots);
	return roots;
}

static void
paths(void **state)
{
	const struct {
		const struct authority *list[3], *root;
		enum dsr_path_purpose purpose;
		time_t at;
		enum dsr_path_state wanted;
		const char *why;
	} row[] = {
		{ { &leaf, &middle }, &root, DSR_PATH_FOR_SIGNING, NOW,
		    DSR_PATH_TRUSTED, "a whole path" },
		{ { &leaf, &middle, &root }, &root, DSR_PATH_FOR_SIGNING, NOW,
		    DSR_PATH_TRUSTED, "the root may come with it" },
		{ { &leaf }, &root, DSR_PATH_FOR_SIGNING, NOW,
		    DSR_PATH_UNKNOWN, "the one between is missing" },
		{ { &leaf, &middle, &root }, NULL, DSR_PATH_FOR_SIGNING, NOW,
		    DSR_PATH_UNKNOWN, "trust does not come with it" },
		{ { &leaf, &middle, &root }, &stranger, DSR_PATH_FOR_SIGNING,
		    NOW, DSR_PATH_BAD, "a root of the same name" },
		{ { &root }, NULL, DSR_PATH_FOR_SIGNING, NOW,
		    DSR_PATH_UNKNOWN, "a root alone" },
		{ { &leaf, &middle }, &middle, DSR_PATH_FOR_SIGNING, NOW,
		    DSR_PATH_UNKNOWN, "trust begins at a root" },
		{ { &leaf, &middle }, &root, DSR_PATH_FOR_SIGNING,
		    NOW + 11 * DAY, DSR_PATH_EXPIRED, "afterwards" },
		{ { &leaf, &middle }, &root, DSR_PATH_FOR_SIGNING,
		    NOW - 11 * DAY, DSR_PATH_EXPIRED, "before" },
		{ { &brief, &middle }, &root, DSR_PATH_FOR_SIGNING, NOW,
		    DSR_PATH_EXPIRED, "one that ended" },
		{ { &brief, &middle }, &root, DSR_PATH_FOR_SIGNING,
		    NOW - 2 * DAY, DSR_PATH_TRUSTED, "while it held" },
		{ { &no_ca, &leaf, &middle }, &root, DSR_PATH_FOR_SIGNING, NOW,
		    DSR_PATH_BAD, "issued by one that is no authority" },
		{ { &stamper, &middle }, &root, DSR_PATH_FOR_TIME, NOW,
		    DSR_PATH_TRUSTED, "one for time stamps" },
		{ { &leaf, &middle }, &root, DSR_PATH_FOR_TIME, NOW,
		    DSR_PATH_BAD, "one for anything" },
		{ { &two, &middle }, &root, DSR_PATH_FOR_TIME, NOW,
		    DSR_PATH_BAD, "one for e-mail, too" },
		{ { &weak, &middle }, &root, DSR_PATH_FOR_TIME, NOW,
		    DSR_PATH_BAD, "not critical" },
	};
	struct dsr_path path;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(row); i++) {
		path = judge(row[i].list, 3, trusting(row[i].root),
		    row[i].purpose, row[i].at);
		if (path.state != row[i].wanted)
			fail_msg("row %zu (%s): %d: %s", i, row[i].why,
			    (int)path.state, path.why);
	}
}

/* A PEM file with the root and a list of the issuer's. */
static struct dsr_roots *
with_list(const struct authority *issuer, time_t when, int reason,
    time_t issued)
{
	X509_CRL *list = authority_revoke(issuer, &leaf, when, reason, issued);
	BIO *bio = BIO_new(BIO_s_mem());
	struct dsr_roots *roots = NULL;
	struct dsr_error err;
	char *text;
	long len;

	assert_int_equal(PEM_write_bio_X509(bio, root.x509), 1);
	assert_int_equal(PEM_write_bio_X509_CRL(bio, list), 1);
	len = BIO_get_mem_data(bio, &text);
	scratch_write("test.pem", text, (size_t)len, 0644);
	assert_int_equal(dsr_roots_new(&roots, &err), 0);
	assert_int_equal(dsr_roots_read(roots, "test.pem", &err), 0);
	BIO_free(bio);
	X509_CRL_free(list);
	return roots;
}

static void
revocation(void **state)
{
	const struct {
		const struct authority *issuer;
		time_t when;
		int reason;
		time_t issued;
		enum dsr_path_state wanted;
		bool has_crl;
		const char *why;
	} row[] = {
		{ &middle, NOW - 1, CRL_REASON_SUPERSEDED, NOW,
		    DSR_PATH_REVOKED, true, "revoked before" },
		{ &middle, NOW, CRL_REASON_SUPERSEDED, NOW, DSR_PATH_REVOKED,
		    true, "revoked at that moment" },
		{ &middle, NOW + 1, CRL_REASON_SUPERSEDED, NOW + DAY,
		    DSR_PATH_TRUSTED, true, "revoked afterwards" },
		{ &middle, NOW + 1, CRL_REASON_KEY_COMPROMISE, NOW + DAY,
		    DSR_PATH_REVOKED, true, "afterwards: a stolen key" },
		{ &middle, NOW + 1, CRL_REASON_SUPERSEDED, NOW - 2 * DAY,
		    DSR_PATH_TRUSTED, false, "a list that is too old" },
		{ &root, NOW - 1, CRL_REASON_SUPERSEDED, NOW,
		    DSR_PATH_TRUSTED, false, "not the issuer's list" },
		{ &stranger, NOW - 1, CRL_REASON_SUPERSEDED, NOW,
		    DSR_PATH_TRUSTED, false, "a list of another root" },
	};
	const struct authority *const list[] = { &leaf, &middle };
	struct dsr_path path;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(row); i++) {
		path = judge(list, 2, with_list(row[i].issuer, row[i].when,
		    row[i].reason, row[i].issued), DSR_PATH_FOR_SIGNING, NOW);
		if (path.state != row[i].wanted ||
		    path.has_crl != row[i].has_crl)
			fail_msg("row %zu (%s): %d, %d", i, row[i].why,
			    (int)path.state, path.has_crl);
	}
}

static void
files_that_are_none(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} row[] = {
		{ "", "empty" },
		{ "hello\n", "text" },
		{ "-----BEGIN CERTIFICATE-----\nAAAA\n"
		  "-----END CERTIFICATE-----\n", "no certificate inside" },
		{ "-----BEGIN CERTIFICATE-----\n", "cut off" },
	};
	struct dsr_roots *roots = NULL;
	struct dsr_error err;
	size_t i;

	(void)state;
	assert_int_equal(dsr_roots_new(&roots, &err), 0);
	for (i = 0; i < COUNT(row); i++) {
		scratch_write("none.pem", row[i].text, strlen(row[i].text),
		    0644);
		if (dsr_roots_read(roots, "none.pem", &err) == 0 ||
		    err.code != DSR_EINPUT)
			fail_msg("row %zu: %s", i, row[i].why);
	}
	assert_int_equal(dsr_roots_read(roots, "nothing.pem", &err), -1);
	assert_int_equal(err.code, DSR_EIO);
	assert_int_equal(dsr_roots_count(roots), 0);
	dsr_roots_free(roots);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths),
		cmocka_unit_test_setup_teardown(revocation, scratch_enter,
		    scratch_leave),
		cmocka_unit_test_setup_teardown(files_that_are_none,
		    scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, make_all, free_all);
}
