/* A message sealed to a public key and opened again, in C. */
#include <latchkey/latchkey_seal.h>
#include <stdio.h>

static const uint8_t kMessage[] = "attack at dawn";

static int run(latchkey_xwing_key** key, latchkey_xwing_public** pub, latchkey_secret** opened) {
  uint8_t bytes[LATCHKEY_XWING_PUBLIC_SIZE], sealed[sizeof kMessage + LATCHKEY_SEAL_OVERHEAD];
  uint8_t message[sizeof kMessage];
  int status = latchkey_xwing_key_generate(key);
  if (status == LATCHKEY_OK) status = latchkey_xwing_key_public(*key, bytes);
  if (status == LATCHKEY_OK) status = latchkey_xwing_public_parse(bytes, sizeof bytes, pub);
  if (status == LATCHKEY_OK) {
    status =
        latchkey_seal_for(*pub, kMessage, sizeof kMessage, NULL, 0, NULL, 0, sealed, sizeof sealed);
  }
  if (status == LATCHKEY_OK) {
    status = latchkey_open_sealed(*key, sealed, sizeof sealed, NULL, 0, NULL, 0, opened);
  }
  if (status == LATCHKEY_OK) status = latchkey_secret_copy(*opened, message, sizeof message);
  if (status == LATCHKEY_OK) printf("opened: %s\n", (const char*)message);
  return status;
}

int main(void) {
  latchkey_xwing_key* key = NULL;
  latchkey_xwing_public* pub = NULL;
  latchkey_secret* opened = NULL;
  const int status = run(&key, &pub, &opened);
  if (status != LATCHKEY_OK) fprintf(stderr, "%s\n", latchkey_strerror(status));
  latchkey_secret_free(opened);
  latchkey_xwing_public_free(pub);
  latchkey_xwing_key_free(key);
  return status == LATCHKEY_OK ? 0 : 1;
}
