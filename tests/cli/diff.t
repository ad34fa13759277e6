#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier diff: documents added, removed, changed; differences are no failure.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

"$dossier" keygen -q -o "$work/k" --no-passphrase
trust=(--trust "$work/k.pub")
src=$work/src
mkdir -p "$src/sub"
for i in {1..30}; do echo "document $i" >"$src/sub/$i.txt"; done
echo 'with a strange name' >"$src/strange name"
pack() { "$dossier" pack -q "$src" -o "$work/$1.zip" --key "$work/k.key"; }
pack old
pack same
rm "$src/sub/7.txt"
echo more >>"$src/sub/8.txt"
echo new >"$src/sub/new.txt"
mv "$src/strange name" "$src/another strange name"
pack new
"$dossier" pack -q "$src" -o "$work/unsigned.zip" --unsigned
cp "$work/new.zip" "$work/bad.zip"
printf x | dd of="$work/bad.zip" bs=1 seek=300 conv=notrunc status=none
diff_() { run "$dossier" diff "$@" "${trust[@]}"; }

# --- what it finds -----------------------------------------------------------

diff_ "$work/old.zip" "$work/new.zip"
is "differences are no failure" "$status" 0
ok "they are counted" says "$work/out" \
    '^Documents: 2 added, 2 removed, 1 changed, 28 the same\.$'
is "and listed" "$(grep '^  [-+~]' "$work/out")" \
    '  - strange name
  - sub/7.txt
  + another strange name
  + sub/new.txt
  ~ sub/8.txt'
ok "in fifteen lines" test "$(wc -l <"$work/out")" -le 15
ok "nothing on stderr" empty "$work/err"
diff_ "$work/new.zip" "$work/old.zip"
ok "the other way round" says "$work/out" \
    '^Documents: 2 added, 2 removed, 1 changed, 28 the same\.$'
ok "what was added is removed" says "$work/out" '^  - sub/new.txt'
diff_ "$work/old.zip" "$work/same.zip"
is "another archive of the same" "$status" 0
ok "is the same" says "$work/out" '0 added, 0 removed, 0 changed, 31 the same'
diff_ "$work/old.zip" "$work/old.zip"
ok "an archive is like itself" says "$work/out" '31 the same'

diff_ --json "$work/old.zip" "$work/new.zip"
is "for programs: one line a change, and the summary" \
    "$(sed 's/.*"type":"\([a-z]*\)".*/\1/' "$work/out" | sort | uniq -c |
    tr -s ' \n' ' ')" " 5 document 1 summary "
side='\{"path":"data/files/sub/8.txt","sha256":"[0-9a-f]{64}","size":'
ok "what was changed, before and after" says "$work/out" \
    '"change":"changed".*"name":"sub/8.txt","new":'"${side}16\\},\"old\":${side}11"
ok "what was added was not there" says "$work/out" \
    '"change":"added".*"name":"sub/new.txt",.*"old":null'
ok "the summary counts" says <(tail -n 1 "$work/out") \
    '"added":2,"changed":1,"exit":0,.*"removed":2,"same":28,'

# --- many changes ---------------------------------------------------------------

rm "$src/sub"/*
pack few
diff_ "$work/old.zip" "$work/few.zip"
ok "many are counted" says "$work/out" '1 added, 31 removed, 0 changed'
is "a few are listed" "$(grep -c '^  [-+~]' "$work/out")" 10
ok "it is said that there are more" says "$work/out" 'and 22 more'
ok "still fifteen lines" test "$(wc -l <"$work/out")" -le 15
diff_ -v "$work/old.zip" "$work/few.zip"
is "-v lists all" "$(grep -c '^  [-+~]' "$work/out")" 32
diff_ -q "$work/old.zip" "$work/few.zip"
ok "-q nothing" empty "$work/out"

# --- what is not intact -----------------------------------------------------------

exits "not known who sealed it: 5" 5 \
    "$dossier" diff "$work/old.zip" "$work/new.zip"
ok "but compared" says "$work/out" '2 added'
diff_ "$work/old.zip" "$work/unsigned.zip"
is "one of them unsigned: 5" "$status" 5
ok "but compared, too" says "$work/out" '2 added'
for pair in "bad new" "old bad" "bad bad" "bad unsigned"; do
	read -r old new <<<"$pair"
	diff_ "$work/$old.zip" "$work/$new.zip"
	is "$pair: 1" "$status" 1
	ok "$pair: nothing is compared" lacks "$work/out" 'Documents'
	ok "$pair: it is said which" says "$work/out" 'bad.zip: .*changed'
	diff_ --json "$work/$old.zip" "$work/$new.zip"
	ok "$pair: for programs" says <(tail -n 1 "$work/out") \
	    '^\{"exit":1,"new":\{'
done
exits "one is not there" 10 "$dossier" diff "$work/old.zip" "$work/none.zip"
exits "one archive" 2 "$dossier" diff "$work/old.zip"
exits "three" 2 "$dossier" diff "$work"/{old,new,few}.zip
exits "stdin twice" 2 "$dossier" diff - -
exits "stdin once" 0 bash -c "'$dossier' diff - '$work/new.zip' \
    --trust '$work/k.pub' <'$work/old.zip'"
ok "is read" says "$work/out" '2 added'

# --- names that are strange --------------------------------------------------------

echo x >"$src/"$'esc\x1b[2J'
echo x >"$src/"$'new\nline'
echo x >"$src/"$'latin-\xe9'
pack strange
diff_ "$work/few.zip" "$work/strange.zip"
is "strange names" "$status" 0
ok "no escape sequence" lacks "$work/out" $'\x1b'
is "one line each" "$(grep -c '^  + ' "$work/out")" 3

done_testing
