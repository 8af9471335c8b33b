/* TLS's groups as a C99 program uses them, those of both libraries. */
#include <latchkey/latchkey_seal.h>

#include "require.h"

enum { MOST = LATCHKEY_TLS_MAX_SHARE_SIZE };

/* A group, its sizes, and the functions of the library that has it. */
struct group {
  latchkey_tls_group number;
  size_t client, server, secret;
  int (*generate)(latchkey_tls_group, latchkey_tls_client**);
  int (*answer)(latchkey_tls_group, const uint8_t*, size_t, uint8_t*, size_t, latchkey_secret**);
};
static const struct group kGroups[] = {
    {LATCHKEY_TLS_MLKEM512, 800, 768, 32, latchkey_tls_client_generate, latchkey_tls_answer},
    {LATCHKEY_TLS_MLKEM768, 1184, 1088, 32, latchkey_tls_client_generate, latchkey_tls_answer},
    {LATCHKEY_TLS_MLKEM1024, 1568, 1568, 32, latchkey_tls_client_generate, latchkey_tls_answer},
    {LATCHKEY_TLS_X25519MLKEM768, 1216, 1120, 64, latchkey_tls_client_generate,
     latchkey_tls_answer},
    {LATCHKEY_TLS_SECP256R1MLKEM768, 1249, 1153, 64, latchkey_nist_tls_client_generate,
     latchkey_nist_tls_answer},
    {LATCHKEY_TLS_SECP384R1MLKEM1024, 1665, 1665, 80, latchkey_nist_tls_client_generate,
     latchkey_nist_tls_answer},
};

static void test_exchange(const struct group* group) {
  latchkey_tls_client* client = NULL;
  latchkey_secret *ours = NULL, *theirs = NULL;
  uint8_t share[MOST], answer[MOST];
  REQUIRE(latchkey_tls_client_share_size(group->number) == group->client);
  REQUIRE(latchkey_tls_server_share_size(group->number) == group->server);
  REQUIRE(latchkey_tls_secret_size(group->number) == group->secret);
  REQUIRE_OK(group->generate(group->number, &client));
  REQUIRE(latchkey_tls_client_group(client) == group->number);
  REQUIRE_OK(latchkey_tls_client_share(client, share, group->client));
  REQUIRE_OK(group->answer(group->number, share, group->client, answer, group->server, &theirs));
  REQUIRE_OK(latchkey_tls_client_secret(client, answer, group->server, &ours));
  REQUIRE(latchkey_secret_size(ours) == group->secret);
  require_equal(ours, theirs, 1);
  latchkey_secret_free(ours);

  /* A share is for one connection. */
  ours = theirs;
  REQUIRE(latchkey_tls_client_secret(client, answer, group->server, &ours) ==
          LATCHKEY_E_MOVED_FROM);
  REQUIRE(ours == NULL);
  memset(share, 1, sizeof share);
  REQUIRE(latchkey_tls_client_share(client, share, group->client) == LATCHKEY_E_MOVED_FROM);
  REQUIRE(is_zero(share, group->client));
  latchkey_secret_free(theirs);
  latchkey_tls_client_free(client);
}

static void test_refusals(const struct group* group) {
  latchkey_tls_client* client = NULL;
  latchkey_secret* secret = NULL;
  uint8_t share[MOST], answer[MOST + 1];
  REQUIRE(group->generate(group->number, NULL) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE_OK(group->generate(group->number, &client));
  memset(share, 1, sizeof share);
  REQUIRE(latchkey_tls_client_share(client, share, group->client - 1) == LATCHKEY_E_WRONG_SIZE);
  REQUIRE(is_zero(share, group->client - 1));
  REQUIRE(latchkey_tls_client_share(client, NULL, group->client) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_tls_client_share(NULL, share, group->client) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE_OK(latchkey_tls_client_share(client, share, group->client));
  memset(answer, 1, sizeof answer);
  REQUIRE(group->answer(group->number, share, group->client - 1, answer, group->server, &secret) ==
          LATCHKEY_E_ENCAPSULATION_KEY_LENGTH);
  REQUIRE(is_zero(answer, group->server) && secret == NULL);
  REQUIRE(group->answer(group->number, share, group->client, answer, group->server + 1, &secret) ==
          LATCHKEY_E_WRONG_SIZE);
  REQUIRE(group->answer(group->number, NULL, group->client, answer, group->server, &secret) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(group->answer(group->number, share, group->client, NULL, group->server, &secret) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(group->answer(group->number, share, group->client, answer, group->server, NULL) ==
          LATCHKEY_E_NULL_ARGUMENT);
  memset(share, 0xff, group->client); /* coefficients of 4095, and no point of a curve */
  const int status =
      group->answer(group->number, share, group->client, answer, group->server, &secret);
  REQUIRE(status == LATCHKEY_E_NOT_REDUCED || status == LATCHKEY_E_BAD_POINT);
  REQUIRE(is_zero(answer, group->server) && secret == NULL);
  REQUIRE(latchkey_tls_client_secret(client, NULL, group->server, &secret) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_tls_client_secret(NULL, answer, group->server, &secret) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_tls_client_secret(client, answer, group->server - 1, &secret) ==
          LATCHKEY_E_CIPHERTEXT_LENGTH);
  REQUIRE(secret == NULL);
  latchkey_tls_client_free(client);
}

/* Each library says that it lacks the other's groups. */
static void test_other_groups(void) {
  latchkey_tls_client* client = (latchkey_tls_client*)(void*)&client;
  latchkey_secret* secret = NULL;
  uint8_t share[MOST];
  REQUIRE(latchkey_tls_client_generate(LATCHKEY_TLS_SECP256R1MLKEM768, &client) ==
          LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(client == NULL);
  REQUIRE(latchkey_nist_tls_client_generate(LATCHKEY_TLS_X25519MLKEM768, &client) ==
          LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(latchkey_tls_client_generate(0x001d, &client) == LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(latchkey_tls_answer(0x001d, share, 32, share, 32, &secret) == LATCHKEY_E_UNKNOWN_VALUE);
  REQUIRE(latchkey_tls_client_share_size(0x001d) == 0 && latchkey_tls_secret_size(-1) == 0);
  REQUIRE(latchkey_tls_client_group(NULL) == 0);
  latchkey_tls_client_free(NULL);
}

int main(void) {
  for (size_t i = 0; i < sizeof kGroups / sizeof *kGroups; ++i) {
    test_exchange(&kGroups[i]);
    test_refusals(&kGroups[i]);
  }
  test_other_groups();
  puts("the C interface of TLS's groups does what it says");
  return 0;
}
