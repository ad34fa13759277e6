#!/bin/bash
# SPDX-License-Identifier: ISC
# docs/ARCHITECTURE.md walks the whole tree: it names every module, alone
# (`erase_line.c`, `ledger`) or by its group (`case_*.c`), and none that is not.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

modules=$(for file in core/*.c core/report/*.c {collector,packer,verifier}/*.c \
    dispatch/*.c; do basename "$file" .c; done | sort -u)
grep -oE '`[a-z0-9_/]*[a-z0-9_]\*?(\.c)?`' docs/ARCHITECTURE.md | tr -d '`' |
    sed 's/\.c$//; s/.*\///' | sort -u >"$work/names"
ok "it names many" test "$(wc -l <"$work/names")" -gt 100

# named MODULE: by a name or a group
named()
{
	local name
	while read -r name; do
		# shellcheck disable=SC2053 # a group is a pattern
		[[ $1 != $name ]] || return 0
	done <"$work/names"
	return 1
}
for module in $modules; do
	ok "$module is named" named "$module"
done
there=$(printf '%s\n' */*.c core/report/*.c)
for name in $(grep -oE '`[a-z0-9_]+\*?\.c`' docs/ARCHITECTURE.md | tr -d '`'); do
	ok "there is $name" grep -q "/${name/\*/.*}\$" <<<"$there"
done

done_testing
