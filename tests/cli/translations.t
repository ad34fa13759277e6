#!/bin/bash
# SPDX-License-Identifier: ISC
# Every text is there in every language.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

if ! command -v xgettext >/dev/null; then
	skip "texts are translated" "gettext's tools are not installed"
else
	exits "no text is untranslated, fuzzy or out of date" 0 \
	    tools/update-po --check
fi

# says LANGUAGE TEXT: dossier request --help speaks the language
says()
{
	run env LANGUAGE="$1" LC_ALL="$1.UTF-8" "$dossier" request --help
	grep -qF "$2" "$work/out"
}
ok "help in English" says en 'Usage: dossier request'
ok "help in Dutch" says nl 'Gebruik: dossier request'
ok "help in French" says fr 'Utilisation'
ok "help in German" says de 'Aufruf: dossier request'

# errors of the system are told in our own words: no catalogue of the C library
# is opened, though there may be one
run env LANGUAGE=nl LC_ALL=nl_NL.UTF-8 strace -f -o "$work/trace" \
    "$dossier" verify "$work/nothing"
ok "errors speak the language" grep -q 'Bestand of map bestaat niet' \
    "$work/err"
if [ -s "$work/trace" ]; then
	ok "no catalogue is opened" test \
	    "$(grep -c '\.mo"' "$work/trace")" -eq 0
fi

done_testing
