/* A program as it is written for PQClean: it has none of Latchkey's names. It is compiled with
 * examples/pqclean.h for each parameter set: NAME(x) is one of that library's names. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define JOIN(a, b) a##b
#define WITH(prefix, name) JOIN(prefix, name)
#define NAME(name) WITH(PREFIX, name)

#define PUBLIC NAME(CRYPTO_PUBLICKEYBYTES)
#define SECRET NAME(CRYPTO_SECRETKEYBYTES)
#define CIPHERTEXT NAME(CRYPTO_CIPHERTEXTBYTES)
#define SHARED NAME(CRYPTO_BYTES)

static uint8_t pk[PUBLIC], sk[SECRET], ct[CIPHERTEXT], ours[SHARED], theirs[SHARED];

static int test_keys(void) {
  return NAME(crypto_kem_keypair)(pk, sk) == 0 && NAME(crypto_kem_enc)(ct, ours, pk) == 0 &&
         NAME(crypto_kem_dec)(theirs, ct, sk) == 0 && memcmp(ours, theirs, SHARED) == 0;
}

/* A wrong ciphertext gives another secret, the same each time, and no error. */
static int test_invalid_ciphertext(void) {
  uint8_t again[SHARED];
  ct[CIPHERTEXT / 2] ^= 0x55;
  if (NAME(crypto_kem_dec)(theirs, ct, sk) != 0 || NAME(crypto_kem_dec)(again, ct, sk) != 0) {
    return 0;
  }
  return memcmp(ours, theirs, SHARED) != 0 && memcmp(theirs, again, SHARED) == 0;
}

/* The key of somebody else. */
static int test_invalid_secret_key(void) {
  static uint8_t other_pk[PUBLIC], other_sk[SECRET];
  return test_keys() && NAME(crypto_kem_keypair)(other_pk, other_sk) == 0 &&
         NAME(crypto_kem_dec)(theirs, ct, other_sk) == 0 && memcmp(ours, theirs, SHARED) != 0;
}

int main(void) {
  for (int i = 0; i < 20; ++i) {
    if (!test_keys() || !test_invalid_ciphertext() || !test_invalid_secret_key()) {
      puts("wrong");
      return 1;
    }
  }
  puts("keys, wrong ciphertexts and wrong keys: right");
  return 0;
}
