/* SPDX-License-Identifier: ISC */
/*
 * The content of members, tapped off where it is hashed: what is given here
 * and what is judged are the same bytes, read once. Nothing of it counts
 * before the verdict.
 */
#ifndef VERIFIER_TAP_H
#define VERIFIER_TAP_H

#include <stddef.h>

struct verify_tap {
	/*
	 * All of a member, by its path below NAME/. Called from several threads
	 * at a time.
	 */
	void (*whole)(void *ctx, const char *path, const void *content,
	    size_t len);
	/* One in pieces: begin, pieces, end. Called from one thread. */
	void (*begin)(void *ctx, const char *path);
	void (*piece)(void *ctx, const void *content, size_t len);
	void (*end)(void *ctx);
	void *ctx;
};

#endif
