/* Files of age as a C99 program uses them. */
#include <latchkey/latchkey_seal.h>

#include "require.h"

enum { CONTENT = 1000, ROOM = 8192 };

static uint8_t content[CONTENT];

/* From one place of memory to another. */
struct flow {
  const uint8_t* from;
  size_t left, written;
  uint8_t to[ROOM];
};

static ptrdiff_t read_some(void* user, uint8_t* to, size_t room) {
  struct flow* flow = user;
  const size_t most = room < 77 ? room : 77, size = flow->left < most ? flow->left : most;
  if (size != 0) memcpy(to, flow->from, size);
  flow->from += size;
  flow->left -= size;
  return (ptrdiff_t)size;
}
static int write_all(void* user, const uint8_t* bytes, size_t size) {
  struct flow* flow = user;
  REQUIRE(size <= ROOM - flow->written);
  memcpy(flow->to + flow->written, bytes, size);
  flow->written += size;
  return 0;
}
static struct flow flow_of(const uint8_t* from, size_t size) {
  struct flow flow;
  flow.from = from;
  flow.left = size;
  flow.written = 0;
  return flow;
}

/* What latchkey_age_open() says of these bytes. */
static int open_status(const uint8_t* file, size_t size, const latchkey_private_key* key,
                       const latchkey_age_x25519* x25519) {
  struct flow flow = flow_of(file, size);
  const int status =
      latchkey_age_open(&key, key != NULL, &x25519, x25519 != NULL, read_some, write_all, &flow);
  REQUIRE(status != LATCHKEY_OK ||
          (flow.written == CONTENT && memcmp(flow.to, content, CONTENT) == 0));
  return status;
}

static void test_files(void) {
  latchkey_private_key *keys[2], *stranger = NULL;
  latchkey_public_key* recipients[2];
  latchkey_age_info info;
  for (int i = 0; i < 2; ++i) {
    REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &keys[i]));
    REQUIRE_OK(latchkey_private_key_public(keys[i], &recipients[i]));
  }
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &stranger));
  for (int armor = 0; armor < 2; ++armor) {
    struct flow flow = flow_of(content, CONTENT);
    REQUIRE_OK(latchkey_age_seal((const latchkey_public_key* const*)recipients, 2, read_some,
                                 write_all, &flow, armor));
    REQUIRE(latchkey_age_is_file(flow.to, flow.written) == 1);
    REQUIRE_OK(open_status(flow.to, flow.written, keys[0], NULL));
    REQUIRE_OK(open_status(flow.to, flow.written, keys[1], NULL));
    REQUIRE(open_status(flow.to, flow.written, stranger, NULL) == LATCHKEY_E_NO_RECIPIENT);
    REQUIRE(open_status(flow.to, flow.written - 60, keys[0], NULL) != LATCHKEY_OK);

    struct flow again = flow_of(flow.to, flow.written);
    memset(&info, 1, sizeof info);
    REQUIRE_OK(latchkey_age_inspect(read_some, &again, &info));
    REQUIRE(info.armor == armor && info.is_passphrase_file == 0 && info.recipients == 2);
    REQUIRE(info.post_quantum == 2 && info.x25519 == 0 && info.payload == LATCHKEY_OK);
    again = flow_of(flow.to, flow.written);
    REQUIRE(latchkey_age_open_with_passphrase((const uint8_t*)"a", 1, read_some, write_all,
                                              &again) == LATCHKEY_E_NO_RECIPIENT);
  }

  struct flow flow = flow_of(content, CONTENT);
  REQUIRE(latchkey_age_seal(NULL, 0, read_some, write_all, &flow, 0) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(latchkey_age_seal(NULL, 1, read_some, write_all, &flow, 0) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_age_seal((const latchkey_public_key* const*)recipients, 2, NULL, write_all,
                            &flow, 0) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_age_seal((const latchkey_public_key* const*)recipients, 2, read_some, write_all,
                            &flow, 2) == LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(latchkey_age_seal((const latchkey_public_key* const*)recipients, 1001, read_some,
                            write_all, &flow, 0) == LATCHKEY_E_TOO_LONG);
  REQUIRE(latchkey_age_open(NULL, 1, NULL, 0, read_some, write_all, &flow) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_age_open(NULL, (size_t)-1, NULL, 0, read_some, write_all, &flow) ==
          LATCHKEY_E_TOO_LONG);
  REQUIRE(flow.written == 0 &&
          open_status(content, CONTENT, keys[0], NULL) == LATCHKEY_E_NOT_SEALED);
  memset(&info, 1, sizeof info);
  flow = flow_of(content, CONTENT);
  REQUIRE(latchkey_age_inspect(read_some, &flow, &info) == LATCHKEY_E_NOT_SEALED);
  REQUIRE(is_zero((const uint8_t*)&info, sizeof info));
  REQUIRE(latchkey_age_is_file(content, CONTENT) == 0 && latchkey_age_is_file(NULL, 9) == 0);
  for (int i = 0; i < 2; ++i) {
    latchkey_private_key_free(keys[i]);
    latchkey_public_key_free(recipients[i]);
  }
  latchkey_private_key_free(stranger);
}

static void keep(void* context, const uint8_t* bytes, size_t size) {
  memcpy(context, bytes, size < 200 ? size : 200);
}

static void test_names(void) {
  latchkey_private_key *key = NULL, *again = NULL, *mlkem = NULL;
  latchkey_public_key *pub = NULL, *named = NULL, *other = NULL;
  latchkey_secret* text = NULL;
  char name[LATCHKEY_AGE_RECIPIENT_SIZE], identity[200] = "";
  uint8_t seed[32], same[32];
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &key));
  REQUIRE_OK(latchkey_private_key_public(key, &pub));
  REQUIRE_OK(latchkey_age_write_recipient(pub, name));
  REQUIRE(strlen(name) == sizeof name - 1 && strncmp(name, "age1pq1", 7) == 0);
  REQUIRE_OK(latchkey_age_parse_recipient(name, strlen(name), &named));
  REQUIRE(latchkey_public_key_kem(named) == LATCHKEY_KEM_XWING);
  REQUIRE(latchkey_age_kind_of_recipient(name, strlen(name)) == LATCHKEY_AGE_POST_QUANTUM);
  REQUIRE_OK(latchkey_age_write_identity(key, &text));
  REQUIRE_OK(latchkey_secret_read(text, keep, identity));
  REQUIRE(strncmp(identity, "AGE-SECRET-KEY-PQ-1", 19) == 0 && strlen(identity) == 77);
  REQUIRE_OK(latchkey_age_parse_identity(identity, strlen(identity), &again));
  REQUIRE_OK(latchkey_private_key_export_seed(key, seed, 32));
  REQUIRE_OK(latchkey_private_key_export_seed(again, same, 32));
  REQUIRE(memcmp(seed, same, 32) == 0);
  REQUIRE(latchkey_age_kind_of_identity(identity, 77) == LATCHKEY_AGE_POST_QUANTUM);
  REQUIRE(latchkey_age_kind_of_identity(NULL, 5) == LATCHKEY_AGE_NONE);
  REQUIRE(latchkey_age_kind_of_recipient("ssh-ed25519 AAAA", 16) == LATCHKEY_AGE_SSH);
  name[20] = name[20] == 'q' ? 'p' : 'q';
  REQUIRE(latchkey_age_parse_recipient(name, strlen(name), &other) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(latchkey_age_parse_recipient(NULL, 5, &other) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(other == NULL);

  /* age has no recipients of other KEMs. */
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM768, 0, &mlkem));
  REQUIRE_OK(latchkey_private_key_public(mlkem, &other));
  REQUIRE(latchkey_age_write_recipient(other, name) == LATCHKEY_E_OTHER_KEM);
  REQUIRE(is_zero((const uint8_t*)name, sizeof name));
  latchkey_secret_free(text);
  REQUIRE(latchkey_age_write_identity(mlkem, &text) == LATCHKEY_E_OTHER_KEM && text == NULL);
  REQUIRE(latchkey_age_write_recipient(NULL, name) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_age_write_recipient(pub, NULL) == LATCHKEY_E_NULL_ARGUMENT);
  struct flow flow = flow_of(content, CONTENT);
  REQUIRE(latchkey_age_seal((const latchkey_public_key* const*)&other, 1, read_some, write_all,
                            &flow, 0) == LATCHKEY_E_OTHER_KEM);
  REQUIRE(open_status(content, CONTENT, mlkem, NULL) == LATCHKEY_E_OTHER_KEM);
  latchkey_public_key_free(pub);
  latchkey_public_key_free(named);
  latchkey_public_key_free(other);
  latchkey_private_key_free(key);
  latchkey_private_key_free(again);
  latchkey_private_key_free(mlkem);
}

/* Reads a file whole. */
static size_t load(const char* path, uint8_t* to) {
  FILE* file = fopen(path, "rb");
  REQUIRE(file != NULL);
  const size_t size = fread(to, 1, ROOM, file);
  REQUIRE(size > 0 && size < ROOM && fclose(file) == 0);
  return size;
}

/* What age 1.3 wrote: "hello" and a line's end, for an X25519 key and under a passphrase. */
static void test_others(const char* for_x25519, const char* under_passphrase) {
  static const char kIdentity[] =
      "AGE-SECRET-KEY-1UXRGGELVYW7LE9KAJT7V6RSKVM80DA2ZRVK32MFLYN563V0A2LEQDTRQ60";
  static uint8_t file[ROOM];
  latchkey_age_x25519 *key = NULL, *none = (latchkey_age_x25519*)(void*)content;
  latchkey_age_info info;
  REQUIRE(latchkey_age_x25519_parse("AGE-SECRET-KEY-1", 16, &none) == LATCHKEY_E_NOT_A_KEY);
  REQUIRE(none == NULL);
  REQUIRE(latchkey_age_kind_of_identity(kIdentity, strlen(kIdentity)) == LATCHKEY_AGE_X25519);
  REQUIRE_OK(latchkey_age_x25519_parse(kIdentity, strlen(kIdentity), &key));
  size_t size = load(for_x25519, file);
  struct flow flow = flow_of(file, size);
  REQUIRE_OK(latchkey_age_open(NULL, 0, (const latchkey_age_x25519* const*)&key, 1, read_some,
                               write_all, &flow));
  REQUIRE(flow.written == 6 && memcmp(flow.to, "hello\n", 6) == 0);
  flow = flow_of(file, size);
  REQUIRE_OK(latchkey_age_inspect(read_some, &flow, &info));
  REQUIRE(info.recipients == 1 && info.x25519 == 1 && info.post_quantum == 0);
  flow = flow_of(file, size);
  REQUIRE(latchkey_age_open(NULL, 0, (const latchkey_age_x25519* const*)&none, 1, read_some,
                            write_all, &flow) == LATCHKEY_E_NULL_ARGUMENT);

  size = load(under_passphrase, file);
  flow = flow_of(file, size);
  REQUIRE_OK(
      latchkey_age_open_with_passphrase((const uint8_t*)"secret", 6, read_some, write_all, &flow));
  REQUIRE(flow.written == 6 && memcmp(flow.to, "hello\n", 6) == 0);
  flow = flow_of(file, size);
  REQUIRE(latchkey_age_open_with_passphrase((const uint8_t*)"secreT", 6, read_some, write_all,
                                            &flow) == LATCHKEY_E_WRONG_PASSWORD);
  REQUIRE(latchkey_age_open_with_passphrase(NULL, 6, read_some, write_all, &flow) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(open_status(file, size, NULL, key) == LATCHKEY_E_PASSPHRASE_FILE);
  flow = flow_of(file, size);
  REQUIRE_OK(latchkey_age_inspect(read_some, &flow, &info));
  REQUIRE(info.is_passphrase_file == 1 && info.work_factor == 10);
  latchkey_age_x25519_free(key);
  latchkey_age_x25519_free(NULL);
}

int main(int count, char** arguments) {
  REQUIRE(count == 3);
  for (size_t i = 0; i < CONTENT; ++i) content[i] = (uint8_t)(i * 11 + 3);
  test_files();
  test_names();
  test_others(arguments[1], arguments[2]);
  puts("the C interface of age files does what it says");
  return 0;
}
