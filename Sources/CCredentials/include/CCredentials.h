//  What libcrypt and libcrypto do about passwords, behind functions without types of theirs.
#ifndef HOSTELRY_CCREDENTIALS_H
#define HOSTELRY_CCREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>

/// Hashes `phrase` as `setting`, a hash or its beginning, says (crypt(3)) and writes the hash to `output`, ended by a
/// NUL. False where libcrypt does not know the kind, the phrase is longer than 512 bytes, or `output` is too small.
/// Waits as long as the setting makes it; callable on any thread.
bool hostelry_hash_phrase(const char *phrase, const char *setting, char *output, size_t size);

/// MD5 of `count` bytes: 16 bytes at `output`. False where libcrypto refuses it.
bool hostelry_md5(const void *bytes, size_t count, unsigned char *output);

/// SHA-1 of `count` bytes: 20 bytes at `output`. False where libcrypto refuses it.
bool hostelry_sha1(const void *bytes, size_t count, unsigned char *output);

/// HMAC-SHA-256 of `count` bytes: 32 bytes at `output`.
bool hostelry_hmac_sha256(
    const void *key, size_t key_count, const void *bytes, size_t count, unsigned char *output);

#endif
