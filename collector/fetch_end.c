/* SPDX-License-Identifier: ISC */
/* How a request ended: with a whole answer, a part of one, or none. */
#include "fetch.h"

#include <stdio.h>

#include "dossier/clock.h"
#include "dossier/text.h"

/* Sorts out how a transfer ended, unless a callback said so already. */
static void
judge_end(struct fetch *f, CURLcode code)
{
	long status = 0;

	(void)curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status > 0)
		f->status = (uint64_t)status;
	if (f->error != NULL)
		return;
	f->outcome = FETCH_ANSWER;
	if (code == CURLE_OK && f->whole != DSR_NONE && f->size != f->whole) {
		f->outcome = f->size < f->whole ? FETCH_TRUNCATED
		                                : FETCH_DAMAGED;
		f->error = "the body is not as long as the service said";
		return;
	}
	if (code == CURLE_OK && fetch_md5_differs(f)) {
		f->outcome = FETCH_DAMAGED;
		f->error = "the body is not that of its Content-MD5";
		return;
	}
	if (code == CURLE_OK && fetch_is_whole(f))
		return;
	if (code == CURLE_OK) {
		f->error = "the packed body breaks off";
		f->outcome = FETCH_TRUNCATED;
		return;
	}
	f->error = code == CURLE_PEER_FAILED_VERIFICATION
	    ? peers_complaint(f->easy)
	    : curl_easy_strerror(code);
	f->outcome = status > 0 && code != CURLE_WEIRD_SERVER_REPLY
	    ? FETCH_TRUNCATED
	    : FETCH_NOTHING;
}

static void
note_peer(struct fetch *f)
{
	const char *address = NULL;

	(void)curl_easy_getinfo(f->easy, CURLINFO_PRIMARY_IP, &address);
	if (address == NULL || address[0] == '\0')
		return;
	(void)snprintf(f->peer, sizeof(f->peer), "%s",
	    address_text_is_public(address) ? address : "private");
}

void
fetch_end(struct fetch *f, CURLcode code)
{
	uint8_t digest[DSR_SHA256_BYTES];

	dsr_clock_now(&f->ended);
	judge_end(f, code);
	note_peer(f);
	/* of a body that broke off the rest may follow */
	if (f->outcome == FETCH_TRUNCATED)
		return;
	dsr_sha256_final(f->hash, digest);
	dsr_hex_encode(f->sha256, digest, sizeof(digest));
}
