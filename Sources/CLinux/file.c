#define _GNU_SOURCE
#include "clinux_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define RETRY(result, call)                           \
    do {                                              \
        (result) = (call);                            \
    } while ((result) < 0 && errno == EINTR)

bool hf_is_again(long code) { return code == -EAGAIN || code == -EWOULDBLOCK; }

void hf_error_text(int code, char *text, size_t size) {
    if (size == 0) return;
    const char *found = strerrordesc_np(code);
    snprintf(text, size, "%s", found ? found : "unknown error");
}

const char *hf_error_name(int code) {
    const char *found = strerrorname_np(code);
    return found ? found : "E?";
}

int hf_open(const char *path, unsigned how, unsigned mode) {
    int flags = O_CLOEXEC | O_NOCTTY;
    if ((how & HF_READ) && (how & HF_WRITE)) flags |= O_RDWR;
    else if (how & HF_WRITE) flags |= O_WRONLY;
    else flags |= O_RDONLY;
    if (how & HF_CREATE) flags |= O_CREAT;
    if (how & HF_EXCLUSIVE) flags |= O_EXCL;
    if (how & HF_TRUNCATE) flags |= O_TRUNC;
    if (how & HF_DIRECT) flags |= O_DIRECT;
    if (how & HF_SYNCED) flags |= O_DSYNC;
    if (how & HF_DIRECTORY) flags |= O_DIRECTORY;
    if (how & HF_NONBLOCK) flags |= O_NONBLOCK;
    if (how & HF_APPEND) flags |= O_APPEND;
    if (how & HF_NOFOLLOW) flags |= O_NOFOLLOW;
    int fd;
    RETRY(fd, open(path, flags, (mode_t)mode));
    return fd < 0 ? -errno : fd;
}

/* close(2) is never retried: on Linux the descriptor is gone even after EINTR. */
int hf_close(int fd) { return close(fd) < 0 && errno != EINTR ? -errno : 0; }

int hf_duplicate(int fd) {
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    return copy < 0 ? -errno : copy;
}

int hf_set_cloexec(int fd, bool on) { return fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0) < 0 ? -errno : 0; }

int hf_set_nonblocking(int fd, bool on) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return -errno;
    flags = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
    return fcntl(fd, F_SETFL, flags) < 0 ? -errno : 0;
}

long hf_read(int fd, void *buffer, size_t count) {
    ssize_t result;
    RETRY(result, read(fd, buffer, count));
    return result < 0 ? -errno : result;
}

long hf_write(int fd, const void *buffer, size_t count) {
    ssize_t result;
    RETRY(result, write(fd, buffer, count));
    return result < 0 ? -errno : result;
}

long hf_pread(int fd, void *buffer, size_t count, uint64_t offset) {
    ssize_t result;
    RETRY(result, pread(fd, buffer, count, (off_t)offset));
    return result < 0 ? -errno : result;
}

long hf_pwrite(int fd, const void *buffer, size_t count, uint64_t offset) {
    ssize_t result;
    RETRY(result, pwrite(fd, buffer, count, (off_t)offset));
    return result < 0 ? -errno : result;
}

int hf_fsync(int fd) {
    int result;
    RETRY(result, fsync(fd));
    return result < 0 ? -errno : 0;
}

int hf_fdatasync(int fd) {
    int result;
    RETRY(result, fdatasync(fd));
    return result < 0 ? -errno : 0;
}

int hf_truncate(int fd, uint64_t size) {
    int result;
    RETRY(result, ftruncate(fd, (off_t)size));
    return result < 0 ? -errno : 0;
}

int hf_rename(const char *from, const char *to) { return rename(from, to) < 0 ? -errno : 0; }
int hf_unlink(const char *path) { return unlink(path) < 0 ? -errno : 0; }
int hf_make_directory(const char *path, unsigned mode) { return mkdir(path, (mode_t)mode) < 0 ? -errno : 0; }
int hf_remove_directory(const char *path) { return rmdir(path) < 0 ? -errno : 0; }
int hf_change_mode(const char *path, unsigned mode) { return chmod(path, (mode_t)mode) < 0 ? -errno : 0; }

static int store_status(int result, const struct stat *found, struct hf_file_status *status) {
    if (result < 0) return -errno;
    status->kind = HF_KIND_OTHER;
    if (S_ISREG(found->st_mode)) status->kind = HF_KIND_REGULAR;
    if (S_ISBLK(found->st_mode)) status->kind = HF_KIND_BLOCK;
    if (S_ISCHR(found->st_mode)) status->kind = HF_KIND_CHARACTER;
    if (S_ISDIR(found->st_mode)) status->kind = HF_KIND_DIRECTORY;
    status->mode = found->st_mode & 07777;
    status->owner = found->st_uid;
    status->device_major = major(found->st_rdev);
    status->device_minor = minor(found->st_rdev);
    status->size = (uint64_t)found->st_size;
    status->inode = found->st_ino;
    status->filesystem = found->st_dev;
    return 0;
}

int hf_status_of_fd(int fd, struct hf_file_status *status) {
    struct stat found;
    return store_status(fstat(fd, &found), &found, status);
}

int hf_status_of_path(const char *path, struct hf_file_status *status) {
    struct stat found;
    return store_status(stat(path, &found), &found, status);
}

long hf_read_link(const char *path, char *text, size_t size) {
    ssize_t result = readlink(path, text, size);
    return result < 0 ? -errno : result;
}

void *hf_directory_open(const char *path, int *error) {
    DIR *directory = opendir(path);
    *error = directory ? 0 : errno;
    return directory;
}

int hf_directory_next(void *directory, char *name, size_t size) {
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(directory);
        if (!entry) return errno ? -errno : 0;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        snprintf(name, size, "%s", entry->d_name);
        return 1;
    }
}

void hf_directory_close(void *directory) { closedir(directory); }

int hf_block_size(int fd, uint64_t *bytes, uint32_t *logical_block) {
    int block = 0;
    if (ioctl(fd, BLKGETSIZE64, bytes) < 0) return -errno;
    if (ioctl(fd, BLKSSZGET, &block) < 0) return -errno;
    *logical_block = (uint32_t)block;
    return 0;
}

int hf_drop_cache(int fd, bool is_block_device) {
    if (is_block_device) return ioctl(fd, BLKFLSBUF, 0) < 0 ? -errno : 0;
    return -posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
}

static int set_lock(int fd, short type) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLK, &lock) == 0) return 0;
    return errno == EACCES ? -EAGAIN : -errno;
}

int hf_lock(int fd, bool exclusive) { return set_lock(fd, exclusive ? F_WRLCK : F_RDLCK); }
int hf_unlock(int fd) { return set_lock(fd, F_UNLCK); }

void *hf_allocate_aligned(size_t alignment, size_t size) {
    void *memory = NULL;
    return posix_memalign(&memory, alignment, size) == 0 ? memory : NULL;
}

void hf_free(void *memory) { free(memory); }

int hf_random(void *buffer, size_t count) {
    unsigned char *next = buffer;
    while (count > 0) {
        ssize_t got;
        RETRY(got, getrandom(next, count, 0));
        if (got < 0) return -errno;
        next += got;
        count -= (size_t)got;
    }
    return 0;
}
