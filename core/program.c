/* SPDX-License-Identifier: ISC */
#include "dossier/options.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "dossier/file.h"
#include "dossier/json_print.h"
#include "dossier/language.h"
#include "dossier/memory.h"
#include "dossier/outfolder.h"
#include "dossier/text.h"

const char *
dsr_version(void)
{
	return DSR_VERSION;
}

/* Outputs that are not whole go away with the program. */
static void
on_signal(int number)
{
	dsr_outfile_abandon_all();
	dsr_outfolder_abandon_all();
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

static void
prepare_process(void)
{
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP };
	const struct rlimit no_core = { 0, 0 };
	struct sigaction act;
	size_t i;

	memset(&act, 0, sizeof(act));
	act.sa_handler = on_signal;
	(void)sigemptyset(&act.sa_mask);
	for (i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		(void)sigaction(ending[i], &act, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	/* a limit on files is said like a full disk, and nothing is left */
	(void)signal(SIGXFSZ, SIG_IGN);
	/* secrets must not reach a core file */
	(void)setrlimit(RLIMIT_CORE, &no_core);
#ifndef DSR_SANITIZED /* the leak checker must attach to its own process */
	(void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

static int
print_verbs(FILE *out, const char *program,
    const struct dsr_verb *const *verbs)
{
	const struct dsr_verb *const *v;

	(void)dsr_print(out, _("Usage: %s VERB [OPTIONS]...\n\n"), program);
	for (v = verbs; *v != NULL; v++)
		(void)dsr_print(out, "  %-14s%s\n", (*v)->name,
		    _((*v)->summary));
	(void)dsr_print(out, _("\nSee dossier VERB --help.\n"));
	return out == stdout ? 0 : dsr_exit_status(DSR_EUSAGE);
}

/* What was printed got there, or the exit status says that it did not. */
static int
end_output(int status)
{
	const struct dsr_common common = { 0 };
	struct dsr_error err;

	if (dsr_print_lost()) {
		(void)dsr_fail(&err, DSR_ENOMEM, "what was to be printed");
		return dsr_report_error(&common, &err);
	}
	errno = EIO; /* when an earlier write failed, and not this one */
	if (status != 0 || (fflush(stdout) == 0 && ferror(stdout) == 0))
		return status;
	(void)dsr_fail_sys(&err, "stdout");
	return dsr_report_error(&common, &err);
}

int
dsr_program_main(const char *program, const struct dsr_verb *const *verbs,
    int argc, char **argv)
{
	const struct dsr_verb *const *v;

	if (!dsr_memory_start()) {
		(void)fputs("dossier: libcrypto was used before the program began:"
			    " by a preloaded library?\n", stderr);
		return dsr_exit_status(DSR_EBUG);
	}
	dsr_language_start();
	prepare_process();
	if (sodium_init() < 0) {
		(void)fputs("dossier: libsodium does not start\n", stderr);
		return dsr_exit_status(DSR_EBUG);
	}
	if (argc < 2)
		return print_verbs(stderr, program, verbs);
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
		return end_output(print_verbs(stdout, program, verbs));
	if (strcmp(argv[1], "--version") == 0) {
		(void)dsr_print(stdout, "dossier %s\n", dsr_version());
		return end_output(0);
	}
	for (v = verbs; *v != NULL; v++)
		if (strcmp((*v)->name, argv[1]) == 0)
			return end_output((*v)->run(argc - 1, argv + 1));
	(void)dsr_print(stderr, _("%s: %s is not a verb of this program\n"),
	    program, argv[1]);
	return dsr_exit_status(DSR_EUSAGE);
}

static void
print_json_error(const struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_error second;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, &second);

	if (w == NULL)
		return;
	dsr_json_put_count(w, "exit", (uint64_t)dsr_exit_status(err->code));
	dsr_json_put_text(w, "kind", dsr_code_text(err->code));
	/* may be cut in the middle of a character, or name a path in Latin-1 */
	dsr_json_put_text(w, "message", err->msg);
	dsr_json_put_text(w, "type", "error");
	(void)dsr_json_line_end(&line, &second);
}

/*
 * Who reads what is printed had enough, as head has: the program ends as others
 * do, without a word, by the signal. Not by the status of a success.
 */
static void
end_if_nobody_reads(const struct dsr_error *err)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	if (err->sys != EPIPE || poll(&out, 1, 0) != 1 ||
	    (out.revents & POLLERR) == 0)
		return;
	(void)signal(SIGPIPE, SIG_DFL);
	(void)raise(SIGPIPE);
}

/*
 * Memory that was refused is said to be the reason; what failed for want of it
 * may look like anything else.
 */
static const struct dsr_error *
find_reason(const struct dsr_error *err, struct dsr_error *memory)
{
	if (dsr_memory_refusals() == 0)
		return err;
	if (err->code != DSR_ENOMEM)
		(void)dsr_fail(memory, DSR_ENOMEM, N_("not enough memory"));
	else if (err->sys == 0)
		(void)dsr_fail(memory, DSR_ENOMEM,
		    N_("not enough memory: %s"), err->msg);
	else
		return err;
	return memory;
}

int
dsr_report_error(const struct dsr_common *common, const struct dsr_error *given)
{
	struct dsr_error memory;
	const struct dsr_error *err = find_reason(given, &memory);

	end_if_nobody_reads(err);
	if (common->json)
		print_json_error(err);
	(void)dsr_print(stderr, "dossier: %s\n", err->text);
	if (err->code == DSR_EUSAGE && common->verb != NULL &&
	    strstr(err->msg, "dossier ") == NULL) /* says what to do itself */
		(void)dsr_print(stderr, _("See dossier %s --help.\n"),
		    common->verb);
	dsr_log(common, "error: %s", err->msg);
	return dsr_exit_status(err->code);
}
