/* The KEMs that need P-256 and P-384, and the classical ones, as a C99 program uses them. */
#include <latchkey/latchkey_derand.h>
#include <latchkey/latchkey_seal.h>

#include "require.h"

enum { MOST = 1665, AT_ONCE = 3 };

static const latchkey_kem kKems[] = {LATCHKEY_KEM_DHKEM_P256, LATCHKEY_KEM_DHKEM_X25519,
                                     LATCHKEY_KEM_MLKEM768_P256, LATCHKEY_KEM_MLKEM1024_P384};
static const char* const kNames[] = {"DHKEM(P-256, HKDF-SHA256)", "DHKEM(X25519, HKDF-SHA256)",
                                     "MLKEM768-P256", "MLKEM1024-P384"};
static const size_t kPublicKeys[] = {65, 32, 1249, 1665}, kCiphertexts[] = {65, 32, 1153, 1665};
static const size_t kRandomness[] = {32, 32, 128, 80};

static void test_kem(int i) {
  const latchkey_kem kem = kKems[i];
  latchkey_private_key *key = NULL, *again = NULL, *keys[AT_ONCE];
  latchkey_public_key *half = NULL, *parsed = NULL;
  const latchkey_public_key* halves[AT_ONCE];
  latchkey_secret *sent = NULL, *opened = NULL, *many[AT_ONCE], *same[AT_ONCE];
  static uint8_t bytes[MOST], ct[MOST * AT_ONCE], seed[32], randomness[128];
  const size_t size = kCiphertexts[i];
  REQUIRE(strcmp(latchkey_nist_kem_name(kem), kNames[i]) == 0);
  REQUIRE(latchkey_nist_public_key_size(kem) == kPublicKeys[i]);
  REQUIRE(latchkey_nist_ciphertext_size(kem) == size && latchkey_nist_seed_size(kem) == 32);
  REQUIRE(latchkey_nist_encapsulation_randomness_size(kem) == kRandomness[i]);
  REQUIRE_OK(latchkey_nist_private_key_generate(kem, 1, &key));
  REQUIRE(latchkey_private_key_kem(key) == kem && latchkey_private_key_is_locked(key) == 1);
  REQUIRE_OK(latchkey_private_key_export_seed(key, seed, 32));
  REQUIRE_OK(latchkey_nist_private_key_from_seed(kem, seed, 32, 0, &again));
  REQUIRE_OK(latchkey_private_key_public(again, &half));
  REQUIRE_OK(latchkey_public_key_bytes(half, bytes, kPublicKeys[i]));
  REQUIRE_OK(latchkey_nist_public_key_parse(kem, bytes, kPublicKeys[i], &parsed));
  REQUIRE_OK(latchkey_encapsulate(parsed, ct, size, &sent));
  REQUIRE_OK(latchkey_decapsulate(key, ct, size, &opened));
  require_equal(sent, opened, 1);
  latchkey_secret_free(sent);
  latchkey_secret_free(opened);

  memset(randomness, 0x21, sizeof randomness);
  REQUIRE_OK(latchkey_encapsulate_derand(half, randomness, kRandomness[i], ct, size, &sent));
  REQUIRE_OK(latchkey_decapsulate(key, ct, size, &opened));
  require_equal(sent, opened, 1);
  latchkey_secret_free(sent);
  latchkey_secret_free(opened);

  /* In the child of a fork, too: here in the same process. */
  latchkey_private_key_free(again);
  REQUIRE_OK(latchkey_private_key_inheritable(key, &again));
  REQUIRE_OK(latchkey_decapsulate(again, ct, size, &opened));
  latchkey_secret_free(opened);

  for (int j = 0; j < AT_ONCE; ++j) {
    keys[j] = key;
    halves[j] = half;
  }
  REQUIRE_OK(latchkey_encapsulate_batch(halves, AT_ONCE, ct, AT_ONCE * size, many));
  REQUIRE_OK(latchkey_decapsulate_batch((const latchkey_private_key* const*)keys, AT_ONCE, ct,
                                        AT_ONCE * size, same));
  for (int j = 0; j < AT_ONCE; ++j) {
    require_equal(many[j], same[j], 1);
    latchkey_secret_free(many[j]);
    latchkey_secret_free(same[j]);
  }

  /* Nothing is sealed to it, and it has no file and no expanded form. */
  REQUIRE(latchkey_seal_for(half, NULL, NULL, 0, NULL, 0, NULL, 0, ct, size + 72) ==
          LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(latchkey_private_key_write(key, LATCHKEY_PEM, &sent) == LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(latchkey_private_key_export_expanded(key, NULL, 0) == LATCHKEY_E_UNKNOWN_VALUE);
  /* The core does not make it. */
  latchkey_private_key_free(again);
  REQUIRE(latchkey_private_key_generate(kem, 0, &again) == LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(again == NULL && latchkey_public_key_size(kem) == 0);

  REQUIRE(latchkey_nist_private_key_from_seed(kem, seed, 31, 0, &again) == LATCHKEY_E_SEED_LENGTH);
  REQUIRE(latchkey_nist_private_key_from_seed(kem, NULL, 32, 0, &again) ==
          LATCHKEY_E_NULL_ARGUMENT);
  latchkey_public_key_free(parsed);
  REQUIRE(latchkey_nist_public_key_parse(kem, bytes, kPublicKeys[i] - 1, &parsed) ==
          LATCHKEY_E_ENCAPSULATION_KEY_LENGTH);
  if (kem != LATCHKEY_KEM_DHKEM_X25519) {
    bytes[kPublicKeys[i] - 1] ^= 1; /* beside the curve */
    REQUIRE(latchkey_nist_public_key_parse(kem, bytes, kPublicKeys[i], &parsed) ==
            LATCHKEY_E_BAD_POINT);
  }
  REQUIRE(again == NULL && parsed == NULL);
  latchkey_public_key_free(half);
  latchkey_private_key_free(key);
}

int main(void) {
  latchkey_private_key* key = NULL;
  static const uint8_t kZeros[32];
  for (int i = 0; i < 4; ++i) test_kem(i);
  REQUIRE(latchkey_nist_private_key_from_seed(LATCHKEY_KEM_DHKEM_P256, kZeros, 32, 0, &key) ==
          LATCHKEY_E_BAD_SCALAR);
  REQUIRE(latchkey_nist_private_key_generate(LATCHKEY_KEM_XWING, 0, &key) ==
          LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(latchkey_nist_private_key_generate(LATCHKEY_KEM_MLKEM768_P256, 2, &key) ==
          LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(key == NULL && latchkey_nist_public_key_size(0x41) == 0);
  REQUIRE(strcmp(latchkey_nist_kem_name(0x41), "unknown") == 0);
  puts("the C interface of the KEMs with P-256 and P-384 does what it says");
  return 0;
}
