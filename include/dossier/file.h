/* SPDX-License-Identifier: ISC */
/*
 * Files: outputs that appear whole or not at all, inputs read with a bound,
 * secrets, and spools.
 */
#ifndef DOSSIER_FILE_H
#define DOSSIER_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dossier/buffer.h"
#include "dossier/error.h"

/* Writes all of data to fd. DSR_EIO, DSR_ENOSPACE. */
int dsr_write_all(int fd, const void *data, size_t len,
    struct dsr_error *err);
/*
 * Reads until len bytes or the end; returns the count, or -1 (DSR_EIO).
 */
int64_t dsr_read_full(int fd, void *buf, size_t len, struct dsr_error *err);

/*
 * Opens what stands at path below the folder root, and nothing else: never what
 * is outside of it, whatever the path and the links on its way say. flags as
 * of open(2); O_CLOEXEC is added. links: may symbolic links lead the way (as
 * long as they stay below root)? On kernels without openat2(2) they may not.
 * -1 with errno: EXDEV or ELOOP when the path or a link would leave root.
 */
int dsr_open_below(int root, const char *path, int flags, bool links);

/*
 * An output file. It is written under a temporary name in the folder where it
 * shall stand, mode 0600, and takes its name when it is committed: fsync,
 * rename (link without force, so that nothing is ever overwritten by a race),
 * fsync of the folder. Freed uncommitted, nothing stays behind.
 */
struct dsr_outfile;

/*
 * DSR_EEXISTS  path exists and force is false
 * DSR_EIO, DSR_ENOSPACE, DSR_ENOMEM
 */
int dsr_outfile_new(struct dsr_outfile **out, const char *path, bool force,
    struct dsr_error *err);
/* The descriptor, open for reading and writing; borrowed. */
int dsr_outfile_fd(const struct dsr_outfile *f);
int dsr_outfile_commit(struct dsr_outfile *f, struct dsr_error *err);
void dsr_outfile_free(struct dsr_outfile *f);
/* A whole small file through the above. */
int dsr_file_write(const char *path, const void *data, size_t len, bool force,
    struct dsr_error *err);

/*
 * Removes the temporary files of this process that are not committed yet: for
 * a signal handler's side of main. Async-signal-safe.
 */
void dsr_outfile_abandon_all(void);

/*
 * Copies the first len bytes of a file into an empty one: by sharing blocks
 * where the file system can, else in the kernel, else by hand. Where to stands
 * afterwards is not told. DSR_EIO, DSR_ENOSPACE, DSR_ENOMEM
 */
int dsr_file_copy_start(int to, int from, uint64_t len, struct dsr_error *err);

/*
 * Reads a whole file of at most b->max bytes into b.
 * DSR_EIO, DSR_ELIMIT, DSR_ENOMEM
 */
int dsr_file_read(struct dsr_buffer *b, const char *path,
    struct dsr_error *err);
/* The same from a descriptor, from where it stands to the end. */
int dsr_fd_read(struct dsr_buffer *b, int fd, struct dsr_error *err);

/*
 * Opens a regular file for reading below an open folder, through no link and
 * not out of it; whatever the name says.
 * DSR_EIO      it is not there, or a link is on the way
 * DSR_EFORMAT  it is not a regular file
 */
int dsr_file_open_below(int folder, const char *name, int *fd,
    struct dsr_error *err);

/*
 * A secret: memory of libsodium (locked, guarded), wiped when freed.
 */
struct dsr_secret {
	char *data; /* sodium_malloc; NUL behind it */
	size_t len; /* bytes without the NUL */
};
void dsr_secret_fini(struct dsr_secret *s);
/*
 * Reads a secret file; one LF or CRLF at its end is not part of the secret.
 * DSR_EINPUT  others than the owner can read it, or it is too long
 * DSR_EIO     it cannot be read
 */
int dsr_secret_read(struct dsr_secret *s, const char *path,
    struct dsr_error *err);
/* The same from a descriptor (no look at modes); it is not closed. */
int dsr_secret_read_fd(struct dsr_secret *s, int fd, struct dsr_error *err);
/*
 * Asks on the terminal, without echo. DSR_EUSAGE when there is no terminal.
 */
int dsr_secret_prompt(struct dsr_secret *s, const char *prompt,
    struct dsr_error *err);

/*
 * A spool: an unlinked temporary file in TMPDIR (else /tmp), written once,
 * then read from its start as often as wanted. Buffered.
 */
struct dsr_spool;
int dsr_spool_new(struct dsr_spool **out, struct dsr_error *err);
/*
 * The same for what must not reach a disk: it is encrypted there, with a key
 * of the spool's own that nobody ever learns.
 */
int dsr_spool_new_secret(struct dsr_spool **out, struct dsr_error *err);
/* As secret as the spool that its content is taken from. */
int dsr_spool_new_like(struct dsr_spool **out, const struct dsr_spool *from,
    struct dsr_error *err);
/*
 * Makes its file at once, not when it is needed: for those who close a sandbox
 * before they write. DSR_EIO, DSR_ENOMEM.
 */
int dsr_spool_make_file(struct dsr_spool *s, struct dsr_error *err);
void dsr_spool_free(struct dsr_spool *s);
int dsr_spool_write(struct dsr_spool *s, const void *data, size_t len,
    struct dsr_error *err);
/* Bytes written so far. */
uint64_t dsr_spool_size(const struct dsr_spool *s);
/* Goes to the start for reading. */
int dsr_spool_rewind(struct dsr_spool *s, struct dsr_error *err);
/* Goes to a place (bytes from the start, at most its size) for reading. */
int dsr_spool_seek(struct dsr_spool *s, uint64_t offset,
    struct dsr_error *err);
/* Up to len bytes; 0 at the end, -1 on failure. */
int64_t dsr_spool_read(struct dsr_spool *s, void *buf, size_t len,
    struct dsr_error *err);
/* All of len bytes: 1; 0 when the spool ends before that; -1. */
int dsr_spool_read_all(struct dsr_spool *s, void *buf, size_t len,
    struct dsr_error *err);
/*
 * The next line with its LF into line (reset first); 1, or 0 at the end, or
 * -1 (DSR_ELIMIT when it is longer than line->max).
 */
int dsr_spool_line(struct dsr_spool *s, struct dsr_buffer *line,
    struct dsr_error *err);

#endif
