/* A program with one mistake of a C programmer's, whose number is its argument: a handle of another
 * kind, or one that was freed. misuse.py has what is to happen. */
#include <latchkey/latchkey_seal.h>
#include <stdio.h>
#include <stdlib.h>

static latchkey_private_key* new_key(void) {
  latchkey_private_key* key = NULL;
  if (latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &key) != LATCHKEY_OK) exit(3);
  return key;
}
static latchkey_public_key* half_of(const latchkey_private_key* key) {
  latchkey_public_key* half = NULL;
  if (latchkey_private_key_public(key, &half) != LATCHKEY_OK) exit(3);
  return half;
}
static latchkey_secret* new_secret(void) {
  latchkey_secret* secret = NULL;
  if (latchkey_secret_random(32, &secret) != LATCHKEY_OK) exit(3);
  return secret;
}

int main(int count, char** arguments) {
  const int mistake = count == 2 ? atoi(arguments[1]) : -1;
  latchkey_private_key* key = new_key();
  latchkey_public_key* half = half_of(key);
  latchkey_secret* secret = new_secret();
  latchkey_enclave* enclave = NULL;
  latchkey_stream_sealer* sealer = NULL;
  uint8_t bytes[LATCHKEY_STREAM_HEADER_SIZE(LATCHKEY_XWING_CIPHERTEXT_SIZE)] = {0};
  static uint64_t none[512];
  int status = 0;
  switch (mistake) {
    case 0:
      latchkey_private_key_free(key);
      latchkey_private_key_free(key);
      break;
    case 1:
      latchkey_public_key_free(half);
      latchkey_public_key_free(half);
      break;
    case 2:
      latchkey_secret_free(secret);
      latchkey_secret_free(secret);
      break;
    case 3:
      latchkey_private_key_free(key);
      status = latchkey_decapsulate(key, bytes, LATCHKEY_XWING_CIPHERTEXT_SIZE, &secret);
      break;
    case 4:
      status = latchkey_decapsulate((latchkey_private_key*)(void*)half, bytes,
                                    LATCHKEY_XWING_CIPHERTEXT_SIZE, &secret);
      break;
    case 5:
      status = latchkey_encapsulate((latchkey_public_key*)(void*)key, bytes,
                                    LATCHKEY_XWING_CIPHERTEXT_SIZE, &secret);
      break;
    case 6:
      status = latchkey_secret_copy((latchkey_secret*)(void*)half, bytes, 32);
      break;
    case 7:
      status = latchkey_private_key_inheritable((latchkey_private_key*)(void*)secret, &key);
      break;
    case 8:
      status = latchkey_enclave_open((latchkey_enclave*)(void*)none, &secret);
      break;
    case 9:
      status = latchkey_enclave_seal(bytes, 5, &enclave);
      latchkey_enclave_free(enclave);
      latchkey_enclave_free(enclave);
      break;
    case 10:
      status =
          latchkey_stream_sealer_create(half, NULL, NULL, 0, NULL, 0, bytes, sizeof bytes, &sealer);
      status = latchkey_stream_opener_end((latchkey_stream_opener*)(void*)sealer);
      break;
    case 11:
      status =
          latchkey_hpke_seal((latchkey_hpke_sender*)(void*)none, bytes, 1, NULL, 0, bytes + 8, 17);
      break;
    case 12:
      status = latchkey_age_open(NULL, 0, (const latchkey_age_x25519* const[]){(void*)key}, 1, NULL,
                                 NULL, NULL);
      status = status == LATCHKEY_E_NULL_ARGUMENT ? latchkey_secret_is_locked((void*)none) : 3;
      break;
    case 13: {
      const latchkey_public_key* keys[2] = {half, (void*)key};
      latchkey_secret* made[2];
      static uint8_t ciphertexts[2 * LATCHKEY_XWING_CIPHERTEXT_SIZE];
      status = latchkey_encapsulate_batch(keys, 2, ciphertexts, sizeof ciphertexts, made);
      break;
    }
    default:
      return 4;
  }
  printf("not noticed: %d\n", status);
  return 5;
}
