/* Latchkey for C (C99), in the library latchkey-seal: session keys, messages and streams that are
 * sealed to a public key. It includes the headers of key files, HPKE, age files and enclaves, too.
 * `pkg-config --libs latchkey-seal` names this library and latchkey.
 *
 *   static ptrdiff_t from_file(void *files, uint8_t *to, size_t room) {
 *     FILE *in = ((FILE **)files)[0];
 *     size_t size = fread(to, 1, room, in);
 *     return size == 0 && ferror(in) ? -1 : (ptrdiff_t)size;
 *   }
 *   static int to_file(void *files, const uint8_t *bytes, size_t size) {
 *     return fwrite(bytes, 1, size, ((FILE **)files)[1]) == size ? 0 : -1;
 *   }
 *   ...
 *   FILE *files[2] = {in, out};
 *   int status = latchkey_seal_stream(key, NULL, from_file, to_file, files, NULL, 0, what, size);
 *   if (status != LATCHKEY_OK) return fail(latchkey_strerror(status));
 *
 * What the head of latchkey.h says holds here, too, and what the C++ headers say of each thing:
 * bind.hpp, seal.hpp, stream.hpp. libcrypto does a part of the work: what makes or uses a key or a
 * secret can fail with LATCHKEY_E_CRYPTO_FAILED, too, which "Errors" below do not repeat.
 */
#ifndef LATCHKEY_LATCHKEY_SEAL_H
#define LATCHKEY_LATCHKEY_SEAL_H

#include "latchkey/latchkey.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* ---- libcrypto */

/* The version of libcrypto that is in use. Lasts as long as the process. */
const char* latchkey_crypto_version(void);
/* Known answers of what this library gets from libcrypto. Errors: SELF_TEST_FAILED; CRYPTO_POLICY,
 * if the configuration of libcrypto (openssl.cnf) forbids an algorithm. */
int latchkey_crypto_self_test(void) LATCHKEY_CHECKED;
/* After CRYPTO_POLICY: writes which algorithm libcrypto refuses and why, as text for people. What
 * does not fit into `text` is cut off; a zero ends it, if `size` is not 0. Returns the number of
 * characters without the zero; 0, if libcrypto refuses nothing now. */
size_t latchkey_describe_crypto_policy(char* text, size_t size);

/* What keys are derived by, and what seals, by their numbers in HPKE's registries. */
enum {
  LATCHKEY_KDF_HKDF_SHA256 = 0x0001,
  LATCHKEY_KDF_HKDF_SHA384 = 0x0002,
  LATCHKEY_KDF_SHAKE128 = 0x0010,
  LATCHKEY_KDF_SHAKE256 = 0x0011,
  LATCHKEY_KDF_TURBOSHAKE128 = 0x0012,
  LATCHKEY_KDF_TURBOSHAKE256 = 0x0013
};
enum {
  LATCHKEY_AEAD_AES_128_GCM = 0x0001,
  LATCHKEY_AEAD_AES_256_GCM = 0x0002,
  LATCHKEY_AEAD_CHACHA20_POLY1305 = 0x0003,
  LATCHKEY_AEAD_EXPORT_ONLY = 0xffff /* for HPKE alone: neither seals nor opens */
};
/* Where a suite is NULL, it is HKDF-SHA256 and ChaCha20-Poly1305. An unknown number gives
 * UNKNOWN_VERSION. */
typedef struct latchkey_suite {
  int kdf;
  int aead;
} latchkey_suite;

/* ---- Session keys that commit to everything (bind.hpp) */

/* The hash behind them. Different ones give unrelated keys. */
enum { LATCHKEY_BIND_HKDF_SHA256 = 1, LATCHKEY_BIND_SHAKE256 = 2 };

/* A session key of `size` bytes, with HKDF-SHA256 8,160 at most: of the secret, the ciphertext, the
 * key that the ciphertext is for and the context; `label` says what for, and ends with a zero. Both
 * sides name the public key of the one that decapsulated. Errors: CIPHERTEXT_LENGTH, TOO_LONG;
 * UNKNOWN_VERSION, for another hash; UNKNOWN_VALUE, if the secret is not one of a KEM, or nothing
 * is bound to a key of this KEM; NULL_ARGUMENT, also without a label. */
int latchkey_session_key(const latchkey_secret* secret, const latchkey_public_key* key,
                         const uint8_t* ciphertext, size_t ciphertext_size, const uint8_t* context,
                         size_t context_size, int hash, const char* label, size_t size,
                         latchkey_secret** derived) LATCHKEY_CHECKED;

/* ---- Messages sealed to a public key (seal.hpp) */

/* `aad` (associated data) travels in the clear beside the message and must not be changed.
 * `context` is what the message is for, and has at most 60,000 bytes. Both sides must use the same
 * aad and the same context. A message commits to key, context and aad: not even its author can make
 * one that opens with two keys, contexts or aads. Every KEM of latchkey_kem.h will do. */

/* How much longer a sealed message is than its content, in bytes, from the size of the KEM's
 * ciphertext: LATCHKEY_SEAL_OVERHEAD(LATCHKEY_XWING_CIPHERTEXT_SIZE). */
#define LATCHKEY_SEAL_OVERHEAD(ciphertext_size) ((ciphertext_size) + 72)
/* The same by KEM. 0, if messages cannot be sealed to its keys. */
size_t latchkey_seal_overhead(latchkey_kem kem);

/* Seals a message. `sealed` has latchkey_seal_overhead() bytes more, which is sealed_size. It may
 * begin where the message begins, but must not overlap aad or context. Errors: NO_ENTROPY,
 * NO_MEMORY, LOW_ORDER; TOO_LONG, if the context is; UNKNOWN_VERSION, for another suite. */
int latchkey_seal_for(const latchkey_public_key* key, const latchkey_suite* suite,
                      const uint8_t* message, size_t message_size, const uint8_t* aad,
                      size_t aad_size, const uint8_t* context, size_t context_size, uint8_t* sealed,
                      size_t sealed_size) LATCHKEY_CHECKED;
/* The message, a secret of latchkey_seal_overhead() bytes less. Errors: NOT_SEALED, if it is no
 * sealed message; UNKNOWN_VERSION, OTHER_KEM; SEALED_LENGTH, if it is cut or something follows it;
 * NOT_AUTHENTIC, if it was changed, or key, aad or context is another; TOO_LONG, LOW_ORDER. */
int latchkey_open_sealed(const latchkey_private_key* key, const uint8_t* sealed, size_t sealed_size,
                         const uint8_t* aad, size_t aad_size, const uint8_t* context,
                         size_t context_size, latchkey_secret** message) LATCHKEY_CHECKED;

/* What a sealed message or stream says of itself, for whoever has no key. */
enum { LATCHKEY_SEALED_MESSAGE = 1, LATCHKEY_SEALED_STREAM = 2 };
typedef struct latchkey_sealed_info {
  int kind;             /* one of the two above */
  latchkey_kem kem;     /* whose keys open it */
  latchkey_suite suite; /* what it is sealed with */
  size_t preamble_size; /* bytes before what is encrypted */
  uint64_t size;        /* bytes behind them; in each chunk of a stream, at most */
} latchkey_sealed_info;
/* How many bytes from the beginning latchkey_inspect_sealed() needs. */
#define LATCHKEY_SEALED_INFO_SIZE 24
/* Reads the header. Does not check whether it was changed, since that needs the key. On an error
 * *info is zero. Errors: NOT_SEALED; UNKNOWN_VERSION, if another version or another program made
 * it. */
int latchkey_inspect_sealed(const uint8_t* first_bytes, size_t size,
                            latchkey_sealed_info* info) LATCHKEY_CHECKED;

/* ---- Whole streams sealed to a public key (stream.hpp), in constant memory */

/* Puts some bytes at the beginning of `to`, of `room` bytes and never none, and returns how many; 0
 * at the end, after which it is not called again; a negative number if it failed. */
typedef ptrdiff_t latchkey_read(void* user, uint8_t* to, size_t room);
/* Takes all of the bytes, which may not be used afterwards, and returns 0; any other number if it
 * failed. */
typedef int latchkey_write(void* user, const uint8_t* bytes, size_t size);

/* Seals all that read(user, ...) gives, and writes it by write(user, ...). aad and context are
 * those of messages, above. A stream that was written before an error is not whole, and is not
 * opened. Errors: READ_FAILED, also if read() says that it put more than there was room;
 * WRITE_FAILED; those of latchkey_stream_sealer_create() and latchkey_stream_sealer_chunk(). */
int latchkey_seal_stream(const latchkey_public_key* key, const latchkey_suite* suite,
                         latchkey_read* read, latchkey_write* write, void* user, const uint8_t* aad,
                         size_t aad_size, const uint8_t* context,
                         size_t context_size) LATCHKEY_CHECKED;
/* Opens all that read(user, ...) gives. What was written before an error is how the sealed data
 * begins, and no more is known of it: it is to be thrown away. Errors: READ_FAILED and
 * WRITE_FAILED, as above; those of latchkey_stream_opener_create() and
 * latchkey_stream_opener_chunk(). */
int latchkey_open_stream(const latchkey_private_key* key, latchkey_read* read,
                         latchkey_write* write, void* user, const uint8_t* aad, size_t aad_size,
                         const uint8_t* context, size_t context_size) LATCHKEY_CHECKED;

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#include "latchkey/latchkey_age.h"
#include "latchkey/latchkey_enclave.h"
#include "latchkey/latchkey_hpke.h"
#include "latchkey/latchkey_key_file.h"
#include "latchkey/latchkey_nist.h"
#include "latchkey/latchkey_stream.h"

#endif
