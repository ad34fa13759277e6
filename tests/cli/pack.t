#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier pack: any folder becomes an archive that stock tools accept.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

key=$work/k.key pub=$work/k.pub
"$dossier" keygen -o "$work/k" --no-passphrase >"$work/out" 2>"$work/err"

# unpack ZIP: its bag lies in $bag afterwards
unpack()
{
	rm -rf "$work/unpacked"
	mkdir "$work/unpacked"
	unzip -q "$1" -d "$work/unpacked"
	bag=$(echo "$work"/unpacked/*)
}

files_in() { find "$1" -type f -printf x | wc -c; }
digests_in()
{
	find "$1" -type f -exec sha256sum -z {} + | tr '\0\n' '\n ' |
	    grep -oE '^[0-9a-f]{64}' | sort
}
silent() { "$@" >/dev/null; }
listed() { (cd "$bag" && sha256sum -c --strict --quiet "$1"); }
minisigned()
{
	(cd "$bag" && minisign -Vq -p "$pub" -m tagmanifest-sha256.txt \
	    -x signatures/tagmanifest-sha256.txt.minisig)
}
sshsigned()
{
	(cd "$bag" && ssh-keygen -Y verify -f keys/allowed_signers \
	    -I dossier-seal -n dossier-seal@v1 \
	    -s signatures/tagmanifest-sha256.txt.sig \
	    <tagmanifest-sha256.txt >/dev/null)
}

# stock TEXT ZIP: what every stock tool must say of a good archive
stock()
{
	unpack "$2"
	ok "$1: unzip" unzip -tqq "$2"
	ok "$1: bsdtar" silent bsdtar -tf "$2"
	ok "$1: sha256sum, documents" listed manifest-sha256.txt
	ok "$1: sha256sum, other files" listed tagmanifest-sha256.txt
}

# --- a real folder -----------------------------------------------------------

exits "the kernel's headers are packed" 0 \
    "$dossier" pack /usr/include/linux -o "$work/linux.zip" --key "$key"
stock "real folder" "$work/linux.zip"
ok "real folder: minisign" minisigned
ok "real folder: ssh-keygen" sshsigned
exits "real folder: dossier" 0 \
    "$dossier" verify "$work/linux.zip" --trust "$pub"
is "every file is in it" "$(files_in "$bag/data/files")" \
    "$(files_in /usr/include/linux)"
is "the seal is the last member" \
    "$(unzip -Z1 "$work/linux.zip" | tail -n 1)" \
    linux/signatures/tagmanifest-sha256.txt.minisig

body=$(sed -n 's/^trusted comment: .* body:\([0-9]*\):.*/\1/p' \
    "$bag/signatures/tagmanifest-sha256.txt.minisig")
digest=$(sed -n 's/^trusted comment: .* body:[0-9]*:\([0-9a-f]*\) .*/\1/p' \
    "$bag/signatures/tagmanifest-sha256.txt.minisig")
is "the seal binds the bytes of the file" \
    "$(head -c "$body" "$work/linux.zip" | sha256sum | cut -d' ' -f1)" \
    "$digest"

# --- names of all kinds --------------------------------------------------------

odd=$work/odd
mkdir -p "$odd/sub/deep" "$odd/empty" "$odd/Case" "$odd/case" "$odd/renamed"
echo one >"$odd/plain.txt"
echo two >"$odd/with space.TXT"
echo three >"$odd"/$'new\nline.md'
echo four >"$odd"/$'latin-\xe9.txt'
echo five >"$odd/.hidden"
echo six >"$odd/CON.txt"
echo seven >"$odd/Same" && echo eight >"$odd/same"
echo nine >"$odd/Case/a" && echo ten >"$odd/case/b" && echo x >"$odd/case/A"
echo eleven >"$odd/renamed/mine"
echo twelve >"$odd/sub/deep/été.json"
: >"$odd/nothing"
echo thirteen >"$odd/$(printf 'n%.0s' {1..120})"
exits "odd names are packed" 0 \
    "$dossier" pack "$odd" -o "$work/odd.zip" --key "$key"
stock "odd names" "$work/odd.zip"
exits "odd names: dossier" 0 "$dossier" verify "$work/odd.zip" --trust "$pub"
is "odd names: every file is in it" \
    "$(files_in "$bag/data/files")" "$(files_in "$odd")"
is "odd names: the content is" \
    "$(digests_in "$bag/data/files")" "$(digests_in "$odd")"
ok "a good name is kept" test -f "$bag/data/files/plain.txt"
ok "of two that collide the first in byte order is kept" \
    grep -q seven "$bag/data/files/Same"
ok "the original name is data" \
    grep -q '"name":"with space.TXT"' "$bag/dossier/documents.jsonl"
ok "a name that is not UTF-8 stands in base64" \
    grep -q '"name_base64":"bGF0aW4t6S50eHQ="' "$bag/dossier/documents.jsonl"
ok "empty folders are recorded" \
    grep -q '"empty_folders":\["empty"\]' "$bag/dossier/statement.json"
is "in the one order" "$(LC_ALL=C sort -c <(cut -c67- \
    "$bag/manifest-sha256.txt" | tr 'A-Z/' 'a-z\001') && echo yes)" yes

# --- what cannot be packed -------------------------------------------------------

links=$work/links
mkdir "$links"
echo text >"$links/file.txt"
ln -s file.txt "$links/link"
ln -s /etc/passwd "$links/out"
mkfifo "$links/fifo"
python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$links/socket"
exits "a folder with links: incomplete" 3 \
    "$dossier" pack "$links" -o "$work/links.zip" --key "$key"
exits "its archive is intact" 0 \
    "$dossier" verify "$work/links.zip" --trust "$pub"
ok "verify says that the archive states gaps" says "$work/out" '4 things are'
unpack "$work/links.zip"
is "gaps are listed, in order" \
    "$(sed 's/.*"name":"\([^"]*\)".*"reason":"\([^"]*\)".*/\1 \2/' \
    "$bag/dossier/gaps.jsonl" | tr '\n' ,)" \
    'fifo fifo,link symbolic-link,out symbolic-link,socket socket,'
ok "and shown to people" grep -q "<bdi>fifo</bdi>" "$bag/START-HERE.html"

# files of no size that hold something
changing=/proc/sys/kernel/random
if [ -r $changing/uuid ]; then
	exits "files that are not what they were said to be: incomplete" 3 \
	    "$dossier" pack $changing -o "$work/changing.zip" --key "$key"
	unpack "$work/changing.zip"
	ok "they are gaps" grep -q \
	    '"name":"uuid".*"reason":"changed-while-read"' \
	    "$bag/dossier/gaps.jsonl"
	exits "and nothing of them is in the archive" 0 \
	    "$dossier" verify "$work/changing.zip" --trust "$pub"
else
	skip "files that change" "there is no $changing"
fi

if [ "$(id -u)" -eq 0 ]; then
	# root can read everything: try as somebody else, who may have no way
	# into the folder of the build, in a folder of theirs
	open=$(mktemp -d /tmp/dossier-open.XXXXXX)
	trap 'rm -rf "$work" "$open"' EXIT
	chmod 755 "$open"
	mkdir "$open/closed" "$open/bin"
	cp "$BUILD"/bin/dossier "$BUILD"/bin/dossier-packer "$open/bin"
	echo open >"$open/closed/a"
	echo shut >"$open/closed/b"
	chmod 600 "$open/closed/b"
	install -d -m 777 "$open/theirs"
	exits "an unreadable file: incomplete" 3 \
	    env TMPDIR=/tmp setpriv --reuid=65534 --regid=65534 \
	    --clear-groups "$open/bin/dossier" pack "$open/closed" \
	    -o "$open/theirs/closed.zip" --unsigned
	unpack "$open/theirs/closed.zip"
	ok "it is a gap" grep -q '"name":"b".*"reason":"unreadable"' \
	    "$bag/dossier/gaps.jsonl"
	exits "a folder that may not be written" 10 \
	    env TMPDIR=/tmp setpriv --reuid=65534 --regid=65534 \
	    --clear-groups "$open/bin/dossier" pack "$open/closed" \
	    -o "$open/closed.zip" --unsigned
else
	skip "an unreadable file" "needs root to become nobody"
fi

# --- nothing, unsigned, and the same twice -------------------------------------------

mkdir "$work/none"
exits "an empty folder is packed" 0 \
    "$dossier" pack "$work/none" -o "$work/none.zip" --key "$key"
unpack "$work/none.zip"
ok "it says that there is no document" test -f "$bag/data/NO-DOCUMENTS.txt"
exits "it verifies" 0 "$dossier" verify "$work/none.zip" --trust "$pub"

exits "unsigned, with gaps" 3 "$dossier" pack "$links" -o "$work/u.zip" \
    --unsigned --name u --id 00000000-0000-4000-8000-000000000000
exits "verify calls it unsigned" 5 "$dossier" verify "$work/u.zip"
ok "in words" says "$work/out" 'Nobody has signed'

printf '%064d\n' 7 >"$work/secret"
chmod 600 "$work/secret"
same()
{
	SOURCE_DATE_EPOCH=1700000000 "$@" "$dossier" pack "$odd" --key "$key" \
	    --id 11111111-1111-4111-8111-111111111111 --name same \
	    --secret-file "$work/secret" -o "$work/same$n.zip" --jobs "$n" \
	    --quiet
}
n=1 && same
n=2 && (umask 077 && LC_ALL=C TZ=Asia/Tokyo same)
n=3 && same
ok "the same folder and options give the same bytes" \
    cmp "$work/same1.zip" "$work/same2.zip"
ok "whatever the number of threads" cmp "$work/same1.zip" "$work/same3.zip"

# --- large and small members, levels ---------------------------------------------------

mkdir "$work/large"
head -c 5000000 /dev/urandom >"$work/large/random"
yes 'a line of text that repeats itself' | head -c 9000000 >"$work/large/text"
head -c 1048576 /dev/zero >"$work/large/one-mebibyte"
head -c 1048577 /dev/zero >"$work/large/one-more"
for level in 0 1 6 9; do
	exits "large files at level $level" 0 "$dossier" pack "$work/large" \
	    -o "$work/large$level.zip" --key "$key" --level $level
	exits "verify them" 0 \
	    "$dossier" verify "$work/large$level.zip" --trust "$pub"
done
stock "large files" "$work/large6.zip"
ok "they are the same" diff -r "$bag/data/files" "$work/large"
unzip -v "$work/large6.zip" >"$work/out"
ok "what does not shrink is stored" says "$work/out" 'Stored .*files/random$'
ok "what does is deflated" says "$work/out" 'Defl:N .*files/text$'

# --- keys ---------------------------------------------------------------------------------

echo secret >"$work/pass"
chmod 600 "$work/pass"
# With the lowest costs that a file can state: those of minisign, and of keygen,
# take seconds each time. test_secret_key and keygen.t have them.
cat >"$work/p.pub" <<END
untrusted comment: minisign public key 59454B5041454843
RWRDSEVBUEtFWQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
END
cat >"$work/p.key" <<END
untrusted comment: minisign encrypted secret key
$(printf %s RWRTY0IyBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcAgAAAAAAAAAAA \
    AAEAAAAAqyPL84mV6k4VMSf3Kex/Gw3LYnF4RBKulnXxXGM4uD+C06vKZ5RlW31UU2uq \
    UazbGgEPR4LkUF99md+Yn+YogG3ksxUwHSUNFR7zb4IcyLj7oGAnJJ7mVLcr35rAGfOA \
    jTtormQCpMU=)
END
chmod 600 "$work/p.key"
exits "a key with a passphrase" 0 "$dossier" pack "$work/none" \
    -o "$work/p.zip" --key "$work/p.key" --key-passphrase-file "$work/pass"
exits "seals" 0 "$dossier" verify "$work/p.zip" --trust "$work/p.pub"
echo other >"$work/pass2"
chmod 600 "$work/pass2"
exits "a wrong passphrase is bad input" 6 "$dossier" pack "$work/none" \
    -o "$work/p2.zip" --key "$work/p.key" --key-passphrase-file "$work/pass2"
minisign -G -W -p "$work/m.pub" -s "$work/m.key" >/dev/null
exits "a key that minisign made" 0 "$dossier" pack "$work/none" \
    -o "$work/m.zip" --key "$work/m.key"
exits "seals as well" 0 "$dossier" verify "$work/m.zip" --trust "$work/m.pub"
# bounded TEXT STATUS LINE: what the trusted key says about its time
bounded()
{
	{
		cat "$work/m.pub"
		echo "$3"
	} >"$work/bounded.pub"
	exits "$1" "$2" \
	    "$dossier" verify "$work/m.zip" --trust "$work/bounded.pub"
}
bounded "a key that is still good" 0 'not_after: 2999-01-01T00:00:00Z'
bounded "one that no longer was" 5 'not_after: 2020-01-01T00:00:00Z'
bounded "one that was not yet" 5 'not_before: 2999-01-01T00:00:00Z'
bounded "one that was revoked" 5 'revoked_at: 2020-01-01T00:00:00Z'
chmod 644 "$work/m.key"
exits "a key that others can read is refused" 6 "$dossier" pack \
    "$work/none" -o "$work/m2.zip" --key "$work/m.key"
ok "and nothing is left" test ! -e "$work/m2.zip"

# --- a request ---------------------------------------------------------------------------

"$dossier" request --template >"$work/request.json"
exits "with a request" 0 "$dossier" pack "$odd" -o "$work/r.zip" \
    --key "$key" --request "$work/request.json" --lang nl --lang fr --lang de
ok "what nobody wrote is told" \
    grep -q "17 texts of the request are still the example's" "$work/out"
unpack "$work/r.zip"
ok "it is kept byte for byte" \
    cmp "$work/request.json" "$bag/dossier/request.json"
ok "the page is in Dutch" grep -q '<html lang="nl"' "$bag/START-HERE.html"
ok "in German" grep -q '<html lang="de"' "$bag/START-HERE.de.html"
ok "and in French" grep -q '<html lang="fr"' "$bag/START-HERE.fr.html"
exits "and it verifies" 0 "$dossier" verify "$work/r.zip" --trust "$pub"

# --- progress ----------------------------------------------------------------------------

mkdir "$work/sparse"
truncate -s 300M "$work/sparse/a"
if command -v script >/dev/null; then
	script -qfec "$dossier pack $work/sparse -o $work/s.zip --unsigned" \
	    /dev/null >"$work/screen" 2>&1 </dev/null
	ok "a terminal sees the bytes of a document on its way" \
	    says "$work/screen" '0/1 documents packed, [0-9]+\.[0-9] MB'
	run script -qfec "$dossier pack $work/sparse -o $work/s2.zip \
	    --unsigned --no-progress" /dev/null
	ok "unless it does not want to" lacks "$work/out" 'documents packed'
else
	skip "progress on a terminal" "script is not installed"
fi

# --- wrong use, bad input, no room: a clear error, and nothing left -----------------

# refused TEXT STATUS WORDS PACK-OPTION...
refused()
{
	local text=$1 wanted=$2 words=$3
	shift 3
	rm -rf "$work/new"
	mkdir "$work/new"
	exits "$text" "$wanted" "$dossier" pack "$@"
	ok "$text: says what" says "$work/err" "$words"
	is "$text: nothing is left" "$(ls -A "$work/new")" ''
}

new=$work/new/x.zip
echo text >"$work/request-600"
chmod 600 "$work/request-600"
refused "a missing folder" 10 'No such file' "$work/nix" -o "$new" --unsigned
refused "a file, not a folder" 6 'wanted a folder' "$key" -o "$new" --unsigned
refused "no folder for the output" 10 'cannot write' "$odd" \
    -o "$work/new/no/x.zip" --unsigned
refused "no output" 2 'output' "$odd" --unsigned
refused "neither key nor --unsigned" 2 'wanted --key' "$odd" -o "$new"
refused "both" 2 'exclude' "$odd" -o "$new" --unsigned --key "$key"
refused "a name that is none" 2 'wanted a letter' "$odd" \
    -o "$work/new/a b.zip" --unsigned
refused "a level that is none" 2 'from 0 to 9' "$odd" -o "$new" --level 10 \
    --unsigned
refused "an id that is none" 2 'UUID' "$odd" -o "$new" --id X --unsigned
refused "a language that is none" 2 'wanted one of' "$odd" -o "$new" \
    --lang xx --unsigned
refused "a key that is none" 6 'secret key' "$odd" -o "$new" \
    --key "$work/request-600"
refused "a request that is none" 6 'line 1' "$odd" -o "$new" --unsigned \
    --request "$pub"
exits "an output that exists" 1 "$dossier" pack "$odd" -o "$work/odd.zip" \
    --unsigned
ok "it is untouched" test "$(stat -c %s "$work/odd.zip")" -gt 10000
exits "--force replaces it" 0 "$dossier" pack "$odd" -o "$work/odd.zip" \
    --unsigned --force

rm -rf "$work/new"
mkdir "$work/new"
# shellcheck disable=SC2016 # the inner shell expands them
exits "a file that may not grow: no space" 13 bash -c '
	trap "" XFSZ
	ulimit -f 1000
	exec "$1" pack "$2" -o "$3" --unsigned' - "$dossier" "$work/large" "$new"
is "nothing is left" "$(ls -A "$work/new")" ''
if mount -t tmpfs -o size=1m none "$work/new" 2>/dev/null; then
	exits "a full disk: no space" 13 \
	    "$dossier" pack "$work/large" -o "$new" --unsigned
	is "nothing is left on it" "$(ls -A "$work/new")" ''
	umount "$work/new"
else
	skip "a full disk" "needs the right to mount a tmpfs"
fi

mkdir "$work/slow"
head -c 60000000 /dev/urandom >"$work/slow/a"
"$dossier" pack "$work/slow" -o "$new" --unsigned >/dev/null 2>&1 &
pid=$!
while ! ls -A "$work/new" | grep -q tmp && kill -0 $pid; do sleep 0.01; done
kill -TERM $pid
wait $pid
is "ended by a signal" $? 143
is "it takes its temporary file along" "$(ls -A "$work/new")" ''

# --- mistaken for each other ---------------------------------------------------

for mode in 644 600; do
	cp "$pub" "$work/mistaken" && chmod "$mode" "$work/mistaken"
	exits "a public key as --key ($mode)" 6 "$dossier" pack "$work/none" \
	    -o "$work/mistaken.zip" --key "$work/mistaken"
	ok "it is told that it is one ($mode)" says "$work/err" \
	    'this is a public key'
	ok "and no other advice ($mode)" lacks "$work/err" 'chmod'
done
exits "a secret key as --trust" 6 "$dossier" verify "$work/none.zip" \
    --trust "$key"
ok "it is told that it is one" says "$work/err" 'this is a secret key'
for ending in tar tar.gz TGZ 7z pdf; do
	exits "-o x.$ending" 2 "$dossier" pack "$work/none" -o "$work/x.$ending" \
	    --key "$key"
	ok "-o x.$ending: what is wanted" says "$work/err" 'ends in \.zip'
	ok "-o x.$ending: nothing is written" test ! -e "$work/x.$ending"
done

done_testing
