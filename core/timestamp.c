/* SPDX-License-Identifier: ISC */
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

struct dsr_timestamp {
	struct dsr_buffer der; /* a copy, which reply points into */
	bool is_open;          /* reply was parsed */
	struct dsr_time_reply reply;
};

void
dsr_timestamp_free(struct dsr_timestamp *stamp)
{
	if (stamp == NULL)
		return;
	if (stamp->is_open)
		dsr_signed_data_fini(&stamp->reply.token);
	dsr_buffer_fini(&stamp->der);
	free(stamp);
}

/* FORMAT.md 5.6: written again from its parts it is the same. */
static int
compare_form(const struct dsr_timestamp *stamp, struct dsr_error *err)
{
	struct dsr_buffer again;
	int rc = -1;

	dsr_buffer_init(&again, DSR_MAX_ATTESTATION);
	if (dsr_time_reply_write(&stamp->reply.token, &again, err) == 0)
		rc = again.len == stamp->der.len &&
			memcmp(again.data, stamp->der.data, again.len) == 0
		    ? 0
		    : dsr_fail(err, DSR_EFORMAT,
			"a time stamp in another form - FORMAT.md 5.6");
	dsr_buffer_fini(&again);
	return rc;
}

/* Its own certificates: one path, from its signer to its only root. */
static int
check_path(const struct dsr_timestamp *stamp, struct dsr_error *err)
{
	const struct dsr_certificates *list =
	    stamp->reply.token.certificates;
	struct dsr_certificates *chain = NULL;
	struct dsr_roots *root = NULL;
	struct dsr_path path;
	size_t i;
	int rc = -1;

	if (dsr_roots_new(&root, err) != 0)
		return -1;
	for (i = 0; i < dsr_certificates_count(list); i++)
		if (dsr_certificates_is_root(list, i) &&
		    dsr_roots_add(root, list, i, "", err) != 0)
			goto out;
	if (dsr_roots_judge(root, list, stamp->reply.token.signer,
		DSR_PATH_FOR_TIME, stamp->reply.info.when.tv_sec, &path,
		&chain, err) != 0)
		goto out;
	if (path.state != DSR_PATH_TRUSTED)
		dsr_fail(err, DSR_ESIGNATURE, "the certificates of the time "
		    "stamp: %s - FORMAT.md 5.6", path.why);
	else if (dsr_roots_count(root) != 1 ||
	    !dsr_certificates_equal(chain, list))
		dsr_fail(err, DSR_EFORMAT, "a time stamp whose certificates "
		    "are not one path - FORMAT.md 5.6");
	else
		rc = 0;
out:
	dsr_certificates_free(chain);
	dsr_roots_free(root);
	return rc;
}

static int
check_stamp(struct dsr_timestamp *stamp, struct dsr_error *err)
{
	struct dsr_signed_data *token = &stamp->reply.token;

	if (!dsr_signed_data_signer(token))
		return dsr_fail(err, DSR_EFORMAT, "a time stamp without the "
		    "certificate of its signer - FORMAT.md 5.6");
	if (compare_form(stamp, err) != 0)
		return -1;
	if (!dsr_signed_data_is_valid(token, token->content.data,
		token->content.len))
		return dsr_fail(err, DSR_ESIGNATURE,
		    "the signature of a time stamp - FORMAT.md 5.6");
	return check_path(stamp, err);
}

int
dsr_timestamp_parse(struct dsr_timestamp **out, const void *der, size_t len,
    struct dsr_error *err)
{
	struct dsr_timestamp *stamp = calloc(1, sizeof(*stamp));

	*out = NULL;
	if (stamp == NULL)
		return dsr_fail(err, DSR_ENOMEM, "time stamp");
	dsr_buffer_init(&stamp->der, DSR_MAX_ATTESTATION);
	if (dsr_buffer_append(&stamp->der, der, len, err) != 0 ||
	    dsr_time_reply_parse(&stamp->reply, stamp->der.data, len, err) !=
		0)
		goto out;
	stamp->is_open = true;
	if (check_stamp(stamp, err) != 0)
		goto out;
	*out = stamp;
	return 0;
out:
	dsr_timestamp_free(stamp);
	return -1;
}

const struct dsr_imprint *
dsr_timestamp_imprint(const struct dsr_timestamp *stamp)
{
	return &stamp->reply.info.imprint;
}

void
dsr_timestamp_time(const struct dsr_timestamp *stamp, struct timespec *when)
{
	*when = stamp->reply.info.when;
}

const struct dsr_certificates *
dsr_timestamp_certificates(const struct dsr_timestamp *stamp)
{
	return stamp->reply.token.certificates;
}

size_t
dsr_timestamp_signer(const struct dsr_timestamp *stamp)
{
	return stamp->reply.token.signer;
}
