#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier verify FOLDER: an archive that was unpacked is judged by its content;
# with nothing wrong that is 3, for not everything was checked.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

"$dossier" keygen -q -o "$work/k" --no-passphrase
"$dossier" keygen -q -o "$work/other" --no-passphrase
mkdir -p "$work/src/sub"
for i in {1..20}; do echo "document $i" >"$work/src/sub/$i.txt"; done
head -c 2000000 /dev/zero >"$work/src/zeros"
"$dossier" pack -q "$work/src" -o "$work/a.zip" --key "$work/k.key"
"$dossier" pack -q "$work/src" -o "$work/u.zip" --unsigned
trust=(--trust "$work/k.pub")
folder=$work/a

# unpack [ZIP]: a fresh copy in $folder
unpack()
{
	rm -rf "$folder" "$work/unzipped"
	unzip -q "${1-$work/a.zip}" -d "$work/unzipped"
	mv "$work/unzipped"/* "$folder"
}
found() { sed -n 's/.*"id":"\([^"]*\)".*"severity":"error".*/\1/p' \
    "$work/out" | sort -u | tr '\n' ' '; }
# wrong TEXT FINDING...: exit 1, and exactly these errors
wrong()
{
	exits "$1" 1 "$dossier" verify --json "$folder" "${trust[@]}"
	is "$1: why" "$(found)" "${*:2} "
}

# --- nothing wrong -----------------------------------------------------------

unpack
exits "unpacked, and nothing changed" 3 \
    "$dossier" verify "$folder" "${trust[@]}"
ok "the verdict is careful" says "$work/out" 'content is whole.*not checked'
ok "what was not checked is told" says "$work/out" 'verify/not-checked'
ok "nothing on stderr" empty "$work/err"
run "$dossier" verify --json "$folder" "${trust[@]}"
is "for programs: the same" "$status" 3
ok "there is no verdict" says <(tail -n 1 "$work/out") \
    '"exit":3,.*"type":"summary","verdict":null'
is "no error" "$(found)" ""
cp -r "$folder" "$work/unzipped/NAME"
exits "as unzip leaves it, in one more folder" 3 \
    "$dossier" verify "$work/unzipped" "${trust[@]}"
exits "a signer who is not known" 3 \
    "$dossier" verify "$folder" --trust "$work/other.pub"
ok "is told" says "$work/out" 'sign/untrusted-key'
unpack "$work/u.zip"
exits "unsigned" 3 "$dossier" verify "$folder"
mkdir "$work/none" && "$dossier" pack -q "$work/none" -o "$work/none.zip" \
    --key "$work/k.key"
unpack "$work/none.zip"
exits "without documents" 3 "$dossier" verify "$folder" "${trust[@]}"
unpack
exits "with another archive" 3 \
    "$dossier" verify "$folder" "$work/a.zip" "${trust[@]}"
run "$dossier" extract "$work/a.zip" -C "$work/extracted" "${trust[@]}"
exits "what extract wrote" 3 \
    "$dossier" verify "$work/extracted" "${trust[@]}"
exits "verify --bag takes it for a bag" 0 "$dossier" verify --bag "$folder"

# --- something wrong ---------------------------------------------------------

echo more >>"$folder/data/files/sub/1.txt"
wrong "a changed document" bag/digest-mismatch bag/document-mismatch bag/info
unpack && rm "$folder/data/files/sub/1.txt"
wrong "a missing document" bag/document-mismatch bag/info bag/missing
unpack && echo x >"$folder/data/files/sub/more.txt"
wrong "a document more" bag/document-mismatch bag/info bag/unlisted
unpack && echo x >"$folder/extra.txt"
wrong "a file that is no member" bag/unexpected
unpack && echo x >"$folder/data/files/with blank"
wrong "a name that is not allowed" zip/unsafe-name
unpack && echo x >"$folder/fetch.txt"
wrong "a fetch.txt" bag/fetch
unpack && cp "$folder/data/files/sub/1.txt" "$folder/data/files/SUB"
wrong "a file that is a folder, too" bag/document-mismatch bag/info \
    bag/order bag/unlisted
unpack && rm "$folder/VERIFY.txt"
wrong "a tag file is missing" bag/malformed-line bag/missing \
    bag/missing-member
unpack && echo >>"$folder/VERIFY.txt"
wrong "a changed tag file" bag/digest-mismatch
unpack && sed -i 's/a/b/' "$folder/dossier/statement.json"
exits "a changed statement" 1 "$dossier" verify "$folder" "${trust[@]}"
unpack && rm "$folder/signatures/tagmanifest-sha256.txt.minisig"
wrong "no seal" seal/missing
unpack && sed -i 's/members:/membres:/' \
    "$folder/signatures/tagmanifest-sha256.txt.minisig"
exits "a changed seal" 1 "$dossier" verify "$folder" "${trust[@]}"
unpack && cp "$work/other.pub" "$folder/keys/seal.pub"
exits "another key" 1 "$dossier" verify "$folder" "${trust[@]}"
unpack && rm "$folder/data/files/zeros" &&
    ln -s /dev/zero "$folder/data/files/zeros"
wrong "a link that leads elsewhere" bag/document-mismatch bag/info \
    bag/missing bag/unsafe-path
unpack && mkfifo "$folder/data/files/pipe"
wrong "a pipe" bag/not-a-file

# --- no unpacked archive -----------------------------------------------------

exits "an empty folder" 1 "$dossier" verify "$work/none"
exits "any folder" 1 "$dossier" verify "$work/src"
exits "a folder that is not there" 10 "$dossier" verify "$work/no"
mkdir -p "$work/bag/data" && : >"$work/bag/manifest-sha256.txt"
printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' \
    >"$work/bag/bagit.txt"
exits "a bag of others" 1 "$dossier" verify "$work/bag"
exits "is one for --bag" 0 "$dossier" verify --bag "$work/bag"
unpack
exits "--layer zip of a folder" 1 "$dossier" verify --layer zip "$folder"
ok "says that it is none" says "$work/out" 'zip/not-a-zip'

done_testing
