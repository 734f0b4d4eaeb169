/*
 * The machine under a test: loaded before the C library (LD_PRELOAD), it lets the system say what it would say where
 * somebody puts the clock back, a disk fails, or a kill comes between two system calls. What it is to do stands in small
 * files in the folder FAULTS_MACHINE, which the test writes and removes while the program runs.
 *
 *   clock    seconds to add to the wall clock
 *   uptime   what /proc/uptime says instead
 *   disk     ERRNO PREFIX: whatever changes a file below PREFIX fails with that error
 *   rename   COUNT before|after PREFIX: kills the process at its rename number COUNT below PREFIX
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define LONGEST 4096

/* What a file of the folder says; 0 where it is not there. By system calls of its own, so that it never asks itself. */
static int setting(const char *name, char *text) {
  const char *folder = getenv("FAULTS_MACHINE");
  if (folder == NULL) return 0;
  char path[LONGEST];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  int before = errno;
  long file = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    errno = before;
    return 0;
  }
  long length = syscall(SYS_read, file, text, LONGEST - 1);
  syscall(SYS_close, file);
  errno = before;
  if (length <= 0) return 0;
  text[length] = 0;
  return 1;
}

static long clock_shift(void) {
  char text[LONGEST];
  return setting("clock", text) ? atol(text) : 0;
}

int clock_gettime(clockid_t id, struct timespec *time) {
  int result = REAL(clock_gettime)(id, time);
  if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) time->tv_sec += clock_shift();
  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  int result = REAL(gettimeofday)(time, zone);
  if (result == 0) time->tv_sec += clock_shift();
  return result;
}

time_t time(time_t *out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != NULL) *out = now.tv_sec;
  return now.tv_sec;
}

/* Whether what changes this path is to fail; errno then says why. */
static int fails(const char *path) {
  char text[LONGEST], prefix[LONGEST];
  int number;
  if (path == NULL || !setting("disk", text) || sscanf(text, "%d %4095[^\n]", &number, prefix) != 2) return 0;
  if (strncmp(path, prefix, strlen(prefix)) != 0) return 0;
  errno = number;
  return 1;
}

static int fails_at(int file) {
  char link[64], path[LONGEST];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  int before = errno;
  long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  errno = before;
  if (length < 0) return 0;
  path[length] = 0;
  return fails(path);
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  char text[LONGEST], other[LONGEST];
  if (strcmp(path, "/proc/uptime") == 0 && setting("uptime", text)) {
    snprintf(other, sizeof other, "%s/uptime", getenv("FAULTS_MACHINE"));
    path = other;
  }
  if ((flags & O_CREAT) && fails(path)) return -1;
  return REAL(open64)(path, flags, mode);
}

ssize_t write(int file, const void *bytes, size_t length) {
  return fails_at(file) ? -1 : REAL(write)(file, bytes, length);
}

ssize_t writev(int file, const struct iovec *pieces, int count) {
  return fails_at(file) ? -1 : REAL(writev)(file, pieces, count);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at) {
  return fails_at(file) ? -1 : REAL(pwrite64)(file, bytes, length, at);
}

ssize_t pwritev64(int file, const struct iovec *pieces, int count, off64_t at) {
  return fails_at(file) ? -1 : REAL(pwritev64)(file, pieces, count, at);
}

int fsync(int file) { return fails_at(file) ? -1 : REAL(fsync)(file); }

int fdatasync(int file) { return fails_at(file) ? -1 : REAL(fdatasync)(file); }

int mkdir(const char *path, mode_t mode) { return fails(path) ? -1 : REAL(mkdir)(path, mode); }

int rename(const char *from, const char *to) {
  static int renames;
  char text[LONGEST], when[16], prefix[LONGEST];
  int wanted = 0, dies = 0;
  if (fails(to)) return -1;
  if (setting("rename", text) && sscanf(text, "%d %15s %4095[^\n]", &wanted, when, prefix) == 3)
    dies = strncmp(to, prefix, strlen(prefix)) == 0 && __atomic_add_fetch(&renames, 1, __ATOMIC_SEQ_CST) == wanted;
  if (dies && strcmp(when, "before") == 0) kill(getpid(), SIGKILL);
  int result = REAL(rename)(from, to);
  if (dies) kill(getpid(), SIGKILL);
  return result;
}
