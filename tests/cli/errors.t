#!/bin/bash
# SPDX-License-Identifier: ISC
# What is wrong is said: about which file, in the reader's language, with the
# exit status of its kind, and nothing is left behind. JSON stays English.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

in=$work/in out=$work/out.d
mkdir "$in" "$in/folder" "$in/files" "$out"
: >"$in/empty"
echo nothing >"$in/text"
echo one >"$in/files/a.txt"
head -c 300000 /dev/urandom >"$in/files/large"
"$dossier" keygen -q --no-passphrase -o "$in/key"
"$dossier" pack -q "$in/files" -o "$in/a.zip" --key "$in/key.key"
"$dossier" add -q "$in/case" "$in/files/a.txt" --source "a letter"
recipient=age1flg58rmk9n7gkh4g8rmhp4tdnxh4fm6lfcsvqfa3fpr65m8w2f9snqsr58

# speak LANGUAGE COMMAND...
speak()
{
	local language=$1
	shift
	run env LC_ALL="$language.UTF-8" LANGUAGE="$language" "$@"
}

# wrong STATUS PATTERN ARGUMENT...: dossier ARGUMENT... fails with STATUS, says
# PATTERN in English, something else in each other language (names alone are
# the same), and has made nothing
wrong()
{
	local wanted=$1 pattern=$2 language english
	shift 2
	speak en "$dossier" "$@"
	is "dossier ${*//$work/}: exit status" "$status" "$wanted"
	ok "dossier ${*//$work/}: what, where" says "$work/err" "$pattern"
	english=$(head -n 1 "$work/err")
	for language in nl fr de; do
		speak "$language" "$dossier" "$@"
		is "the same in $language" "$status" "$wanted"
		ok "in words of $language" test "$english" != \
		    "$(head -n 1 "$work/err")"
	done
	is "nothing is made" "$(find "$out" -mindepth 1)" ''
}

# --- the command line --------------------------------------------------------

see='See dossier [a-z-]+ --help|dossier [a-z-]+ (--help|FILE.zip|list)'
while read -r -a words; do
	speak en "$dossier" "${words[@]}"
	is "${words[*]}: wrong use" "$status" 2
	ok "${words[*]}: what to do" says "$work/err" "$see"
	english=$(cat "$work/err")
	for language in nl fr de; do
		speak "$language" "$dossier" "${words[@]}"
		is "in $language" "$status" 2
		is "no line is English" "$(grep -xF -f <(echo "$english") \
		    "$work/err")" ''
	done
done <<'USES'
collect
collect case --conector x
add
status
status one two
connector
connector show
connector list more
request
request --template --check x
keygen
pack
pack folder --unsigned
pack folder -o x.zip --unsigned --level ten
pack folder -o x.zip --unsigned --jobs -1
stamp
verify
verify a.zip --jobs 999
verify a.zip --trust
verify --color blue a.zip
report
report a.zip
list
list one two
extract
extract a.zip
prove
prove a.zip
verify-proof
diff
diff one
encrypt
encrypt file
decrypt
erase
USES
speak nl "$dossier" status --json
ok "JSON stays English" says "$work/out" '"message":"status wants one case"'

# --- files -------------------------------------------------------------------

for verb in status verify list verify-proof; do
	wrong 10 "$in/none: No such file" "$verb" "$in/none"
done
for verb in report extract prove; do
	more=()
	[ $verb != prove ] || more=(data/files/a.txt)
	[ $verb != extract ] || more=(-C "$out/x")
	[ $verb = extract ] || more+=(-o "$out/x")
	wrong 10 "$in/none: No such file" $verb "$in/none" "${more[@]}"
done
wrong 10 ": $in/none: No such file" stamp "$in/none" --query-out "$out/q"
wrong 10 ": $in/none: No such file" verify "$in/a.zip" --policy "$in/none"
wrong 10 "$in/none: No such file" verify "$in/a.zip" --trust "$in/none"
wrong 10 "$in/none: No such file" pack "$in/none" -o "$out/x.zip" --unsigned
wrong 10 "$in/none: No such file" add "$out/case" "$in/none" --source x
wrong 10 "$in/none: No such file" pack "$in/files" -o "$out/x.zip" \
    --key "$in/none"
wrong 10 "$in/folder: Is a directory" pack "$in/files" -o "$out/x.zip" \
    --unsigned --request "$in/folder"
wrong 10 "$in/folder: Is a directory" verify "$in/a.zip" \
    --policy "$in/folder"
wrong 6 "$in/text is not a case" status "$in/text"
wrong 6 "$in/empty: wanted a folder or a case, found a file" \
    pack "$in/empty" -o "$out/x.zip" --unsigned
wrong 6 "$in/empty: wanted certificates in PEM" verify "$in/a.zip" \
    --ca "$in/empty"
wrong 6 "$in/text: a secret that others can read .* chmod 600" \
    decrypt "$in/a.zip" -o "$out/x" --passphrase-file "$in/text"
wrong 1 "$in/a.zip exists already \(--force" pack "$in/files" \
    -o "$in/a.zip" --unsigned
wrong 10 "cannot write in $in/none" pack "$in/files" -o "$in/none/x.zip" \
    --unsigned
"$dossier" pack -q "$in/case" -o "$in/b.zip" --key "$in/key.key"
run "$dossier" erase --archive "$in/b.zip" --trust "$in/key.pub" \
    --connector github --request "$in/text"
ok "erase names the request that is none" says "$work/err" "$in/text: request"

# --- no room -----------------------------------------------------------------

# without_room ARGUMENT...: no file may become larger than 8 KiB
without_room()
{
	(ulimit -f 8 && exec "$dossier" "$@")
}
# full TEXT ARGUMENT...
full()
{
	local text=$1
	shift
	exits "no room: $1" 13 without_room "$@"
	ok "no room: $1 says so" says "$work/err" "$text.*File too large"
	is "no room: $1 leaves nothing" "$(find "$out" -mindepth 1)" ''
}
full '' pack "$in/files" -o "$out/x.zip" --key "$in/key.key"
full "" extract "$in/a.zip" -C "$out/x" --trust "$in/key.pub"
full "$out/x.age" encrypt "$in/a.zip" -o "$out/x.age" --recipient "$recipient"
exits "no room: a case" 13 without_room add "$out/case" "$in/files" --source x
ok "no room: a case says so" says "$work/err" "$out/case: .*File too large"
exits "with room the same command goes on" 0 "$dossier" add "$out/case" \
    "$in/files" --source x

# --- what is printed is lost -------------------------------------------------

nowhere() { "$dossier" "$@" >/dev/full; }
for words in "list $in/a.zip --trust $in/key.pub" "status $in/case" "connector list" \
    "connector list --json" "connector show github" "list --help"; do
	# shellcheck disable=SC2086 # words
	exits "nowhere to print: $words" 13 nowhere $words
done

done_testing
