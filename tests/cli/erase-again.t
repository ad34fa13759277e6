#!/bin/bash
# SPDX-License-Identifier: ISC
# An erasure that is taken up again, by other words and with other things to be
# kept; and things that are found by looking through a list.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/hostile.bash
trap 'end_servers; rm -rf "$work"' EXIT

"$dossier" keygen -o "$work/k" --no-passphrase >/dev/null
connector=$work/books.json
cat >"$connector" <<'JSON'
{"connector": {"key": "books", "name": "B", "version": "1", "description": "d"},
 "hosts": ["api.example.org"],
 "connector_params": [{"name": "shop", "description": "d", "default": "a"}],
 "authentication": {"strategy": "bearer", "credential": "token"},
 "defaults": {"error_handler": {"max_retries": 1, "backoff_base_s": 0,
  "retry_after_cap_s": 1}},
 "endpoints": [
  {"name": "book", "description": "d", "category": "content",
   "requests": {
    "read": {"method": "GET", "host": "api.example.org",
     "path": "/{shop}/books", "data_path": "value", "primary_key": "id",
     "pagination": {"strategy": "offset", "configuration": {
      "offset_param": "offset", "limit_param": "limit", "limit": 2,
      "total_path": "total"}}},
    "delete": {"path": "/{shop}/books/{key}", "query_params": [],
     "param_values": [{"name": "key",
      "references": [{"endpoint": "book", "field": "key"}]}]}}}]}
JSON

# page WHEN OFFSET TOTAL ID...: a rule for a page of the list
page()
{
	local when=$1 offset=$2 total=$3 items='' id
	shift 3
	for id; do
		items+=",{\"id\":\"$id\",\"key\":\"k$id\"}"
	done
	items=${items//\"none\"/null}
	printf 'GET */a/books?*offset=%s* %s\n' "$offset" "$when"
	printf '\tjson {"total":%s,"value":[%s]}\n' "$total" "${items#,}"
}

# deletes NUMBER STATUS: how its deletion is answered
deletes()
{
	printf 'DELETE */a/books/k%s every\n\tline HTTP/1.1 %s X\n' "$1" "$2"
	printf '\tline Content-Length: 0\n\tline\n'
}

# gather NAME: collects and packs what the script on stdin serves
gather()
{
	serve
	exits "$1: collected" 0 ask collect "$work/$1.case"
	pack "$1" 0
}

# pack NAME STATUS: the case NAME.case, to NAME.zip
pack()
{
	exits "$1: packed" "$2" "$dossier" pack "$work/$1.case" \
	    -o "$work/$1.zip" --key "$work/k.key"
	request=$(unzip -p "$work/$1.zip" "$1/dossier/statement.json" |
	    sed 's/.*"id":"\([^"]*\)".*/\1/')
}

# erase NAME OPTION...: to NAME-r.zip
erase()
{
	local name=$1
	shift
	ask erase --archive "$work/$name.zip" --trust "$work/k.pub" \
	    -o "$work/$name-r.zip" --key "$work/k.key" --execute \
	    --confirm "$request" --force "$@"
}

# outcomes NAME: "ITEM OUTCOME REASON" of each line
outcomes()
{
	unzip -p "$work/$1-r.zip" "$1-r/dossier/erasure.jsonl" | python3 -c '
import json, sys
for l in map(json.loads, sys.stdin):
    print(l["item"], l["outcome"], l["reason"])' | paste -sd' '
}

# asked PATTERN: what the service was asked, since it was started
asked() { grep -aoE "^($1) [^ ]*" "$work/service/received" | paste -sd' '; }

# --- what it was begun with -------------------------------------------------------

gather two < <(page every 0 2 1 2)
serve < <(
	page 1-2 0 2 1 2 # read for 1 and, as that is refused, for 2
	page every 0 1 1
	deletes 1 409
	deletes 2 204)
exits "one is refused" 3 erase two
is "and the other gone" "$(outcomes two)" "1 refused http-status 2 erased None"
ok "it is told what, how many, and what is next" says <(paste -sd' ' \
    "$work/out") 'In short: +1  erased +1  NOT deleted: the service refused +See'
ok "and why, beside it" says <(paste -sd' ' "$work/out") \
    '1 book 1: NOT deleted: the service refused +The service answered with an'
exits "the receipt verifies" 0 "$dossier" verify "$work/two-r.zip" --trust \
    "$work/k.pub"
cp "$work/two-r.zip" "$work/first.zip"
serve < <(page every 0 1 1 && deletes 1 204)
exits "another parameter does not go on with it" 2 erase two --param shop=b
ok "it is told which" says "$work/err" 'another value of shop'
is "nothing was asked" "$(asked '[A-Z]+')" ""
sqlite3 "$work/two-r.case/case.db" "update setting set value = 'b'"
exits "nor does one that somebody put into the case" 2 erase two
ok "it is told which" says "$work/err" 'another value of shop'
is "nothing was asked" "$(asked '[A-Z]+')" ""
sqlite3 "$work/two-r.case/case.db" "update setting set value = 'a'"

# --- what must be kept by now -------------------------------------------------------

# hold ITEM: the request, with ITEM to be kept
hold()
{
	cat >"$work/request.json" <<-JSON
	{"format": "dossier-request/1", "request": "REQ-7", "articles": ["17"],
	 "received": "2026-01-31", "controller": {"name": "C"},
	 "legal_hold": [{"connector": "books", "endpoint": "book",
	  "items": ["$1"], "reason": "A case"}]}
	JSON
}

hold 1
exits "what was refused must be kept by now" 6 erase two --request \
    "$work/request.json"
ok "it is said, and of which line" says "$work/err" 'line 1 would be deleted'
is "nothing was asked of it" "$(asked '[A-Z]+')" ""
hold 2
serve < <(page 1 0 1 1 && page every 0 0 && deletes 1 204)
exits "what is gone does not matter: it is tried once more" 0 erase two \
    --request "$work/request.json"
is "with what it was begun with" "$(asked DELETE)" "DELETE /a/books/k1"
is "and gone" "$(outcomes two)" "1 erased None 2 erased None"

# --- what has become otherwise since ------------------------------------------------

exits "the two receipts" 0 "$dossier" diff "$work/first.zip" \
    "$work/two-r.zip" --trust "$work/k.pub"
is "what became otherwise of which resource" "$(grep -vF "$work" "$work/out")" \
    "Resources: 0 added, 0 removed, 1 with another outcome, 1 the same.
  ~ books/book 1: NOT deleted: the service refused (The service answered \
with an error) -> erased"
exits "for programs" 0 "$dossier" diff --json "$work/first.zip" \
    "$work/two-r.zip" --trust "$work/k.pub"
ok "the resource, before and after" says "$work/out" \
    '"change":"changed","connector":"books","endpoint":"book","item":"1",'\
'"new":\{"by":null,"done":null,"number":1,"outcome":"erased","reason":null\},'\
'"old":\{.*"outcome":"refused","reason":"http-status"\},"type":"erasure"'
ok "and how many" says <(tail -n 1 "$work/out") \
    '"erasures":\{"added":0,"changed":1,"removed":0,"same":1\}'
exits "a schema says what lines there are" 0 python3 -c '
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for line in open(sys.argv[2]):
    validator.validate(json.loads(line))
    assert not validator.is_valid(dict(json.loads(line), more=1))' \
    docs/schemas/diff.schema.json "$work/out"
exits "a receipt and the archive" 0 "$dossier" diff "$work/two.zip" \
    "$work/two-r.zip" --trust "$work/k.pub"
ok "have nothing in common" says <(paste -sd' ' "$work/out") \
    '0 added, 1 removed, 0 changed.*Resources: 2 added, 0 removed'

# --- what was added by hand ------------------------------------------------------------

printf 'A letter\n' >"$work/letter.txt"
exits "added" 0 "$dossier" add "$work/two.case" "$work/letter.txt" \
    --source "The archive in the cellar" --by Me
exits "packed again" 0 "$dossier" pack "$work/two.case" -o "$work/hand.zip" \
    --key "$work/k.key"
exits "its plan" 0 ask erase --archive "$work/hand.zip" --trust \
    "$work/k.pub"
ok "says that no service has it, and where it is" says \
    <(paste -sd' ' "$work/out") "holds 1 document that was added by hand.*by \
hand, or have it deleted: +letter.txt \\(The archive in the cellar\\)"
exits "for programs" 0 ask erase --archive "$work/hand.zip" --trust \
    "$work/k.pub" --json
ok "they are counted" says "$work/out" '"added_by_hand":1'
run env LANGUAGE=nl LC_ALL=nl_NL.UTF-8 "$dossier" erase --archive \
    "$work/hand.zip" --trust "$work/k.pub" --connector "$connector"
ok "in the language of who reads it" says "$work/out" 'met de hand'

# --- ended while a deletion is under way ---------------------------------------------

gather one < <(page every 0 1 1)
serve < <(page every 0 1 1
	printf 'DELETE */a/books/k1 every\n\twait 20000\n')
erase one >"$work/out" 2>"$work/err" </dev/null &
for ((i = 0; i < 200; i++)); do
	[ -z "$(asked DELETE)" ] || break
	sleep 0.05
done
kill -TERM "$(pgrep -P $! -x dossier-collect || echo $!)"
wait $!
is "ended: it says so" $? 143
ok "ended: there is no receipt" test ! -e "$work/one-r.zip"
ok "ended: it is said how it goes on" says "$work/out" \
    'Not finished: the same command goes on'
serve < <(page every 0 0)
exits "ended: the same command goes on" 0 erase one
is "ended: reading shows what became of it" "$(outcomes one)" \
    "1 erased None"
is "ended: nothing is asked to go twice" "$(asked DELETE)" ""
exits "ended: the receipt verifies" 0 "$dossier" verify "$work/one-r.zip" \
    --trust "$work/k.pub"

# --- what others wrote ---------------------------------------------------------------

gather lines < <(page every 0 1 '1\\n   2 book 9: erased')
exits "a newline in an id" 0 ask erase --archive "$work/lines.zip" --trust \
    "$work/k.pub"
is "makes no line" "$(grep -c '^ *[0-9]* book' "$work/out")" 1

# --- looking through a list ---------------------------------------------------------

gather list < <(page every 0 4 1 2 && page every 2 4 3 none)
cp "$work/list.zip" "$work/found.zip"
serve < <(
	page 1 0 4 1 2
	page 2-3 0 3 2 3 # looked through for 1, read for 2
	page 4-5 0 2 3 none
	page every 0 1 none
	page 1 2 3 none # for 1
	deletes 1 204
	deletes 2 204
	deletes 3 204)
exits "found: what has no id is left" 3 ask erase --archive \
    "$work/found.zip" --trust "$work/k.pub" -o "$work/found-r.zip" \
    --key "$work/k.key" --execute --confirm "$request"
is "found: the others are found wherever they have moved to, one by one" \
    "$(outcomes found)" "1 erased None 2 erased None 3 erased None \
None not-attempted address-unknown"
is "found: nothing else was asked to go" "$(asked DELETE)" \
    "DELETE /a/books/k1 DELETE /a/books/k2 DELETE /a/books/k3"

# What does not come wholly does not show that something is not in it.
serve < <(
	page 1 0 4 1 2
	page 2 0 3 2 # the next page is not there
	page 3 0 3 2 3
	page 4 0 2 # none, of two
	page 5 0 1 3
	page every 0 0
	deletes 1 204
	deletes 2 204
	deletes 3 204)
exits "list: not all came" 3 erase list
is "list: a page that is not there, a number that is not right: no proof" \
    "$(outcomes list)" "1 failed http-status 2 failed count-differs \
3 erased None None not-attempted address-unknown"

# What has the id among two may be it: it is not as it was, and not gone.
gather twice < <(page every 0 1 1)
for value in '{"id":"1","key":"k1"},{"id":"9","id":"1","key":"k9"}' \
    '{"id":"1","id":"9","key":"k1"}' '{"id":"9","id":"1","key":"k9"}'; do
	rm -rf "$work/twice-r.case"
	serve < <(
		printf 'GET */a/books?*offset=0* every\n\tjson {"value":[%s]}\n' \
		    "$value"
		deletes 1 204)
	exits "twice: $value" 3 erase twice
	is "twice: it stays" "$(outcomes twice) $(asked DELETE)" "1 changed None "
done

# Of two lists one is read: the other shows neither whose it is nor that it is gone.
for value in '[{"id":"1","key":"k1"}],"value":[{"id":"1","key":"k1"}]' \
    '[],"value":[{"id":"1","key":"k1"}]'; do
	rm -rf "$work/twice-r.case"
	serve < <(
		printf 'GET */a/books?*offset=0* every\n\tjson {"value":%s}\n' \
		    "$value"
		deletes 1 204)
	exits "two lists: $value" 3 erase twice
	is "two lists: it failed" "$(outcomes twice) $(asked DELETE)" \
	    "1 failed list-ambiguous "
done
exits "two lists: the receipt verifies" 0 "$dossier" verify \
    "$work/twice-r.zip" --trust "$work/k.pub"

# both_go: 1 is read and deleted, then 2
both_go()
{
	page 1 0 2 1 2
	page 2-3 0 1 2
	page every 0 0
	deletes 1 204
	deletes 2 204
}

# --- a plan that somebody changed ------------------------------------------------------

# changed SQL: the erasure of "fixed" is taken up with a case that SQL changed
changed()
{
	rm -rf "$work/fixed-r.case"
	cp -r "$work/before" "$work/fixed-r.case"
	sqlite3 "$work/fixed-r.case/case.db" "$1"
	serve < <(page every 0 2 1 2; deletes 1 204; deletes 2 204)
	exits "a changed plan: $2" 6 erase fixed
	ok "it is said" says "$work/err" 'plan is not what the archive gives'
	is "nothing was asked" "$(asked '[A-Z]+')" ""
}

gather fixed < <(page every 0 2 1 2)
exits "begun" 2 erase fixed --confirm another
mv "$work/fixed-r.case" "$work/before"
changed "update erasure set params = replace(params, 'k1', 'k9')" values
changed "update erasure set url = replace(url, 'k1', 'k9')" "an address"
changed "update erasure set item = '9' where number = 1" "an item"
changed "update erasure set method = 'POST' where number = 1" "a method"
changed "update erasure_document set sha256 = printf('%064d', 0)
    where erasure = 1" "a digest"
changed "delete from erasure_document where erasure = 2;
    delete from erasure where number = 2" "a line less"
changed "update erasure set params = (select params from erasure
    where number = 1), url = (select url from erasure where number = 1),
    item = 1 where number = 2" "a line twice"
changed "update erasure set outcome = 'nonsense' where number = 1" "no outcome"
rm -rf "$work/fixed-r.case"
cp -r "$work/before" "$work/fixed-r.case"
serve < <(both_go)
exits "the plan as it was goes on" 0 erase fixed
is "to the end" "$(outcomes fixed)" "1 erased None 2 erased None"

# --- what the archive lacks -----------------------------------------------------------

serve < <(
	page every 0 4 1 2
	printf 'GET */a/books?*offset=2* every\n\tline HTTP/1.1 403 X\n'
	printf '\tline Content-Length: 0\n\tline\n')
exits "a page that cannot be had" 3 ask collect "$work/half.case"
pack half 3
serve < <(both_go)
exits "what is planned is erased, and it is not all" 3 erase half
is "both lines" "$(outcomes half)" "1 erased None 2 erased None"
ok "the gap is told" says <(paste -sd' ' "$work/out") 'The archive has 1 gap: '
ok "and that it was not planned" says <(paste -sd' ' "$work/out") \
    'planned is gone; what the archive lacks was not planned'
exits "programs are told" 3 erase half --json
ok "how many there are" says "$work/out" '"exit":3,"gaps":1,"not_gone":0'

done_testing
