#!/bin/bash
# SPDX-License-Identifier: ISC
# Erasing, and what services answer: refusals, answers that are lost, deletions
# that come later, things that have changed or are gone already.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/erase.bash

"$dossier" keygen -o "$work/k" --no-passphrase >/dev/null
with_handler '{"max_retries": 3, "backoff_base_s": 0, "retry_after_cap_s": 1}'
few=(--runs 2 --models 18 --async-services --polls 2 --retry-after-s 0
    --other-object-id "${person#*=}")
start "${few[@]}"
exits "collected" 0 collect "$work/case"
pack_export "$work/case"
archive=$work/case.zip
run erase "$archive" "$work/r.zip" --json
mapfile -t model < <(grep '"endpoint":"model"' "$work/out" |
    sed 's/.*"item":"\([^"]*\)".*/\1/')
is "one model a case" "${#model[@]}" 18

# --- answers -----------------------------------------------------------------------

sed 's/"name": *"[^"]*"/"name":"other"/' <(unzip -p "$archive" \
    "$(unzip -Z1 "$archive" | grep /model/ | sort | head -n 1)") \
    >"$work/changed"
aside=https://westeurope.modelmanagement.azureml.net/api/models/${model[17]}
cat >"$work/faults" <<LIST
GET */models/${model[0]}* every status code=404
DELETE */models/${model[1]}* every told-status code=204
DELETE */models/${model[2]}* every status code=409
DELETE */models/${model[3]}* every status code=423
DELETE */models/${model[4]}* 1 status code=429 retry-after=0
DELETE */models/${model[5]}* 1 status code=500
DELETE */models/${model[6]}* every told-status code=500
DELETE */models/${model[7]}* 1 close
DELETE */models/${model[8]}* every status code=500
DELETE */models/${model[9]}* every status code=200
GET */models/${model[10]}* every body file=$work/changed
DELETE */models/${model[11]}* 1 told-status code=503
DELETE */models/${model[12]}* every redirect to=$aside
DELETE */models/${model[13]}* every status code=403
GET */models/${model[14]}* 2 status code=500
GET */models/${model[15]}* 2 close
DELETE */models/${model[16]}* every status code=404
GET */operations/* 2 status code=500
LIST
start "${few[@]}" --faults "$work/faults"
exits "not all is gone" 3 erase "$archive" "$work/r.zip" --execute \
    --confirm "$request"
lines "$work/r.zip" "(l['item'], l['outcome'], l['reason'], l['status'],
    l['delete'][1] if l['delete'] else 0, l['poll'][1] if l['poll'] else 0,
    l['endpoint'])" >"$work/lines"

# became N OUTCOME REASON STATUS DELETIONS
became()
{
	local item=${model[$2]} wanted=$3
	is "$1" "$(python3 - "$item" "$work/lines" <<-'END'
		import ast, sys
		for line in open(sys.argv[2]):
		    l = ast.literal_eval(line)
		    if l[0] == sys.argv[1] and l[6] == "model":
		        print(*l[1:5])
	END
	)" "$wanted"
}
became "404 before: it was gone, nothing is deleted" 0 "absent None 404 0"
became "204" 1 "erased None 404 1"
became "409" 2 "refused http-status 409 1"
became "423" 3 "refused http-status 423 1"
became "429: the same deletion, later" 4 "erased None 404 1"
became "500, and it is there: once more" 5 "erased None 404 2"
became "500, and it is gone: reading tells" 6 "erased None 404 1"
became "no answer, and it is there: once more" 7 "erased None 404 2"
became "500 for ever: three times" 8 "failed http-status 200 3"
became "deleted, it says, and it is there" 9 "still-there None 200 1"
became "changed since the export: left" 10 "changed None 200 0"
became "503, though it was done: it was us" 11 "erased None 404 1"
became "a redirect is not followed" 12 "refused foreign-redirect 307 1"
became "403" 13 "refused http-status 403 1"
became "500 when it is read again: once more" 14 "erased None 404 1"
became "no answer when it is read again: once more" 15 "erased None 404 1"
became "404 for what is there" 16 "still-there None 200 1"
became "nothing of that" 17 "erased None 404 1"
is "operations, one with an error when asked" "$(grep "'service'" \
    "$work/lines" | sed "s/^('[^']*', //" | sort -u | tr '\n' ' ')" \
    "'erased', None, 404, 1, 3, 'service') "
receipt_verifies "$work/r.zip"
is "what was changed was not asked to go" "$(deletions |
    grep -c "${model[10]}")" 0

# --- even if changed ----------------------------------------------------------------

cat >"$work/faults" <<LIST
GET */models/${model[10]}* 1 body file=$work/changed
LIST
start "${few[@]}" --faults "$work/faults"
exits "even if changed" 3 erase "$archive" "$work/r2.zip" --execute \
    --confirm "$request" --even-if-changed
is "it is erased, and said to be changed" "$(lines "$work/r2.zip" "(l['item'],
    l['outcome'], l['reason'])" | grep -F "${model[10]}" | tail -n 1)" \
    "('${model[10]}', 'erased', 'changed')"
is "and no other" "$(lines "$work/r2.zip" "l['reason']" | grep -c changed)" 1

# --- who may not, and who is not there ----------------------------------------------

start "${few[@]}"
echo wrong >"$work/wrong"
chmod 600 "$work/wrong"
credential=arm-token=file:$work/wrong
exits "a credential that is refused" 4 erase "$archive" "$work/r3.zip" \
    --execute --confirm "$request"
ok "makes no receipt" test ! -e "$work/r3.zip" -a -e "$work/r3.case/case.db"
unset credential
is "and deletes nothing" "$(deletions)" ""
exits "with the right one it goes on" 3 erase "$archive" "$work/r3.zip" \
    --execute --confirm "$request"
is "to the end" "$(lines "$work/r3.zip" "l['outcome']" | grep -c erased)" \
    "$(deletions | wc -l)"
ca=$state/ca.pem
cp "$ca" "$work/ca.pem"
ca=$work/ca.pem
cp "$state/token" "$work/token"
stop
credential=arm-token=file:$work/token
exits "nobody answers" 12 erase "$archive" "$work/r4.zip" --execute \
    --confirm "$request"
ok "and no receipt is made" test ! -e "$work/r4.zip"

done_testing
