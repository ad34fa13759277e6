/* SPDX-License-Identifier: ISC */
/*
 * The header of a file of age: a line with the version, stanzas, a line with
 * the MAC. Every rule of its grammar is one here; stanzas of kinds that are
 * not known must be well formed, and are passed over.
 */
#include "age_private.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/text.h"

#define LINE_BYTES    48u /* that a full line of base64 stands for */
#define MAX_ARGUMENTS 4u  /* one more than a stanza of a known kind has */
#define MAC_LINE      (4 + 43) /* "--- " and 32 bytes in base64 */

struct argument {
	const char *s;
	size_t len;
};

struct parser {
	struct dsr_age_header *header;
	struct dsr_age_input *in;
	struct dsr_buffer line; /* with its LF */
	const char *text;       /* of it ... */
	size_t len;             /* ... without the LF */
};

void
dsr_age_header_init(struct dsr_age_header *h)
{
	memset(h, 0, sizeof(*h));
	dsr_buffer_init(&h->text, DSR_MAX_AGE_HEADER);
}

void
dsr_age_header_fini(struct dsr_age_header *h)
{
	dsr_buffer_fini(&h->text);
	free(h->stanzas);
	dsr_age_header_init(h);
}

static int
malformed(struct dsr_error *err, const char *what)
{
	return dsr_fail(err, DSR_EFORMAT,
	    "the header of the age file: %s - FORMAT.md 5.5", what);
}

static int
read_line(struct parser *p, struct dsr_error *err)
{
	int more = dsr_age_input_line(p->in, &p->line, err);

	if (more < 0)
		return -1;
	if (more == 0 || p->line.data[p->line.len - 1] != '\n')
		return malformed(err, "it was cut");
	p->text = (const char *)p->line.data;
	p->len = p->line.len - 1;
	return 0;
}

/* What was read goes into the text that the MAC is over. */
static int
keep_line(struct parser *p, struct dsr_error *err)
{
	if (dsr_buffer_append(&p->header->text, p->line.data, p->line.len,
		err) != 0)
		return dsr_wrap(err, "the header of the age file");
	return 0;
}

/*
 * Cuts "-> a b c" at its spaces. The number of arguments, of which the first
 * MAX_ARGUMENTS are kept; 0 when the line is not well formed.
 */
static size_t
split_arguments(const struct parser *p, struct argument args[MAX_ARGUMENTS])
{
	size_t i, begin = 3, count = 0;

	for (i = 3; i <= p->len; i++) {
		if (i < p->len && p->text[i] != ' ') {
			if (p->text[i] < 0x21 || p->text[i] > 0x7e)
				return 0;
			continue;
		}
		if (i == begin)
			return 0;
		if (count < MAX_ARGUMENTS) {
			args[count].s = p->text + begin;
			args[count].len = i - begin;
		}
		begin = i + 1;
		count++;
	}
	return count;
}

static bool
argument_is(const struct argument *a, const char *word)
{
	return a->len == strlen(word) && memcmp(a->s, word, a->len) == 0;
}

static bool
decode_argument(uint8_t *out, size_t len, const struct argument *a)
{
	size_t got = 0;

	return dsr_base64_decode_unpadded(out, len, &got, a->s, a->len) &&
	    got == len;
}

static int
take_x25519(struct dsr_age_stanza *s, const struct argument *args,
    size_t count, struct dsr_error *err)
{
	s->kind = DSR_AGE_X25519;
	if (count != 2 || !decode_argument(s->salt, DSR_AGE_KEY, &args[1]))
		return malformed(err, "an X25519 stanza that is not one");
	return 0;
}

static int
take_scrypt(struct dsr_age_stanza *s, const struct argument *args,
    size_t count, struct dsr_error *err)
{
	uint64_t log_n = 0;

	s->kind = DSR_AGE_SCRYPT;
	if (count != 3 || !decode_argument(s->salt, DSR_AGE_SALT, &args[1]) ||
	    !dsr_parse_u64(args[2].s, args[2].len, UINT64_MAX, &log_n) ||
	    log_n == 0)
		return malformed(err, "a scrypt stanza that is not one");
	if (log_n > DSR_MAX_AGE_WORK_FACTOR)
		return dsr_fail(err, DSR_ELIMIT, "the age file asks for more "
		    "work than this program does to turn a passphrase into a "
		    "key: wanted a factor of at most %u - FORMAT.md 5.5",
		    DSR_MAX_AGE_WORK_FACTOR);
	s->work_factor = (unsigned int)log_n;
	return 0;
}

/* *known is false when the stanza is of a kind that others understand. */
static int
take_arguments(struct parser *p, struct dsr_age_stanza *s, bool *known,
    struct dsr_error *err)
{
	struct argument args[MAX_ARGUMENTS] = { { NULL, 0 } };
	size_t count = split_arguments(p, args);

	*known = false;
	if (count == 0)
		return malformed(err, "the first line of a stanza");
	memset(s, 0, sizeof(*s));
	if (argument_is(&args[0], "X25519")) {
		*known = true;
		return take_x25519(s, args, count, err);
	}
	if (argument_is(&args[0], "scrypt")) {
		*known = true;
		return take_scrypt(s, args, count, err);
	}
	return 0;
}

/* Lines of 64 columns, then a shorter one; its length in bytes in *len. */
static int
read_body(struct parser *p, uint8_t body[DSR_AGE_BODY], uint64_t *len,
    struct dsr_error *err)
{
	uint8_t bytes[LINE_BYTES];
	size_t got;

	*len = 0;
	do {
		got = 0;
		if (read_line(p, err) != 0)
			return -1;
		if (p->len > DSR_AGE_COLUMNS ||
		    !dsr_base64_decode_unpadded(bytes, sizeof(bytes), &got,
			p->text, p->len))
			return malformed(err, "a stanza's body is not base64 "
			    "in lines of 64");
		if (*len == 0)
			memcpy(body, bytes,
			    got < DSR_AGE_BODY ? got : DSR_AGE_BODY);
		*len += got;
		if (keep_line(p, err) != 0)
			return -1;
	} while (p->len == DSR_AGE_COLUMNS);
	return 0;
}

static int
add_stanza(struct dsr_age_header *h, const struct dsr_age_stanza *s,
    struct dsr_error *err)
{
	size_t capacity = h->capacity == 0 ? 4 : 2 * h->capacity;
	struct dsr_age_stanza *grown;

	if (h->count == h->capacity) {
		grown = realloc(h->stanzas, capacity * sizeof(*grown));
		if (grown == NULL)
			return dsr_fail(err, DSR_ENOMEM, "stanzas");
		h->stanzas = grown;
		h->capacity = capacity;
	}
	h->stanzas[h->count++] = *s;
	return 0;
}

/* The first line of it has been read. */
static int
read_stanza(struct parser *p, struct dsr_error *err)
{
	struct dsr_age_stanza s;
	uint64_t len;
	bool known;

	if (p->header->all++ >= DSR_MAX_AGE_STANZAS)
		return dsr_fail(err, DSR_ELIMIT, "the age file has more than "
		    "%u recipients - FORMAT.md 5.5", DSR_MAX_AGE_STANZAS);
	if (take_arguments(p, &s, &known, err) != 0 ||
	    keep_line(p, err) != 0 || read_body(p, s.body, &len, err) != 0)
		return -1;
	if (!known)
		return 0;
	/* asked before anything is decrypted: the length is no oracle then */
	if (len != DSR_AGE_BODY)
		return malformed(err, "a stanza's body of another length than "
		    "32 bytes");
	return add_stanza(p->header, &s, err);
}

static int
read_mac(struct parser *p, struct dsr_error *err)
{
	const struct argument mac = { p->text + 4, p->len - 4 };

	if (p->len != MAC_LINE || p->text[3] != ' ' ||
	    !decode_argument(p->header->mac, sizeof(p->header->mac), &mac))
		return malformed(err, "the line with the MAC");
	return dsr_buffer_puts(&p->header->text, "---", err);
}

static bool
begins_with(const struct parser *p, const char *word)
{
	return p->len >= strlen(word) &&
	    memcmp(p->text, word, strlen(word)) == 0;
}

static int
read_version(struct parser *p, struct dsr_error *err)
{
	if (read_line(p, err) != 0)
		return -1;
	if (p->len == strlen(DSR_AGE_VERSION) &&
	    begins_with(p, DSR_AGE_VERSION))
		return keep_line(p, err);
	return malformed(err, "it is not of version 1");
}

static int
read_all(struct parser *p, struct dsr_error *err)
{
	const struct dsr_age_header *h = p->header;
	size_t i;

	if (read_version(p, err) != 0 || read_line(p, err) != 0)
		return -1;
	while (begins_with(p, "-> "))
		if (read_stanza(p, err) != 0 || read_line(p, err) != 0)
			return -1;
	if (h->all == 0 || !begins_with(p, "---"))
		return malformed(err, "neither a stanza nor the MAC");
	for (i = 0; i < h->count; i++)
		if (h->stanzas[i].kind == DSR_AGE_SCRYPT && h->all > 1)
			return malformed(err,
			    "a passphrase and another recipient beside it");
	return read_mac(p, err);
}

int
dsr_age_header_read(struct dsr_age_header *h, struct dsr_age_input *in,
    struct dsr_error *err)
{
	struct parser p = { .header = h, .in = in };
	int rc;

	dsr_buffer_init(&p.line, DSR_MAX_AGE_LINE);
	rc = read_all(&p, err);
	dsr_buffer_fini(&p.line);
	return rc;
}

int
dsr_age_stanza_write(struct dsr_buffer *text, const struct dsr_age_stanza *s,
    struct dsr_error *err)
{
	bool scrypt = s->kind == DSR_AGE_SCRYPT;

	if (dsr_buffer_puts(text, scrypt ? "-> scrypt " : "-> X25519 ", err) !=
		0 ||
	    dsr_base64_encode_unpadded(text, s->salt,
		scrypt ? DSR_AGE_SALT : DSR_AGE_KEY, err) != 0 ||
	    (scrypt &&
		dsr_buffer_printf(text, err, " %u", s->work_factor) != 0) ||
	    dsr_buffer_putc(text, '\n', err) != 0 ||
	    dsr_base64_encode_unpadded(text, s->body, sizeof(s->body), err) !=
		0)
		return -1;
	return dsr_buffer_putc(text, '\n', err);
}
