#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier verify: four verdicts, every finding, and no changed bit unseen.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

key=$work/k.key pub=$work/k.pub zip=$work/a.zip
run "$dossier" keygen -o "$work/k" --no-passphrase
run "$dossier" keygen -o "$work/other" --no-passphrase
mkdir "$work/in"
cp /usr/include/linux/[a-f]*.h "$work/in"
head -c 1500000 /dev/urandom >"$work/in/random"
head -c 1500000 /dev/zero >"$work/in/zero"
run "$dossier" pack "$work/in" -o "$zip" --key "$key"

# --- verdicts -----------------------------------------------------------------

exits "a trusted key" 0 "$dossier" verify "$zip" --trust "$pub"
ok "the verdict comes first" says <(head -n 1 "$work/out") ': Intact: nothing'
exits "no trusted key" 5 "$dossier" verify "$zip"
exits "another trusted key" 5 "$dossier" verify "$zip" --trust "$work/other.pub"
ok "it names the key that was expected" says "$work/out" \
    "$(sed -n '1s/.* //p' "$work/other.pub")"
ok "the key that was found" says "$work/out" "$(sed -n '1s/.* //p' "$pub")"
ok "and the next step" says "$work/out" '--trust FILE.pub'
mkdir "$work/keys"
cp "$pub" "$work/other.pub" "$work/keys"
exits "a folder of keys" 0 "$dossier" verify "$zip" --trust "$work/keys"
mkdir -p "$work/config/dossier/trusted"
cp "$pub" "$work/config/dossier/trusted"
exits "the usual folder of keys" 0 \
    env XDG_CONFIG_HOME="$work/config" "$dossier" verify "$zip"
run "$dossier" pack "$work/in" -o "$work/unsigned.zip" --unsigned
exits "nobody has signed" 5 "$dossier" verify "$work/unsigned.zip"
exits "from a pipe" 0 bash -c 'cat "$1" | "$2" verify - --trust "$3"' - \
    "$zip" "$dossier" "$pub"
exits "the container alone" 0 "$dossier" verify --layer zip "$zip"

# --- for programs ----------------------------------------------------------------

run "$dossier" verify "$zip" --trust "$pub" --json
ok "the last line is the summary" says <(tail -n 1 "$work/out") \
    '"exit":0.*"type":"summary","verdict":"intact-trusted"'
run "$dossier" verify "$zip" "$work/unsigned.zip" --trust "$pub" --json
is "one summary a file" "$(grep -c '"type":"summary"' "$work/out")" 2
is "the worst exit of all" "$status" 5
ok "every line is JSON" python3 -c 'import json, sys
for line in open(sys.argv[1]): json.loads(line)' "$work/out"

# --- list ---------------------------------------------------------------------------

exits "list" 0 "$dossier" list "$zip" --trust "$pub"
is "names every member" "$(wc -l <"$work/out")" "$(unzip -Z1 "$zip" | wc -l)"
exits "list, nobody trusted" 5 "$dossier" list "$zip"

# --- changes -------------------------------------------------------------------------

# changed TEXT ID: an archive that says $work/b.zip is refused with the finding
changed()
{
	run "$dossier" verify "$work/b.zip" --trust "$pub" --json
	is "$1" "$status" 1
	ok "$1: $2" says "$work/out" "\"id\":\"$2\""
}

flips=${FLIPS:-50}
cp "$zip" "$work/b.zip"
is "one flipped bit in each of $flips random places" \
    "$(tests/support/flip "$work/b.zip" $flips 1 "$dossier" verify -q \
    "$work/b.zip" --trust "$pub" 2>"$work/err")" $flips
ok "the file is as it was" cmp "$zip" "$work/b.zip"

head -c 100000 "$zip" >"$work/b.zip"
changed "a truncated archive" zip/truncated
(cat "$zip" && echo) >"$work/b.zip"
changed "something behind the end" zip/trailing-data
(echo && cat "$zip") >"$work/b.zip"
changed "something before the start" zip/not-a-zip
: >"$work/b.zip"
changed "an empty file" zip/not-a-zip
cp "$pub" "$work/b.zip"
changed "not an archive" zip/not-a-zip
(cd "$work" && rm b.zip && zip -q b.zip k.pub)
changed "somebody else's ZIP file" zip/version

# a seal taken off: the same members, packed by somebody else's hand
rm -rf "$work/x"
mkdir "$work/x"
unzip -q "$zip" -d "$work/x"
(cd "$work/x" && zip -qr -X ../c.zip a)
cp "$work/c.zip" "$work/b.zip"
changed "unpacked and packed again by zip" bag/order

run "$dossier" pack "$work/in" -o "$work/d.zip" --key "$work/other.key" \
    --name a
exits "sealed by another key" 5 "$dossier" verify "$work/d.zip" --trust "$pub"

# --- wrong use, wrong input --------------------------------------------------------------

exits "not there" 10 "$dossier" verify "$work/nothing.zip"
exits "no operand" 2 "$dossier" verify
exits "a key that is none" 6 "$dossier" verify "$zip" --trust "$zip"
exits "a FIFO is no archive" 1 bash -c 'mkfifo "$1/f"; "$2" verify "$1/f"' - \
    "$work" "$dossier"
exits "a device is no archive" 1 "$dossier" verify /dev/zero
exits "a full disk under the output" 13 \
    bash -c '"$1" verify "$2" --trust "$3" >/dev/full' - \
    "$dossier" "$zip" "$pub"

# --- a folder for keys that has none --------------------------------------------

mkdir "$work/nokeys" && touch "$work/nokeys/k.key"
exits "--trust FOLDER without keys" 6 "$dossier" verify "$work/a.zip" \
    --trust "$work/nokeys"
ok "is told, with what is wanted" says "$work/err" \
    'nokeys: no key is in this folder; wanted files NAME.pub'

# --- in one order, however many threads --------------------------------------------

mkdir "$work/many"
for i in {1..6}; do
	head -c 900000 /dev/urandom | base64 >"$work/many/large$i"
done
for i in {1..900}; do
	echo "$i" >"$work/many/small$i"
done
run "$dossier" pack "$work/many" -o "$work/many.zip" --unsigned
# wrong sums and times of members large and small, lines that are none
python3 - "$work/many.zip" "$work/b.zip" <<'END'
import struct, sys, zlib
old = open(sys.argv[1], "rb").read()
count, _, at = struct.unpack("<HII", old[-12:-2])
new, directory = bytearray(), bytearray()
for n in range(count):
    central = bytearray(old[at:at + 46])
    packed, _, length = struct.unpack("<IIH", central[20:30])
    offset, = struct.unpack("<I", central[42:])
    name = old[at + 46:at + 46 + length]
    at += 46 + length
    local = bytearray(old[offset:offset + 30])
    data = old[offset + 30 + length:offset + 30 + length + packed]
    if name.endswith(b"/documents.jsonl"):
        lines = zlib.decompress(data, -15).splitlines(True)
        lines[3::40] = [b"{}\n"] * len(lines[3::40])
        lines[700] = b"x" * 70000 + b"\n"
        content, deflate = b"".join(lines), zlib.compressobj(wbits=-15)
        data = deflate.compress(content) + deflate.flush()
        local[14:26] = central[16:28] = struct.pack("<III",
            zlib.crc32(content), len(data), len(content))
    elif n % 3 == 0:
        local[14] ^= 1
        central[16] ^= 1
    elif n % 7 < 2:
        local[10] ^= 1
    central[42:] = struct.pack("<I", len(new))
    new += local + name + data
    directory += central + name
new += directory + old[-22:-10] + struct.pack("<IIH", len(directory), len(new), 0)
open(sys.argv[2], "wb").write(new)
END
run "$dossier" verify "$work/b.zip" --json --jobs 1
cp "$work/out" "$work/one"
ok "many findings, of all three kinds" test \
    "$(grep -oE '"id":"(zip/crc|zip/time|json/documents)"' "$work/one" |
        sort -u | wc -l)" = 3
for jobs in 2 3 8; do
	exits "$jobs threads" 1 "$dossier" verify "$work/b.zip" --json --jobs $jobs
	ok "say the same in the same order" cmp "$work/out" "$work/one"
done

done_testing
