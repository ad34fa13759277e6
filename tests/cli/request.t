#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier request: the template, and every mistake of a request.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

exits "the template is printed" 0 "$dossier" request --template
cp "$work/out" "$work/template.json"
ok "it is a file of its own" test -s "$work/template.json"
exits "the template has no mistakes" 0 \
    "$dossier" request --check "$work/template.json"
ok "that is said" grep -q 'no mistakes' "$work/out"
ok "so is what nobody wrote yet" grep -qx '    controller.name' "$work/out"
ok "a whole list of it" grep -qx '    processing.purposes' "$work/out"
exits "neither has the request of the demo" 0 \
    "$dossier" request --check tests/demo-request.json
ok "where everything was written" lacks "$work/out" example

cat >"$work/least.json" <<-'JSON'
	{"format": "dossier-request/1", "request": "R-1", "articles": ["15"],
	 "received": "2026-01-31", "controller": {"name": "C"}}
JSON
exits "the least there must be" 0 "$dossier" request --check "$work/least.json"
ok "what the page will lack is said" grep -q processing.purposes "$work/out"

cat >"$work/bad.json" <<-'JSON'
	{"format": "dossier-request/1", "request": "Jan Jansen",
	 "articles": ["15"], "recieved": "2026-01-31",
	 "controller": {"name": "C"}}
JSON
exits "a request with mistakes" 6 "$dossier" request --check "$work/bad.json"
is "every mistake is told, with its place" \
    "$(sed "s|^$work/||" "$work/err" | cut -d: -f1-3 | tr '\n' ' ')" \
    "bad.json:1:44 bad.json:2:22 bad.json:1:1 "
ok "and the nearest key" grep -qF 'did you mean "received"?' "$work/err"
exits "for programs" 6 "$dossier" request --json --check "$work/bad.json"
is "one line a mistake" "$(grep -c '"type":"error"' "$work/out")" 3
ok "each is told once" empty "$work/err"
is "and a summary" "$(tail -n 1 "$work/out")" \
    '{"examples":0,"exit":6,"mistakes":3,"type":"summary"}'

# What pack would refuse afterwards is told now, and nothing hides the rest.
cat >"$work/rounds.json" <<-'JSON'
	{"format": "dossier-request/1", "request": "R-1", "request": "R-1",
	 "articles": ["15"], "received": "2026-01-31", "due": "2026-01-01",
	 "languages": ["en", "eng", "en"], "controller": {"name": "C"}}
JSON
exits "mistakes of many kinds" 6 "$dossier" request --check "$work/rounds.json"
is "all of them at once" "$(sed "s|^$work/||" "$work/err" |
    cut -d: -f2-3 | tr '\n' ' ')" "1:51 2:55 3:22 3:29 "
mkdir "$work/folder"
"$dossier" request --template | sed 's/"nl", "en"/"en", "en"/' \
    >"$work/twice.json"
exits "pack refuses a request with a language twice" 6 "$dossier" pack \
    "$work/folder" -o "$work/twice.zip" --unsigned --request "$work/twice.json"
ok "and names the file" says "$work/err" "$work/twice.json: language en"

printf '{"format": \n}' >"$work/cut.json"
exits "no JSON" 6 "$dossier" request --check "$work/cut.json"
head -c 1100000 /dev/zero >"$work/large.json"
exits "too long" 6 "$dossier" request --check "$work/large.json"
exits "not there" 10 "$dossier" request --check "$work/nothing.json"
exits "neither one nor the other" 2 "$dossier" request
exits "both" 2 "$dossier" request --template --check "$work/bad.json"
exits "an operand" 2 "$dossier" request --template x

# --- who asks stays inside the request and the page --------------------------------

"$dossier" request --template |
    sed 's/"The name of the person[^"]*"/"Zoe Lindqvist"/
    s/"How the answer reaches[^"]*"/"zoe@example.org"/' >"$work/zoe.json"
"$dossier" keygen -q -o "$work/k" --no-passphrase
mkdir "$work/in"
echo text >"$work/in/a"
exits "packed for a person" 0 "$dossier" pack "$work/in" -o "$work/z.zip" \
    --key "$work/k.key" --request "$work/zoe.json"
mkdir "$work/bag"
unzip -q "$work/z.zip" -d "$work/bag"
is "the name stands in the request and on the pages alone" \
    "$(cd "$work/bag/z" && grep -rliE 'zoe|lindqvist' . |
    grep -v '^\./START-HERE\(\.[a-z]*\)\?\.html$')" ./dossier/request.json
is "a browser's tab has the number of the request" "$(for page in nl en; do
    grep -aoh '<title>.*</title>' "$work/bag/z/START-HERE.$page.html" ||
    grep -aoh '<title>.*</title>' "$work/bag/z/START-HERE.html"; done \
    2>/dev/null | tr '\n' ' ')" "$(printf '<title>%s</title> ' \
    "Antwoord op uw verzoek DSR-2026-0042" \
    "Answer to your request DSR-2026-0042")"
ok "in no name of a member" lacks <(unzip -Z1 "$work/z.zip") '[Zz]oe'
ok "bag-info has the pseudonym" says "$work/bag/z/bag-info.txt" \
    'DSR-2026-0042'
sed 's/DSR-2026-0042/Zoe Lindqvist/' "$work/zoe.json" >"$work/named.json"
exits "a name for a pseudonym is refused" 6 "$dossier" pack "$work/in" \
    -o "$work/n.zip" --key "$work/k.key" --request "$work/named.json"
ok "and nothing is left" test ! -e "$work/n.zip"

done_testing
