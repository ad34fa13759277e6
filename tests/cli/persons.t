#!/bin/bash
# SPDX-License-Identifier: ISC
# Two people in one workspace: the export of one holds nothing of the other's,
# and its erasure touches nothing of his, nor what names nobody.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/erase.bash
export PYTHONDONTWRITEBYTECODE=1

an=objectId=7b1e4c9a-2f60-4d83-a5b7-90c3e8d1f264
bo=objectId=c40d92e7-6b18-4f3c-8e25-1a7f5b6d0e93
"$dossier" keygen -o "$work/k" --no-passphrase >/dev/null

# theirs CASE ID ENDPOINT...: documents of these that name ID: endpoint, item,
# digest, body
theirs()
{
	local case=$1 id=${2#*=} names
	shift 2
	names=$(printf "'%s'," "$@")
	query "$case" "select e.name, d.item_id, d.sha256, d.body
	    from document d join endpoint e on e.id = d.endpoint
	    where e.name in (${names%,}) and instr(d.body, '$id') > 0
	    order by 1, 2"
}

# marks CASE ID: ID, and what documents that name ID are called; not experiments,
# which are named in runs of everybody
marks()
{
	echo "${2#*=}"
	theirs "$@" model manifest image service asset run |
	    grep -oE '\{.*' | python3 -c '
import json, sys
for d in map(json.loads, sys.stdin):
    print(d["id"] if "id" in d else d["runId"])' | sort -u
}

counts()
{
	local case=$1 what=$2
	shift 2
	for name in "$@"; do
		query "$case" "select $what from endpoint e
		    where e.name = '$name'"
	done | tr '\n' ' '
}

holds() { grep -rqF -f "$2" "$1"; }
holds_not() { ! holds "$@"; }
documents_of='(select count(*) from document d where d.endpoint = e.id)'

# --- the export -----------------------------------------------------------------------

start --runs 60 --page-size 25 --unnamed-every 5
person=$bo
exits "his" 0 collect "$work/bo"
theirs "$work/bo" "$bo" model manifest image service experiment asset run \
    runs notifications >"$work/before"
marks "$work/bo" "$bo" >"$work/bo.marks"
is "marks of all that is his" "$(wc -l <"$work/bo.marks")" 52
person=$an
logged
before=$(wc -l <"$state/requests.log")
exits "hers" 0 collect "$work/an"
ok "has nothing of his" holds_not "$work/an" "$work/bo.marks"
ok "but his export has" holds "$work/bo" "$work/bo.marks"
is "hers, and what names nobody" "$(counts "$work/an" "$documents_of" \
    model manifest image service experiment asset)" "7 7 7 3 2 3 "
is "the others are counted" "$(counts "$work/an" left_out \
    models manifests images services experiments assets)" "5 5 5 3 1 3 "
logged
tail -n "+$((before + 1))" "$state/requests.log" >"$work/asked"
is "and not asked for" "$(grep -cF -f "$work/bo.marks" "$work/asked")" 0
pack_export "$work/an"
mkdir "$work/unpacked"
(cd "$work/unpacked" && unzip -qq "$work/an.zip")
ok "nor has the archive" holds_not "$work/unpacked" "$work/bo.marks"
ok "whose pages are not packed" holds_not "$work/an.zip" "$work/bo.marks"

# --- killed on the way: the journal of the case, too -------------------------------------

start --runs 60 --page-size 25 --unnamed-every 5 --latency-ms 20
collect "$work/killed" --concurrency 4 >/dev/null 2>&1 </dev/null &
for _ in {1..100}; do
	[ -s "$work/killed/case.db-wal" ] && break
	sleep 0.05
done
sleep 0.5
kill -9 "$(pgrep -P $! -x dossier-collect || echo $!)" 2>/dev/null
wait $! 2>/dev/null
ok "killed: there is a journal" test -s "$work/killed/case.db-wal"
ok "with nothing of his" holds_not "$work/killed" "$work/bo.marks"
exits "gone on" 0 collect "$work/killed"
ok "nothing of his came" holds_not "$work/killed" "$work/bo.marks"

# --- the erasure ------------------------------------------------------------------------

start --runs 60 --page-size 25 --unnamed-every 5
exits "the plan" 0 erase "$work/an.zip" "$work/r.zip"
is "what names nobody is left" "$(grep -c 'does not say whose it is' \
    "$work/out")" 7
ok "the account is not hers alone" says "$work/out" \
    'hosting-account noordzee: NOT deleted: not attempted$'
exits "erased" 3 erase "$work/an.zip" "$work/r.zip" --execute \
    --confirm "$request"
theirs "$work/an" "$an" model manifest image | cut -d '|' -f 2 |
    sort >"$work/hers"
theirs "$work/an" "$an" service | grep -o 'scoring-[0-9]*"' | tr -d '"' |
    sort -u >>"$work/hers"
is "hers, and nothing else" "$(deletions | sed 's/.*\///' | sort)" \
    "$(sort "$work/hers")"
is "each of them" "$(outcomes "$work/r.zip")" \
    "17 erased 4 no-way 27 not-attempted"
receipt_verifies "$work/r.zip"
ok "it holds nothing of his" holds_not "$work/r.case" "$work/bo.marks"
person=$bo
exits "he asks again" 0 collect "$work/bo2"
theirs "$work/bo2" "$bo" model manifest image service experiment asset run \
    runs notifications >"$work/after"
ok "all of his is there, unchanged" cmp "$work/before" "$work/after"
is "so is what names nobody" "$(counts "$work/bo2" "$documents_of" \
    model manifest image service)" "7 7 7 4 "

person=$an
exits "even what names nobody" 3 erase "$work/an.zip" "$work/r.zip" \
    --execute --confirm "$request" --even-if-unnamed --force
is "that, too" "$(lines "$work/r.zip" "(l['outcome'] if l['endpoint'] in
    ('model', 'manifest', 'image', 'service') else '')" | grep . | sort |
    uniq -c | sed 's/^ *//')" "24 erased"
is "in a plan, too" "$(erase "$work/an.zip" "$work/none.zip" \
    --even-if-unnamed | grep -c "does not say whose")" 0
person=$bo
exits "he asks a last time" 0 collect "$work/bo3"
theirs "$work/bo3" "$bo" model manifest image service experiment asset run \
    runs notifications >"$work/after"
ok "all of his is there" cmp "$work/before" "$work/after"

# --- a list that names nobody, of items that do --------------------------------------------

id=$(sed -n 's/^model|\([^|]*\)|.*/\1/p' "$work/before" | head -n 1)
hers=$(theirs "$work/an" "$an" model | cut -d '|' -f 2 | head -n 1)
cat >"$work/faults" <<LIST
GET */models?* every body body={"value":[{"id":"$id"},{"id":"$hers"}]}
LIST
start --runs 6 --faults "$work/faults"
person=$an
exits "thin: collected" 0 collect "$work/thin"
is "thin: his model is not kept" "$(counts "$work/thin" "$documents_of" \
    models model) $(counts "$work/thin" left_out models model)" "2 1  0 1 "
pack_export "$work/thin"
exits "thin: erased" 3 erase "$work/thin.zip" "$work/thin-r.zip" --execute \
    --confirm "$request" --even-if-unnamed
is "thin: but not his" "$(deletions | grep -c "$id")" 0
is "thin: nor the account; and the list is not said to be gone" "$(lines \
    "$work/thin-r.zip" "(l['endpoint'], l['outcome'], l['reason'])" |
    grep -E "'(models|model|hosting-account)'" | sort | tr '\n' ' ')" \
    "('hosting-account', 'not-attempted', 'others-data') \
('model', 'erased', None) ('models', 'not-attempted', 'others-data') "

# --- an archive that was made without these rules -------------------------------------------

python3 - collector/connectors/azureml-experimentation.json \
    >"$work/older.json" <<'PYTHON'
import json, sys
k = json.load(open(sys.argv[1]))
k["connector"]["version"] = "1"
for e in k["endpoints"]:
    if any("or_absent" in rule for rule in e.get("subject_match", [])):
        del e["subject_match"]
json.dump(k, sys.stdout)
PYTHON
start --runs 6
connector=$work/older.json
exits "older: collected" 0 collect "$work/older"
connector=azureml-experimentation
is "older: with all models" "$(counts "$work/older" "$documents_of" model)" \
    "12 "
pack_export "$work/older"
exits "older: erased" 3 erase "$work/older.zip" "$work/older-r.zip" \
    --execute --confirm "$request"
is "older: hers alone, and the account stays" "$(lines "$work/older-r.zip" \
    "(l['endpoint'], l['outcome'], l['reason'])" |
    grep -E "'(model|hosting-account)'" | sort | uniq -c | sed 's/^ *//' |
    tr '\n' ' ')" "1 ('hosting-account', 'not-attempted', 'others-data') \
6 ('model', 'erased', None) 6 ('model', 'not-attempted', 'others-data') "

# --- alone: the account goes ------------------------------------------------------------------

start --runs 6 --other-object-id "${an#*=}"
exits "alone: collected" 0 collect "$work/alone"
pack_export "$work/alone"
exits "alone: erased" 3 erase "$work/alone.zip" "$work/alone-r.zip" \
    --execute --confirm "$request"
is "alone: all that can be" "$(outcomes "$work/alone-r.zip")" \
    "46 erased 4 no-way 16 taken-along"
is "alone: the account last" "$(lines "$work/alone-r.zip" "(l['endpoint']
    if l['delete'] else '')" | uniq | grep . | tail -n 1)" hosting-account

done_testing
