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
# What is read was opened before. Of paths only those in the folder of the
# output are used, and by its name that folder alone is opened, to sync it.
target=$work/target
mkdir "$target"
quiet()
{
	inside "$@"
	grep -E 'open(at|at2)?\((AT_FDCWD, )?"/' "$work/inside" |
	    grep -vF "\"$target\", O_RDONLY|O_CLOEXEC|O_DIRECTORY)" \
		>"$work/opened"
	ok "$1: no file is opened by its path" empty "$work/opened"
	grep -oE '(mkdir|unlink|rename|link|symlink)(at|at2)?\(.*' \
	    "$work/inside" | grep -oE '"/[^"]*"' |
	    grep -vF "\"$target/" >"$work/changed"
	ok "$1: nothing is changed but in the folder of the output" \
	    empty "$work/changed"
}
mkdir "$work/new" && cp "$work/folder/numbers" "$work/new"
"$dossier" pack -q "$work/new" -o "$work/b.zip" --key "$key.key"
echo "a passphrase" >"$work/pass" && chmod 600 "$work/pass"
"$dossier" encrypt -q "$work/a.zip" -o "$work/a.age" \
    --passphrase-file "$work/pass"
quiet report report "$work/a.zip" -o "$target/a.html" --trust "$key.pub"
ok "report: is made" test -s "$target/a.html"
quiet extract extract "$work/a.zip" -C "$target/out.d" --trust "$key.pub"
ok "extract: is made" cmp -s "$work/folder/zeros" \
    "$target/out.d/data/files/zeros"
quiet prove prove "$work/a.zip" data/files/numbers -o "$target/proof" \
    --trust "$key.pub"
ok "prove: is made" test -s "$target/proof/proof.json"
quiet diff diff "$work/a.zip" "$work/b.zip" --trust "$key.pub"
ok "diff: is made" says "$work/out" zeros
quiet decrypt decrypt "$work/a.age" -o "$target/again.zip" \
    --passphrase-file "$work/pass"
ok "decrypt: is made" cmp -s "$work/a.zip" "$target/again.zip"
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
