/* SPDX-License-Identifier: ISC */
/* dossier report --pdf: WeasyPrint, if it is installed, on the page. */
#ifndef DISPATCH_PDF_H
#define DISPATCH_PDF_H

#include <stdbool.h>

struct pdf {
	const char *output; /* of --pdf, or NULL */
	const char *page;   /* of -o, or NULL */
	bool force;
	bool quiet; /* or JSON: standard output is the verifier's alone */
	bool help;
};

/*
 * Takes --pdf out of argv (which stays NULL-terminated) and notes the options
 * it goes with.
 */
void pdf_take_option(struct pdf *pdf, char **argv);
/* Makes the PDF of the page; 0, or an exit status of dossier with a message. */
int pdf_make(const struct pdf *pdf);

#endif
