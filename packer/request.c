/* SPDX-License-Identifier: ISC */
/* dossier request: a request.json to begin with, and what is wrong with one. */
#include "dossier/request.h"
#include "packer.h"

#include <stdio.h>
#include <string.h>

#include "dossier/file.h"
#include "dossier/json_print.h"
#include "dossier/language.h"
#include "dossier/limits.h"
#include "dossier/options.h"
#include "dossier/text.h"

struct request_verb {
	struct dsr_common common;
	bool template;
	const char *check; /* file */
	size_t mistakes;
	size_t examples; /* texts that are still those of the template */
};

const struct dsr_verb request_verb = {
	"request", "(--template | --check FILE) [OPTIONS]",
	N_("Print an example request.json, or check one."), request_main
};

/* Full names of the fields, for what a request leaves open. */
static const struct {
	const char *section;
	const char *key;
} fields[] = {
#define X(id, section, key, kind, required) { section, key },
	DSR_REQUEST_FIELDS(X)
#undef X
};

/* One JSON line; a failure to print is found by the last fflush. */
static void
print_json(size_t line, size_t column, const char *message)
{
	struct dsr_json_line out;
	struct dsr_error err;
	struct dsr_json_writer *w = dsr_json_line_begin(&out, &err);

	if (w == NULL)
		return;
	dsr_json_put_count(w, "column", column);
	dsr_json_put_count(w, "line", line);
	dsr_json_put_text(w, "message", message);
	dsr_json_put_text(w, "type", "error");
	(void)dsr_json_line_end(&out, &err);
}

static void
on_mistake(void *ctx, size_t line, size_t column, const char *message)
{
	struct request_verb *v = ctx;

	v->mistakes++;
	if (v->common.json)
		print_json(line, column, message);
	else
		(void)dsr_print(stderr, "%s:%zu:%zu: %s\n", v->check, line,
		    column, message);
}

static void
print_field(size_t i)
{
	(void)dsr_print(stdout, "    %s%s%s\n",
	    fields[i].section != NULL ? fields[i].section : "",
	    fields[i].section != NULL ? "." : "", fields[i].key);
}

/* What the law asks for and the page will call "not stated". */
static void
print_open(const struct dsr_request *r)
{
	size_t i, count = 0;

	for (i = 0; i < DSR_REQUEST_FIELD_COUNT; i++) {
		if (i == DSR_REQUEST_LEGAL_HOLD ||
		    i == DSR_REQUEST_RETAIN_UNTIL ||
		    dsr_request_count(r, (enum dsr_request_field)i, NULL) > 0)
			continue;
		if (count++ == 0)
			(void)dsr_print(stdout,
			    _("The page will say \"not stated\" for:\n"));
		print_field(i);
	}
}

/* What would reach the person though nobody wrote it. */
static void
print_examples(const bool left[DSR_REQUEST_FIELD_COUNT], size_t count)
{
	size_t i;

	if (count > 0)
		(void)dsr_print(stdout, _("Still as in the example:\n"));
	for (i = 0; i < DSR_REQUEST_FIELD_COUNT; i++)
		if (left[i])
			print_field(i);
}

static void
print_summary(const struct request_verb *v, int status)
{
	struct dsr_json_line line;
	struct dsr_error err;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, &err);

	if (w == NULL)
		return;
	dsr_json_put_count(w, "examples", v->examples);
	dsr_json_put_count(w, "exit", (uint64_t)status);
	dsr_json_put_count(w, "mistakes", v->mistakes);
	dsr_json_put_text(w, "type", "summary");
	(void)dsr_json_line_end(&line, &err);
}

/* 0, or the exit status of what was found, all of it told already. */
static int
parse_request(struct request_verb *v, const struct dsr_buffer *text)
{
	bool left[DSR_REQUEST_FIELD_COUNT];
	struct dsr_request *r = NULL;
	struct dsr_error err;
	int status = 0;

	if (dsr_request_check(&r, text->data, text->len, on_mistake, v,
		&err) != 0)
		return v->mistakes > 0 ? dsr_exit_status(err.code)
		    : dsr_report_error(&v->common, &err);
	if (dsr_request_examples(r, left, &v->examples, &err) != 0) {
		status = dsr_report_error(&v->common, &err);
	} else if (!v->common.json && !v->common.quiet) {
		(void)dsr_print(stdout, _("%s: no mistakes\n"), v->check);
		print_examples(left, v->examples);
		print_open(r);
	}
	dsr_request_free(r);
	return status;
}

static int
check_file(struct request_verb *v)
{
	struct dsr_buffer text;
	struct dsr_error err;
	int status;

	dsr_buffer_init(&text, DSR_MAX_REQUEST);
	if (dsr_file_read(&text, v->check, &err) != 0) {
		if (err.code == DSR_ELIMIT)
			err.code = DSR_EINPUT;
		status = dsr_report_error(&v->common, &err);
	} else {
		status = parse_request(v, &text);
		if (v->common.json)
			print_summary(v, status);
	}
	dsr_buffer_fini(&text);
	return status;
}

static int
check_use(const struct request_verb *v, int operands, struct dsr_error *err)
{
	if (operands != 0 || v->template == (v->check != NULL))
		return dsr_fail(err, DSR_EUSAGE, "request takes --template "
		    "or --check FILE; see dossier request --help");
	return 0;
}

/* What is printed must have arrived. */
static int
finish_output(const struct request_verb *v, int status)
{
	struct dsr_error err;

	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	dsr_fail_sys(&err, "stdout");
	return dsr_report_error(&v->common, &err);
}

static int
run_verb(struct request_verb *v)
{
	if (!v->template)
		return finish_output(v, check_file(v));
	(void)fputs(dsr_request_template, stdout);
	return finish_output(v, 0);
}

int
request_main(int argc, char **argv)
{
	struct request_verb v;
	const struct dsr_option table[] = {
		{ "template", 0, DSR_OPTION_FLAG, &v.template, NULL,
		    N_("print an example whose values explain themselves"), 0,
		    0 },
		{ "check", 0, DSR_OPTION_TEXT, &v.check, "FILE",
		    N_("tell every mistake in FILE"), 0, 0 },
	};
	const size_t count = sizeof(table) / sizeof(table[0]);
	struct dsr_error err;
	int first = 0, status = 0;

	memset(&v, 0, sizeof(v));
	if (dsr_options_parse(table, count, &v.common, argc, argv, &first,
		&err) != 0)
		status = dsr_report_error(&v.common, &err);
	else if (v.common.help)
		dsr_options_help(&request_verb, table, count);
	else if (check_use(&v, argc - first, &err) != 0)
		status = dsr_report_error(&v.common, &err);
	else
		status = run_verb(&v);
	dsr_common_fini(&v.common);
	return status;
}
