#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier report, verify --report: a page only of what was seen to be intact.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

"$dossier" keygen -o "$work/k" --no-passphrase >"$work/out" 2>"$work/err"
mkdir "$work/in"
printf '{"name":"Zo\303\253","created":"2026-03-01T07:05:00Z","size":null}' \
    >"$work/in/one.json"
printf '{"a":1,"a":2,"b":"\\ud800 <b>"}' >"$work/in/two.json"
printf '{"a":' >"$work/in/three.json"
"$dossier" pack "$work/in" -o "$work/a.zip" --key "$work/k.key" \
    --name a >"$work/out" 2>"$work/err"
page=$work/page.html

exits "a trusted archive" 0 "$dossier" report "$work/a.zip" -o "$page" \
    --trust "$work/k.pub"
ok "its verdict stands on top" says "$page" \
    'Nothing in this file has changed since'
ok "its documents are shown" says "$page" '<bdi>Zoë</bdi>'
ok "dates are written out" says "$page" '1 March 2026, 07:05:00 UTC'
ok "a name that stands twice is told" says "$page" 'more than once'
ok "half a character is told" says "$page" 'this text is damaged'
ok "what is no JSON is shown as text" says "$page" 'it is not well formed'
ok "no script" lacks "$page" '<script'
exits "an output that exists stays" 1 "$dossier" report "$work/a.zip" \
    -o "$page" --trust "$work/k.pub"
exits "--force replaces it" 5 "$dossier" report "$work/a.zip" -o "$page" \
    --force --lang de
ok "in German" says "$page" '<html lang="de">'
ok "an unknown signer is told" says "$page" 'unterschrieben hat, können wir'
exits "verify --report" 0 "$dossier" verify "$work/a.zip" \
    --trust "$work/k.pub" --report "$work/v.html" --lang nl
ok "the same page" says "$work/v.html" 'Sinds .* is niets in dit bestand'
exits "for auditors" 0 "$dossier" verify "$work/a.zip" --audience auditor \
    --trust "$work/k.pub" --report "$work/audit.html"
ok "checks, not documents" says "$work/audit.html" 'TOTAL-PASSED'
ok "no values in it" lacks "$work/audit.html" 'Zoë'

SOURCE_DATE_EPOCH=1 "$dossier" report "$work/a.zip" -o "$work/1.html" \
    >"$work/out" 2>&1
SOURCE_DATE_EPOCH=1 "$dossier" report "$work/a.zip" -o "$work/2.html" \
    >"$work/out" 2>&1
ok "the same archive makes the same page" cmp "$work/1.html" "$work/2.html"

cp "$work/a.zip" "$work/bad.zip"
printf '\001' | dd of="$work/bad.zip" bs=1 seek=60 conv=notrunc status=none
exits "a changed archive" 1 "$dossier" report "$work/bad.zip" \
    -o "$work/bad.html" --trust "$work/k.pub"
ok "is told" says "$work/bad.html" 'This file has been changed'
ok "nothing of it is shown" lacks "$work/bad.html" 'Zoë|class="document"'

# What is no archive has no page, not even one that says so.
echo "Dear Sir" >"$work/letter"
exits "no archive" 1 "$dossier" report "$work/letter" -o "$work/no.html"
ok "is told" says "$work/out" 'This is no archive of Dossier'
ok "and that there is no page" says "$work/out" 'No page was made'
ok "there is none" test ! -e "$work/no.html"
exits "verify --report of no archive" 1 "$dossier" verify "$work/letter" \
    --report "$work/no.html"
ok "nor is there one" test ! -e "$work/no.html"
ok "which is told" says "$work/out" 'No page was made'

# --- --pdf ---------------------------------------------------------------------

if command -v weasyprint >/dev/null; then
	exits "a PDF of it" 5 "$dossier" report "$work/a.zip" \
	    -o "$work/p.html" --pdf "$work/p.pdf"
	ok "declares PDF/A-3" grep -qa 'pdfaid:part="3"' "$work/p.pdf"
else
	skip "a PDF of it" "weasyprint is not installed"
	skip "declares PDF/A-3" "weasyprint is not installed"
fi

# What dossier does with WeasyPrint, by one that copies the page, or fails.
mkdir "$work/bin" "$work/out.d"
cat >"$work/bin/weasyprint" <<'END'
#!/bin/bash
[ -z "${FAIL-}" ] || { echo half >"${@: -1}"; exit 3; }
cp "${@: -2:1}" "${@: -1}"
END
chmod +x "$work/bin/weasyprint"
out=$work/out.d

# pdf [NAME=VALUE]... OPTION...: a page, and a PDF of it, anew
pdf()
{
	local set=()
	while [[ $1 == [A-Z]*=* ]]; do set+=("$1") && shift; done
	rm -f "$out"/*
	run env PATH="$work/bin:$PATH" "${set[@]}" "$dossier" report \
	    "$work/a.zip" --trust "$work/k.pub" "$@"
}
for words in "-o $out/p.html" "-o$out/p.html" "--output $out/p.html" \
    "--output=$out/p.html" "-vo $out/p.html"; do
	# shellcheck disable=SC2086 # words
	pdf $words --pdf "$out/p.pdf"
	is "${words//$out/}: a PDF" "$status" 0
	ok "of the page" cmp "$out/p.html" "$out/p.pdf"
	is "that others cannot read" "$(stat -c %a "$out/p.pdf")" 600
done
pdf -qo "$out/p.html" --pdf="$out/p.pdf"
is "-q: a PDF" "$status$(ls "$out")" $'0p.html\np.pdf'
ok "-q: in silence" empty "$work/out"
pdf --json -o "$out/p.html" --pdf "$out/p.pdf"
is "--json: a PDF" "$status$(ls "$out")" $'0p.html\np.pdf'
ok "--json: and JSON alone" lacks "$work/out" '^[^{]'
pdf --help --pdf "$out/p.pdf"
is "--help: no PDF" "$status$(ls "$out")" 0

# speaks TEXT STATUS LEFT ENGLISH NAME=VALUE... OPTION...: pdf of these ends with
# STATUS and leaves LEFT; it says ENGLISH, and nothing of that in other languages
speaks()
{
	local text=$1 wanted=$2 left=$3 english=$4 language
	shift 4
	for language in en nl fr de; do
		pdf LC_ALL="$language.UTF-8" LANGUAGE="$language" "$@"
		is "$text, $language: exit status" "$status" "$wanted"
		is "$text, $language: leaves" "$(ls "$out")" "$left"
		cat "$work/err" >>"$work/out"
		if [ $language = en ]; then
			ok "$text: is said" says "$work/out" "$english"
		else
			ok "$text: in words of $language" \
			    lacks "$work/out" "$english"
		fi
	done
}
page=(-o "$out/p.html")
long=$out/$(printf 'x%.0s' {1..4100})
mkdir "$work/nothing"
speaks "a PDF" 0 $'p.html\np.pdf' 'The PDF is .* declares' \
    "${page[@]}" --pdf "$out/p.pdf"
speaks "WeasyPrint fails" 10 p.html 'WeasyPrint failed' FAIL=1 \
    "${page[@]}" --pdf "$out/p.pdf"
speaks "no WeasyPrint" 10 p.html \
    'weasyprint: No such file or directory \(Debian package' \
    PATH="$work/nothing" "${page[@]}" --pdf "$out/p.pdf"
speaks "a PDF that exists" 1 p.html 'k.pub exists already' \
    "${page[@]}" --pdf "$work/k.pub"
speaks "a folder in its place" 10 p.html "nothing: Is a directory" --force \
    "${page[@]}" --pdf "$work/nothing"
speaks "a name that is too long" 2 p.html 'the name is too long' \
    "${page[@]}" --pdf "$long"
speaks "a page that is named by half a word" 2 p.html 'give the page as -o' \
    --outp "$out/p.html" --pdf "$out/p.pdf"

exits "no output named" 2 "$dossier" report "$work/a.zip"
exits "an unknown language" 2 "$dossier" report "$work/a.zip" \
    -o "$work/x.html" --lang xx
exits "an unknown audience" 2 "$dossier" report "$work/a.zip" \
    -o "$work/x.html" --audience king
exits "no archive there" 10 "$dossier" report "$work/none.zip" \
    -o "$work/x.html"
ok "what failed leaves nothing" test ! -e "$work/x.html"

done_testing
