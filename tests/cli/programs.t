#!/bin/bash
# SPDX-License-Identifier: ISC
# What holds for every program and verb: what it links, help, version, wrong
# use.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

# --- what a program cannot reach, it cannot leak to --------------------------

libraries=$(ldd "$BUILD"/bin/dossier-verifier 2>&1)
if [[ $libraries == *libasan* ]]; then
	skip "programs link only what they need" "sanitizers bring their own"
else
	# links PROGRAM PATTERN
	links() { ldd "$BUILD/bin/$1" | grep -qE "$2"; }
	not() { ! "$@"; }
	while read -r program libraries; do
		ok "$program is there" test -x "$BUILD/bin/$program"
		for library in $libraries; do
			ok "$program does not link $library" \
			    not links "$program" "$library\.so"
		done
	done <<-'LIST'
		dossier-verifier libcurl libssl libsqlite3 libnghttp2
		dossier-packer libcurl libssl libnghttp2
	LIST
	is "dossier links libc alone" "$(ldd "$dossier" | sed -n \
	    's/^[[:space:]]*\([^ ]*\) => .*/\1/p')" libc.so.6

	# A socket would need these functions of libc.
	calls() { nm -D --undefined-only "$BUILD/bin/$1" | grep -qwE "$2"; }
	for program in dossier dossier-packer dossier-verifier; do
		ok "$program opens no connection" \
		    not calls "$program" 'socket|connect|getaddrinfo'
	done
fi

# --- help --------------------------------------------------------------------

narrow() { ! grep -nE '^.{81,}$' "$1"; }
# good_help TEXT: of what was just run
good_help()
{
	is "$1: exit status" "$status" 0
	ok "$1: on stdout" test -s "$work/out"
	ok "$1: nothing on stderr" empty "$work/err"
	ok "$1: at most 80 columns" narrow "$work/out"
}

run "$dossier" help
good_help "dossier help"
verbs=$(sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p' "$work/out")
cp "$work/out" "$work/help"
run "$dossier" --help
good_help "dossier --help"
ok "--help is help" cmp -s "$work/help" "$work/out"
for language in nl fr de; do
	run env LC_ALL=$language.UTF-8 LANGUAGE=$language "$dossier" help
	good_help "dossier help in $language"
	is "dossier help in $language has the same verbs, in other words" \
	    "$(grep -c '^  [a-z-]* ' "$work/out") $(grep -cFxf "$work/help" \
	    <(grep '^  [a-z]' "$work/out"))" "$(grep -c '^  [a-z-]* ' \
	    "$work/help") 0"
done
ok "verbs are listed" test "$(wc -w <<<"$verbs")" -ge 8

# Each verb of a program is one of dossier, and the other way round.
verbs_of() { "$BUILD/bin/$1" help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'; }
is "dossier lists the verbs of its programs" "$(sort <<<"$verbs")" "$(
    for program in dossier-{collector,packer,verifier}; do
	verbs_of $program
    done | sort)"

# One style for all: what stands where, in which form of words.
#   Usage: dossier VERB ... [OPTIONS]
#   a sentence that begins with a verb: "Make …", never "Makes …"
#   --option WORD   words without a full stop; (default: …), (else …)
metavars='FILE|FILE\.[a-z]+|FOLDER|NAME|NAME\|FILE|FILE\.pub\|FOLDER|NAME=VALUE'
metavars+='|NAME=SOURCE|LINE=WHO|[A-Z]+\.(zip|html|pdf)|KEY|PEM|URL|UUID|LL|LIST'
metavars+='|TEXT|WHO|WHEN|TIME|SECONDS|N|N/s|zip|REQUEST-ID'
metavars+='|HOST1:PORT1:HOST2:PORT2'
# style_of FILE: what is not of it
style_of()
{
	awk -v metavars="^($metavars)\$" '
	function bad(why) { print FNR ": " why ": " $0 }
	/^$/ { part++; next }
	part == 0 { usage = usage $0 }
	part == 1 && !/^[A-Z][a-z]*[^s] .*\.$/ { bad("sentence") }
	part < 2 { next }
	/^  -/ {
		left = substr($0, 3, 22)
		if (length($0) > 24 && substr($0, 24, 1) != " ")
			left = substr($0, 3)
		n = split(left, word, " ")
		if (word[1] ~ /,$/) option = word[3]
		else option = word[2]
		if (option != "" && option !~ metavars) bad("argument")
		if (length($0) < 25 || left == substr($0, 3)) next
	}
	/\.$/ && !/\.\.\.$/ { bad("full stop") }
	/repeated/ && !/\(may be repeated\)$/ { bad("repeated") }
	/the default|; else|several times/ { bad("default") }
	END {
		if (usage !~ /^Usage: dossier [a-z-]+ .*\[OPTIONS\]$/)
			print "usage: " usage
	}' "$1"
}
for verb in $verbs; do
	run "$dossier" "$verb" --help
	good_help "$verb --help"
	ok "$verb --help names the verb" says "$work/out" "dossier $verb"
	is "$verb --help is in the style of all" "$(style_of "$work/out")" ''
	for language in nl fr de; do
		LC_ALL=$language.UTF-8 LANGUAGE=$language "$dossier" "$verb" \
		    --help >"$work/translated"
		is "$verb --help in $language has lines that fit" \
		    "$(LC_ALL=C.UTF-8 grep -E '^.{81,}$' "$work/translated")" ''
	done
	run "$dossier" "$verb" --help
	cp "$work/out" "$work/help"
	run "$dossier" help "$verb"
	ok "help $verb is $verb --help" cmp -s "$work/help" "$work/out"
done

# --- version -----------------------------------------------------------------

for program in dossier dossier-collector dossier-packer dossier-verifier; do
	exits "$program --version" 0 "$BUILD/bin/$program" --version
	ok "$program --version: what" \
	    says "$work/out" '^dossier [0-9]+\.[0-9]+\.[0-9]+$'
	ok "$program --version: nothing on stderr" empty "$work/err"
done

# --- wrong use ---------------------------------------------------------------

# refused TEXT COMMAND...
refused()
{
	local text=$1
	shift
	exits "$text: exit status" 2 "$@"
	ok "$text: nothing on stdout" empty "$work/out"
	ok "$text: told on stderr" test -s "$work/err"
}

for verb in $verbs; do
	refused "$verb --no-such-option" "$dossier" "$verb" --no-such-option
done
refused "no verb" "$dossier"
refused "unknown verb" "$dossier" verfy
ok "the nearest verb is named" says "$work/err" '"verify"'
while IFS=: read -r language text; do
	refused "unknown verb in $language" env LC_ALL=$language.UTF-8 \
	    LANGUAGE=$language "$dossier" verfy
	ok "it is told in $language" says "$work/err" "$text"
done <<-'TEXTS'
	nl:bedoelt u
	fr:vouliez-vous dire
	de:verify“ gemeint
	TEXTS
refused "unknown verb, nothing near" "$dossier" sing
ok "no verb is named" lacks "$work/err" 'did you mean'
refused "empty verb" "$dossier" ''
refused "very long verb" "$dossier" "$(printf 'verify%.0s' {1..100})"
refused "help of an unknown verb" "$dossier" help sing

# --- lines of JSON are for people's terminals, too ----------------------------

odd=$'a\x1b[2J\u202eb\xff' # an escape, what reorders text, what is not UTF-8
printf '{' >"$work/$odd.json"
mkdir "$work/folder"
echo x >"$work/folder/x"
chmod 600 "$work/folder/x"
# plain VERB COMMAND…: its last line is JSON that names the file, and no more than text
plain()
{
	local verb=$1

	shift
	"$@" >"$work/out" 2>"$work/err"
	ok "$verb --json names a file of any bytes" python3 -c '
import json, sys
line = open(sys.argv[1], "rb").read().splitlines()[-1]
assert all(32 <= b < 127 for b in line), line
text = " ".join(str(value) for value in json.loads(line).values())
assert "2J" in text and "\\xff" in text, text' "$work/out"
}
grep_finding() { "$@" | grep '"finding"'; }
plain keygen "$dossier" keygen --json -o "$work/$odd" --no-passphrase
plain pack "$dossier" pack --json --unsigned --name odd -o "$work/$odd.zip" "$work/folder"
plain encrypt "$dossier" encrypt --json --passphrase-file "$work/folder/x" \
    -o "$work/$odd.age" "$work/folder/x"
plain verify "$dossier" verify --json "$work/$odd.zip"
plain extract "$dossier" extract --json "$work/no$odd.zip" -C "$work/new"
plain status "$dossier" status --json "$work/no$odd"
plain connector grep_finding "$dossier" connector check --json "$work/$odd.json"

# --- from elsewhere ----------------------------------------------------------

ln -s "$dossier" "$work/linked"
exits "dossier finds its programs by a symbolic link" 0 \
    "$work/linked" verify --help
exits "dossier finds its programs by \$PATH" 0 \
    env PATH="$BUILD/bin:$PATH" dossier verify --help
cp "$dossier" "$work/alone"
exits "dossier without its programs" 10 "$work/alone" verify --help
ok "it says what is missing" says "$work/err" 'dossier-verifier'

done_testing
