/* SPDX-License-Identifier: ISC */
/* dossier encrypt: a file of age, for its recipients or a passphrase. */
#include "packer.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dossier/age.h"
#include "dossier/file.h"
#include "dossier/json_print.h"
#include "dossier/language.h"
#include "dossier/limits.h"
#include "dossier/options.h"
#include "dossier/text.h"

#define PIECE 65536 /* bytes read at a time: a chunk of age */

struct encrypt {
	struct dsr_common common;
	const char *input;
	const char *output;
	struct dsr_texts recipients;
	const char *passphrase_file;
	bool force;
	uint64_t bytes; /* encrypted so far */
};

const struct dsr_verb encrypt_verb = { "encrypt",
	"FILE -o FILE.age\n"
	"    (--recipient KEY | --passphrase-file FILE) [OPTIONS]",
	N_("Encrypt a file with age, for recipients or under a passphrase."),
	encrypt_main };

static int
open_input(const char *path, int *fd, struct dsr_error *err)
{
	struct stat st;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (*fd < 0 || fstat(*fd, &st) != 0)
		return dsr_fail_sys(err, "%s", path);
	if (S_ISDIR(st.st_mode))
		return dsr_fail(err, DSR_EINPUT,
		    "%s: wanted a file, found a folder (dossier pack makes an "
		    "archive of it)", path);
	return 0;
}

static int
pour(struct encrypt *e, int fd, struct dsr_age_writer *w,
    struct dsr_error *err)
{
	uint8_t piece[PIECE];
	int64_t n;

	while ((n = dsr_read_full(fd, piece, sizeof(piece), err)) > 0) {
		if (dsr_age_writer_write(w, piece, (size_t)n, err) != 0)
			return dsr_wrap(err, "%s", e->output);
		e->bytes += (uint64_t)n;
	}
	if (n < 0)
		return dsr_wrap(err, "%s", e->input);
	return dsr_age_writer_finish(w, err) == 0 ? 0
	    : dsr_wrap(err, "%s", e->output);
}

static int
encrypt_file(struct encrypt *e, struct dsr_error *err)
{
	struct dsr_age_recipients *recipients = NULL;
	struct dsr_age_writer *w = NULL;
	struct dsr_outfile *file = NULL;
	struct dsr_sink sink;
	int in = -1, out = -1, rc = -1;

	if (dsr_age_recipients_new(&recipients, e->recipients.items,
		e->recipients.count, e->passphrase_file, err) != 0 ||
	    open_input(e->input, &in, err) != 0 ||
	    dsr_outfile_new(&file, e->output, e->force, err) != 0)
		goto out;
	out = dsr_outfile_fd(file);
	dsr_sink_of_fd(&sink, &out);
	if (dsr_age_writer_new(&w, recipients, &sink, err) != 0 ||
	    pour(e, in, w, err) != 0 || dsr_outfile_commit(file, err) != 0)
		goto out;
	rc = 0;
out:
	if (in >= 0)
		(void)close(in);
	dsr_age_writer_free(w);
	dsr_outfile_free(file);
	dsr_age_recipients_free(recipients);
	return rc;
}

static int
print_json(const struct encrypt *e, struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	dsr_json_put_count(w, "bytes", e->bytes);
	dsr_json_put_count(w, "exit", 0);
	dsr_json_put_text(w, "file", e->output);
	dsr_json_put_count(w, "recipients", e->recipients.count);
	dsr_json_put_text(w, "type", "summary");
	return dsr_json_line_end(&line, err);
}

static int
print_result(const struct encrypt *e, struct dsr_error *err)
{
	dsr_log(&e->common, "encrypt: %" PRIu64 " bytes", e->bytes);
	if (e->common.json)
		return print_json(e, err);
	if (e->common.quiet)
		return 0;
	return dsr_print(stdout,
		   P_("Encrypted %" PRIu64 " byte into %s.\n",
		       "Encrypted %" PRIu64 " bytes into %s.\n", e->bytes),
		   e->bytes, e->output) != 0
	    ? dsr_fail_sys(err, "stdout")
	    : 0;
}

static int
check_use(const struct encrypt *e, int operands, struct dsr_error *err)
{
	if (operands != 1)
		return dsr_fail(err, DSR_EUSAGE, "wanted one file, found %d",
		    operands);
	if (e->output == NULL)
		return dsr_fail(err, DSR_EUSAGE,
		    "--output is missing: the file to make");
	return 0;
}

int
encrypt_main(int argc, char **argv)
{
	struct encrypt e;
	const struct dsr_option table[] = {
		{ "output", 'o', DSR_OPTION_TEXT, &e.output, "FILE.age",
		    N_("the file to make"), 0, 0 },
		{ "recipient", 'r', DSR_OPTION_LIST, &e.recipients, "KEY",
		    N_("encrypt it for this key of age: age1..."), 0, 0 },
		{ "passphrase-file", 0, DSR_OPTION_TEXT, &e.passphrase_file,
		    "FILE", N_("encrypt it under the passphrase in FILE"), 0, 0 },
		{ "force", 0, DSR_OPTION_FLAG, &e.force, NULL,
		    N_("replace FILE.age if it exists"), 0, 0 },
	};
	const size_t count = sizeof(table) / sizeof(table[0]);
	struct dsr_error err;
	int first = 0, status = 0;

	memset(&e, 0, sizeof(e));
	if (dsr_options_parse(table, count, &e.common, argc, argv, &first,
		&err) != 0) {
		status = dsr_report_error(&e.common, &err);
	} else if (e.common.help) {
		dsr_options_help(&encrypt_verb, table, count);
	} else {
		e.input = argv[first];
		if (check_use(&e, argc - first, &err) != 0 ||
		    encrypt_file(&e, &err) != 0 ||
		    print_result(&e, &err) != 0)
			status = dsr_report_error(&e.common, &err);
	}
	dsr_texts_fini(&e.recipients);
	dsr_common_fini(&e.common);
	return status;
}
