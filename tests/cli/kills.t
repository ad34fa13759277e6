#!/bin/bash
# SPDX-License-Identifier: ISC
# A collection that is killed at any moment and gone on with ends as one that
# was left alone: the same payload, the same gaps, the same documents but for
# times, exchange numbers and what the case's secret salts. What was kept when
# it was killed is not asked for again: the simulator's log says so, to the
# request. KILLS=50 kills fifty times.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/experimentation.bash
trap 'stop; rm -rf "$work"' EXIT
kills=${KILLS:-8}
RANDOM=${SEED:-$$}
echo "# SEED=${SEED:-$$}"

head -c 400000 /dev/urandom >"$work/large"
cat >"$work/faults" <<LIST
GET */images every status code=403
GET */services?* every redirect to=https://evil.example.org/
GET *.csv?* every body file=$work/large
GET *.json?* every status code=404
LIST
start --lifetime-s 3000 --runs 120 --page-size 25 --latency-ms 4 --faults "$work/faults"
quiet() { "$@" >"$work/out" 2>"$work/err" </dev/null; }
"$dossier" keygen -o "$work/k" --no-passphrase >/dev/null

# content CASE NAME: what must be the same of it, in NAME.*
content()
{
	rm -f "$work/a.zip"
	quiet "$dossier" pack "$1" -o "$work/a.zip" --key "$work/k.key"
	python3 - "$work/a.zip" "$work/$2" <<-'END'
		import json, sys, zipfile
		z = zipfile.ZipFile(sys.argv[1])
		top = z.namelist()[0].split("/")[0]
		def lines(name, *left_out):
		    out = []
		    for line in z.read(top + "/dossier/" + name).splitlines():
		        r = json.loads(line)
		        for key in left_out:
		            r.pop(key)
		        out.append(json.dumps(r, sort_keys=True))
		    return "\n".join(out).encode()
		for name, data in (
		    ("manifest", z.read(top + "/manifest-sha256.txt")),
		    ("gaps", lines("gaps.jsonl", "exchange")),
		    ("documents", lines("documents.jsonl", "retrieved",
		        "exchange", "salt", "original"))):
		    with open("%s.%s" % (sys.argv[2], name), "wb") as f:
		        f.write(data)
	END
}

# The log, once nothing is added to it any more: the simulator writes it out
# five times a second.
settled()
{
	local before=-1 now
	now=$(wc -l <"$state/requests.log")
	while [ "$now" != "$before" ]; do
		before=$now
		sleep 0.3
		now=$(wc -l <"$state/requests.log")
	done
	echo "$now"
}

began=${EPOCHREALTIME/./}
exits "undisturbed" 3 collect "$work/calm" --concurrency 8
took=$(((${EPOCHREALTIME/./} - began) / 1000))
whole=$(settled)
content "$work/calm" calm
ok "there is something of each kind ($whole requests, $took ms)" \
    test -s "$work/calm.gaps" -a -s "$work/calm.documents" -a \
    -e "$work/calm/blobs/000000001"

# kill_once: a collection of $work/case that ends at a random moment
kill_once()
{
	collect "$work/case" --concurrency 8 >/dev/null 2>&1 </dev/null &
	local shell=$! ms=$((RANDOM % took + 20))
	sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
	kill -9 "$(pgrep -P $shell -x dossier-collect || echo $shell)" 2>/dev/null
	wait $shell 2>/dev/null
}

asked_again=0
for ((round = 1; round <= kills; round++)); do
	rm -rf "$work/case"
	start=$(settled)
	kill_once
	lost=$(($(settled) - start))
	kept=$(sqlite3 "$work/case/case.db" \
	    "select count(*) from exchange" 2>/dev/null || echo 0)
	lost=$((lost - kept))
	run collect "$work/case" --concurrency 8
	again=$(($(settled) - start - whole))
	content "$work/case" killed
	same=$status
	for part in manifest gaps documents; do
		cmp -s "$work/calm.$part" "$work/killed.$part" || same=$part
	done
	is "kill $round: as if left alone ($kept kept, $lost not)" "$same" 3
	is "kill $round: what was kept is not asked again" "$again" "$lost"
	asked_again=$((asked_again + again))
done
echo "# of $whole requests, $((asked_again / kills)) were asked again, in the mean"
exits "the archive of the last one verifies" 0 "$dossier" verify \
    "$work/a.zip" --trust "$work/k.pub"
done_testing
