#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier collect over HTTP/2: nginx stands before the simulator. The same
# documents come as over HTTP/1.1, over few connections, also when the server
# ends a connection now and then, and a download of many pieces is whole.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

trap 'stop; rm -rf "$work"' EXIT
state=$work/state
nginx=$(PATH=$PATH:/usr/sbin command -v nginx) || {
	skip "HTTP/2" "no nginx here"
	done_testing
	exit
}

stop()
{
	[ -z "${nginx_id-}" ] || kill "$nginx_id" 2>/dev/null
	[ -z "${simulator_id-}" ] || kill "$simulator_id" 2>/dev/null
	wait 2>/dev/null
	nginx_id='' simulator_id=''
}

# The certificate that nginx shows is its own authority.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -subj /CN=proxy -days 2 -keyout "$work/proxy.key" -out "$work/proxy.pem" \
    -addext "subjectAltName=DNS:management.azure.com,\
DNS:*.experiments.azureml.net,DNS:*.modelmanagement.azureml.net,\
DNS:*.blob.core.windows.net" 2>/dev/null

free_port()
{
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# start_nginx REQUESTS: ends each connection after so many; a port that
# another program takes in between is given up
start_nginx()
{
	local try
	for try in 1 2 3 4 5; do
		[ -z "${nginx_id-}" ] || kill "$nginx_id" 2>/dev/null
		proxy=$(free_port)
		cat >"$work/nginx.conf" <<-END
			daemon off;
			master_process off;
			error_log $work/error.log;
			pid $work/nginx.pid;
			events { worker_connections 512; }
			http {
			    log_format plain '\$server_protocol \$connection \$status';
			    access_log $work/access.log plain;
			    client_body_temp_path $work/t1;
			    proxy_temp_path $work/t2;
			    fastcgi_temp_path $work/t3;
			    uwsgi_temp_path $work/t4;
			    scgi_temp_path $work/t5;
			    upstream simulator {
			        server 127.0.0.1:$port;
			        keepalive 32;
			    }
			    server {
			        listen 127.0.0.1:$proxy ssl http2;
			        ssl_certificate $work/proxy.pem;
			        ssl_certificate_key $work/proxy.key;
			        keepalive_requests $1;
			        location / {
			            proxy_pass https://simulator;
			            proxy_http_version 1.1;
			            proxy_set_header Connection "";
			            proxy_set_header Host \$host;
			        }
			    }
			}
		END
		rm -f "$work/access.log"
		"$nginx" -p "$work" -e "$work/error.log" -c "$work/nginx.conf" \
		    2>"$work/said" &
		nginx_id=$!
		for ((i = 0; i < 100; i++)); do
			! answers || return 0
			kill -0 "$nginx_id" 2>/dev/null || break
			sleep 0.05 # nothing tells when it listens
		done
	done
}

answers()
{
	curl -s --cacert "$work/proxy.pem" --noproxy '*' -o "$work/ignored" \
	    --connect-to "::127.0.0.1:$proxy" https://management.azure.com/
}

params=()
for param in subscriptionId=3f1d6c52-8a4e-4b7a-9c0e-5d2b71f0a946 \
    resourceGroupName=research location=westeurope accountName=noordzee \
    workspaceName=customers projectName=churn; do
	params+=(--param "$param")
done

# collect CASE PORT CA OPTION...
collect()
{
	local case=$1 to=$2 ca=$3
	shift 3
	"$dossier" collect "$case" --connector azureml-experimentation \
	    "${params[@]}" --connect-to "::127.0.0.1:$to" --ca-file "$ca" \
	    --identity objectId=7b1e4c9a-2f60-4d83-a5b7-90c3e8d1f264 \
	    --credential "arm-token=file:$state/token" "$@"
}

documents()
{
	sqlite3 "$1/case.db" "select n.number, d.sha256, d.size, n.exchange,
	    d.item_id, d.source_url from document_number n
	    join document d on d.id = n.document order by n.number"
}

head -c 3000000 /dev/urandom >"$work/large"
echo "GET *blob* 1 body file=$work/large type=application/octet-stream" \
    >"$work/faults"
coproc SIMULATOR { exec "$BUILD/bin/dossier-simulator" --state "$state" \
    --parent --lifetime-s 120 --runs 60 --page-size 20 \
    --faults "$work/faults" 2>"$work/said"; }
simulator_id=$SIMULATOR_PID
read -r -t 10 ready <&"${SIMULATOR[0]}"
port=${ready#port }

start_nginx 100000
exits "through nginx" 0 collect "$work/two" "$proxy" "$work/proxy.pem"
is "by HTTP/2, all of it" "$(tail -n +2 "$work/access.log" |
    cut -d ' ' -f 1 | sort | uniq -c | sed 's/^ *[0-9]* //')" HTTP/2.0
connections=$(tail -n +2 "$work/access.log" | cut -d ' ' -f 2 | sort -u |
    wc -l)
ok "over one connection a host ($connections)" test "$connections" -le 4
is "the large one is whole" "$(sha256sum <"$work/two/blobs/000000001")" \
    "$(sha256sum <"$work/large")"
exits "straight" 0 collect "$work/one" "$port" "$state/ca.pem"
documents "$work/one" >"$work/one.txt"
documents "$work/two" >"$work/two.txt"
is "one document differs: the large one" "$(diff "$work/one.txt" \
    "$work/two.txt" | grep '^>' | cut -d '|' -f 3)" 3000000
is "TLS is recorded" "$(sqlite3 "$work/two/case.db" \
    "select count(*) from exchange where tls is null or peer is null")" 0

start_nginx 50
exits "connections that end" 0 collect "$work/ends" "$proxy" \
    "$work/proxy.pem"
connections=$(tail -n +2 "$work/access.log" | cut -d ' ' -f 2 | sort -u |
    wc -l)
ok "there were many ($connections)" test "$connections" -gt 5
documents "$work/ends" | cmp -s - "$work/one.txt"
is "the same documents" $? 0
done_testing
