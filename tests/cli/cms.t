#!/bin/bash
# SPDX-License-Identifier: ISC
# X.509 beside the seal: pack --x509-key, verify --ca, and what openssl says.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/ca.bash

{
	"$dossier" keygen -o "$work/k" --no-passphrase
	"$dossier" keygen -o "$work/other" --no-passphrase
} >"$work/out" 2>"$work/err"
mkdir "$work/docs"
echo "a document" >"$work/docs/a.txt"

# --- keys and certificates, made by the stock tool ---------------------------

umask 077
# root NAME
root()
{
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/$1.key" \
	    -out "$work/$1.pem" -subj "/CN=$1" -days 3650 2>"$work/err"
}
# certify CA KEY OUT SUBJECT [OPTION]...: OUT.pem for KEY.key
certify()
{
	local ca=$1 key=$2 out=$3 subject=$4
	shift 4
	openssl req -new -key "$work/$key.key" -subj "$subject" \
	    -out "$work/$out.csr" 2>"$work/err"
	openssl x509 -req -in "$work/$out.csr" -CA "$work/$ca.pem" \
	    -CAkey "$work/$ca.key" -set_serial "0x$(openssl rand -hex 8)" \
	    -out "$work/$out.pem" "$@" 2>"$work/err"
}
root ca
root stranger
openssl ecparam -name prime256v1 -genkey -noout -out "$work/ec.key"
openssl genrsa -out "$work/rsa.key" 2048 2>"$work/err"
openssl genrsa -out "$work/middle.key" 2048 2>"$work/err"
openssl ecparam -name secp384r1 -genkey -noout -out "$work/p384.key"
openssl genrsa -out "$work/short.key" 1024 2>"$work/err"
certify ca ec ec "/CN=Data protection office/O=Example" -days 365
printf 'basicConstraints=critical,CA:true\n' >"$work/ca.ext"
certify ca middle middle "/CN=Middle" -days 3650 -extfile "$work/ca.ext"
certify middle rsa rsa "/CN=Signer RSA" -days 365
certify ca ec expired "/CN=Expired" -days -1
certify ca p384 p384 "/CN=P-384" -days 365
certify ca short short "/CN=RSA 1024" -days 365
printf 'keyUsage=critical,keyEncipherment\n' >"$work/usage.ext"
certify ca ec usage "/CN=Encrypts" -days 365 -extfile "$work/usage.ext"

# pack_with NAME OPTION...
pack_with()
{
	local name=$1
	shift
	"$dossier" pack "$work/docs" -o "$work/$name.zip" --force \
	    --key "$work/k.key" "$@"
}
unpack()
{
	rm -rf "$work/bag"
	mkdir "$work/bag"
	unzip -q "$work/$1.zip" -d "$work/bag"
	bag=$work/bag/$1
}
openssl_accepts()
{
	openssl cms -verify -cades -inform DER -binary \
	    -content "$bag/tagmanifest-sha256.txt" \
	    -in "$bag/signatures/tagmanifest-sha256.txt.p7s" \
	    -CAfile "$work/ca.pem" -out /dev/null 2>"$work/err"
}

# --- ECDSA and RSA, without and with a chain -----------------------------------

exits "pack with an ECDSA key" 0 pack_with ec \
    --x509-key "$work/ec.key" --x509-cert "$work/ec.pem"
exits "pack with an RSA key and a chain" 0 pack_with rsa \
    --x509-key "$work/rsa.key" --x509-cert "$work/rsa.pem" \
    --x509-chain "$work/middle.pem"
for name in ec rsa; do
	unpack $name
	ok "$name: openssl cms -verify -cades accepts it" openssl_accepts
	is "$name: bag-info names the certificate" \
	    "$(sed -n 's/^Dossier-Signer-Certificate: sha256://p' \
	    "$bag/bag-info.txt")" \
	    "$(openssl x509 -in "$work/$name.pem" -outform DER |
	    sha256sum | cut -d' ' -f1)"
	ok "$name: the statement names all three attestations" grep -q \
	    '"attestations":\["cms","minisign","sshsig"\]' \
	    "$bag/dossier/statement.json"
	ok "$name: the certificate comes first in keys/signer.pem" cmp \
	    <(openssl x509 -in "$bag/keys/signer.pem") \
	    <(openssl x509 -in "$work/$name.pem")
	exits "$name: trusted by its key" 0 \
	    "$dossier" verify "$work/$name.zip" --trust "$work/k.pub"
	exits "$name: trusted by its certificate alone" 0 \
	    "$dossier" verify "$work/$name.zip" --ca "$work/ca.pem" \
	    --require-x509
	ok "$name: and says so" says "$work/out" 'a certificate that you trust'
	exits "$name: neither key nor root are trusted" 5 \
	    "$dossier" verify "$work/$name.zip" --ca "$work/stranger.pem"
done
is "the signature stands before the seal" \
    "$(unzip -Z1 "$work/rsa.zip" | tail -n 2 | head -n 1)" \
    rsa/signatures/tagmanifest-sha256.txt.p7s

exits "a root that is not trusted changes nothing for a trusted key" 0 \
    "$dossier" verify "$work/ec.zip" --trust "$work/k.pub" --json
ok "but is reported" says "$work/out" '"id":"sign/certificate-unknown".*warning'
ok "with the signers" says "$work/out" \
    '"kind":"cms","subject":"O=Example,CN=Data protection office"'
exits "--require-x509 makes it count" 5 "$dossier" verify "$work/ec.zip" \
    --trust "$work/k.pub" --require-x509 --ca "$work/stranger.pem"
exits "two roots may be given" 0 "$dossier" verify "$work/ec.zip" \
    --ca "$work/stranger.pem" --ca "$work/ca.pem"
run "$dossier" pack "$work/docs" -o "$work/plain.zip" --key "$work/k.key"
exits "--require-x509 of an archive without" 5 "$dossier" verify \
    "$work/plain.zip" --trust "$work/k.pub" --require-x509
ok "says why" says "$work/out" 'sign/certificate-required'
exits "a file of roots that is none" 6 \
    "$dossier" verify "$work/ec.zip" --ca "$work/k.pub"
exits "a file of roots that is not there" 10 \
    "$dossier" verify "$work/ec.zip" --ca "$work/nothing.pem"

# --- certificates that are no longer good -------------------------------------------

exits "pack with an expired certificate" 0 pack_with old \
    --x509-key "$work/ec.key" --x509-cert "$work/expired.pem"
exits "it vouches for nothing" 5 \
    "$dossier" verify "$work/old.zip" --ca "$work/ca.pem"
ok "as a warning tells" says "$work/out" 'sign/certificate-expired'
exits "and the key still counts" 0 "$dossier" verify "$work/old.zip" \
    --ca "$work/ca.pem" --trust "$work/k.pub"

revoked ec ca "$(date -u +%Y%m%d%H%M%SZ)" superseded
cat "$work/ca.pem" "$work/crl.pem" >"$work/ca-and-crl.pem"
exits "a revoked certificate" 5 \
    "$dossier" verify "$work/ec.zip" --ca "$work/ca-and-crl.pem"
ok "is told from an unknown one" says "$work/out" 'sign/certificate-revoked'

# --- keys and certificates that pack refuses -------------------------------------------

# refuses TEXT STATUS OPTION...
refuses()
{
	local text=$1 status=$2
	shift 2
	rm -f "$work/no.zip"
	exits "$text" "$status" pack_with no "$@"
	ok "$text: nothing is left" test ! -e "$work/no.zip"
}
refuses "a certificate of another key" 6 \
    --x509-key "$work/rsa.key" --x509-cert "$work/ec.pem"
refuses "a P-384 key" 6 \
    --x509-key "$work/p384.key" --x509-cert "$work/p384.pem"
refuses "an RSA key of 1,024 bits" 6 \
    --x509-key "$work/short.key" --x509-cert "$work/short.pem"
refuses "a certificate that is not for signing" 6 \
    --x509-key "$work/ec.key" --x509-cert "$work/usage.pem"
refuses "a key that is a certificate" 6 \
    --x509-key "$work/ec.pem" --x509-cert "$work/ec.pem"
refuses "a certificate that is a key" 6 \
    --x509-key "$work/ec.key" --x509-cert "$work/ec.key"
refuses "a key without a certificate" 2 --x509-key "$work/ec.key"
refuses "a certificate without a key" 2 --x509-cert "$work/ec.pem"
refuses "a key that is not there" 10 \
    --x509-key "$work/nothing" --x509-cert "$work/ec.pem"
chmod 640 "$work/ec.key"
refuses "a key that others can read" 6 \
    --x509-key "$work/ec.key" --x509-cert "$work/ec.pem"
chmod 600 "$work/ec.key"
exits "--unsigned with an X.509 key" 2 "$dossier" pack "$work/docs" \
    -o "$work/no.zip" --unsigned --x509-key "$work/ec.key" \
    --x509-cert "$work/ec.pem"

echo "a passphrase" >"$work/pass"
echo "another" >"$work/wrong"
openssl pkcs8 -topk8 -in "$work/ec.key" -out "$work/locked.key" \
    -passout file:"$work/pass"
exits "a key with a passphrase" 0 pack_with locked \
    --x509-key "$work/locked.key" --x509-cert "$work/ec.pem" \
    --x509-passphrase-file "$work/pass"
refuses "a wrong passphrase" 6 --x509-key "$work/locked.key" \
    --x509-cert "$work/ec.pem" --x509-passphrase-file "$work/wrong"
chmod 644 "$work/pass"
refuses "a passphrase that others can read" 6 --x509-key "$work/locked.key" \
    --x509-cert "$work/ec.pem" --x509-passphrase-file "$work/pass"
if command -v setsid >/dev/null; then
	refuses "no passphrase and no terminal" 2 \
	    --x509-key "$work/locked.key" --x509-cert "$work/ec.pem"
fi

# --- a token -----------------------------------------------------------------------------

module=
for file in /usr/lib/softhsm/libsofthsm2.so /usr/lib64/softhsm/libsofthsm.so \
    /usr/lib/*/softhsm/libsofthsm2.so; do
	[ ! -e "$file" ] || module=$file
done
if command -v softhsm2-util >/dev/null && [ -n "$module" ]; then
	export SOFTHSM2_CONF=$work/softhsm2.conf
	mkdir "$work/tokens"
	printf 'directories.tokendir = %s\nobjectstore.backend = file\n' \
	    "$work/tokens" >"$SOFTHSM2_CONF"
	echo 4321 >"$work/pin"
	echo 1234 >"$work/pin.wrong"
	softhsm2-util --init-token --free --label legal --so-pin 12345678 \
	    --pin 4321 >"$work/out" 2>"$work/err"
	number=0
	for kind in ec rsa; do
		openssl pkcs8 -topk8 -nocrypt -in "$work/$kind.key" \
		    -out "$work/$kind.p8"
		number=$((number + 1))
		softhsm2-util --import "$work/$kind.p8" --token legal \
		    --label "$kind key" --id 0$number --pin 4321 \
		    >"$work/out" 2>"$work/err"
		exits "a token signs: $kind" 0 pack_with "t$kind" --x509-key \
		    "pkcs11:token=legal;object=$kind%20key?module-path=$module" \
		    --x509-cert "$work/$kind.pem" \
		    --x509-chain "$work/middle.pem" \
		    --x509-passphrase-file "$work/pin"
		unpack "t$kind"
		ok "a token signs: openssl accepts $kind" openssl_accepts
		exits "a token signs: verify accepts $kind" 0 \
		    "$dossier" verify "$work/t$kind.zip" --ca "$work/ca.pem"
	done
	uri="pkcs11:token=legal;id=%01?module-path=$module"
	exits "by id, the PIN from the URI's file" 0 pack_with id \
	    --x509-key "$uri&pin-source=file:$work/pin" \
	    --x509-cert "$work/ec.pem"
	refuses "a wrong PIN" 6 --x509-key "$uri" --x509-cert "$work/ec.pem" \
	    --x509-passphrase-file "$work/pin.wrong"
	refuses "a token's key of another certificate" 6 --x509-key "$uri" \
	    --x509-cert "$work/rsa.pem" --x509-passphrase-file "$work/pin"
	refuses "a key that the token does not have" 6 --x509-key \
	    "pkcs11:token=legal;object=none?module-path=$module" \
	    --x509-cert "$work/ec.pem" --x509-passphrase-file "$work/pin"
	refuses "a token that is not there" 6 --x509-key \
	    "pkcs11:token=other;object=none?module-path=$module" \
	    --x509-cert "$work/ec.pem" --x509-passphrase-file "$work/pin"
else
	skip "a token signs" "there is no SoftHSM"
fi
refuses "a PIN on the command line" 2 --x509-key \
    "pkcs11:token=legal?pin-value=4321" --x509-cert "$work/ec.pem"
refuses "a module that is none" 6 --x509-key \
    "pkcs11:token=legal?module-path=/etc/passwd" --x509-cert "$work/ec.pem"
is "packer links nothing for it" \
    "$(ldd "$BUILD/bin/dossier-packer" | grep -cE 'p11|pkcs11')" 0

# --- changed archives ----------------------------------------------------------------------

# It is stored: its bytes, the first a '0', stand behind the name.
member=signatures/tagmanifest-sha256.txt.p7s
offset=$(grep -abo "${member}0" "$work/ec.zip" | head -n 1 | cut -d: -f1)
offset=$((offset + ${#member}))
length=$(unzip -p "$work/ec.zip" "ec/$member" | wc -c)
found=$(tests/support/flip --from "$offset" --bytes "$length" "$work/ec.zip" \
    60 1 "$dossier" verify "$work/ec.zip" --trust "$work/k.pub" -q \
    2>"$work/err")
is "each flipped bit of the signature is found" "$found" 60

# another certificate of the same key in its place, digests and seal made anew
certify ca ec twin "/CN=Twin" -days 365
run pack_with twin --x509-key "$work/ec.key" --x509-cert "$work/twin.pem"
exits "a certificate is what its own archive says" 0 "$dossier" verify \
    "$work/twin.zip" --ca "$work/ca.pem"

done_testing
