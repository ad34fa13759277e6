#!/bin/bash
# SPDX-License-Identifier: ISC
# A second verifier, written in Python from docs/FORMAT.md alone, and dossier
# verify say the same: of good archives of all kinds, of one broken rule at a
# time, and of archives changed by chance.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
export PYTHONDONTWRITEBYTECODE=1
second=tests/second/second.py

# agree TEXT STATUS FILE OPTION...: both end with STATUS
agree()
{
	local text=$1 wanted=$2
	shift 2
	exits "$text: dossier" "$wanted" "$dossier" verify -q "$@"
	exits "$text: second" "$wanted" python3 "$second" "$@"
}

# packed TEXT FILE PACK-OPTION...: an archive is made; both call it intact
packed()
{
	local text=$1 file=$2
	shift 2
	run "$dossier" pack "$@" -o "$file" --key "$work/k.key"
	agree "$text" 0 "$file" --trust "$work/k.pub"
}

# --- what the second verifier stands on -----------------------------------------

run python3 tests/second/vectors.py
while read -r line; do
	ok "${line#*- }" test "${line%% *}" = ok
done <"$work/out"

mkdir "$work/samples"
ok "samples" python3 tests/second/samples.py "$work/samples"
for name in folder empty plain case receipt certified stamped; do
	agree "made by Python: $name" 0 "$work/samples/$name.zip" \
	    --trust "$work/samples/key.pub"
done
agree "made by Python: unsigned" 5 "$work/samples/unsigned.zip"
unzip -q "$work/samples/folder.zip" -d "$work/samples"
bag=$work/samples/bag
ok "the seal made by Python: minisign" minisign -Vq \
    -p "$work/samples/key.pub" -m "$bag/tagmanifest-sha256.txt" \
    -x "$bag/signatures/tagmanifest-sha256.txt.minisig"
exits "the SSH signature made by Python: ssh-keygen" 0 bash -c \
    'ssh-keygen -Y verify -f "$1/keys/allowed_signers" -I dossier-seal \
    -n dossier-seal@v1 -s "$1/signatures/tagmanifest-sha256.txt.sig" \
    <"$1/tagmanifest-sha256.txt"' - "$bag"
ok "the digests made by Python: sha256sum" bash -c \
    'cd "$1" && sha256sum -c --strict --quiet *manifest-sha256.txt' - "$bag"

# --- archives that dossier pack makes ----------------------------------------------

run "$dossier" keygen -o "$work/k" --no-passphrase
run "$dossier" keygen -o "$work/other" --no-passphrase
cp -r /usr/include/linux/netfilter "$work/real"
packed "a real folder" "$work/real.zip" "$work/real"

odd=$work/odd
mkdir -p "$odd/sub/deep" "$odd/empty" "$odd/Case" "$odd/case" "$odd/renamed/x"
echo one >"$odd/plain.txt"
echo two >"$odd/with space.TXT"
echo three >"$odd"/$'new\nline.md'
echo four >"$odd"/$'latin-\xe9.txt'
echo five >"$odd/.hidden"
echo six >"$odd/CON.txt"
echo seven >"$odd/Same" && echo eight >"$odd/same"
echo nine >"$odd/Case/a" && echo ten >"$odd/case/b" && echo x >"$odd/case/A"
echo eleven >"$odd/renamed/mine" && echo y >"$odd/renamed/x/y.tar.gz"
echo twelve >"$odd/sub/deep/été.json"
echo z >"$odd/dot." && echo z >"$odd/no.extension-at-all"
echo z >"$odd/a.İİ" && echo z >"$odd/"$'b.\xff\xfe' && echo z >"$odd/~.TaR"
: >"$odd/nothing"
echo thirteen >"$odd/$(printf 'n%.0s' {1..120})"
packed "odd names" "$work/odd.zip" "$odd"

mkdir -p "$work/large/"{a..z}/{1..50}
for size in 0 1 511 65535 65536 1048576 1048577; do
	head -c $size /dev/zero >"$work/large/zero$size"
	head -c $size /dev/urandom >"$work/large/random$size"
	yes "a line of text" | head -c $size >"$work/large/text$size"
done
for level in 0 1 9; do
	packed "large files at level $level" "$work/large$level.zip" \
	    "$work/large" --level $level
done

mkdir "$work/none"
packed "nothing" "$work/none.zip" "$work/none"
ln -s none "$work/real/link"
mkfifo "$work/real/fifo"
packed "links" "$work/links.zip" "$work/real"
"$dossier" request --template >"$work/request.json"
packed "request and languages" "$work/request.zip" "$work/real" \
    --request "$work/request.json" --lang nl --lang fr
packed "another name" "$work/named.zip" "$work/odd" \
    --name "$(printf 'n%.0s' {1..32})"
packed "the one after" "$work/after.zip" "$work/odd" \
    --request "$work/request.json" --previous "$work/request.zip"
run "$dossier" pack "$work/odd" -o "$work/unsigned.zip" --unsigned
agree "unsigned" 5 "$work/unsigned.zip"

# --- CMS and time stamps ---------------------------------------------------------

tests/support/make-tsa "$work/tsa" >/dev/null 2>&1
for kind in rsa ec; do
	options=(-newkey rsa:2048)
	[ $kind = rsa ] ||
	    options=(-newkey ec -pkeyopt ec_paramgen_curve:P-256)
	openssl req -x509 "${options[@]}" -nodes -subj "/CN=$kind" -days 30 \
	    -addext keyUsage=critical,digitalSignature \
	    -keyout "$work/$kind.key" -out "$work/$kind.pem" 2>/dev/null
	chmod 600 "$work/$kind.key"
	packed "CMS, $kind" "$work/$kind.zip" "$work/none" \
	    --x509-key "$work/$kind.key" --x509-cert "$work/$kind.pem"
	for round in first second third; do
		rm -f "$work/query" "$work/reply"
		run "$dossier" stamp "$work/$kind.zip" \
		    --query-out "$work/query"
		run openssl ts -reply -config "$work/tsa/$kind/tsa.cnf" \
		    -queryfile "$work/query" -out "$work/reply"
		run "$dossier" stamp "$work/$kind.zip" \
		    --query "$work/query" --reply-in "$work/reply"
		agree "the $round stamp, $kind" 0 "$work/$kind.zip" \
		    --trust "$work/k.pub"
	done
done

# --- a case -------------------------------------------------------------------------

# shellcheck disable=SC2317 # called by trap
stop()
{
	kill "$simulator" 2>/dev/null
	rm -rf "$work"
}

state=$work/state
coproc SIMULATOR { exec "$BUILD/bin/dossier-simulator" --state "$state" \
    --parent --lifetime-s 120 --runs 20 2>"$work/said"; }
simulator=$SIMULATOR_PID
trap stop EXIT
read -r -t 10 ready <&"${SIMULATOR[0]}"
params=()
for param in subscriptionId=3f1d6c52-8a4e-4b7a-9c0e-5d2b71f0a946 \
    resourceGroupName=research location=westeurope accountName=noordzee \
    workspaceName=customers projectName=churn; do
	params+=(--param "$param")
done
exits "a case is collected" 0 "$dossier" collect "$work/case" \
    --connector azureml-experimentation "${params[@]}" \
    --identity objectId=7b1e4c9a-2f60-4d83-a5b7-90c3e8d1f264 \
    --ca-file "$state/ca.pem" --connect-to "::127.0.0.1:${ready#port }" \
    --credential "arm-token=file:$state/token"
packed "a case" "$work/case.zip" "$work/case" \
    --request "$work/request.json" --lang nl --lang en

# --- trust, and what is no archive ----------------------------------------------------

zip=$work/none.zip
agree "no trusted key" 5 "$zip"
agree "another trusted key" 5 "$zip" --trust "$work/other.pub"
mkdir -p "$work/keys" "$work/config/dossier/trusted"
cp "$work/k.pub" "$work/other.pub" "$work/keys"
cp "$work/k.pub" "$work/config/dossier/trusted"
echo no key >"$work/keys/.hidden.pub"
agree "a folder of keys" 0 "$zip" --trust "$work/keys"
export XDG_CONFIG_HOME=$work/config
agree "the usual folder of keys" 0 "$zip"
unset XDG_CONFIG_HOME
(cat "$work/k.pub" && echo "not_after: 2020-01-01T00:00:00Z") \
    >"$work/expired.pub"
agree "a key that is trusted no more" 5 "$zip" --trust "$work/expired.pub"
agree "a key that is none" 6 "$zip" --trust "$zip"
echo no key >"$work/keys/some.pub"
agree "a folder with a key that is none" 6 "$zip" --trust "$work/keys"
: >"$work/nothing"
agree "an empty file" 1 "$work/nothing"
agree "no archive" 1 "$work/k.pub"
head -c 5000 "$zip" >"$work/cut.zip"
agree "a part of one" 1 "$work/cut.zip" --trust "$work/k.pub"
(cd "$work" && zip -q zip.zip k.pub)
agree "somebody else's ZIP file" 1 "$work/zip.zip"

# --- one broken rule at a time, and chance ---------------------------------------------

# sanitizers make each run ten times as slow
count=2000
[[ $(ldd "$BUILD/bin/dossier-verifier") != *libasan* ]] || count=100
exits "$count changed archives" 0 python3 tests/second/mutate.py \
    --dossier "$dossier" --count $count
sed 's/^/# /' "$work/out"

done_testing
