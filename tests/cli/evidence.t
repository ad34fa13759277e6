#!/bin/bash
# SPDX-License-Identifier: ISC
# What an archive tells of each exchange (docs/FORMAT.md 4.3), field by field,
# beside what a live server sent and received.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/hostile.bash
trap 'end_servers; rm -rf "$work"' EXIT

long=$(printf '%04100d' 7)
body=$(printf '%04000d' 8)
large=$(printf '%05000d' 9)
(umask 077; echo "$canary-of-the-body" >"$work/second")
cat >"$work/lure.json" <<JSON
{"connector": {"key": "lure", "name": "L", "version": "1", "description": "d"},
 "hosts": ["api.example.org"],
 "content_hosts": ["files.example.org"],
 "identities": [{"name": "person", "description": "d"}],
 "authentication": {"strategy": "header", "credential": "token",
  "headers": [{"name": "X-Api-Key", "prefix": "Key "}]},
 "defaults": {"error_handler": {"max_retries": 3, "backoff_base_s": 0,
  "retry_after_cap_s": 1}, "api_version": "2024-01-01",
  "headers": [{"name": "X-Always", "value": "yes"}]},
 "endpoints": [
  {"name": "account", "description": "d", "category": "account",
   "requests": {"read": {"method": "GET", "host": "api.example.org",
    "path": "/v1/account", "primary_key": "id",
    "query_params": [{"name": "shown", "value": "this"}]}}},
  {"name": "asked", "description": "d", "category": "content",
   "requests": {"read": {"method": "POST", "host": "api.example.org",
    "path": "/v1/asked", "body": {"a": "$body", "secret": "{key}"},
    "param_values": [{"name": "key", "credential": "second"}]}}},
  {"name": "large", "description": "d", "category": "content",
   "requests": {"read": {"method": "POST", "host": "api.example.org",
    "path": "/v1/large", "body": {"a": "$large"}}}},
  {"name": "busy", "description": "d", "category": "content",
   "requests": {"read": {"method": "GET", "host": "api.example.org",
    "path": "/v1/busy"}}},
  {"name": "redacted", "description": "d", "category": "content",
   "requests": {"read": {"method": "GET", "host": "api.example.org",
    "path": "/v1/redacted"}},
   "redact": [{"path": "key"}]},
  {"name": "mixed", "description": "d", "category": "content",
   "requests": {"read": {"method": "GET", "host": "api.example.org",
    "path": "/v1/mixed", "data_path": "value", "primary_key": "id",
    "pagination": {"strategy": "link", "configuration": {"path": "next"}}}},
   "subject_match": [{"path": "who", "identity": "person"}]},
  {"name": "file", "description": "d", "category": "content",
   "requests": {"read": {"method": "GET", "host": "api.example.org",
    "path": "/v1/file", "primary_key": "id"},
    "content": {"url_path": "url"}},
   "redact": [{"path": "url"}]},
  {"name": "missing", "description": "d", "category": "content",
   "requests": {"read": {"method": "GET", "host": "api.example.org",
    "path": "/v1/missing"}}}]}
JSON

printf '{"value":[{"id":"1","who":"me"},{"id":"2","who":"you"}],' >"$work/mixed"
printf '"next":"/v1/mixed?page=2&sig=s3cret"}' >>"$work/mixed"
md5=$(printf '{"key":"s3cret","a":"kept"}' | openssl md5 -binary | base64)
serve <<SCRIPT
POST */v1/asked?* every
	json {"got":"it"}
POST */v1/large?* every
	json {"got":"all"}
GET */v1/busy?* 1
	line HTTP/1.1 503 Busy
	line Retry-After: 0
	line Content-Length: 0
	line
GET */v1/busy?* 2
	line HTTP/1.1 200 OK
	line Content-Length: 100
	line
	send {
	cut
GET */v1/busy?* 3
	line HTTP/1.1 307 Moved
	line Location: /v1/busy2?sig=s3cret
	line Content-Length: 0
	line
GET */v1/busy2* every
	line HTTP/1.1 200 OK
	line Content-Type: application/json
	line Content-Length: 2
	line x-ms-request-id: one
	line X-MS-Several: first
	line x-ms-several: second
	line x-ms-several:
	line X-Ms-Long: $long
	line ETag: "a\\\\b"
	line Link: <https://api.example.org/v1/a?sig=s3cret&x>; rel=next
	line x-ms-odd: \xc3\xa9\x80
	line x-ms-echo: Key $canary
	line Location: https://api.example.org/v1/x?sig=s3cret
	line Set-Cookie: a=s3cret
	line Server: not-kept
	line
	send {}
GET */v1/redacted?* every
	line HTTP/1.1 200 OK
	line Content-Length: 27
	line Content-MD5: $md5
	line ETag: "not-to-be-kept"
	line Content-Range: bytes 0-25/26
	line x-ms-content-crc64: bm90a2VwdA=
	line x-ms-blob-content-md5: $md5
	line x-ms-kept: yes
	line
	send {"key":"s3cret","a":"kept"}
GET */v1/mixed?page=2* every
	line HTTP/1.1 200 OK
	line x-ms-not-kept: 1
	line Content-Length: 34
	line
	send {"value":[{"id":"3","who":"you"}]}
GET */v1/mixed?* every
	line HTTP/1.1 200 OK
	line ETag: "not-to-be-kept"
	line Content-Length: $(stat -c %s "$work/mixed")
	line
	file $work/mixed
GET */v1/file?* every
	json {"id":"f","url":"https://files.example.org/f/1?sig=s3cret&se=1"}
SCRIPT
sed -i 's/^GET \*\/v1\/account every/GET *\/v1\/account?* every/' \
    "$work/service.script"
end_service
begin service
cat "$work/service/ca.pem" "$work/lure/ca.pem" >"$work/ca.pem"

began=$(date -u +%Y-%m-%dT%H:%M:%S)
exits "collect" 3 collect "$work/case" --credential "second=file:$work/second" \
    --identity person=me
ended=$(date -u +%Y-%m-%dT%H:%M:%S.999999999Z)
exits "pack" 3 "$dossier" pack "$work/case" -o "$work/a.zip" --unsigned
run "$dossier" verify "$work/a.zip"
is "verify: unsigned, and agrees with itself" "$status" 5
unzip -p "$work/a.zip" '*/dossier/exchanges.jsonl' >"$work/exchanges"
unzip -p "$work/a.zip" '*/dossier/documents.jsonl' >"$work/documents"

# tell ENDPOINT N PYTHON: an expression over x, the Nth exchange of an endpoint
tell()
{
	python3 -c '
import json, sys
name, n, expression, files = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
every, documents = ([json.loads(l) for l in open(f)] for f in files)
x = [x for x in every if x["endpoint"] == name][n]
def header(word, of="response_headers"):
    return [h["value"] for h in x[of] if h["name"] == word]
print(eval("(" + expression + ")"))' "$1" "$2" "$3" "$work/exchanges" "$work/documents"
}

# field TEXT ENDPOINT N PYTHON WANTED
field() { is "$1" "$(tell "$2" "$3" "$4")" "$5"; }

# --- which, when, where ---------------------------------------------------------

field "one line each, numbered" account 0 \
    '[e["number"] for e in every] == list(range(1, len(every) + 1))' True
field "as many as were asked for" account 0 'len(every)' 10
field "method" asked 0 'x["method"]' POST
field "template" account 0 'x["template"]' "https://api.example.org/v1/account"
field "URL, with what the connector declares" account 0 'x["url"]' \
    "https://api.example.org/v1/account?shown=this&api-version=2024-01-01"
field "URL of a download: names, no values" file 1 'x["url"]' \
    "https://files.example.org/f/1?sig=REDACTED&se=REDACTED"
field "started, ended: UTC, nanoseconds" account 0 'all(len(t) == 30 and t[19]
    == "." and t[20:29].isdigit() and t[29] == "Z" for e in every
    for t in (e["started"], e["ended"]))' True
field "not all of them zeros" account 0 \
    'any(e["ended"][26:29] != "000" for e in every)' True
field "in order, and in this run" account 0 "all('$began' <= e['started'] <=
    e['ended'] <= '$ended' for e in every)" True
field "status" missing 0 'x["status"]' 404
field "no error when there was an answer" missing 0 'x["error"]' None
field "peer" account 0 'x["peer"]' private

# --- the connection -----------------------------------------------------------------

digest=$(awk '$2 == "api.example.org" { print $3 }' \
    "$work/service/connections" | head -n 1)
field "TLS: version" account 0 'x["tls"]["version"]' TLSv1.3
field "TLS: cipher" account 0 'x["tls"]["cipher"]' TLS_AES_256_GCM_SHA384
field "TLS: SHA-256 of the certificate" account 0 \
    'x["tls"]["certificate_sha256"]' "$digest"
field "TLS: each connection's own" file 1 'x["tls"]["certificate_sha256"]' \
    "$(awk '$2 == "files.example.org" { print $3 }' "$work/lure/connections")"

# --- ids for the service's log --------------------------------------------------------

# sent PATH: the ids that came with requests of a path
sent()
{
	awk -v path="$1" 'index($0, " " path) > 0 { mine = 1 }
	    /^\r$/ { mine = 0 }
	    mine && tolower($1) == "x-ms-client-request-id:" {
		sub(/\r/, "", $2); print $2 }' "$work/service/received"
}

for endpoint in account asked large redacted; do
	field "client_request_id of $endpoint is what was sent" $endpoint 0 \
	    'x["client_request_id"]' "$(sent "/v1/$endpoint")"
done
field "each exchange has its own" account 0 'len({e["client_request_id"]
    for e in every if e["url"]}) == len([e for e in every if e["url"]])' True
is "all attempts of one have the same" "$(sent /v1/busy | sort -u)" \
    "$(tell busy 0 'x["client_request_id"]')"
is "and there were four" "$(sent /v1/busy | wc -l)" 4

# --- what was sent ----------------------------------------------------------------------

field "request headers: what was set" asked 0 \
    '" ".join(sorted(h["name"] for h in x["request_headers"]))' \
    "content-type user-agent x-always x-api-key"
field "request headers: a credential" asked 0 \
    'header("x-api-key", "request_headers")' "['REDACTED']"
field "request headers: another" asked 0 \
    'header("x-always", "request_headers")' "['yes']"
field "a download gets none of the connector" file 1 \
    '[h["name"] for h in x["request_headers"]]' "['user-agent']"
field "request body: no more than 4 KiB as text" asked 0 \
    'x["request_body"]["text"]' "{\"a\": \"$body\", \"secret\": \"REDACTED\"}"
field "request body: its size and digest" asked 0 '__import__("hashlib")
    .sha256(x["request_body"]["text"].encode()).hexdigest() ==
    x["request_body"]["sha256"] and len(x["request_body"]["text"]) ==
    x["request_body"]["size"]' True
ok "the credential was sent" says "$work/service/received" \
    "\"secret\": \"$canary-of-the-body\""
field "request body: above, its digest alone" large 0 \
    '(x["request_body"]["text"], x["request_body"]["size"],
    x["request_body"]["sha256"])' "(None, 5009, '$(printf '{"a": "%s"}' \
    "$large" | sha256sum | cut -d ' ' -f 1)')"
field "no body" account 0 'x["request_body"]' None

# --- what came --------------------------------------------------------------------------

field "response body: size and digest are the document's" asked 0 \
    '[(x["response_body"]["size"], x["response_body"]["sha256"])] ==
    [(d["size"], d["sha256"]) for d in documents if d["endpoint"] == "asked"]' \
    True
field "response body: no text" asked 0 'x["response_body"]["text"]' None
field "response headers: every value, in order" busy 0 \
    'header("x-ms-several")' "['first', 'second', '']"
field "response headers: 4 KB and more" busy 0 'header("x-ms-long")' "['$long']"
field "response headers: quotes and backslashes" busy 0 'header("etag")[0]' \
    '"a\b"'
field "response headers: what is not ASCII, escaped" busy 0 \
    'header("x-ms-odd")[0]' 'é\x80'
field "response headers: addresses without values" busy 0 \
    'header("location") + header("link")' "['https://api.example.org/v1/x?sig=\
REDACTED', '<https://api.example.org/v1/a?sig=REDACTED&REDACTED>; rel=next']"
field "response headers: in the order received" busy 0 \
    '[h["name"] for h in x["response_headers"]][:4]' \
    "['content-type', 'content-length', 'x-ms-request-id', 'x-ms-several']"
field "response headers: no others" busy 0 \
    'header("set-cookie") + header("server")' '[]'
field "response headers: a credential that comes back" busy 0 \
    'header("x-ms-echo")' "['REDACTED']"
field "attempts: what was wrong, and the status" busy 0 \
    '[(a["reason"], a["status"]) for a in x["attempts"]]' "[('status 503', 503), \
('Transferred a partial file', 200), ('status 307', 307)]"
field "attempts: when each ended" busy 0 'sorted(a["ended"] for a in
    x["attempts"]) == [a["ended"] for a in x["attempts"]] and
    all(len(a["ended"]) == 30 for a in x["attempts"])' True
field "attempts: none" account 0 'x["attempts"]' '[]'

# --- what is not kept as it came -----------------------------------------------------------

telling='[h["name"] for h in x["response_headers"]]'
field "redacted: neither size nor digest" redacted 0 'x["response_body"]' None
field "redacted: nothing that tells of it" redacted 0 "$telling" "['x-ms-kept']"
field "cut out: neither size nor digest" mixed 0 'x["response_body"]' None
field "cut out: nothing that tells of it" mixed 0 "$telling" '[]'
field "of somebody else alone: endpoint, template, status, time" mixed 1 \
    '(x["url"], x["peer"], x["tls"], x["client_request_id"],
    x["request_headers"], x["response_headers"], x["attempts"],
    x["response_body"], x["status"], x["template"])' "(None, None, None, None, \
[], [], [], None, 200, 'https://api.example.org/v1/mixed')"
ok "no secret of the service" lacks "$work/exchanges" 's3cret|not-to-be-kept'
ok "and no credential" lacks "$work/exchanges" "$canary"

# --- no answer at all -------------------------------------------------------------------------

serve <<<'GET */v1/missing?* every
	close'
sed -i 's/^GET \*\/v1\/account every/GET *\/v1\/account?* every/' \
    "$work/service.script"
end_service
begin service
cat "$work/service/ca.pem" >"$work/ca.pem"
exits "a service that says nothing" 3 collect "$work/none" \
    --credential "second=file:$work/second" --identity person=me
exits "pack it" 3 "$dossier" pack "$work/none" -o "$work/b.zip" --unsigned
unzip -p "$work/b.zip" '*/dossier/exchanges.jsonl' >"$work/exchanges"
field "no status, and why" missing 0 '(x["status"], x["error"],
    x["response_body"], x["response_headers"])' \
    "(None, 'Server returned nothing (no headers, no data)', None, [])"
field "each attempt has its reason" missing 0 \
    '{(a["reason"], a["status"]) for a in x["attempts"]}' \
    "{('Server returned nothing (no headers, no data)', None)}"
done_testing
