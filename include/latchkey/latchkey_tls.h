/* Latchkey for C (C99): the post-quantum key exchanges of TLS 1.3 (tls.hpp), in the library
 * latchkey. latchkey.h includes this header. latchkey_nist.h of the library latchkey-seal has the
 * groups with P-256 and P-384.
 *
 *   latchkey_tls_client_generate(LATCHKEY_TLS_X25519MLKEM768, &client);    client
 *   latchkey_tls_client_share(client, share, sizeof share);               client: send share
 *   latchkey_tls_answer(LATCHKEY_TLS_X25519MLKEM768, received, size,      server
 *                       share, sizeof share, &secret);                    server: send share
 *   latchkey_tls_client_secret(client, received, size, &secret);          client: the same secret
 *
 * The shares are the key_exchange fields of the two key_share extensions. The secret is the (EC)DHE
 * input of TLS's key schedule, which binds it to the transcript. It is not a key. Other protocols
 * should use X-Wing and latchkey_session_key().
 *
 * The rules at the top of latchkey.h hold here, too. Send the alert illegal_parameter on these
 * errors: ENCAPSULATION_KEY_LENGTH, NOT_REDUCED, CIPHERTEXT_LENGTH, LOW_ORDER and BAD_POINT.
 */
#ifndef LATCHKEY_LATCHKEY_TLS_H
#define LATCHKEY_LATCHKEY_TLS_H

#include "latchkey/latchkey_base.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* A group, by its number in TLS's registry of supported groups. */
typedef int latchkey_tls_group;
enum {
  LATCHKEY_TLS_MLKEM512 = 0x0200,          /* ML-KEM alone (draft-ietf-tls-mlkem) */
  LATCHKEY_TLS_MLKEM768 = 0x0201,          /* likewise */
  LATCHKEY_TLS_MLKEM1024 = 0x0202,         /* likewise */
  LATCHKEY_TLS_SECP256R1MLKEM768 = 0x11eb, /* see latchkey_nist.h */
  LATCHKEY_TLS_X25519MLKEM768 = 0x11ec,    /* RFC 10024: the usual choice */
  LATCHKEY_TLS_SECP384R1MLKEM1024 = 0x11ed /* see latchkey_nist.h */
};

/* Sizes in bytes. */
#define LATCHKEY_TLS_X25519MLKEM768_CLIENT_SHARE_SIZE 1216
#define LATCHKEY_TLS_X25519MLKEM768_SERVER_SHARE_SIZE 1120
#define LATCHKEY_TLS_X25519MLKEM768_SECRET_SIZE 64
/* The largest share of any group. */
#define LATCHKEY_TLS_MAX_SHARE_SIZE 1665
/* The sizes by group. 0 for a number that is none of the groups above. */
size_t latchkey_tls_client_share_size(latchkey_tls_group group);
size_t latchkey_tls_server_share_size(latchkey_tls_group group);
size_t latchkey_tls_secret_size(latchkey_tls_group group);

/* A client's share with its private keys. For one connection, and for one thread at a time. */
typedef struct latchkey_tls_client latchkey_tls_client;

/* A new client share. Errors: NO_ENTROPY; UNKNOWN_VALUE, also for a group of latchkey_nist.h. */
int latchkey_tls_client_generate(latchkey_tls_group group,
                                 latchkey_tls_client** client) LATCHKEY_CHECKED;
/* Its group. 0 if it is NULL. */
latchkey_tls_group latchkey_tls_client_group(const latchkey_tls_client* client);
/* The share, to be sent. Errors: MOVED_FROM, after latchkey_tls_client_secret(). */
int latchkey_tls_client_share(const latchkey_tls_client* client, uint8_t* share,
                              size_t size) LATCHKEY_CHECKED;
/* The secret, from the server's share. Works once per client: a failed call counts, too. A server's
 * share that was made for another client gives a secret that nobody else has, and no error. Errors:
 * CIPHERTEXT_LENGTH; MOVED_FROM, the second time; LOW_ORDER, if the server's X25519 key has low
 * order; BAD_POINT, if its P-256 or P-384 key is not an uncompressed point on the curve. */
int latchkey_tls_client_secret(latchkey_tls_client* client, const uint8_t* server_share,
                               size_t size, latchkey_secret** secret) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_tls_client_free(latchkey_tls_client* client);

/* A server's share and the secret, from the client's share. Errors: ENCAPSULATION_KEY_LENGTH;
 * NOT_REDUCED, if the ML-KEM key fails the check of FIPS 203, section 7.2; LOW_ORDER, if the X25519
 * key has low order; NO_ENTROPY; UNKNOWN_VALUE, also for a group of latchkey_nist.h. */
int latchkey_tls_answer(latchkey_tls_group group, const uint8_t* client_share,
                        size_t client_share_size, uint8_t* server_share, size_t size,
                        latchkey_secret** secret) LATCHKEY_CHECKED;

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
