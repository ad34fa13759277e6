/* SPDX-License-Identifier: ISC */
#include "ending.h"

#include <string.h>

volatile sig_atomic_t ending;

static void
on_signal(int number)
{
	ending = number;
}

void
ending_catch(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction act;

	(void)memset(&act, 0, sizeof(act));
	act.sa_handler = on_signal;
	act.sa_flags = (int)SA_RESETHAND;
	(void)sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		(void)sigaction(signals[i], &act, NULL);
}
