/* SPDX-License-Identifier: ISC */
/*
 * floor pack FOLDER OUT, floor verify ARCHIVE: the least that pack and verify
 * could do, by all processors, with the same libraries and levels: read, hash,
 * deflate and write; read, inflate and hash. No list, page or seal is made, no
 * rule checked. Prints the seconds. In pieces, as the archives have them.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <fcntl.h>
#include <ftw.h>
#include <libdeflate.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define PIECE 524288u /* bytes of content that are deflated at a time */
#define SMALL 8192u   /* ... of so many at another level */
#define LEVEL_SMALL 1
#define LEVEL 5
#define SAMPLE 4096u

/* A file, or a member of the archive. */
struct item {
	char *path;
	const uint8_t *packed;
	size_t packed_size, size;
	int method;
};

static struct item *items;
static size_t count, room, next;
static int out;
static off_t written;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void
must(int good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(1);
}

static struct item *
add_item(void)
{
	if (count == room) {
		room = room * 2 + 1024;
		items = realloc(items, room * sizeof(*items));
		must(items != NULL, "items");
	}
	memset(&items[count], 0, sizeof(*items));
	return &items[count++];
}

static struct item *
take_item(void)
{
	struct item *i = NULL;

	(void)pthread_mutex_lock(&lock);
	if (next < count)
		i = &items[next++];
	(void)pthread_mutex_unlock(&lock);
	return i;
}

/* ---- pack ----------------------------------------------------------------- */

static int
on_file(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	struct item *i;

	(void)ftw;
	if (kind != FTW_F)
		return 0;
	i = add_item();
	i->path = strdup(path);
	i->size = (size_t)st->st_size;
	return i->path == NULL;
}

static void
put(const uint8_t *data, size_t len)
{
	off_t at;

	(void)pthread_mutex_lock(&lock);
	at = written;
	written += (off_t)len;
	(void)pthread_mutex_unlock(&lock);
	must(pwrite(out, data, len, at) == (ssize_t)len, "write");
}

/* Is it worth it? One sample, where it is large. */
static int
shrinks(struct libdeflate_compressor *c, const uint8_t *data, size_t len,
    uint8_t *room_for)
{
	return len <= SAMPLE || libdeflate_deflate_compress(c, data, SAMPLE,
	    room_for, SAMPLE * 98 / 100) > 0;
}

static void *
pack_some(void *nothing)
{
	struct libdeflate_compressor *small =
		libdeflate_alloc_compressor(LEVEL_SMALL),
		*large = libdeflate_alloc_compressor(LEVEL), *c;
	uint8_t *data = malloc(PIECE), *packed = malloc(2 * PIECE),
		digest[SHA256_DIGEST_LENGTH];
	struct item *i;
	SHA256_CTX hash;
	ssize_t n;
	size_t len;
	int fd, deflated;

	while ((i = take_item()) != NULL) {
		must((fd = open(i->path, O_RDONLY | O_CLOEXEC)) >= 0, i->path);
		(void)SHA256_Init(&hash);
		c = i->size <= SMALL ? small : large;
		deflated = -1;
		while ((n = read(fd, data, PIECE)) > 0) {
			(void)SHA256_Update(&hash, data, (size_t)n);
			(void)libdeflate_crc32(0, data, (size_t)n);
			if (deflated < 0)
				deflated = shrinks(c, data, (size_t)n, packed);
			len = deflated ? libdeflate_deflate_compress(c, data,
			    (size_t)n, packed, 2 * PIECE) : 0;
			put(len > 0 ? packed : data, len > 0 ? len : (size_t)n);
		}
		(void)SHA256_Final(digest, &hash);
		(void)close(fd);
	}
	free(data);
	free(packed);
	libdeflate_free_compressor(small);
	libdeflate_free_compressor(large);
	return nothing;
}

/* ---- verify --------------------------------------------------------------- */

static uint64_t
little(const uint8_t *p, size_t n)
{
	uint64_t value = 0;

	while (n-- > 0)
		value = value << 8 | p[n];
	return value;
}

/* An archive of ours, below 4 GiB: each member stands behind the last. */
static void
list_members(const uint8_t *data, size_t len)
{
	size_t at = 0, header;
	struct item *i;

	while (at + 30 < len && little(data + at, 4) == 0x04034b50) {
		i = add_item();
		header = 30 + little(data + at + 26, 2) +
		    little(data + at + 28, 2);
		i->method = (int)little(data + at + 8, 2);
		i->packed_size = little(data + at + 18, 4);
		i->size = little(data + at + 22, 4);
		i->packed = data + at + header;
		at += header + i->packed_size;
		must(at < len, "archive");
	}
}

/* zlib goes piece by piece; libdeflate, faster, only with the whole in memory. */
static void
inflate_large(const struct item *i, uint8_t *room_for, SHA256_CTX *hash)
{
	z_stream z;
	int rc;

	memset(&z, 0, sizeof(z));
	must(inflateInit2(&z, -MAX_WBITS) == Z_OK, "inflate");
	z.next_in = (z_const Bytef *)(uintptr_t)i->packed;
	z.avail_in = (uInt)i->packed_size;
	do {
		z.next_out = room_for;
		z.avail_out = PIECE;
		rc = inflate(&z, Z_NO_FLUSH);
		(void)SHA256_Update(hash, room_for, PIECE - z.avail_out);
		(void)libdeflate_crc32(0, room_for, PIECE - z.avail_out);
	} while (rc == Z_OK);
	must(rc == Z_STREAM_END, "inflate");
	(void)inflateEnd(&z);
}

static void *
verify_some(void *nothing)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	uint8_t *content = malloc(PIECE), digest[SHA256_DIGEST_LENGTH];
	const uint8_t *data;
	struct item *i;
	SHA256_CTX hash;

	while ((i = take_item()) != NULL) {
		(void)SHA256_Init(&hash);
		data = i->method == 0 ? i->packed : content;
		if (i->method != 0 && i->size > PIECE) {
			inflate_large(i, content, &hash);
		} else {
			if (i->method != 0)
				must(libdeflate_deflate_decompress(d, i->packed,
				    i->packed_size, content, i->size, NULL) ==
				    LIBDEFLATE_SUCCESS, "inflate");
			(void)SHA256_Update(&hash, data, i->size);
			(void)libdeflate_crc32(0, data, i->size);
		}
		(void)SHA256_Final(digest, &hash);
	}
	free(content);
	libdeflate_free_decompressor(d);
	return nothing;
}

/* ---- both ------------------------------------------------------------------- */

static void
run(void *(*work)(void *))
{
	pthread_t threads[64];
	cpu_set_t set;
	int n = 1, i;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		n = CPU_COUNT(&set) < 64 ? CPU_COUNT(&set) : 64;
	for (i = 0; i < n; i++)
		must(pthread_create(&threads[i], NULL, work, NULL) == 0,
		    "thread");
	for (i = 0; i < n; i++)
		(void)pthread_join(threads[i], NULL);
}

static void
verify(const char *path)
{
	const uint8_t *data;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	must(fd >= 0 && fstat(fd, &st) == 0, path);
	data = mmap(NULL, (size_t)st.st_size, PROT_READ,
	    MAP_PRIVATE | MAP_POPULATE, fd, 0);
	must(data != MAP_FAILED, path);
	list_members(data, (size_t)st.st_size);
	run(verify_some);
}

int
main(int argc, char **argv)
{
	struct timespec from, to;

	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	if (argc == 4 && strcmp(argv[1], "pack") == 0) {
		out = open(argv[3], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
		    0600);
		must(out >= 0, argv[3]);
		must(nftw(argv[2], on_file, 32, FTW_PHYS) == 0, argv[2]);
		run(pack_some);
	} else if (argc == 3 && strcmp(argv[1], "verify") == 0) {
		verify(argv[2]);
	} else {
		(void)fprintf(stderr,
		    "usage: floor pack FOLDER OUT | floor verify ARCHIVE\n");
		return 2;
	}
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	(void)printf("%.3f\n", (double)(to.tv_sec - from.tv_sec) +
	    (double)(to.tv_nsec - from.tv_nsec) / 1e9);
	return 0;
}
