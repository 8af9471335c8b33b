/* Latchkey for C (C99): ML-KEM with a public key, and a ciphertext, that are sent in two parts
 * (incremental.hpp), in the library latchkey. latchkey.h includes this header.
 *
 * A public key is t_hat || rho. Its header, rho || H(ek), is sent first, and is enough to begin;
 * t_hat follows. A ciphertext is c1 || c2, and latchkey_decapsulate() takes it as any other.
 *
 * What the head of latchkey.h says holds here, too. begin takes any 64 bytes: whether they belong
 * to a public key is known when finish has succeeded, and not before.
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
/* The same by KEM. 0 for one that is not ML-KEM. */
size_t latchkey_t_hat_size(latchkey_kem kem);
size_t latchkey_c1_size(latchkey_kem kem);
size_t latchkey_c2_size(latchkey_kem kem);

/* The two parts of a public key. Errors: OTHER_KEM, if it is not ML-KEM's. */
int latchkey_public_key_parts(const latchkey_public_key* key,
                              uint8_t header[LATCHKEY_KEY_HEADER_SIZE], uint8_t* t_hat,
                              size_t t_hat_size) LATCHKEY_CHECKED;

/* An encapsulation between its two parts. */
typedef struct latchkey_incremental latchkey_incremental;

/* The first part of ML-KEM.Encaps (FIPS 203, Algorithm 20), from the header of a key: c1, to be
 * sent. Errors: NO_ENTROPY; KEY_PART_LENGTH, if the header has not 64 bytes; UNKNOWN_VALUE, for a
 * KEM that is not ML-KEM. */
int latchkey_incremental_begin(latchkey_kem kem, const uint8_t* header, size_t header_size,
                               uint8_t* c1, size_t c1_size,
                               latchkey_incremental** state) LATCHKEY_CHECKED;
/* The second part: c2, to be sent, and the 32-byte secret. Checks that both parts of the key belong
 * together, and t_hat by the modulus check of section 7.2. It succeeds once; where t_hat is
 * refused, another one can be tried. Errors: KEY_PART_LENGTH, if t_hat has another size;
 * KEY_PART_MISMATCH, if it is not what the header was made for; NOT_REDUCED; MOVED_FROM, after it
 * succeeded. */
int latchkey_incremental_finish(latchkey_incremental* state, const uint8_t* t_hat,
                                size_t t_hat_size, uint8_t* c2, size_t c2_size,
                                latchkey_secret** secret) LATCHKEY_CHECKED;
/* The secret that finish will give, before t_hat was seen and checked, which FIPS 203 does not
 * have: for protocols whose security was analysed so. If t_hat never comes, or is refused, nobody
 * can compute it: wipe it, and do not use it. Errors: MOVED_FROM, after finish succeeded. */
int latchkey_incremental_early_secret(const latchkey_incremental* state,
                                      latchkey_secret** secret) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_incremental_free(latchkey_incremental* state);

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
