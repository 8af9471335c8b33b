/* Latchkey for C (C99), in the library latchkey-seal: X-Wing, session keys, messages and streams
 * that are sealed to a public key, and key files. `pkg-config --libs latchkey-seal` names this
 * library and latchkey.
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
 *   int status = latchkey_seal_stream(key, from_file, to_file, files, NULL, 0, context, size);
 *   if (status != LATCHKEY_OK) return fail(latchkey_strerror(status));
 *
 * What the head of latchkey.h says holds here, too, and what the C++ headers say of each thing:
 * xwing.hpp, bind.hpp, seal.hpp, stream.hpp, key_file.hpp. libcrypto does a part of the work: what
 * makes or uses a key or a secret can fail with LATCHKEY_E_CRYPTO_FAILED, too, which "Errors" below
 * do not repeat.
 */
#ifndef LATCHKEY_LATCHKEY_SEAL_H
#define LATCHKEY_LATCHKEY_SEAL_H

#include "latchkey/latchkey.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* ---- X-Wing (draft-connolly-cfrg-xwing-kem): X25519 and ML-KEM-768 in one */

/* Sizes in bytes (section 5.1 of the draft). The secret has LATCHKEY_SHARED_SECRET_SIZE. */
#define LATCHKEY_XWING_PUBLIC_SIZE 1216
#define LATCHKEY_XWING_SEED_SIZE 32
#define LATCHKEY_XWING_CIPHERTEXT_SIZE 1120
/* The sizes above, for languages that read no macros. */
size_t latchkey_xwing_public_size(void);
size_t latchkey_xwing_seed_size(void);
size_t latchkey_xwing_ciphertext_size(void);

/* A private key. */
typedef struct latchkey_xwing_key latchkey_xwing_key;
/* A public key, checked and expanded (about 9 KiB). */
typedef struct latchkey_xwing_public latchkey_xwing_public;

/* GenerateKeyPair() of section 5.2 with fresh randomness. Errors: NO_ENTROPY. */
int latchkey_xwing_key_generate(latchkey_xwing_key** key) LATCHKEY_CHECKED;
/* A key from its 32 bytes. Any 32 bytes are a key. Errors: SEED_LENGTH. */
int latchkey_xwing_key_from_seed(const uint8_t* seed, size_t size,
                                 latchkey_xwing_key** key) LATCHKEY_CHECKED;
/* The 32-byte key, which is yours to wipe. */
int latchkey_xwing_key_export_seed(const latchkey_xwing_key* key,
                                   uint8_t seed[LATCHKEY_XWING_SEED_SIZE]) LATCHKEY_CHECKED;
/* The 1216 bytes of its public key. */
int latchkey_xwing_key_public(const latchkey_xwing_key* key,
                              uint8_t bytes[LATCHKEY_XWING_PUBLIC_SIZE]) LATCHKEY_CHECKED;
/* Decapsulate() of section 5.5: the 32-byte secret in a ciphertext of 1120 bytes. A wrong
 * ciphertext gives another secret, and no error. Errors: CIPHERTEXT_LENGTH; LOW_ORDER, if its
 * X25519 half is one that no honest party makes. */
int latchkey_xwing_decapsulate(const latchkey_xwing_key* key, const uint8_t* ciphertext,
                               size_t size, latchkey_secret** secret) LATCHKEY_CHECKED;
/* A second handle for the same key, for children of fork(): see "Secrets for children" in
 * latchkey.h. */
int latchkey_xwing_key_inheritable(const latchkey_xwing_key* key,
                                   latchkey_xwing_key** inheritable) LATCHKEY_CHECKED;
/* In a child: makes the child's own handle from an inheritable handle of its parent. Errors:
 * INHERITED, if the handle is not inheritable; PURGED, if the parent freed or purged it before. */
int latchkey_xwing_key_adopt(const latchkey_xwing_key* inherited,
                             latchkey_xwing_key** own) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_xwing_key_free(latchkey_xwing_key* key);

/* A key from its 1216 bytes. Errors: ENCAPSULATION_KEY_LENGTH, NOT_REDUCED. */
int latchkey_xwing_public_parse(const uint8_t* bytes, size_t size,
                                latchkey_xwing_public** key) LATCHKEY_CHECKED;
/* Encapsulate() of section 5.4 with fresh randomness: a ciphertext of 1120 bytes, to be sent, and
 * the 32-byte secret in it. Errors: NO_ENTROPY; LOW_ORDER, if the key's X25519 half is one that no
 * honest party makes. */
int latchkey_xwing_encapsulate(const latchkey_xwing_public* key,
                               uint8_t ciphertext[LATCHKEY_XWING_CIPHERTEXT_SIZE],
                               latchkey_secret** secret) LATCHKEY_CHECKED;
/* Frees it. NULL is allowed. */
void latchkey_xwing_public_free(latchkey_xwing_public* key);

/* ---- Session keys that commit to everything (bind.hpp), by HKDF-SHA256 */

/* A session key: `size` bytes, 8,160 at most, of the secret, the ciphertext, the key that the
 * ciphertext is for and the context; `label` says what for, and ends with a zero. Both sides name
 * the public key of the one that decapsulated. Errors: CIPHERTEXT_LENGTH, TOO_LONG; UNKNOWN_VALUE,
 * if the secret is not one of a KEM; NULL_ARGUMENT, also without a label. */
int latchkey_session_xwing(const latchkey_secret* secret, const latchkey_xwing_public* key,
                           const uint8_t* ciphertext, size_t ciphertext_size,
                           const uint8_t* context, size_t context_size, const char* label,
                           size_t size, latchkey_secret** derived) LATCHKEY_CHECKED;
int latchkey_session_mlkem768(const latchkey_secret* secret, const latchkey_mlkem768_public* key,
                              const uint8_t* ciphertext, size_t ciphertext_size,
                              const uint8_t* context, size_t context_size, const char* label,
                              size_t size, latchkey_secret** derived) LATCHKEY_CHECKED;

/* ---- Messages sealed to a public key (seal.hpp), by X-Wing and ChaCha20-Poly1305 */

/* `aad` (associated data) travels in the clear beside the message and must not be changed.
 * `context` is what the message is for, and has at most 60,000 bytes. Both sides must use the same
 * aad and the same context. A message commits to key, context and aad: not even its author can make
 * one that opens with two keys, contexts or aads. */

/* How much longer a sealed message is than its content, in bytes. */
#define LATCHKEY_SEAL_OVERHEAD 1192
/* The sizes above, for languages that read no macros. */
size_t latchkey_seal_overhead(void);

/* Seals a message. `sealed` has message_size + LATCHKEY_SEAL_OVERHEAD bytes, which is sealed_size.
 * It may begin where the message begins, but must not overlap aad or context. Errors: WRONG_SIZE,
 * NO_ENTROPY, NO_MEMORY, LOW_ORDER; TOO_LONG, if the context is. */
int latchkey_seal_for(const latchkey_xwing_public* key, const uint8_t* message, size_t message_size,
                      const uint8_t* aad, size_t aad_size, const uint8_t* context,
                      size_t context_size, uint8_t* sealed, size_t sealed_size) LATCHKEY_CHECKED;
/* The message, a secret of sealed_size - LATCHKEY_SEAL_OVERHEAD bytes. Errors: NOT_SEALED, if it
 * is no sealed message; UNKNOWN_VERSION, OTHER_KEM; SEALED_LENGTH, if it is cut or something
 * follows it; NOT_AUTHENTIC, if it was changed, or key, aad or context is another; TOO_LONG,
 * LOW_ORDER. */
int latchkey_open_sealed(const latchkey_xwing_key* key, const uint8_t* sealed, size_t sealed_size,
                         const uint8_t* aad, size_t aad_size, const uint8_t* context,
                         size_t context_size, latchkey_secret** message) LATCHKEY_CHECKED;

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
int latchkey_seal_stream(const latchkey_xwing_public* key, latchkey_read* read,
                         latchkey_write* write, void* user, const uint8_t* aad, size_t aad_size,
                         const uint8_t* context, size_t context_size) LATCHKEY_CHECKED;
/* Opens all that read(user, ...) gives. What was written before an error is how the sealed data
 * begins, and no more is known of it: it is to be thrown away. Errors: READ_FAILED and
 * WRITE_FAILED, as above; those of latchkey_stream_opener_create() and
 * latchkey_stream_opener_chunk(). */
int latchkey_open_stream(const latchkey_xwing_key* key, latchkey_read* read, latchkey_write* write,
                         void* user, const uint8_t* aad, size_t aad_size, const uint8_t* context,
                         size_t context_size) LATCHKEY_CHECKED;

/* ---- Streams chunk by chunk, for whoever has input and output of his own */

/* A box is an encrypted chunk with its tag. In bytes: what comes before the boxes. */
#define LATCHKEY_STREAM_HEADER_SIZE 1176
/* In bytes: the content of each box but the last, which has less or as much, and is empty only
 * where nothing was sealed. */
#define LATCHKEY_STREAM_CHUNK_SIZE 65536
/* In bytes: how much longer a box is than its chunk; and so each box but the last. */
#define LATCHKEY_STREAM_OVERHEAD 16
#define LATCHKEY_STREAM_BOX_SIZE 65552
/* The sizes above, for languages that read no macros. */
size_t latchkey_stream_header_size(void);
size_t latchkey_stream_chunk_size(void);
size_t latchkey_stream_box_size(void);

/* For one thread at a time. After an error every further call gives that error again, and so does
 * the question whether the stream is whole. NULL_ARGUMENT is such an error, too. */
typedef struct latchkey_stream_sealer latchkey_stream_sealer;
typedef struct latchkey_stream_opener latchkey_stream_opener;

/* A stream to that key, and its header, to be written before the boxes. Errors: NO_ENTROPY,
 * LOW_ORDER; TOO_LONG, if the context is. */
int latchkey_stream_sealer_create(const latchkey_xwing_public* key, const uint8_t* aad,
                                  size_t aad_size, const uint8_t* context, size_t context_size,
                                  uint8_t header[LATCHKEY_STREAM_HEADER_SIZE],
                                  latchkey_stream_sealer** sealer) LATCHKEY_CHECKED;
/* The box of the next chunk, which is the last one unless is_last is 0. `box` has size +
 * LATCHKEY_STREAM_OVERHEAD bytes, which is box_size; it may begin where the chunk does, or not
 * overlap it. Errors: CHUNK_LENGTH, if a chunk in this place has another size; WRONG_SIZE, if the
 * box has; STREAM_ENDED, after the last; SEQUENCE_OVERFLOW. On an error `box` is zeroed, unless
 * box_size is above LATCHKEY_STREAM_BOX_SIZE. */
int latchkey_stream_sealer_chunk(latchkey_stream_sealer* sealer, const uint8_t* chunk, size_t size,
                                 int is_last, uint8_t* box, size_t box_size) LATCHKEY_CHECKED;
/* Whether the stream is whole: to be asked before it is handed on. Errors: SEALED_LENGTH, if no
 * chunk was the last; that of the call that failed. */
int latchkey_stream_sealer_end(const latchkey_stream_sealer* sealer) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_stream_sealer_free(latchkey_stream_sealer* sealer);

/* The stream with that header, whose commitment is compared here, before any chunk is decrypted.
 * Errors: NOT_AUTHENTIC, if key, aad or context is another, or the header was changed; NOT_SEALED,
 * if it is not the header of a stream; UNKNOWN_VERSION, OTHER_KEM; SEALED_LENGTH, if it has not
 * LATCHKEY_STREAM_HEADER_SIZE bytes; TOO_LONG, LOW_ORDER. */
int latchkey_stream_opener_create(const latchkey_xwing_key* key, const uint8_t* header,
                                  size_t header_size, const uint8_t* aad, size_t aad_size,
                                  const uint8_t* context, size_t context_size,
                                  latchkey_stream_opener** opener) LATCHKEY_CHECKED;
/* The chunk in the next box, which is the last one unless is_last is 0: it is, if nothing follows
 * it. `chunk` has box_size - LATCHKEY_STREAM_OVERHEAD bytes, which is size; it may begin where the
 * box does, or not overlap it. Errors: SEALED_LENGTH, if no box in this place has that size;
 * NOT_AUTHENTIC, if a chunk was changed, moved or left out, or if is_last is wrong; WRONG_SIZE, if
 * `size` is another; STREAM_ENDED, after the last; SEQUENCE_OVERFLOW. On an error `chunk` is
 * zeroed, unless `size` is above LATCHKEY_STREAM_CHUNK_SIZE: so a box that was cut to fewer than
 * LATCHKEY_STREAM_OVERHEAD bytes gives SEALED_LENGTH, and nothing is written. */
int latchkey_stream_opener_chunk(latchkey_stream_opener* opener, const uint8_t* box,
                                 size_t box_size, int is_last, uint8_t* chunk,
                                 size_t size) LATCHKEY_CHECKED;
/* Whether the stream was whole: what was opened is to be thrown away if not. Errors: SEALED_LENGTH,
 * if no box was the last; that of the call that failed. */
int latchkey_stream_opener_end(const latchkey_stream_opener* opener) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_stream_opener_free(latchkey_stream_opener* opener);

/* ---- Key files (key_file.hpp): RFC 9935, RFC 5958 and RFC 7468; X-Wing's follow its draft */

/* In bytes: a public key in PEM, with the end of its last line, and without a zero behind it. */
#define LATCHKEY_MLKEM768_PUBLIC_PEM_SIZE 1686
#define LATCHKEY_XWING_PUBLIC_PEM_SIZE 1734
/* The sizes above, for languages that read no macros. */
size_t latchkey_mlkem768_public_pem_size(void);
size_t latchkey_xwing_public_pem_size(void);

/* A public key as PEM. */
int latchkey_mlkem768_public_write(const latchkey_mlkem768_public* key,
                                   uint8_t pem[LATCHKEY_MLKEM768_PUBLIC_PEM_SIZE]) LATCHKEY_CHECKED;
int latchkey_xwing_public_write(const latchkey_xwing_public* key,
                                uint8_t pem[LATCHKEY_XWING_PUBLIC_PEM_SIZE]) LATCHKEY_CHECKED;
/* The key in a file, PEM or DER; in PEM, text and other objects may be around it. Errors:
 * NOT_A_KEY, if it is no public key, or one of the other kind; SEVERAL_KEYS, if it has two;
 * OTHER_ALGORITHM, if it is neither ML-KEM-768's nor X-Wing's; NOT_CANONICAL, if its encoding is
 * not DER; TOO_LONG, if the file has more than 65,536 bytes; NOT_REDUCED. */
int latchkey_mlkem768_public_read(const uint8_t* file, size_t size,
                                  latchkey_mlkem768_public** key) LATCHKEY_CHECKED;
int latchkey_xwing_public_read(const uint8_t* file, size_t size,
                               latchkey_xwing_public** key) LATCHKEY_CHECKED;

/* The characters of a fingerprint, with the zero behind them. */
#define LATCHKEY_FINGERPRINT_SIZE 51
/* The sizes above, for languages that read no macros. */
size_t latchkey_fingerprint_size(void);

/* The fingerprint of a public key, by which people compare keys (fingerprint.hpp): "SHA256:" and 43
 * characters, the notation of `ssh-keygen -l`, and a zero. `text` is all zeros on error. */
int latchkey_mlkem768_public_fingerprint(const latchkey_mlkem768_public* key,
                                         char text[LATCHKEY_FINGERPRINT_SIZE]) LATCHKEY_CHECKED;
int latchkey_xwing_public_fingerprint(const latchkey_xwing_public* key,
                                      char text[LATCHKEY_FINGERPRINT_SIZE]) LATCHKEY_CHECKED;

/* A private key as PEM, its seed in it. The text is as secret as the key, so it comes in locked
 * memory, which no core dump shows and latchkey_secret_free() wipes: give it from
 * latchkey_secret_read() to whatever stores it. Errors: NO_SEED, if the key was imported. */
int latchkey_mlkem768_key_write(const latchkey_mlkem768_key* key,
                                latchkey_secret** pem) LATCHKEY_CHECKED;
int latchkey_xwing_key_write(const latchkey_xwing_key* key, latchkey_secret** pem) LATCHKEY_CHECKED;
/* A private key as PEM, encrypted with a password (PBES2 with scrypt and AES-256-CBC). It takes a
 * tenth of a second, on purpose. Errors: PASSWORD_NEEDED, if the password is empty; TOO_LONG, if it
 * has more than 65,536 bytes; NO_SEED, NO_ENTROPY. */
int latchkey_mlkem768_key_write_protected(const latchkey_mlkem768_key* key, const uint8_t* password,
                                          size_t password_size,
                                          latchkey_secret** pem) LATCHKEY_CHECKED;
int latchkey_xwing_key_write_protected(const latchkey_xwing_key* key, const uint8_t* password,
                                       size_t password_size,
                                       latchkey_secret** pem) LATCHKEY_CHECKED;
/* The key in a file, PEM or DER, encrypted or not; a password that is not needed is ignored.
 * The bytes of file and password are yours to wipe. An expanded key has to pass the hash check, the
 * modulus checks and a pairwise test. No file takes more than 5 s or 300 MiB. Errors: NOT_A_KEY,
 * if it is no private key, or one of the other kind; SEVERAL_KEYS, OTHER_ALGORITHM, NOT_CANONICAL,
 * TOO_LONG, as above; PASSWORD_NEEDED, if the key is encrypted and no password is given;
 * WRONG_PASSWORD, if the password is wrong, or a change of the file was noticed; UNKNOWN_VERSION,
 * for an encryption other than PBES2 with scrypt or PBKDF2 and AES in CBC mode; TOO_COSTLY, if
 * hashing the password would take more; TOO_LONG, if the password has more than 65,536
 * bytes; SEED_MISMATCH, if seed and expanded key are not of one key; PUBLIC_KEY_MISMATCH, if the
 * publicKey does not belong to the private key; PUBLIC_KEY_FORBIDDEN, if the file of an X-Wing key
 * has a publicKey; those of latchkey_mlkem768_key_import_expanded(). Password encryption (PBES2) is
 * not authenticated: a tampered file can decrypt to a different key without an error. */
int latchkey_mlkem768_key_read(const uint8_t* file, size_t size, const uint8_t* password,
                               size_t password_size, latchkey_mlkem768_key** key) LATCHKEY_CHECKED;
int latchkey_xwing_key_read(const uint8_t* file, size_t size, const uint8_t* password,
                            size_t password_size, latchkey_xwing_key** key) LATCHKEY_CHECKED;

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
