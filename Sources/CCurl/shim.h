#pragma once
#include <curl/curl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Swift cannot call variadic functions: one plain function for each kind of argument. */

static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, const void *value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_blob(CURL *handle, CURLoption option, struct curl_blob *value) {
    return (curl_easy_setopt)(handle, option, value);
}

typedef size_t (*ccurl_data_function)(char *data, size_t size, size_t count, void *context);

static inline CURLcode ccurl_set_data_function(CURL *handle, CURLoption option, ccurl_data_function value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_before_request(CURL *handle, curl_prereq_callback value) {
    return (curl_easy_setopt)(handle, CURLOPT_PREREQFUNCTION, value);
}

static inline CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value) {
    return (curl_easy_getinfo)(handle, info, value);
}

static inline CURLcode ccurl_get_pointer(CURL *handle, CURLINFO info, void **value) {
    return (curl_easy_getinfo)(handle, info, value);
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return (curl_multi_setopt)(multi, option, value);
}

static inline CURLSHcode ccurl_share_set_data(CURLSH *share, curl_lock_data data) {
    return (curl_share_setopt)(share, CURLSHOPT_SHARE, data);
}

/* What the importer leaves out. */

static inline const char *ccurl_system_bundle(void) {
    return curl_version_info(CURLVERSION_NOW)->cainfo;
}

/* A file in memory (memfd_create(2), which Glibc's module lacks), closed in programs that are started. */
static inline int ccurl_memory_file(const char *name) {
    return (int)syscall(SYS_memfd_create, name, 1u);
}

static inline const char *ccurl_version(void) {
    return curl_version_info(CURLVERSION_NOW)->version;
}

static inline CURLcode ccurl_message_result(const CURLMsg *message) {
    return message->data.result;
}
