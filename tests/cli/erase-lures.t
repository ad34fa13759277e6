#!/bin/bash
# SPDX-License-Identifier: ISC
# What a service can answer to an erasure, right and wrong: where to ask how a
# deletion stands, by every protocol; addresses that lead elsewhere, where a
# second server, the lure, must receive nothing; bodies of something else. Only
# what was planned is asked to go, and only proof makes it "erased".
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/hostile.bash
trap 'end_servers; rm -rf "$work"' EXIT
export PYTHONDONTWRITEBYTECODE=1

"$dossier" keygen -o "$work/k" --no-passphrase >/dev/null

# --- what there is ----------------------------------------------------------------

connector=$work/things.json
cat >"$connector" <<'JSON'
{"connector": {"key": "things", "name": "T", "version": "1", "description": "d"},
 "hosts": ["api.example.org", "also.example.org"],
 "authentication": {"strategy": "bearer", "credential": "token"},
 "defaults": {"error_handler": {"max_retries": 1, "backoff_base_s": 0,
  "retry_after_cap_s": 1}},
 "endpoints": [
  {"name": "list", "description": "d", "category": "content",
   "requests": {"read": {"method": "GET", "host": "api.example.org",
    "path": "/v1/list", "data_path": "value", "primary_key": "id"}}},
  {"name": "thing", "description": "d", "category": "content",
   "requests": {
    "read": {"method": "GET", "host": "api.example.org",
     "path": "/v1/things/{id}", "primary_key": "id",
     "param_values": [{"name": "id",
      "references": [{"endpoint": "list", "field": "id"}]}]},
    "delete": {"async": {"interval_s": 1, "timeout_s": 2}}}}]}
JSON

# thing ID OUTCOME: one of them, and what is to become of it ("OUTCOME REASON
# STATUS DELETIONS QUESTIONS", a pattern); its rules are on stdin. Without rules for it, it
# is there once, and everything else is a 404.
ids=() wanted=()
: >"$work/rules"
thing()
{
	ids+=("$1")
	wanted+=("$2")
	sed "s/%/$1/g" >>"$work/rules"
	echo "GET */v1/things/$1 1" >>"$work/rules"
	printf '\tjson {"id":"%s"}\n' "$1" >>"$work/rules"
}

# answer STATUS [HEADER...]: steps of an answer without a body
answer()
{
	printf '\tline HTTP/1.1 %s X\n' "$1"
	shift
	[ $# -eq 0 ] || printf '\tline %s\n' "$@"
	printf '\tline Content-Length: 0\n\tline\n'
}

# deleted STATUS [HEADER...]: what its deletion is answered with
deleted()
{
	echo "DELETE */v1/things/% every"
	answer "$@"
}

api=https://api.example.org
running='json {"status":"Running"}' done_='json {"status":"Succeeded"}'
op="$api/v1/ops/%"
stays=$'GET */v1/things/% every\n\tjson {"id":"%"}'

# --- right ones -------------------------------------------------------------------

thing ok-200 "erased None 404 1 0" < <(deleted 200)
thing ok-204 "erased None 404 1 0" < <(deleted 204)
for header in Azure-AsyncOperation Operation-Location; do
	thing "${header,,}" "erased None 404 1 2" < <(
		deleted 202 "$header: $op"
		printf 'GET */v1/ops/%% 1\n\t%s\n' "$running"
		printf 'GET */v1/ops/%% every\n\t%s\n' "$done_")
done
thing location "erased None 404 1 2" < <(
	deleted 202 "Location: $op"
	echo 'GET */v1/ops/% 1' && answer 202
	echo 'GET */v1/ops/% 2' && answer 204)
thing relative "erased None 404 1 2" < <(
	deleted 202 "Location: /v1/ops/%"
	echo 'GET */v1/ops/% 1' && answer 202 "Location: /v1/further/%"
	echo 'GET */v1/further/% 1' && answer 200)
thing no-address "erased None 404 1 0" < <(deleted 202)

# --- an operation that goes wrong -----------------------------------------------------

thing op-failed "failed operation-failed 200 1 1" < <(
	deleted 202 "Operation-Location: $op"
	printf 'GET */v1/ops/%% every\n\tjson {"status":"Failed"}\n')
thing op-not-there "erased None 404 1 1" < <(
	deleted 202 "Operation-Location: $op")
thing op-500 "erased None 404 1 1" < <(
	deleted 202 "Operation-Location: $op"
	echo 'GET */v1/ops/% every' && answer 500)
thing op-cut "erased None 404 1 1" < <(
	deleted 202 "Operation-Location: $op"
	printf 'GET */v1/ops/%% every\n\tcut\n')
thing op-slow "still-there operation-timeout 200 1 [1-9]" < <(
	deleted 202 "Operation-Location: $op"
	printf 'GET */v1/ops/%% every\n\t%s\n' "$running"
	echo "$stays")
thing op-no-json "still-there operation-timeout 200 1 [1-9]" < <(
	deleted 202 "Operation-Location: $op"
	printf 'GET */v1/ops/%% every\n\tjson {"status":\n'
	echo "$stays")

# --- an operation that is asked about elsewhere -----------------------------------------

for at in foreign:https://evil.example.org/v1/ops/1 \
    user:https://api.example.org@evil.example.org/v1/ops/1 \
    password:https://api.example.org:pass@evil.example.org/ \
    port:"$api:$lure_port/v1/ops/1" plain:http://api.example.org/v1/ops/1 \
    address:"https://127.0.0.1:$lure_port/v1/ops/1" \
    scheme-less://evil.example.org/v1/ops/1 \
    'backslash:https://api.example.org\\@evil.example.org/' \
    own-user:https://me:pass@api.example.org/v1/ops/1; do
	thing "at-${at%%:*}" "still-there None 200 1 0" < <(
		deleted 202 "Operation-Location: ${at#*:}"
		echo "$stays")
done
thing op-leads-away "erased None 404 1 2" < <(
	deleted 202 "Location: $op"
	echo 'GET */v1/ops/% 1'
	answer 202 "Location: https://evil.example.org/v1/ops/1"
	echo 'GET */v1/ops/% 2' && answer 204)
thing op-redirects "erased None 404 1 1" < <(
	deleted 202 "Location: $op"
	echo 'GET */v1/ops/% every'
	answer 302 "Location: https://evil.example.org/v1/ops/1")

# --- the deletion leads elsewhere, or its answer is lost --------------------------------

for status in 301 302 307 308; do
	thing "gone-$status" "refused foreign-redirect $status 1 0" < <(
		deleted "$status" "Location: /v1/things/ok-204")
done
thing to-evil "refused foreign-redirect 307 1 0" < <(
	deleted 307 "Location: https://evil.example.org/")
thing lost "erased None 404 1 0" < <(
	printf 'DELETE */v1/things/%% every\n\tcut\n')
thing half "erased None 404 1 0" < <(
	printf 'DELETE */v1/things/%% every\n\tline HTTP/1.1 200 OK\n'
	printf '\tline Content-Length: 99\n\tline\n\tsend x\n\tcut\n')
thing no-http "erased None 404 1 0" < <(
	printf 'DELETE */v1/things/%% every\n\tline SSH-2.0-x\n\tcut\n')

# --- what is read before is not it ---------------------------------------------------

before() { echo 'GET */v1/things/% every'; }
thing other-body "changed None 200 0 0" < <(
	before && printf '\tjson {"id":"ok-204"}\n')
thing more "changed None 200 0 0" < <(
	before && printf '\tjson {"id":"%%","more":1}\n')
thing space "changed None 200 0 0" < <(
	before && printf '\tjson {"id": "%%"}\n')
thing array "changed None 200 0 0" < <(
	before && printf '\tjson [{"id":"%%"}]\n')
thing empty "failed not-json 200 0 0" < <(before && answer 200)
thing no-content "changed None 204 0 0" < <(before && answer 204)
thing no-json "failed not-json 200 0 0" < <(
	before && printf '\tjson <html>log in</html>\n')
thing broken-off "failed truncated 200 0 0" < <(
	before && printf '\tline HTTP/1.1 200 OK\n\tline Content-Length: 99\n'
	printf '\tline\n\tsend {"id":\n\tcut\n')
thing forbidden "failed http-status 403 0 0" < <(before && answer 403)
thing redirected "failed foreign-redirect 302 0 0" < <(
	before && answer 302 "Location: https://evil.example.org/")
thing elsewhere "changed None 200 0 0" < <(
	before && answer 302 "Location: /v1/elsewhere/%"
	printf 'GET */v1/elsewhere/%% every\n\tjson {"id":"x"}\n')
thing not-elsewhere "failed http-status 404 0 0" < <(
	before && answer 302 "Location: /v1/elsewhere/%")
thing gone "absent None 410 0 0" < <(before && answer 410)

# --- what is read after is no proof ----------------------------------------------------

after() { deleted 204; echo 'GET */v1/things/% 2-'; }
thing after-html "failed not-json 200 1 0" < <(
	after && printf '\tjson <html>log in</html>\n')
thing after-403 "failed http-status 403 1 0" < <(after && answer 403)
thing after-redirect "failed http-status 404 1 0" < <(
	after && answer 302 "Location: /v1/log-in")
thing after-evil "failed foreign-redirect 302 1 0" < <(
	after && answer 302 "Location: https://evil.example.org/")
thing after-other "still-there None 200 1 0" < <(
	after && printf '\tjson {"id":"ok-204"}\n')
thing after-410 "erased None 410 1 0" < <(after && answer 410)

# --- collected, packed, erased -----------------------------------------------------------

{
	printf 'GET */v1/list every\n\tjson {"value":['
	printf '{"id":"%s"},' "${ids[@]}" | sed 's/,$//'
	printf ']}\n'
} >"$work/list"
serve < <(
	cat "$work/list"
	for id in "${ids[@]}"; do
		printf 'GET */v1/things/%s every\n\tjson {"id":"%s"}\n' "$id" \
		    "$id"
	done)
exits "collected" 0 ask collect "$work/case"
exits "packed" 0 "$dossier" pack "$work/case" -o "$work/a.zip" \
    --key "$work/k.key"
id=$(unzip -p "$work/a.zip" a/dossier/statement.json |
    sed 's/.*"id":"\([^"]*\)".*/\1/')
serve <"$work/rules"
exits "erased, but for what stays" 3 ask erase --archive "$work/a.zip" \
    --trust "$work/k.pub" -o "$work/r.zip" --key "$work/k.key" --execute \
    --confirm "$id"
exits "the receipt verifies" 0 "$dossier" verify "$work/r.zip" --trust \
    "$work/k.pub"
exits "and by the second verifier" 0 python3 tests/second/second.py \
    "$work/r.zip" --trust "$work/k.pub"
unzip -p "$work/r.zip" r/dossier/erasure.jsonl | python3 -c '
import json, sys
for l in map(json.loads, sys.stdin):
    print(l["item"], l["outcome"], l["reason"], l["status"],
        l["delete"][1] if l["delete"] else 0,
        l["poll"][1] if l["poll"] else 0)' >"$work/lines"
for ((i = 0; i < ${#ids[@]}; i++)); do
	ok "${ids[i]}: ${wanted[i]}" says "$work/lines" \
	    "^${ids[i]} ${wanted[i]}\$"
done
ok "the lure received nothing" nothing_leaked
ok "the token is in no receipt" test -z "$(unzip -p "$work/r.zip" |
    grep -aF "$canary")"
grep -ao 'DELETE /v1/[^ ]*' "$work/service/received" | sort >"$work/asked"
is "each was asked to go as often as the receipt says" \
    "$(uniq -c "$work/asked" | sed 's/^ *//')" \
    "$(awk '$5 > 0 { print $5, "DELETE /v1/things/" $1 }' "$work/lines" |
    sort -k 3)"

# --- a list that is read to see what is gone ---------------------------------------------

connector=$work/keys.json
cat >"$connector" <<'JSON'
{"connector": {"key": "keys", "name": "K", "version": "1", "description": "d"},
 "hosts": ["api.example.org"],
 "authentication": {"strategy": "bearer", "credential": "token"},
 "endpoints": [{"name": "keys", "description": "d", "category": "account",
  "requests": {"read": {"method": "GET", "host": "api.example.org",
    "path": "/v1/keys", "data_path": "value", "primary_key": "id"},
   "delete": {"path": "/v1/keys/{id}", "param_values": [{"name": "id",
    "references": [{"endpoint": "keys", "field": "id"}]}]}}}]}
JSON
key=$'\tjson {"value":[{"id":"k"}]}'
rm -rf "$work/case"
serve < <(printf 'GET */v1/keys every\n%s\n' "$key")
exits "keys: collected" 0 ask collect "$work/case"
exits "keys: packed" 0 "$dossier" pack "$work/case" -o "$work/keys.zip" \
    --key "$work/k.key"
id=$(unzip -p "$work/keys.zip" keys/dossier/statement.json |
    sed 's/.*"id":"\([^"]*\)".*/\1/')

# lists TEXT BEFORE AFTER: what becomes of the key ("EXIT OUTCOME REASON
# DELETIONS") when the list that is read before its deletion is answered with the
# steps on stdin; and when the one that is read after it is
lists()
{
	local steps rules
	steps=$(cat)
	for rules in "GET */v1/keys every"$'\n'"$steps" "GET */v1/keys 1
$key
DELETE */v1/keys/k 1"$'\n'"$(answer 204)
GET */v1/keys 2-"$'\n'"$steps"; do
		serve <<<"$rules"
		rm -rf "$work/r.zip" "$work/r.case"
		run ask erase --archive "$work/keys.zip" --trust "$work/k.pub" \
		    -o "$work/r.zip" --key "$work/k.key" --execute --confirm "$id"
		echo "$status $(unzip -p "$work/r.zip" r/dossier/erasure.jsonl |
		    python3 -c '
import json, sys
for l in map(json.loads, sys.stdin):
    print(l["outcome"], l["reason"], l["delete"][1] if l["delete"] else 0)')"
	done >"$work/lines"
	is "list $1: before" "$(sed -n 1p "$work/lines")" "$2"
	is "list $1: after" "$(sed -n 2p "$work/lines")" "$3"
}
no_list="3 failed unexpected-shape"
lists "without it" "0 absent None 0" "0 erased None 1" \
    <<<$'\tjson {"value":[{"id":"other"}]}'
lists "with nothing" "0 absent None 0" "0 erased None 1" \
    <<<$'\tjson {"value":[]}'
lists "that is a message" "$no_list 0" "$no_list 1" \
    <<<$'\tjson {"message":"maintenance"}'
lists "that is null" "$no_list 0" "$no_list 1" <<<$'\tjson {"value":null}'
lists "that is one thing" "$no_list 0" "$no_list 1" \
    <<<$'\tjson {"value":{"message":"maintenance"}}'
lists "of what has no id" "$no_list 0" "$no_list 1" \
    <<<$'\tjson {"value":[{"message":"maintenance"}]}'
lists "without a body" "$no_list 0" "$no_list 1" < <(answer 204)

# --- whose it is now -----------------------------------------------------------------------

connector=$work/notes.json
cat >"$connector" <<'JSON'
{"connector": {"key": "notes", "name": "N", "version": "1", "description": "d"},
 "identities": [{"name": "me", "description": "d"}],
 "hosts": ["api.example.org"],
 "authentication": {"strategy": "bearer", "credential": "token"},
 "defaults": {"error_handler": {"max_retries": 1, "backoff_base_s": 0},
  "pagination": {"strategy": "link", "configuration": {"path": "next"}}},
 "endpoints": [
  {"name": "list", "description": "d", "category": "content",
   "requests": {"read": {"method": "GET", "host": "api.example.org",
    "path": "/v1/list", "data_path": "value", "primary_key": "id"}}},
  {"name": "note", "description": "d", "category": "content",
   "requests": {
    "read": {"method": "GET", "host": "api.example.org",
     "path": "/v1/notes/{id}", "primary_key": "id",
     "param_values": [{"name": "id",
      "references": [{"endpoint": "list", "field": "id"}]}]},
    "delete": {"volatile": ["by"]}},
   "subject_match": [{"path": "by", "identity": "me", "or_absent": true}]},
  {"name": "board", "description": "d", "category": "content",
   "requests": {"read": {"method": "GET", "host": "api.example.org",
     "path": "/v1/board", "data_path": "value", "primary_key": "id"},
    "delete": {"volatile": ["next"]}},
   "subject_match": [{"path": "by", "identity": "me"}]}]}
JSON
notes=(his-now his-changed hers-changed nobodys empty his-after)
mine='{"id":"1","by":"an"}'
rm -rf "$work/case"
serve < <(
	printf 'GET */v1/list every\n\tjson {"value":['
	printf '{"id":"%s"},' "${notes[@]}" | sed 's/,$//'
	printf ']}\n'
	for note in "${notes[@]}"; do
		printf 'GET */v1/notes/%s every\n' "$note"
		printf '\tjson {"id":"%s","by":"an"}\n' "$note"
	done
	printf 'GET */v1/board every\n\tjson {"value":[%s]}\n' "$mine")
exits "notes: collected" 0 ask collect "$work/case" --identity me=an
exits "notes: packed" 0 "$dossier" pack "$work/case" -o "$work/notes.zip" \
    --key "$work/k.key"
id=$(unzip -p "$work/notes.zip" notes/dossier/statement.json |
    sed 's/.*"id":"\([^"]*\)".*/\1/')

# now NOTE WHEN MEMBERS: how it is given
now()
{
	printf 'GET */v1/notes/%s %s\n\tjson {"id":"%s"%s}\n' "$1" "$2" "$1" "$3"
}
# becomes TEXT LINES OPTION...: the outcomes, when the script is on stdin
becomes()
{
	local text=$1 wanted=$2
	shift 2
	serve
	run ask erase --archive "$work/notes.zip" --trust "$work/k.pub" \
	    -o "$work/n.zip" --key "$work/k.key" --execute --confirm "$id" \
	    --identity me=an --force "$@"
	is "$text" "$(unzip -p "$work/n.zip" n/dossier/erasure.jsonl | python3 -c '
import json, sys
for l in map(json.loads, sys.stdin):
    if l["url"]: print(l["url"].split("/")[-1], l["outcome"], l["reason"],
        l["delete"][1] if l["delete"] else 0)' | sort)" "$wanted"
}
becomes "whose it is now is looked at, whatever flags are given" \
    "board not-attempted others-data 0
empty not-attempted others-data 0
hers-changed erased changed 1
his-after still-there others-data 1
his-changed not-attempted others-data 0
his-now not-attempted others-data 0
nobodys not-attempted names-nobody 0" --even-if-changed < <(
	now his-now every ',"by":"bo"'
	now his-changed every ',"by":"bo","more":1'
	now hers-changed 1 ',"by":"an","more":1'
	now nobodys every ''
	echo 'GET */v1/notes/empty every' && answer 204
	now his-after 1 ',"by":"an"'
	now his-after 2- ',"by":"bo"'
	echo 'DELETE */v1/notes/his-after every' && answer 500
	echo 'DELETE */v1/notes/hers-changed every' && answer 204
	printf 'GET */v1/board every\n\tjson {"value":[%s,%s]}\n' "$mine" \
	    '{"id":"2","by":"bo"}')
exits "the receipt verifies" 0 "$dossier" verify "$work/n.zip" --trust \
    "$work/k.pub"
exits "and by the second verifier" 0 python3 tests/second/second.py \
    "$work/n.zip" --trust "$work/k.pub"
rm -rf "$work/n.zip" "$work/n.case"
becomes "a list that goes wholly is to be seen wholly" \
    "board not-attempted others-data 0
empty erased changed 1
hers-changed absent None 0
his-after absent None 0
his-changed absent None 0
his-now absent None 0
nobodys erased None 1" --even-if-changed --even-if-unnamed < <(
	now nobodys 1 ''
	echo 'DELETE */v1/notes/nobodys every' && answer 204
	now empty 1 ',"more":1'
	echo 'DELETE */v1/notes/empty every' && answer 204
	printf 'GET */v1/board 1\n\tjson {"value":[%s],"next":"/v1/more"}\n' \
	    "$mine")

# --- several entries of one id -------------------------------------------------------------

connector=$work/cards.json
cat >"$connector" <<'JSON'
{"connector": {"key": "cards", "name": "C", "version": "1", "description": "d"},
 "identities": [{"name": "me", "description": "d"}],
 "hosts": ["api.example.org"],
 "authentication": {"strategy": "bearer", "credential": "token"},
 "endpoints": [
  {"name": "card", "description": "d", "category": "content",
   "requests": {"read": {"method": "GET", "host": "api.example.org",
     "path": "/v1/cards", "data_path": "value", "primary_key": "id",
     "pagination": {"strategy": "link", "configuration": {"path": "next"}}},
    "delete": {"path": "/v1/cards/{key}", "param_values": [{"name": "key",
     "references": [{"endpoint": "card", "field": "id"}]}],
     "volatile": ["by"]}},
   "subject_match": [{"path": "by", "identity": "me"}]}]}
JSON
# cards WHEN CARD...: how they are given, each as ID-BY
cards()
{
	local when=$1 card all=
	shift
	for card; do
		all+=",{\"id\":\"${card%-*}\",\"by\":\"${card#*-}\"}"
	done
	printf 'GET */v1/cards %s\n\tjson {"value":[%s]}\n' "$when" "${all#,}"
}
serve < <(cards every 1-an 2-an 3-an)
rm -rf "$work/case"
exits "cards: collected" 0 ask collect "$work/case" --identity me=an
exits "cards: packed" 0 "$dossier" pack "$work/case" -o "$work/notes.zip" \
    --key "$work/k.key" --force
id=$(unzip -p "$work/notes.zip" notes/dossier/statement.json |
    sed 's/.*"id":"\([^"]*\)".*/\1/')
rm -rf "$work/n.zip" "$work/n.case"
becomes "all are looked at, not the first alone" \
    "1 not-attempted others-data 0
2 erased None 1
3 changed None 0" < <(
	cards 1-2 1-an 1-bo 2-an 2-an 3-an 3-an
	cards every 1-an 1-bo 3-an 3-an | sed 's/}\]/,"more":1}]/'
	echo 'DELETE */v1/cards/2 every' && answer 204
	echo 'DELETE * every' && answer 500)
ok "it is said that there are several" says <(unzip -p "$work/n.zip" \
    n/dossier/erasure.jsonl) 'Another entry of that id is not the person'

rm -rf "$work/n.zip" "$work/n.case"
# goes_on: the pages have another one behind them
goes_on() { sed 's#\]}#],"next":"/v1/more"}#'; }
becomes "on all pages of the list" \
    "1 not-attempted others-data 0
2 erased None 1
3 erased None 1" < <(
	cards 1-2 1-an 2-an 3-an | goes_on
	cards 3-4 1-an 3-an | goes_on
	cards every 1-an | goes_on
	cards 1-4 1-bo 3-an | sed 's#/v1/cards#/v1/more#'
	cards every 1-bo | sed 's#/v1/cards#/v1/more#'
	echo 'DELETE * every' && answer 204)
rm -rf "$work/n.zip" "$work/n.case"
becomes "and a page that cannot be had clears nothing" \
    "1 failed http-status 0
2 failed http-status 0
3 failed http-status 0" < <(
	cards every 1-an 2-an 3-an | goes_on
	echo 'GET */v1/more every' && answer 404
	echo 'DELETE * every' && answer 204)

done_testing
