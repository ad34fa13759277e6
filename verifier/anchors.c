/* SPDX-License-Identifier: ISC */
#include "anchors.h"

#include <string.h>

#include "verifier.h"

int
anchors_open(struct anchors *a, struct verify_options *o,
    struct dsr_error *err)
{
	if (trust_open(&a->keys, &a->key_files, err) != 0 ||
	    roots_open(&a->roots, &a->root_files, err) != 0 ||
	    roots_open(&a->time_roots, &a->time_root_files, err) != 0 ||
	    keys_open(&a->identities, a->identity_file, a->passphrase_file,
		err) != 0)
		return -1;
	o->trust = a->keys;
	o->roots = a->roots;
	o->time_roots = a->time_roots;
	o->keys = a->identities;
	return 0;
}

void
anchors_close(struct anchors *a)
{
	dsr_age_identities_free(a->identities);
	dsr_roots_free(a->time_roots);
	dsr_roots_free(a->roots);
	dsr_trust_free(a->keys);
	dsr_texts_fini(&a->key_files);
	dsr_texts_fini(&a->root_files);
	dsr_texts_fini(&a->time_root_files);
	memset(a, 0, sizeof(*a));
}
