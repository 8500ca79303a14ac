#include "CCredentials.h"

#include <crypt.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

bool hostelry_hash_phrase(const char *phrase, const char *setting, char *output, size_t size) {
    void *memory = NULL;
    int memory_size = 0;
    const char *hash = crypt_ra(phrase, setting, &memory, &memory_size);
    bool is_hashed = hash != NULL && hash[0] != '*' && strlen(hash) < size;
    if (is_hashed) memcpy(output, hash, strlen(hash) + 1);
    if (memory != NULL) {
        // The phrase stood in it.
        explicit_bzero(memory, (size_t)memory_size);
        free(memory);
    }
    return is_hashed;
}

bool hostelry_md5(const void *bytes, size_t count, unsigned char *output) {
    return EVP_Digest(bytes, count, output, NULL, EVP_md5(), NULL) == 1;
}

bool hostelry_sha1(const void *bytes, size_t count, unsigned char *output) {
    return EVP_Digest(bytes, count, output, NULL, EVP_sha1(), NULL) == 1;
}

bool hostelry_hmac_sha256(
    const void *key, size_t key_count, const void *bytes, size_t count, unsigned char *output) {
    unsigned int length = 0;
    return HMAC(EVP_sha256(), key, (int)key_count, bytes, count, output, &length) != NULL;
}
