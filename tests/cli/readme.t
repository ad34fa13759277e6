#!/bin/bash
# SPDX-License-Identifier: ISC
# The commands of README.md, "Use", do what they say, in the order they stand in.
# What a reader fills in ("…") is filled in; a command of a lone "…" is not run.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/simulator.bash

# commands: of the section, each in one line, without what explains it
commands()
{
	sed -n '/^## Use$/,/^## /p' README.md | sed -n 's/^    //p' |
	    sed -e ':a' -e '/\\$/{N;s/\\\n */ /;ba' -e '}' |
	    sed 's/ \{2,\}#.*//'
}

# value NAME: of the simulated service
value() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "$state/simulator.json"; }

# dossier ARGUMENT...: with what belongs to the simulator, and no terminal
dossier()
{
	local args=() word name
	for word; do
		case $word in
		--param) continue ;;
		subscriptionId=…) continue ;;
		objectId=…) word=objectId=$(value objectId) ;;
		age1…) word=$(age-keygen -y person.key) ;;
		data/documents/…) word=$("$program" list answer-17.zip |
		    sed -n 's|.* \(data/documents/manual.*\)|\1|p' | head -n 1) ;;
		esac
		args+=("$word")
	done
	case $1 in
	keygen) args+=(--no-passphrase) ;;
	collect | erase)
		for name in subscriptionId resourceGroupName location \
		    accountName workspaceName projectName; do
			args+=(--param "$name=$(value $name)")
		done
		args+=(--ca-file "$state/ca.pem"
		    --connect-to "::127.0.0.1:$port") ;;
	esac
	"$program" "${args[@]}"
}

program=$dossier
start --runs 6
mkdir "$work/desk"
commands >"$work/commands"
cd "$work/desk" || exit
mkdir letters post
echo "Dear office" >letters/first.txt
echo "one more thing" >post/late.txt
cp "$state/token" token
mapfile -t lines <"$work/commands"
for line in "${lines[@]}"; do
	[[ " $line " != *' … '* ]] || continue
	run eval "$line"
	is "$line" "$status" 0
done
for verb in $("$program" help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'); do
	case $verb in
	# said in the text, and in the manual: a page of them is no introduction
	stamp | report | encrypt) ;;
	*) ok "there is an example of $verb" says "$work/commands" \
	    "^dossier $verb " ;;
	esac
done
is "what was extracted is what was packed" "$(cat answer-17/data/documents/\
manual/*/*/*.txt | sort)" "$(sort letters/*.txt)"
ok "what was decrypted is an archive" test -s opened.zip

done_testing
