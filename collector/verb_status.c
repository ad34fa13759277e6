/* SPDX-License-Identifier: ISC */
/* dossier status CASE */
#include "collector.h"

#include <inttypes.h>

#include "dossier/case_store.h"
#include "dossier/language.h"
#include "dossier/text.h"

const struct dsr_verb status_verb = {
	"status", "CASE",
	N_("Tells what a case asked for, obtained and did not obtain."),
	status_main
};

static int
write_line(struct dsr_json_writer *w, struct dsr_buffer *line,
    struct dsr_error *err)
{
	if (dsr_json_writer_finish(w, err) != 0)
		return -1;
	(void)fwrite(line->data, 1, line->len, stdout);
	(void)fputc('\n', stdout);
	dsr_buffer_reset(line);
	return 0;
}

static void
write_count(struct dsr_json_writer *w, const char *key, uint64_t value)
{
	dsr_json_write_key(w, key);
	dsr_json_write_integer(w, (int64_t)value);
}

static int
write_endpoint(struct dsr_json_writer *w, struct dsr_buffer *line,
    const struct dsr_endpoint_counts *e, struct dsr_error *err)
{
	dsr_json_write_object(w);
	write_count(w, "asked", e->asked);
	dsr_json_write_key(w, "connector");
	dsr_json_write_string(w, e->connector);
	write_count(w, "documents", e->documents);
	dsr_json_write_key(w, "endpoint");
	dsr_json_write_string(w, e->endpoint);
	write_count(w, "gaps", e->gaps);
	write_count(w, "ignored", e->ignored);
	write_count(w, "left_out", e->left_out);
	dsr_json_write_key(w, "type");
	dsr_json_write_string(w, "status");
	dsr_json_write_end(w);
	return write_line(w, line, err);
}

static int
write_summary(struct dsr_json_writer *w, struct dsr_buffer *line,
    const struct dsr_counts *total, uint64_t pending, struct dsr_error *err)
{
	dsr_json_write_object(w);
	write_count(w, "bytes", total->bytes);
	write_count(w, "documents", total->documents);
	write_count(w, "exchanges", total->exchanges);
	write_count(w, "exit", 0);
	write_count(w, "gaps", total->gaps);
	write_count(w, "pending", pending);
	dsr_json_write_key(w, "type");
	dsr_json_write_string(w, "summary");
	dsr_json_write_end(w);
	return write_line(w, line, err);
}

static void
print_total(const struct dsr_counts *total, uint64_t pending)
{
	if (pending > 0)
		(void)dsr_print(stdout,
		    _("Not finished: %" PRIu64 " requests are still to be made.\n"),
		    pending);
	else if (total->gaps > 0)
		(void)dsr_print(stdout,
		    _("Finished, with gaps: %" PRIu64 ".\n"), total->gaps);
	else
		(void)dsr_print(stdout, _("Complete.\n"));
	(void)dsr_print(stdout,
	    _("%" PRIu64 " documents, %" PRIu64 " bytes, %" PRIu64
	      " requests\n"),
	    total->documents, total->bytes, total->exchanges);
}

static int
print_endpoints(struct dsr_case *c, struct dsr_json_writer *w,
    struct dsr_buffer *line, struct dsr_error *err)
{
	struct dsr_case_endpoints *endpoints = NULL;
	struct dsr_endpoint_counts e;
	int got;

	if (dsr_case_endpoints_new(&endpoints, c, err) != 0)
		return -1;
	while ((got = dsr_case_endpoints_next(endpoints, &e, err)) == 1) {
		if (w != NULL) {
			if (write_endpoint(w, line, &e, err) != 0) {
				got = -1;
				break;
			}
			continue;
		}
		(void)dsr_print(stdout,
		    _("  %s/%s: asked %" PRIu64 ", obtained %" PRIu64
		      ", gaps %" PRIu64),
		    e.connector, e.endpoint, e.asked, e.documents, e.gaps);
		if (e.ignored > 0)
			(void)dsr_print(stdout, _(", nothing there %" PRIu64),
			    e.ignored);
		if (e.left_out > 0)
			(void)dsr_print(stdout,
			    _(", of other people %" PRIu64), e.left_out);
		(void)dsr_print(stdout, "\n");
	}
	dsr_case_endpoints_free(endpoints);
	return got;
}

static int
print_status(const char *path, bool json, struct dsr_error *err)
{
	struct dsr_case *c = NULL;
	struct dsr_json_writer *w = NULL;
	struct dsr_buffer line;
	struct dsr_counts total;
	uint64_t pending;
	int result = -1;

	dsr_buffer_init(&line, 65536);
	if (dsr_case_open(&c, path, err) != 0 ||
	    dsr_case_counts(c, &total, err) != 0 ||
	    dsr_case_pending(c, &pending, err) != 0 ||
	    (json && dsr_json_writer_new(&w, &line, err) != 0))
		goto out;
	if (!json)
		print_total(&total, pending);
	if (print_endpoints(c, w, &line, err) != 0 ||
	    (json && write_summary(w, &line, &total, pending, err) != 0))
		goto out;
	result = 0;
out:
	dsr_json_writer_free(w);
	dsr_buffer_fini(&line);
	dsr_case_free(c);
	return result;
}

int
status_main(int argc, char **argv)
{
	struct dsr_common common = { 0 };
	struct dsr_error err;
	int first = 0, status = 0;

	if (dsr_options_parse(NULL, 0, &common, argc, argv, &first, &err) !=
	        0 ||
	    (!common.help && argc - first != 1 &&
	        dsr_fail(&err, DSR_EUSAGE, "status wants one case") != 0))
		status = dsr_report_error(&common, &err);
	else if (common.help)
		dsr_options_help(&status_verb, NULL, 0);
	else if (print_status(argv[first], common.json, &err) != 0)
		status = dsr_report_error(&common, &err);
	dsr_common_fini(&common);
	return status;
}
