/* SPDX-License-Identifier: ISC */
#include "receipt.h"

#include "dossier/buffer.h"
#include "sibling.h"

#define MAX_PACKED    (1u << 20) /* bytes of what the packer prints */
#define MAX_LANGUAGES 8u
#define MAX_ARGS      48u

struct args {
	const char *items[MAX_ARGS]; /* ends with NULL */
	size_t count;
};

/* Option and value, when there is one. */
static void
add(struct args *a, const char *option, const char *value)
{
	if (value == NULL)
		return;
	a->items[a->count++] = option;
	a->items[a->count++] = value;
}

static void
collect_args(struct args *a, const struct receipt_options *r,
    const char *case_path, const char *request)
{
	static const char *const x509[] = { "--x509-key", "--x509-cert",
		"--x509-chain", "--x509-passphrase-file" };

	add(a, "pack", case_path);
	add(a, "-o", r->output);
	add(a, "--key", r->key);
	add(a, "--key-passphrase-file", r->passphrase_file);
	for (size_t i = 0; i < sizeof(x509) / sizeof(x509[0]); i++)
		add(a, x509[i], r->x509[i]);
	add(a, "--request", request);
	for (size_t i = 0; i < r->languages.count && i < MAX_LANGUAGES; i++)
		add(a, "--lang", r->languages.items[i]);
	a->items[a->count++] = "--no-progress";
	if (r->force)
		a->items[a->count++] = "--force";
}

int
receipt_pack(const struct receipt_options *r, const char *case_path,
    const char *request, struct dsr_error *err)
{
	struct args a = { .count = 0 };
	struct dsr_buffer said;
	int status = 0, result;

	collect_args(&a, r, case_path, request);
	dsr_buffer_init(&said, MAX_PACKED);
	result = sibling_run("packer", a.items, true, &said, &status, err);
	dsr_buffer_fini(&said);
	if (result != 0)
		return -1;
	if (status == 0 || status == dsr_exit_status(DSR_EINCOMPLETE))
		return 0;
	return dsr_fail(err, DSR_EFAILED, "the receipt could not be packed "
	    "(exit status %d); what was done is in %s: dossier pack makes the "
	    "receipt of it", status, case_path);
}
