#!/bin/bash
# SPDX-License-Identifier: ISC
# A receipt: the case of an erasure is packed, and verified, listed, shown.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
export PYTHONDONTWRITEBYTECODE=1

run "$dossier" keygen -o "$work/k" --no-passphrase

# --- the case of an erasure --------------------------------------------------------

# Nothing is asked: the identity that both addresses need is not given.
cat >"$work/gone.json" <<-'JSON'
	{"connector": {"key": "gone", "name": "Gone Ltd", "version": "1",
	  "description": "d"},
	 "identities": [{"name": "who", "description": "w"}],
	 "hosts": ["a.example"], "authentication": {"strategy": "none"},
	 "endpoints": [
	  {"name": "run", "description": "One <run>", "category": "activity",
	   "requests": {"read": {"method": "GET", "host": "a.example",
	    "path": "/{y}", "param_values": [{"name": "y", "identity": "who"}]}}},
	  {"name": "note", "description": "One note", "category": "activity",
	   "requests": {"read": {"method": "GET", "host": "a.example",
	    "path": "/n/{y}",
	    "param_values": [{"name": "y", "identity": "who"}]}}}]}
	JSON
run "$dossier" collect "$work/case" --connector "$work/gone.json"
cat >"$work/request.json" <<-'JSON'
	{"format": "dossier-request/1", "request": "REQ-7", "articles": ["17"],
	 "received": "2026-01-31", "languages": ["en", "nl", "fr", "de"],
	 "controller": {"name": "C"}, "retain_until": "2031-12-31",
	 "legal_hold": [{"connector": "gone", "endpoint": "note",
	  "items": ["n2"], "until": "2030-05-06",
	  "reason": {"en": "A court case", "nl": "Een rechtszaak"}}]}
	JSON

# fill LINES: makes the case that of an erasure
cat >"$work/fill.py" <<-'PY'
	import sqlite3, sys
	db = sqlite3.connect(sys.argv[1] + "/case.db")
	for table in ("task", "gap", "exchange", "gap_number", "custody"):
	    db.execute(f"DELETE FROM {table}")
	db.execute("UPDATE endpoint SET exchanges = 0, documents = 0")
	meta = {"kind": "receipt", "planned": "yes", "executed": "yes"}
	for item in meta.items():
	    db.execute("INSERT INTO meta VALUES(?, ?)", item)
	db.execute("DELETE FROM meta WHERE name = 'numbered'")
	db.execute("INSERT INTO export VALUES(?, 9, ?, ?, 'REQ-1')",
	    ("11111111-2222-4333-8444-555555555555", "4" * 64, "5" * 64))
	run, note = [db.execute("SELECT id FROM endpoint WHERE name = ?",
	    (name,)).fetchone()[0] for name in ("run", "note")]
	lines = [
	    (run, None, "DELETE", "/{y}", "r1", None, None, "erased", None, 204),
	    (note, 1, None, None, None, None, None, "taken-along", None, None),
	    (run, None, "DELETE", "/{y}", "r2", None, None, "refused", "s", 403),
	    (note, None, None, None, "n2", None, 1, "held", "legal-hold", None),
	    (note, None, None, None, "n3", "Press <Delete>.", None, "manual",
	     None, None),
	    (run, None, "DELETE", "/{y}", "r3", None, None, "soft-deleted", None,
	     200),
	    (run, None, "DELETE", "/{y}", "r4", None, None, "planned", None, None),
	]
	for number, line in enumerate(lines, 1):
	    db.execute("INSERT INTO erasure(endpoint, taken_with, method, template,"
	        " item, step, hold, outcome, reason, status)"
	        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", line)
	    name = "run" if line[0] == run else "note"
	    db.execute("INSERT INTO erasure_document VALUES(?, ?, ?)", (number,
	        f"data/documents/gone/{name}/000000/{number:09}.json", "3" * 64))
	time = "2026-02-03T04:05:06.000000000Z"
	def ask(line, role, method, status):
	    db.execute("INSERT INTO exchange(task, endpoint, page, item, part,"
	        " method, status, started, ended) VALUES(?, ?, ?, 0, 0, ?, ?, ?, ?)",
	        (line, run, role, method, status, time, status and time))
	    db.execute("UPDATE endpoint SET exchanges = exchanges + 1 WHERE id = ?",
	        (run,))
	for line, status in ((1, 204), (3, 403), (6, 200)):
	    ask(line, 0, "GET", 200)
	    ask(line, 1, "DELETE", status)
	ask(1, 3, "GET", 404)
	ask(7, 1, "DELETE", None)  # killed before there was an answer
	db.commit()
	PY
ok "the case of an erasure" python3 "$work/fill.py" "$work/case"

# --- packed and verified -------------------------------------------------------------

exits "packed, with what is left" 3 "$dossier" pack "$work/case" \
    -o "$work/r.zip" --key "$work/k.key" --request "$work/request.json"
exits "verified" 0 "$dossier" verify "$work/r.zip" --trust "$work/k.pub"
ok "what is left is told, and not as missing" says "$work/out" \
    "4 things are not erased, or not known to be: see START-HERE"
exits "by the second verifier, too" 0 python3 tests/second/second.py \
    "$work/r.zip" --trust "$work/k.pub"
exits "in JSON" 0 "$dossier" verify --json "$work/r.zip" --trust "$work/k.pub"
ok "its kind" grep -q '"kind":"receipt"' "$work/out"
unzip -q "$work/r.zip" -d "$work"
ok "no documents" test -f "$work/r/data/NO-DOCUMENTS.txt"
is "a line a resource" "$(wc -l <"$work/r/dossier/erasure.jsonl")" 7
ok "a deletion without an answer" grep -q \
    '"number":7,"outcome":"failed","poll":null,"read":null,"reason":"interrupted"' \
    "$work/r/dossier/erasure.jsonl"
is "gaps in the order of the plan" \
    "$(grep -o '"reason":"[a-z-]*"' "$work/r/dossier/gaps.jsonl" |
    cut -d'"' -f4 | tr '\n' ' ')" "refused held manual failed "
ok "the statement names the export" grep -q \
    '"erasure":{"executed":true,"export":{"body_sha256":"4444' \
    "$work/r/dossier/statement.json"
ok "stock tools read it" bash -c \
    'cd "$1" && sha256sum -c --strict --quiet *manifest-sha256.txt' - "$work/r"
ok "the seal, by minisign" minisign -Vq -p "$work/k.pub" \
    -m "$work/r/tagmanifest-sha256.txt" \
    -x "$work/r/signatures/tagmanifest-sha256.txt.minisig"
mapfile -t -d '' block < <(tests/support/commands "$work/r/VERIFY.txt" \
    KEY.pub="$work/k.pub" | awk -v RS= -v ORS='\0' 1)
ok "VERIFY.txt has commands" test "${#block[@]}" -ge 4
for i in "${!block[@]}"; do
	case ${block[i]} in
	sha256sum* | minisign*)
		ok "as it stands: ${block[i]%% *}" bash -e -c "cd '$work/r'
${block[i]}" ;;
	esac
done
exits "listed" 0 "$dossier" list "$work/r.zip" --trust "$work/k.pub"
is "each line of the erasure with its outcome" \
    "$(awk '$3 ~ /^gone\// { print $1, $2, $3, $4 }' "$work/out" | tail -n 3)" \
    "5 manual gone/note n3
6 soft-deleted gone/run r3
7 failed gone/run r4"
exits "listed for programs" 0 "$dossier" list --json "$work/r.zip" \
    --trust "$work/k.pub"
is "a line each" "$(grep -c '"type":"erasure"' "$work/out")" 7
ok "with its reason" grep -qF '"item":"r2","number":3,"outcome":"refused"' \
    "$work/out"
exits "compared with itself" 0 "$dossier" diff "$work/r.zip" "$work/r.zip" \
    --trust "$work/k.pub"
exits "packed again: the same" 3 "$dossier" pack "$work/case" \
    -o "$work/s.zip" --name r --key "$work/k.key" \
    --request "$work/request.json"
ok "byte for byte" cmp "$work/r.zip" "$work/s.zip"
is "flips are found" "$(tests/support/flip "$work/s.zip" 60 1 \
    "$dossier" verify -q --trust "$work/k.pub" "$work/s.zip" 2>&1)" 60

# --- the page ---------------------------------------------------------------------------

page=$work/r/START-HERE.html
for text in 'What was erased' 'Erased together with something else' \
    'Checked afterwards: it is gone.' 'A court case' 'Press &lt;Delete&gt;.' \
    'kept for a while by the service' 'Not erased: the service refused' \
    '11111111-2222-4333-8444-555555555555' 'One &lt;run&gt;'; do
	ok "the page says: $text" grep -qF "$text" "$page"
done
ok "in Dutch" grep -qF 'Een rechtszaak' "$work/r/START-HERE.nl.html"
ok "in French" grep -qF 'Vérifié ensuite' "$work/r/START-HERE.fr.html"
ok "in German" grep -qF 'Danach geprüft' "$work/r/START-HERE.de.html"
exits "a report" 0 "$dossier" report "$work/r.zip" -o "$work/r.html" \
    --trust "$work/k.pub"
ok "says the same" grep -qF 'A court case' "$work/r.html"
ok "and how much is left" says "$work/r.html" \
    'The receipt itself says that .*4.* things are not erased'
exits "for auditors" 0 "$dossier" report "$work/r.zip" -o "$work/a.html" \
    --audience auditor --trust "$work/k.pub"
for text in 'id="erasure-table"' '11111111-2222-4333-8444-555555555555' \
    'soft-deleted' "$(printf '4%.0s' {1..64})"; do
	ok "they see: ${text:0:40}" grep -qF "$text" "$work/a.html"
done

done_testing
