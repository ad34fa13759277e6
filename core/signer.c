/* SPDX-License-Identifier: ISC */
#include "dossier/signer.h"

#include <string.h>

/* The first one whose prefix fits; a file's is empty. */
static const struct dsr_signer_ops *const all[] = {
	&dsr_signer_pkcs11, &dsr_signer_file
};

int
dsr_signer_open(struct dsr_signer *s, const char *place,
    const char *secret_file, struct dsr_error *err)
{
	size_t i = 0;

	memset(s, 0, sizeof(*s));
	while (strncmp(place, all[i]->prefix, strlen(all[i]->prefix)) != 0)
		i++;
	if (all[i]->open(&s->self, place, secret_file, err) != 0)
		return -1;
	s->ops = all[i];
	return 0;
}

int
dsr_signer_sign(struct dsr_signer *s, struct dsr_buffer *signature,
    const void *msg, size_t len, struct dsr_error *err)
{
	return s->ops->sign(s->self, signature, msg, len, err);
}

void
dsr_signer_close(struct dsr_signer *s)
{
	if (s->ops != NULL)
		s->ops->free(s->self);
	memset(s, 0, sizeof(*s));
}
