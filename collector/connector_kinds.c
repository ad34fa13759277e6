/* SPDX-License-Identifier: ISC */
/*
 * What may stand in a connector: one table for each kind of object. A new key
 * is a member of a struct in connector.h and a row here.
 */
#include "connector.h"
#include "connector_values.h"

#include <string.h>

#include "dossier/limits.h"

#define KIND(id, title, type, begin)                                          \
	const struct kind id##_kind = { title, id##_keys,                     \
		sizeof(id##_keys) / sizeof(id##_keys[0]), sizeof(type), begin }
#define AT(type, member) offsetof(struct type, member)

/* clang-format off */
static const char *const methods_read[] = { "GET", "POST", NULL };
static const char *const methods_delete[] = { "DELETE", "POST", NULL };
static const char *const strategies_auth[] = { "none", "bearer", "basic",
	"header", NULL };
static const char *const formats[] = { "json", "bytes", NULL };
static const char *const content_auth[] = { "none", "connector", NULL };
static const char *const sources[] = { "body", "header", NULL };
static const char *const injections[] = { "query", "header", "body", "path",
	NULL };
static const char *const protocols[] = { "auto", "azure-async-operation",
	"operation-location", "location", "body", NULL };

static const struct key meta_keys[] = {
	{ "key", true, read_endpoint_name, AT(connector_meta, key), NULL, 0 },
	{ "name", true, read_string, AT(connector_meta, name), NULL, 1 },
	{ "version", true, read_string, AT(connector_meta, version), NULL, 1 },
	{ "description", true, read_text, AT(connector_meta, description), NULL, 0 },
	{ "source", false, read_string, AT(connector_meta, source), NULL, 0 },
};
static KIND(meta, "connector", struct connector_meta, NULL);

static const struct key parameter_keys[] = {
	{ "name", true, read_placeholder, AT(parameter, name), NULL, 0 },
	{ "description", true, read_text, AT(parameter, description), NULL, 0 },
	{ "required", false, read_optional_flag, AT(parameter, required), NULL, 0 },
	{ "default", false, read_template, AT(parameter, preset), NULL, 0 },
	{ "pattern", false, read_pattern, AT(parameter, pattern), NULL, 0 },
};
static KIND(parameter, "connector_params", struct parameter, NULL);

static const struct key identity_keys[] = {
	{ "name", true, read_placeholder, AT(parameter, name), NULL, 0 },
	{ "description", true, read_text, AT(parameter, description), NULL, 0 },
	{ "pattern", false, read_pattern, AT(parameter, pattern), NULL, 0 },
};
static KIND(identity, "identities", struct parameter, NULL);

static const struct key auth_header_keys[] = {
	{ "name", true, read_header_name, AT(auth_header, name), NULL, 0 },
	{ "prefix", false, read_string, AT(auth_header, prefix), NULL, 0 },
};
static void
start_auth_header(void *object)
{
	((struct auth_header *)object)->prefix = "";
}
static KIND(auth_header, "headers", struct auth_header, start_auth_header);

static const struct key authentication_keys[] = {
	{ "strategy", true, read_word, AT(authentication, strategy), strategies_auth, 0 },
	{ "credential", false, read_credential, AT(authentication, credential), NULL, 0 },
	{ "audience", false, read_string, AT(authentication, audience), NULL, 0 },
	{ "headers", false, read_list, AT(authentication, headers), &auth_header_kind, 1 },
	{ "hosts", false, read_hosts, AT(authentication, hosts), NULL, 1 },
};
static KIND(authentication, "authentication", struct authentication, NULL);

static const struct key header_keys[] = {
	{ "name", true, read_header_name, AT(pair, name), NULL, 0 },
	{ "value", true, read_template, AT(pair, value), NULL, 0 },
};
static KIND(header, "headers", struct pair, NULL);

static const struct key query_keys[] = {
	{ "name", true, read_string, AT(pair, name), NULL, 1 },
	{ "value", true, read_template, AT(pair, value), NULL, 0 },
};
static KIND(query, "query_params", struct pair, NULL);

static const struct key reference_keys[] = {
	{ "endpoint", true, read_endpoint_name, AT(reference, endpoint), NULL, 0 },
	{ "each", false, read_path, AT(reference, each), NULL, 0 },
	{ "field", true, read_path, AT(reference, field), NULL, 0 },
};
static void
start_reference(void *object)
{
	((struct reference *)object)->index = NO_ENDPOINT;
}
static KIND(reference, "references", struct reference, start_reference);

static const struct key param_value_keys[] = {
	{ "name", true, read_placeholder, AT(param_value, name), NULL, 0 },
	{ "references", false, read_list, AT(param_value, references), &reference_kind, 1 },
	{ "identity", false, read_placeholder, AT(param_value, identity), NULL, 0 },
	{ "connector_param", false, read_placeholder, AT(param_value, connector_param), NULL, 0 },
	{ "values", false, read_strings, AT(param_value, values), NULL, 1 },
	{ "credential", false, read_credential, AT(param_value, credential), NULL, 0 },
	{ "optional", false, read_flag, AT(param_value, optional), NULL, 0 },
};
static KIND(param_value, "param_values", struct param_value, NULL);

static const struct key rule_keys[] = {
	{ "path", true, read_path, AT(param_value, path), NULL, 0 },
	{ "identity", false, read_placeholder, AT(param_value, identity), NULL, 0 },
	{ "references", false, read_list, AT(param_value, references), &reference_kind, 1 },
	{ "connector_param", false, read_placeholder, AT(param_value, connector_param), NULL, 0 },
	{ "or_absent", false, read_flag, AT(param_value, or_absent), NULL, 0 },
};
static KIND(rule, "subject_match", struct param_value, NULL);

static const struct key redaction_keys[] = {
	{ "path", true, read_path, AT(redaction_rule, path), NULL, 0 },
	{ "reason", false, read_reason, AT(redaction_rule, reason), NULL, 0 },
};
static void
start_redaction(void *object)
{
	((struct redaction_rule *)object)->reason = "credential";
}
static KIND(redaction, "redact", struct redaction_rule, start_redaction);

static void
start_pagination(void *object)
{
	struct pagination *p = object;

	p->rel = "next";
	p->limit = UINT64_MAX;
	p->start = UINT64_MAX;
	p->maximum_page = DSR_MAX_PAGES;
}
#define PAGING_COMMON                                                         \
	{ "count_path", false, read_path, AT(pagination, count_path), NULL, 0 }, \
	{ "maximum_page", false, read_count, AT(pagination, maximum_page), NULL, 1 }, \
	{ "stop_after_empty_page", false, read_optional_flag, \
	    AT(pagination, stop_after_empty_page), NULL, 0 }
#define PAGING_MORE                                                           \
	{ "has_more_path", false, read_path, AT(pagination, has_more_path), NULL, 0 }
#define PAGING_LIMIT                                                          \
	{ "limit_param", false, read_string, AT(pagination, limit_param), NULL, 1 }, \
	{ "limit", false, read_count, AT(pagination, limit), NULL, 1 }
static const struct key link_keys[] = {
	{ "source", false, read_word, AT(pagination, source), sources, 0 },
	{ "path", false, read_path, AT(pagination, path), NULL, 0 },
	{ "rel", false, read_string, AT(pagination, rel), NULL, 1 },
	PAGING_COMMON
};
static const struct key cursor_keys[] = {
	{ "source", false, read_word, AT(pagination, source), sources, 0 },
	{ "path", false, read_path, AT(pagination, path), NULL, 0 },
	{ "header", false, read_header_name, AT(pagination, header), NULL, 0 },
	{ "inject_into", false, read_word, AT(pagination, inject_into), injections, 0 },
	{ "param", false, read_string, AT(pagination, param), NULL, 1 },
	{ "next_path", false, read_url_path, AT(pagination, next_path), NULL, 0 },
	PAGING_MORE, PAGING_COMMON
};
static const struct key offset_keys[] = {
	{ "offset_param", true, read_string, AT(pagination, param), NULL, 1 },
	{ "start", false, read_count, AT(pagination, start), NULL, 0 },
	{ "total_path", false, read_path, AT(pagination, total_path), NULL, 0 },
	PAGING_LIMIT, PAGING_MORE, PAGING_COMMON
};
static const struct key page_number_keys[] = {
	{ "page_param", true, read_string, AT(pagination, param), NULL, 1 },
	{ "base_page", false, read_count, AT(pagination, start), NULL, 0 },
	{ "total_pages_path", false, read_path, AT(pagination, total_path), NULL, 0 },
	PAGING_LIMIT, PAGING_MORE, PAGING_COMMON
};
static const struct key keyset_keys[] = {
	{ "field", true, read_path, AT(pagination, path), NULL, 0 },
	{ "param", true, read_string, AT(pagination, param), NULL, 1 },
	PAGING_LIMIT, PAGING_MORE, PAGING_COMMON
};
static const struct kind none_kind = { "configuration", NULL, 0,
	sizeof(struct pagination), NULL };
static KIND(link, "configuration", struct pagination, NULL);
static KIND(cursor, "configuration", struct pagination, NULL);
static KIND(offset, "configuration", struct pagination, NULL);
static KIND(page_number, "configuration", struct pagination, NULL);
static KIND(keyset, "configuration", struct pagination, NULL);
/* in the order of enum paging */
static const struct strategy paging_strategies[] = {
	{ "none", &none_kind }, { "link", &link_kind },
	{ "cursor", &cursor_kind }, { "offset", &offset_kind },
	{ "page_number", &page_number_kind }, { "keyset", &keyset_kind },
	{ NULL, NULL },
};
static const struct key pagination_keys[] = {
	{ "strategy", false, read_strategy, AT(pagination, strategy), paging_strategies, 0 },
	{ "configuration", false, read_configuration, 0, paging_strategies, 0 },
};
static KIND(pagination, "pagination", struct pagination, start_pagination);

static const struct key status_request_keys[] = {
	{ "path", true, read_url_path, AT(request, path), NULL, 0 },
	{ "query_params", false, read_list, AT(request, query_params), &query_kind, 0 },
};
static KIND(status_request, "status_request", struct request, NULL);

static const struct key async_keys[] = {
	{ "protocol", false, read_word, AT(async, protocol), protocols, 0 },
	{ "url_path", false, read_path, AT(async, url_path), NULL, 0 },
	{ "id_path", false, read_path, AT(async, id_path), NULL, 0 },
	{ "status_request", false, read_one, AT(async, status_request), &status_request_kind, 0 },
	{ "status_path", false, read_path, AT(async, status_path), NULL, 0 },
	{ "succeeded", false, read_strings, AT(async, succeeded), NULL, 1 },
	{ "failed", false, read_strings, AT(async, failed), NULL, 0 },
	{ "interval_s", false, read_count, AT(async, interval_s), NULL, 1 },
	{ "timeout_s", false, read_count, AT(async, timeout_s), NULL, 1 },
};
static void
start_async(void *object)
{
	struct async *a = object;

	a->interval_s = 15;
	a->timeout_s = 3600;
}
static KIND(async, "async", struct async, start_async);

static const struct key error_handler_keys[] = {
	{ "retry", false, read_statuses, AT(error_handler, retry), NULL, 0 },
	{ "max_retries", false, read_count, AT(error_handler, max_retries), NULL, 0 },
	{ "backoff_base_s", false, read_count, AT(error_handler, backoff_base_s), NULL, 0 },
	{ "backoff_cap_s", false, read_count, AT(error_handler, backoff_cap_s), NULL, 0 },
	{ "retry_after_cap_s", false, read_count, AT(error_handler, retry_after_cap_s), NULL, 0 },
};
static void
start_error_handler(void *object)
{
	struct error_handler *h = object;

	h->max_retries = 5;
	h->backoff_base_s = 1;
	h->backoff_cap_s = 60;
	h->retry_after_cap_s = 600;
}
static KIND(error_handler, "error_handler", struct error_handler,
    start_error_handler);

static const struct key rate_limit_keys[] = {
	{ "requests", false, read_count, AT(rate_limit, requests), NULL, 1 },
	{ "period_s", false, read_count, AT(rate_limit, period_s), NULL, 1 },
	{ "remaining_header", false, read_header_name, AT(rate_limit, remaining_header), NULL, 0 },
	{ "reset_header", false, read_header_name, AT(rate_limit, reset_header), NULL, 0 },
};
static void
start_rate_limit(void *object)
{
	struct rate_limit *l = object;

	l->requests = UINT64_MAX;
	l->period_s = 1;
	l->remaining_header = "x-ratelimit-remaining";
	l->reset_header = "x-ratelimit-reset";
}
static KIND(rate_limit, "rate_limit", struct rate_limit, start_rate_limit);

static const struct key defaults_keys[] = {
	{ "api_version", false, read_template, AT(defaults, api_version), NULL, 0 },
	{ "headers", false, read_list, AT(defaults, headers), &header_kind, 0 },
	{ "error_handler", false, read_one, AT(defaults, error_handler), &error_handler_kind, 0 },
	{ "rate_limit", false, read_one, AT(defaults, rate_limit), &rate_limit_kind, 0 },
	{ "pagination", false, read_one, AT(defaults, pagination), &pagination_kind, 0 },
	{ "labels", false, read_labels, 0, NULL, 0 },
};
static KIND(defaults, "defaults", struct defaults, NULL);

#define REQUEST_ADDRESS(must)                                                 \
	{ "host", must, read_host, AT(request, host), NULL, 0 },              \
	{ "path", must, read_url_path, AT(request, path), NULL, 0 },          \
	{ "query_params", false, read_list, AT(request, query_params), &query_kind, 0 }
#define REQUEST_BODY                                                          \
	{ "headers", false, read_list, AT(request, headers), &header_kind, 0 }, \
	{ "body", false, read_any, AT(request, body), NULL, 0 },              \
	{ "param_values", false, read_list, AT(request, param_values), &param_value_kind, 0 }
#define REQUEST_JUDGEMENT                                                     \
	{ "success_codes", false, read_optional_statuses, AT(request, success_codes), NULL, 0 }, \
	{ "success_path", false, read_path, AT(request, success_path), NULL, 0 }, \
	{ "success_value", false, read_scalar, AT(request, success_value), NULL, 0 }, \
	{ "ignore_errors", false, read_optional_statuses, AT(request, ignore_errors), NULL, 0 }, \
	{ "accepted_codes", false, read_optional_statuses, AT(request, accepted_codes), NULL, 0 }, \
	{ "async", false, read_one, AT(request, async), &async_kind, 0 }
static const struct key read_keys[] = {
	{ "method", true, read_choice, AT(request, method), methods_read, 0 },
	REQUEST_ADDRESS(true), REQUEST_BODY,
	{ "format", false, read_bool_word, AT(request, bytes), formats, 0 },
	{ "data_path", false, read_path, AT(request, data_path), NULL, 0 },
	{ "primary_key", false, read_path, AT(request, primary_key), NULL, 0 },
	{ "pagination", false, read_one, AT(request, pagination), &pagination_kind, 0 },
	REQUEST_JUDGEMENT
};
static KIND(read, "read", struct request, NULL);

static const struct key content_keys[] = {
	{ "url_path", false, read_path, AT(request, url_path), NULL, 0 },
	{ "url_parts", false, read_paths, AT(request, url_parts), NULL, 1 },
	REQUEST_ADDRESS(false),
	{ "authentication", false, read_bool_word, AT(request, with_credential), content_auth, 0 },
	{ "required", false, read_optional_flag, AT(request, required), NULL, 0 },
	{ "ignore_errors", false, read_optional_statuses, AT(request, ignore_errors), NULL, 0 },
};
static void
start_content(void *object)
{
	((struct request *)object)->method = "GET";
}
static KIND(content, "content", struct request, start_content);

static const struct key delete_keys[] = {
	{ "method", false, read_choice, AT(request, method), methods_delete, 0 },
	REQUEST_ADDRESS(false), REQUEST_BODY, REQUEST_JUDGEMENT,
	{ "warning", false, read_text, AT(request, warning), NULL, 0 },
	{ "soft", false, read_text, AT(request, soft), NULL, 0 },
	{ "volatile", false, read_paths, AT(request, unstable), NULL, 1 },
};
static void
start_delete(void *object)
{
	((struct request *)object)->method = "DELETE";
}
static KIND(delete, "delete", struct request, start_delete);

static const struct key by_hand_keys[] = {
	{ "step", true, read_text, AT(by_hand, step), NULL, 0 },
	{ "path", false, read_path, AT(by_hand, path), NULL, 0 },
	{ "value", false, read_string, AT(by_hand, value), NULL, 0 },
	{ "expires", false, read_flag, AT(by_hand, expires), NULL, 0 },
};
static KIND(by_hand, "by_hand", struct by_hand, NULL);

static const struct key requests_keys[] = {
	{ "read", true, read_one, AT(requests, read), &read_kind, 0 },
	{ "content", false, read_one, AT(requests, content), &content_kind, 0 },
	{ "delete", false, read_one, AT(requests, erase), &delete_kind, 0 },
};
static KIND(requests, "requests", struct requests, NULL);

static const struct key endpoint_keys[] = {
	{ "name", true, read_endpoint_name, AT(endpoint, name), NULL, 0 },
	{ "description", true, read_text, AT(endpoint, description), NULL, 0 },
	{ "category", true, read_category, AT(endpoint, category), NULL, 0 },
	{ "requests", true, read_inline, AT(endpoint, requests), &requests_kind, 0 },
	{ "subject_match", false, read_list, AT(endpoint, subject_match), &rule_kind, 0 },
	{ "redact", false, read_list, AT(endpoint, redact), &redaction_kind, 0 },
	{ "labels", false, read_labels, 0, NULL, 0 },
	{ "after", false, read_strings, AT(endpoint, after), NULL, 0 },
	{ "erase_after", false, read_strings, AT(endpoint, erase_after), NULL, 0 },
	{ "erased_with", false, read_endpoint_name, AT(endpoint, erased_with), NULL, 0 },
	{ "by_hand", false, read_list, AT(endpoint, by_hand), &by_hand_kind, 1 },
};
static void
start_endpoint(void *object)
{
	((struct endpoint *)object)->parent = NO_ENDPOINT;
}
static KIND(endpoint, "endpoints", struct endpoint, start_endpoint);

static const struct key connector_keys[] = {
	{ "connector", true, read_inline, AT(connector, meta), &meta_kind, 0 },
	{ "connector_params", false, read_list, AT(connector, params), &parameter_kind, 0 },
	{ "identities", false, read_list, AT(connector, identities), &identity_kind, 0 },
	{ "hosts", true, read_hosts, AT(connector, hosts), NULL, 1 },
	{ "content_hosts", false, read_hosts, AT(connector, content_hosts), NULL, 0 },
	{ "authentication", true, read_one_or_list,
	    AT(connector, authentication), &authentication_kind, 1 },
	{ "defaults", false, read_inline, AT(connector, defaults), &defaults_kind, 0 },
	{ "endpoints", true, read_endpoints, AT(connector, endpoints), &endpoint_kind, 1 },
};
KIND(connector, "a connector", struct connector, NULL);
/* clang-format on */
