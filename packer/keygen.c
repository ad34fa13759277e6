/* SPDX-License-Identifier: ISC */
/* dossier keygen: a new key pair for the seal, in minisign's formats. */
#include "packer.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dossier/file.h"
#include "dossier/json_print.h"
#include "dossier/language.h"
#include "dossier/limits.h"
#include "dossier/minisign.h"
#include "dossier/options.h"
#include "dossier/text.h"

#define PUBLIC_MODE 0644 /* of NAME.pub: it is there to be given away */

struct keygen {
	struct dsr_common common;
	const char *name;
	const char *passphrase_file;
	bool no_passphrase;
	struct dsr_secret passphrase;
};

/* One of the two files: first NAME.key, then NAME.pub. */
struct half {
	char *path;
	struct dsr_outfile *file;
	struct stat st; /* tells ours from another of the same name */
};

const struct dsr_verb keygen_verb = {
	"keygen", "-o NAME [OPTIONS]",
	N_("Make the key pair that seals archives: NAME.key and NAME.pub."),
	keygen_main
};

/* minisign reads one line of at most DSR_MAX_PASSPHRASE bytes */
static int
check_passphrase(const struct dsr_secret *s, struct dsr_error *err)
{
	if (s->len == 0)
		return dsr_fail(err, DSR_EINPUT,
		    "the passphrase is empty (--no-passphrase does without)");
	if (s->len > DSR_MAX_PASSPHRASE)
		return dsr_fail(err, DSR_EINPUT,
		    "the passphrase is longer than %u bytes",
		    DSR_MAX_PASSPHRASE);
	if (memchr(s->data, '\n', s->len) != NULL ||
	    memchr(s->data, '\r', s->len) != NULL ||
	    memchr(s->data, '\0', s->len) != NULL)
		return dsr_fail(err, DSR_EINPUT,
		    "the passphrase is more than one line");
	return 0;
}

static int
ask_twice(struct dsr_secret *out, struct dsr_error *err)
{
	struct dsr_secret again = { NULL, 0 };
	int rc = -1;

	if (dsr_secret_prompt(out, _("Passphrase for the new key: "), err) !=
		0 ||
	    check_passphrase(out, err) != 0 ||
	    dsr_secret_prompt(&again, _("The same once more: "), err) != 0)
		goto out;
	if (again.len != out->len ||
	    sodium_memcmp(again.data, out->data, out->len) != 0) {
		dsr_fail(err, DSR_EINPUT, "the two passphrases differ");
		goto out;
	}
	rc = 0;
out:
	dsr_secret_fini(&again);
	return rc;
}

static int
take_passphrase(struct keygen *k, struct dsr_error *err)
{
	if (k->no_passphrase)
		return 0;
	if (k->passphrase_file == NULL) {
		if (ask_twice(&k->passphrase, err) == 0)
			return 0;
		return err->code != DSR_EUSAGE ? -1
		    : dsr_wrap(err, "wanted --passphrase-file FILE or "
			"--no-passphrase");
	}
	if (dsr_secret_read(&k->passphrase, k->passphrase_file, err) != 0)
		return -1;
	if (check_passphrase(&k->passphrase, err) != 0)
		return dsr_wrap(err, "%s", k->passphrase_file);
	return 0;
}

static int
open_half(struct half *h, const char *name, const char *suffix, mode_t mode,
    struct dsr_error *err)
{
	if (asprintf(&h->path, "%s%s", name, suffix) < 0) {
		h->path = NULL;
		return dsr_fail(err, DSR_ENOMEM, "file name");
	}
	if (dsr_outfile_new(&h->file, h->path, false, err) != 0) {
		if (err->code == DSR_EEXISTS)
			dsr_fail(err, DSR_EEXISTS,
			    "%s exists already; a key is never overwritten",
			    h->path);
		return -1;
	}
	if (fchmod(dsr_outfile_fd(h->file), mode) != 0 ||
	    fstat(dsr_outfile_fd(h->file), &h->st) != 0)
		return dsr_fail_sys(err, "%s", h->path);
	return 0;
}

/* Takes back what may stand under its name already. */
static void
withdraw_half(const struct half *h)
{
	struct stat st;

	if (lstat(h->path, &st) == 0 && st.st_dev == h->st.st_dev &&
	    st.st_ino == h->st.st_ino)
		(void)unlink(h->path);
}

/* The secret half first: a public key that nobody can sign for misleads. */
static int
commit_halves(struct half half[2], struct dsr_error *err)
{
	if (dsr_outfile_commit(half[0].file, err) != 0 ||
	    dsr_outfile_commit(half[1].file, err) != 0) {
		withdraw_half(&half[0]);
		withdraw_half(&half[1]);
		return -1;
	}
	return 0;
}

static int
write_secret(const struct keygen *k, const struct dsr_secret_key *key,
    const struct half *h, struct dsr_error *err)
{
	struct dsr_buffer text;
	int rc = -1;

	dsr_buffer_init(&text, DSR_MAX_KEY_FILE);
	if (dsr_secret_key_write(key, k->no_passphrase ? NULL : &k->passphrase,
		&text, err) != 0 ||
	    dsr_write_all(dsr_outfile_fd(h->file), text.data, text.len, err) !=
		0)
		goto out;
	rc = 0;
out:
	if (text.data != NULL)
		sodium_memzero(text.data, text.cap);
	dsr_buffer_fini(&text);
	return rc;
}

static int
write_public(const struct dsr_public_key *key, const struct half *h,
    struct dsr_error *err)
{
	struct dsr_buffer text;
	int rc = -1;

	dsr_buffer_init(&text, DSR_MAX_KEY_FILE);
	if (dsr_public_key_write(key, &text, err) != 0 ||
	    dsr_write_all(dsr_outfile_fd(h->file), text.data, text.len, err) !=
		0)
		goto out;
	rc = 0;
out:
	dsr_buffer_fini(&text);
	return rc;
}

static void
print_fingerprint(const char *fingerprint)
{
	size_t i;

	for (i = 0; i < DSR_SHA256_HEX - 1; i += 4)
		(void)dsr_print(stdout, "%s%.4s%s", i % 32 == 0 ? "    " : " ",
		    fingerprint + i, i % 32 == 28 ? "\n" : "");
}

static void
print_text(const char *id, const char *fingerprint, const struct half half[2])
{
	(void)dsr_print(stdout, _("Secret key:  %s (keep it, and keep it "
				  "secret)\n"),
	    half[0].path);
	(void)dsr_print(stdout, _("Public key:  %s\n"), half[1].path);
	(void)dsr_print(stdout, _("Key id:      %s\n"), id);
	(void)dsr_print(stdout, _("Fingerprint (SHA-256 of the key):\n"));
	print_fingerprint(fingerprint);
	(void)dsr_print(stdout,
	    _("\nGive %s to everybody who shall verify your archives, and tell "
	      "them the\nfingerprint in another way: on paper, by telephone, "
	      "on your website. An\narchive cannot vouch for its own key.\n"),
	    half[1].path);
}

/* A path for JSON: null when it is not UTF-8. */
static int
print_json(const char *id, const char *fingerprint, const struct half half[2],
    struct dsr_error *err)
{
	struct dsr_json_line line;
	struct dsr_json_writer *w = dsr_json_line_begin(&line, err);

	if (w == NULL)
		return -1;
	dsr_json_put_text(w, "fingerprint", fingerprint);
	dsr_json_put_text(w, "key", half[0].path);
	dsr_json_put_text(w, "key_id", id);
	dsr_json_put_text(w, "public_key", half[1].path);
	dsr_json_put_text(w, "type", "key");
	return dsr_json_line_end(&line, err);
}

static int
print_result(const struct keygen *k, const struct dsr_public_key *public,
    const struct half half[2], struct dsr_error *err)
{
	char id[DSR_KEY_ID_HEX], fingerprint[DSR_SHA256_HEX];

	dsr_key_id_text(id, public->id);
	dsr_key_fingerprint(fingerprint, public->key);
	dsr_log(&k->common, "keygen: made %s, id %s", half[1].path, id);
	if (k->common.json)
		return print_json(id, fingerprint, half, err);
	if (!k->common.quiet)
		print_text(id, fingerprint, half);
	return 0;
}

/* Both names are taken before anybody is asked for anything. */
static int
make_pair(struct keygen *k, struct dsr_error *err)
{
	struct half half[2];
	struct dsr_secret_key *key = NULL;
	struct dsr_public_key public;
	int rc = -1;

	memset(half, 0, sizeof(half));
	if (open_half(&half[0], k->name, ".key", 0600, err) != 0 ||
	    open_half(&half[1], k->name, ".pub", PUBLIC_MODE, err) != 0 ||
	    take_passphrase(k, err) != 0 ||
	    dsr_secret_key_generate(&key, err) != 0)
		goto out;
	dsr_secret_key_public(key, &public);
	if (write_secret(k, key, &half[0], err) != 0 ||
	    write_public(&public, &half[1], err) != 0 ||
	    commit_halves(half, err) != 0 ||
	    print_result(k, &public, half, err) != 0)
		goto out;
	rc = 0;
out:
	dsr_secret_key_free(key);
	dsr_outfile_free(half[0].file);
	dsr_outfile_free(half[1].file);
	free(half[0].path);
	free(half[1].path);
	return rc;
}

static int
check_use(const struct keygen *k, int operands, struct dsr_error *err)
{
	if (k->name == NULL || k->name[0] == '\0')
		return dsr_fail(err, DSR_EUSAGE, "-o NAME is missing");
	if (operands != 0)
		return dsr_fail(err, DSR_EUSAGE,
		    "keygen takes options only; see dossier keygen --help");
	if (k->no_passphrase && k->passphrase_file != NULL)
		return dsr_fail(err, DSR_EUSAGE,
		    "--passphrase-file and --no-passphrase exclude each other");
	return 0;
}

int
keygen_main(int argc, char **argv)
{
	struct keygen k;
	const struct dsr_option table[] = {
		{ "output", 'o', DSR_OPTION_TEXT, &k.name, "NAME",
		    N_("write NAME.key and NAME.pub"), 0, 0 },
		{ "passphrase-file", 0, DSR_OPTION_TEXT, &k.passphrase_file,
		    "FILE", N_("passphrase of the key (else asked for)"), 0,
		    0 },
		{ "no-passphrase", 0, DSR_OPTION_FLAG, &k.no_passphrase, NULL,
		    N_("leave the secret key unprotected"), 0, 0 },
	};
	const size_t count = sizeof(table) / sizeof(table[0]);
	struct dsr_error err;
	int first = 0, status = 0;

	memset(&k, 0, sizeof(k));
	if (dsr_options_parse(table, count, &k.common, argc, argv, &first,
		&err) != 0)
		status = dsr_report_error(&k.common, &err);
	else if (k.common.help)
		dsr_options_help(&keygen_verb, table, count);
	else if (check_use(&k, argc - first, &err) != 0 ||
	    make_pair(&k, &err) != 0)
		status = dsr_report_error(&k.common, &err);
	dsr_secret_fini(&k.passphrase);
	dsr_common_fini(&k.common);
	return status;
}
