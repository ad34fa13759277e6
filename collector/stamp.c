/* SPDX-License-Identifier: ISC */
/* dossier stamp: a time stamp for an archive, over the network or offline. */
#include "stamp.h"

#include <stdio.h>
#include <string.h>

#include "collector.h"
#include "dossier/clock.h"
#include "dossier/file.h"
#include "dossier/json_print.h"
#include "dossier/language.h"
#include "dossier/limits.h"
#include "dossier/text.h"

const struct dsr_verb stamp_verb = { "stamp",
	"FILE.zip (--tsa URL | --query-out FILE |\n"
	"    --query FILE --reply-in FILE) [OPTIONS]",
	N_("Add a time stamp: it proves that the archive existed by then."),
	stamp_main };

struct stamp_command {
	struct dsr_common common;
	const char *file;
	const char *tsa;
	const char *ca_file;
	const char *query_out;
	const char *query_in;
	const char *reply_in;
	const char *digest;
	bool force;
	struct dsr_roots *roots; /* of ca_file; NULL without */
	/* the outcome */
	char member[64];
	char gen_time[DSR_TIME_SIZE]; /* "" when only a query was written */
	char authority[DSR_SUBJECT_SIZE];
};

static int
check_use(const struct stamp_command *s, int operands,
    enum dsr_imprint_kind *kind, struct dsr_error *err)
{
	int ways = (s->tsa != NULL) + (s->query_out != NULL) +
	    (s->reply_in != NULL);

	if (operands != 1)
		return dsr_fail(err, DSR_EUSAGE,
		    "wanted one archive, found %d", operands);
	if (ways != 1)
		return dsr_fail(err, DSR_EUSAGE, "wanted one of --tsa URL, "
		    "--query-out FILE, --query FILE with --reply-in FILE");
	if ((s->query_in == NULL) != (s->reply_in == NULL))
		return dsr_fail(err, DSR_EUSAGE,
		    "--query and --reply-in: wanted both or neither");
	if (!dsr_imprint_find(kind, s->digest))
		return dsr_fail(err, DSR_EUSAGE,
		    "--digest: wanted sha256, sha384 or sha512, found %s",
		    s->digest);
	if (s->tsa != NULL && strncmp(s->tsa, "http://", 7) != 0 &&
	    strncmp(s->tsa, "https://", 8) != 0)
		return dsr_fail(err, DSR_EUSAGE,
		    "--tsa: wanted a URL of http or https");
	return 0;
}

/* ---- the three ways ------------------------------------------------------ */

static int
write_query(struct stamp_command *s, const struct dsr_imprint *imprint,
    struct dsr_error *err)
{
	struct dsr_time_query q;
	struct dsr_buffer text;
	int rc = -1;

	dsr_buffer_init(&text, 256);
	dsr_time_query_init(&q, imprint);
	if (dsr_time_query_write(&q, &text, err) == 0)
		rc = dsr_file_write(s->query_out, text.data, text.len,
		    s->force, err);
	dsr_buffer_fini(&text);
	return rc;
}

static int
ask_authority(const struct stamp_command *s,
    const struct dsr_imprint *imprint, struct dsr_time_query *q,
    struct dsr_buffer *reply, struct dsr_error *err)
{
	struct dsr_buffer text;
	int rc = -1;

	dsr_buffer_init(&text, 256);
	dsr_time_query_init(q, imprint);
	if (dsr_time_query_write(q, &text, err) == 0)
		rc = stamp_post(s->tsa, s->ca_file, &text, reply, err);
	dsr_buffer_fini(&text);
	return rc;
}

/* The reply to a query that was written earlier, for this archive as it is. */
static int
read_reply(const struct stamp_command *s, const struct stamp_target *target,
    struct dsr_time_query *q, struct dsr_buffer *reply, struct dsr_error *err)
{
	struct dsr_imprint imprint;
	struct dsr_buffer text;
	int rc = -1;

	dsr_buffer_init(&text, DSR_MAX_TIME_REPLY);
	if (dsr_file_read(&text, s->query_in, err) != 0)
		goto out;
	if (dsr_time_query_parse(q, text.data, text.len, err) != 0) {
		(void)dsr_wrap(err, "%s", s->query_in);
		goto out;
	}
	if (stamp_target_imprint(target, q->imprint.kind, &imprint, err) != 0)
		goto out;
	if (!dsr_imprint_equals(&imprint, &q->imprint))
		dsr_fail(err, DSR_EFAILED, "%s: a query for another archive, "
		    "or for this one before it was changed", s->query_in);
	else
		rc = dsr_file_read(reply, s->reply_in, err);
out:
	dsr_buffer_fini(&text);
	return rc;
}

/* ---- adding -------------------------------------------------------------- */

static int
describe(struct stamp_command *s, const struct dsr_buffer *made,
    struct dsr_error *err)
{
	struct dsr_timestamp *stamp = NULL;
	struct timespec when;

	if (dsr_timestamp_parse(&stamp, made->data, made->len, err) != 0)
		return -1;
	dsr_timestamp_time(stamp, &when);
	dsr_time_format(s->gen_time, &when, 0);
	dsr_certificates_subject(dsr_timestamp_certificates(stamp),
	    dsr_timestamp_signer(stamp), s->authority);
	dsr_timestamp_free(stamp);
	return 0;
}

static int
add_stamp(struct stamp_command *s, struct stamp_target *target,
    enum dsr_imprint_kind kind, struct dsr_error *err)
{
	struct dsr_buffer reply, made;
	struct dsr_imprint imprint;
	struct dsr_time_query q;
	int rc = -1;

	dsr_buffer_init(&reply, DSR_MAX_TIME_REPLY);
	dsr_buffer_init(&made, DSR_MAX_ATTESTATION);
	if (s->reply_in != NULL) {
		if (read_reply(s, target, &q, &reply, err) != 0)
			goto out;
	} else if (stamp_target_imprint(target, kind, &imprint, err) != 0 ||
	    ask_authority(s, &imprint, &q, &reply, err) != 0) {
		goto out;
	}
	if (dsr_time_reply_normalise(reply.data, reply.len, &q, s->roots,
		&made, err) != 0 ||
	    describe(s, &made, err) != 0)
		goto out;
	rc = stamp_target_add(target, &made, err);
out:
	dsr_buffer_fini(&reply);
	dsr_buffer_fini(&made);
	return rc;
}

static int
stamp(struct stamp_command *s, enum dsr_imprint_kind kind,
    struct dsr_error *err)
{
	struct stamp_target *target = NULL;
	struct dsr_imprint imprint;
	int rc = -1;

	if (s->ca_file != NULL && (dsr_roots_new(&s->roots, err) != 0 ||
		dsr_roots_read(s->roots, s->ca_file, err) != 0))
		return -1;
	if (stamp_target_open(&target, s->file, err) != 0)
		return -1;
	(void)snprintf(s->member, sizeof(s->member), "%s",
	    stamp_target_member(target));
	if (s->query_out == NULL)
		rc = add_stamp(s, target, kind, err);
	else if (stamp_target_imprint(target, kind, &imprint, err) == 0)
		rc = write_query(s, &imprint, err);
	stamp_target_free(target);
	return rc;
}

/* ---- telling ------------------------------------------------------------- */

static int
print_json(const struct stamp_command *s, struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	dsr_json_put_text(w, "authority",
	    s->gen_time[0] == '\0' ? NULL : s->authority);
	dsr_json_put_count(w, "exit", 0);
	dsr_json_put_text(w, "file", s->file);
	dsr_json_put_text(w, "gen_time",
	    s->gen_time[0] == '\0' ? NULL : s->gen_time);
	dsr_json_put_text(w, "member", s->member);
	dsr_json_put_text(w, "type", "summary");
	return dsr_json_line_end(&line, err);
}

static int
print_text(const struct stamp_command *s, struct dsr_error *err)
{
	int failed;

	if (s->query_out != NULL)
		failed = dsr_print(stdout,
		    _("Wrote the query %s. Bring it to an authority, and its "
		      "reply back:\n"
		      "dossier stamp %s --query %s --reply-in REPLY\n"),
		    s->query_out, s->file, s->query_out);
	else
		failed = dsr_print(stdout,
		    _("Stamped %s: it existed not later than %s,\n"
		      "says %s.\n"),
		    s->file, s->gen_time, s->authority);
	return failed != 0 || fflush(stdout) != 0
	    ? dsr_fail_sys(err, "stdout")
	    : 0;
}

static int
run(struct stamp_command *s, enum dsr_imprint_kind kind,
    struct dsr_error *err)
{
	int rc = stamp(s, kind, err);

	if (rc == 0) {
		dsr_log(&s->common, "stamp: %s", s->member);
		if (s->common.json)
			rc = print_json(s, err);
		else if (!s->common.quiet)
			rc = print_text(s, err);
	}
	return rc != 0 ? dsr_report_error(&s->common, err) : 0;
}

int
stamp_main(int argc, char **argv)
{
	struct stamp_command s = { .digest = "sha256" };
	enum dsr_imprint_kind kind = DSR_IMPRINT_SHA256;
	struct dsr_error err;
	const struct dsr_option table[] = {
		{ "tsa", 0, DSR_OPTION_TEXT, &s.tsa, "URL",
		    N_("the authority (RFC 3161 over HTTP or HTTPS)"), 0, 0 },
		{ "ca-file", 0, DSR_OPTION_TEXT, &s.ca_file, "PEM",
		    N_("roots that the authority must belong to (else\n"
		       "those of the reply or of the system)"), 0, 0 },
		{ "digest", 0, DSR_OPTION_TEXT, &s.digest, "NAME",
		    N_("sha256, sha384 or sha512 (default: sha256)"), 0, 0 },
		{ "query-out", 0, DSR_OPTION_TEXT, &s.query_out, "FILE",
		    N_("only write the query, for a machine with a network"),
		    0, 0 },
		{ "query", 0, DSR_OPTION_TEXT, &s.query_in, "FILE",
		    N_("that query, when there is a reply"), 0, 0 },
		{ "reply-in", 0, DSR_OPTION_TEXT, &s.reply_in, "FILE",
		    N_("the reply: add it"), 0, 0 },
		{ "force", 0, DSR_OPTION_FLAG, &s.force, NULL,
		    N_("replace the file of --query-out if it exists"), 0, 0 },
	};
	const size_t count = sizeof(table) / sizeof(table[0]);
	int first = 0, status;

	if (dsr_options_parse(table, count, &s.common, argc, argv, &first,
		&err) != 0) {
		status = dsr_report_error(&s.common, &err);
	} else if (s.common.help) {
		dsr_options_help(&stamp_verb, table, count);
		status = 0;
	} else if (check_use(&s, argc - first, &kind, &err) != 0) {
		status = dsr_report_error(&s.common, &err);
	} else {
		s.file = argv[first];
		status = run(&s, kind, &err);
	}
	dsr_roots_free(s.roots);
	dsr_common_fini(&s.common);
	return status;
}
