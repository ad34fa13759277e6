/* SPDX-License-Identifier: ISC */
#include "line.h"

#include "dossier/limits.h"
#include "dossier/sense.h"

/* What the record wants and has not, or NULL. */
static const char *
fault_of(const struct dsr_record_type *type, const void *record)
{
	if (type == &dsr_document_type)
		return dsr_document_fault(record);
	if (type == &dsr_exchange_type)
		return dsr_exchange_fault(record);
	if (type == &dsr_gap_type)
		return dsr_gap_fault(record);
	if (type == &dsr_erasure_type)
		return dsr_erasure_fault(record);
	return dsr_statement_fault(record);
}

int
line_write(const struct dsr_record_type *type, const void *record,
    struct dsr_buffer *out, struct dsr_error *err)
{
	const char *fault;

	if (dsr_record_write_line(type, record, out, err) != 0) {
		if (err->code == DSR_EFORMAT)
			err->code = DSR_EINPUT;
		return -1;
	}
	/* its strings are whole: they were written */
	fault = fault_of(type, record);
	return fault == NULL ? 0
	    : dsr_fail(err, DSR_EINPUT,
		  "what is to be packed breaks a rule of FORMAT.md 4; wanted %s",
		  fault);
}

int
line_put(struct dsr_spool *spool, const struct dsr_record_type *type,
    const void *record, struct dsr_error *err)
{
	struct dsr_buffer line;
	int rc;

	dsr_buffer_init(&line, DSR_MAX_LINE);
	rc = line_write(type, record, &line, err);
	if (rc == 0)
		rc = dsr_spool_write(spool, line.data, line.len, err);
	dsr_buffer_fini(&line);
	return rc;
}
