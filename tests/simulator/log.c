/* SPDX-License-Identifier: ISC */
#include "simulator.h"

#include <pthread.h>
#include <stdlib.h>

/* One JSON line a request, written by any thread. */
struct sim_log {
	FILE *file;
	pthread_mutex_t lock;
};

struct sim_log *
sim_log_open(const char *path)
{
	struct sim_log *log = calloc(1, sizeof(*log));

	if (log == NULL)
		return NULL;
	log->file = fopen(path, "we");
	if (log->file == NULL) {
		perror(path);
		free(log);
		return NULL;
	}
	setvbuf(log->file, NULL, _IOFBF, 1 << 16);
	pthread_mutex_init(&log->lock, NULL);
	return log;
}

void
sim_log_line(struct sim_log *log, const char *line, size_t len)
{
	if (log == NULL)
		return;
	pthread_mutex_lock(&log->lock);
	fwrite(line, 1, len, log->file);
	pthread_mutex_unlock(&log->lock);
}

void
sim_log_flush(struct sim_log *log)
{
	if (log == NULL)
		return;
	pthread_mutex_lock(&log->lock);
	fflush(log->file);
	pthread_mutex_unlock(&log->lock);
}

void
sim_log_close(struct sim_log *log)
{
	if (log == NULL)
		return;
	fclose(log->file);
	pthread_mutex_destroy(&log->lock);
	free(log);
}
