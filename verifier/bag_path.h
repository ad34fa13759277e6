/* SPDX-License-Identifier: ISC */
/* Paths in the tag files of a bag. Source: RFC 8493 sections 5.1 and 6.1.2. */
#ifndef VERIFIER_BAG_PATH_H
#define VERIFIER_BAG_PATH_H

#include <stdbool.h>

/*
 * Could this path lead out of the bag, on any system: absolute, with "..",
 * a home, a drive, a share or a device, by slashes of either kind?
 */
bool bag_path_is_unsafe(const char *path);
/* Can Windows have a file of this path? */
bool bag_path_is_portable(const char *path);
/*
 * Takes "." segments and slashes that are not needed out of a path, in place;
 * true when there were any.
 */
bool bag_path_shorten(char *path);
/*
 * Decodes %0A, %0D and %25 in place; true when a percent sign was left that
 * begins none of them.
 */
bool bag_path_decode(char *path);

#endif
