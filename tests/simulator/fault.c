/* SPDX-License-Identifier: ISC */
/* Fault plans: which requests get something else than the right answer. */
#include "simulator.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define ARGUMENTS(X)                                                        \
	X(CODE, "code") X(MS, "ms") X(AT, "at") X(TO, "to") X(BODY, "body") \
	X(BODY_FILE, "file") X(TYPE, "type") X(NAME, "name")                \
	X(VALUE, "value") X(RETRY_AFTER, "retry-after")
/* clang-format on */

enum argument {
#define X(id, name) id,
	ARGUMENTS(X)
#undef X
	ARGUMENT_COUNT
};

static const char *const argument_name[ARGUMENT_COUNT] = {
#define X(id, name) name,
	ARGUMENTS(X)
#undef X
};

struct action;

struct fault {
	struct fault *next;
	char *line;                 /* owns all strings below */
	const char *method;
	const char *where;
	unsigned long first, last, step;
	const struct action *action;
	const char *argument[ARGUMENT_COUNT];
	_Atomic unsigned long matches;
};

struct sim_faults {
	struct fault *first;
	struct fault **end;
};

struct action {
	const char *name;
	void (*apply)(const struct fault *, struct sim_plan *);
	unsigned int wanted;        /* bits of enum argument */
	unsigned int allowed;
	const char *help;
};

static unsigned long
number_of(const struct fault *fault, enum argument which)
{
	return fault->argument[which] == NULL ? 0 :
	    strtoul(fault->argument[which], NULL, 10);
}

static void
edit_header(struct sim_plan *plan, const char *name, const char *value)
{
	if (plan->edit_count == SIM_MAX_EDITS)
		return;
	plan->edit[plan->edit_count].name = name;
	plan->edit[plan->edit_count++].value = value;
}

static void
apply_body(const struct fault *fault, struct sim_plan *plan)
{
	if (fault->argument[BODY] != NULL)
		plan->body = fault->argument[BODY];
	if (fault->argument[BODY_FILE] != NULL)
		plan->body_file = fault->argument[BODY_FILE];
	if (fault->argument[TYPE] != NULL)
		plan->content_type = fault->argument[TYPE];
}

static void
apply_status(const struct fault *fault, struct sim_plan *plan)
{
	plan->status = (unsigned int)number_of(fault, CODE);
	if (fault->argument[RETRY_AFTER] != NULL)
		edit_header(plan, "Retry-After", fault->argument[RETRY_AFTER]);
	apply_body(fault, plan);
}

static void
apply_told_status(const struct fault *fault, struct sim_plan *plan)
{
	plan->told_status = (unsigned int)number_of(fault, CODE);
}

static void
apply_redirect(const struct fault *fault, struct sim_plan *plan)
{
	plan->status = fault->argument[CODE] == NULL ? 307 :
	    (unsigned int)number_of(fault, CODE);
	edit_header(plan, "Location", fault->argument[TO]);
}

static void
apply_unauthorized(const struct fault *fault, struct sim_plan *plan)
{
	(void)fault;
	plan->unauthorized = true;
}

static void
apply_delay(const struct fault *fault, struct sim_plan *plan)
{
	plan->delay_ms += number_of(fault, MS);
}

static void
apply_close(const struct fault *fault, struct sim_plan *plan)
{
	(void)fault;
	plan->close = true;
}

static void
apply_truncate(const struct fault *fault, struct sim_plan *plan)
{
	plan->truncate = true;
	plan->at = number_of(fault, AT);
}

static void
apply_cut(const struct fault *fault, struct sim_plan *plan)
{
	plan->cut = true;
	plan->at = number_of(fault, AT);
}

static void
apply_type(const struct fault *fault, struct sim_plan *plan)
{
	plan->content_type = fault->argument[VALUE];
}

static void
apply_header(const struct fault *fault, struct sim_plan *plan)
{
	edit_header(plan, fault->argument[NAME], fault->argument[VALUE]);
}

static void
apply_drop_header(const struct fault *fault, struct sim_plan *plan)
{
	edit_header(plan, fault->argument[NAME], NULL);
}

static void
apply_next(const struct fault *fault, struct sim_plan *plan)
{
	plan->next = SIM_NEXT_GIVEN;
	plan->next_text = fault->argument[TO];
}

static void
apply_next_word(const struct fault *fault, struct sim_plan *plan)
{
	static const struct {
		const char *word;
		enum sim_next next;
	} list[] = {
		{ "drop-next-link", SIM_NEXT_DROPPED },
		{ "null-next-link", SIM_NEXT_NULL },
		{ "blank-next-link", SIM_NEXT_EMPTY },
		{ "repeat-next-link", SIM_NEXT_REPEATED },
		{ "grow-next-link", SIM_NEXT_GROWING },
		{ "port-next-link", SIM_NEXT_PORT },
	};
	size_t i;

	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (strcmp(list[i].word, fault->action->name) == 0)
			plan->next = list[i].next;
}

static void
apply_empty_page(const struct fault *fault, struct sim_plan *plan)
{
	(void)fault;
	plan->empty_page = true;
}

static void
apply_ignore_token(const struct fault *fault, struct sim_plan *plan)
{
	(void)fault;
	plan->ignore_token = true;
}

#define B(argument) (1U << (argument))
#define BODIES (B(BODY) | B(BODY_FILE) | B(TYPE))

/* A new fault is a function above and a row here. */
static const struct action action_list[] = {
	{ "status", apply_status, B(CODE), BODIES | B(RETRY_AFTER),
	    "this status, no effect; an error body or a given one" },
	{ "told-status", apply_told_status, B(CODE), 0,
	    "this status, though all was done as asked" },
	{ "unauthorized", apply_unauthorized, 0, 0,
	    "401, as for a token that has run out" },
	{ "redirect", apply_redirect, B(TO), B(CODE),
	    "to another URL; code is 307 if not said" },
	{ "delay", apply_delay, B(MS), 0, "wait before the answer" },
	{ "close", apply_close, 0, 0, "close the connection, no answer" },
	{ "truncate", apply_truncate, 0, B(AT),
	    "close after at bytes of the body (or half of it)" },
	{ "cut", apply_cut, 0, B(AT),
	    "a body that ends early, its length rightly told" },
	{ "body", apply_body, 0, BODIES, "another body, all else right" },
	{ "content-type", apply_type, B(VALUE), 0, "another Content-Type" },
	{ "header", apply_header, B(NAME) | B(VALUE), 0,
	    "set this header of the answer" },
	{ "drop-header", apply_drop_header, B(NAME), 0,
	    "leave this header out" },
	{ "next-link", apply_next, B(TO), 0, "this nextLink" },
	{ "drop-next-link", apply_next_word, 0, 0, "no nextLink" },
	{ "null-next-link", apply_next_word, 0, 0, "nextLink is null" },
	{ "blank-next-link", apply_next_word, 0, 0, "nextLink is \"\"" },
	{ "repeat-next-link", apply_next_word, 0, 0,
	    "nextLink is the page itself" },
	{ "grow-next-link", apply_next_word, 0, 0,
	    "nextLink grows and gives the same page" },
	{ "port-next-link", apply_next_word, 0, 0,
	    "nextLink names port 443" },
	{ "empty-page", apply_empty_page, 0, 0,
	    "no items, and a nextLink to the same place" },
	{ "ignore-token", apply_ignore_token, 0, 0,
	    "the first page whatever was asked" },
};

#define ACTIONS (sizeof(action_list) / sizeof(action_list[0]))

/* ---- reading ---- */

static int
read_when(struct fault *fault, const char *word)
{
	char *end = NULL;

	fault->first = 1;
	fault->last = 0;                /* for ever */
	fault->step = 1;
	if (strcmp(word, "every") == 0)
		return 0;
	if (strncmp(word, "every:", 6) == 0) {
		fault->step = strtoul(word + 6, &end, 10);
		fault->first = fault->step;
		return *end == '\0' && fault->step > 0 ? 0 : -1;
	}
	fault->first = strtoul(word, &end, 10);
	fault->last = fault->first;
	if (*end == '-')
		fault->last = strtoul(end + 1, &end, 10);
	return *end == '\0' && fault->first > 0 ? 0 : -1;
}

static int
read_action(struct fault *fault, const char *word)
{
	size_t i;

	for (i = 0; i < ACTIONS; i++)
		if (strcmp(action_list[i].name, word) == 0)
			fault->action = &action_list[i];
	return fault->action == NULL ? -1 : 0;
}

/* NAME=VALUE, the value percent-encoded, so that it has no spaces. */
static int
read_argument(struct fault *fault, char *word)
{
	char *equals = strchr(word, '=');
	size_t i, len;

	if (equals == NULL)
		return -1;
	*equals++ = '\0';
	if (sim_percent_decode(equals, &len, equals, strlen(equals)) != 0)
		return -1;
	for (i = 0; i < ARGUMENT_COUNT; i++) {
		if (strcmp(argument_name[i], word) != 0)
			continue;
		fault->argument[i] = equals;
		return ((fault->action->wanted | fault->action->allowed) &
		    (1U << i)) != 0 ? 0 : -1;
	}
	return -1;
}

static const char *
read_fault(struct fault *fault, char *line)
{
	char *rest = NULL, *word;
	size_t i;

	fault->method = strtok_r(line, " \t", &rest);
	fault->where = strtok_r(NULL, " \t", &rest);
	word = strtok_r(NULL, " \t", &rest);
	if (word == NULL)
		return "METHOD WHERE WHEN ACTION [NAME=VALUE]... is wanted";
	if (read_when(fault, word) != 0)
		return "WHEN is every, every:K, N, N-M or N-";
	word = strtok_r(NULL, " \t", &rest);
	if (word == NULL || read_action(fault, word) != 0)
		return "no such action (see --help)";
	while ((word = strtok_r(NULL, " \t", &rest)) != NULL)
		if (read_argument(fault, word) != 0)
			return "an argument this action does not have";
	for (i = 0; i < ARGUMENT_COUNT; i++)
		if ((fault->action->wanted & (1U << i)) != 0 &&
		    fault->argument[i] == NULL)
			return "an argument is missing (see --help)";
	return NULL;
}

static int
add_line(struct sim_faults *faults, const char *text, const char *path,
    unsigned int number)
{
	struct fault *fault;
	const char *wrong = "not enough memory";

	text += strspn(text, " \t");
	if (*text == '\0' || *text == '#')
		return 0;
	fault = calloc(1, sizeof(*fault));
	if (fault != NULL) {
		*faults->end = fault;
		faults->end = &fault->next;
		fault->line = strdup(text);
		if (fault->line != NULL)
			wrong = read_fault(fault, fault->line);
	}
	if (wrong == NULL)
		return 0;
	fprintf(stderr, "simulator: %s:%u: %s\n", path, number, wrong);
	return -1;
}

int
sim_faults_read(struct sim_faults **out, const char *path)
{
	struct sim_faults *faults = calloc(1, sizeof(*faults));
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	unsigned int number = 0;
	int rc = -1;

	if (faults == NULL || file == NULL) {
		perror(path);
		goto out;
	}
	faults->end = &faults->first;
	rc = 0;
	while (rc == 0 && getline(&line, &room, file) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		rc = add_line(faults, line, path, ++number);
	}
out:
	free(line);
	if (file != NULL)
		fclose(file);
	if (rc != 0) {
		sim_faults_free(faults);
		return -1;
	}
	*out = faults;
	return 0;
}

void
sim_faults_free(struct sim_faults *faults)
{
	struct fault *fault, *next;

	if (faults == NULL)
		return;
	for (fault = faults->first; fault != NULL; fault = next) {
		next = fault->next;
		free(fault->line);
		free(fault);
	}
	free(faults);
}

/* ---- using ---- */

/* "*" stands for any bytes; nothing else is special ("?" is in URLs). */
static bool
matches(const char *pattern, const char *s)
{
	const char *star = NULL, *again = NULL;

	while (*s != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			again = s;
		} else if (*pattern == *s) {
			pattern++;
			s++;
		} else if (star != NULL) {
			pattern = star + 1;
			s = ++again;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

static bool
fires(struct fault *fault)
{
	unsigned long number = atomic_fetch_add(&fault->matches, 1) + 1;

	return number >= fault->first &&
	    (fault->last == 0 || number <= fault->last) &&
	    (number - fault->first) % fault->step == 0;
}

void
sim_faults_plan(struct sim_faults *faults, struct sim_plan *plan,
    const char *method, const char *where)
{
	struct fault *fault;

	if (faults == NULL)
		return;
	for (fault = faults->first; fault != NULL; fault = fault->next)
		if (matches(fault->method, method) &&
		    matches(fault->where, where) && fires(fault))
			fault->action->apply(fault, plan);
}

bool
sim_faults_delay(const struct sim_faults *faults)
{
	const struct fault *fault = faults == NULL ? NULL : faults->first;

	while (fault != NULL && fault->argument[MS] == NULL)
		fault = fault->next;
	return fault != NULL;
}

void
sim_faults_help(FILE *out)
{
	char name[80];
	size_t i, k;
	int len;

	for (i = 0; i < ACTIONS; i++) {
		len = snprintf(name, sizeof(name), "%s", action_list[i].name);
		for (k = 0; k < ARGUMENT_COUNT; k++)
			if ((action_list[i].wanted & (1U << k)) != 0)
				len += snprintf(name + len,
				    sizeof(name) - (size_t)len, " %s=",
				    argument_name[k]);
		fprintf(out, "  %-24s%s\n", name, action_list[i].help);
	}
}
