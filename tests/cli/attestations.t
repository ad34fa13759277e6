#!/bin/bash
# SPDX-License-Identifier: ISC
# Whoever takes an attestation off a sealed archive, adds one, or puts another
# archive's in its place, in a container that is right again, is found out; but
# anyone may take time stamps off.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

# rebuild IN OUT CHANGE...: -NAME takes a member of signatures/ off, NAME=FILE
# puts these bytes into it, or adds it at the end
rebuild()
{
	python3 - "$@" <<'END'
import struct, sys, zipfile, zlib

source, target = sys.argv[1:3]
archive = zipfile.ZipFile(source)
raw = open(source, "rb").read()
top = archive.infolist()[0].filename.split("/")[0] + "/signatures/"
off = {top + c[1:] for c in sys.argv[3:] if c.startswith("-")}
new = dict(c.split("=") for c in sys.argv[3:] if not c.startswith("-"))
new = {top + name: open(path, "rb").read() for name, path in new.items()}
out, directory, count = b"", b"", 0
names = [i.filename for i in archive.infolist()]
for name in names + [n for n in new if n not in names]:
    if name in off:
        continue
    if name in new:
        data, method = new[name], 0
        crc, size = zlib.crc32(data), len(data)
    else:
        info = archive.getinfo(name)
        start = info.header_offset + 30 + len(name) + struct.unpack_from(
            "<H", raw, info.header_offset + 28)[0]
        data = raw[start:start + info.compress_size]
        method, crc, size = info.compress_type, info.CRC, info.file_size
    parts = struct.pack("<HHHHIIIHH", 0, method, 0, 0x21, crc, len(data), size,
        len(name), 0)
    needed = struct.pack("<H", 20 if method else 10)
    directory += b"PK\1\2" + struct.pack("<H", 0x032D) + needed + parts + \
        struct.pack("<HHHII", 0, 0, 0, 0x81A40000, len(out)) + name.encode()
    out += b"PK\3\4" + needed + parts + name.encode() + data
    count += 1
open(target, "wb").write(out + directory + struct.pack("<4sHHHHIIH", b"PK\5\6",
    0, 0, count, count, len(directory), len(out), 0))
END
}

mkdir "$work/docs"
echo "a document" >"$work/docs/a"
for name in k other; do
	run "$dossier" keygen -o "$work/$name" --no-passphrase
done
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -subj "/CN=Office" -days 30 -addext keyUsage=critical,digitalSignature \
    -keyout "$work/office.key" -out "$work/office.pem" 2>/dev/null
chmod 600 "$work/office.key"
tests/support/make-tsa "$work/tsa" >"$work/out" 2>&1
# archive NAME KEY DOCUMENT: with all there is, stamped
archive()
{
	echo "$3" >"$work/docs/a"
	"$dossier" pack "$work/docs" -o "$work/$1.zip" --name a \
	    --key "$work/$2.key" --x509-key "$work/office.key" \
	    --x509-cert "$work/office.pem" -q &&
	    "$dossier" stamp "$work/$1.zip" -q --query-out "$work/$1.q" &&
	    openssl ts -reply -config "$work/tsa/ec/tsa.cnf" \
	    -queryfile "$work/$1.q" -out "$work/$1.r" 2>/dev/null &&
	    "$dossier" stamp "$work/$1.zip" -q --query "$work/$1.q" \
	    --reply-in "$work/$1.r" &&
	    mkdir "$work/$1" && unzip -q "$work/$1.zip" -d "$work/$1"
}
ok "an archive with every kind of attestation" archive one k "a document"
ok "another by the same key" archive two k "another"
ok "the same document by another key" archive three other "a document" \
   

judge() { run "$dossier" verify "$work/x.zip" --trust "$work/k.pub" --json; }
# ends TEXT STATUS CHANGE...
ends()
{
	local text=$1 wanted=$2
	shift 2
	rebuild "$work/one.zip" "$work/x.zip" "$@"
	judge
	is "$text" "$status" "$wanted"
}
rebuild "$work/one.zip" "$work/x.zip"
ok "the container is written as it was" cmp "$work/one.zip" "$work/x.zip"
stem=tagmanifest-sha256.txt
ends "without its stamp" 0 "-$stem.minisig.tsr"
for member in $stem.sig $stem.p7s $stem.minisig; do
	ends "without $member" 1 "-$member"
	ends "without $member, nor a stamp" 1 "-$member" "-$stem.minisig.tsr"
done
ends "without any" 1 "-$stem.sig" "-$stem.p7s" "-$stem.minisig" \
    "-$stem.minisig.tsr"
for from in two three; do
	for member in $stem.sig $stem.p7s $stem.minisig $stem.minisig.tsr; do
		ends "$member of archive $from" 1 \
		    "$member=$work/$from/a/signatures/$member"
	done
	all=()
	for member in $stem.sig $stem.p7s $stem.minisig $stem.minisig.tsr; do
		all+=("$member=$work/$from/a/signatures/$member")
	done
	ends "all of archive $from" 1 "${all[@]}"
done
# two of three: what is left says what else there was
ends "without SSH and CMS" 1 "-$stem.sig" "-$stem.p7s"
ends "without SSH and minisign" 1 "-$stem.sig" "-$stem.minisig" \
    "-$stem.minisig.tsr"
ends "without CMS and minisign" 1 "-$stem.p7s" "-$stem.minisig" \
    "-$stem.minisig.tsr"
# of the same bytes by somebody else: each is a good signature, and not his
# whom the other attestations name
tags=$work/one/a/$stem
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -subj "/CN=Office" -days 30 -addext keyUsage=critical,digitalSignature \
    -keyout "$work/forger.key" -out "$work/forger.pem" 2>/dev/null
openssl cms -sign -binary -noattr -outform DER -md sha256 -in "$tags" \
    -signer "$work/forger.pem" -inkey "$work/forger.key" \
    -out "$work/forged.p7s" 2>/dev/null
ok "openssl finds the forger's CMS good" openssl cms -verify -binary \
    -inform DER -in "$work/forged.p7s" -content "$tags" -noverify \
    -out "$work/out"
ssh-keygen -q -t ed25519 -N "" -f "$work/forger"
cp "$tags" "$work/tags"
ssh-keygen -q -Y sign -f "$work/forger" -n dossier-seal@v1 "$work/tags" 2>/dev/null
cp "$tags" "$work/tags2"
minisign -S -W -s "$work/other.key" -m "$work/tags2" -x "$work/forged.minisig" \
    </dev/null >/dev/null 2>&1
ok "the forger made all three" test -s "$work/forged.minisig" -a \
    -s "$work/tags.sig"
for member in $stem.sig=$work/tags.sig $stem.p7s=$work/forged.p7s \
    $stem.minisig=$work/forged.minisig; do
	ends "another's ${member%%=*} of the same bytes" 1 "$member"
done
ends "another's of all kinds" 1 "$stem.sig=$work/tags.sig" \
    "$stem.p7s=$work/forged.p7s" "$stem.minisig=$work/forged.minisig" \
    "-$stem.minisig.tsr"
for extra in $stem.asc $stem.minisig.sig renewal-02.tsr other.sig; do
	ends "with $extra as well" 1 "$extra=$work/one/a/signatures/$stem.sig"
done
ends "a renewal that is the first stamp" 1 \
    "renewal-01.tsr=$work/one/a/signatures/$stem.minisig.tsr"

# one that has fewer, with what the other has
run "$dossier" pack "$work/docs" -o "$work/few.zip" --name a \
    --key "$work/k.key" -q
rebuild "$work/few.zip" "$work/x.zip" "$stem.p7s=$work/two/a/signatures/$stem.p7s"
judge
is "a CMS signature that the statement does not name" "$status" 1
run "$dossier" pack "$work/docs" -o "$work/none.zip" --name a --unsigned -q
rebuild "$work/none.zip" "$work/x.zip" \
    "$stem.minisig=$work/two/a/signatures/$stem.minisig"
judge
is "a seal on what was never sealed" "$status" 1
done_testing
