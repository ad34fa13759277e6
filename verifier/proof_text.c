/* SPDX-License-Identifier: ISC */
/*
 * PROOF.txt. English only, as VERIFY.txt: it is for people who type commands.
 * Names in an archive are safe in a shell.
 */
#include "proof.h"

static const char introduction[] =
    "How to check this proof\n"
    "=======================\n"
    "\n"
    "This folder shows that one document belongs to a sealed archive, and\n"
    "who sealed it. It tells nothing about the other documents of that\n"
    "archive but how many there are. The document is\n"
    "\n"
    "%s\n"
    "\n"
    "What is printed here proves nothing by itself: whoever changes the\n"
    "proof can change this file too. Run the commands in this folder, in\n"
    "bash, as they stand, after replacing the words in capitals.\n"
    "\n"
    "All at once, with our own program:\n"
    "\n"
    "    dossier verify-proof . --trust KEY.pub\n"
    "\n"
    "1. The document is the one that its line describes\n"
    "\n"
    "    sha256sum %s\n"
    "    grep -oE '\"sha256\":\"[0-9a-f]{64}\"' line.jsonl\n"
    "\n"
    "Both must print the same 64 digits.\n"
    "\n"
    "2. The signature is by a key that you trust\n"
    "\n"
    "KEY.pub is the public key of whoever made the archive. Get it from\n"
    "somewhere else than this folder: from their web site, by letter, by\n"
    "telephone. The one in keys/ proves nothing, since anybody could have\n"
    "put it there.\n"
    "\n"
    "    minisign -V -p KEY.pub -m tagmanifest-sha256.txt"
    " -x signatures/tagmanifest-sha256.txt.minisig\n"
    "\n"
    "It must print \"Signature and comment signature verified\", and then a\n"
    "line that ends in \"documents:LEAVES:ROOT\", a number and 64 digits. It\n"
    "is signed, too.\n";

static const char sshsig[] =
    "\n"
    "The same list bears a signature of OpenSSH. ALLOWED_SIGNERS is a file\n"
    "with the line: dossier-seal namespaces=\"dossier-seal@v1\"\n"
    "ssh-ed25519 AAAA... (the key, from somewhere else than this folder):\n"
    "\n"
    "    ssh-keygen -Y verify -f ALLOWED_SIGNERS -I dossier-seal"
    " -n dossier-seal@v1 -s signatures/tagmanifest-sha256.txt.sig"
    " < tagmanifest-sha256.txt\n";

static const char cms[] =
    "\n"
    "It bears a signature by a certificate (CMS), too. CA.pem holds the\n"
    "certificates of the authorities that you trust:\n"
    "\n"
    "    openssl cms -verify -binary -inform DER"
    " -in signatures/tagmanifest-sha256.txt.p7s"
    " -content tagmanifest-sha256.txt -CAfile CA.pem -purpose any"
    " -out /dev/null\n";

static const char stamp[] =
    "\n"
    "A time stamp shows that the signature existed at the time that the\n"
    "second command prints. TSA.pem holds the certificates of the authorities\n"
    "for time stamps that you trust:\n"
    "\n"
    "    openssl ts -verify -data signatures/tagmanifest-sha256.txt.minisig"
    " -in signatures/tagmanifest-sha256.txt.minisig.tsr -CAfile TSA.pem\n"
    "    openssl ts -reply -text"
    " -in signatures/tagmanifest-sha256.txt.minisig.tsr\n";

/* RFC 9162, section 2.1.3.2, with sha256sum for the digests. */
static const char path[] =
    "\n"
    "3. The line belongs to the archive that was signed\n"
    "\n"
    "The line is a leaf of the tree whose root was signed; the digests in\n"
    "proof.json lead from the leaf to the root (RFC 9162). With LEAVES from\n"
    "the line that minisign printed, not from anywhere else:\n"
    "\n"
    "    node() { printf \"$(sed 's/../\\\\x&/g' <<<\"01$1$2\")\" |"
    " sha256sum | cut -c 1-64; }\n"
    "    h=$( (printf '\\0'; cat line.jsonl) | sha256sum | cut -c 1-64)\n"
    "    i=$(grep -oE '\"index\":[0-9]+' proof.json | cut -d : -f 2)\n"
    "    last=$((LEAVES - 1))\n"
    "    for p in $(grep -oE '[0-9a-f]{64}' proof.json); do\n"
    "        if [ $((i % 2)) = 1 ] || [ $i = $last ]; then\n"
    "            h=$(node $p $h)\n"
    "            while [ $((i % 2)) = 0 ] && [ $i != 0 ]; do"
    " i=$((i / 2)) last=$((last / 2)); done\n"
    "        else\n"
    "            h=$(node $h $p)\n"
    "        fi\n"
    "        i=$((i / 2)) last=$((last / 2))\n"
    "    done\n"
    "    echo $last $h\n"
    "\n"
    "It must print 0 and the ROOT of that line.\n";

int
proof_text_write(struct dsr_buffer *out, const char *document,
    const struct proof_others *others, struct dsr_error *err)
{
	if (dsr_buffer_printf(out, err, introduction, document, document) != 0)
		return -1;
	if (others->sshsig && dsr_buffer_puts(out, sshsig, err) != 0)
		return -1;
	if (others->cms && dsr_buffer_puts(out, cms, err) != 0)
		return -1;
	if (others->stamp && dsr_buffer_puts(out, stamp, err) != 0)
		return -1;
	return dsr_buffer_puts(out, path, err);
}
