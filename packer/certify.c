/* SPDX-License-Identifier: ISC */
/* The X.509 key beside that of the seal: its certificate, its signature. */
#include <string.h>

#include "dossier/bag.h"
#include "dossier/cms.h"
#include "dossier/limits.h"
#include "making.h"

/*
 * A key that is not the certificate's, or a token that refuses, is seen before
 * hours of packing, not after them.
 */
static int
try_signer(struct making *m, struct dsr_error *err)
{
	struct dsr_buffer made;
	int rc;

	dsr_buffer_init(&made, DSR_MAX_ATTESTATION);
	rc = dsr_cms_sign(&m->signer, m->certificates, 0, "", 0, &made, err);
	dsr_buffer_fini(&made);
	return rc;
}

int
certificate_open(struct making *m, struct dsr_error *err)
{
	const struct pack_options *o = m->options;

	if (o->x509_key == NULL)
		return 0;
	if (dsr_certificates_new(&m->certificates, err) != 0 ||
	    dsr_certificates_read(m->certificates, o->x509_cert, err) != 0 ||
	    (o->x509_chain != NULL &&
		dsr_certificates_read(m->certificates, o->x509_chain, err) !=
		    0) ||
	    dsr_signer_open(&m->signer, o->x509_key,
		o->x509_passphrase_file, err) != 0 ||
	    try_signer(m, err) != 0)
		return -1;
	dsr_certificates_fingerprint(m->certificates, 0,
	    m->certificate_sha256);
	return 0;
}

int
certificate_add(struct making *m, struct dsr_error *err)
{
	struct dsr_buffer text;
	int rc = -1;

	if (m->certificates == NULL)
		return 0;
	dsr_buffer_init(&text, DSR_MAX_KEY_FILE);
	if (dsr_certificates_write(m->certificates, &text, err) == 0)
		rc = archive_add_tag(m->archive,
		    dsr_member_path(DSR_MEMBER_SIGNER_PEM), text.data,
		    text.len, err);
	dsr_buffer_fini(&text);
	return rc;
}

int
cms_add(struct making *m, struct dsr_error *err)
{
	const struct dsr_buffer *signed_root = archive_tagmanifest(m->archive);
	struct timespec when = { 0, 0 };
	struct dsr_buffer made;
	int rc = -1;

	if (m->certificates == NULL)
		return 0;
	dsr_buffer_init(&made, DSR_MAX_ATTESTATION);
	(void)dsr_time_parse(&when, m->packed, strlen(m->packed));
	if (dsr_cms_sign(&m->signer, m->certificates, when.tv_sec,
		signed_root->data, signed_root->len, &made, err) == 0)
		rc = archive_add_attestation(m->archive,
		    dsr_member_path(DSR_MEMBER_CMS), made.data, made.len, err);
	dsr_buffer_fini(&made);
	return rc;
}
