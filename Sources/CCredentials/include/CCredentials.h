//  What libcrypt does about passwords, behind a function without types of its.
#ifndef HOSTELRY_CCREDENTIALS_H
#define HOSTELRY_CCREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>

/// Hashes `phrase` as `setting`, a hash or its beginning, says (crypt(3)) and writes the hash to `output`, ended by a
/// NUL. False where libcrypt does not know the kind, the phrase is longer than 512 bytes, or `output` is too small.
/// Waits as long as the setting makes it; callable on any thread.
bool hostelry_hash_phrase(const char *phrase, const char *setting, char *output, size_t size);

#endif
