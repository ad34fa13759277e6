#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier verify --quick: container, body and seal; never "intact".
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

key=$work/k.key pub=$work/k.pub zip=$work/a.zip bad=$work/b.zip
run "$dossier" keygen -o "$work/k" --no-passphrase
mkdir "$work/in"
cp /usr/include/linux/[a-f]*.h "$work/in"
run "$dossier" pack "$work/in" -o "$zip" --key "$key"
run "$dossier" pack "$work/in" -o "$work/unsigned.zip" --unsigned

quick()
{
	"$dossier" verify --quick --trust "$pub" "$@"
}

exits "nothing wrong, not everything checked" 3 quick "$zip"
ok "it does not say intact" test "$(grep -ci intact "$work/out")" -eq 0
ok "it says what was not checked" says "$work/out" verify/not-checked
exits "the same from a pipe" 3 bash -c 'cat "$1" | "$2" verify --quick -' - \
    "$zip" "$dossier"
exits "an unknown signer" 3 "$dossier" verify --quick "$zip"
ok "is told" says "$work/out" sign/untrusted-key
exits "nobody has signed" 3 quick "$work/unsigned.zip"
run quick --json "$zip"
ok "there is no verdict" says <(tail -n 1 "$work/out") \
    '"exit":3.*"verdict":null'

# --- it sees every change of the body, without unpacking any of it ----------------

size=$(stat -c %s "$zip")
# flip OFFSET: a.zip with one bit changed
flip()
{
	python3 -c 'import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[int(sys.argv[2])] ^= 16
open(sys.argv[3], "wb").write(data)' "$zip" "$1" "$bad"
}
missed=''
for at in 0 $((size / 7)) $((size / 3)) $((size / 2)) $((size - 23)) \
    $((size - 1)); do
	flip "$at"
	run quick "$bad"
	[ "$status" -eq 1 ] || missed+=" $at:$status"
done
is "a changed bit anywhere" "$missed" ''
flip $((size / 3))
run quick "$bad"
ok "inside a document it is the body that differs" says "$work/out" seal/body
head -c -100 "$zip" >"$bad"
exits "cut" 1 quick "$bad"
exits "not an archive" 1 quick /etc/passwd

# --- wrong use ----------------------------------------------------------------------

exits "with --report" 2 quick "$zip" --report "$work/r.html"
exits "with --layer" 2 quick "$zip" --layer zip
exits "with --bag" 2 "$dossier" verify --quick --bag "$work/in"
exits "a folder has no container" 1 quick "$work/in"

done_testing
