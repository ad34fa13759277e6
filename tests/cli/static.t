#!/bin/bash
# SPDX-License-Identifier: ISC
# The verifier as one file: alone in an empty root, in four languages. The
# tests of the verifier run against it, too: tests/check.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

one=$BUILD/bin/dossier-verifier
if ! readelf -d "$one" >"$work/dynamic" 2>&1 ||
	grep -q NEEDED "$work/dynamic"; then
	skip "a verifier of one file" "make static-tests, BUILD=build/static"
	done_testing
	exit
fi

run "$dossier" keygen -o "$work/k" --no-passphrase
mkdir -p "$work/in" "$work/root/tmp"
echo one >"$work/in/one"
run "$dossier" pack "$work/in" -o "$work/root/a.zip" --key "$work/k.key"
cp "$work/k.pub" "$work/root"
cp "$one" "$work/root/verifier"
ok "there is no interpreter in it" \
    test "$(readelf -l "$one" | grep -c INTERP)" -eq 0

# alone LANGUAGE ARGUMENTS: where there is nothing but it and the archive
alone()
{
	TMPDIR=/tmp LC_ALL=$1.UTF-8 unshare --user --map-root-user \
	    chroot "$work/root" /verifier "${@:2}"
}
if unshare --user --map-root-user true 2>"$work/err"; then
	exits "alone in an empty root" 0 alone en verify a.zip --trust k.pub
	ok "English" says "$work/out" '^a.zip: Intact: nothing has changed'
	for row in 'nl:Gecontroleerd: 1 document' 'de:Gepr.*: 1 Dokument' \
	    'fr:document'; do
		run alone "${row%%:*}" verify a.zip --trust k.pub
		ok "${row%%:*}" says "$work/out" "${row#*:}"
		ok "${row%%:*}: nothing left in English" test \
		    "$(grep -cE '^(Checked|Sealed|Packed)' "$work/out")" -eq 0
	done
	run alone nl verify a.zip --trust k.pub --report r.html
	ok "the page is in the language of the archive" says \
	    "$work/root/r.html" 'lang="en"'
	run alone nl verify a.zip --trust k.pub --report n.html --lang nl
	ok "or in that which is asked for" says "$work/root/n.html" 'lang="nl"'
	ok "its texts, too" says "$work/root/n.html" 'Uw gegevens'
else
	skip "alone in an empty root" "no user namespaces here"
fi
size=$(stat -c %s "$one")
ok "it is smaller than 20 MB" test "$size" -lt 20000000

done_testing
