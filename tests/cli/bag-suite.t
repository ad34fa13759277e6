#!/bin/bash
# SPDX-License-Identifier: ISC
# The cases of the Library of Congress' conformance suite for BagIt (RFC 8493
# section 5.1 names it), by the names that it gives them, made anew: a bag of
# "valid" is valid, one of "warning" too, but not without a word, one of "invalid"
# and of "linux-only" and "windows-only" is not valid. And stock tools as the
# other judge: what they say of a manifest is what verify --bag says.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/bag.bash

# append FILE DIGEST PATH: one more line of a manifest
append() { printf '%s  %s\n' "$2" "$3" >>"$bag/$1"; }
digest() { "${1}sum" <"$2" | cut -d' ' -f1; }
nothing=$(digest md5 /dev/null)

# --- valid -------------------------------------------------------------------

for version in 0.93 0.94 0.95 0.96 0.97; do
	info=bag-info.txt
	case $version in 0.93 | 0.94 | 0.95) info=package-info.txt ;; esac
	bag $version md5
	mv "$bag/bag-info.txt" "$bag/x"
	mv "$bag/x" "$bag/$info"
	tags
	valid "v$version/basic-bag"
	printf '%s\n' 'Contact-Name: a' 'Contact-Name: b' \
	    'Packing-Date: 2009-10-14' 'Packing-Date: 2016-10-14' \
	    >"$bag/$info"
	tags
	valid "v$version/duplicate-metadata-entries"
done
for algorithm in md5 sha1 sha224 sha256 sha384 sha512; do
	bag 0.97 $algorithm
	valid "v0.97/basic-bag-$algorithm"
done
bag 1.0 sha512
valid "v1.0/basicBag"
bag 0.97 md5
rm "$bag"/tagmanifest* "$bag/bag-info.txt"
valid "v0.97/minimal-bag"
bag 0.97
mkdir -p "$bag/data/inner/data"
cp "$bag/bagit.txt" "$bag/data/inner"
echo x >"$bag/data/inner/data/x"
(cd "$bag/data/inner" && md5sum data/x >manifest-md5.txt)
rm "$bag/bag-info.txt" && manifest md5 && tags
valid "v0.97/bag-in-a-bag"
bag 0.97
echo x >"$bag/data/test%20file%2f.txt"
echo x >"$bag/data/a%0Ab%25.txt"
rm "$bag/bag-info.txt" && manifest md5 && tags
valid "v0.97/bag-with-encoded-names"
bag 0.97
echo x >"$bag/data/hello!(1)'[a]+&;\$.txt"
rm "$bag/bag-info.txt" && manifest md5 && tags
valid "v0.97/bag-with-escapable-characters"
bag 0.97
echo x >"$bag/data/a name with spaces.txt"
rm "$bag/bag-info.txt" && manifest md5 && tags
valid "v0.97/bag-with-space"
bag 0.97 md5
sed -i 's#  data#  ./data#' "$bag/manifest-md5.txt" && tags
valid "v0.97/bag-with-leading-dot-slash-in-manifest" bag/path-form
bag 0.97 md5
echo 'http://example.org/one.txt 4 data/one.txt' >"$bag/fetch.txt" && tags
valid "v0.97/holey-bag, filled"
bag 0.97 md5
echo 'file:///nowhere/one.txt 4 one.txt' >"$bag/fetch.txt" && tags
valid "v0.97/local-fetch" bag/older-rule
bag 0.97 md5
printf 'Contact-Name\t:\tme\nOther  :   you\nThird:x\n' >"$bag/bag-info.txt"
tags
valid "v0.97/uncommon-metadata-separators"
for encoding in ISO-8859-1 UTF-16BE; do
	bag 0.97 md5
	printf 'Contact-Name: Zo\xc3\xab\n' >"$bag/bag-info.txt"
	for file in manifest-md5.txt bag-info.txt; do
		iconv -f UTF-8 -t $encoding <"$bag/$file" >"$work/m"
		mv "$work/m" "$bag/$file"
	done
	sed -i "2s/UTF-8/$encoding/" "$bag/bagit.txt"
	tags sha256
	iconv -f UTF-8 -t $encoding <"$bag/tagmanifest-sha256.txt" >"$work/m"
	mv "$work/m" "$bag/tagmanifest-sha256.txt"
	valid "v0.97/$encoding-encoded-tag-files"
done

# --- warning -----------------------------------------------------------------

bag 0.97 md5
echo x >"$bag/data/File" && echo x >"$bag/data/file"
rm "$bag/bag-info.txt" && manifest md5 && tags
valid "v0.97/duplicate-file-with-different-case" bag/case
bag 0.97 md5
sed -i 's/  / */' "$bag/manifest-md5.txt" && tags
valid "v0.97/made-with-md5sum-tools" bag/asterisk
bag 0.97 md5
sed -i 's#  data#  ./data/.#' "$bag/manifest-md5.txt" && tags
valid "v0.97/relative-path" bag/path-form
bag 0.97 md5
append manifest-md5.txt "$(digest md5 "$bag/data/one.txt")" data/one.txt
tags
valid "v0.97/same-filename-listed-twice-with-the-same-hash" bag/older-rule
composed=$'N\u00fa\u00f1ez' decomposed=$'Nu\u0301n\u0303ez'
bag 0.97 md5
: >"$bag/data/$composed"
append manifest-md5.txt "$nothing" "data/$composed"
append manifest-md5.txt "$nothing" "data/$decomposed"
rm "$bag/bag-info.txt" && tags
valid "v0.97/same-filename-listed-twice-with-different-normalization" \
    bag/normalization bag/older-rule
bag 0.97 md5
: >"$bag/data/$decomposed"
append manifest-md5.txt "$nothing" "data/$composed"
rm "$bag/bag-info.txt" && tags
valid "v0.97/filename-normalization" bag/normalization
# RFC 8493 knows no rule about files that a system leaves behind.
bag 0.97
: >"$bag/data/.DS_Store" && : >"$bag/data/Thumbs.db"
rm "$bag/bag-info.txt" && manifest md5 && tags
valid "v0.97/special-system-files: no rule"

# --- invalid -----------------------------------------------------------------

bag 0.97 md5
sed -i 2d "$bag/bagit.txt" && tags
invalid "v0.97/baginfo-missing-encoding" bag/declaration
for version in 0.97 1.0; do
	bag $version md5
	sed -i '1s/^/\xef\xbb\xbf/' "$bag/bagit.txt" && tags
	invalid "v$version/bom-in-bagit.txt" bag/encoding
	bag $version md5
	sed -i '1s/:/ :/' "$bag/bagit.txt" && tags
	invalid "v$version/bagit-with-invalid-whitespace" bag/declaration
	bag $version md5
	append manifest-md5.txt "$nothing" data/one.txt && tags
	invalid "v$version/same-filename-listed-twice-with-different-hashes" \
	    bag/listed-twice
done
bag 0.97 md5
echo changed >"$bag/data/one.txt"
rm "$bag/bag-info.txt" && tags
invalid "v0.97/corrupt-data-file" bag/digest-mismatch
bag 0.97 md5
echo 'Contact-Name: me' >"$bag/bag-info.txt"
invalid "v0.97/corrupt-tag-file" bag/digest-mismatch
bag 0.97 md5
echo x >"$bag/data/bar"
rm "$bag/bag-info.txt" && tags
invalid "v0.97/extra-file-in-bag" bag/unlisted
bag 0.97 md5
sed -i '1s/0\.97/.97/' "$bag/bagit.txt" && tags
invalid "v0.97/invalid-version-number" bag/declaration
bag 0.97 md5
rm "$bag/bag-info.txt"
invalid "v0.97/missing-baginfo" bag/missing
bag 0.97 md5
rm "$bag/bagit.txt" && tags
invalid "v0.97/missing-bagit.txt" bag/declaration
bag 1.0 sha256 sha512
sed -i 1d "$bag/manifest-sha512.txt" && tags
invalid "v1.0/missing-from-manifest" bag/unlisted

# scope NAME PATH FINDING: in the manifest, and in fetch.txt
scope()
{
	bag 0.97 md5
	append manifest-md5.txt "$nothing" "$2" && tags
	invalid "v0.97/out-of-scope-file-paths-using-$1" "$3"
	bag 0.97 md5
	append manifest-md5.txt "$nothing" "$2"
	printf 'http://example.org/x - %s\n' "$2" >"$bag/fetch.txt"
	tags
	invalid "v0.97/out-of-scope-file-paths-using-$1-for-fetch" "$3"
}
echo secret >"$work/README.md"
scope dot-notation ../../../README.md bag/unsafe-path
scope absolute-path /tmp/foo bag/unsafe-path
scope shortcut '~/foo' bag/unsafe-path
scope shortcut-username '~root/foo' bag/unsafe-path
scope absolute-path-of-windows 'C:\Windows\System32\setx.exe' bag/unsafe-path
scope unc '\\?\UNC\server\Windows\System32\setx.exe' bag/unsafe-path
scope shortcut-of-windows '%HomeDrive%\Windows\System32\setx.exe' bag/missing

# --- stock tools as the other judge --------------------------------------------

# A manifest is what the tools of coreutils write and check. 1.0 says another
# thing of %, CR and LF alone; they say another thing of \, and put it before it.
for algorithm in md5 sha1 sha224 sha256 sha384 sha512; do
	for version in 0.97 1.0; do
		rm -rf "$bag" && mkdir -p "$bag/data/a/b c/ü"
		for name in plain 'b c' "it's" 'a*b' '#hash' '-dash' $'tab\tx' \
		    "$composed.c" "$decomposed.d" '~x' 'ends.' '{}' 'a=b'; do
			echo "$name" >"$bag/data/a/b c/ü/$name"
		done
		printf '%s\n' "BagIt-Version: $version" \
		    'Tag-File-Character-Encoding: UTF-8' >"$bag/bagit.txt"
		manifest $algorithm && tags
		verify
		is "$algorithm, $version: ours accepts theirs" "$status" 0
		ok "$algorithm, $version: they accept it" sh -c \
		    "cd '$bag' && ${algorithm}sum --strict --quiet -c manifest-$algorithm.txt"
	done
	echo changed >"$bag/data/a/b c/ü/plain"
	rm "$bag/data/a/b c/ü/it's"
	verify
	is "$algorithm: as many are wrong" "$(grep -cE \
	    '"id":"bag/(digest-mismatch|missing)"' "$work/out")" \
	    "$(cd "$bag" && "${algorithm}sum" --quiet -c "manifest-$algorithm.txt" \
	    2>/dev/null | grep -c FAILED)"
done

# An archive of ours, unpacked: a bag for both judges.
mkdir "$work/files" && echo text >"$work/files/été.txt"
echo text >"$work/files/plain.txt"
run "$dossier" keygen --no-passphrase -o "$work/k"
run "$dossier" pack "$work/files" -o "$work/ours.zip" --key "$work/k.key"
is "an archive" "$status" 0
(cd "$work" && unzip -q ours.zip)
bag=$work/ours
verify
is "our own archive, unpacked, is a valid bag" "$status" 0
is "without a warning" "$(warned)" ''
for file in manifest-sha256.txt tagmanifest-sha256.txt; do
	ok "sha256sum accepts its $file" sh -c \
	    "cd '$bag' && sha256sum --strict --quiet -c $file"
done

documented '^v[01]'

done_testing
