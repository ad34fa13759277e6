/* SPDX-License-Identifier: ISC */
/*
 * A fuzz target as a plain program: each file that is named, or stands in a
 * folder that is named, goes through it once. Weak, since unit tests and
 * libFuzzer bring a main of their own.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
    __attribute__((weak));

/* The whole file in memory of exactly its size, so that a read past it shows */
static int
replay_file(const char *path, size_t number)
{
	FILE *in = fopen(path, "rb");
	uint8_t *data = NULL;
	long size = -1;
	int rc = -1;

	if (in != NULL && fseek(in, 0, SEEK_END) == 0 &&
	    (size = ftell(in)) >= 0 && fseek(in, 0, SEEK_SET) == 0 &&
	    (data = malloc((size_t)size + (size == 0))) != NULL &&
	    fread(data, 1, (size_t)size, in) == (size_t)size) {
		LLVMFuzzerTestOneInput(data, (size_t)size);
		rc = 0;
	}
	free(data);
	if (in != NULL)
		fclose(in);
	printf("%sok %zu - %s\n", rc == 0 ? "" : "not ", number, path);
	return rc;
}

static int
replay_folder(const char *path, size_t *number)
{
	struct dirent **entry = NULL;
	char file[PATH_BYTES];
	int count, i, rc = 0;

	count = scandir(path, &entry, NULL, alphasort);
	if (count < 0)
		return errno == ENOTDIR ? replay_file(path, ++*number) : -1;
	for (i = 0; i < count; i++) {
		if (entry[i]->d_name[0] != '.') {
			(void)snprintf(file, sizeof(file), "%s/%s", path,
			    entry[i]->d_name);
			rc |= replay_file(file, ++*number);
		}
		free(entry[i]);
	}
	free(entry);
	return rc;
}

__attribute__((weak)) int
main(int argc, char **argv)
{
	size_t number = 0;
	int i, rc = 0;

	for (i = 1; i < argc; i++)
		rc |= replay_folder(argv[i], &number);
	printf("1..%zu\n", number);
	return rc == 0 && number > 0 ? 0 : 1;
}
