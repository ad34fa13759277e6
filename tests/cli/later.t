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
    --connect-to "::127.0.0.1:$port" --credential "token=file:$work/token"; command=("$@"); }
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

# killed: collects until the service was asked how it stands, and is killed
killed()
{
	rm -rf "$work/case"
	collecting
	"${command[@]}" >/dev/null 2>&1 &
	local id=$! n
	for ((n = 0; n < 200; n++)); do
		! grep -qs '"path":"/p' "$state/requests.log" || break
		sleep 0.1
	done
	sleep 0.3 # its batch of answers is in the case
	kill -9 "$id"
	wait "$id" 2>/dev/null
}

begun='POST ${A}/x 202
	Azure-AsyncOperation: https://api.example.org/p?s=canary-signature
	Retry-After: 0
GET ${A}/p?s=canary-signature 200 {"status":"Running"}
	Retry-After: 2'

serve "$begun"'
GET ${A}/p?s=canary-signature 200 {"status":"Succeeded","done":1}'
killed
is "the case knows where to ask" "$(sql "SELECT value FROM meta
    WHERE name LIKE 'operation%'")" \
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

serve "$begun"'
POST ${A}/x 200 {"done":3}'
killed
sql "UPDATE meta SET value = '1 0 https://evil.example.net/p'
    WHERE name LIKE 'operation%'"
collecting
exits "an address changed by hand" 0 "${command[@]}"
stop
is "is not asked" "$(asked)" "1 GET /p?s=canary-signature,2 POST /x"

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
