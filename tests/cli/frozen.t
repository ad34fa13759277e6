#!/bin/bash
# SPDX-License-Identifier: ISC
# Archives of format dossier/1 that were made once and are never made again:
# both verifiers judge them as on the day of the freeze.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
v1=tests/archives/v1
trusted=(--trust $v1/seal.pub --trust $v1/maker.pub)
roots=(--ca $v1/office.pem --tsa-ca $v1/time.pem)

while read -r file wanted verdict; do
	exits "$file" "$wanted" "$dossier" verify --json "$v1/$file" \
	    "${trusted[@]}" "${roots[@]}"
	ok "$file: $verdict" says "$work/out" "\"verdict\":\"?$verdict\"?,"
	exits "$file: the second verifier" "$wanted" python3 -B \
	    tests/second/second.py "$v1/$file" "${trusted[@]}"
done <$v1/expected
is "every archive has its line" "$(cd $v1 && printf '%s\n' *.zip | sort)" \
    "$(cut -d ' ' -f 1 $v1/expected | sort)"

exits "stamped: by a root that is trusted, and a certificate" 0 "$dossier" \
    verify $v1/stamped.zip "${trusted[@]}" "${roots[@]}" --require-time \
    --require-x509
exits "a key that is not trusted" 5 "$dossier" verify $v1/folder.zip
install -m 600 $v1/recipient.age-key "$work/age-key"
exits "delivered.zip.age" 0 "$dossier" verify $v1/delivered.zip.age \
    --identity-file "$work/age-key" "${trusted[@]}"
exits "proof" 0 "$dossier" verify-proof $v1/proof "${trusted[@]}"
exits "a page is made of each kind" 0 "$dossier" report $v1/receipt.zip \
    -o "$work/page.html" --lang de "${trusted[@]}"
exits "of a case, too" 0 "$dossier" report $v1/case.zip \
    -o "$work/case.html" --lang fr "${trusted[@]}"

done_testing
