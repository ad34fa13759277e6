#!/bin/bash
# SPDX-License-Identifier: ISC
# Answers that come later, and a run that is killed while they are waited for:
# the next one asks on where the first one asked. Nothing is begun twice, as the
# simulator's log tells, and what a case says is judged like what a service says.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/simulator.bash

echo canary-token >"$work/token"
chmod 600 "$work/token"
cat >"$work/one.json" <<'JSON'
{"connector": {"key": "one", "name": "One", "version": "1", "description": "d"},
 "hosts": ["api.example.org"],
 "authentication": {"strategy": "bearer", "credential": "token"},
 "endpoints": [{"name": "x", "description": "d", "category": "content",
  "requests": {"read": {"method": "POST", "host": "api.example.org", "path": "/x",
   "accepted_codes": [202], "async": {"interval_s": 1}}}}]}
JSON

# serve LINES: the service
serve()
{
	{
		echo 'door api.example.org Authorization Bearer canary-token'
		echo 'let A api.example.org'
		echo "$1"
	} >"$work/script"
	start --script "$work/script"
}

collecting() { set -- "$dossier" collect "$work/case" \
    --connector "$work/one.json" --ca-file "$state/ca.pem" --no-progress \
    --connect-to "::127.0.0.1:$port" --credential "token=file:$work/token" "$@"
    command=("$@"); }
# asked METHOD-AND-PATH...: how often, by the log
asked() { sed -n 's/.*"method":"\([A-Z]*\)".*"path":"\([^"]*\)".*/\1 \2/p' \
    "$state/requests.log" | sort | uniq -c | sed 's/^ *//' | paste -sd, ; }
sql() { python3 - "$work/case/case.db" "$1" <<-'END'
	import sqlite3, sys
	with sqlite3.connect(sys.argv[1]) as db:
	    for row in db.execute(sys.argv[2]):
	        print(*row)
	END
}

# killed_after COUNT PATH OPTION...: collects until PATH was asked for so often,
# and is killed
killed_after()
{
	local count=$1 path=$2 id n
	shift 2
	collecting "$@"
	"${command[@]}" >/dev/null 2>&1 &
	id=$!
	for ((n = 0; n < 200; n++)); do
		[ "$(grep -cs "\"path\":\"$path" "$state/requests.log")" -lt \
		    "$count" ] || break
		sleep 0.1
	done
	sleep 0.3 # its batch of answers is in the case
	kill -9 "$id"
	wait "$id" 2>/dev/null
}

# killed OPTION...: from the start, when the service was asked how it stands
killed()
{
	rm -rf "$work/case"
	killed_after 1 /p "$@"
}

# kept: addresses that the case still asks at
kept() { sql "SELECT value FROM meta WHERE name LIKE 'operation%'"; }

begun='POST ${A}/x 202
	Azure-AsyncOperation: https://api.example.org/p?s=canary-signature
	Retry-After: 0
GET ${A}/p?s=canary-signature 200 {"status":"Running"}
	Retry-After: 2'

serve "$begun"'
GET ${A}/p?s=canary-signature 200 {"status":"Succeeded","done":1}'
killed
is "the case knows where to ask" "$(kept)" \
    "1 0 https://api.example.org/p?s=canary-signature"
is "what was asked is in it" "$(sql 'SELECT method, status FROM exchange
    ORDER BY id' | paste -sd,)" "POST 202,GET 200"
collecting
exits "the next run asks on" 0 "${command[@]}"
stop
is "nothing was begun twice" "$(asked)" \
    "2 GET /p?s=canary-signature,1 POST /x"
is "the answer is there" "$(sql 'SELECT body FROM document')" \
    "b'{\"status\":\"Succeeded\",\"done\":1}'"
is "all exchanges are" "$(sql 'SELECT count(*) FROM exchange')" 3
ok "the address is not, any more" lacks <(cat "$work"/case/case.db*) canary

serve "$begun"'
GET ${A}/p?s=canary-signature 404 {}
POST ${A}/x 200 {"done":2}'
killed
collecting
exits "what the service does not know any more" 0 "${command[@]}"
stop
is "is begun again" "$(asked)" "2 GET /p?s=canary-signature,2 POST /x"
is "and there" "$(sql 'SELECT body FROM document')" "b'{\"done\":2}'"
is "nothing is left of the address" "$(kept)" ""

serve "$begun"'
POST ${A}/x 200 {"done":3}'
killed
sql "UPDATE meta SET value = '1 0 https://evil.example.net/p'
    WHERE name LIKE 'operation%'"
collecting
exits "an address changed by hand" 0 "${command[@]}"
stop
is "is not asked" "$(asked)" "1 GET /p?s=canary-signature,2 POST /x"
is "nor left" "$(kept)" ""

# What was asked about an answer that is somebody else's is told by nothing but
# that it was asked, however often it was begun.
sed 's/"endpoints": \[{/"identities": [{"name": "who", "description": "d"}],&/
    s/}}}\]}$/}}, "subject_match": [{"path": "by", "identity": "who"}]}]}/' \
    "$work/one.json" >"$work/two.json"
theirs='POST ${A}/x 503 {}
	Retry-After: 5
POST ${A}/x 200 {"by":"bo","id":"bo-s"}'
told() { sql 'SELECT count(*), count(url), count(response_headers),
    count(peer) FROM exchange'; }
of_an() { killed_after "$@" --connector "$work/two.json" --identity who=an; }

serve "$begun"'
GET ${A}/p?s=canary-signature 404 {}
'"$theirs"
killed --connector "$work/two.json" --identity who=an
of_an 2 /x
is "begun again, killed: the first is there" "$(told)" "3 3 3 3"
collecting --connector "$work/two.json" --identity who=an
exits "and begun once more" 0 "${command[@]}"
stop
is "it was begun three times" "$(asked)" \
    "2 GET /p?s=canary-signature,3 POST /x"
is "nothing of it is kept" "$(sql 'SELECT count(*) FROM document')" 0
is "nor told of what was asked" "$(told)" "4 0 0 0"
is "nor the address" "$(kept)" ""

serve "$begun"'
POST ${A}/x 200 {"by":"bo","id":"bo-s"}'
killed --connector "$work/two.json" --identity who=an
sql "UPDATE meta SET value = '1 0 https://evil.example.net/p'
    WHERE name LIKE 'operation%'"
collecting --connector "$work/two.json" --identity who=an
exits "an address changed by hand, of what is others'" 0 "${command[@]}"
stop
is "nothing is told of what was asked" "$(told)" "3 0 0 0"
is "nor the address" "$(kept)" ""

# An operation that is not done in time is asked about by the next run.
sed -i 's/"interval_s": 1/"interval_s": 1, "timeout_s": 1/' "$work/one.json"
serve 'POST ${A}/x 202
	Azure-AsyncOperation: /p
	Retry-After: 0
GET ${A}/p 200 {"status":"Running"}
GET ${A}/p 200 {"status":"Succeeded"}'
rm -rf "$work/case"
collecting
exits "one that takes too long is a gap" 3 "${command[@]}"
is "for now" "$(sql 'SELECT reason, again FROM gap')" "operation-timeout 1"
exits "the next run asks on" 0 "${command[@]}"
stop
is "and has it" "$(asked)" "2 GET /p,1 POST /x"

done_testing
