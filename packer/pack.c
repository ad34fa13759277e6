/* SPDX-License-Identifier: ISC */
#include "pack.h"

#include <libgen.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dossier/bag.h"
#include "dossier/case_store.h"
#include "dossier/clock.h"
#include "dossier/language.h"
#include "dossier/name.h"
#include "dossier/pool.h"
#include "dossier/progress.h"
#include "dossier/text.h"
#include "making.h"
#include "payload.h"

bool
pack_is_encrypted(const struct pack_options *o)
{
	return o->recipients.count > 0 || o->encrypt_passphrase_file != NULL;
}

static bool
ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), tail = strlen(end);

	return len >= tail && strcmp(s + len - tail, end) == 0;
}

/* A name of another format would mislead: what is written is a ZIP file. */
static int
check_ending(const char *output, struct dsr_error *err)
{
	static const char *const others[] = { ".tar", ".tgz", ".gz", ".bz2",
		".xz", ".zst", ".7z", ".rar", ".iso", ".pdf", ".html" };
	const char *dot = strrchr(output, '.');

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (dot != NULL && strcasecmp(dot, others[i]) == 0)
			return dsr_fail(err, DSR_EUSAGE, "-o %s: an archive "
			    "is a ZIP file; wanted a name that ends in .zip, "
			    "not in %s", output, others[i]);
	return 0;
}

/* A name that says whether it is encrypted, and keys if it is. */
static int
read_recipients(struct making *m, struct dsr_error *err)
{
	const struct pack_options *o = m->options;

	if (check_ending(o->output, err) != 0)
		return -1;
	if (pack_is_encrypted(o) && !ends_with(o->output, ".zip.age"))
		return dsr_fail(err, DSR_EUSAGE, "-o: wanted a name that ends "
		    "in .zip.age for an encrypted archive, found %s",
		    o->output);
	if (!pack_is_encrypted(o) && ends_with(o->output, ".age"))
		return dsr_fail(err, DSR_EUSAGE, "-o %s: wanted --recipient "
		    "or --passphrase-file, for whom it is encrypted",
		    o->output);
	return !pack_is_encrypted(o) ? 0
	    : dsr_age_recipients_new(&m->recipients, o->recipients.items,
		o->recipients.count, o->encrypt_passphrase_file, err);
}

/* NAME is --name, else the last part of -o without .zip or .zip.age. */
static int
choose_name(struct making *m, struct dsr_error *err)
{
	const char *from = m->options->name;
	char *copy = NULL, *base;
	size_t len;

	if (from == NULL) {
		if ((copy = strdup(m->options->output)) == NULL)
			return dsr_fail(err, DSR_ENOMEM, "name");
		base = basename(copy);
		if (ends_with(base, ".zip.age"))
			base[strlen(base) - strlen(".age")] = '\0';
		len = strlen(base);
		if (len > 4 && ends_with(base, ".zip"))
			base[len - 4] = '\0';
		from = base;
	}
	if (!dsr_archive_name_is_safe(from)) {
		dsr_fail(err, DSR_EUSAGE,
		    "the archive's name: wanted a letter or digit, then "
		    "letters, digits, '.', '_' or '-', at most %u in all, "
		    "found %s (give one with --name)", DSR_MAX_ARCHIVE_NAME,
		    from);
		free(copy);
		return -1;
	}
	(void)strncpy(m->name, from, sizeof(m->name) - 1);
	free(copy);
	return 0;
}

static int
check_languages(const struct making *m, struct dsr_error *err)
{
	const bool by_option = m->options->languages.count > 0;
	const enum dsr_code code = by_option ? DSR_EUSAGE : DSR_EINPUT;
	const char *from = by_option ? "--lang" : m->options->request;
	size_t i, k;

	for (i = 0; i < pages_count(m); i++) {
		if (!dsr_language_exists(pages_language(m, i)))
			return dsr_fail(err, code, "%s: language %s: wanted "
			    "one of en, nl, fr, de", from,
			    pages_language(m, i));
		for (k = 0; k < i; k++)
			if (strcmp(pages_language(m, i),
				pages_language(m, k)) == 0)
				return dsr_fail(err, code,
				    "%s: language %s is given twice", from,
				    pages_language(m, i));
	}
	return 0;
}

static int
read_request(struct making *m, struct dsr_error *err)
{
	bool left[DSR_REQUEST_FIELD_COUNT];

	if (m->options->request == NULL)
		return 0;
	if (dsr_file_read(&m->request_text, m->options->request, err) != 0)
		return -1;
	if (dsr_request_parse(&m->request, m->request_text.data,
		m->request_text.len, NULL, NULL, err) != 0)
		return dsr_wrap(err, "%s", m->options->request);
	return dsr_request_examples(m->request, left, &m->examples, err);
}

/* The archive that this one continues answers the same request. */
static int
read_previous(struct making *m, struct dsr_error *err)
{
	const char *request = m->request == NULL
	    ? "-"
	    : dsr_request_text(m->request, DSR_REQUEST_ID, NULL);

	if (m->options->previous == NULL)
		return 0;
	if (previous_read(&m->previous, m->options->previous, err) != 0)
		return -1;
	if (strcmp(m->previous.seal.request, request) != 0)
		return dsr_fail(err, DSR_EINPUT,
		    "previous archive: %s: it answers request %s, the new one "
		    "%s", m->options->previous, m->previous.seal.request,
		    request);
	return 0;
}

static int
read_key(struct making *m, struct dsr_error *err)
{
	if (m->options->key == NULL)
		return 0;
	if (dsr_secret_key_read(&m->key, m->options->key,
		m->options->passphrase_file, err) != 0)
		return -1;
	dsr_secret_key_public(m->key, &m->public_key);
	dsr_key_fingerprint(m->key_sha256, m->public_key.key);
	return 0;
}

static int
read_secret(struct making *m, struct dsr_error *err)
{
	struct dsr_secret text = { NULL, 0 };
	bool good;

	if (m->options->secret_file == NULL) {
		dsr_random_bytes(m->secret, sizeof(m->secret));
		return 0;
	}
	if (dsr_secret_read(&text, m->options->secret_file, err) != 0)
		return -1;
	good = dsr_hex_decode(m->secret, sizeof(m->secret), text.data,
	    text.len);
	dsr_secret_fini(&text);
	return good ? 0
	    : dsr_fail(err, DSR_EINPUT,
		"%s: wanted 64 lower-case hexadecimal digits",
		m->options->secret_file);
}

/* Everything that can be wrong with the options, before anything is made. */
static int
read_inputs(struct making *m, struct dsr_error *err)
{
	if (m->options->id != NULL && !dsr_uuid_is_valid(m->options->id))
		return dsr_fail(err, DSR_EUSAGE,
		    "--id: wanted a UUID in lower case, found %s",
		    m->options->id);
	if (read_recipients(m, err) != 0 || choose_name(m, err) != 0 ||
	    read_request(m, err) != 0 || read_previous(m, err) != 0 ||
	    check_languages(m, err) != 0)
		return -1;
	return read_key(m, err) != 0 ? -1 : certificate_open(m, err);
}

/* What is drawn once: from the options, or kept in the case. */
static int
draw(struct making *m, struct dsr_error *err)
{
	struct dsr_case *c = source_case(m->source);
	struct timespec when;

	if (c != NULL) {
		(void)strncpy(m->id, dsr_case_uuid(c), sizeof(m->id) - 1);
		memcpy(m->secret, dsr_case_secret(c), sizeof(m->secret));
		if (dsr_case_packing_time(c, &when, err) != 0)
			return -1;
	} else {
		dsr_uuid_new(m->id);
		if (dsr_clock_packing(&when, err) != 0)
			return -1;
	}
	if (m->options->id != NULL)
		(void)strncpy(m->id, m->options->id, sizeof(m->id) - 1);
	if ((c == NULL || m->options->secret_file != NULL) &&
	    read_secret(m, err) != 0)
		return -1;
	dsr_time_format(m->packed, &when, 0);
	return 0;
}

static unsigned int
jobs_of(const struct pack_options *o)
{
	return o->jobs > 0 ? (unsigned int)o->jobs : dsr_processor_count();
}

/* Into the file, or through age on the way there. */
static int
open_archive(struct making *m, struct dsr_error *err)
{
	const struct pack_options *o = m->options;
	struct dsr_sink file, age;

	m->fd = dsr_outfile_fd(m->file);
	if (m->recipients != NULL) {
		dsr_sink_of_fd(&file, &m->fd);
		if (dsr_age_writer_new(&m->age, m->recipients, &file, err) !=
		    0)
			return -1;
		dsr_sink_of_age(&age, m->age);
	}
	return archive_new(&m->archive, m->fd, m->age != NULL ? &age : NULL,
	    m->name, (int)o->level, jobs_of(o), err);
}

/* What is encrypted in the archive must not lie beside it in the clear. */
static int
open_spools(struct making *m, struct dsr_error *err)
{
	struct dsr_spool **const spools[] = { &m->documents, &m->exchanges,
		&m->gaps, &m->erasures };
	size_t i;

	for (i = 0; i < sizeof(spools) / sizeof(spools[0]); i++)
		if ((m->recipients != NULL
			    ? dsr_spool_new_secret(spools[i], err)
			    : dsr_spool_new(spools[i], err)) != 0)
			return -1;
	return 0;
}

static int
open_all(struct making *m, struct dsr_error *err)
{
	const struct pack_options *o = m->options;
	struct stat st;

	if (stat(o->input, &st) != 0)
		return dsr_fail_sys(err, "%s", o->input);
	if (!S_ISDIR(st.st_mode))
		return dsr_fail(err, DSR_EINPUT,
		    N_("%s: wanted a folder or a case, found a file"),
		    o->input);
	if (dsr_outfile_new(&m->file, o->output, o->force, err) != 0)
		return -1;
	if (fstat(dsr_outfile_fd(m->file), &st) != 0)
		return dsr_fail_sys(err, "%s", o->output);
	if (source_open(&m->source, o->input, m->name, &st,
		m->recipients != NULL, err) != 0 ||
	    open_archive(m, err) != 0 || open_spools(m, err) != 0 ||
	    dsr_tree_new(&m->tree, err) != 0 ||
	    dsr_arena_new(&m->arena, err) != 0 ||
	    dsr_words_new(&m->words, err) != 0 ||
	    dsr_showcase_new(&m->showcase, m->recipients != NULL, err) != 0)
		return -1;
	return draw(m, err);
}

static int
add_no_documents(struct making *m, struct dsr_error *err)
{
	struct dsr_zip_entry e;
	struct dsr_deflater *stored = NULL;
	uint8_t sha256[DSR_SHA256_BYTES];
	size_t len = strlen(dsr_no_documents_txt);
	uint8_t *copy = malloc(len);
	int rc = -1;

	if (copy == NULL)
		return dsr_fail(err, DSR_ENOMEM, "text");
	if (dsr_deflater_new(&stored, 0, err) != 0)
		goto out;
	dsr_sha256(sha256, dsr_no_documents_txt, len);
	dsr_deflater_pack(stored, &e, copy,
	    (const uint8_t *)dsr_no_documents_txt, len);
	rc = archive_add_payload(m->archive,
	    dsr_member_path(DSR_MEMBER_NO_DOCUMENTS), sha256, &e, copy, err);
out:
	dsr_deflater_free(stored);
	free(copy);
	return rc;
}

static int
add_payload(struct making *m, struct dsr_error *err)
{
	struct payload p;
	int rc;

	memset(&p, 0, sizeof(p));
	p.source = m->source;
	p.archive = m->archive;
	p.documents = m->documents;
	p.gaps = m->gaps;
	p.tree = m->tree;
	p.showcase = m->showcase;
	p.secret = m->secret;
	p.level = (int)m->options->level;
	p.jobs = jobs_of(m->options);
	if (dsr_progress_new(&p.progress, _("documents packed"),
		m->common->no_progress || m->common->quiet, err) != 0)
		return -1;
	rc = payload_add_all(&p, err);
	dsr_progress_free(p.progress);
	m->document_count = p.document_count;
	m->document_bytes = p.document_bytes;
	m->gap_count += p.gap_count;
	m->max_exchange = p.max_exchange;
	if (rc == 0 && p.document_count == 0)
		rc = add_no_documents(m, err);
	return rc;
}

static void
tell_result(const struct making *m, struct pack_result *result)
{
	struct stat st;

	result->documents = m->document_count;
	result->bytes = m->document_bytes;
	result->gaps = m->gap_count;
	result->examples = m->examples;
	result->size = fstat(dsr_outfile_fd(m->file), &st) == 0
	    ? (uint64_t)st.st_size
	    : 0;
	memcpy(result->id, m->id, sizeof(result->id));
	result->key_id[0] = '\0';
	if (m->key != NULL)
		dsr_key_id_text(result->key_id, m->public_key.id);
}

static void
making_fini(struct making *m)
{
	archive_free(m->archive);
	dsr_age_writer_free(m->age);
	dsr_age_recipients_free(m->recipients);
	source_free(m->source);
	dsr_outfile_free(m->file);
	dsr_spool_free(m->documents);
	dsr_spool_free(m->exchanges);
	dsr_spool_free(m->gaps);
	dsr_spool_free(m->erasures);
	dsr_tree_free(m->tree);
	dsr_arena_free(m->arena);
	dsr_words_free(m->words);
	dsr_showcase_free(m->showcase);
	dsr_request_free(m->request);
	dsr_buffer_fini(&m->request_text);
	dsr_secret_key_free(m->key);
	dsr_signer_close(&m->signer);
	dsr_certificates_free(m->certificates);
	sodium_memzero(m->secret, sizeof(m->secret));
}

int
pack(const struct pack_options *o, const struct dsr_common *common,
    struct pack_result *result, struct dsr_error *err)
{
	struct making m;
	int rc = -1;

	memset(&m, 0, sizeof(m));
	m.options = o;
	m.common = common;
	dsr_buffer_init(&m.request_text, DSR_MAX_REQUEST);
	if (read_inputs(&m, err) != 0 || open_all(&m, err) != 0 ||
	    add_payload(&m, err) != 0 || evidence_collect(&m, err) != 0 ||
	    evidence_add(&m, err) != 0 || statement_add(&m, err) != 0 ||
	    pages_add(&m, err) != 0 || seal_add(&m, err) != 0 ||
	    (m.age != NULL && dsr_age_writer_finish(m.age, err) != 0))
		goto out;
	tell_result(&m, result);
	rc = dsr_outfile_commit(m.file, err);
out:
	making_fini(&m);
	return rc;
}
