#!/bin/bash
# SPDX-License-Identifier: ISC
# The manual: a page for every verb, each option of --help and no other,
# examples that name options that there are, and nothing mandoc complains of.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

pages=$BUILD/share/man
verbs=$("$dossier" help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p')
ok "verbs are listed" test "$(wc -w <<<"$verbs")" -ge 8

# letters: without the bold and underlined ones of terminals
letters() { sed $'s/.\b//g'; }
# plain PAGE SECTION...: the text of a page, or of sections of it
plain()
{
	local page=$1
	shift
	mandoc -T ascii "$page" | letters |
	    awk -v wanted="$*" 'BEGIN { n = split(wanted, word, ",") }
		/^[A-Z]/ { on = n == 0
		    for (i = 1; i <= n; i++) on = on || $0 == word[i] }
		on'
}
# options_in: of what comes in, each once
options_in()
{
	grep -oE -- '(^|[[:space:](|[])--?[a-zA-Z0-9][a-z0-9-]*' |
	    tr -d ' \t([|' | sort -u
}
# options_of VERB: those of the column of options in --help
options_of()
{
	"$dossier" "$1" --help | grep -E '^  -' |
	    grep -oE -- '^  (-[a-zA-Z], )?--[a-z0-9-]+' | tr -d ' ' |
	    tr ',' '\n' | sort -u
}
within() { test -z "$(comm -23 <(sort -u <<<"$1") <(sort -u <<<"$2"))"; }

for verb in $verbs; do
	page=$pages/dossier-$verb.1
	ok "$verb has a page" test -s "$page"
	test -s "$page" || continue
	there=$(options_of "$verb")
	is "$verb: the page has the options of --help, and no other" \
	    "$(plain "$page" OPTIONS | grep -E '^     -|^   -' |
	    grep -oE -- '^ +(-[a-zA-Z], )?--[a-z0-9-]+' | tr -d ' ' |
	    tr ',' '\n' | sort -u)" "$there"
	ok "$verb: its text names no other option" within \
	    "$(plain "$page" 'SYNOPSIS,DESCRIPTION,FILES,EXIT STATUS' |
	    options_in)" "$there"$'\n'
	for section in NAME SYNOPSIS DESCRIPTION OPTIONS 'EXIT STATUS' \
	    EXAMPLES; do
		ok "$verb: $section" grep -qx "$section" \
		    <(mandoc -T ascii "$page" | letters)
	done
	ok "dossier.1 names $verb" says docs/man/dossier.1 \
	    "^\.It Xr dossier-$verb 1$"
	for other in "$pages"/*.1; do
		# a command may go on in the next line
		mandoc -T ascii "$other" | letters |
		    sed -e ':a' -e '/\\$/{N;s/\\\n/ /;ba' -e '}' |
		    grep -E "^ *\\$ dossier $verb "
	done >"$work/examples" || :
	ok "$verb: there is an example" test -s "$work/examples"
	ok "$verb: examples take options that there are" within \
	    "$(options_in <"$work/examples")" "$there"$'\n'
done
is "every page is of a verb" "$(cd "$pages" && ls dossier-*.1 |
    sed 's/^dossier-//;s/\.1$//' | sort)" "$(sort <<<"$verbs")"

for page in "$pages"/*.[15]; do
	run mandoc -T lint -W warning "$page"
	is "mandoc finds nothing in ${page##*/}" "$(cat "$work/out")" ''
done

# what the pages tell of files
plain "$pages/dossier-connector.5" EXAMPLES | sed -n '/^ *{$/,/^ *}$/p' \
    >"$work/example.json"
exits "the connector of dossier-connector.5 has no mistake" 0 \
    "$dossier" connector check "$work/example.json"
sed -n '/^| [0-9]* | `/s/^| [0-9]* | `\([^/`<]*\).*/\1/p' docs/FORMAT.md |
    sort -u >"$work/members"
ok "FORMAT.md lists members" test "$(wc -l <"$work/members")" -ge 10
plain "$pages/dossier-archive.5" DESCRIPTION >"$work/archive"
while read -r name; do
	ok "dossier-archive.5 tells of $name" grep -qF "$name" "$work/archive"
done <"$work/members"

is "make install installs every page" "$(make -n --no-print-directory \
    BUILD="$BUILD" install | grep -oE '[^ ]*share/man/dossier[a-z-]*\.[15]' |
    grep -F "$BUILD/" | sed 's|.*/||' | sort -u)" \
    "$(cd "$pages" && ls -- *.[15] | sort)"

done_testing
