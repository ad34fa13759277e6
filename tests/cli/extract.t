#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier extract: what it writes has been verified; on failure nothing is left.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

"$dossier" keygen -q -o "$work/k" --no-passphrase
mkdir -p "$work/folder/sub/deep" "$work/folder/empty"
seq 10000 >"$work/folder/numbers.txt"
: >"$work/folder/nothing"
head -c 3000000 /dev/urandom >"$work/folder/sub/random"
yes line | head -c 5000000 >"$work/folder/sub/deep/lines"
for i in {1..500}; do echo "$i" >"$work/folder/sub/$i.txt"; done
"$dossier" pack -q "$work/folder" -o "$work/a.zip" --key "$work/k.key"
rmdir "$work/folder/empty"
trust=(--trust "$work/k.pub")
mkdir "$work/into"
out=$work/into/out
# what lies where the output shall stand
left() { find "$work/into" -mindepth 1 | wc -l; }
again() { rm -rf "$work/into"/* "$work/into"/.[!.]*; }

# --- all of it ---------------------------------------------------------------

exits "an archive that is intact" 0 \
    "$dossier" extract "$work/a.zip" -C "$out" "${trust[@]}"
ok "the verdict is told" says "$work/out" 'Intact'
ok "and where the files are" says "$work/out" '[0-9]+ files, [0-9]+ bytes, in '
ok "documents are as they were" diff -r "$out/data/files" "$work/folder"
mkdir "$work/unzipped" && unzip -q "$work/a.zip" -d "$work/unzipped"
ok "all is as unzip has it" diff -r "$out" "$work/unzipped/a"
is "it is one thing" "$(find "$work/into" -mindepth 1 -maxdepth 1 | wc -l)" 1
is "the folder is the owner's" "$(stat -c %a "$out")" 700
is "all folders are" "$(find "$out" -type d ! -perm 700 | wc -l)" 0
is "all files are" "$(find "$out" -type f ! -perm 600 | wc -l)" 0
ok "a second validator agrees" \
    bash -c "cd '$out' && sha256sum --quiet -c manifest-sha256.txt"
exits "verify --bag agrees" 0 "$dossier" verify --bag "$out"
again

exits "a signer who is not known: 5" 5 \
    "$dossier" extract "$work/a.zip" -C "$out" --json
ok "is extracted" diff -r "$out" "$work/unzipped/a"
ok "for programs" says "$work/out" \
    '^\{"bytes":[0-9]+,"exit":5,"files":5[0-9]+,"folder":"[^"]*out","type":"extracted"\}$'
ok "the last line is the summary" says <(tail -n 1 "$work/out") \
    '"type":"summary"'
again
exits "from stdin" 0 bash -c \
    "'$dossier' extract - -C '$out' --trust '$work/k.pub' <'$work/a.zip'"
ok "is the same" diff -r "$out" "$work/unzipped/a"
again

# --- some of it --------------------------------------------------------------

# some MEMBER...: extracts them; what lies in the output then
some()
{
	again
	run "$dossier" extract "$work/a.zip" -C "$out" "${trust[@]}" -q "$@"
	[ "$status" -ne 0 ] ||
	    (cd "$out" && find . -type f | sed 's/^..//' | sort | tr '\n' ' ')
}
is "one member" "$(some data/files/numbers.txt)" "data/files/numbers.txt "
is "with the archive's name" "$(some a/data/files/nothing)" \
    "data/files/nothing "
is "an empty one is empty" "$(stat -c %s "$out/data/files/nothing")" 0
is "two" "$(some bagit.txt data/files/sub/deep/lines)" \
    "bagit.txt data/files/sub/deep/lines "
is "a folder" "$(some data/files/sub/deep)" "data/files/sub/deep/lines "
is "a folder with a slash" "$(some keys/)" "keys/allowed_signers keys/seal.pub "
is "named twice" "$(some bagit.txt bagit.txt)" "bagit.txt "
some data/files/num bagit.txt
is "one that is not there: exit status" "$status" 1
ok "it is named" says "$work/err" 'data/files/num: no such member'
is "nothing is left" "$(left)" 0
for name in '' / ../k.key /etc/passwd 'data/../data'; do
	some "$name" bagit.txt
	is "the member '$name': nothing is left" "$status $(left)" "1 0"
done

# --- what is not intact ------------------------------------------------------

# refused TEXT FILE: exit 1, and nothing is left
refused()
{
	exits "$1" 1 "$dossier" extract "$2" -C "$out" "${trust[@]}"
	is "$1: nothing is left" "$(left)" 0
}
size=$(stat -c %s "$work/a.zip")
for at in 100 5000 $((size / 2)) $((size - 3000)) $((size - 5)); do
	cp "$work/a.zip" "$work/bad.zip"
	printf '\x55\xaa' |
	    dd of="$work/bad.zip" bs=1 seek="$at" conv=notrunc status=none
	refused "changed at $at" "$work/bad.zip"
	exits "changed at $at: one member" 1 "$dossier" extract \
	    "$work/bad.zip" -C "$out" "${trust[@]}" data/files/numbers.txt
	is "changed at $at: one member: nothing is left" "$(left)" 0
done
head -c $((size - 10000)) "$work/a.zip" >"$work/bad.zip"
refused "cut off" "$work/bad.zip"
refused "no archive" "$work/folder/numbers.txt"
(cd "$work/unzipped" && echo more >>a/data/files/numbers.txt &&
    zip -q -r -X -D ../made.zip a)
refused "another program's ZIP" "$work/made.zip"
python3 - "$work/slip.zip" <<'PYTHON'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as z:
    z.writestr('a/data/files/good', b'x')
    z.writestr('../../escaped', b'x')
    z.writestr('/tmp/dossier-escaped', b'x')
PYTHON
refused "names that lead elsewhere" "$work/slip.zip"
ok "nothing escaped" test ! -e "$work/escaped" -a ! -e /tmp/dossier-escaped
python3 - "$work/link.zip" <<'PYTHON'
import stat, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as z:
    link = zipfile.ZipInfo('a/data/files/l')
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    z.writestr(link, b'/tmp')
    z.writestr('a/data/files/l/dossier-escaped', b'x')
PYTHON
refused "a link, and a file through it" "$work/link.zip"
ok "nothing went through it" test ! -e /tmp/dossier-escaped

# the file changes again and again while it is read: whole, or nothing
cp "$work/a.zip" "$work/swap.zip"
(
	while [ -e "$work/swap.zip" ]; do
		for byte in x y; do
			printf $byte | dd of="$work/swap.zip" bs=1 seek=70000 \
			    conv=notrunc status=none
		done
		dd if="$work/a.zip" of="$work/swap.zip" bs=1 seek=70000 \
		    skip=70000 count=1 conv=notrunc status=none
		sleep 0.4
	done
) 2>/dev/null & swapper=$!
whole=0 nothing=0 else=0
for _ in {1..15}; do
	run "$dossier" extract "$work/swap.zip" -C "$out" "${trust[@]}" \
	    -q data/files/sub/random
	if [ "$status" -eq 0 ] &&
	    cmp -s "$out/data/files/sub/random" "$work/folder/sub/random"
	then
		whole=$((whole + 1))
	elif [ "$status" -eq 1 ] && [ "$(left)" -eq 0 ]; then
		nothing=$((nothing + 1))
	else
		else=$((else + 1))
	fi
	again
done
kill "$swapper" 2>/dev/null
wait "$swapper" 2>/dev/null
rm -f "$work/swap.zip"
is "changed while it is read: whole ($whole) or nothing ($nothing)" "$else" 0

# --- where it writes ---------------------------------------------------------

mkdir "$out"
exits "the folder is there" 1 \
    "$dossier" extract "$work/a.zip" -C "$out" "${trust[@]}"
is "it stays as it is" "$(left)" 1
rmdir "$out" && ln -s "$work/unzipped" "$out"
exits "a link is there" 1 \
    "$dossier" extract "$work/a.zip" -C "$out" "${trust[@]}"
is "it stays alone" "$(left)" 1
rm "$out"
exits "a folder that is not there" 10 \
    "$dossier" extract "$work/a.zip" -C "$work/no/out" "${trust[@]}"
(cd "$work/into" && exec "$dossier" extract ../a.zip -C out "${trust[@]}" -q)
ok "a relative path" diff -r "$work/into/out/data/files" "$work/folder"
again
exits "with a slash at its end" 0 \
    "$dossier" extract "$work/a.zip" -C "$out/" "${trust[@]}"
again
exits "no archive of that name" 10 \
    "$dossier" extract "$work/none.zip" -C "$out" "${trust[@]}"
exits "no folder named" 2 "$dossier" extract "$work/a.zip"
exits "nothing named" 2 "$dossier" extract -C "$out"
is "nothing was written" "$(left)" 0

# killed in the middle: the temporary folder goes
yes | head -c 200000000 >"$work/big"
mkdir "$work/bigger" && mv "$work/big" "$work/bigger"
"$dossier" pack -q "$work/bigger" -o "$work/big.zip" --key "$work/k.key"
"$dossier" extract "$work/big.zip" -C "$out" -q & pid=$!
for _ in {1..200}; do
	[ -z "$(find "$work/into" -size +1000k 2>/dev/null)" ] || break
	sleep 0.01
done
kill "$pid" 2>/dev/null
wait "$pid"
status=$?
if [ "$status" -eq 143 ]; then
	is "killed: nothing is left" "$(left)" 0
else
	skip "killed: nothing is left" "it was too fast"
fi
again

# somebody goes on changing and mending the archive while it is read: what is
# written is what was sealed, or nothing
mkdir "$work/race"
head -c 4000000 /dev/urandom >"$work/race/big"
"$dossier" pack -q "$work/race" -o "$work/race.zip" --key "$work/k.key"
cp "$work/race.zip" "$work/raced.zip"
python3 - "$work/raced.zip" <<'END' &
import os, sys
f = os.open(sys.argv[1], os.O_RDWR)
place = os.fstat(f).st_size // 2
right = os.pread(f, 1, place)
wrong = bytes([right[0] ^ 1])
while True:
    os.pwrite(f, wrong, place)
    os.pwrite(f, right, place)
END
swapper=$!
whole=0 refused=0 wrong=0
for _ in {1..25}; do
	run "$dossier" extract "$work/raced.zip" -C "$out" -q "${trust[@]}"
	if [ "$status" -eq 0 ] &&
	    cmp -s "$work/race/big" "$out/data/files/big"; then
		whole=$((whole + 1))
	elif [ "$status" -eq 1 ] && [ "$(left)" -eq 0 ]; then
		refused=$((refused + 1))
	else
		wrong=$((wrong + 1))
	fi
	again
done
kill "$swapper"
wait "$swapper" 2>/dev/null
echo "# whole: $whole, refused: $refused"
is "bytes that are swapped meanwhile never come out" "$wrong" 0
is "each time it is all or nothing" "$((whole + refused))" 25

# no space left
if [ "$(id -u)" -eq 0 ] && mkdir "$work/small" &&
    mount -t tmpfs -o size=2m tmpfs "$work/small" 2>/dev/null; then
	exits "no space left" 13 "$dossier" extract "$work/a.zip" \
	    -C "$work/small/out" "${trust[@]}"
	is "no space left: nothing stays" "$(find "$work/small" -mindepth 1)" ''
	umount "$work/small"
else
	skip "no space left" "no file system can be mounted here"
fi

# --- encrypted ---------------------------------------------------------------

if command -v age-keygen >/dev/null; then
	age-keygen -o "$work/age.key" 2>/dev/null
	"$dossier" encrypt "$work/a.zip" -o "$work/a.zip.age" \
	    --recipient "$(age-keygen -y "$work/age.key")" >/dev/null
	exits "encrypted, with the key" 0 "$dossier" extract \
	    "$work/a.zip.age" -C "$out" "${trust[@]}" -i "$work/age.key"
	ok "is the same" diff -r "$out/data/files" "$work/folder"
	again
	exits "encrypted, without it" 2 "$dossier" extract "$work/a.zip.age" \
	    -C "$out" "${trust[@]}"
	is "nothing is left" "$(left)" 0
else
	skip "encrypted" "age is not installed"
fi

done_testing
