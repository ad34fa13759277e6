/* SPDX-License-Identifier: ISC */
#include "means.h"

#include "dossier/memory.h"
#include "policy.h"
#include "verifier.h"

int
means_open(struct means *m, struct verify_options *o, struct dsr_error *err)
{
	const uint64_t refusals = dsr_memory_refusals();

	if (trust_open(&m->trusted, &m->trust, err) != 0 ||
	    roots_open(&m->trusted_roots, &m->roots, err) != 0 ||
	    roots_open(&m->trusted_time_roots, &m->time_roots, err) != 0 ||
	    keys_open(&m->keys, m->identity_file, m->passphrase_file, err) !=
		0 ||
	    (m->policy_file != NULL &&
		policy_read(&m->policy, m->policy_file, err) != 0))
		return -1;
	/* libcrypto may go on without what it needs later */
	if (dsr_memory_refusals() != refusals)
		return dsr_fail(err, DSR_ENOMEM, "keys and roots");
	o->trust = m->trusted;
	o->roots = m->trusted_roots;
	o->time_roots = m->trusted_time_roots;
	o->keys = m->keys;
	o->policy = m->policy;
	return 0;
}

void
means_fini(struct means *m)
{
	policy_free(m->policy);
	dsr_age_identities_free(m->keys);
	dsr_roots_free(m->trusted_time_roots);
	dsr_roots_free(m->trusted_roots);
	dsr_trust_free(m->trusted);
	dsr_texts_fini(&m->trust);
	dsr_texts_fini(&m->roots);
	dsr_texts_fini(&m->time_roots);
}
