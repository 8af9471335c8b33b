/* Prints what EVP does with ML-KEM, on fixed inputs: every key form both ways, parameters, errors.
 *
 * It is written to the documents of OpenSSL 3.5 and compiled with the headers of 3.0. With 3.0 and
 * the provider it prints what 3.6 prints by itself, but for the lines in the table of
 * docs/provider.md; evp_same_test.py compares. Each line is "[set] what = value". */
#include "evp_same.h"

#include <openssl/decoder.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char* set;

void say(const char* what, const char* format, ...) {
  va_list values;
  va_start(values, format);
  printf("[%s] %s = ", set, what);
  vprintf(format, values);
  printf("\n");
  va_end(values);
  ERR_clear_error();
}

void say_bytes(const char* what, const void* bytes, size_t size) {
  unsigned char digest[32];
  char text[17];
  if (EVP_Digest(bytes, size, digest, NULL, EVP_sha256(), NULL) != 1) memset(digest, 0, 32);
  for (int i = 0; i < 8; ++i) sprintf(text + 2 * i, "%02x", digest[i]);
  say(what, "%zu bytes, %s", size, text);
}

EVP_PKEY* key_of_data(int selection, OSSL_PARAM* params) {
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(NULL, set, NULL);
  EVP_PKEY* key = NULL;
  if (EVP_PKEY_fromdata_init(context) == 1) EVP_PKEY_fromdata(context, &key, selection, params);
  EVP_PKEY_CTX_free(context);
  return key;
}

static void say_key(const char* what, EVP_PKEY* key, EVP_PKEY* same_as) {
  size_t size = 0;
  if (key == NULL) {
    say(what, "refused%s", ERR_peek_error() != 0 ? ", with an error" : "");
    return;
  }
  const int has_seed = EVP_PKEY_get_octet_string_param(key, "seed", NULL, 0, &size);
  const int has_private = EVP_PKEY_get_octet_string_param(key, "priv", NULL, 0, &size);
  say(what, "a key, seed %d, private %d, the same %d", has_seed, has_private,
      EVP_PKEY_eq(key, same_as));
  EVP_PKEY_free(key);
}

/* ---- Generation and parameters */

static EVP_PKEY* generate(EVP_PKEY_CTX* context, const unsigned char* seed, size_t size,
                          const char* what) {
  OSSL_PARAM params[] = {OSSL_PARAM_construct_octet_string("seed", (void*)seed, size),
                         OSSL_PARAM_construct_end()};
  EVP_PKEY* key = NULL;
  const int begun = EVP_PKEY_keygen_init(context);
  const int given = seed == NULL ? 1 : EVP_PKEY_CTX_set_params(context, params);
  const int done = EVP_PKEY_generate(context, &key);
  if (what != NULL) say(what, "%d %d %d", begun, given, done);
  return key;
}

static void parameters(EVP_PKEY* pair, EVP_PKEY* pub, const struct sizes* sizes) {
  unsigned char bytes[4000];
  char name[80];
  size_t size;
  int number = 0;
  say("type name", "%s", EVP_PKEY_get0_type_name(pair));
  say("EVP_PKEY_get_id", "%d", EVP_PKEY_get_id(pair));
  say("names", "%d %d %d %d", EVP_PKEY_is_a(pair, sizes->alias), EVP_PKEY_is_a(pair, sizes->id),
      EVP_PKEY_is_a(pair, sizes->oid), EVP_PKEY_is_a(pair, "RSA"));
  say("bits, security bits, size", "%d %d %d", EVP_PKEY_get_bits(pair),
      EVP_PKEY_get_security_bits(pair), EVP_PKEY_get_size(pair));
  EVP_PKEY_get_int_param(pair, "security-category", &number);
  say("security-category", "%d", number);
  for (int i = 0; i < 2; ++i) {
    EVP_PKEY* key = i == 0 ? pair : pub;
    const char* const names[] = {"pub", "encoded-pub-key", "priv", "seed", "other"};
    for (int j = 0; j < 5; ++j) {
      size = 0;
      const int asked = EVP_PKEY_get_octet_string_param(key, names[j], NULL, 0, &size);
      const size_t told = asked == 1 ? size : 0;
      const int small = EVP_PKEY_get_octet_string_param(key, names[j], bytes, 10, &size);
      const int read = EVP_PKEY_get_octet_string_param(key, names[j], bytes, sizeof bytes, &size);
      sprintf(name, "%s of a %s", names[j], i == 0 ? "pair" : "public key");
      if (read == 1) say_bytes(name, bytes, size);
      say(name, "%d %zu, into 10 bytes %d, into many %d", asked, told, small, read);
    }
    size = 0;
    int done = EVP_PKEY_get_raw_public_key(key, NULL, &size);
    say("raw public key, size", "%d %zu", done, size);
    size = 10;
    say("raw public key into 10 bytes", "%d", EVP_PKEY_get_raw_public_key(key, bytes, &size));
    size = sizeof bytes;
    done = EVP_PKEY_get_raw_private_key(key, bytes, &size);
    say("raw private key", "%d %zu", done, done == 1 ? size : 0);
    unsigned char* encoded = NULL;
    size = EVP_PKEY_get1_encoded_public_key(key, &encoded);
    say("encoded public key", "%zu", size);
    OPENSSL_free(encoded);
    say("parameters missing, size of a signature", "%d %d", EVP_PKEY_missing_parameters(key),
        EVP_PKEY_can_sign(key));
    for (int selection = 0; selection < 3; ++selection) {
      OSSL_PARAM* data = NULL;
      const int all[] = {EVP_PKEY_KEYPAIR, EVP_PKEY_PUBLIC_KEY, EVP_PKEY_KEY_PARAMETERS};
      done = EVP_PKEY_todata(key, all[selection], &data);
      say("todata", "%d", done);
      for (const OSSL_PARAM* p = data; p != NULL && p->key != NULL; ++p) {
        say_bytes(p->key, p->data, p->data_size);
      }
      OSSL_PARAM_free(data);
    }
  }
  say("EVP_PKEY_eq of the pair and its public key", "%d", EVP_PKEY_eq(pair, pub));
  say("EVP_PKEY_parameters_eq", "%d", EVP_PKEY_parameters_eq(pair, pub));
}

static void checks(EVP_PKEY* key) {
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
  say("checks: all, pair, public, public quickly, private, parameters", "%d %d %d %d %d %d",
      EVP_PKEY_check(context), EVP_PKEY_pairwise_check(context), EVP_PKEY_public_check(context),
      EVP_PKEY_public_check_quick(context), EVP_PKEY_private_check(context),
      EVP_PKEY_param_check(context));
  say("sign, derive, encrypt", "%d %d %d", EVP_PKEY_sign_init(context),
      EVP_PKEY_derive_init(context), EVP_PKEY_encrypt_init(context));
  EVP_PKEY_CTX_free(context);
}

static void writes(EVP_PKEY* pair, EVP_PKEY* pub, unsigned char* bytes, size_t size) {
  OSSL_PARAM params[] = {OSSL_PARAM_construct_octet_string("encoded-pub-key", bytes, size),
                         OSSL_PARAM_construct_end()};
  say("set_params of a pair, of a public key", "%d %d", EVP_PKEY_set_params(pair, params),
      EVP_PKEY_set_params(pub, params));
  EVP_PKEY* empty = EVP_PKEY_new();
  say("copy_parameters", "%d", EVP_PKEY_copy_parameters(empty, pub));
  say("has a public key", "%zu",
      EVP_PKEY_get_raw_public_key(empty, NULL, &(size_t){0}) == 1 ? size : 0);
  say("set1_encoded_public_key, short, whole, again", "%d %d %d",
      EVP_PKEY_set1_encoded_public_key(empty, bytes, size - 1),
      EVP_PKEY_set1_encoded_public_key(empty, bytes, size),
      EVP_PKEY_set1_encoded_public_key(empty, bytes, size));
  say("and is the same", "%d", EVP_PKEY_eq(empty, pair));
  EVP_PKEY_free(empty);
  EVP_PKEY* copy = EVP_PKEY_dup(pair);
  say_key("dup of a pair", copy, pair);
  say_key("dup of a public key", EVP_PKEY_dup(pub), pair);
}

/* ---- Import */

static void imports(EVP_PKEY* pair, const unsigned char* seed, unsigned char* pub,
                    unsigned char* priv, const struct sizes* sizes) {
  const int all = EVP_PKEY_KEYPAIR, half = EVP_PKEY_PUBLIC_KEY;
  unsigned char other_seed[64];
  memcpy(other_seed, seed, 64);
  other_seed[0] ^= 1;
#define OCTETS(name, data, size) OSSL_PARAM_construct_octet_string(name, (void*)(data), size)
#define IMPORT(what, selection, ...)                                 \
  do {                                                               \
    OSSL_PARAM given[] = {__VA_ARGS__, OSSL_PARAM_construct_end()};  \
    say_key("fromdata: " what, key_of_data(selection, given), pair); \
  } while (0)
#define PUB OCTETS("pub", pub, sizes->pub)
#define PRIV OCTETS("priv", priv, sizes->priv)
#define SEED OCTETS("seed", seed, 64)
  IMPORT("seed", all, SEED);
  IMPORT("private", all, PRIV);
  IMPORT("public", all, PUB);
  IMPORT("all three", all, PUB, SEED, PRIV);
  IMPORT("public and private", all, PUB, PRIV);
  IMPORT("of a pair, the public half", half, PUB, SEED, PRIV);
  IMPORT("of a seed, the public half", half, SEED);
  IMPORT("parameters", EVP_PKEY_KEY_PARAMETERS, PUB);
  IMPORT("private alone", OSSL_KEYMGMT_SELECT_PRIVATE_KEY, SEED);
  IMPORT("nothing known", all, OCTETS("x", pub, 3));
  IMPORT("short seed", all, OCTETS("seed", seed, 63));
  IMPORT("empty seed", all, OCTETS("seed", seed, 0));
  IMPORT("empty seed and a public key", all, OCTETS("seed", seed, 0), PUB);
  IMPORT("long private key", all, OCTETS("priv", priv, sizes->priv + 1));
  IMPORT("short public key", all, OCTETS("pub", pub, sizes->pub - 1));
  IMPORT("public key of another type", all, OSSL_PARAM_construct_utf8_string("pub", (char*)pub, 1));
  IMPORT("another seed", all, OCTETS("seed", other_seed, 64), PRIV);
  IMPORT("seed with another public key", all, OCTETS("seed", other_seed, 64), PUB);
  pub[sizes->pub - 1] ^= 1;
  IMPORT("private key with another public key", all, PRIV, PUB);
  pub[sizes->pub - 1] ^= 1;
  priv[sizes->priv - 1] ^= 1;
  IMPORT("another z, with the seed", all, SEED, PRIV);
  IMPORT("another z", all, PRIV);
  priv[sizes->priv - 1] ^= 1;
  priv[sizes->priv - 40] ^= 1;
  IMPORT("wrong hash", all, PRIV);
  say_key("new_raw_private_key: wrong hash",
          EVP_PKEY_new_raw_private_key_ex(NULL, set, NULL, priv, sizes->priv), pair);
  priv[sizes->priv - 40] ^= 1;
  priv[1] ^= 1;
  IMPORT("private key of another pair", all, PRIV);
  priv[1] ^= 1;
  const unsigned char before[3] = {pub[0], pub[1], pub[2]};
  memset(pub, 0xff, 3);
  IMPORT("unreduced public key", half, PUB);
  say_key("new_raw_public_key: unreduced",
          EVP_PKEY_new_raw_public_key_ex(NULL, set, NULL, pub, sizes->pub), pair);
  memcpy(pub, before, 3);
  for (int more = -1; more <= 1; ++more) {
    say_key("new_raw_public_key",
            EVP_PKEY_new_raw_public_key_ex(NULL, set, NULL, pub, sizes->pub + (size_t)more), pair);
    say_key("new_raw_private_key",
            EVP_PKEY_new_raw_private_key_ex(NULL, set, NULL, priv, sizes->priv + (size_t)more),
            pair);
  }
  say_key("new_raw_private_key of a seed",
          EVP_PKEY_new_raw_private_key_ex(NULL, set, NULL, seed, 64), pair);
  say_key("new_raw_public_key of nothing", EVP_PKEY_new_raw_public_key_ex(NULL, set, NULL, pub, 0),
          pair);
}

static void one_set(const struct sizes* sizes) {
  unsigned char seed[65], pub[2000], priv[4000];
  set = sizes->name;
  for (size_t i = 0; i < sizeof seed; ++i) seed[i] = (unsigned char)(7 * i + sizes->pub);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(NULL, set, NULL);
  EVP_PKEY* pair = generate(context, seed, 64, "keygen with a seed");
  EVP_PKEY* key = NULL;
  say("once more, without it", "%d, the same %d", EVP_PKEY_generate(context, &key),
      EVP_PKEY_eq(key, pair));
  EVP_PKEY_free(key);
  EVP_PKEY_free(generate(context, seed, 63, "keygen with a short seed"));
  EVP_PKEY_free(generate(context, seed, 65, "keygen with a long seed"));
  EVP_PKEY_free(generate(context, seed, 0, "keygen with an empty seed"));
  say("paramgen", "%d", EVP_PKEY_paramgen_init(context));
  EVP_PKEY_CTX_free(context);
  key = EVP_PKEY_Q_keygen(NULL, NULL, set);
  say("EVP_PKEY_Q_keygen", "%s", key != NULL ? "a key" : "refused");
  EVP_PKEY_free(key);

  size_t size = sizeof pub;
  EVP_PKEY_get_raw_public_key(pair, pub, &size);
  size = sizeof priv;
  EVP_PKEY_get_raw_private_key(pair, priv, &size);
  EVP_PKEY* half = EVP_PKEY_new_raw_public_key_ex(NULL, set, NULL, pub, sizes->pub);
  parameters(pair, half, sizes);
  checks(pair);
  checks(half);
  writes(pair, half, pub, sizes->pub);
  imports(pair, seed, pub, priv, sizes);
  say_kem(pair, half, sizes);
  say_files(pair, half, seed, pub, priv, sizes);
  EVP_PKEY_free(pair);
  EVP_PKEY_free(half);
}

int main(int count, char** words) {
  static const struct sizes all[] = {
      {"ML-KEM-512", "MLKEM512", "id-alg-ml-kem-512", "2.16.840.1.101.3.4.4.1", 1, 800, 1632, 768},
      {"ML-KEM-768", "MLKEM768", "id-alg-ml-kem-768", "2.16.840.1.101.3.4.4.2", 2, 1184, 2400,
       1088},
      {"ML-KEM-1024", "MLKEM1024", "id-alg-ml-kem-1024", "2.16.840.1.101.3.4.4.3", 3, 1568, 3168,
       1568}};
  if (count > 1 && strcmp(words[1], "--version") == 0) {
    puts(OpenSSL_version(OPENSSL_VERSION_STRING));
    return 0;
  }
  for (int i = 0; i < 3; ++i) one_set(&all[i]);
  return 0;
}
