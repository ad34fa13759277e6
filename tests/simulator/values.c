/* SPDX-License-Identifier: ISC */
#include "simulator.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOW_48 UINT64_C(0xffffffffffff)
#define FIRST_RUN_S UINT64_C(1506844800)    /* 1 October 2017, 08:00 */
#define BETWEEN_RUNS_S 240

static const struct {
	const char *name;
	const char *mail;
	const char *tenant;
} person_list[2] = {
	{ "Zoë van den Berg", "zoe.vandenberg@example.org",
	    "2d9a57f4-0c3e-4a68-b1d2-7e84f6039ab5" },
	{ "Łukasz O'Brien", "lukasz.obrien@example.org",
	    "2d9a57f4-0c3e-4a68-b1d2-7e84f6039ab5" },
};

/* The finaliser of splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t
scramble(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

uint64_t
sim_mix(const struct sim *sim, enum sim_kind kind, unsigned int salt,
    uint64_t index)
{
	uint64_t from = sim->options.seed;

	from = scramble(from ^ ((uint64_t)kind << 32 | salt));
	return scramble(from ^ index);
}

void
sim_guid_plain(uint64_t high, uint64_t low, char out[SIM_GUID_CHARS])
{
	snprintf(out, SIM_GUID_CHARS,
	    "%08" PRIx64 "-%04" PRIx64 "-4%03" PRIx64 "-%04" PRIx64
	    "-%012" PRIx64, high >> 32, (high >> 16) & 0xffff, high & 0xfff,
	    ((low >> 48) & 0x3fff) | 0x8000, low & LOW_48);
}

void
sim_guid(const struct sim *sim, enum sim_kind kind, uint64_t index,
    char out[SIM_GUID_CHARS])
{
	uint64_t high = sim_mix(sim, kind, 1, index);
	uint64_t mask = sim_mix(sim, kind, 2, 0);

	sim_guid_plain(high, (high & ~LOW_48) | ((mask ^ index) & LOW_48),
	    out);
}

uint64_t
sim_guid_index(const struct sim *sim, enum sim_kind kind, const char *guid)
{
	size_t len = strlen(guid);

	if (len != SIM_GUID_CHARS - 1)
		return UINT64_MAX;
	return (strtoull(guid + len - 12, NULL, 16) ^
	    sim_mix(sim, kind, 2, 0)) & LOW_48;
}

void
sim_time(struct sim_text *text, const char *name, uint64_t time_s,
    uint64_t fraction)
{
	time_t seconds = (time_t)time_s;
	struct tm utc;
	char made[64];

	gmtime_r(&seconds, &utc);
	snprintf(made, sizeof(made),
	    "%04d-%02d-%02dT%02d:%02d:%02d.%07u+00:00", utc.tm_year + 1900,
	    utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
	    (unsigned int)(fraction % 10000000));
	sim_string(text, name, made);
}

uint64_t
sim_run_start_s(const struct sim *sim, uint64_t index)
{
	return FIRST_RUN_S + index * BETWEEN_RUNS_S +
	    sim_mix(sim, SIM_RUN, 3, index) % BETWEEN_RUNS_S;
}

const char *
sim_pick(const char *const *list, size_t count, uint64_t number)
{
	return list[number % count];
}

unsigned int
sim_owner(uint64_t index)
{
	return (unsigned int)(index % 2);
}

const char *
sim_person_name(unsigned int person)
{
	return person_list[person].name;
}

const char *
sim_person_mail(unsigned int person)
{
	return person_list[person].mail;
}

void
sim_created_by(const struct sim *sim, struct sim_text *text,
    unsigned int person)
{
	sim_open(text, "createdBy", '{');
	sim_string(text, "userObjectId", sim->options.object_id[person]);
	sim_stringf(text, "userPuId", "10033FFFA%07X", 0x1B2C3D + person);
	sim_literal(text, "userIdp", "null");
	sim_literal(text, "userAltSecId", "null");
	sim_stringf(text, "userIss", "https://sts.windows.net/%s/",
	    person_list[person].tenant);
	sim_string(text, "userTenantId", person_list[person].tenant);
	sim_string(text, "userName", person_list[person].name);
	sim_close(text, '}');
}

void
sim_author(const struct sim *sim, struct sim_text *text, uint64_t index)
{
	unsigned long every = sim->options.unnamed_every;

	if (every == 0 || (index + 1) % every != 0)
		sim_created_by(sim, text, sim_owner(index));
}

void
sim_secret(const struct sim *sim, struct sim_text *text, const char *word,
    enum sim_kind kind, uint64_t index)
{
	sim_text_printf(text, "canary-%s-%016" PRIx64 "%016" PRIx64, word,
	    sim_mix(sim, kind, 4, index), sim_mix(sim, kind, 5, index));
}
