/* Processes, signals, credentials. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* pidfd_open(2). */
int hf_pidfd_open(int32_t pid);
/* pidfd_send_signal(2). */
int hf_pidfd_signal(int pidfd, int signal);
/* waitpid with WNOHANG: 1 = ended (status in `status`), 0 = still runs. */
int hf_reap(int32_t pid, int32_t *status);
int32_t hf_own_pid(void);
uint32_t hf_own_user(void);
/* Whether this process is in another PID namespace than the first one of the machine: 1, 0, or -errno. */
int hf_in_pid_namespace(void);
/* Blocks SIGTERM, SIGINT and SIGHUP in the whole process and gives a signalfd for them. */
int hf_signalfd_create(void);
/* The next signal's number; -EAGAIN when there is none. */
int hf_signalfd_read(int fd);
/* SIGPIPE is ignored from now on. */
void hf_ignore_broken_pipes(void);

/* A child process. */
struct hf_spawn {
    const char *path;
    char *const *arguments;   /* ends with NULL */
    char *const *environment; /* ends with NULL; NULL for the parent's */
    int32_t standard_input;   /* descriptor, -1 for /dev/null */
    int32_t standard_output;
    int32_t standard_error;
    int32_t cgroup;           /* descriptor of a cgroup v2 directory to start in, -1 for the parent's */
    bool new_session;
};
/* Forks and executes; every other descriptor is closed in the child, all signals are unblocked. Returns
   the pid, and a pidfd in `pidfd`. -errno also when the program could not be executed. */
int32_t hf_spawn_process(const struct hf_spawn *spawn, int *pidfd);
