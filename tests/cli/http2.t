#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier collect against nginx: HTTP/2 before the simulator gives the same
# documents over few connections, also when the server ends one now and then;
# a large file, which breaks off when nginx ends, goes on and needs no memory (it
# has LARGE bytes).
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/experimentation.bash
. tests/cli/nginx.bash
trap 'stop; stop_nginx; rm -rf "$work"' EXIT
[ -n "$nginx" ] || {
	skip "HTTP/2" "no nginx here"
	done_testing
	exit
}

through() { ca=$work/proxy.pem collect "$@"; }
straight() { proxy='' collect "$@"; }

# start_proxy REQUESTS: ends each connection after so many
start_proxy()
{
	start_nginx "upstream simulator {
	    server 127.0.0.1:$port;
	    keepalive 32;
	}" "keepalive_requests $1;
	location / {
	    proxy_pass https://simulator;
	    proxy_http_version 1.1;
	    proxy_set_header Connection '';
	    proxy_set_header Host \$host;
	}"
}

connections() { nginx_log | cut -d ' ' -f 2 | sort -u | wc -l; }

start --runs 60 --page-size 20
start_proxy 100000
exits "through nginx" 0 through "$work/two"
is "by HTTP/2, all of it" "$(nginx_log | cut -d ' ' -f 1 | sort -u)" HTTP/2.0
ok "over few connections ($(connections))" test "$(connections)" -le 32
exits "straight" 0 straight "$work/one"
documents "$work/one" >"$work/one.txt"
documents "$work/two" | cmp -s - "$work/one.txt"
is "the same documents" $? 0
is "TLS and peer are recorded" "$(query "$work/two" "select count(*)
    from exchange where tls is null or peer is null")" 0

start_proxy 50
exits "connections that end" 0 through "$work/ends"
ok "there were many ($(connections))" test "$(connections)" -gt 5
documents "$work/ends" | cmp -s - "$work/one.txt"
is "the same documents" $? 0
stop

# --- a large file -------------------------------------------------------------

# Sparse but for its ends: what matters is how much of it there is.
mkdir "$work/files"
{
	head -c 1000000 /dev/urandom
	truncate -s "${LARGE:-300000000}" /dev/stdout
	head -c 1000000 /dev/urandom
} >>"$work/files/large"
large=$(sha256sum <"$work/files/large")
echo '{"value":[{"id":"1","url":"https://files.example.org/large"}]}' \
    >"$work/files/list"
cat >"$work/files.json" <<'JSON'
{"connector": {"key": "files", "name": "F", "version": "1", "description": "d"},
 "hosts": ["files.example.org"], "content_hosts": ["files.example.org"],
 "authentication": {"strategy": "none"},
 "endpoints": [{"name": "files", "description": "d", "category": "content",
  "requests": {"read": {"method": "GET", "host": "files.example.org",
   "path": "/list", "data_path": "value", "primary_key": "id"},
   "content": {"url_path": "url", "authentication": "none"}}}]}
JSON

# files CASE: by a program that says how much memory it had, in $work/resident
files()
{
	python3 - "$work/resident" "$dossier" collect "$1" --connector \
	    "$work/files.json" --ca-file "$work/proxy.pem" \
	    --connect-to "::127.0.0.1:$proxy" <<-'END'
		import resource, subprocess, sys
		status = subprocess.run(sys.argv[2:]).returncode
		with open(sys.argv[1], "w") as f:
		    f.write("%d\n" % (resource.getrusage(
		        resource.RUSAGE_CHILDREN).ru_maxrss // 1024))
		sys.exit(status)
	END
}

# a sanitizer needs memory of its own
limit=64
[[ $BUILD != *asan* ]] || limit=600

start_nginx '' "root $work/files; default_type application/json;"
exits "a large file" 0 files "$work/large"
is "is whole" "$(sha256sum <"$work/large/blobs/000000001")" "$large"
ok "in little memory ($(cat "$work/resident") MiB)" \
    test "$(cat "$work/resident")" -le $limit

start_nginx '' "root $work/files; default_type application/json;
    limit_rate ${LARGE:+2}100m;"
files "$work/broken" >"$work/out" 2>"$work/err" &
collector=$!
for ((i = 0; i < 600; i++)); do
	part=$(find "$work/broken/blobs" -type f -size +10M 2>"$work/ignored")
	[ -z "$part" ] || break
	sleep 0.05
done
kill -9 "$nginx_id"
wait "$nginx_id" 2>"$work/ignored"
run_nginx
status=0
wait $collector || status=$?
is "nginx ends in the middle of it" $status 0
is "the file is whole" "$(sha256sum <"$work/broken/blobs/000000001")" "$large"
is "nginx was asked for the rest" "$(nginx_log | grep -c ' 206 /large$')" 1
ok "in little memory ($(cat "$work/resident") MiB)" \
    test "$(cat "$work/resident")" -le $limit
done_testing
