/* Key files as a C99 program uses them. */
#include <latchkey/latchkey_seal.h>

#include "require.h"

#define PASSWORD (const uint8_t*)"correct horse", 13
#define OTHER_PASSWORD (const uint8_t*)"correct horsf", 13
#define NO_PASSWORD NULL, 0

/* RFC 8410, section 10.1: a public key of another algorithm. */
static const char kEd25519[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    "-----END PUBLIC KEY-----\n";
/* RFC 8410, section 10.3: a private one. */
static const char kEd25519Private[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";
static const char kGarbage[] = "Dear Alice,\n-----BEGIN PUBLIC KEY----\nno key\n";

/* A file as its owner stores it. */
struct file {
  uint8_t bytes[2000];
  size_t size;
};

static void keep(void* context, const uint8_t* bytes, size_t size) {
  struct file* file = context;
  REQUIRE(size < sizeof file->bytes);
  memcpy(file->bytes, bytes, size);
  file->size = size;
}

/* And frees it. */
static struct file file_of(latchkey_secret* pem) {
  struct file file;
  REQUIRE_OK(latchkey_secret_read(pem, keep, &file));
  REQUIRE(file.size == latchkey_secret_size(pem));
  latchkey_secret_free(pem);
  return file;
}

static void require_line(const uint8_t* at, const char* line) {
  REQUIRE(memcmp(at, line, strlen(line)) == 0);
}

static void require_pem(const uint8_t* bytes, size_t size, const char* first, const char* last) {
  require_line(bytes, first);
  require_line(bytes + size - strlen(last), last);
}

/* Both kinds of keys have the same functions; their handles are void here. */
struct kind {
  size_t pem_size, seed_size, ciphertext_size;
  int (*key_generate)(void** key);
  int (*key_public)(const void* key, void** pub);
  int (*key_export_seed)(const void* key, uint8_t* seed);
  int (*decapsulate)(const void* key, const uint8_t* ciphertext, size_t size,
                     latchkey_secret** secret);
  void (*key_free)(void* key);
  int (*encapsulate)(const void* pub, uint8_t* ciphertext, latchkey_secret** secret);
  void (*public_free)(void* pub);

  int (*public_write)(const void* pub, uint8_t* pem);
  int (*public_read)(const void* file, size_t size, void** pub);
  int (*key_write)(const void* key, latchkey_secret** pem);
  int (*key_write_protected)(const void* key, const uint8_t* password, size_t password_size,
                             latchkey_secret** pem);
  int (*key_read)(const void* file, size_t size, const uint8_t* password, size_t password_size,
                  void** key);
};

/* What makes a handle begins with one that is not NULL, which an error has to replace. */
#define DEFINE_KIND(KIND, UPPER)                                                                  \
  static int KIND##_key_generate(void** key) {                                                    \
    latchkey_##KIND##_key* made = NULL;                                                           \
    const int status = latchkey_##KIND##_key_generate(&made);                                     \
    *key = made;                                                                                  \
    return status;                                                                                \
  }                                                                                               \
  static int KIND##_key_public(const void* key, void** pub) {                                     \
    uint8_t bytes[LATCHKEY_##UPPER##_PUBLIC_SIZE];                                                \
    latchkey_##KIND##_public* made = NULL;                                                        \
    int status = latchkey_##KIND##_key_public(key, bytes);                                        \
    if (status == LATCHKEY_OK)                                                                    \
      status = latchkey_##KIND##_public_parse(bytes, sizeof bytes, &made);                        \
    *pub = made;                                                                                  \
    return status;                                                                                \
  }                                                                                               \
  static int KIND##_key_export_seed(const void* key, uint8_t* seed) {                             \
    return latchkey_##KIND##_key_export_seed(key, seed);                                          \
  }                                                                                               \
  static int KIND##_decapsulate(const void* key, const uint8_t* ciphertext, size_t size,          \
                                latchkey_secret** secret) {                                       \
    return latchkey_##KIND##_decapsulate(key, ciphertext, size, secret);                          \
  }                                                                                               \
  static void KIND##_key_free(void* key) { latchkey_##KIND##_key_free(key); }                     \
  static int KIND##_encapsulate(const void* pub, uint8_t* ciphertext, latchkey_secret** secret) { \
    return latchkey_##KIND##_encapsulate(pub, ciphertext, secret);                                \
  }                                                                                               \
  static void KIND##_public_free(void* pub) { latchkey_##KIND##_public_free(pub); }               \
  static int KIND##_public_write(const void* pub, uint8_t* pem) {                                 \
    return latchkey_##KIND##_public_write(pub, pem);                                              \
  }                                                                                               \
  static int KIND##_public_read(const void* file, size_t size, void** pub) {                      \
    latchkey_##KIND##_public* made = *pub;                                                        \
    const int status = latchkey_##KIND##_public_read(file, size, &made);                          \
    *pub = made;                                                                                  \
    return status;                                                                                \
  }                                                                                               \
  static int KIND##_key_write(const void* key, latchkey_secret** pem) {                           \
    return latchkey_##KIND##_key_write(key, pem);                                                 \
  }                                                                                               \
  static int KIND##_key_write_protected(const void* key, const uint8_t* password,                 \
                                        size_t password_size, latchkey_secret** pem) {            \
    return latchkey_##KIND##_key_write_protected(key, password, password_size, pem);              \
  }                                                                                               \
  static int KIND##_key_read(const void* file, size_t size, const uint8_t* password,              \
                             size_t password_size, void** key) {                                  \
    latchkey_##KIND##_key* made = *key;                                                           \
    const int status = latchkey_##KIND##_key_read(file, size, password, password_size, &made);    \
    *key = made;                                                                                  \
    return status;                                                                                \
  }                                                                                               \
  static const struct kind KIND = {LATCHKEY_##UPPER##_PUBLIC_PEM_SIZE,                            \
                                   LATCHKEY_##UPPER##_SEED_SIZE,                                  \
                                   LATCHKEY_##UPPER##_CIPHERTEXT_SIZE,                            \
                                   KIND##_key_generate,                                           \
                                   KIND##_key_public,                                             \
                                   KIND##_key_export_seed,                                        \
                                   KIND##_decapsulate,                                            \
                                   KIND##_key_free,                                               \
                                   KIND##_encapsulate,                                            \
                                   KIND##_public_free,                                            \
                                   KIND##_public_write,                                           \
                                   KIND##_public_read,                                            \
                                   KIND##_key_write,                                              \
                                   KIND##_key_write_protected,                                    \
                                   KIND##_key_read}

DEFINE_KIND(mlkem768, MLKEM768);
DEFINE_KIND(xwing, XWING);

#define MOST_PEM LATCHKEY_XWING_PUBLIC_PEM_SIZE
#define MOST_SEED LATCHKEY_MLKEM768_SEED_SIZE

static int public_status(const struct kind* kind, const void* file, size_t size) {
  void* pub = &pub; /* not NULL */
  const int status = kind->public_read(file, size, &pub);
  REQUIRE((status == LATCHKEY_OK) == (pub != NULL));
  kind->public_free(pub);
  return status;
}

static int key_status(const struct kind* kind, const void* file, size_t size,
                      const uint8_t* password, size_t password_size) {
  void* key = &key;
  const int status = kind->key_read(file, size, password, password_size, &key);
  REQUIRE((status == LATCHKEY_OK) == (key != NULL));
  kind->key_free(key);
  return status;
}

static void test_public(const struct kind* kind, const struct kind* other, const void* key,
                        const void* pub) {
  void* read = NULL;
  latchkey_secret *sent = NULL, *opened = NULL;
  uint8_t pem[MOST_PEM + 1], again[MOST_PEM + 1], ct[LATCHKEY_XWING_CIPHERTEXT_SIZE];
  const size_t size = kind->pem_size;
  pem[size] = 'x';
  REQUIRE_OK(kind->public_write(pub, pem));
  require_pem(pem, size, "-----BEGIN PUBLIC KEY-----\n", "\n-----END PUBLIC KEY-----\n");
  REQUIRE(pem[size] == 'x');
  REQUIRE_OK(kind->public_read(pem, size, &read));
  REQUIRE_OK(kind->public_write(read, again));
  REQUIRE(memcmp(pem, again, size) == 0);
  REQUIRE_OK(kind->encapsulate(read, ct, &sent));
  REQUIRE_OK(kind->decapsulate(key, ct, kind->ciphertext_size, &opened));
  require_equal(sent, opened, 1);
  latchkey_secret_free(sent);
  latchkey_secret_free(opened);
  kind->public_free(read);

  /* Only the end of the last line may be missing. Text may follow. */
  for (size_t cut = 0; cut < size - 1; ++cut) {
    REQUIRE(public_status(kind, pem, cut) != LATCHKEY_OK);
  }
  REQUIRE_OK(public_status(kind, pem, size - 1));
  REQUIRE_OK(public_status(kind, pem, size + 1));
  REQUIRE(public_status(other, pem, size) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(key_status(kind, pem, size, NO_PASSWORD) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(public_status(kind, kGarbage, sizeof kGarbage) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(public_status(kind, NULL, 0) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(public_status(kind, kEd25519, strlen(kEd25519)) == LATCHKEY_E_OTHER_ALGORITHM);

  again[size] = 'x';
  REQUIRE(kind->public_write(NULL, again) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(is_zero(again, size) && again[size] == 'x');
}

/* That the file is this key's. */
static void require_key(const struct kind* kind, const struct file* file, const uint8_t* password,
                        size_t password_size, const void* key) {
  void* read = NULL;
  uint8_t seed[MOST_SEED], expected[MOST_SEED];
  REQUIRE_OK(kind->key_read(file->bytes, file->size, password, password_size, &read));
  REQUIRE_OK(kind->key_export_seed(read, seed));
  REQUIRE_OK(kind->key_export_seed(key, expected));
  REQUIRE(memcmp(seed, expected, kind->seed_size) == 0);
  kind->key_free(read);
}

static void test_private(const struct kind* kind, const struct kind* other, const void* key) {
  latchkey_secret* pem = NULL;
  REQUIRE_OK(kind->key_write(key, &pem));
  struct file file = file_of(pem);
  require_pem(file.bytes, file.size, "-----BEGIN PRIVATE KEY-----\n",
              "\n-----END PRIVATE KEY-----\n");
  require_key(kind, &file, NO_PASSWORD, key);
  require_key(kind, &file, PASSWORD, key); /* it is not needed, and ignored */

  for (size_t cut = 0; cut < file.size - 1; ++cut) {
    REQUIRE(key_status(kind, file.bytes, cut, NO_PASSWORD) != LATCHKEY_OK);
  }
  file.bytes[file.size] = 'x';
  REQUIRE_OK(key_status(kind, file.bytes, file.size + 1, NO_PASSWORD));
  REQUIRE(key_status(other, file.bytes, file.size, NO_PASSWORD) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(public_status(kind, file.bytes, file.size) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(key_status(kind, kGarbage, sizeof kGarbage, NO_PASSWORD) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(key_status(kind, NULL, 0, NO_PASSWORD) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(key_status(kind, kEd25519Private, strlen(kEd25519Private), NO_PASSWORD) ==
          LATCHKEY_E_OTHER_ALGORITHM);
  REQUIRE(kind->key_write(NULL, &pem) == LATCHKEY_E_NULL_ARGUMENT && pem == NULL);
}

static void test_protected(const struct kind* kind, const struct kind* other, const void* key) {
  latchkey_secret* pem = NULL;
  REQUIRE_OK(kind->key_write_protected(key, PASSWORD, &pem));
  struct file file = file_of(pem);
  require_pem(file.bytes, file.size, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n",
              "\n-----END ENCRYPTED PRIVATE KEY-----\n");
  require_key(kind, &file, PASSWORD, key);
  REQUIRE(key_status(kind, file.bytes, file.size, NO_PASSWORD) == LATCHKEY_E_PASSWORD_NEEDED);
  REQUIRE(key_status(kind, file.bytes, file.size, OTHER_PASSWORD) == LATCHKEY_E_WRONG_PASSWORD);
  REQUIRE(key_status(other, file.bytes, file.size, PASSWORD) == LATCHKEY_E_NOT_A_KEY);
  file.bytes[file.size] = 'x';
  REQUIRE_OK(key_status(kind, file.bytes, file.size + 1, PASSWORD));

  pem = (latchkey_secret*)(void*)&file;
  REQUIRE(kind->key_write_protected(key, NO_PASSWORD, &pem) == LATCHKEY_E_PASSWORD_NEEDED);
  REQUIRE(pem == NULL);
  pem = (latchkey_secret*)(void*)&file;
  REQUIRE(kind->key_write_protected(NULL, PASSWORD, &pem) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(pem == NULL);
}

static void test_kind(const struct kind* kind, const struct kind* other) {
  void *key = NULL, *pub = NULL;
  REQUIRE_OK(kind->key_generate(&key));
  REQUIRE_OK(kind->key_public(key, &pub));
  test_public(kind, other, key, pub);
  test_private(kind, other, key);
  test_protected(kind, other, key);
  kind->public_free(pub);
  kind->key_free(key);
}

/* A key without its seed is not written. DER is read, too. */
static void test_fingerprints(void) {
  static const uint8_t kSeed[LATCHKEY_MLKEM768_SEED_SIZE] = {
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
      22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
      44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  latchkey_mlkem768_key* key = NULL;
  latchkey_mlkem768_public* pub = NULL;
  latchkey_xwing_key* other = NULL;
  latchkey_xwing_public* other_pub = NULL;
  uint8_t ek[LATCHKEY_MLKEM768_PUBLIC_SIZE], pk[LATCHKEY_XWING_PUBLIC_SIZE];
  char text[LATCHKEY_FINGERPRINT_SIZE], other_text[LATCHKEY_FINGERPRINT_SIZE];
  REQUIRE(latchkey_fingerprint_size() == sizeof text);
  REQUIRE_OK(latchkey_mlkem768_key_from_seed(kSeed, sizeof kSeed, &key));
  REQUIRE_OK(latchkey_mlkem768_key_public(key, ek));
  REQUIRE_OK(latchkey_mlkem768_public_parse(ek, sizeof ek, &pub));
  REQUIRE_OK(latchkey_mlkem768_public_fingerprint(pub, text));
  REQUIRE(strcmp(text, "SHA256:wj4j3T1IWpJWzaCTWKSihuALNz2xB2Hq35n3EGScoxw") == 0);
  REQUIRE_OK(latchkey_xwing_key_generate(&other));
  REQUIRE_OK(latchkey_xwing_key_public(other, pk));
  REQUIRE_OK(latchkey_xwing_public_parse(pk, sizeof pk, &other_pub));
  REQUIRE_OK(latchkey_xwing_public_fingerprint(other_pub, other_text));
  REQUIRE(strlen(other_text) == sizeof other_text - 1 && strcmp(text, other_text) != 0);
  REQUIRE(latchkey_xwing_public_fingerprint(NULL, text) != LATCHKEY_OK);
  REQUIRE(is_zero((const uint8_t*)text, sizeof text));
  latchkey_mlkem768_public_free(pub);
  latchkey_mlkem768_key_free(key);
  latchkey_xwing_public_free(other_pub);
  latchkey_xwing_key_free(other);
}

static void test_other_forms(void) {
  static const uint8_t kPrefix[] = {0x30, 0x82, 0x04, 0xb2, 0x30, 0x0b, 0x06, 0x09,
                                    0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x04,
                                    0x02, 0x03, 0x82, 0x04, 0xa1, 0x00}; /* RFC 9935 */
  static uint8_t expanded[LATCHKEY_MLKEM768_EXPANDED_SIZE];
  uint8_t der[sizeof kPrefix + LATCHKEY_MLKEM768_PUBLIC_SIZE];
  latchkey_mlkem768_key *key = NULL, *imported = NULL;
  latchkey_secret* pem = NULL;
  REQUIRE_OK(latchkey_mlkem768_key_generate(&key));
  REQUIRE_OK(latchkey_mlkem768_key_export_expanded(key, expanded));
  REQUIRE_OK(latchkey_mlkem768_key_import_expanded(expanded, sizeof expanded, &imported));
  REQUIRE(latchkey_mlkem768_key_write(imported, &pem) == LATCHKEY_E_NO_SEED && pem == NULL);
  REQUIRE(latchkey_mlkem768_key_write_protected(imported, PASSWORD, &pem) == LATCHKEY_E_NO_SEED);
  REQUIRE(pem == NULL);

  memcpy(der, kPrefix, sizeof kPrefix);
  REQUIRE_OK(latchkey_mlkem768_key_public(key, der + sizeof kPrefix));
  REQUIRE_OK(public_status(&mlkem768, der, sizeof der));
  REQUIRE(public_status(&mlkem768, der, sizeof der - 1) != LATCHKEY_OK);
  memset(der + sizeof kPrefix, 0xff, 3);
  REQUIRE(public_status(&mlkem768, der, sizeof der) == LATCHKEY_E_NOT_REDUCED);

  latchkey_purge();
  pem = (latchkey_secret*)(void*)der;
  REQUIRE(latchkey_mlkem768_key_write(key, &pem) == LATCHKEY_E_PURGED && pem == NULL);
  latchkey_mlkem768_key_free(imported);
  latchkey_mlkem768_key_free(key);
}

int main(void) {
  REQUIRE(latchkey_mlkem768_public_pem_size() == LATCHKEY_MLKEM768_PUBLIC_PEM_SIZE);
  REQUIRE(latchkey_xwing_public_pem_size() == LATCHKEY_XWING_PUBLIC_PEM_SIZE);
  test_kind(&mlkem768, &xwing);
  test_kind(&xwing, &mlkem768);
  test_fingerprints();
  test_other_forms();
  puts("the C interface of key files does what it says");
  return 0;
}
