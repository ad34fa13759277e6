/* SPDX-License-Identifier: ISC */
/*
 * Many requests at a time: libcurl's multi interface over epoll. (Its other
 * way, curl_multi_perform, looks at every connection each time, which is most
 * of the work when many are open.)
 */
#include "fetch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "dossier/clock.h"
#include "dossier/text.h"
#include "url.h"

#define CONNECT_TIMEOUT_MS 30000L
#define LOW_SPEED_BYTES    64L /* a second: less is hardly moving */
#define EVENTS_AT_ONCE     64
#define MAX_ORIGINS        64 /* hosts with connections of their own */

/*
 * The connections to one host. With one pool for all hosts, libcurl would look
 * at every idle connection that --connect-to leads to the same address.
 */
struct origin {
	struct fetcher *fetcher;
	uint32_t index;
	char *host;
	CURLM *multi;
	int running;      /* requests that are not done */
	int64_t timer_ms; /* monotonic: curl wants to be called; -1 never */
};

struct fetcher {
	struct origin origins[MAX_ORIGINS];
	size_t origin_count;
	int epoll;
	struct peers *peers;
	char *ca_file;
	struct curl_slist *connect_to;
	CURL **idle;
	size_t idle_count;
	size_t size; /* requests at a time */
	long patience_s;
	size_t active;
	/* ended and not given yet: the first and the last of each */
	struct fetch *refused[2], *leading[2], *answered[2];
};

static curl_socket_t
on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	const struct peers *peers = ctx;

	(void)purpose;
	if (!peers_allow(peers, &address->addr))
		return CURL_SOCKET_BAD;
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);
}

/* ---- what curl wants to hear of ------------------------------------------ */

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int
on_timer(CURLM *multi, long timeout_ms, void *ctx)
{
	struct origin *o = ctx;

	(void)multi;
	o->timer_ms = timeout_ms < 0 ? -1 : now_ms() + timeout_ms;
	return 0;
}

static int
on_change(CURL *easy, curl_socket_t fd, int what, void *ctx, void *known)
{
	struct origin *o = ctx;
	int epoll = o->fetcher->epoll;
	struct epoll_event event = {
		.data.u64 = (uint64_t)o->index << 32 | (uint32_t)fd
	};

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		(void)epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	event.events = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0u) |
	    ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0u);
	if (known == NULL)
		(void)curl_multi_assign(o->multi, fd, o);
	if (known == NULL || epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) != 0)
		(void)epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
	return 0;
}

/* ---- handles ------------------------------------------------------------- */

static CURL *
make_easy(struct fetcher *f)
{
	CURL *e = curl_easy_init();

	if (e == NULL)
		return NULL;
	(void)curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "https");
	(void)curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	(void)curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	(void)curl_easy_setopt(e, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L);
	(void)curl_easy_setopt(e, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2);
	(void)curl_easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION, peers_harden);
	(void)curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
	(void)curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
	/* CAPATH switches curl's cache of CAs off: 40 ms a connection */
	(void)curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
	if (f->ca_file != NULL)
		(void)curl_easy_setopt(e, CURLOPT_CAINFO, f->ca_file);
	/* HTTP/2 where TLS agrees on it; waiting for that (PIPEWAIT) would send
	 * HTTP/1.1 through one connection */
	(void)curl_easy_setopt(e, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_2TLS);
	(void)curl_easy_setopt(e, CURLOPT_HTTP_CONTENT_DECODING, 0L);
	(void)curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS,
	    CONNECT_TIMEOUT_MS);
	(void)curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, LOW_SPEED_BYTES);
	(void)curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, f->patience_s);
	(void)curl_easy_setopt(e, CURLOPT_CONNECT_TO, f->connect_to);
	(void)curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, fetch_on_header);
	(void)curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, fetch_on_body);
	(void)curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	(void)curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, f->peers);
	return e;
}

static int
make_handles(struct fetcher *f, struct dsr_error *err)
{
	f->idle = calloc(f->size, sizeof(CURL *));
	if (f->idle == NULL)
		return dsr_fail(err, DSR_ENOMEM, "network");
	for (; f->idle_count < f->size; f->idle_count++) {
		f->idle[f->idle_count] = make_easy(f);
		if (f->idle[f->idle_count] == NULL)
			return dsr_fail(err, DSR_ENOMEM, "network");
	}
	return 0;
}

/* The pool of a host; the last one is shared when there are too many. */
static struct origin *
find_origin(struct fetcher *f, const char *host)
{
	struct origin *o;

	for (size_t i = 0; i < f->origin_count; i++)
		if (strcmp(f->origins[i].host, host) == 0)
			return &f->origins[i];
	if (f->origin_count == MAX_ORIGINS)
		return &f->origins[MAX_ORIGINS - 1];
	o = &f->origins[f->origin_count];
	o->host = strdup(host);
	o->multi = curl_multi_init();
	o->fetcher = f;
	o->index = (uint32_t)f->origin_count;
	o->timer_ms = -1;
	if (o->host == NULL || o->multi == NULL) {
		free(o->host);
		if (o->multi != NULL)
			(void)curl_multi_cleanup(o->multi);
		return NULL;
	}
	f->origin_count++;
	(void)curl_multi_setopt(o->multi, CURLMOPT_MAXCONNECTS, (long)f->size);
	(void)curl_multi_setopt(o->multi, CURLMOPT_SOCKETFUNCTION, on_change);
	(void)curl_multi_setopt(o->multi, CURLMOPT_SOCKETDATA, o);
	(void)curl_multi_setopt(o->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	(void)curl_multi_setopt(o->multi, CURLMOPT_TIMERDATA, o);
	return o;
}

int
fetcher_new(struct fetcher **out, const struct fetch_options *options,
    struct dsr_error *err)
{
	struct fetcher *f = calloc(1, sizeof(*f));

	*out = NULL;
	if (f == NULL || !fetch_memory_start()) {
		free(f);
		return dsr_fail(err, DSR_ENOMEM, "network");
	}
	f->size = options->concurrency;
	f->patience_s = options->patience_s;
	f->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (f->epoll == -1) {
		(void)dsr_fail_sys(err, "network");
		goto fail;
	}
	if (options->ca_file != NULL) {
		f->ca_file = strdup(options->ca_file);
		if (f->ca_file == NULL) {
			(void)dsr_fail(err, DSR_ENOMEM, "network");
			goto fail;
		}
		if (access(f->ca_file, R_OK) != 0) {
			(void)dsr_fail_sys(err, "%s", f->ca_file);
			goto fail;
		}
	}
	for (size_t i = 0; i < options->connect_to_count; i++) {
		struct curl_slist *more =
		    curl_slist_append(f->connect_to, options->connect_to[i]);

		if (more == NULL) {
			(void)dsr_fail(err, DSR_ENOMEM, "network");
			goto fail;
		}
		f->connect_to = more;
	}
	if (peers_new(&f->peers, options->connect_to,
	        options->connect_to_count, err) != 0 ||
	    make_handles(f, err) != 0)
		goto fail;
	*out = f;
	return 0;
fail:
	fetcher_free(f);
	return -1;
}

void
fetcher_free(struct fetcher *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->idle_count; i++)
		curl_easy_cleanup(f->idle[i]);
	free(f->idle);
	for (size_t i = 0; i < f->origin_count; i++) {
		(void)curl_multi_cleanup(f->origins[i].multi);
		free(f->origins[i].host);
	}
	curl_slist_free_all(f->connect_to);
	if (f->epoll != -1)
		(void)close(f->epoll);
	peers_free(f->peers);
	free(f->ca_file);
	free(f);
	curl_global_cleanup();
}

bool
fetcher_has_room(const struct fetcher *f)
{
	return f->idle_count > 0;
}

static void
set_method(CURL *e, const struct fetch *request)
{
	if (request->body != NULL) {
		(void)curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)request->body_len);
		(void)curl_easy_setopt(e, CURLOPT_POSTFIELDS, request->body);
	} else if (strcmp(request->method, "POST") == 0) {
		(void)curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)0);
		(void)curl_easy_setopt(e, CURLOPT_POSTFIELDS, "");
	} else {
		(void)curl_easy_setopt(e, CURLOPT_HTTPGET, 1L);
	}
	(void)curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST,
	    strcmp(request->method, "DELETE") == 0 ? "DELETE" : NULL);
}

int
fetcher_start(struct fetcher *f, struct fetch *request,
    struct dsr_error *err)
{
	CURL *e = f->idle[f->idle_count - 1];
	char host[256];
	struct origin *o;

	if (!url_host(host, sizeof(host), request->url))
		return dsr_fail(err, DSR_EBUG, "a request to no host");
	o = find_origin(f, host);
	if (o == NULL)
		return dsr_fail(err, DSR_ENOMEM, "network");
	request->peers = f->peers;
	(void)curl_easy_setopt(e, CURLOPT_PRIVATE, request);
	(void)curl_easy_setopt(e, CURLOPT_HTTPHEADER, request->headers);
	(void)curl_easy_setopt(e, CURLOPT_HEADERDATA, request);
	(void)curl_easy_setopt(e, CURLOPT_WRITEDATA, request);
	/* a part is of the body as it is, not packed */
	(void)curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING,
	    request->part.blob != NULL ? NULL : "gzip");
	set_method(e, request);
	(void)curl_easy_setopt(e, CURLOPT_FRESH_CONNECT,
	    request->once ? 1L : 0L);
	if (curl_easy_setopt(e, CURLOPT_URL, request->url) != CURLE_OK)
		return dsr_fail(err, DSR_ENOMEM, "request");
	dsr_clock_now(&request->started);
	if (curl_multi_add_handle(o->multi, e) != CURLM_OK)
		return dsr_fail(err, DSR_EFAILED, "libcurl takes no request");
	/* from here on the handle is the request's, and not among the idle */
	request->multi = o->multi;
	request->easy = e;
	f->idle_count--;
	f->active++;
	return 0;
}

static int
act(struct origin *o, curl_socket_t fd, int mask, struct dsr_error *err)
{
	if (curl_multi_socket_action(o->multi, fd, mask, &o->running) ==
	    CURLM_OK)
		return 0;
	return dsr_fail(err, DSR_EFAILED, "libcurl failed");
}

/* Calls those whose time has come; *soonest_ms is when the next one's has. */
static int
act_on_timers(struct fetcher *f, int64_t *soonest_ms, struct dsr_error *err)
{
	int64_t now = now_ms();

	*soonest_ms = INT64_MAX;
	for (size_t i = 0; i < f->origin_count; i++) {
		struct origin *o = &f->origins[i];

		if (o->timer_ms >= 0 && o->timer_ms <= now) {
			o->timer_ms = -1;
			if (act(o, CURL_SOCKET_TIMEOUT, 0, err) != 0)
				return -1;
		}
		if (o->timer_ms >= 0 && o->timer_ms < *soonest_ms)
			*soonest_ms = o->timer_ms;
	}
	return 0;
}

static int
act_on_event(struct fetcher *f, const struct epoll_event *event,
    struct dsr_error *err)
{
	uint32_t got = event->events;
	int mask = ((got & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
	    ((got & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
	    ((got & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);

	return act(&f->origins[event->data.u64 >> 32],
	    (curl_socket_t)(event->data.u64 & UINT32_MAX), mask, err);
}

/* Is one done that was not gathered yet? Then nothing may happen any more. */
static bool
has_ended(const struct fetcher *f)
{
	size_t running = 0;

	for (size_t i = 0; i < f->origin_count; i++)
		running += (size_t)f->origins[i].running;
	return running < f->active;
}

/* No answer, too. */
static bool
is_refusal(const struct fetch *f)
{
	return f->status >= 400;
}

static void
queue_done(struct fetcher *f, struct fetch *one)
{
	struct fetch **list = is_refusal(one) ? f->refused
	    : one->leads                      ? f->leading
	                                      : f->answered;

	one->next_done = NULL;
	if (list[0] == NULL)
		list[0] = one;
	else
		list[1]->next_done = one;
	list[1] = one;
}

/* Takes those that are done out of libcurl, so that others can begin. */
static int
gather(struct fetcher *f, struct dsr_error *err)
{
	struct fetch *one = NULL;
	CURLMsg *m;
	int left;

	for (size_t i = 0; i < f->origin_count; i++) {
		while ((m = curl_multi_info_read(f->origins[i].multi, &left)) !=
		    NULL) {
			(void)curl_easy_getinfo(m->easy_handle,
			    CURLINFO_PRIVATE, &one);
			fetch_end(one, m->data.result);
			(void)curl_multi_remove_handle(one->multi, one->easy);
			f->idle[f->idle_count++] = one->easy;
			f->active--;
			one->easy = NULL;
			if (one->failed) {
				*err = one->failure;
				return -1;
			}
			queue_done(f, one);
		}
	}
	return 0;
}

int
fetcher_send(struct fetcher *f, struct dsr_error *err)
{
	int64_t soonest;

	return act_on_timers(f, &soonest, err);
}

int
fetcher_wait(struct fetcher *f, int timeout_ms, struct dsr_error *err)
{
	struct epoll_event events[EVENTS_AT_ONCE];
	int64_t soonest;
	int count;

	/* what was started begins here */
	if (act_on_timers(f, &soonest, err) != 0)
		return -1;
	if (soonest != INT64_MAX && soonest - now_ms() < timeout_ms)
		timeout_ms = soonest > now_ms() ? (int)(soonest - now_ms())
		                                : 0;
	if (f->refused[0] != NULL || f->leading[0] != NULL ||
	    f->answered[0] != NULL || has_ended(f))
		timeout_ms = 0;
	count = epoll_wait(f->epoll, events, EVENTS_AT_ONCE, timeout_ms);
	if (count < 0 && errno != EINTR)
		return dsr_fail_sys(err, "wait for the network");
	for (int i = 0; i < count; i++)
		if (act_on_event(f, &events[i], err) != 0)
			return -1;
	return act_on_timers(f, &soonest, err) != 0 ? -1 : gather(f, err);
}

static struct fetch *
take_first(struct fetch **list)
{
	struct fetch *one = list[0];

	if (one != NULL)
		list[0] = one->next_done;
	return one;
}

struct fetch *
fetcher_refused(struct fetcher *f)
{
	return take_first(f->refused);
}

struct fetch *
fetcher_done(struct fetcher *f)
{
	struct fetch *one = take_first(f->refused);

	if (one == NULL)
		one = take_first(f->leading);
	return one != NULL ? one : take_first(f->answered);
}
