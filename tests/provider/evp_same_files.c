/* The part of evp_same on keys in files: what is written, and what is read. */
#include <openssl/decoder.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/store.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#include "evp_same.h"

/* ---- What is written */

static void say_bio(const char* what, int done, BIO* bio) {
  char* text = NULL;
  const long size = BIO_get_mem_data(bio, &text);
  if (done == 1) {
    say_bytes(what, text, (size_t)size);
  } else {
    say(what, "%d", done);
  }
  BIO_free(bio);
}

static void written(EVP_PKEY* key) {
  static const char* const types[] = {"DER", "PEM", "TEXT", "other"};
  static const char* const structures[] = {"PrivateKeyInfo", "SubjectPublicKeyInfo",
                                           "EncryptedPrivateKeyInfo", "type-specific", NULL};
  static const int selections[] = {EVP_PKEY_KEYPAIR, EVP_PKEY_PUBLIC_KEY, EVP_PKEY_KEY_PARAMETERS};
  char what[100];
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 5; ++j) {
      for (int k = 0; k < 3; ++k) {
        OSSL_ENCODER_CTX* context =
            OSSL_ENCODER_CTX_new_for_pkey(key, selections[k], types[i], structures[j], NULL);
        unsigned char* data = NULL;
        size_t size = 0;
        sprintf(what, "encoder: %s of %s, selection %02x", types[i],
                structures[j] == NULL ? "anything" : structures[j], (unsigned)selections[k]);
        const int done = OSSL_ENCODER_to_data(context, &data, &size);
        if (done == 1) {
          say_bytes(what, data, size);
        } else {
          say(what, "%d", done);
        }
        OPENSSL_free(data);
        OSSL_ENCODER_CTX_free(context);
      }
    }
  }
  BIO* bio = BIO_new(BIO_s_mem());
  say_bio("PEM_write_bio_PrivateKey", PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL),
          bio);
  bio = BIO_new(BIO_s_mem());
  say_bio("PEM_write_bio_PUBKEY", PEM_write_bio_PUBKEY(bio, key), bio);
  bio = BIO_new(BIO_s_mem());
  say_bio("i2d_PKCS8PrivateKey_bio", i2d_PKCS8PrivateKey_bio(bio, key, NULL, NULL, 0, NULL, NULL),
          bio);
  bio = BIO_new(BIO_s_mem());
  say_bio("EVP_PKEY_print_private", EVP_PKEY_print_private(bio, key, 0, NULL), bio);
  bio = BIO_new(BIO_s_mem());
  say_bio("EVP_PKEY_print_public", EVP_PKEY_print_public(bio, key, 4, NULL), bio);
  bio = BIO_new(BIO_s_mem());
  say_bio("EVP_PKEY_print_params", EVP_PKEY_print_params(bio, key, 0, NULL), bio);
  say("sizes of i2d_PrivateKey, i2d_PUBKEY, i2d_PublicKey", "%d %d %d", i2d_PrivateKey(key, NULL),
      i2d_PUBKEY(key, NULL), i2d_PublicKey(key, NULL));
  PKCS8_PRIV_KEY_INFO* info = EVP_PKEY2PKCS8(key);
  say("EVP_PKEY2PKCS8", "%d", info != NULL);
  EVP_PKEY* again = info == NULL ? NULL : EVP_PKCS82PKEY(info);
  say("EVP_PKCS82PKEY", "%d", again != NULL && EVP_PKEY_eq(again, key) == 1);
  EVP_PKEY_free(again);
  PKCS8_PRIV_KEY_INFO_free(info);
}

/* Under a passphrase: the salt is random, so it is read back. */
static void encrypted(EVP_PKEY* key) {
  unsigned char pass[] = "passphrase", wrong[] = "Passphrase";
  for (int is_pem = 0; is_pem < 2; ++is_pem) {
    BIO* bio = BIO_new(BIO_s_mem());
    const int done =
        is_pem ? PEM_write_bio_PrivateKey(bio, key, EVP_aes_256_cbc(), pass, 10, NULL, NULL)
               : i2d_PKCS8PrivateKey_bio(bio, key, EVP_aes_128_cbc(), (char*)pass, 10, NULL, NULL);
    char* data = NULL;
    const long size = BIO_get_mem_data(bio, &data);
    say("encrypted", "%d %.27s", done, is_pem ? data : "");
    for (int i = 0; i < 2; ++i) {
      BIO* in = BIO_new_mem_buf(data, (int)size);
      EVP_PKEY* read = is_pem ? PEM_read_bio_PrivateKey(in, NULL, NULL, i == 0 ? pass : wrong)
                              : d2i_PKCS8PrivateKey_bio(in, NULL, NULL, i == 0 ? pass : wrong);
      say(i == 0 ? "decrypted" : "with another passphrase", "%s, the same %d",
          read == NULL ? "refused" : "a key", read != NULL && EVP_PKEY_eq(read, key) == 1);
      EVP_PKEY_free(read);
      BIO_free(in);
    }
    BIO_free(bio);
  }
}

/* ---- What is read */

static void say_read(const char* what, EVP_PKEY* key, EVP_PKEY* same_as) {
  size_t size = 0;
  if (key == NULL) {
    say(what, "refused%s", ERR_peek_error() != 0 ? ", with an error" : "");
    return;
  }
  unsigned char* der = NULL;
  const int has_seed = EVP_PKEY_get_octet_string_param(key, "seed", NULL, 0, &size);
  const int has_private = EVP_PKEY_get_octet_string_param(key, "priv", NULL, 0, &size);
  const int again = i2d_PrivateKey(key, &der);
  OPENSSL_free(der);
  say(what, "seed %d, private %d, the same %d, written again %d", has_seed, has_private,
      EVP_PKEY_eq(key, same_as), again);
  EVP_PKEY_free(key);
}

struct buffer {
  unsigned char bytes[12000];
  size_t size;
};

static void add(struct buffer* to, const void* bytes, size_t size) {
  memcpy(to->bytes + to->size, bytes, size);
  to->size += size;
}

/* A value in DER. */
static void add_value(struct buffer* to, unsigned char tag, const void* content, size_t size) {
  unsigned char head[4] = {tag, (unsigned char)size};
  size_t length = 2;
  if (size > 255) {
    head[1] = 0x82, head[2] = (unsigned char)(size >> 8), head[3] = (unsigned char)size;
    length = 4;
  } else if (size > 127) {
    head[1] = 0x81, head[2] = (unsigned char)size;
    length = 3;
  }
  add(to, head, length);
  add(to, content, size);
}

enum wrapping { plain, with_parameters, version_2, with_attributes, version_3 };

static void add_algorithm(struct buffer* to, const struct sizes* sizes, int has_parameters) {
  unsigned char id[] = {6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 4, sizes->number, 5, 0};
  add_value(to, 0x30, id, has_parameters ? 13 : 11);
}

/* A PrivateKeyInfo. */
static void wrap(struct buffer* out, const struct sizes* sizes, enum wrapping how,
                 const struct buffer* key, const unsigned char* pub) {
  static const unsigned char attribute[] = {0x30, 9, 6, 3, 0x55, 4, 3, 0x31, 2, 0x0c, 0};
  struct buffer info = {.size = 0}, bits = {.bytes = {0}, .size = 1};
  const unsigned char version = how == version_2 ? 1 : how == version_3 ? 2 : 0;
  add_value(&info, 2, &version, 1);
  add_algorithm(&info, sizes, how == with_parameters);
  add_value(&info, 4, key->bytes, key->size);
  if (how == with_attributes) add_value(&info, 0xa0, attribute, sizeof attribute);
  if (how == version_2) {
    add(&bits, pub, sizes->pub);
    add_value(&info, 0x81, bits.bytes, bits.size);
  }
  out->size = 0;
  add_value(out, 0x30, info.bytes, info.size);
}

static EVP_PKEY* read_private(const struct buffer* der) {
  const unsigned char* at = der->bytes;
  return d2i_AutoPrivateKey(NULL, &at, (long)der->size);
}

static void forms(EVP_PKEY* pair, const unsigned char* seed, const unsigned char* ek,
                  const unsigned char* dk, const struct sizes* sizes) {
  static const char* const names[] = {"seed-priv",
                                      "priv-only",
                                      "seed-only",
                                      "oqskeypair",
                                      "bare-seed",
                                      "bare-priv",
                                      "seed-priv of two keys",
                                      "empty",
                                      "short seed"};
  for (int form = 0; form < 9; ++form) {
    struct buffer key = {.size = 0}, part = {.size = 0}, der;
    unsigned char other[64];
    memcpy(other, seed, 64);
    if (form == 6) other[3] ^= 1;
    if (form == 0 || form == 6) {
      add_value(&part, 4, other, 64);
      add_value(&part, 4, dk, sizes->priv);
      add_value(&key, 0x30, part.bytes, part.size);
    } else if (form == 1) {
      add_value(&key, 4, dk, sizes->priv);
    } else if (form == 2) {
      add_value(&key, 0x80, seed, 64);
    } else if (form == 3) {
      add(&part, dk, sizes->priv);
      add(&part, ek, sizes->pub);
      add_value(&key, 4, part.bytes, part.size);
    } else if (form == 4) {
      add(&key, seed, 64);
    } else if (form == 5) {
      add(&key, dk, sizes->priv);
    } else if (form == 8) {
      add_value(&key, 0x80, seed, 63);
    }
    wrap(&der, sizes, plain, &key, ek);
    say_read(names[form], read_private(&der), pair);
    if (form == 2) {
      wrap(&der, sizes, version_2, &key, ek);
      say_read("version 2, with the public key", read_private(&der), pair);
      der.bytes[der.size - 1] ^= 1;
      say_read("version 2, with another public key", read_private(&der), pair);
      wrap(&der, sizes, with_attributes, &key, ek);
      say_read("with attributes", read_private(&der), pair);
      wrap(&der, sizes, with_parameters, &key, ek);
      say_read("with parameters", read_private(&der), pair);
      wrap(&der, sizes, version_3, &key, ek);
      say_read("version 3", read_private(&der), pair);
    }
  }
}

static void read_in_other_ways(EVP_PKEY* pair) {
  struct buffer der = {.size = 0}, pub = {.size = 0};
  unsigned char* to = der.bytes;
  der.size = (size_t)i2d_PrivateKey(pair, &to);
  to = pub.bytes;
  pub.size = (size_t)i2d_PUBKEY(pair, &to);
  const size_t one = der.size;
  add(&der, "rest", 4);
  const unsigned char* at = der.bytes;
  EVP_PKEY* key = d2i_AutoPrivateKey(NULL, &at, (long)der.size);
  say("d2i_AutoPrivateKey goes to the end of the key", "%d", (size_t)(at - der.bytes) == one);
  EVP_PKEY_free(key);
  at = pub.bytes;
  key = d2i_PUBKEY(NULL, &at, (long)pub.size);
  say("d2i_PUBKEY", "%d", key != NULL && at == pub.bytes + pub.size);
  EVP_PKEY_free(key);
  static const char* const structures[] = {"PrivateKeyInfo", "SubjectPublicKeyInfo",
                                           "type-specific", NULL};
  static const int selections[] = {0, EVP_PKEY_KEYPAIR, EVP_PKEY_PUBLIC_KEY,
                                   EVP_PKEY_KEY_PARAMETERS};
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j) {
      for (int k = 0; k < 4; ++k) {
        char what[100];
        const unsigned char* data = k % 2 == 0 ? der.bytes : pub.bytes;
        size_t size = k % 2 == 0 ? one : pub.size;
        const char* type = k < 2 ? set : NULL;
        key = NULL;
        OSSL_DECODER_CTX* context = OSSL_DECODER_CTX_new_for_pkey(&key, "DER", structures[i], type,
                                                                  selections[j], NULL, NULL);
        const int done = OSSL_DECODER_from_data(context, &data, &size);
        sprintf(what, "decoder: %s, selection %02x, a %s key of %s",
                structures[i] == NULL ? "anything" : structures[i], (unsigned)selections[j],
                k % 2 == 0 ? "private" : "public", type == NULL ? "any type" : "this type");
        say(what, "%d, the same %d, left %zu", done, done == 1 && EVP_PKEY_eq(key, pair) == 1,
            size);
        EVP_PKEY_free(key);
        OSSL_DECODER_CTX_free(context);
      }
    }
  }
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(bio, pair);
  PEM_write_bio_PrivateKey(bio, pair, NULL, NULL, 0, NULL, NULL);
  OSSL_STORE_CTX* store = OSSL_STORE_attach(bio, "file", NULL, NULL, NULL, NULL, NULL, NULL, NULL);
  while (store != NULL && !OSSL_STORE_eof(store)) {
    OSSL_STORE_INFO* info = OSSL_STORE_load(store);
    say("store", "%s",
        info == NULL ? "nothing" : OSSL_STORE_INFO_type_string(OSSL_STORE_INFO_get_type(info)));
    OSSL_STORE_INFO_free(info);
  }
  OSSL_STORE_close(store);
  BIO_free(bio);
}

static void public_keys(EVP_PKEY* pair, const unsigned char* ek, const struct sizes* sizes) {
  for (int i = 0; i < 6; ++i) {
    static const char* const names[] = {"public key",     "with parameters", "with unused bits",
                                        "one byte short", "one byte long",   "unreduced"};
    struct buffer bits = {.bytes = {0}, .size = 1}, info = {.size = 0}, der = {.size = 0};
    if (i == 2) bits.bytes[0] = 1;
    add(&bits, ek, sizes->pub);
    if (i == 3) --bits.size;
    if (i == 4) ++bits.size;
    if (i == 5) memset(bits.bytes + 1, 0xff, 3);
    add_algorithm(&info, sizes, i == 1);
    add_value(&info, 3, bits.bytes, bits.size);
    add_value(&der, 0x30, info.bytes, info.size);
    const unsigned char* at = der.bytes;
    say_read(names[i], d2i_PUBKEY(NULL, &at, (long)der.size), pair);
  }
}

void say_files(EVP_PKEY* pair, EVP_PKEY* pub, const unsigned char* seed, const unsigned char* ek,
               const unsigned char* dk, const struct sizes* sizes) {
  EVP_PKEY* expanded = EVP_PKEY_new_raw_private_key_ex(NULL, set, NULL, dk, sizes->priv);
  written(pair);
  written(pub);
  written(expanded);
  encrypted(pair);
  forms(pair, seed, ek, dk, sizes);
  public_keys(pair, ek, sizes);
  read_in_other_ways(pair);
  EVP_PKEY_free(expanded);
}
