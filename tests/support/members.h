/* SPDX-License-Identifier: ISC */
/*
 * The members of an archive as a list that a test may change, and the archive
 * written again from it: packed bytes are kept, so that nothing but what the
 * test changes is another.
 */
#ifndef TESTS_MEMBERS_H
#define TESTS_MEMBERS_H

#include <stddef.h>
#include <stdint.h>

#include "dossier/zip.h"

struct member {
	struct dsr_zip_entry entry;
	uint8_t *packed;
};

struct members {
	struct member *list;
	size_t count;
	size_t room; /* members that list has memory for */
};

/* Reads what fd holds from its start; the test fails when there is a finding. */
void members_read(struct members *m, int fd);
void members_free(struct members *m);
/* Writes them into fd, which is emptied before. */
void members_write(const struct members *m, int fd);

/* The member whose name ends in this; m->count when there is none. */
size_t members_find(const struct members *m, const char *end);
/* Takes one out. */
void members_remove(struct members *m, size_t at);
/* Puts a copy of another list's member in at this place. */
void members_insert(struct members *m, size_t at, const struct member *from);

#endif
