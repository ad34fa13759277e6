#!/bin/bash
# SPDX-License-Identifier: ISC
# What was exported is erased, and nothing else: the plan, two people in one
# project, the answers of a service, what must be kept, and the receipt.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/erase.bash
export PYTHONDONTWRITEBYTECODE=1

"$dossier" keygen -o "$work/k" --no-passphrase >/dev/null
"$dossier" keygen -o "$work/other" --no-passphrase >/dev/null
start --runs 20 --page-size 25
exits "collected" 0 collect "$work/case"
pack_export "$work/case"
archive=$work/case.zip
logged
before=$(wc -l <"$state/requests.log")

# --- only by an archive that is trusted --------------------------------------------

plan()
{
	"$dossier" erase --archive "$1" --trust "$2" --connector "$connector" \
	    "${params[@]}" --identity "$person"
}
exits "signed by nobody we trust: nothing" 5 plan "$archive" "$work/other.pub"
is "and no plan" "$(wc -c <"$work/out")" 0
size=$(stat -c %s "$archive")
head -c $((size / 2)) "$archive" >"$work/bad.zip"
printf '\1' >>"$work/bad.zip"
tail -c +$((size / 2 + 2)) "$archive" >>"$work/bad.zip"
run plan "$work/bad.zip" "$work/k.pub"
ok "changed by a byte: nothing" test "$status" = 1 -a ! -s "$work/out"
exits "that is not there" 10 plan "$work/none.zip" "$work/k.pub"
exits "of another connector" 6 "$dossier" erase --archive "$archive" \
    --trust "$work/k.pub" --connector github --identity login=an

# --- the plan ----------------------------------------------------------------------

exits "a plan without a credential, a key, a receipt" 0 plan "$archive" \
    "$work/k.pub"
ok "a model is to be deleted" says "$work/out" 'model [0-9a-f-]*: to be deleted'
ok "the project is not: others have things in it" says "$work/out" \
    'project churn: NOT deleted: not attempted'
ok "and why, in a sentence" says "$work/out" \
    "^     It is other people's, too, or takes along what is\\.$"
ok "nor is the account of their models" says "$work/out" \
    'hosting-account noordzee: NOT deleted: not attempted$'
ok "what takes more with it says so" says "$work/out" 'WARNING: Deletes the whole'
ok "what cannot be deleted is named" says "$work/out" \
    'compute: cannot be deleted'
cp "$work/out" "$work/plan"
exits "a plan names no receipt" 0 erase "$archive" "$work/r.zip"
ok "the same" cmp -s "$work/out" "$work/plan"
ok "it makes nothing" test ! -e "$work/r.zip" -a ! -e "$work/r.case"
logged
is "and asks nothing" "$(wc -l <"$state/requests.log")" "$before"
exits "a line of JSON a line" 0 erase "$archive" "$work/r.zip" --json
is "as many" "$(grep -c '"type":"line"' "$work/out")" \
    "$(grep -cE '^ *[0-9]+ ' "$work/plan")"
tail -n 1 "$work/out" >"$work/last"
ok "the last one is the summary" says "$work/last" '"exit":0,.*"type":"summary"'
is "no folder is left behind" "$(find "$TMPDIR" -mindepth 1 -name 'dossier-*')" ""

# --- confirmation ------------------------------------------------------------------

exits "confirmed wrongly" 2 erase "$archive" "$work/r.zip" --execute \
    --confirm REQ-X
is "nothing was deleted" "$(deletions)" ""

# --- it is done --------------------------------------------------------------------

exits "what is not gone makes it 3" 3 erase "$archive" "$work/r.zip" \
    --execute --confirm "$request"
is "each line has an outcome" "$(outcomes "$work/r.zip")" \
    "21 erased 4 no-way 16 not-attempted 4 taken-along"
receipt_verifies "$work/r.zip"
is "a deletion a line, and no more" "$(deletions | wc -l)" 21
is "read, deleted, read again" "$(lines "$work/r.zip" "(
    l['read'][1], l['delete'][1], l['verify'][1]) if l['delete'] else ''" |
    sort -u | tr '\n' ' ')" " (1, 1, 1) "
is "images before models" "$(lines "$work/r.zip" "l['endpoint'] if l['delete'] \
    else ''" | uniq | grep . | tr '\n' ' ')" \
    "service image manifest model "
is "the others' runs, and the project, are there" \
    "$(deletions | grep -ciE 'projects|runs|workspaces/')" 0
exits "the receipt is not replaced" 1 erase "$archive" "$work/r.zip" \
    --execute --confirm "$request"
exits "again: nothing is left to be done" 3 erase "$archive" "$work/r.zip" \
    --execute --confirm "$request" --force
is "and nothing is deleted twice" "$(deletions | wc -l)" 21
exits "in another receipt" 3 erase "$archive" "$work/r2.zip" --execute \
    --confirm "$request"
is "what is gone is absent" "$(outcomes "$work/r2.zip")" \
    "21 absent 4 no-way 16 not-attempted 4 taken-along"
cp -r "$work/case" "$work/again"
pack_export "$work/again"
exits "another archive does not go on with it" 6 erase "$work/again.zip" \
    "$work/r.zip" --execute --confirm "$request" --force

done_testing
