/* SPDX-License-Identifier: ISC */
/*
 * libdeflate makes whole streams only. To go on behind one, the bit that says
 * "last block" must be found; blocks have no length, so the stream is inflated,
 * and what it makes is compared with what it was made of (RFC 1951, 3.2.3).
 */
#include "deflate_chunk.h"

#include <string.h>

size_t
deflate_unfinish(struct dsr_inflater *i, uint8_t unpacked[DEFLATE_UNPACKED],
    uint8_t out[DEFLATE_PACKED], size_t len, const uint8_t *content,
    size_t size)
{
	static const uint8_t empty_stored[] = { 0x00, 0x00, 0xFF, 0xFF };
	struct dsr_blocks found;

	/* the header behind it is three bits, then 0 up to a byte */
	if (len + 1 + sizeof(empty_stored) > DEFLATE_PACKED ||
	    !dsr_inflate_blocks(i, unpacked, DEFLATE_UNPACKED, out, len, &found) ||
	    !found.ended || found.size != size ||
	    (size > 0 && memcmp(unpacked, content, size) != 0))
		return 0;
	out[found.last / 8] &= (uint8_t)~(1u << found.last % 8);
	if (found.bits % 8 != 0)
		out[found.bits / 8] &= (uint8_t)((1u << found.bits % 8) - 1);
	out[len] = 0;
	len = (found.bits + 3 + 7) / 8;
	memcpy(out + len, empty_stored, sizeof(empty_stored));
	return len + sizeof(empty_stored);
}
