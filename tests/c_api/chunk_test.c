/* Streams as a C99 program seals and opens them chunk by chunk. */
#include "stream.h"

/* A sealer that is used wrongly once. Whatever is asked of it then gives the error again. */
static void require_sealer_ends(size_t size, int is_last, size_t box_size, int error) {
  static uint8_t box[BOX + 1];
  uint8_t header[HEADER];
  latchkey_stream_sealer* sealer = new_sealer(header);
  const size_t zeroed = box_size <= BOX ? box_size : 0;
  memset(box, 0xaa, sizeof box);
  REQUIRE(latchkey_stream_sealer_chunk(sealer, content, size, is_last, box, box_size) == error);
  REQUIRE(is_zero(box, zeroed) && box[zeroed] == 0xaa);
  memset(box, 0xaa, sizeof box);
  REQUIRE(latchkey_stream_sealer_chunk(sealer, content, 10, 1, box, 26) == error);
  REQUIRE(is_zero(box, 26) && box[26] == 0xaa);
  REQUIRE(latchkey_stream_sealer_end(sealer) == error);
  latchkey_stream_sealer_free(sealer);
}

static void test_sealers(void) {
  static uint8_t box[BOX], context[60001];
  uint8_t header[HEADER];
  latchkey_stream_sealer* sealer = NULL;
  /* CHUNK + 1 bytes are a mistake in any place, fewer than CHUNK where they are not the last. */
  require_sealer_ends(CHUNK - 1, 0, BOX - 1, LATCHKEY_E_CHUNK_LENGTH);
  require_sealer_ends(0, 0, 16, LATCHKEY_E_CHUNK_LENGTH);
  require_sealer_ends(CHUNK + 1, 1, BOX, LATCHKEY_E_CHUNK_LENGTH);
  require_sealer_ends(CHUNK, 0, BOX - 1, LATCHKEY_E_WRONG_SIZE);
  require_sealer_ends(100, 1, 115, LATCHKEY_E_WRONG_SIZE);
  require_sealer_ends(100, 1, 117, LATCHKEY_E_WRONG_SIZE);
  /* A box that is larger than any is not touched: its size may be a subtraction's below zero. */
  require_sealer_ends(CHUNK, 0, BOX + 1, LATCHKEY_E_WRONG_SIZE);
  require_sealer_ends(100, 1, SIZE_MAX - 15, LATCHKEY_E_WRONG_SIZE);
  require_sealer_ends(SIZE_MAX - 31, 1, SIZE_MAX - 15, LATCHKEY_E_CHUNK_LENGTH);

  /* NULL ends a stream as any other error does: a chunk that is missing must not go unnoticed. */
  sealer = new_sealer(header);
  memset(box, 1, sizeof box);
  REQUIRE(latchkey_stream_sealer_chunk(sealer, NULL, 5, 0, box, 21) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(is_zero(box, 21) && box[21] == 1);
  memset(box, 1, sizeof box);
  REQUIRE(latchkey_stream_sealer_chunk(sealer, content, 5, 1, box, 21) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(is_zero(box, 21));
  REQUIRE(latchkey_stream_sealer_end(sealer) == LATCHKEY_E_NULL_ARGUMENT);
  latchkey_stream_sealer_free(sealer);
  sealer = new_sealer(header);
  REQUIRE_OK(latchkey_stream_sealer_chunk(sealer, content, 5, 1, box, 21));
  REQUIRE(latchkey_stream_sealer_chunk(sealer, content, 5, 1, NULL, 21) == LATCHKEY_E_STREAM_ENDED);
  REQUIRE(latchkey_stream_sealer_end(sealer) == LATCHKEY_E_STREAM_ENDED);
  latchkey_stream_sealer_free(sealer);

  /* An empty last chunk has nothing before it. */
  sealer = new_sealer(header);
  REQUIRE_OK(latchkey_stream_sealer_chunk(sealer, content, CHUNK, 0, box, BOX));
  REQUIRE(latchkey_stream_sealer_chunk(sealer, NULL, 0, 1, box, 16) == LATCHKEY_E_CHUNK_LENGTH);
  REQUIRE(latchkey_stream_sealer_end(sealer) == LATCHKEY_E_CHUNK_LENGTH);
  latchkey_stream_sealer_free(sealer);

  /* Nothing follows the last chunk. */
  sealer = new_sealer(header);
  REQUIRE_OK(latchkey_stream_sealer_chunk(sealer, content, 5, 1, box, 21));
  REQUIRE_OK(latchkey_stream_sealer_end(sealer));
  REQUIRE(latchkey_stream_sealer_chunk(sealer, content, 5, 1, box, 21) == LATCHKEY_E_STREAM_ENDED);
  REQUIRE(is_zero(box, 21));
  REQUIRE(latchkey_stream_sealer_end(sealer) == LATCHKEY_E_STREAM_ENDED);
  latchkey_stream_sealer_free(sealer);

  memset(box, 1, sizeof box);
  REQUIRE(latchkey_stream_sealer_chunk(NULL, content, 5, 1, box, 21) == LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(is_zero(box, 21) && box[21] == 1);
  REQUIRE(latchkey_stream_sealer_chunk(NULL, content, 5, 1, box + 21, SIZE_MAX) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(box[21] == 1);
  REQUIRE(latchkey_stream_sealer_end(NULL) == LATCHKEY_E_NULL_ARGUMENT);
  memset(header, 1, sizeof header);
  REQUIRE(latchkey_stream_sealer_create(NULL, NULL, NULL, 0, NULL, 0, header, HEADER, &sealer) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(sealer == NULL && is_zero(header, sizeof header));
  memset(header, 1, sizeof header);
  REQUIRE(latchkey_stream_sealer_create(recipient, NULL, NULL, 0, context, sizeof context, header,
                                        HEADER, &sealer) == LATCHKEY_E_TOO_LONG);
  REQUIRE(sealer == NULL && is_zero(header, sizeof header));
  latchkey_stream_sealer_free(NULL);
}

static void require_opener_ends(size_t box_size, int is_last, size_t size, int error) {
  static uint8_t chunk[CHUNK + 2];
  latchkey_stream_opener* opener = new_opener(sealed);
  const size_t zeroed = size <= CHUNK ? size : 0;
  memset(chunk, 0xaa, sizeof chunk);
  REQUIRE(latchkey_stream_opener_chunk(opener, sealed + HEADER, box_size, is_last, chunk, size) ==
          error);
  REQUIRE(is_zero(chunk, zeroed) && chunk[zeroed] == 0xaa);
  memset(chunk, 0xaa, sizeof chunk);
  REQUIRE(latchkey_stream_opener_chunk(opener, sealed + HEADER, BOX, 0, chunk, CHUNK) == error);
  REQUIRE(is_zero(chunk, CHUNK) && chunk[CHUNK] == 0xaa);
  REQUIRE(latchkey_stream_opener_end(opener) == error);
  latchkey_stream_opener_free(opener);
}

static void test_openers(void) {
  static uint8_t chunk[CHUNK];
  latchkey_stream_opener* opener = NULL;
  seal_in_chunks(CHUNK + 100);
  require_opener_ends(BOX, 1, CHUNK, LATCHKEY_E_NOT_AUTHENTIC);
  require_opener_ends(BOX, 0, CHUNK - 1, LATCHKEY_E_WRONG_SIZE);
  require_opener_ends(BOX, 0, CHUNK + 1, LATCHKEY_E_WRONG_SIZE);
  require_opener_ends(BOX - 1, 0, CHUNK - 1, LATCHKEY_E_SEALED_LENGTH);
  require_opener_ends(BOX - 1, 1, CHUNK - 1, LATCHKEY_E_NOT_AUTHENTIC);
  require_opener_ends(BOX + 1, 1, CHUNK + 1, LATCHKEY_E_SEALED_LENGTH);
  require_opener_ends(15, 1, 0, LATCHKEY_E_SEALED_LENGTH);
  require_opener_ends(0, 1, 0, LATCHKEY_E_SEALED_LENGTH);
  /* A cut box, and a chunk's size that is computed from it as from any other: it is far beyond the
   * caller's memory, which is not touched. */
  for (size_t size = 1; size < LATCHKEY_STREAM_OVERHEAD; ++size) {
    require_opener_ends(size, 1, size - LATCHKEY_STREAM_OVERHEAD, LATCHKEY_E_SEALED_LENGTH);
    require_opener_ends(size, 0, size - LATCHKEY_STREAM_OVERHEAD, LATCHKEY_E_SEALED_LENGTH);
    require_opener_ends(size, 1, CHUNK, LATCHKEY_E_SEALED_LENGTH);
  }

  /* Whoever stops before the last chunk is told so, and so is whoever goes on after it. */
  opener = new_opener(sealed);
  REQUIRE_OK(latchkey_stream_opener_chunk(opener, sealed + HEADER, BOX, 0, chunk, CHUNK));
  REQUIRE(latchkey_stream_opener_end(opener) == LATCHKEY_E_SEALED_LENGTH);
  REQUIRE_OK(latchkey_stream_opener_chunk(opener, sealed + HEADER + BOX, 116, 1, chunk, 100));
  REQUIRE_OK(latchkey_stream_opener_end(opener));
  memset(chunk, 1, sizeof chunk);
  REQUIRE(latchkey_stream_opener_chunk(opener, sealed + HEADER + BOX, 116, 1, chunk, 100) ==
          LATCHKEY_E_STREAM_ENDED);
  REQUIRE(is_zero(chunk, 100));
  REQUIRE(latchkey_stream_opener_end(opener) == LATCHKEY_E_STREAM_ENDED);
  latchkey_stream_opener_free(opener);

  opener = new_opener(sealed);
  REQUIRE(latchkey_stream_opener_chunk(opener, NULL, BOX, 0, chunk, CHUNK) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(is_zero(chunk, CHUNK));
  REQUIRE(latchkey_stream_opener_chunk(opener, sealed + HEADER, BOX, 0, chunk, CHUNK) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_stream_opener_end(opener) == LATCHKEY_E_NULL_ARGUMENT);
  latchkey_stream_opener_free(opener);

  memset(chunk, 1, sizeof chunk);
  REQUIRE(latchkey_stream_opener_chunk(NULL, sealed, 116, 1, chunk, 100) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(is_zero(chunk, 100) && chunk[100] == 1);
  REQUIRE(latchkey_stream_opener_chunk(NULL, sealed, 5, 1, chunk + 200,
                                       (size_t)5 - LATCHKEY_STREAM_OVERHEAD) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(chunk[200] == 1);
  REQUIRE(latchkey_stream_opener_end(NULL) == LATCHKEY_E_NULL_ARGUMENT);
  opener = (latchkey_stream_opener*)(void*)chunk;
  REQUIRE(latchkey_stream_opener_create(NULL, sealed, HEADER, NULL, 0, NULL, 0, &opener) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(opener == NULL);
  for (size_t size = HEADER - 1; size <= HEADER + 1; size += 2) {
    REQUIRE(latchkey_stream_opener_create(key, sealed, size, NULL, 0, NULL, 0, &opener) ==
            LATCHKEY_E_SEALED_LENGTH);
  }
  REQUIRE(latchkey_stream_opener_create(key, NULL, 0, NULL, 0, NULL, 0, &opener) ==
          LATCHKEY_E_NOT_SEALED);
  REQUIRE(opener == NULL);
  latchkey_stream_opener_free(NULL);
}

static void test_purge(void) {
  static uint8_t chunk[CHUNK], box[BOX];
  uint8_t header[HEADER];
  seal_in_chunks(100);
  latchkey_stream_sealer* sealer = new_sealer(header);
  latchkey_stream_opener* opener = new_opener(sealed);
  latchkey_purge();
  memset(chunk, 1, sizeof chunk);
  memset(box, 1, sizeof box);
  REQUIRE(latchkey_stream_sealer_chunk(sealer, content, 5, 1, box, 21) == LATCHKEY_E_PURGED);
  REQUIRE(latchkey_stream_sealer_end(sealer) == LATCHKEY_E_PURGED && is_zero(box, 21));
  REQUIRE(latchkey_stream_opener_chunk(opener, sealed + HEADER, 116, 1, chunk, 100) ==
          LATCHKEY_E_PURGED);
  REQUIRE(latchkey_stream_opener_end(opener) == LATCHKEY_E_PURGED && is_zero(chunk, 100));
  latchkey_stream_sealer_free(sealer);
  latchkey_stream_opener_free(opener);
}

int main(void) {
  REQUIRE(latchkey_stream_header_size(LATCHKEY_KEM_XWING) == HEADER);
  REQUIRE(latchkey_stream_chunk_size() == CHUNK);
  REQUIRE(latchkey_stream_box_size() == BOX);
  make_world();
  test_sealers();
  test_openers();
  test_purge();
  free_world();
  puts("the C interface of chunks does what it says");
  return 0;
}
