#!/bin/bash
# SPDX-License-Identifier: ISC
# The connector language, against services told by a script: pages of every
# kind, parents and children, answers that come later, hosts found in answers,
# downloads; docs/CONNECTORS.md is true of it, the schema agrees.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/simulator.bash

echo canary-token >"$work/token"
chmod 600 "$work/token"
cat >"$work/doors" <<'TEXT'
door api.example.org Authorization Bearer canary-token
door files.example.org Authorization
let A api.example.org
let F https://files.example.org
TEXT

# connector ENDPOINT...: a file of them, in $work/one.json
connector()
{
	local IFS=, list
	list="$*"
	cat >"$work/one.json" <<JSON
{"connector": {"key": "one", "name": "One", "version": "1", "description": "d"},
 "identities": [{"name": "me", "description": "d"}],
 "hosts": ["api.example.org", "*.region.example.org"],
 "content_hosts": ["files.example.org"],
 "authentication": {"strategy": "bearer", "credential": "token"},
 "endpoints": [$list]}
JSON
}

# endpoint NAME PATH MORE-OF-READ [MORE-OF-REQUESTS] [MORE-OF-ENDPOINT]
endpoint()
{
	cat <<JSON
{"name": "$1", "description": "d", "category": "content", "requests": {"read":
 {"method": "${method:-GET}", "host": "${host:-api.example.org}", "path": "$2"
 ${3:+, $3}} ${4:+, $4}} ${5:+, $5}}
JSON
}

# asks TEXT STATUS LINES [OPTION]...: collects one.json from the script LINES
asks()
{
	local text=$1 wanted=$2 lines=$3
	shift 3
	{ cat "$work/doors"; printf '%s\n' "$lines"; } >"$work/script"
	start --script "$work/script"
	rm -rf "$work/case"
	exits "$text" "$wanted" "$dossier" collect "$work/case" \
	    --connector "$work/one.json" --ca-file "$state/ca.pem" \
	    --connect-to "::127.0.0.1:$port" \
	    --credential "token=file:$work/token" "$@"
	stop
	is "$text: just what there is" "$(grep -oE '"path":"[^"]*","status":(418|401)' \
	    "$state/requests.log")$(cat "$state/unasked")" ""
}

bodies()
{
	sqlite3 "$work/case/case.db" "select d.body from document_number n
	    join document d on d.id = n.document join endpoint e on
	    e.id = d.endpoint ${1:+where e.name = '$1'} order by n.number" |
	    tr -d ' ' | tr '\n' ' '
}

gaps() { sqlite3 "$work/case/case.db" "select reason from gap" | tr '\n' ' '; }

# --- pages --------------------------------------------------------------------

# pages TEXT PAGINATION LINES [WANTED]: three items on the pages of a list
pages()
{
	connector "$(endpoint list /l "\"data_path\": \"v\", \"primary_key\": \"id\",
	    \"pagination\": $2${body:+, $body}")"
	asks "$1" 0 "$3"
	is "$1: all items" "$(bodies | grep -o '"id":[0-9]' | tr -dc 0-9)" \
	    "${4:-123}"
}

pages "none" '{"strategy": "none"}' \
    'GET ${A}/l 200 {"v":[{"id":1},{"id":2},{"id":3}],"next":"x"}'
pages "a link in the body" \
    '{"strategy": "link", "configuration": {"path": ["@next.link"]}}' \
    'GET ${A}/l 200 {"v":[{"id":1}],"@next.link":"https://api.example.org:443/l?t=a%3d"}
GET ${A}/l?t=a%3d 200 {"v":[],"@next.link":"/l?t=b"}
GET ${A}/l?t=b 200 {"v":[{"id":2},{"id":3}],"@next.link":""}'
pages "a Link header" \
    '{"strategy": "link", "configuration": {"source": "header"}}' \
    'GET ${A}/l 200 {"v":[{"id":1}]}
	Link: <https://api.example.org/l?x=1,2>; rel="prev", </l?p=2,3>; rel="next"
GET ${A}/l?p=2,3 200 {"v":[{"id":2},{"id":3}]}'
pages "a cursor in the query" \
    '{"strategy": "cursor", "configuration": {"path": "m.c", "param": "cur sor"}}' \
    'GET ${A}/l 200 {"v":[{"id":1}],"m":{"c":"a/b="}}
GET ${A}/l?cur%20sor=a%2Fb%3D 200 {"v":[{"id":2},{"id":3}],"m":{"c":null}}'
pages "a cursor as a header" '{"strategy": "cursor", "configuration":
    {"source": "header", "header": "x-next", "inject_into": "header", "param": "x-this"}}' \
    'GET ${A}/l 200 {"v":[{"id":2},{"id":3}]}
	wants: x-this: c2
GET ${A}/l 200 {"v":[{"id":1}]}
	x-next: c2'
method=POST body='"body": {"top": 2}' pages "a cursor in the body" \
    '{"strategy": "cursor", "configuration": {"path": "c", "inject_into": "body",
      "param": "c", "has_more_path": "more"}}' \
    'POST ${A}/l 200 {"v":[{"id":1}],"c":"x\"y","more":true}
	body: {"top": 2}
POST ${A}/l 200 {"v":[{"id":2},{"id":3}],"c":"z","more":false}
	body: {"top":2,"c":"x\"y"}'
pages "a cursor in another path" \
    '{"strategy": "cursor", "configuration": {"path": "c", "inject_into": "path",
      "next_path": "/l/more/{cursor}"}}' \
    'GET ${A}/l 200 {"v":[{"id":1}],"c":"k 1"}
GET ${A}/l/more/k%201 200 {"v":[{"id":2},{"id":3}]}'
pages "an offset" '{"strategy": "offset", "configuration": {"offset_param": "o",
    "limit_param": "n", "limit": 9, "total_path": "t"}}' \
    'GET ${A}/l?n=9&o=0 200 {"v":[{"id":1},{"id":2}],"t":3}
GET ${A}/l?n=9&o=2 200 {"v":[{"id":3}],"t":3}'
pages "a page number" '{"strategy": "page_number", "configuration":
    {"page_param": "p", "base_page": 0}}' \
    'GET ${A}/l?p=0 200 {"v":[{"id":1},{"id":2}]}
GET ${A}/l?p=1 200 {"v":[{"id":3}]}
GET ${A}/l?p=2 200 {"v":[]}'
pages "a keyset" '{"strategy": "keyset", "configuration": {"field": "id",
    "param": "after", "has_more_path": "more"}}' \
    'GET ${A}/l 200 {"v":[{"id":1},{"id":2}],"more":true}
GET ${A}/l?after=2 200 {"v":[{"id":3}],"more":false}'

# --- parents, children, persons, secrets --------------------------------------

connector \
    "$(endpoint folders /f '"data_path": ""')" \
    "$(endpoint files '/f/{folder}' '"data_path": "v", "primary_key": "path",
	"param_values": [{"name": "folder", "references":
	  [{"endpoint": "folders", "field": ""}]}]' '' \
	'"subject_match": [{"path": "by", "identity": "me"}]')" \
    "$(endpoint file '/f/{folder}/x/{+path}' '"param_values": [{"name": "path",
	"references": [{"endpoint": "files", "field": "path"}]}],
	"success_path": "ok"' '"content": {"url_path": "urls"}' \
	'"redact": [{"path": "urls"}]')"
asks "a tree" 3 'GET ${A}/f 200 ["a b","c"]
GET ${A}/f/a%20b 200 {"v":[{"path":"p/q r","by":"AN"},{"path":"of/other","by":"bo"}]}
GET ${A}/f/c 200 {"v":[{"path":"two","by":"an"}]}
GET ${A}/f/a%20b/x/p/q%20r 200 {"ok":true,"urls":["${F}/1?sig=canary-1","${F}/2?sig=canary-2"]}
GET ${A}/f/c/x/two 200 {"ok":false,"error":"no"}
GET files.example.org/1?sig=canary-1 200 one
GET files.example.org/2?sig=canary-2 302
	Location: https://files.example.org/3?sig=canary-3
GET files.example.org/3?sig=canary-3 200 three' --identity me=an
is "a tree: a false success is a gap" "$(gaps)" "error-in-success "
is "a tree: documents" "$(bodies file)" \
    '{"ok":true,"urls":["[redacted:credential]","[redacted:credential]"]} one three '
ok "a tree: no secret" lacks <(cat "$work"/case/case.db*) canary
ok "a tree: nothing of another" lacks <(cat "$work"/case/case.db*) of/other

by='[{"path": "by.id", "identity": "me", "or_absent": true},
	{"path": "by", "identity": "me"}]'
connector \
    "$(endpoint notes /n '"data_path": "v"' '' "\"subject_match\": $by")" \
    "$(endpoint note '/n/{id}' '"param_values": [{"name": "id", "references":
	  [{"endpoint": "notes", "field": "id"}]}]' '' "\"subject_match\": $by")" \
    "$(endpoint marks /m '"data_path": "v"' '' '"subject_match": [{"path": "on",
	"references": [{"endpoint": "notes", "field": "id"}], "or_absent": true}]')"
notes='{"id":1,"by":{"id":"AN"}},{"id":2,"by":{"id":"bo"}},{"id":3},'
notes+='{"id":4,"by":null},{"id":5,"by":""},{"id":6,"by":{}},'
notes+='{"id":7,"by":{"id":null,"name":"canary-bo"}},{"id":8,"by":"canary-bo"},'
notes+='{"id":9,"by":[{"id":"bo"},{"id":"an"}]}'
marks='{"m":1,"on":1},{"m":2,"on":2},{"m":3},{"m":4,"on":null},{"m":5,"on":[]},'
marks+='{"m":6,"on":[2,1]}'
asks "what names nobody" 0 'GET ${A}/n 200 {"v":['"$notes"']}
GET ${A}/m 200 {"v":['"$marks"']}
GET ${A}/n/1 200 {"id":1,"by":{"id":"an"}}
GET ${A}/n/3 200 {"id":3}
GET ${A}/n/4 200 {"id":4,"by":{"id":"bo","at":"canary-of-bo"}}
GET ${A}/n/5 200 {"id":5,"by":""}
GET ${A}/n/9 200 {"id":9,"by":[{"id":"an"}]}' --identity me=an
is "what names nobody: is kept, when nothing names somebody else" \
    "$(bodies notes | grep -o '"id":[0-9]' | tr -dc 0-9)" 13459
is "what names nobody: the item may name somebody" \
    "$(bodies note | grep -o '"id":[0-9]' | tr -dc 0-9)" 1359
is "what names nobody: by what it refers to" \
    "$(bodies marks | grep -o '"m":[0-9]' | tr -dc 0-9)" 13456
is "what names nobody: what was left out is counted" "$(sqlite3 \
    "$work/case/case.db" "select group_concat(left_out, ' ') from endpoint")" \
    "4 1 1"
ok "what names nobody: nothing of another" lacks \
    <(cat "$work"/case/case.db*) canary

connector \
    "$(endpoint graph /g)" \
    "$(endpoint out '/o/{node}/{port}' '"param_values": [
	{"name": "node", "references": [{"endpoint": "graph", "each": "n.p", "field": "n"}]},
	{"name": "port", "references": [{"endpoint": "graph", "each": "n.p", "field": "t"}]},
	{"name": "kind", "values": ["a", "b"]}],
	"query_params": [{"name": "k", "value": "{kind}"}]')"
asks "things in an item" 0 \
    'GET ${A}/g 200 {"n":[{"p":[{"n":1,"t":"x"},{"n":1,"t":"y"}]},{"p":[]},{"p":[{"n":2,"t":"x"}]}]}
GET ${A}/o/1/x?k=a 200 1
GET ${A}/o/1/x?k=b 200 2
GET ${A}/o/1/y?k=a 200 3
GET ${A}/o/1/y?k=b 200 4
GET ${A}/o/2/x?k=a 200 5
GET ${A}/o/2/x?k=b 200 6'
is "things in an item: in their order" "$(bodies out)" "1 2 3 4 5 6 "

# --- hosts that an answer gives --------------------------------------------------

connector "$(endpoint where /w)" \
    "$(host='{at}' endpoint what /x '"param_values": [{"name": "at",
	"references": [{"endpoint": "where", "field": "at"}]}]')"
echo 'door eu.region.example.org Authorization Bearer canary-token' \
    >>"$work/doors"
asks "a host from an answer" 0 'GET ${A}/w 200 {"at":"https://eu.region.example.org/v1"}
GET eu.region.example.org/x 200 {"here":1}'
is "a host from an answer: its document" "$(bodies what)" '{"here":1} '
for foreign in https://evil.example.net/ https://region.example.org \
    https://api.example.org.evil.net/; do
	asks "not $foreign" 3 'GET ${A}/w 200 {"at":"'"$foreign"'"}'
	is "$foreign: a gap" "$(gaps)" "foreign-link "
done
asks "no http" 3 'GET ${A}/w 200 {"at":"http://eu.region.example.org"}'
is "no http: a gap" "$(gaps)" "unsafe-value "

# --- answers that come later -------------------------------------------------------

# later TEXT ASYNC LINES [STATUS]
later()
{
	connector "$(method=POST endpoint x /x "\"accepted_codes\": [200, 202],
	    \"async\": $2")"
	asks "$1" "${4:-0}" "$3"
	[ -n "${4-}" ] || is "$1: the last answer" "$(bodies)" '{"done":1} '
}
running='GET ${A}/p 202 {}
	Retry-After: 0'
later "Location" '{"protocol": "location"}' 'POST ${A}/x 202
	Location: https://api.example.org/p
	Retry-After: 0
'"$running"'
	Location: /q
GET ${A}/q 200 {"done":1}'
later "Operation-Location" '{"protocol": "operation-location", "status_path": "s",
    "succeeded": ["done"]}' 'POST ${A}/x 202
	Operation-Location: /p
	Location: /wrong
	Retry-After: 0
GET ${A}/p 200 {"s":"Running"}
	Retry-After: 0
GET ${A}/p 200 {"s":"done","done":1}' 0
is "Operation-Location: the last answer" "$(bodies)" '{"s":"done","done":1} '
later "Azure-AsyncOperation" '{}' 'POST ${A}/x 202
	Azure-AsyncOperation: https://api.example.org/p?s=canary-signature
	Location: https://api.example.org/p?s=canary-signature
	Retry-After: 0
GET ${A}/p?s=canary-signature 200 {"status":"Deleting","percentComplete":100}
	Retry-After: 0
GET ${A}/p?s=canary-signature 200 {"status":"Succeeded","percentComplete":0.0}' 0
is "Azure-AsyncOperation: the last answer" "$(bodies)" \
    '{"status":"Succeeded","percentComplete":0.0} '
ok "no signature" lacks <(cat "$work"/case/case.db*) canary
later "an address in the body" '{"protocol": "body", "url_path": "u",
    "status_path": "st", "succeeded": ["ok"], "interval_s": 1}' \
    'POST ${A}/x 200 {"u":"/p","st":"new"}
GET ${A}/p 200 {"st":"ok"}' 0
is "an address in the body: the last answer" "$(bodies)" '{"st":"ok"} '
later "a number in the body" '{"protocol": "body", "id_path": "n", "status_request":
    {"path": "/p/{operation}", "query_params": [{"name": "o", "value": "{operation}"}]},
    "interval_s": 1}' 'POST ${A}/x 200 {"n":"7/8"}
GET ${A}/p/7%2F8?o=7%2F8 200 {"status":"Succeeded"}' 0
later "one that fails" '{"protocol": "body", "url_path": "u", "interval_s": 1}' \
    'POST ${A}/x 200 {"u":"/p"}
GET ${A}/p 200 {"status":"Canceled"}' 3
is "one that fails: a gap" "$(gaps)" "operation-failed "
later "one that leads astray" '{"protocol": "body", "url_path": "u"}' \
    'POST ${A}/x 200 {"u":"https://evil.example.net/p"}' 3
is "one that leads astray: a gap" "$(gaps)" "foreign-link "

# --- check: every mistake ---------------------------------------------------------

cat >"$work/wrong.json" <<'JSON'
{
  "connector": {"key": "wrong", "nmae": "x", "version": 1, "description": {"nl": "x"}},
  "hosts": ["*", "10.0.0.1"],
  "authentication": {"strategy": "bearr", "credential": "token"},
  "endpoints": [
    {"name": "list", "description": "d", "category": "content", "requests": {"read":
      {"method": "PUT", "host": "other.example.org", "path": "v1?x=1", "data_pth": "v"}}},
    {"name": "list", "description": "d", "category": "content", "requests": {"read":
      {"method": "GET", "host": "api.example.org", "path": "/v1/{id}",
       "headers": [{"name": "Authorization", "value": "Bearer x"}],
       "pagination": {"strategy": "linc", "configuration": {}}}},
     "erased_wiht": "lst", "after": ["lists"]},
    {"name": "child", "description": "d", "category": "content", "requests": {"read":
      {"method": "GET", "host": "api.example.org", "path": "/v1/{id}",
       "param_values": [{"name": "id", "references": [{"endpoint": "lisst", "feild": "id"}]}]}},
     "erase_after": ["list"], "redact": [{"path": "a..b"}]}
  ]
}
JSON
exits "many mistakes" 6 "$dossier" connector check "$work/wrong.json"
while read -r place words; do
	ok "line $place: $words" says "$work/err" "wrong\.json:$place: .*$words"
done <<'LIST'
2:[0-9]+ unknown key "nmae".*did you mean "name"
2:[0-9]+ "name" is missing
2:[0-9]+ "version" must be a string
2:[0-9]+ must have an English text
3:[0-9]+ "\*" may stand only
3:[0-9]+ not an address
4:[0-9]+ did you mean "bearer"
7:[0-9]+ "method" cannot be "PUT"
7:[0-9]+ must begin with "/"
7:[0-9]+ unknown key "data_pth".*did you mean "data_path"
8:[0-9]+ two endpoints "list"
9:[0-9]+ nothing gives \{id\} a value
10:[0-9]+ not a connector's to set
10:[0-9]+ looks like a secret
11:[0-9]+ did you mean "link"
12:[0-9]+ unknown key "erased_wiht".*did you mean "erased_with"
12:[0-9]+ did you mean "list"
15:[0-9]+ unknown key "feild".*did you mean "field"
15:[0-9]+ no endpoint "lisst"; did you mean "list"
16:[0-9]+ has no "delete"
16:[0-9]+ empty key
LIST

# --- the reference, and the schema ------------------------------------------------

# The whole file of the tutorial, and what the reference shows piece by piece.
awk '/^<!-- example: plant-diary.json -->/ { on = 1; next }
    on && /^```$/ { exit } on && !/^```json/' docs/CONNECTORS.md \
    >"$work/plant-diary.json"
exits "the tutorial's connector" 0 "$dossier" connector check \
    "$work/plant-diary.json"
ok "has nothing to warn of" says "$work/out" ': no errors$'
exits "the tutorial's dry run" 0 "$dossier" collect "$work/garden" \
    --connector "$work/plant-diary.json" --identity email=an@example.org \
    --credential "plant-token=file:$work/token" --dry-run
cat >"$work/doors" <<'TEXT'
door api.plantdiary.example Authorization Bearer canary-token
door photos.plantdiary.example Authorization
let A api.plantdiary.example/v1
let P https://photos.plantdiary.example
TEXT
sed 's/"plant-token"/"token"/' "$work/plant-diary.json" >"$work/one.json"
asks "the tutorial, run" 0 'GET ${A}/account 200 {"id":1}
GET ${A}/plants?limit=50 200 {"items":[{"id":"fern","owner_email":"an@x.nl"}],"next":"b64="}
GET ${A}/plants?limit=50&cursor=b64%3D 200 {"items":[{"id":"rose","owner_email":"b@x.nl"}]}
GET ${A}/plants/fern 200 {"id":"fern","photo_url":"${P}/1?sig=canary-1"}
GET photos.plantdiary.example/1?sig=canary-1 200 PHOTO' --identity email=an@x.nl
is "the tutorial: documents" "$(bodies plant)" \
    '{"id":"fern","photo_url":"[redacted:credential]"} PHOTO '

cat >"$work/validate.py" <<'PYTHON'
import copy, glob, json, re, sys, jsonschema
schema = json.load(open("docs/schemas/connector.schema.json"))
kind = getattr(jsonschema, "Draft202012Validator", None)
kind.check_schema(schema)
def good(value, where="#"):
    if where == "#":
        return kind(schema).is_valid(value)
    part = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": where}
    return kind(part).is_valid(value)
for path in glob.glob("collector/connectors/*.json") + [sys.argv[2]]:
    whole = json.load(open(path))
    assert good(whole), path
    for key in ("connector", "hosts", "authentication", "endpoints"):
        less = copy.deepcopy(whole); del less[key]
        assert not good(less), path + ": " + key
    for part in (whole, whole["connector"], whole["endpoints"][0],
                 whole["endpoints"][0]["requests"]["read"]):
        part["mistkae"] = 1
        assert not good(whole), path
        del part["mistkae"]
    assert good(whole)
assert not good(json.load(open(sys.argv[1])))
# every piece of JSON in the reference fits where it belongs
text = open("docs/CONNECTORS.md").read()
pieces = [json.loads(p) for p in re.findall(r"```json\n(.*?)```", text, re.S)]
where = {"strategy": "authentication", "protocol": "async", "method": "read"}
for piece in pieces:
    if isinstance(piece, list):
        if all("path" in entry for entry in piece):
            for entry in piece:
                assert good(entry, "#/$defs/rule"), entry
        else:
            assert good(piece, "#/$defs/param_values"), piece
    elif "connector" in piece:
        assert good(piece)
    elif set(piece) & set(where):
        name = next(where[k] for k in ("strategy", "protocol", "method") if k in piece)
        assert good(piece, "#/$defs/" + name), piece
    else:
        assert good(piece, "#/$defs/labels"), piece
assert len(pieces) >= 6, len(pieces)
# whatever is shown, all languages have it
for path in glob.glob("collector/connectors/*.json"):
    def texts(value, key=None):
        if isinstance(value, dict):
            if "en" in value:
                missing = {"en", "nl", "fr", "de"} - {k for k, v in value.items() if v}
                assert not missing, (path, value, missing)
                return
            for k, v in value.items():
                assert (k not in ("description", "step", "warning", "soft") and
                        key != "labels") or isinstance(v, dict), (path, k, v)
                texts(v, k)
        elif isinstance(value, list):
            for v in value:
                texts(v)
    texts(json.load(open(path)))
PYTHON
if python3 -c 'import jsonschema; jsonschema.Draft202012Validator' \
    2>"$work/err"; then
	exits "schema, reference and texts in four languages" 0 python3 \
	    "$work/validate.py" "$work/wrong.json" "$work/plant-diary.json"
else
	skip "schema and reference" "python3-jsonschema is not installed"
fi

done_testing
