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

/* That what is encapsulated to the public key is for the private one. */
static void require_pair(const latchkey_private_key* key, const latchkey_public_key* pub) {
  uint8_t ct[LATCHKEY_MLKEM1024_CIPHERTEXT_SIZE];
  const size_t size = latchkey_ciphertext_size(latchkey_public_key_kem(pub));
  latchkey_secret *sent = NULL, *opened = NULL;
  REQUIRE_OK(latchkey_encapsulate(pub, ct, size, &sent));
  REQUIRE_OK(latchkey_decapsulate(key, ct, size, &opened));
  require_equal(sent, opened, 1);
  latchkey_secret_free(sent);
  latchkey_secret_free(opened);
}

/* A file as its owner stores it. */
struct file {
  uint8_t bytes[6000];
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

/* What makes a handle begins with one that is not NULL, which an error has to replace. */
static int public_status(const void* file, size_t size) {
  latchkey_public_key* pub = (latchkey_public_key*)(void*)&pub;
  const int status = latchkey_public_key_read(file, size, &pub);
  REQUIRE((status == LATCHKEY_OK) == (pub != NULL));
  latchkey_public_key_free(pub);
  return status;
}

static int key_status(const void* file, size_t size, const uint8_t* password,
                      size_t password_size) {
  latchkey_private_key* key = (latchkey_private_key*)(void*)&key;
  const int status = latchkey_private_key_read(file, size, password, password_size, &key);
  REQUIRE((status == LATCHKEY_OK) == (key != NULL));
  latchkey_private_key_free(key);
  return status;
}

static void test_public(const latchkey_private_key* key, const latchkey_public_key* pub) {
  enum { ROOM = LATCHKEY_MAX_PUBLIC_KEY_FILE_SIZE };
  latchkey_public_key* read = NULL;
  uint8_t pem[ROOM + 1], again[ROOM + 1], der[ROOM];
  size_t size = 0, same = 0, der_size = 0;
  pem[ROOM] = 'x';
  REQUIRE_OK(latchkey_public_key_write(pub, LATCHKEY_PEM, pem, ROOM, &size));
  require_pem(pem, size, "-----BEGIN PUBLIC KEY-----\n", "\n-----END PUBLIC KEY-----\n");
  REQUIRE(is_zero(pem + size, ROOM - size) && pem[ROOM] == 'x');
  REQUIRE(latchkey_kind_of_key_file(pem, size) == LATCHKEY_FILE_PUBLIC_KEY);
  REQUIRE_OK(latchkey_public_key_read(pem, size, &read));
  REQUIRE(latchkey_public_key_kem(read) == latchkey_private_key_kem(key));
  REQUIRE_OK(latchkey_public_key_write(read, LATCHKEY_PEM, again, size, &same));
  REQUIRE(same == size && memcmp(pem, again, size) == 0);
  require_pair(key, read);
  latchkey_public_key_free(read);
  REQUIRE_OK(latchkey_public_key_write(pub, LATCHKEY_DER, der, ROOM, &der_size));
  REQUIRE(der[0] == 0x30 && der_size < size);
  REQUIRE_OK(latchkey_public_key_read(der, der_size, &read));
  require_pair(key, read);
  latchkey_public_key_free(read);

  /* Only the end of the last line may be missing. Text may follow. */
  for (size_t cut = 0; cut < size - 1; cut += cut < 100 ? 1 : 17) {
    REQUIRE(public_status(pem, cut) != LATCHKEY_OK);
  }
  REQUIRE_OK(public_status(pem, size - 1));
  pem[size] = 'x';
  REQUIRE_OK(public_status(pem, size + 1));
  REQUIRE(key_status(pem, size, NO_PASSWORD) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(public_status(der, der_size - 1) != LATCHKEY_OK);

  memset(again, 'x', sizeof again);
  REQUIRE(latchkey_public_key_write(pub, LATCHKEY_PEM, again, size - 1, &same) ==
          LATCHKEY_E_WRONG_SIZE);
  REQUIRE(is_zero(again, size - 1) && again[size - 1] == 'x' && same == 0);
  REQUIRE(latchkey_public_key_write(NULL, LATCHKEY_PEM, again, size, &same) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(is_zero(again, size));
  REQUIRE(latchkey_public_key_write(pub, 2, again, size, &same) == LATCHKEY_E_UNKNOWN_VALUE);
}

static void test_not_keys(void) {
  REQUIRE(public_status(kGarbage, sizeof kGarbage) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(public_status(NULL, 0) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(public_status(kEd25519, strlen(kEd25519)) == LATCHKEY_E_OTHER_ALGORITHM);
  REQUIRE(key_status(kGarbage, sizeof kGarbage, NO_PASSWORD) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(key_status(NULL, 0, NO_PASSWORD) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(key_status(kEd25519Private, strlen(kEd25519Private), NO_PASSWORD) ==
          LATCHKEY_E_OTHER_ALGORITHM);
  REQUIRE(latchkey_kind_of_key_file(NULL, 5) == LATCHKEY_FILE_NONE);
  REQUIRE(latchkey_kind_of_key_file((const uint8_t*)kGarbage, sizeof kGarbage) ==
          LATCHKEY_FILE_NONE);
}

/* That the file is this key's. */
static void require_key(const struct file* file, const uint8_t* password, size_t password_size,
                        const latchkey_private_key* key) {
  const size_t size = latchkey_seed_size(latchkey_private_key_kem(key));
  latchkey_private_key* read = NULL;
  uint8_t seed[LATCHKEY_MLKEM_SEED_SIZE], expected[LATCHKEY_MLKEM_SEED_SIZE];
  REQUIRE_OK(latchkey_private_key_read(file->bytes, file->size, password, password_size, &read));
  REQUIRE(latchkey_private_key_kem(read) == latchkey_private_key_kem(key));
  REQUIRE_OK(latchkey_private_key_export_seed(read, seed, size));
  REQUIRE_OK(latchkey_private_key_export_seed(key, expected, size));
  REQUIRE(memcmp(seed, expected, size) == 0);
  latchkey_private_key_free(read);
}

static void test_private(const latchkey_private_key* key) {
  latchkey_secret* made = NULL;
  REQUIRE_OK(latchkey_private_key_write(key, LATCHKEY_PEM, &made));
  struct file file = file_of(made);
  require_pem(file.bytes, file.size, "-----BEGIN PRIVATE KEY-----\n",
              "\n-----END PRIVATE KEY-----\n");
  require_key(&file, NO_PASSWORD, key);
  require_key(&file, PASSWORD, key); /* it is not needed, and ignored */
  REQUIRE(latchkey_kind_of_key_file(file.bytes, file.size) == LATCHKEY_FILE_PRIVATE_KEY);

  for (size_t cut = 0; cut < file.size - 1; ++cut) {
    REQUIRE(key_status(file.bytes, cut, NO_PASSWORD) != LATCHKEY_OK);
  }
  file.bytes[file.size] = 'x';
  REQUIRE_OK(key_status(file.bytes, file.size + 1, NO_PASSWORD));
  REQUIRE(public_status(file.bytes, file.size) == LATCHKEY_E_NOT_A_KEY);

  REQUIRE_OK(latchkey_private_key_write(key, LATCHKEY_DER, &made));
  const struct file der = file_of(made);
  REQUIRE(der.bytes[0] == 0x30);
  require_key(&der, NO_PASSWORD, key);
  made = (latchkey_secret*)(void*)&file;
  REQUIRE(latchkey_private_key_write(NULL, LATCHKEY_PEM, &made) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(made == NULL);
  REQUIRE(latchkey_private_key_write(key, -1, &made) == LATCHKEY_E_UNKNOWN_VALUE);
}

static void test_protected(const latchkey_private_key* key, int encoding, int hash) {
  latchkey_secret* made = NULL;
  REQUIRE_OK(latchkey_private_key_write_protected(key, encoding, PASSWORD, hash, &made));
  struct file file = file_of(made);
  if (encoding == LATCHKEY_PEM) {
    require_pem(file.bytes, file.size, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n",
                "\n-----END ENCRYPTED PRIVATE KEY-----\n");
  } else {
    REQUIRE(file.bytes[0] == 0x30);
  }
  REQUIRE(latchkey_kind_of_key_file(file.bytes, file.size) == LATCHKEY_FILE_ENCRYPTED_PRIVATE_KEY);
  require_key(&file, PASSWORD, key);
  REQUIRE(key_status(file.bytes, file.size, NO_PASSWORD) == LATCHKEY_E_PASSWORD_NEEDED);
  REQUIRE(key_status(file.bytes, file.size, OTHER_PASSWORD) == LATCHKEY_E_WRONG_PASSWORD);
}

static void test_new_passwords(const latchkey_private_key* key) {
  latchkey_secret* made = NULL;
  REQUIRE_OK(latchkey_private_key_write(key, LATCHKEY_PEM, &made));
  const struct file file = file_of(made);
  REQUIRE_OK(
      latchkey_key_file_set_password(file.bytes, file.size, NO_PASSWORD, OTHER_PASSWORD, 0, &made));
  const struct file changed = file_of(made);
  require_key(&changed, OTHER_PASSWORD, key);
  REQUIRE_OK(latchkey_key_file_remove_password(changed.bytes, changed.size, OTHER_PASSWORD, &made));
  const struct file open = file_of(made);
  require_key(&open, NO_PASSWORD, key);
  REQUIRE(latchkey_key_file_remove_password(changed.bytes, changed.size, NO_PASSWORD, &made) ==
          LATCHKEY_E_PASSWORD_NEEDED);
  REQUIRE(made == NULL);
}

static void test_refused_passwords(const latchkey_private_key* key) {
  latchkey_secret* made = (latchkey_secret*)(void*)&made;
  REQUIRE(latchkey_private_key_write_protected(key, LATCHKEY_PEM, NO_PASSWORD, 0, &made) ==
          LATCHKEY_E_PASSWORD_NEEDED);
  REQUIRE(made == NULL);
  made = (latchkey_secret*)(void*)&made;
  REQUIRE(latchkey_private_key_write_protected(NULL, LATCHKEY_PEM, PASSWORD, 0, &made) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(made == NULL);
  REQUIRE(latchkey_private_key_write_protected(key, LATCHKEY_PEM, PASSWORD, 2, &made) ==
          LATCHKEY_E_UNKNOWN_VALUE);
}

static void test_kem(latchkey_kem kem) {
  latchkey_private_key* key = NULL;
  latchkey_public_key* pub = NULL;
  REQUIRE_OK(latchkey_private_key_generate(kem, 0, &key));
  REQUIRE_OK(latchkey_private_key_public(key, &pub));
  test_public(key, pub);
  test_private(key);
  latchkey_public_key_free(pub);
  latchkey_private_key_free(key);
}

/* A key without its seed is not written. DER is read, too. */
static void test_fingerprints(void) {
  static const uint8_t kSeed[LATCHKEY_MLKEM_SEED_SIZE] = {
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
      22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
      44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  latchkey_private_key* key = NULL;
  latchkey_public_key* pub = NULL;
  latchkey_private_key* other = NULL;
  latchkey_public_key* other_pub = NULL;
  uint8_t ek[LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE], pk[LATCHKEY_XWING_PUBLIC_KEY_SIZE];
  char text[LATCHKEY_FINGERPRINT_SIZE], other_text[LATCHKEY_FINGERPRINT_SIZE];
  REQUIRE_OK(latchkey_private_key_from_seed(LATCHKEY_KEM_MLKEM768, kSeed, sizeof kSeed, 0, &key));
  REQUIRE_OK(public_bytes(key, ek, LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE));
  REQUIRE_OK(latchkey_public_key_parse(LATCHKEY_KEM_MLKEM768, ek, sizeof ek, &pub));
  REQUIRE_OK(latchkey_public_key_fingerprint(pub, text));
  REQUIRE(strcmp(text, "SHA256:wj4j3T1IWpJWzaCTWKSihuALNz2xB2Hq35n3EGScoxw") == 0);
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &other));
  REQUIRE_OK(public_bytes(other, pk, LATCHKEY_XWING_PUBLIC_KEY_SIZE));
  REQUIRE_OK(latchkey_public_key_parse(LATCHKEY_KEM_XWING, pk, sizeof pk, &other_pub));
  REQUIRE_OK(latchkey_public_key_fingerprint(other_pub, other_text));
  REQUIRE(strlen(other_text) == sizeof other_text - 1 && strcmp(text, other_text) != 0);
  REQUIRE(latchkey_public_key_fingerprint(NULL, text) != LATCHKEY_OK);
  REQUIRE(is_zero((const uint8_t*)text, sizeof text));
  latchkey_public_key_free(pub);
  latchkey_private_key_free(key);
  latchkey_public_key_free(other_pub);
  latchkey_private_key_free(other);
}

static void test_other_forms(void) {
  static const uint8_t kPrefix[] = {0x30, 0x82, 0x04, 0xb2, 0x30, 0x0b, 0x06, 0x09,
                                    0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x04,
                                    0x02, 0x03, 0x82, 0x04, 0xa1, 0x00}; /* RFC 9935 */
  static uint8_t expanded[LATCHKEY_MLKEM768_EXPANDED_KEY_SIZE];
  uint8_t der[sizeof kPrefix + LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE];
  latchkey_private_key *key = NULL, *imported = NULL;
  latchkey_secret* pem = NULL;
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM768, 0, &key));
  REQUIRE_OK(
      latchkey_private_key_export_expanded(key, expanded, LATCHKEY_MLKEM768_EXPANDED_KEY_SIZE));
  REQUIRE_OK(latchkey_private_key_import_expanded(LATCHKEY_KEM_MLKEM768, expanded, sizeof expanded,
                                                  1, &imported));
  REQUIRE(latchkey_private_key_write(imported, LATCHKEY_PEM, &pem) == LATCHKEY_E_NO_SEED &&
          pem == NULL);
  REQUIRE(latchkey_private_key_write_protected(imported, LATCHKEY_PEM, PASSWORD, 0, &pem) ==
          LATCHKEY_E_NO_SEED);
  REQUIRE(pem == NULL);

  memcpy(der, kPrefix, sizeof kPrefix);
  REQUIRE_OK(public_bytes(key, der + sizeof kPrefix, LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE));
  REQUIRE_OK(public_status(der, sizeof der));
  REQUIRE(public_status(der, sizeof der - 1) != LATCHKEY_OK);
  memset(der + sizeof kPrefix, 0xff, 3);
  REQUIRE(public_status(der, sizeof der) == LATCHKEY_E_NOT_REDUCED);

  latchkey_purge();
  pem = (latchkey_secret*)(void*)der;
  REQUIRE(latchkey_private_key_write(key, LATCHKEY_PEM, &pem) == LATCHKEY_E_PURGED && pem == NULL);
  latchkey_private_key_free(imported);
  latchkey_private_key_free(key);
}

int main(void) {
  static const latchkey_kem kKems[] = {LATCHKEY_KEM_MLKEM512, LATCHKEY_KEM_MLKEM768,
                                       LATCHKEY_KEM_MLKEM1024, LATCHKEY_KEM_XWING};
  latchkey_private_key* key = NULL;
  for (size_t i = 0; i < sizeof kKems / sizeof *kKems; ++i) test_kem(kKems[i]);
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &key));
  test_protected(key, LATCHKEY_DER, LATCHKEY_PASSWORD_PBKDF2_SHA256);
  test_new_passwords(key);
  test_refused_passwords(key);
  latchkey_private_key_free(key);
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM1024, 0, &key));
  test_protected(key, LATCHKEY_PEM, LATCHKEY_PASSWORD_SCRYPT);
  latchkey_private_key_free(key);
  test_not_keys();
  test_fingerprints();
  test_other_forms();
  puts("the C interface of key files does what it says");
  return 0;
}
