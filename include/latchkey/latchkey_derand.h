/* Latchkey for C (C99): encapsulation with the randomness given by the caller, in the library
 * latchkey. latchkey.h does not include this header. For test vectors, and for protocols that
 * derive randomness by their own rules. Applications must not use it (FIPS 203, section 3.3):
 * randomness that is known or used twice breaks the secret. Key generation with given randomness is
 * latchkey_private_key_from_seed().
 *
 * The rules at the top of latchkey.h hold here, too.
 */
#ifndef LATCHKEY_LATCHKEY_DERAND_H
#define LATCHKEY_LATCHKEY_DERAND_H

#include "latchkey/latchkey_kem.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* The size of the randomness in bytes: 32 for ML-KEM (m), 64 for X-Wing (m || ek_X). 0 for a KEM
 * that this library does not have: those of latchkey_nist.h have a function there. */
size_t latchkey_encapsulation_randomness_size(latchkey_kem kem);
/* ML-KEM.Encaps_internal (Algorithm 17), X-Wing's EncapsulateDerand(). Errors: LOW_ORDER;
 * WRONG_SIZE, also for randomness of the wrong size; BAD_SCALAR, if no candidate in it is a scalar
 * of P-256 or P-384. */
int latchkey_encapsulate_derand(const latchkey_public_key* key, const uint8_t* randomness,
                                size_t randomness_size, uint8_t* ciphertext, size_t size,
                                latchkey_secret** secret) LATCHKEY_CHECKED;

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
