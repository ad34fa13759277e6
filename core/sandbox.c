/* SPDX-License-Identifier: ISC */
#include "dossier/sandbox.h"

#include <openssl/crypto.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "sandbox_private.h"

#ifdef DSR_SANITIZED

void
dsr_sandbox_close(struct dsr_sandbox *s, const struct dsr_sandbox_rule *rules,
    size_t count)
{
	(void)rules;
	(void)count;
	memset(s, 0, sizeof(*s));
}

#else

/* What libraries would open when they are first used. */
static void
open_early(void)
{
	tzset(); /* the time zone */
	(void)OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG |
		OPENSSL_INIT_ADD_ALL_DIGESTS | OPENSSL_INIT_ADD_ALL_CIPHERS |
		OPENSSL_INIT_LOAD_CRYPTO_STRINGS,
	    NULL);
}

void
dsr_sandbox_close(struct dsr_sandbox *s, const struct dsr_sandbox_rule *rules,
    size_t count)
{
	bool files, calls;

	open_early();
	memset(s, 0, sizeof(*s));
	/* both halves ask for it: no program gains rights any more */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return;
	files = sandbox_close_files(rules, count);
	calls = sandbox_close_calls(count > 0);
	s->files = files || (calls && count == 0);
	s->sockets = calls;
	s->programs = files || calls;
}

#endif

const char *
dsr_sandbox_state(const struct dsr_sandbox *s)
{
	if (s->files && s->sockets && s->programs)
		return "full";
	return s->files || s->sockets || s->programs ? "partial" : "none";
}
