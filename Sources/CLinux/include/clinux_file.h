/* Files, devices, locks and errors. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a file is to be opened; combined by |. */
enum {
    HF_READ = 1,       /* O_RDONLY, or with HF_WRITE O_RDWR */
    HF_WRITE = 2,      /* O_WRONLY, or with HF_READ O_RDWR */
    HF_CREATE = 4,     /* O_CREAT */
    HF_EXCLUSIVE = 8,  /* O_EXCL */
    HF_TRUNCATE = 16,  /* O_TRUNC */
    HF_DIRECT = 32,    /* O_DIRECT: past the page cache */
    HF_SYNCED = 64,    /* O_DSYNC: a write returns once it is on the medium */
    HF_DIRECTORY = 128,/* O_DIRECTORY */
    HF_NONBLOCK = 256, /* O_NONBLOCK */
    HF_APPEND = 512,   /* O_APPEND */
    HF_NOFOLLOW = 1024,/* O_NOFOLLOW */
};

/* What a path or descriptor is. */
enum { HF_KIND_OTHER = 0, HF_KIND_REGULAR = 1, HF_KIND_BLOCK = 2, HF_KIND_CHARACTER = 3,
       HF_KIND_DIRECTORY = 4 };

struct hf_file_status {
    int32_t kind;
    uint32_t mode;        /* permission bits */
    uint32_t owner;       /* uid */
    uint32_t device_major;/* of a device node */
    uint32_t device_minor;
    uint64_t size;        /* bytes, of a regular file */
    uint64_t inode;
    uint64_t filesystem;  /* st_dev */
};

/* Whether -code is EAGAIN or EWOULDBLOCK. */
bool hf_is_again(long code);
/* Text of an errno value, into `text`; always ends with 0. */
void hf_error_text(int code, char *text, size_t size);
/* Name of an errno value such as "EIO"; "E?" when unknown. */
const char *hf_error_name(int code);

int hf_open(const char *path, unsigned how, unsigned mode);
int hf_close(int fd);
/* dup with O_CLOEXEC. */
int hf_duplicate(int fd);
int hf_set_cloexec(int fd, bool on);
int hf_set_nonblocking(int fd, bool on);
long hf_read(int fd, void *buffer, size_t count);
long hf_write(int fd, const void *buffer, size_t count);
long hf_pread(int fd, void *buffer, size_t count, uint64_t offset);
long hf_pwrite(int fd, const void *buffer, size_t count, uint64_t offset);
int hf_fsync(int fd);
int hf_fdatasync(int fd);
int hf_truncate(int fd, uint64_t size);
int hf_rename(const char *from, const char *to);
int hf_unlink(const char *path);
int hf_make_directory(const char *path, unsigned mode);
int hf_remove_directory(const char *path);
int hf_change_mode(const char *path, unsigned mode);
int hf_status_of_fd(int fd, struct hf_file_status *status);
int hf_status_of_path(const char *path, struct hf_file_status *status);
/* readlink; the length, the text is not ended with 0. */
long hf_read_link(const char *path, char *text, size_t size);
/* The next name of a directory; 1 = a name, 0 = the end. `directory` comes from hf_directory_open; both
   allocate. */
void *hf_directory_open(const char *path, int *error);
int hf_directory_next(void *directory, char *name, size_t size);
void hf_directory_close(void *directory);

/* Size in bytes and logical block size of a block device: BLKGETSIZE64, BLKSSZGET. */
int hf_block_size(int fd, uint64_t *bytes, uint32_t *logical_block);
/* Drops the page cache of a block device (BLKFLSBUF) or of a file (POSIX_FADV_DONTNEED). */
int hf_drop_cache(int fd, bool is_block_device);

/* Open-file-description lock over the whole file, held until the last duplicate of `fd` is closed. Does
   not wait: -EAGAIN when another description holds it. */
int hf_lock(int fd, bool exclusive);
int hf_unlock(int fd);

/* 64-byte-or-more aligned memory for O_DIRECT; allocates. NULL when there is none. */
void *hf_allocate_aligned(size_t alignment, size_t size);
void hf_free(void *memory);
/* Random bytes from the kernel. */
int hf_random(void *buffer, size_t count);
