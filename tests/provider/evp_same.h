/* What the parts of evp_same share. */
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

/* A parameter set: its names, the last number of its identifier, sizes in bytes. */
struct sizes {
  const char *name, *alias, *id, *oid;
  unsigned char number;
  size_t pub, priv, ciphertext;
};

/* The name of the set at work. */
extern const char* set;

/* One line. */
__attribute__((format(printf, 2, 3))) void say(const char* what, const char* format, ...);
/* One line with the size and a hash. */
void say_bytes(const char* what, const void* bytes, size_t size);

EVP_PKEY* key_of_data(int selection, OSSL_PARAM* params);

/* The parts of the program that stand in other files. */
void say_kem(EVP_PKEY* pair, EVP_PKEY* pub, const struct sizes* sizes);
void say_files(EVP_PKEY* pair, EVP_PKEY* pub, const unsigned char* seed, const unsigned char* ek,
               const unsigned char* dk, const struct sizes* sizes);
