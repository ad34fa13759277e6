#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# The simulator does what tests/simulator/README.md says: the other tests
# stand on it.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

simulator=$BUILD/bin/dossier-simulator
trap 'stop; rm -rf "$work"' EXIT

group=subscriptions/3f1d6c52-8a4e-4b7a-9c0e-5d2b71f0a946/resourceGroups/research
arm=https://management.azure.com/$group/providers
models=https://westeurope.modelmanagement.azureml.net/api/$group/accounts/noordzee
account=Microsoft.MachineLearningExperimentation/accounts/noordzee
project=$group/providers/$account/workspaces/customers/projects/churn
history=https://westeurope.experiments.azureml.net/history/v1.0/$project
artifact=https://westeurope.experiments.azureml.net/artifact/v1.0/$project
notification=https://westeurope.experiments.azureml.net/notification/v1.0/$project
version=api-version=2017-09-01-preview

# start OPTION...: a simulator with a new state folder; returns when it serves
start()
{
	rm -rf "$work/state"
	coproc SIMULATOR { exec "$simulator" --state "$work/state" --parent \
	    --lifetime-s 100 "$@" 2>"$work/said"; }
	simulator_id=$SIMULATOR_PID
	read -r -t 10 ready <&"${SIMULATOR[0]}"
	port=${ready#port }
}

stop()
{
	[ -n "${simulator_id-}" ] || return 0
	kill "$simulator_id" 2>/dev/null
	status=0
	wait "$simulator_id" || status=$?
	simulator_id=
}

# ask CURL-ARGUMENT...: without a token; status in $code, the rest in files
ask()
{
	code=$(curl -sS -g --path-as-is -m 10 --noproxy '*' \
	    --cacert "$work/state/ca.pem" --connect-to "::127.0.0.1:$port" \
	    -o "$work/out" -D "$work/head" -w '%{http_code}' "$@" \
	    2>"$work/err")
	curl_status=$?
}

# get CURL-ARGUMENT...: with the token
get()
{
	ask -H "Authorization: Bearer $(cat "$work/state/token")" "$@"
}

# field NAME: the first text of that name in the JSON that was got
field()
{
	grep -o "\"$1\":\"[^\"]*\"" "$work/out" | head -n 1 |
	    sed "s/^\"$1\":\"//; s/\"\$//"
}

count() { grep -o "\"$1\":" "$work/out" | wc -l; }
head_says() { grep -qiE -e "$1" "$work/head"; }
encode() { sed 's/%/%25/g; s/ /%20/g; s/#/%23/g; s:/:%2F:g'; }

# --- what it says and writes ---------------------------------------------------

exits "--help" 0 "$simulator" --help
exits "an unknown option" 2 "$simulator" --no-such-thing
exits "a number that is none" 2 "$simulator" --runs many
echo 'GET * every no-such-action' >"$work/faults"
exits "a fault plan with an error" 1 "$simulator" --faults "$work/faults"
ok "which names the line" says "$work/err" "faults:1: no such action"

start --runs 120 --models 3
ok "says its port" test "$ready" = "port $(cat "$work/state/port")"
is "the token is secret" "$(stat -c %a "$work/state/token")" 600
ok "the CA may sign certificates" test -n "$(openssl x509 -noout -text \
    -in "$work/state/ca.pem" | grep 'CA:TRUE')"

# --- who may ask -----------------------------------------------------------------

get "$history/runs"
is "the right token" "$code" 200
ok "is answered with JSON" head_says '^content-type: application/json; charset=utf-8'
ask "$history/runs"
is "no token" "$code" 401
ok "is told how to get one" head_says '^www-authenticate: Bearer authorization_uri='
ask -H "Authorization: Bearer wrong" "$arm/$account?api-version=2017-05-01-preview"
is "a wrong token" "$code" 401
is "in the error shape of ARM" "$(field code)" ExpiredAuthenticationToken
get --connect-to "::127.0.0.1:$port" -k https://example.org/
is "a host that is not served" "$code" 421
get "$arm/$account"
is "no api-version" "$code" 400
get -X PUT "$history/runs"
is "a method that is not served" "$code" 405

# --- paging ------------------------------------------------------------------------

url=$history/runs pages=0 runs=0
while [ -n "$url" ] && [ $pages -lt 9 ]; do
	get "$url"
	pages=$((pages + 1))
	runs=$((runs + $(count runNumber)))
	[ $pages -ne 1 ] || first=$(field runId) link=$(field nextLink)
	url=$(field nextLink)
done
is "runs come on three pages" "$pages" 3
is "and all of them do" "$runs" 120
ok "links name the real host and no port" \
    test "${link%%/history*}" = https://westeurope.experiments.azureml.net

stop
is "SIGTERM ends it well" "$status" 0
is "each request is in the log" "$(wc -l <"$work/state/requests.log")" 9
ok "with no token" lacks "$work/state/requests.log" 'canary|Bearer'
is "but whether there was one" "$(grep -c '"authorization":false' \
    "$work/state/requests.log")" 1

start --models 3 --page-size 2
get "$history/runs"
is "the same seed gives the same runs" "$(field runId)" "$first"
get "$models/models?$version"
link=$(field nextLink)
ok "a token has an escape" test "${link%%%3d}" != "$link"
get "$link"
is "as it was given, it is taken" "$code $(count version)" "200 1"
is "the last page has no link" "$(count nextLink)" 0
get "${link/\%3d/%3D}"
is "with another escape, it is not" "$code" 400
get "${link/\%3d/=}"
is "without the escape, neither" "$code" 400

# --- deletions -------------------------------------------------------------------------

get "$models/models?$version"
model=$models/models/$(field id)?$version
get "$model"
is "a model is there" "$code" 200
get -X DELETE "$model"
is "it is deleted" "$code" 200
get "$model"
is "and gone" "$code" 404
ok "says the error of that service" says "$work/out" '"statusCode":404'
get -X DELETE "$model"
is "deleting it again is no error" "$code" 204
get "$models/models?$version"
is "the list has others" "$(count nextLink) $(count createdAt)" "0 2"

cluster=$arm/Microsoft.MachineLearningCompute/operationalizationClusters/productie-0
cluster+=?api-version=2017-06-01-preview
get -X DELETE "$cluster"
is "a cluster takes its time" "$code" 202
poll=$(sed -n 's/^Azure-AsyncOperation: \(.*\)\r$/\1/ip' "$work/head")
words=
for _ in 1 2 3; do
	get "$poll"
	words+=$(field status)
done
is "its operation comes to an end" "$words" DeletingDeletingSucceeded
get "$cluster"
is "then it is gone" "$code" 404

# --- artifacts and their bytes ------------------------------------------------------------

get "${arm/resourceGroups/RESOURCEgroups}/$account?api-version=2017-05-01-preview"
is "ARM does not mind case" "$code" 200
run=$first
get "$history/runs/$run"
is "one run" "$(field runId)" "$run"
ok "has a credential to redact" says "$work/out" '"token":"canary-run-token-'
url=$history/runs
while [ -n "$url" ]; do
	get "$url"
	url=$(field nextLink) run=$(field runId)
	get "$history/runs/$run/artifacts"
	[ "$(count artifactId)" -eq 0 ] || break
done
name=$(field path)
get "$history/runs/$run/artifacturi?name=$(encode <<<"$name")"
blob=$(tr -d '"' <"$work/out")
get "$artifact/artifacts/contentinfo/ExperimentRun/$run/$(encode <<<"$name" |
    sed 's:%2F:/:g')"
is "contentinfo and artifacturi agree" "$(field contentUri)" "$blob"
ask "$blob"
is "the bytes need no token" "$code" 200
is "and have their digest" "$(openssl md5 -binary <"$work/out" | base64)" \
    "$(sed -n 's/^Content-MD5: \(.*\)\r$/\1/ip' "$work/head")"
get "$blob"
is "with a token they are refused" "$code" 400
ask "${blob/canary-sas-/canary-sas-0}"
is "as with another signature" "$code" 403
get "$artifact/assets"
asset=$(field name)
get "$artifact/assets/name/$(encode <<<"$asset")"
is "an asset is found by its name" "$code $(field name)" "200 $asset"
get "$notification/users/7b1e4c9a-2f60-4d83-a5b7-90c3e8d1f264/jobs"
is "one person has jobs" "$(count jobId)" 2
get "$notification/users/00000000-0000-4000-8000-000000000000/jobs"
is "nobody has none" "$code $(count jobId)" "200 0"

whole=$arm/$account/workspaces/customers/projects/churn?api-version=2017-05-01-preview
get -X DELETE "$whole"
is "a project is deleted" "$code" 200
get "$history/runs"
is "its history is with it" "$code" 404
stop

# --- faults ------------------------------------------------------------------------------------

cat >"$work/faults" <<'LIST'
# METHOD WHERE WHEN ACTION
GET *.experiments.azureml.net/*/runs 1 status code=429 retry-after=7
GET */runs 2 truncate at=100
GET */runs 3 close
GET */runs 4 redirect to=https://evil.example.org/%25
GET */runs 5 cut at=10
GET */runs 6 empty-page
GET */runs 7 content-type value=text/html
GET */runs 8 repeat-next-link
GET */runs 9 next-link to=http://evil.example.org/
GET */runs 10 status code=200 type=text/html body=<b>log%20in</b>
GET */runs 11 unauthorized
GET */runs 12- drop-next-link
GET */runs 12- header name=Retry-After value=3
DELETE * every told-status code=500
* */experiments every delay ms=300
LIST
start --faults "$work/faults"
get "$history/runs"
is "a status" "$code" 429
ok "with its header" head_says '^retry-after: 7'
ok "in the shape of the host" says "$work/out" '"innerError":\{"code":"TooManyRequests"'
get "$history/runs"
is "a truncated body" "$curl_status $(wc -c <"$work/out")" "18 100"
get "$history/runs"
is "no answer" "$curl_status" 52
get "$history/runs"
is "a redirect" "$code" 307
ok "with its Location" head_says '^location: https://evil.example.org/%.?$'
get "$history/runs"
is "a cut body" "$code $curl_status $(wc -c <"$work/out")" "200 0 10"
get "$history/runs"
is "an empty page" "$code $(count runId) $(count nextLink)" "200 0 1"
empty_next=$(field nextLink)
get "$history/runs"
ok "another type" head_says '^content-type: text/html'
get "$history/runs"
is "a link to itself" "$(field nextLink)" "$history/runs"
get "$history/runs"
is "a foreign link" "$(field nextLink)" http://evil.example.org/
get "$history/runs"
is "another body" "$code $(cat "$work/out")" "200 <b>log in</b>"
get "$history/runs"
is "a token that ran out" "$code" 401
get "$history/runs"
is "no link, and a header" "$(count nextLink) $(head_says \
    '^retry-after: 3' && echo yes)" "1 yes"
ok "which is null" says "$work/out" '"nextLink":null'
get "$empty_next"
is "after the empty page comes the first" "$(field runId)" "$first"
get -X DELETE "$models/services/scoring-0?$version"
is "a deletion that says it failed" "$code" 500
get "$models/services/scoring-0?$version"
is "but did not" "$code" 404
before=$EPOCHREALTIME
get "$history/experiments"
after=$EPOCHREALTIME
ok "a delay" test $(((${after/./} - ${before/./}) / 1000)) -ge 300
stop

# --- the end ------------------------------------------------------------------------------------

start
eval "exec ${SIMULATOR[1]}>&-"
status=0
wait "$simulator_id" || status=$?
is "a pipe on stdin that closes ends it" "$status" 0
simulator_id=
done_testing
