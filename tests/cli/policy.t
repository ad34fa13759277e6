#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier verify --policy: who must have signed, when, and how long ago.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

zip=$work/a.zip
run "$dossier" keygen -o "$work/k" --no-passphrase
run "$dossier" keygen -o "$work/other" --no-passphrase
mkdir "$work/in"
echo one >"$work/in/one"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -keyout "$work/x.key" -out "$work/x.pem" -subj /CN=Us 2>"$work/err"
chmod 600 "$work/x.key"
run "$dossier" pack "$work/in" -o "$zip" --key "$work/k.key" \
    --x509-key "$work/x.key" --x509-cert "$work/x.pem"
run "$dossier" pack "$work/in" -o "$work/unsigned.zip" --unsigned

# key NAME: ed25519:, and the SHA-256 of the 32 bytes in NAME.pub
key()
{
	printf 'ed25519:%s' "$(tail -n 1 "$work/$1.pub" | base64 -d |
		tail -c 32 | sha256sum | cut -d' ' -f1)"
}
certificate=sha256:$(openssl x509 -in "$work/x.pem" -outform DER |
	sha256sum | cut -d' ' -f1)
good=$(key k)
bad=$(key other)

# policy MEMBERS: a file with these behind format; judged with trust in all
policy()
{
	printf '{"format": "dossier-policy/1", %s}\n' "$1" >"$work/policy"
	shift
	"$dossier" verify "$zip" --trust "$work/k.pub" \
	    --policy "$work/policy" "$@"
}

exits "the signer that it names" 0 policy "\"signers\": [\"$good\"]"
exits "another signer" 5 policy "\"signers\": [\"$bad\"]"
ok "is told" says "$work/out" 'sign/policy.*found 0.*wanted 1 of 1 signers'
ok "the sentence says that something is missing" says "$work/out" \
    'something that you asked for'
exits "both of two" 5 policy "\"signers\": [\"$good\", \"$bad\"]"
exits "one of two" 0 policy \
    "\"signers\": [\"$good\", \"$bad\"], \"signers_needed\": 1"
exits "a certificate that nobody trusts" 5 policy \
    "\"signers\": [\"$good\", \"$certificate\"]"
exits "one that is trusted" 0 policy \
    "\"signers\": [\"$good\", \"$certificate\"]" --ca "$work/x.pem"
exits "two of three" 0 policy \
    "\"signers\": [\"$bad\", \"$good\", \"$certificate\"],
    \"signers_needed\": 2" --ca "$work/x.pem"
printf '{"format": "dossier-policy/1", "signers": ["%s"]}' "$good" \
    >"$work/policy"
exits "it gives no trust" 5 "$dossier" verify "$zip" --policy "$work/policy"
exits "an archive that nobody signed" 5 "$dossier" verify \
    "$work/unsigned.zip" --policy "$work/policy"
exits "a stamp that is not there" 5 policy '"stamped": true'
ok "is told, too" says "$work/out" time/required
exits "no stamp asked for" 0 policy \
    "\"stamped\": false, \"signers\": [\"$good\"]"
exits "young enough" 0 policy '"not_older_than_days": 1'
exits "what it demands goes for extract, too" 5 "$dossier" extract "$zip" \
    -C "$work/out.d" --trust "$work/k.pub" --policy <(printf \
	'{"format": "dossier-policy/1", "signers": ["%s"]}' "$bad")

# SOURCE_DATE_EPOCH is when it was packed
SOURCE_DATE_EPOCH=$(($(date +%s) - 172000)) run "$dossier" pack "$work/in" \
    -o "$work/old.zip" --key "$work/k.key"
SOURCE_DATE_EPOCH=$(($(date +%s) + 1000)) run "$dossier" pack "$work/in" \
    -o "$work/future.zip" --key "$work/k.key"
zip=$work/old.zip
exits "two days are not too old" 0 policy '"not_older_than_days": 2'
exits "one day is" 5 policy '"not_older_than_days": 1'
ok "and it is told" says "$work/out" time/too-old
zip=$work/future.zip
exits "nor is a time to come believed" 5 policy '"not_older_than_days": 9'

# by_schema FILE: what a stock validator says of a policy
by_schema()
{
	python3 - docs/schemas/policy.schema.json "$1" <<'END'
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
policy = json.load(open(sys.argv[2]))
validator = jsonschema.Draft202012Validator(schema)
sys.exit(0 if validator.is_valid(policy) else 1)
END
}
if python3 -c 'import jsonschema; jsonschema.Draft202012Validator' \
    2>"$work/err"; then
	while read -r wanted members; do
		printf '{"format": "dossier-policy/1"%s}' "${members//KEY/$good}" \
		    >"$work/p"
		exits "the schema says $wanted: ${members:0:50}" "$wanted" \
		    by_schema "$work/p"
		status=0
		"$dossier" verify "$work/a.zip" --trust "$work/k.pub" \
		    --policy "$work/p" >"$work/out" 2>"$work/err" || status=$?
		is "and so do we: ${members:0:50}" "$((status == 6))" "$wanted"
	done <<-'LIST'
		0 , "signers": ["KEY"]
		0 , "signers": ["KEY"], "signers_needed": 1
		0 , "stamped": true
		0 , "stamped": false, "not_older_than_days": 36500
		0 , "not_older_than_days": 1
		1 
		1 , "signers": []
		1 , "signers": "KEY"
		1 , "signers": ["k.pub"]
		1 , "signers": ["ed25519:00"]
		1 , "signers": ["KEY", "KEY"]
		1 , "signers_needed": 1
		1 , "signers": ["KEY"], "signers_needed": 0
		1 , "stamped": "yes"
		1 , "not_older_than_days": 0
		1 , "not_older_than_days": 1.5
		1 , "not_older_than_days": 36501
		1 , "older": 1
	LIST
else
	skip "a stock validator agrees" "python3-jsonschema is not installed"
fi

# --- files that are no policies -------------------------------------------------

zip=$work/a.zip
twice="\"$good\", \"$good\""
for wrong in '"signers": []' '"signers": "'"$good"'"' '"signers": ["k.pub"]' \
    '"signers": ["ed25519:00"]' "\"signers\": [$twice]" \
    '"signers": ["'"${good^^}"'"]' '"signers_needed": 1' \
    '"signers": ["'"$good"'"], "signers_needed": 2' \
    '"signers": ["'"$good"'"], "signers_needed": 0' \
    '"stamped": "yes"' '"stamped": false' '"not_older_than_days": 0' \
    '"not_older_than_days": 1.5' '"not_older_than_days": 36501' \
    '"older": 1' '"stamped": true, "stamped": true' '"stamped": true,'; do
	exits "refused: ${wrong:0:50}" 6 policy "$wrong"
done
echo '{"stamped": true}' >"$work/policy"
exits "no format" 6 "$dossier" verify "$zip" --policy "$work/policy"
echo '[]' >"$work/policy"
exits "no object" 6 "$dossier" verify "$zip" --policy "$work/policy"
printf '{"format":\n "dossier-policy/2", "stamped": true}' >"$work/policy"
exits "another format" 6 "$dossier" verify "$zip" --policy "$work/policy"
ok "it says where" says "$work/err" 'line 2, column 2'
exits "a policy that is not there" 10 "$dossier" verify "$zip" \
    --policy "$work/none"

done_testing
