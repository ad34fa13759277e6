/* SPDX-License-Identifier: ISC */
/* TSTInfo: what the authority signs. RFC 3161 2.4.2; private to time stamps. */
#ifndef DOSSIER_CORE_TIME_INFO_H
#define DOSSIER_CORE_TIME_INFO_H

#include "der.h"
#include "dossier/timestamp.h"
#include "signed_data.h"

struct dsr_time_info {
	struct dsr_imprint imprint;
	struct timespec when; /* genTime */
	struct dsr_der nonce; /* content of the number; empty: none */
};

/* MessageImprint as content of its sequence: { algorithm, digest } */
bool dsr_time_imprint_take(struct dsr_der *in, struct dsr_imprint *out);
/* Parses a whole TSTInfo; false when it is none, or says what we ignore. */
bool dsr_time_info_parse(struct dsr_time_info *out, const void *der,
    size_t len);

#endif
