#!/bin/bash
# SPDX-License-Identifier: ISC
# Files of age: encrypt, decrypt, and archives that are delivered in them.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
umask 077

# keys NAME: an identity file and, in $recipient, who it is
keys()
{
	age-keygen -o "$work/$1.key" 2>"$work/err"
	recipient=$(age-keygen -y "$work/$1.key")
}
keys one && one=$recipient
keys two && two=$recipient
keys other
echo 'correct horse battery' >"$work/words"
echo 'correct horse batterx' >"$work/other-words"
echo 'what nobody else may read' >"$work/plain"
out=$work/files
mkdir "$out"

file_count() { find "$1" -mindepth 1 | wc -l; }
# under TEXT STATUS MIB COMMAND...: it ends with STATUS, and stays below so
# much memory
under()
{
	local text=$1
	shift
	ok "$text" python3 - "$@" <<-'END'
		import resource, subprocess, sys
		status = subprocess.run(sys.argv[3:]).returncode
		used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
		print(f"# exit {status}, {used} KiB")
		sys.exit(status != int(sys.argv[1]) or
		    used > 1024 * int(sys.argv[2]))
	END
}
libraries=$(ldd "$BUILD"/bin/dossier-verifier 2>&1)

# --- age reads what we write, we read what age writes --------------------------

for size in 0 1 65535 65536 65537 131072 1000000; do
	head -c "$size" /dev/urandom >"$work/in"
	exits "encrypt $size bytes" 0 "$dossier" encrypt "$work/in" \
	    -o "$work/ours.age" --recipient "$one" --recipient "$two" --force
	age -d -i "$work/two.key" "$work/ours.age" >"$work/back"
	ok "age decrypts them" cmp "$work/in" "$work/back"
	age -r "$one" -r "$two" -o "$work/theirs.age" "$work/in"
	exits "decrypt what age encrypted" 0 "$dossier" decrypt \
	    "$work/theirs.age" -o "$work/back" --force \
	    --identity-file "$work/two.key"
	ok "it is the same" cmp "$work/in" "$work/back"
	age -a -r "$one" -o "$work/armor.age" "$work/in"
	exits "decrypt what age armored" 0 "$dossier" decrypt \
	    "$work/armor.age" -o "$work/back" --force \
	    --identity-file "$work/one.key"
	ok "it is the same, too" cmp "$work/in" "$work/back"
done
cat "$work/other.key" "$work/two.key" >"$work/both.key"
exits "a key file with two keys" 0 "$dossier" decrypt "$work/theirs.age" \
    -o "$work/back" --force --identity-file "$work/both.key"

exits "under a passphrase" 0 "$dossier" encrypt "$work/plain" \
    -o "$work/words.age" --passphrase-file "$work/words"
exits "and back" 0 "$dossier" decrypt "$work/words.age" -o "$work/back" \
    --force --passphrase-file "$work/words"
ok "it is the same under a passphrase" cmp "$work/plain" "$work/back"
is "the work factor is age's" \
    "$(sed -n 's/^-> scrypt [^ ]* //p' "$work/words.age")" 18
words=$(cat "$work/words")
run tests/support/typed "$words^M" age -d -o "$work/by-age" "$work/words.age"
ok "age decrypts it with the passphrase" cmp "$work/plain" "$work/by-age"
run tests/support/typed "$words^M$words^M" age -p -o "$work/by-age.age" \
    "$work/plain"
exits "we decrypt age's" 0 "$dossier" decrypt "$work/by-age.age" \
    -o "$work/back" --force --passphrase-file "$work/words"
ok "it is the same from age" cmp "$work/plain" "$work/back"

# --- wrong keys, wrong files: nothing is left ------------------------------------

"$dossier" encrypt "$work/plain" -o "$work/p.age" --recipient "$one" -q
# refused TEXT STATUS OPTION...: decrypt fails, and leaves nothing
refused()
{
	local text=$1 wanted=$2
	shift 2
	exits "$text" "$wanted" "$dossier" decrypt -o "$out/plain" "$@"
	is "$text: nothing is left" "$(file_count "$out")" 0
}
refused "another key" 1 "$work/p.age" --identity-file "$work/other.key"
refused "a passphrase for keys" 1 "$work/p.age" \
    --passphrase-file "$work/words"
refused "keys for a passphrase" 1 "$work/words.age" \
    --identity-file "$work/one.key"
refused "another passphrase" 1 "$work/words.age" \
    --passphrase-file "$work/other-words"
refused "no key" 2 "$work/p.age"
refused "both" 2 "$work/p.age" --identity-file "$work/one.key" \
    --passphrase-file "$work/words"
refused "not a file of age" 1 "$work/plain" --identity-file "$work/one.key"
refused "an empty file" 1 /dev/stdin --identity-file "$work/one.key"
refused "not there" 10 "$work/no.age" --identity-file "$work/one.key"
refused "a folder" 1 "$work" --identity-file "$work/one.key"
refused "no key in the file" 6 "$work/p.age" --identity-file "$work/words"
refused "a key file that is not there" 10 "$work/p.age" \
    --identity-file "$work/no.key"
cp "$work/one.key" "$work/loose.key"
chmod 640 "$work/loose.key"
refused "a key that others can read" 6 "$work/p.age" \
    --identity-file "$work/loose.key"
cp "$work/words" "$work/loose-words"
chmod 604 "$work/loose-words"
refused "a passphrase that others can read" 6 "$work/words.age" \
    --passphrase-file "$work/loose-words"
exits "encrypt: a passphrase that others can read" 6 "$dossier" encrypt \
    "$work/plain" -o "$out/x.age" --passphrase-file "$work/loose-words"
exits "encrypt: nobody to read it" 2 "$dossier" encrypt "$work/plain" \
    -o "$out/x.age"
exits "encrypt: not a recipient" 2 "$dossier" encrypt "$work/plain" \
    -o "$out/x.age" --recipient "$(tr 'ac-hj-np-z' 'c-hj-np-za' <<<"$one")"
exits "encrypt: a secret key as a recipient" 2 "$dossier" encrypt \
    "$work/plain" -o "$out/x.age" \
    --recipient "$(sed -n '/^AGE/p' "$work/one.key")"
exits "encrypt: not there" 10 "$dossier" encrypt "$work/no" \
    -o "$out/x.age" --recipient "$one"
exits "encrypt: a folder" 6 "$dossier" encrypt "$work" -o "$out/x.age" \
    --recipient "$one"
exits "encrypt: no output" 2 "$dossier" encrypt "$work/plain" \
    --recipient "$one"
is "encrypt leaves nothing when it fails" "$(file_count "$out")" 0

echo mine >"$out/plain"
exits "the output exists" 1 "$dossier" decrypt "$work/p.age" \
    -o "$out/plain" --identity-file "$work/one.key"
is "it stays as it was" "$(cat "$out/plain")" mine
exits "encrypt: the output exists" 1 "$dossier" encrypt "$work/plain" \
    -o "$out/plain" --recipient "$one"
is "it stays as it was there" "$(cat "$out/plain")" mine
exits "another key with --force" 1 "$dossier" decrypt "$work/p.age" \
    -o "$out/plain" --identity-file "$work/other.key" --force
is "it stays even then" "$(cat "$out/plain")" mine
exits "--force replaces it" 0 "$dossier" decrypt "$work/p.age" \
    -o "$out/plain" --identity-file "$work/one.key" --force
ok "it is replaced" cmp "$work/plain" "$out/plain"
is "it is the owner's alone" "$(stat -c %a "$out/plain")" 600
exits "for programs" 0 "$dossier" decrypt "$work/p.age" -o "$work/j" \
    --identity-file "$work/one.key" --json
ok "one line of JSON" says "$work/out" \
    '^\{"bytes":26,"exit":0,"file":".*/j","type":"summary"\}$'
rm "$out/plain"

# --- cut, and changed -------------------------------------------------------------

head -c 200000 /dev/urandom >"$work/in"
"$dossier" encrypt "$work/in" -o "$work/in.age" --recipient "$one" -q
size=$(stat -c %s "$work/in.age")
# decrypts FILE: its exit status
decrypts()
{
	run "$dossier" decrypt "$1" -o "$out/plain" \
	    --identity-file "$work/one.key"
	echo "$status"
}
for cut in 0 1 21 22 100 168 169 184 185 200 65736 65737 131273 131288 \
    $((size - 16)) $((size - 1)); do
	head -c "$cut" "$work/in.age" >"$work/cut.age"
	is "cut to $cut bytes" "$(decrypts "$work/cut.age")" 1
	is "cut to $cut bytes: nothing is left" "$(file_count "$out")" 0
done
{ cat "$work/in.age" && echo; } >"$work/longer.age"
is "a byte more" "$(decrypts "$work/longer.age")" 1
is "changed bits are found, wherever they are" \
    "$(tests/support/flip "$work/in.age" 60 1 "$dossier" decrypt -q \
    "$work/in.age" -o "$out/plain" --identity-file "$work/one.key" \
    2>"$work/err")" 60
is "nothing is left of them" "$(file_count "$out")" 0
is "and the file itself is good" "$(decrypts "$work/in.age")" 0
rm -f "$out/plain"

# --- archives in files of age -------------------------------------------------------

"$dossier" keygen -q -o "$work/seal" --no-passphrase
mkdir "$work/case"
cp "$work/plain" "$work/case/letter.txt"
head -c 3000000 /dev/urandom >"$work/case/random"
seq 1 600000 >"$work/case/numbers"
: >"$work/case/nothing"
printf '%064d\n' 7 >"$work/secret"
packs()
{
	SOURCE_DATE_EPOCH=1700000000 run "$dossier" pack "$work/case" \
	    --key "$work/seal.key" --name box --secret-file "$work/secret" \
	    --id 11111111-1111-4111-8111-111111111111 "$@"
}
packs -o "$work/box.zip"
packs -o "$work/box.zip.age" --recipient "$one" --recipient "$two"
is "pack for recipients" "$status" 0
ok "it says that it is encrypted" says "$work/out" '^Encrypted'
is "age gives back what pack without it makes" \
    "$(age -d -i "$work/two.key" "$work/box.zip.age" | sha256sum)" \
    "$(sha256sum <"$work/box.zip")"
packs -o "$work/words.zip.age" --passphrase-file "$work/words"
is "pack under a passphrase" "$status" 0
exits "decrypt it" 0 "$dossier" decrypt "$work/words.zip.age" \
    -o "$work/words.zip" --passphrase-file "$work/words"
ok "the same bytes" cmp "$work/box.zip" "$work/words.zip"
packs -o "$work/box.zip" --recipient "$one"
is "a name that hides that it is encrypted" "$status" 2
packs -o "$work/x.zip.age"
is "a name that says so though it is not" "$status" 2
packs -o "$work/x.zip.age" --recipient "$one" \
    --passphrase-file "$work/words"
is "recipients and a passphrase" "$status" 2
ok "none of them made a file" test ! -e "$work/x.zip.age"
SOURCE_DATE_EPOCH=1700000000 run "$dossier" pack "$work/case" --json \
    --key "$work/seal.key" -o "$work/dsar.zip.age" --recipient "$one"
ok "for programs, too" says "$work/out" '"encrypted":true'
is "the name of the archive is that of the file" \
    "$(age -d -i "$work/one.key" "$work/dsar.zip.age" |
    bsdtar -tf - 2>/dev/null | head -n 1)" dsar/data/files/letter.txt

verify() { run "$dossier" verify "$@" --trust "$work/seal.pub"; }
verify "$work/box.zip.age" --identity-file "$work/two.key"
is "verify" "$status" 0
ok "it says who sealed it" says "$work/out" '^Sealed by key'
verify - --identity-file "$work/one.key" <"$work/box.zip.age"
verify "$work/words.zip.age" --passphrase-file "$work/words"
is "verify with a passphrase" "$status" 0
verify "$work/box.zip" --identity-file "$work/one.key"
is "a key does no harm to what is not encrypted" "$status" 0
verify "$work/box.zip.age"
is "verify without a key" "$status" 2
ok "it says what to give" says "$work/err" 'identity-file'
verify "$work/box.zip.age" --identity-file "$work/other.key"
is "verify with another key" "$status" 1
ok "that is another finding than damage" says "$work/out" 'age/wrong-key'
ok "and no verdict on the archive" lacks "$work/out" 'changed or damaged'
verify "$work/box.zip.age" --identity-file "$work/other.key" --json
ok "nor for programs" says "$work/out" '"verdict":null'
verify "$work/plain" --identity-file "$work/one.key"
is "verify what is no file of age" "$status" 1
ok "it is said" says "$work/out" 'age/damaged'
run "$dossier" list "$work/box.zip.age" --identity-file "$work/one.key" \
    --trust "$work/seal.pub"
ok "list" says "$work/out" 'data/files/letter\.txt'

size=$(stat -c %s "$work/box.zip.age")
for cut in 30 400 100000 $((size - 1)); do
	head -c "$cut" "$work/box.zip.age" >"$work/cut.zip.age"
	verify "$work/cut.zip.age" --identity-file "$work/one.key"
	is "verify one cut to $cut bytes" "$status" 1
	ok "the finding says so" says "$work/out" 'age/damaged'
done
is "verify finds changed bits" \
    "$(tests/support/flip "$work/box.zip.age" 40 2 "$dossier" verify -q \
    "$work/box.zip.age" --identity-file "$work/one.key" \
    --trust "$work/seal.pub" 2>"$work/err")" 40

# Who encrypts is not who signs: anybody can, for a key that is public.
cp -r "$work/case" "$work/forged"
echo forged >"$work/forged/letter.txt"
run "$dossier" keygen -q -o "$work/forger" --no-passphrase
run "$dossier" pack "$work/forged" --key "$work/forger.key" \
    -o "$work/forged.zip.age" --recipient "$one"
verify "$work/forged.zip.age" --identity-file "$work/one.key"
is "that it decrypts is no trust" "$status" 5

# --- no plaintext on a disk -----------------------------------------------------------

# Every byte written to a file is looked at, as strace shows it. So many files
# that no list of them stays in memory.
mkdir "$work/many"
for n in {1..3300}; do
	echo "number $n that nobody else may read" >"$work/many/letter-$n.txt"
done
seq 1 600000 >"$work/many/numbers"
if strace -o /dev/null true 2>/dev/null; then
	# writes COMMAND...: everything it wrote into files but its output
	writes()
	{
		strace -f -qq -e trace=write,pwrite64,writev -s 1000000 \
		    -o "$work/trace" "$@" >"$work/out" 2>"$work/err"
		grep -vE 'write[a-z0-9]*\([12], ' "$work/trace" >"$work/writes"
	}
	writes "$dossier" pack "$work/many" --key "$work/seal.key" \
	    -o "$work/t.zip" --name box
	ok "the search finds plain names" says "$work/writes" 'letter-[0-9]'
	ok "and plain content" says "$work/writes" 'nobody else may read'
	writes "$dossier" pack "$work/many" --key "$work/seal.key" \
	    -o "$work/t.zip.age" --recipient "$one"
	ok "encrypted, there are writes" test -s "$work/writes"
	ok "without names" lacks "$work/writes" 'letter-[0-9]|data/files'
	ok "and without content" lacks "$work/writes" 'nobody else may read'
	ok "and more than one file" test "$(sed -n \
	    's/.* write[a-z0-9]*(\([0-9]*\), .*/\1/p' "$work/writes" |
	    sort -u | wc -l)" -gt 3
	writes "$dossier" verify "$work/t.zip.age" --trust "$work/seal.pub" \
	    --identity-file "$work/one.key"
	ok "verify writes no names" lacks "$work/writes" \
	    'letter-[0-9]|data/files'
	ok "and no content" lacks "$work/writes" 'nobody else may read'
else
	skip "no plaintext on a disk" "strace cannot trace here"
fi

# --- constant memory --------------------------------------------------------------------

if [[ $libraries == *libasan* ]]; then
	skip "memory" "sanitizers take what they need"
else
	truncate -s 100M "$work/big"
	under "100 MB are encrypted in 64 MiB" 0 64 "$dossier" encrypt \
	    "$work/big" -o "$work/big.age" --recipient "$one" -q
	under "and decrypted" 0 64 "$dossier" decrypt "$work/big.age" \
	    -o "$work/big.out" --identity-file "$work/one.key" -q
	ok "they are the same" cmp "$work/big" "$work/big.out"
	rm -f "$work/big.age" "$work/big.out"
	mkdir "$work/large"
	mv "$work/big" "$work/large"
	under "100 MB are packed" 0 64 "$dossier" pack "$work/large" \
	    --unsigned -o "$work/large.zip.age" --recipient "$one" -q
	under "and verified" 5 64 "$dossier" verify "$work/large.zip.age" \
	    --identity-file "$work/one.key" -q
fi

done_testing
