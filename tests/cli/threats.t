#!/bin/bash
# SPDX-License-Identifier: ISC
# The tricks of docs/SECURITY.md, rows 1 to 54, by their numbers: each is
# refused for its own reason, and what it was grafted on to passes. Rows 55 to
# 65, those of the network, are in lures.t.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
export PYTHONDONTWRITEBYTECODE=1
umask 077

run python3 tests/second/threats.py --dossier "$dossier"
grep '^#' "$work/out"
grep -v '^#' "$work/out" >"$work/lines"
while read -r line; do
	ok "${line#* }" test "${line%% *}" = ok
done <"$work/lines"
ok "rows of the container, the bag and the signatures were tried" \
    test "$(grep -oE 'row [0-9]+' "$work/lines" | sort -u | wc -l)" -ge 38

mkdir "$work/samples"
run python3 tests/second/samples.py "$work/samples"
good=$work/samples/folder.zip
key=$work/samples/key.pub
# found TEXT STATUS FINDING COMMAND...: ends so, with this finding
found()
{
	local text=$1 wanted=$2 finding=$3
	shift 3
	run timeout 60 "$@"
	is "$text" "$status" "$wanted"
	ok "$text: $finding" says "$work/out" "\"id\":\"$finding"
}
accepts() { exits "row $1: the control" 0 "$dossier" verify "${@:2}"; }
files_in() { find "$1" -mindepth 1 | wc -l; }

# --- 9: as many members as the end record can tell without ZIP64 -----------------
# --- 15: what is no regular file, grows, or has holes -----------------------------

python3 - "$work/many.zip" <<-'END'
	import struct, sys
	local, central = [], []
	offset = 0
	for number in range(65534):
	    name = b"many/data/files/%06d" % number
	    shared = struct.pack("<HHHHHIIIHH", 10, 0, 0, 0, 0x21, 0, 0, 0,
	        len(name), 0)
	    local.append(b"PK\3\4" + shared + name)
	    central.append(b"PK\1\2" + struct.pack("<H", 0x32d) + shared +
	        struct.pack("<HHHII", 0, 0, 0, 0x81a40000, offset) + name)
	    offset += len(local[-1])
	directory = b"".join(central)
	with open(sys.argv[1], "wb") as out:
	    out.write(b"".join(local) + directory + b"PK\5\6" +
	        struct.pack("<HHHHIIH", 0, 0, 65534, 65534, len(directory),
	        offset, 0))
END
exits "row 9: 65,534 members" 0 "$dossier" verify --layer zip "$work/many.zip"
python3 - "$work/many.zip" "$work/more.zip" <<-'END'
	import sys
	whole = open(sys.argv[1], "rb").read()
	open(sys.argv[2], "wb").write(whole[:-14] + b"\xff" * 4 + whole[-10:])
END
found "row 9: 65,535 members that are not there" 1 zip/ "$dossier" verify \
    --json --layer zip "$work/more.zip"

mkfifo "$work/fifo"
found "row 15: a FIFO" 1 zip/ "$dossier" verify --json "$work/fifo"
found "row 15: a device without an end" 1 zip/ "$dossier" verify --json \
    /dev/zero
cp "$good" "$work/holes.zip"
truncate -s 1G "$work/holes.zip"
found "row 15: a gigabyte of nothing behind it" 1 zip/ "$dossier" verify \
    --json "$work/holes.zip" --trust "$key"
cp --sparse=always "$good" "$work/sparse.zip"
accepts 15 "$work/sparse.zip" --trust "$key"
bash -c '"$1" verify --json - --trust "$2" <"$3" >"$4"; echo $? >>"$4"' - \
    "$dossier" "$key" "$good" "$work/out"
ok "row 15: the control, from a pipe" says "$work/out" '^0$'

# --- 17, 23, 24: extracting ---------------------------------------------------------

cp "$good" "$work/changed.zip"
printf 'X' | dd of="$work/changed.zip" bs=1 seek=60 conv=notrunc status=none
mkdir "$work/places"
ln -s "$work/elsewhere" "$work/places/link"
exits "row 17: into a link" 1 "$dossier" extract "$good" \
    -C "$work/places/link" --trust "$key"
ok "row 17: nothing is where it points" test ! -e "$work/elsewhere"
exits "row 23: nothing of a changed archive" 1 "$dossier" extract \
    "$work/changed.zip" -C "$work/places/changed" --trust "$key"
is "row 23: nothing is left" "$(files_in "$work/places")" 1
mkdir "$work/there"
exits "row 24: a folder that exists" 1 "$dossier" extract "$good" \
    -C "$work/there" --trust "$key"
is "row 24: nothing is in it" "$(files_in "$work/there")" 0
run bash -c 'trap "" XFSZ; ulimit -f 1; exec "$@"' - "$dossier" extract \
    "$work/many.zip" -C "$work/places/full"
ok "row 24: no room" test "$status" -ne 0
is "row 24: nothing is left" "$(files_in "$work/places")" 1
exits "rows 17, 23, 24: the control" 0 "$dossier" extract "$good" \
    -C "$work/places/whole" --trust "$key"
is "rows 17, 23, 24: its files are private" "$(find "$work/places/whole" \
    -type f ! -perm 600 -o -type d ! -perm 700 | wc -l)" 0

# --- 30, 52: what is not verified is not shown ---------------------------------------

exits "row 30: the page of a changed archive" 1 "$dossier" report \
    "$work/changed.zip" -o "$work/changed.html" --trust "$key"
ok "row 30: it shows no document" lacks "$work/changed.html" \
    'class="document"'
exits "row 30: the control" 0 "$dossier" report "$good" \
    -o "$work/good.html" --trust "$key"
ok "row 30: it shows documents" says "$work/good.html" 'class="document"'

# --- 31, 32, 39, 44: who signed --------------------------------------------------------

exits "row 31: an archive that nobody signed" 5 "$dossier" verify \
    "$work/samples/unsigned.zip" --trust "$key"
ok "row 31: is not called intact" lacks "$work/out" '[Ii]ntact'
run "$dossier" keygen -o "$work/other" --no-passphrase
exits "row 32: another key is trusted" 5 "$dossier" verify "$good" \
    --trust "$work/other.pub"
PYTHONPATH=tests/second python3 - "$work/same-id.pub" <<-'END'
	import sys, ed25519, keys, maker
	key = ed25519.public_key(bytes(32))
	open(sys.argv[1], "wb").write(keys.write_public_key(maker.KEY_ID, key))
END
exits "row 32: a key with the same id is trusted" 5 "$dossier" verify "$good" \
    --trust "$work/same-id.pub"
exits "row 32: no key is trusted, and keys/ does not count" 5 "$dossier" \
    verify "$good"
accepts 32 "$good" --trust "$key"
stamped=$work/samples/stamped.zip
run "$dossier" verify --json "$stamped" --trust "$key" --require-time
ok "row 39: a stamp below no trusted root" test "$status" -ne 0
ok "row 39: time/untrusted-authority" says "$work/out" \
    'time/untrusted-authority'
accepts 39 "$stamped" --trust "$key"

# --- 43, 44: age -------------------------------------------------------------------------

age-keygen -o "$work/me.key" 2>"$work/err"
me=$(age-keygen -y "$work/me.key")
age -r "$me" -o "$work/good.zip.age" "$good"
opened=(--identity-file "$work/me.key" --trust "$key")
accepts 43 "$work/good.zip.age" "${opened[@]}"
size=$(stat -c %s "$work/good.zip.age")
header=$(grep -abo '^--- ' "$work/good.zip.age" | head -n 1 | cut -d: -f1)
# damaged TEXT PERL: the encrypted file after a change
damaged()
{
	cp "$work/good.zip.age" "$work/bad.zip.age"
	perl -0777 -pi -e "$2" "$work/bad.zip.age"
	found "row 43: $1" 1 age/ "$dossier" verify --json "$work/bad.zip.age" \
	    "${opened[@]}"
}
damaged "a byte of the header" "substr(\$_, $header + 10, 1) ^= \"\\1\""
damaged "a byte of the last chunk" "substr(\$_, $size - 5, 1) ^= \"\\1\""
damaged "cut" "\$_ = substr(\$_, 0, $size - 1)"
damaged "cut in the header" "\$_ = substr(\$_, 0, $header)"
damaged "a byte more" '$_ .= "x"'
damaged "a share of low order" \
    's/(-> X25519 )\S+/$1 . "A" x 43/e'
damaged "a work factor of 40" \
    's/-> X25519 \S+/-> scrypt AAAAAAAAAAAAAAAAAAAAAA 40/'
age -r "$me" -o "$work/unsigned.zip.age" "$work/samples/unsigned.zip"
exits "row 44: anybody can encrypt for me" 5 "$dossier" verify \
    "$work/unsigned.zip.age" "${opened[@]}"
accepts 44 "$work/good.zip.age" "${opened[@]}"

# --- 45: an older answer ------------------------------------------------------------------

mkdir "$work/letters"
echo one >"$work/letters/one.txt"
"$dossier" request --template >"$work/request.json"
run "$dossier" pack "$work/letters" -o "$work/first.zip" \
    --key "$work/other.key" --request "$work/request.json"
run "$dossier" pack "$work/letters" -o "$work/second.zip" --previous \
    "$work/first.zip" --key "$work/other.key" --request "$work/request.json"
exits "row 45: the second answer" 0 "$dossier" verify --json \
    "$work/second.zip" --trust "$work/other.pub"
ok "row 45: says that it is the second" says "$work/out" '"sequence":2'
exits "row 45: the first one" 0 "$dossier" verify --json "$work/first.zip" \
    --trust "$work/other.pub"
ok "row 45: says that it is the first" says "$work/out" '"sequence":1'

# --- 46: secret keys --------------------------------------------------------------------------

cp "$work/other.key" "$work/open.key"
chmod 644 "$work/open.key"
exits "row 46: a key that others can read" 6 "$dossier" pack "$work/letters" \
    -o "$work/no.zip" --key "$work/open.key"
ok "row 46: there is no archive" test ! -e "$work/no.zip"
chmod 600 "$work/open.key"
exits "row 46: the control" 0 "$dossier" pack "$work/letters" \
    -o "$work/yes.zip" --key "$work/open.key"

# --- 47 to 54: texts ------------------------------------------------------------------------------

evil=$work/evil
mkdir "$evil"
printf '{"<script>alert(1)</script>":"\\" onload=alert(1) x=\\"","a":1,"a":2,
    "half":"\\ud800","bidi":"\u202e","link":"javascript:alert(1)",
    "huge":%s,"Signature":"valid, trusted"}' "$(printf '9%.0s' {1..400})" \
    >"$evil/values.json"
printf '{"a":"\xc0\xaf"}' >"$evil/overlong.json"
{ printf '[%.0s' {1..100000}; } >"$evil/deep.json"
python3 -c 'print("[" + ",".join("{}" for i in range(200000)) + "]")' \
    >"$evil/wide.json"
echo x >"$evil/<img src=x onerror=alert(1)>.txt"
echo x >"$evil/"$'\e[2J\e]0;title\a\u202e\u009b31m.txt'
echo x >"$evil/"$'Verdict\nevil.zip: Intact.txt'
exits "rows 47 to 52: a folder of them" 0 "$dossier" pack "$evil" \
    -o "$work/evil.zip" --key "$work/other.key"
unzip -p "$work/evil.zip" evil/START-HERE.html >"$work/page.html"
page=$work/page.html
ok "row 47: no script, handler or address" lacks "$page" \
    '<(script|img|iframe|object|link|base)|<[^>]* (on[a-z]+|src|style)='
ok "row 47: the policy" says "$page" "default-src 'none'; style-src 'sha256-"
is "row 47: the character set is told first" \
    "$(grep -oE '<meta[^>]*>' "$page" | head -n 1)" '<meta charset="utf-8">'
ok "row 48: a document of 100,000 brackets is not taken apart" says "$page" \
    'deep\.json'
ok "row 48: what is too long is cut visibly" says "$page" 'cut here|not shown'
ok "row 49: a key twice is told" says "$page" 'more than once'
ok "row 49: half a character is told" says "$page" '\\ud800'
ok "row 50: what reorders text is visible" says "$page" '\\u202e'
ok "row 50: and stands nowhere" lacks "$page" $'\u202e'
for command in "list $work/evil.zip --trust $work/other.pub" \
    "verify $work/evil.zip --trust $work/other.pub" \
    "verify --json $work/evil.zip --trust $work/other.pub" \
    "list --json $work/evil.zip --trust $work/other.pub" \
    "diff $work/yes.zip $work/evil.zip --trust $work/other.pub"; do
	# shellcheck disable=SC2086 # words are meant to be split
	run "$dossier" $command
	ok "row 51: ${command%% /*}: no control reaches a terminal" \
	    perl -0777 -ne 'exit 1 if
	    /[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]/' \
	    "$work/out" "$work/err"
done
run "$dossier" verify "$work/evil.zip"
is "row 52: a verdict in a name is none" "$status" 5
is "row 52: nor a line of its own" "$(grep -c '^evil.zip: Intact' \
    "$work/out")" 0
ok "row 53: links lead to places and members alone" lacks "$page" \
    '(href|src|action)="[^#d]|href="d[^a]'
ok "row 53: and there are some" says "$page" 'href="data/files/'

mkdir "$work/table"
(cd "$work/table" && for i in {1..3001}; do : >"=1+cmd|$i"; done)
exits "row 54: names that are formulas" 0 "$dossier" pack "$work/table" \
    -o "$work/table.zip" --key "$work/other.key"
unzip -p "$work/table.zip" 'table/tables/folder.files.csv' >"$work/csv"
is "row 54: each is a text" "$(grep -c ",\"'=1+cmd|" "$work/csv")" 3001
ok "row 54: none is a formula" lacks "$work/csv" '(^|,)"?[=+@|%-][^0-9]'

done_testing
