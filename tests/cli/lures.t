#!/bin/bash
# SPDX-License-Identifier: ISC
# What a service can try with addresses, in the numbers of the list of threats
# (55 to 58), each beside something right that is taken. The second server,
# to which all wrong ways lead, receives nothing.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/hostile.bash
trap 'end_servers; rm -rf "$work"' EXIT

# --- 55: redirects --------------------------------------------------------------

# redirects TEXT TO: a redirect of the list to TO is not followed
redirects()
{
	bears "${3:-55}: redirect: $1" 3 foreign-redirect <<-SCRIPT
	GET */v1/list every
	    line HTTP/1.1 302 Found
	    line Location: $2
	    line Content-Length: 0
	    line
	SCRIPT
}

redirects "another host" https://evil.example.org/v1/list
redirects "another host of the connector" https://also.example.org/v1/list
redirects "another port" "https://api.example.org:$lure_port/v1/list"
redirects "without TLS" http://api.example.org/v1/list
redirects "without TLS, the same port" http://api.example.org:443/v1/list
redirects "without a scheme" //evil.example.org/v1/list
redirects "a user" https://api.example.org@evil.example.org/v1/list
redirects "an address" "https://127.0.0.1:$lure_port/v1/list"
redirects "a backslash" 'https://api.example.org\\@evil.example.org/'
redirects "a long one" "https://api.example.org/$(printf %09000d 0)"
takes "55: control: the same origin" 2 <<SCRIPT
GET */v1/list every
	line HTTP/1.1 307 Temporary Redirect
	line Location: /v2/list?page=1
	line Content-Length: 0
	line
GET */v2/list* every
	json {"value":[]}
SCRIPT
bears "55: redirects without an end" 3 foreign-redirect <<SCRIPT
GET */v1/list* every
	line HTTP/1.1 302 Found
	line Location: /v1/list?\#
	line Content-Length: 0
	line
SCRIPT
bears "55: a POST would be no GET" 3 foreign-redirect <<SCRIPT
GET */v1/list every
	line HTTP/1.1 303 See Other
	line Location: https://evil.example.org/
	line Content-Length: 0
	line
SCRIPT
takes "55: a download goes elsewhere, without the token" 3 <<SCRIPT
GET */v1/list every
	json {"value":[{"id":"a","url":"https://files.example.org/a?sig=s"}]}
SCRIPT
ok "55: a download: was asked for" says "$work/lure/received" '^GET /a\?sig=s'
ok "55: a download: no token, no cookie, no other header of ours" \
    lacks "$work/lure/received" 'canary|[Aa]uthorization|[Cc]ookie'
ok "55: a download: its signature is not recorded" test -z \
    "$(case_says "select 1 from exchange where url like '%sig=s%'")"

# --- 56: links to the next page -------------------------------------------------

# leads TEXT LINK: a link that is not followed
leads()
{
	bears "56: link: $1" 3 "${3:-foreign-link}" <<-SCRIPT
	GET */v1/list every
	    json {"value":[{"id":"a"}],"nextLink":"$2"}
	SCRIPT
}

leads "another host" https://evil.example.org/v1/list?p=2
leads "our host as a user" https://api.example.org@evil.example.org/v1/list
leads "user and password" https://api.example.org:443@evil.example.org/
leads "a user at our host" https://me@api.example.org/v1/list?p=2
leads "our host as a prefix" https://api.example.org.evil.example.org/
leads "our host as a suffix" https://evil-api.example.org/v1/list
leads "another port" "https://api.example.org:$lure_port/v1/list?p=2"
leads "without TLS" http://api.example.org/v1/list?p=2
leads "without TLS, in capitals" HTTP://API.EXAMPLE.ORG/v1/list?p=2
leads "a dot behind" https://api.example.org./v1/list?p=2
leads "letters that look alike" https://\\\\u0430pi.example.org/v1/list
leads "the same, encoded" https://xn--pi-7kc.example.org/v1/list
leads "a full stop of China" https://api.example\\\\u3002org/v1/list
leads "a host with an escape" https://api.example.org%2eevil.example.org/
leads "a backslash" 'https://api.example.org\\\\@evil.example.org/'
leads "a tab" 'https://api.example.org\\t.evil.example.org/'
leads "a new line" 'https://api.example.org/\\r\\nHost: evil.example.org'
leads "a NUL" 'https://api.example.org\\u0000.evil.example.org/' \
    unexpected-shape
leads "three slashes" https:///evil.example.org/v1/list
leads "no slashes" https:evil.example.org
leads "without a scheme" //evil.example.org/v1/list?p=2
leads "dots" https://api.example.org/../v1/list?p=2
bears "56: link: no text" 3 unexpected-shape <<SCRIPT
GET */v1/list every
	json {"value":[],"nextLink":{"href":"https://evil.example.org/"}}
SCRIPT
for good in https://API.example.org/v1/list?p=2 \
    https://api.example.org:443/v1/list?p=2 '?p=2' '/v1/list?p=2' \
    'https://api.example.org/v1/list?p=%3d%24=='; do
	takes "56: control: $good" 3 <<-SCRIPT
	GET */v1/list?p=* every
	    json {"value":[{"id":"b"}]}
	GET */v1/list every
	    json {"value":[{"id":"a"}],"nextLink":"$good"}
	SCRIPT
done
ok "56: control: byte for byte" says "$work/service/received" \
    '^GET /v1/list\?p=%3d%24== '

# --- 57: lists without an end -----------------------------------------------------

bears "57: a page that leads to itself" 3 page-repeats <<SCRIPT
GET */v1/list* every
	json {"value":[{"id":"a"}],"nextLink":"/v1/list"}
SCRIPT
bears "57: two pages in a circle" 3 page-repeats <<SCRIPT
GET */v1/list?b every
	json {"value":[{"id":"b"}],"nextLink":"/v1/list?a"}
GET */v1/list* every
	json {"value":[{"id":"a\\#"}],"nextLink":"/v1/list?b"}
SCRIPT
bears "57: new links, the same page" 3 page-repeats <<SCRIPT
GET */v1/list* every
	json {"value":[{"id":"a"}],"nextLink":"/v1/list?p=\\#"}
SCRIPT
bears "57: pages without an end" 3 page-limit <<SCRIPT
GET */v1/list* every
	json {"value":[{"id":"a\\#"}],"nextLink":"/v1/list?p=\\#"}
SCRIPT
is "57: as many as were allowed" "$(grep -c '^GET /v1/list' \
    "$work/service/received")" 20
bears "57: empty pages without an end" 3 page-limit <<SCRIPT
GET */v1/list* every
	json {"value":[],"nextLink":"/v1/list?p=\\#"}
SCRIPT
takes "57: control: three pages, one of them empty" 4 <<SCRIPT
GET */v1/list?p=2 every
	json {"value":[{"id":"b"}],"nextLink":""}
GET */v1/list?p=1 every
	json {"value":[],"nextLink":"/v1/list?p=2"}
GET */v1/list every
	json {"value":[{"id":"a"}],"nextLink":"/v1/list?p=1"}
SCRIPT

# --- 58: other schemes, and the inside of a network --------------------------------

here=127.0.0.1:$lure_port
for url in file:///etc/passwd gopher://$here/_x \
    ftp://$here/ dict://$here/x \
    ldap://127.0.0.1/ javascript:alert\(1\) data:text/plain,x \
    http://169.254.169.254/metadata/identity https://169.254.169.254/ \
    https://$here/ https://2130706433/ https://0x7f000001/ \
    https://localhost/ "https://[::1]:$lure_port/" \
    "https://[::ffff:127.0.0.1]/" https://10.0.0.1/ https://192.168.1.1/; do
	bears "58: link: ${url%%[0-9]*}${url#"${url%%[0-9]*}"}" 3 foreign-link \
	    <<-SCRIPT
	GET */v1/list every
	    json {"value":[],"nextLink":"$url"}
	SCRIPT
done
for url in file:///etc/passwd gopher://$here/_x \
    http://169.254.169.254/ "https://$here/"; do
	redirects "$url" "$url" 58
	bears "58: download: $url" 3 foreign-content <<-SCRIPT
	GET */v1/list every
	    json {"value":[{"id":"a","url":"$url"}]}
	SCRIPT
	bears "58: operation: $url" 3 foreign-link <<-SCRIPT
	GET */v1/list every
	    line HTTP/1.1 202 Accepted
	    line Location: $url
	    line Content-Length: 0
	    line
	SCRIPT
done

# The name of a host of the connector that leads to the inside: the socket is
# not opened. --connect-to with an address is how the operator says that it may.
more=(--param host=api.localhost --connect-to "api.localhost:443::$lure_port")
all_others=()
bears "58: a name that means loopback" 12 network </dev/null
more=(--param host=api.localhost
    --connect-to "api.localhost:443:127.0.0.1:$lure_port")
takes "58: control: loopback that the operator named" 2 </dev/null
more=()
done_testing
