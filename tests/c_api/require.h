/* What the C tests share: they print what does not hold, and exit with 1 then. */
#ifndef LATCHKEY_TESTS_C_REQUIRE_H
#define LATCHKEY_TESTS_C_REQUIRE_H

#include <latchkey/latchkey.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void require(int condition, const char* what, const char* file, int line) {
  if (condition) return;
  printf("%s:%d: %s does not hold\n", file, line, what);
  exit(1);
}
#define REQUIRE(condition) require((condition) != 0, #condition, __FILE__, __LINE__)
#define REQUIRE_OK(call) REQUIRE((call) == LATCHKEY_OK)

static inline int is_zero(const uint8_t* bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    if (bytes[i] != 0) return 0;
  }
  return 1;
}

/* The bytes of a private key's public half. */
static inline int public_bytes(const latchkey_private_key* key, uint8_t* bytes, size_t size) {
  latchkey_public_key* half = NULL;
  int status = latchkey_private_key_public(key, &half);
  if (status == LATCHKEY_OK) status = latchkey_public_key_bytes(half, bytes, size);
  latchkey_public_key_free(half);
  return status;
}

static inline void require_equal(const latchkey_secret* a, const latchkey_secret* b, int expected) {
  int equal = -1;
  REQUIRE_OK(latchkey_secret_equal(a, b, &equal));
  REQUIRE(equal == expected);
}

#endif
