/* A part of a program that brings its own copy of the library: copies_test.c loads two of these. */
#include "copy.h"

#include <latchkey/latchkey_seal.h>
#include <stdlib.h>

struct copy_key {
  latchkey_private_key* kem;
  latchkey_private_key* xwing;
};

#define VISIBLE __attribute__((visibility("default")))

VISIBLE copy_key* copy_make(void) {
  copy_key* key = calloc(1, sizeof *key);
  if (key == NULL) return NULL;
  if (latchkey_private_key_generate(LATCHKEY_KEM_MLKEM768, 0, &key->kem) != LATCHKEY_OK ||
      latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &key->xwing) != LATCHKEY_OK) {
    copy_free(key);
    return NULL;
  }
  return key;
}

VISIBLE int copy_use(const copy_key* key) {
  static const uint8_t kMessage[] = "a message";
  uint8_t sealed[sizeof kMessage + LATCHKEY_SEAL_OVERHEAD(LATCHKEY_XWING_CIPHERTEXT_SIZE)];
  latchkey_public_key* pub = NULL;
  latchkey_secret* opened = NULL;
  uint8_t seed[LATCHKEY_MLKEM_SEED_SIZE];
  int status = latchkey_private_key_export_seed(key->kem, seed, LATCHKEY_MLKEM_SEED_SIZE);
  if (status != LATCHKEY_OK) return status;
  status = latchkey_private_key_public(key->xwing, &pub);
  if (status != LATCHKEY_OK) return status;
  status = latchkey_seal_for(pub, NULL, kMessage, sizeof kMessage, NULL, 0, NULL, 0, sealed,
                             sizeof sealed);
  latchkey_public_key_free(pub);
  if (status != LATCHKEY_OK) return status;
  status = latchkey_open_sealed(key->xwing, sealed, sizeof sealed, NULL, 0, NULL, 0, &opened);
  latchkey_secret_free(opened);
  return status;
}

VISIBLE void copy_purge(void) { latchkey_purge(); }

VISIBLE void copy_free(copy_key* key) {
  if (key == NULL) return;
  latchkey_private_key_free(key->kem);
  latchkey_private_key_free(key->xwing);
  free(key);
}
