/* Latchkey for C (C99): incremental encapsulation (incremental.hpp): ML-KEM with the public key and
 * the ciphertext each sent in two parts. In the library latchkey. latchkey.h includes this header.
 *
 * A public key is t_hat || rho. Its key header, rho || H(ek), is sent first, and encapsulation can
 * begin with it; t_hat follows. The ciphertext is c1 || c2, an ordinary one for
 * latchkey_decapsulate().
 *
 * The rules at the top of latchkey.h hold here, too. latchkey_incremental_begin() accepts any 64
 * bytes: only latchkey_incremental_finish() checks that they belong to a public key.
 */
#ifndef LATCHKEY_LATCHKEY_INCREMENTAL_H
#define LATCHKEY_LATCHKEY_INCREMENTAL_H

#include "latchkey/latchkey_kem.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* Sizes of the parts in bytes. */
#define LATCHKEY_KEY_HEADER_SIZE 64
#define LATCHKEY_MLKEM512_T_HAT_SIZE 768
#define LATCHKEY_MLKEM768_T_HAT_SIZE 1152
#define LATCHKEY_MLKEM1024_T_HAT_SIZE 1536
#define LATCHKEY_MLKEM512_C1_SIZE 640
#define LATCHKEY_MLKEM768_C1_SIZE 960
#define LATCHKEY_MLKEM1024_C1_SIZE 1408
#define LATCHKEY_MLKEM512_C2_SIZE 128
#define LATCHKEY_MLKEM768_C2_SIZE 128
#define LATCHKEY_MLKEM1024_C2_SIZE 160
/* The same sizes by KEM. 0 for a KEM that is not ML-KEM. */
size_t latchkey_t_hat_size(latchkey_kem kem);
size_t latchkey_c1_size(latchkey_kem kem);
size_t latchkey_c2_size(latchkey_kem kem);

/* The two parts of a public key. Errors: OTHER_KEM, if it is not an ML-KEM key. */
int latchkey_public_key_parts(const latchkey_public_key* key,
                              uint8_t header[LATCHKEY_KEY_HEADER_SIZE], uint8_t* t_hat,
                              size_t t_hat_size) LATCHKEY_CHECKED;

/* An encapsulation between its two steps. For one thread at a time. */
typedef struct latchkey_incremental latchkey_incremental;

/* The first step of ML-KEM.Encaps (FIPS 203, Algorithm 20), from a key header: c1, to be sent.
 * Errors: NO_ENTROPY; KEY_PART_LENGTH, if the key header is not 64 bytes long; UNKNOWN_VALUE, for a
 * KEM that is not ML-KEM. */
int latchkey_incremental_begin(latchkey_kem kem, const uint8_t* header, size_t header_size,
                               uint8_t* c1, size_t c1_size,
                               latchkey_incremental** state) LATCHKEY_CHECKED;
/* The second step: c2, to be sent, and the 32-byte secret. Checks that both parts belong to one
 * key, and makes the modulus check of section 7.2 on t_hat. It can succeed only once; after a
 * refused t_hat, another one can be tried. Errors: KEY_PART_LENGTH, if t_hat has the wrong size;
 * KEY_PART_MISMATCH, if it belongs to another key than the key header; NOT_REDUCED; MOVED_FROM,
 * after a call that succeeded. */
int latchkey_incremental_finish(latchkey_incremental* state, const uint8_t* t_hat,
                                size_t t_hat_size, uint8_t* c2, size_t c2_size,
                                latchkey_secret** secret) LATCHKEY_CHECKED;
/* The secret that latchkey_incremental_finish() will give, before t_hat is there and checked. FIPS
 * 203 requires the check first: use this only in a protocol that was analysed with such an early
 * secret. If t_hat never comes, or is refused, nobody else can ever compute the secret: wipe it,
 * and do not use it. Errors: MOVED_FROM, after latchkey_incremental_finish() succeeded. */
int latchkey_incremental_early_secret(const latchkey_incremental* state,
                                      latchkey_secret** secret) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_incremental_free(latchkey_incremental* state);

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
