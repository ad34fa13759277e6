# SPDX-License-Identifier: ISC
# Two live servers for tests of the collector, `. tests/cli/hostile.bash`
# behind tap.bash: the service, which answers as a script says, and the lure,
# to which every other host and port leads. What the lure received is what
# leaked. See tests/hostile/README.md.
# shellcheck shell=bash disable=SC2034,SC2154 # some are the tests' and tap's

hostile=$BUILD/bin/dossier-hostile
canary=canary-$RANDOM$RANDOM-of-the-token-$RANDOM$RANDOM
(umask 077; printf '%s\n' "$canary" >"$work/token")

# begin NAME: a server over $work/NAME.script; its port in $NAME_port
begin()
{
	local name=$1 line fd
	exec {fd}< <(exec "$hostile" "$work/$name" "$work/$name.script")
	printf -v "${name}_id" %s $!
	read -r -t 10 -u "$fd" line
	exec {fd}<&-
	printf -v "${name}_port" %s "${line#port }"
}

end_service()
{
	[ -n "${service_id-}" ] || return 0
	kill "$service_id"
	wait "$service_id"
	service_id=
} 2>/dev/null

end_servers()
{
	end_service
	[ -z "${lure_id-}" ] || kill "$lure_id"
} 2>/dev/null

# serve: a new service, whose script is on stdin; "account" answers rightly
serve()
{
	end_service
	{
		printf 'GET */v1/account every\n\tjson {"id":"me"}\n'
		cat
	} >"$work/service.script"
	begin service
	cat "$work/service/ca.pem" "$work/lure/ca.pem" >"$work/ca.pem"
	: >"$work/lure/connections"
	: >"$work/lure/received"
}

printf 'GET * every\n\tjson {"value":[{"id":"lured"}]}\n' >"$work/lure.script"
begin lure

# The connector: an account, and a list with links, pages and downloads.
cat >"$work/lure.json" <<'JSON'
{"connector": {"key": "lure", "name": "L", "version": "1", "description": "d"},
 "hosts": ["{host}", "also.example.org"],
 "connector_params": [{"name": "host", "description": "d",
  "default": "api.example.org"}],
 "content_hosts": ["files.example.org"],
 "authentication": {"strategy": "bearer", "credential": "token"},
 "defaults": {"error_handler": {"max_retries": 1, "backoff_base_s": 0,
  "retry_after_cap_s": 1}},
 "endpoints": [
  {"name": "account", "description": "d", "category": "account",
   "requests": {"read": {"method": "GET", "host": "{host}",
    "path": "/v1/account", "primary_key": "id"}}},
  {"name": "list", "description": "d", "category": "content",
   "requests": {"read": {"method": "GET", "host": "{host}",
     "path": "/v1/list", "data_path": "value", "primary_key": "id",
     "async": {"interval_s": 1, "timeout_s": 3},
     "pagination": {"strategy": "link",
      "configuration": {"path": "nextLink", "maximum_page": 20}}},
    "content": {"url_path": "url", "required": false}}}]}
JSON

# collect CASE OPTION...: one request at a time, so that what comes first is so
collect()
{
	"$dossier" collect "$@" --connector "$work/lure.json" \
	    --credential "${credential:-token=file:$work/token}" \
	    --ca-file "${ca:-$work/ca.pem}" --concurrency 1 \
	    --connect-to "api.example.org:443:127.0.0.1:$service_port" \
	    "${more[@]}" "${all_others[@]}"
}
more=() all_others=(--connect-to "::127.0.0.1:$lure_port")

# ask VERB OPTION...: with the connector $connector, and what collect and erase
# are both given
ask()
{
	local verb=$1
	shift
	"$dossier" "$verb" "$@" --connector "$connector" \
	    --credential "token=file:$work/token" --ca-file "$work/ca.pem" \
	    --connect-to "api.example.org:443:127.0.0.1:$service_port" \
	    "${all_others[@]}"
}

gaps()
{
	sqlite3 "$work/case/case.db" "select group_concat(reason, ' ') from
	    (select reason from gap order by id)"
}

# case_says SQL: what the database of the case says
case_says() { sqlite3 "$work/case/case.db" "$1"; }

# Nobody but the service heard of us, and the token is nowhere.
nothing_leaked()
{
	empty "$work/lure/connections" && empty "$work/lure/received" &&
	    ! grep -raqF "$canary" "$work/case" "$work/out" "$work/err"
}

# bears TEXT STATUS GAPS: a service of the script on stdin leads to nothing
# but these gaps
bears()
{
	serve
	rm -rf "$work/case"
	run collect "$work/case"
	is "$1: exit status, gaps" "$status $(gaps)" "$2 $3"
	ok "$1: nothing leaked" nothing_leaked
}

# takes TEXT NUMBER: what is right beside it is taken: NUMBER documents
takes()
{
	serve
	rm -rf "$work/case"
	run collect "$work/case"
	is "$1: exit status, documents" "$status $(case_says \
	    'select count(*) from document')" "0 $2"
}
