#!/bin/bash
# SPDX-License-Identifier: ISC
# What a service can try with the bytes of an answer and with TLS, in the
# numbers of the list of threats (59 to 65), each beside something right that
# is taken.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/hostile.bash
trap 'end_servers; rm -rf "$work"' EXIT

# answers TEXT STATUS GAPS STEP...: the list is answered by these steps
answers()
{
	local text=$1 wanted=$2 gaps=$3
	shift 3
	{
		echo 'GET */v1/list* every'
		printf '\t%s\n' "$@"
	} >"$work/rule"
	bears "$text" "$wanted" "$gaps" <"$work/rule"
}

# control TEXT NUMBER STEP...: as takes
control()
{
	local text=$1 wanted=$2
	shift 2
	{
		echo 'GET */v1/list* every'
		printf '\t%s\n' "$@"
	} >"$work/rule"
	takes "$text" "$wanted" <"$work/rule"
}

ok200='line HTTP/1.1 200 OK'
json='line Content-Type: application/json'
chunks='line Transfer-Encoding: chunked'

# --- 59: lengths and chunks that lie ----------------------------------------------

answers "59: less than promised" 3 truncated "$ok200" "$json" \
    'line Content-Length: 100' line 'send {"value":[]}' cut
answers "59: less than promised, with an orderly end" 3 truncated "$ok200" \
    "$json" 'line Content-Length: 100' line 'send {"value":[]}' close
answers "59: more than promised" 3 not-json "$ok200" "$json" \
    'line Content-Length: 5' line 'send {"value":[]}' close
answers "59: neither length nor chunks, and cut" 3 not-json "$ok200" "$json" \
    'line Connection: close' line 'send {"value":[' cut
answers "59: two lengths" 3 unexpected-shape "$ok200" \
    'line Content-Length: 12' 'line Content-Length: 13' line \
    'send {"value":[]}'
answers "59: a length beside chunks" 3 unexpected-shape "$ok200" \
    'line Content-Length: 12' "$chunks" line 'send c\r\n{"value":[]}\r\n0\r\n\r\n'
answers "59: chunks twice" 3 unexpected-shape "$ok200" "$chunks" "$chunks" \
    line 'send c\r\n{"value":[]}\r\n0\r\n\r\n'
answers "59: an empty length" 3 network "$ok200" \
    'line Content-Length: ' line 'send {"value":[]}' close
for length in -1 0x0c 12,13 99999999999999999999999; do
	serve <<-SCRIPT
	GET */v1/list* every
	    line HTTP/1.1 200 OK
	    line Content-Length: $length
	    line
	    send {"value":[]}
	    close
	SCRIPT
	rm -rf "$work/case"
	run collect "$work/case"
	is "59: the length $length: a gap" "$status" 3
done
answers "59: chunks of garbage" 3 truncated "$ok200" "$chunks" line \
    'send zz\r\n{"value":[]}\r\n0\r\n\r\n' close
answers "59: a chunk of 2^64 bytes" 3 truncated "$ok200" "$chunks" line \
    'send 10000000000000000\r\n{"value":[]}\r\n0\r\n\r\n' close
answers "59: chunks without an end" 3 truncated "$ok200" "$chunks" line \
    'send c\r\n{"value":[]}\r\n' cut
answers "59: no CR and LF behind a chunk" 3 truncated "$ok200" "$chunks" line \
    'send 5\r\n{"value":[]}\r\n0\r\n\r\n' close
answers "59: JSON that does not close" 3 not-json 'json {"value":[{"id":"a"}'
answers "59: JSON and more" 3 not-json 'json {"value":[]}{}'
more=(--timeout 1)
answers "59: a byte now and then" 3 truncated "$ok200" \
    'line Content-Length: 100000' line \
    'drip 100 {"value":[{"id":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'
answers "59: headers now and then" 3 truncated "$ok200" \
    'drip 100 X-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
more=()
control "59: control: chunks" 2 "$ok200" "$chunks" "$json" line \
    'send 5;x=y\r\n{"val\r\n7\r\nue":[]}\r\n0\r\nX-Behind: y\r\n\r\n'
control "59: control: until the connection closes" 2 "$ok200" "$json" \
    'line Connection: close' line 'send {"value":[]}' close
control "59: control: after a 103" 2 'line HTTP/1.1 103 Early Hints' \
    'line Content-Length: 7' line "$ok200" 'line Content-Length: 12' line \
    'send {"value":[]}'

# --- 60: what is packed -------------------------------------------------------------

head -c 300000000 /dev/zero | gzip -9 >"$work/zeros.gz"
printf '{"value":[]}' >"$work/plain"
gzip -c "$work/plain" >"$work/once.gz"
gzip -c "$work/once.gz" >"$work/twice.gz"
gzip -c "$work/zeros.gz" >"$work/zeros2.gz"
cat "$work/once.gz" "$work/once.gz" >"$work/members.gz"
(cat "$work/once.gz"; echo x) >"$work/more.gz"
head -c 20 "$work/once.gz" >"$work/torn.gz"
sed 's/./x/15' "$work/once.gz" >"$work/wrong.gz"

# packed TEXT STATUS GAP FILE HEADER...
packed()
{
	local text=$1 wanted=$2 gap=$3 file=$work/$4
	shift 4
	answers "60: $text" "$wanted" "$gap" "$ok200" "$json" \
	    "${@/#/line }" "line Content-Length: $(stat -c %s "$file")" line \
	    "file $file"
}

gz='Content-Encoding: gzip'
packed "a bomb" 3 too-large zeros.gz "$gz"
packed "a bomb in a bomb" 3 unexpected-shape zeros2.gz "$gz" "$gz"
packed "packed twice, in two headers" 3 unexpected-shape twice.gz "$gz" "$gz"
packed "packed twice, in one" 3 unexpected-shape twice.gz \
    'Content-Encoding: gzip, gzip'
answers "60: packed by transfer" 3 unexpected-shape "$ok200" \
    'line Transfer-Encoding: gzip, chunked' line 'send 0\r\n\r\n'
packed "br" 3 unexpected-shape plain 'Content-Encoding: br'
packed "deflate" 3 unexpected-shape plain 'Content-Encoding: deflate'
packed "not packed, as was said" 3 truncated plain "$gz"
packed "and something behind" 3 truncated more.gz "$gz"
packed "two members are one body" 3 not-json members.gz "$gz"
packed "torn" 3 truncated torn.gz "$gz"
packed "a byte is wrong" 3 truncated wrong.gz "$gz"
control "60: control: gzip" 2 "$ok200" "$json" "line $gz" \
    "line Content-Length: $(stat -c %s "$work/once.gz")" line \
    "file $work/once.gz"
control "60: control: identity" 2 "$ok200" 'line Content-Encoding: identity' \
    'line Content-Length: 12' line 'send {"value":[]}'

# --- 61: headers --------------------------------------------------------------------

answers "61: many headers" 3 too-large "$ok200" \
    'repeat 10000 X-Flood: aaaaaaaaaaaaaaaa\r\n' line
answers "61: headers without an end" 3 too-large "$ok200" \
    'flood X-Flood: aaaaaaaaaaaaaaaa\r\n'
answers "61: a header without an end" 3 truncated "$ok200" 'send X-Flood: ' \
    'flood aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
answers "61: a header of 30,000 bytes" 3 too-large "$ok200" \
    'send x-ms-flood: ' 'repeat 3000 aaaaaaaaaa' line line
answers "61: folded" 3 unexpected-shape "$ok200" 'line Content-Type: text/html' \
    'line  ; charset=utf-8' 'line Content-Length: 12' line 'send {"value":[]}'
answers "61: no colon" 3 network "$ok200" 'line Content' \
    'line Content-Length: 12' line 'send {"value":[]}'
answers "61: HTTP/0.9" 3 network 'send {"value":[]}' close
answers "61: another protocol" 3 network 'line SSH-2.0-OpenSSH' close
answers "61: nothing" 3 network close
serve <<SCRIPT
GET */v1/list every
	line HTTP/1.1 200 OK
	line Set-Cookie: session=evil; Path=/; Secure
	line Content-Length: 69
	line
	send {"value":[{"id":"a"}],"nextLink":"https://api.example.org/v1/list?p"}
GET */v1/list?p every
	json {"value":[]}
SCRIPT
rm -rf "$work/case"
exits "61: a cookie is no mistake" 0 collect "$work/case"
ok "61: the next page was asked for" says "$work/service/received" \
    '^GET /v1/list\?p '
ok "61: it is not sent back" lacks "$work/service/received" '[Cc]ookie'
ok "61: nor kept" test -z "$(case_says "select 1 from exchange
    where response_headers like '%evil%'")"
control "61: control: a header of 8,000 bytes" 2 "$ok200" 'send x-ms-long: ' \
    'repeat 800 aaaaaaaaaa' line 'line Content-Length: 12' line \
    'send {"value":[]}'
is "61: which is kept whole" "$(case_says "select count(*) from exchange
    where response_headers like '%' || replace(hex(zeroblob(4000)), '0', 'a')
    || '%'")" 1

# --- 62: TLS --------------------------------------------------------------------------

# by HOST: the collection from a host whose certificate has a mistake
by()
{
	more=(--param "host=$1.tls.example.org"
	    --connect-to "$1.tls.example.org:443:127.0.0.1:$service_port")
	rm -rf "$work/case"
	run collect "$work/case"
	more=()
}

serve </dev/null
for row in "expired:certificate has expired" \
    "early:certificate is not yet valid" "other-host:another host" \
    "unknown-ca:issuer certificate" "self-signed:self-signed" \
    "by-a-leaf:invalid CA" "sha1:too weak" "weak-key:too weak" \
    "client-only:purpose" "tls10:SSL connect" "tls11:SSL connect"; do
	by "${row%%:*}"
	is "62: ${row%%:*}: exit status" "$status" 12
	ok "62: ${row%%:*}: nothing was sent" empty "$work/service/received"
	case_says "select error from exchange" >"$work/reason"
	ok "62: ${row%%:*}: why" says "$work/reason" "${row#*:}"
done

# What the environment and files of other tools say changes nothing.
serve </dev/null
untrusted()
{
	rm -rf "$work/case"
	run env "$1" "$dossier" collect "$work/case" \
	    --connector "$work/lure.json" --credential "token=file:$work/token" \
	    --connect-to "api.example.org:443:127.0.0.1:$service_port"
	is "62: no CA from ${1%%=*}" "$status" 12
	ok "62: ${1%%=*}: nothing was sent" empty "$work/service/received"
}
printf 'insecure\nproxy = http://127.0.0.1:%s\n' "$lure_port" >"$HOME/.curlrc"
printf 'machine api.example.org login me password secret\n' >"$HOME/.netrc"
untrusted "SSL_CERT_FILE=$work/ca.pem"
untrusted "CURL_CA_BUNDLE=$work/ca.pem"
untrusted "SSL_CERT_DIR=$work"
untrusted "CURL_HOME=$HOME"
cat >"$work/lax.cnf" <<'CNF'
openssl_conf = init
[init]
ssl_conf = ssl
[ssl]
system_default = lax
[lax]
MinProtocol = TLSv1
CipherString = ALL:@SECLEVEL=0
Options = UnsafeLegacyRenegotiation
CNF
export OPENSSL_CONF=$work/lax.cnf
for host in sha1 weak-key tls10 tls11; do
	by "$host"
	is "62: $host, with OPENSSL_CONF that allows it" "$status" 12
	ok "62: $host: nothing was sent" empty "$work/service/received"
done
unset OPENSSL_CONF
export https_proxy=http://127.0.0.1:$lure_port
export HTTPS_PROXY=$https_proxy ALL_PROXY=$https_proxy all_proxy=$https_proxy
export SSLKEYLOGFILE=$work/keys
for row in "tls12 TLSv1.2" "right TLSv1.3"; do
	serve <<<'GET */v1/list every
	json {"value":[]}'
	by "${row% *}"
	is "62: control: ${row#* }, with proxies and more in the environment" \
	    "$status" 0
	ok "62: control: ${row#* }: nobody else was asked" nothing_leaked
	is "62: control: ${row#* } is recorded" "$(case_says \
	    'select group_concat(distinct version) from tls')" "${row#* }"
done
ok "62: SSLKEYLOGFILE gets no keys" test ! -e "$work/keys"
unset https_proxy HTTPS_PROXY ALL_PROXY all_proxy SSLKEYLOGFILE
ok "62: .netrc is not used" lacks "$work/service/received" 'Basic'
rm "$HOME/.netrc" "$HOME/.curlrc"

# --- 63: 200, and nothing right in it -----------------------------------------------

answers "63: a login page" 3 not-json "$ok200" 'line Content-Type: text/html' \
    'line Content-Length: 25' line 'send <html><form>Log in</form>'
answers "63: nothing" 3 not-json "$ok200" 'line Content-Length: 0' line
answers "63: an error" 3 error-in-success \
    'json {"error":{"code":"Throttled","message":"later"}}'
answers "63: an error as a text" 3 error-in-success 'json {"error":"denied"}'
answers "63: a text" 3 unexpected-shape 'json {"value":"none"}'
answers "63: a number" 3 unexpected-shape 'json {"value":7}'
control "63: control: an error that is none" 2 \
    'json {"error":null,"value":[]}'
control "63: control: an item that tells of an error" 2 \
    'json {"error":{"code":"x"},"value":[{"id":"a","error":{"code":"y"}}]}'
serve </dev/null
sed -i '1,2s/{"id":"me"}/{"error":{"code":"x"},"correlation":{}}/' \
    "$work/service.script"
end_service
begin service
cat "$work/service/ca.pem" >"$work/ca.pem"
rm -rf "$work/case"
run collect "$work/case"
is "63: an error in place of an object" "$(gaps)" "error-in-success http-status"

# --- 64: the token is nowhere -------------------------------------------------------

# The service waits, the collector is stopped, and everything that is told of us
# is read.
serve <<'SCRIPT'
GET */v1/list every
	wait 700
	json {"value":[{"id":"a","url":"https://files.example.org/a"}]}
SCRIPT
rm -rf "$work/case"
credential="token=command:env >$work/child-env; cat $work/token"
collect "$work/case" --log "$work/log" >"$work/out" 2>"$work/err" &
id=$!
until grep -qs '^GET /v1/list' "$work/service/received"; do sleep 0.02; done
collector=$(pgrep -P "$id" -x dossier-collect || echo "$id")
kill -STOP "$collector"
limit=$(grep '^Max core file size' "/proc/$collector/limits")
cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ /proc/[0-9]*/comm \
    >"$work/processes" 2>/dev/null
kill -CONT "$collector"
wait "$id"
is "64: the collection" $? 0
credential=
token_holds() { grep -raqF "$canary" "$@"; }
token_is_not_in_base64() { holds_not "$work/case" "${form:4:20}"; }
token_is_not_in() { token_holds "$@"; [ $? -eq 1 ]; }
ok "64: the service did get it" token_holds "$work/service/received"
ok "64: control: its arguments were seen" grep -aqF "command:env >$work" \
    "$work/processes"
ok "64: no argument, no environment of any process" \
    token_is_not_in "$work/processes"
ok "64: the environment of the command was seen" test -s "$work/child-env"
ok "64: and does not have it" token_is_not_in "$work/child-env"
is "64: no core is written" "$(awk '{ print $5, $6 }' <<<"$limit")" "0 0"
exits "64: keygen" 0 "$dossier" keygen -o "$work/seal" --no-passphrase
exits "64: pack" 0 "$dossier" pack "$work/case" --output "$work/a.zip" \
    --key "$work/seal.key"
exits "64: report" 0 "$dossier" report "$work/a.zip" --output "$work/report.html" \
    --trust "$work/seal.pub"
exits "64: extract" 0 "$dossier" extract "$work/a.zip" -C "$work/whole" \
    --trust "$work/seal.pub"
ok "64: nowhere: case, archive, report, log, output, temporary files" \
    token_is_not_in --exclude=token --exclude=received "$TMPDIR"
ok "64: control: it would have been found" token_holds "$TMPDIR"

bears "64: an answer that holds it" 3 credential-returned <<SCRIPT
GET */v1/list every
	json {"value":[{"id":"a","you":"Bearer $canary"}]}
SCRIPT

# In base64, at each of the three places that it can begin at.
for before in "" x xy; do
	form=$(printf %s "$before$canary and more" | base64 -w 0)
	bears "64: an answer that holds it in base64, after '$before'" 3 \
	    credential-returned <<SCRIPT
GET */v1/list every
	json {"value":[{"id":"a","you":"$form"}]}
SCRIPT
	ok "64: nor is its base64 in the case" token_is_not_in_base64
done

# --- 65: killed between two pages ---------------------------------------------------

serve <<'SCRIPT'
GET */v1/list every
	json {"value":[{"id":"a"}],"nextLink":"/v1/list?p=2"}
GET */v1/list?p=2 1
	wait 60000
GET */v1/list?p=2 2
	json {"value":[{"id":"b"}]}
SCRIPT
rm -rf "$work/case"
collect "$work/case" >/dev/null 2>&1 &
id=$!
until [ "$(case_says 'select count(*) from document' 2>/dev/null)" = 2 ]; do
	sleep 0.05
done
kill -9 "$(pgrep -P "$id" -x dossier-collect || echo "$id")"
wait "$id" 2>/dev/null
cp -r "$work/case" "$work/killed"
ok "65: no token in what a kill leaves behind" \
    token_is_not_in "$work/killed"
exits "65: goes on" 0 collect "$work/case"
is "65: nothing that was answered is asked again" \
    "$(grep -cE '^GET /v1/(account|list) ' "$work/service/received")" 2
is "65: every page once" "$(case_says "select group_concat(body, ' ')
    from document order by id")" "$(printf '%s ' '{"id":"me"}' \
    '{"value":[{"id":"a"}],"nextLink":"/v1/list?p=2"}' \
    '{"value":[{"id":"b"}]}' | sed 's/ $//')"
asked=$(grep -c '^GET' "$work/service/received")
exits "65: once more" 0 collect "$work/case"
is "65: asks nothing" "$(grep -c '^GET' "$work/service/received")" "$asked"
# --- a service that wants to be asked without end --------------------------------------

bears "an operation without end or pause" 3 operation-timeout <<'SCRIPT'
GET *v1/list every
	line HTTP/1.1 202 Accepted
	line Location: /poll
	line Retry-After: 0
	line Content-Length: 0
	line
GET *poll every
	line HTTP/1.1 202 Accepted
	line Retry-After: 0
	line Content-Length: 0
	line
SCRIPT
ok "it is asked once a second at most" \
    test "$(grep -c '^GET /poll' "$work/service/received")" -le 5

# --- the rest of a download that is not all of it ------------------------------------

head -c 600000 /dev/zero >"$work/first"
head -c 300000 /dev/zero >"$work/rest"
head -c 300001 /dev/zero >"$work/longer"

# rest TEXT STATUS SIZES LENGTH RANGE LINE STEP: a download of LENGTH bytes
# breaks off, and its rest is RANGE, framed by LINE, and played by STEP
rest()
{
	serve <<SCRIPT
GET *v1/list every
	json {"value":[{"id":"1","url":"https://files.example.org/f"}]}
GET *f 1
	line HTTP/1.1 200 OK
	line ETag: "a"
	line Content-Length: $4
	line
	file $work/first
	cut
GET *f 2
	line HTTP/1.1 206 Partial Content
	line ETag: "a"
	line Content-Range: bytes $5
	line $6
	line
	$7
	close
GET *f 3-
	line HTTP/1.1 404 Not Found
	line Content-Length: 0
	line
SCRIPT
	rm -rf "$work/case"
	more=(--connect-to "files.example.org:443:127.0.0.1:$service_port")
	run collect "$work/case"
	more=()
	is "the rest of a download: $1" "$status $(case_says \
	    'select size from document where part = 1')" "$2 $3"
}
rest "right" 0 900000 900000 600000-899999/900000 'Content-Length: 300000' \
    "file $work/rest"
rest "shorter than its range" 3 '' 900000 600000-899999/900000 \
    'Content-Length: 1000' "repeat 1000 x"
rest "longer than its range" 3 '' 900000 600000-899999/900000 \
    'Content-Length: 300001' "file $work/longer"
rest "in chunks, shorter" 3 '' 900000 600000-899999/900000 \
    'Transfer-Encoding: chunked' 'send 5\r\nhello\r\n0\r\n\r\n'
rest "of a shorter body" 3 '' 900000 600000-600009/600010 \
    'Content-Length: 10' 'repeat 10 x'
rest "nothing" 3 '' 900000 600000-599999/600000 'Content-Length: 0' 'send '

done_testing
