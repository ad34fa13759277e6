#!/bin/bash
# SPDX-License-Identifier: ISC
# Calls that fail and programs that are killed, some of them; `make check-long
# LONG=faults` does all.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

# tries TEXT EVERY HOW SCENE
tries()
{
	exits "$1: no output but a whole one, nothing beside it" 0 \
	    python3 tests/faults/try.py --build "$BUILD" --every "$2" \
	    --how "$3" "$4"
}

if nm -D "$BUILD/bin/dossier-packer" | grep -q __asan_init; then
	skip "faults" "sanitizers want to be loaded first"
else
	tries "pack, killed" 4 killed,torn pack
	tries "pack, no space and no device" 5 ENOSPC,EIO pack
	tries "pack, interrupted" 7 EINTR,short pack
	tries "pack, out of memory" 29 malloc pack
	tries "pack of a case" 61 killed,EIO packofacase
	tries "pack of a case, out of memory" 997 malloc packofacase
	tries "pack, encrypted" 23 killed,EIO pack--recipient
	tries "decrypt" 11 killed,ENOSPC decrypt
	tries "stamp, killed" 3 killed,torn stamp
	tries "stamp, no space and no device" 5 ENOSPC,EIO stamp
	tries "stamp, out of memory" 4999 malloc stamp
	tries "decrypt, out of memory" 293 malloc decrypt
fi
done_testing
