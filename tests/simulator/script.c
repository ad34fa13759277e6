/* SPDX-License-Identifier: ISC */
/*
 * Services that are told in a script: which request gets which answer. What
 * is not in the script is answered with 418, so that a test can see that
 * nothing was asked that the service does not have. README.md has the form.
 */
#include "simulator.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_LETS 64
#define NOT_THERE 418               /* no client tries that again */

/* A header that is wanted of a request, or given with an answer. */
struct field {
	char *name;
	char *value;
	struct field *next;
};

struct entry {
	char *method;
	char *target;               /* host, path and query */
	unsigned int status;
	char *body;
	char *wanted_body;          /* NULL: any, or none */
	char *gone;                 /* what this request takes away */
	struct field *dropped;      /* path and text: out of its lists */
	struct field *wanted;
	struct field *given;
	bool asked;
	bool erased;
	struct entry *next;
};

/* Headers that a host wants (value NULL: must not have). */
struct door {
	char *host;
	struct field field;
	struct door *next;
};

struct sim_script {
	pthread_mutex_t lock;
	struct entry *entries, *last;
	struct door *doors;
	struct field let[MAX_LETS];
	size_t let_count;
};

/* ---- reading ---- */

static void *
make(size_t size)
{
	void *made = calloc(1, size);

	if (made == NULL)
		abort();
	return made;
}

static char *
copy(const char *s, size_t len)
{
	char *made = make(len + 1);

	memcpy(made, s, len);
	return made;
}

/* The next word of the line, or NULL. */
static char *
take_word(char **line)
{
	char *start = *line + strspn(*line, " ");
	size_t len = strcspn(start, " ");

	if (len == 0)
		return NULL;
	*line = start + len;
	return copy(start, len);
}

static char *
take_rest(char *line)
{
	line += strspn(line, " ");
	return copy(line, strlen(line));
}

static const char *
find_let(const struct sim_script *script, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < script->let_count; i++)
		if (strlen(script->let[i].name) == len &&
		    memcmp(script->let[i].name, name, len) == 0)
			return script->let[i].value;
	return NULL;
}

/* The line with ${NAME} replaced. */
static char *
expand(const struct sim_script *script, const char *line)
{
	struct sim_text out = { NULL, 0, 0 };
	const char *end, *value;

	sim_text_puts(&out, "");
	for (; *line != '\0'; line++) {
		end = line[0] == '$' && line[1] == '{' ? strchr(line, '}') :
		    NULL;
		value = end == NULL ? NULL : find_let(script, line + 2,
		    (size_t)(end - line) - 2);
		if (value == NULL) {
			sim_text_add(&out, line, 1);
			continue;
		}
		sim_text_puts(&out, value);
		line = end;
	}
	return out.bytes;
}

static void
add_field(struct field **list, const char *line, char end)
{
	struct field *field = make(sizeof(*field));
	const char ends[] = { end, '\0' };
	size_t len = strcspn(line, ends);

	field->name = copy(line, len);
	line += len + (line[len] == end);
	field->value = copy(line + strspn(line, " "),
	    strlen(line + strspn(line, " ")));
	field->next = *list;
	*list = field;
}

/* A line that begins with a tab belongs to the entry above it. */
static int
read_detail(struct entry *entry, const char *line)
{
	if (entry == NULL)
		return -1;
	if (strncmp(line, "body: ", 6) == 0)
		entry->wanted_body = copy(line + 6, strlen(line + 6));
	else if (strncmp(line, "gone: ", 6) == 0)
		entry->gone = copy(line + 6, strlen(line + 6));
	else if (strncmp(line, "drop: ", 6) == 0)
		add_field(&entry->dropped, line + 6, ' ');
	else if (strncmp(line, "wants: ", 7) == 0)
		add_field(&entry->wanted, line + 7, ':');
	else
		add_field(&entry->given, line, ':');
	return 0;
}

static int
read_door(struct sim_script *script, char *line)
{
	struct door *door = make(sizeof(*door));

	door->next = script->doors;
	script->doors = door;
	door->host = take_word(&line);
	door->field.name = take_word(&line);
	if (door->host == NULL || door->field.name == NULL)
		return -1;
	line += strspn(line, " ");
	if (*line != '\0')
		door->field.value = take_rest(line);
	return 0;
}

static int
read_let(struct sim_script *script, char *line)
{
	struct field *let = &script->let[script->let_count];

	if (script->let_count == MAX_LETS)
		return -1;
	let->name = take_word(&line);
	let->value = take_rest(line);
	script->let_count++;
	return let->name == NULL ? -1 : 0;
}

static int
read_entry(struct sim_script *script, char *method, char *line)
{
	struct entry *entry = make(sizeof(*entry));
	char *status;

	if (script->last == NULL)
		script->entries = entry;
	else
		script->last->next = entry;
	script->last = entry;
	entry->method = method;
	entry->target = take_word(&line);
	status = take_word(&line);
	if (status != NULL)
		entry->status = (unsigned int)strtoul(status, NULL, 10);
	free(status);
	entry->body = take_rest(line);
	return entry->target != NULL && entry->status >= 100 ? 0 : -1;
}

static int
read_line(struct sim_script *script, char *line)
{
	char *word;
	int rc;

	if (*line == '\0' || *line == '#')
		return 0;
	if (*line == '\t')
		return read_detail(script->last, line + 1);
	word = take_word(&line);
	if (word == NULL)
		return -1;
	if (strcmp(word, "let") != 0 && strcmp(word, "door") != 0)
		return read_entry(script, word, line);
	rc = word[0] == 'l' ? read_let(script, line) :
	    read_door(script, line);
	free(word);
	return rc;
}

int
sim_script_read(struct sim_script **out, const char *path)
{
	struct sim_script *script = make(sizeof(*script));
	FILE *file = fopen(path, "re");
	char *line = NULL, *expanded;
	size_t room = 0, number = 0;
	int rc = 0;

	*out = script;
	pthread_mutex_init(&script->lock, NULL);
	if (file == NULL) {
		perror(path);
		return -1;
	}
	while (rc == 0 && getline(&line, &room, file) >= 0) {
		number++;
		line[strcspn(line, "\n")] = '\0';
		expanded = expand(script, line);
		rc = read_line(script, expanded);
		free(expanded);
	}
	if (rc != 0)
		fprintf(stderr, "%s:%zu: not understood\n", path, number);
	free(line);
	fclose(file);
	return rc;
}

static void
free_fields(struct field *field)
{
	struct field *next;

	for (; field != NULL; field = next) {
		next = field->next;
		free(field->name);
		free(field->value);
		free(field);
	}
}

static void
free_entry(struct entry *entry)
{
	free(entry->method);
	free(entry->target);
	free(entry->body);
	free(entry->wanted_body);
	free(entry->gone);
	free_fields(entry->dropped);
	free_fields(entry->wanted);
	free_fields(entry->given);
	free(entry);
}

void
sim_script_free(struct sim_script *script)
{
	struct entry *entry, *next;
	struct door *door, *next_door;
	size_t i;

	if (script == NULL)
		return;
	for (entry = script->entries; entry != NULL; entry = next) {
		next = entry->next;
		free_entry(entry);
	}
	for (door = script->doors; door != NULL; door = next_door) {
		next_door = door->next;
		free(door->host);
		free(door->field.name);
		free(door->field.value);
		free(door);
	}
	for (i = 0; i < script->let_count; i++) {
		free(script->let[i].name);
		free(script->let[i].value);
	}
	pthread_mutex_destroy(&script->lock);
	free(script);
}

/* ---- what it is asked and tells ---- */

size_t
sim_script_hosts(const struct sim_script *script, const char **hosts,
    size_t room)
{
	const struct door *door;
	size_t i, count = 0;

	for (door = script == NULL ? NULL : script->doors; door != NULL;
	    door = door->next) {
		for (i = 0; i < count; i++)
			if (strcmp(hosts[i], door->host) == 0)
				break;
		if (i == count && count < room)
			hosts[count++] = door->host;
	}
	return count;
}

/* What nobody asked for, one line each: METHOD TARGET. */
void
sim_script_unasked(const struct sim_script *script, struct sim_text *text)
{
	const struct entry *entry;

	sim_text_puts(text, "");
	for (entry = script == NULL ? NULL : script->entries; entry != NULL;
	    entry = entry->next)
		if (!entry->asked)
			sim_text_printf(text, "%s %s\n", entry->method,
			    entry->target);
}

static bool
has_field(const struct sim_request *request, const struct field *wanted)
{
	const char *value = sim_request_header(request, wanted->name);

	return wanted->value == NULL ? value == NULL :
	    value != NULL && strcmp(value, wanted->value) == 0;
}

static bool
is_let_in(const struct sim_script *script, const struct sim_request *request)
{
	const struct door *door;

	for (door = script->doors; door != NULL; door = door->next)
		if (strcmp(door->host, request->host_name) == 0 &&
		    !has_field(request, &door->field))
			return false;
	return true;
}

static bool
is_asked(const struct entry *entry, const struct sim_request *request,
    const char *target)
{
	const struct field *field;

	if (strcmp(entry->method, request->method) != 0 ||
	    strcmp(entry->target, target) != 0)
		return false;
	if (entry->wanted_body != NULL &&
	    (request->body.bytes == NULL ||
	    strcmp(entry->wanted_body, request->body.bytes) != 0))
		return false;
	for (field = entry->wanted; field != NULL; field = field->next)
		if (!has_field(request, field))
			return false;
	return true;
}

/* The first that fits and was not given yet; the last one for ever. */
static struct entry *
find_entry(struct sim_script *script, const struct sim_request *request,
    const char *target)
{
	struct entry *entry, *last = NULL;

	for (entry = script->entries; entry != NULL; entry = entry->next) {
		if (!is_asked(entry, request, target))
			continue;
		last = entry;
		if (!entry->asked)
			break;
	}
	if (last != NULL)
		last->asked = true;
	return last;
}

/* Everything at a path and below it. */
static void
erase(struct sim_script *script, const char *target)
{
	struct entry *entry;
	size_t len = strcspn(target, "?");
	char end;

	for (entry = script->entries; entry != NULL; entry = entry->next) {
		if (strncmp(entry->target, target, len) != 0)
			continue;
		end = entry->target[len];
		if (end == '\0' || end == '?' || end == '/')
			entry->erased = true;
	}
}

/* Out of the first list at the path that has it. */
static void
drop(struct sim_script *script, const struct field *what)
{
	struct entry *entry;
	size_t len = strlen(what->name);

	for (entry = script->entries; entry != NULL; entry = entry->next)
		if (strncmp(entry->target, what->name, len) == 0 &&
		    strcspn(entry->target, "?") == len &&
		    sim_drop(entry->body, what->value))
			return;
}

static void
give(struct sim_script *script, const struct sim_request *request,
    struct entry *entry, struct sim_reply *reply)
{
	const struct field *field;
	bool erases = strcmp(request->method, "DELETE") == 0;

	if (entry->erased && !erases) {
		sim_reply_error(reply, request, SIM_SHAPE_ARM, 404,
		    "NotFound", "It was deleted.");
		return;
	}
	sim_reply_json(reply, entry->status);
	if (entry->body[0] == '\0')
		reply->content_type = NULL;
	sim_text_puts(&reply->body, entry->body);
	for (field = entry->given; field != NULL; field = field->next)
		if (strcasecmp(field->name, "Content-Type") == 0)
			reply->content_type = field->value;
		else
			sim_reply_header(reply, field->name, "%s",
			    field->value);
	if (!erases || entry->status >= 300)
		return;
	erase(script, entry->gone != NULL ? entry->gone : entry->target);
	for (field = entry->dropped; field != NULL; field = field->next)
		drop(script, field);
}

void
sim_script_answer(struct sim_script *script,
    const struct sim_request *request, struct sim_reply *reply)
{
	struct sim_text target = { NULL, 0, 0 };
	struct entry *entry;

	sim_text_printf(&target, "%s%s", request->host_name, request->uri);
	pthread_mutex_lock(&script->lock);
	if (!is_let_in(script, request)) {
		sim_reply_error(reply, request, SIM_SHAPE_ARM, 401,
		    "Unauthorized", "The credential is wrong.");
	} else {
		entry = find_entry(script, request, target.bytes);
		if (entry != NULL)
			give(script, request, entry, reply);
		else
			sim_reply_error(reply, request, SIM_SHAPE_ARM,
			    NOT_THERE, "NotInTheScript",
			    "The service has no such thing.");
	}
	pthread_mutex_unlock(&script->lock);
	sim_text_fini(&target);
}
