/* SPDX-License-Identifier: ISC */
/* dossier-collector: the one program that reaches the network. */
#include "collector.h"

#include <stdlib.h>

int
main(int argc, char **argv)
{
	static const struct dsr_verb *const verbs[] = { &collect_verb,
		&add_verb, &status_verb, &connector_verb, &stamp_verb,
		&erase_verb, NULL };

	/* libcurl would write there what opens our connections */
	(void)unsetenv("SSLKEYLOGFILE");
	return dsr_program_main("dossier-collector", verbs, argc, argv);
}
