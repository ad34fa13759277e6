#!/bin/bash
# SPDX-License-Identifier: ISC
# What verify --json prints: as its schema says, whatever is judged; every byte
# of the file in a class, every check with its count.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

key=$work/k.key pub=$work/k.pub zip=$work/a.zip bad=$work/b.zip
all=$work/all
exits "the schema" 0 "$dossier" verify --schema
ok "is the published one" cmp "$work/out" docs/schemas/result.schema.json

run "$dossier" keygen -o "$work/k" --no-passphrase
mkdir "$work/in"
cp /usr/include/linux/[a-c]*.h "$work/in"
ln -s nowhere "$work/in/link"
run "$dossier" pack "$work/in" -o "$zip" --key "$key"
run "$dossier" pack "$work/in" -o "$work/unsigned.zip" --unsigned
run "$dossier" pack "$work/in" -o "$work/next.zip" --key "$key" --previous "$zip"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -keyout "$work/x.key" -out "$work/x.pem" -subj '/CN=Cl\C3\A9ment' \
    2>"$work/err"
chmod 600 "$work/x.key"
run "$dossier" pack "$work/in" -o "$work/cms.zip" --key "$key" \
    --x509-key "$work/x.key" --x509-cert "$work/x.pem"
umask 077
printf 'a long passphrase\n' >"$work/pass"
printf 'another passphrase\n' >"$work/wrong"
umask 022
run "$dossier" encrypt "$zip" -o "$work/a.zip.age" \
    --passphrase-file "$work/pass"

# say OPTIONS: verify --json, its lines kept; the last of them says how it ended
said=0
unsaid=''
say()
{
	run "$dossier" verify --json --trust "$pub" "$@"
	cat "$work/out" >>"$all"
	said=$((said + 1))
	tail -n 1 "$work/out" | grep -qE "^\{.*\"exit\":$status[,}]" ||
		unsaid+=" ($*)"
}
say "$zip"
say "$work/unsigned.zip"
say "$work/next.zip"
say "$work/cms.zip"
say "$work/cms.zip" --ca "$work/x.pem"
say "$zip" --require-time --require-x509
say --quick "$zip"
say --layer zip "$zip"
say "$work/a.zip.age" --passphrase-file "$work/pass"
say "$work/a.zip.age" --passphrase-file "$work/wrong"
say "$work/a.zip.age"
say "$work/missing.zip"
say /etc/passwd
say --bag "$work/in"
say "$zip" "$work/missing.zip" "$work/unsigned.zip" /etc/passwd
say
unzip -q "$zip" -d "$work/unpacked"
say "$work/unpacked/a"
say --bag "$work/unpacked/a"
size=$(stat -c %s "$zip")
# one damaged bit at many places, one cut at each of them, other bytes behind
for at in $(seq 0 $((size / 25)) $((size - 1))); do
	python3 -c 'import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[int(sys.argv[2])] ^= 1 << int(sys.argv[2]) % 8
open(sys.argv[3], "wb").write(data)' "$zip" "$at" "$bad"
	say "$bad"
	head -c "$at" "$zip" >"$bad"
	say "$bad"
done
cp "$zip" "$work/"$'\377\001.zip'
say "$work/"$'\377\001.zip'
ok "many were judged" test "$said" -gt 60
is "the last line of each has the exit status" "$unsaid" ''

if python3 -c 'import jsonschema; jsonschema.Draft202012Validator' \
    2>"$work/err"; then
	exits "an independent validator takes every line" 0 python3 -c '
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
seen = set()
for line in open(sys.argv[2], encoding="utf-8"):
    record = json.loads(line)
    error = jsonschema.exceptions.best_match(validator.iter_errors(record))
    if error:
        sys.exit(line + str(error))
    seen.add(record["type"])
    assert not validator.is_valid(dict(record, more=1)), "one more key"
    if not validator.is_valid({k: v for k, v in record.items() if k != "type"}):
        continue
    sys.exit("type is not required")
print(len(seen))' docs/schemas/result.schema.json "$all"
	ok "of every type" says "$work/out" '^4$'
else
	skip "a validator" "python3-jsonschema is not installed"
fi

# --- bytes and counts ---------------------------------------------------------------

cat >"$work/count.py" <<'END'
import json, sys
last = json.loads(open(sys.argv[1], encoding="utf-8").read().splitlines()[-1])
checks = {c["check"]: c for c in last["checks"]}
classes = {c["class"]: c for c in last["coverage"]}
print(eval(sys.argv[2]))
END
counted()
{
	run "$dossier" verify --json --trust "$pub" "$1"
	python3 "$work/count.py" "$work/out" "$2"
}
is "every byte stands in a class" \
    "$(counted "$zip" 'sum(c["bytes"] for c in classes.values())')" "$size"
is "and something vouches for each" \
    "$(counted "$zip" '[c for c in classes if not classes[c]["covered_by"]]')" \
    '[]'
is "the body is what the seal covers" "$(counted "$zip" \
    'sum(c["bytes"] for c in classes.values() if c["covered_by"] == "seal") \
	== checks["body"]["count"]')" True
is "without a seal it is the manifests" \
    "$(counted "$work/unsigned.zip" 'classes["payload"]["covered_by"]')" \
    manifests
is "each member's header" "$(counted "$zip" 'checks["headers"]["count"]')" \
    "$(unzip -Z1 "$zip" | wc -l)"
files=$(unzip -Z1 "$zip" | grep -c '^a/data/')
is "each document's content" "$(counted "$zip" 'checks["content"]["count"]')" \
    "$files"
is "each line of the manifests" \
    "$(counted "$zip" 'checks["manifests"]["count"]')" \
    "$(unzip -p "$zip" 'a/*manifest-sha256.txt' | wc -l)"
is "nothing left out" "$(counted "$zip" \
    '[c for c in checks if checks[c]["result"] not in ("passed", "absent")]')" \
    '[]'
head -c $((size / 2)) "$zip" >"$bad"
is "half a file: every byte of it" \
    "$(counted "$bad" 'sum(c["bytes"] for c in classes.values())')" \
    $((size / 2))
is "half a file: nothing vouches for the payload" \
    "$(counted "$bad" 'classes["payload"]["covered_by"]')" None
is "half a file: the directory was not checked" \
    "$(counted "$bad" 'checks["directory"]["result"]')" not-done
is "a certificate's signature is counted" \
    "$(counted "$work/cms.zip" 'checks["attestations"]["count"]')" 2

done_testing
