/* Latchkey for C (C99): ML-KEM-768 and secrets, in the library latchkey. The library latchkey-seal
 * has latchkey_seal.h.
 *
 *   latchkey_mlkem768_key *key = NULL;
 *   int status = latchkey_mlkem768_key_generate(&key);
 *   if (status != LATCHKEY_OK) return fail(latchkey_strerror(status));
 *   ...
 *   latchkey_mlkem768_key_free(key);
 *
 * What the C++ headers say of each thing holds here, too: mlkem.hpp, secret_memory.hpp.
 *
 * A function that can fail returns LATCHKEY_OK or one of the other LATCHKEY_E_ numbers. On an error
 * the new handle is NULL, and the output buffer is zeroed, unless its size is above PTRDIFF_MAX: no
 * buffer is so large, and a subtraction went below zero. Sizes are in bytes. A NULL handle, NULL
 * bytes with a size above 0, a NULL result and a NULL function give LATCHKEY_E_NULL_ARGUMENT. NULL
 * is allowed for bytes of size 0, and in the free functions, which ignore it.
 *
 * A function that makes a handle can fail with LATCHKEY_E_NO_MEMORY. If the handle is for a private
 * key or a secret, it can also fail with LATCHKEY_E_MEMORY_NOT_LOCKED,
 * LATCHKEY_E_MEMORY_NOT_PROTECTED, LATCHKEY_E_TOO_MANY_MAPPINGS and, if it is the first of the
 * process, LATCHKEY_E_NO_ENTROPY. A function that uses a private key or a secret can fail with
 * LATCHKEY_E_INHERITED in a child of fork(), and with LATCHKEY_E_PURGED after latchkey_purge().
 * "Errors" below do not repeat these, nor LATCHKEY_E_NULL_ARGUMENT, and leave LATCHKEY_E_ out of
 * the names.
 *
 * All functions may run in many threads at once, also with the same handle, as long as none of them
 * frees it; a stream's sealer or opener is for one thread at a time. A function of yours that is
 * called may neither throw nor longjmp, and its thread may not be cancelled there (pthread_cancel):
 * what is to be wiped on the way back would stay.
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

/* Functions are added, and none is taken away or changed, while this number stays. */
#define LATCHKEY_ABI_VERSION 1
/* That of the library in use, which may be newer than this header. */
int latchkey_abi_version(void);
/* "0.1.0", for example. Lasts for ever. */
const char* latchkey_version(void);

/* ---- Errors */

/* Compilers warn where nobody looks at what such a function returns. */
#define LATCHKEY_CHECKED __attribute__((warn_unused_result))

/* The errors, which error_list.h lists with their texts. Their numbers are those of latchkey::Error
 * (result.hpp) and never change. */
enum {
  LATCHKEY_OK = 0, /* no error */
#define LATCHKEY_ERROR(name, NAME, number, text) LATCHKEY_E_##NAME = number,
#include "latchkey/error_list.h"
};

/* One sentence for people, without a full stop. Never NULL. Lasts for ever. */
const char* latchkey_strerror(int status);

/* ---- The process */

/* Key generation, encapsulation and decapsulation against fixed answers. Below a millisecond.
 * Errors: SELF_TEST_FAILED, NO_ENTROPY. */
int latchkey_self_test(void) LATCHKEY_CHECKED;
/* "ref", "avx2" or "avx512": the implementation in use on this machine. Lasts for ever. */
const char* latchkey_backend_name(void);
/* Wipes every secret of the process: they are LATCHKEY_E_PURGED from then on, and are to be freed
 * all the same. Not for signal handlers: it waits for a mutex. */
void latchkey_purge(void);
/* Keeps the process out of core dumps and away from debuggers. Errors: NOT_HARDENED. */
int latchkey_harden_process(void) LATCHKEY_CHECKED;

/* What to do if the system refuses to lock memory, or to keep it out of core dumps and children. */
enum {
  LATCHKEY_POLICY_REQUIRE = 0,         /* the default: an error then */
  LATCHKEY_POLICY_BEST_EFFORT = 1,     /* ordinary memory then */
  LATCHKEY_POLICY_PROTECTION_KEYS = 2, /* may be added: closes secrets to all but this library */
  LATCHKEY_POLICY_NO_MEMFD_SECRET = 4  /* may be added: never call memfd_secret(2) */
};
/* From now on. Errors: MEMORY_NOT_PROTECTED, if secrets that exist already cannot be put under the
 * key; UNKNOWN_VALUE, and no change, for what this version of the library does not know. */
int latchkey_set_memory_policy(int policy) LATCHKEY_CHECKED;

/* ---- Secrets for children */

/* A child of fork() cannot use the secrets of its parent: the error is LATCHKEY_E_INHERITED. A
 * server that loads its key once and works in children (prefork) has to pass the key on explicitly:
 *
 *   latchkey_xwing_key_inheritable(key, &for_workers);   before fork(): a second handle
 *   latchkey_xwing_key_free(key);                        if the parent no longer needs it
 *   ... fork() ...
 *   latchkey_xwing_key_adopt(for_workers, &mine);        in each worker: a key of its own
 *   latchkey_xwing_key_free(for_workers);                in the worker: does not wipe the key
 *
 * In the process that made it, an inheritable handle works like any other. As long as it exists,
 * its secret is also in locked memory that every child of this process can read. So free the handle
 * in the parent after the last worker has adopted it: that wipes this memory for all processes. A
 * child that executes another program (exec) has no access to it.
 *
 * A child can use the public keys of its parent directly. */

/* ---- Secrets, in locked memory */

/* Bytes that are secret: a shared secret of a KEM, a session key, an opened message. */
typedef struct latchkey_secret latchkey_secret;

/* In bytes. 0 if it is NULL. */
size_t latchkey_secret_size(const latchkey_secret* secret);
/* Calls use(context, bytes, size); the bytes may not be used afterwards. What use() made of them is
 * to be dropped on an error, if it was called at all. */
int latchkey_secret_read(const latchkey_secret* secret,
                         void (*use)(void* context, const uint8_t* bytes, size_t size),
                         void* context) LATCHKEY_CHECKED;
/* To memory of your own, of exactly the secret's size, which is yours to wipe. Errors:
 * WRONG_SIZE. */
int latchkey_secret_copy(const latchkey_secret* secret, uint8_t* to, size_t size) LATCHKEY_CHECKED;
/* Whether both have the same bytes, 1 or 0, to *equal. Constant-time in the contents; the sizes are
 * public. On an error it is 0. */
int latchkey_secret_equal(const latchkey_secret* a, const latchkey_secret* b,
                          int* equal) LATCHKEY_CHECKED;
/* A second handle for the same secret, for children of fork(): see "Secrets for children". Errors:
 * PURGED. */
int latchkey_secret_inheritable(const latchkey_secret* secret,
                                latchkey_secret** inheritable) LATCHKEY_CHECKED;
/* In a child: makes the child's own handle from an inheritable handle of its parent. Errors:
 * INHERITED, if the handle is not inheritable; PURGED, if the parent freed or purged it before. */
int latchkey_secret_adopt(const latchkey_secret* inherited, latchkey_secret** own) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_secret_free(latchkey_secret* secret);

/* ---- ML-KEM-768 (FIPS 203) */

/* Sizes in bytes (FIPS 203, table 3). */
#define LATCHKEY_SHARED_SECRET_SIZE 32
#define LATCHKEY_MLKEM768_PUBLIC_SIZE 1184
#define LATCHKEY_MLKEM768_SEED_SIZE 64       /* d || z */
#define LATCHKEY_MLKEM768_EXPANDED_SIZE 2400 /* dk_PKE || ek || H(ek) || z */
#define LATCHKEY_MLKEM768_CIPHERTEXT_SIZE 1088
/* The sizes above, for languages that read no macros. */
size_t latchkey_mlkem768_public_size(void);
size_t latchkey_mlkem768_seed_size(void);
size_t latchkey_mlkem768_ciphertext_size(void);

/* A private key. */
typedef struct latchkey_mlkem768_key latchkey_mlkem768_key;
/* A public key, checked and expanded (about 7 KiB). */
typedef struct latchkey_mlkem768_public latchkey_mlkem768_public;

/* ML-KEM.KeyGen (Algorithm 19) with fresh randomness. Errors: NO_ENTROPY. */
int latchkey_mlkem768_key_generate(latchkey_mlkem768_key** key) LATCHKEY_CHECKED;
/* A key from its 64-byte seed d || z, the form to store keys in. Any 64 bytes are a key. Errors:
 * SEED_LENGTH. */
int latchkey_mlkem768_key_from_seed(const uint8_t* seed, size_t size,
                                    latchkey_mlkem768_key** key) LATCHKEY_CHECKED;
/* A key from the 2400-byte expanded form that other libraries export, with the hash check of FIPS
 * 203, section 7.3, and a pairwise test. Prefer seeds: an expanded key of unknown origin can be
 * crafted so that two ciphertexts share a secret. Stricter than section 7.3: NOT_REDUCED also for a
 * coefficient of 3329 or more in the private half. Errors: DECAPSULATION_KEY_LENGTH, NOT_REDUCED,
 * HASH_MISMATCH, INCONSISTENT_KEY, NO_ENTROPY. */
int latchkey_mlkem768_key_import_expanded(const uint8_t* expanded, size_t size,
                                          latchkey_mlkem768_key** key) LATCHKEY_CHECKED;
/* The 64-byte seed, which is yours to wipe. Errors: NO_SEED, if the key was imported. */
int latchkey_mlkem768_key_export_seed(const latchkey_mlkem768_key* key,
                                      uint8_t seed[LATCHKEY_MLKEM768_SEED_SIZE]) LATCHKEY_CHECKED;
/* The 2400-byte expanded form, which is yours to wipe, for libraries that know no seeds. */
int latchkey_mlkem768_key_export_expanded(const latchkey_mlkem768_key* key,
                                          uint8_t expanded[LATCHKEY_MLKEM768_EXPANDED_SIZE])
    LATCHKEY_CHECKED;
/* The 1184 bytes of its public key. */
int latchkey_mlkem768_key_public(const latchkey_mlkem768_key* key,
                                 uint8_t bytes[LATCHKEY_MLKEM768_PUBLIC_SIZE]) LATCHKEY_CHECKED;
/* ML-KEM.Decaps (Algorithm 21): the 32-byte secret in a ciphertext of 1088 bytes. A wrong
 * ciphertext gives another secret, and no error (implicit rejection). Errors: CIPHERTEXT_LENGTH. */
int latchkey_mlkem768_decapsulate(const latchkey_mlkem768_key* key, const uint8_t* ciphertext,
                                  size_t size, latchkey_secret** secret) LATCHKEY_CHECKED;
/* A second handle for the same key, for children of fork(): see "Secrets for children". */
int latchkey_mlkem768_key_inheritable(const latchkey_mlkem768_key* key,
                                      latchkey_mlkem768_key** inheritable) LATCHKEY_CHECKED;
/* In a child: makes the child's own handle from an inheritable handle of its parent. Errors:
 * INHERITED, if the handle is not inheritable; PURGED, if the parent freed or purged it before. */
int latchkey_mlkem768_key_adopt(const latchkey_mlkem768_key* inherited,
                                latchkey_mlkem768_key** own) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_mlkem768_key_free(latchkey_mlkem768_key* key);

/* A key from its 1184 bytes, with the modulus check of FIPS 203, section 7.2. Errors:
 * ENCAPSULATION_KEY_LENGTH, NOT_REDUCED. */
int latchkey_mlkem768_public_parse(const uint8_t* bytes, size_t size,
                                   latchkey_mlkem768_public** key) LATCHKEY_CHECKED;
/* ML-KEM.Encaps (Algorithm 20) with fresh randomness: a ciphertext of 1088 bytes, to be sent, and
 * the 32-byte secret in it. Errors: NO_ENTROPY. */
int latchkey_mlkem768_encapsulate(const latchkey_mlkem768_public* key,
                                  uint8_t ciphertext[LATCHKEY_MLKEM768_CIPHERTEXT_SIZE],
                                  latchkey_secret** secret) LATCHKEY_CHECKED;
/* Frees it. NULL is allowed. */
void latchkey_mlkem768_public_free(latchkey_mlkem768_public* key);

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
