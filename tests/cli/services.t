#!/bin/bash
# SPDX-License-Identifier: ISC
# What services do that is right in its way, or wrong and seen in the field:
# pages, cursors, answers that come later, shapes, names.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/hostile.bash
trap 'end_servers; rm -rf "$work"' EXIT

# asks READ [CHILD]: the connector asks the list by READ, members of a JSON
# object; CHILD is a second endpoint
asks()
{
	cat >"$work/lure.json" <<-JSON
	{"connector": {"key": "lure", "name": "L", "version": "1",
	  "description": "d"},
	 "hosts": ["api.example.org", "*.api.example.org"],
	 "content_hosts": ["files.example.org"],
	 "authentication": {"strategy": "bearer", "credential": "token"},
	 "defaults": {"error_handler": {"max_retries": 2, "backoff_base_s": 0,
	  "retry_after_cap_s": 1}},
	 "endpoints": [
	  {"name": "list", "description": "d", "category": "content",
	   "requests": {"read": {"host": "api.example.org", "path": "/v1/list",
	    $1}}}${2:+, $2}]}
	JSON
}

# gives TEXT STATUS GAPS DOCUMENTS: the script is on stdin
gives()
{
	serve
	rm -rf "$work/case"
	run collect "$work/case"
	is "$1" "$status $(gaps) $(case_says 'select count(*) from document')" \
	    "$2 $3 $4"
}

asked() { grep -aoE '(GET|POST) /[^ ]*' "$work/service/received"; }

# --- pages ------------------------------------------------------------------------

by_link='"method": "GET", "data_path": "value", "primary_key": "id",
    "pagination": {"strategy": "link", "configuration": {"path": "nextLink"}}'
asks "$by_link"
gives "short pages, and a full one at the end" 0 "" 4 <<'SCRIPT'
GET */v1/list every
	json {"value":[{"id":"a"},{"id":"b"},{"id":"c"}],"nextLink":"/v1/list?1"}
GET */v1/list?1 every
	json {"value":[{"id":"d"}],"nextLink":"/v1/list?2"}
GET */v1/list?2 every
	json {"value":[{"id":"e"},{"id":"f"}],"nextLink":"/v1/list?3"}
GET */v1/list?3 every
	json {"value":[{"id":"g"},{"id":"h"},{"id":"i"}],"nextLink":null}
SCRIPT
gives "an item that is on two pages is told" 3 list-changed 2 <<'SCRIPT'
GET */v1/list every
	json {"value":[{"id":"a"},{"id":"b"}],"nextLink":"/v1/list?1"}
GET */v1/list?1 every
	json {"value":[{"id":"b"},{"id":"c"}]}
SCRIPT
west=https://west.api.example.org/v1/list
skip=$(printf '%0470d' 0 | sed 's/0000000000/aB%3d%24c%2B/g')==
gives "a long token, and a host of the region" 0 "" 2 <<SCRIPT
GET api.example.org/v1/list every
	json {"value":[{"id":"a"}],"nextLink":"$west?\$skipToken=$skip"}
SCRIPT
is "which came byte for byte" "$(grep -acF "skipToken=$skip " \
    "$work/lure/received")" 1
gives "links that are the same until the list is empty" 3 page-repeats 2 \
    <<'SCRIPT'
GET */v1/list every
	json {"value":[{"id":"a"}],"nextLink":"/v1/list?next"}
GET */v1/list?next every
	json {"value":[{"id":"b"}],"nextLink":"/v1/list?next"}
SCRIPT
gives "a page of 8 MB, with one id all over" 3 list-changed 1 <<'SCRIPT'
GET */v1/list every
	line HTTP/1.1 200 OK
	line Content-Type: application/json
	line Content-Length: 8500011
	line
	send {"value":[
	repeat 499999 {"id":"a","x":1},
	send {"id":"a","x":1}
	send ]}
SCRIPT
gives "the next page does not come: what is missing is said" 3 http-status 1 \
    <<'SCRIPT'
GET */v1/list every
	json {"value":[{"id":"a"}],"nextLink":"/v1/list?1"}
GET */v1/list?1 every
	line HTTP/1.1 400 Bad Request
	line Content-Length: 0
	line
SCRIPT

asks '"method": "POST", "body": {"maxItems": 5}, "data_path": "value",
    "pagination": {"strategy": "link", "configuration": {"path": "nextLink"}}'
gives "POST: every page" 0 "" 2 <<'SCRIPT'
POST */v1/list every
	json {"value":[{"id":"a"}],"nextLink":"/v1/list?1"}
POST */v1/list?1 every
	json {"value":[{"id":"b"}]}
SCRIPT
is "POST: with the body of the first" "$(grep -aoF '{"maxItems": 5}' \
    "$work/service/received" | wc -l)" 2

# --- cursors ----------------------------------------------------------------------

asks '"method": "POST", "body": {"path": ""}, "data_path": "entries",
    "success_path": "ok", "pagination": {"strategy": "cursor",
     "configuration": {"path": "cursor", "inject_into": "body",
      "param": "cursor", "next_path": "/v1/list/continue",
      "has_more_path": "has_more"}}'
gives "a cursor beside \"that is all\"" 0 "" 2 <<'SCRIPT'
POST */v1/list every
	json {"ok":true,"entries":[{"id":"a"}],"cursor":"c1","has_more":true}
POST */v1/list/continue every
	json {"ok":true,"entries":[{"id":"b"}],"cursor":"c2","has_more":false}
SCRIPT
is "two requests" "$(asked | tr '\n' ' ')" \
    "POST /v1/list POST /v1/list/continue "
ok "the second has the cursor alone" says "$work/service/received" \
    '^\{"cursor":"c1"\}'
gives "a cursor that is no more valid" 3 http-status 1 <<'SCRIPT'
POST */v1/list every
	json {"ok":true,"entries":[{"id":"a"}],"cursor":"c1","has_more":true}
POST */v1/list/continue every
	line HTTP/1.1 409 Conflict
	line Content-Length: 23
	line
	send {"error":{".tag":"reset"
SCRIPT
gives "\"more\", and no cursor" 3 page-link-missing 1 <<'SCRIPT'
POST */v1/list every
	json {"ok":true,"entries":[{"id":"a"}],"has_more":true}
SCRIPT
gives "200, and not ok" 3 error-in-success 0 <<'SCRIPT'
POST */v1/list every
	json {"ok":false,"error":"not_authed"}
SCRIPT

# --- answers that come later --------------------------------------------------------

asks '"method": "GET", "async": {"interval_s": 1, "timeout_s": 20}'
begun='line HTTP/1.1 202 Accepted'
later()
{
	gives "$1" "$2" "$3" "$4" <<-SCRIPT
	GET */v1/list every
	 $begun
	 line Azure-AsyncOperation: https://api.example.org/op?1
	 ${6:-line Location: https://api.example.org/op?1}
	 ${7:-line Retry-After: 0}
	 line Content-Length: 0
	 line
	GET */op?1 every
	 json $5
	SCRIPT
}
later "two addresses that are the same" 0 "" 1 '{"status":"Succeeded"}'
later "0.0 percent, and yet done" 0 "" 1 \
    '{"status":"Succeeded","percentComplete":0.0}'
later "Canceled" 3 operation-failed 0 '{"status":"Canceled"}'
later "Cancelled" 3 operation-failed 0 '{"status":"Cancelled"}'
later "no Retry-After" 0 "" 1 '{"status":"Succeeded"}' 'line X-A: b' 'line X-B: c'

# --- shapes -------------------------------------------------------------------------

asks '"method": "GET", "data_path": "", "primary_key": "id"'
gives "a bare array" 0 "" 1 <<<'GET * every
	json [{"id":1},{"id":2}]'
gives "204 in place of an empty array" 0 "" 0 <<'SCRIPT'
GET * every
	line HTTP/1.1 204 No Content
	line
SCRIPT
child='{"name": "one", "description": "d", "category": "content",
   "requests": {"read": {"method": "GET", "host": "api.example.org",
    "path": "/v1/one/{id}", "ignore_errors": [404], "primary_key": "name",
    "param_values": [{"name": "id", "references": [{"endpoint": "list",
     "field": ""}]}]}}}'
asks '"method": "GET", "data_path": ""' "$child"
gives "an array of names that have to be written otherwise" 3 unsafe-value 8 \
    <<'SCRIPT'
GET */v1/list every
	json ["a/b","c d","\\u00e9","..","Groups","groups","x?y#z","%41"]
GET */v1/one/* every
	json {"name":"\\u00e9/..\\u0000"}
SCRIPT
is "as they were asked for" "$(asked | sed 1d | sort | tr '\n' ' ')" \
    "GET /v1/one/%2541 GET /v1/one/%C3%A9 GET /v1/one/Groups \
GET /v1/one/a%2Fb GET /v1/one/c%20d GET /v1/one/groups \
GET /v1/one/x%3Fy%23z "
run "$dossier" pack "$work/case" -o "$work/a.zip" --unsigned
ok "names of members are ours" test -z "$(unzip -Z1 "$work/a.zip" |
    grep -vE '^a/([A-Za-z0-9][A-Za-z0-9._-]*/?)+$')"
gives "deleted since it was listed" 0 "" 1 <<'SCRIPT'
GET */v1/list every
	json ["a"]
SCRIPT
asks '"method": "GET", "data_path": "repositories"'
gives "an object with one array" 0 "" 1 <<<'GET * every
	json {"total_count":1,"repositories":[{"id":1}]}'

# --- a download that is elsewhere -------------------------------------------------------

asks '"method": "GET", "primary_key": "id"'
content='"content": {"path": "/v1/archive", "authentication": "connector"}'
sed -i "s#\"primary_key\": \"id\"}}#\"primary_key\": \"id\"}, $content}#" \
    "$work/lure.json"
gives "a redirect from the service to a signed address" 0 "" 2 <<'SCRIPT'
GET */v1/list every
	json {"id":"a"}
GET */v1/archive every
	line HTTP/1.1 302 Found
	line Location: https://files.example.org/a?sig=s3cret
	line Content-Length: 0
	line
SCRIPT
ok "which gets no token" lacks "$work/lure/received" "$canary|uthorization"
ok "and is not recorded" test -z "$(case_says \
    "select 1 from exchange where url like '%s3cret%'")"
done_testing
