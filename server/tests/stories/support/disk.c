/* Simulates a disk that is full, stores wrong bytes, or loses power. The tests preload this library into a server
 * (LD_PRELOAD); support/disk.rs builds it.
 *
 * The library affects the files directly inside DISK_FOLDER:
 * - While the file DISK_FULL exists, a write that would make a file longer fails with ENOSPC.
 * - While the file DISK_FAULTY exists, a write at an offset of FAULTY_FROM or more stores the inverse of each byte.
 * - fsync and fdatasync copy the file to the folder DISK_DURABLE. A rename reaches that folder with the next fsync of
 *   DISK_FOLDER itself, and a removal with the next fsync of any file or folder, as journaling file systems order
 *   them. After a power cut, the disk holds only the files in DISK_DURABLE.
 *
 * Each of the four variables may be unset. SQLite's -shm file, which the server maps into memory, is never copied:
 * SQLite doesn't sync that file either, and rebuilds it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_RENAMES 64
#define FAULTY_FROM (64 * 1024)

static const char *folder, *durable, *full, *faulty;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct { char from[NAME_MAX + 1], to[NAME_MAX + 1]; } renames[MAX_RENAMES];
static int n_renames;
static char removed[MAX_RENAMES][NAME_MAX + 1];
static int n_removed;

__attribute__((constructor)) static void start(void) {
    folder = getenv("DISK_FOLDER");
    durable = getenv("DISK_DURABLE");
    full = getenv("DISK_FULL");
    faulty = getenv("DISK_FAULTY");
}

static void fail(const char *what) {
    perror(what);
    abort();
}

/* Returns the name of a file directly inside the folder, "" for the folder itself, NULL for every other path. */
static const char *name_in_folder(const char *path) {
    size_t length = folder ? strlen(folder) : 0;
    if (!folder || strncmp(path, folder, length) != 0) return NULL;
    if (path[length] == '\0') return path + length;
    return path[length] == '/' && !strchr(path + length + 1, '/') ? path + length + 1 : NULL;
}

/* Like name_in_folder, for an open file. `path` must have room for PATH_MAX bytes. */
static const char *name_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return NULL;
    path[length] = '\0';
    return name_in_folder(path);
}

static int has_no_room(int fd, size_t n_bytes, off_t offset) {
    char path[PATH_MAX];
    struct stat file;
    if (!full || access(full, F_OK) != 0 || !name_of(fd, path) || fstat(fd, &file) != 0) return 0;
    if (offset < 0) offset = lseek(fd, 0, SEEK_CUR);
    if (offset + (off_t)n_bytes <= file.st_size) return 0;
    errno = ENOSPC;
    return 1;
}

/* Returns the bytes that a write stores. `inverse` has room for FAULTY_FROM bytes; SQLite writes a page at a time. */
static const void *stored(int fd, const void *bytes, size_t n_bytes, off_t offset, unsigned char *inverse) {
    char path[PATH_MAX];
    if (offset < 0) offset = lseek(fd, 0, SEEK_CUR);
    if (offset < FAULTY_FROM || !faulty || access(faulty, F_OK) != 0 || !name_of(fd, path)) return bytes;
    if (n_bytes > FAULTY_FROM) fail("disk.c: a write of many pages");
    for (size_t i = 0; i < n_bytes; i++) inverse[i] = ~((const unsigned char *)bytes)[i];
    return inverse;
}

ssize_t write(int fd, const void *bytes, size_t n_bytes) {
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) real = dlsym(RTLD_NEXT, "write");
    unsigned char inverse[FAULTY_FROM];
    return has_no_room(fd, n_bytes, -1) ? -1 : real(fd, stored(fd, bytes, n_bytes, -1, inverse), n_bytes);
}

ssize_t pwrite(int fd, const void *bytes, size_t n_bytes, off_t offset) {
    static ssize_t (*real)(int, const void *, size_t, off_t);
    if (!real) real = dlsym(RTLD_NEXT, "pwrite");
    unsigned char inverse[FAULTY_FROM];
    if (has_no_room(fd, n_bytes, offset)) return -1;
    return real(fd, stored(fd, bytes, n_bytes, offset, inverse), n_bytes, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t n_bytes, off64_t offset) {
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
    unsigned char inverse[FAULTY_FROM];
    if (has_no_room(fd, n_bytes, offset)) return -1;
    return real(fd, stored(fd, bytes, n_bytes, offset, inverse), n_bytes, offset);
}

int rename(const char *from, const char *to) {
    static int (*real)(const char *, const char *);
    if (!real) real = dlsym(RTLD_NEXT, "rename");
    int outcome = real(from, to);
    const char *from_name = name_in_folder(from), *to_name = name_in_folder(to);
    if (outcome != 0 || !durable || !from_name || !to_name) return outcome;
    pthread_mutex_lock(&lock);
    if (n_renames == MAX_RENAMES) fail("disk.c: too many renames between two syncs of the folder");
    strcpy(renames[n_renames].from, from_name);
    strcpy(renames[n_renames++].to, to_name);
    pthread_mutex_unlock(&lock);
    return 0;
}

int unlink(const char *path) {
    static int (*real)(const char *);
    if (!real) real = dlsym(RTLD_NEXT, "unlink");
    int outcome = real(path);
    const char *name = name_in_folder(path);
    if (outcome != 0 || !durable || !name) return outcome;
    pthread_mutex_lock(&lock);
    if (n_removed == MAX_RENAMES) fail("disk.c: too many removals between two syncs");
    strcpy(removed[n_removed++], name);
    pthread_mutex_unlock(&lock);
    return 0;
}

/* The caller holds the lock. A new file may have a removed name; that file was not synced yet. */
static void remove_durably(void) {
    static int (*real)(const char *);
    if (!real) real = dlsym(RTLD_NEXT, "unlink");
    for (int i = 0; i < n_removed; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", durable, removed[i]);
        if (real(path) != 0 && errno != ENOENT) fail("disk.c: unlink");
    }
    n_removed = 0;
}

static void rename_durably(const char *from, const char *to) {
    static int (*real)(const char *, const char *);
    if (!real) real = dlsym(RTLD_NEXT, "rename");
    char from_path[PATH_MAX], to_path[PATH_MAX];
    snprintf(from_path, sizeof from_path, "%s/%s", durable, from);
    snprintf(to_path, sizeof to_path, "%s/%s", durable, to);
    /* A file that was never synced has no durable copy to rename (ENOENT). */
    if (real(from_path, to_path) != 0 && errno != ENOENT) fail("disk.c: rename");
}

static void sync_folder(void) {
    pthread_mutex_lock(&lock);
    remove_durably();
    for (int i = 0; i < n_renames; i++) rename_durably(renames[i].from, renames[i].to);
    n_renames = 0;
    pthread_mutex_unlock(&lock);
}

/* Writes to a temporary file and renames it, so that a kill during the copy leaves the older copy complete. */
static void sync_file(int fd, const char *name) {
    char copy_path[PATH_MAX];
    snprintf(copy_path, sizeof copy_path, "%s/.copy", durable);
    pthread_mutex_lock(&lock);
    remove_durably();
    int copy = open(copy_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (copy < 0) fail("disk.c: open");
    static char bytes[1 << 16];
    off_t offset = 0;
    ssize_t n_bytes;
    while ((n_bytes = pread(fd, bytes, sizeof bytes, offset)) > 0) {
        if (pwrite(copy, bytes, n_bytes, offset) != n_bytes) fail("disk.c: pwrite");
        offset += n_bytes;
    }
    if (n_bytes < 0) fail("disk.c: pread");
    close(copy);
    rename_durably(".copy", name);
    pthread_mutex_unlock(&lock);
}

static int is_synced(int fd) {
    char path[PATH_MAX];
    const char *name = durable ? name_of(fd, path) : NULL;
    if (!name) return 0;
    if (*name) sync_file(fd, name);
    else sync_folder();
    return 1;
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fsync");
    return is_synced(fd) ? 0 : real(fd);
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    return is_synced(fd) ? 0 : real(fd);
}
