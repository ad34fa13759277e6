/* SPDX-License-Identifier: ISC */
#include "dossier/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "dossier/language.h"
#include "dossier/limits.h"
#include "dossier/text.h"

void
dsr_secret_fini(struct dsr_secret *s)
{
	sodium_free(s->data); /* wipes; NULL is allowed */
	s->data = NULL;
	s->len = 0;
}

/* One LF or CRLF at the end is not part of the secret. */
static void
cut_line_end(struct dsr_secret *s)
{
	if (s->len > 0 && s->data[s->len - 1] == '\n')
		s->len--;
	if (s->len > 0 && s->data[s->len] == '\n' &&
	    s->data[s->len - 1] == '\r')
		s->len--;
	sodium_memzero(s->data + s->len, DSR_MAX_SECRET - s->len);
}

int
dsr_secret_read_fd(struct dsr_secret *s, int fd, struct dsr_error *err)
{
	char *data = sodium_malloc(DSR_MAX_SECRET + 1);
	int64_t n;

	s->data = NULL;
	s->len = 0;
	if (data == NULL)
		return dsr_fail(err, DSR_ENOMEM, "locked memory for a secret");
	n = dsr_read_full(fd, data, DSR_MAX_SECRET, err);
	if (n < 0 || n == DSR_MAX_SECRET) {
		sodium_free(data);
		return n < 0 ? -1
		    : dsr_fail(err, DSR_EINPUT,
			"a secret of more than %u bytes", DSR_MAX_SECRET - 1);
	}
	s->data = data;
	s->len = (size_t)n;
	data[n] = '\0';
	cut_line_end(s);
	return 0;
}

int
dsr_secret_read(struct dsr_secret *s, const char *path, struct dsr_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int rc = -1;
	struct stat st;

	s->data = NULL;
	s->len = 0;
	if (fd < 0)
		return dsr_fail_sys(err, "%s", path);
	if (fstat(fd, &st) != 0) {
		dsr_fail_sys(err, "%s", path);
		goto out;
	}
	if (!S_ISREG(st.st_mode)) {
		dsr_fail(err, DSR_EINPUT, N_("%s: not a regular file"),
		    path);
		goto out;
	}
	if ((st.st_mode & 077) != 0) {
		dsr_fail(err, DSR_EINPUT,
		    N_("%s: a secret that others can read (mode %04o); "
		    "run chmod 600 on it"), path, st.st_mode & 07777u);
		goto out;
	}
	if ((rc = dsr_secret_read_fd(s, fd, err)) != 0)
		(void)dsr_wrap(err, "%s", path);
out:
	(void)close(fd);
	return rc;
}

static int
read_without_echo(struct dsr_secret *s, int tty, struct dsr_error *err)
{
	struct termios before, quiet;
	char *data = sodium_malloc(DSR_MAX_SECRET + 1);
	ssize_t n;

	if (data == NULL)
		return dsr_fail(err, DSR_ENOMEM, "locked memory for a secret");
	if (tcgetattr(tty, &before) != 0) {
		sodium_free(data);
		return dsr_fail_sys(err, "terminal");
	}
	quiet = before;
	quiet.c_lflag &= (tcflag_t) ~(tcflag_t)ECHO;
	(void)tcsetattr(tty, TCSAFLUSH, &quiet);
	do
		n = read(tty, data, DSR_MAX_SECRET);
	while (n < 0 && errno == EINTR);
	(void)tcsetattr(tty, TCSAFLUSH, &before);
	(void)dsr_write_all(tty, "\n", 1, err);
	if (n < 0) {
		sodium_free(data);
		return dsr_fail_sys(err, "terminal");
	}
	s->data = data;
	s->len = (size_t)n;
	data[n] = '\0';
	cut_line_end(s);
	return 0;
}

int
dsr_secret_prompt(struct dsr_secret *s, const char *prompt,
    struct dsr_error *err)
{
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	int rc;

	s->data = NULL;
	s->len = 0;
	if (tty < 0)
		return dsr_fail(err, DSR_EUSAGE,
		    "a passphrase or token is needed, and there is no terminal "
		    "to ask on");
	rc = dsr_write_all(tty, prompt, strlen(prompt), err);
	if (rc == 0)
		rc = read_without_echo(s, tty, err);
	(void)close(tty);
	return rc;
}
