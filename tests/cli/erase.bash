# SPDX-License-Identifier: ISC
# Erasing what the simulator served; tap.bash goes before.
# shellcheck shell=bash disable=SC2034,SC2154 # variables are for the tests

. tests/cli/experimentation.bash

# pack_export CASE [OPTION...]: CASE.zip, sealed with the key $work/k
pack_export()
{
	local case=$1
	shift
	"$dossier" pack "$case" -o "$case.zip" --key "$work/k.key" "$@" \
	    >"$work/packed" 2>&1
	request=$(unzip -p "$case.zip" '*/dossier/statement.json' |
	    python3 -c 'import json, sys
s = json.load(sys.stdin)
print(s["request"] or s["id"])')
}

# erase ARCHIVE RECEIPT OPTION...
erase()
{
	local archive=$1 receipt=$2
	shift 2
	"$dossier" erase --archive "$archive" --trust "$work/k.pub" \
	    -o "$receipt" --key "$work/k.key" --connector "$connector" \
	    "${params[@]}" --identity "$person" \
	    --ca-file "${ca:-$state/ca.pem}" \
	    --connect-to "::127.0.0.1:${proxy:-$port}" \
	    --credential "${credential:-arm-token=file:$state/token}" "$@"
}

# receipt_verifies RECEIPT: by both verifiers
receipt_verifies()
{
	exits "the receipt verifies" 0 "$dossier" verify "$1" --trust \
	    "$work/k.pub"
	exits "and by the second verifier" 0 python3 tests/second/second.py \
	    "$1" --trust "$work/k.pub"
}

# lines RECEIPT [PYTHON]: of each line what the expression of l gives
lines()
{
	unzip -p "$1" '*/dossier/erasure.jsonl' | python3 -c '
import json, sys
for l in map(json.loads, sys.stdin):
    print(eval(sys.argv[1]))' "${2:-l['endpoint'], l['outcome']}"
}

# outcomes RECEIPT: how many lines of each
outcomes()
{
	lines "$1" "l['outcome']" | sort | uniq -c |
	    sed 's/^ *//' | tr '\n' ' ' | sed 's/ $//'
}

# The simulator writes its log out five times a second.
logged()
{
	local before=-1 now
	now=$(wc -l <"$state/requests.log")
	while [ "$now" != "$before" ]; do
		before=$now
		sleep 0.3
		now=$(wc -l <"$state/requests.log")
	done
}

# deletions: the paths that were asked to be deleted, without api-version
deletions()
{
	logged
	grep -F '"method":"DELETE"' "$state/requests.log" |
	    sed 's/.*"path":"\([^"?]*\).*/\1/' | sort
}
