#!/bin/bash
# SPDX-License-Identifier: ISC
# A case that was changed by hand: it may be refused, but it neither crashes a
# program nor leads it to files outside of the case.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/hostile.bash
trap 'end_servers; rm -rf "$work"' EXIT
export PYTHONDONTWRITEBYTECODE=1

run "$dossier" keygen -o "$work/k" --no-passphrase
serve <<'SCRIPT'
GET */v1/list every
	json {"value":[{"id":"1","a":"x"},{"id":"2"},{"id":"3"}]}
SCRIPT
exits "a case" 0 collect "$work/whole"
end_service
# the second document as a file of its own
python3 - "$work/whole" <<-'PY'
	import hashlib, sqlite3, sys
	body = b"in a file of its own"
	open(sys.argv[1] + "/blobs/000000001", "wb").write(body)
	db = sqlite3.connect(sys.argv[1] + "/case.db")
	db.execute("UPDATE document SET blob = 1, body = NULL, size = ?,"
	    " sha256 = ?, span_offset = NULL, span_len = NULL WHERE id = 2",
	    (len(body), hashlib.sha256(body).hexdigest()))
	db.execute("INSERT INTO meta VALUES('blob', 1)")
	db.commit()
	PY

# fresh: the case as it was
fresh() { rm -rf "$work/case" "$work/o.zip"; cp -a "$work/whole" "$work/case"; }
pack()
{
	timeout 20 "$dossier" pack "$work/case" -o "$work/o.zip" \
	    --key "$work/k.key"
}
nothing_packed() { ! test -e "$work/o.zip"; }

fresh
exits "unchanged: packed" 0 pack
exits "unchanged: verified" 0 "$dossier" verify "$work/o.zip" \
    --trust "$work/k.pub"

# --- files outside -------------------------------------------------------------------

mkdir "$work/elsewhere"
echo "of somebody else" >"$work/elsewhere/letter"
cp "$work/whole/blobs/000000001" "$work/elsewhere/"
fresh
rm -r "$work/case/blobs"
ln -s "$work/elsewhere" "$work/case/blobs"
exits "blobs/ is a link: not packed" 10 pack
ok "and no archive" nothing_packed
serve </dev/null
run collect "$work/case"
ok "nor collected into" test "$status" -ne 0
ok "no file of elsewhere is removed" test -f "$work/elsewhere/letter"
end_service

fresh
ln -sf "$work/elsewhere/000000001" "$work/case/blobs/000000001"
exits "a document is a link: not packed" 10 pack
ok "and no archive" nothing_packed
fresh
rm "$work/case/blobs/000000001"
mkfifo "$work/case/blobs/000000001"
exits "a document is a FIFO: not waited for" 6 pack
ok "and no archive" nothing_packed
fresh
sqlite3 "$work/case/case.db" "UPDATE document SET blob = -1 WHERE id = 2"
exits "a document has no number" 6 pack
fresh
echo more >>"$work/case/blobs/000000001"
exits "a document has grown" 6 pack
fresh
printf 'IN a file of its own' >"$work/case/blobs/000000001"
exits "a document is another" 6 pack
ok "and no archive" nothing_packed

fresh
sqlite3 "$work/case/case.db" "UPDATE connector SET bytes = bytes || ' '"
exits "a connector is another" 6 pack
ok "and no archive" nothing_packed

while IFS=: read -r text sql; do
	fresh
	sqlite3 "$work/case/case.db" "UPDATE document SET $sql"
	exits "$text: not packed" 6 pack
	ok "and no archive" nothing_packed
done <<-'SQL'
	a name that is no text:name = x'ff'
	a type that is no text:media_type = x'ff'
	an original that is no digest:original = 'none'
	SQL

# What cannot be looked at is not taken for a folder of files.
fresh
# a sanitizer wants to be loaded first
first=$(ldd "$BUILD/bin/dossier-packer" | awk '/libasan/ { print $3 }')
# the third read, behind the two of the key
exits "case.db cannot be read: not packed as files" 10 env \
    LD_PRELOAD="${first:+$first:}$BUILD/tests/calls.so" FAULT_CALLS=read \
    FAULT_AT=3 FAULT_HOW=EIO "$BUILD/bin/dossier-packer" pack "$work/case" \
    -o "$work/o.zip" --key "$work/k.key"
ok "and no archive" nothing_packed
mkdir "$work/fifo" && mkfifo "$work/fifo/case.db"
exits "a FIFO called case.db is not waited for, and a gap" 3 timeout 20 \
    "$dossier" pack "$work/fifo" -o "$work/o.zip" --key "$work/k.key"

# --- tables --------------------------------------------------------------------------

while IFS=: read -r text sql; do
	fresh
	sqlite3 "$work/case/case.db" "$sql"
	exits "$text: refused" 6 pack
	ok "$text: said so" grep -q 'not those of a case' "$work/err"
done <<-'SQL'
	a trigger:CREATE TRIGGER t AFTER UPDATE ON meta BEGIN DELETE FROM document; END
	a table more:CREATE TABLE more(a)
	a table less:DROP TABLE erasure_document
	an index less:DROP INDEX gap_endpoint
	another view:DROP VIEW erasure_line; CREATE VIEW erasure_line AS SELECT 1
	another table:DROP TABLE gap; CREATE TABLE gap(id)
	half a table:DROP TABLE mark; CREATE TABLE mark(task INTEGER NOT NULL)
	SQL

# --- values --------------------------------------------------------------------------

# all values: make check-long LONG=cases
tests/support/change-case "${EVERY:-2}" "$work/whole" "$work/case" \
    "$dossier" pack "$work/case" -o "$work/o.zip" --force --key "$work/k.key" \
    -- "$dossier" status "$work/case" \
    --then "$dossier" verify "$work/o.zip" --trust "$work/k.pub" \
    >"$work/bad" 2>&1
is "every value is borne, and what is packed verifies" \
    "$(sed '$d' "$work/bad")" ""
read -r count packed < <(tail -n 1 "$work/bad")
ok "there were many" test "$count" -gt $((250 / ${EVERY:-2}))
ok "some were packed" test "$packed" -gt $((50 / ${EVERY:-2}))

done_testing
