#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier verify, many files at once: one line each, the worst exit status, and
# no file pays for another (tests/unit/test_batch.c has processes that crash).
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

"$dossier" keygen -q -o "$work/k" --no-passphrase
mkdir "$work/folder"
seq 1000 >"$work/folder/numbers"
pack() { "$dossier" pack -q "$work/folder" -o "$work/$1.zip" "${@:2}"; }
pack good --key "$work/k.key"
pack unsigned --unsigned
cp "$work/good.zip" "$work/bad.zip"
printf x | dd of="$work/bad.zip" bs=1 seek=200 conv=notrunc status=none
echo 'no archive' >"$work/text"
trust=(--trust "$work/k.pub")

# --- one line each, in order -------------------------------------------------

run "$dossier" verify "$work"/{good,bad,unsigned}.zip "${trust[@]}"
is "the worst of 0, 1 and 5 is 1" "$status" 1
is "one line a file, and one for all" "$(wc -l <"$work/out")" 4
is "in the order they were named" \
    "$(sed -n '1,3s/.*\/\([a-z]*\)\.zip: .*/\1/p' "$work/out" | tr '\n' ' ')" \
    "good bad unsigned "
ok "the last line counts" says "$work/out" \
    '^3 files: 1 good, 1 not known who sealed them, 1 bad, 0 not judged$'
ok "nothing on stderr" empty "$work/err"
exits "0 and 5: 5" 5 "$dossier" verify "$work"/{good,unsigned}.zip \
    "${trust[@]}"
exits "0 and 0: 0" 0 "$dossier" verify "$work"/{good,good}.zip "${trust[@]}"
run "$dossier" verify -v "$work"/{good,good}.zip "${trust[@]}"
ok "-v says more of each" test "$(wc -l <"$work/out")" -gt 4
run "$dossier" verify -q "$work"/{good,good}.zip "${trust[@]}"
ok "-q says nothing" empty "$work/out"
exits "one that is not there" 10 "$dossier" verify "$work"/{good,none}.zip \
    "${trust[@]}"
ok "the others are judged" says "$work/out" 'good.zip: Intact'
exits "the same archive from stdin" 0 bash -c "'$dossier' verify - \
    '$work/good.zip' --trust '$work/k.pub' <'$work/good.zip'"

# --- lists -------------------------------------------------------------------

printf '%s\n' "$work/good.zip" '' "$work/bad.zip" >"$work/list"
exits "a list" 1 "$dossier" verify --from-file "$work/list" "${trust[@]}"
is "has its lines" "$(wc -l <"$work/out")" 3
exits "a list behind others" 1 "$dossier" verify "$work/unsigned.zip" \
    --from-file "$work/list" "${trust[@]}"
is "has them all" "$(sed -n 's/.*\/\([a-z]*\)\.zip: .*/\1/p' "$work/out" |
    tr '\n' ' ')" "unsigned good bad "
printf '%s\r\n%s' "$work/good.zip" "$work/good.zip" >"$work/list"
exits "CR LF, and no end of the last line" 0 \
    "$dossier" verify --from-file "$work/list" "${trust[@]}"
is "are two files" "$(wc -l <"$work/out")" 3
run bash -c "echo '$work/good.zip' |
    '$dossier' verify --from-file - --trust '$work/k.pub'"
is "a list from stdin" "$status" 0
is "also when it names one" "$(wc -l <"$work/out")" 2
: >"$work/list"
exits "an empty list" 2 "$dossier" verify --from-file "$work/list"
exits "a list that is not there" 10 "$dossier" verify --from-file "$work/no"
echo "$work/"$'a\x1b[2Jb' >"$work/list"
run "$dossier" verify --from-file "$work/list"
is "a strange name in a list" "$status" 10
ok "does not reach the terminal" lacks "$work/err" $'\x1b'

# --- for programs ------------------------------------------------------------

run "$dossier" verify --json "$work"/{good,bad}.zip "$work/text" \
    "$work/unsigned.zip" "${trust[@]}"
is "one summary a file" "$(grep -c '"type":"summary"' "$work/out")" 4
is "each with its exit status" "$(sed -n \
    's/.*"exit":\([0-9]*\),"file":.*"type":"summary".*/\1/p' "$work/out" |
    tr '\n' ' ')" "0 1 1 5 "
is "the last line tells the worst" "$(tail -n 1 "$work/out")" \
    '{"exit":1,"files":4,"intact":1,"not_intact":2,"other":0,"type":"batch","untrusted":1}'
is "it is the exit status" "$status" 1

# --- many of them ------------------------------------------------------------

for i in {1..300}; do
	echo "$work/good.zip"
done >"$work/list"
echo "$work/bad.zip" >>"$work/list"
for jobs in 1 2 16; do
	exits "301 files, $jobs at a time" 1 "$dossier" verify \
	    --from-file "$work/list" --jobs $jobs "${trust[@]}"
	is "all of them, $jobs at a time" "$(tail -n 1 "$work/out")" \
	    '301 files: 300 good, 0 not known who sealed them, 1 bad, 0 not judged'
done

# of every kind, and judges that are killed as they begin
mkdir "$work/kinds"
cp "$work/k.pub" "$work"/{good,unsigned}.zip "$work/kinds"
calls=("$BUILD/tests/calls.so")
# a sanitizer wants to be loaded first, and into one file nothing is loaded
libraries=$(ldd "$BUILD/bin/dossier-verifier")
[[ $libraries == *libc.so* && $libraries != *libasan* ]] || calls=()
run tests/support/batch-of 240 "$work/kinds" "${calls[@]}"
is "240 files of every kind, some of whose judges are killed" "$status" 0

# more findings than a pipe holds, from several at once
python3 - "$work/many.zip" <<'PYTHON'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as z:
    for i in range(3000):
        z.writestr('x/y%05d' % i, b'')
PYTHON
run "$dossier" verify --json "$work/many.zip" "$work/many.zip" \
    "$work/good.zip" "${trust[@]}" --jobs 3
is "much to say, by several" "$status" 1
ok "is all said" test "$(grep -c '"type":"finding"' "$work/out")" -gt 12000
is "line by line" "$(grep -vc '^{.*}$' "$work/out")" 0

done_testing
