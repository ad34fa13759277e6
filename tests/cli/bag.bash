# SPDX-License-Identifier: ISC
# shellcheck shell=bash disable=SC2154 # variables of tap.bash
# For tests of bags: a good one to change, and what verify --bag says of it.

bag=$work/bag

# bag VERSION [ALGORITHM]...: a good bag in $bag; each is made once, and copied
bag()
{
	local made=$work/bags/$*
	[ -d "$made" ] || {
		make_bag "$@"
		mkdir -p "$work/bags"
		mv "$bag" "$made"
	}
	rm -rf "$bag"
	cp -R "$made" "$bag"
}
make_bag()
{
	local version=$1 algorithm
	rm -rf "$bag"
	mkdir -p "$bag/data/sub"
	echo one >"$bag/data/one.txt"
	echo two >"$bag/data/sub/two.bin"
	printf 'BagIt-Version: %s\nTag-File-Character-Encoding: UTF-8\n' \
	    "$version" >"$bag/bagit.txt"
	printf 'Bagging-Date: 2024-05-06\nPayload-Oxum: 8.2\n' \
	    >"$bag/bag-info.txt"
	for algorithm in "${@:2}"; do
		manifest "$algorithm"
	done
	tags "${@:2}"
}
# manifest ALGORITHM: makes it again, from what lies in data
manifest()
{
	(cd "$bag" && find data -type f -print0 | sort -z |
	    xargs -0 "${1}sum" >"manifest-$1.txt")
}
# digests: of the payload manifests, those that there is a tool for; else sha256
digests()
{
	local name found=
	for name in "$bag"/manifest-*.txt; do
		name=${name##*/manifest-} name=${name%.txt}
		command -v "${name}sum" >/dev/null || continue
		found=yes
		echo "$name"
	done
	[ -n "$found" ] || echo sha256
}
# tags [ALGORITHM]...: the tag manifests again, of these digests, else of those of
# the payload manifests
tags()
{
	local algorithm files made
	rm -f "$bag"/tagmanifest-*
	files=$(cd "$bag" && printf '%s\n' *.txt)
	[ $# -gt 0 ] || {
		mapfile -t made < <(digests)
		set -- "${made[@]}"
	}
	for algorithm; do
		(cd "$bag" && xargs "${algorithm}sum" -- <<<"$files" \
		    >"tagmanifest-$algorithm.txt")
	done
}
verify() { run "$dossier" verify --bag "$bag" --json; }
found() { sed -n 's/.*"id":"\([^"]*\)".*"severity":"error".*/\1/p' "$work/out" |
    sort -u | tr '\n' ' '; }
warned()
{
	[ -s "$work/err" ] || return 0
	sed -n 's/^warning: \([^:]*\):.*/\1/p' "$work/err" | sort -u | tr '\n' ' '
}

# valid TEXT [WARNING]...: exit 0, and exactly these warnings
valid()
{
	verify
	is "$1: valid" "$status" 0
	is "$1: warnings" "$(warned)" "${2:+${*:2} }"
}
# invalid TEXT FINDING...: exit 1, and exactly these errors
invalid()
{
	verify
	is "$1: not valid" "$status" 1
	is "$1: why" "$(found)" "${*:2} "
}

# documented PATTERN: the tests that docs/BAG.md names, by the names that match
# PATTERN, were made
documented()
{
	local name count=0
	while read -r name; do
		ok "docs/BAG.md: $name" grep -qF -- "$name" <<<"$tap_names"
		count=$((count + 1))
	done < <(grep -oE '"[^"`]+"' docs/BAG.md | tr -d '"' | sort -u |
	    grep -E "$1")
	ok "docs/BAG.md names tests" test $count -gt 10
}
