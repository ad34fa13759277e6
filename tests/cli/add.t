#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier add: what no service gives comes into the case with its source, who
# added it and when; what is no file is a gap; nothing comes in twice; a kill
# costs nothing; the archive and its page say that it was added by hand.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

# documents CASE: one line a document, in the order of the archive
documents()
{
	sqlite3 "$1/case.db" "select n.number, e.name, d.name, d.sha256, d.size,
	    d.source_url from document_number n
	    join document d on d.id = n.document
	    join endpoint e on e.id = d.endpoint order by n.number"
}

gaps()
{
	sqlite3 "$1/case.db" "select e.name, reason, gap.name from gap
	    join endpoint e on e.id = gap.endpoint order by 1, 2, 3"
}

count() { sqlite3 "$1/case.db" "select count(*) from $2"; }
digest() { sha256sum "$1" | cut -d ' ' -f 1; }

letters=$work/letters
mkdir -p "$letters/old"
echo "Dear office" >"$letters/one.txt"
echo '{"x": 1}' >"$letters/old/two.json"
head -c 3000000 /dev/urandom >"$letters/old/large.bin"
: >"$letters/empty"

# --- what is added ----------------------------------------------------------

exits "a folder, into no case yet" 0 "$dossier" add "$work/case" "$letters/" \
    --source "Paper file, room 12" --category correspondence --by "J. Doe"
ok "verdict first" says "$work/out" '^Complete\.$'
ok "counts" says "$work/out" '^4 documents, 3000021 bytes, added to '
is "in the order of names" "$(documents "$work/case" | cut -d '|' -f 1-3)" \
"1|correspondence|letters/empty
2|correspondence|letters/old/large.bin
3|correspondence|letters/old/two.json
4|correspondence|letters/one.txt"
is "digest and source" "$(documents "$work/case" | sed -n 's/^2|//p')" \
    "correspondence|letters/old/large.bin|$(digest \
    "$letters/old/large.bin")|3000000|Paper file, room 12"
is "a large one is a file of its own" \
    "$(digest "$work/case/blobs/000000001")" "$(digest "$letters/old/large.bin")"
is "who, and when" "$(sqlite3 "$work/case/case.db" \
    "select act, by, account, time is not null from custody")" \
    "added|J. Doe|$(id -un)|1"
is "the case is its owner's only" "$(stat -c %a "$work/case")" 700

exits "the same once more" 0 "$dossier" add "$work/case" "$letters" \
    --source "Paper file, room 12" --category correspondence
ok "is told" says "$work/out" '^4 were there already, from the same source$'
ok "by name" says "$work/out" 'letters/one.txt: is there already'
is "and not added" "$(count "$work/case" document)" 4
is "nor noted as an act" "$(count "$work/case" custody)" 1

cp "$letters/one.txt" "$work/copy.txt"
exits "the same content by another name" 0 "$dossier" add "$work/case" \
    "$work/copy.txt" --source "Paper file, room 12" --by "J. Doe" \
    --category correspondence
ok "is told, too" says "$work/out" 'copy.txt: added, though the same content'
exits "and from elsewhere" 0 "$dossier" add "$work/case" "$letters/one.txt" \
    --source "The person's own copy" --by "J. Doe" --json
ok "one line a file" says "$work/out" \
    "^\{\"name\":\"one.txt\",\"outcome\":\"added\",.*\"type\":\"document\"\}$"
ok "summary last, with the exit status" says "$work/out" \
    '^\{"added":1,"bytes":12,"exit":0,"gaps":0,"known":0,"type":"summary"\}$'
is "without a category" "$(documents "$work/case" | tail -n 1 |
    cut -d '|' -f 1-3)" "6|added|one.txt"
exits "-v has all digests" 0 "$dossier" add "$work/case" "$letters" -v \
    --source "Paper file, room 12" --category correspondence
ok "of each" says "$work/out" "^$(digest "$letters/old/two.json")  letters/old"
is "it has no request to be made" "$(sqlite3 "$work/case/case.db" \
    "select count(*) from task where state = 0")" 0

# --- what is no file, or does not hold still -------------------------------------

odd=$work/odd
mkdir "$odd" "$odd/closed" "$odd/"$'a\x1b[31mb'
echo x >"$odd/"$'a\x1b[31mb'"/"$'c\nd.txt'
echo y >"$odd/"$'latin-\xe9.PDF'
echo z >"$odd/-rf"
ln -s /etc/passwd "$odd/link"
ln -s ../letters "$odd/linked-folder"
mkfifo "$odd/fifo"
python3 -c 'import socket, sys, os
os.chdir(sys.argv[1]); socket.socket(socket.AF_UNIX).bind("socket")' "$odd"
exits "links, sockets, pipes" 3 "$dossier" add "$work/odd-case" "$odd" \
    --source test
is "are gaps" "$(gaps "$work/odd-case")" "added|fifo|odd/fifo
added|socket|odd/socket
added|symbolic-link|odd/link
added|symbolic-link|odd/linked-folder"
is "what they lead to is not there" "$(sqlite3 "$work/odd-case/case.db" \
    "select count(*) from document where instr(body, 'root:')")" 0
is "odd names are data" "$(sqlite3 "$work/odd-case/case.db" \
    "select count(*) from document where name = 'odd/-rf'
     or name = 'odd/a' || char(27) || '[31mb/c' || char(10) || 'd.txt'")" 2
is "in base64 where they are not UTF-8" "$(sqlite3 "$work/odd-case/case.db" \
    "select name_base64, extension from document where name is null")" \
    "$(printf 'odd/latin-\xe9.PDF' | base64)|pdf"
ok "and do not reach the terminal" lacks "$work/out" $'\x1b'
exits "a link by its name" 3 "$dossier" add "$work/odd-case" "$odd/link" \
    --source test
exits "once more: the gaps are the same" 3 "$dossier" add "$work/odd-case" \
    "$odd" --source test
is "none twice" "$(count "$work/odd-case" gap)" 5
rm "$odd/link"
echo now >"$odd/link"
exits "a file where the link was" 3 "$dossier" add "$work/odd-case" "$odd" \
    --source test
is "takes the gap back" "$(gaps "$work/odd-case" | grep -c odd/link$)" 0

exits "a file that is more than it says" 3 "$dossier" add "$work/proc" \
    /proc/self/status --source test
is "has changed" "$(gaps "$work/proc")" "added|changed-while-read|status"
is "and no bytes are kept" "$(count "$work/proc" document)" 0
if [ "$(id -u)" != 0 ]; then
	chmod 0 "$letters/one.txt"
	exits "unreadable" 3 "$dossier" add "$work/closed" "$letters/one.txt" \
	    --source test
	is "is a gap" "$(gaps "$work/closed")" "added|unreadable|one.txt"
	chmod 600 "$letters/one.txt"
else
	skip "unreadable" "root reads everything"
	skip "is a gap" "root reads everything"
fi

# --- wrong use ----------------------------------------------------------------------

exits "no source" 2 "$dossier" add "$work/no" "$letters"
ok "says what is missing" says "$work/err" 'where are the documents from'
exits "an empty one" 2 "$dossier" add "$work/no" "$letters" --source " "
exits "one that is not UTF-8" 2 "$dossier" add "$work/no" "$letters" \
    --source $'caf\xe9'
exits "nothing to add" 2 "$dossier" add "$work/no" --source test
for category in '' ../x Letters a/b con "$(printf 'a%.0s' {1..41})"; do
	exits "category '$category'" 2 "$dossier" add "$work/no" "$letters" \
	    --source test --category "$category"
done
exits "not there" 10 "$dossier" add "$work/no" "$letters" "$work/nothing" \
    --source test
ok "no case was made" test ! -e "$work/no"
exits "the case into itself" 2 "$dossier" add "$work/case" \
    "$work/case/blobs" --source test
exits "an empty folder" 1 "$dossier" add "$work/none" "$odd/closed" \
    --source test
exits "a folder of other things is no case" 6 "$dossier" add "$letters" \
    "$odd" --source test
mkdir "$work/around"
cp -r "$letters" "$work/around"
exits "a folder with the case in it" 0 "$dossier" add "$work/around/case" \
    "$work/around" --source test
is "leaves the case out" "$(count "$work/around/case" document)" 4

# --- a kill costs nothing -------------------------------------------------------------

mkdir "$work/many"
for i in {1..60}; do
	head -c 2000000 /dev/zero >"$work/many/$i"
	echo "$i" >>"$work/many/$i"
done
exits "undisturbed" 0 "$dossier" add "$work/calm" "$work/many" --source test
for tenths in 1 2 1; do
	timeout -s KILL "0.$tenths" "$dossier" add "$work/killed" \
	    "$work/many" --source test >/dev/null 2>&1
	[ ! -e "$work/killed/case.db" ] || sqlite3 "$work/killed/case.db" \
	    'pragma integrity_check' | grep -qx ok || echo "# damaged"
done
exits "after kills" 0 "$dossier" add "$work/killed" "$work/many" --source test
is "the same documents, under the same numbers" \
    "$(documents "$work/killed")" "$(documents "$work/calm")"
is "no stray files" "$(find "$work/killed/blobs" -type f | wc -l)" 60

# When it has begun it is asked to end; a fast machine may be done by then.
"$dossier" add "$work/stopped" "$work/many" --source test >"$work/stop.out" &
adding=$!
until [ -e "$work/stopped/blobs/1" ] || ! kill -0 $adding 2>/dev/null; do
	sleep 0.01
done
kill -INT $adding 2>/dev/null
wait $adding
status=$?
ok "interrupted, or done" test "$status" -eq 130 -o "$status" -eq 0
ok "says how to go on, or was done" says "$work/stop.out" \
    'give the same command again|^Complete'
exits "went on" 0 "$dossier" add "$work/stopped" "$work/many" --source test
is "the same documents" "$(documents "$work/stopped")" \
    "$(documents "$work/calm")"

# --- status, archive, page --------------------------------------------------------------

exits "status" 0 "$dossier" status "$work/case"
ok "says that it was by hand" says "$work/out" \
    'manual/correspondence: added by hand 5, gaps 0'
"$dossier" keygen -o "$work/key" --no-passphrase >/dev/null
exits "packed" 0 "$dossier" pack "$work/case" -o "$work/case.zip" \
    --key "$work/key.key" --lang en --lang nl
exits "verified" 0 "$dossier" verify "$work/case.zip" --trust "$work/key.pub"
exits "listed" 0 "$dossier" list "$work/case.zip" --trust "$work/key.pub"
ok "at its place" says "$work/out" \
    'data/documents/manual/correspondence/000000/000000002.bin'
exits "extracted" 0 "$dossier" extract "$work/case.zip" -C "$work/out-of-it" \
    --trust "$work/key.pub"
where=$work/out-of-it/data/documents/manual
[ -d "$where" ] || where=$(echo "$work"/out-of-it/*/data/documents/manual)
ok "with the bytes it had" cmp -s "$letters/old/large.bin" \
    "$where/correspondence/000000/000000002.bin"
unzip -p "$work/case.zip" case/dossier/statement.json >"$work/statement"
ok "custody" says "$work/statement" \
    "\"account\":\"$(id -un)\",\"act\":\"added\",\"by\":\"J. Doe\""
ok "no connector is claimed" says "$work/statement" '"connectors":\[\]'
unzip -p "$work/case.zip" case/START-HERE.html >"$work/page"
ok "the page says it" says "$work/page" 'Added by hand by'
ok "and by whom" says "$work/page" 'J\. Doe'
ok "and from where" says "$work/page" 'Paper file, room 12'
unzip -p "$work/case.zip" case/START-HERE.nl.html >"$work/page"
ok "in Dutch, too" says "$work/page" 'Met de hand toegevoegd door'
if python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null
then
	exits "the second verifier agrees" 0 python3 -B tests/second/second.py \
	    --trust "$work/key.pub" "$work/case.zip"
fi

exits "packed with gaps" 3 "$dossier" pack "$work/odd-case" \
    -o "$work/odd.zip" --key "$work/key.key"
exits "is intact" 0 "$dossier" verify "$work/odd.zip" --trust "$work/key.pub"
exits "status has gaps" 3 "$dossier" status "$work/odd-case"

done_testing
