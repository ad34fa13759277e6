#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier pack --previous: a later answer to the same request says which one
# it follows, so that an older one cannot be passed off as the last.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

key=$work/k.key pub=$work/k.pub
run "$dossier" keygen -o "$work/k" --no-passphrase
run "$dossier" keygen -o "$work/new" --no-passphrase
mkdir "$work/in"
echo one >"$work/in/one"
"$dossier" request --template >"$work/request.json"
sed 's|DSR-2026-0042|OTHER-1|' "$work/request.json" >"$work/other.json"

# packed NAME OPTION...: packs $work/in into NAME.zip
packed()
{
	local name=$1
	shift
	run "$dossier" pack "$work/in" -o "$work/$name.zip" "$@"
	return "$status"
}
# stated NAME KEY: a value of its statement
stated()
{
	unzip -p "$work/$1.zip" "$1/dossier/statement.json" | python3 -c '
import json, sys
value = json.load(sys.stdin)
for key in sys.argv[1].split("."):
    value = value[key]
print(value)' "$2"
}

ok "the first archive" packed a --key "$key" --request "$work/request.json"
is "has number 1" "$(stated a sequence)" 1
is "and none before it" "$(stated a previous)" None
echo two >"$work/in/two"
ok "the second one" packed b --key "$key" --request "$work/request.json" \
    --previous "$work/a.zip"
is "has number 2" "$(stated b sequence)" 2
is "it names the first by its id" "$(stated b previous.id)" "$(stated a id)"
sealed=$(unzip -p "$work/a.zip" a/signatures/tagmanifest-sha256.txt.minisig |
    grep -o 'body:[0-9]*:[0-9a-f]*')
is "by the length of what was sealed" "body:$(stated b previous.body_size)" \
    "${sealed%:*}"
is "and by its digest" "$(stated b previous.body_sha256)" "${sealed##*:}"
is "which is that of the file" "$(head -c "$(stated b previous.body_size)" \
    "$work/a.zip" | sha256sum | cut -c 1-64)" "${sealed##*:}"
exits "it verifies" 0 "$dossier" verify "$work/b.zip" --trust "$pub"
ok "verify shows what came before" says "$work/out" \
    "Archive 2 for this request; the one before it is $(stated a id)"
run "$dossier" verify "$work/b.zip" --trust "$pub" --json
ok "to programs, too" says "$work/out" \
    "\"previous\":{\"body_sha256\":\"${sealed##*:}\",\"id\":\"$(stated a id)\"}"
ok "a third one, by another key" packed c --key "$work/new.key" \
    --request "$work/request.json" --previous "$work/b.zip"
is "has number 3" "$(stated c sequence)" 3
ok "an unsigned one may follow" packed d --unsigned \
    --request "$work/request.json" --previous "$work/c.zip"
ok "without a request" packed e --key "$key"
ok "and one that follows it" packed f --key "$key" --previous "$work/e.zip"

# --- refused -------------------------------------------------------------------

# refused TEXT STATUS WORDS OPTION...
refused()
{
	local text=$1 wanted=$2 words=$3
	shift 3
	exits "$text" "$wanted" "$dossier" pack "$work/in" \
	    -o "$work/x/x.zip" --key "$key" "$@"
	ok "$text: says what" says "$work/err" "$words"
	is "$text: nothing is left" "$(ls -A "$work/x")" ''
}
mkdir "$work/x"
with=(--request "$work/request.json" --previous)
refused "another request" 6 'it answers request' \
    --request "$work/other.json" --previous "$work/a.zip"
refused "a request, and none before" 6 'it answers request -, ' \
    "${with[@]}" "$work/e.zip"
refused "none, and a request before" 6 'the new one -' \
    --previous "$work/a.zip"
refused "an unsigned archive" 6 'nobody has sealed it' "${with[@]}" \
    "$work/d.zip"
refused "not there" 10 'No such file' "${with[@]}" "$work/no.zip"
refused "a folder" 6 'wanted an archive' "${with[@]}" "$work/in"
refused "not an archive" 6 'damaged, or no archive' "${with[@]}" "$pub"
head -c 5000 "$work/a.zip" >"$work/bad.zip"
refused "cut off" 6 'damaged, or no archive' "${with[@]}" "$work/bad.zip"
size=$(stat -c %s "$work/a.zip")
for at in 100 2000 9000 $((size - 3000)) $((size - 10)); do
	perl -0777 -pe 'BEGIN { $at = shift }
	    substr($_, $at, 1) ^= "\x10"' "$at" "$work/a.zip" >"$work/bad.zip"
	refused "byte $at changed" 6 'previous archive' "${with[@]}" \
	    "$work/bad.zip"
done

done_testing
