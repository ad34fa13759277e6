#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier stamp and verify --tsa-ca, against `openssl ts` as the authority.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/ca.bash

tsa=$work/tsa
tests/support/make-tsa "$tsa" >"$work/out" 2>"$work/err"
python3 tests/support/tsa "$tsa" "$work/port" >"$work/tsa.log" 2>&1 &
servers=$!
python3 tests/support/tsa "$tsa" "$work/tls" tls >"$work/tls.log" 2>&1 &
servers="$servers $!"
# shellcheck disable=SC2086 # two words
trap 'kill $servers 2>/dev/null; rm -rf "$work"' EXIT
for _ in {1..100}; do
	[ ! -s "$work/port" ] || [ ! -s "$work/tls" ] || break
	sleep 0.1
done
url=http://127.0.0.1:$(cat "$work/port")
secure=https://127.0.0.1:$(cat "$work/tls")

run "$dossier" keygen -o "$work/k" --no-passphrase
pub=$work/k.pub
mkdir "$work/docs"
echo "a document" >"$work/docs/a.txt"
run "$dossier" pack "$work/docs" -o "$work/sealed.zip" --key "$work/k.key" \
    --name a

# fresh NAME: NAME.zip without a stamp
fresh() { cp "$work/sealed.zip" "$work/$1.zip"; }
unpack()
{
	rm -rf "$work/bag"
	mkdir "$work/bag"
	unzip -q "$work/$1.zip" -d "$work/bag"
	signatures=$work/bag/a/signatures
}
# judge NAME OPTION...
judge()
{
	local name=$1
	shift
	"$dossier" verify "$work/$name.zip" --trust "$pub" "$@"
}
# offset NAME: the first byte of NAME.zip that belongs to its last member
last_offset()
{
	python3 - "$work/$1.zip" <<'END'
import sys, zipfile
print(zipfile.ZipFile(sys.argv[1]).infolist()[-1].header_offset)
END
}
# openssl_accepts STAMP DATA ROOT
openssl_accepts()
{
	openssl ts -verify -in "$1" -data "$2" -CAfile "$3" \
	    >"$work/out" 2>"$work/err"
}

# --- two authorities -----------------------------------------------------------

for kind in rsa ec; do
	fresh $kind
	exits "$kind: stamped" 0 "$dossier" stamp "$work/$kind.zip" \
	    --tsa "$url/$kind" --ca-file "$tsa/$kind/root.pem"
	exits "$kind: verified" 0 judge $kind --tsa-ca "$tsa/$kind/root.pem" \
	    --require-time
	ok "$kind: tells the time" says "$work/out" 'existed not later than'
	exits "$kind: the container still obeys" 0 \
	    "$dossier" verify --layer zip "$work/$kind.zip"
	unpack $kind
	ok "$kind: openssl ts -verify accepts it" openssl_accepts \
	    "$signatures/tagmanifest-sha256.txt.minisig.tsr" \
	    "$signatures/tagmanifest-sha256.txt.minisig" "$tsa/$kind/root.pem"
	ok "$kind: what was there did not change" cmp -n \
	    "$(last_offset $kind)" "$work/$kind.zip" "$work/sealed.zip"
	exits "$kind: a root that is not trusted" 0 judge $kind --json
	ok "$kind: is reported" says "$work/out" 'time/untrusted-authority'
	ok "$kind: as a time that is not established" says "$work/out" \
	    '"times":\[{.*"trusted_from":null,"valid":true}\]'
	exits "$kind: --require-time makes it count" 5 \
	    judge $kind --require-time
	ok "$kind: and says so" says "$work/out" 'time/required'
done
exits "the other's root" 5 judge rsa --tsa-ca "$tsa/ec/root.pem" \
    --require-time
printf '{"format": "dossier-policy/1", "stamped": true}' >"$work/policy"
exits "a policy that wants a stamp: it is there" 0 judge rsa \
    --tsa-ca "$tsa/rsa/root.pem" --policy "$work/policy"
exits "by an authority that is not trusted" 5 judge rsa \
    --tsa-ca "$tsa/ec/root.pem" --policy "$work/policy"
ok "is told" says "$work/out" time/required
exits "both roots" 0 judge rsa --tsa-ca "$tsa/ec/root.pem" \
    --tsa-ca "$tsa/rsa/root.pem" --require-time
run "$dossier" verify "$work/rsa.zip" --tsa-ca "$tsa/rsa/root.pem"
is "a time is no signer" "$status" 5
exits "a stamp is missing" 5 judge sealed --require-time

# --- renewals -------------------------------------------------------------------

cp "$work/rsa.zip" "$work/many.zip"
number=0
for digest in sha256 sha384 sha512; do
	number=$((number + 1))
	before=$(stat -c %s "$work/many.zip")
	exits "renewal by $digest" 0 "$dossier" stamp "$work/many.zip" \
	    --tsa "$url/ec" --digest $digest
	unpack many
	head -c "$(last_offset many)" "$work/many.zip" >"$work/prefix"
	ok "renewal by $digest: openssl ts -verify accepts it" \
	    openssl_accepts "$signatures/renewal-0$number.tsr" \
	    "$work/prefix" "$tsa/ec/root.pem"
	ok "renewal by $digest: the file grew" test \
	    "$(stat -c %s "$work/many.zip")" -gt "$before"
done
exits "three renewals: verified" 0 judge many --require-time --json \
    --tsa-ca "$tsa/rsa/root.pem" --tsa-ca "$tsa/ec/root.pem"
is "three renewals: each is told" \
    "$(tail -n 1 "$work/out" | grep -o '"gen_time"' | wc -l)" 4
is "three renewals: each is trusted" \
    "$(tail -n 1 "$work/out" | grep -o '"trusted_from":"[^"]*root.pem","valid":true' |
    wc -l)" 4
ok "whether one was revoked is not known, and said" \
    says "$work/out" 'time/no-revocation-data'
run bash -c "cat '$work/many.zip' | '$dossier' verify - --trust '$pub' --json"
is "from a pipe: intact" "$status" 0
is "from a pipe: what needs a second look is said" \
    "$(grep -c 'verify/not-checked' "$work/out")" 2

# --- offline ---------------------------------------------------------------------

fresh off
cp "$work/off.zip" "$work/before"
exits "write a query" 0 "$dossier" stamp "$work/off.zip" \
    --query-out "$work/q"
ok "the archive is as it was" cmp "$work/off.zip" "$work/before"
openssl ts -query -in "$work/q" -text >"$work/out" 2>&1
ok "openssl reads the query" says "$work/out" 'Certificate required: yes'
exits "an output that exists" 1 "$dossier" stamp "$work/off.zip" \
    --query-out "$work/q"
exits "--force replaces it" 0 "$dossier" stamp "$work/off.zip" \
    --query-out "$work/q" --force
openssl ts -reply -queryfile "$work/q" -out "$work/r" \
    -config "$tsa/rsa/tsa.cnf" 2>"$work/err"
exits "take the reply" 0 "$dossier" stamp "$work/off.zip" \
    --query "$work/q" --reply-in "$work/r"
exits "it verifies" 0 judge off --tsa-ca "$tsa/rsa/root.pem" --require-time
exits "a second time: the archive is another one" 1 "$dossier" stamp \
    "$work/off.zip" --query "$work/q" --reply-in "$work/r"
fresh off2
exits "write another query" 0 "$dossier" stamp "$work/off2.zip" \
    --query-out "$work/q2"
exits "a reply to another query" 1 "$dossier" stamp "$work/off2.zip" \
    --query "$work/q2" --reply-in "$work/r"
exits "a reply that is none" 1 "$dossier" stamp "$work/off2.zip" \
    --query "$work/q2" --reply-in "$work/q2"
exits "a query that is none" 6 "$dossier" stamp "$work/off2.zip" \
    --query "$work/r" --reply-in "$work/r"
exits "a reply without its query" 2 "$dossier" stamp "$work/off2.zip" \
    --reply-in "$work/r"
ok "nothing of it changed the archive" cmp "$work/off2.zip" "$work/sealed.zip"

# --- authorities that are none ------------------------------------------------------

# refused TEXT STATUS PATH [OPTION]...: and nothing changed, nothing is left
refused()
{
	local text=$1 status=$2 path=$3
	shift 3
	fresh bad
	exits "$text" "$status" "$dossier" stamp "$work/bad.zip" \
	    --tsa "$url/$path" "$@"
	ok "$text: the archive is as it was" \
	    cmp "$work/bad.zip" "$work/sealed.zip"
}
refused "another root than the one given" 1 rsa --ca-file "$tsa/ec/root.pem"
refused "a reply without certificates" 1 bare/rsa
refused "a reply for another imprint" 1 mixed/rsa
refused "a reply with another nonce" 1 stale/rsa
refused "an expired certificate" 1 expired
refused "a refusal" 1 refuse
refused "status 500" 1 500
refused "status 403" 4 403
refused "a page of HTML" 1 html
refused "ten megabytes" 1 huge
refused "garbage" 1 garbage
refused "a connection that ends" 12 silent
fresh tls
exits "https, with a root of its own" 0 "$dossier" stamp "$work/tls.zip" \
    --tsa "$secure/rsa" --ca-file "$tsa/rsa/root.pem"
exits "it verifies" 0 judge tls --tsa-ca "$tsa/rsa/root.pem" --require-time
fresh bad
exits "https, by a server that nobody knows" 12 \
    "$dossier" stamp "$work/bad.zip" --tsa "$secure/rsa"
exits "nobody listens" 12 "$dossier" stamp "$work/bad.zip" \
    --tsa http://127.0.0.1:1/
ok "who it is is named, and the way without a network" says "$work/err" \
    'authority at 127.0.0.1 port 1: .*--query-out'
exits "a host without a port" 12 "$dossier" stamp "$work/bad.zip" \
    --tsa https://nobody.invalid/tsa
ok "the port is that of https" says "$work/err" 'nobody.invalid port 443: '
exits "a URL that is none" 2 "$dossier" stamp "$work/bad.zip" --tsa ftp://x/
exits "no way to ask" 2 "$dossier" stamp "$work/bad.zip"
exits "two ways to ask" 2 "$dossier" stamp "$work/bad.zip" --tsa "$url/rsa" \
    --query-out "$work/q"
exits "a digest that is none" 2 "$dossier" stamp "$work/bad.zip" \
    --tsa "$url/rsa" --digest md5
is "no temporary file is left" \
    "$(find "$work" -name '.dossier-*' | wc -l)" 0

# --- archives that cannot be stamped ---------------------------------------------------

run "$dossier" pack "$work/docs" -o "$work/u.zip" --unsigned
exits "an unsigned archive" 1 "$dossier" stamp "$work/u.zip" --tsa "$url/rsa"
ok "says why" says "$work/err" 'no seal'
(cd "$work/docs" && zip -q "$work/foreign.zip" a.txt)
exits "another ZIP" 1 "$dossier" stamp "$work/foreign.zip" --tsa "$url/rsa"
exits "a file that is no archive" 1 \
    "$dossier" stamp "$pub" --tsa "$url/rsa"
exits "a file that is not there" 10 \
    "$dossier" stamp "$work/nothing.zip" --tsa "$url/rsa"
fresh link
ln -s link.zip "$work/symbolic.zip"
exits "through a symbolic link" 0 \
    "$dossier" stamp "$work/symbolic.zip" --tsa "$url/rsa"
ok "the link is still one" test -L "$work/symbolic.zip"
exits "and its file is stamped" 0 judge link \
    --tsa-ca "$tsa/rsa/root.pem" --require-time
fresh mode
chmod 640 "$work/mode.zip"
run "$dossier" stamp "$work/mode.zip" --tsa "$url/rsa"
is "the mode of the file stays" "$(stat -c %a "$work/mode.zip")" 640

# --- killed while it works: the old file or the new one -----------------------------------

mkdir "$work/big"
head -c 20000000 /dev/urandom >"$work/big/data"
run "$dossier" pack "$work/big" -o "$work/big.zip" --key "$work/k.key"
cp "$work/big.zip" "$work/big.old"
whole=0
for wait in 0.005 0.01 0.02 0.03 0.05 0.08 0.13 0.21; do
	cp "$work/big.old" "$work/big.zip"
	"$dossier" stamp "$work/big.zip" --tsa "$url/ec" >"$work/out" 2>&1 &
	stamping=$!
	sleep $wait
	kill -KILL $stamping 2>/dev/null
	wait $stamping 2>/dev/null
	if cmp -s "$work/big.zip" "$work/big.old" ||
	    judge big --tsa-ca "$tsa/ec/root.pem" --require-time \
	    >"$work/out" 2>"$work/err"; then
		whole=$((whole + 1))
	fi
done
is "killed at any moment it is the old file or the new one" $whole 8

# --- stamps that were changed ------------------------------------------------------------------

from=$(last_offset rsa)
bytes=$(($(stat -c %s "$work/rsa.zip") - from))
flips=${FLIPS:-50}
is "each of $flips flipped bits from the stamp on is found" \
    "$(tests/support/flip --from "$from" --bytes "$bytes" "$work/rsa.zip" \
    "$flips" 7 "$dossier" verify "$work/rsa.zip" --trust "$pub" -q \
    2>"$work/err")" "$flips"

# Another archive's stamp, a stamp that stands before its turn, and so on, by
# a writer of the same container.
run "$dossier" pack "$work/docs" -o "$work/b.zip" --key "$work/k.key" --name a
run "$dossier" stamp "$work/b.zip" --tsa "$url/rsa"
graft()
{
	python3 - "$@" <<'END'
import struct, sys, zipfile, zlib

# graft IN OUT NAME=FILE...: IN without its stamps, then these as members
source, target, extra = sys.argv[1], sys.argv[2], sys.argv[3:]
archive = zipfile.ZipFile(source)
kept = [i for i in archive.infolist() if not i.filename.endswith(".tsr")]
raw = open(source, "rb").read()
end = archive.infolist()[len(kept)].header_offset if len(kept) < len(
    archive.infolist()) else archive.start_dir
members = [(i.filename, i.header_offset, i.CRC, i.compress_size, i.file_size,
    i.compress_type) for i in kept]
out = raw[:end]
for word in extra:
    name, path = word.split("=")
    data = open(path, "rb").read()
    crc = zlib.crc32(data)
    name = "a/signatures/" + name
    members.append((name, len(out), crc, len(data), len(data), 0))
    out += struct.pack("<IHHHHHIIIHH", 0x04034B50, 10, 0, 0, 0, 0x21, crc,
        len(data), len(data), len(name), 0) + name.encode() + data
start = len(out)
for name, offset, crc, packed, size, method in members:
    out += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 0x032D,
        20 if method else 10, 0, method, 0, 0x21, crc, packed, size,
        len(name), 0, 0, 0, 0, 0x81A40000, offset) + name.encode()
out += struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(members), len(members),
    len(out) - start, start, 0)
open(target, "wb").write(out)
END
}
unpack rsa
cp "$signatures/tagmanifest-sha256.txt.minisig.tsr" "$work/own.tsr"
unpack b
cp "$signatures/tagmanifest-sha256.txt.minisig.tsr" "$work/foreign.tsr"
stamp=tagmanifest-sha256.txt.minisig.tsr
# found TEXT FINDING MEMBER=FILE...
found()
{
	local text=$1 id=$2
	shift 2
	graft "$work/sealed.zip" "$work/graft.zip" "$@"
	exits "$text" 1 judge graft --tsa-ca "$tsa/rsa/root.pem" --json
	ok "$text: $id" says "$work/out" "\"id\":\"$id\""
	is "$text: and nothing else" "$(grep '"severity":"error"' \
	    "$work/out" | grep -cv "\"id\":\"$id\"")" 0
}
graft "$work/sealed.zip" "$work/graft.zip" "$stamp=$work/own.tsr"
ok "the graft of the right stamp is the stamped archive" \
    cmp "$work/graft.zip" "$work/rsa.zip"
found "the stamp of another archive" time/imprint "$stamp=$work/foreign.tsr"
graft "$work/sealed.zip" "$work/graft.zip" "renewal-01.tsr=$work/own.tsr"
exits "a renewal without the first stamp" 1 judge graft --json
ok "a renewal without the first stamp: time/sequence" \
    says "$work/out" '"id":"time/sequence"'
graft "$work/sealed.zip" "$work/graft.zip" "$stamp=$work/own.tsr" \
    "renewal-02.tsr=$work/own.tsr"
exits "a renewal that was left out" 1 judge graft --json
ok "a renewal that was left out: time/sequence" \
    says "$work/out" '"id":"time/sequence"'
printf '0\x03\x02\x01\x00' >"$work/short.tsr"
found "a stamp that is none" time/invalid "$stamp=$work/short.tsr"
cp "$work/r" "$work/raw.tsr"
found "an authority's reply as it came" time/invalid "$stamp=$work/raw.tsr"
openssl ts -query -data "$work/bag/a/signatures/${stamp%.tsr}" -sha256 \
    -cert -out "$work/q3" 2>"$work/err"
openssl ts -reply -queryfile "$work/q3" -out "$work/expired.tsr" \
    -config "$tsa/expired/tsa.cnf" 2>"$work/err"
found "a stamp by an expired authority" time/invalid \
    "$stamp=$work/expired.tsr"

# --- revocation ------------------------------------------------------------------------------

# revoke REASON: with-crl.pem revokes the RSA authority from now on
revoke()
{
	revoked tsa/rsa/tsa tsa/rsa/middle "$(date -u +%Y%m%d%H%M%SZ)" "$1"
	cat "$tsa/rsa/root.pem" "$work/crl.pem" >"$work/with-crl.pem"
}
sleep 1
revoke superseded
exits "revoked later, for a harmless reason" 0 judge rsa \
    --tsa-ca "$work/with-crl.pem" --require-time --json
ok "and that revocation data was there is told" \
    says "$work/out" '"revocation_data":true'
revoke keyCompromise
exits "revoked later, because the key was stolen" 5 judge rsa \
    --tsa-ca "$work/with-crl.pem" --require-time --json
ok "is told" says "$work/out" '"id":"time/revoked-authority"'

# --- a key that was revoked after the stamp, or before --------------------------------------------

{ cat "$pub"; echo 'revoked_at: 2040-01-01T00:00:00Z'; } >"$work/later.pub"
{ cat "$pub"; echo 'revoked_at: 2020-01-01T00:00:00Z'; } >"$work/before.pub"
{ cat "$pub"; echo 'not_after: 2020-01-01T00:00:00Z'; } >"$work/ended.pub"
# key_says TEXT STATUS FINDING KEY [OPTION]...
key_says()
{
	local text=$1 status=$2 id=$3 key=$4
	shift 4
	exits "$text" "$status" "$dossier" verify "$work/rsa.zip" --json \
	    --trust "$work/$key.pub" "$@"
	[ -z "$id" ] || ok "$text: $id" says "$work/out" "\"id\":\"$id\""
}
key_says "a revoked key, no time" 5 sign/key-revoked later
key_says "a revoked key, stamped before" 0 '' later \
    --tsa-ca "$tsa/rsa/root.pem"
key_says "a revoked key, stamped afterwards" 5 sign/key-revoked before \
    --tsa-ca "$tsa/rsa/root.pem"
key_says "a key that has ended" 5 sign/key-expired ended
unpack rsa
ok "minisign reads a key with bounds" minisign -Vqp "$work/later.pub" \
    -m "$work/bag/a/tagmanifest-sha256.txt" \
    -x "$signatures/tagmanifest-sha256.txt.minisig"

# --- a certificate that ended after the stamp ---------------------------------------------------

umask 077
# brief END: an archive that is signed and stamped while its certificate holds
brief()
{
	certificate brief signs 20200101000000Z "$1" tsa/ec/root
	run "$dossier" pack "$work/docs" -o "$work/brief.zip" --force \
	    --key "$work/k.key" --x509-key "$work/brief.key" \
	    --x509-cert "$work/brief.pem"
	[ "$status" -eq 0 ] || return
	run "$dossier" stamp "$work/brief.zip" --tsa "$url/rsa"
	[ "$status" -eq 0 ]
}
while_valid brief
until_ended
exits "without the stamp it vouches for nothing" 5 "$dossier" verify \
    "$work/brief.zip" --ca "$tsa/ec/root.pem"
ok "since it has ended" says "$work/out" 'sign/certificate-expired'
exits "with the stamp it does" 0 "$dossier" verify "$work/brief.zip" \
    --ca "$tsa/ec/root.pem" --tsa-ca "$tsa/rsa/root.pem" --require-x509

done_testing
