/* Latchkey for C (C99), in the library latchkey-seal: session keys, and messages and streams that
 * are sealed to a public key. This header includes those of key files, HPKE, age files, enclaves,
 * and the KEMs and TLS groups with P-256 and P-384, too. `pkg-config --libs latchkey-seal` names
 * this library and latchkey.
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
 * The rules at the top of latchkey.h hold here, too. The C++ headers have more details, which hold
 * in C, too: bind.hpp, seal.hpp, stream.hpp. These functions call libcrypto. One that makes or uses
 * a key or a secret can also fail with LATCHKEY_E_CRYPTO_FAILED, which the "Errors" below do not
 * repeat.
 */
#ifndef LATCHKEY_LATCHKEY_SEAL_H
#define LATCHKEY_LATCHKEY_SEAL_H

#include "latchkey/latchkey.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* ---- libcrypto */

/* The version of libcrypto that is in use. Do not free it. */
const char* latchkey_crypto_version(void);
/* Tests what this library uses of libcrypto against known answers. Errors: SELF_TEST_FAILED;
 * CRYPTO_POLICY, if the configuration of libcrypto (openssl.cnf) forbids an algorithm. */
int latchkey_crypto_self_test(void) LATCHKEY_CHECKED;
/* After CRYPTO_POLICY: writes which algorithm libcrypto refuses and why, as text for people. What
 * does not fit into `text` is cut off; it ends with a zero byte, if `size` is not 0. Returns the
 * number of characters without the zero byte; 0, if libcrypto refuses nothing now. */
size_t latchkey_describe_crypto_policy(char* text, size_t size);

/* The KDFs, by their numbers in HPKE's registry. */
enum {
  LATCHKEY_KDF_HKDF_SHA256 = 0x0001,   /* RFC 5869 */
  LATCHKEY_KDF_HKDF_SHA384 = 0x0002,   /* likewise */
  LATCHKEY_KDF_SHAKE128 = 0x0010,      /* FIPS 202 */
  LATCHKEY_KDF_SHAKE256 = 0x0011,      /* likewise */
  LATCHKEY_KDF_TURBOSHAKE128 = 0x0012, /* RFC 9861 */
  LATCHKEY_KDF_TURBOSHAKE256 = 0x0013  /* likewise */
};
/* The AEADs, by their numbers in HPKE's registry. */
enum {
  LATCHKEY_AEAD_AES_128_GCM = 0x0001,       /* SP 800-38D */
  LATCHKEY_AEAD_AES_256_GCM = 0x0002,       /* likewise */
  LATCHKEY_AEAD_CHACHA20_POLY1305 = 0x0003, /* RFC 8439 */
  LATCHKEY_AEAD_EXPORT_ONLY = 0xffff        /* for HPKE alone: neither seals nor opens */
};
/* A KDF and an AEAD. A NULL suite means HKDF-SHA256 and ChaCha20-Poly1305. An unknown number gives
 * UNKNOWN_VERSION. */
typedef struct latchkey_suite {
  int kdf;  /* LATCHKEY_KDF_... */
  int aead; /* LATCHKEY_AEAD_... */
} latchkey_suite;

/* ---- Session keys that commit to everything (bind.hpp) */

/* The KDF of session keys. Different KDFs give unrelated keys. */
enum { LATCHKEY_BIND_HKDF_SHA256 = 1, LATCHKEY_BIND_SHAKE256 = 2 };

/* A session key of `size` bytes, at most 8,160 with HKDF-SHA256, derived from the secret, the
 * ciphertext, the public key of the side that decapsulates, and the context. `key` is this public
 * key on both sides. `label` is a string that says what the session key is for. Errors:
 * CIPHERTEXT_LENGTH, TOO_LONG; UNKNOWN_VERSION, for another hash; UNKNOWN_VALUE, if the secret is
 * not the shared secret of a KEM, or the KEM has no session keys here (latchkey_nist.h);
 * NULL_ARGUMENT, also without a label. */
int latchkey_session_key(const latchkey_secret* secret, const latchkey_public_key* key,
                         const uint8_t* ciphertext, size_t ciphertext_size, const uint8_t* context,
                         size_t context_size, int hash, const char* label, size_t size,
                         latchkey_secret** derived) LATCHKEY_CHECKED;

/* ---- Messages sealed to a public key (seal.hpp) */

/* `aad` (associated data) is sent in the clear beside the message; if it is changed, the message
 * does not open. `context` says what the message is for, in at most 60,000 bytes. Both sides must
 * use the same aad and context. A message commits to key, context and aad: not even its author can
 * make one that opens with two keys, contexts or aads. The keys are of the KEMs of latchkey_kem.h.
 */

/* How much longer a sealed message is than its content, in bytes. The argument is the size of the
 * KEM's ciphertext: LATCHKEY_SEAL_OVERHEAD(LATCHKEY_XWING_CIPHERTEXT_SIZE). */
#define LATCHKEY_SEAL_OVERHEAD(ciphertext_size) ((ciphertext_size) + 72)
/* The same by KEM. 0, if messages cannot be sealed to the KEM's keys. */
size_t latchkey_seal_overhead(latchkey_kem kem);

/* Seals a message. sealed_size is message_size + latchkey_seal_overhead(). `sealed` may begin where
 * the message begins, but must not overlap aad or context. Errors: NO_ENTROPY, NO_MEMORY,
 * LOW_ORDER; TOO_LONG, if the context is too long; UNKNOWN_VERSION, for another suite. */
int latchkey_seal_for(const latchkey_public_key* key, const latchkey_suite* suite,
                      const uint8_t* message, size_t message_size, const uint8_t* aad,
                      size_t aad_size, const uint8_t* context, size_t context_size, uint8_t* sealed,
                      size_t sealed_size) LATCHKEY_CHECKED;
/* Opens a message: gives a secret of sealed_size - latchkey_seal_overhead() bytes. Errors:
 * NOT_SEALED, if it is not a sealed message; UNKNOWN_VERSION, OTHER_KEM; SEALED_LENGTH, if it was
 * cut off or bytes were added; NOT_AUTHENTIC, if it was changed, or the key, aad or context is
 * wrong; TOO_LONG, LOW_ORDER. */
int latchkey_open_sealed(const latchkey_private_key* key, const uint8_t* sealed, size_t sealed_size,
                         const uint8_t* aad, size_t aad_size, const uint8_t* context,
                         size_t context_size, latchkey_secret** message) LATCHKEY_CHECKED;

/* What can be read from a sealed message or stream without a key. */
enum { LATCHKEY_SEALED_MESSAGE = 1, LATCHKEY_SEALED_STREAM = 2 };
typedef struct latchkey_sealed_info {
  int kind;             /* one of the two above */
  latchkey_kem kem;     /* its keys open it */
  latchkey_suite suite; /* the KDF and the AEAD */
  size_t preamble_size; /* bytes before the encrypted part */
  uint64_t size;        /* bytes after the preamble; of a stream, the most in a chunk */
} latchkey_sealed_info;
/* latchkey_inspect_sealed() needs this many bytes from the beginning. */
#define LATCHKEY_SEALED_INFO_SIZE 24
/* Reads the header. Does not check whether it was changed, since that needs the key. On an error
 * *info is zeroed. Errors: NOT_SEALED; UNKNOWN_VERSION, if another version or another program made
 * it. */
int latchkey_inspect_sealed(const uint8_t* first_bytes, size_t size,
                            latchkey_sealed_info* info) LATCHKEY_CHECKED;

/* ---- Whole streams sealed to a public key (stream.hpp), in constant memory */

/* Writes 1 to `room` bytes to `to`, and returns how many; 0 at the end of the input, after which it
 * is not called again; a negative number, if it failed. `room` is at least 1. */
typedef ptrdiff_t latchkey_read(void* user, uint8_t* to, size_t room);
/* Takes all of the bytes, and returns 0; any other number, if it failed. The bytes must not be used
 * after it has returned. */
typedef int latchkey_write(void* user, const uint8_t* bytes, size_t size);

/* Seals all that read(user, ...) gives, and passes the stream to write(user, ...). aad and context
 * are as for messages, above. What was written before an error is not a complete stream, and
 * opening it fails. Errors: READ_FAILED, also if read() returns more than `room`; WRITE_FAILED;
 * those of latchkey_stream_sealer_create() and latchkey_stream_sealer_chunk(). */
int latchkey_seal_stream(const latchkey_public_key* key, const latchkey_suite* suite,
                         latchkey_read* read, latchkey_write* write, void* user, const uint8_t* aad,
                         size_t aad_size, const uint8_t* context,
                         size_t context_size) LATCHKEY_CHECKED;
/* Opens all that read(user, ...) gives. What was written before an error is only the beginning of
 * the sealed data: discard it. Errors: READ_FAILED and WRITE_FAILED, as above; those of
 * latchkey_stream_opener_create() and latchkey_stream_opener_chunk(). */
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
