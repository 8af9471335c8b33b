/* NULL in the place of anything that has to be there is an error of its own, and what else was to
 * be written is zero or NULL. */
#include <latchkey/latchkey_seal.h>

#include "require.h"

#define REFUSED(call) REQUIRE((call) == LATCHKEY_E_NULL_ARGUMENT)

static void use(void* context, const uint8_t* bytes, size_t size) {
  (void)context, (void)bytes, (void)size;
}
static ptrdiff_t read_nothing(void* user, uint8_t* to, size_t size) {
  return (void)user, (void)to, (void)size, 0;
}
static int write_nothing(void* user, const uint8_t* bytes, size_t size) {
  return (void)user, (void)bytes, (void)size, 0;
}

static void test_mlkem768(void) {
  latchkey_private_key* key = NULL;
  latchkey_public_key* pub = NULL;
  latchkey_secret *secret = NULL, *other = NULL;
  uint8_t ek[LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE], ct[LATCHKEY_MLKEM768_CIPHERTEXT_SIZE], bytes[32];
  static uint8_t expanded[LATCHKEY_MLKEM768_EXPANDED_KEY_SIZE];
  char fingerprint[LATCHKEY_FINGERPRINT_SIZE] = "a";
  int equal = 1;

  REFUSED(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM768, 0, NULL));
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM768, 0, &key));
  REFUSED(public_bytes(key, NULL, LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE));
  REQUIRE_OK(public_bytes(key, ek, LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE));
  REFUSED(latchkey_private_key_export_seed(key, NULL, LATCHKEY_MLKEM_SEED_SIZE));
  REFUSED(latchkey_private_key_export_expanded(key, NULL, LATCHKEY_MLKEM768_EXPANDED_KEY_SIZE));
  REQUIRE_OK(
      latchkey_private_key_export_expanded(key, expanded, LATCHKEY_MLKEM768_EXPANDED_KEY_SIZE));
  REFUSED(latchkey_private_key_from_seed(LATCHKEY_KEM_MLKEM768, expanded, 64, 0, NULL));
  REFUSED(latchkey_private_key_import_expanded(LATCHKEY_KEM_MLKEM768, expanded, sizeof expanded, 1,
                                               NULL));
  REFUSED(latchkey_public_key_parse(LATCHKEY_KEM_MLKEM768, ek, sizeof ek, NULL));
  REQUIRE_OK(latchkey_public_key_parse(LATCHKEY_KEM_MLKEM768, ek, sizeof ek, &pub));

  memset(ct, 1, sizeof ct);
  REFUSED(latchkey_encapsulate(pub, ct, LATCHKEY_MLKEM768_CIPHERTEXT_SIZE, NULL));
  REQUIRE(is_zero(ct, sizeof ct));
  secret = (latchkey_secret*)(void*)ct;
  REFUSED(latchkey_encapsulate(pub, NULL, LATCHKEY_MLKEM768_CIPHERTEXT_SIZE, &secret));
  REQUIRE(secret == NULL);
  REQUIRE_OK(latchkey_encapsulate(pub, ct, LATCHKEY_MLKEM768_CIPHERTEXT_SIZE, &secret));
  REFUSED(latchkey_decapsulate(key, ct, sizeof ct, NULL));
  other = secret;
  REFUSED(latchkey_decapsulate(key, NULL, sizeof ct, &other));
  REQUIRE(other == NULL);
  REQUIRE(latchkey_decapsulate(key, NULL, 0, &other) == LATCHKEY_E_CIPHERTEXT_LENGTH);

  REFUSED(latchkey_secret_read(secret, NULL, NULL));
  REFUSED(latchkey_secret_read(NULL, use, NULL));
  REFUSED(latchkey_secret_copy(secret, NULL, 32));
  REFUSED(latchkey_secret_copy(NULL, bytes, sizeof bytes));
  REFUSED(latchkey_secret_equal(secret, secret, NULL));
  REFUSED(latchkey_secret_equal(secret, NULL, &equal));
  REQUIRE(equal == 0);

  REFUSED(latchkey_secret_inheritable(secret, NULL));
  REFUSED(latchkey_secret_inheritable(NULL, &other));
  REFUSED(latchkey_secret_adopt(secret, NULL));
  REFUSED(latchkey_secret_adopt(NULL, &other));
  REFUSED(latchkey_private_key_inheritable(key, NULL));
  REFUSED(latchkey_private_key_adopt(key, NULL));
  REFUSED(latchkey_public_key_fingerprint(pub, NULL));
  REFUSED(latchkey_public_key_fingerprint(NULL, fingerprint));
  REQUIRE(fingerprint[0] == '\0');
  latchkey_secret_free(secret);
  latchkey_private_key_free(key);
  latchkey_public_key_free(pub);

  key = (latchkey_private_key*)(void*)ct;
  pub = (latchkey_public_key*)(void*)ct;
  REFUSED(latchkey_private_key_from_seed(LATCHKEY_KEM_MLKEM768, NULL, 64, 0, &key));
  REQUIRE(key == NULL);
  REFUSED(
      latchkey_private_key_import_expanded(LATCHKEY_KEM_MLKEM768, NULL, sizeof expanded, 1, &key));
  REFUSED(latchkey_public_key_parse(LATCHKEY_KEM_MLKEM768, NULL, sizeof ek, &pub));
  REQUIRE(pub == NULL);
  REQUIRE(latchkey_private_key_from_seed(LATCHKEY_KEM_MLKEM768, NULL, 0, 0, &key) ==
          LATCHKEY_E_SEED_LENGTH);
}

static void test_xwing(void) {
  latchkey_private_key *key = NULL, *again = NULL;
  latchkey_public_key *pub = NULL, *more = NULL;
  latchkey_secret *secret = NULL, *made = NULL;
  uint8_t ek[LATCHKEY_XWING_PUBLIC_KEY_SIZE], ct[LATCHKEY_XWING_CIPHERTEXT_SIZE];
  size_t size = 0;

  REFUSED(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, NULL));
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &key));
  REFUSED(public_bytes(key, NULL, LATCHKEY_XWING_PUBLIC_KEY_SIZE));
  REQUIRE_OK(public_bytes(key, ek, LATCHKEY_XWING_PUBLIC_KEY_SIZE));
  REFUSED(latchkey_private_key_export_seed(key, NULL, LATCHKEY_XWING_SEED_SIZE));
  REFUSED(latchkey_private_key_from_seed(LATCHKEY_KEM_XWING, NULL, LATCHKEY_XWING_SEED_SIZE, 0,
                                         &again));
  REFUSED(latchkey_public_key_parse(LATCHKEY_KEM_XWING, NULL, sizeof ek, &more));
  REQUIRE_OK(latchkey_public_key_parse(LATCHKEY_KEM_XWING, ek, sizeof ek, &pub));
  REFUSED(latchkey_encapsulate(pub, NULL, LATCHKEY_XWING_CIPHERTEXT_SIZE, &secret));
  REQUIRE_OK(latchkey_encapsulate(pub, ct, LATCHKEY_XWING_CIPHERTEXT_SIZE, &secret));
  REFUSED(latchkey_decapsulate(key, NULL, sizeof ct, &made));

  REFUSED(latchkey_session_key(secret, pub, ct, sizeof ct, NULL, 0, LATCHKEY_BIND_HKDF_SHA256, "a",
                               32, NULL));
  REFUSED(latchkey_session_key(secret, pub, NULL, sizeof ct, NULL, 0, LATCHKEY_BIND_HKDF_SHA256,
                               "a", 32, &made));
  REFUSED(latchkey_session_key(secret, pub, ct, sizeof ct, NULL, 1, LATCHKEY_BIND_HKDF_SHA256, "a",
                               32, &made));
  REFUSED(latchkey_session_key(secret, NULL, ct, sizeof ct, NULL, 0, LATCHKEY_BIND_HKDF_SHA256, "a",
                               32, &made));

  REFUSED(latchkey_private_key_inheritable(key, NULL));
  REFUSED(latchkey_private_key_adopt(key, NULL));
  REFUSED(latchkey_public_key_fingerprint(pub, NULL));
  REFUSED(latchkey_private_key_write(key, LATCHKEY_PEM, NULL));
  REFUSED(latchkey_private_key_write_protected(key, LATCHKEY_PEM, NULL, 1, 0, &made));
  REFUSED(latchkey_public_key_write(pub, LATCHKEY_PEM, NULL, 1, &size));
  REFUSED(latchkey_public_key_write(pub, LATCHKEY_PEM, ek, 1, NULL));
  REFUSED(latchkey_private_key_read(NULL, 1, NULL, 0, &again));
  REFUSED(latchkey_private_key_read(ek, 1, NULL, 1, &again));
  REFUSED(latchkey_public_key_read(NULL, 1, &more));
  REFUSED(latchkey_public_key_read(ek, 1, NULL));
  REFUSED(latchkey_key_file_set_password(NULL, 1, NULL, 0, ek, 1, 0, &made));
  REFUSED(latchkey_key_file_set_password(ek, 1, NULL, 1, ek, 1, 0, &made));
  REFUSED(latchkey_key_file_set_password(ek, 1, NULL, 0, NULL, 1, 0, &made));
  REFUSED(latchkey_key_file_remove_password(NULL, 1, NULL, 0, &made));
  REFUSED(latchkey_key_file_remove_password(ek, 1, NULL, 0, NULL));
  REQUIRE(made == NULL && again == NULL && more == NULL);
  latchkey_secret_free(secret);
  latchkey_private_key_free(key);
  latchkey_public_key_free(pub);
}

static void test_sealing(const latchkey_private_key* key, const latchkey_public_key* pub) {
  latchkey_secret* made = NULL;
  const uint8_t message[1] = {7};
  static uint8_t sealed[LATCHKEY_SEAL_OVERHEAD(LATCHKEY_XWING_CIPHERTEXT_SIZE) + 1];
  const size_t size = sizeof sealed;

  memset(sealed, 1, size);
  REFUSED(latchkey_seal_for(pub, NULL, NULL, 1, NULL, 0, NULL, 0, sealed, size));
  REQUIRE(is_zero(sealed, size));
  REFUSED(latchkey_seal_for(pub, NULL, message, 1, NULL, 1, NULL, 0, sealed, size));
  REFUSED(latchkey_seal_for(pub, NULL, message, 1, NULL, 0, NULL, 1, sealed, size));
  REFUSED(latchkey_seal_for(pub, NULL, message, 1, NULL, 0, NULL, 0, NULL, size));
  REFUSED(latchkey_seal_for(NULL, NULL, message, 1, NULL, 0, NULL, 0, sealed, size - 1));
  REQUIRE_OK(latchkey_seal_for(pub, NULL, message, 1, NULL, 0, NULL, 0, sealed, size));
  REFUSED(latchkey_open_sealed(key, sealed, size, NULL, 0, NULL, 0, NULL));
  REFUSED(latchkey_open_sealed(key, NULL, size, NULL, 0, NULL, 0, &made));
  REFUSED(latchkey_open_sealed(key, sealed, size, NULL, 1, NULL, 0, &made));
  REFUSED(latchkey_open_sealed(key, sealed, size, NULL, 0, NULL, 1, &made));
  REQUIRE(made == NULL);
}

static void test_streams(const latchkey_private_key* key, const latchkey_public_key* pub) {
  latchkey_stream_sealer* sealer = NULL;
  latchkey_stream_opener* opener = NULL;
  uint8_t header[LATCHKEY_STREAM_HEADER_SIZE(LATCHKEY_XWING_CIPHERTEXT_SIZE)], box[17],
      chunk[1] = {7};
  const size_t size = sizeof header;

  REFUSED(latchkey_seal_stream(pub, NULL, NULL, write_nothing, NULL, NULL, 0, NULL, 0));
  REFUSED(latchkey_seal_stream(pub, NULL, read_nothing, NULL, NULL, NULL, 0, NULL, 0));
  REFUSED(latchkey_seal_stream(pub, NULL, read_nothing, write_nothing, NULL, NULL, 1, NULL, 0));
  REFUSED(latchkey_open_stream(key, NULL, write_nothing, NULL, NULL, 0, NULL, 0));
  REFUSED(latchkey_open_stream(key, read_nothing, NULL, NULL, NULL, 0, NULL, 0));
  REFUSED(latchkey_open_stream(key, read_nothing, write_nothing, NULL, NULL, 0, NULL, 1));

  REFUSED(latchkey_stream_sealer_create(pub, NULL, NULL, 0, NULL, 0, NULL, size, &sealer));
  memset(header, 1, size);
  REFUSED(latchkey_stream_sealer_create(pub, NULL, NULL, 0, NULL, 0, header, size, NULL));
  REQUIRE(is_zero(header, size));
  REQUIRE_OK(latchkey_stream_sealer_create(pub, NULL, NULL, 0, NULL, 0, header, size, &sealer));
  REFUSED(latchkey_stream_sealer_chunk(sealer, NULL, 1, 1, box, sizeof box));
  REFUSED(latchkey_stream_sealer_chunk(sealer, chunk, 1, 1, NULL, sizeof box));
  REFUSED(latchkey_stream_opener_create(key, NULL, size, NULL, 0, NULL, 0, &opener));
  REFUSED(latchkey_stream_opener_create(key, header, size, NULL, 0, NULL, 0, NULL));
  REQUIRE(opener == NULL);
  REQUIRE_OK(latchkey_stream_opener_create(key, header, size, NULL, 0, NULL, 0, &opener));
  REFUSED(latchkey_stream_opener_chunk(opener, NULL, sizeof box, 1, chunk, sizeof chunk));
  REFUSED(latchkey_stream_opener_chunk(opener, box, sizeof box, 1, NULL, sizeof chunk));
  latchkey_stream_sealer_free(sealer);
  latchkey_stream_opener_free(opener);
}

int main(void) {
  latchkey_private_key* key = NULL;
  latchkey_public_key* pub = NULL;
  uint8_t ek[LATCHKEY_XWING_PUBLIC_KEY_SIZE];

  test_mlkem768();
  test_xwing();
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &key));
  REQUIRE_OK(public_bytes(key, ek, LATCHKEY_XWING_PUBLIC_KEY_SIZE));
  REQUIRE_OK(latchkey_public_key_parse(LATCHKEY_KEM_XWING, ek, sizeof ek, &pub));
  test_sealing(key, pub);
  test_streams(key, pub);
  latchkey_private_key_free(key);
  latchkey_public_key_free(pub);
  puts("NULL is refused wherever something has to be there");
  return 0;
}
