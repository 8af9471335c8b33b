/* A message sealed to a public key and opened again, in C. */
#include <latchkey/latchkey_seal.h>
#include <stdio.h>

static const uint8_t kMessage[] = "attack at dawn";

static int run(latchkey_private_key** key, latchkey_public_key** pub, latchkey_secret** opened) {
  uint8_t sealed[sizeof kMessage + LATCHKEY_SEAL_OVERHEAD(LATCHKEY_XWING_CIPHERTEXT_SIZE)];
  uint8_t message[sizeof kMessage];
  int status = latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, key);
  if (status == LATCHKEY_OK) status = latchkey_private_key_public(*key, pub);
  if (status == LATCHKEY_OK) {
    status = latchkey_seal_for(*pub, NULL, kMessage, sizeof kMessage, NULL, 0, NULL, 0, sealed,
                               sizeof sealed);
  }
  if (status == LATCHKEY_OK) {
    status = latchkey_open_sealed(*key, sealed, sizeof sealed, NULL, 0, NULL, 0, opened);
  }
  if (status == LATCHKEY_OK) status = latchkey_secret_copy(*opened, message, sizeof message);
  if (status == LATCHKEY_OK) printf("opened: %s\n", (const char*)message);
  return status;
}

int main(void) {
  latchkey_private_key* key = NULL;
  latchkey_public_key* pub = NULL;
  latchkey_secret* opened = NULL;
  const int status = run(&key, &pub, &opened);
  if (status != LATCHKEY_OK) fprintf(stderr, "%s\n", latchkey_strerror(status));
  latchkey_secret_free(opened);
  latchkey_public_key_free(pub);
  latchkey_private_key_free(key);
  return status == LATCHKEY_OK ? 0 : 1;
}
