/* SPDX-License-Identifier: ISC */
/* The last part of an archive: keys, the bag's own files, attestations. */
#include <string.h>

#include "dossier/bag.h"
#include "dossier/limits.h"
#include "dossier/seal.h"
#include "dossier/sshsig.h"
#include "making.h"

static int
add_public_key(struct making *m, struct dsr_error *err)
{
	struct dsr_buffer text;
	int rc = -1;

	dsr_buffer_init(&text, DSR_MAX_KEY_FILE);
	if (dsr_public_key_write(&m->public_key, &text, err) == 0)
		rc = archive_add_tag(m->archive,
		    dsr_member_path(DSR_MEMBER_SEAL_PUB), text.data, text.len,
		    err);
	dsr_buffer_fini(&text);
	return rc;
}

static int
add_allowed_signers(struct making *m, struct dsr_error *err)
{
	struct dsr_buffer text;
	int rc = -1;

	dsr_buffer_init(&text, DSR_MAX_KEY_FILE);
	if (dsr_allowed_signers_write(m->public_key.key, DSR_SSHSIG_PRINCIPAL,
		DSR_SSHSIG_NAMESPACE, &text, err) == 0)
		rc = archive_add_tag(m->archive,
		    dsr_member_path(DSR_MEMBER_ALLOWED_SIGNERS), text.data,
		    text.len, err);
	dsr_buffer_fini(&text);
	return rc;
}

static int
add_bag_files(struct making *m, struct dsr_error *err)
{
	const struct dsr_bag_info info = { &m->statement,
		m->key == NULL ? NULL : m->key_sha256,
		m->certificates == NULL ? NULL : m->certificate_sha256,
		archive_payload_bytes(m->archive),
		archive_payload_files(m->archive) };
	struct dsr_buffer text;
	int rc = -1;

	dsr_buffer_init(&text, DSR_MAX_TAG_FILE);
	if (archive_add_tag(m->archive, dsr_member_path(DSR_MEMBER_BAGIT),
		DSR_BAGIT_TXT, strlen(DSR_BAGIT_TXT), err) == 0 &&
	    dsr_bag_info_write(&text, &info, err) == 0 &&
	    archive_add_tag(m->archive, dsr_member_path(DSR_MEMBER_BAG_INFO),
		text.data, text.len, err) == 0)
		rc = archive_add_manifests(m->archive, err);
	dsr_buffer_fini(&text);
	return rc;
}

static int
add_sshsig(struct making *m, struct dsr_error *err)
{
	const struct dsr_buffer *signed_root = archive_tagmanifest(m->archive);
	struct dsr_buffer text;
	int rc = -1;

	dsr_buffer_init(&text, DSR_SSHSIG_MAX);
	if (dsr_sshsig_sign(m->key, DSR_SSHSIG_NAMESPACE, signed_root->data,
		signed_root->len, &text, err) == 0)
		rc = archive_add_attestation(m->archive,
		    dsr_member_path(DSR_MEMBER_SSHSIG), text.data, text.len,
		    err);
	dsr_buffer_fini(&text);
	return rc;
}

static int
describe_body(struct making *m, struct dsr_seal *seal, struct dsr_error *err)
{
	memset(seal, 0, sizeof(*seal));
	(void)strncpy(seal->format, DSR_FORMAT, sizeof(seal->format) - 1);
	memcpy(seal->id, m->id, sizeof(seal->id));
	(void)strncpy(seal->request,
	    m->statement.request == NULL ? "-" : m->statement.request,
	    sizeof(seal->request) - 1);
	seal->documents = dsr_tree_count(m->tree);
	dsr_tree_root(m->tree, seal->tree_root);
	return archive_body(m->archive, &seal->members, &seal->body_len,
	    seal->body_sha256, err);
}

static int
add_seal(struct making *m, struct dsr_error *err)
{
	const struct dsr_buffer *signed_root = archive_tagmanifest(m->archive);
	uint8_t prehash[DSR_PREHASH_BYTES];
	struct dsr_buffer comment, text;
	struct dsr_seal seal;
	int rc = -1;

	dsr_buffer_init(&comment, DSR_MAX_COMMENT);
	dsr_buffer_init(&text, DSR_MAX_ATTESTATION);
	dsr_minisign_prehash(prehash, signed_root->data, signed_root->len);
	if (describe_body(m, &seal, err) == 0 &&
	    dsr_seal_write(&seal, &comment, err) == 0 &&
	    dsr_minisign_sign(m->key, prehash, DSR_SEAL_UNTRUSTED,
		dsr_buffer_str(&comment), &text, err) == 0)
		rc = archive_add_attestation(m->archive,
		    dsr_member_path(DSR_MEMBER_SEAL), text.data, text.len,
		    err);
	dsr_buffer_fini(&comment);
	dsr_buffer_fini(&text);
	return rc;
}

int
seal_add(struct making *m, struct dsr_error *err)
{
	if (m->key != NULL &&
	    (add_public_key(m, err) != 0 ||
		add_allowed_signers(m, err) != 0 ||
		certificate_add(m, err) != 0))
		return -1;
	if (add_bag_files(m, err) != 0)
		return -1;
	if (m->key != NULL &&
	    (add_sshsig(m, err) != 0 || cms_add(m, err) != 0 ||
		add_seal(m, err) != 0))
		return -1;
	return archive_finish(m->archive, err);
}
