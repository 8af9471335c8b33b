/* Latchkey for C (C99): ML-KEM on byte arrays, in the library latchkey: the interface of other
 * ML-KEM libraries, for programs that are written for one. examples/pqclean.h has the function
 * names of two such libraries. latchkey.h does not include this header.
 *
 *   uint8_t pk[LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE], sk[LATCHKEY_MLKEM768_EXPANDED_KEY_SIZE];
 *   int status = latchkey_mlkem768_keypair(pk, sk);
 *
 * Keys and secrets are in your own memory here, which Latchkey neither locks nor wipes: they can
 * get into swap and core dumps. Prefer the handles of latchkey_kem.h, which are also faster for a
 * key that is used more than once.
 *
 * Every array has the size in its declaration. Arrays must not overlap. A function returns
 * LATCHKEY_OK, or an error, and then its outputs are zeroed. Thread-safe. Errors of every function:
 * NULL_ARGUMENT; of those that draw random bytes, NO_ENTROPY. No function allocates memory. Some
 * need up to 64 KiB of stack.
 */
#ifndef LATCHKEY_LATCHKEY_MLKEM_BYTES_H
#define LATCHKEY_LATCHKEY_MLKEM_BYTES_H

#include "latchkey/latchkey_kem.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* ---- ML-KEM-512 */

/* ML-KEM.KeyGen (FIPS 203, Algorithm 19): a public key, and the private key in expanded form. */
int latchkey_mlkem512_keypair(uint8_t pk[LATCHKEY_MLKEM512_PUBLIC_KEY_SIZE],
                              uint8_t sk[LATCHKEY_MLKEM512_EXPANDED_KEY_SIZE]) LATCHKEY_CHECKED;
/* ML-KEM.Encaps (Algorithm 20): a ciphertext and the shared secret. Errors: NOT_REDUCED (section
 * 7.2). */
int latchkey_mlkem512_encapsulate(
    uint8_t ct[LATCHKEY_MLKEM512_CIPHERTEXT_SIZE], uint8_t ss[LATCHKEY_SHARED_SECRET_SIZE],
    const uint8_t pk[LATCHKEY_MLKEM512_PUBLIC_KEY_SIZE]) LATCHKEY_CHECKED;
/* ML-KEM.Decaps (Algorithm 21): the shared secret. A wrong ciphertext gives a different secret and
 * no error (implicit rejection). Errors: HASH_MISMATCH (section 7.3); NOT_REDUCED, if a coefficient
 * of the private or the public half of the key is 3329 or more. */
int latchkey_mlkem512_decapsulate(
    uint8_t ss[LATCHKEY_SHARED_SECRET_SIZE], const uint8_t ct[LATCHKEY_MLKEM512_CIPHERTEXT_SIZE],
    const uint8_t sk[LATCHKEY_MLKEM512_EXPANDED_KEY_SIZE]) LATCHKEY_CHECKED;
/* ML-KEM.KeyGen_internal (Algorithm 16) with d || z, 64 random bytes, and ML-KEM.Encaps_internal
 * (Algorithm 17) with m, 32 random bytes: for test vectors. Randomness that is known or used twice
 * breaks the key or the secret. Errors: as above. */
int latchkey_mlkem512_keypair_derand(
    uint8_t pk[LATCHKEY_MLKEM512_PUBLIC_KEY_SIZE], uint8_t sk[LATCHKEY_MLKEM512_EXPANDED_KEY_SIZE],
    const uint8_t d_and_z[LATCHKEY_MLKEM_SEED_SIZE]) LATCHKEY_CHECKED;
int latchkey_mlkem512_encapsulate_derand(uint8_t ct[LATCHKEY_MLKEM512_CIPHERTEXT_SIZE],
                                         uint8_t ss[LATCHKEY_SHARED_SECRET_SIZE],
                                         const uint8_t pk[LATCHKEY_MLKEM512_PUBLIC_KEY_SIZE],
                                         const uint8_t m[32]) LATCHKEY_CHECKED;

/* ---- ML-KEM-768 */

/* As latchkey_mlkem512_keypair(). */
int latchkey_mlkem768_keypair(uint8_t pk[LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE],
                              uint8_t sk[LATCHKEY_MLKEM768_EXPANDED_KEY_SIZE]) LATCHKEY_CHECKED;
/* As latchkey_mlkem512_encapsulate(). */
int latchkey_mlkem768_encapsulate(
    uint8_t ct[LATCHKEY_MLKEM768_CIPHERTEXT_SIZE], uint8_t ss[LATCHKEY_SHARED_SECRET_SIZE],
    const uint8_t pk[LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE]) LATCHKEY_CHECKED;
/* As latchkey_mlkem512_decapsulate(). */
int latchkey_mlkem768_decapsulate(
    uint8_t ss[LATCHKEY_SHARED_SECRET_SIZE], const uint8_t ct[LATCHKEY_MLKEM768_CIPHERTEXT_SIZE],
    const uint8_t sk[LATCHKEY_MLKEM768_EXPANDED_KEY_SIZE]) LATCHKEY_CHECKED;
/* As latchkey_mlkem512_keypair_derand(). */
int latchkey_mlkem768_keypair_derand(
    uint8_t pk[LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE], uint8_t sk[LATCHKEY_MLKEM768_EXPANDED_KEY_SIZE],
    const uint8_t d_and_z[LATCHKEY_MLKEM_SEED_SIZE]) LATCHKEY_CHECKED;
/* As latchkey_mlkem512_encapsulate_derand(). */
int latchkey_mlkem768_encapsulate_derand(uint8_t ct[LATCHKEY_MLKEM768_CIPHERTEXT_SIZE],
                                         uint8_t ss[LATCHKEY_SHARED_SECRET_SIZE],
                                         const uint8_t pk[LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE],
                                         const uint8_t m[32]) LATCHKEY_CHECKED;

/* ---- ML-KEM-1024 */

/* As latchkey_mlkem512_keypair(). */
int latchkey_mlkem1024_keypair(uint8_t pk[LATCHKEY_MLKEM1024_PUBLIC_KEY_SIZE],
                               uint8_t sk[LATCHKEY_MLKEM1024_EXPANDED_KEY_SIZE]) LATCHKEY_CHECKED;
/* As latchkey_mlkem512_encapsulate(). */
int latchkey_mlkem1024_encapsulate(
    uint8_t ct[LATCHKEY_MLKEM1024_CIPHERTEXT_SIZE], uint8_t ss[LATCHKEY_SHARED_SECRET_SIZE],
    const uint8_t pk[LATCHKEY_MLKEM1024_PUBLIC_KEY_SIZE]) LATCHKEY_CHECKED;
/* As latchkey_mlkem512_decapsulate(). */
int latchkey_mlkem1024_decapsulate(
    uint8_t ss[LATCHKEY_SHARED_SECRET_SIZE], const uint8_t ct[LATCHKEY_MLKEM1024_CIPHERTEXT_SIZE],
    const uint8_t sk[LATCHKEY_MLKEM1024_EXPANDED_KEY_SIZE]) LATCHKEY_CHECKED;
/* As latchkey_mlkem512_keypair_derand(). */
int latchkey_mlkem1024_keypair_derand(uint8_t pk[LATCHKEY_MLKEM1024_PUBLIC_KEY_SIZE],
                                      uint8_t sk[LATCHKEY_MLKEM1024_EXPANDED_KEY_SIZE],
                                      const uint8_t d_and_z[LATCHKEY_MLKEM_SEED_SIZE])
    LATCHKEY_CHECKED;
/* As latchkey_mlkem512_encapsulate_derand(). */
int latchkey_mlkem1024_encapsulate_derand(uint8_t ct[LATCHKEY_MLKEM1024_CIPHERTEXT_SIZE],
                                          uint8_t ss[LATCHKEY_SHARED_SECRET_SIZE],
                                          const uint8_t pk[LATCHKEY_MLKEM1024_PUBLIC_KEY_SIZE],
                                          const uint8_t m[32]) LATCHKEY_CHECKED;

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
