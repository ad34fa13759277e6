# SPDX-License-Identifier: ISC
# shellcheck shell=bash disable=SC2154 # variables of tap.bash
# An authority of certificates, by openssl ca; tap.bash goes before. Files of a
# NAME are $work/NAME.pem and $work/NAME.key.

mkdir "$work/ca"
: >"$work/ca/index.attr"
cat >"$work/ca/cnf" <<END
[ca]
default_ca = a
[a]
new_certs_dir = $work/ca
database = $work/ca/index
rand_serial = yes
unique_subject = no
default_md = sha256
default_crl_days = 3650
policy = p
copy_extensions = none
[p]
commonName = supplied
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
[signs]
keyUsage = critical,digitalSignature
[time]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[encrypts]
keyUsage = critical,keyEncipherment
END

# certificate NAME EXTENSIONS START END [ISSUER]: a root of its own without
certificate()
{
	local by=(-selfsign -keyfile "$work/$1.key")
	[ -z "${5-}" ] || by=(-keyfile "$work/$5.key" -cert "$work/$5.pem")
	: >"$work/ca/index"
	[ -e "$work/$1.key" ] || openssl ecparam -name prime256v1 -genkey \
	    -noout -out "$work/$1.key"
	chmod 600 "$work/$1.key"
	openssl req -new -key "$work/$1.key" -subj "/CN=$1" \
	    -out "$work/$1.csr"
	openssl ca -batch -config "$work/ca/cnf" -in "$work/$1.csr" -notext \
	    -extensions "$2" -startdate "$3" -enddate "$4" "${by[@]}" \
	    -out "$work/$1.pem" 2>"$work/err"
}

# revoked NAME ISSUER TIME REASON: $work/crl.pem says so
revoked()
{
	local serial
	serial=$(openssl x509 -in "$work/$1.pem" -noout -serial)
	printf 'R\t400101000000Z\t%s,%s\t%s\tunknown\t/CN=x\n' "${3#20}" "$4" \
	    "${serial#serial=}" >"$work/ca/index"
	openssl ca -config "$work/ca/cnf" -gencrl -out "$work/crl.pem" \
	    -keyfile "$work/$2.key" -cert "$work/$2.pem" 2>"$work/err"
}

# while_valid MAKE: MAKE END makes certificates that end at END, and what must be
# made by then; again, with twice the time, where it took too long or failed.
while_valid()
{
	local life=4
	while :; do
		end=$(($(date +%s) + life))
		if "$1" "$(date -u -d "@$end" +%Y%m%d%H%M%SZ)" &&
		    [ "$(date +%s)" -lt $end ]; then
			ok "$1: all was made in time" true
			return
		fi
		[ $life -lt 128 ] || break
		life=$((life * 2))
	done
	ok "$1: all was made in $life seconds" false
}
# until_ended: they have ended
until_ended()
{
	while [ "$(date +%s)" -le "$end" ]; do sleep 0.2; done
}
