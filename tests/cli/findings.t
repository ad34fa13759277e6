#!/bin/bash
# SPDX-License-Identifier: ISC
# docs/FINDINGS.md has every finding of the list, with its severity and rule.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

# identifier, severity and text, as the list and as the document have them
tr '\n' ' ' <include/dossier/findings.h | grep -oE \
    'X\(DSR_F_[A-Z0-9_]+,[^"]*"[^"]*"' | sed -E \
    's/.*(DSR_)(ERROR|WARNING|INFO),[^"]*"([^"]*)"/\3 \L\2/' |
    sort >"$work/list"
sed -nE 's/^\| `([a-z0-9]+\/[a-z0-9-]+)` \| ([a-z]+) \|.*/\1 \2/p' \
    docs/FINDINGS.md | sort >"$work/document"
ok "there are findings" test "$(wc -l <"$work/list")" -gt 50
is "the document has all of the list, and no other" \
    "$(diff "$work/list" "$work/document")" ''
is "no identifier stands twice" "$(cut -d' ' -f1 "$work/list" | uniq -d)" ''

# docs/BAG.md: the rules of BagIt, and the findings that follow
{
	grep -E 'IN_B(AGIT|OTH)\(' include/dossier/findings.h
	echo '"bag/limit"' # of FORMAT.md, and of all bags
} | grep -oE '"bag/[a-z0-9-]+"' | tr -d '"' | sort >"$work/list"
grep -oE '`bag/[a-z0-9-]+`' docs/BAG.md | tr -d '`' | sort -u >"$work/document"
is "BAG.md has all findings about bags, and no other" \
    "$(diff "$work/list" "$work/document")" ''

done_testing
