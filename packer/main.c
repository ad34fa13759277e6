/* SPDX-License-Identifier: ISC */
/* dossier-packer: makes archives and keys; reaches no network. */
#include "packer.h"

int
main(int argc, char **argv)
{
	static const struct dsr_verb *const verbs[] = { &pack_verb,
		&request_verb, &keygen_verb, &encrypt_verb, NULL };

	return dsr_program_main("dossier-packer", verbs, argc, argv);
}
