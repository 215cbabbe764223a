/* The least that a program must do to turn one of the benchmark's images into a tar: read it, merge its layers and
 * write the same bytes as undocker. It knows the forms that MakeImage.java writes and nothing else, checks nothing but
 * digests, and never frees: what it takes is the floor that undocker is measured against.
 *
 *   floor [-v] [-d] IMAGE OUT      IMAGE: docker.tar or an OCI layout with gzip or zstd layers; -v verifies digests,
 *                                  -d makes OUT a directory
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <isa-l.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <zstd.h>

#define BLOCK 512
#define CHUNK (256 << 10)
#define MOST_LAYERS 1024
#define THREADS 2

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void *allocate(size_t size) {
    void *memory = calloc(1, size);
    if (!memory) die("memory");
    return memory;
}

/* As many bytes as there are, up to size. */
static size_t read_at(int file, void *into, size_t size, off_t at) {
    size_t done = 0;
    while (done < size) {
        ssize_t count = pread(file, (char *)into + done, size - done, at + done);
        if (count < 0) die("read");
        if (count == 0) break;
        done += count;
    }
    return done;
}

static void write_at(int file, const void *from, size_t size, off_t at) {
    for (size_t done = 0; done < size;) {
        ssize_t count = pwrite(file, (const char *)from + done, size - done, at + done);
        if (count < 0) die("write");
        done += count;
    }
}

/* ---- entries of layers, and the tree that they make ---- */

typedef struct {
    char type;
    unsigned mode, uid, gid, major, minor;
    long mtime, size;
    char *target;
    int file; /* where the content lies */
    off_t offset;
    char *first; /* the name that the output gave it */
} inode;

/* What a thread takes next of the work that all share. */
static int next_piece;

static int take(int count) {
    int taken = __atomic_fetch_add(&next_piece, 1, __ATOMIC_RELAXED);
    return taken < count ? taken : -1;
}

static void start(void *(*work)(void *), pthread_t *threads) {
    next_piece = 0;
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, work, NULL)) die("thread");
}

static void join(pthread_t *threads) {
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
}

typedef struct entry {
    char *path; /* without a slash at the end; "" is the root */
    inode *node;
    char *link; /* the target of a hard link */
    struct entry *next;
} entry;

typedef struct name {
    char *path;
    inode *node;
    int linked;
    struct name *parent, *first, *last, *previous, *next, *bucket;
} name;

#define BUCKETS (1 << 21)
static name **buckets;
static name root = {.path = ""};

static name **place(const char *path) {
    uint64_t hash = 14695981039346656037u;
    for (const char *at = path; *at; at++) hash = (hash ^ (unsigned char)*at) * 1099511628211u;
    name **found = &buckets[(hash ^ hash >> 32) & (BUCKETS - 1)];
    while (*found && strcmp((*found)->path, path)) found = &(*found)->bucket;
    return found;
}

static name *find(const char *path) { return *path ? *place(path) : &root; }

static void forget(name *top) {
    for (name *child = top->first; child; child = child->next) forget(child);
    name **found = place(top->path);
    *found = top->bucket;
}

static void cut(name *top) {
    *(top->previous ? &top->previous->next : &top->parent->first) = top->next;
    *(top->next ? &top->next->previous : &top->parent->last) = top->previous;
    forget(top);
}

static name *create(char *path, inode *node);

static name *directory(char *path) {
    char *slash = strrchr(path, '/');
    char *up = slash ? strndup(path, slash - path) : "";
    name *found = find(up);
    if (found) return found;
    inode *implied = allocate(sizeof *implied);
    *implied = (inode){.type = '5', .mode = 0755};
    return create(up, implied);
}

static name *create(char *path, inode *node) {
    name *made = allocate(sizeof *made);
    *made = (name){.path = path, .node = node, .parent = directory(path)};
    made->previous = made->parent->last;
    *(made->previous ? &made->previous->next : &made->parent->first) = made;
    made->parent->last = made;
    *place(path) = made;
    return made;
}

static name *put(char *path, inode *node) {
    name *old = find(path);
    if (old && (old->node == node || old->node->type == '5' && node->type == '5')) {
        old->node = node;
        return old;
    }
    if (old) cut(old);
    return create(path, node);
}

static void apply(entry *layer) {
    for (entry *at = layer; at; at = at->next) {
        char *slash = strrchr(at->path, '/'), *last = slash ? slash + 1 : at->path;
        if (strncmp(last, ".wh.", 4)) continue;
        char *up = slash ? strndup(at->path, slash - at->path) : "";
        name *hidden;
        if (!strcmp(last, ".wh..wh..opq")) {
            name *top = find(up);
            while (top && top->first) cut(top->first);
        } else {
            char *path;
            if (asprintf(&path, "%s%s%s", up, *up ? "/" : "", last + 4) < 0) die("memory");
            if ((hidden = find(path))) cut(hidden);
        }
        at->path = NULL;
    }
    for (entry *at = layer; at; at = at->next) {
        if (!at->path) continue;
        if (at->link) {
            name *target = find(at->link);
            target->linked = 1;
            put(at->path, target->node)->linked = 1;
        } else if (*at->path) {
            put(at->path, at->node);
        } else {
            root.node = at->node;
        }
    }
}

/* ---- the tar format, read ---- */

typedef struct {
    int file; /* where contents lie */
    char *path, *target;
    long size; /* from a PAX header, else −1 */
    entry *first, **last;
} reader;

static reader *new_reader(int file) {
    reader *made = allocate(sizeof *made);
    made->file = file;
    made->size = -1;
    made->last = &made->first;
    return made;
}

static long octal(const char *field, int width) {
    long value = 0;
    for (int i = 0; i < width && field[i]; i++)
        if (field[i] >= '0') value = value * 8 + field[i] - '0';
    return value;
}

static void pax(reader *in, char *records, long size) {
    for (char *at = records; at < records + size;) {
        long length = strtol(at, NULL, 10);
        char *key = strchr(at, ' ') + 1, *value = strchr(key, '=') + 1;
        at[length - 1] = 0;
        if (!strncmp(key, "path=", 5)) in->path = strdup(value);
        if (!strncmp(key, "linkpath=", 9)) in->target = strdup(value);
        if (!strncmp(key, "size=", 5)) in->size = atol(value);
        at += length;
    }
}

static char *trimmed(char *path) {
    if (!strncmp(path, "./", 2)) path += 2;
    size_t length = strlen(path);
    if (length && path[length - 1] == '/') path[length - 1] = 0;
    return path;
}

/* Takes one header; at is where what follows it lies. Returns the size of that. */
static long header(reader *in, char *block, off_t at) {
    long size = in->size >= 0 ? in->size : octal(block + 124, 12);
    if (block[156] == 'x') return size;
    char *path = in->path, *target = in->target;
    if (!path) {
        int split = block[345] != 0;
        if (asprintf(&path, "%.155s%s%.100s", block + 345, split ? "/" : "", block) < 0) die("memory");
    }
    if (!target) target = strndup(block + 157, 100);
    entry *made = allocate(sizeof *made);
    made->path = trimmed(path);
    if (block[156] == '1') {
        made->link = trimmed(target);
        size = 0;
    } else {
        made->node = allocate(sizeof *made->node);
        *made->node = (inode){.type = block[156], .mode = octal(block + 100, 8) & 07777, .uid = octal(block + 108, 8),
            .gid = octal(block + 116, 8), .mtime = octal(block + 136, 12), .major = octal(block + 329, 8),
            .minor = octal(block + 337, 8), .target = target, .size = size, .file = in->file, .offset = at};
    }
    *in->last = made;
    in->last = &made->next;
    in->path = in->target = NULL;
    in->size = -1;
    return size;
}

static long padded(long size) { return (size + BLOCK - 1) / BLOCK * BLOCK; }

/* The entries of a tar that lies in a file. */
static entry *index_slice(int file, off_t from, off_t end) {
    reader *in = new_reader(file);
    char block[BLOCK];
    for (off_t at = from; at < end;) {
        if (read_at(file, block, BLOCK, at) < BLOCK || !*block) break;
        at += BLOCK;
        long size = header(in, block, at);
        if (block[156] == 'x') {
            char *records = allocate(size + 1);
            read_at(file, records, size, at);
            pax(in, records, size);
        }
        at += padded(size);
    }
    return in->first;
}

/* ---- the tar format, written ---- */

static int out;
static char buffer[CHUNK];
static size_t filled;

static void flush(void) {
    for (size_t done = 0; done < filled;) {
        ssize_t count = write(out, buffer + done, filled - done);
        if (count < 0) die("write");
        done += count;
    }
    filled = 0;
}

static char *room(size_t size) {
    if (filled + size > CHUNK) flush();
    filled += size;
    return memset(buffer + filled - size, 0, size);
}

static void content(inode *node) {
    for (long done = 0; done < node->size;) {
        if (filled == CHUNK) flush();
        size_t size = CHUNK - filled;
        if ((long)size > node->size - done) size = node->size - done;
        if (read_at(node->file, buffer + filled, size, node->offset + done) < size) die("truncated");
        filled += size;
        done += size;
    }
    long padding = padded(node->size) - node->size;
    if (padding) room(padding);
}

static void octals(char *field, int width, unsigned long value) {
    for (int i = width - 2; i >= 0; i--, value >>= 3) field[i] = '0' + (value & 7);
}

static void finish(char *block) {
    unsigned sum = 8 * ' ';
    memcpy(block + 257, "ustar\00000", 8);
    for (int i = 0; i < BLOCK; i++) sum += (unsigned char)block[i];
    octals(block + 148, 7, sum);
    block[155] = ' ';
}

static int record(char *into, const char *key, const char *value) {
    int payload = strlen(key) + strlen(value) + 3, length = payload + 1;
    while (payload + snprintf(NULL, 0, "%d", length) != length) length = payload + snprintf(NULL, 0, "%d", length);
    return sprintf(into, "%d %s=%s\n", length, key, value);
}

/* Where a path is cut into prefix and name: 0 nowhere, −1 it does not fit. */
static int split(const char *path, int length) {
    if (length <= 100) return 0;
    if (length > 256) return -1;
    for (int i = length - 2 < 155 ? length - 2 : 155; i >= length - 101; i--)
        if (i > 0 && path[i] == '/') return i;
    return -1;
}

static void member(const char *name, char type, inode *node, const char *target, long size) {
    char path[8192], records[17000];
    int length = sprintf(path, "%s%s", *name ? name : ".", type == '5' ? "/" : "");
    int cut = split(path, length), extended = 0;
    if (strlen(target) > 100) extended += record(records + extended, "linkpath", target);
    if (cut < 0) extended += record(records + extended, "path", path);
    if (extended) {
        char *block = room(BLOCK);
        strcpy(block, "././@PaxHeader");
        octals(block + 100, 8, 0644), octals(block + 108, 8, 0), octals(block + 116, 8, 0);
        octals(block + 124, 12, extended), octals(block + 136, 12, 0), octals(block + 329, 8, 0);
        octals(block + 337, 8, 0);
        block[156] = 'x';
        finish(block);
        memcpy(room(padded(extended)), records, extended);
    }
    char *block = room(BLOCK);
    if (cut > 0) {
        memcpy(block + 345, path, cut);
        memcpy(block, path + cut + 1, length - cut - 1);
    } else {
        memcpy(block, path, length < 100 ? length : 100);
    }
    octals(block + 100, 8, node->mode), octals(block + 108, 8, node->uid), octals(block + 116, 8, node->gid);
    octals(block + 124, 12, size), octals(block + 136, 12, node->mtime);
    octals(block + 329, 8, node->major), octals(block + 337, 8, node->minor);
    block[156] = type;
    memcpy(block + 157, target, strnlen(target, 100));
    finish(block);
}

static void emit(name *at) {
    inode *node = at->node;
    if (at->linked && node->first) {
        member(at->path, '1', node, node->first, 0);
    } else {
        if (at->linked) node->first = at->path;
        long size = node->type == '0' ? node->size : 0;
        member(at->path, node->type, node, node->type == '2' ? node->target : "", size);
        if (size) content(node);
    }
    for (name *child = at->first; child; child = child->next) emit(child);
}

/* ---- a directory, written ---- */

static name **files, **directories; /* in output order */
static int file_count, directory_count;

static int parent_of(name *at, name **known, int *parent) {
    if (*known == at->parent) return *parent;
    if (*known) close(*parent);
    *known = at->parent;
    *parent = openat(out, *at->parent->path ? at->parent->path : ".", O_PATH | O_DIRECTORY | O_NOFOLLOW);
    if (*parent < 0) die(at->parent->path);
    return *parent;
}

static const char *last_of(name *at) {
    char *slash = strrchr(at->path, '/');
    return slash ? slash + 1 : at->path;
}

static void make_directories(name *at) {
    for (name *child = at->first; child; child = child->next) {
        if (child->node->type != '5') {
            files[file_count++] = child;
            continue;
        }
        if (mkdirat(out, child->path, 0700)) die(child->path);
        directories[directory_count++] = child;
        make_directories(child);
    }
}

static void regular(int parent, name *at, char *bytes) {
    inode *node = at->node;
    int file = openat(parent, last_of(at), O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (file < 0) die(at->path);
    for (long done = 0; done < node->size;) {
        size_t size = node->size - done < CHUNK ? node->size - done : CHUNK;
        if (!(size = read_at(node->file, bytes, size, node->offset + done))) die("truncated");
        write_at(file, bytes, size, done);
        done += size;
    }
    struct timespec times[2] = {{.tv_sec = node->mtime}, {.tv_sec = node->mtime}};
    if (node->uid | node->gid && fchown(file, node->uid, node->gid)) die(at->path);
    if (fchmod(file, node->mode) || futimens(file, times)) die(at->path);
    close(file);
}

static void special(int parent, name *at) {
    inode *node = at->node;
    const char *last = last_of(at);
    mode_t kind = node->type == '3' ? S_IFCHR : node->type == '4' ? S_IFBLK : S_IFIFO;
    struct timespec times[2] = {{.tv_sec = node->mtime}, {.tv_sec = node->mtime}};
    if (node->type == '2' ? symlinkat(node->target, parent, last)
                          : mknodat(parent, last, kind | 0600, makedev(node->major, node->minor)))
        die(at->path);
    if (node->uid | node->gid && fchownat(parent, last, node->uid, node->gid, AT_SYMLINK_NOFOLLOW)) die(at->path);
    if (node->type != '2' && fchmodat(parent, last, node->mode, 0)) die(at->path);
    if (utimensat(parent, last, times, AT_SYMLINK_NOFOLLOW)) die(at->path);
}

/* A thread that makes files. What another name of the same inode was made of becomes a link later. */
static void *make_files(void *unused) {
    char *bytes = allocate(CHUNK);
    name *known = NULL;
    int parent = -1;
    for (int piece; (piece = take((file_count + 63) / 64)) >= 0;) {
        for (int i = piece * 64; i < file_count && i < piece * 64 + 64; i++) {
            name *at = files[i];
            if (at->linked && at->node->first != at->path) continue;
            parent_of(at, &known, &parent);
            if (at->node->type == '0') regular(parent, at, bytes);
            else special(parent, at);
        }
    }
    return unused;
}

static void make_tree(const char *path) {
    if (mkdir(path, 0700) || (out = open(path, O_RDONLY | O_DIRECTORY)) < 0) die(path);
    files = allocate(BUCKETS * sizeof *files);
    directories = allocate(BUCKETS * sizeof *directories);
    directories[directory_count++] = &root;
    make_directories(&root);
    for (int i = 0; i < file_count; i++)
        if (files[i]->linked && !files[i]->node->first) files[i]->node->first = files[i]->path;
    pthread_t threads[THREADS];
    start(make_files, threads);
    join(threads);
    for (int i = 0; i < file_count; i++)
        if (files[i]->linked && files[i]->node->first != files[i]->path &&
            linkat(out, files[i]->node->first, out, files[i]->path, 0))
            die(files[i]->path);
    while (directory_count--) {
        name *at = directories[directory_count];
        const char *where = *at->path ? at->path : ".";
        struct timespec times[2] = {{.tv_sec = at->node->mtime}, {.tv_sec = at->node->mtime}};
        if (fchownat(out, where, at->node->uid, at->node->gid, 0) || fchmodat(out, where, at->node->mode, 0) ||
            utimensat(out, where, times, 0))
            die(at->path);
    }
}

/* ---- layers ---- */

typedef struct {
    int file; /* where it is stored, and after decoding where its tar lies */
    off_t offset, size;
    char digest[65], diff_id[65];
    entry *entries;
} layer;

static layer layers[MOST_LAYERS];
static int count, verify;

static EVP_MD_CTX *digest(void) {
    EVP_MD_CTX *made = EVP_MD_CTX_new();
    EVP_DigestInit_ex(made, EVP_sha256(), NULL);
    return made;
}

static void require(EVP_MD_CTX *sum, const char *wanted) {
    unsigned char bytes[32];
    char text[65];
    EVP_DigestFinal_ex(sum, bytes, NULL);
    for (int i = 0; i < 32; i++) sprintf(text + 2 * i, "%02x", bytes[i]);
    if (strcmp(text, wanted)) {
        fprintf(stderr, "digest: %s, not %s\n", text, wanted);
        exit(1);
    }
    EVP_MD_CTX_free(sum);
}

/* A thread that verifies layers which lie uncompressed. */
static void *check(void *unused) {
    char *chunk = allocate(CHUNK);
    for (int i; (i = take(count)) >= 0;) {
        EVP_MD_CTX *sum = digest();
        for (off_t done = 0; done < layers[i].size;) {
            size_t size = layers[i].size - done < CHUNK ? layers[i].size - done : CHUNK;
            done += size = read_at(layers[i].file, chunk, size, layers[i].offset + done);
            EVP_DigestUpdate(sum, chunk, size);
        }
        require(sum, layers[i].diff_id);
    }
    return unused;
}

/* Finds the headers in a tar that passes by. */
typedef struct {
    reader *in;
    off_t at, next; /* how much has passed, and where the next header or PAX record begins */
    char *wanted;   /* what is collected now: a header, or PAX records */
    long size, collected;
    int extended, ended;
} scanner;

static void scan(scanner *tar, const char *bytes, size_t size) {
    const char *end = bytes + size;
    while (bytes < end && !tar->ended) {
        if (tar->at < tar->next) {
            off_t skip = tar->next - tar->at;
            if (skip > end - bytes) skip = end - bytes;
            bytes += skip;
            tar->at += skip;
            continue;
        }
        if (!tar->wanted) {
            if (!tar->extended) tar->size = BLOCK;
            tar->wanted = allocate(tar->size + 1);
            tar->collected = 0;
        }
        long part = tar->size - tar->collected;
        if (part > end - bytes) part = end - bytes;
        memcpy(tar->wanted + tar->collected, bytes, part);
        bytes += part;
        tar->at += part;
        tar->next = tar->at;
        if ((tar->collected += part) < tar->size) continue;
        if (tar->extended) {
            pax(tar->in, tar->wanted, tar->size);
            tar->next += padded(tar->size) - tar->size;
            tar->extended = 0;
        } else if (!*tar->wanted) {
            tar->ended = 1;
        } else {
            long follows = header(tar->in, tar->wanted, tar->at);
            tar->extended = tar->wanted[156] == 'x';
            if (tar->extended) tar->size = follows;
            else tar->next += padded(follows);
        }
        tar->wanted = NULL;
    }
}

/* A compressed stream on its way to a plain one. */
typedef struct {
    struct inflate_state *gzip; /* or */
    ZSTD_DStream *zstd;
    unsigned char *packed;
    size_t size, used;
    int ended;
} decoder;

static void begin(decoder *in, int file) {
    unsigned char magic[4];
    read_at(file, magic, 4, 0);
    in->size = in->used = in->ended = 0;
    if (!in->packed) in->packed = allocate(CHUNK), in->gzip = allocate(sizeof *in->gzip);
    in->zstd = *magic == 0x28 ? ZSTD_createDStream() : NULL;
    isal_inflate_init(in->gzip);
    in->gzip->crc_flag = ISAL_GZIP;
}

/* Decodes some of what is there; returns how much came out. */
static size_t step(decoder *in, char *plain) {
    if (in->zstd) {
        ZSTD_inBuffer from = {in->packed, in->size, in->used};
        ZSTD_outBuffer to = {plain, CHUNK, 0};
        size_t left = ZSTD_decompressStream(in->zstd, &to, &from);
        if (ZSTD_isError(left)) die("zstd");
        in->used = from.pos;
        in->ended = !left;
        return to.pos;
    }
    in->gzip->next_in = in->packed + in->used, in->gzip->avail_in = in->size - in->used;
    in->gzip->next_out = (unsigned char *)plain, in->gzip->avail_out = CHUNK;
    if (isal_inflate(in->gzip)) die("gzip");
    in->used = in->size - in->gzip->avail_in;
    in->ended = in->gzip->block_state == ISAL_BLOCK_FINISH;
    return CHUNK - in->gzip->avail_out;
}

/* A thread that decodes layers into temporary files, and finds their entries and digests on the way. */
static void *decode(void *unused) {
    decoder in = {0};
    char *plain = allocate(CHUNK);
    for (int i; (i = take(count)) >= 0;) {
        layer *blob = &layers[i];
        int file = open(getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", O_TMPFILE | O_RDWR, 0600);
        if (file < 0) die("temporary file");
        EVP_MD_CTX *stored = digest(), *tar = digest();
        scanner found = {.in = new_reader(file)};
        off_t at = 0, decoded = 0;
        for (begin(&in, blob->file); !in.ended;) {
            if (in.used == in.size) {
                at += in.size = read_at(blob->file, in.packed, CHUNK, at);
                in.used = 0;
                if (verify) EVP_DigestUpdate(stored, in.packed, in.size);
            }
            size_t size = step(&in, plain);
            if (verify) EVP_DigestUpdate(tar, plain, size);
            scan(&found, plain, size);
            write_at(file, plain, size, decoded);
            decoded += size;
        }
        if (verify) {
            require(stored, blob->digest);
            require(tar, blob->diff_id);
        }
        close(blob->file);
        blob->file = file;
        blob->entries = found.in->first;
    }
    return unused;
}

/* ---- images ---- */

static char *document(int file, off_t offset, off_t size) {
    char *text = allocate(size + 1);
    read_at(file, text, size, offset);
    return text;
}

static char *blob(const char *image, const char *hex, int *file) {
    char *path;
    struct stat status;
    if (asprintf(&path, "%s/blobs/sha256/%.64s", image, hex) < 0) die("memory");
    if ((*file = open(path, O_RDONLY)) < 0 || fstat(*file, &status)) die(path);
    return document(*file, 0, status.st_size < CHUNK ? status.st_size : 0);
}

/* The digests that follow in a text, one at each call. */
static char *next_digest(char **text) {
    char *found = *text ? strstr(*text, "sha256:") : NULL;
    if (found) *text = (found += 7) + 64;
    return found;
}

static void open_layout(const char *image) {
    char *path;
    if (asprintf(&path, "%s/index.json", image) < 0) die("memory");
    int file = open(path, O_RDONLY);
    if (file < 0) die(path);
    char *text = document(file, 0, CHUNK);
    char *manifest = blob(image, next_digest(&text), &file);
    char *config = blob(image, next_digest(&manifest), &file);
    for (char *hex; (hex = next_digest(&manifest)); count++) {
        memcpy(layers[count].digest, hex, 64);
        memcpy(layers[count].diff_id, next_digest(&config), 64);
        blob(image, hex, &layers[count].file);
    }
}

static void open_archive(const char *image) {
    int file = open(image, O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status)) die(image);
    entry *members = index_slice(file, 0, status.st_size), *list = members;
    while (strcmp(list->path, "manifest.json")) list = list->next;
    char *at = strstr(document(file, list->node->offset, list->node->size), "\"Layers\"");
    while ((at = strstr(at + 8, ".tar\""))) {
        layer *made = &layers[count++];
        memcpy(made->diff_id, at - 64, 64);
        entry *member = members;
        while (strncmp(member->path, made->diff_id, 64)) member = member->next;
        made->file = file;
        made->offset = member->node->offset;
        made->size = member->node->size;
    }
}

int main(int arguments, char **argument) {
    int tree = 0, option;
    while ((option = getopt(arguments, argument, "vd")) != -1) {
        if (option == 'v') verify = 1;
        else if (option == 'd') tree = 1;
        else optind = arguments;
    }
    if (optind + 2 != arguments) {
        fprintf(stderr, "usage: floor [-v] [-d] IMAGE OUT\n");
        return 2;
    }
    const char *image = argument[optind], *result = argument[optind + 1];
    struct stat status;
    if (stat(image, &status)) die(image);
    pthread_t threads[THREADS];
    int packed = S_ISDIR(status.st_mode);
    buckets = allocate(BUCKETS * sizeof *buckets);
    root.node = allocate(sizeof *root.node);
    *root.node = (inode){.type = '5', .mode = 0755};
    if (packed) {
        open_layout(image);
        start(decode, threads);
        join(threads);
    } else {
        open_archive(image);
        if (verify && !tree) start(check, threads);
        for (int i = 0; i < count; i++)
            layers[i].entries = index_slice(layers[i].file, layers[i].offset, layers[i].offset + layers[i].size);
    }
    for (int i = 0; i < count; i++) apply(layers[i].entries);
    if (tree) {
        umask(0);
        make_tree(result);
        if (verify && !packed) start(check, threads);
    } else {
        out = open(result, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        if (out < 0) die(result);
        emit(&root);
        room(2 * BLOCK);
        flush();
    }
    if (verify && !packed) join(threads);
    return 0;
}
