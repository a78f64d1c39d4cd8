/// What Swift cannot call itself of libcurl: functions of variable arguments.
#ifndef CCURL_SHIM_H
#define CCURL_SHIM_H

// The checks are macros that expect the option to be written out in the call.
#define CURL_DISABLE_TYPECHECK

#include <curl/curl.h>

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

/// Receives the body in pieces of `size * count` bytes; answering any other number stops.
typedef size_t (*CCurl_Writer)(
    char *_Nonnull bytes, size_t size, size_t count, void *_Nonnull context);

static inline CURLcode CCurl_set_writer(CURL *_Nonnull handle, CCurl_Writer _Nonnull writer) {
    return curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, writer);
}

static inline CURLcode CCurl_get_long(CURL *_Nonnull handle, CURLINFO info, long *_Nonnull value) {
    return curl_easy_getinfo(handle, info, value);
}

#endif
