#!/bin/bash
# SPDX-License-Identifier: ISC
# What verify says first: the cause, not what follows from it; that a file is no
# archive at all; and an end without a word when nobody reads on.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

run "$dossier" keygen -o "$work/k" --no-passphrase
mkdir "$work/files"
for i in {1..2500}; do
	echo "$i" >"$work/files/$i"
done
seq 2000 >"$work/files/0-numbers"
run "$dossier" pack "$work/files" -o "$work/a.zip" --key "$work/k.key"
judge() { run "$dossier" verify "$@" --trust "$work/k.pub"; }
# errors: how many lines of text tell one
errors() { grep -c '^  error ' "$work/out"; }

# --- a changed byte --------------------------------------------------------------

cp "$work/a.zip" "$work/changed.zip"
printf '\377' | dd of="$work/changed.zip" bs=1 seek=300 conv=notrunc status=none
judge "$work/changed.zip"
is "a changed byte" "$status" 1
is "one error is told" "$(errors)" 1
ok "the cause" says "$work/out" '^  error zip/(deflate|crc): .*0-numbers'
ok "and that others follow" says "$work/out" '^  and 3 findings that follow'
judge -v "$work/changed.zip"
is "-v tells all" "$(errors)" 4
judge --json "$work/changed.zip"
is "so does --json, as they were found" "$(grep '"severity":"error"' \
    "$work/out" | sed 's/.*"id":"\([^"]*\)".*/\1/' | tr '\n' ' ' |
    sed 's/^zip.deflate\|^zip.crc/zip/')" \
    "zip bag/document-mismatch bag/digest-mismatch seal/body "
head -c 20000 "$work/a.zip" >"$work/cut.zip"
judge "$work/cut.zip"
is "a file that was cut off: one error" "$(errors)" 1
ok "that it ends too early" says "$work/out" '^  error zip/truncated'
printf 'more' | cat "$work/a.zip" - >"$work/longer.zip"
judge "$work/longer.zip"
ok "what follows from nothing is told" says "$work/out" zip/trailing-data

# --- files that are no archives ----------------------------------------------------

# looks TEXT: what file says of itself
looks()
{
	judge "$work/file"
	is "$1: not intact" "$status" 1
	ok "$1: it is said" says "$work/out" \
	    "This is no archive of Dossier. It looks like $1"
	ok "$1: not that it was changed" lacks "$work/out" 'changed or damaged'
}
: >"$work/file" && looks 'an empty file'
echo hello >"$work/file" && looks 'a text'
echo '%PDF-1.4' >"$work/file" && looks 'a PDF document'
gzip -c "$work/k.pub" >"$work/file" && looks 'a file packed by gzip'
tar -C "$work" -cf "$work/file" k.pub && looks 'an archive of tar'
cp "$work/k.pub" "$work/file" && looks 'a key or signature of minisign'
cp "$BUILD/bin/dossier" "$work/file" && looks 'a program'
echo '<!DOCTYPE html>' >"$work/file" && looks 'a web page'
rm "$work/file" && (cd "$work" && zip -q file.zip k.pub && mv file.zip file)
looks 'a ZIP file of something else'
printf '\1\0\2\0' >"$work/file"
judge "$work/file"
ok "of no kind that is known" says "$work/out" 'changed or damaged'
cp "$work/a.zip" "$work/file"
printf 'X' | dd of="$work/file" bs=1 conv=notrunc status=none
judge "$work/file"
ok "an archive whose first byte is damaged" says "$work/out" 'changed or damaged'
run bash -c "head -c 30 '$work/k.pub' | '$dossier' verify -"
is "from a pipe" "$status" 1

# --- nobody reads on -----------------------------------------------------------------

# first COMMAND...: its status, with a reader that has enough after a line
first()
{
	"$@" 2>"$work/err" | head -n 1 >"$work/out"
	echo "${PIPESTATUS[0]}"
}
for how in '' --json; do
	# shellcheck disable=SC2086 # no word, or one
	is "list $how | head: ended by SIGPIPE" "$(first "$dossier" list \
	    "$work/a.zip" --trust "$work/k.pub" $how)" 141
	ok "list $how | head: without a word" empty "$work/err"
	is "list $how | head: the line came" "$(wc -l <"$work/out")" 1
done
run bash -c "set -o pipefail
	'$dossier' list '$work/a.zip' --trust '$work/k.pub' | cat"
is "list | cat: all of it is a success" "$status" 0
is "list | cat: all of it" "$(grep -c data/files/ "$work/out")" 2501
if [ -w /dev/full ]; then
	run bash -c "'$dossier' list '$work/a.zip' --trust '$work/k.pub' \
	    >/dev/full"
	is "a full disk is another thing" "$status" 13
	ok "and told" says "$work/err" 'No space'
fi

# --- the demo ---------------------------------------------------------------------------

sed -n '/^What to try next/,$p' tests/demo >"$work/out"
ok "the demo's report counts the time stamp" says "$work/out" '--tsa-ca'
ok "and it changes a byte by a command" says "$work/out" 'dd of=demo/changed'

done_testing
