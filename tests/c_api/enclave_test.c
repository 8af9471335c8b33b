/* Enclaves, suites, and what sealed data says of itself, as a C99 program uses them. */
#include <latchkey/latchkey_seal.h>

#include "require.h"

static const uint8_t kSecret[] = "correct horse", kContext[] = "orders";
#define SIZE sizeof kSecret

static void require_opens(const latchkey_enclave* enclave) {
  latchkey_secret* opened = NULL;
  uint8_t bytes[SIZE];
  REQUIRE_OK(latchkey_enclave_open(enclave, &opened));
  REQUIRE_OK(latchkey_secret_copy(opened, bytes, SIZE));
  REQUIRE(memcmp(bytes, kSecret, SIZE) == 0);
  latchkey_secret_free(opened);
}

static void test_enclaves(void) {
  latchkey_enclave *one = NULL, *other = NULL;
  latchkey_secret *secret = NULL, *opened = NULL;
  REQUIRE_OK(latchkey_enclave_seal(kSecret, SIZE, &one));
  REQUIRE_OK(latchkey_secret_from_bytes(kSecret, SIZE, &secret));
  REQUIRE_OK(latchkey_enclave_seal_secret(secret, &other));
  REQUIRE(latchkey_enclave_size(one) == SIZE && latchkey_enclave_is_locked(one) == 1);
  require_opens(one);
  require_opens(other);
  latchkey_enclave_destroy_session_key();
  opened = secret;
  REQUIRE(latchkey_enclave_open(one, &opened) == LATCHKEY_E_SESSION_KEY_GONE && opened == NULL);
  latchkey_enclave_free(one);
  REQUIRE_OK(latchkey_enclave_seal(kSecret, SIZE, &one));
  require_opens(one);

  REQUIRE(latchkey_enclave_size(NULL) == 0 && latchkey_enclave_is_locked(NULL) == 0);
  REQUIRE(latchkey_enclave_open(NULL, &opened) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_enclave_open(one, NULL) == LATCHKEY_E_NULL_ARGUMENT);
  latchkey_enclave_free(other);
  REQUIRE(latchkey_enclave_seal(NULL, 1, &other) == LATCHKEY_E_NULL_ARGUMENT && other == NULL);
  REQUIRE(latchkey_enclave_seal_secret(NULL, &other) == LATCHKEY_E_NULL_ARGUMENT);
  latchkey_purge();
  REQUIRE(latchkey_enclave_seal_secret(secret, &other) == LATCHKEY_E_PURGED && other == NULL);
  REQUIRE(latchkey_enclave_open(one, &opened) == LATCHKEY_E_SESSION_KEY_GONE);
  latchkey_secret_free(secret);
  latchkey_enclave_free(one);
  latchkey_enclave_free(NULL);
}

static void test_sealed_enclaves(latchkey_kem kem, const latchkey_suite* suite) {
  static uint8_t sealed[SIZE + LATCHKEY_SEAL_OVERHEAD(LATCHKEY_MLKEM1024_CIPHERTEXT_SIZE)];
  const size_t overhead = latchkey_seal_overhead(kem), size = SIZE + overhead;
  latchkey_private_key* key = NULL;
  latchkey_public_key* pub = NULL;
  latchkey_enclave* enclave = NULL;
  latchkey_secret* opened = NULL;
  latchkey_sealed_info info;
  REQUIRE(overhead == LATCHKEY_SEAL_OVERHEAD(latchkey_ciphertext_size(kem)));
  REQUIRE(latchkey_stream_header_size(kem) ==
          LATCHKEY_STREAM_HEADER_SIZE(latchkey_ciphertext_size(kem)));
  REQUIRE_OK(latchkey_private_key_generate(kem, 0, &key));
  REQUIRE_OK(latchkey_private_key_public(key, &pub));
  REQUIRE_OK(latchkey_enclave_seal(kSecret, SIZE, &enclave));
  REQUIRE_OK(latchkey_enclave_seal_for(enclave, pub, suite, NULL, 0, kContext, sizeof kContext,
                                       sealed, size));
  REQUIRE_OK(latchkey_open_sealed(key, sealed, size, NULL, 0, kContext, sizeof kContext, &opened));
  REQUIRE(latchkey_secret_size(opened) == SIZE);
  latchkey_secret_free(opened);

  memset(&info, 1, sizeof info);
  REQUIRE_OK(latchkey_inspect_sealed(sealed, LATCHKEY_SEALED_INFO_SIZE, &info));
  REQUIRE(info.kind == LATCHKEY_SEALED_MESSAGE && info.kem == kem);
  REQUIRE(info.suite.kdf == (suite == NULL ? LATCHKEY_KDF_HKDF_SHA256 : suite->kdf));
  REQUIRE(info.suite.aead == (suite == NULL ? LATCHKEY_AEAD_CHACHA20_POLY1305 : suite->aead));
  REQUIRE(info.preamble_size == overhead - 16 && info.size == SIZE + 16);
  REQUIRE(latchkey_inspect_sealed(sealed, 23, &info) == LATCHKEY_E_NOT_SEALED);
  REQUIRE(is_zero((const uint8_t*)&info, sizeof info));
  REQUIRE(latchkey_inspect_sealed(NULL, 24, &info) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_inspect_sealed(sealed, 24, NULL) == LATCHKEY_E_NULL_ARGUMENT);

  memset(sealed, 1, size);
  REQUIRE(latchkey_enclave_seal_for(enclave, pub, suite, NULL, 0, NULL, 0, sealed, size - 1) ==
          LATCHKEY_E_WRONG_SIZE);
  REQUIRE(is_zero(sealed, size - 1) && sealed[size - 1] == 1);
  REQUIRE(latchkey_enclave_seal_for(enclave, NULL, suite, NULL, 0, NULL, 0, sealed, size) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_enclave_seal_for(enclave, pub, suite, NULL, 1, NULL, 0, sealed, size) ==
          LATCHKEY_E_NULL_ARGUMENT);
  const latchkey_suite unknown = {LATCHKEY_KDF_SHAKE128, 77};
  REQUIRE(latchkey_seal_for(pub, &unknown, kSecret, SIZE, NULL, 0, NULL, 0, sealed, size) ==
          LATCHKEY_E_UNKNOWN_VERSION);
  REQUIRE(is_zero(sealed, size));
  latchkey_enclave_free(enclave);
  latchkey_public_key_free(pub);
  latchkey_private_key_free(key);
}

int main(void) {
  static const latchkey_kem kKems[] = {LATCHKEY_KEM_MLKEM512, LATCHKEY_KEM_MLKEM768,
                                       LATCHKEY_KEM_MLKEM1024, LATCHKEY_KEM_XWING};
  static const latchkey_suite kSuite = {LATCHKEY_KDF_SHAKE256, LATCHKEY_AEAD_AES_256_GCM};
  char text[10] = "x";
  REQUIRE_OK(latchkey_crypto_self_test());
  REQUIRE(strlen(latchkey_crypto_version()) > 3);
  REQUIRE(latchkey_describe_crypto_policy(text, sizeof text) == 0 && text[0] == '\0');
  REQUIRE(latchkey_describe_crypto_policy(NULL, 5) == 0);
  for (size_t i = 0; i < sizeof kKems / sizeof *kKems; ++i) {
    test_sealed_enclaves(kKems[i], NULL);
    test_sealed_enclaves(kKems[i], &kSuite);
  }
  REQUIRE(latchkey_seal_overhead(0x43) == 0 && latchkey_stream_header_size(0x43) == 0);
  test_enclaves(); /* the last one, since it ends with a purge */
  puts("the C interface of enclaves does what it says");
  return 0;
}
