#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier prove, verify-proof: one document, its signer, and no neighbour.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

key=$work/k.key pub=$work/k.pub zip=$work/a.zip
run "$dossier" keygen -o "$work/k" --no-passphrase
run "$dossier" keygen -o "$work/other" --no-passphrase
mkdir "$work/in" "$work/in/sub"
for i in 1 2 3 4 5 6; do echo "secret-$i" >"$work/in/name-$i.txt"; done
head -c 3000000 /dev/urandom >"$work/in/sub/large"
"$dossier" request --template >"$work/request.json"
run "$dossier" pack "$work/in" -o "$zip" --key "$key" \
    --request "$work/request.json"
request=$(unzip -p "$zip" a/dossier/statement.json |
    sed 's/.*"request":"\([^"]*\)".*/\1/')
proof=$work/proof

# --- made and judged -----------------------------------------------------------

exits "a proof is made" 0 \
    "$dossier" prove "$zip" data/files/name-3.txt -o "$proof" --trust "$pub"
ok "it says so" says "$work/out" 'Proved: the document'
exits "it holds" 0 "$dossier" verify-proof "$proof" --trust "$pub"
ok "the verdict comes first" says <(head -n 1 "$work/out") ': Proved: '
ok "then the document" says "$work/out" "data/files/name-3.txt, 9 bytes, \
SHA-256 $(sha256sum <"$work/in/name-3.txt" | cut -c 1-64)"
ok "the archive's documents" says "$work/out" '^Archive: .*, 7 documents'
ok "the request that it answers" says "$work/out" "^Request: $request\.$"
ok "at most fifteen lines" test "$(wc -l <"$work/out")" -le 15
ok "the document is the document" \
    cmp "$work/in/name-3.txt" "$proof/data/files/name-3.txt"
is "the folder is the owner's" "$(stat -c %a "$proof")" 700
is "no file is for others" "$(find "$proof" -type f -perm /077)" ''

exits "nobody trusted" 5 "$dossier" verify-proof "$proof"
ok "it names the key" says "$work/out" "$(sed -n '1s/.* //p' "$pub")"
exits "another trusted key" 5 \
    "$dossier" verify-proof "$proof" --trust "$work/other.pub"
exits "a proof of an unknown signer's archive" 5 \
    "$dossier" prove "$zip" data/files/name-3.txt -o "$work/proof5"
ok "is the same proof" diff -r "$proof" "$work/proof5"

run "$dossier" verify-proof "$proof/" --trust "$pub" --json
ok "for programs" says <(tail -n 1 "$work/out") \
    '"exit":0.*"type":"summary","verdict":"intact-trusted"'
ok "every line is JSON" python3 -c 'import json, sys
for line in open(sys.argv[1]): json.loads(line)' "$work/out"

exits "a large document, by the name that unzip shows" 0 \
    "$dossier" prove "$zip" a/data/files/sub/large -o "$work/large" \
    --trust "$pub"
exits "holds" 0 "$dossier" verify-proof "$work/large" --trust "$pub"
ok "is whole" cmp "$work/in/sub/large" "$work/large/data/files/sub/large"

# --- nothing of the neighbours ------------------------------------------------

ok "no name and no content of another document" \
    bash -c '! grep -rqE "name-[^3]|secret-[^3]|large" "$1"' - "$proof"
for i in 1 2 4 5 6; do
	ok "nor the digest of $i" bash -c '! grep -rq "$2" "$1"' - "$proof" \
	    "$(sha256sum <"$work/in/name-$i.txt" | cut -c 1-64)"
done

# --- with stock tools, as PROOF.txt says ----------------------------------------

echo "dossier-seal namespaces=\"dossier-seal@v1\" $(unzip -p "$zip" \
    a/keys/allowed_signers | grep -o 'ssh-ed25519 .*')" >"$work/signers"
# told BLOCK COMMAND...: what a block of commands prints
told()
{
	(cd "$1" && "$OLDPWD/tests/support/commands" PROOF.txt \
	    KEY.pub="$pub" ALLOWED_SIGNERS="$work/signers" LEAVES="$leaves" \
	    TSA.pem="$work/tsa/ec/root.pem" CA.pem="$work/x.pem" |
	    awk -v RS= -v n="$2" 'NR == n' | PATH=$(dirname "$dossier"):$PATH \
	    bash -e) >"$work/out" 2>"$work/err"
}
for folder in "$proof" "$work/large"; do
	leaves=0
	ok "PROOF.txt: dossier" told "$folder" 1
	ok "PROOF.txt: sha256sum" told "$folder" 2
	is "PROOF.txt: both digests are one" \
	    "$(grep -oE '[0-9a-f]{64}' "$work/out" | sort -u | wc -l)" 1
	ok "PROOF.txt: minisign" told "$folder" 3
	sealed=$(grep -oE 'documents:[0-9]+:[0-9a-f]{64}' "$work/out")
	leaves=$(cut -d : -f 2 <<<"$sealed")
	ok "PROOF.txt: ssh-keygen" told "$folder" 4
	ok "PROOF.txt: the tree" told "$folder" 5
	is "PROOF.txt: it leads to the root" "$(cat "$work/out")" \
	    "0 $(cut -d : -f 3 <<<"$sealed")"
done

# --- changed ------------------------------------------------------------------------

# refused TEXT ID: the proof in $work/bad is refused with the finding
refused()
{
	run "$dossier" verify-proof "$work/bad" --trust "$pub" --json
	is "$1" "$status" 1
	ok "$1: $2" says "$work/out" "\"id\":\"$2\""
	rm -rf "$work/bad"
	cp -r "$proof" "$work/bad"
}
cp -r "$proof" "$work/bad"
echo >>"$work/bad/data/files/name-3.txt"
refused "a changed document" proof/document
sed -i 's/"index":[0-9]*/"index":3/' "$work/bad/proof.json"
refused "another index" proof/path
sed -i 's/"path":\[[^]]*\]/"path":[]/' "$work/bad/proof.json"
refused "no audit path" proof/path
sed -i 's/"index":/"index": /' "$work/bad/proof.json"
refused "another form of proof.json" proof/malformed
sed -i 's/name-3.txt","name_base64/name-4.txt","name_base64/' \
    "$work/bad/line.jsonl"
refused "another name in the line" proof/path
sed -i 's|"path":"[^"]*"|"path":"proof.json"|' "$work/bad/line.jsonl"
refused "a line that names another part" proof/malformed
cp "$work/other.pub" "$work/bad/keys/seal.pub"
refused "another key" seal/key
sed -i 's/documents:7/documents:8/' "$work"/bad/signatures/*.minisig
refused "another number of leaves" seal/signature
rm "$work/bad/tagmanifest-sha256.txt"
refused "no tag manifest" proof/malformed
rm -r "$work/bad" && mkdir "$work/bad"
refused "nothing" proof/malformed
echo >"$work/bad/signatures/tagmanifest-sha256.txt.p7s"
refused "a CMS signature that is none" sign/invalid
echo >"$work/bad/signatures/tagmanifest-sha256.txt.minisig.tsr"
refused "a time stamp that is none" time/invalid
sed -i '$d' "$work/bad/keys/allowed_signers"
refused "another file of keys" sign/invalid

# --- certificates and time stamps; an encrypted archive ---------------------------

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -subj /CN=office -days 30 -addext keyUsage=critical,digitalSignature \
    -keyout "$work/x.key" -out "$work/x.pem" 2>"$work/err"
chmod 600 "$work/x.key"
tests/support/make-tsa "$work/tsa" >"$work/out" 2>"$work/err"
run "$dossier" pack "$work/in" -o "$work/c.zip" --key "$key" \
    --x509-key "$work/x.key" --x509-cert "$work/x.pem"
run "$dossier" stamp "$work/c.zip" --query-out "$work/query"
openssl ts -reply -config "$work/tsa/ec/tsa.cnf" -queryfile "$work/query" \
    -out "$work/reply" 2>"$work/err"
run "$dossier" stamp "$work/c.zip" --query "$work/query" \
    --reply-in "$work/reply"
roots=(--ca "$work/x.pem" --tsa-ca "$work/tsa/ec/root.pem")
exits "with a certificate and a time stamp" 0 "$dossier" prove \
    "$work/c.zip" data/files/name-1.txt -o "$work/c" "${roots[@]}"
exits "the certificate is enough" 0 "$dossier" verify-proof "$work/c" \
    "${roots[@]}" --require-x509 --require-time
ok "it says who certifies it" says "$work/out" 'Certified: .*office'
ok "and when it existed" says "$work/out" 'existed not later than'
exits "a root that is required and not trusted" 5 "$dossier" verify-proof \
    "$work/c" --trust "$pub" --require-x509
ok "PROOF.txt: openssl cms" told "$work/c" 5
ok "PROOF.txt: openssl ts" told "$work/c" 6
cp -r "$work/c" "$work/c2"
printf '\1' | dd of="$work/c2/signatures/tagmanifest-sha256.txt.p7s" bs=1 \
    seek=300 conv=notrunc status=none
exits "a changed CMS signature" 1 "$dossier" verify-proof "$work/c2" \
    --trust "$pub"
cp "$work/other.pub" "$work/c/keys/seal.pub"
exits "a certificate does not vouch for another key" 1 "$dossier" \
    verify-proof "$work/c" "${roots[@]}"

echo secret >"$work/pass"
chmod 600 "$work/pass"
run "$dossier" encrypt "$zip" -o "$work/e.zip.age" \
    --passphrase-file "$work/pass"
exits "a proof from an encrypted archive" 0 "$dossier" prove \
    "$work/e.zip.age" data/files/name-3.txt -o "$work/e" --trust "$pub" \
    --passphrase-file "$work/pass"
ok "is the same" diff -r "$proof" "$work/e"
run "$dossier" verify-proof "$proof" --trust "$pub" --json
if "$dossier" verify --json "$zip" | grep -q '"sandbox":"full"'; then
	ok "judged in a sandbox" says "$work/out" '"sandbox":"full"'
else
	skip "judged in a sandbox" "this system has none"
fi

# --- what cannot be proved ---------------------------------------------------------------

# impossible TEXT STATUS WORDS OPERAND...
impossible()
{
	local text=$1 wanted=$2 words=$3
	shift 3
	rm -rf "$work/new"
	mkdir "$work/new"
	exits "$text" "$wanted" "$dossier" prove "$@"
	ok "$text: says what" says <(cat "$work/out" "$work/err") "$words"
	is "$text: nothing is left" "$(ls -A "$work/new")" ''
}
new=$work/new/p
doc=data/files/name-1.txt
impossible "a document that is not there" 1 'no such document' \
    "$zip" data/files/no -o "$new" --trust "$pub"
impossible "not a document" 1 'no such document' "$zip" bagit.txt -o "$new"
impossible "no output" 2 output "$zip" "$doc"
impossible "no document" 2 'one of its documents' "$zip" -o "$new"
impossible "a pipe" 2 'a file, found -' - "$doc" -o "$new"
impossible "no such archive" 10 'No such file' "$work/no.zip" "$doc" -o "$new"
impossible "a key that is none" 6 'public key' "$zip" "$doc" -o "$new" \
    --trust "$key"
impossible "no folder for the output" 10 'No such file' "$zip" "$doc" \
    -o "$new/no/p"
head -c 10000 "$zip" >"$work/short.zip"
impossible "a damaged archive" 1 'changed or damaged' "$work/short.zip" \
    "$doc" -o "$new" --trust "$pub"
run "$dossier" pack "$work/in" -o "$work/unsigned.zip" --unsigned
impossible "an archive that nobody signed" 1 'nobody has signed' \
    "$work/unsigned.zip" "$doc" -o "$new"
exits "an output that exists" 1 "$dossier" prove "$zip" "$doc" -o "$proof"
ok "it is untouched" test ! -e "$proof/$doc"
exits "verify-proof: not there" 10 "$dossier" verify-proof "$work/no"
exits "verify-proof: not a folder" 10 "$dossier" verify-proof "$zip"
exits "verify-proof: two" 2 "$dossier" verify-proof "$proof" "$proof"

done_testing
