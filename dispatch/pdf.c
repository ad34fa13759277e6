/* SPDX-License-Identifier: ISC */
#include "pdf.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dossier/language.h"
#include "dossier/reason.h"

#define NOT_STARTED 127 /* exit status, as that of a shell */

/* The value of an option in argv[i] or behind it; *taken: how many words. */
static const char *
value_of(char **argv, int i, const char *name, int *taken)
{
	size_t len = strlen(name);

	*taken = 0;
	if (strncmp(argv[i], name, len) != 0)
		return NULL;
	if (argv[i][len] == '=') {
		*taken = 1;
		return argv[i] + len + 1;
	}
	if (argv[i][len] != '\0' || argv[i + 1] == NULL)
		return NULL;
	*taken = 2;
	return argv[i + 1];
}

/*
 * A word of letters: -q, -qo PAGE, -oPAGE; i has a value, too. How many words
 * that is.
 */
static int
note_letters(struct pdf *pdf, char **argv, int i)
{
	const char *p = argv[i] + 1;

	for (; *p != '\0' && *p != 'o' && *p != 'i'; p++) {
		pdf->quiet |= *p == 'q';
		pdf->help |= *p == 'h';
	}
	if (*p == '\0' || (p[1] == '\0' && argv[i + 1] == NULL))
		return 1;
	if (*p == 'o')
		pdf->page = p[1] != '\0' ? p + 1 : argv[i + 1];
	return p[1] != '\0' ? 1 : 2;
}

/* What the PDF goes by; how many words that are. */
static int
note_option(struct pdf *pdf, char **argv, int i)
{
	const char *value;
	int taken;

	if (argv[i][0] == '-' && argv[i][1] != '-')
		return note_letters(pdf, argv, i);
	if ((value = value_of(argv, i, "--output", &taken)) != NULL) {
		pdf->page = value;
		return taken;
	}
	if (strcmp(argv[i], "--force") == 0)
		pdf->force = true;
	else if (strcmp(argv[i], "--quiet") == 0 ||
	    strcmp(argv[i], "--json") == 0)
		pdf->quiet = true;
	else if (strcmp(argv[i], "--help") == 0)
		pdf->help = true;
	return 1;
}

void
pdf_take_option(struct pdf *pdf, char **argv)
{
	const char *value;
	int from, to, taken;

	memset(pdf, 0, sizeof(*pdf));
	for (from = to = 0; argv[from] != NULL;) {
		value = value_of(argv, from, "--pdf", &taken);
		if (value != NULL) {
			pdf->output = value;
			from += taken;
			continue;
		}
		for (taken = note_option(pdf, argv, from); taken > 0; taken--)
			argv[to++] = argv[from++];
	}
	argv[to] = NULL;
}

/*
 * In a network of its own, which leads nowhere. The page names no address;
 * where the system does not allow this, WeasyPrint still has nothing to fetch.
 */
static void
become_weasyprint(const char *page, const char *output)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
		fputs(_("dossier: the network could not be cut off for "
			"WeasyPrint; the page asks for nothing from it\n"),
		    stderr);
	execlp("weasyprint", "weasyprint", "-q", "--pdf-variant", "pdf/a-3b",
	    page, output, (char *)NULL);
	fprintf(stderr,
	    _("dossier: --pdf: weasyprint: %s (Debian package weasyprint)\n"),
	    _(dsr_reason(errno)));
	_exit(NOT_STARTED);
}

static int
run_weasyprint(const char *page, const char *output)
{
	int status = 0;
	pid_t child = fork();

	if (child < 0) {
		fprintf(stderr, "dossier: --pdf: %s\n", _(dsr_reason(errno)));
		return 10;
	}
	if (child == 0)
		become_weasyprint(page, output);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != NOT_STARTED)
		fputs(_("dossier: --pdf: WeasyPrint failed; no PDF was made\n"),
		    stderr);
	return 10;
}

int
pdf_make(const struct pdf *pdf)
{
	char temporary[PATH_MAX];
	struct stat st;
	int n, status;

	if (pdf->page == NULL) {
		fputs(_("dossier: --pdf: no PDF was made; give the page as -o "
			"OUT.html or --output OUT.html\n"), stderr);
		return 2;
	}
	if (!pdf->force && lstat(pdf->output, &st) == 0) {
		fputs("dossier: ", stderr);
		fprintf(stderr, _("%s exists already (--force replaces it)"),
		    pdf->output);
		fputc('\n', stderr);
		return 1;
	}
	n = snprintf(temporary, sizeof(temporary), "%s.%ld.tmp", pdf->output,
	    (long)getpid());
	if (n < 0 || (size_t)n >= sizeof(temporary)) {
		fputs(_("dossier: --pdf: the name is too long\n"), stderr);
		return 2;
	}
	umask(077);
	status = run_weasyprint(pdf->page, temporary);
	if (status == 0 && rename(temporary, pdf->output) != 0) {
		fprintf(stderr, "dossier: %s: %s\n", pdf->output,
		    _(dsr_reason(errno)));
		status = 10;
	}
	if (status != 0) {
		(void)unlink(temporary);
		return status;
	}
	if (!pdf->quiet)
		printf(_("The PDF is %s. It declares PDF/A-3b; no validator "
			 "has proved it.\n"), pdf->output);
	return fflush(stdout) == 0 ? 0 : 10;
}
