# shellcheck shell=bash disable=SC2034,SC2154 # of and for the tests
# SPDX-License-Identifier: ISC
# Sourced by tests that need a simulator; tap.bash goes before.

state=$work/state
trap 'stop; chmod -R u+rwX "$work"; rm -rf "$work"' EXIT

# start OPTION...: a simulator with a new state folder; returns when it serves
start()
{
	stop
	rm -rf "$state"
	coproc SIMULATOR { exec "$BUILD/bin/dossier-simulator" \
	    --state "$state" --parent --lifetime-s 120 "$@" 2>"$work/said"; }
	simulator_id=$SIMULATOR_PID
	read -r -t 10 ready <&"${SIMULATOR[0]}"
	port=${ready#port }
	token=$(cat "$state/token")
}

stop()
{
	[ -n "${simulator_id-}" ] || return 0
	kill "$simulator_id" 2>/dev/null
	wait "$simulator_id" 2>/dev/null
	simulator_id=
}
