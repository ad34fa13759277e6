/* SPDX-License-Identifier: ISC */
#include "dossier/options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dossier/clock.h"
#include "dossier/language.h"
#include "dossier/text.h"

#define MAX_OPTIONS 64 /* rows of one verb, the common ones included */
#define FIRST_VALUE 256 /* of getopt_long: past every letter */
#define HELP_COLUMN 24 /* where the explanations begin */
#define HELP_WIDTH 80

#define COMMON_OPTIONS 7

static void
common_table(struct dsr_option table[COMMON_OPTIONS], struct dsr_common *c)
{
	const struct dsr_option rows[COMMON_OPTIONS] = {
		{ "json", 0, DSR_OPTION_FLAG, &c->json, NULL,
		    N_("print JSON lines for programs"), 0, 0 },
		{ "quiet", 'q', DSR_OPTION_FLAG, &c->quiet, NULL,
		    N_("print nothing but errors"), 0, 0 },
		{ "verbose", 'v', DSR_OPTION_MORE, &c->verbose, NULL,
		    N_("say more (twice: what is being done)"), 0, 0 },
		{ "no-progress", 0, DSR_OPTION_FLAG, &c->no_progress, NULL,
		    N_("print no progress line on stderr"), 0, 0 },
		{ "color", 0, DSR_OPTION_TEXT, &c->color, "WHEN",
		    N_("colour what is printed: auto, always or never\n"
		       "(default: auto)"), 0, 0 },
		{ "log", 0, DSR_OPTION_TEXT, &c->log, "FILE",
		    N_("append what was done to FILE"), 0, 0 },
		{ "help", 'h', DSR_OPTION_FLAG, &c->help, NULL,
		    N_("print this help"), 0, 0 },
	};

	memcpy(table, rows, sizeof(rows));
}

void
dsr_texts_fini(struct dsr_texts *t)
{
	free(t->items);
	t->items = NULL;
	t->count = 0;
}

static int
add_text(struct dsr_texts *t, const char *value, struct dsr_error *err)
{
	const char **grown;

	grown = realloc(t->items, (t->count + 1) * sizeof(*grown));
	if (grown == NULL)
		return dsr_fail(err, DSR_ENOMEM, "options");
	t->items = grown;
	t->items[t->count++] = value;
	return 0;
}

static int
set_number(const struct dsr_option *o, const char *value,
    struct dsr_error *err)
{
	uint64_t n;

	if (!dsr_parse_u64(value, strlen(value), o->max, &n) || n < o->min)
		return dsr_fail(err, DSR_EUSAGE,
		    "--%s: wanted a whole number from %llu to %llu, found %s",
		    o->name, (unsigned long long)o->min,
		    (unsigned long long)o->max, value);
	*(uint64_t *)o->target = n;
	return 0;
}

static int
set_option(const struct dsr_option *o, const char *value,
    struct dsr_error *err)
{
	switch (o->kind) {
	case DSR_OPTION_FLAG:
		*(bool *)o->target = true;
		return 0;
	case DSR_OPTION_MORE:
		++*(unsigned int *)o->target;
		return 0;
	case DSR_OPTION_TEXT:
		*(const char **)o->target = value;
		return 0;
	case DSR_OPTION_NUMBER:
		return set_number(o, value, err);
	case DSR_OPTION_LIST:
		return add_text(o->target, value, err);
	}
	return dsr_fail(err, DSR_EBUG, "option kind");
}

static bool
takes_value(const struct dsr_option *o)
{
	return o->kind != DSR_OPTION_FLAG && o->kind != DSR_OPTION_MORE;
}

/* getopt_long's own table and letters, from ours. */
static void
make_getopt(const struct dsr_option *table, size_t count,
    struct option longs[MAX_OPTIONS + 1], char letters[2 * MAX_OPTIONS + 2])
{
	size_t i;
	char *p = letters;

	*p++ = ':'; /* a missing argument is told apart */
	for (i = 0; i < count; i++) {
		longs[i] = (struct option) { table[i].name,
			takes_value(&table[i]) ? required_argument
			    : no_argument, NULL, (int)(FIRST_VALUE + i) };
		if (table[i].letter != 0)
			*p++ = table[i].letter;
		if (table[i].letter != 0 && takes_value(&table[i]))
			*p++ = ':';
	}
	*p = '\0';
	memset(&longs[count], 0, sizeof(longs[count]));
}

static const struct dsr_option *
find_option(const struct dsr_option *table, size_t count, int value)
{
	size_t i;

	if (value >= FIRST_VALUE)
		return &table[value - FIRST_VALUE];
	for (i = 0; i < count; i++)
		if (table[i].letter == value)
			return &table[i];
	return NULL;
}

static int
parse_all(const struct dsr_option *table, size_t count, int argc, char **argv,
    struct dsr_error *err)
{
	struct option longs[MAX_OPTIONS + 1];
	char letters[2 * MAX_OPTIONS + 2];
	const struct dsr_option *o;
	int value;

	make_getopt(table, count, longs, letters);
	optind = 1;
	opterr = 0;
	while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (value == ':')
			return dsr_fail(err, DSR_EUSAGE,
			    "%s: an argument is missing", argv[optind - 1]);
		if (value == '?' || (o = find_option(table, count, value)) ==
			NULL)
			return dsr_fail(err, DSR_EUSAGE,
			    "%s: no such option; see dossier %s --help",
			    argv[optind - 1], argv[0]);
		if (set_option(o, optarg, err) != 0)
			return -1;
	}
	return 0;
}

static int
check_common(struct dsr_common *c, struct dsr_error *err)
{
	if (c->color != NULL && strcmp(c->color, "auto") != 0 &&
	    strcmp(c->color, "always") != 0 && strcmp(c->color, "never") != 0)
		return dsr_fail(err, DSR_EUSAGE,
		    "--color: wanted auto, always or never, found %s",
		    c->color);
	if (c->log != NULL && (c->log_file = fopen(c->log, "ae")) == NULL)
		return dsr_fail_sys(err, "--log %s", c->log);
	return 0;
}

int
dsr_options_parse(const struct dsr_option *table, size_t count,
    struct dsr_common *common, int argc, char **argv, int *first,
    struct dsr_error *err)
{
	struct dsr_option all[MAX_OPTIONS];

	common->verb = argv[0];
	if (count > MAX_OPTIONS - COMMON_OPTIONS)
		return dsr_fail(err, DSR_EBUG, "too many options");
	if (count > 0)
		memcpy(all, table, count * sizeof(*table));
	common_table(all + count, common);
	if (parse_all(all, count + COMMON_OPTIONS, argc, argv, err) != 0)
		return -1;
	*first = optind;
	return check_common(common, err);
}

void
dsr_common_fini(struct dsr_common *common)
{
	if (common->log_file != NULL)
		(void)fclose(common->log_file);
	common->log_file = NULL;
}

void
dsr_log(const struct dsr_common *common, const char *fmt, ...)
{
	char line[1024], when[DSR_TIME_SIZE];
	struct timespec now;
	va_list ap;

	if (common->log_file == NULL && common->verbose < 2)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	dsr_clock_now(&now);
	dsr_time_format(when, &now, 3);
	if (common->log_file != NULL)
		(void)dsr_print(common->log_file, "%s %s\n", when, line);
	if (common->verbose >= 2)
		(void)dsr_print(stderr, "%s %s\n", when, line);
}

bool
dsr_color_is_on(const struct dsr_common *common, FILE *stream)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (common->color != NULL && strcmp(common->color, "always") == 0)
		return true;
	if (common->color != NULL && strcmp(common->color, "never") == 0)
		return false;
	if (no != NULL && no[0] != '\0')
		return false;
	if (term == NULL || strcmp(term, "dumb") == 0)
		return false;
	return isatty(fileno(stream)) == 1;
}

/* Characters of our own texts, one column each. */
static int
columns_of(const char *text)
{
	int columns = 0;

	for (; *text != '\0'; text++)
		columns += ((unsigned char)*text & 0xc0) != 0x80;
	return columns;
}

/* Behind the last line of an explanation, or on the next one. */
static void
help_repeated(int column)
{
	const char *text = _("(may be repeated)");

	if (HELP_COLUMN + column + 1 + columns_of(text) > HELP_WIDTH)
		(void)dsr_print(stdout, "\n%*s%s", HELP_COLUMN, "", text);
	else
		(void)dsr_print(stdout, " %s", text);
}

static void
help_row(const struct dsr_option *o)
{
	char left[64];
	const char *text = _(o->help), *lf;
	int width = HELP_COLUMN - 2;

	if (o->letter != 0)
		(void)snprintf(left, sizeof(left), "-%c, --%s", o->letter,
		    o->name);
	else
		(void)snprintf(left, sizeof(left), "--%s", o->name);
	if (o->argument != NULL)
		(void)snprintf(left + strlen(left),
		    sizeof(left) - strlen(left), " %s", o->argument);
	(void)dsr_print(stdout, "  %-*s", width, left);
	if (strlen(left) >= (size_t)width)
		(void)dsr_print(stdout, "\n%*s", HELP_COLUMN, "");
	while ((lf = strchr(text, '\n')) != NULL) {
		(void)dsr_print(stdout, "%.*s\n%*s", (int)(lf - text), text,
		    HELP_COLUMN, "");
		text = lf + 1;
	}
	(void)dsr_print(stdout, "%s", text);
	if (o->kind == DSR_OPTION_LIST)
		help_repeated(columns_of(text));
	(void)dsr_print(stdout, "\n");
}

void
dsr_options_help(const struct dsr_verb *verb, const struct dsr_option *table,
    size_t count)
{
	struct dsr_common unused;
	struct dsr_option common[COMMON_OPTIONS];
	size_t i;

	memset(&unused, 0, sizeof(unused));
	common_table(common, &unused);
	(void)dsr_print(stdout, _("Usage: dossier %s %s\n"), verb->name,
	    verb->synopsis);
	(void)dsr_print(stdout, "\n%s\n\n", _(verb->summary));
	for (i = 0; i < count; i++)
		help_row(&table[i]);
	if (count > 0)
		(void)dsr_print(stdout, "\n");
	for (i = 0; i < COMMON_OPTIONS; i++)
		help_row(&common[i]);
}
