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

static void
note_option(struct pdf *pdf, char **argv, int i)
{
	const char *value;
	int taken;

	if ((value = value_of(argv, i, "--output", &taken)) != NULL ||
	    (value = value_of(argv, i, "-o", &taken)) != NULL)
		pdf->page = value;
	else if (strncmp(argv[i], "-o", 2) == 0 && argv[i][2] != '\0')
		pdf->page = argv[i] + 2;
	if (strcmp(argv[i], "--force") == 0)
		pdf->force = true;
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
		note_option(pdf, argv, from);
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
		fputs("dossier: the network could not be cut off for "
		    "WeasyPrint; the page asks for nothing from it\n",
		    stderr);
	execlp("weasyprint", "weasyprint", "-q", "--pdf-variant", "pdf/a-3b",
	    page, output, (char *)NULL);
	fprintf(stderr, "dossier: --pdf: weasyprint: %s (Debian package "
	    "weasyprint)\n", strerror(errno));
	_exit(127);
}

static int
run_weasyprint(const char *page, const char *output)
{
	int status = 0;
	pid_t child = fork();

	if (child < 0) {
		fprintf(stderr, "dossier: --pdf: %s\n", strerror(errno));
		return 10;
	}
	if (child == 0)
		become_weasyprint(page, output);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 10;
}

int
pdf_make(const struct pdf *pdf)
{
	char temporary[PATH_MAX];
	struct stat st;
	int n, status;

	if (!pdf->force && lstat(pdf->output, &st) == 0) {
		fprintf(stderr, "dossier: %s exists; --force replaces it\n",
		    pdf->output);
		return 1;
	}
	n = snprintf(temporary, sizeof(temporary), "%s.%ld.tmp", pdf->output,
	    (long)getpid());
	if (n < 0 || (size_t)n >= sizeof(temporary)) {
		fputs("dossier: --pdf: the name is too long\n", stderr);
		return 2;
	}
	umask(077);
	status = run_weasyprint(pdf->page, temporary);
	if (status == 0 && rename(temporary, pdf->output) != 0) {
		fprintf(stderr, "dossier: %s: %s\n", pdf->output,
		    strerror(errno));
		status = 10;
	}
	if (status != 0) {
		(void)unlink(temporary);
		return status;
	}
	printf("The PDF is %s. It declares PDF/A-3b; no validator has proved "
	    "it.\n", pdf->output);
	return fflush(stdout) == 0 ? 0 : 10;
}
