/* Latchkey for C (C99): HPKE (RFC 9180, draft-ietf-hpke-pq; hpke.hpp), in the library
 * latchkey-seal. latchkey_seal.h includes this header.
 *
 *   latchkey_hpke_parameters parameters = {LATCHKEY_KDF_HKDF_SHA256, LATCHKEY_AEAD_AES_128_GCM};
 *   uint8_t enc[LATCHKEY_XWING_CIPHERTEXT_SIZE];
 *   latchkey_hpke_sender *sender = NULL;
 *   int status = latchkey_hpke_sender_create(peer, &parameters, enc, sizeof enc, &sender);
 *
 * HPKE neither authenticates the sender nor commits to key, info and aad. To seal messages, use
 * latchkey_seal_for(), which commits to key, aad and context.
 *
 * The rules at the top of latchkey.h and latchkey_seal.h hold here, too.
 */
#ifndef LATCHKEY_LATCHKEY_HPKE_H
#define LATCHKEY_LATCHKEY_HPKE_H

#include "latchkey/latchkey_seal.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* What both sides agree on. info, psk and psk_id have at most 65,535 bytes each. In PSK mode, psk
 * has at least 32 bytes, and psk_id is its name. In base mode, both are empty. */
typedef struct latchkey_hpke_parameters {
  int kdf;               /* derives the keys: LATCHKEY_KDF_... */
  int aead;              /* encrypts the messages: LATCHKEY_AEAD_... */
  const uint8_t* info;   /* what the messages are for */
  size_t info_size;      /* in bytes */
  const uint8_t* psk;    /* a secret that both have already */
  size_t psk_size;       /* in bytes */
  const uint8_t* psk_id; /* its name */
  size_t psk_id_size;    /* in bytes */
} latchkey_hpke_parameters;

/* How much longer a box, which is an encrypted message with its tag, is than its message. In bytes.
 */
#define LATCHKEY_HPKE_TAG_SIZE 16

/* The two sides of a context: for one thread at a time. */
typedef struct latchkey_hpke_sender latchkey_hpke_sender;
typedef struct latchkey_hpke_receiver latchkey_hpke_receiver;

/* SetupBaseS() or SetupPSKS() (RFC 9180, sections 5.1.1 and 5.1.2). `enc` has the size of the KEM's
 * ciphertext, and is to be sent before the messages. Errors: those of latchkey_encapsulate();
 * TOO_LONG, if info, psk or psk_id is too long; BAD_PSK, if only one of psk and psk_id is given, or
 * psk is shorter than 32 bytes; UNKNOWN_VERSION, for an unknown KDF or AEAD. */
int latchkey_hpke_sender_create(const latchkey_public_key* key,
                                const latchkey_hpke_parameters* parameters, uint8_t* enc,
                                size_t enc_size, latchkey_hpke_sender** sender) LATCHKEY_CHECKED;
/* Encrypts the next message. box_size is message_size + LATCHKEY_HPKE_TAG_SIZE. `box` may begin
 * where the message begins; otherwise they must not overlap. Errors: TOO_LONG, beyond what the AEAD
 * takes; SEQUENCE_OVERFLOW, after 2^64 - 1 messages; EXPORT_ONLY. The message may be sealed again
 * after an error, unless it was in the same place as `box`, which is then zeroed. */
int latchkey_hpke_seal(latchkey_hpke_sender* sender, const uint8_t* message, size_t message_size,
                       const uint8_t* aad, size_t aad_size, uint8_t* box,
                       size_t box_size) LATCHKEY_CHECKED;
/* An exported secret of `size` bytes (section 5.3). Both sides get the same one. Errors: TOO_LONG,
 * if `size` is beyond what the KDF gives, or the context beyond 65,535 bytes. */
int latchkey_hpke_sender_export(const latchkey_hpke_sender* sender, const uint8_t* context,
                                size_t context_size, size_t size,
                                latchkey_secret** secret) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_hpke_sender_free(latchkey_hpke_sender* sender);

/* SetupBaseR() or SetupPSKR(). A wrong key or enc shows when the first message is opened. Errors:
 * those of latchkey_decapsulate(), TOO_LONG, BAD_PSK, UNKNOWN_VERSION. */
int latchkey_hpke_receiver_create(const latchkey_private_key* key, const uint8_t* enc,
                                  size_t enc_size, const latchkey_hpke_parameters* parameters,
                                  latchkey_hpke_receiver** receiver) LATCHKEY_CHECKED;
/* Decrypts the next message. Errors: NOT_AUTHENTIC, if box or aad was changed, or this is not the
 * next message: the context still expects that one; SEQUENCE_OVERFLOW, EXPORT_ONLY. */
int latchkey_hpke_open(latchkey_hpke_receiver* receiver, const uint8_t* box, size_t box_size,
                       const uint8_t* aad, size_t aad_size,
                       latchkey_secret** message) LATCHKEY_CHECKED;
/* Decrypts the next message to memory of your own. message_size is box_size -
 * LATCHKEY_HPKE_TAG_SIZE. Wiping the message is up to you. Errors: as above. */
int latchkey_hpke_open_to(latchkey_hpke_receiver* receiver, const uint8_t* box, size_t box_size,
                          const uint8_t* aad, size_t aad_size, uint8_t* message,
                          size_t message_size) LATCHKEY_CHECKED;
/* As latchkey_hpke_sender_export(). */
int latchkey_hpke_receiver_export(const latchkey_hpke_receiver* receiver, const uint8_t* context,
                                  size_t context_size, size_t size,
                                  latchkey_secret** secret) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_hpke_receiver_free(latchkey_hpke_receiver* receiver);

/* DeriveKeyPair() of draft-ietf-hpke-pq, and for the DHKEMs of RFC 9180: derives the key from
 * `ikm`, a secret of any length with at least 32 random bytes. Errors: UNKNOWN_VALUE, for an
 * unknown KEM; BAD_SCALAR and CRYPTO_POLICY, for a KEM of latchkey_nist.h. */
int latchkey_hpke_derive_key(latchkey_kem kem, const uint8_t* ikm, size_t size,
                             latchkey_private_key** key) LATCHKEY_CHECKED;

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
