/* SPDX-License-Identifier: ISC */
/*
 * VERIFY.txt: how to check the archive with tools that are not ours. English
 * only: it is for people who type commands, and commands are not translated.
 */
#include <string.h>

#include "dossier/language.h"
#include "dossier/page.h"
#include "page_parts.h"

struct text {
	const struct dsr_page *page;
	struct dsr_buffer *out;
	struct dsr_error *err;
	bool failed;
};

static const char introduction[] =
    "How to check this archive\n"
    "=========================\n"
    "\n"
    "Every claim of this archive can be checked with tools that others\n"
    "wrote. Run each command as it stands, after replacing the words in\n"
    "capitals. What is printed here proves nothing by itself: whoever\n"
    "changes the archive can change this file too.\n"
    "\n"
    "All at once, with our own program, which is stricter than the rest:\n"
    "\n";

static const char container[] =
    "\n"
    "1. The ZIP file can be read to its end\n"
    "\n"
    "In the folder that holds the ZIP file:\n"
    "\n";

static const char content[] =
    "\n"
    "2. Every file is the one that was packed\n"
    "\n"
    "In the folder where the archive was unpacked (this one):\n"
    "\n"
    "    sha256sum -c --strict manifest-sha256.txt\n"
    "    sha256sum -c --strict tagmanifest-sha256.txt\n"
    "\n"
    "Both must end without a word about a failure (on macOS: shasum -a 256\n"
    "-c). The first lists the documents, the second all other files.\n"
    "They show that the files agree with the lists, not who made the lists.\n"
    "A file that stands in neither list was not part of the archive (the\n"
    "folder signatures/ and the second list itself excepted).\n";

static const char without_signature[] =
    "\n"
    "3. Nobody has signed this archive\n"
    "\n"
    "It has no signature. The checks above can show that it agrees with\n"
    "itself; nothing can show who made it, or that nobody changed it since.\n"
    "Ask whoever sent it for a signed one.\n";

static const char signature[] =
    "\n"
    "3. The signature is by a key that you trust\n"
    "\n"
    "KEY.pub is the public key of whoever answers you. Get it from somewhere\n"
    "else than this archive: from their web site, by letter, by telephone. A\n"
    "key that came with the archive proves nothing, since anybody could have\n"
    "put it there. In the same folder:\n"
    "\n"
    "    minisign -V -p KEY.pub -m tagmanifest-sha256.txt"
    " -x signatures/tagmanifest-sha256.txt.minisig\n"
    "\n"
    "It must print \"Signature and comment signature verified\". The\n"
    "archive says that it was signed by the key with this fingerprint\n"
    "(SHA-256 of the 32 bytes of the key):\n"
    "\n";

static const char own_fingerprint[] =
    "\n"
    "and this shows the fingerprint of the key that you have:\n"
    "\n"
    "    sed -n 2p KEY.pub | base64 -d | tail -c 32 | sha256sum\n";

static const char body[] =
    "\n"
    "4. The ZIP file itself is the one that was signed\n"
    "\n"
    "minisign printed a line \"Trusted comment: dossier/1 id:... request:...\n"
    "members:... body:LENGTH:DIGEST documents:...\". It is signed too. In the\n"
    "folder that holds the ZIP file, with LENGTH from that line, not from\n"
    "anywhere else:\n"
    "\n";

static const char body_end[] =
    "\n"
    "It must print the DIGEST of that line. What follows those bytes is the\n"
    "signature itself and the directory of the ZIP file.\n";

static const char others[] =
    "\n"
    "5. The other signatures\n";

static const char sshsig[] =
    "\n"
    "The same signed list bears a signature of OpenSSH. ALLOWED_SIGNERS is a\n"
    "file with the line: dossier-seal namespaces=\"dossier-seal@v1\"\n"
    "ssh-ed25519 AAAA... (the key, from somewhere else than this archive):\n"
    "\n"
    "    ssh-keygen -Y verify -f ALLOWED_SIGNERS -I dossier-seal"
    " -n dossier-seal@v1 -s signatures/tagmanifest-sha256.txt.sig"
    " < tagmanifest-sha256.txt\n";

static const char cms[] =
    "\n"
    "It bears a signature by a certificate (CMS), too. CA.pem holds the certificates of\n"
    "the authorities that you trust:\n"
    "\n"
    "    openssl cms -verify -binary -inform DER"
    " -in signatures/tagmanifest-sha256.txt.p7s"
    " -content tagmanifest-sha256.txt -CAfile CA.pem -purpose any"
    " -out /dev/null\n";

/* Behind a number: whether there is a stamp is not known yet. */
static const char stamp[] =
    ". A time stamp, if there is one\n"
    "\n"
    "A file signatures/tagmanifest-sha256.txt.minisig.tsr shows that the\n"
    "signature existed at a certain time. That it is not there shows\n"
    "nothing. TSA.pem holds the certificates of the authorities for time\n"
    "stamps that you trust:\n"
    "\n"
    "    openssl ts -verify -data signatures/tagmanifest-sha256.txt.minisig"
    " -in signatures/tagmanifest-sha256.txt.minisig.tsr -CAfile TSA.pem\n"
    "    openssl ts -reply -text"
    " -in signatures/tagmanifest-sha256.txt.minisig.tsr\n"
    "\n"
    "The first must print \"Verification: OK\", the second prints the time.\n";

static void
add(struct text *t, const char *words)
{
	if (!t->failed && dsr_buffer_puts(t->out, words, t->err) != 0)
		t->failed = true;
}

/* "    " before NAME after LF: the name is safe in a shell. */
static void
add_command(struct text *t, const char *before, const char *after)
{
	add(t, "    ");
	add(t, before);
	add(t, t->page->name);
	add(t, after);
	add(t, "\n");
}

static bool
has_attestation(const struct dsr_page *page, const char *name)
{
	const struct dsr_list *list = &page->statement->attestations;
	const char *const *names = list->items;
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void
add_key(struct text *t)
{
	char half[PAGE_WORD_SIZE];

	/* two lines of eight groups: 64 digits are too long for one */
	dsr_page_fingerprint(half, t->page->seal_key_sha256, 32);
	add(t, "    ");
	add(t, half);
	add(t, "\n");
	if (strlen(t->page->seal_key_sha256) > 32) {
		dsr_page_fingerprint(half, t->page->seal_key_sha256 + 32, 32);
		add(t, "    ");
		add(t, half);
		add(t, "\n");
	}
}

static void
add_signatures(struct text *t)
{
	bool more = has_attestation(t->page, "sshsig") ||
	    has_attestation(t->page, "cms");

	add(t, signature);
	add_key(t);
	add(t, own_fingerprint);
	add(t, body);
	add_command(t, "head -c LENGTH ", ".zip | sha256sum");
	add(t, body_end);
	if (more)
		add(t, others);
	if (has_attestation(t->page, "sshsig"))
		add(t, sshsig);
	if (has_attestation(t->page, "cms"))
		add(t, cms);
	add(t, more ? "\n6" : "\n5");
	add(t, stamp);
}

int
dsr_verify_txt_write(const struct dsr_page *page, struct dsr_buffer *out,
    struct dsr_error *err)
{
	struct text t = { .page = page, .out = out, .err = err };
	bool is_signed = page->seal_key_sha256 != NULL;

	add(&t, introduction);
	add_command(&t, "dossier verify ",
	    is_signed ? ".zip --trust KEY.pub" : ".zip");
	add(&t, container);
	add_command(&t, "unzip -t ", ".zip");
	add(&t, content);
	if (is_signed)
		add_signatures(&t);
	else
		add(&t, without_signature);
	return t.failed ? -1 : 0;
}
