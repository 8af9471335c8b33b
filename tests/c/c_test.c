/* The C interface as a C99 program uses it. Prints what it could not do, and exits with 1 then.
 * With CORE_ONLY, without the sealing layer. */
#include <latchkey/latchkey.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(int condition, const char* what, int line) {
  if (condition) return;
  printf("line %d: %s does not hold\n", line, what);
  exit(1);
}
#define REQUIRE(condition) require((condition) != 0, #condition, __LINE__)
#define REQUIRE_OK(call) REQUIRE((call) == LATCHKEY_OK)

static int is_zero(const uint8_t* bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    if (bytes[i] != 0) return 0;
  }
  return 1;
}

static void copy(void* context, const uint8_t* bytes, size_t size) { memcpy(context, bytes, size); }

static void require_equal(const latchkey_secret* a, const latchkey_secret* b, int expected) {
  int equal = -1;
  REQUIRE_OK(latchkey_secret_equal(a, b, &equal));
  REQUIRE(equal == expected);
}

static void test_process(void) {
  REQUIRE(latchkey_abi_version() >= LATCHKEY_ABI_VERSION);
  REQUIRE(strlen(latchkey_version()) >= 5);
  REQUIRE(strlen(latchkey_backend_name()) >= 3);
  REQUIRE_OK(latchkey_self_test());
  REQUIRE_OK(latchkey_set_memory_policy(LATCHKEY_POLICY_REQUIRE));
  REQUIRE(latchkey_set_memory_policy(4) == LATCHKEY_E_UNKNOWN_VERSION);
  REQUIRE(latchkey_set_memory_policy(256) == LATCHKEY_E_UNKNOWN_VERSION);
  REQUIRE(strcmp(latchkey_strerror(LATCHKEY_OK), "no error") == 0);
  REQUIRE(strstr(latchkey_strerror(LATCHKEY_E_CIPHERTEXT_LENGTH), "ciphertext") != NULL);
  REQUIRE(strcmp(latchkey_strerror(-1), "unknown error") == 0);
  REQUIRE(strcmp(latchkey_strerror(1000), "unknown error") == 0);
}

static void test_mlkem768(void) {
  latchkey_mlkem768_key *key = NULL, *again = NULL, *imported = NULL;
  latchkey_mlkem768_public* pub = NULL;
  latchkey_secret *sent = NULL, *opened = NULL, *other = NULL;
  uint8_t ek[LATCHKEY_MLKEM768_PUBLIC_SIZE], ct[LATCHKEY_MLKEM768_CIPHERTEXT_SIZE];
  uint8_t seed[LATCHKEY_MLKEM768_SEED_SIZE], bytes[LATCHKEY_SHARED_SECRET_SIZE], read[32];
  static uint8_t expanded[LATCHKEY_MLKEM768_EXPANDED_SIZE];

  REQUIRE(latchkey_mlkem768_public_size() == sizeof ek);
  REQUIRE(latchkey_mlkem768_seed_size() == sizeof seed);
  REQUIRE(latchkey_mlkem768_ciphertext_size() == sizeof ct);
  REQUIRE_OK(latchkey_mlkem768_key_generate(&key));
  REQUIRE_OK(latchkey_mlkem768_key_public(key, ek));
  REQUIRE_OK(latchkey_mlkem768_public_parse(ek, sizeof ek, &pub));
  REQUIRE_OK(latchkey_mlkem768_encapsulate(pub, ct, &sent));
  REQUIRE_OK(latchkey_mlkem768_key_export_seed(key, seed));
  REQUIRE_OK(latchkey_mlkem768_key_from_seed(seed, sizeof seed, &again));
  REQUIRE_OK(latchkey_mlkem768_decapsulate(again, ct, sizeof ct, &opened));
  require_equal(sent, opened, 1);
  REQUIRE_OK(latchkey_mlkem768_key_export_expanded(key, expanded));
  REQUIRE_OK(latchkey_mlkem768_key_import_expanded(expanded, sizeof expanded, &imported));
  REQUIRE(latchkey_mlkem768_key_export_seed(imported, seed) == LATCHKEY_E_NO_SEED);
  REQUIRE(is_zero(seed, sizeof seed));
  ct[500] ^= 1;
  REQUIRE_OK(latchkey_mlkem768_decapsulate(imported, ct, sizeof ct, &other));
  require_equal(sent, other, 0);

  REQUIRE(latchkey_secret_size(sent) == sizeof bytes);
  REQUIRE_OK(latchkey_secret_copy(sent, bytes, sizeof bytes));
  REQUIRE_OK(latchkey_secret_read(sent, copy, read));
  REQUIRE(memcmp(bytes, read, sizeof bytes) == 0 && !is_zero(bytes, sizeof bytes));
  REQUIRE(latchkey_secret_copy(sent, bytes, 31) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(is_zero(bytes, 31));
  latchkey_secret_free(other);
  latchkey_secret_free(opened);

  /* Errors leave NULL and zeros. */
  opened = sent;
  REQUIRE(latchkey_mlkem768_decapsulate(key, ct, sizeof ct - 1, &opened) ==
          LATCHKEY_E_CIPHERTEXT_LENGTH);
  REQUIRE(opened == NULL);
  memset(ek, 0xff, sizeof ek);
  latchkey_mlkem768_public* bad = pub;
  REQUIRE(latchkey_mlkem768_public_parse(ek, sizeof ek, &bad) == LATCHKEY_E_NOT_REDUCED);
  REQUIRE(bad == NULL);
  memset(ct, 1, sizeof ct);
  REQUIRE(latchkey_mlkem768_encapsulate(NULL, ct, &opened) == LATCHKEY_E_MOVED_FROM);
  REQUIRE(is_zero(ct, sizeof ct));
  REQUIRE(latchkey_mlkem768_key_public(NULL, ek) == LATCHKEY_E_MOVED_FROM);
  REQUIRE(is_zero(ek, sizeof ek));
  REQUIRE(latchkey_mlkem768_decapsulate(NULL, ct, sizeof ct, &opened) == LATCHKEY_E_MOVED_FROM);
  REQUIRE(latchkey_secret_copy(NULL, bytes, sizeof bytes) == LATCHKEY_E_MOVED_FROM);
  REQUIRE(latchkey_secret_size(NULL) == 0);

  latchkey_secret_free(sent);
  latchkey_mlkem768_public_free(pub);
  latchkey_mlkem768_key_free(imported);
  latchkey_mlkem768_key_free(again);
  latchkey_mlkem768_key_free(key);
  latchkey_secret_free(NULL);
  latchkey_mlkem768_key_free(NULL);
  latchkey_mlkem768_public_free(NULL);
}

#ifndef CORE_ONLY
static void test_sealing(void) {
  static const uint8_t kMessage[] = "attack at dawn", kContext[] = "orders";
  latchkey_xwing_key *key = NULL, *again = NULL;
  latchkey_xwing_public* pub = NULL;
  latchkey_secret *sent = NULL, *opened = NULL, *ours = NULL, *theirs = NULL;
  uint8_t ek[LATCHKEY_XWING_PUBLIC_SIZE], ct[LATCHKEY_XWING_CIPHERTEXT_SIZE];
  uint8_t seed[LATCHKEY_XWING_SEED_SIZE], message[sizeof kMessage];
  uint8_t sealed[sizeof kMessage + LATCHKEY_SEAL_OVERHEAD];

  REQUIRE(latchkey_xwing_public_size() == sizeof ek);
  REQUIRE(latchkey_xwing_seed_size() == sizeof seed);
  REQUIRE(latchkey_xwing_ciphertext_size() == sizeof ct);
  REQUIRE(latchkey_seal_overhead() == LATCHKEY_SEAL_OVERHEAD);
  REQUIRE_OK(latchkey_xwing_key_generate(&key));
  REQUIRE_OK(latchkey_xwing_key_export_seed(key, seed));
  REQUIRE_OK(latchkey_xwing_key_from_seed(seed, sizeof seed, &again));
  REQUIRE_OK(latchkey_xwing_key_public(again, ek));
  REQUIRE_OK(latchkey_xwing_public_parse(ek, sizeof ek, &pub));
  REQUIRE_OK(latchkey_xwing_encapsulate(pub, ct, &sent));
  REQUIRE_OK(latchkey_xwing_decapsulate(key, ct, sizeof ct, &opened));
  require_equal(sent, opened, 1);

  REQUIRE_OK(
      latchkey_session_xwing(sent, pub, ct, sizeof ct, kContext, sizeof kContext, "a", 40, &ours));
  REQUIRE_OK(latchkey_session_xwing(opened, pub, ct, sizeof ct, kContext, sizeof kContext, "a", 40,
                                    &theirs));
  REQUIRE(latchkey_secret_size(ours) == 40);
  require_equal(ours, theirs, 1);
  require_equal(ours, sent, 0);
  latchkey_secret_free(theirs);
  REQUIRE_OK(latchkey_session_xwing(opened, pub, ct, sizeof ct, NULL, 0, "a", 40, &theirs));
  require_equal(ours, theirs, 0);
  latchkey_secret_free(theirs);
  /* Only of a KEM's secret. */
  REQUIRE(latchkey_session_xwing(ours, pub, ct, sizeof ct, NULL, 0, "a", 40, &theirs) ==
          LATCHKEY_E_MOVED_FROM);
  REQUIRE(theirs == NULL);
  latchkey_secret_free(ours);
  latchkey_secret_free(opened);

  REQUIRE_OK(latchkey_seal_for(pub, kMessage, sizeof kMessage, NULL, 0, kContext, sizeof kContext,
                               sealed, sizeof sealed));
  REQUIRE_OK(latchkey_open_sealed(key, sealed, sizeof sealed, NULL, 0, kContext, sizeof kContext,
                                  &opened));
  REQUIRE_OK(latchkey_secret_copy(opened, message, sizeof message));
  REQUIRE(memcmp(message, kMessage, sizeof message) == 0);
  latchkey_secret_free(opened);
  /* In place. */
  memcpy(sealed, kMessage, sizeof kMessage);
  REQUIRE_OK(latchkey_seal_for(pub, sealed, sizeof kMessage, NULL, 0, kContext, sizeof kContext,
                               sealed, sizeof sealed));
  REQUIRE_OK(latchkey_open_sealed(key, sealed, sizeof sealed, NULL, 0, kContext, sizeof kContext,
                                  &opened));
  REQUIRE_OK(latchkey_secret_copy(opened, message, sizeof message));
  REQUIRE(memcmp(message, kMessage, sizeof message) == 0);
  latchkey_secret_free(opened);
  REQUIRE(latchkey_open_sealed(key, sealed, sizeof sealed, NULL, 0, NULL, 0, &opened) ==
          LATCHKEY_E_NOT_AUTHENTIC);
  REQUIRE(opened == NULL);
  REQUIRE(latchkey_seal_for(pub, kMessage, sizeof kMessage, NULL, 0, NULL, 0, sealed,
                            sizeof sealed - 1) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(is_zero(sealed, sizeof sealed - 1));

  latchkey_purge();
  REQUIRE(latchkey_xwing_decapsulate(key, ct, sizeof ct, &opened) == LATCHKEY_E_PURGED);
  REQUIRE(latchkey_secret_equal(sent, sent, &(int){1}) == LATCHKEY_E_PURGED);
  latchkey_secret_free(sent);
  latchkey_xwing_public_free(pub);
  latchkey_xwing_key_free(again);
  latchkey_xwing_key_free(key);
}

#endif

int main(void) {
  test_process();
  test_mlkem768();
#ifndef CORE_ONLY
  test_sealing();
#endif
  puts("the C interface does what it says");
  return 0;
}
