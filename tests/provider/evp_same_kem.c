/* The part of evp_same on encapsulation and decapsulation. */
#include <string.h>

#include "evp_same.h"

void say_kem(EVP_PKEY* pair, EVP_PKEY* pub, const struct sizes* sizes) {
  unsigned char ciphertext[2000], secret[80], other[80], ikme[33];
  for (size_t i = 0; i < sizeof ikme; ++i) ikme[i] = (unsigned char)(11 * i + 3);
  OSSL_PARAM params[] = {OSSL_PARAM_construct_octet_string("ikme", ikme, 32),
                         OSSL_PARAM_construct_end()};
  EVP_PKEY_CTX* sender = EVP_PKEY_CTX_new_from_pkey(NULL, pub, NULL);
  EVP_PKEY_CTX* receiver = EVP_PKEY_CTX_new_from_pkey(NULL, pair, NULL);
  size_t size = sizeof ciphertext, secret_size = sizeof secret;

  say("encapsulate before its init", "%d",
      EVP_PKEY_encapsulate(sender, ciphertext, &size, secret, &secret_size));
  say("encapsulate_init", "%d", EVP_PKEY_encapsulate_init(sender, NULL));
  int done = EVP_PKEY_encapsulate(sender, NULL, &size, NULL, &secret_size);
  say("sizes", "%d %zu %zu", done, size, secret_size);
  say("one size", "%d %d", EVP_PKEY_encapsulate(sender, NULL, &size, NULL, NULL),
      EVP_PKEY_encapsulate(sender, NULL, NULL, NULL, &secret_size));
  say("no size", "%d", EVP_PKEY_encapsulate(sender, NULL, NULL, NULL, NULL));
  size = sizes->ciphertext - 1;
  say("short ciphertext", "%d",
      EVP_PKEY_encapsulate(sender, ciphertext, &size, secret, &secret_size));
  size = sizes->ciphertext, secret_size = 31;
  say("short secret", "%d", EVP_PKEY_encapsulate(sender, ciphertext, &size, secret, &secret_size));
  secret_size = 32;
  say("no room for a secret", "%d",
      EVP_PKEY_encapsulate(sender, ciphertext, &size, NULL, &secret_size));
  say("null sizes", "%d %d", EVP_PKEY_encapsulate(sender, ciphertext, NULL, secret, &secret_size),
      EVP_PKEY_encapsulate(sender, ciphertext, &size, secret, NULL));
  size = sizeof ciphertext, secret_size = sizeof secret;
  EVP_PKEY_encapsulate_init(sender, params);
  done = EVP_PKEY_encapsulate(sender, ciphertext, &size, secret, &secret_size);
  say("encapsulate with ikme", "%d %zu %zu", done, size, secret_size);
  say_bytes("ciphertext", ciphertext, size);
  say_bytes("secret", secret, secret_size);

  say("decapsulate before its init", "%d",
      EVP_PKEY_decapsulate(receiver, other, &secret_size, ciphertext, size));
  say("decapsulate_init of a public key", "%d", EVP_PKEY_decapsulate_init(sender, NULL));
  say("decapsulate_init with ikme", "%d", EVP_PKEY_decapsulate_init(receiver, params));
  say("decapsulate_init", "%d", EVP_PKEY_decapsulate_init(receiver, NULL));
  secret_size = 0;
  done = EVP_PKEY_decapsulate(receiver, NULL, &secret_size, ciphertext, size);
  say("size of a secret", "%d %zu", done, secret_size);
  secret_size = 31;
  say("short secret", "%d", EVP_PKEY_decapsulate(receiver, other, &secret_size, ciphertext, size));
  secret_size = 80;
  say("short ciphertext", "%d",
      EVP_PKEY_decapsulate(receiver, other, &secret_size, ciphertext, size - 1));
  secret_size = 80;
  say("long ciphertext", "%d",
      EVP_PKEY_decapsulate(receiver, other, &secret_size, ciphertext, size + 1));
  secret_size = 80;
  say("null ciphertext", "%d", EVP_PKEY_decapsulate(receiver, other, &secret_size, NULL, 0));
  say("null size of a secret", "%d", EVP_PKEY_decapsulate(receiver, other, NULL, ciphertext, size));
  secret_size = 80;
  done = EVP_PKEY_decapsulate(receiver, other, &secret_size, ciphertext, size);
  say("decapsulate", "%d %zu, the same %d", done, secret_size, memcmp(secret, other, 32) == 0);
  ciphertext[5] ^= 1;
  secret_size = 80;
  done = EVP_PKEY_decapsulate(receiver, other, &secret_size, ciphertext, size);
  say("implicit rejection", "%d", done);
  say_bytes("the secret then", other, secret_size);
  say("encapsulate in a context for decapsulation", "%d",
      EVP_PKEY_encapsulate(receiver, ciphertext, &size, secret, &secret_size));

  /* The randomness is for one encapsulation. */
  say("encapsulate_init of a pair", "%d", EVP_PKEY_encapsulate_init(receiver, params));
  size = sizeof ciphertext, secret_size = 80;
  done = EVP_PKEY_encapsulate(receiver, ciphertext, &size, other, &secret_size);
  say_bytes("ciphertext", ciphertext, size);
  say("the same", "%d %d", done, memcmp(secret, other, 32) == 0);
  done = EVP_PKEY_encapsulate(receiver, ciphertext, &size, other, &secret_size);
  say("once more, the same", "%d %d", done, memcmp(secret, other, 32) == 0);
  say("init again without ikme", "%d", EVP_PKEY_encapsulate_init(receiver, NULL));
  done = EVP_PKEY_encapsulate(receiver, ciphertext, &size, other, &secret_size);
  say("the same", "%d %d", done, memcmp(secret, other, 32) == 0);
  for (params[0].data_size = 31; params[0].data_size <= 33; params[0].data_size += 2) {
    say("ikme of another size", "%d", EVP_PKEY_encapsulate_init(receiver, params));
  }
  params[0].data_size = 0;
  say("empty ikme", "%d", EVP_PKEY_encapsulate_init(receiver, params));
  params[0].data_size = 32;
  EVP_PKEY_encapsulate_init(receiver, NULL);
  say("ikme by set_params", "%d", EVP_PKEY_CTX_set_params(receiver, params));
  done = EVP_PKEY_encapsulate(receiver, ciphertext, &size, other, &secret_size);
  say("the same", "%d %d", done, memcmp(secret, other, 32) == 0);
  say("set_kem_op", "%d %d", EVP_PKEY_CTX_set_kem_op(receiver, "DHKEM"),
      EVP_PKEY_CTX_set_kem_op(receiver, NULL));
  EVP_PKEY_CTX* copy = EVP_PKEY_CTX_dup(receiver);
  say("EVP_PKEY_CTX_dup", "%d", copy != NULL);
  EVP_PKEY_CTX_free(copy);
  EVP_PKEY_CTX_free(sender);
  EVP_PKEY_CTX_free(receiver);
}
