#!/bin/bash
# SPDX-License-Identifier: ISC
# VERIFY.txt: its commands, as they stand, with tools that are not ours.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

commands=$PWD/tests/support/commands
run "$dossier" keygen -o "$work/k" --no-passphrase
run "$dossier" keygen -o "$work/other" --no-passphrase
mkdir "$work/in"
cp /usr/include/linux/[a-c]*.h "$work/in"
echo "not ASCII" >"$work/in/é.txt"

# A CA and a certificate of it, to sign with.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -subj /CN=root -days 30 -keyout "$work/ca.key" -out "$work/ca.pem" \
    2>"$work/err"
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -subj /CN=office -keyout "$work/x.key" -out "$work/x.csr" 2>"$work/err"
openssl x509 -req -in "$work/x.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" \
    -days 30 -out "$work/x.pem" -extfile <(printf '%s\n' \
    'basicConstraints=critical,CA:FALSE' \
    'keyUsage=critical,digitalSignature') 2>"$work/err"
chmod 600 "$work/x.key"

# read_by_hand ZIP: unpacks it; leaves VERIFY.txt's blocks of commands in
# ${block[@]}, words in capitals replaced by what a reader has.
read_by_hand()
{
	local name text
	name=$(basename "$1" .zip)
	rm -rf "$work/read"
	mkdir "$work/read"
	unzip -q "$1" -d "$work/read"
	cp "$1" "$work/read"
	bag=$work/read/$name
	length=$(grep -ao 'body:[0-9]*' "$bag"/signatures/*.minisig 2>"$work/err")
	text=$("$commands" "$bag/VERIFY.txt" KEY.pub="$work/k.pub" \
	    ALLOWED_SIGNERS="$work/signers" CA.pem="$work/ca.pem" \
	    TSA.pem="$work/tsa/ec/root.pem" LENGTH="${length#body:}")
	mapfile -t -d '' block < <(awk -v RS= -v ORS='\0' 1 <<<"$text")
}

# How the key comes to the reader: not out of the archive.
blob=$(sed -n 2p "$work/k.pub" | base64 -d | tail -c 32 | {
	printf '\0\0\0\013ssh-ed25519\0\0\0\040'
	cat
} | base64 -w 0)
echo "dossier-seal namespaces=\"dossier-seal@v1\" ssh-ed25519 $blob" \
    >"$work/signers"

# tell FOLDER COMMANDS
tell()
{
	(cd "$1" && PATH=$(dirname "$dossier"):$PATH bash -e -o pipefail \
	    -c "$2") >"$work/out" 2>"$work/err"
}

# follow TEXT BLOCK...: each must begin with its word and succeed
follow()
{
	local text=$1 i=0 word folder
	shift
	is "$text: as many blocks of commands as expected" "${#block[@]}" $#
	for word in "$@"; do
		# VERIFY.txt says in which folder
		folder=$bag
		case $word in dossier | unzip | head) folder=$work/read ;; esac
		is "$text: block $i" "${block[i]%% *}" "$word"
		ok "$text: $word" tell "$folder" "${block[i]}"
		i=$((i + 1))
	done
}

run "$dossier" pack "$work/in" -o "$work/a.zip" --key "$work/k.key"

# A time stamp, from openssl as well.
tests/support/make-tsa "$work/tsa" >"$work/out" 2>"$work/err"
# stamp TEXT ZIP
stamp()
{
	run "$dossier" stamp "$2" --query-out "$work/query$tap_count"
	openssl ts -reply -config "$work/tsa/ec/tsa.cnf" \
	    -queryfile "$work/query$tap_count" -out "$work/reply" \
	    2>"$work/err"
	exits "$1" 0 "$dossier" stamp "$2" --query "$work/query$tap_count" \
	    --reply-in "$work/reply"
}

stamp "a time stamp" "$work/a.zip"
read_by_hand "$work/a.zip"
follow sealed dossier unzip sha256sum minisign sed head ssh-keygen openssl
tell "$bag" "${block[4]}"
is "the fingerprint is the one that VERIFY.txt shows" \
    "$(cut -c 1-64 "$work/out")" "$(awk '/^    [0-9a-f]+( [0-9a-f]+)+$/' \
    "$bag/VERIFY.txt" | tr -dc 0-9a-f)"
tell "$work/read" "${block[5]}"
is "the digest of the body is the one that minisign shows" \
    "$(cut -c 1-64 "$work/out")" \
    "$(grep -ao 'body:[0-9:a-f]*' "$bag"/signatures/*.minisig |
    cut -d : -f 3)"

run "$dossier" pack "$work/in" -o "$work/c.zip" --key "$work/k.key" \
    --x509-key "$work/x.key" --x509-cert "$work/x.pem"
stamp "a time stamp over a seal with CMS beside it" "$work/c.zip"
read_by_hand "$work/c.zip"
follow "with a certificate" dossier unzip sha256sum minisign sed head \
    ssh-keygen openssl openssl

run "$dossier" pack "$work/in" -o "$work/u.zip" --unsigned
read_by_hand "$work/u.zip"
is "unsigned: no signature to check" "${#block[@]}" 3
ok "unsigned: unzip" tell "$work/read" "${block[1]}"
ok "unsigned: sha256sum" tell "$bag" "${block[2]}"

# --- what they would catch: a changed file, another key ------------------------

# fails TEXT NUMBER: the command with that number refuses what is in $bag
fails()
{
	local folder=$bag
	case ${block[$2]} in unzip* | head*) folder=$work/read ;; esac
	not() { ! "$@"; }
	ok "$1: ${block[$2]%% *} refuses" not tell "$folder" "${block[$2]}"
}
read_by_hand "$work/a.zip"
echo >>"$bag/data/files/acct.h"
fails "a changed document" 2
read_by_hand "$work/a.zip"
echo >>"$bag/tagmanifest-sha256.txt"
fails "a changed tag manifest" 3
fails "a changed tag manifest" 6
read_by_hand "$work/a.zip"
sed -i s/documents:/documents:1/ "$bag"/signatures/*.minisig
fails "another comment" 3
read_by_hand "$work/a.zip"
cp "$work/other.pub" "$work/k.pub"
fails "another key" 3

done_testing
