//  What OpenSSL's libcrypto does for Hostelry, behind functions without types of its.
//
//  Algorithms come from a library context of our own: what the machine's openssl.cnf switches off or loads besides
//  changes nothing here.
#ifndef HOSTELRY_CCRYPTO_H
#define HOSTELRY_CCRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A SHA-256 in the making; NULL where there is no memory. `hostelry_sha256_end` gives it back.
void *hostelry_sha256_begin(void);
/// False where libcrypto refuses; the state is then of no use but to be given back.
bool hostelry_sha256_add(void *state, const void *bytes, size_t count);
/// Writes 32 bytes to `output`, which may be NULL, and frees the state.
bool hostelry_sha256_end(void *state, unsigned char *output);

/// MD5 of `count` bytes: 16 bytes at `output`. False where libcrypto has none, or no memory.
bool hostelry_md5(const void *bytes, size_t count, unsigned char *output);

/// SHA-1 of `count` bytes: 20 bytes at `output`. False where libcrypto has none, or no memory.
bool hostelry_sha1(const void *bytes, size_t count, unsigned char *output);

/// HMAC-SHA-256 of `count` bytes: 32 bytes at `output`. False where there is no memory.
bool hostelry_hmac_sha256(
    const void *key, size_t key_count, const void *bytes, size_t count, unsigned char *output);

/// AES-256-GCM: `count` bytes of cipher text and then the 16 bytes of the tag at `output`.
/// `key` has 32 bytes, `nonce` 12; `context` is authenticated and not part of the output.
bool hostelry_aes_gcm_seal(
    const unsigned char *key, const unsigned char *nonce, const void *context, size_t context_count,
    const void *bytes, size_t count, unsigned char *output);

/// The other way: `count` bytes of cipher text and the tag behind them become `count` bytes at `output`. False, and
/// `output` zeroed, where any of it is not what was sealed.
bool hostelry_aes_gcm_open(
    const unsigned char *key, const unsigned char *nonce, const void *context, size_t context_count,
    const void *bytes, size_t count, unsigned char *output);

/// scrypt (RFC 7914) with at most `memory` bytes. False where that is not enough or the numbers make no sense.
bool hostelry_scrypt(
    const void *password, size_t password_count, const void *salt, size_t salt_count, uint64_t cost,
    uint64_t block_size, uint64_t parallelism, uint64_t memory, unsigned char *output, size_t output_count);

/// Takes a time that depends on `count` alone.
bool hostelry_is_equal(const void *left, const void *right, size_t count);

/// Zeroes memory that is not read again.
void hostelry_cleanse(void *bytes, size_t count);

#endif
