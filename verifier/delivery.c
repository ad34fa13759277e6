/* SPDX-License-Identifier: ISC */
#include "delivery.h"

#include <stdlib.h>
#include <string.h>

#include "dossier/file.h"

struct delivery {
	int fd;
	const struct dsr_age_identities *keys;
	struct dsr_findings *findings;
	bool encrypted;
	bool locked;
	bool broken;                   /* a finding has said so */
	struct dsr_age_reader *reader; /* NULL: plain, or not opened */
	size_t at, len;                /* what is left of the beginning */
	uint8_t beginning[DSR_AGE_INTRO];
};

/* The file from its first byte: what was looked at, then the rest. */
static int64_t
read_file(void *ctx, void *buf, size_t len, struct dsr_error *err)
{
	struct delivery *d = ctx;

	if (d->at == d->len)
		return dsr_read_full(d->fd, buf, len, err);
	if (len > d->len - d->at)
		len = d->len - d->at;
	memcpy(buf, d->beginning + d->at, len);
	d->at += len;
	return (int64_t)len;
}

static void
report_damage(struct delivery *d, const struct dsr_error *err)
{
	d->broken = true;
	dsr_findings_add(d->findings, DSR_F_AGE_DAMAGED, NULL, NULL, "%s",
	    err->msg);
}

/* After damage the archive ends: what was read of it is no whole one. */
static int64_t
read_decrypted(void *ctx, void *buf, size_t len, struct dsr_error *err)
{
	struct delivery *d = ctx;
	int64_t n;

	if (d->broken)
		return 0;
	n = dsr_age_read(d->reader, buf, len, err);
	if (n >= 0 || !dsr_age_is_damage(err))
		return n;
	report_damage(d, err);
	return 0;
}

int
delivery_open(struct delivery *d, struct dsr_error *err)
{
	const struct dsr_source file = { read_file, d };

	if (!d->encrypted ||
	    dsr_age_reader_new(&d->reader, &file, d->keys, err) == 0)
		return 0;
	if (err->code == DSR_EKEY) {
		d->locked = true;
		dsr_findings_add(d->findings, DSR_F_AGE_WRONG_KEY, NULL, NULL,
		    "%s", err->msg);
		return 0;
	}
	if (!dsr_age_is_damage(err))
		return -1;
	report_damage(d, err);
	return 0;
}

/* Who gives a key says that it is encrypted, unless it plainly is not. */
static bool
looks_encrypted(const struct delivery *d, bool has_keys)
{
	static const uint8_t member[] = { 'P', 'K', 3, 4 };

	if (dsr_age_is_likely(d->beginning, d->len))
		return true;
	return has_keys && (d->len < sizeof(member) ||
		memcmp(d->beginning, member, sizeof(member)) != 0);
}

int
delivery_new(struct delivery **out, int fd,
    const struct dsr_age_identities *keys, struct dsr_findings *findings,
    struct dsr_error *err)
{
	struct delivery *d = calloc(1, sizeof(*d));
	int64_t n;

	*out = NULL;
	if (d == NULL)
		return dsr_fail(err, DSR_ENOMEM, "delivery");
	d->fd = fd;
	d->keys = keys;
	d->findings = findings;
	n = dsr_read_full(fd, d->beginning, sizeof(d->beginning), err);
	if (n < 0)
		goto out;
	d->len = (size_t)n;
	d->encrypted = looks_encrypted(d, keys != NULL);
	if (d->encrypted && keys == NULL) {
		dsr_fail(err, DSR_EUSAGE, "the archive is encrypted: "
		    "give --identity-file or --passphrase-file");
		goto out;
	}
	*out = d;
	return 0;
out:
	delivery_free(d);
	return -1;
}

void
delivery_free(struct delivery *d)
{
	if (d == NULL)
		return;
	dsr_age_reader_free(d->reader);
	free(d);
}

void
delivery_source(struct delivery *d, struct dsr_source *out)
{
	out->read = d->encrypted ? read_decrypted : read_file;
	out->ctx = d;
}

bool
delivery_is_encrypted(const struct delivery *d)
{
	return d->encrypted;
}

bool
delivery_is_open(const struct delivery *d)
{
	return !d->encrypted || d->reader != NULL;
}

bool
delivery_is_locked(const struct delivery *d)
{
	return d->locked;
}
