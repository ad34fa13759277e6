# SPDX-License-Identifier: ISC
# nginx on loopback, with TLS; `. tests/cli/nginx.bash` after tap.bash, and
# stop_nginx in the trap.
# shellcheck shell=bash disable=SC2154 # work is of tap.bash

nginx=$(PATH=$PATH:/usr/sbin command -v nginx)
nginx_id=
proxy=

# The certificate that it shows is its own authority: $work/proxy.pem.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -subj /CN=proxy -days 2 -keyout "$work/proxy.key" -out "$work/proxy.pem" \
    -addext "subjectAltName=DNS:management.azure.com,DNS:files.example.org,\
DNS:*.experiments.azureml.net,DNS:*.modelmanagement.azureml.net,\
DNS:*.blob.core.windows.net" 2>/dev/null

free_port()
{
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# write_nginx_conf HTTP SERVER: pieces for the two blocks
write_nginx_conf()
{
	cat >"$work/nginx.conf" <<-END
		daemon off;
		master_process off;
		error_log $work/error.log;
		pid $work/nginx.pid;
		events { worker_connections 512; }
		http {
		    log_format plain '\$server_protocol \$connection \$status'
		        ' \$uri';
		    access_log $work/access.log plain;
		    client_body_temp_path $work/t1;
		    proxy_temp_path $work/t2;
		    fastcgi_temp_path $work/t3;
		    uwsgi_temp_path $work/t4;
		    scgi_temp_path $work/t5;
		    $1
		    server {
		        listen 127.0.0.1:$proxy ssl http2;
		        ssl_certificate $work/proxy.pem;
		        ssl_certificate_key $work/proxy.key;
		        $2
		    }
		}
	END
}

# run_nginx: by the configuration that is written; false when the port is not
# to be had
run_nginx()
{
	local i
	"$nginx" -p "$work" -e "$work/error.log" -c "$work/nginx.conf" \
	    2>"$work/said" &
	nginx_id=$!
	for ((i = 0; i < 100; i++)); do
		! nginx_answers || return 0
		kill -0 "$nginx_id" 2>/dev/null || break
		sleep 0.05 # nothing tells when it listens
	done
	stop_nginx
	return 1
}

# start_nginx HTTP SERVER: on a free port, $proxy; its log is new
start_nginx()
{
	local try
	stop_nginx
	for try in 1 2 3 4 5; do
		proxy=$(free_port)
		write_nginx_conf "$@"
		rm -f "$work/access.log"
		! run_nginx || return 0
		echo "# port $proxy was taken (attempt $try)"
	done
}

nginx_answers()
{
	curl -s --cacert "$work/proxy.pem" --noproxy '*' -o "$work/ignored" \
	    --connect-to "::127.0.0.1:$proxy" https://management.azure.com/up
}

stop_nginx()
{
	[ -n "$nginx_id" ] || return 0
	kill "$nginx_id" 2>/dev/null
	wait "$nginx_id" 2>/dev/null
	nginx_id=
}

# What was asked for: protocol, connection, status, path
nginx_log() { grep -v ' /up$' "$work/access.log"; }
