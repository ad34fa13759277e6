#!/bin/bash
# SPDX-License-Identifier: ISC
# The id of the request is typed on the terminal before anything is erased.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/erase.bash

export TMPDIR=$work/tmp
mkdir "$TMPDIR"
"$dossier" keygen -o "$work/k" --no-passphrase >/dev/null
start --runs 1 --models 2
exits "collected" 0 collect "$work/case"
pack_export "$work/case"
archive=$work/case.zip

# command OPTION...: what erases, in ${command[@]}
command=()
as_command() { command=("$@"); }
typed()
{
	local keys=$1
	shift
	dossier=as_command erase "$archive" "$work/r.zip" --execute "$@"
	tests/support/typed "$keys" "$dossier" "${command[@]}"
}

# nothing TEXT: nothing was erased, and no receipt made
nothing()
{
	is "$1: nothing was sent" "$(logged; grep -vc '"method":"GET"' \
	    "$state/requests.log")" 0
	ok "$1: there is no receipt" test ! -e "$work/r.zip"
	for ((i = 0; i < 50; i++)); do
		folders=$(find "$TMPDIR" -mindepth 1 -name 'dossier-*')
		[ -n "$folders" ] || break
		sleep 0.1
	done
	is "$1: no folder is left" "$folders" ""
}

# --- it is not the id ---------------------------------------------------------------

exits "another id" 2 typed "REQ-X^M"
ok "it is asked for, by its name" says "$work/out" \
    "cannot be undone.*type the id of the request \\($request\\): "
ok "after the plan" says "$work/out" 'model [0-9a-f-]*: to be deleted'
ok "it says that nothing was erased" says "$work/out" \
    'not confirmed: nothing was erased'
exits "nothing but the enter key" 2 typed "^M"
exits "the id and more" 2 typed "$request and more^M"
exits "more than a line holds" 2 typed "$request$(printf '%0300d' 0)^M"
exits "the end of input" 2 typed "^D"
exits "the end of input, after the id without the enter key" 2 \
    typed "${request%?}^D^D"
exits "the interrupt key" 130 typed "^C"
exits "the interrupt key after the id" 130 typed "$request^C"
nothing "typed wrongly"

# --- there is no terminal -----------------------------------------------------------

dossier=as_command erase "$archive" "$work/r.zip" --execute
exits "no terminal" 2 setsid -w "$dossier" "${command[@]}"
ok "it names --confirm" says "$work/err" \
    'no terminal.*--confirm REQUEST-ID.*nothing was erased'
exits "no terminal, and the id on the standard input" 2 setsid -w bash -c \
    'echo "$1" | "${@:2}"' - "$request" "$dossier" "${command[@]}"
exits "confirmed wrongly" 2 typed "$request^M" --confirm REQ-X
nothing "not typed"

# --- it is the id -------------------------------------------------------------------

exits "the id" 3 typed "$request^M"
ok "it is done" says "$work/out" 'The receipt is '
ok "something was planned" test "$(lines "$work/r.zip" "l['outcome']" |
    grep -c erased)" -gt 0
is "a deletion a line" "$(deletions | wc -l)" \
    "$(lines "$work/r.zip" "l['outcome']" | grep -c erased)"
exits "the receipt verifies" 0 "$dossier" verify "$work/r.zip" --trust \
    "$work/k.pub"

done_testing
