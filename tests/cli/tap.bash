# SPDX-License-Identifier: ISC
# What the tests of the command line share; `. tests/cli/tap.bash`, from the
# top of the tree. tests/run gives each test a home and a TMPDIR of its own,
# and BUILD; a test that was not started by it starts itself through it.
# shellcheck shell=bash disable=SC2034 # some variables are for the tests

[ -n "${TEST_HOME-}" ] ||
    exec tests/run --one "$(cd "${OLDPWD:-.}" && realpath "$0")"

dossier=$BUILD/bin/dossier
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tap_count=0
tap_names= # of the tests so far, a line each

# ok TEXT COMMAND...: the test TEXT passes when COMMAND succeeds
ok()
{
	local text=$1 frame=0
	shift
	tap_count=$((tap_count + 1))
	tap_names+=$text$'\n'
	if "$@"; then
		echo "ok $tap_count - $text"
		return
	fi
	echo "not ok $tap_count - $text"
	while [[ ${BASH_SOURCE[frame]} == *tap.bash ]]; do
		frame=$((frame + 1))
	done
	printf '#   at %s line %s: %s\n' "${BASH_SOURCE[frame]}" \
	    "${BASH_LINENO[frame - 1]}" "$*"
	sed 's/^/# stdout: /' "$work/out" 2>/dev/null | head -n 20
	sed 's/^/# stderr: /' "$work/err" 2>/dev/null | head -n 20
}

# is TEXT FOUND WANTED
is()
{
	ok "$1" test "$2" = "$3"
}

# skip TEXT REASON
skip()
{
	tap_count=$((tap_count + 1))
	tap_names+=$1$'\n'
	echo "ok $tap_count - $1 # SKIP $2"
}

# run COMMAND...: leaves its exit status in $status, its output in $work/out
# and $work/err
run()
{
	status=0
	"$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
}

# exits TEXT STATUS COMMAND...: COMMAND ends with STATUS
exits()
{
	local text=$1 wanted=$2
	shift 2
	run "$@"
	is "$text" "$status" "$wanted"
}

empty() { [ -e "$1" ] && ! [ -s "$1" ]; }
says() { grep -qE -e "$2" "$1"; }
# grep ends with 2 where there is nothing to look through
lacks() { grep -qE -e "$2" "$1"; [ $? -eq 1 ]; }
# holds_not PATH TEXT: no file at or below PATH does
holds_not() { grep -rqaF -e "$2" "$1"; [ $? -eq 1 ]; }

# The end of every test
done_testing()
{
	echo "1..$tap_count"
}
