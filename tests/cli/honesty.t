#!/bin/bash
# SPDX-License-Identifier: ISC
# Everything that was asked for ends as a document, as nothing by declaration,
# as somebody else's, or as a gap; lists that contradict themselves are told;
# of somebody else nothing is kept, anywhere.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/simulator.bash

echo canary-token >"$work/token"
chmod 600 "$work/token"

# connector PAGINATION [MORE-OF-ENDPOINT]: a list at /l and one at /m
connector()
{
	cat >"$work/one.json" <<JSON
{"connector": {"key": "one", "name": "One", "version": "1", "description": "d"},
 "identities": [{"name": "me", "description": "d"}],
 "hosts": ["api.example.org"],
 "authentication": {"strategy": "bearer", "credential": "token"},
 "endpoints": [{"name": "list", "description": "d", "category": "content",
  "requests": {"read": {"method": "GET", "host": "api.example.org", "path": "/l",
   "data_path": "v", "primary_key": "id", "ignore_errors": [404],
   "pagination": $1}} ${2:+, $2}},
  {"name": "item", "description": "d", "category": "content",
   "requests": {"read": {"method": "GET", "host": "api.example.org",
    "path": "/l/{id}", "ignore_errors": [404], "param_values": [{"name": "id",
    "references": [{"endpoint": "list", "field": "id"}]}]}}}]}
JSON
}

# asks TEXT STATUS LINES [OPTION]...
asks()
{
	local text=$1 wanted=$2 lines=$3
	shift 3
	printf '%s\n' 'door api.example.org Authorization Bearer canary-token' \
	    'let A api.example.org' "$lines" >"$work/script"
	start --script "$work/script"
	rm -rf "$work/case"
	exits "$text" "$wanted" "$dossier" collect "$work/case" \
	    --connector "$work/one.json" --ca-file "$state/ca.pem" \
	    --connect-to "::127.0.0.1:$port" \
	    --credential "token=file:$work/token" "$@"
	stop
}
gaps()
{
	sqlite3 "$work/case/case.db" 'select reason from gap order by 1' |
	    tr '\n' ' '
}
items='GET ${A}/l/1 200 {"id":1}
GET ${A}/l/2 200 {"id":2}
GET ${A}/l/3 200 {"id":3}'
link='{"strategy": "link", "configuration": {"path": "next",
    "count_path": "count"}}'
offset='{"strategy": "offset", "configuration": {"offset_param": "o",
    "total_path": "total"}}'

# A gap in the list is one of its entries' endpoint, too: parent-incomplete.
# --- lists that contradict themselves --------------------------------------------

connector "$link"
asks "a list that holds together" 0 "$items"'
GET ${A}/l 200 {"v":[{"id":1},{"id":2}],"count":2,"next":"/l?2"}
GET ${A}/l?2 200 {"v":[{"id":3}],"count":1}'
is "nothing is odd" "$(gaps)" ""
asks "an entry on two pages" 3 "$items"'
GET ${A}/l 200 {"v":[{"id":1},{"id":2}],"next":"/l?2"}
GET ${A}/l?2 200 {"v":[{"id":2},{"id":3}]}'
is "the list may have changed" "$(gaps)" "list-changed parent-incomplete "
asks "two ways to the next page" 3 "$items"'
GET ${A}/l 200 {"v":[{"id":1}],"next":"/l?2","next":"/l?3"}
GET ${A}/l?2 200 {"v":[{"id":2}]}'
is "the first is followed, and both are told" "$(gaps)" \
    "list-ambiguous parent-incomplete "
asks "two lists on a page" 3 "$items"'
GET ${A}/l 200 {"v":[{"id":1}],"\u0076":[{"id":2}]}'
is "are told" "$(gaps)" "list-ambiguous parent-incomplete "
asks "an id twice on one page" 3 "$items"'
GET ${A}/l 200 {"v":[{"id":1},{"id":1}]}'
is "is told as well" "$(gaps)" "list-changed parent-incomplete "
asks "a page that has less than it says" 3 "$items"'
GET ${A}/l 200 {"v":[{"id":1},{"id":2}],"count":3}'
is "disagrees with its count" "$(gaps)" "count-differs parent-incomplete "
connector "$offset"
asks "a total that is reached" 0 "$items"'
GET ${A}/l?o=0 200 {"v":[{"id":1},{"id":2}],"total":3}
GET ${A}/l?o=2 200 {"v":[{"id":3}],"total":3}'
is "nothing is odd here" "$(gaps)" ""
asks "a total that grows on the way" 3 "$items"'
GET ${A}/l?o=0 200 {"v":[{"id":1},{"id":2}],"total":3}
GET ${A}/l?o=2 200 {"v":[{"id":3}],"total":4}
GET ${A}/l?o=3 200 {"v":[],"total":4}'
is "the list changed, and ends too early" "$(gaps)" "count-differs list-changed parent-incomplete "

# --- answers that are no list -------------------------------------------------------

# answers_with BODY STATUS GAPS [OF-THE-REQUEST]: a list that is answered so
answers_with()
{
	connector "$link"
	sed -i 's#"data_path": "v",#& '"${4-}"'#' "$work/one.json"
	asks "a list: $1" "$2" "GET \${A}/l 200 $1"
	is "its gaps: $1" "$(gaps)" "$3"
}
says_ok='"success_path": "ok",'
no_list="parent-incomplete unexpected-shape "
answers_with '{"v":[]}' 0 ""
answers_with '{"v":null}' 0 ""
answers_with '{"message":"maintenance"}' 3 "$no_list"
answers_with '{}' 3 "$no_list"
answers_with '{"v":{"message":"maintenance"}}' 3 "$no_list"
answers_with '{"ok":true}' 0 "" "$says_ok"
answers_with '{"ok":true,"v":{"message":"maintenance"}}' 3 "$no_list" "$says_ok"

# --- four ends, and no other ----------------------------------------------------------

connector "$link" \
    '"subject_match": [{"path": "owner", "identity": "me"}]'
other='{"id":2,"owner":"bo-canary-other","says":"canary-other-words"}'
mine='{"id":3,"owner":"an","says":"mine too"}'
asks "a list of two persons" 3 'GET ${A}/l 200 {"v":[{"id":1,"owner":"an"},'"\
$other,$mine"']}
GET ${A}/l/1 404 {}
GET ${A}/l/3 403 {"error":"canary-no"}' --identity me=an
exits "status" 3 "$dossier" status --json "$work/case"
ok "of the list, two documents and one left out" says "$work/out" \
    '"asked":1,.*"documents":2,"endpoint":"list","gaps":0,"ignored":0,"left_out":1'
ok "of the items, one ignored and one gap" says "$work/out" \
    '"asked":2,.*"documents":0,"endpoint":"item","gaps":1,"ignored":1,"left_out":0'
ok "the gap has its reason and the last answer" says "$work/out" \
    '"reason":"http-status","status":403,"type":"gap"'
ok "the last line has the exit status" bash -c \
    'tail -n 1 "$1" | grep -q "\"exit\":3.*\"type\":\"summary\""' - "$work/out"
exits "status for people" 3 "$dossier" status "$work/case"
ok "tells the gap, too" says "$work/out" 'one/item: http-status \(status 403\)'

# --- somebody else is nowhere -------------------------------------------------------------

run "$dossier" keygen -o "$work/key" --no-passphrase
exits "packed, with the gap" 3 "$dossier" pack "$work/case" \
    -o "$work/case.zip" --key "$work/key.key"
exits "verified" 0 "$dossier" verify "$work/case.zip" --trust "$work/key.pub"
unzip -q "$work/case.zip" -d "$work/unpacked"
ok "my words are in the archive" grep -rq 'mine too' "$work/unpacked/case/data"
ok "the other's are in no file of it" bash -c \
    '! grep -raq canary-other "$1"' - "$work/unpacked"
ok "nor in the case: database, log of it, bodies" bash -c \
    '! grep -raq canary-other "$1"' - "$work/case"
ok "that search would have found it" grep -raq canary-other "$work/script"
ok "what was left out is counted in the statement" grep -q '"left_out":1' \
    "$work/unpacked/case/dossier/statement.json"

# --- who is named twice ---------------------------------------------------------------------

connector "$link" \
    '"subject_match": [{"path": "owner", "identity": "me"}]'
two='{"id":1,"owner":"an","owner":"canary-bo"},'
two+='{"id":2,"owner":"canary-bo","owner":"an"},{"id":3,"owner":"an","owner":"an"}'
asks "entries that name two people by one key" 3 'GET ${A}/l 200 {"v":['"$two"']}
GET ${A}/l/3 200 {"id":3}' --identity me=an
is "that is told" "$(gaps)" "list-ambiguous parent-incomplete "
is "they are left out, not what names one twice" "$(sqlite3 \
    "$work/case/case.db" "select sum(left_out) from endpoint;
    select count(*) from document" | paste -sd' ')" "2 2"
ok "nothing of them is kept" lacks <(cat "$work"/case/case.db*) canary-bo
sed -i 's#"data_path": "v",##' "$work/one.json"
asks "an answer that is no list" 3 \
    'GET ${A}/l 200 {"id":1,"owner":"an","owner":"canary-bo"}' --identity me=an
is "it is told as well" "$(gaps)" "parent-incomplete unexpected-shape "
ok "nothing of it is kept" lacks <(cat "$work"/case/case.db*) canary-bo

# --- pages for people where a file was asked for ----------------------------------

# files READ: two endpoints, bytes at the path READ and a download
files()
{
	cat >"$work/one.json" <<JSON
{"connector": {"key": "one", "name": "One", "version": "1", "description": "d"},
 "hosts": ["api.example.org"], "content_hosts": ["files.example.org"],
 "authentication": {"strategy": "bearer", "credential": "token"},
 "defaults": {"headers": [{"name": "Version", "value": "7"}]},
 "endpoints": [{"name": "b", "description": "d", "category": "content",
  "requests": {"read": {"method": "GET", "host": "api.example.org", "path": "$1",
   "format": "bytes"${2-}}}},
  {"name": "c", "description": "d", "category": "content", "requests": {
   "read": {"method": "GET", "host": "api.example.org", "path": "/c"},
   "content": {"url_path": "u"}}},
  {"name": "d", "description": "d", "category": "content", "requests": {
   "read": {"method": "GET", "host": "api.example.org", "path": "/d"},
   "content": {"path": "/own", "authentication": "connector"}}}]}
JSON
}

login='200 <html>log in</html>
	Content-Type: text/html; charset=utf-8'
own='door files.example.org Authorization
GET ${A}/d 200 {}
GET ${A}/own 200 mine
	wants: Version: 7
	Content-Type: text/plain'
files /file
asks "a login in the place of a file" 3 'GET ${A}/file '"$login"'
GET ${A}/c 200 {"u":"https://files.example.org/f?sig=1"}
GET files.example.org/f?sig=1 '"$login
$own"
is "is kept, and told" "$(gaps)$(sqlite3 "$work/case/case.db" \
    "select count(*) from document where media_type = 'text/html'")" \
    "unexpected-type unexpected-type 2"
is "the credential goes with the headers of the connector" "$(sqlite3 \
    "$work/case/case.db" "select body from document where size = 4")" mine
files /file.html
asks "a file that is called so" 0 'GET ${A}/file.html '"$login"'
GET ${A}/c 200 {"u":"https://files.example.org/F.HTM?sig=1"}
GET files.example.org/F.HTM?sig=1 '"$login
$own"
is "is one" "$(gaps)" ""
files /file ', "headers": [{"name": "Accept", "value": "text/html"}]'
asks "a page that is asked for, one that is sent as a file" 0 \
    'GET ${A}/file '"$login"'
GET ${A}/c 200 {"u":"https://files.example.org/f"}
GET files.example.org/f '"$login"'
	Content-Disposition: attachment
'"$own"
is "are meant" "$(gaps)" ""

done_testing
