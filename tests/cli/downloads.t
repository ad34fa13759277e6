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
no_token() { ! grep -raqF "$token" "$work/case"; }
for at in 1048560 1499000; do
	start --runs 1
	printf '%s,' "$token" | dd of="$work/large" bs=1 seek=$at \
	    conv=notrunc status=none
	case_of "the token at $at of a download" 3 '1 delay ms=0'
	is "is not kept" "$(query "$work/case" "select reason from gap")" \
	    credential-returned
	ok "in no file" no_token
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

done_testing
