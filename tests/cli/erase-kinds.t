#!/bin/bash
# SPDX-License-Identifier: ISC
# Erasing workspaces of all kinds: standard, free and guest ones of Studio; two
# people in one; what must be kept; what is done by hand; what comes later.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/erase.bash
export PYTHONDONTWRITEBYTECODE=1
scripts=tests/simulator/scripts

"$dossier" keygen -o "$work/k" --no-passphrase >/dev/null
secret() { (umask 077 && echo "$2" >"$work/$1.token"); }
secret arm canary-arm-token
secret studio canary-workspace-token
secret graph canary-graph-token
secret storage 'https://store.example.org/c?sig=canary-storage'

# service CONNECTOR OPTION...: what collect and erase are given
service()
{
	connector=$1
	shift
	options=("$@")
}

gather()
{
	"$dossier" collect "$1" --connector "$connector" "${options[@]}" \
	    --ca-file "$state/ca.pem" --connect-to "::127.0.0.1:$port"
}

remove()
{
	local archive=$1 receipt=$2
	shift 2
	"$dossier" erase --archive "$archive" --trust "$work/k.pub" \
	    -o "$receipt" --key "$work/k.key" --connector "$connector" \
	    "${options[@]}" --ca-file "$state/ca.pem" \
	    --connect-to "::127.0.0.1:$port" "$@"
}

# finish NAME STATUS OPTION...: the erasure of NAME.zip, to NAME-r.zip
finish()
{
	local name=$1 wanted=$2
	shift 2
	exits "$name: erased" "$wanted" remove "$work/$name.zip" \
	    "$work/$name-r.zip" --execute --confirm "$request" "$@"
	exits "$name: the receipt verifies" 0 "$dossier" verify \
	    "$work/$name-r.zip" --trust "$work/k.pub"
	exits "$name: and by the second verifier" 0 python3 \
	    tests/second/second.py "$work/$name-r.zip" --trust "$work/k.pub"
}

# of RECEIPT ENDPOINT: outcomes of its lines
of()
{
	lines "$1" | sed -n "s/^('$2', '\(.*\)')$/\1/p" | sort -u |
	    tr '\n' ' ' | sed 's/ $//'
}

# held NAME LINE: request.json with LINE, in NAME.json
held()
{
	cat >"$work/$1.json" <<-JSON
	{"format": "dossier-request/1", "request": "REQ-7", "articles": ["17"],
	 "received": "2026-01-31", "controller": {"name": "C"}, $2}
	JSON
}

# --- Studio: a standard workspace of two people ----------------------------------------

person=(--identity email=an@example.org --identity studioUser=an)
studio=(--param workspaceId=w1 --param subscriptionId=s1
    --param resourceGroupName=research
    --credential "arm-token=file:$work/arm.token"
    --credential "workspace-token=file:$work/studio.token")
service azureml-studio "${studio[@]}" "${person[@]}"
start --script "$scripts/azureml-studio.script"
exits "two: collected" 0 gather "$work/two"
pack_export "$work/two"
finish two 3
is "two: her experiment and data set" \
    "$(of "$work/two-r.zip" experiment) $(of "$work/two-r.zip" dataset)" \
    "erased erased"
is "two: the workspace is not hers alone" \
    "$(lines "$work/two-r.zip" "(l['endpoint'], l['outcome'], l['reason'])" |
    grep "'azure-workspace',")" \
    "('azure-workspace', 'not-attempted', 'others-data')"
is "two: what has no deletion of its own is taken out by hand" \
    "$(for name in users modules trained-models transforms projects notebooks \
    notebook-attachments; do of "$work/two-r.zip" $name; echo; done |
    sort | uniq -c | sed 's/^ *//')" "7 manual"
is "two: with the step that does it" "$(lines "$work/two-r.zip" \
    "l['step'] if l['endpoint'] == 'notebooks' else ''" | grep .)" \
    "In Studio, select it and press Delete; it also goes when the workspace is \
deleted."
is "two: the place, and what is nobody's, are left" \
    "$(of "$work/two-r.zip" workspace) $(of "$work/two-r.zip" gateways)" \
    "not-attempted not-attempted"
is "two: services and plans do not say whose they are" "$(lines "$work/two-r.zip" \
    "l['reason'] if l['method'] else ''" | grep -c names-nobody)" 4
is "two: hers were deleted, and nothing else" "$(deletions | wc -l)" 2
finish two 3 --even-if-unnamed --force
is "two: with Location and Azure-AsyncOperation the same, to the end" \
    "$(lines "$work/two-r.zip" "(l['endpoint'], l['outcome'],
    bool(l['poll']))" | grep "'azure-web-service',")" \
    "('azure-web-service', 'erased', True)"
ok "two: nothing of the other was deleted" lacks <(deletions) 'e2|fam2|d\.2'
is "two: nor anything that was not planned" "$(deletions | wc -l)" 6
ok "two: no other workspace of the resource group is in it" lacks \
    <(cat "$work"/two/case.db* "$work/out"; deletions; lines \
    "$work/two-r.zip" "l") 'w3|workspaces/(third|other)'

# --- hers to work in, and not hers ------------------------------------------------------

sed -e 's/^\(GET ${RG}\/workspaces\/studio.*ownerEmail":"\)an@/\1bo@/' \
    "$scripts/azureml-studio.script" >"$work/his.script"
start --script "$work/his.script"
exits "his: collected" 0 gather "$work/his"
pack_export "$work/his"
finish his 3 --even-if-unnamed
ok "his: the workspace is in no plan" lacks <(lines "$work/his-r.zip") \
    "'azure-workspace',"
ok "his: nor asked to go" lacks <(deletions) 'workspaces/studio'
is "his: her part is taken out by hand" \
    "$(of "$work/his-r.zip" modules) $(of "$work/his-r.zip" users)" \
    "manual manual"
is "his: that the workspace is his, too, is told" "$(lines "$work/his-r.zip" \
    "(l['outcome'], l['detail']) if l['endpoint'] == 'workspace' else ''" |
    grep .)" "('manual', \"It would take along what is other people's: the \
export left that out.\")"

# --- of one person: it goes wholly ------------------------------------------------------

only()
{
	sed -e 's/,{"Status":"Active","User":{"Email":"bo[^]]*//' \
	    -e 's/,{"ExperimentId":"w1.f-id.e2"[^]]*//' \
	    -e 's/,{"Id":"w1.d.2"[^]]*//' \
	    -e 's/,{"Id":"m2"[^]]*//' "$scripts/azureml-studio.script"
}
only >"$work/one.script"
start --script "$work/one.script"
exits "standard: collected" 0 gather "$work/standard"
pack_export "$work/standard"
finish standard 0 --even-if-unnamed
is "standard: modules, notebooks and so on go with it" "$(lines \
    "$work/standard-r.zip" "l['outcome']" | sort | uniq -c |
    sed 's/^ *//' | tr '\n' ' ')" "7 erased 22 taken-along "

# --- free: by hand ----------------------------------------------------------------------

sed -e 's/^\(GET ${RG}\/workspaces?api[^ ]* 200\) .*/\1 {"value":[]}/' \
    "$work/one.script" >"$work/free.script"
start --script "$work/free.script"
exits "free: collected" 0 gather "$work/free"
pack_export "$work/free"
run remove "$work/free.zip" "$work/free-r.zip"
ok "free: the plan says what to do by hand" says "$work/out" \
    'Settings and choose Delete workspace'
number=$(sed -n 's/^ *\([0-9]*\) workspace w1: to be deleted by hand$/\1/p' \
    "$work/out")
run env LANGUAGE=nl LC_ALL=nl_NL.UTF-8 "$dossier" erase --archive \
    "$work/free.zip" --trust "$work/k.pub" --connector "$connector" \
    "${options[@]}"
ok "free: in the language of who reads it" says "$work/out" \
    'Werkruimte verwijderen'
finish free 3
is "free: it is a step by hand" "$(of "$work/free-r.zip" workspace)" manual
exits "free: who did it is noted" 3 remove "$work/free.zip" \
    "$work/free-r.zip" --execute --confirm "$request" --force \
    --done "$number=An Example" --done-at 2026-02-03T04:05:06Z
is "free: and when" "$(lines "$work/free-r.zip" "(l['outcome'], l['by'],
    l['done'])" | grep 2026-02-03)" \
    "('manual-done', 'An Example', '2026-02-03T04:05:06Z')"
exits "free: the receipt verifies" 0 "$dossier" verify \
    "$work/free-r.zip" --trust "$work/k.pub"
deleted=$(lines "$work/free-r.zip" "(l['number'], l['method'])" |
    sed -n "s/^(\([0-9]*\), 'DELETE')/\1/p" | head -n 1)
exits "free: only what is a step by hand" 2 remove "$work/free.zip" \
    "$work/free-r.zip" --execute --confirm "$request" --force \
    --done "$deleted=An Example"

held free-hold '"legal_hold": [{"connector": "azureml-studio",
    "endpoint": "experiment", "items": ["w1.f-id.e1"], "reason": "A case"}]'
exits "free: what must be kept keeps the workspace, by hand, too" 0 remove \
    "$work/free.zip" "$work/none.zip" --request "$work/free-hold.json"
ok "free: the plan says so" says "$work/out" \
    ' workspace.*: NOT deleted: must be kept$'
ok "free: other things can go" says "$work/out" 'gateways.*: to be deleted by hand'

# --- guest: it expires ------------------------------------------------------------------

python3 - collector/connectors/azureml-studio.json "$work/guest.json" <<'END'
import json, sys
c = json.load(open(sys.argv[1]))
for e in c["endpoints"]:
    if e["name"] == "workspace":
        e["by_hand"].insert(0, {"path": "WorkspaceType", "value": "Anonymous",
            "expires": True, "step": "It is deleted when it expires."})
json.dump(c, open(sys.argv[2], "w"))
END
sed -e 's/"FriendlyName":"Customers"/&,"WorkspaceType":"Anonymous"/' \
    "$work/free.script" >"$work/guest.script"
service "$work/guest.json" "${studio[@]}" "${person[@]}"
start --script "$work/guest.script"
exits "guest: collected" 0 gather "$work/guest"
pack_export "$work/guest"
finish guest 3
is "guest: it expires by itself" "$(of "$work/guest-r.zip" workspace)" expires

# --- what must be kept -------------------------------------------------------------------

service azureml-studio "${studio[@]}" "${person[@]}"
held hold '"legal_hold": [{"connector": "azureml-studio",
    "endpoint": "experiment", "items": ["w1.f-id.e1"], "reason": "A case"}]'
start --script "$work/one.script"
exits "hold: collected" 0 gather "$work/hold"
pack_export "$work/hold" --request "$work/hold.json"
finish hold 3
is "hold: the experiment stays, and says why" "$(lines "$work/hold-r.zip" \
    "(l['endpoint'], l['outcome'], l['reason'], l['hold'])" |
    grep "'experiment',")" "('experiment', 'held', 'legal-hold', 1)"
is "hold: and the workspace around it" "$(of "$work/hold-r.zip" \
    azure-workspace)" not-attempted
is "hold: and nothing else" "$(of "$work/hold-r.zip" dataset)" erased
ok "hold: nothing was asked of it" lacks <(deletions) experiments
cp -r "$work/hold" "$work/retain"
held retain '"retain_until": "2999-12-31"'
pack_export "$work/retain" --request "$work/retain.json"
start --script "$work/one.script"
finish retain 3
is "retain: everything stays" "$(lines "$work/retain-r.zip" "(l['outcome'],
    l['reason'])" | grep -cv held)" 0
is "retain: nothing was asked" "$(deletions)" ""
cp -r "$work/hold" "$work/later"
held later '"articles": ["17"]'
sed -i 's/, "articles": \["17"\]}/}/' "$work/later.json"
pack_export "$work/later" --request "$work/later.json"
secret arm wrong
secret studio wrong
exits "later: begun, with nothing done" 4 remove "$work/later.zip" \
    "$work/later-r.zip" --execute --confirm "$request"
secret arm canary-arm-token
secret studio canary-workspace-token
exits "later: a plan is not carried out against what must be kept now" 6 \
    remove "$work/later.zip" "$work/later-r.zip" --execute --confirm \
    "$request" --request "$work/retain.json"
is "later: nothing was asked" "$(deletions)" ""

# --- an account, softly ------------------------------------------------------------------

service microsoft-graph \
    --identity userId=7b1e4c9a-2f60-4d83-a5b7-90c3e8d1f264 \
    --credential "graph-token=file:$work/graph.token" \
    --credential "export-storage=file:$work/storage.token"
start --script "$scripts/microsoft-graph.script"
exits "soft: collected" 0 gather "$work/soft"
pack_export "$work/soft"
finish soft 3
is "soft: said to be soft" "$(of "$work/soft-r.zip" account) \
$(of "$work/soft-r.zip" message)" "soft-deleted soft-deleted"
is "soft: the messages go before the account" "$(lines "$work/soft-r.zip" |
    grep -nE "'(message|account)'" | sed "s/.*('\([a-z]*\)'.*/\1/" |
    tr '\n' ' ')" "message account "

# --- hosts that another answer gave, names with escapes -----------------------------------

service azureml --param subscriptionId=s1 --param resourceGroupName=research \
    --param workspaceName=ws --credential "arm-token=file:$work/arm.token" \
    --identity objectId=7b1e4c9a-2f60-4d83-a5b7-90c3e8d1f264 \
    --identity displayName=An
sed 's/^GET .*operations.* 202$/&\n\tRetry-After: 0/' \
    "$scripts/azureml.script" >"$work/hosts.script"
start --script "$work/hosts.script"
exits "hosts: collected" 0 gather "$work/hosts"
pack_export "$work/hosts"
finish hosts 3
is "hosts: the artifact, at the one that was found" "$(lines \
    "$work/hosts-r.zip" "(l['outcome'], (l['url'] or '').split('/')[2]) \
    if l['endpoint'] == 'artifact' else ''" | grep .)" \
    "('erased', 'westeurope.api.azureml.ms')"
is "hosts: a version of a name with a space" "$(of "$work/hosts-r.zip" \
    model-version)" erased
is "hosts: Location alone: 202, then 204" "$(lines "$work/hosts-r.zip" \
    "l['poll'][1] if l['endpoint'] == 'job' else ''" | grep .)" 2
is "hosts: the person's job, not the others'" "$(of "$work/hosts-r.zip" job) \
$(deletions | grep -c /jobs/)" "erased 1"

# --- GitHub: out of lists, which get shorter ------------------------------------------------

secret github canary-github-token
service github --identity login=an \
    --credential "github-token=file:$work/github.token"
start --script "$scripts/github.script"
exits "github: collected" 0 gather "$work/github"
pack_export "$work/github"
finish github 3
is "github: what the lists held is gone, and seen to be" "$(lines \
    "$work/github-r.zip" "((l['endpoint'], l['item'])
    if l['outcome'] == 'erased' else '')" | grep . | sort | tr -d "'" |
    tr '\n' ' ')" "(blocked, cy) (following, bo) (gist, g1) (gpg-keys, 12) \
(repositories, an/one) (repositories, an/two) (ssh-keys, 11) (starred, bo/x) \
(watched, bo/x) "
is "github: an export without its archive is still told of" \
    "$(of "$work/github-r.zip" migration)" still-there
is "github: nothing else was asked to go" "$(deletions | wc -l)" 10

# --- item by item, out of a list -----------------------------------------------------------

cat >"$work/keys.json" <<'JSON'
{"connector": {"key": "keys", "name": "K", "version": "1", "description": "d"},
 "hosts": ["api.example.org"],
 "authentication": {"strategy": "bearer", "credential": "token"},
 "defaults": {"error_handler": {"max_retries": 2, "backoff_base_s": 0}},
 "endpoints": [{"name": "keys", "description": "d", "category": "account",
  "requests": {
   "read": {"method": "GET", "host": "api.example.org", "path": "/keys", "data_path": "",
    "primary_key": "id"},
   "delete": {"path": "/keys/{id}", "volatile": ["used"],
    "param_values": [{"name": "id",
     "references": [{"endpoint": "keys", "field": "id"}]}]}}}]}
JSON
cat >"$work/keys.script" <<'SCRIPT'
door api.example.org Authorization Bearer canary-token
let U "used":9
let X {"id":3,"key":"x","used":1}
let N {"id":4,"key":"new"}
GET api.example.org/keys 200 [{"id":1,"key":"a"},{"id":2,"key":"b"},{"id":3,"key":"c"}]
GET api.example.org/keys 200 [{"id":1,"key":"a",${U}},{"id":2,"key":"b",${U}},${X}]
GET api.example.org/keys 200 [{"id":2,"key":"b",${U}},${X},${N}]
GET api.example.org/keys 200 [{"id":2,"key":"b",${U}},${X},${N}]
GET api.example.org/keys 200 [${X},${N}]
DELETE api.example.org/keys/1 204
DELETE api.example.org/keys/2 204
DELETE api.example.org/keys/3 204
DELETE api.example.org/keys/4 204
SCRIPT
secret own canary-token
service "$work/keys.json" --credential "token=file:$work/own.token"
start --script "$work/keys.script"
exits "keys: collected" 0 gather "$work/keys"
pack_export "$work/keys"
finish keys 3 --concurrency 1
is "keys: volatile members aside, unchanged ones go" "$(lines \
    "$work/keys-r.zip" "(l['item'], l['outcome'])" | tr '\n' ' ')" \
    "('1', 'erased') ('2', 'erased') ('3', 'changed') "
is "keys: what came since the export is left" "$(deletions | tr '\n' ' ')" \
    "/keys/1 /keys/2 "
is "keys: of the list no digest is told" "$(unzip -p "$work/keys-r.zip" \
    '*/dossier/exchanges.jsonl' | grep '"method":"GET"' |
    grep -c '"response_body":{')" 0

# --- a list that is deleted at once ---------------------------------------------------------

cat >"$work/board.json" <<'JSON'
{"connector": {"key": "board", "name": "B", "version": "1", "description": "d"},
 "identities": [{"name": "me", "description": "d"}],
 "hosts": ["api.example.org"],
 "authentication": {"strategy": "bearer", "credential": "token"},
 "endpoints": [{"name": "notes", "description": "d", "category": "content",
  "requests": {
   "read": {"method": "GET", "host": "api.example.org", "path": "/notes",
    "data_path": "", "primary_key": "id"}, "delete": {}},
  "subject_match": [{"path": "by", "identity": "me"}]}]}
JSON
cat >"$work/board.script" <<'SCRIPT'
door api.example.org Authorization Bearer canary-token
GET api.example.org/notes 200 [{"id":1,"by":"an"},{"id":2,"by":"bo"}]
DELETE api.example.org/notes 204
SCRIPT
service "$work/board.json" --identity me=an \
    --credential "token=file:$work/own.token"
start --script "$work/board.script"
exits "board: collected" 0 gather "$work/board"
pack_export "$work/board"
finish board 3
is "board: it is others', too" "$(lines "$work/board-r.zip" \
    "(l['outcome'], l['reason'])") $(deletions)" \
    "('not-attempted', 'others-data') "

# --- whose an item is, the list alone says --------------------------------------------------

# gardens VERSION LIST RULE: a list that tells whose its items are by RULE, and
# another; items that tell nothing, and are named by LIST
gardens()
{
	cat >"$work/gardens$1.json" <<-JSON
	{"connector": {"key": "gardens", "name": "G", "version": "$1",
	  "description": "d"},
	 "identities": [{"name": "me", "description": "d"}],
	 "hosts": ["api.example.org"],
	 "authentication": {"strategy": "bearer", "credential": "token"},
	 "endpoints": [
	  {"name": "gardens", "description": "d", "category": "content",
	   "requests": {"read": {"method": "GET", "host": "api.example.org",
	    "path": "/gardens", "data_path": "", "primary_key": "id"}}$3},
	  {"name": "all", "description": "d", "category": "content",
	   "requests": {"read": {"method": "GET", "host": "api.example.org",
	    "path": "/all", "data_path": "", "primary_key": "id"}}},
	  {"name": "garden", "description": "d", "category": "content",
	   "requests": {"read": {"method": "GET", "host": "api.example.org",
	    "path": "/gardens/{id}", "primary_key": "id",
	    "param_values": [{"name": "id",
	     "references": [{"endpoint": "$2", "field": "id"}]}]},
	    "delete": {}}}]}
	JSON
}
gardens 1 all ''
gardens 2 gardens \
    ', "subject_match": [{"path": "by", "identity": "me", "or_absent": true}]'
cat >"$work/gardens.script" <<'SCRIPT'
door api.example.org Authorization Bearer canary-token
GET api.example.org/gardens 200 [{"id":"a","by":"an"},{"id":"b","by":"bo"},{"id":"c"}]
GET api.example.org/all 200 [{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d"}]
GET api.example.org/gardens/a 200 {"id":"a"}
GET api.example.org/gardens/b 200 {"id":"b"}
GET api.example.org/gardens/c 200 {"id":"c"}
GET api.example.org/gardens/d 200 {"id":"d"}
DELETE api.example.org/gardens/a 204
DELETE api.example.org/gardens/b 204
DELETE api.example.org/gardens/c 204
DELETE api.example.org/gardens/d 204
SCRIPT
service "$work/gardens1.json" --identity me=an \
    --credential "token=file:$work/own.token"
start --script "$work/gardens.script"
exits "gardens: collected, when no rule told whose they are" 0 \
    gather "$work/gardens"
pack_export "$work/gardens"
connector=$work/gardens2.json
finish gardens 3
is "gardens: hers goes, and nothing else" "$(lines \
    "$work/gardens-r.zip" "((l['item'], l['outcome'], l['reason'])
    if l['endpoint'] == 'garden' else '')" | grep . | sort | tr '\n' ' ')" \
    "('a', 'erased', None) ('b', 'not-attempted', 'others-data') \
('c', 'not-attempted', 'names-nobody') ('d', 'not-attempted', 'not-exported') "
is "gardens: nor was anything else asked to" "$(deletions)" /gardens/a
finish gardens 3 --even-if-unnamed --force
is "gardens: his stays, and what is in no list of whose, whatever flags are given" \
    "$(deletions | sort -u | tr '\n' ' ')" "/gardens/a /gardens/c "

done_testing
