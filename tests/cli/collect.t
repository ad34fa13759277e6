#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier collect, status and connector, against the simulator: everything
# that is asked for is there, once; a killed collection goes on where it was;
# secrets stay out; what goes wrong is said, in the exit status too.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/simulator.bash

person=objectId=7b1e4c9a-2f60-4d83-a5b7-90c3e8d1f264

params=()
for param in subscriptionId=3f1d6c52-8a4e-4b7a-9c0e-5d2b71f0a946 \
    resourceGroupName=research location=westeurope accountName=noordzee \
    workspaceName=customers projectName=churn; do
	params+=(--param "$param")
done

# collect CASE OPTION...: with all parameters and the right token
collect()
{
	"$dossier" collect "$@" --connector azureml-experimentation \
	    "${params[@]}" --ca-file "$state/ca.pem" \
	    --connect-to "::127.0.0.1:$port" \
	    --credential "${credential:-arm-token=file:$state/token}"
}

# documents CASE: one line a document, in the order of the archive
documents()
{
	sqlite3 "$1/case.db" "select n.number, e.name, d.sha256, d.size,
	    n.exchange, d.item_id, d.source_url from document_number n
	    join document d on d.id = n.document
	    join endpoint e on e.id = d.endpoint order by n.number"
}

gaps()
{
	sqlite3 "$1/case.db" "select e.name, reason, status from gap
	    join endpoint e on e.id = gap.endpoint order by 1, 2"
}

requests() { wc -l <"$state/requests.log"; }
settle() { sleep 0.5; } # the log is flushed five times a second
number() { grep -oE "\"$1\":[0-9]+" "$2" | head -n 1 | grep -oE '[0-9]+'; }
same() { cmp -s "$1" "$2"; }

# --- everything, once ---------------------------------------------------------

start --runs 50
wanted=$(number getsOfFullExport "$state/simulator.json")
exits "a whole collection" 0 collect "$work/whole" --identity "$person" \
    --identity objectId=c40d92e7-6b18-4f3c-8e25-1a7f5b6d0e93
settle
is "asked for everything" "$(requests)" "$((wanted + 1))"
ok "verdict first" says "$work/out" '^Complete\.$'

exits "status" 0 "$dossier" status "$work/whole"
ok "status: complete" says "$work/out" '^Complete\.$'
ok "status: endpoints" says "$work/out" 'runs: asked 1, obtained 50, gaps 0'
exits "status for programs" 0 "$dossier" status "$work/whole" --json
is "28 endpoints" "$(grep -c '"type":"status"' "$work/out")" 28
ok "summary last" says "$work/out" \
    '^\{"bytes":[0-9]+,"documents":[0-9]+,.*"exit":0,"gaps":0,"pending":0'

exits "one person's" 0 collect "$work/one" --identity "$person"
documents "$work/one" >"$work/one.txt"
is "half of the runs" "$(grep -c '|run|' "$work/one.txt")" 25
is "those of nobody else" "$(sqlite3 "$work/one/case.db" \
    "select left_out from endpoint where name = 'runs'")" 25
ok "the other is not named" holds_not "$work/one" c40d92e7-6b18
is "half of the models" "$(grep -c '|model|' "$work/one.txt")" 6

settle
before=$(requests)
exits "once more" 0 collect "$work/one" --identity "$person"
settle
is "asks nothing" "$(requests)" "$before"
documents "$work/one" | cmp -s - "$work/one.txt"
is "changes nothing" $? 0

# --- secrets ------------------------------------------------------------------

ok "the token is not in the case" holds_not "$work/one" "$token"
ok "nor in what is said" holds_not "$work/out" "$token"
ok "nor on stderr" holds_not "$work/err" "$token"
ok "no credential of a document" holds_not "$work/one" canary-
ok "no credential of the whole" holds_not "$work/whole" canary-
is "redactions are noted" "$(sqlite3 "$work/one/case.db" \
    "select count(*) > 50 from document where redactions is not null
     and original is not null")" 1
is "folder for its owner only" "$(stat -c %a "$work/one")" 700
is "database, too" "$(stat -c %a "$work/one/case.db")" 600

credential="arm-token=command:cat $state/token"
exits "token of a command" 0 collect "$work/command" --identity "$person"
credential="arm-token=fd:7"
exits "token of a descriptor" 0 collect "$work/fd" --identity "$person" \
    7<"$state/token"
credential=

# --- killed, and gone on ------------------------------------------------------

start --runs 400 --page-size 50 --latency-ms 4
exits "undisturbed" 0 collect "$work/calm" --identity "$person" \
    --concurrency 16
documents "$work/calm" >"$work/calm.txt"
for round in 1 2 3; do
	collect "$work/killed" --identity "$person" --concurrency 16 \
	    >/dev/null 2>&1 </dev/null &
	sleep "0.$((RANDOM % 5 + 4))"
	kill -9 "$(pgrep -P $! -x dossier-collect || echo $!)" 2>/dev/null
	wait $! 2>/dev/null
done
exits "gone on after kills" 0 collect "$work/killed" --identity "$person"
documents "$work/killed" >"$work/killed.txt"
ok "the same documents, under the same numbers" \
    same "$work/calm.txt" "$work/killed.txt"
is "no request is in it twice" "$(sqlite3 "$work/killed/case.db" \
    "select count(*) from (select 1 from exchange
     group by task, page, item, part having count(*) > 1)")" 0

collect "$work/stopped" --identity "$person" >"$work/out" 2>"$work/err" \
    </dev/null &
sleep 0.8
kill -INT "$(pgrep -P $! -x dossier-collect || echo $!)"
status=0
wait $! || status=$?
is "interrupted" $status 130
ok "says how to go on" says "$work/out" 'give the same command again'
exits "went on" 0 collect "$work/stopped" --identity "$person"
documents "$work/stopped" >"$work/stopped.txt"
ok "the same documents" same "$work/calm.txt" "$work/stopped.txt"

# --- what goes wrong ------------------------------------------------------------

start --runs 6
echo wrong >"$work/wrong"
chmod 600 "$work/wrong"
credential=arm-token=file:$work/wrong
exits "a wrong token" 4 collect "$work/refused" --identity "$person"
ok "says for whom it must be" says "$work/out" management.core.windows.net
credential=
exits "then the right one" 0 collect "$work/refused" --identity "$person"

chmod 644 "$work/wrong"
credential=arm-token=file:$work/wrong
exits "a token that others can read" 6 collect "$work/no" --identity "$person"
credential=arm-token=$token
exits "a token on the command line" 2 collect "$work/no"
ok "is not repeated" holds_not "$work/err" "$token"
credential=
ok "no case was made" test ! -e "$work/no"

good=$port port=1
exits "no host answers" 12 collect "$work/away" --identity "$person"
port=$good
exits "then they do" 0 collect "$work/away" --identity "$person"
exits "private addresses are not asked" 12 "$dossier" collect "$work/private" \
    --connector azureml-experimentation "${params[@]}" \
    --ca-file "$state/ca.pem" --credential "arm-token=file:$state/token"
exits "without the CA" 12 "$dossier" collect "$work/untrusted" \
    --connector azureml-experimentation "${params[@]}" \
    --connect-to "::127.0.0.1:$port" \
    --credential "arm-token=file:$state/token"

exits "no identity: a gap" 3 collect "$work/nobody"
is "which" "$(gaps "$work/nobody")" "notifications|identity-not-given|"
exits "another person" 2 collect "$work/refused" --identity objectId=other
# altered SQL: another run over a copy of a case that SQL changes
altered()
{
	rm -rf "$work/altered"
	cp -r "$work/refused" "$work/altered"
	sqlite3 "$work/altered/case.db" "$1"
	settle
	requests >"$work/requests"
	exits "a changed case: $2" 2 collect "$work/altered" \
	    --identity "$person"
	ok "it is told which" says "$work/err" \
	    "the case (was begun with|has) another value of $3"
	settle
	is "nothing was asked" "$(requests)" "$(cat "$work/requests")"
}

altered "update setting set value = 'elsewhere'
    where name = 'hostingAccountName'" "another default" hostingAccountName
altered "update setting set value = 'elsewhere' where name = 'location'" \
    "what is given now" location
altered "insert into setting(connector, kind, name, value)
    select connector, kind, name, 'other'
    from setting where name = 'objectId'" "one person more" objectId
altered "insert into setting(connector, kind, name, value)
    select connector, kind, 'tenant', 'x'
    from setting where name = 'location'" "a name nobody declared" tenant
exits "not all that it was begun with" 2 collect "$work/refused"
ok "it is told what" says "$work/err" 'has another value of objectId'
exits "a name it does not have" 2 collect "$work/no" --identity objektId=x
ok "suggests" says "$work/err" 'did you mean objectId'
exits "a value it cannot have" 2 collect "$work/no" --param location=../x
exits "a folder of other things" 6 collect "$work"
exits "a parameter is missing" 2 "$dossier" collect "$work/no" \
    --connector azureml-experimentation --dry-run
exits "dry run" 0 collect "$work/no" --dry-run
is "28 endpoints planned" "$(grep -c ': GET https://' "$work/out")" 28
ok "still no case" test ! -e "$work/no"

# --- links that lead astray, busy services ------------------------------------

# fault TEXT WANTED-STATUS WANTED-GAPS LINE...
fault()
{
	local text=$1 wanted=$2 wanted_gaps=$3
	shift 3
	printf '%s\n' "$@" >"$work/faults"
	start --runs 30 --page-size 10 --faults "$work/faults"
	rm -rf "$work/case"
	exits "$text" "$wanted" collect "$work/case" --identity "$person"
	is "$text: gaps" "$(gaps "$work/case" | grep -v parent-incomplete |
	    tr '\n' ' ')" "$wanted_gaps"
}

fault "what a service can get wrong" 3 "artifact-content|foreign-content| \
assets|http-status|403 computes|unexpected-shape|200 experiments|foreign-link| \
images|not-json|200 manifests|page-repeats| models|page-repeats| \
run-metrics|page-repeats| runs|foreign-link| services|foreign-redirect|307 " \
    'GET */runs* 1 next-link to=https://evil.example.org/x' \
    'GET */experiments 1 next-link to=http://westeurope.experiments.azureml.net/x' \
    'GET */models?* every repeat-next-link' \
    'GET */manifests?* every grow-next-link' \
    'GET */runmetrics* every ignore-token' \
    'GET */images?* every cut' \
    'GET */assets every status code=403' \
    'GET */services?* 1 redirect to=https://evil.example.org/' \
    'GET */computes?* 1 header name=Content-Encoding value=br' \
    'GET *contentinfo* 2 body body={"contentUri":"https://evil.example.org/x?sig=1"}'
is "children say so" "$(gaps "$work/case" | grep -c parent-incomplete)" 12
settle
is "nobody else was asked" "$(grep -c evil "$state/requests.log")" 0
fault "what it may do" 0 "" \
    'GET */runs* every port-next-link' \
    'GET */runs* 2 empty-page' \
    'GET */experiments 1 status code=429 retry-after=1' \
    'GET */assets 1 truncate' \
    'GET */images?* 1 close' \
    'GET */manifests?* 1 status code=503' \
    'GET */runs/churn_*_2 1 status code=404' \
    'GET */services?* 1 unauthorized' \
    'GET */models?* 1 status code=403' \
    'GET */models?* 1 header name=x-ms-ratelimit-remaining-subscription-reads value=0' \
    'GET */models?* 1 header name=x-ratelimit-reset value=1'
is "each is noted" "$(sqlite3 "$work/case/case.db" \
    "select count(*) from exchange where attempts is not null")" 6
fault "a page that repeats" 3 "runs|page-repeats| " \
    'GET */runs* every ignore-token'

head -c 1000000 /dev/urandom >"$work/large"
head -c 200000000 /dev/zero | gzip -1 >"$work/bomb"
echo '{"value":[]}' | gzip >"$work/small"
fault "large, packed, and too large" 3 "assets|too-large|200 " \
    "GET *blob* 1 body file=$work/large type=application/octet-stream" \
    "GET */computes?* 1 body file=$work/small" \
    'GET */computes?* 1 header name=Content-Encoding value=gzip' \
    "GET */assets 1 body file=$work/bomb" \
    'GET */assets 1 header name=Content-Encoding value=gzip'
is "the large one is a file" "$(sha256sum <"$work/case/blobs/000000001")" \
    "$(sha256sum <"$work/large")"
is "and a document" "$(sqlite3 "$work/case/case.db" \
    "select sha256 from document where blob = 1")" \
    "$(sha256sum <"$work/large" | cut -d ' ' -f 1)"
is "the packed one is as it was" "$(sqlite3 "$work/case/case.db" \
    "select body from document d join endpoint e on e.id = d.endpoint
     where e.name = 'computes'")" '{"value":[]}'

poll=https://management.azure.com/poll
fault "an answer that comes later" 0 "" \
    'GET */computes?* 1 status code=202' \
    "GET */computes?* 1 header name=Azure-AsyncOperation value=$poll?sig=canary-x" \
    'GET */computes?* 1 header name=Retry-After value=0' \
    'GET */poll?* 1 status code=200 body={"status":"Running"}' \
    'GET */poll?* 1-2 header name=Retry-After value=0' \
    'GET */poll?* 2 status code=500' \
    'GET */poll?* 3 status code=200 body={"status":"Succeeded","value":[]}'
is "is kept" "$(sqlite3 "$work/case/case.db" "select body, source_url
    from document d join endpoint e on e.id = d.endpoint
    where e.name = 'computes'")" \
    "{\"status\":\"Succeeded\",\"value\":[]}|$poll?sig=REDACTED"
is "with all that led to it" "$(sqlite3 "$work/case/case.db" \
    "select group_concat(status, ' ') from exchange x
     join endpoint e on e.id = x.endpoint where e.name = 'computes'")" \
    "202 200 200"
is "and what went wrong" "$(sqlite3 "$work/case/case.db" \
    "select count(*) from exchange where attempts like '%500%'")" 1
fault "one that failed" 3 "computes|operation-failed|200 " \
    'GET */computes?* 1 status code=202' \
    "GET */computes?* 1 header name=Location value=/poll" \
    'GET */computes?* 1 header name=Retry-After value=0' \
    'GET */poll 1 status code=200 body={"status":"Failed"}'

# --- connectors ------------------------------------------------------------------

exits "list" 0 "$dossier" connector list
ok "names ours" says "$work/out" '^azureml-experimentation '
for connector in collector/connectors/*.json; do
	exits "check ${connector##*/}" 0 "$dossier" connector check "$connector"
done
sed 's/"data_path"/"data_pth"/' \
    collector/connectors/azureml-experimentation.json >"$work/typo.json"
exits "a typo" 6 "$dossier" connector check "$work/typo.json"
ok "line, column, suggestion" says "$work/err" \
    'typo.json:[0-9]+:[0-9]+: unknown key "data_pth".*did you mean "data_path"'
is "all of them" "$(grep -c data_pth "$work/err")" "$(grep -c data_pth \
    "$work/typo.json")"
exits "nor is it used" 6 "$dossier" collect "$work/no" \
    --connector "$work/typo.json"
ok "the first is told" says "$work/err" 'typo.json:[0-9]+:[0-9]+: '
exits "no such connector" 6 "$dossier" collect "$work/no" --connector nothing
exits "nor one that is nearly right" 6 "$dossier" collect "$work/no" \
    --connector gihub
ok "what was meant, and what there is" says "$work/err" \
    'did you mean github\? dossier connector list'
exits "no connector at all" 2 "$dossier" collect "$work/no"
ok "says where they are listed" says "$work/err" 'see dossier connector list'
cp "$work/typo.json" "$work/typo"
run env -C "$work" "$dossier" connector check typo
ok "a file without its folder" says "$work/err" ' \./typo$'
exits "every parameter is missing" 2 "$dossier" collect "$work/no" \
    --dry-run --connector azureml-experimentation
ok "all are told at once" says "$work/err" \
    '--param subscriptionId=.* --param location=.* --param projectName='
ok "but none that has a default" lacks "$work/err" hostingAccountName
exits "so is the credential" 2 "$dossier" collect "$work/no" \
    --connector azureml-experimentation
ok "what it may be is told" says "$work/err" \
    '--credential arm-token=SOURCE is missing: .*file:PATH'
exits "show" 0 "$dossier" connector show azureml-experimentation
ok "shows credentials" says "$work/out" 'credential arm-token=SOURCE'
# shown ENDPOINT: what is said of it
shown() { sed -n "/^  $1  /,/^  [a-z]/p" "$work/out" | sed '1d;$d'; }
ok "shows what takes others' data along" says <(shown hosting-account) \
    '^ *beware: Deletes the whole model management account'
ok "and what must go before it" says <(shown hosting-account) \
    '^ *not before model, manifest, image, service$'
ok "what goes along" says <(shown models) '^ *deleted together with model$'
ok "how a thing is deleted" says <(shown model) \
    '^ *deleted by DELETE at the same address$'
exits "show one that deletes softly" 0 "$dossier" connector show azureml
ok "says for how long" says <(shown workspace) 'kept by .* for 14 days'
exits "show one without deletions" 0 "$dossier" connector show github
ok "says so" says <(shown emails) 'no way to delete it'
exits "show one with steps by hand" 0 "$dossier" connector show azureml-studio
ok "tells them" says <(shown users) 'deleted by hand: An owner of the workspace'
exits "in Dutch" 0 env LC_ALL=nl_NL.UTF-8 LANGUAGE=nl "$dossier" \
    connector show github
ok "the texts of the connector, too" says "$work/out" 'Uw openbare SSH'
exits "status of no case" 6 "$dossier" status "$work"
exits "status of nothing" 10 "$dossier" status "$work/nothing"

# --- two connectors in one case --------------------------------------------------

start --runs 6
accounts=/subscriptions/3f1d6c52-8a4e-4b7a-9c0e-5d2b71f0a946/resourceGroups
accounts+=/research/providers/Microsoft.MachineLearningExperimentation/accounts
cat >"$work/second.json" <<JSON
{"connector": {"key": "second", "name": "S", "version": "1", "description": "d"},
 "connector_params": [{"name": "account", "description": "a"}],
 "hosts": ["management.azure.com"],
 "authentication": {"strategy": "bearer", "credential": "token"},
 "defaults": {"api_version": "2017-05-01-preview"},
 "endpoints": [{"name": "account", "description": "d", "category": "account",
  "requests": {"read": {"method": "GET", "host": "management.azure.com",
   "path": "$accounts/{account}"}}}]}
JSON
exits "the first" 0 collect "$work/two" --identity "$person"
exits "the second" 0 "$dossier" collect "$work/two" \
    --connector "$work/second.json" --param account=noordzee \
    --ca-file "$state/ca.pem" --connect-to "::127.0.0.1:$port" \
    --credential "token=file:$state/token" --json
ok "is counted with the first" says "$work/out" '"gaps":0,"pending":0'
is "its document stands last" "$(documents "$work/two" | tail -n 1 |
    cut -d '|' -f 2)" account
sed 's/"version": "1"/"version": "2"/' "$work/second.json" >"$work/third.json"
exits "another version of it" 6 "$dossier" collect "$work/two" \
    --connector "$work/third.json" --param account=noordzee \
    --credential "token=file:$state/token"

done_testing
