/* A part of a program that brings its own copy of the library: copies_test.c loads two of these. */
#include "copy.h"

#include <latchkey/latchkey_seal.h>
#include <stdlib.h>

struct copy_key {
  latchkey_mlkem768_key* kem;
  latchkey_xwing_key* xwing;
};

#define VISIBLE __attribute__((visibility("default")))

VISIBLE copy_key* copy_make(void) {
  copy_key* key = calloc(1, sizeof *key);
  if (key == NULL) return NULL;
  if (latchkey_mlkem768_key_generate(&key->kem) != LATCHKEY_OK ||
      latchkey_xwing_key_generate(&key->xwing) != LATCHKEY_OK) {
    copy_free(key);
    return NULL;
  }
  return key;
}

VISIBLE int copy_use(const copy_key* key) {
  static const uint8_t kMessage[] = "a message";
  uint8_t ek[LATCHKEY_XWING_PUBLIC_SIZE], sealed[sizeof kMessage + LATCHKEY_SEAL_OVERHEAD];
  latchkey_xwing_public* pub = NULL;
  latchkey_secret* opened = NULL;
  uint8_t seed[LATCHKEY_MLKEM768_SEED_SIZE];
  int status = latchkey_mlkem768_key_export_seed(key->kem, seed);
  if (status != LATCHKEY_OK) return status;
  status = latchkey_xwing_key_public(key->xwing, ek);
  if (status != LATCHKEY_OK) return status;
  status = latchkey_xwing_public_parse(ek, sizeof ek, &pub);
  if (status != LATCHKEY_OK) return status;
  status =
      latchkey_seal_for(pub, kMessage, sizeof kMessage, NULL, 0, NULL, 0, sealed, sizeof sealed);
  latchkey_xwing_public_free(pub);
  if (status != LATCHKEY_OK) return status;
  status = latchkey_open_sealed(key->xwing, sealed, sizeof sealed, NULL, 0, NULL, 0, &opened);
  latchkey_secret_free(opened);
  return status;
}

VISIBLE void copy_purge(void) { latchkey_purge(); }

VISIBLE void copy_free(copy_key* key) {
  if (key == NULL) return;
  latchkey_mlkem768_key_free(key->kem);
  latchkey_xwing_key_free(key->xwing);
  free(key);
}
