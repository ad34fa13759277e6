/* SPDX-License-Identifier: ISC */
/*
 * dossier VERB: runs the program that owns the verb. It links nothing but
 * libc, so that the packer and the verifier stay free of what the others need. Of
 * libdossier it has the texts of other languages, which need nothing more.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dossier/language.h"
#include "dossier/nearest.h"
#include "dossier/reason.h"
#include "pdf.h"

#define MAX_VERB 32 /* bytes of a word that is still compared with verbs */

struct verb {
	const char *name;
	const char *program;
	const char *summary; /* NULL: not part of this version */
};

/* clang-format off */
static const struct verb verbs[] = {
	{ "collect", "collector",
	    N_("fetch what a service keeps about a person into a case") },
	{ "add", "collector",
	    N_("add documents to a case that were obtained by hand") },
	{ "status", "collector",
	    N_("tell what a case holds, and what could not be obtained") },
	{ "connector", "collector",
	    N_("list, show and check the descriptions of services") },
	{ "request", "packer",
	    N_("make and check the file that describes the request") },
	{ "keygen", "packer", N_("make a pair of keys to sign with") },
	{ "pack", "packer",
	    N_("turn a case or a folder into one signed archive") },
	{ "encrypt", "packer",
	    N_("encrypt a file for those who may read it") },
	{ "stamp", "collector",
	    N_("add a time stamp to an archive") },
	{ "verify", "verifier",
	    N_("tell whether an archive is intact, and who signed it") },
	{ "report", "verifier",
	    N_("make a page of an archive, with the verdict on top") },
	{ "list", "verifier", N_("list the documents of an archive") },
	{ "extract", "verifier",
	    N_("write the files of an archive that is intact") },
	{ "prove", "verifier",
	    N_("show that one document belongs to an archive") },
	{ "verify-proof", "verifier", N_("tell whether such a proof holds") },
	{ "diff", "verifier",
	    N_("compare the documents of two archives") },
	{ "decrypt", "verifier", N_("decrypt a file that encrypt or age made") },
	{ "erase", "collector",
	    N_("show what can be erased at the service, or erase it") },
};
/* clang-format on */

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

static int
print_help(void)
{
	size_t i;

	puts(_("Usage: dossier VERB [OPTIONS]...\n\n"
	       "Answers a data-subject request: collects a person's data, packs "
	       "it into one\n"
	       "signed archive, and verifies such archives.\n"));
	for (i = 0; i < VERBS; i++)
		if (verbs[i].summary != NULL)
			printf("  %-14s%s\n", verbs[i].name,
			    _(verbs[i].summary));
	puts(_("\ndossier VERB --help tells about a verb; dossier --version "
	       "tells the version."));
	return fflush(stdout) == 0 ? 0 : 10;
}

static int
print_version(void)
{
	puts("dossier " DSR_VERSION);
	return fflush(stdout) == 0 ? 0 : 10;
}

static int
refuse_verb(const char *word)
{
	const char *names[VERBS], *nearest;
	size_t i, count = 0;

	for (i = 0; i < VERBS; i++)
		if (verbs[i].summary != NULL)
			names[count++] = verbs[i].name;
	nearest = strlen(word) < MAX_VERB ? dsr_nearest(word, names, count)
					  : NULL;
	if (nearest == NULL)
		fputs(_("dossier: there is no such verb\n"), stderr);
	else
		fprintf(stderr, _("dossier: there is no such verb; did you "
		    "mean \"%s\"?\n"), nearest);
	fputs(_("Try: dossier help\n"), stderr);
	return 2;
}

/* The folder of this program, with its last slash; "" to search $PATH. */
static void
find_folder(char *folder, size_t size, const char *argv0)
{
	ssize_t len = readlink("/proc/self/exe", folder, size - 1);
	char *slash;

	if (len < 0)
		len = snprintf(folder, size, "%s", argv0);
	folder[(size_t)len < size ? (size_t)len : 0] = '\0';
	slash = strrchr(folder, '/');
	folder[slash == NULL ? 0 : slash - folder + 1] = '\0';
}

static int
run_program(const char *program, char **argv)
{
	char folder[PATH_MAX], path[PATH_MAX + MAX_VERB];

	find_folder(folder, sizeof(folder), argv[0]);
	snprintf(path, sizeof(path), "%sdossier-%s", folder, program);
	argv[0] = path;
	execvp(path, argv);
	fprintf(stderr, _("dossier: cannot run %s: %s\n"), path,
	    _(dsr_reason(errno)));
	return 10;
}

/* The report, then the PDF of it; the verifier itself runs no program. */
static int
run_with_pdf(const char *program, char **argv, const struct pdf *pdf)
{
	pid_t child = fork();
	int status = 0, made;

	if (child < 0) {
		fprintf(stderr, "dossier: %s\n", _(dsr_reason(errno)));
		return 10;
	}
	if (child == 0)
		_exit(run_program(program, argv));
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	status = WIFEXITED(status) ? WEXITSTATUS(status)
				   : 128 + WTERMSIG(status);
	if ((status != 0 && status != 5) || pdf->help)
		return status;
	made = pdf_make(pdf);
	return made != 0 ? made : status;
}

static const struct verb *
find_verb(const char *word)
{
	size_t i;

	for (i = 0; i < VERBS; i++)
		if (strcmp(verbs[i].name, word) == 0)
			return verbs[i].summary == NULL ? NULL : &verbs[i];
	return NULL;
}

int
main(int argc, char **argv)
{
	static char help[] = "--help";
	const struct verb *verb;
	struct pdf pdf = { NULL, NULL, false, false, false };
	bool about = argc > 1 && strcmp(argv[1], "help") == 0;

	dsr_language_start();
	if (argc < 2) {
		fputs(_("Usage: dossier VERB [OPTIONS]...\n"), stderr);
		fputs(_("Try: dossier help\n"), stderr);
		return 2;
	}
	if (strcmp(argv[1], "--version") == 0)
		return print_version();
	if (strcmp(argv[1], help) == 0 || (about && argc == 2))
		return print_help();
	verb = find_verb(argv[about ? 2 : 1]);
	if (verb == NULL)
		return refuse_verb(argv[about ? 2 : 1]);
	if (about) { /* "help VERB" is "VERB --help" */
		argv[1] = argv[2];
		argv[2] = help;
	}
	if (strcmp(verb->name, "report") == 0)
		pdf_take_option(&pdf, argv);
	return pdf.output != NULL ? run_with_pdf(verb->program, argv, &pdf)
				  : run_program(verb->program, argv);
}
