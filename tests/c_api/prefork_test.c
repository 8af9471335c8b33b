/* A server that loads its keys once and works in three children, as C programs do it. */
#define _POSIX_C_SOURCE 200809L
#include <latchkey/latchkey_seal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "require.h"

enum { WORKERS = 3 };

/* What a client sent, and what the server is to make of it. */
struct request {
  uint8_t xwing[LATCHKEY_XWING_CIPHERTEXT_SIZE], mlkem[LATCHKEY_MLKEM768_CIPHERTEXT_SIZE];
  uint8_t xwing_secret[LATCHKEY_SHARED_SECRET_SIZE], mlkem_secret[LATCHKEY_SHARED_SECRET_SIZE];
  uint8_t session[48];
};

struct server {
  latchkey_private_key* xwing;
  latchkey_private_key *mlkem, *imported;
  latchkey_secret *shared, *session; /* of the KEM, and bytes */
};

static void keep(latchkey_secret* secret, uint8_t* to, size_t size) {
  REQUIRE_OK(latchkey_secret_copy(secret, to, size));
  latchkey_secret_free(secret);
}

static latchkey_secret* session_of(const struct server* server, const latchkey_secret* shared,
                                   const struct request* request) {
  latchkey_secret* session = NULL;
  latchkey_public_key* pub = NULL;
  uint8_t ek[LATCHKEY_XWING_PUBLIC_KEY_SIZE];
  REQUIRE_OK(public_bytes(server->xwing, ek, LATCHKEY_XWING_PUBLIC_KEY_SIZE));
  REQUIRE_OK(latchkey_public_key_parse(LATCHKEY_KEM_XWING, ek, sizeof ek, &pub));
  REQUIRE_OK(latchkey_session_key(shared, pub, request->xwing, sizeof request->xwing, NULL, 0,
                                  LATCHKEY_BIND_HKDF_SHA256, "a session", sizeof request->session,
                                  &session));
  latchkey_public_key_free(pub);
  return session;
}

static void send_request(struct server* server, struct request* request) {
  latchkey_public_key* xwing = NULL;
  latchkey_public_key* mlkem = NULL;
  latchkey_secret* secret = NULL;
  uint8_t ek[LATCHKEY_XWING_PUBLIC_KEY_SIZE];
  REQUIRE_OK(public_bytes(server->xwing, ek, LATCHKEY_XWING_PUBLIC_KEY_SIZE));
  REQUIRE_OK(latchkey_public_key_parse(LATCHKEY_KEM_XWING, ek, sizeof ek, &xwing));
  REQUIRE_OK(
      latchkey_encapsulate(xwing, request->xwing, LATCHKEY_XWING_CIPHERTEXT_SIZE, &server->shared));
  REQUIRE_OK(latchkey_secret_copy(server->shared, request->xwing_secret, 32));
  server->session = session_of(server, server->shared, request);
  REQUIRE_OK(latchkey_secret_copy(server->session, request->session, sizeof request->session));
  REQUIRE_OK(public_bytes(server->mlkem, ek, LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE));
  REQUIRE_OK(latchkey_public_key_parse(LATCHKEY_KEM_MLKEM768, ek, LATCHKEY_MLKEM768_PUBLIC_KEY_SIZE,
                                       &mlkem));
  REQUIRE_OK(
      latchkey_encapsulate(mlkem, request->mlkem, LATCHKEY_MLKEM768_CIPHERTEXT_SIZE, &secret));
  keep(secret, request->mlkem_secret, sizeof request->mlkem_secret);
  latchkey_public_key_free(xwing);
  latchkey_public_key_free(mlkem);
}

/* The same server for children, in place of the one that is only for this process. */
static void make_inheritable(struct server* server) {
  struct server first = *server;
  REQUIRE_OK(latchkey_private_key_inheritable(first.xwing, &server->xwing));
  REQUIRE_OK(latchkey_private_key_inheritable(first.mlkem, &server->mlkem));
  REQUIRE_OK(latchkey_private_key_inheritable(first.imported, &server->imported));
  REQUIRE_OK(latchkey_secret_inheritable(first.shared, &server->shared));
  REQUIRE_OK(latchkey_secret_inheritable(first.session, &server->session));
  latchkey_private_key_free(first.xwing);
  latchkey_private_key_free(first.mlkem);
  latchkey_private_key_free(first.imported);
  latchkey_secret_free(first.shared);
  latchkey_secret_free(first.session);
}

static void answer(const struct server* server, const struct request* request) {
  latchkey_secret* secret = NULL;
  uint8_t seed[LATCHKEY_MLKEM_SEED_SIZE], session[48];
  const latchkey_private_key* keys[2];
  REQUIRE_OK(latchkey_decapsulate(server->xwing, request->xwing, sizeof request->xwing, &secret));
  keep(secret, seed, 32);
  REQUIRE(memcmp(seed, request->xwing_secret, 32) == 0);
  keys[0] = server->mlkem;
  keys[1] = server->imported;
  for (int i = 0; i < 2; ++i) {
    REQUIRE_OK(latchkey_decapsulate(keys[i], request->mlkem, sizeof request->mlkem, &secret));
    keep(secret, seed, 32);
    REQUIRE(memcmp(seed, request->mlkem_secret, 32) == 0);
  }
  REQUIRE_OK(latchkey_private_key_export_seed(server->mlkem, seed, LATCHKEY_MLKEM_SEED_SIZE));
  REQUIRE(latchkey_private_key_export_seed(server->imported, seed, LATCHKEY_MLKEM_SEED_SIZE) ==
          LATCHKEY_E_NO_SEED);
  keep(session_of(server, server->shared, request), session, sizeof session);
  REQUIRE(memcmp(session, request->session, sizeof session) == 0);
  REQUIRE_OK(latchkey_secret_copy(server->session, session, sizeof session));
  REQUIRE(memcmp(session, request->session, sizeof session) == 0);
}

static void free_server(struct server* server) {
  latchkey_private_key_free(server->xwing);
  latchkey_private_key_free(server->mlkem);
  latchkey_private_key_free(server->imported);
  latchkey_secret_free(server->shared);
  latchkey_secret_free(server->session);
}

static void work(struct server* inherited, const struct request* request) {
  struct server own;
  latchkey_secret* secret = (latchkey_secret*)&own;
  REQUIRE(latchkey_decapsulate(inherited->xwing, request->xwing, sizeof request->xwing, &secret) ==
          LATCHKEY_E_INHERITED);
  REQUIRE(secret == NULL);
  REQUIRE_OK(latchkey_private_key_adopt(inherited->xwing, &own.xwing));
  REQUIRE_OK(latchkey_private_key_adopt(inherited->mlkem, &own.mlkem));
  REQUIRE_OK(latchkey_private_key_adopt(inherited->imported, &own.imported));
  REQUIRE_OK(latchkey_secret_adopt(inherited->shared, &own.shared));
  REQUIRE_OK(latchkey_secret_adopt(inherited->session, &own.session));
  free_server(inherited);
  answer(&own, request);
  free_server(&own);
}

/* Starts the workers, and frees the server's handles, in the children too. */
static void serve(struct server* server, const struct request* request) {
  pid_t workers[WORKERS];
  for (int i = 0; i < WORKERS; ++i) {
    workers[i] = fork();
    REQUIRE(workers[i] >= 0);
    if (workers[i] == 0) {
      work(server, request);
      exit(0);
    }
  }
  for (int i = 0; i < WORKERS; ++i) {
    int status = 0;
    REQUIRE(waitpid(workers[i], &status, 0) == workers[i] && status == 0);
  }
}

/* Workers that begin when the server has purged all its secrets and freed its handles. */
static void serve_after_the_end(struct server* server, const struct request* request) {
  pid_t worker;
  int go[2], status = 0;
  REQUIRE(pipe(go) == 0);
  worker = fork();
  REQUIRE(worker >= 0);
  if (worker == 0) {
    char byte;
    REQUIRE(read(go[0], &byte, 1) == 1);
    work(server, request);
    exit(0);
  }
  latchkey_purge();
  free_server(server);
  REQUIRE(write(go[1], "x", 1) == 1);
  REQUIRE(waitpid(worker, &status, 0) == worker && status == 0);
}

/* A handle that is not inheritable, and none. */
static void test_refusals(void) {
  latchkey_private_key *key = NULL, *other = NULL;
  int status = 0;
  pid_t child;
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &key));
  REQUIRE(latchkey_private_key_adopt(key, &other) == LATCHKEY_E_INHERITED && other == NULL);
  REQUIRE(latchkey_private_key_adopt(NULL, &other) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_private_key_inheritable(NULL, &other) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_secret_adopt(NULL, &(latchkey_secret*){NULL}) == LATCHKEY_E_NULL_ARGUMENT);
  child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    REQUIRE(latchkey_private_key_inheritable(key, &other) == LATCHKEY_E_INHERITED && other == NULL);
    REQUIRE(latchkey_private_key_adopt(key, &other) == LATCHKEY_E_INHERITED && other == NULL);
    _exit(0);
  }
  REQUIRE(waitpid(child, &status, 0) == child && status == 0);
  latchkey_private_key_free(key);
}

int main(void) {
  static uint8_t expanded[LATCHKEY_MLKEM768_EXPANDED_KEY_SIZE];
  static struct request request;
  struct server server;
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &server.xwing));
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_MLKEM768, 0, &server.mlkem));
  REQUIRE_OK(latchkey_private_key_export_expanded(server.mlkem, expanded,
                                                  LATCHKEY_MLKEM768_EXPANDED_KEY_SIZE));
  REQUIRE_OK(latchkey_private_key_import_expanded(LATCHKEY_KEM_MLKEM768, expanded, sizeof expanded,
                                                  1, &server.imported));
  send_request(&server, &request);
  answer(&server, &request);
  make_inheritable(&server);
  answer(&server, &request); /* in the parent, they are handles like any other */
  serve(&server, &request);
  answer(&server, &request);
  serve_after_the_end(&server, &request);
  test_refusals();
  puts("three workers have the keys that their server loaded");
  return 0;
}
