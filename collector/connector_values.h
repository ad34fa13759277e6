/* SPDX-License-Identifier: ISC */
/*
 * Readers of the values in a connector: what a row of connector_kinds.c names.
 * Each puts its value at key->offset of the object, or complains.
 */
#ifndef COLLECTOR_CONNECTOR_VALUES_H
#define COLLECTOR_CONNECTOR_VALUES_H

#include "connector.h"

/* A word of pagination, and the keys of its configuration. */
struct strategy {
	const char *name;
	const struct kind *kind;
};

/* clang-format off */
#define VALUE_READERS(X)                                                    \
	X(read_string)         /* const char *; min: bytes */               \
	X(read_endpoint_name)  /* const char *: also keys of connectors */  \
	X(read_placeholder)    /* const char *: params, identities */       \
	X(read_credential)     /* const char *: name of a credential */     \
	X(read_category)       /* const char * */                           \
	X(read_reason)         /* const char * */                           \
	X(read_header_name)    /* const char * */                           \
	X(read_pattern)        /* const char *: a regular expression */     \
	X(read_text)           /* const struct dsr_json_value * */          \
	X(read_labels)         /* nothing: the report reads them */         \
	X(read_any)            /* const struct dsr_json_value * */          \
	X(read_scalar)         /* const struct dsr_json_value * */          \
	X(read_flag)           /* bool */                                   \
	X(read_optional_flag)  /* const bool * */                           \
	X(read_count)          /* uint64_t; min */                          \
	X(read_statuses)       /* struct dsr_list of uint64_t */            \
	X(read_optional_statuses) /* const struct dsr_list * */             \
	X(read_word)           /* int: index in extra */                    \
	X(read_bool_word)      /* bool: is it the second of extra? */       \
	X(read_choice)         /* const char *: one of extra */             \
	X(read_path)           /* const struct path * */                    \
	X(read_template)       /* const struct template * */                \
	X(read_host)           /* const struct template * */                \
	X(read_url_path)       /* const struct template * */                \
	X(read_hosts)          /* struct dsr_list of const struct template * */ \
	X(read_strings)        /* struct dsr_list of const char *; min */   \
	X(read_one)            /* pointer to an object of kind extra */     \
	X(read_inline)         /* the object itself */                      \
	X(read_list)           /* struct dsr_list of objects; min */        \
	X(read_endpoints)      /* the same, of more entries */              \
	X(read_one_or_list)    /* the same, or just one such object */      \
	X(read_paths)          /* struct dsr_list of const struct path *; min */ \
	X(read_strategy)       /* int: index in extra, struct strategy */   \
	X(read_configuration)  /* by the strategy beside it */
/* clang-format on */

#define X(name)                                                               \
	void name(struct reading *r, const struct key *key,                   \
	    const struct dsr_json_value *v, void *object);
VALUE_READERS(X)
#undef X

#endif
