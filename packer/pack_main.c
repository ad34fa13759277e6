/* SPDX-License-Identifier: ISC */
/* dossier pack */
#include <inttypes.h>
#include <string.h>

#include "dossier/json_print.h"
#include "dossier/language.h"
#include "dossier/options.h"
#include "dossier/text.h"
#include "pack.h"
#include "packer.h"

const struct dsr_verb pack_verb = { "pack",
	"FOLDER|CASE -o FILE.zip[.age]\n"
	"    (--key FILE.key | --unsigned) [OPTIONS]",
	N_("Make one sealed archive from a folder or a case."), pack_main };

/* The CMS signature stands beside the seal, never alone. */
static int
check_x509(const struct pack_options *o, struct dsr_error *err)
{
	if ((o->x509_key == NULL) != (o->x509_cert == NULL))
		return dsr_fail(err, DSR_EUSAGE,
		    "--x509-key and --x509-cert: wanted both or neither");
	if (o->x509_key == NULL &&
	    (o->x509_chain != NULL || o->x509_passphrase_file != NULL))
		return dsr_fail(err, DSR_EUSAGE,
		    "--x509-chain and --x509-passphrase-file belong to "
		    "--x509-key");
	if (o->x509_key != NULL && o->key == NULL)
		return dsr_fail(err, DSR_EUSAGE,
		    "--x509-key signs beside the seal: wanted --key, too");
	return 0;
}

static int
check_options(const struct pack_options *o, int operands,
    struct dsr_error *err)
{
	if (operands != 1)
		return dsr_fail(err, DSR_EUSAGE,
		    "wanted one folder or case, found %d", operands);
	if (o->output == NULL)
		return dsr_fail(err, DSR_EUSAGE,
		    "--output is missing: the archive to make");
	if (o->key == NULL && !o->is_unsigned)
		return dsr_fail(err, DSR_EUSAGE,
		    "wanted --key FILE.key (dossier keygen makes one) or "
		    "--unsigned");
	if (o->key != NULL && o->is_unsigned)
		return dsr_fail(err, DSR_EUSAGE,
		    "--key and --unsigned exclude each other");
	return check_x509(o, err);
}

static int
print_json(const struct pack_options *o, const struct pack_result *r,
    int status, struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	dsr_json_put_count(w, "bytes", r->bytes);
	dsr_json_put_count(w, "documents", r->documents);
	dsr_json_write_key(w, "encrypted");
	dsr_json_write_boolean(w, pack_is_encrypted(o));
	dsr_json_put_count(w, "examples", r->examples);
	dsr_json_put_count(w, "exit", (uint64_t)status);
	dsr_json_put_text(w, "file", o->output);
	dsr_json_put_count(w, "gaps", r->gaps);
	dsr_json_put_text(w, "id", r->id);
	dsr_json_put_text(w, "key", r->key_id[0] == '\0' ? NULL : r->key_id);
	dsr_json_put_count(w, "size", r->size);
	dsr_json_put_text(w, "type", "summary");
	return dsr_json_line_end(&line, err);
}

static int
print_text(const struct pack_options *o, const struct pack_result *r,
    struct dsr_error *err)
{
	int failed;

	failed = dsr_print(stdout,
	    P_("Packed %" PRIu64 " document (%" PRIu64 " bytes) into %s.\n",
		"Packed %" PRIu64 " documents (%" PRIu64 " bytes) into %s.\n",
		r->documents),
	    r->documents, r->bytes, o->output);
	if (r->key_id[0] != '\0')
		failed |= dsr_print(stdout, _("Sealed by key %s.\n"),
		    r->key_id);
	else
		failed |= dsr_print(stdout, "%s",
		    _("Not signed: it can be checked for damage, not for who "
		      "made it.\n"));
	if (pack_is_encrypted(o))
		failed |= dsr_print(stdout, "%s",
		    _("Encrypted with age: whoever decrypts it finds the "
		      "archive inside.\n"));
	if (r->gaps > 0)
		failed |= dsr_print(stdout,
		    P_("%" PRIu64 " thing could not be packed: see \"What is "
		       "not here\" in START-HERE.html.\n",
			"%" PRIu64 " things could not be packed: see \"What "
			"is not here\" in START-HERE.html.\n",
			r->gaps),
		    r->gaps);
	if (r->examples > 0)
		failed |= dsr_print(stdout,
		    P_("%zu text of the request is still the example's: see "
		       "dossier request --check.\n",
			"%zu texts of the request are still the example's: see "
			"dossier request --check.\n",
			r->examples),
		    r->examples);
	return failed != 0 || fflush(stdout) != 0
	    ? dsr_fail_sys(err, "stdout")
	    : 0;
}

static int
run(const struct pack_options *o, const struct dsr_common *common,
    struct dsr_error *err)
{
	struct pack_result result;
	int status, rc = 0;

	memset(&result, 0, sizeof(result));
	dsr_log(common, "pack: begun");
	if (pack(o, common, &result, err) != 0)
		return dsr_report_error(common, err);
	status = result.gaps > 0 ? dsr_exit_status(DSR_EINCOMPLETE) : 0;
	dsr_log(common, "pack: %" PRIu64 " documents, %" PRIu64 " gaps",
	    result.documents, result.gaps);
	if (common->json)
		rc = print_json(o, &result, status, err);
	else if (!common->quiet)
		rc = print_text(o, &result, err);
	return rc != 0 ? dsr_report_error(common, err) : status;
}

/* Parses and packs; the exit status. */
static int
follow(const struct dsr_option *table, size_t count, struct pack_options *o,
    struct dsr_common *common, int argc, char **argv)
{
	struct dsr_error err;
	int first = 0;

	if (dsr_options_parse(table, count, common, argc, argv, &first,
		&err) != 0)
		return dsr_report_error(common, &err);
	if (common->help) {
		dsr_options_help(&pack_verb, table, count);
		return 0;
	}
	if (check_options(o, argc - first, &err) != 0)
		return dsr_report_error(common, &err);
	o->input = argv[first];
	return run(o, common, &err);
}

int
pack_main(int argc, char **argv)
{
	struct pack_options o = { .level = 6 };
	struct dsr_common common = { 0 };
	const struct dsr_option table[] = {
		{ "output", 'o', DSR_OPTION_TEXT, &o.output, "FILE.zip",
		    N_("the archive to make"), 0, 0 },
		{ "key", 0, DSR_OPTION_TEXT, &o.key, "FILE.key",
		    N_("seal with this minisign secret key"), 0, 0 },
		{ "key-passphrase-file", 0, DSR_OPTION_TEXT,
		    &o.passphrase_file, "FILE",
		    N_("passphrase of the key (else asked for)"), 0, 0 },
		{ "unsigned", 0, DSR_OPTION_FLAG, &o.is_unsigned, NULL,
		    N_("do not sign: nobody vouches for it"), 0, 0 },
		{ "x509-key", 0, DSR_OPTION_TEXT, &o.x509_key, "FILE",
		    N_("sign with this X.509 key (PEM), too; or one\n"
		       "in a token: pkcs11:token=T;object=O"), 0, 0 },
		{ "x509-cert", 0, DSR_OPTION_TEXT, &o.x509_cert, "FILE",
		    N_("its certificate (PEM)"), 0, 0 },
		{ "x509-chain", 0, DSR_OPTION_TEXT, &o.x509_chain, "FILE",
		    N_("the certificates above that one (PEM)"), 0, 0 },
		{ "x509-passphrase-file", 0, DSR_OPTION_TEXT,
		    &o.x509_passphrase_file, "FILE",
		    N_("passphrase of the key or PIN of the token"), 0, 0 },
		{ "request", 0, DSR_OPTION_TEXT, &o.request, "FILE",
		    N_("request.json: who asked whom, when, why\n"
		       "(see dossier request --template)"), 0, 0 },
		{ "lang", 0, DSR_OPTION_LIST, &o.languages, "LL",
		    N_("language of START-HERE.html: en, nl, fr, de"), 0, 0 },
		{ "name", 0, DSR_OPTION_TEXT, &o.name, "NAME",
		    N_("top folder of the archive (else from -o)"), 0, 0 },
		{ "id", 0, DSR_OPTION_TEXT, &o.id, "UUID",
		    N_("the archive's id (else drawn)"), 0, 0 },
		{ "secret-file", 0, DSR_OPTION_TEXT, &o.secret_file, "FILE",
		    N_("64 hex digits for the salts (else drawn)"), 0, 0 },
		{ "previous", 0, DSR_OPTION_TEXT, &o.previous, "OLD.zip",
		    N_("the archive that answered before"), 0, 0 },
		{ "level", 0, DSR_OPTION_NUMBER, &o.level, "N",
		    N_("from 0, stored, to 9, smallest (default: 6)"), 0, 9 },
		{ "jobs", 0, DSR_OPTION_NUMBER, &o.jobs, "N",
		    N_("threads (default: 0, one for each processor)"), 0, 64 },
		{ "recipient", 'r', DSR_OPTION_LIST, &o.recipients, "KEY",
		    N_("encrypt it for this key of age: age1..."),
		    0, 0 },
		{ "passphrase-file", 0, DSR_OPTION_TEXT,
		    &o.encrypt_passphrase_file, "FILE",
		    N_("encrypt it under the passphrase in FILE"), 0, 0 },
		{ "force", 0, DSR_OPTION_FLAG, &o.force, NULL,
		    N_("replace FILE.zip if it exists"), 0, 0 },
	};
	int status = follow(table, sizeof(table) / sizeof(table[0]), &o,
	    &common, argc, argv);

	dsr_texts_fini(&o.languages);
	dsr_texts_fini(&o.recipients);
	dsr_common_fini(&common);
	return status;
}
