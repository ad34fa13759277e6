#!/bin/bash
# SPDX-License-Identifier: ISC
# One page names several large downloads. Wherever a run is ended, the next one
# goes on with each or asks for it anew, and the case is as after one that nothing
# disturbed.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/experimentation.bash

with_handler '{"max_retries": 2, "backoff_base_s": 0}'
for n in 1 2 3; do
	head -c 1500000 /dev/urandom >"$work/large$n"
done

# --- a page that names three ---------------------------------------------------

start --runs 8
exits "a case, to know addresses" 0 collect "$work/known"
query "$work/known" "select substr(source_url, 9) from document d
    join endpoint e on e.id = d.endpoint where e.name = 'artifact-content'
    and part = 0 order by d.id limit 3" >"$work/pages"
while read -r page; do
	curl --silent --cacert "$state/ca.pem" --connect-to "::127.0.0.1:$port" \
	    --header "Authorization: Bearer $token" \
	    "https://westeurope.experiments.azureml.net/${page#*/}"
	echo
done <"$work/pages" >"$work/bodies"
stop
read -r page <"$work/pages"
page=${page%%\?*}

# names PATTERN...: a page whose downloads are at the addresses of these pages,
# each with a number behind it, in this order: FROM/NUMBER
names()
{
	python3 - "$work/bodies" "$@" >"$work/page" <<-'END'
	import json, sys
	bodies = [json.loads(line) for line in open(sys.argv[1])]
	page = dict(bodies[0])
	page["contentUri"] = [
	    "%s&several=%s" % (bodies[int(name[0]) - 1]["contentUri"], name[2:])
	    for name in sys.argv[2:]]
	print(json.dumps(page))
	END
}

# serve FAULT...: NUMBER WHEN ACTION...
serve()
{
	local fault
	{
		echo "GET */${page#*/} every body file=$work/page"
		echo "GET */${page#*/}?* every body file=$work/page"
		for n in 1 2 3; do
			echo "GET *several=$n every body file=$work/large$n"
			[ -z "${tag-}" ] ||
			    echo "GET *several=$n every header name=ETag value=$tag"
			[ -z "${tag-}" ] ||
			    echo "GET *several=$n every drop-header name=Content-MD5"
		done
		for fault; do
			echo "GET *several=${fault%% *} ${fault#* }"
		done
	} >"$work/faults"
	start --runs 8 --faults "$work/faults"
}

# the digests of all downloads of the page, in order
several()
{
	query "$work/case" "select sha256 from document where part > 0 and
	    (task, page) in (select task, page from document
	    where source_url like '%several%') order by part"
}

same_as_calm() { [ "$(documents "$work/case")" = "$(cat "$work/calm.txt")" ]; }

pieces() { query "$work/case" "select count(*) from meta where name like 'piece %'"; }

begin_collecting()
{
	rm -rf "$work/case"
	collect "$work/case" --concurrency 4 >/dev/null 2>&1 </dev/null &
	collector=$!
}

# end_collecting SIGNAL: and the service
end_collecting()
{
	kill "-$1" \
	    "$(pgrep -P "$collector" -x dossier-collect || echo $collector)"
	wait "$collector" 2>/dev/null
	stop
}

# wait_until TEXT COMMAND: for ten seconds
wait_until()
{
	local i
	for ((i = 0; i < 200; i++)); do
		! "${@:2}" || break
		sleep 0.05
	done
	ok "$1" "${@:2}"
}

two_pieces() { [ "$(pieces 2>/dev/null)" = 2 ]; }
one_is_whole() { [ -n "$(find "$work/case/blobs" -size 1500000c 2>/dev/null)" ]; }

# ended SIGNAL: a run that is ended once two pieces are known and the second
# download is what is waited for
ended()
{
	serve '1 1 truncate at=700000' '1 2 delay ms=1500' \
	    '2 1 truncate at=600000' '2 2 delay ms=60000'
	begin_collecting
	wait_until "two pieces are known" two_pieces
	end_collecting "$1"
}

names 1/1 2/2 3/3
serve
rm -rf "$work/case"
exits "undisturbed" 0 collect "$work/case"
stop
is "three of one page" "$(several)" "$(sha256sum "$work"/large[123] |
    cut -d ' ' -f 1)"
documents "$work/case" >"$work/calm.txt"

for signal in KILL INT; do
	ended $signal
	serve
	exits "$signal in the second one: the next run" 0 collect "$work/case"
	stop
	is "$signal: the first goes on where the case knew of it" \
	    "$(asked several=1)" "206 "
	is "$signal: the second goes on" "$(asked several=2)" "206 "
	is "$signal: the third is asked for" "$(asked several=3)" "200 "
	ok "$signal: the case is as it should be" same_as_calm
	is "$signal: no piece is left" \
	    "$(pieces) $(find "$work/case/blobs" -name '.*' -type f)" "0 "
done

# twice, and the first one is another version by then
ended KILL
cp "$work/large1" "$work/keep"
head -c 1500000 /dev/urandom >"$work/large1"
serve '1 every header name=ETag value="0x8D0NEW"'
exits "the first has changed since: the next run" 0 collect "$work/case"
stop
is "it comes whole" "$(asked several=1)" "200 "
is "the second goes on" "$(asked several=2)" "206 "
is "all three are what the service gives" "$(several)" \
    "$(sha256sum "$work"/large[123] | cut -d ' ' -f 1)"
mv "$work/keep" "$work/large1"

# --- when a list changes meanwhile ---------------------------------------------

ended KILL
names 3/3 1/1 2/2
serve
exits "another order: the next run" 0 collect "$work/case"
stop
is "each is what the service gives" "$(several)" "$(for n in 3 1 2; do
    sha256sum "$work/large$n" | cut -d ' ' -f 1; done)"

# Of one address, but for what may not be told: an entity tag is of one resource,
# and each of these has the first tag that was ever given.
tag='"1"'
names 1/1 1/2 1/3
serve
rm -rf "$work/case"
exits "addresses that differ in their query alone" 0 collect "$work/case"
stop
is "are three" "$(several)" "$(sha256sum "$work"/large[123] |
    cut -d ' ' -f 1)"
serve '1 1 truncate at=700000' '1 2 delay ms=2000' '2 1 delay ms=60000'
begin_collecting
wait_until "the first is whole" one_is_whole
end_collecting KILL
names 1/2 1/3 1/1
serve
exits "in another order: the next run" 0 collect "$work/case"
stop
is "none has a byte of another one" "$(several)" "$(for n in 2 3 1; do
    sha256sum "$work/large$n" | cut -d ' ' -f 1; done)"

done_testing
