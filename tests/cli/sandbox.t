#!/bin/bash
# SPDX-License-Identifier: ISC
# The verifier closes a sandbox before it parses: what it says about it, and
# that nothing is opened afterwards. tests/unit/test_sandbox.c tries to get out.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

key=$work/k
"$dossier" keygen -q -o "$key" --no-passphrase
mkdir "$work/folder"
seq 100 >"$work/folder/numbers"
head -c 3000000 /dev/zero >"$work/folder/zeros"
"$dossier" pack -q "$work/folder" -o "$work/a.zip" --key "$key.key"
mkdir "$work/bag" && (cd "$work/bag" && unzip -q ../a.zip && mv a/* .)

state() { sed -n 's/.*"sandbox":"\([a-z]*\)".*/\1/p' "$work/out"; }
missing() { sed -n 's/.*"sandbox_missing":\[\([^]]*\)\].*/\1/p' "$work/out"; }

run "$dossier" verify --json "$work/a.zip" --trust "$key.pub"
is "an archive is verified in it" "$status" 0
state=$(state)
ok "it is said what it is" test -n "$state"
case $state in
full) is "nothing is missing" "$(missing)" "" ;;
*) ok "it is said what is missing" test -n "$(missing)" ;;
esac
run "$dossier" verify --json --bag "$work/bag"
is "a bag is verified in it" "$status" 0
is "and told the same" "$(state)" "$state"
run "$dossier" list --json "$work/a.zip" --trust "$key.pub"
is "the members are listed in it" "$status" 0
is "and told the same" "$(state)" "$state"

if ldd "$BUILD/bin/dossier-verifier" | grep -q libasan; then
	is "under a sanitizer there is none" "$state" none
	done_testing
	exit
fi
if ! strace -o "$work/trace" true 2>/dev/null; then
	skip "nothing is opened in it" "strace does not work here"
	done_testing
	exit
fi

# inside TEXT ARGUMENTS...: what stands behind the last call that closes it
inside()
{
	local text=$1
	shift
	strace -f -o "$work/trace" "$dossier" "$@" >"$work/out" 2>"$work/err"
	sed '1,/seccomp(SECCOMP_SET_MODE_FILTER, /d' "$work/trace" \
	    >"$work/inside"
	ok "$text: there is an inside" grep -q 'exit_group' "$work/inside"
	ok "$text: no socket" lacks "$work/inside" '(socket|connect)\('
	ok "$text: no program" lacks "$work/inside" 'exec'
	ok "$text: no other process" lacks "$work/inside" 'fork\('
}
if ! strace "$dossier" verify "$work/a.zip" 2>&1 | grep -q SECCOMP_SET_MODE
then
	skip "nothing is opened in it" "no seccomp here"
	done_testing
	exit
fi
for file in a.zip folder/zeros; do
	inside "verify $file" verify "$work/$file" --trust "$key.pub"
	ok "verify $file: no file" lacks "$work/inside" '(open|openat|openat2)\('
	ok "verify $file: threads are started inside" \
	    says "$work/inside" 'clone'
done
inside "list" list "$work/a.zip" --trust "$key.pub"
ok "list: no file" lacks "$work/inside" '(open|openat|openat2)\('
inside "verify --bag" verify --bag "$work/bag"
ok "verify --bag: files below it alone" lacks "$work/inside" \
    'openat\(AT_FDCWD|open\('

# --- other languages are loaded before ----------------------------------------

language=$(locale -a 2>/dev/null | grep -iE '^(nl|fr|de)_' | head -n 1)
if [ -n "$language" ]; then
	LC_ALL=$language run "$dossier" verify "$work/a.zip" --trust "$key.pub"
	ok "people are told in their language" lacks "$work/out" 'Intact: noth'
else
	skip "people are told in their language" "no such locale here"
fi

done_testing
