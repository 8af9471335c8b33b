/* Latchkey for C (C99): age files (https://c2sp.org/age; age.hpp), in the library latchkey-seal.
 * latchkey_seal.h includes this header. Latchkey writes files for X-Wing keys. It also opens files
 * for X25519 keys and for passphrases.
 *
 * The rules at the top of latchkey.h and latchkey_seal.h hold here, too.
 */
#ifndef LATCHKEY_LATCHKEY_AGE_H
#define LATCHKEY_LATCHKEY_AGE_H

#include "latchkey/latchkey_seal.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* ---- Keys as text (Bech32) */

/* The size of a recipient ("age1pq1...") in characters, with the zero byte. */
#define LATCHKEY_AGE_RECIPIENT_SIZE 1960

/* Writes the recipient of an X-Wing key, and a zero byte. `text` is zeroed on error. Errors:
 * OTHER_KEM, for a key of another KEM. */
int latchkey_age_write_recipient(const latchkey_public_key* key,
                                 char text[LATCHKEY_AGE_RECIPIENT_SIZE]) LATCHKEY_CHECKED;
/* The X-Wing key of a recipient. `size` does not count a zero byte. Errors: NOT_A_KEY, if the text
 * is not a recipient, or mistyped; OTHER_ALGORITHM, for a recipient of another kind; those of
 * latchkey_public_key_parse(). */
int latchkey_age_parse_recipient(const char* text, size_t size,
                                 latchkey_public_key** key) LATCHKEY_CHECKED;
/* A private X-Wing key as an identity, "AGE-SECRET-KEY-PQ-1...", 77 characters without a zero byte.
 * Errors: OTHER_KEM, for a key of another KEM. */
int latchkey_age_write_identity(const latchkey_private_key* key,
                                latchkey_secret** text) LATCHKEY_CHECKED;
/* The private X-Wing key of an identity. Errors: NOT_A_KEY, OTHER_ALGORITHM, as above. */
int latchkey_age_parse_identity(const char* text, size_t size,
                                latchkey_private_key** key) LATCHKEY_CHECKED;

/* The private key of an X25519 recipient (age1...), as age-keygen makes it without -pq. */
typedef struct latchkey_age_x25519 latchkey_age_x25519;
/* The X25519 key of an identity, "AGE-SECRET-KEY-1...". Errors: NOT_A_KEY, OTHER_ALGORITHM, as
 * above.
 */
int latchkey_age_x25519_parse(const char* text, size_t size,
                              latchkey_age_x25519** key) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_age_x25519_free(latchkey_age_x25519* key);

/* The kinds of recipients and identities. */
enum {
  LATCHKEY_AGE_NONE = 0,         /* neither a recipient nor an identity */
  LATCHKEY_AGE_POST_QUANTUM = 1, /* X-Wing */
  LATCHKEY_AGE_X25519 = 2,       /* X25519 */
  LATCHKEY_AGE_SSH = 3,          /* ssh-ed25519, ssh-rsa */
  LATCHKEY_AGE_PLUGIN = 4        /* of a plugin, or of a later version of age */
};
/* The kind of a recipient or identity, by its prefix only: the rest may still be mistyped. */
int latchkey_age_kind_of_recipient(const char* text, size_t size);
int latchkey_age_kind_of_identity(const char* text, size_t size);

/* ---- Files */

/* Seals all that read(user, ...) gives to 1 to 1,000 X-Wing keys. `armor` is 1 for a file in text,
 * else 0. Errors: READ_FAILED, WRITE_FAILED, LOW_ORDER, NO_ENTROPY; NOT_A_KEY, without any
 * recipient; TOO_LONG, with more than 1,000; OTHER_KEM, for a key of another KEM. */
int latchkey_age_seal(const latchkey_public_key* const* recipients, size_t count,
                      latchkey_read* read, latchkey_write* write, void* user,
                      int armor) LATCHKEY_CHECKED;
/* Opens all that read(user, ...) gives, armored or not, with the first of the X-Wing and X25519
 * keys that fits. What was written before an error is only the beginning of the content: discard
 * it. Errors: READ_FAILED, WRITE_FAILED; NOT_SEALED, if it is not an age file; UNKNOWN_VERSION, for
 * a version other than v1; BAD_HEADER, if the header has more than 4 MiB, or the header or the
 * armor is malformed; NO_RECIPIENT, if none of the keys opens it; PASSPHRASE_FILE, if
 * latchkey_age_open_with_passphrase() is needed; UNSUPPORTED_RECIPIENT, if it has neither an X-Wing
 * nor an X25519 recipient; TOO_COSTLY, if 20,000 pairs of a key and a recipient did not open it;
 * NOT_AUTHENTIC, if anything was changed, cut off or added; SEALED_LENGTH, if the size alone shows
 * that; LOW_ORDER; OTHER_KEM, for a key of another KEM. */
int latchkey_age_open(const latchkey_private_key* const* keys, size_t count,
                      const latchkey_age_x25519* const* x25519, size_t x25519_count,
                      latchkey_read* read, latchkey_write* write, void* user) LATCHKEY_CHECKED;
/* Opens a file that is encrypted with a passphrase. Takes up to 256 MiB and about a second. Errors:
 * as above, but instead of those about keys: NO_RECIPIENT, if it is encrypted to keys; WORK_FACTOR,
 * if its work factor exceeds 18; PASSWORD_NEEDED, if the passphrase is empty; TOO_LONG, if it has
 * more than 65,536 bytes; WRONG_PASSWORD, if it is wrong, or the header was changed. */
int latchkey_age_open_with_passphrase(const uint8_t* passphrase, size_t size, latchkey_read* read,
                                      latchkey_write* write, void* user) LATCHKEY_CHECKED;

/* latchkey_age_is_file() needs at most this many bytes from the beginning. */
#define LATCHKEY_AGE_FILE_INFO_SIZE 1024
/* Whether a file with these first bytes may be an age file, armored or not: 1 or 0. */
int latchkey_age_is_file(const uint8_t* first_bytes, size_t size);

/* What can be read from an age file without a key. `payload` is SEALED_LENGTH, if the file was cut
 * off or bytes were added; BAD_HEADER, if the armor is malformed. */
typedef struct latchkey_age_info {
  int armor;              /* 1, if it is text */
  int is_passphrase_file; /* 1, if it is encrypted with a passphrase: no other stanzas then */
  size_t recipients;      /* stanzas in its header */
  size_t post_quantum;    /* of these, those for X-Wing keys */
  size_t x25519;          /* of these, those for X25519 keys */
  unsigned work_factor;   /* log2 of scrypt's N, of a passphrase file; at most UINT_MAX */
  int payload;            /* LATCHKEY_OK, or the error of the part after the header */
} latchkey_age_info;
/* Reads all that read(user, ...) gives. On an error *info is zeroed. Errors: READ_FAILED;
 * NOT_SEALED, UNKNOWN_VERSION, BAD_HEADER and SEALED_LENGTH, as for latchkey_age_open(), if the
 * fault is in the header. */
int latchkey_age_inspect(latchkey_read* read, void* user, latchkey_age_info* info) LATCHKEY_CHECKED;

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
