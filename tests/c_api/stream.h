/* A content, a key, and what is sealed to it, for both tests of streams. */
#ifndef LATCHKEY_TESTS_C_STREAM_H
#define LATCHKEY_TESTS_C_STREAM_H

#include <latchkey/latchkey_seal.h>

#include "require.h"

#define HEADER LATCHKEY_STREAM_HEADER_SIZE(LATCHKEY_XWING_CIPHERTEXT_SIZE)
#define CHUNK LATCHKEY_STREAM_CHUNK_SIZE
#define BOX LATCHKEY_STREAM_BOX_SIZE
#define MOST (2 * CHUNK + 100) /* three chunks */

static const uint8_t kAad[] = "header", kContext[] = "backup";
static latchkey_private_key* key;
static latchkey_public_key* recipient;
static uint8_t content[MOST], sealed[HEADER + 3 * BOX];

static inline void make_world(void) {
  uint8_t bytes[LATCHKEY_XWING_PUBLIC_KEY_SIZE];
  for (size_t i = 0; i < sizeof content; ++i) content[i] = (uint8_t)(i * 7 + i / 251);
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &key));
  REQUIRE_OK(public_bytes(key, bytes, LATCHKEY_XWING_PUBLIC_KEY_SIZE));
  REQUIRE_OK(latchkey_public_key_parse(LATCHKEY_KEM_XWING, bytes, sizeof bytes, &recipient));
}

static inline void free_world(void) {
  latchkey_public_key_free(recipient);
  latchkey_private_key_free(key);
}

static inline latchkey_stream_sealer* new_sealer(uint8_t* header) {
  latchkey_stream_sealer* sealer = NULL;
  REQUIRE_OK(latchkey_stream_sealer_create(recipient, NULL, kAad, sizeof kAad, kContext,
                                           sizeof kContext, header, HEADER, &sealer));
  return sealer;
}

static inline latchkey_stream_opener* new_opener(const uint8_t* header) {
  latchkey_stream_opener* opener = NULL;
  REQUIRE_OK(latchkey_stream_opener_create(key, header, HEADER, kAad, sizeof kAad, kContext,
                                           sizeof kContext, &opener));
  return opener;
}

/* `size` bytes of the content, chunk by chunk, to `sealed`. Returns how long the stream is. */
static inline size_t seal_in_chunks(size_t size) {
  latchkey_stream_sealer* sealer = new_sealer(sealed);
  size_t done = 0, end = HEADER;
  do {
    const size_t here = size - done < CHUNK ? size - done : CHUNK;
    const int is_last = done + here == size;
    REQUIRE(latchkey_stream_sealer_end(sealer) == LATCHKEY_E_SEALED_LENGTH);
    /* In place. */
    memcpy(sealed + end, content + done, here);
    REQUIRE_OK(latchkey_stream_sealer_chunk(sealer, sealed + end, here, is_last, sealed + end,
                                            here + LATCHKEY_STREAM_OVERHEAD));
    done += here;
    end += here + LATCHKEY_STREAM_OVERHEAD;
  } while (done < size);
  REQUIRE_OK(latchkey_stream_sealer_end(sealer));
  latchkey_stream_sealer_free(sealer);
  return end;
}

#endif
