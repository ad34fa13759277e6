#!/bin/bash
# SPDX-License-Identifier: ISC
# What completes in shells: every verb, every option of --help, and no other; and
# bash, asked as it asks.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

scripts=$BUILD/share/completion
verbs=$("$dossier" help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p')
# options_of VERB: those of the column of options in --help
options_of()
{
	"$dossier" "$1" --help | grep -E '^  -' |
	    grep -oE -- '^  (-[a-zA-Z], )?--[a-z0-9-]+' | tr -d ' ' |
	    tr ',' '\n' | sort -u
}
# complete WORD...: what bash offers for the last word
complete_words()
{
	bash -c '. "$1"
		shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_dossier
		printf "%s\n" "${COMPREPLY[@]}"' - "$scripts/dossier.bash" "$@" |
	    sort -u
}
# of_zsh VERB, of_fish VERB: the options in these scripts
of_zsh()
{
	sed -n "/^$1)\$/,/;;\$/p" "$scripts/dossier.zsh" |
	    grep -oE "^[[:space:]]+'\*[^*[][^[]*" |
	    grep -oE -- '--?[a-zA-Z0-9][a-z0-9-]*' | sort -u
}
of_fish()
{
	grep -F "__fish_seen_subcommand_from $1'" "$scripts/dossier.fish" |
	    sed -E "s/ -d '.*//; s/.*_from $1'//" | grep -oE -- '-[sl] [^ ]+' |
	    sed 's/-s /-/; s/-l /--/' | sort -u
}

is "bash: every verb" "$(complete_words dossier '')" \
    "$(printf '%s\n' "$verbs" help --help --version | sort -u)"
is "zsh: every verb" "$(sed -n '/^local -a verbs/,/^)/s/^\t'\''\([^:]*\):.*/\1/p' \
    "$scripts/dossier.zsh")" "$verbs"
is "fish: every verb" "$(sed -n 's/.*__fish_use_subcommand -a \([^ ]*\) .*/\1/p' \
    "$scripts/dossier.fish")" "$verbs"
for verb in $verbs; do
	there=$(options_of "$verb")
	is "bash, $verb: the options of --help, and no other" \
	    "$(complete_words dossier "$verb" -)" "$there"
	is "zsh, $verb: the same" "$(of_zsh "$verb")" "$there"
	is "fish, $verb: the same" "$(of_fish "$verb")" "$there"
done

is "a word that is begun" "$(complete_words dossier verify --tsa)" --tsa-ca
is "a verb that is begun" "$(complete_words dossier ver)" \
    $'verify\nverify-proof'
is "help of a verb" "$(complete_words dossier help decr)" decrypt
is "words to choose from" "$(complete_words dossier list --color '')" \
    $'always\nauto\nnever'
is "one alone" "$(complete_words dossier verify --layer '')" zip
mkdir "$work/folder" && : >"$work/file"
is "a folder" "$(complete_words dossier verify --bag "$work/f")" "$work/folder"
is "a file: bash itself" "$(complete_words dossier verify --trust "$work/f")" ''
is "what no shell knows" "$(complete_words dossier verify --jobs '')" ''
is "an archive: bash itself" "$(complete_words dossier verify "$work/f")" ''
is "an unknown verb" "$(complete_words dossier nothing -)" ''

# The words to choose from are those that the help tells.
while read -r value words; do
	for verb in $verbs; do
		"$dossier" "$verb" --help
	done | grep -A 2 -E -- "--[a-z]+ $value" | tr '\n' ' ' >"$work/out"
	for word in $words; do
		ok "$value may be $word" says "$work/out" "[ (]$word[ ,;:]"
	done
done < <(sed -n 's/^\tchoices\["\([A-Z]*\)"\] = "\(.*\)"$/\1 \2/p' tools/completion)

run make -s BUILD="$BUILD" DESTDIR="$work/root" \
    DATADIR=/usr/share install
is "make install" "$status" 0
for file in bash-completion/completions/dossier zsh/site-functions/_dossier \
    fish/vendor_completions.d/dossier.fish; do
	ok "installs $file" test -s "$work/root/usr/share/$file"
done

done_testing
