#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Swift cannot see macros with casts. */
static inline void carchive_make_regular(struct archive_entry *entry) {
    archive_entry_set_filetype(entry, AE_IFREG);
}

/* The first bytes of an open file: what lies beyond them is never seen by a decompressor, which
   reads ahead and would take it for damage. */
struct carchive_part {
    int descriptor;
    long long left;
    unsigned char buffer[1 << 16];
};

static inline la_ssize_t carchive_read_part(
    struct archive *archive, void *context, const void **bytes
) {
    struct carchive_part *part = (struct carchive_part *)context;
    size_t most = sizeof part->buffer;
    ssize_t count;
    if (part->left < (long long)most) most = (size_t)part->left;
    do count = read(part->descriptor, part->buffer, most); while (count < 0 && errno == EINTR);
    if (count < 0) {
        archive_set_error(archive, errno, "it cannot be read");
        return ARCHIVE_FATAL;
    }
    part->left -= count;
    *bytes = part->buffer;
    return count;
}

static inline int carchive_close_part(struct archive *archive, void *context) {
    (void)archive;
    free(context);
    return ARCHIVE_OK;
}

/* Reads an archive from the next `size` bytes of an open file. */
static inline int carchive_open_part(struct archive *archive, int descriptor, long long size) {
    struct carchive_part *part = (struct carchive_part *)malloc(sizeof *part);
    if (part == NULL) return ARCHIVE_FATAL;
    part->descriptor = descriptor;
    part->left = size;
    return archive_read_open(archive, part, NULL, carchive_read_part, carchive_close_part);
}
