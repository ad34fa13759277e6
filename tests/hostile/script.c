/* SPDX-License-Identifier: ISC */
/* Scripts: which bytes answer which request. */
#include "hostile.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct rule {
	struct rule *next;
	char *method, *where;
	unsigned long first, last; /* last 0: for ever */
	unsigned long matches;
	struct step *steps, **end;
};

struct script {
	struct rule *rules, **end;
	pthread_mutex_t lock;      /* over matches */
};

/* '*' stands for any bytes, and nothing else is special. */
static bool
matches(const char *pattern, const char *text)
{
	const char *star = NULL, *from = NULL;

	while (*text != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			from = text;
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star + 1;
			text = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

const struct step *
script_find(struct script *s, const char *method, const char *where,
    unsigned long *turn)
{
	const struct step *steps = NULL;

	pthread_mutex_lock(&s->lock);
	for (struct rule *r = s->rules; r != NULL; r = r->next) {
		if (!matches(r->method, method) || !matches(r->where, where))
			continue;
		r->matches++;
		if (steps == NULL && r->matches >= r->first &&
		    (r->last == 0 || r->matches <= r->last)) {
			steps = r->steps;
			*turn = r->matches;
		}
	}
	pthread_mutex_unlock(&s->lock);
	return steps;
}

/* ---- reading ---- */

static int
hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

/* Takes escapes out, in place; "\#" stays, as the byte 1. */
static bool
unescape(char *text, size_t *len)
{
	static const char from[] = "rnt\\#", to[] = "\r\n\t\\\001";
	const char *s = text, *found;
	char *out = text;

	while (*s != '\0') {
		if (*s != '\\') {
			*out++ = *s++;
			continue;
		}
		s++;
		found = *s == '\0' ? NULL : strchr(from, *s);
		if (found != NULL) {
			*out++ = to[found - from];
			s++;
		} else if (*s == 'x' && hex(s[1]) >= 0 && hex(s[2]) >= 0) {
			*out++ = (char)(hex(s[1]) << 4 | hex(s[2]));
			s += 3;
		} else {
			return false;
		}
	}
	*len = (size_t)(out - text);
	return true;
}

static bool
read_when(struct rule *r, const char *word)
{
	char *end;

	r->first = 1;
	r->last = 0;
	if (strcmp(word, "every") == 0)
		return true;
	r->first = strtoul(word, &end, 10);
	r->last = r->first;
	if (*end == '-') {
		word = end + 1;
		end = NULL;
		r->last = *word == '\0' ? 0UL : strtoul(word, &end, 10);
		return r->first > 0 && (end == NULL || *end == '\0');
	}
	return *end == '\0' && r->first > 0;
}

static bool
read_rule(struct script *s, char *line)
{
	struct rule *r = calloc(1, sizeof(*r));
	const char *method = strsep(&line, " "), *where = strsep(&line, " ");

	if (r == NULL)
		return false;
	*s->end = r;
	s->end = &r->next;
	r->end = &r->steps;
	if (where == NULL || line == NULL)
		return false;
	r->method = strdup(method);
	r->where = strdup(where);
	return r->method != NULL && r->where != NULL && read_when(r, line);
}

static bool
read_step(struct rule *r, const char *line)
{
	struct step *step = calloc(1, sizeof(*step));
	size_t len = strcspn(line, " \t");
	char *end;

	if (step == NULL)
		return false;
	*r->end = step;
	r->end = &step->next;
	step->verb = verb_find(line, len);
	if (step->verb == NULL)
		return false;
	line += len + (line[len] != '\0');
	if (step->verb->has_number) {
		step->number = strtoul(line, &end, 10);
		if (end == line)
			return false;
		line = end + (*end != '\0');
	}
	step->text = strdup(line);
	return step->text != NULL && unescape(step->text, &step->len);
}

static bool
read_line(struct script *s, struct rule **rule, char *line)
{
	size_t blank = strspn(line, " \t");

	line[strcspn(line, "\n")] = '\0';
	if (line[blank] == '\0' || line[0] == '#')
		return true;
	if (blank > 0)
		return *rule != NULL && read_step(*rule, line + blank);
	*rule = NULL;
	if (!read_rule(s, line))
		return false;
	for (*rule = s->rules; (*rule)->next != NULL;)
		*rule = (*rule)->next;
	return true;
}

struct script *
script_read(const char *path)
{
	struct script *s = calloc(1, sizeof(*s));
	FILE *file = fopen(path, "re");
	struct rule *rule = NULL;
	char *line = NULL;
	size_t size = 0, number = 0;
	bool ok = s != NULL && file != NULL;

	if (file == NULL)
		perror(path);
	if (s != NULL) {
		s->end = &s->rules;
		pthread_mutex_init(&s->lock, NULL);
	}
	while (ok && getline(&line, &size, file) != -1) {
		number++;
		ok = read_line(s, &rule, line);
		if (!ok)
			fprintf(stderr, "%s:%zu: what is this?\n", path,
			    number);
	}
	free(line);
	if (file != NULL)
		fclose(file);
	return ok ? s : NULL; /* the process ends when it is not */
}
