/* SPDX-License-Identifier: ISC */
/* How a person checks the file: three steps, stock tools, the key. */
#include "page_parts.h"

#include <string.h>

#include "dossier/language.h"

/* A command line as one types it; after not NULL: the name between them. */
static void
write_command(const struct page_writer *w, const char *before,
    const char *after)
{
	dsr_html_open(w->html, "pre");
	dsr_html_open(w->html, "code");
	dsr_html_attr(w->html, "translate", "no");
	dsr_html_text(w->html, before);
	if (after != NULL)
		dsr_html_foreign(w->html, w->page->name,
		    strlen(w->page->name));
	dsr_html_text(w->html, after);
	dsr_html_close(w->html, "code");
	dsr_html_close(w->html, "pre");
}

static void
write_key(const struct page_writer *w)
{
	char groups[PAGE_WORD_SIZE];

	dsr_page_fingerprint(groups, w->page->seal_key_sha256, 64);
	dsr_html_open(w->html, "p");
	dsr_html_text(w->html, _("Fingerprint of the key that signed:"));
	dsr_html_open(w->html, "br");
	dsr_html_open(w->html, "code");
	dsr_html_attr(w->html, "class", "key");
	dsr_html_text(w->html, groups);
	dsr_html_close(w->html, "code");
	dsr_html_close(w->html, "p");
}

static void
write_step(const struct page_writer *w, const char *text,
    const char *before, const char *after)
{
	dsr_html_open(w->html, "li");
	dsr_html_text(w->html, text);
	if (before != NULL)
		write_command(w, before, after);
	dsr_html_close(w->html, "li");
}

static void
write_signed(const struct page_writer *w)
{
	dsr_page_paragraph(w, NULL,
	    _("This file is signed. If one letter of it is changed, the "
	      "signature no longer fits. But this page cannot vouch for "
	      "itself: whoever changes the file can change the page too. "
	      "So check it from outside, in three steps."));
	dsr_html_open(w->html, "ol");
	dsr_html_attr(w->html, "class", "steps");
	write_step(w, _("Get the public key (KEY.pub) of whoever answers you "
	    "from somewhere else than this file: from their web site, by "
	    "letter, or by telephone. Never use a key that came with the "
	    "file itself: anybody could have put it there."), NULL, NULL);
	write_step(w, _("Compare its fingerprint with the one below. This "
	    "command shows it:"),
	    "sed -n 2p KEY.pub | base64 -d | tail -c 32 | sha256sum", NULL);
	write_step(w, _("Let the program dossier check the file as you "
	    "received it, before it was unpacked. It must say that nothing "
	    "has changed and that you trust the key:"),
	    "dossier verify ", ".zip --trust KEY.pub");
	dsr_html_close(w->html, "ol");
	write_key(w);
}

static void
write_unsigned(const struct page_writer *w)
{
	dsr_page_paragraph(w, "note",
	    _("Nobody has signed this file. A check can show that it agrees "
	      "with itself; it cannot show who made it, nor that nobody "
	      "changed it. Ask whoever answers you for a signed one."));
	dsr_html_open(w->html, "ol");
	dsr_html_attr(w->html, "class", "steps");
	write_step(w, _("Ask whoever sent the file, by another way than the "
	    "one it came by, whether it is theirs."), NULL, NULL);
	write_step(w, _("Let the program dossier check the file as you "
	    "received it, before it was unpacked:"),
	    "dossier verify ", ".zip");
	write_step(w, _("Or compare every file with the list of "
	    "fingerprints, in the folder where this page is:"),
	    "sha256sum -c --strict manifest-sha256.txt", NULL);
	dsr_html_close(w->html, "ol");
}

static void
write_stock_tools(const struct page_writer *w)
{
	dsr_html_open(w->html, "details");
	dsr_html_attr(w->html, "open", NULL);
	dsr_html_simple(w->html, "summary",
	    _("Without our program, with tools that many computers have"));
	dsr_page_paragraph(w, NULL, _("In the folder where this page is:"));
	write_command(w, "sha256sum -c --strict manifest-sha256.txt", NULL);
	write_command(w, "sha256sum -c --strict tagmanifest-sha256.txt",
	    NULL);
	if (w->page->seal_key_sha256 != NULL)
		write_command(w, "minisign -V -p KEY.pub "
		    "-m tagmanifest-sha256.txt "
		    "-x signatures/tagmanifest-sha256.txt.minisig", NULL);
	dsr_page_paragraph(w, NULL, _("The file VERIFY.txt beside this page "
	    "explains each command."));
	dsr_html_close(w->html, "details");
}

void
dsr_page_check(const struct page_writer *w)
{
	dsr_page_section(w, "check", _("Check it yourself"));
	if (w->page->seal_key_sha256 != NULL)
		write_signed(w);
	else
		write_unsigned(w);
	write_stock_tools(w);
	dsr_html_close(w->html, "section");
}
