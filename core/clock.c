/* SPDX-License-Identifier: ISC */
#include "dossier/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dossier/text.h"

#define MAX_EPOCH 253402300799ull /* 9999-12-31T23:59:59Z */

static void (*clock_override)(struct timespec *);

void
dsr_clock_set(void (*clock_fn)(struct timespec *now))
{
	clock_override = clock_fn;
}

void
dsr_clock_now(struct timespec *now)
{
	if (clock_override != NULL)
		clock_override(now);
	else
		(void)clock_gettime(CLOCK_REALTIME, now);
}

int
dsr_clock_packing(struct timespec *when, struct dsr_error *err)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	uint64_t seconds;

	if (epoch == NULL) {
		dsr_clock_now(when);
	} else if (!dsr_parse_u64(epoch, strlen(epoch), MAX_EPOCH, &seconds)) {
		return dsr_fail(err, DSR_EUSAGE,
		    "SOURCE_DATE_EPOCH: wanted a number of seconds since 1970");
	} else {
		when->tv_sec = (time_t)seconds;
	}
	when->tv_nsec = 0;
	return 0;
}

void
dsr_time_format(char out[DSR_TIME_SIZE], const struct timespec *when,
    int digits)
{
	char date[24] = "";
	struct tm tm;
	long fraction = when->tv_nsec;
	int i;

	if (gmtime_r(&when->tv_sec, &tm) == NULL)
		memset(&tm, 0, sizeof(tm));
	(void)strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	if (digits == 0) {
		(void)snprintf(out, DSR_TIME_SIZE, "%sZ", date);
		return;
	}
	for (i = digits; i < 9; i++)
		fraction /= 10;
	(void)snprintf(out, DSR_TIME_SIZE, "%s.%0*ldZ", date, digits, fraction);
}

/* Digits of s at the places of '0' in the pattern, itself elsewhere. */
static bool
matches(const char *s, const char *pattern)
{
	for (; *pattern != '\0'; s++, pattern++)
		if (*pattern == '0' ? *s < '0' || *s > '9' : *s != *pattern)
			return false;
	return true;
}

bool
dsr_time_parse(struct timespec *when, const char *s, size_t len)
{
	static const char *const pattern[] = { "0000-00-00T00:00:00Z",
		"0000-00-00T00:00:00.000Z", "0000-00-00T00:00:00.000000000Z" };
	static const int pattern_digits[] = { 0, 3, 9 };
	char text[DSR_TIME_SIZE], again[DSR_TIME_SIZE];
	struct tm tm;
	size_t i;

	if (len >= sizeof(text))
		return false;
	memcpy(text, s, len);
	text[len] = '\0';
	for (i = 0; i < 3; i++)
		if (strlen(pattern[i]) == len && matches(text, pattern[i]))
			break;
	if (i == 3)
		return false;
	memset(&tm, 0, sizeof(tm));
	tm.tm_year = (int)strtol(text, NULL, 10) - 1900;
	tm.tm_mon = (int)strtol(text + 5, NULL, 10) - 1;
	tm.tm_mday = (int)strtol(text + 8, NULL, 10);
	tm.tm_hour = (int)strtol(text + 11, NULL, 10);
	tm.tm_min = (int)strtol(text + 14, NULL, 10);
	tm.tm_sec = (int)strtol(text + 17, NULL, 10);
	when->tv_sec = timegm(&tm);
	when->tv_nsec = pattern_digits[i] == 0 ? 0
	    : strtol(text + 20, NULL, 10);
	if (pattern_digits[i] == 3)
		when->tv_nsec *= 1000000;
	/* timegm takes 31 February for 3 March: what it made must be s */
	dsr_time_format(again, when, pattern_digits[i]);
	return strcmp(again, text) == 0;
}
