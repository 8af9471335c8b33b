/* Latchkey for C (C99): the KEMs of the library latchkey. latchkey.h includes this header. Every
 * KEM has the same functions; those that make a key take the KEM as an argument.
 *
 *   latchkey_public_key *peer = NULL;
 *   latchkey_secret *secret = NULL;
 *   uint8_t ciphertext[LATCHKEY_MLKEM768_CIPHERTEXT_SIZE];
 *   int status = latchkey_public_key_parse(LATCHKEY_KEM_MLKEM768, bytes, size, &peer);
 *   if (status == LATCHKEY_OK) {
 *     status = latchkey_encapsulate(peer, ciphertext, sizeof ciphertext, &secret);
 *   }
 *
 * The rules at the top of latchkey.h hold here, too.
 */
#ifndef LATCHKEY_LATCHKEY_KEM_H
#define LATCHKEY_LATCHKEY_KEM_H

#include "latchkey/latchkey_base.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* A KEM, by its number in the registry of HPKE (RFC 9180 and draft-ietf-hpke-pq). */
typedef int latchkey_kem;
enum {
  LATCHKEY_KEM_MLKEM512 = 0x0040,  /* ML-KEM-512 (FIPS 203) */
  LATCHKEY_KEM_MLKEM768 = 0x0041,  /* ML-KEM-768, which nearly everybody should use */
  LATCHKEY_KEM_MLKEM1024 = 0x0042, /* ML-KEM-1024 */
  LATCHKEY_KEM_XWING = 0x647a      /* X-Wing: X25519 and ML-KEM-768 in one */
};

/* Sizes in bytes: FIPS 203, table 3; draft-connolly-cfrg-xwing-kem, section 5.1. */
#define LATCHKEY_SHARED_SECRET_SIZE 32
#define LATCHKEY_MLKEM512_PUBLIC_KEY_SIZE 800
#define LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE 1184
#define LATCHKEY_MLKEM1024_PUBLIC_KEY_SIZE 1568
#define LATCHKEY_XWING_PUBLIC_KEY_SIZE 1216
#define LATCHKEY_MLKEM512_CIPHERTEXT_SIZE 768
#define LATCHKEY_MLKEM768_CIPHERTEXT_SIZE 1088
#define LATCHKEY_MLKEM1024_CIPHERTEXT_SIZE 1568
#define LATCHKEY_XWING_CIPHERTEXT_SIZE 1120
#define LATCHKEY_MLKEM_SEED_SIZE 64 /* d || z */
#define LATCHKEY_XWING_SEED_SIZE 32
#define LATCHKEY_MLKEM512_EXPANDED_KEY_SIZE 1632 /* dk_PKE || ek || H(ek) || z */
#define LATCHKEY_MLKEM768_EXPANDED_KEY_SIZE 2400
#define LATCHKEY_MLKEM1024_EXPANDED_KEY_SIZE 3168
/* The same sizes by KEM. 0 for a KEM that this library does not have, or that has no expanded form.
 */
size_t latchkey_public_key_size(latchkey_kem kem);
size_t latchkey_ciphertext_size(latchkey_kem kem);
size_t latchkey_seed_size(latchkey_kem kem);
size_t latchkey_expanded_key_size(latchkey_kem kem);
/* The name, for example "ML-KEM-768"; "unknown" for a KEM that this library does not have. Never
 * freed.
 */
const char* latchkey_kem_name(latchkey_kem kem);

/* ---- Private keys */

/* A private key (FIPS 203: decapsulation key), precomputed, in locked memory. */
typedef struct latchkey_private_key latchkey_private_key;
/* A public key (encapsulation key), checked and precomputed: 4 to 12 KiB. */
typedef struct latchkey_public_key latchkey_public_key;

/* A new key: ML-KEM.KeyGen (Algorithm 19), X-Wing's GenerateKeyPair(). `test` is 1 for a pairwise
 * test, one encapsulation and decapsulation, which FIPS 140-3 requires of validated modules; or 0.
 * Errors: NO_ENTROPY; INCONSISTENT_KEY, if the test failed. */
int latchkey_private_key_generate(latchkey_kem kem, int test,
                                  latchkey_private_key** key) LATCHKEY_CHECKED;
/* The key of a seed. Store keys as seeds. Any bytes of the right size are a seed. `test` as above.
 * Errors: SEED_LENGTH, NO_ENTROPY, INCONSISTENT_KEY. */
int latchkey_private_key_from_seed(latchkey_kem kem, const uint8_t* seed, size_t size, int test,
                                   latchkey_private_key** key) LATCHKEY_CHECKED;
/* An ML-KEM key from the expanded form that other libraries export, with the hash check of FIPS
 * 203, section 7.3, and with `test` 1 a pairwise test. Prefer seeds: an expanded key of unknown
 * origin can be crafted so that two ciphertexts share a secret. Stricter than section 7.3:
 * NOT_REDUCED also for a coefficient of 3329 or more in the private half. Errors:
 * DECAPSULATION_KEY_LENGTH, NOT_REDUCED, HASH_MISMATCH, INCONSISTENT_KEY, NO_ENTROPY;
 * UNKNOWN_VALUE, if the KEM has no such form. */
int latchkey_private_key_import_expanded(latchkey_kem kem, const uint8_t* expanded, size_t size,
                                         int test, latchkey_private_key** key) LATCHKEY_CHECKED;
/* Writes the seed. Wiping `seed` is up to you. Errors: NO_SEED, if the key was imported. */
int latchkey_private_key_export_seed(const latchkey_private_key* key, uint8_t* seed,
                                     size_t size) LATCHKEY_CHECKED;
/* Writes the expanded form, for libraries that do not support seeds. Wiping it is up to you.
 * Errors: UNKNOWN_VALUE, if the KEM has no such form. */
int latchkey_private_key_export_expanded(const latchkey_private_key* key, uint8_t* expanded,
                                         size_t size) LATCHKEY_CHECKED;
/* The KEM that it is for. 0 if it is NULL. */
latchkey_kem latchkey_private_key_kem(const latchkey_private_key* key);
/* Whether it is in locked memory, 1 or 0. 0 only under LATCHKEY_POLICY_BEST_EFFORT, or if the
 * handle is NULL. */
int latchkey_private_key_is_locked(const latchkey_private_key* key);
/* A new handle for the public key that belongs to it. */
int latchkey_private_key_public(const latchkey_private_key* key,
                                latchkey_public_key** public_key) LATCHKEY_CHECKED;
/* The 32-byte shared secret: ML-KEM.Decaps (Algorithm 21), X-Wing's Decapsulate(). A wrong
 * ciphertext gives a different secret and no error (implicit rejection). Errors: CIPHERTEXT_LENGTH;
 * LOW_ORDER, if its X25519 part has low order. */
int latchkey_decapsulate(const latchkey_private_key* key, const uint8_t* ciphertext, size_t size,
                         latchkey_secret** secret) LATCHKEY_CHECKED;
/* Decapsulates with an ML-KEM key in expanded form that is used only once: faster than import and
 * decapsulation. Makes the checks of latchkey_private_key_import_expanded(), but no pairwise test.
 * Errors: DECAPSULATION_KEY_LENGTH, CIPHERTEXT_LENGTH, NOT_REDUCED, HASH_MISMATCH; UNKNOWN_VALUE,
 * if the KEM has no such form. */
int latchkey_decapsulate_with_expanded_key(latchkey_kem kem, const uint8_t* expanded,
                                           size_t expanded_size, const uint8_t* ciphertext,
                                           size_t size, latchkey_secret** secret) LATCHKEY_CHECKED;
/* A second handle for the same key, for children of fork(): see "Secrets for children" in
 * latchkey_base.h. */
int latchkey_private_key_inheritable(const latchkey_private_key* key,
                                     latchkey_private_key** inheritable) LATCHKEY_CHECKED;
/* In a child: makes the child's own handle from an inheritable handle of its parent. Errors:
 * INHERITED, if the handle is not inheritable; PURGED, if this process purged it, or the parent
 * before the fork; MEMORY_NOT_LOCKED. */
int latchkey_private_key_adopt(const latchkey_private_key* inherited,
                               latchkey_private_key** own) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_private_key_free(latchkey_private_key* key);

/* ---- Public keys */

/* Parses a public key, with the modulus check of FIPS 203, section 7.2. Errors:
 * ENCAPSULATION_KEY_LENGTH, NOT_REDUCED. */
int latchkey_public_key_parse(latchkey_kem kem, const uint8_t* bytes, size_t size,
                              latchkey_public_key** key) LATCHKEY_CHECKED;
/* Writes the bytes that latchkey_public_key_parse() takes. */
int latchkey_public_key_bytes(const latchkey_public_key* key, uint8_t* bytes,
                              size_t size) LATCHKEY_CHECKED;
/* The KEM that it is for. 0 if it is NULL. */
latchkey_kem latchkey_public_key_kem(const latchkey_public_key* key);
/* A second handle for the same key. */
int latchkey_public_key_clone(const latchkey_public_key* key,
                              latchkey_public_key** clone) LATCHKEY_CHECKED;
/* A ciphertext, to be sent, and the 32-byte shared secret: ML-KEM.Encaps (Algorithm 20), X-Wing's
 * Encapsulate(). Errors: NO_ENTROPY; LOW_ORDER, if the X25519 part of the key has low order. */
int latchkey_encapsulate(const latchkey_public_key* key, uint8_t* ciphertext, size_t size,
                         latchkey_secret** secret) LATCHKEY_CHECKED;
/* Frees it. NULL is allowed. */
void latchkey_public_key_free(latchkey_public_key* key);

/* ---- Batches (batch.hpp): faster than the same operations one by one, with the same results */

/* The arrays have `count` handles. The ciphertexts are concatenated, and `size` is their total
 * size. All keys of a batch must be of one KEM, or the error is UNKNOWN_VALUE; a key may appear
 * more than once. On an error every new handle is NULL. A count of 0 is allowed. */

/* New keys. Errors: NO_ENTROPY. */
int latchkey_generate_batch(latchkey_kem kem, latchkey_private_key** keys,
                            size_t count) LATCHKEY_CHECKED;
/* Encapsulates to each key. Errors: those of latchkey_encapsulate(). */
int latchkey_encapsulate_batch(const latchkey_public_key* const* keys, size_t count,
                               uint8_t* ciphertexts, size_t size,
                               latchkey_secret** secrets) LATCHKEY_CHECKED;
/* Decapsulates a ciphertext with each key. Errors: those of latchkey_decapsulate(). LOW_ORDER in
 * one ciphertext fails the whole batch: then decapsulate one by one. */
int latchkey_decapsulate_batch(const latchkey_private_key* const* keys, size_t count,
                               const uint8_t* ciphertexts, size_t size,
                               latchkey_secret** secrets) LATCHKEY_CHECKED;

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
