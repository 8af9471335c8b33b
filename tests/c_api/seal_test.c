/* X-Wing, session keys and sealed messages as a C99 program uses them. */
#include <latchkey/latchkey_seal.h>

#include "require.h"

static void test_sealing(void) {
  static const uint8_t kMessage[] = "attack at dawn", kContext[] = "orders";
  latchkey_private_key *key = NULL, *again = NULL;
  latchkey_public_key* pub = NULL;
  latchkey_secret *sent = NULL, *opened = NULL, *ours = NULL, *theirs = NULL;
  uint8_t ek[LATCHKEY_XWING_PUBLIC_KEY_SIZE], ct[LATCHKEY_XWING_CIPHERTEXT_SIZE];
  uint8_t seed[LATCHKEY_XWING_SEED_SIZE], message[sizeof kMessage];
  uint8_t sealed[sizeof kMessage + LATCHKEY_SEAL_OVERHEAD(LATCHKEY_XWING_CIPHERTEXT_SIZE)];

  REQUIRE(latchkey_public_key_size(LATCHKEY_KEM_XWING) == sizeof ek);
  REQUIRE(latchkey_seed_size(LATCHKEY_KEM_XWING) == sizeof seed);
  REQUIRE(latchkey_ciphertext_size(LATCHKEY_KEM_XWING) == sizeof ct);
  REQUIRE(latchkey_seal_overhead(LATCHKEY_KEM_XWING) ==
          LATCHKEY_SEAL_OVERHEAD(LATCHKEY_XWING_CIPHERTEXT_SIZE));
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &key));
  REQUIRE_OK(latchkey_private_key_export_seed(key, seed, LATCHKEY_XWING_SEED_SIZE));
  REQUIRE_OK(latchkey_private_key_from_seed(LATCHKEY_KEM_XWING, seed, sizeof seed, 0, &again));
  REQUIRE_OK(public_bytes(again, ek, LATCHKEY_XWING_PUBLIC_KEY_SIZE));
  REQUIRE_OK(latchkey_public_key_parse(LATCHKEY_KEM_XWING, ek, sizeof ek, &pub));
  REQUIRE_OK(latchkey_encapsulate(pub, ct, LATCHKEY_XWING_CIPHERTEXT_SIZE, &sent));
  REQUIRE_OK(latchkey_decapsulate(key, ct, sizeof ct, &opened));
  require_equal(sent, opened, 1);

  REQUIRE_OK(latchkey_session_key(sent, pub, ct, sizeof ct, kContext, sizeof kContext,
                                  LATCHKEY_BIND_HKDF_SHA256, "a", 40, &ours));
  REQUIRE_OK(latchkey_session_key(opened, pub, ct, sizeof ct, kContext, sizeof kContext,
                                  LATCHKEY_BIND_HKDF_SHA256, "a", 40, &theirs));
  REQUIRE(latchkey_secret_size(ours) == 40);
  require_equal(ours, theirs, 1);
  require_equal(ours, sent, 0);
  latchkey_secret_free(theirs);
  REQUIRE_OK(latchkey_session_key(opened, pub, ct, sizeof ct, NULL, 0, LATCHKEY_BIND_HKDF_SHA256,
                                  "a", 40, &theirs));
  require_equal(ours, theirs, 0);
  latchkey_secret_free(theirs);
  /* Only of a KEM's secret. */
  REQUIRE(latchkey_session_key(ours, pub, ct, sizeof ct, NULL, 0, LATCHKEY_BIND_HKDF_SHA256, "a",
                               40, &theirs) == LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(theirs == NULL);
  latchkey_secret_free(ours);
  latchkey_secret_free(opened);

  for (int in_place = 0; in_place < 2; ++in_place) {
    memcpy(sealed, kMessage, sizeof kMessage);
    REQUIRE_OK(latchkey_seal_for(pub, NULL, in_place ? sealed : kMessage, sizeof kMessage, NULL, 0,
                                 kContext, sizeof kContext, sealed, sizeof sealed));
    REQUIRE_OK(latchkey_open_sealed(key, sealed, sizeof sealed, NULL, 0, kContext, sizeof kContext,
                                    &opened));
    REQUIRE_OK(latchkey_secret_copy(opened, message, sizeof message));
    REQUIRE(memcmp(message, kMessage, sizeof message) == 0);
    latchkey_secret_free(opened);
  }
  /* Of nothing. */
  REQUIRE_OK(latchkey_seal_for(pub, NULL, NULL, 0, NULL, 0, NULL, 0, sealed,
                               LATCHKEY_SEAL_OVERHEAD(LATCHKEY_XWING_CIPHERTEXT_SIZE)));
  REQUIRE_OK(latchkey_open_sealed(key, sealed,
                                  LATCHKEY_SEAL_OVERHEAD(LATCHKEY_XWING_CIPHERTEXT_SIZE), NULL, 0,
                                  NULL, 0, &opened));
  REQUIRE(latchkey_secret_size(opened) == 0);
  REQUIRE_OK(latchkey_secret_copy(opened, NULL, 0));
  latchkey_secret_free(opened);
  REQUIRE_OK(latchkey_seal_for(pub, NULL, kMessage, sizeof kMessage, NULL, 0, kContext,
                               sizeof kContext, sealed, sizeof sealed));
  REQUIRE(latchkey_open_sealed(key, sealed, sizeof sealed, NULL, 0, NULL, 0, &opened) ==
          LATCHKEY_E_NOT_AUTHENTIC);
  REQUIRE(opened == NULL);
  REQUIRE(latchkey_seal_for(pub, NULL, kMessage, sizeof kMessage, NULL, 0, NULL, 0, sealed,
                            sizeof sealed - 1) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(is_zero(sealed, sizeof sealed - 1));

  latchkey_purge();
  REQUIRE(latchkey_decapsulate(key, ct, sizeof ct, &opened) == LATCHKEY_E_PURGED);
  REQUIRE(latchkey_secret_equal(sent, sent, &(int){1}) == LATCHKEY_E_PURGED);
  latchkey_secret_free(sent);
  latchkey_public_key_free(pub);
  latchkey_private_key_free(again);
  latchkey_private_key_free(key);
}

static int session_of(const latchkey_secret* secret, const latchkey_public_key* pub,
                      const uint8_t* ct, size_t ct_size, const char* label, size_t size,
                      latchkey_secret** derived) {
  static const uint8_t kContext[] = "transcript";
  return latchkey_session_key(secret, pub, ct, ct_size, kContext, sizeof kContext,
                              LATCHKEY_BIND_HKDF_SHA256, label, size, derived);
}

static void test_sessions_of_mlkem768(void) {
  latchkey_private_key* key = NULL;
  latchkey_public_key* pub = NULL;
  latchkey_secret *sent = NULL, *opened = NULL, *ours = NULL, *theirs = NULL;
  uint8_t ek[LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE], ct[LATCHKEY_MLKEM768_CIPHERTEXT_SIZE];
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM768, 0, &key));
  REQUIRE_OK(public_bytes(key, ek, LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE));
  REQUIRE_OK(latchkey_public_key_parse(LATCHKEY_KEM_MLKEM768, ek, sizeof ek, &pub));
  REQUIRE_OK(latchkey_encapsulate(pub, ct, LATCHKEY_MLKEM768_CIPHERTEXT_SIZE, &sent));
  REQUIRE_OK(latchkey_decapsulate(key, ct, sizeof ct, &opened));
  REQUIRE_OK(session_of(sent, pub, ct, sizeof ct, "a", 32, &ours));
  REQUIRE_OK(session_of(opened, pub, ct, sizeof ct, "a", 32, &theirs));
  require_equal(ours, theirs, 1);
  latchkey_secret_free(theirs);
  REQUIRE_OK(session_of(opened, pub, ct, sizeof ct, "b", 32, &theirs));
  require_equal(ours, theirs, 0);
  latchkey_secret_free(theirs);

  theirs = ours;
  REQUIRE(session_of(sent, pub, ct, sizeof ct - 1, "a", 32, &theirs) ==
          LATCHKEY_E_CIPHERTEXT_LENGTH);
  REQUIRE(theirs == NULL);
  REQUIRE(session_of(sent, pub, ct, sizeof ct, "a", 8161, &theirs) == LATCHKEY_E_TOO_LONG);
  theirs = ours;
  REQUIRE(session_of(NULL, pub, ct, sizeof ct, "a", 32, &theirs) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(theirs == NULL);
  REQUIRE(session_of(sent, NULL, ct, sizeof ct, "a", 32, &theirs) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(session_of(sent, pub, ct, sizeof ct, NULL, 32, &theirs) == LATCHKEY_E_NULL_ARGUMENT);
  latchkey_secret_free(ours);
  latchkey_secret_free(opened);
  latchkey_secret_free(sent);
  latchkey_public_key_free(pub);
  latchkey_private_key_free(key);
}

/* What is sealed or opened wrongly leaves zeros and NULL. */
static void test_refusals(void) {
  static const uint8_t kMessage[] = "attack at dawn";
  static uint8_t context[60001];
  uint8_t ek[LATCHKEY_XWING_PUBLIC_KEY_SIZE],
      sealed[sizeof kMessage + LATCHKEY_SEAL_OVERHEAD(LATCHKEY_XWING_CIPHERTEXT_SIZE) + 1];
  const size_t size = sizeof sealed - 1;
  latchkey_private_key* key = NULL;
  latchkey_public_key* pub = NULL;
  latchkey_secret* opened = NULL;
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &key));
  REQUIRE_OK(public_bytes(key, ek, LATCHKEY_XWING_PUBLIC_KEY_SIZE));
  REQUIRE_OK(latchkey_public_key_parse(LATCHKEY_KEM_XWING, ek, sizeof ek, &pub));
  memset(sealed, 1, sizeof sealed);
  REQUIRE(latchkey_seal_for(pub, NULL, kMessage, sizeof kMessage, NULL, 0, context, sizeof context,
                            sealed, size) == LATCHKEY_E_TOO_LONG);
  REQUIRE(is_zero(sealed, size) && sealed[size] == 1);
  memset(sealed, 1, sizeof sealed);
  REQUIRE(latchkey_seal_for(NULL, NULL, kMessage, sizeof kMessage, NULL, 0, NULL, 0, sealed,
                            size) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(is_zero(sealed, size) && sealed[size] == 1);
  REQUIRE(latchkey_seal_for(pub, NULL, kMessage, sizeof kMessage, NULL, 0, NULL, 0, sealed,
                            size + 1) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(latchkey_seal_for(pub, NULL, NULL, 0, NULL, 0, NULL, 0, sealed,
                            LATCHKEY_SEAL_OVERHEAD(LATCHKEY_XWING_CIPHERTEXT_SIZE) - 1) ==
          LATCHKEY_E_WRONG_SIZE);

  /* No memory has a size of a subtraction that went below zero, so none is zeroed. */
  memset(sealed, 1, sizeof sealed);
  const size_t below = (size_t)0 - 2000;
  REQUIRE(latchkey_seal_for(pub, NULL, kMessage, below, NULL, 0, NULL, 0, sealed,
                            below + LATCHKEY_SEAL_OVERHEAD(LATCHKEY_XWING_CIPHERTEXT_SIZE)) ==
          LATCHKEY_E_NO_MEMORY);
  REQUIRE(latchkey_seal_for(pub, NULL, kMessage, sizeof kMessage, NULL, 0, NULL, 0, sealed,
                            below) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(latchkey_seal_for(NULL, NULL, kMessage, sizeof kMessage, NULL, 0, NULL, 0, sealed,
                            below) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(sealed[0] == 1);

  REQUIRE_OK(
      latchkey_seal_for(pub, NULL, kMessage, sizeof kMessage, NULL, 0, NULL, 0, sealed, size));
  for (size_t cut = 0; cut < size; ++cut) {
    opened = (latchkey_secret*)(void*)sealed;
    REQUIRE(latchkey_open_sealed(key, sealed, cut, NULL, 0, NULL, 0, &opened) ==
            (cut < 24 ? LATCHKEY_E_NOT_SEALED : LATCHKEY_E_SEALED_LENGTH));
    REQUIRE(opened == NULL);
  }
  REQUIRE(latchkey_open_sealed(key, sealed, size + 1, NULL, 0, NULL, 0, &opened) ==
          LATCHKEY_E_SEALED_LENGTH);
  REQUIRE(latchkey_open_sealed(NULL, sealed, size, NULL, 0, NULL, 0, &opened) ==
          LATCHKEY_E_NULL_ARGUMENT);
  sealed[size - 1] ^= 1;
  REQUIRE(latchkey_open_sealed(key, sealed, size, NULL, 0, NULL, 0, &opened) ==
          LATCHKEY_E_NOT_AUTHENTIC);
  REQUIRE(opened == NULL);
  latchkey_public_key_free(pub);
  latchkey_private_key_free(key);
}

int main(void) {
  test_sessions_of_mlkem768();
  test_refusals();
  test_sealing(); /* the last one, since it ends with a purge */
  puts("the C interface of sealed messages does what it says");
  return 0;
}
