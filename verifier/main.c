/* SPDX-License-Identifier: ISC */
/* dossier-verifier: judges archives; opens no socket, runs no program. */
#include "verifier.h"

int
main(int argc, char **argv)
{
	static const struct dsr_verb *const verbs[] = { &verify_verb,
		&report_verb, &list_verb, &extract_verb, &prove_verb,
		&verify_proof_verb, &diff_verb, &decrypt_verb, NULL };

	return dsr_program_main("dossier-verifier", verbs, argc, argv);
}
