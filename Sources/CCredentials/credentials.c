#include "CCredentials.h"

#include <crypt.h>
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
