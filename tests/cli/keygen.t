#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier keygen: both files or none, as minisign writes and reads them.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

keys=$work/keys
mkdir "$keys"
file_count() { find "$keys" -mindepth 1 | wc -l; }
lines() { wc -l <"$1"; }

# --- without a passphrase ----------------------------------------------------

exits "a pair without a passphrase" 0 \
    "$dossier" keygen -o "$keys/a" --no-passphrase
ok "nothing on stderr" empty "$work/err"
is "two files" "$(file_count)" 2
is "the secret half is the owner's alone" "$(stat -c %a "$keys/a.key")" 600
is "the public half is for everybody" "$(stat -c %a "$keys/a.pub")" 644
is "a public key is two lines" "$(lines "$keys/a.pub")" 2
id=$(sed -n '1s/.* key //p' "$keys/a.pub")
ok "the key id is told" says "$work/out" "^Key id: +$id\$"
fingerprint=$(sed -n 2p "$keys/a.pub" | base64 -d | tail -c 32 | sha256sum)
is "the fingerprint is told, in groups of four" \
    "$(sed -n 's/^    //p' "$work/out" | tr -d ' \n')" "${fingerprint%% *}"
ok "in sixteen groups of four" test \
    "$(grep -cE '^    ([0-9a-f]{4} ){7}[0-9a-f]{4}$' "$work/out")" = 2

exits "nothing is printed when that is wanted" 0 \
    "$dossier" keygen -o "$keys/q" --no-passphrase --quiet
ok "really nothing" empty "$work/out"
exits "for programs" 0 "$dossier" keygen -o "$keys/j" --no-passphrase --json
line='^\{"fingerprint":"[0-9a-f]{64}","key":".*j\.key",'
line+='"key_id":"[0-9A-F]{16}","public_key":".*j\.pub","type":"key"\}$'
ok "one line of JSON" says "$work/out" "$line"

# --- nothing is overwritten, nothing half stays ------------------------------

rm -f "$keys"/*
for half in key pub; do
	echo mine >"$keys/b.$half"
	exits "b.$half is there" 1 \
	    "$dossier" keygen -o "$keys/b" --no-passphrase
	ok "it says so" says "$work/err" "b\.$half exists already"
	is "b.$half stays alone" "$(file_count) $(cat "$keys/b.$half")" "1 mine"
	rm -f "$keys"/*
done
ln -s nowhere "$keys/b.pub"
exits "a link is there" 1 "$dossier" keygen -o "$keys/b" --no-passphrase
is "it stays alone" "$(file_count)" 1
rm -f "$keys"/*
exits "a folder that is not there" 10 \
    "$dossier" keygen -o "$keys/no/b" --no-passphrase

# --- passphrases -------------------------------------------------------------

secret=$work/secret
umask 077
refused_passphrase()
{
	printf '%b' "$2" >"$secret"
	exits "$1" 6 "$dossier" keygen -o "$keys/p" --passphrase-file "$secret"
	is "$1: nothing is left" "$(file_count)" 0
}
refused_passphrase "an empty passphrase" '\n'
refused_passphrase "two lines" 'one\ntwo\n'
refused_passphrase "a CR inside" 'one\rtwo\n'
refused_passphrase "a NUL inside" 'one\0two\n'
refused_passphrase "longer than minisign reads" \
    "$(head -c 1024 /dev/zero | tr '\0' x)\n"
printf 'open to all\n' >"$secret"
chmod 644 "$secret"
exits "a passphrase that others can read" 6 \
    "$dossier" keygen -o "$keys/p" --passphrase-file "$secret"
exits "a file that is not there" 10 \
    "$dossier" keygen -o "$keys/p" --passphrase-file "$work/no"
exits "no terminal to ask on" 2 \
    setsid -w "$dossier" keygen -o "$keys/p"
is "nothing is left" "$(file_count)" 0

# --- asked on a terminal -----------------------------------------------------

# types FIRST SECOND [COMMAND...]: answers both questions, each only when it
# stands there and echo is off; COMMAND runs before the second answer
types()
{
	local first=$1 second=$2
	shift 2
	awaits 'new key'
	echo "$first"
	awaits 'once more'
	"$@"
	echo "$second"
	awaits '^end [0-9]+'
}
awaits()
{
	local tries=0
	until grep -qE "$1" "$work/screen" || [ $((tries += 1)) -gt 600 ]; do
		sleep 0.1
	done
	sleep 0.3
}
# asks NAME TYPES...: runs keygen on a terminal; its exit status
asks()
{
	local name=$1
	shift
	: >"$work/screen"
	types "$@" 2>/dev/null | script -qfec "$dossier keygen -q -o $keys/$name
	    echo end \$?" /dev/null >"$work/screen" 2>&1
	sed -n 's/^end \([0-9]*\).*/\1/p' "$work/screen"
}
if command -v script >/dev/null; then
	is "two different passphrases" "$(asks t one two true)" 6
	is "nothing is left" "$(file_count)" 0
	is "the second name is taken meanwhile" \
	    "$(asks t same same touch "$keys/t.pub")" 1
	is "the first half was taken back" "$(ls "$keys")" t.pub
	rm -f "$keys/t.pub"
	is "the same twice" "$(asks t 'my words' 'my words' true)" 0
	is "both halves are there" "$(file_count)" 2
	ok "the passphrase was not shown" lacks "$work/screen" 'my words'
	rm -f "$keys"/*
else
	skip "asking on a terminal" "script is not installed"
fi

# --- wrong use ---------------------------------------------------------------

exits "no name" 2 "$dossier" keygen --no-passphrase
exits "an empty name" 2 "$dossier" keygen -o '' --no-passphrase
exits "an operand" 2 "$dossier" keygen -o "$keys/p" --no-passphrase x
exits "both options" 2 "$dossier" keygen -o "$keys/p" --no-passphrase \
    --passphrase-file "$secret"
exits "no terminal" 2 setsid "$dossier" keygen -o "$keys/p"
ok "no terminal: what helps is told" says "$work/err" \
    'passphrase-file.*--no-passphrase'
is "nothing was written" "$(file_count)" 0

# --- minisign as the peer ----------------------------------------------------

if ! command -v minisign >/dev/null; then
	skip "minisign uses our keys" "minisign is not installed"
	done_testing
	exit
fi
echo message >"$work/m"
printf 'correct horse\r\n' >"$secret"
chmod 600 "$secret"
"$dossier" keygen -q -o "$keys/open" --no-passphrase
"$dossier" keygen -q -o "$keys/shut" --passphrase-file "$secret"
is "both pairs are there" "$(file_count)" 4
# signs NAME PASSPHRASE: minisign signs and verifies with the pair
signs()
{
	echo "$2" | minisign -S -s "$keys/$1.key" -m "$work/m" >/dev/null 2>&1 &&
	    minisign -V -q -p "$keys/$1.pub" -m "$work/m"
}
ok "minisign uses an open key" signs open ''
ok "minisign uses a protected key" signs shut 'correct horse'
minisign -R -s "$keys/open.key" -p "$work/again.pub" </dev/null >/dev/null 2>&1
ok "minisign writes the same public key" cmp "$keys/open.pub" "$work/again.pub"

done_testing
