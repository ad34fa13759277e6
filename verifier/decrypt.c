/* SPDX-License-Identifier: ISC */
/* dossier decrypt: what a file of age holds, once all of it was authentic. */
#include "verifier.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dossier/age.h"
#include "dossier/file.h"
#include "dossier/json_print.h"
#include "dossier/language.h"
#include "dossier/limits.h"
#include "dossier/options.h"
#include "dossier/sandbox.h"
#include "dossier/text.h"

#define PIECE 65536 /* bytes written at a time: a chunk of age */

struct decrypt {
	struct dsr_common common;
	const char *input;
	const char *output;
	const char *identity_file;
	const char *passphrase_file;
	bool force;
	uint64_t bytes; /* decrypted so far */
};

const struct dsr_verb decrypt_verb = { "decrypt",
	"FILE.age -o FILE\n"
	"    (--identity-file FILE | --passphrase-file FILE) [OPTIONS]",
	N_("Decrypt a file of age; nothing is left when it was changed."),
	decrypt_main };

static int
pour(struct decrypt *d, struct dsr_age_reader *r, int fd,
    struct dsr_error *err)
{
	uint8_t piece[PIECE];
	int64_t n;

	while ((n = dsr_age_read(r, piece, sizeof(piece), err)) > 0) {
		if (dsr_write_all(fd, piece, (size_t)n, err) != 0)
			return dsr_wrap(err, "%s", d->output);
		d->bytes += (uint64_t)n;
	}
	return n < 0 ? dsr_wrap(err, "%s", d->input) : 0;
}

/* The output takes its name only after the last chunk was good. */
static int
decrypt_file(struct decrypt *d, struct dsr_error *err)
{
	struct dsr_age_identities *keys = NULL;
	struct dsr_age_reader *r = NULL;
	struct dsr_outfile *file = NULL;
	struct dsr_sandbox_rule rule = { -1, DSR_SANDBOX_RENAME };
	struct dsr_sandbox sandbox;
	struct dsr_source source;
	int in = -1, rc = -1;

	if (dsr_age_identities_new(&keys, d->identity_file,
		d->passphrase_file, err) != 0 ||
	    input_open(d->input, &in, err) != 0 ||
	    output_folder_open(d->output, &rule.folder, err) != 0 ||
	    dsr_outfile_new(&file, d->output, d->force, err) != 0)
		goto out;
	dsr_sandbox_close(&sandbox, &rule, 1);
	dsr_source_of_fd(&source, &in);
	if (dsr_age_reader_new(&r, &source, keys, err) != 0) {
		(void)dsr_wrap(err, "%s", d->input);
		goto out;
	}
	if (pour(d, r, dsr_outfile_fd(file), err) == 0)
		rc = dsr_outfile_commit(file, err);
out:
	if (in >= 0)
		(void)close(in);
	if (rule.folder >= 0)
		(void)close(rule.folder);
	dsr_age_reader_free(r);
	dsr_outfile_free(file);
	dsr_age_identities_free(keys);
	return rc;
}

static int
print_json(const struct decrypt *d, struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	dsr_json_put_count(w, "bytes", d->bytes);
	dsr_json_put_count(w, "exit", 0);
	dsr_json_put_text(w, "file", d->output);
	dsr_json_put_text(w, "type", "summary");
	return dsr_json_line_end(&line, err);
}

static int
print_result(const struct decrypt *d, struct dsr_error *err)
{
	dsr_log(&d->common, "decrypt: %" PRIu64 " bytes", d->bytes);
	if (d->common.json)
		return print_json(d, err);
	if (d->common.quiet)
		return 0;
	return dsr_print(stdout,
		   P_("Decrypted %" PRIu64 " byte into %s. That says nothing "
		      "about who made it.\n",
		       "Decrypted %" PRIu64 " bytes into %s. That says "
		       "nothing about who made it.\n",
		       d->bytes),
		   d->bytes, d->output) != 0
	    ? dsr_fail_sys(err, "stdout")
	    : 0;
}

static int
check_use(const struct decrypt *d, int operands, struct dsr_error *err)
{
	if (operands != 1)
		return dsr_fail(err, DSR_EUSAGE,
		    "wanted one file of age, found %d", operands);
	if (d->output == NULL)
		return dsr_fail(err, DSR_EUSAGE,
		    "--output is missing: the file to make");
	return 0;
}

int
decrypt_main(int argc, char **argv)
{
	struct decrypt d;
	const struct dsr_option table[] = {
		{ "output", 'o', DSR_OPTION_TEXT, &d.output, "FILE",
		    N_("the file to make"), 0, 0 },
		{ "identity-file", 'i', DSR_OPTION_TEXT, &d.identity_file, "FILE",
		    N_("decrypt with the keys in FILE (age-keygen makes it)"), 0,
		    0 },
		{ "passphrase-file", 0, DSR_OPTION_TEXT, &d.passphrase_file,
		    "FILE", N_("decrypt with the passphrase in FILE"), 0, 0 },
		{ "force", 0, DSR_OPTION_FLAG, &d.force, NULL,
		    N_("replace FILE if it exists"), 0, 0 },
	};
	const size_t count = sizeof(table) / sizeof(table[0]);
	struct dsr_error err;
	int first = 0, status = 0;

	memset(&d, 0, sizeof(d));
	if (dsr_options_parse(table, count, &d.common, argc, argv, &first,
		&err) != 0) {
		status = dsr_report_error(&d.common, &err);
	} else if (d.common.help) {
		dsr_options_help(&decrypt_verb, table, count);
	} else {
		d.input = argv[first];
		if (check_use(&d, argc - first, &err) != 0 ||
		    decrypt_file(&d, &err) != 0 || print_result(&d, &err) != 0)
			status = dsr_report_error(&d.common, &err);
	}
	dsr_common_fini(&d.common);
	return status;
}
