#include "CCrypto.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>

enum { TAG_SIZE = 16, CODE_SIZE = 32 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static OSSL_LIB_CTX *library;
static EVP_MD *sha256;
static EVP_CIPHER *aes_gcm;

static void prepare(void) {
    library = OSSL_LIB_CTX_new();
    // Without memory they stay NULL, and what needs them fails.
    if (library == NULL) return;
    sha256 = EVP_MD_fetch(library, "SHA2-256", NULL);
    aes_gcm = EVP_CIPHER_fetch(library, "AES-256-GCM", NULL);
}

void *hostelry_sha256_begin(void) {
    pthread_once(&once, prepare);
    EVP_MD_CTX *state = EVP_MD_CTX_new();
    if (state != NULL && sha256 != NULL && EVP_DigestInit_ex2(state, sha256, NULL) == 1) return state;
    EVP_MD_CTX_free(state);
    return NULL;
}

bool hostelry_sha256_add(void *state, const void *bytes, size_t count) {
    return EVP_DigestUpdate(state, bytes, count) == 1;
}

bool hostelry_sha256_end(void *state, unsigned char *output) {
    bool is_done = output == NULL || EVP_DigestFinal_ex(state, output, NULL) == 1;
    EVP_MD_CTX_free(state);
    return is_done;
}

static bool digest(const char *name, const void *bytes, size_t count, unsigned char *output) {
    pthread_once(&once, prepare);
    return library != NULL && EVP_Q_digest(library, name, NULL, bytes, count, output, NULL) == 1;
}

bool hostelry_md5(const void *bytes, size_t count, unsigned char *output) {
    return digest("MD5", bytes, count, output);
}

bool hostelry_sha1(const void *bytes, size_t count, unsigned char *output) {
    return digest("SHA1", bytes, count, output);
}

bool hostelry_hmac_sha256(
    const void *key, size_t key_count, const void *bytes, size_t count, unsigned char *output) {
    pthread_once(&once, prepare);
    return library != NULL && EVP_Q_mac(library, "HMAC", NULL, "SHA2-256", NULL, key, key_count, bytes, count, output,
                                        CODE_SIZE, NULL) != NULL;
}

bool hostelry_aes_gcm_seal(
    const unsigned char *key, const unsigned char *nonce, const void *context, size_t context_count,
    const void *bytes, size_t count, unsigned char *output) {
    pthread_once(&once, prepare);
    if (aes_gcm == NULL || count > INT_MAX - TAG_SIZE || context_count > INT_MAX) return false;
    EVP_CIPHER_CTX *state = EVP_CIPHER_CTX_new();
    int written = 0;
    bool is_done = state != NULL && EVP_EncryptInit_ex2(state, aes_gcm, key, nonce, NULL) == 1 &&
                   EVP_EncryptUpdate(state, NULL, &written, context, (int)context_count) == 1 &&
                   EVP_EncryptUpdate(state, output, &written, bytes, (int)count) == 1 &&
                   EVP_EncryptFinal_ex(state, output + count, &written) == 1 &&
                   EVP_CIPHER_CTX_ctrl(state, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE, output + count) == 1;
    EVP_CIPHER_CTX_free(state);
    return is_done;
}

bool hostelry_aes_gcm_open(
    const unsigned char *key, const unsigned char *nonce, const void *context, size_t context_count,
    const void *bytes, size_t count, unsigned char *output) {
    pthread_once(&once, prepare);
    if (aes_gcm == NULL || count > INT_MAX - TAG_SIZE || context_count > INT_MAX) return false;
    EVP_CIPHER_CTX *state = EVP_CIPHER_CTX_new();
    int written = 0;
    unsigned char nothing[TAG_SIZE];
    // libcrypto only reads the tag.
    void *tag = (unsigned char *)bytes + count;
    bool is_done = state != NULL && EVP_DecryptInit_ex2(state, aes_gcm, key, nonce, NULL) == 1 &&
                   EVP_DecryptUpdate(state, NULL, &written, context, (int)context_count) == 1 &&
                   EVP_DecryptUpdate(state, output, &written, bytes, (int)count) == 1 &&
                   EVP_CIPHER_CTX_ctrl(state, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE, tag) == 1 &&
                   EVP_DecryptFinal_ex(state, nothing, &written) == 1;
    EVP_CIPHER_CTX_free(state);
    // What was not authenticated is shown to nobody.
    if (!is_done) OPENSSL_cleanse(output, count);
    return is_done;
}

bool hostelry_scrypt(
    const void *password, size_t password_count, const void *salt, size_t salt_count, uint64_t cost,
    uint64_t block_size, uint64_t parallelism, uint64_t memory, unsigned char *output, size_t output_count) {
    pthread_once(&once, prepare);
    return library != NULL &&
           EVP_PBE_scrypt_ex(
               password, password_count, salt, salt_count, cost, block_size, parallelism, memory, output,
               output_count, library, NULL) == 1;
}

bool hostelry_is_equal(const void *left, const void *right, size_t count) {
    return CRYPTO_memcmp(left, right, count) == 0;
}

void hostelry_cleanse(void *bytes, size_t count) { OPENSSL_cleanse(bytes, count); }
