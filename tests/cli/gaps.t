#!/bin/bash
# SPDX-License-Identifier: ISC
# What could not be packed is told in each way in which an archive tells it:
# exit status, statement, gaps.jsonl, and the page, in every language.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/hostile.bash
open=$(mktemp -d /tmp/dossier-open.XXXXXX)
trap 'end_servers; rm -rf "$work" "$open"' EXIT
export PYTHONDONTWRITEBYTECODE=1

run "$dossier" keygen -o "$work/k" --no-passphrase

# texts REASON: what the page says of it, a line a language
texts()
{
	case $1 in
	symbolic-link) echo 'It only points to another file
Het verwijst alleen naar een ander bestand
Cela ne fait que renvoyer à un autre fichier
Es verweist nur auf eine andere Datei' ;;
	socket | fifo) echo 'It is no file but a channel of a program
Het is geen bestand maar een kanaal van een programma
Ce n’est pas un fichier mais un canal d’un programme
Es ist keine Datei, sondern ein Kanal eines Programms' ;;
	device) echo 'It is no file but a device
Het is geen bestand maar een apparaat
Ce n’est pas un fichier mais un périphérique
Es ist keine Datei, sondern ein Gerät' ;;
	unreadable) echo 'It could not be read
Het kon niet worden gelezen
Cela n’a pas pu être lu
Es konnte nicht gelesen werden' ;;
	changed-while-read) echo 'It changed while it was read
Het veranderde terwijl het werd gelezen
Cela a changé pendant la lecture
Es änderte sich, während es gelesen wurde' ;;
	http-status) echo 'The service answered with an error
De dienst antwoordde met een fout
Le service a répondu par une erreur
Der Dienst antwortete mit einem Fehler' ;;
	esac
}

# shown PAGE: the rows of "What is not here" as a reader sees them
shown()
{
	python3 - "$1" <<-'PY'
		import html, re, sys
		page = open(sys.argv[1], encoding="utf-8").read()
		part = page[page.index('id="missing"'):]
		part = part[:part.index("</section>")]
		for row in re.findall(r"<tr>.*?</tr>", part, re.S):
		    text = html.unescape(re.sub(r"<[^>]*>", " ", row))
		    print(" ".join(text.split()))
	PY
}

# told TEXT ZIP NAME=REASON...: each of them, everywhere, and nothing else
told()
{
	local text=$1 zip=$2 one page i name reason lines bag
	shift 2
	rm -rf "$work/unpacked" && mkdir "$work/unpacked"
	unzip -q "$zip" -d "$work/unpacked"
	bag=$(echo "$work"/unpacked/*)
	ok "$text: the statement counts $#" grep -q "\"gaps\":$#[,}]" \
	    "$bag/dossier/statement.json"
	is "$text: gaps.jsonl has $#" "$(wc -l <"$bag/dossier/gaps.jsonl")" $#
	run "$dossier" verify "$zip" --trust "$work/k.pub" --json
	ok "$text: verify counts them" says "$work/out" "\"gaps\":$#[,}]"
	for one; do
		name=${one%=*} reason=${one##*=}
		ok "$text: $name is a gap: $reason" grep -q \
		    "\"reason\":\"$reason\"" \
		    <(grep -F "$name" "$bag/dossier/gaps.jsonl")
		mapfile -t lines < <(texts "$reason")
		i=0
		for page in "$bag"/START-HERE{,.nl,.fr,.de}.html; do
			ok "$text: ${page##*/} tells of $name" grep -qF \
			    "${lines[i]}" <(shown "$page" | grep -F "$name")
			i=$((i + 1))
		done
	done
}

languages=(--lang en --lang nl --lang fr --lang de)

# --- a folder, read by somebody who may not read all of it ----------------------

chmod 755 "$open"
mkdir "$open/in" "$open/bin"
install -d -m 777 "$open/theirs"
cp "$BUILD"/bin/dossier "$BUILD"/bin/dossier-packer "$open/bin"
echo good >"$open/in/good"
echo shut >"$open/in/shut" && chmod 000 "$open/in/shut"
ln -s good "$open/in/link"
mkfifo "$open/in/pipe"
python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$open/in/channel"
gaps=(link=symbolic-link pipe=fifo channel=socket shut=unreadable)
somebody=()
if [ "$(id -u)" -eq 0 ]; then
	somebody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	! mknod "$open/in/null" c 1 3 2>"$work/err" || gaps+=(null=device)
fi
exits "a folder: incomplete" 3 env TMPDIR=/tmp "${somebody[@]}" \
    "$open/bin/dossier" pack "$open/in" -o "$open/theirs/in.zip" --unsigned \
    "${languages[@]}"
told "a folder" "$open/theirs/in.zip" "${gaps[@]}"

# a name that cannot be decoded is told in base64, and shown with escapes
mkdir "$work/odd" && ln -s x "$work/odd"/$'latin-\xe9'
exits "a name of other bytes: incomplete" 3 "$dossier" pack "$work/odd" \
    -o "$work/odd.zip" --key "$work/k.key" "${languages[@]}"
rm -rf "$work/unpacked" && mkdir "$work/unpacked"
unzip -q "$work/odd.zip" -d "$work/unpacked"
ok "it is a gap in base64" grep -q \
    '"name_base64":"bGF0aW4t6Q==".*"reason":"symbolic-link"' \
    "$work"/unpacked/*/dossier/gaps.jsonl
for page in "$work"/unpacked/*/START-HERE{,.nl,.fr,.de}.html; do
	ok "${page##*/} shows it" grep -qF 'latin-' <(shown "$page")
done

# files that hold more, or less, than is said of them
if [ -r /proc/sys/kernel/random/uuid ]; then
	exits "files that grow: incomplete" 3 "$dossier" pack \
	    /proc/sys/kernel/random -o "$work/more.zip" --key "$work/k.key" \
	    "${languages[@]}"
	rm -rf "$work/unpacked" && mkdir "$work/unpacked"
	unzip -q "$work/more.zip" -d "$work/unpacked"
	mapfile -t gaps < <(sed 's/.*"name":"\([^"]*\)".*"reason":"\([^"]*\)".*/\1=\2/' \
	    "$work"/unpacked/*/dossier/gaps.jsonl)
	told "files that grow" "$work/more.zip" "${gaps[@]}"
else
	skip "files that grow" "no /proc/sys/kernel/random here"
fi

# --- a case whose service did not give all ----------------------------------------

serve </dev/null # the list is not there
run "$dossier" collect "$work/case" --connector "$work/lure.json" \
    --ca-file "$work/ca.pem" --credential "token=file:$work/token" \
    --connect-to "::127.0.0.1:$service_port"
end_service
is "a case: incomplete" "$status" 3
mapfile -t gaps < <(sqlite3 "$work/case/case.db" "select e.name || '=' ||
    reason from gap join endpoint e on e.id = gap.endpoint")
ok "a case: what the service refused is a gap" \
    test "$(grep -c '^list=http-status$' < <(printf '%s\n' "${gaps[@]}"))" = 1
exits "a case: packed as incomplete" 3 "$dossier" pack "$work/case" \
    -o "$work/case.zip" --key "$work/k.key" "${languages[@]}"
told "a case" "$work/case.zip" "${gaps[@]}"

done_testing
