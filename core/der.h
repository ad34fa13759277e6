/* SPDX-License-Identifier: ISC */
/*
 * DER (X.690 section 10): a walk that judges hostile bytes before any other
 * parser sees them, a reader that takes elements apart, and a writer.
 *
 * Private to what is made of it: certificates, CMS, time stamps.
 */
#ifndef DOSSIER_CORE_DER_H
#define DOSSIER_CORE_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "dossier/buffer.h"
#include "dossier/error.h"

#define DSR_DER_BOOLEAN          0x01
#define DSR_DER_INTEGER          0x02
#define DSR_DER_BIT_STRING       0x03
#define DSR_DER_OCTET_STRING     0x04
#define DSR_DER_NULL             0x05
#define DSR_DER_OID              0x06
#define DSR_DER_UTC_TIME         0x17
#define DSR_DER_GENERALIZED_TIME 0x18
#define DSR_DER_SEQUENCE         0x30
#define DSR_DER_SET              0x31
#define DSR_DER_CONTEXT(n)       (0xA0 | (n)) /* constructed */

/* Bytes somewhere else: elements one after the other, or one's content. */
struct dsr_der {
	const uint8_t *data;
	size_t len; /* bytes */
};

/*
 * Is this one element and nothing behind it, in definite and minimal lengths,
 * tags of one byte, at most DSR_MAX_DER_DEPTH deep, with booleans, integers,
 * bit strings, nulls and object identifiers in their one form?
 */
bool dsr_der_is_sound(const void *data, size_t len);

/*
 * Readers of sound bytes. Each takes the next element off *in; false, and *in
 * unchanged, when there is none or it has another tag.
 */
bool dsr_der_take(struct dsr_der *in, uint8_t tag, struct dsr_der *content);
/* The next element whole, with its tag, whatever that is. */
bool dsr_der_take_element(struct dsr_der *in, struct dsr_der *element);
/* Does an element with this tag stand here? */
bool dsr_der_is_next(const struct dsr_der *in, uint8_t tag);
bool dsr_der_equals(const struct dsr_der *a, const void *data, size_t len);

/* UTCTime and GeneralizedTime as DER has them (RFC 5280 4.1.2.5, RFC 3161). */
bool dsr_der_take_time(struct dsr_der *in, struct timespec *when);

/*
 * A writer behind what a buffer holds. A failure is latched, and told by
 * dsr_der_writer_finish.
 */
struct dsr_der_writer {
	struct dsr_buffer *out;
	bool failed;
	struct dsr_error why;
};
void dsr_der_writer_init(struct dsr_der_writer *w, struct dsr_buffer *out);
/* One element with this content. */
void dsr_der_put(struct dsr_der_writer *w, uint8_t tag, const void *content,
    size_t len);
void dsr_der_put_small(struct dsr_der_writer *w, unsigned int integer);
/* Elements that are encoded already. */
void dsr_der_put_raw(struct dsr_der_writer *w, const void *data, size_t len);
/* UTCTime until 2049, GeneralizedTime afterwards (RFC 5652 11.3). */
void dsr_der_put_time(struct dsr_der_writer *w, time_t when);
/* What is put between becomes the content of one element. */
size_t dsr_der_begin(struct dsr_der_writer *w);
void dsr_der_end(struct dsr_der_writer *w, size_t from, uint8_t tag);
/* The same for a SET OF: its elements are put in order (X.690 11.6). */
void dsr_der_end_set(struct dsr_der_writer *w, size_t from, uint8_t tag);
int dsr_der_writer_finish(struct dsr_der_writer *w, struct dsr_error *err);

#endif
