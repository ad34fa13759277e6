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
ok "verbs are listed" test "$(wc -w <<<"$verbs")" -ge 8

# Each verb of a program is one of dossier, and the other way round.
verbs_of() { "$BUILD/bin/$1" help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'; }
is "dossier lists the verbs of its programs" "$(sort <<<"$verbs")" "$(
    for program in dossier-{collector,packer,verifier}; do
	verbs_of $program
    done | sort)"

for verb in $verbs; do
	run "$dossier" "$verb" --help
	good_help "$verb --help"
	ok "$verb --help names the verb" says "$work/out" "dossier $verb"
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
refused "unknown verb, nothing near" "$dossier" sing
ok "no verb is named" lacks "$work/err" 'did you mean'
refused "empty verb" "$dossier" ''
refused "very long verb" "$dossier" "$(printf 'verify%.0s' {1..100})"
refused "help of an unknown verb" "$dossier" help sing

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
