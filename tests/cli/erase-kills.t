#!/bin/bash
# SPDX-License-Identifier: ISC
# An erasure that is killed at any moment: the same command goes on with it, and
# nothing is deleted that was not planned; the simulator's log says so. A
# deletion whose answer was lost is resolved by reading. KILLS=50 kills so often.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/erase.bash
kills=${KILLS:-6}
RANDOM=${SEED:-$$}
echo "# SEED=${SEED:-$$}"

"$dossier" keygen -o "$work/k" --no-passphrase >/dev/null
cat >"$work/faults" <<LIST
DELETE */models/* every:3 close
DELETE */images/* every:4 told-status code=500
DELETE */manifests/* every:5 status code=503 retry-after=0
LIST
with_handler '{"max_retries": 3, "backoff_base_s": 0, "retry_after_cap_s": 1}'
start --runs 2 --models 48 --latency-ms 12 --async-services --polls 1 \
    --retry-after-s 0 --faults "$work/faults"
exits "collected" 0 collect "$work/case"
pack_export "$work/case"
archive=$work/case.zip
logged
before=$(wc -l <"$state/requests.log")
run erase "$archive" "$work/r.zip" --json
grep '"method":"DELETE"' "$work/out" | grep '"outcome":"planned"' |
    sed 's/.*"url":"https:..[^/]*\([^"?]*\).*/\1/' | sort >"$work/planned"
planned=$(wc -l <"$work/planned")
ok "there is enough to be deleted ($planned)" test "$planned" -gt 80

go_on()
{
	erase "$archive" "$work/r.zip" --execute --confirm "$request" \
	    --concurrency 2 --force
}

# open: lines that are still to be done
still_open()
{
	sqlite3 "$work/r.case/case.db" \
	    "select count(*) from erasure where outcome = 'planned'"
}

# kill_once: what goes on is killed, no more than a second later
kill_once()
{
	go_on >/dev/null 2>&1 </dev/null &
	local shell=$!
	sleep "0.$(printf %03d $((200 + RANDOM % 500)))"
	kill -9 "$(pgrep -P $shell -x dossier-collect || echo $shell)" \
	    2>/dev/null
	wait $shell 2>/dev/null
}
for ((i = 0; i < kills; i++)); do
	kill_once
	[ ! -e "$work/r.zip" ] || break
done
echo "# killed $i times, $(still_open) lines were open"
exits "the same command goes on" 3 go_on
is "all that was planned is gone, and by us" \
    "$(lines "$work/r.zip" "l['outcome'] if l['method'] else ''" |
    grep . | sort | uniq -c | sed 's/^ *//' | tr '\n' ' ')" \
    "$planned erased 4 not-attempted "
receipt_verifies "$work/r.zip"
deletions | uniq >"$work/deleted"
ok "what was asked to go is what was planned" cmp -s "$work/planned" \
    "$work/deleted"
folders() { find "$TMPDIR" -mindepth 1 -maxdepth 1 -name 'dossier-*'; }
for ((i = 0; i < 50 && $(folders | wc -l) > 0; i++)); do
	sleep 0.1
done
is "nothing is left of a folder" "$(folders)" ""
exits "every deletion is in the receipt" 0 python3 - "$work/r.zip" \
    "$state/requests.log" "$before" <<'END'
import collections, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
name = [n for n in z.namelist() if n.endswith("dossier/exchanges.jsonl")][0]
told = collections.Counter()
for line in z.read(name).splitlines():
    e = json.loads(line)
    if e["method"] == "DELETE":
        told[e["url"].split("?")[0].split("/", 3)[3].lower()] += 1
asked = collections.Counter()
for line in open(sys.argv[2]):
    e = json.loads(line)
    if e["method"] == "DELETE":
        asked[e["path"].split("?")[0].strip("/").lower()] += 1
# a line for a retry at once is an attempt of the same exchange
for path, count in asked.items():
    if told[path] == 0:
        sys.exit("not told: " + path)
for path in told:
    if path not in asked and told[path] > 1:
        sys.exit("not asked: " + path)
END

done_testing
