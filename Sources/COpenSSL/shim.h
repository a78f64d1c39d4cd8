/// What Swift cannot call itself of libcrypto 3.0: macros, unions and the low-level hashes.
#ifndef COPENSSL_SHIM_H
#define COPENSSL_SHIM_H

// The low-level hashes are plain structs: no allocation, and a copy is a midstate. OpenSSL calls
// them deprecated since 3.0; the replacement fetches, allocates and is slower for short messages.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>

/// Subjects as RFC 2253 writes them, but with what is not ASCII left as UTF-8.
static const unsigned long COpenSSL_name_flags = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;

/// That the signature and the chain of a time stamp are checked, too (a macro with a suffix).
static const int COpenSSL_check_signature = (int)TS_VFY_SIGNATURE;

/// The hashes that HMAC is used with.
enum { COPENSSL_SHA1, COPENSSL_SHA256, COPENSSL_SHA512 };

/// The state of one of them.
typedef struct {
    int algorithm;
    union {
        SHA_CTX sha1;
        SHA256_CTX sha256;
        SHA512_CTX sha512;
    } state;
} COpenSSL_Hash;

static inline COpenSSL_Hash COpenSSL_hash_start(int algorithm) {
    COpenSSL_Hash hash;
    hash.algorithm = algorithm;
    switch (algorithm) {
    case COPENSSL_SHA1: SHA1_Init(&hash.state.sha1); break;
    case COPENSSL_SHA256: SHA256_Init(&hash.state.sha256); break;
    default: SHA512_Init(&hash.state.sha512); break;
    }
    return hash;
}

static inline void COpenSSL_hash_update(
    COpenSSL_Hash *_Nonnull hash, const void *_Nullable bytes, size_t count) {
    switch (hash->algorithm) {
    case COPENSSL_SHA1: SHA1_Update(&hash->state.sha1, bytes, count); break;
    case COPENSSL_SHA256: SHA256_Update(&hash->state.sha256, bytes, count); break;
    default: SHA512_Update(&hash->state.sha512, bytes, count); break;
    }
}

/// Writes the digest: 20, 32 or 64 bytes.
static inline void COpenSSL_hash_finish(
    COpenSSL_Hash *_Nonnull hash, unsigned char *_Nonnull digest) {
    switch (hash->algorithm) {
    case COPENSSL_SHA1: SHA1_Final(digest, &hash->state.sha1); break;
    case COPENSSL_SHA256: SHA256_Final(digest, &hash->state.sha256); break;
    default: SHA512_Final(digest, &hash->state.sha512); break;
    }
}

/// Runs whole blocks of 64 bytes through the SHA-256 compression function.
static inline void COpenSSL_sha256_blocks(
    uint32_t *_Nonnull state, const uint8_t *_Nonnull blocks, size_t block_count) {
    SHA256_CTX context;
    SHA256_Init(&context);
    memcpy(context.h, state, sizeof context.h);
    SHA256_Update(&context, blocks, block_count * SHA256_CBLOCK);
    memcpy(state, context.h, sizeof context.h);
}

#endif
