/* Latchkey for C (C99): secrets that this process keeps encrypted until it needs them
 * (enclave.hpp), in the library latchkey-seal. latchkey_seal.h includes this header.
 *
 * What the heads of latchkey.h and latchkey_seal.h say holds here, too.
 */
#ifndef LATCHKEY_LATCHKEY_ENCLAVE_H
#define LATCHKEY_LATCHKEY_ENCLAVE_H

#include "latchkey/latchkey_seal.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* One secret, encrypted in ordinary memory. */
typedef struct latchkey_enclave latchkey_enclave;

/* A copy of the bytes, encrypted; the bytes stay yours to wipe. Errors: TOO_LONG, beyond 2^38 - 64
 * bytes; SEQUENCE_OVERFLOW, after 2^64 - 1 secrets; NO_ENTROPY, PURGED. */
int latchkey_enclave_seal(const uint8_t* bytes, size_t size,
                          latchkey_enclave** enclave) LATCHKEY_CHECKED;
/* The same with a copy of a secret. */
int latchkey_enclave_seal_secret(const latchkey_secret* secret,
                                 latchkey_enclave** enclave) LATCHKEY_CHECKED;
/* The secret. The enclave remains. Errors: SESSION_KEY_GONE, after
 * latchkey_enclave_destroy_session_key() or latchkey_purge(); NOT_AUTHENTIC, if its ciphertext was
 * changed. */
int latchkey_enclave_open(const latchkey_enclave* enclave,
                          latchkey_secret** secret) LATCHKEY_CHECKED;
/* A message that the key's owner opens by latchkey_open_sealed(), latchkey_seal_overhead() bytes
 * longer than the secret. The secret passes through locked memory alone. Errors: those of
 * latchkey_enclave_open() and of latchkey_seal_for(). */
int latchkey_enclave_seal_for(const latchkey_enclave* enclave, const latchkey_public_key* key,
                              const latchkey_suite* suite, const uint8_t* aad, size_t aad_size,
                              const uint8_t* context, size_t context_size, uint8_t* sealed,
                              size_t sealed_size) LATCHKEY_CHECKED;
/* Of the secret, in bytes. 0 if it is NULL. */
size_t latchkey_enclave_size(const latchkey_enclave* enclave);
/* Whether the key that it was sealed with is locked, 1 or 0. 0 only under
 * LATCHKEY_POLICY_BEST_EFFORT, or if it is NULL. */
int latchkey_enclave_is_locked(const latchkey_enclave* enclave);
/* Frees it. NULL is allowed. */
void latchkey_enclave_free(latchkey_enclave* enclave);

/* Wipes the key of all enclaves, so that none which was sealed until now can be opened ever again.
 * The next one makes another key. It waits for calls that use the key in other threads. */
void latchkey_enclave_destroy_session_key(void);

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
