#!/bin/bash
# SPDX-License-Identifier: ISC
# dossier verify --bag: any BagIt bag, 0.93 to 1.0. Each bag here is a good one
# with one thing changed.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/bag.bash

# --- what is right -----------------------------------------------------------

for version in 0.93 0.94 0.95 0.96 0.97 1.0; do
	bag "$version" sha256
	valid "BagIt $version"
done
for algorithm in md5 sha1 sha224 sha256 sha384 sha512; do
	bag 1.0 "$algorithm"
	valid "$algorithm"
done
bag 1.0 md5 sha1 sha224 sha256 sha384 sha512
valid "all six"
bag 1.0 sha256
run "$dossier" verify --bag "$bag"
is "for people" "$status" 0
ok "the verdict first" says "$work/out" 'A valid BagIt bag'
ok "nothing on stderr" empty "$work/err"
bag 1.0 md5
run "$dossier" verify --bag "$bag"
ok "weak digests are told" says "$work/out" 'can be forged'
bag 1.0 sha256
rm "$bag"/tagmanifest* "$bag/bag-info.txt"
valid "nothing optional"
bag 1.0 sha256
rm -r "$bag"/data/* && : >"$bag/manifest-sha256.txt" && rm "$bag/bag-info.txt"
tags
valid "an empty payload"
bag 0.95 sha256
mv "$bag/bag-info.txt" "$bag/package-info.txt" && tags
valid "package-info.txt of old"
bag 1.0 sha256
mkdir "$bag/extra" && echo x >"$bag/extra/file"
(cd "$bag" && sha256sum extra/file >>tagmanifest-sha256.txt)
valid "a tag folder"
bag 1.0 sha256
sed -i 's/^[0-9a-f]*/\U&/; s/  /\t /' "$bag/manifest-sha256.txt" && tags
valid "upper case, any blanks"
bag 1.0 sha256
head -c -1 "$bag/manifest-sha256.txt" >"$work/m"
mv "$work/m" "$bag/manifest-sha256.txt" && tags
valid "no newline at the end"

# --- line ends and encodings -------------------------------------------------

for end in '\r\n' '\r'; do
	bag 1.0 sha256
	for file in "$bag"/*.txt; do
		perl -pi -e "s/\\n/$end/" "$file"
	done
	tags
	perl -pi -e "s/\\n/$end/" "$bag/tagmanifest-sha256.txt"
	valid "lines that end in $end"
done

# encoded NAME ICONV: all but bagit.txt
encoded()
{
	local file
	for file in "$bag"/*.txt; do
		[ "$file" = "$bag/bagit.txt" ] && continue
		iconv -f UTF-8 -t "$2" "$file" >"$work/m"
		mv "$work/m" "$file"
	done
	sed -i "2s/:.*/: $1/" "$bag/bagit.txt"
	rm "$bag"/tagmanifest*
}
accents()
{
	bag "$1" sha256
	echo accent >"$bag/data/été.txt"
	sed -i '/Oxum/d' "$bag/bag-info.txt"
	echo 'Contact-Name: Zoë' >>"$bag/bag-info.txt"
	manifest sha256
}
for version in 0.97 1.0; do
	accents $version && tags
	valid "UTF-8 in $version"
	while read -r name iconv; do
		accents $version && encoded "$name" "$iconv"
		valid "$name in $version"
	done <<-'LIST'
		ISO-8859-1 ISO-8859-1
		iso-8859-1 ISO-8859-1
		windows-1252 CP1252
		UTF-16 UTF-16
		UTF-16BE UTF-16BE
		UTF-16LE UTF-16LE
	LIST
done
accents 1.0 && encoded UTF-16 UTF-16BE
valid "UTF-16 without a mark is big endian"
accents 1.0 && encoded UTF-8 ISO-8859-1
invalid "Latin-1 that says UTF-8" bag/encoding bag/missing bag/unlisted
accents 1.0 && encoded EBCDIC-US UTF-8
invalid "an unknown encoding" bag/encoding
bag 1.0 sha256
sed -i '1s/^/\xef\xbb\xbf/' "$bag/bag-info.txt" && tags
invalid "a byte order mark in UTF-8" bag/encoding
bag 0.97 sha256
sed -i '1s/^/\xef\xbb\xbf/' "$bag/bag-info.txt" && tags
valid "a byte order mark in 0.97" bag/older-rule

# --- bagit.txt ---------------------------------------------------------------

while IFS='|' read -r text content; do
	bag 1.0 sha256
	# shellcheck disable=SC2059 # the content is a format
	printf "$content" >"$bag/bagit.txt" && tags
	invalid "bagit.txt: $text" bag/declaration
done <<'LIST'
empty|
one line|BagIt-Version: 1.0\n
three lines|BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nmore\n
an empty third line|BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n\n
the other order|Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n
a blank before the colon|BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n
two blanks|BagIt-Version:  1.0\nTag-File-Character-Encoding: UTF-8\n
no blank|BagIt-Version:1.0\nTag-File-Character-Encoding: UTF-8\n
a blank at the end|BagIt-Version: 1.0 \nTag-File-Character-Encoding: UTF-8\n
no number|BagIt-Version: one\nTag-File-Character-Encoding: UTF-8\n
no encoding|BagIt-Version: 1.0\nTag-File-Character-Encoding: \n
LIST
bag 0.97 sha256
sed -i 's/Version:/Version :/' "$bag/bagit.txt" && tags
invalid "a blank before the colon in 0.97" bag/declaration
bag 0.97 sha256
echo more >>"$bag/bagit.txt" && tags
invalid "three lines in 0.97" bag/declaration
bag 1.0 sha256
sed -i '1s/^/\xef\xbb\xbf/' "$bag/bagit.txt" && tags
invalid "a mark before bagit.txt" bag/encoding
for version in 0.92 0.98 1.1 2.0; do
	bag $version sha256
	invalid "BagIt $version" bag/version
done
bag 1.0 sha256
rm "$bag/bagit.txt" && tags
invalid "no bagit.txt" bag/declaration
mkdir "$work/nothing"
exits "an empty folder" 1 "$dossier" verify --bag "$work/nothing"
exits "a file" 1 "$dossier" verify --bag /etc/hostname
exits "no such folder" 10 "$dossier" verify --bag "$work/no"
exits "a bag and an archive" 2 "$dossier" verify --bag "$bag" x.zip

# --- payload -----------------------------------------------------------------

bag 1.0 sha256
echo One >"$bag/data/one.txt"
invalid "a changed file" bag/digest-mismatch
bag 1.0 sha256
rm "$bag/data/one.txt"
invalid "a missing file" bag/missing bag/payload-oxum
bag 1.0 sha256
echo more >"$bag/data/more"
invalid "a file more" bag/payload-oxum bag/unlisted
bag 1.0 sha256
rm -r "$bag/data"
invalid "no data" bag/missing bag/no-data-folder bag/payload-oxum
bag 1.0
invalid "no manifest" bag/no-manifest bag/unlisted
bag 1.0 sha256
mv "$bag/manifest-sha256.txt" "$bag/manifest-rot13.txt" && tags
verify
is "an unknown digest alone" "$status" 1
is "an unknown digest alone: why" "$(found)" "bag/no-manifest "
bag 1.0 sha256
cp "$bag/manifest-sha256.txt" "$bag/manifest-rot13.txt" && tags
valid "an unknown digest beside a known one" bag/unknown-digest
for name in SHA256 sha-256 Sha256; do
	bag 1.0 sha256
	mv "$bag/manifest-sha256.txt" "$bag/manifest-$name.txt" && tags
	invalid "1.0: manifest-$name.txt" bag/manifest-name
	bag 0.97 sha256
	mv "$bag/manifest-sha256.txt" "$bag/manifest-$name.txt" && tags
	valid "0.97: manifest-$name.txt" bag/older-rule
done
bag 1.0 sha256
mv "$bag/tagmanifest-sha256.txt" "$bag/tagmanifest-SHA256.txt"
invalid "1.0: tagmanifest-SHA256.txt" bag/manifest-name
bag 1.0 sha256 md5
sed -i 1d "$bag/manifest-md5.txt" && tags
invalid "1.0: every manifest is complete" bag/unlisted
bag 0.97 sha256 md5
sed -i 1d "$bag/manifest-md5.txt" && tags
valid "0.97: one manifest is enough" bag/older-rule
bag 0.97 sha256 md5
sed -i 1d "$bag/manifest-md5.txt" "$bag/manifest-sha256.txt" && tags
invalid "0.97: but one it must be" bag/unlisted
bag 1.0 sha256 md5
sed -i 's/^./f/;t' "$bag/manifest-md5.txt" && tags
invalid "every digest is compared" bag/digest-mismatch
bag 1.0 sha256
mkfifo "$bag/data/fifo"
invalid "a pipe in the payload" bag/not-a-file
bag 1.0 sha256
mkdir "$bag/data/empty"
valid "an empty folder in the payload"

bag 1.0 sha256
for i in {1..32}; do
	cp "$bag/manifest-sha256.txt" "$bag/manifest-x$i.txt"
done
invalid "more manifests than anybody has" bag/limit
bag 1.0 sha256
for i in {1..30}; do
	cp "$bag/manifest-sha256.txt" "$bag/manifest-x$i.txt"
done
tags
valid "as many as there may be" bag/unknown-digest

# --- lines of manifests ------------------------------------------------------

# line TEXT: one more line in the manifest, %s in it is the digest of nothing
line()
{
	local nothing
	nothing=$(sha256sum </dev/null | cut -d' ' -f1)
	# shellcheck disable=SC2059 # the line is a format
	printf "$1\n" "$nothing" >>"$bag/manifest-sha256.txt"
	tags
}
while IFS='|' read -r text line; do
	bag 1.0 sha256 && line "$line"
	invalid "a line with $text" bag/malformed-line
done <<'LIST'
no path|%s
no path but blanks|%s  
a short digest|abcd  data/one.txt
a long digest|00%s  data/one.txt
letters that are no digits|zz%s data/one.txt
a comment|# comment
a backslash before it|\\%s  data/one.txt
nothing|
LIST
bag 0.97 sha256 && line '# comment'
invalid "a comment in 0.97" bag/malformed-line
bag 0.97 sha256 && line ''
valid "an empty line in 0.97" bag/older-rule
bag 1.0 sha256 && line 'data/one.txt %s'
invalid "path before digest" bag/malformed-line

bag 1.0 sha256
sed 1q "$bag/manifest-sha256.txt" >"$work/m"
cat "$work/m" >>"$bag/manifest-sha256.txt" && tags
invalid "listed twice" bag/listed-twice
bag 0.97 sha256
cat "$work/m" >>"$bag/manifest-sha256.txt" && tags
valid "listed twice in 0.97" bag/older-rule
bag 0.97 sha256 && line '%s data/one.txt'
invalid "listed twice in 0.97 with another digest" bag/listed-twice

for version in 0.93 0.97 1.0; do
	bag $version sha256
	sed -i 's/  / */' "$bag/manifest-sha256.txt" && tags
	valid "the asterisk of md5sum in $version" bag/asterisk
	bag $version sha256
	sed -i 's#  data#  ./data#' "$bag/manifest-sha256.txt" && tags
	valid "./ in $version" bag/path-form
done

# --- paths -------------------------------------------------------------------

echo secret >"$work/secret"
secret=$(sha256sum <"$work/secret" | cut -d' ' -f1)
while read -r path; do
	for version in 0.97 1.0; do
		bag $version sha256
		printf '%s  %s\n' "$secret" "$path" \
		    >>"$bag/manifest-sha256.txt" && tags
		invalid "$version, manifest: $path" bag/unsafe-path
		bag $version sha256
		printf '%s  %s\n' "$secret" "$path" \
		    >>"$bag/tagmanifest-sha256.txt"
		invalid "$version, tag manifest: $path" bag/unsafe-path
		bag $version sha256
		printf 'https://example.org/ - %s\n' "$path" >"$bag/fetch.txt"
		tags
		invalid "$version, fetch.txt: $path" bag/unsafe-path
	done
done <<'LIST'
../secret
data/../../secret
data/..
./../secret
/etc/passwd
//server/share
~/secret
~root/secret
C:\secret
c:secret
\\server\share
\\?\C:\secret
..\secret
data\..\..\secret
data/.. /.. /secret
LIST

bag 1.0 sha256
sha256sum "$bag/bagit.txt" | sed "s#  .*#  bagit.txt#" \
    >>"$bag/manifest-sha256.txt" && tags
invalid "a payload manifest lists a tag file" bag/outside-data
bag 1.0 sha256 && line '%s  data/sub'
invalid "a manifest lists a folder" bag/not-a-file
bag 1.0 sha256 && line '%s  data/none'
invalid "a manifest lists nothing" bag/missing

for name in 'a b' ' lead' $'tab\tin' 'per%cent' 'a*b' '*' 'ünï' $'new\nline' \
    $'car\rriage' 'q?' 'COM1.txt' 'dot.' 'blank ' 'back\slash' "quote'd"; do
	bag 1.0 sha256
	rm -r "$bag"/data/* && : >"$bag/data/$name"
	sed -i /Oxum/d "$bag/bag-info.txt"
	escaped=${name//%/%25} escaped=${escaped//$'\n'/%0A}
	printf '%s  data/%s\n' "$(sha256sum </dev/null | cut -d' ' -f1)" \
	    "${escaped//$'\r'/%0d}" >"$bag/manifest-sha256.txt" && tags
	verify
	is "1.0: the name $(printf %q "$name")" "$status" 0
	case $name in
	'a b' | ' lead' | per* | ün* | quote*) wanted= ;;
	*) wanted='bag/portability ' ;;
	esac
	is "1.0: the name $(printf %q "$name"): Windows" "$(warned)" "$wanted"
done

# percent VERSION NAME WRITTEN
percent()
{
	bag "$1" sha256
	echo percent >"$bag/data/$2"
	sed -i /Oxum/d "$bag/bag-info.txt"
	printf '%s  data/%s\n' "$(sha256sum <"$bag/data/$2" | cut -d' ' -f1)" \
	    "$3" >>"$bag/manifest-sha256.txt" && tags
}
percent 1.0 'a%b' 'a%b'
valid "1.0: a percent sign that is not encoded" bag/percent
percent 1.0 'a%0Ab' 'a%0Ab'
valid "1.0: the literal name when the decoded one is not there" bag/percent
percent 1.0 'a%0Ab' 'a%250Ab'
valid "1.0: decoded once"
percent 1.0 'a%41' 'a%41'
valid "1.0: nothing else is decoded" bag/percent
percent 0.97 'a%25b' 'a%25b'
valid "0.97: nothing is decoded"
percent 0.97 'a%b' 'a%25b'
invalid "0.97: really nothing" bag/missing bag/unlisted
percent 0.97 $'a\nb' 'a%0Ab'
verify
is "0.97: no line feed either" "$(found)" "bag/missing bag/unlisted "

# --- names that some systems take for one ------------------------------------

composed=$'N\u00fa\u00f1ez' decomposed=$'Nu\u0301n\u0303ez'
# named VERSION DISK... -- LISTED...: empty files, and lines for them
named()
{
	bag "$1" sha256
	sed -i /Oxum/d "$bag/bag-info.txt"
	shift
	while [ "$1" != -- ]; do
		: >"$bag/data/$1"
		shift
	done
	shift
	for name in "$@"; do
		line "%s  data/$name"
	done
}
for version in 0.97 1.0; do
	named $version "$decomposed" -- "$composed"
	valid "$version: composed in the manifest alone" bag/normalization
	named $version "$composed" -- "$decomposed"
	valid "$version: decomposed in the manifest alone" bag/normalization
	named $version "$composed" "$decomposed" -- "$composed" "$decomposed"
	valid "$version: two files of one name" bag/normalization
	named $version Readme README -- Readme README
	valid "$version: names that differ in case" bag/case
	named $version Été été -- Été été
	valid "$version: also with accents" bag/case
done
named 0.97 "$composed" -- "$composed" "$decomposed"
valid "0.97: one file, listed in two forms" bag/normalization bag/older-rule
named 1.0 "$composed" -- "$composed" "$decomposed"
invalid "1.0: one file, listed in two forms" bag/listed-twice

# --- symbolic links ----------------------------------------------------------

bag 1.0 sha256
mv "$bag/data/one.txt" "$bag/data/real" && ln -s real "$bag/data/one.txt"
line "$(sha256sum <"$bag/data/real" | cut -d' ' -f1)  data/real"
sed -i 's/8.2/12.3/' "$bag/bag-info.txt" && tags
valid "a link that stays in the bag" bag/symbolic-link
bag 1.0 sha256
mv "$bag/data/one.txt" "$work/outside"
ln -s "$work/outside" "$bag/data/one.txt"
invalid "an absolute link out of the bag" bag/payload-oxum bag/unsafe-path
bag 1.0 sha256
rm "$bag/data/one.txt" && ln -s ../../outside "$bag/data/one.txt"
invalid "a relative link out of the bag" bag/payload-oxum bag/unsafe-path
bag 1.0 sha256
mkdir "$work/folder" && mv "$bag/data/sub/two.bin" "$work/folder"
rmdir "$bag/data/sub" && ln -s "$work/folder" "$bag/data/sub"
invalid "a file through a link to a folder outside" \
    bag/payload-oxum bag/unsafe-path
bag 1.0 sha256
ln -s nowhere "$bag/data/dangling"
invalid "a link to nothing" bag/not-a-file
bag 1.0 sha256
ln -s "$work" "$bag/elsewhere"
valid "an unlisted link beside the payload" bag/symbolic-link

# --- tag manifests -----------------------------------------------------------

bag 1.0 sha256
echo 'Contact-Name: me' >>"$bag/bag-info.txt"
invalid "a changed tag file" bag/digest-mismatch
bag 1.0 sha256
rm "$bag/bag-info.txt"
invalid "a missing tag file" bag/missing
bag 1.0 sha256
sed -i '/manifest-sha256/d' "$bag/tagmanifest-sha256.txt"
invalid "1.0: it must list the manifests" bag/tag-manifest
bag 0.97 sha256
sed -i '/manifest-sha256/d' "$bag/tagmanifest-sha256.txt"
valid "0.97: it need not" bag/older-rule
bag 1.0 sha256
cat "$bag/manifest-sha256.txt" >>"$bag/tagmanifest-sha256.txt"
invalid "it must not list payload" bag/tag-manifest
bag 1.0 sha256
(cd "$bag" && md5sum -- *.txt >tagmanifest-md5.txt)
invalid "it must not list tag manifests" bag/tag-manifest
bag 1.0 sha256
echo x >"$bag/extra"
verify
is "an unlisted tag file is no fault" "$status" 0
ok "but told" says "$work/out" '"bag/unlisted-tag"'
bag 1.0 sha256
tags sha256 sha512 && rm "$bag/tagmanifest-sha256.txt"
valid "a tag manifest of another digest" bag/tag-manifest-digest
is "both are named" "$(grep -oE '"member":"[^"]*"' "$work/out" | sort)" \
    '"member":"manifest-sha256.txt"
"member":"tagmanifest-sha512.txt"'
bag 1.0 sha256 sha512
rm "$bag/tagmanifest-sha512.txt"
valid "a payload manifest without its tag manifest" bag/tag-manifest-digest
bag 1.0 sha256 sha512
sed -i '/bag-info/d' "$bag/tagmanifest-sha512.txt"
valid "two tag manifests that list other files" bag/tag-manifests-differ

# --- bag-info.txt ------------------------------------------------------------

# info VERSION TEXT
info()
{
	bag "$1" sha256
	# shellcheck disable=SC2059 # the text is a format
	printf "$2" >"$bag/bag-info.txt" && tags
}
while IFS='|' read -r text content; do
	info 1.0 "$content"
	invalid "1.0: bag-info.txt with $text" bag/metadata
done <<'LIST'
no colon|label value\n
no label|: value\n
a blank before the colon|Label : value\n
no blank behind it|Label:value\n
an empty line|A: b\n\nC: d\n
a first line that continues|  value\n
LIST
info 0.97 'Label :\t value\nOther: x\n'
valid "0.97: any blanks around the colon"
info 0.97 'no colon\n'
invalid "0.97: a line without a colon" bag/metadata
info 1.0 'Label: value\n  goes on\n\tand on: still\nNext: x\n'
valid "folded lines"
info 1.0 'Label: a\nLabel: b\nContact-Name: a\nContact-Name: b\n'
valid "repeated labels"
info 1.0 'Bagging-Date: 2024-01-01\nBagging-date: 2024-01-02\n'
valid "1.0: a label that should stand once" bag/repeated-label
info 0.97 'Bagging-Date: 2024-01-01\nBagging-Date: 2024-01-02\n'
valid "0.97: it may be repeated"
for oxum in 8.3 9.2 8 x.y 8.2.1 '8.2 ' -8.2; do
	info 1.0 "Payload-Oxum: $oxum\n"
	invalid "Payload-Oxum $oxum" bag/payload-oxum
done
info 1.0 'payload-oxum: 8.2\n'
valid "a label in lower case"
info 1.0 'Payload-Oxum: 8.2\nPayload-Oxum: 8.2\n'
invalid "1.0: Payload-Oxum twice" bag/payload-oxum
info 0.97 'Payload-Oxum: 8.2\nPayload-Oxum: 8.2\n'
valid "0.97: Payload-Oxum twice" bag/older-rule

# --- fetch.txt ---------------------------------------------------------------

# fetch VERSION LINE
fetch()
{
	bag "$1" sha256
	# shellcheck disable=SC2059 # the line is a format
	printf "$2\n" >"$bag/fetch.txt" && tags
}
for version in 0.97 1.0; do
	fetch $version 'https://example.org/one.txt 4 data/one.txt'
	valid "$version: everything is fetched already"
	fetch $version 'https://example.org/one.txt - data/one.txt'
	valid "$version: of no known length"
	fetch $version 'https://example.org/one.txt 5 data/one.txt'
	valid "$version: another length" bag/fetch-length
	fetch $version 'https://example.org/one.txt 4 data/one.txt'
	rm "$bag/data/one.txt"
	invalid "$version: not fetched" bag/missing bag/payload-oxum
	fetch $version 'one.txt 4 data/one.txt'
	invalid "$version: no URL" bag/fetch-line
	fetch $version 'https://example.org/ data/one.txt'
	invalid "$version: no length" bag/fetch-line
	fetch $version 'https://example.org/ four data/one.txt'
	invalid "$version: a length in words" bag/fetch-line
done
fetch 1.0 'https://example.org/x - bag-info.txt'
invalid "1.0: it must not list tag files" bag/fetch-line
fetch 0.97 'file:///tmp/x 3 x'
valid "0.97: what is not payload" bag/older-rule
fetch 1.0 'https://example.org/x - data/one.txt'
sed -i '/one/d' "$bag/manifest-sha256.txt" && tags
invalid "1.0: it must be in the manifest" bag/fetch-line bag/unlisted
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	fetch 1.0 'http://127.0.0.1:9/one.txt 4 data/one.txt'
	strace -f -e trace=network -o "$work/trace" \
	    "$dossier" verify --bag "$bag" >"$work/out" 2>"$work/err"
	ok "nothing is fetched" lacks "$work/trace" 'socket|connect'
else
	skip "nothing is fetched" "strace is not installed"
fi

# --- what names may do to a terminal -----------------------------------------

bag 1.0 sha256
echo x >"$bag/data/"$'evil\x1b[2Jname'
run "$dossier" verify --bag "$bag"
is "an escape sequence in a name" "$status" 1
ok "does not reach the terminal" lacks "$work/out" $'\x1b'
ok "nor by stderr" lacks "$work/err" $'\x1b'
bag 1.0 sha256
echo x >"$bag/data/"$'a\nwarning: bag-fake: b'
run "$dossier" verify --bag "$bag"
ok "a name cannot fake a warning" lacks "$work/err" '^warning: bag-fake'
ok "nor a line on stdout" lacks "$work/out" '^warning:'

# --- many files --------------------------------------------------------------

bag 1.0
rm "$bag/bag-info.txt"
for i in {1..3000}; do
	echo "$i" >"$bag/data/sub/$i"
done
manifest sha256 && manifest md5 && tags
valid "three thousand files"
for jobs in 1 7; do
	exits "$jobs threads" 0 "$dossier" verify --bag "$bag" --jobs $jobs
done
for i in 17 1717; do
	echo changed >"$bag/data/sub/$i"
done
verify
is "every changed file is told, for every manifest" \
    "$(grep -c digest-mismatch "$work/out")" 4

documented '^([^v]|v[^01])'

done_testing
