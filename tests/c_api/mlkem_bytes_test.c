/* ML-KEM from bytes to bytes as a C99 program uses it, beside the same by handles. */
#include <latchkey/latchkey_mlkem_bytes.h>

#include "require.h"

enum { MOST = 3168 };

/* A parameter set: its sizes, and its functions. */
struct set {
  latchkey_kem kem;
  size_t pk, sk, ct;
  int (*keypair)(uint8_t*, uint8_t*);
  int (*keypair_derand)(uint8_t*, uint8_t*, const uint8_t*);
  int (*encapsulate)(uint8_t*, uint8_t*, const uint8_t*);
  int (*encapsulate_derand)(uint8_t*, uint8_t*, const uint8_t*, const uint8_t*);
  int (*decapsulate)(uint8_t*, const uint8_t*, const uint8_t*);
};
static const struct set kSets[] = {
    {LATCHKEY_KEM_MLKEM512, 800, 1632, 768, latchkey_mlkem512_keypair,
     latchkey_mlkem512_keypair_derand, latchkey_mlkem512_encapsulate,
     latchkey_mlkem512_encapsulate_derand, latchkey_mlkem512_decapsulate},
    {LATCHKEY_KEM_MLKEM768, 1184, 2400, 1088, latchkey_mlkem768_keypair,
     latchkey_mlkem768_keypair_derand, latchkey_mlkem768_encapsulate,
     latchkey_mlkem768_encapsulate_derand, latchkey_mlkem768_decapsulate},
    {LATCHKEY_KEM_MLKEM1024, 1568, 3168, 1568, latchkey_mlkem1024_keypair,
     latchkey_mlkem1024_keypair_derand, latchkey_mlkem1024_encapsulate,
     latchkey_mlkem1024_encapsulate_derand, latchkey_mlkem1024_decapsulate},
};

/* Each array is followed by a byte that stays. */
static uint8_t pk[MOST + 1], sk[MOST + 1], ct[MOST + 1], same[MOST + 1], ss[33], opened[33];

static void mark(const struct set* set) {
  pk[set->pk] = sk[set->sk] = ct[set->ct] = ss[32] = opened[32] = 0xa5;
}
static void require_marks(const struct set* set) {
  REQUIRE(pk[set->pk] == 0xa5 && sk[set->sk] == 0xa5 && ct[set->ct] == 0xa5);
  REQUIRE(ss[32] == 0xa5 && opened[32] == 0xa5);
}

static void test_round(const struct set* set) {
  mark(set);
  REQUIRE_OK(set->keypair(pk, sk));
  REQUIRE_OK(set->encapsulate(ct, ss, pk));
  REQUIRE_OK(set->decapsulate(opened, ct, sk));
  REQUIRE(memcmp(ss, opened, 32) == 0 && !is_zero(ss, 32));
  ct[set->ct / 2] ^= 1;
  REQUIRE_OK(set->decapsulate(opened, ct, sk)); /* implicit rejection */
  REQUIRE(memcmp(ss, opened, 32) != 0);
  require_marks(set);
}

/* The same bytes as by handles, from the same randomness. */
static void test_derand(const struct set* set) {
  uint8_t seed[64], m[32];
  latchkey_private_key* key = NULL;
  latchkey_public_key* half = NULL;
  latchkey_secret* secret = NULL;
  for (int i = 0; i < 64; ++i) seed[i] = (uint8_t)(3 * i);
  memset(m, 0x77, sizeof m);
  REQUIRE_OK(set->keypair_derand(pk, sk, seed));
  REQUIRE_OK(set->encapsulate_derand(ct, ss, pk, m));
  REQUIRE_OK(latchkey_private_key_from_seed(set->kem, seed, sizeof seed, 0, &key));
  REQUIRE_OK(latchkey_private_key_export_expanded(key, same, set->sk));
  REQUIRE(memcmp(sk, same, set->sk) == 0);
  REQUIRE_OK(latchkey_private_key_public(key, &half));
  REQUIRE_OK(latchkey_public_key_bytes(half, same, set->pk));
  REQUIRE(memcmp(pk, same, set->pk) == 0);
  REQUIRE_OK(latchkey_decapsulate(key, ct, set->ct, &secret));
  REQUIRE_OK(latchkey_secret_copy(secret, opened, 32));
  REQUIRE(memcmp(ss, opened, 32) == 0);
  latchkey_secret_free(secret);
  latchkey_public_key_free(half);
  latchkey_private_key_free(key);
}

static void test_refusals(const struct set* set) {
  REQUIRE_OK(set->keypair(pk, sk));
  REQUIRE_OK(set->encapsulate(ct, ss, pk));
  memcpy(same, pk, set->pk);
  memset(same, 0xff, 2); /* a coefficient of 4095 */
  REQUIRE(set->encapsulate(ct, ss, same) == LATCHKEY_E_NOT_REDUCED);
  REQUIRE(is_zero(ct, set->ct) && is_zero(ss, 32));
  memcpy(same, sk, set->sk);
  same[set->sk - 40] ^= 1; /* in H(ek) */
  memset(opened, 1, 32);
  REQUIRE(set->decapsulate(opened, ct, same) == LATCHKEY_E_HASH_MISMATCH && is_zero(opened, 32));

  REQUIRE(set->keypair(NULL, sk) == LATCHKEY_E_NULL_ARGUMENT && is_zero(sk, set->sk));
  REQUIRE(set->keypair(pk, NULL) == LATCHKEY_E_NULL_ARGUMENT && is_zero(pk, set->pk));
  REQUIRE(set->keypair_derand(pk, sk, NULL) == LATCHKEY_E_NULL_ARGUMENT && is_zero(pk, set->pk));
  memset(ct, 1, set->ct);
  REQUIRE(set->encapsulate(ct, NULL, pk) == LATCHKEY_E_NULL_ARGUMENT && is_zero(ct, set->ct));
  memset(ss, 1, 32);
  REQUIRE(set->encapsulate(NULL, ss, pk) == LATCHKEY_E_NULL_ARGUMENT && is_zero(ss, 32));
  memset(ss, 1, 32);
  REQUIRE(set->encapsulate(ct, ss, NULL) == LATCHKEY_E_NULL_ARGUMENT && is_zero(ss, 32));
  memset(pk, 0, set->pk);
  REQUIRE(set->encapsulate_derand(ct, ss, pk, NULL) == LATCHKEY_E_NULL_ARGUMENT);
  memset(ss, 1, 32);
  REQUIRE(set->decapsulate(ss, NULL, sk) == LATCHKEY_E_NULL_ARGUMENT && is_zero(ss, 32));
  REQUIRE(set->decapsulate(ss, ct, NULL) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(set->decapsulate(NULL, ct, sk) == LATCHKEY_E_NULL_ARGUMENT);
}

int main(void) {
  for (size_t i = 0; i < sizeof kSets / sizeof *kSets; ++i) {
    test_round(&kSets[i]);
    test_derand(&kSets[i]);
    test_refusals(&kSets[i]);
  }
  puts("ML-KEM from bytes to bytes does what it says");
  return 0;
}
