/* Latchkey for C (C99): ML-KEM-768, X-Wing, session keys and sealed messages.
 *
 *   latchkey_mlkem768_key *key = NULL;
 *   int status = latchkey_mlkem768_key_generate(&key);
 *   if (status != LATCHKEY_OK) return fail(latchkey_strerror(status));
 *   ...
 *   latchkey_mlkem768_key_free(key);
 *
 * The functions whose names begin with latchkey_xwing_, latchkey_session_, latchkey_seal_ or
 * latchkey_open_ are in the library latchkey-seal, all others in latchkey; `pkg-config --libs
 * latchkey-seal` names both. What the C++ headers say of each thing holds here, too: mlkem768.hpp,
 * secret_memory.hpp, xwing.hpp, bind.hpp, seal.hpp, stream.hpp.
 *
 * A function that can fail returns LATCHKEY_OK or one of the other LATCHKEY_E_ numbers. On an error
 * a handle that was to be made is NULL, and bytes that were to be written are zeros. A handle that
 * is NULL gives LATCHKEY_E_MOVED_FROM; the free functions take it. Where results go may not be
 * NULL. Sizes are in bytes; a pointer to no bytes may be NULL. A handle may be used by many threads
 * at once, as long as none frees it.
 */
#ifndef LATCHKEY_LATCHKEY_H
#define LATCHKEY_LATCHKEY_H

#include <stddef.h>
#include <stdint.h>

#include "latchkey/export.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* Functions are added, and none is taken away or changed, while the first number stays. */
#define LATCHKEY_ABI_VERSION 1
/* That of the library in use, which may be newer than this header. */
int latchkey_abi_version(void);
/* "0.1.0", for example. */
const char* latchkey_version(void);

/* ---- Errors: the numbers of latchkey::Error (result.hpp), which never change */

enum {
  LATCHKEY_OK = 0,
  LATCHKEY_E_ENCAPSULATION_KEY_LENGTH = 1,
  LATCHKEY_E_DECAPSULATION_KEY_LENGTH = 2,
  LATCHKEY_E_SEED_LENGTH = 3,
  LATCHKEY_E_CIPHERTEXT_LENGTH = 4,
  LATCHKEY_E_NOT_REDUCED = 5,
  LATCHKEY_E_HASH_MISMATCH = 6,
  LATCHKEY_E_INCONSISTENT_KEY = 7,
  LATCHKEY_E_NO_SEED = 8,
  LATCHKEY_E_NO_ENTROPY = 9,
  LATCHKEY_E_NO_MEMORY = 10,
  LATCHKEY_E_MOVED_FROM = 12, /* a handle is NULL */
  LATCHKEY_E_SELF_TEST_FAILED = 13,
  LATCHKEY_E_MEMORY_NOT_LOCKED = 14,
  LATCHKEY_E_MEMORY_NOT_PROTECTED = 15,
  LATCHKEY_E_INHERITED = 16,
  LATCHKEY_E_PURGED = 17,
  LATCHKEY_E_NOT_HARDENED = 19,
  LATCHKEY_E_CRYPTO_FAILED = 20,
  LATCHKEY_E_NOT_SEALED = 21,
  LATCHKEY_E_UNKNOWN_VERSION = 22,
  LATCHKEY_E_OTHER_KEM = 23,
  LATCHKEY_E_SEALED_LENGTH = 24,
  LATCHKEY_E_NOT_AUTHENTIC = 25,
  LATCHKEY_E_TOO_LONG = 27,
  LATCHKEY_E_WRONG_SIZE = 28,
  LATCHKEY_E_LOW_ORDER = 30
};

/* One sentence for people, without a full stop. Never NULL. That of LATCHKEY_E_MEMORY_NOT_LOCKED
 * lasts until this thread calls again, the others for ever. */
const char* latchkey_strerror(int status);

/* ---- The process */

/* Known answers. */
int latchkey_self_test(void);
/* "ref", "avx2" or "avx512". */
const char* latchkey_backend_name(void);
/* Wipes every secret of the process: they are LATCHKEY_E_PURGED from then on. */
void latchkey_purge(void);
/* Keeps the process out of core dumps and away from debuggers. */
int latchkey_harden_process(void);

enum {
  LATCHKEY_POLICY_REQUIRE = 0,        /* no secret where memory cannot be locked: the default */
  LATCHKEY_POLICY_BEST_EFFORT = 1,    /* ordinary memory then */
  LATCHKEY_POLICY_PROTECTION_KEYS = 2 /* may be added */
};
/* LATCHKEY_E_UNKNOWN_VERSION, and no change, for what this version of the library does not know. */
int latchkey_set_memory_policy(int policy);

/* ---- Secrets, in locked memory */

typedef struct latchkey_secret latchkey_secret;

size_t latchkey_secret_size(const latchkey_secret* secret);
/* Calls use(context, bytes, size); the bytes may not be used afterwards. */
int latchkey_secret_read(const latchkey_secret* secret,
                         void (*use)(void* context, const uint8_t* bytes, size_t size),
                         void* context);
/* To memory of your own, of exactly the secret's size. */
int latchkey_secret_copy(const latchkey_secret* secret, uint8_t* to, size_t size);
/* Constant-time in the contents. *equal is 0 or 1. */
int latchkey_secret_equal(const latchkey_secret* a, const latchkey_secret* b, int* equal);
/* Wipes it. NULL is allowed. */
void latchkey_secret_free(latchkey_secret* secret);

/* ---- ML-KEM-768 (FIPS 203) */

#define LATCHKEY_SHARED_SECRET_SIZE 32
#define LATCHKEY_MLKEM768_PUBLIC_SIZE 1184
#define LATCHKEY_MLKEM768_SEED_SIZE 64
#define LATCHKEY_MLKEM768_EXPANDED_SIZE 2400
#define LATCHKEY_MLKEM768_CIPHERTEXT_SIZE 1088
size_t latchkey_mlkem768_public_size(void);
size_t latchkey_mlkem768_seed_size(void);
size_t latchkey_mlkem768_ciphertext_size(void);

typedef struct latchkey_mlkem768_key latchkey_mlkem768_key;       /* a private key */
typedef struct latchkey_mlkem768_public latchkey_mlkem768_public; /* a public key */

int latchkey_mlkem768_key_generate(latchkey_mlkem768_key** key);
int latchkey_mlkem768_key_from_seed(const uint8_t* seed, size_t size, latchkey_mlkem768_key** key);
/* With the hash check of FIPS 203 and a pairwise test. */
int latchkey_mlkem768_key_import_expanded(const uint8_t* expanded, size_t size,
                                          latchkey_mlkem768_key** key);
int latchkey_mlkem768_key_export_seed(const latchkey_mlkem768_key* key,
                                      uint8_t seed[LATCHKEY_MLKEM768_SEED_SIZE]);
int latchkey_mlkem768_key_export_expanded(const latchkey_mlkem768_key* key,
                                          uint8_t expanded[LATCHKEY_MLKEM768_EXPANDED_SIZE]);
int latchkey_mlkem768_key_public(const latchkey_mlkem768_key* key,
                                 uint8_t bytes[LATCHKEY_MLKEM768_PUBLIC_SIZE]);
/* A wrong ciphertext gives another secret, and no error (implicit rejection). */
int latchkey_mlkem768_decapsulate(const latchkey_mlkem768_key* key, const uint8_t* ciphertext,
                                  size_t size, latchkey_secret** secret);
void latchkey_mlkem768_key_free(latchkey_mlkem768_key* key);

int latchkey_mlkem768_public_parse(const uint8_t* bytes, size_t size,
                                   latchkey_mlkem768_public** key);
int latchkey_mlkem768_encapsulate(const latchkey_mlkem768_public* key,
                                  uint8_t ciphertext[LATCHKEY_MLKEM768_CIPHERTEXT_SIZE],
                                  latchkey_secret** secret);
void latchkey_mlkem768_public_free(latchkey_mlkem768_public* key);

/* ---- X-Wing (draft-connolly-cfrg-xwing-kem) */

#define LATCHKEY_XWING_PUBLIC_SIZE 1216
#define LATCHKEY_XWING_SEED_SIZE 32
#define LATCHKEY_XWING_CIPHERTEXT_SIZE 1120
size_t latchkey_xwing_public_size(void);
size_t latchkey_xwing_seed_size(void);
size_t latchkey_xwing_ciphertext_size(void);

typedef struct latchkey_xwing_key latchkey_xwing_key;
typedef struct latchkey_xwing_public latchkey_xwing_public;

int latchkey_xwing_key_generate(latchkey_xwing_key** key);
int latchkey_xwing_key_from_seed(const uint8_t* seed, size_t size, latchkey_xwing_key** key);
int latchkey_xwing_key_export_seed(const latchkey_xwing_key* key,
                                   uint8_t seed[LATCHKEY_XWING_SEED_SIZE]);
int latchkey_xwing_key_public(const latchkey_xwing_key* key,
                              uint8_t bytes[LATCHKEY_XWING_PUBLIC_SIZE]);
int latchkey_xwing_decapsulate(const latchkey_xwing_key* key, const uint8_t* ciphertext,
                               size_t size, latchkey_secret** secret);
void latchkey_xwing_key_free(latchkey_xwing_key* key);

int latchkey_xwing_public_parse(const uint8_t* bytes, size_t size, latchkey_xwing_public** key);
int latchkey_xwing_encapsulate(const latchkey_xwing_public* key,
                               uint8_t ciphertext[LATCHKEY_XWING_CIPHERTEXT_SIZE],
                               latchkey_secret** secret);
void latchkey_xwing_public_free(latchkey_xwing_public* key);

/* ---- Session keys that commit to everything (bind.hpp), by HKDF-SHA256. Both sides name the
 * public key of the one that decapsulated. `label` ends with a zero. Of a secret
 * that is no KEM's: LATCHKEY_E_MOVED_FROM. */

int latchkey_session_xwing(const latchkey_secret* secret, const latchkey_xwing_public* key,
                           const uint8_t* ciphertext, size_t ciphertext_size,
                           const uint8_t* context, size_t context_size, const char* label,
                           size_t size, latchkey_secret** derived);
int latchkey_session_mlkem768(const latchkey_secret* secret, const latchkey_mlkem768_public* key,
                              const uint8_t* ciphertext, size_t ciphertext_size,
                              const uint8_t* context, size_t context_size, const char* label,
                              size_t size, latchkey_secret** derived);

/* ---- Messages sealed to a public key (seal.hpp), by X-Wing and ChaCha20-Poly1305 */

#define LATCHKEY_SEAL_OVERHEAD 1160 /* how much longer a sealed message is */
size_t latchkey_seal_overhead(void);

/* `sealed` has message_size + LATCHKEY_SEAL_OVERHEAD bytes, which is sealed_size, and is not where
 * the message, aad or context is. */
int latchkey_seal_for(const latchkey_xwing_public* key, const uint8_t* message, size_t message_size,
                      const uint8_t* aad, size_t aad_size, const uint8_t* context,
                      size_t context_size, uint8_t* sealed, size_t sealed_size);
int latchkey_open_sealed(const latchkey_xwing_key* key, const uint8_t* sealed, size_t sealed_size,
                         const uint8_t* aad, size_t aad_size, const uint8_t* context,
                         size_t context_size, latchkey_secret** message);

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
