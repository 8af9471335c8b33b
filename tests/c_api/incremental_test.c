/* Incremental encapsulation as a C99 program uses it. */
#include "require.h"

enum { MOST = 1568 };

static const latchkey_kem kKems[] = {LATCHKEY_KEM_MLKEM512, LATCHKEY_KEM_MLKEM768,
                                     LATCHKEY_KEM_MLKEM1024};
static const size_t kTHats[] = {768, 1152, 1536}, kC1s[] = {640, 960, 1408},
                    kC2s[] = {128, 128, 160};

static void test_set(int i) {
  const latchkey_kem kem = kKems[i];
  const size_t t_size = kTHats[i], c1_size = kC1s[i], c2_size = kC2s[i];
  latchkey_private_key *key = NULL, *stranger = NULL;
  latchkey_public_key* half = NULL;
  latchkey_incremental* state = NULL;
  latchkey_secret *early = NULL, *sent = NULL, *opened = NULL;
  uint8_t header[LATCHKEY_KEY_HEADER_SIZE], t_hat[MOST], other_header[64], other[MOST], ct[MOST];
  REQUIRE(latchkey_t_hat_size(kem) == t_size && latchkey_c1_size(kem) == c1_size);
  REQUIRE(latchkey_c2_size(kem) == c2_size);
  REQUIRE_OK(latchkey_private_key_generate(kem, 0, &key));
  REQUIRE_OK(latchkey_private_key_public(key, &half));
  REQUIRE_OK(latchkey_public_key_parts(half, header, t_hat, t_size));
  latchkey_public_key_free(half);
  REQUIRE_OK(latchkey_private_key_generate(kem, 0, &stranger));
  REQUIRE_OK(latchkey_private_key_public(stranger, &half));
  REQUIRE_OK(latchkey_public_key_parts(half, other_header, other, t_size));

  REQUIRE_OK(latchkey_incremental_begin(kem, header, sizeof header, ct, c1_size, &state));
  REQUIRE_OK(latchkey_incremental_early_secret(state, &early));
  /* What is refused leaves the state as it was. */
  memset(ct + c1_size, 1, c2_size);
  REQUIRE(latchkey_incremental_finish(state, other, t_size, ct + c1_size, c2_size, &sent) ==
          LATCHKEY_E_KEY_PART_MISMATCH);
  REQUIRE(is_zero(ct + c1_size, c2_size) && sent == NULL);
  REQUIRE(latchkey_incremental_finish(state, t_hat, t_size - 1, ct + c1_size, c2_size, &sent) ==
          LATCHKEY_E_KEY_PART_LENGTH);
  REQUIRE(latchkey_incremental_finish(state, t_hat, t_size, ct + c1_size, c2_size - 1, &sent) ==
          LATCHKEY_E_WRONG_SIZE);
  REQUIRE(latchkey_incremental_finish(state, NULL, t_size, ct + c1_size, c2_size, &sent) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_incremental_finish(state, t_hat, t_size, NULL, c2_size, &sent) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_incremental_finish(state, t_hat, t_size, ct + c1_size, c2_size, NULL) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE_OK(latchkey_incremental_finish(state, t_hat, t_size, ct + c1_size, c2_size, &sent));
  require_equal(early, sent, 1);
  REQUIRE_OK(latchkey_decapsulate(key, ct, c1_size + c2_size, &opened));
  require_equal(sent, opened, 1);
  latchkey_secret_free(early);
  early = sent;
  REQUIRE(latchkey_incremental_early_secret(state, &early) == LATCHKEY_E_MOVED_FROM);
  REQUIRE(early == NULL);
  REQUIRE(latchkey_incremental_finish(state, t_hat, t_size, other, c2_size, &early) ==
          LATCHKEY_E_MOVED_FROM);
  latchkey_incremental_free(state);

  REQUIRE(latchkey_incremental_begin(kem, header, 63, ct, c1_size, &state) ==
          LATCHKEY_E_KEY_PART_LENGTH);
  REQUIRE(state == NULL && is_zero(ct, c1_size));
  REQUIRE(latchkey_incremental_begin(kem, header, 64, ct, c1_size + 1, &state) ==
          LATCHKEY_E_WRONG_SIZE);
  REQUIRE(latchkey_incremental_begin(kem, NULL, 64, ct, c1_size, &state) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_incremental_begin(kem, header, 64, NULL, c1_size, &state) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_incremental_begin(kem, header, 64, ct, c1_size, NULL) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_public_key_parts(half, NULL, t_hat, t_size) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_public_key_parts(half, header, t_hat, t_size - 1) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(is_zero(header, sizeof header) && is_zero(t_hat, t_size - 1));
  REQUIRE(latchkey_public_key_parts(NULL, header, t_hat, t_size) == LATCHKEY_E_NULL_ARGUMENT);
  latchkey_secret_free(sent);
  latchkey_secret_free(opened);
  latchkey_public_key_free(half);
  latchkey_private_key_free(stranger);
  latchkey_private_key_free(key);
}

/* X-Wing's keys have no such parts. */
static void test_xwing(void) {
  latchkey_private_key* key = NULL;
  latchkey_public_key* half = NULL;
  latchkey_incremental* state = NULL;
  uint8_t header[64] = {0}, bytes[1152];
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &key));
  REQUIRE_OK(latchkey_private_key_public(key, &half));
  REQUIRE(latchkey_public_key_parts(half, header, bytes, sizeof bytes) == LATCHKEY_E_OTHER_KEM);
  REQUIRE(latchkey_incremental_begin(LATCHKEY_KEM_XWING, header, 64, bytes, 960, &state) ==
          LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(latchkey_t_hat_size(LATCHKEY_KEM_XWING) == 0 && latchkey_c1_size(0) == 0);
  REQUIRE(latchkey_incremental_early_secret(NULL, &(latchkey_secret*){NULL}) ==
          LATCHKEY_E_NULL_ARGUMENT);
  latchkey_incremental_free(NULL);
  latchkey_public_key_free(half);
  latchkey_private_key_free(key);
}

int main(void) {
  for (int i = 0; i < 3; ++i) test_set(i);
  test_xwing();
  puts("the C interface of incremental encapsulation does what it says");
  return 0;
}
