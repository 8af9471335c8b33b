/* Latchkey for C (C99): key files in PEM or DER (key_file.hpp), by RFC 9935, RFC 5958 and RFC 7468;
 * those of X-Wing follow its draft. In the library latchkey-seal. latchkey_seal.h includes this
 * header.
 *
 * The rules at the top of latchkey.h and latchkey_seal.h hold here, too.
 */
#ifndef LATCHKEY_LATCHKEY_KEY_FILE_H
#define LATCHKEY_LATCHKEY_KEY_FILE_H

#include "latchkey/latchkey_seal.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* How a file is written. Every function that reads a file takes both. */
enum {
  LATCHKEY_PEM = 0, /* text */
  LATCHKEY_DER = 1  /* bytes */
};
/* The hash of a password (RFC 8018, PBES2, with AES-256-CBC). */
enum {
  LATCHKEY_PASSWORD_SCRYPT = 0,       /* with 16 MiB */
  LATCHKEY_PASSWORD_PBKDF2_SHA256 = 1 /* 600,000 rounds, for programs without scrypt */
};

/* The kind of a file. */
enum {
  LATCHKEY_FILE_NONE = 0,                 /* not a key file */
  LATCHKEY_FILE_PUBLIC_KEY = 1,           /* latchkey_public_key_read() reads it */
  LATCHKEY_FILE_PRIVATE_KEY = 2,          /* latchkey_private_key_read() reads it */
  LATCHKEY_FILE_ENCRYPTED_PRIVATE_KEY = 3 /* the same, with a password */
};
/* The kind of a file, by the BEGIN lines of PEM or the first bytes of DER only: the rest may still
 * be wrong. A PEM file with both private and public keys counts as a private key. */
int latchkey_kind_of_key_file(const uint8_t* file, size_t size);

/* ---- Public keys */

/* latchkey_public_key_write() writes at most this many bytes. */
#define LATCHKEY_MAX_PUBLIC_KEY_FILE_SIZE 2400
/* Writes the file of a key to the beginning of `to`, which has `room` bytes. The rest is zeroed, so
 * that PEM ends like a string. *size is the size of the file without these zeros; 0 on an error.
 * Errors: WRONG_SIZE, if there is not enough room. */
int latchkey_public_key_write(const latchkey_public_key* key, int encoding, uint8_t* to,
                              size_t room, size_t* size) LATCHKEY_CHECKED;
/* The public key in a file, PEM or DER; in PEM, text and other objects may be around it.
 * latchkey_public_key_kem() says which KEM it is for. Errors: NOT_A_KEY, if there is no public key;
 * SEVERAL_KEYS, if there are two; OTHER_ALGORITHM, if it is not for ML-KEM or X-Wing;
 * NOT_CANONICAL, if its encoding is not DER; TOO_LONG, if the file has more than 65,536 bytes;
 * those of latchkey_public_key_parse(). */
int latchkey_public_key_read(const uint8_t* file, size_t size,
                             latchkey_public_key** key) LATCHKEY_CHECKED;

/* The size of a fingerprint in characters, with the zero byte. */
#define LATCHKEY_FINGERPRINT_SIZE 51
/* The fingerprint of a public key, by which people compare keys (fingerprint.hpp): "SHA256:" and 43
 * characters, in the notation of `ssh-keygen -l`, and a zero byte. `text` is zeroed on error. */
int latchkey_public_key_fingerprint(const latchkey_public_key* key,
                                    char text[LATCHKEY_FINGERPRINT_SIZE]) LATCHKEY_CHECKED;

/* ---- Private keys */

/* The file of a private key, with its seed. The file is as secret as the key, so it is a
 * latchkey_secret in locked memory: store it from the callback of latchkey_secret_read(). Errors:
 * NO_SEED, if the key was imported. */
int latchkey_private_key_write(const latchkey_private_key* key, int encoding,
                               latchkey_secret** file) LATCHKEY_CHECKED;
/* A private key as a file that is encrypted with a password. The hash of the password takes a tenth
 * of a second, on purpose. Errors:
 * PASSWORD_NEEDED, if the password is empty; TOO_LONG, if it has more than 65,536 bytes; NO_SEED,
 * NO_ENTROPY. */
int latchkey_private_key_write_protected(const latchkey_private_key* key, int encoding,
                                         const uint8_t* password, size_t password_size, int hash,
                                         latchkey_secret** file) LATCHKEY_CHECKED;
/* The key in a file, PEM or DER, encrypted or not; a password that is not needed is ignored. Wiping
 * the file and the password is up to you. An expanded key has to pass the hash check, the modulus
 * checks and a pairwise test. No file takes more than 5 s or 300 MiB. Errors: NOT_A_KEY, if there
 * is no private key; SEVERAL_KEYS, OTHER_ALGORITHM, NOT_CANONICAL, TOO_LONG, as above;
 * PASSWORD_NEEDED, if the key is encrypted and no password is given; WRONG_PASSWORD, if the
 * password is wrong, or a change of the file was noticed; UNKNOWN_VERSION, for an encryption other
 * than PBES2 with scrypt or PBKDF2 and AES in CBC mode; TOO_COSTLY, if hashing the password would
 * take more time or memory than that; TOO_LONG, if the password has more than 65,536 bytes;
 * SEED_MISMATCH, if the seed and the expanded key do not belong together; PUBLIC_KEY_MISMATCH, if
 * the publicKey does not belong to the private key; PUBLIC_KEY_FORBIDDEN, if the file of an X-Wing
 * key has a publicKey; those of latchkey_private_key_import_expanded(). Password encryption (PBES2)
 * is not authenticated: a tampered file can decrypt to a different key without an error. */
int latchkey_private_key_read(const uint8_t* file, size_t size, const uint8_t* password,
                              size_t password_size, latchkey_private_key** key) LATCHKEY_CHECKED;

/* The file with its private key encrypted with a new password. The key may be encrypted already or
 * not. Everything else in the file stays. Errors: those of latchkey_private_key_read() and of
 * latchkey_private_key_write_protected(); TOO_LONG, if the result would have more than 65,536
 * bytes. */
int latchkey_key_file_set_password(const uint8_t* file, size_t size, const uint8_t* password,
                                   size_t password_size, const uint8_t* new_password,
                                   size_t new_password_size, int hash,
                                   latchkey_secret** new_file) LATCHKEY_CHECKED;
/* The file with its private key no longer encrypted. Errors: those of latchkey_private_key_read();
 * TOO_LONG, as above. */
int latchkey_key_file_remove_password(const uint8_t* file, size_t size, const uint8_t* password,
                                      size_t password_size,
                                      latchkey_secret** new_file) LATCHKEY_CHECKED;

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
