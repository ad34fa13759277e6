#!/bin/bash
# SPDX-License-Identifier: ISC
# Each kind of trust (keys, folders of keys, roots of certificates, roots of time
# stamps, policies) against each way in which it may hold or not: the exit status,
# the finding, and words that name what was wanted, what was found, and when.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/ca.bash

umask 077
day() { date -u -d "$1" +%Y%m%d%H%M%SZ; }
past=20150101000000Z long_ago=20200101000000Z future=20400101000000Z

# revoke NAME ISSUER TIME REASON [WORD]: NAME-WORD.pem is the root, and the list
revoke()
{
	revoked "${@:1:4}"
	cat "$work/$2.pem" "$work/crl.pem" >"$work/$1-${5:-$4}.pem"
}

# --- archives ------------------------------------------------------------------

run "$dossier" keygen -o "$work/k" --no-passphrase
run "$dossier" keygen -o "$work/other" --no-passphrase
mkdir "$work/docs"
echo "a document" >"$work/docs/a.txt"

# packs NAME [CERTIFICATE]
packs()
{
	local by=()
	[ -z "$2" ] || by=(--x509-key "$work/$2.key" --x509-cert "$work/$2.pem")
	run "$dossier" pack "$work/docs" -o "$work/$1.zip" --force \
	    --key "$work/k.key" "${by[@]}"
	[ "$status" -eq 0 ]
}
# stamps NAME CLOCK [OPTION]...: by openssl; with options it holds no root
stamps()
{
	cat >"$work/tsa.cnf" <<-END
		[tsa]
		default_tsa = here
		[here]
		serial = $work/serial
		signer_cert = $work/$2-tsa.pem
		certs = $work/$2${3:+-tsa}.pem
		signer_key = $work/$2-tsa.key
		signer_digest = sha256
		default_policy = 1.2.3.4.1
		digests = sha256
		ess_cert_id_alg = sha256
	END
	[ -e "$work/serial" ] || echo 01 >"$work/serial"
	rm -f "$work/query" "$work/reply"
	run "$dossier" stamp "$work/$1.zip" --query-out "$work/query"
	openssl ts -reply -config "$work/tsa.cnf" -queryfile "$work/query" \
	    -out "$work/reply" 2>"$work/err"
	run "$dossier" stamp "$work/$1.zip" --query "$work/query" \
	    --reply-in "$work/reply" "${@:3}"
	[ "$status" -eq 0 ]
}
# the same, which must be so
pack() { packs "$@" || is "pack $1" "$status" 0; }
stamp() { stamps "$@" || is "stamp $1" "$status" 0; }
certificate office root $past $future ''
certificate clock root $past $future ''
certificate clock-tsa time $past $future clock
pack plain ''

# brief END: what holds for a short time, and all that needs it while it does
brief()
{
	certificate brief signs $past "$1" office
	certificate clock-brief root $past "$1" ''
	certificate clock-brief-tsa time $past "$1" clock-brief
	cp "$work/plain.zip" "$work/clock-brief.zip"
	packs brief brief &&
	    cp "$work/brief.zip" "$work/brief-stamped.zip" &&
	    stamps brief-stamped clock && stamps clock-brief clock-brief
}
while_valid brief

# --- more of them ----------------------------------------------------------------

certificate office-old root $past $long_ago ''
certificate office-new root $future 20500101000000Z ''
certificate stranger root $past $future ''
certificate valid signs $past $future office
certificate not-yet signs $future 20500101000000Z office
certificate expired signs $past $long_ago office
certificate encrypts encrypts $past $future office
certificate below-old signs $past $future office-old
certificate below-new signs $past $future office-new
certificate clock-old root $past $long_ago ''
certificate clock-new root $future 20500101000000Z ''
for clock in clock-old clock-new; do
	certificate $clock-tsa time $past $future $clock
done
# the same root once more, good: what clock-old and clock-new stamp by
for clock in clock-old clock-new; do
	mv "$work/$clock.pem" "$work/x"
	certificate $clock root $past $future ''
	mv "$work/$clock.pem" "$work/$clock-good.pem"
	mv "$work/x" "$work/$clock.pem"
done
revoke valid office $long_ago superseded before
revoke valid office $long_ago keyCompromise
revoke valid office "$(day '+1 hour')" superseded after
revoke clock-tsa clock $long_ago superseded before
revoke clock-tsa clock $long_ago keyCompromise
revoke clock-tsa clock "$(day '+1 hour')" superseded after

# --- archives, the rest ---------------------------------------------------------

cp "$work/plain.zip" "$work/clock.zip"
stamp clock clock
# dossier stamp takes no stamp that holds a root out of its time
for clock in clock-old clock-new; do
	cp "$work/plain.zip" "$work/$clock.zip"
	stamp $clock $clock --ca-file "$work/$clock-good.pem"
done
for name in valid not-yet expired below-old below-new; do
	pack $name $name
done
cp "$work/valid.zip" "$work/valid-stamped.zip"
stamp valid-stamped clock
exits "no archive by a certificate that is for something else" 6 "$dossier" \
    pack "$work/docs" -o "$work/no.zip" --key "$work/k.key" \
    --x509-key "$work/encrypts.key" --x509-cert "$work/encrypts.pem"
run "$dossier" pack "$work/docs" -o "$work/unsigned.zip" --unsigned
SOURCE_DATE_EPOCH=1600000000 run "$dossier" pack "$work/docs" \
    -o "$work/old.zip" --key "$work/k.key"

# --- keys, with bounds ------------------------------------------------------------

# bound NAME LINE: a file of trust
bound() { { cat "$work/k.pub" && echo "$2"; } >"$work/$1.pub"; }
stamped=$(date -u +%Y-%m-%dT%H:%M:%SZ)
bound valid "not_after: 2040-01-01T00:00:00Z"
bound not-yet "not_before: 2040-01-01T00:00:00Z"
bound expired "not_after: 2020-01-01T00:00:00Z"
bound inside "not_after: $stamped"
bound revoked-before "revoked_at: 2020-01-01T00:00:00Z"
bound revoked-after "revoked_at: 2040-01-01T00:00:00Z"
mkdir "$work"/{good,late}-folder
cp "$work/other.pub" "$work/valid.pub" "$work/good-folder"
cp "$work/valid.pub" "$work/expired.pub" "$work/late-folder"
openssl x509 -in "$work/office.pem" -pubkey -noout >"$work/public.pem"

# sha NAME: what a policy calls a key
sha() { printf 'ed25519:%s' "$(tail -n 1 "$work/$1.pub" | base64 -d |
    tail -c 32 | sha256sum | cut -d' ' -f1)"; }
certified=sha256:$(openssl x509 -in "$work/valid.pem" -outform DER | sha256sum |
    cut -d' ' -f1)
# policy NAME MEMBERS
policy() { printf '{"format": "dossier-policy/1", %s}\n' "$2" \
    >"$work/$1.policy"; }
policy us "\"signers\": [\"$(sha k)\"]"
policy them "\"signers\": [\"$(sha other)\"]"
policy both "\"signers\": [\"$(sha k)\", \"$certified\"]"
policy either "\"signers\": [\"$(sha k)\", \"$(sha other)\"], \"signers_needed\": 1"
policy stamped '"stamped": true'
policy young '"not_older_than_days": 30'

# --- the matrix --------------------------------------------------------------------

until_ended
while [ "$(date -u +%Y-%m-%dT%H:%M:%SZ)" = "$stamped" ]; do sleep 0.2; done
# kind and state | archive | options | exit status
#   finding | words
judged=0
while IFS='|' read -r state zip options wanted &&
    IFS='|' read -r id words; do
	id=${id#  }
	judged=$((judged + 1))
	# shellcheck disable=SC2086 # the options are words
	exits "$state: exit $wanted" "$wanted" "$dossier" verify \
	    "$work/$zip.zip" ${options//@/$work/}
	if [ -n "$id" ]; then
		ok "$state: $id" says "$work/out" "$id: .*$words"
	else
		ok "$state: no warning" lacks "$work/out" '^  (warning|error) '
		ok "$state: says why" says "$work/out" "$words"
	fi
done <<'MATRIX'
key: valid|plain|--trust @valid.pub|0
  |trusted: .*valid.pub
key: not yet|plain|--trust @not-yet.pub|5
  sign/key-expired|found [0-9A-F]{16}.*now: no trusted.*wanted not_before: 2040-01-01
key: not yet, stamped|clock|--trust @not-yet.pub --tsa-ca @clock.pem|5
  sign/key-expired|at 20.*when it was stamped; wanted not_before: 2040
key: expired before|plain|--trust @expired.pub|5
  sign/key-expired|now: no trusted time stamp; wanted not_after: 2020-01-01T00:00:00Z, in .*expired
key: expired before, stamped|clock|--trust @expired.pub --tsa-ca @clock.pem|5
  sign/key-expired|when it was stamped; wanted not_after: 2020
key: expired after, stamped inside|clock|--trust @inside.pub --tsa-ca @clock.pem|0
  |trusted: .*inside.pub
key: expired after, stamp not trusted|clock|--trust @inside.pub --tsa-ca @stranger.pem|5
  sign/key-expired|now: no trusted time stamp; wanted not_after
key: expired after, not stamped|plain|--trust @inside.pub|5
  sign/key-expired|wanted not_after
key: revoked before|clock|--trust @revoked-before.pub --tsa-ca @clock.pem|5
  sign/key-revoked|when it was stamped; wanted revoked_at: 2020-01-01T00:00:00Z, in .*revoked-before
key: revoked after, stamped|clock|--trust @revoked-after.pub --tsa-ca @clock.pem|0
  |trusted: .*revoked-after.pub
key: revoked after, not stamped|plain|--trust @revoked-after.pub|5
  sign/key-revoked|no trusted time stamp; wanted revoked_at: 2040
key: another|plain|--trust @other.pub|5
  sign/untrusted-key|found [0-9A-F]{16}; wanted one of 1 trusted keys: [0-9A-F]{16}
key: absent|plain||5
  sign/untrusted-key|wanted a trusted key; none was given
folder: valid|plain|--trust @good-folder|0
  |trusted: .*good-folder/valid.pub
folder: the strictest counts|plain|--trust @late-folder|5
  sign/key-expired|wanted not_after: 2020
root: valid|valid|--ca @office.pem|0
  |root: .*office.pem
root: valid, required|valid|--ca @office.pem --require-x509|0
  |root: .*office.pem
root: certificate not yet|not-yet|--ca @office.pem|5
  sign/certificate-expired|CN=not-yet .*not yet valid.*now
root: certificate expired before|expired|--ca @office.pem|5
  sign/certificate-expired|CN=expired .*has expired\), at 20.*now
root: certificate expired after, stamped inside|brief-stamped|--ca @office.pem --tsa-ca @clock.pem|0
  |root: .*office.pem
root: certificate expired after, stamp not trusted|brief-stamped|--ca @office.pem|5
  sign/certificate-expired|CN=brief .*no trusted time stamp
root: certificate expired after, not stamped|brief|--ca @office.pem|5
  sign/certificate-expired|CN=brief .*no trusted time stamp
root: certificate revoked before|valid-stamped|--ca @valid-before.pem --tsa-ca @clock.pem|5
  sign/certificate-revoked|CN=valid .*revoked\), at 20.*stamped
root: certificate revoked after, stamped|valid-stamped|--ca @valid-after.pem --tsa-ca @clock.pem|0
  |root: .*valid-after.pem
root: certificate's key stolen|valid-stamped|--ca @valid-keyCompromise.pem --tsa-ca @clock.pem|5
  sign/certificate-revoked|CN=valid
root: expired|below-old|--ca @office-old.pem|5
  sign/certificate-expired|has expired: issuer 1 above it
root: not yet|below-new|--ca @office-new.pem|5
  sign/certificate-expired|not yet valid: issuer 1 above it
root: another|valid|--ca @stranger.pem|5
  sign/certificate-unknown|CN=valid .*wanted a root given with --ca
root: one for time stamps|valid|--tsa-ca @office.pem|5
  sign/certificate-unknown|wanted a root, given with --ca: none was
root: absent|valid||5
  sign/certificate-unknown|wanted a root, given with --ca: none was
root: absent, required|valid|--trust @k.pub --require-x509|5
  sign/certificate-required|found CN=valid; wanted a certificate below a root of --ca
root: no certificate, required|plain|--trust @k.pub --require-x509 --ca @office.pem|5
  sign/certificate-required|found none; wanted a certificate below
time: valid|clock|--trust @k.pub --tsa-ca @clock.pem --require-time|0
  |not later than .*root: .*clock.pem
time: root expired before|clock-old|--trust @k.pub --tsa-ca @clock-old.pem --require-time|5
  time/untrusted-authority|CN=clock-old-tsa .*has expired: issuer 1 above it
time: root not yet|clock-new|--trust @k.pub --tsa-ca @clock-new.pem --require-time|5
  time/untrusted-authority|CN=clock-new-tsa .*not yet valid: issuer 1
time: root expired after|clock-brief|--trust @k.pub --tsa-ca @clock-brief.pem --require-time|0
  |not later than .*root: .*clock-brief.pem
time: revoked before|clock|--trust @k.pub --tsa-ca @clock-tsa-before.pem --require-time|5
  time/revoked-authority|CN=clock-tsa .*revoked
time: revoked after|clock|--trust @k.pub --tsa-ca @clock-tsa-after.pem --require-time|0
  |not later than
time: key stolen|clock|--trust @k.pub --tsa-ca @clock-tsa-keyCompromise.pem --require-time|5
  time/revoked-authority|CN=clock-tsa
time: another root|clock|--trust @k.pub --tsa-ca @stranger.pem --require-time|5
  time/untrusted-authority|CN=clock-tsa .*wanted a root given with --tsa-ca
time: a root for signers|clock|--trust @k.pub --ca @clock.pem --require-time|5
  time/untrusted-authority|wanted a root, given with --tsa-ca: none was
time: absent root, required|clock|--trust @k.pub --require-time|5
  time/required|found one by CN=clock-tsa; wanted a time stamp below a root of --tsa-ca
time: absent stamp, required|plain|--trust @k.pub --tsa-ca @clock.pem --require-time|5
  time/required|found none; wanted a time stamp below
time: is no signer|clock|--tsa-ca @clock.pem|5
  sign/untrusted-key|none was given
policy: the signer|plain|--trust @k.pub --policy @us.policy|0
  |trusted: .*k.pub
policy: gives no trust|plain|--policy @us.policy|5
  sign/policy|found 0; signed by ed25519:[0-9a-f]{64} .not trusted.; wanted 1 of 1 signers: ed25519:
policy: another signer|plain|--trust @k.pub --policy @them.policy|5
  sign/policy|found 0; signed by ed25519:[0-9a-f]{64} .not named.; wanted 1 of 1 signers
policy: key expired|plain|--trust @expired.pub --policy @us.policy|5
  sign/policy|found 0; signed by ed25519:.*not trusted
policy: one of two|plain|--trust @k.pub --policy @either.policy|0
  |trusted
policy: both|valid|--trust @k.pub --ca @office.pem --policy @both.policy|0
  |trusted
policy: both, one not trusted|valid|--trust @k.pub --policy @both.policy|5
  sign/policy|found 1; signed by ed25519:[0-9a-f]{64} .counts., sha256:.*wanted 2 of 2 signers
policy: nobody signed|unsigned|--trust @k.pub --policy @us.policy|5
  |Nobody has signed
policy: stamped|clock|--trust @k.pub --tsa-ca @clock.pem --policy @stamped.policy|0
  |not later than
policy: stamped by another|clock|--trust @k.pub --tsa-ca @stranger.pem --policy @stamped.policy|5
  time/required|found one by CN=clock-tsa; wanted a time stamp below
policy: not stamped|plain|--trust @k.pub --policy @stamped.policy|5
  time/required|found none
policy: young|plain|--trust @k.pub --policy @young.policy|0
  |trusted
policy: too old|old|--trust @k.pub --policy @young.policy|5
  time/too-old|found 2020-09-13T12:26:40Z; wanted not older than 30 days
MATRIX
is "all of the matrix" "$judged" 57

# --- what is of another kind ----------------------------------------------------------

while IFS='|' read -r text options wanted words; do
	# shellcheck disable=SC2086 # the options are words
	exits "$text: exit $wanted" "$wanted" "$dossier" verify \
	    "$work/plain.zip" ${options//@/$work/}
	ok "$text: says what is wanted" says "$work/err" "$words"
done <<'KINDS'
--trust of a secret key|--trust @k.key|6|k.key: .*
--trust of a certificate|--trust @office.pem|6|office.pem: .*
--ca of a key|--ca @k.pub|6|k.pub: wanted certificates in PEM
--ca of a public key in PEM|--ca @public.pem|6|public.pem: wanted certificates in PEM
--tsa-ca of a key|--tsa-ca @k.pub|6|k.pub: wanted certificates in PEM
--tsa-ca of a secret key|--tsa-ca @office.key|6|office.key: wanted certificates in PEM
--policy of a key|--policy @k.pub|6|k.pub
--trust of nothing|--trust @none.pub|10|none.pub: No such file
--ca of nothing|--ca @none.pem|10|none.pem: No such file
KINDS

done_testing
