/* The C interface of the core as a C99 program uses it. */
#include "require.h"

static void copy(void* context, const uint8_t* bytes, size_t size) { memcpy(context, bytes, size); }

static void test_process(void) {
  REQUIRE(latchkey_abi_version() >= LATCHKEY_ABI_VERSION);
  REQUIRE(strlen(latchkey_version()) >= 5);
  REQUIRE(strlen(latchkey_backend_name()) >= 3);
  REQUIRE_OK(latchkey_self_test());
  REQUIRE_OK(latchkey_set_memory_policy(LATCHKEY_POLICY_REQUIRE));
  REQUIRE(latchkey_set_memory_policy(8) == LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(latchkey_set_memory_policy(256) == LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(strcmp(latchkey_strerror(LATCHKEY_OK), "no error") == 0);
  REQUIRE(strstr(latchkey_strerror(LATCHKEY_E_CIPHERTEXT_LENGTH), "ciphertext") != NULL);
  REQUIRE(strcmp(latchkey_strerror(-1), "unknown error") == 0);
  REQUIRE(strcmp(latchkey_strerror(1000), "unknown error") == 0);
}

static void test_mlkem768(void) {
  latchkey_private_key *key = NULL, *again = NULL, *imported = NULL, *other_key = NULL;
  latchkey_public_key* pub = NULL;
  latchkey_secret *sent = NULL, *opened = NULL, *other = NULL;
  uint8_t ek[LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE], ct[LATCHKEY_MLKEM768_CIPHERTEXT_SIZE];
  uint8_t seed[LATCHKEY_MLKEM_SEED_SIZE], bytes[LATCHKEY_SHARED_SECRET_SIZE], read[32];
  static uint8_t expanded[LATCHKEY_MLKEM768_EXPANDED_KEY_SIZE];

  REQUIRE(latchkey_public_key_size(LATCHKEY_KEM_MLKEM768) == sizeof ek);
  REQUIRE(latchkey_seed_size(LATCHKEY_KEM_MLKEM768) == sizeof seed);
  REQUIRE(latchkey_ciphertext_size(LATCHKEY_KEM_MLKEM768) == sizeof ct);
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM768, 0, &key));
  REQUIRE_OK(public_bytes(key, ek, LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE));
  REQUIRE_OK(latchkey_public_key_parse(LATCHKEY_KEM_MLKEM768, ek, sizeof ek, &pub));
  REQUIRE_OK(latchkey_encapsulate(pub, ct, LATCHKEY_MLKEM768_CIPHERTEXT_SIZE, &sent));
  REQUIRE_OK(latchkey_private_key_export_seed(key, seed, LATCHKEY_MLKEM_SEED_SIZE));
  REQUIRE_OK(latchkey_private_key_from_seed(LATCHKEY_KEM_MLKEM768, seed, sizeof seed, 0, &again));
  REQUIRE_OK(latchkey_decapsulate(again, ct, sizeof ct, &opened));
  require_equal(sent, opened, 1);
  REQUIRE_OK(
      latchkey_private_key_export_expanded(key, expanded, LATCHKEY_MLKEM768_EXPANDED_KEY_SIZE));
  REQUIRE_OK(latchkey_private_key_import_expanded(LATCHKEY_KEM_MLKEM768, expanded, sizeof expanded,
                                                  1, &imported));
  REQUIRE(latchkey_private_key_export_seed(imported, seed, LATCHKEY_MLKEM_SEED_SIZE) ==
          LATCHKEY_E_NO_SEED);
  REQUIRE(is_zero(seed, sizeof seed));
  expanded[0] = 0xff; /* the first coefficient of the private half becomes 4095, whatever it was */
  expanded[1] |= 0x0f;
  REQUIRE(latchkey_private_key_import_expanded(LATCHKEY_KEM_MLKEM768, expanded, sizeof expanded, 1,
                                               &other_key) == LATCHKEY_E_NOT_REDUCED);
  REQUIRE(other_key == NULL);
  ct[500] ^= 1;
  REQUIRE_OK(latchkey_decapsulate(imported, ct, sizeof ct, &other));
  require_equal(sent, other, 0);

  REQUIRE(latchkey_secret_size(sent) == sizeof bytes);
  REQUIRE_OK(latchkey_secret_copy(sent, bytes, sizeof bytes));
  REQUIRE_OK(latchkey_secret_read(sent, copy, read));
  REQUIRE(memcmp(bytes, read, sizeof bytes) == 0 && !is_zero(bytes, sizeof bytes));
  REQUIRE(latchkey_secret_copy(sent, bytes, 31) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(is_zero(bytes, 31));
  memset(bytes, 1, sizeof bytes);
  REQUIRE(latchkey_secret_copy(sent, bytes, (size_t)0 - 5) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(latchkey_secret_copy(NULL, bytes, (size_t)0 - 5) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(bytes[0] == 1); /* no memory is so large: a subtraction went below zero */
  latchkey_secret_free(other);
  latchkey_secret_free(opened);

  /* Errors leave NULL and zeros. */
  opened = sent;
  REQUIRE(latchkey_decapsulate(key, ct, sizeof ct - 1, &opened) == LATCHKEY_E_CIPHERTEXT_LENGTH);
  REQUIRE(opened == NULL);
  memset(ek, 0xff, sizeof ek);
  latchkey_public_key* bad = pub;
  REQUIRE(latchkey_public_key_parse(LATCHKEY_KEM_MLKEM768, ek, sizeof ek, &bad) ==
          LATCHKEY_E_NOT_REDUCED);
  REQUIRE(bad == NULL);
  memset(ct, 1, sizeof ct);
  REQUIRE(latchkey_encapsulate(NULL, ct, LATCHKEY_MLKEM768_CIPHERTEXT_SIZE, &opened) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(is_zero(ct, sizeof ct));
  REQUIRE(latchkey_public_key_bytes(NULL, ek, sizeof ek) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(is_zero(ek, sizeof ek));
  REQUIRE(latchkey_decapsulate(NULL, ct, sizeof ct, &opened) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_secret_copy(NULL, bytes, sizeof bytes) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_secret_size(NULL) == 0);

  latchkey_secret_free(sent);
  latchkey_public_key_free(pub);
  latchkey_private_key_free(imported);
  latchkey_private_key_free(again);
  latchkey_private_key_free(key);
  latchkey_secret_free(NULL);
  latchkey_private_key_free(NULL);
  latchkey_public_key_free(NULL);
}

/* Secrets of different sizes, none at all, and what is left of them after a purge. */
static void test_secrets(void) {
  latchkey_private_key* key = NULL;
  latchkey_public_key* pub = NULL;
  latchkey_secret *secret = NULL, *other = NULL;
  uint8_t ek[LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE], ct[LATCHKEY_MLKEM768_CIPHERTEXT_SIZE];
  uint8_t seed[LATCHKEY_MLKEM_SEED_SIZE], bytes[LATCHKEY_SHARED_SECRET_SIZE];
  int equal = 1;
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM768, 0, &key));
  REQUIRE_OK(public_bytes(key, ek, LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE));
  REQUIRE_OK(latchkey_public_key_parse(LATCHKEY_KEM_MLKEM768, ek, sizeof ek, &pub));
  REQUIRE_OK(latchkey_encapsulate(pub, ct, LATCHKEY_MLKEM768_CIPHERTEXT_SIZE, &secret));
  REQUIRE(latchkey_secret_equal(secret, NULL, &equal) == LATCHKEY_E_NULL_ARGUMENT && equal == 0);
  equal = 1;
  REQUIRE(latchkey_secret_equal(NULL, secret, &equal) == LATCHKEY_E_NULL_ARGUMENT && equal == 0);
  REQUIRE(latchkey_secret_read(NULL, copy, bytes) == LATCHKEY_E_NULL_ARGUMENT);

  latchkey_purge();
  memset(bytes, 1, sizeof bytes);
  REQUIRE(latchkey_secret_copy(secret, bytes, sizeof bytes) == LATCHKEY_E_PURGED);
  REQUIRE(is_zero(bytes, sizeof bytes));
  REQUIRE(latchkey_secret_read(secret, copy, bytes) == LATCHKEY_E_PURGED);
  equal = 1;
  REQUIRE(latchkey_secret_equal(secret, secret, &equal) == LATCHKEY_E_PURGED && equal == 0);
  memset(seed, 1, sizeof seed);
  REQUIRE(latchkey_private_key_export_seed(key, seed, LATCHKEY_MLKEM_SEED_SIZE) ==
          LATCHKEY_E_PURGED);
  REQUIRE(is_zero(seed, sizeof seed));
  other = secret;
  REQUIRE(latchkey_decapsulate(key, ct, sizeof ct, &other) == LATCHKEY_E_PURGED);
  REQUIRE(other == NULL);
  /* A public key is no secret, and new ones can be made. */
  REQUIRE_OK(latchkey_encapsulate(pub, ct, LATCHKEY_MLKEM768_CIPHERTEXT_SIZE, &other));
  latchkey_secret_free(other);
  latchkey_secret_free(secret);
  latchkey_public_key_free(pub);
  latchkey_private_key_free(key);
}

int main(void) {
  test_process();
  test_mlkem768();
  test_secrets();
  REQUIRE_OK(latchkey_harden_process());
  puts("the core's C interface does what it says");
  return 0;
}
