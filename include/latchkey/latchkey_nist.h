/* Latchkey for C (C99): the KEMs and TLS groups with P-256 and P-384, and HPKE's classical KEMs:
 * the hybrids MLKEM768-P256 and MLKEM1024-P384 (mlkem_nist.hpp), DHKEM(P-256) and DHKEM(X25519)
 * (hpke_dh.hpp), SecP256r1MLKEM768 and SecP384r1MLKEM1024 (tls_nist.hpp). In the library
 * latchkey-seal. latchkey_seal.h includes this header.
 *
 * These functions make keys and clients. Use their handles with all other functions of
 * latchkey_kem.h, latchkey_derand.h, latchkey_hpke.h and latchkey_tls.h. libcrypto does a part of
 * the work, so these calls can also fail with BAD_POINT, CRYPTO_FAILED and CRYPTO_POLICY. Messages
 * cannot be sealed to these keys, and they have neither key files nor session keys.
 *
 * The rules at the top of latchkey.h and latchkey_seal.h hold here, too.
 */
#ifndef LATCHKEY_LATCHKEY_NIST_H
#define LATCHKEY_LATCHKEY_NIST_H

#include "latchkey/latchkey_seal.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* ---- KEMs */

/* The KEMs, by their numbers in HPKE's registry. */
enum {
  LATCHKEY_KEM_DHKEM_P256 = 0x0010,   /* classical, to interoperate: a quantum computer breaks it */
  LATCHKEY_KEM_DHKEM_X25519 = 0x0020, /* likewise */
  LATCHKEY_KEM_MLKEM768_P256 = 0x0050, /* draft-ietf-hpke-pq */
  LATCHKEY_KEM_MLKEM1024_P384 = 0x0051 /* likewise */
};

/* Sizes in bytes. Seeds have 32. */
#define LATCHKEY_DHKEM_P256_PUBLIC_KEY_SIZE 65
#define LATCHKEY_DHKEM_X25519_PUBLIC_KEY_SIZE 32
#define LATCHKEY_MLKEM768_P256_PUBLIC_KEY_SIZE 1249
#define LATCHKEY_MLKEM1024_P384_PUBLIC_KEY_SIZE 1665
#define LATCHKEY_DHKEM_P256_CIPHERTEXT_SIZE 65
#define LATCHKEY_DHKEM_X25519_CIPHERTEXT_SIZE 32
#define LATCHKEY_MLKEM768_P256_CIPHERTEXT_SIZE 1153
#define LATCHKEY_MLKEM1024_P384_CIPHERTEXT_SIZE 1665
/* The same sizes by KEM. 0 for a KEM that is none of these. */
size_t latchkey_nist_public_key_size(latchkey_kem kem);
size_t latchkey_nist_ciphertext_size(latchkey_kem kem);
size_t latchkey_nist_seed_size(latchkey_kem kem);
size_t latchkey_nist_encapsulation_randomness_size(latchkey_kem kem);
/* The name, for example "MLKEM768-P256"; "unknown" for a KEM that is none of these. Do not free it.
 */
const char* latchkey_nist_kem_name(latchkey_kem kem);

/* As latchkey_private_key_generate(). Errors: NO_ENTROPY, INCONSISTENT_KEY. */
int latchkey_nist_private_key_generate(latchkey_kem kem, int test,
                                       latchkey_private_key** key) LATCHKEY_CHECKED;
/* As latchkey_private_key_from_seed(). Errors: SEED_LENGTH, NO_ENTROPY, INCONSISTENT_KEY;
 * BAD_SCALAR, if the seed gives no valid scalar of the curve. */
int latchkey_nist_private_key_from_seed(latchkey_kem kem, const uint8_t* seed, size_t size,
                                        int test, latchkey_private_key** key) LATCHKEY_CHECKED;
/* As latchkey_public_key_parse(). Errors: ENCAPSULATION_KEY_LENGTH, NOT_REDUCED; BAD_POINT, if its
 * P-256 or P-384 part is not an uncompressed point on the curve. */
int latchkey_nist_public_key_parse(latchkey_kem kem, const uint8_t* bytes, size_t size,
                                   latchkey_public_key** key) LATCHKEY_CHECKED;

/* ---- TLS: LATCHKEY_TLS_SECP256R1MLKEM768 and LATCHKEY_TLS_SECP384R1MLKEM1024 */

/* As latchkey_tls_client_generate(). Errors: NO_ENTROPY, CRYPTO_POLICY. */
int latchkey_nist_tls_client_generate(latchkey_tls_group group,
                                      latchkey_tls_client** client) LATCHKEY_CHECKED;
/* As latchkey_tls_answer(). Errors: ENCAPSULATION_KEY_LENGTH, NOT_REDUCED, NO_ENTROPY,
 * CRYPTO_POLICY; BAD_POINT, if the client's P-256 or P-384 key is not an uncompressed point on the
 * curve. */
int latchkey_nist_tls_answer(latchkey_tls_group group, const uint8_t* client_share,
                             size_t client_share_size, uint8_t* server_share, size_t size,
                             latchkey_secret** secret) LATCHKEY_CHECKED;

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
