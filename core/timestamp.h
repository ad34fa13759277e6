/* SPDX-License-Identifier: ISC */
/* The shell of a reply, written and taken apart; private to time stamps. */
#ifndef DOSSIER_CORE_TIMESTAMP_H
#define DOSSIER_CORE_TIMESTAMP_H

#include "time_info.h"

/* A TimeStampResp: RFC 3161 2.4.2. */
struct dsr_time_reply {
	unsigned int status;        /* PKIStatus; 0 and 1: granted */
	struct dsr_signed_data token;
	struct dsr_time_info info;  /* of the token */
};

/* Appends the one form: "granted", and the token in its one form. */
int dsr_time_reply_write(const struct dsr_signed_data *token,
    struct dsr_buffer *out, struct dsr_error *err);
/*
 * Takes sound DER apart; r->token is to be closed (dsr_signed_data_fini) when
 * it succeeds. A reply that does not grant is DSR_EFAILED.
 */
int dsr_time_reply_parse(struct dsr_time_reply *r, const void *der, size_t len,
    struct dsr_error *err);

#endif
