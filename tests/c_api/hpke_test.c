/* HPKE as a C99 program uses it, for every KEM. */
#include <latchkey/latchkey_seal.h>

#include "require.h"

enum { MOST = 1665, TAG = LATCHKEY_HPKE_TAG_SIZE };

static const uint8_t kInfo[] = "mail, version 1", kAad[] = "from Bob",
                     kMessage[] = "attack at dawn";
static const uint8_t kPsk[32] = {1, 2, 3}, kPskId[] = "a name";
#define SIZE sizeof kMessage

static const latchkey_kem kKems[] = {LATCHKEY_KEM_MLKEM512,      LATCHKEY_KEM_MLKEM768,
                                     LATCHKEY_KEM_MLKEM1024,     LATCHKEY_KEM_XWING,
                                     LATCHKEY_KEM_MLKEM768_P256, LATCHKEY_KEM_MLKEM1024_P384,
                                     LATCHKEY_KEM_DHKEM_P256,    LATCHKEY_KEM_DHKEM_X25519};

/* The sizes and keys of a KEM, whichever library has it. */
static size_t ciphertext_size(latchkey_kem kem) {
  const size_t size = latchkey_ciphertext_size(kem);
  return size != 0 ? size : latchkey_nist_ciphertext_size(kem);
}
static size_t seed_size(latchkey_kem kem) {
  const size_t size = latchkey_seed_size(kem);
  return size != 0 ? size : latchkey_nist_seed_size(kem);
}
static int generate(latchkey_kem kem, latchkey_private_key** key) {
  return latchkey_ciphertext_size(kem) != 0 ? latchkey_private_key_generate(kem, 0, key)
                                            : latchkey_nist_private_key_generate(kem, 0, key);
}

/* The two sides of a context. */
struct sides {
  latchkey_private_key* key;
  latchkey_public_key* pub;
  latchkey_hpke_sender* sender;
  latchkey_hpke_receiver* receiver;
};

static struct sides new_sides(latchkey_kem kem, const latchkey_hpke_parameters* parameters) {
  struct sides sides = {NULL, NULL, NULL, NULL};
  uint8_t enc[MOST];
  const size_t size = ciphertext_size(kem);
  REQUIRE_OK(generate(kem, &sides.key));
  REQUIRE_OK(latchkey_private_key_public(sides.key, &sides.pub));
  REQUIRE_OK(latchkey_hpke_sender_create(sides.pub, parameters, enc, size, &sides.sender));
  REQUIRE_OK(latchkey_hpke_receiver_create(sides.key, enc, size, parameters, &sides.receiver));
  return sides;
}

static void free_sides(struct sides* sides) {
  latchkey_hpke_sender_free(sides->sender);
  latchkey_hpke_receiver_free(sides->receiver);
  latchkey_public_key_free(sides->pub);
  latchkey_private_key_free(sides->key);
}

static void test_messages(latchkey_kem kem, const latchkey_hpke_parameters* parameters) {
  struct sides sides = new_sides(kem, parameters);
  uint8_t box[SIZE + TAG], opened[SIZE];
  latchkey_secret *message = NULL, *ours = NULL, *theirs = NULL;
  for (int i = 0; i < 3; ++i) {
    REQUIRE_OK(
        latchkey_hpke_seal(sides.sender, kMessage, SIZE, kAad, sizeof kAad, box, sizeof box));
    if (i == 1) {
      box[3] ^= 1; /* the message that is next may still come */
      REQUIRE(latchkey_hpke_open(sides.receiver, box, sizeof box, kAad, sizeof kAad, &message) ==
              LATCHKEY_E_NOT_AUTHENTIC);
      REQUIRE(message == NULL);
      REQUIRE(latchkey_hpke_open_to(sides.receiver, box, sizeof box, kAad, sizeof kAad, opened,
                                    SIZE) == LATCHKEY_E_NOT_AUTHENTIC);
      REQUIRE(is_zero(opened, SIZE));
      box[3] ^= 1;
    }
    if (i == 2) {
      REQUIRE_OK(latchkey_hpke_open(sides.receiver, box, sizeof box, kAad, sizeof kAad, &message));
      REQUIRE_OK(latchkey_secret_copy(message, opened, SIZE));
      latchkey_secret_free(message);
    } else {
      REQUIRE_OK(
          latchkey_hpke_open_to(sides.receiver, box, sizeof box, kAad, sizeof kAad, opened, SIZE));
    }
    REQUIRE(memcmp(opened, kMessage, SIZE) == 0);
  }
  REQUIRE_OK(latchkey_hpke_sender_export(sides.sender, kInfo, sizeof kInfo, 48, &ours));
  REQUIRE_OK(latchkey_hpke_receiver_export(sides.receiver, kInfo, sizeof kInfo, 48, &theirs));
  require_equal(ours, theirs, 1);
  latchkey_secret_free(theirs);
  REQUIRE_OK(latchkey_hpke_receiver_export(sides.receiver, NULL, 0, 48, &theirs));
  require_equal(ours, theirs, 0);
  latchkey_secret_free(theirs);
  latchkey_secret_free(ours);
  free_sides(&sides);
}

static void test_all(void) {
  static const int kKdfs[] = {LATCHKEY_KDF_HKDF_SHA256,   LATCHKEY_KDF_HKDF_SHA384,
                              LATCHKEY_KDF_SHAKE128,      LATCHKEY_KDF_SHAKE256,
                              LATCHKEY_KDF_TURBOSHAKE128, LATCHKEY_KDF_TURBOSHAKE256};
  static const int kAeads[] = {LATCHKEY_AEAD_AES_128_GCM, LATCHKEY_AEAD_AES_256_GCM,
                               LATCHKEY_AEAD_CHACHA20_POLY1305};
  for (size_t i = 0; i < sizeof kKems / sizeof *kKems; ++i) {
    for (size_t j = 0; j < 6; ++j) {
      const latchkey_hpke_parameters base = {
          kKdfs[j], kAeads[(i + j) % 3], kInfo, sizeof kInfo, NULL, 0, NULL, 0};
      const latchkey_hpke_parameters psk = {kKdfs[j], kAeads[j % 3], NULL,   0,
                                            kPsk,     sizeof kPsk,   kPskId, sizeof kPskId};
      test_messages(kKems[i], &base);
      test_messages(kKems[i], &psk);
    }
  }
}

static void test_refusals(void) {
  latchkey_hpke_parameters parameters = {
      LATCHKEY_KDF_SHAKE256, LATCHKEY_AEAD_AES_128_GCM, NULL, 0, NULL, 0, NULL, 0};
  struct sides sides = new_sides(LATCHKEY_KEM_MLKEM512, &parameters);
  latchkey_hpke_sender* sender = NULL;
  latchkey_hpke_receiver* receiver = NULL;
  latchkey_secret* secret = NULL;
  uint8_t enc[768], box[SIZE + TAG];

  memset(box, 1, sizeof box);
  REQUIRE(latchkey_hpke_seal(sides.sender, kMessage, SIZE, NULL, 0, box, sizeof box - 1) ==
          LATCHKEY_E_WRONG_SIZE);
  REQUIRE(is_zero(box, sizeof box - 1));
  memset(box, 1, sizeof box);
  REQUIRE(latchkey_hpke_seal(NULL, kMessage, SIZE, NULL, 0, box, sizeof box) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(is_zero(box, sizeof box));
  REQUIRE(latchkey_hpke_seal(sides.sender, NULL, SIZE, NULL, 0, box, sizeof box) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_hpke_seal(sides.sender, kMessage, SIZE, NULL, 1, box, sizeof box) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_hpke_seal(sides.sender, kMessage, SIZE, NULL, 0, NULL, sizeof box) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_hpke_open(sides.receiver, box, TAG - 1, NULL, 0, &secret) ==
          LATCHKEY_E_NOT_AUTHENTIC);
  REQUIRE(latchkey_hpke_open(sides.receiver, box, TAG, NULL, 0, NULL) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_hpke_open(NULL, box, TAG, NULL, 0, &secret) == LATCHKEY_E_NULL_ARGUMENT);
  /* The size of a cut box, less a tag, is below zero: no memory is so large. */
  REQUIRE(latchkey_hpke_open_to(sides.receiver, box, 5, NULL, 0, enc, (size_t)5 - TAG) ==
          LATCHKEY_E_NOT_AUTHENTIC);
  REQUIRE(latchkey_hpke_sender_export(NULL, NULL, 0, 32, &secret) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_hpke_receiver_export(sides.receiver, NULL, 0, 65536, &secret) ==
          LATCHKEY_E_TOO_LONG);
  REQUIRE(secret == NULL);

  REQUIRE(latchkey_hpke_sender_create(sides.pub, NULL, enc, sizeof enc, &sender) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_hpke_sender_create(sides.pub, &parameters, enc, sizeof enc, NULL) ==
          LATCHKEY_E_NULL_ARGUMENT);
  memset(enc, 1, sizeof enc);
  REQUIRE(latchkey_hpke_sender_create(sides.pub, &parameters, enc, 767, &sender) ==
          LATCHKEY_E_WRONG_SIZE);
  REQUIRE(is_zero(enc, 767) && enc[767] == 1);
  REQUIRE(latchkey_hpke_receiver_create(sides.key, enc, 767, &parameters, &receiver) ==
          LATCHKEY_E_CIPHERTEXT_LENGTH);
  REQUIRE(latchkey_hpke_receiver_create(sides.key, NULL, 768, &parameters, &receiver) ==
          LATCHKEY_E_NULL_ARGUMENT);
  parameters.psk = kPsk;
  parameters.psk_size = sizeof kPsk;
  REQUIRE(latchkey_hpke_sender_create(sides.pub, &parameters, enc, sizeof enc, &sender) ==
          LATCHKEY_E_BAD_PSK);
  REQUIRE(is_zero(enc, sizeof enc));
  parameters.psk_size = 0;
  parameters.kdf = 0x10010; /* its low half is a KDF's number */
  REQUIRE(latchkey_hpke_sender_create(sides.pub, &parameters, enc, sizeof enc, &sender) ==
          LATCHKEY_E_UNKNOWN_VERSION);
  parameters.kdf = LATCHKEY_KDF_SHAKE256;
  parameters.aead = -1;
  REQUIRE(latchkey_hpke_receiver_create(sides.key, enc, sizeof enc, &parameters, &receiver) ==
          LATCHKEY_E_UNKNOWN_VERSION);
  parameters.info_size = 1;
  REQUIRE(latchkey_hpke_sender_create(sides.pub, &parameters, enc, sizeof enc, &sender) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(sender == NULL && receiver == NULL);
  free_sides(&sides);
}

/* A context that exports secrets alone neither seals nor opens. */
static void test_export_only(void) {
  const latchkey_hpke_parameters parameters = {
      LATCHKEY_KDF_HKDF_SHA384, LATCHKEY_AEAD_EXPORT_ONLY, kInfo, sizeof kInfo, NULL, 0, NULL, 0};
  struct sides sides = new_sides(LATCHKEY_KEM_XWING, &parameters);
  latchkey_secret *ours = NULL, *theirs = NULL;
  uint8_t box[SIZE + TAG];
  memset(box, 1, sizeof box);
  REQUIRE(latchkey_hpke_seal(sides.sender, kMessage, SIZE, NULL, 0, box, sizeof box) ==
          LATCHKEY_E_EXPORT_ONLY);
  REQUIRE(is_zero(box, sizeof box));
  REQUIRE(latchkey_hpke_open(sides.receiver, box, sizeof box, NULL, 0, &ours) ==
          LATCHKEY_E_EXPORT_ONLY);
  REQUIRE_OK(latchkey_hpke_sender_export(sides.sender, kInfo, sizeof kInfo, 64, &ours));
  REQUIRE_OK(latchkey_hpke_receiver_export(sides.receiver, kInfo, sizeof kInfo, 64, &theirs));
  require_equal(ours, theirs, 1);
  latchkey_secret_free(ours);
  latchkey_secret_free(theirs);
  free_sides(&sides);
}

static void test_derived_keys(void) {
  uint8_t seed[64], same[64];
  latchkey_private_key *key = NULL, *again = NULL;
  for (size_t i = 0; i < sizeof kKems / sizeof *kKems; ++i) {
    const size_t size = seed_size(kKems[i]);
    REQUIRE_OK(latchkey_hpke_derive_key(kKems[i], kPsk, sizeof kPsk, &key));
    REQUIRE_OK(latchkey_hpke_derive_key(kKems[i], kPsk, sizeof kPsk, &again));
    REQUIRE(latchkey_private_key_kem(key) == kKems[i]);
    REQUIRE_OK(latchkey_private_key_export_seed(key, seed, size));
    REQUIRE_OK(latchkey_private_key_export_seed(again, same, size));
    REQUIRE(memcmp(seed, same, size) == 0);
    latchkey_private_key_free(key);
    latchkey_private_key_free(again);
  }
  REQUIRE(latchkey_hpke_derive_key(0x43, kPsk, sizeof kPsk, &key) == LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(latchkey_hpke_derive_key(LATCHKEY_KEM_XWING, NULL, 32, &key) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(key == NULL);
}

int main(void) {
  test_all();
  test_refusals();
  test_export_only();
  test_derived_keys();
  puts("the C interface of HPKE does what it says");
  return 0;
}
