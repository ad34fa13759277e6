#!/bin/bash
# SPDX-License-Identifier: ISC
# Downloads that break off go on where they were, when that is safe; one that
# is not what its service says is asked for again; what a run does not obtain
# the next one does, and nothing else.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/experimentation.bash
trap 'stop; rm -rf "$work"' EXIT

with_handler '{"max_retries": 2, "backoff_base_s": 0}'
head -c 1500000 /dev/urandom >"$work/large"
large=$(sha256sum <"$work/large" | cut -d ' ' -f 1)

start --runs 8
exits "undisturbed" 0 collect "$work/calm"
documents "$work/calm" >"$work/calm.txt"
path=$(query "$work/calm" "select source_url from document d
    join endpoint e on e.id = d.endpoint
    where e.name = 'artifact-content' and part = 1 order by d.id limit 1")
path=${path#https://*/} path=${path%%\?*}
ok "there are downloads" test -n "$path"

# case_of TEXT STATUS FAULT...: a run where the first download is large and
# each FAULT (WHEN ACTION...) happens to it
case_of()
{
	local text=$1 wanted=$2 fault
	shift 2
	echo "GET */${path//%/%}?* every body file=$work/large" >"$work/faults"
	for fault; do
		echo "GET */$path?* $fault"
	done >>"$work/faults"
	start --runs 8 --faults "$work/faults"
	rm -rf "$work/case"
	exits "$text" "$wanted" collect "$work/case" --concurrency 4
	stop
}

# whole TEXT: the large one is a document
whole()
{
	is "$1" "$(query "$work/case" "select count(*) from document
	    where sha256 = '$large'")" 1
	is "$1, and a file" \
	    "$(sha256sum <"$work/case/blobs/000000001" | cut -d ' ' -f 1)" \
	    "$large"
}

attempts()
{
	query "$work/case" "select attempts from exchange
	    where attempts is not null" | cut -f 3 | tr '\n' ';'
}

# One that holds the token, across the border of two of the pieces that it is
# read in, or at its very end.
cp "$work/large" "$work/clean"
for at in 1048560 1499000; do
	start --runs 1
	printf '%s,' "$token" | dd of="$work/large" bs=1 seek=$at \
	    conv=notrunc status=none
	case_of "the token at $at of a download" 3 '1 delay ms=0'
	is "is not kept" "$(query "$work/case" "select reason from gap")" \
	    credential-returned
	ok "in no file" holds_not "$work/case" "$token"
	cp "$work/clean" "$work/large"
done

case_of "a download that breaks off" 0 '1 truncate at=600000'
is "goes on where it was" "$(asked "$path")" "200 206 "
whole "it is whole"
ok "the record tells of it" test "$(attempts | grep -c 'bytes are kept')" = 1
is "and of the range" "$(query "$work/case" "select count(*) from exchange x
    join headers h on h.id = x.request_headers where x.status = 206
    and h.lines like '%range: bytes=%-%if-range: \"%'
    and response_headers like '%content-range: bytes %-1499999/1500000%'")" 1

case_of "one that breaks off twice" 0 '1 truncate at=600000' \
    '2 truncate at=300000'
is "goes on twice" "$(asked "$path")" "200 206 206 "
whole "it is whole, too"

case_of "a service that gives no parts" 0 '1 truncate at=600000' \
    'every header name=Accept-Ranges value=none'
is "gives the whole again" "$(asked "$path")" "200 200 "
whole "that is taken"

case_of "a body that changed meanwhile" 0 '1 truncate at=600000' \
    '1 header name=ETag value="0x8D0OLD"'
is "comes whole" "$(asked "$path")" "200 200 "
whole "that is taken, too"

case_of "a weak tag" 0 '1 truncate at=600000' \
    'every header name=ETag value=W/"1"'
is "is no promise" "$(asked "$path")" "200 200 "
whole "so all is asked for"

case_of "no tag" 0 '1 truncate at=600000' 'every drop-header name=ETag'
is "is none either" "$(asked "$path")" "200 200 "

case_of "another part than was asked for" 0 '1 truncate at=600000' \
    '2 header name=Content-Range value=bytes%200-899999/900000'
is "is not taken" "$(asked "$path")" "200 206 200 "
whole "but the whole is"

case_of "a part of another body" 0 '1 truncate at=600000' \
    '2 header name=ETag value="0x8D0NEW"'
ok "is not mixed with the first" test "$(asked "$path")" != "200 206 "
whole "but the whole is"

case_of "a part that nobody asked for" 3 'every told-status code=206'
is "is no document" "$(gaps "$work/case")" "artifact-content|truncated|206"

case_of "a damaged body" 0 '1 header name=Content-MD5 value=AAAAAAAAAAAAAAAAAAAAAA=='
is "is asked for again" "$(asked "$path")" "200 200 "
ok "the record says why" test "$(attempts | grep -c Content-MD5)" = 1
whole "and comes well"

case_of "one that stays damaged" 3 \
    'every header name=Content-MD5 value=AAAAAAAAAAAAAAAAAAAAAA=='
is "is a gap" "$(gaps "$work/case")" "artifact-content|damaged|200"
is "no piece of it is left" "$(ls -A "$work/case/blobs")" ""

# --- what the next run obtains ----------------------------------------------

start --runs 8
exits "the next run obtains it" 0 collect "$work/case"
stop
is "by two requests" "$(wc -l <"$state/requests.log")" 2
documents "$work/case" | cmp -s - "$work/calm.txt"
is "the case is as it should be" $? 0
exits "and then there is nothing to do" 0 "$dossier" status "$work/case"

# again TEXT FAULT...: first with the faults, then without
again()
{
	local text=$1
	shift
	printf '%s\n' "$@" >"$work/faults"
	start --runs 8 --faults "$work/faults"
	rm -rf "$work/case"
	exits "$text" 3 collect "$work/case"
	ok "$text: gaps" test -n "$(gaps "$work/case")"
	start --runs 8
	exits "$text: the next run" 0 collect "$work/case"
	stop
	documents "$work/case" | cmp -s - "$work/calm.txt"
	is "$text: the same documents" $? 0
	ok "$text: only downloads and what names them were asked for" test \
	    "$(grep -cE 'contentinfo|blob' "$state/requests.log")" = \
	    "$(wc -l <"$state/requests.log")"
}

again "a host of files that does not answer" 'GET *blob* every close'
again "signed addresses that ran out" 'GET *blob* every status code=403'
again "a host that is busy" 'GET *blob* every status code=503'

echo 'GET *blob* every status code=503' >"$work/faults"
start --runs 8 --faults "$work/faults"
rm -rf "$work/case"
exits "busy" 3 collect "$work/case"
gaps "$work/case" >"$work/before"
exits "still busy" 3 collect "$work/case"
gaps "$work/case" | cmp -s - "$work/before"
is "the gaps stand" $? 0
echo 'GET *contentinfo* every status code=404' >"$work/faults"
start --runs 8 --faults "$work/faults"
exits "their pages are gone" 3 collect "$work/case"
gaps "$work/case" | cmp -s - "$work/before"
is "the gaps stand, too" $? 0
start --runs 8
exits "all is well again" 0 collect "$work/case"
documents "$work/case" | cmp -s - "$work/calm.txt"
is "at last" $? 0

# --- killed in the middle of one --------------------------------------------

# piece: what the case knows of a body that is not whole, as "file bytes …"
piece() { query "$work/case" "select value from meta where name like 'piece %'"; }

# kill_in_the_middle: at 600000 bytes of the large one
kill_in_the_middle()
{
	printf '%s\n' "GET */${path//%/%}?* every body file=$work/large" \
	    "GET */$path?* 1 truncate at=600000" \
	    "GET */$path?* 2 delay ms=60000" >"$work/faults"
	start --runs 8 --faults "$work/faults"
	rm -rf "$work/case"
	collect "$work/case" --concurrency 4 >/dev/null 2>&1 </dev/null &
	collector=$!
	for ((i = 0; i < 200; i++)); do
		[[ "$(piece 2>/dev/null)" != [0-9]* ]] || break
		sleep 0.05
	done
	kill "${1:--KILL}" "$(pgrep -P "$collector" -x dossier-collect || echo $collector)"
	wait "$collector" 2>/dev/null
	stop
	left=$work/case/blobs/$(printf .%09d "$(piece | cut -d ' ' -f 1)")
}

# next TEXT ASKED [FAULT]: the next run, which asks for the large one so
next()
{
	printf '%s\n' "GET */${path//%/%}?* every body file=$work/large" \
	    "${2:+GET */$path?* $2}" >"$work/faults"
	start --runs 8 --faults "$work/faults"
	exits "$1: the next run" 0 collect "$work/case"
	stop
}

kill_in_the_middle
ok "killed in the middle of a download, the case has what came" \
    test "$(stat -c %s "$left")" = 600000
next "and goes on with it" '1 delay ms=0'
is "from where it was" "$(asked "$path")" "206 "
whole "it is whole"
is "the record tells of both runs" "$(query "$work/case" "select count(*) from
    exchange where status = 206 and response_size = 1500000
    and attempts like '%200%broke off: 600000 bytes are kept%'")" 1
ok "and of the range" grep -qF 'bytes=600000-' <(query "$work/case" \
    "select lines from headers")
is "nothing is left of the piece" "$(piece)$(ls -A "$work/case/blobs")" 000000001

kill_in_the_middle
next "of another version of the body" 'every header name=ETag value="0x8D0NEW"'
is "all is asked for" "$(asked "$path")" "200 "
whole "that is taken"

kill_in_the_middle
printf X | dd of="$left" bs=1 seek=300000 conv=notrunc status=none
next "of a file that was changed meanwhile" '1 delay ms=0'
is "all is asked for again" "$(asked "$path")" "200 "
whole "no byte of the change is taken"

kill_in_the_middle
truncate -s 599999 "$left"
next "of a file that lost a byte" '1 delay ms=0'
is "too" "$(asked "$path")" "200 "
whole "it is whole, with that byte"

kill_in_the_middle
printf more >>"$left"
next "of a file that grew" '1 delay ms=0'
is "from where the case knows it" "$(asked "$path")" "206 "
whole "what was added is not in it"

kill_in_the_middle
rm "$left"
ln "$work/large" "$left"
next "of a file that is another one" '1 delay ms=0'
is "nor is that taken" "$(asked "$path")" "200 "
whole "but what the service gives"
is "and the other file is left alone" \
    "$(sha256sum <"$work/large" | cut -d ' ' -f 1)" "$large"

kill_in_the_middle
query "$work/case" "update meta set value = replace(value, '\"',
    '\"' || char(13, 10) || 'X-Evil: 1' || char(13, 10)) where name like 'piece %'"
next "of a record that was changed" '1 delay ms=0'
is "it is not used" "$(asked "$path")" "200 "
whole "all is as it should be"

# The page names another file at that address: only its query and the name of
# the item tell, and entity tags are only of one resource.
kill_in_the_middle
page=$(query "$work/calm" "select source_url from document d
    join endpoint e on e.id = d.endpoint where e.name = 'artifact-content'
    and part = 0 order by d.id limit 1")
page=${page#https://*/}
start --runs 8
curl --silent --cacert "$state/ca.pem" --connect-to "::127.0.0.1:$port" \
    --header "Authorization: Bearer $(cat "$state/token")" \
    "https://westeurope.experiments.azureml.net/$page" |
    sed 's/"path": *"[^"]*"/"path":"another"/' >"$work/page"
stop
ok "a page that names another file" grep -q 'sig=.*"another"' "$work/page"
next "of another file at that address" "1 delay ms=0
GET */contentinfo/${path#*/} every body file=$work/page"
is "it is asked for from its beginning" "$(asked "$path")" "200 "

kill_in_the_middle
next "of a service that gives no parts any more" \
    'every header name=Accept-Ranges value=none'
is "the whole is asked for, once" "$(asked "$path")" "200 "
whole "and comes"

kill_in_the_middle
run "$dossier" pack "$work/case" -o "$work/half.zip" --unsigned
ok "what is half there can be packed" test -s "$work/half.zip"
ok "without a byte of it" python3 - "$left" "$work/half.zip" <<-'END'
	import sys
	left, archive = (open(name, "rb").read() for name in sys.argv[1:])
	sys.exit(len(left) < 600000 or any(left[at:at + 32] in archive
	    for at in range(0, len(left) - 32, 10000)))
END
next "and the next run obtains it" '1 delay ms=0'
whole "all of it"

kill_in_the_middle -INT
next "stopped, not killed" '1 delay ms=0'
is "is no different" "$(asked "$path")" "206 "
whole "it is whole as well"

done_testing
