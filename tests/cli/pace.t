#!/bin/bash
# SPDX-License-Identifier: ISC
# How fast and how often dossier collect asks: Retry-After in all its forms,
# the budget of a host, --rate, --concurrency, what the service says is left,
# and a token that is renewed by its command, once.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/experimentation.bash
trap 'stop; rm -rf "$work"' EXIT
with_handler '{"max_retries": 3, "backoff_base_s": 0, "retry_after_cap_s": 2}'

# times TEXT: milliseconds of the requests with TEXT in host and path
times()
{
	python3 - "$state/requests.log" "$1" <<-'END'
		import datetime, json, sys
		for line in open(sys.argv[1]):
		    r = json.loads(line)
		    if sys.argv[2] in r["host"] + r["path"]:
		        t = datetime.datetime.fromisoformat(
		            r["time"].replace("Z", "+00:00"))
		        print(round(t.timestamp() * 1000))
	END
}

# gap TEXT: between the first two
gap() { times "$1" | awk 'NR == 1 { t = $1 } NR == 2 { print $1 - t }'; }

# waits TEXT WHERE LEAST MOST: ms
waits()
{
	local found
	found=$(gap "$2")
	ok "Retry-After $1 ($found ms)" test "$found" -ge "$3" -a "$found" -lt "$4"
}

soon=$(LC_ALL=C date -u -d '+3 seconds' '+%a,%%20%d%%20%b%%20%Y%%20%T%%20GMT')
past=$(LC_ALL=C date -u -d '-1 day' '+%a,%%20%d%%20%b%%20%Y%%20%T%%20GMT')
cat >"$work/faults" <<LIST
GET */experiments 1 status code=500 retry-after=1
GET */assets 1 status code=500 retry-after=$soon
GET */images?* 1 status code=500 retry-after=0
GET */manifests?* 1 status code=500
GET */services?* 1 status code=500 retry-after=999999999
GET */models?* 1 status code=500 retry-after=$past
GET */computes?* 1 status code=500 retry-after=soon
LIST
start --runs 6 --faults "$work/faults"
exits "errors of all kinds" 0 collect "$work/errors"
stop
waits "in seconds" /experiments 1000 2000
waits "as a date" /assets 500 3500
waits "0" '/images?' 0 900
waits "absent" '/manifests?' 0 900
waits "huge: as long as is allowed" '/services?' 2000 2900
waits "a date that is past" '/models?' 0 900
waits "that says nothing" '/computes?' 0 900

echo 'GET */experiments 1 status code=429 retry-after=1' >"$work/faults"
start --runs 30 --page-size 5 --faults "$work/faults" --latency-ms 5
exits "a busy service" 0 collect "$work/busy"
stop
busy=$(times /experiments | sed -n 1p)
is "its host is left alone, by all endpoints" "$(times experiments.azureml |
    awk -v t="$busy" '$1 > t + 150 && $1 < t + 900' | wc -l)" 0
ok "its other host is not" test "$(times modelmanagement |
    awk -v t="$busy" '$1 < t + 900' | wc -l)" -gt 1

start --runs 6
exits "--rate" 0 collect "$work/rate" --rate 40/s
stop
read -r count span < <(times experiments.azureml | sort -n | awk 'NR == 1 {
    first = $1 } { last = $1 } END { print NR, last - first }')
ok "holds for a host ($count requests in $span ms)" \
    test "$span" -ge $(((count - 1) * 25 * 9 / 10))

start --runs 20 --latency-ms 20
began=${EPOCHREALTIME/./}
exits "--concurrency" 0 collect "$work/two" --concurrency 2
took=$(((${EPOCHREALTIME/./} - began) / 1000))
stop
count=$(wc -l <"$state/requests.log")
ok "two at a time ($count requests in $took ms)" \
    test "$took" -ge $((count * 20 / 2 * 9 / 10))

# Their pages come one after the other: kept for the end, they would come alone.
# position TEXT: of the last request with TEXT, in hundredths of all
position()
{
	awk -v text="$1" 'index($0, text) > 0 { last = NR }
	    END { print int(100 * last / NR) }' "$state/requests.log"
}
start --runs 100 --page-size 5
exits "long lists" 0 collect "$work/lists" --concurrency 1
stop
at=$(position '/runs?')
ok "go before what they name ($at of 100)" test "$at" -lt 13
at=$(position /runmetrics)
ok "one that waits for another one: right after it ($at of 100)" \
    test "$at" -lt 24

name=x-ms-ratelimit-remaining-subscription-reads
echo "GET * every header name=$name value=50" >"$work/faults"
start --runs 10 --latency-ms 20 --faults "$work/faults"
exits "a service that says little is left" 0 collect "$work/left"
stop
is "is asked by one before it says 429" "$(times experiments.azureml |
    sort -n | tail -n +10 | awk 'NR > 1 && $1 - last < 15 { n++ } {
    last = $1 } END { print n + 0 }')" 0

printf '%s\n' "GET */experiments 1 header name=$name value=0" \
    'GET */experiments 1 header name=x-ratelimit-reset value=1' >"$work/faults"
start --runs 10 --faults "$work/faults"
exits "one that says nothing is left for a second" 0 collect "$work/none"
stop
none=$(times /experiments | sed -n 1p)
is "is left alone so long" "$(times experiments.azureml |
    awk -v t="$none" '$1 > t + 150 && $1 < t + 900' | wc -l)" 0

# --- the token of a command -------------------------------------------------

cat >"$work/command" <<END
echo x >>$work/count
[ \$(wc -l <$work/count) -gt \$(cat $work/wrong) ] || { echo wrong; exit; }
cat $state/token
END
credential="arm-token=command:sh $work/command"
echo 1 >"$work/wrong"
start --runs 10 --latency-ms 5
exits "a token that ran out" 0 collect "$work/token"
is "is fetched once more, for all" "$(wc -l <"$work/count")" 2
ok "requests that met it are noted" test "$(query "$work/token" "select
    count(*) from exchange where attempts like '%status 401%'")" -ge 1

rm "$work/count"
echo 99 >"$work/wrong"
exits "a token that stays wrong" 4 collect "$work/wrong-token"
is "is fetched once more" "$(wc -l <"$work/count")" 2
ok "and each host is let be" test "$(query "$work/wrong-token" \
    "select count(*) from exchange where status = 401")" -lt 20
done_testing
