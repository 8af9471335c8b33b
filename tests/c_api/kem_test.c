/* Every KEM by the same functions, as a C99 program uses them. */
#include <latchkey/latchkey_derand.h>

#include "require.h"

enum { MOST = 3168, AT_ONCE = 11 }; /* bytes of any key; operations in a batch */

static const latchkey_kem kKems[] = {LATCHKEY_KEM_MLKEM512, LATCHKEY_KEM_MLKEM768,
                                     LATCHKEY_KEM_MLKEM1024, LATCHKEY_KEM_XWING};
static const char* const kNames[] = {"ML-KEM-512", "ML-KEM-768", "ML-KEM-1024", "X-Wing"};
static const size_t kPublicKeys[] = {800, 1184, 1568, 1216};
static const size_t kCiphertexts[] = {768, 1088, 1568, 1120};
static const size_t kSeeds[] = {64, 64, 64, 32};
static const size_t kExpandedKeys[] = {1632, 2400, 3168, 0};
static const size_t kRandomness[] = {32, 32, 32, 64};
enum { KEMS = sizeof kKems / sizeof *kKems };

static void test_sizes(void) {
  for (int i = 0; i < KEMS; ++i) {
    REQUIRE(strcmp(latchkey_kem_name(kKems[i]), kNames[i]) == 0);
    REQUIRE(latchkey_public_key_size(kKems[i]) == kPublicKeys[i]);
    REQUIRE(latchkey_ciphertext_size(kKems[i]) == kCiphertexts[i]);
    REQUIRE(latchkey_seed_size(kKems[i]) == kSeeds[i]);
    REQUIRE(latchkey_expanded_key_size(kKems[i]) == kExpandedKeys[i]);
    REQUIRE(latchkey_encapsulation_randomness_size(kKems[i]) == kRandomness[i]);
  }
  REQUIRE(strcmp(latchkey_kem_name(0), "unknown") == 0);
  REQUIRE(latchkey_public_key_size(0x43) == 0 && latchkey_encapsulation_randomness_size(-1) == 0);
}

/* The secret in a ciphertext, whatever the form of the key, is `sent`. */
static void require_opens(const latchkey_private_key* key, const uint8_t* ct, size_t size,
                          const latchkey_secret* sent) {
  latchkey_secret* opened = NULL;
  REQUIRE_OK(latchkey_decapsulate(key, ct, size, &opened));
  require_equal(sent, opened, 1);
  latchkey_secret_free(opened);
}

static void test_kem(int i) {
  const latchkey_kem kem = kKems[i];
  latchkey_private_key *key = NULL, *again = NULL;
  latchkey_public_key *pub = NULL, *parsed = NULL, *clone = NULL;
  latchkey_secret *sent = NULL, *wrong = NULL;
  uint8_t ek[MOST], same[MOST], ct[MOST], seed[64];
  const size_t size = kCiphertexts[i];

  for (int test = 0; test < 2; ++test) {
    REQUIRE_OK(latchkey_private_key_generate(kem, test, &key));
    REQUIRE_OK(latchkey_private_key_export_seed(key, seed, kSeeds[i]));
    REQUIRE_OK(latchkey_private_key_from_seed(kem, seed, kSeeds[i], test, &again));
    if (test == 0) latchkey_private_key_free(key);
    if (test == 0) latchkey_private_key_free(again);
  }
  REQUIRE(latchkey_private_key_kem(key) == kem && latchkey_private_key_is_locked(key) == 1);
  REQUIRE_OK(latchkey_private_key_public(key, &pub));
  REQUIRE(latchkey_public_key_kem(pub) == kem);
  REQUIRE_OK(latchkey_public_key_bytes(pub, ek, kPublicKeys[i]));
  REQUIRE_OK(latchkey_public_key_parse(kem, ek, kPublicKeys[i], &parsed));
  REQUIRE_OK(latchkey_public_key_clone(parsed, &clone));
  REQUIRE_OK(latchkey_public_key_bytes(clone, same, kPublicKeys[i]));
  REQUIRE(memcmp(ek, same, kPublicKeys[i]) == 0);
  REQUIRE_OK(latchkey_encapsulate(clone, ct, size, &sent));
  REQUIRE(latchkey_secret_is_locked(sent) == 1);
  require_opens(key, ct, size, sent);
  require_opens(again, ct, size, sent);
  ct[size / 3] ^= 1;
  REQUIRE_OK(latchkey_decapsulate(key, ct, size, &wrong));
  require_equal(sent, wrong, 0);
  latchkey_secret_free(wrong);

  /* Sizes that are off by one. */
  REQUIRE(latchkey_private_key_export_seed(key, seed, kSeeds[i] - 1) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(is_zero(seed, kSeeds[i] - 1));
  REQUIRE(latchkey_public_key_bytes(pub, same, kPublicKeys[i] + 1) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(is_zero(same, kPublicKeys[i] + 1));
  REQUIRE(latchkey_encapsulate(pub, ct, size - 1, &wrong) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(wrong == NULL && is_zero(ct, size - 1));
  REQUIRE(latchkey_decapsulate(key, ct, size - 1, &wrong) == LATCHKEY_E_CIPHERTEXT_LENGTH);
  latchkey_private_key_free(key);
  REQUIRE(latchkey_private_key_from_seed(kem, seed, kSeeds[i] - 1, 0, &key) ==
              LATCHKEY_E_SEED_LENGTH &&
          key == NULL);
  latchkey_public_key_free(pub);
  REQUIRE(latchkey_public_key_parse(kem, ek, kPublicKeys[i] - 1, &pub) ==
              LATCHKEY_E_ENCAPSULATION_KEY_LENGTH &&
          pub == NULL);

  latchkey_secret_free(sent);
  latchkey_public_key_free(parsed);
  latchkey_public_key_free(clone);
  latchkey_private_key_free(again);
}

static void test_expanded(int i) {
  const latchkey_kem kem = kKems[i];
  latchkey_private_key *key = NULL, *imported = NULL;
  latchkey_public_key* pub = NULL;
  latchkey_secret *sent = NULL, *opened = NULL;
  static uint8_t expanded[MOST], ct[MOST];
  REQUIRE_OK(latchkey_private_key_generate(kem, 0, &key));
  REQUIRE_OK(latchkey_private_key_public(key, &pub));
  REQUIRE_OK(latchkey_encapsulate(pub, ct, kCiphertexts[i], &sent));
  if (kExpandedKeys[i] == 0) { /* a KEM that has no such form */
    REQUIRE(latchkey_private_key_export_expanded(key, expanded, 0) == LATCHKEY_E_UNKNOWN_VALUE);
    REQUIRE(latchkey_private_key_export_expanded(key, expanded, 9) == LATCHKEY_E_UNKNOWN_VALUE);
    REQUIRE(latchkey_private_key_import_expanded(kem, expanded, 2400, 1, &imported) ==
            LATCHKEY_E_UNKNOWN_VALUE);
    REQUIRE(latchkey_decapsulate_with_expanded_key(kem, expanded, 2400, ct, kCiphertexts[i],
                                                   &opened) == LATCHKEY_E_UNKNOWN_VALUE);
  } else {
    REQUIRE_OK(latchkey_private_key_export_expanded(key, expanded, kExpandedKeys[i]));
    for (int test = 0; test < 2; ++test) {
      REQUIRE_OK(
          latchkey_private_key_import_expanded(kem, expanded, kExpandedKeys[i], test, &imported));
      require_opens(imported, ct, kCiphertexts[i], sent);
      latchkey_private_key_free(imported);
    }
    REQUIRE_OK(latchkey_decapsulate_with_expanded_key(kem, expanded, kExpandedKeys[i], ct,
                                                      kCiphertexts[i], &opened));
    require_equal(sent, opened, 1);
    latchkey_secret_free(opened);
    expanded[kExpandedKeys[i] - 40] ^= 1; /* in H(ek) */
    REQUIRE(latchkey_private_key_import_expanded(kem, expanded, kExpandedKeys[i], 0, &imported) ==
            LATCHKEY_E_HASH_MISMATCH);
    REQUIRE(latchkey_decapsulate_with_expanded_key(kem, expanded, kExpandedKeys[i], ct,
                                                   kCiphertexts[i],
                                                   &opened) == LATCHKEY_E_HASH_MISMATCH);
    REQUIRE(imported == NULL && opened == NULL);
  }
  latchkey_secret_free(sent);
  latchkey_public_key_free(pub);
  latchkey_private_key_free(key);
}

static void test_derand(int i) {
  uint8_t randomness[64], ct[MOST], same[MOST];
  latchkey_private_key* key = NULL;
  latchkey_public_key* pub = NULL;
  latchkey_secret *one = NULL, *other = NULL;
  memset(randomness, 0x5a, sizeof randomness);
  REQUIRE_OK(latchkey_private_key_generate(kKems[i], 0, &key));
  REQUIRE_OK(latchkey_private_key_public(key, &pub));
  REQUIRE_OK(
      latchkey_encapsulate_derand(pub, randomness, kRandomness[i], ct, kCiphertexts[i], &one));
  REQUIRE_OK(
      latchkey_encapsulate_derand(pub, randomness, kRandomness[i], same, kCiphertexts[i], &other));
  REQUIRE(memcmp(ct, same, kCiphertexts[i]) == 0);
  require_equal(one, other, 1);
  require_opens(key, ct, kCiphertexts[i], one);
  latchkey_secret_free(other);
  randomness[kRandomness[i] - 1] ^= 1;
  REQUIRE_OK(
      latchkey_encapsulate_derand(pub, randomness, kRandomness[i], same, kCiphertexts[i], &other));
  REQUIRE(memcmp(ct, same, kCiphertexts[i]) != 0);
  require_equal(one, other, 0);
  latchkey_secret_free(other);
  REQUIRE(latchkey_encapsulate_derand(pub, randomness, kRandomness[i] - 1, ct, kCiphertexts[i],
                                      &other) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(other == NULL && is_zero(ct, kCiphertexts[i]));
  REQUIRE(latchkey_encapsulate_derand(pub, NULL, kRandomness[i], ct, kCiphertexts[i], &other) ==
          LATCHKEY_E_NULL_ARGUMENT);
  latchkey_secret_free(one);
  latchkey_public_key_free(pub);
  latchkey_private_key_free(key);
}

static void test_batch(int i) {
  static uint8_t cts[AT_ONCE * MOST];
  const size_t size = kCiphertexts[i] * AT_ONCE;
  latchkey_private_key* keys[AT_ONCE];
  latchkey_public_key *pubs[AT_ONCE], *kept = NULL;
  latchkey_secret *sent[AT_ONCE], *opened[AT_ONCE];
  REQUIRE_OK(latchkey_generate_batch(kKems[i], keys, AT_ONCE));
  for (int j = 0; j < AT_ONCE; ++j) REQUIRE_OK(latchkey_private_key_public(keys[j], &pubs[j]));
  REQUIRE_OK(latchkey_encapsulate_batch((const latchkey_public_key* const*)pubs, AT_ONCE, cts, size,
                                        sent));
  REQUIRE_OK(latchkey_decapsulate_batch((const latchkey_private_key* const*)keys, AT_ONCE, cts,
                                        size, opened));
  for (int j = 0; j < AT_ONCE; ++j) {
    require_equal(sent[j], opened[j], 1);
    if (j + 1 < AT_ONCE) require_equal(sent[j], sent[j + 1], 0);
    require_opens(keys[j], cts + (size_t)j * kCiphertexts[i], kCiphertexts[i], sent[j]);
    latchkey_secret_free(sent[j]);
    latchkey_secret_free(opened[j]);
  }

  /* An error leaves no handle, wherever it is. */
  REQUIRE(latchkey_encapsulate_batch((const latchkey_public_key* const*)pubs, AT_ONCE, cts,
                                     size - 1, sent) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(is_zero(cts, size - 1) && sent[0] == NULL && sent[AT_ONCE - 1] == NULL);
  REQUIRE(latchkey_decapsulate_batch((const latchkey_private_key* const*)keys, AT_ONCE, cts,
                                     size - 1, opened) == LATCHKEY_E_CIPHERTEXT_LENGTH);
  kept = pubs[AT_ONCE - 1];
  pubs[AT_ONCE - 1] = NULL;
  REQUIRE(latchkey_encapsulate_batch((const latchkey_public_key* const*)pubs, AT_ONCE, cts, size,
                                     sent) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE_OK(latchkey_encapsulate_batch((const latchkey_public_key* const*)pubs, 0, NULL, 0, NULL));
  REQUIRE_OK(latchkey_decapsulate_batch(NULL, 0, NULL, 0, NULL));
  for (int j = 0; j < AT_ONCE; ++j) {
    latchkey_public_key_free(pubs[j]);
    latchkey_private_key_free(keys[j]);
  }
  latchkey_public_key_free(kept);
}

/* Keys of two KEMs are no batch, and numbers that stand for nothing are refused. */
static void test_refusals(void) {
  static uint8_t cts[2 * MOST];
  latchkey_private_key* keys[2] = {NULL, NULL};
  latchkey_secret* secrets[2];
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM512, 0, &keys[0]));
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM1024, 0, &keys[1]));
  REQUIRE(latchkey_decapsulate_batch((const latchkey_private_key* const*)keys, 2, cts, 2 * 768,
                                     secrets) == LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(secrets[0] == NULL && secrets[1] == NULL);
  latchkey_private_key_free(keys[0]);
  latchkey_private_key_free(keys[1]);
  REQUIRE(latchkey_generate_batch(0x43, keys, 2) == LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(keys[0] == NULL && keys[1] == NULL);
  REQUIRE(latchkey_private_key_generate(0x43, 0, &keys[0]) == LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM512, 2, &keys[0]) ==
          LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(latchkey_private_key_from_seed(LATCHKEY_KEM_XWING, cts, 32, -1, &keys[0]) ==
          LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(latchkey_private_key_kem(NULL) == 0 && latchkey_public_key_kem(NULL) == 0);
  REQUIRE(latchkey_private_key_is_locked(NULL) == 0 && latchkey_secret_is_locked(NULL) == 0);
}

static void test_secrets_of_bytes(void) {
  uint8_t bytes[40], read[40];
  latchkey_secret *one = NULL, *other = NULL;
  memset(bytes, 7, sizeof bytes);
  REQUIRE_OK(latchkey_secret_from_bytes(bytes, sizeof bytes, &one));
  REQUIRE_OK(latchkey_secret_copy(one, read, sizeof read));
  REQUIRE(memcmp(bytes, read, sizeof bytes) == 0);
  REQUIRE_OK(latchkey_secret_random(sizeof bytes, &other));
  REQUIRE(latchkey_secret_size(other) == sizeof bytes);
  require_equal(one, other, 0);
  latchkey_secret_free(one);
  latchkey_secret_free(other);
  REQUIRE(latchkey_secret_from_bytes(NULL, 1, &one) == LATCHKEY_E_NULL_ARGUMENT && one == NULL);
  REQUIRE_OK(latchkey_secret_from_bytes(NULL, 0, &one));
  REQUIRE(latchkey_secret_size(one) == 0);
  latchkey_secret_free(one);
  REQUIRE(latchkey_has_protection_keys() == 0 || latchkey_has_protection_keys() == 1);
}

int main(void) {
  test_sizes();
  for (int i = 0; i < KEMS; ++i) {
    test_kem(i);
    test_expanded(i);
    test_derand(i);
    test_batch(i);
  }
  test_refusals();
  test_secrets_of_bytes();
  puts("the C interface of KEMs does what it says");
  return 0;
}
