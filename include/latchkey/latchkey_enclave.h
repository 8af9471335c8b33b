/* Latchkey for C (C99): enclaves, which are secrets that this process keeps encrypted in memory
 * until it needs them (enclave.hpp; it is not SGX). In the library latchkey-seal. latchkey_seal.h
 * includes this header.
 *
 * The rules at the top of latchkey.h and latchkey_seal.h hold here, too.
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

/* Encrypts a copy of the bytes. Wiping the bytes is up to you. Errors: TOO_LONG, beyond 2^38 - 64
 * bytes; SEQUENCE_OVERFLOW, after 2^64 - 1 secrets; NO_ENTROPY, PURGED. */
int latchkey_enclave_seal(const uint8_t* bytes, size_t size,
                          latchkey_enclave** enclave) LATCHKEY_CHECKED;
/* Encrypts a copy of a secret. Errors: as above. */
int latchkey_enclave_seal_secret(const latchkey_secret* secret,
                                 latchkey_enclave** enclave) LATCHKEY_CHECKED;
/* Decrypts the secret. The enclave stays as it is. Errors: SESSION_KEY_GONE, after
 * latchkey_enclave_destroy_session_key() or latchkey_purge(); NOT_AUTHENTIC, if the enclave's
 * ciphertext was changed. */
int latchkey_enclave_open(const latchkey_enclave* enclave,
                          latchkey_secret** secret) LATCHKEY_CHECKED;
/* Seals the secret as a message to `key`, for latchkey_open_sealed(). It is
 * latchkey_seal_overhead() bytes longer than the secret. In the clear, the secret is in locked
 * memory only. Errors: those of latchkey_enclave_open() and of latchkey_seal_for(). */
int latchkey_enclave_seal_for(const latchkey_enclave* enclave, const latchkey_public_key* key,
                              const latchkey_suite* suite, const uint8_t* aad, size_t aad_size,
                              const uint8_t* context, size_t context_size, uint8_t* sealed,
                              size_t sealed_size) LATCHKEY_CHECKED;
/* The size of the secret in bytes. 0 if the handle is NULL. */
size_t latchkey_enclave_size(const latchkey_enclave* enclave);
/* Whether the key that encrypts it is in locked memory, 1 or 0. 0 only under
 * LATCHKEY_POLICY_BEST_EFFORT, or if the handle is NULL. */
int latchkey_enclave_is_locked(const latchkey_enclave* enclave);
/* Frees it. NULL is allowed. */
void latchkey_enclave_free(latchkey_enclave* enclave);

/* Wipes the key of all enclaves: none that exists can ever be opened again. The next enclave makes
 * a new key. Waits for calls in other threads that use the key. */
void latchkey_enclave_destroy_session_key(void);

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
