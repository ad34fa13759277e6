/* SPDX-License-Identifier: ISC */
/*
 * Policies: whatever the file holds, it is a policy or a mistake with a place,
 * and none of them is met by an archive that nobody signed.
 */
#include "../../verifier/policy.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../verifier/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
judge(const struct policy *p)
{
	static struct check c;
	static struct verify_result result;
	static struct verify_options options;
	struct dsr_error err;

	memset(&c, 0, sizeof(c));
	memset(&result, 0, sizeof(result));
	memset(&options, 0, sizeof(options));
	c.result = &result;
	c.options = &options;
	require(dsr_findings_new(&c.findings, NULL, NULL, &err) == 0);
	require(policy_is_unmet(p, &c));
	dsr_findings_free(c.findings);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy *p = NULL;
	struct dsr_error err;
	char path[40];
	int fd = memfd_create("policy", MFD_CLOEXEC);

	require(fd >= 0);
	require(write(fd, data, size) == (ssize_t)size);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (policy_read(&p, path, &err) == 0)
		judge(p);
	else
		require(p == NULL && err.code == DSR_EINPUT);
	policy_free(p);
	(void)close(fd);
	return 0;
}
