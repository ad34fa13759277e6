#!/bin/bash
# SPDX-License-Identifier: ISC
# docs/schemas: up to date, and true of the records in an archive.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

schemas=$BUILD/tools/schemas
names=$("$schemas")
ok "every record has a schema" test "$(wc -w <<<"$names")" -ge 5
for name in $names; do
	"$schemas" "$name" >"$work/out"
	ok "docs/schemas/$name.schema.json is up to date (make schemas)" \
	    cmp "$work/out" "docs/schemas/$name.schema.json"
done
exits "an unknown name" 2 "$schemas" request

run "$dossier" keygen -o "$work/k" --no-passphrase
mkdir "$work/in"
echo one >"$work/in/one"
echo two >"$work/in/$(printf 'two-\351')"
ln -s one "$work/in/link"
run "$dossier" pack "$work/in" -o "$work/a.zip" --key "$work/k.key"
run "$dossier" prove "$work/a.zip" data/files/one -o "$work/p"
for name in documents gaps; do
	unzip -p "$work/a.zip" "a/dossier/$name.jsonl" >"$work/$name"
	ok "there are $name" test -s "$work/$name"
done
unzip -p "$work/a.zip" a/dossier/statement.json >"$work/statement"
cp "$work/p/proof.json" "$work/proof"

# The newest draft came with version 4 of this validator.
validate='
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for line in open(sys.argv[2]):
    record = json.loads(line)
    validator.validate(record)
    for key in list(record):
        less = {k: v for k, v in record.items() if k != key}
        assert not validator.is_valid(less), key + " is not required"
    assert not validator.is_valid(dict(record, more=1)), "one more key"
'
if python3 -c 'import jsonschema; jsonschema.Draft202012Validator' \
    2>"$work/err"; then
	for name in documents gaps statement proof; do
		exits "$name: a stock validator agrees" 0 python3 -c "$validate" \
		    "docs/schemas/$name.schema.json" "$work/$name"
	done
else
	skip "a stock validator agrees" "python3-jsonschema is not installed"
fi

run make --no-print-directory BUILD="$BUILD" DESTDIR="$work/root" install
is "make install" "$status" 0
ok "they are installed" diff docs/schemas \
    "$work/root/usr/local/share/dossier/schemas"
exits "what is installed works where it was put" 0 \
    "$work/root/usr/local/bin/dossier" request --template
ok "and is kept from others' changes" test -z \
    "$(find "$work/root" -type f -perm /022)"

done_testing
