#!/bin/bash
# SPDX-License-Identifier: ISC
# Pages in any languages, asked for in any order, make an archive that verifies.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

mkdir "$work/files"
echo hello >"$work/files/a.txt"
"$dossier" keygen --no-passphrase -q -o "$work/key" >/dev/null

for languages in "en" "nl fr de" "en nl fr de" "de fr nl en" "fr en de"; do
	words=()
	for language in $languages; do words+=(--lang "$language"); done
	exits "$languages: pack" 0 "$dossier" pack "$work/files" --force \
	    -o "$work/answer.zip" --key "$work/key.key" "${words[@]}"
	exits "$languages: verify" 0 "$dossier" verify "$work/answer.zip" \
	    --trust "$work/key.pub"
	rm -rf "$work/answer"
	unzip -q "$work/answer.zip" -d "$work"
	is "$languages: pages" "$(find "$work/answer" -name 'START-HERE*' |
	    wc -l)" "$(wc -w <<<"$languages")"
	ok "$languages: the first is the main page" grep -q \
	    "<html[^>]* lang=\"${languages%% *}\"" "$work/answer/START-HERE.html"
done

done_testing
