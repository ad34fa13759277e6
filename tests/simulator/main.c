/* SPDX-License-Identifier: ISC */
#include "simulator.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 200

/* ---- the state folder ---- */

static int
write_file(const char *folder, const char *name, const char *bytes,
    mode_t mode)
{
	struct sim_text path = { NULL, 0, 0 };
	size_t len = strlen(bytes);
	int fd, rc = -1;

	sim_text_printf(&path, "%s/%s", folder, name);
	unlink(path.bytes);             /* so that the mode is ours */
	fd = open(path.bytes, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd >= 0) {
		if (write(fd, bytes, len) == (ssize_t)len)
			rc = 0;
		if (close(fd) != 0)
			rc = -1;
	}
	if (rc != 0)
		perror(path.bytes);
	sim_text_fini(&path);
	return rc;
}

static int
write_description(const struct sim *sim, unsigned int port)
{
	struct sim_text text = { NULL, 0, 0 };
	int rc;

	sim_describe(sim, &text, port);
	rc = write_file(sim->options.state, "simulator.json", text.bytes,
	    0644);
	sim_text_fini(&text);
	return rc;
}

/* What of the script nobody asked for. */
static int
write_unasked(const struct sim *sim)
{
	struct sim_text text = { NULL, 0, 0 };
	int rc;

	if (sim->script == NULL || sim->options.state == NULL)
		return 0;
	sim_script_unasked(sim->script, &text);
	rc = write_file(sim->options.state, "unasked", text.bytes, 0644);
	sim_text_fini(&text);
	return rc;
}

static int
write_state(const struct sim *sim, const struct sim_certificate *certificate,
    unsigned int port)
{
	const char *folder = sim->options.state;
	char line[sizeof(sim->token) + 1];

	if (folder == NULL)
		return 0;
	snprintf(line, sizeof(line), "%s\n", sim->token);
	if (write_file(folder, "token", line, 0600) != 0 ||
	    write_file(folder, "ca.pem", certificate->ca, 0644) != 0 ||
	    write_description(sim, port) != 0)
		return -1;
	snprintf(line, sizeof(line), "%u\n", port);
	return write_file(folder, "port", line, 0644);
}

/* ---- making ready ---- */

static int
read_token(struct sim *sim)
{
	struct sim_text made = { NULL, 0, 0 };
	FILE *file;

	if (sim->options.token_file == NULL) {
		sim_secret(sim, &made, "arm-token", SIM_KINDS, 0);
		snprintf(sim->token, sizeof(sim->token), "%s", made.bytes);
		sim_text_fini(&made);
		return 0;
	}
	file = fopen(sim->options.token_file, "re");
	if (file != NULL && fgets(sim->token, sizeof(sim->token), file) !=
	    NULL)
		sim->token[strcspn(sim->token, "\r\n")] = '\0';
	else
		perror(sim->options.token_file);
	if (file != NULL)
		fclose(file);
	return sim->token[0] == '\0' ? -1 : 0;
}

static void
name_hosts(struct sim *sim)
{
	static const char *const format[SIM_HOSTS] = {
		"management.azure.com%.0s", "%s.modelmanagement.azureml.net",
		"%s.experiments.azureml.net", "%sblob.blob.core.windows.net"
	};
	size_t i;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	for (i = 0; i < SIM_HOSTS; i++)
		snprintf(sim->host_name[i], sizeof(sim->host_name[i]),
		    format[i], sim->options.location);
#pragma GCC diagnostic pop
}

static int
make_certificate(const struct sim *sim, struct sim_certificate *certificate)
{
	const char *hosts[SIM_HOSTS + SIM_MAX_SCRIPT_HOSTS + 3];
	size_t i;

	for (i = 0; i < SIM_HOSTS; i++)
		hosts[i] = sim->host_name[i];
	i += sim_script_hosts(sim->script, hosts + i, SIM_MAX_SCRIPT_HOSTS);
	hosts[i] = "*.management.azure.com";
	hosts[i + 1] = "localhost";
	hosts[i + 2] = NULL;
	return sim_certificate_make(certificate, hosts);
}

/* One flag for each thing that can be deleted. */
static int
make_gone(struct sim *sim)
{
	static const enum sim_kind deletable[] = {
		SIM_HOSTING, SIM_MODEL, SIM_MANIFEST, SIM_SERVICE, SIM_IMAGE,
		SIM_COMPUTE, SIM_CLUSTER, SIM_ACCOUNT, SIM_WORKSPACE,
		SIM_PROJECT
	};
	struct sim_request nobody;
	size_t i, count;

	memset(&nobody, 0, sizeof(nobody));
	for (i = 0; i < sizeof(deletable) / sizeof(deletable[0]); i++) {
		count = sim_collection_of(deletable[i])->count(sim, &nobody);
		sim->gone[deletable[i]] = calloc(count + 1,
		    sizeof(atomic_uchar));
		if (sim->gone[deletable[i]] == NULL)
			return -1;
	}
	return 0;
}

static int
open_log(struct sim *sim)
{
	struct sim_text path = { NULL, 0, 0 };

	if (sim->options.state == NULL)
		return 0;
	if (mkdir(sim->options.state, 0755) != 0 && errno != EEXIST) {
		perror(sim->options.state);
		return -1;
	}
	sim_text_printf(&path, "%s/requests.log", sim->options.state);
	sim->log = sim_log_open(path.bytes);
	sim_text_fini(&path);
	return sim->log == NULL ? -1 : 0;
}

static void
fini_sim(struct sim *sim)
{
	size_t i;

	sim_log_close(sim->log);
	sim_faults_free(sim->faults);
	sim_script_free(sim->script);
	for (i = 0; i < SIM_KINDS; i++)
		free(sim->gone[i]);
}

/* ---- waiting for the end ---- */

/* A pipe or socket on stdin that closes says that nobody needs us. */
static bool
watches_stdin(const struct sim *sim)
{
	struct stat about;

	return sim->options.parent && fstat(STDIN_FILENO, &about) == 0 &&
	    (S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode));
}

static bool
is_stdin_closed(const struct pollfd *watched)
{
	char bytes[256];

	return watched->revents != 0 &&
	    read(watched->fd, bytes, sizeof(bytes)) <= 0;
}

static void
wait_for_end(const struct sim *sim, int signals, pid_t parent)
{
	struct pollfd watched[2] = {
		{ signals, POLLIN, 0 },
		{ watches_stdin(sim) ? STDIN_FILENO : -1, POLLIN, 0 }
	};
	struct timespec now;
	time_t end_s;

	clock_gettime(CLOCK_MONOTONIC, &now);
	end_s = now.tv_sec + (time_t)sim->options.lifetime_s;
	for (;;) {
		poll(watched, 2, TICK_MS);
		sim_log_flush(sim->log);
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (watched[0].revents != 0 || is_stdin_closed(&watched[1]) ||
		    (sim->options.parent && getppid() != parent) ||
		    (sim->options.lifetime_s > 0 && now.tv_sec >= end_s))
			return;
	}
}

/* Signals come through a descriptor, in this thread; -1: they do not. */
static int
catch_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int
serve(struct sim *sim, pid_t parent)
{
	struct sim_certificate certificate = { NULL, NULL, NULL };
	struct sim_server *server = NULL;
	int signals = catch_signals(), rc = 1;
	unsigned int port;

	if (sim->options.parent)
		prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (signals < 0 || make_certificate(sim, &certificate) != 0)
		goto out;
	server = sim_server_start(sim, &certificate);
	if (server == NULL)
		goto out;
	port = sim_server_port(server);
	if (write_state(sim, &certificate, port) != 0)
		goto out;
	if (printf("port %u\n", port) < 0 || fflush(stdout) != 0)
		goto out;
	wait_for_end(sim, signals, parent);
	rc = 0;
out:
	atomic_store(&sim->stopping, true);
	sim_server_stop(server);
	if (write_unasked(sim) != 0)
		rc = 1;
	sim_certificate_fini(&certificate);
	return rc;
}

int
main(int argc, char **argv)
{
	static struct sim sim;          /* too big for the stack, and zero */
	pid_t parent = getppid();
	int rc = 1;

	if (sim_options_read(&sim.options, argc, argv) != 0)
		return 2;
	if (sim.options.help) {
		sim_options_help(stdout);
		return 0;
	}
	name_hosts(&sim);
	if ((sim.options.faults_file == NULL ||
	    sim_faults_read(&sim.faults, sim.options.faults_file) == 0) &&
	    (sim.options.script_file == NULL ||
	    sim_script_read(&sim.script, sim.options.script_file) == 0) &&
	    read_token(&sim) == 0 && make_gone(&sim) == 0 &&
	    open_log(&sim) == 0)
		rc = serve(&sim, parent);
	fini_sim(&sim);
	return rc;
}
