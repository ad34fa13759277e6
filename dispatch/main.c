/* SPDX-License-Identifier: ISC */
/*
 * dossier VERB: runs the program that owns the verb. It links nothing but
 * libc, so that the packer and the verifier stay free of what the others need.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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
	    "fetch what a service keeps about a person into a case" },
	{ "add", "collector",
	    "add documents to a case that were obtained by hand" },
	{ "status", "collector",
	    "tell what a case holds, and what could not be obtained" },
	{ "connector", "collector",
	    "list, show and check the descriptions of services" },
	{ "request", "packer",
	    "make and check the file that describes the request" },
	{ "keygen", "packer", "make a pair of keys to sign with" },
	{ "pack", "packer",
	    "turn a case or a folder into one signed archive" },
	{ "encrypt", "packer",
	    "encrypt a file for those who may read it" },
	{ "stamp", "collector",
	    "add a time stamp to an archive" },
	{ "verify", "verifier",
	    "tell whether an archive is intact, and who signed it" },
	{ "report", "verifier",
	    "make a page of an archive, with the verdict on top" },
	{ "list", "verifier", "list the documents of an archive" },
	{ "extract", "verifier",
	    "write the files of an archive that is intact" },
	{ "prove", "verifier",
	    "show that one document belongs to an archive" },
	{ "verify-proof", "verifier", "tell whether such a proof holds" },
	{ "diff", "verifier",
	    "compare the documents of two archives" },
	{ "decrypt", "verifier", "decrypt a file that encrypt or age made" },
	{ "erase", "collector",
	    "show what can be erased at the service, or erase it" },
};
/* clang-format on */

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

static int
print_help(void)
{
	size_t i;

	puts("Usage: dossier VERB [OPTIONS]...\n\n"
	    "Answers a data-subject request: collects a person's data, packs "
	    "it into one\n"
	    "signed archive, and verifies such archives.\n");
	for (i = 0; i < VERBS; i++)
		if (verbs[i].summary != NULL)
			printf("  %-14s%s\n", verbs[i].name, verbs[i].summary);
	puts("\ndossier VERB --help tells about a verb; dossier --version "
	    "tells the version.");
	return fflush(stdout) == 0 ? 0 : 10;
}

static int
print_version(void)
{
	puts("dossier " DSR_VERSION);
	return fflush(stdout) == 0 ? 0 : 10;
}

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Levenshtein: letters to add, drop or replace; both shorter than MAX_VERB. */
static size_t
word_distance(const char *a, const char *b)
{
	size_t row[MAX_VERB], corner, above, i, j, len = strlen(b);

	for (j = 0; j <= len; j++)
		row[j] = j;
	for (i = 0; a[i] != '\0'; i++) {
		corner = row[0];
		row[0] = i + 1;
		for (j = 0; j < len; j++) {
			above = row[j + 1];
			row[j + 1] = least(above + 1, row[j] + 1,
			    corner + (a[i] != b[j]));
			corner = above;
		}
	}
	return row[len];
}

static int
refuse_verb(const char *word)
{
	const char *nearest = NULL;
	size_t i, distance, best = 3; /* further off it is another word */

	for (i = 0; i < VERBS && strlen(word) < MAX_VERB; i++) {
		if (verbs[i].summary == NULL)
			continue;
		distance = word_distance(word, verbs[i].name);
		if (distance < best) {
			best = distance;
			nearest = verbs[i].name;
		}
	}
	fputs("dossier: there is no such verb", stderr);
	if (nearest != NULL)
		fprintf(stderr, "; did you mean \"%s\"?", nearest);
	fputs("\nTry: dossier help\n", stderr);
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
	fprintf(stderr, "dossier: cannot run %s: %s\n", path, strerror(errno));
	return 10;
}

/* The report, then the PDF of it; the verifier itself runs no program. */
static int
run_with_pdf(const char *program, char **argv, const struct pdf *pdf)
{
	pid_t child = fork();
	int status = 0, made;

	if (child < 0) {
		fprintf(stderr, "dossier: %s\n", strerror(errno));
		return 10;
	}
	if (child == 0)
		_exit(run_program(program, argv));
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	status = WIFEXITED(status) ? WEXITSTATUS(status)
				   : 128 + WTERMSIG(status);
	if ((status != 0 && status != 5) || pdf->page == NULL)
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
	struct pdf pdf = { NULL, NULL, false };
	bool about = argc > 1 && strcmp(argv[1], "help") == 0;

	if (argc < 2) {
		fputs("Usage: dossier VERB [OPTIONS]...\nTry: dossier help\n",
		    stderr);
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
