#pragma once

#include <microhttpd.h>
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/types.h>

/* libmicrohttpd starts a daemon and tells about a connection through variadic functions, and logs
   through a va_list: three things Swift cannot call. */

/* GnuTLS's defaults without what RFC 8996 retired. */
#define DAYBOOK_MHD_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"

/* How to make one daemon: an epoll set, fed by MHD_add_connection and run by MHD_run_wait. */
struct daybook_mhd_settings {
    size_t connection_memory;
    unsigned int connection_limit;
    /* PEM texts that end with a zero byte; both NULL for plain HTTP. */
    const char *certificate;
    const char *key;
    void *context;
    void *(*request_line)(void *context, const char *target, struct MHD_Connection *connection);
    size_t (*unescape)(void *context, struct MHD_Connection *connection, char *text);
    MHD_AccessHandlerCallback access;
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
};

/* Keeps the last message of a failing start. */
struct daybook_mhd_message {
    char text[256];
};

static inline void daybook_mhd_log(void *message, const char *format, va_list arguments) {
    struct daybook_mhd_message *kept = (struct daybook_mhd_message *)message;
    vsnprintf(kept->text, sizeof kept->text, format, arguments);
}

static inline struct MHD_Daemon *daybook_mhd_try(
    const struct daybook_mhd_settings *settings, unsigned int more, MHD_LogCallback log,
    void *message
) {
    unsigned int flags = MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | more;
    struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)settings->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)settings->key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)DAYBOOK_MHD_PRIORITIES},
        {MHD_OPTION_END, 0, NULL},
    };
    if (settings->certificate != NULL) flags |= MHD_USE_TLS;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, settings->access, settings->context,
        MHD_OPTION_EXTERNAL_LOGGER, log, message,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, settings->connection_memory,
        MHD_OPTION_CONNECTION_LIMIT, settings->connection_limit,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_URI_LOG_CALLBACK, settings->request_line, settings->context,
        MHD_OPTION_UNESCAPE_CALLBACK, settings->unescape, settings->context,
        MHD_OPTION_NOTIFY_COMPLETED, settings->completed, settings->context,
        MHD_OPTION_NOTIFY_CONNECTION, settings->connection, settings->context,
        MHD_OPTION_ARRAY, settings->certificate != NULL ? tls : plain,
        MHD_OPTION_END
    );
}

/* Starts a daemon. A running daemon logs nothing, since every client could fill the log; so a start
   that failed is tried once more with the log open, to learn why. */
static inline struct MHD_Daemon *daybook_mhd_start(
    const struct daybook_mhd_settings *settings, struct daybook_mhd_message *message
) {
    struct MHD_Daemon *daemon;
    message->text[0] = 0;
    daemon = daybook_mhd_try(settings, 0, daybook_mhd_log, message);
    if (daemon != NULL) return daemon;
    daemon = daybook_mhd_try(settings, MHD_USE_ERROR_LOG, daybook_mhd_log, message);
    if (daemon != NULL) MHD_stop_daemon(daemon);
    return NULL;
}

/* Lets a descriptor's input wake the daemon: an event without a pointer makes its loop turn. */
static inline int daybook_mhd_wake_by(struct MHD_Daemon *daemon, int descriptor) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data = {.ptr = NULL}};
    if (info == NULL) return -1;
    return epoll_ctl(info->epoll_fd, EPOLL_CTL_ADD, descriptor, &event);
}

/* Waits for events and deals with them.
 *
 * The wait is ours: MHD_run_wait takes at most 128 events at a time, and when there are exactly so
 * many it waits for further ones, with the same timeout, before it deals with any (0.9.75).
 * MHD_get_timeout does not know of connections that were resumed: `may_wait` is 0 after that. */
static inline void daybook_mhd_run(struct MHD_Daemon *daemon, int may_wait) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    MHD_UNSIGNED_LONG_LONG timeout = 0;
    int wait = may_wait ? -1 : 0;
    if (may_wait && MHD_get_timeout(daemon, &timeout) == MHD_YES) wait = timeout > 60000 ? 60000 : (int)timeout;
    if (wait != 0 && info != NULL) {
        struct pollfd input = {.fd = info->epoll_fd, .events = POLLIN};
        poll(&input, 1, wait);
    }
    MHD_run_wait(daemon, 0);
}

/* What a content reader returns at the end of a body; Swift cannot see the macros. */
static const ssize_t daybook_mhd_stream_end = MHD_CONTENT_READER_END_OF_STREAM;
static const ssize_t daybook_mhd_stream_error = MHD_CONTENT_READER_END_WITH_ERROR;

/* Lets a response end its connection, and never be chunked. */
static inline int daybook_mhd_close_after(struct MHD_Response *response) {
    return MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END)
        == MHD_YES;
}

/* Gives a connection a timeout of its own, far away, since those with one are looked at in every
   turn. 0.9.75 forgets others, with epoll, when a content reader ended them outside of a write:
   they stay open until all older connections are gone. */
static inline void daybook_mhd_look_after(struct MHD_Connection *connection) {
    MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, 24u * 60 * 60);
}

/* The C library has POLLRDHUP only with _GNU_SOURCE: the peer has closed its direction, or both. */
#define DAYBOOK_POLLRDHUP 0x2000

/* The application's pointer of a connection, set when it started. */
static inline void *daybook_mhd_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

static inline int daybook_mhd_descriptor(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

static inline const struct sockaddr *daybook_mhd_peer(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info == NULL ? NULL : info->client_addr;
}

/* The bytes of request line and headers; 0 before they are complete. */
static inline size_t daybook_mhd_head_size(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info == NULL ? 0 : info->header_size;
}

/* The status of the queued answer; 0 if there is none. */
static inline unsigned int daybook_mhd_status(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_HTTP_STATUS);
    return info == NULL ? 0 : info->http_status;
}

/* The C library declares accept4 only with _GNU_SOURCE, which Swift's Glibc is built without. */
static inline int daybook_accept(int listener, struct sockaddr *peer, socklen_t *length) {
    extern int accept4(int, struct sockaddr *, socklen_t *, int);
    return accept4(listener, peer, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
