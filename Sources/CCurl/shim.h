/// What Swift cannot call itself of libcurl: functions of variable arguments.
#ifndef CCURL_SHIM_H
#define CCURL_SHIM_H

// The checks are macros that expect the option to be written out in the call.
#define CURL_DISABLE_TYPECHECK

#include <curl/curl.h>
// What Swift's Glibc module leaves out.
#include <sys/epoll.h>
#include <sys/eventfd.h>

static inline CURLcode CCurl_global_init(void) {
    return curl_global_init(CURL_GLOBAL_DEFAULT);
}

static inline CURLcode CCurl_set_long(CURL *_Nonnull handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

/// libcurl copies the string; null takes an option back.
static inline CURLcode CCurl_set_string(
    CURL *_Nonnull handle, CURLoption option, const char *_Nullable value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode CCurl_set_pointer(
    CURL *_Nonnull handle, CURLoption option, void *_Nullable value) {
    return curl_easy_setopt(handle, option, value);
}

/// libcurl copies the bytes; no bytes are a body as well, one of length 0.
static inline CURLcode CCurl_set_body(
    CURL *_Nonnull handle, const void *_Nullable bytes, size_t count) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    if (code != CURLE_OK) return code;
    // Without an address it would read the standard input instead.
    return curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, bytes ? bytes : "");
}

/// Receives `size * count` bytes; answering any other number stops, or pauses.
typedef size_t (*CCurl_Writer)(
    char *_Nonnull bytes, size_t size, size_t count, void *_Nonnull context);
/// Opens the socket for an address, or gives CURL_SOCKET_BAD.
typedef curl_socket_t (*CCurl_Opener)(
    void *_Nonnull context, curlsocktype purpose, struct curl_sockaddr *_Nonnull address);
/// Allows a request on a connection that is there (0) or not (1).
typedef int (*CCurl_Gate)(
    void *_Nonnull context, char *_Nullable address, char *_Nullable local, int port,
    int localPort);

/// What libcurl calls for a transfer, all with the same context; `opener` is for every new
/// connection, null for libcurl's own way.
static inline CURLcode CCurl_set_callbacks(
    CURL *_Nonnull handle, CCurl_Writer _Nonnull header, CCurl_Writer _Nonnull body,
    CCurl_Gate _Nonnull gate, CCurl_Opener _Nullable opener, void *_Nonnull context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, header);
    if (!code) code = curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
    if (!code) code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, body);
    if (!code) code = curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
    if (!code) code = curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, gate);
    if (!code) code = curl_easy_setopt(handle, CURLOPT_PREREQDATA, context);
    if (!code) code = curl_easy_setopt(handle, CURLOPT_PRIVATE, context);
    if (!code && opener) code = curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, opener);
    if (!code) code = curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, context);
    return code;
}

static inline CURLcode CCurl_get_long(CURL *_Nonnull handle, CURLINFO info, long *_Nonnull value) {
    return curl_easy_getinfo(handle, info, value);
}

/// The context of a transfer, as CCurl_set_callbacks got it.
static inline void *_Nullable CCurl_context(CURL *_Nonnull handle) {
    char *context = NULL;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, &context);
    return context;
}

/// Learns which events of a socket libcurl waits for (CURL_POLL_…).
typedef int (*CCurl_Watcher)(
    CURL *_Nullable easy, curl_socket_t socket, int what, void *_Nonnull context,
    void *_Nullable perSocket);
/// Learns in how many milliseconds libcurl wants to be called; -1: not at all.
typedef int (*CCurl_Alarm)(CURLM *_Nullable multi, long milliseconds, void *_Nonnull context);

static inline CURLMcode CCurl_multi_set_callbacks(
    CURLM *_Nonnull multi, CCurl_Watcher _Nonnull watcher, CCurl_Alarm _Nonnull alarm,
    void *_Nonnull context) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watcher);
    if (!code) code = curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    if (!code) code = curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, alarm);
    if (!code) code = curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
    return code;
}

static inline CURLMcode CCurl_multi_set_long(
    CURLM *_Nonnull multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

#endif
