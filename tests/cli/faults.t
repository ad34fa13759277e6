#!/bin/bash
# SPDX-License-Identifier: ISC
# Calls that fail and programs that are killed, some of them; `make check-long
# LONG=faults` does all.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

# tries SCENE HOW/EVERY,...
tries()
{
	exits "$1: no output but a whole one, nothing beside it" 0 \
	    python3 tests/faults/try.py --build "$BUILD" --how "$2" \
	    "${1// /}"
	sed 's/^/# /' "$work/out"
}

if nm -D "$BUILD/bin/dossier-packer" | grep -q __asan_init; then
	skip "faults" "sanitizers want to be loaded first"
else
	for program in packer verifier collector; do
		exits "$program: libcrypto that cannot be watched is not used" 70 \
		    env LD_PRELOAD="$BUILD/tests/calls.so" FAULT_EARLY=1 \
		    "$BUILD/bin/dossier-$program" help
		ok "$program says so" says "$work/err" 'libcrypto was used before'
	done
	tries pack killed/4,torn/4,ENOSPC/5,EIO/5,EINTR/7,short/7,malloc/29
	tries "pack of a file that changes" rewrite/4,shrink/5,grow/5
	tries "pack of noise that changes" rewrite/4,shrink/5,grow/5
	tries collect malloc/2003
	tries "pack of a case" killed/61,EIO/61,malloc/997
	tries "pack --recipient" killed/23,EIO/23
	tries decrypt killed/11,ENOSPC/11,malloc/293
	tries stamp killed/3,torn/3,ENOSPC/5,EIO/5,malloc/997
	tries verify EIO/3,EINTR/7,short/5,malloc/499
	tries "verify of a changed archive" EIO/5,short/7,malloc/997
fi
done_testing
