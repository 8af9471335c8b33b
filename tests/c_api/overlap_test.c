/* Outputs where inputs lie, which is not allowed and does no harm all the same: no output is zeroed
 * before the inputs were read. And counts that are subtractions below zero. */
#include <latchkey/latchkey_derand.h>
#include <latchkey/latchkey_mlkem_bytes.h>
#include <latchkey/latchkey_seal.h>

#include "require.h"

enum { MOST = 1665 };

/* A server that answers in the buffer that it received. */
static void test_answers(void) {
  static const latchkey_tls_group kGroups[] = {LATCHKEY_TLS_MLKEM512, LATCHKEY_TLS_MLKEM768,
                                               LATCHKEY_TLS_MLKEM1024, LATCHKEY_TLS_X25519MLKEM768};
  for (size_t i = 0; i < sizeof kGroups / sizeof *kGroups; ++i) {
    latchkey_tls_client* client = NULL;
    latchkey_secret *ours = NULL, *theirs = NULL;
    uint8_t buffer[MOST];
    const size_t received = latchkey_tls_client_share_size(kGroups[i]);
    const size_t sent = latchkey_tls_server_share_size(kGroups[i]);
    REQUIRE_OK(latchkey_tls_client_generate(kGroups[i], &client));
    REQUIRE_OK(latchkey_tls_client_share(client, buffer, received));
    REQUIRE_OK(latchkey_tls_answer(kGroups[i], buffer, received, buffer, sent, &theirs));
    REQUIRE_OK(latchkey_tls_client_secret(client, buffer, sent, &ours));
    require_equal(ours, theirs, 1);
    latchkey_secret_free(ours);
    latchkey_secret_free(theirs);
    latchkey_tls_client_free(client);
  }
}

static void test_randomness(void) {
  latchkey_private_key* key = NULL;
  latchkey_public_key* half = NULL;
  latchkey_secret *one = NULL, *other = NULL;
  uint8_t m[32], ct[LATCHKEY_MLKEM768_CIPHERTEXT_SIZE];
  memset(m, 0x42, sizeof m);
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM768, 0, &key));
  REQUIRE_OK(latchkey_private_key_public(key, &half));
  REQUIRE_OK(latchkey_encapsulate_derand(half, m, sizeof m, ct, sizeof ct, &one));
  memcpy(ct, m, sizeof m);
  REQUIRE_OK(latchkey_encapsulate_derand(half, ct, sizeof m, ct, sizeof ct, &other));
  require_equal(one, other, 1);
  latchkey_secret_free(one);
  latchkey_secret_free(other);
  latchkey_public_key_free(half);
  latchkey_private_key_free(key);
}

/* ML-KEM on byte arrays: the randomness where the key goes, the key where the ciphertext goes, the
 * ciphertext where the secret goes. */
static void test_byte_arrays(void) {
  static uint8_t pk[1184], sk[2400], ct[1184], apart[1184], ss[1088], secret[32], m[32];
  uint8_t seed[64];
  memset(seed, 0x17, sizeof seed);
  memset(m, 0x71, sizeof m);
  REQUIRE_OK(latchkey_mlkem768_keypair_derand(apart, sk, seed));
  memcpy(pk, seed, sizeof seed);
  REQUIRE_OK(latchkey_mlkem768_keypair_derand(pk, sk, pk));
  REQUIRE(memcmp(pk, apart, sizeof pk) == 0);
  REQUIRE_OK(latchkey_mlkem768_encapsulate_derand(apart, secret, pk, m));
  memcpy(ct, pk, sizeof pk);
  REQUIRE_OK(latchkey_mlkem768_encapsulate_derand(ct, ss, ct, m));
  REQUIRE(memcmp(ct, apart, 1088) == 0 && memcmp(ss, secret, 32) == 0);
  memcpy(ss, apart, sizeof ss);
  REQUIRE_OK(latchkey_mlkem768_decapsulate(ss, ss, sk));
  REQUIRE(memcmp(ss, secret, 32) == 0);
}

/* The key header where c1 goes, and t_hat where c2 goes. */
static void test_incremental(void) {
  latchkey_private_key* key = NULL;
  latchkey_public_key* half = NULL;
  latchkey_incremental* state = NULL;
  latchkey_secret* sent = NULL;
  uint8_t header[64], t_hat[1152], c1[960];
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM768, 0, &key));
  REQUIRE_OK(latchkey_private_key_public(key, &half));
  REQUIRE_OK(latchkey_public_key_parts(half, header, t_hat, sizeof t_hat));
  memcpy(c1, header, sizeof header);
  REQUIRE_OK(latchkey_incremental_begin(LATCHKEY_KEM_MLKEM768, c1, 64, c1, sizeof c1, &state));
  REQUIRE_OK(latchkey_incremental_finish(state, t_hat, sizeof t_hat, t_hat, 128, &sent));
  latchkey_secret_free(sent);
  latchkey_incremental_free(state);
  latchkey_public_key_free(half);
  latchkey_private_key_free(key);
}

/* The aad where the header of a stream goes, and info where HPKE's enc goes. */
static void test_contexts(void) {
  static const uint8_t kAad[] = "what both sides know";
  latchkey_private_key* key = NULL;
  latchkey_public_key* half = NULL;
  latchkey_stream_sealer* sealer = NULL;
  latchkey_stream_opener* opener = NULL;
  latchkey_hpke_sender* sender = NULL;
  latchkey_hpke_receiver* receiver = NULL;
  latchkey_secret *ours = NULL, *theirs = NULL;
  uint8_t bytes[LATCHKEY_STREAM_HEADER_SIZE(LATCHKEY_XWING_CIPHERTEXT_SIZE)];
  latchkey_hpke_parameters parameters = {
      LATCHKEY_KDF_SHAKE256, LATCHKEY_AEAD_AES_128_GCM, bytes, sizeof kAad, NULL, 0, NULL, 0};
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &key));
  REQUIRE_OK(latchkey_private_key_public(key, &half));
  memcpy(bytes, kAad, sizeof kAad);
  REQUIRE_OK(latchkey_stream_sealer_create(half, NULL, bytes, sizeof kAad, NULL, 0, bytes,
                                           sizeof bytes, &sealer));
  REQUIRE_OK(
      latchkey_stream_opener_create(key, bytes, sizeof bytes, kAad, sizeof kAad, NULL, 0, &opener));
  memcpy(bytes, kAad, sizeof kAad);
  REQUIRE_OK(latchkey_hpke_sender_create(half, &parameters, bytes, LATCHKEY_XWING_CIPHERTEXT_SIZE,
                                         &sender));
  parameters.info = kAad;
  REQUIRE_OK(latchkey_hpke_receiver_create(key, bytes, LATCHKEY_XWING_CIPHERTEXT_SIZE, &parameters,
                                           &receiver));
  REQUIRE_OK(latchkey_hpke_sender_export(sender, NULL, 0, 32, &ours));
  REQUIRE_OK(latchkey_hpke_receiver_export(receiver, NULL, 0, 32, &theirs));
  require_equal(ours, theirs, 1);
  latchkey_secret_free(ours);
  latchkey_secret_free(theirs);
  latchkey_hpke_sender_free(sender);
  latchkey_hpke_receiver_free(receiver);
  latchkey_stream_sealer_free(sealer);
  latchkey_stream_opener_free(opener);
  latchkey_public_key_free(half);
  latchkey_private_key_free(key);
}

/* Nothing is written where a count or a size went below zero. */
static void test_below_zero(void) {
  const size_t count = (size_t)0 - 1;
  latchkey_private_key *key = NULL, *keys[1] = {NULL};
  latchkey_public_key* half = NULL;
  latchkey_secret* secrets[1] = {NULL};
  uint8_t file[4] = {1, 1, 1, 1};
  size_t size = 7;
  REQUIRE(latchkey_generate_batch(LATCHKEY_KEM_MLKEM512, keys, count) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(latchkey_encapsulate_batch(NULL, count, NULL, 0, secrets) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(latchkey_decapsulate_batch(NULL, count, NULL, 0, secrets) ==
          LATCHKEY_E_CIPHERTEXT_LENGTH);
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM512, 0, &key));
  REQUIRE_OK(latchkey_private_key_public(key, &half));
  REQUIRE(latchkey_public_key_write(half, LATCHKEY_PEM, file, (size_t)0 - 5, &size) ==
          LATCHKEY_E_WRONG_SIZE);
  REQUIRE(file[0] == 1 && size == 0);
  size = 7;
  REQUIRE(latchkey_public_key_write(half, LATCHKEY_PEM, NULL, 10, &size) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(size == 0);
  latchkey_public_key_free(half);
  latchkey_private_key_free(key);
}

/* A result that is missing uses nothing up. */
static void test_missing_results(void) {
  latchkey_hpke_parameters parameters = {
      LATCHKEY_KDF_SHAKE256, LATCHKEY_AEAD_AES_128_GCM, NULL, 0, NULL, 0, NULL, 0};
  latchkey_private_key* key = NULL;
  latchkey_public_key* half = NULL;
  latchkey_hpke_sender* sender = NULL;
  latchkey_hpke_receiver* receiver = NULL;
  latchkey_tls_client* client = NULL;
  latchkey_secret *message = NULL, *secret = NULL;
  uint8_t enc[768], box[17] = {7}, share[800], answer[768];
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM512, 0, &key));
  REQUIRE_OK(latchkey_private_key_public(key, &half));
  REQUIRE_OK(latchkey_hpke_sender_create(half, &parameters, enc, sizeof enc, &sender));
  REQUIRE_OK(latchkey_hpke_receiver_create(key, enc, sizeof enc, &parameters, &receiver));
  REQUIRE_OK(latchkey_hpke_seal(sender, box, 1, NULL, 0, box, sizeof box));
  REQUIRE(latchkey_hpke_open(receiver, box, sizeof box, NULL, 0, NULL) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE_OK(latchkey_hpke_open(receiver, box, sizeof box, NULL, 0, &message));
  REQUIRE_OK(latchkey_tls_client_generate(LATCHKEY_TLS_MLKEM512, &client));
  REQUIRE_OK(latchkey_tls_client_share(client, share, sizeof share));
  REQUIRE_OK(latchkey_tls_answer(LATCHKEY_TLS_MLKEM512, share, sizeof share, answer, sizeof answer,
                                 &secret));
  latchkey_secret_free(secret);
  REQUIRE(latchkey_tls_client_secret(client, answer, sizeof answer, NULL) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE_OK(latchkey_tls_client_secret(client, answer, sizeof answer, &secret));
  latchkey_secret_free(secret);
  latchkey_secret_free(message);
  latchkey_tls_client_free(client);
  latchkey_hpke_sender_free(sender);
  latchkey_hpke_receiver_free(receiver);
  latchkey_public_key_free(half);
  latchkey_private_key_free(key);
}

int main(void) {
  test_answers();
  test_randomness();
  test_byte_arrays();
  test_incremental();
  test_contexts();
  test_below_zero();
  test_missing_results();
  puts("overlaps and sizes below zero do no harm");
  return 0;
}
