/* One side of an exchange of keys and ciphertexts by EVP, with whatever ML-KEM libcrypto has.
 *
 * Reads lines, and answers each with one: words of hexadecimal, or "refused".
 *
 *   generate SET            the private key as PrivateKeyInfo
 *   copy KEY                the same key, read and written again
 *   public KEY              its SubjectPublicKeyInfo
 *   encrypt KEY             its PEM under a passphrase
 *   encapsulate PUBLIC      a ciphertext and the secret
 *   decapsulate KEY CIPHERTEXT   the secret
 *
 * A KEY is DER or PEM, encrypted or not; a PUBLIC is DER. */
#include <openssl/decoder.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { kMaxWord = 40000 };

static unsigned char passphrase[] = "passphrase";

static size_t unhex(unsigned char* out, const char* text) {
  size_t size = 0;
  unsigned byte;
  while (sscanf(text + 2 * size, "%2x", &byte) == 1) out[size++] = (unsigned char)byte;
  return size;
}

static void print_hex(const unsigned char* bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) printf("%02x", bytes[i]);
}

static EVP_PKEY* read_key(const unsigned char* bytes, size_t size) {
  EVP_PKEY* key = NULL;
  OSSL_DECODER_CTX* context =
      OSSL_DECODER_CTX_new_for_pkey(&key, NULL, NULL, NULL, EVP_PKEY_KEYPAIR, NULL, NULL);
  OSSL_DECODER_CTX_set_passphrase(context, passphrase, sizeof passphrase - 1);
  OSSL_DECODER_from_data(context, &bytes, &size);
  OSSL_DECODER_CTX_free(context);
  return key;
}

/* 1 if something was answered. */
static int answer_key(EVP_PKEY* key, int is_public) {
  unsigned char* der = NULL;
  const int size = is_public ? i2d_PUBKEY(key, &der) : i2d_PrivateKey(key, &der);
  if (size > 0) print_hex(der, (size_t)size);
  OPENSSL_free(der);
  return size > 0;
}

static int answer_encrypted(EVP_PKEY* key) {
  BIO* bio = BIO_new(BIO_s_mem());
  char* text = NULL;
  const int done = PEM_write_bio_PrivateKey(bio, key, EVP_aes_256_cbc(), passphrase,
                                            sizeof passphrase - 1, NULL, NULL);
  const long size = BIO_get_mem_data(bio, &text);
  if (done == 1) print_hex((unsigned char*)text, (size_t)size);
  BIO_free(bio);
  return done == 1;
}

static int encapsulate(EVP_PKEY* key) {
  unsigned char ciphertext[2000], secret[32];
  size_t size = sizeof ciphertext, secret_size = sizeof secret;
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
  const int done = context != NULL && EVP_PKEY_encapsulate_init(context, NULL) == 1 &&
                   EVP_PKEY_encapsulate(context, ciphertext, &size, secret, &secret_size) == 1;
  EVP_PKEY_CTX_free(context);
  if (!done) return 0;
  print_hex(ciphertext, size);
  printf(" ");
  print_hex(secret, secret_size);
  return 1;
}

static int decapsulate(EVP_PKEY* key, const unsigned char* ciphertext, size_t size) {
  unsigned char secret[32];
  size_t secret_size = sizeof secret;
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
  const int done = context != NULL && EVP_PKEY_decapsulate_init(context, NULL) == 1 &&
                   EVP_PKEY_decapsulate(context, secret, &secret_size, ciphertext, size) == 1;
  EVP_PKEY_CTX_free(context);
  if (done) print_hex(secret, secret_size);
  return done;
}

static EVP_PKEY* generate(const char* set) {
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(NULL, set, NULL);
  EVP_PKEY* key = NULL;
  if (context != NULL && EVP_PKEY_keygen_init(context) == 1) EVP_PKEY_generate(context, &key);
  EVP_PKEY_CTX_free(context);
  return key;
}

static int answer(const char* command, const char* first, const char* second) {
  static unsigned char bytes[kMaxWord / 2], more[kMaxWord / 2];
  const unsigned char* at = bytes;
  const size_t size = strcmp(command, "generate") == 0 ? 0 : unhex(bytes, first);
  EVP_PKEY* key = strcmp(command, "generate") == 0      ? generate(first)
                  : strcmp(command, "encapsulate") == 0 ? d2i_PUBKEY(NULL, &at, (long)size)
                                                        : read_key(bytes, size);
  int done = 0;
  if (key == NULL) return 0;
  if (strcmp(command, "encapsulate") == 0) {
    done = encapsulate(key);
  } else if (strcmp(command, "decapsulate") == 0) {
    done = decapsulate(key, more, unhex(more, second));
  } else if (strcmp(command, "encrypt") == 0) {
    done = answer_encrypted(key);
  } else {
    done = answer_key(key, strcmp(command, "public") == 0);
  }
  EVP_PKEY_free(key);
  return done;
}

int main(void) {
  static char line[2 * kMaxWord + 100], command[20], first[kMaxWord + 1], second[kMaxWord + 1];
  EVP_PKEY* const probe = generate("ML-KEM-768");
  if (probe == NULL) {
    puts("there is no ML-KEM");
    return 1;
  }
  const OSSL_PROVIDER* const provider = EVP_PKEY_get0_provider(probe);
  printf("%s %s\n", OSSL_PROVIDER_get0_name(provider), OpenSSL_version(OPENSSL_VERSION_STRING));
  EVP_PKEY_free(probe);
  fflush(stdout);
  while (fgets(line, sizeof line, stdin) != NULL) {
    second[0] = 0;
    if (sscanf(line, "%19s %40000s %40000s", command, first, second) < 2) return 1;
    puts(answer(command, first, second) ? "" : "refused");
    fflush(stdout);
  }
  return 0;
}
