/* Whole streams as a C99 program seals and opens them. */
#include "stream.h"

static uint8_t damaged[HEADER + 5 * BOX];

/* From one place of memory to another, a few bytes at a time. */
struct flow {
  const uint8_t* from;
  size_t left, most;
  uint8_t to[HEADER + 5 * BOX];
  size_t written;
  int reads_before_failure, writes_before_failure; /* or -1, for none */
  int ends, lies;
};

static ptrdiff_t read_some(void* user, uint8_t* to, size_t room) {
  struct flow* flow = user;
  size_t size = flow->left < flow->most ? flow->left : flow->most;
  if (flow->reads_before_failure == 0) return -1;
  if (flow->reads_before_failure > 0) --flow->reads_before_failure;
  if (flow->lies) return (ptrdiff_t)room + 1;
  REQUIRE(room > 0);
  if (size > room) size = room;
  if (size == 0) {
    REQUIRE(flow->ends++ == 0);
    return 0;
  }
  memcpy(to, flow->from, size);
  flow->from += size;
  flow->left -= size;
  return (ptrdiff_t)size;
}

static int write_all(void* user, const uint8_t* bytes, size_t size) {
  struct flow* flow = user;
  if (flow->writes_before_failure == 0) return -7;
  if (flow->writes_before_failure > 0) --flow->writes_before_failure;
  REQUIRE(size <= sizeof flow->to - flow->written);
  memcpy(flow->to + flow->written, bytes, size);
  flow->written += size;
  return 0;
}

static struct flow* flow_of(const uint8_t* from, size_t size) {
  static struct flow flow;
  flow.from = from;
  flow.left = size;
  flow.most = 10007;
  flow.written = 0;
  flow.reads_before_failure = flow.writes_before_failure = -1;
  flow.ends = flow.lies = 0;
  return &flow;
}

static int seal_whole(struct flow* flow) {
  return latchkey_seal_stream(recipient, NULL, read_some, write_all, flow, kAad, sizeof kAad,
                              kContext, sizeof kContext);
}

static int open_whole(struct flow* flow) {
  return latchkey_open_stream(key, read_some, write_all, flow, kAad, sizeof kAad, kContext,
                              sizeof kContext);
}

/* Opens the first `length` bytes of `sealed` box by box, as a program does that has read them from
 * a file, which may be cut. Returns the first error, or what the end says. */
static int open_in_chunks(size_t length, size_t* opened) {
  static uint8_t chunk[CHUNK];
  latchkey_stream_opener* opener = new_opener(sealed);
  size_t at = HEADER;
  int status = LATCHKEY_OK;
  *opened = 0;
  while (status == LATCHKEY_OK && at < length) {
    const size_t box = length - at < BOX ? length - at : BOX;
    const size_t here = box - LATCHKEY_STREAM_OVERHEAD;
    REQUIRE(latchkey_stream_opener_end(opener) == LATCHKEY_E_SEALED_LENGTH);
    status =
        latchkey_stream_opener_chunk(opener, sealed + at, box, at + box == length, chunk, here);
    if (status == LATCHKEY_OK) {
      REQUIRE(memcmp(chunk, content + *opened, here) == 0);
      *opened += here;
    }
    at += box;
  }
  const int end = latchkey_stream_opener_end(opener);
  REQUIRE(status == LATCHKEY_OK || end == status);
  latchkey_stream_opener_free(opener);
  return end;
}

static void test_both_ways(void) {
  static const size_t kSizes[] = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, MOST};
  for (size_t i = 0; i < sizeof kSizes / sizeof *kSizes; ++i) {
    const size_t size = kSizes[i];
    struct flow* flow = flow_of(content, size);
    REQUIRE_OK(seal_whole(flow));
    const size_t length = flow->written;
    memcpy(sealed, flow->to, length);

    size_t opened;
    REQUIRE_OK(open_in_chunks(length, &opened));
    REQUIRE(opened == size);

    REQUIRE(seal_in_chunks(size) == length);
    flow = flow_of(sealed, length);
    REQUIRE_OK(open_whole(flow));
    REQUIRE(flow->written == size && memcmp(flow->to, content, size) == 0);
  }
}

static void test_cut_box(void) {
  size_t opened;
  seal_in_chunks(MOST);
  for (size_t cut = 1; cut < LATCHKEY_STREAM_OVERHEAD; ++cut) {
    REQUIRE(open_in_chunks(HEADER + cut, &opened) == LATCHKEY_E_SEALED_LENGTH && opened == 0);
    REQUIRE(open_in_chunks(HEADER + 2 * BOX + cut, &opened) == LATCHKEY_E_SEALED_LENGTH);
    REQUIRE(opened == 2 * CHUNK);
  }
}

/* That a stream of `size` bytes gives this error, and no more than some whole chunks before it. */
static void require_refused(const uint8_t* bytes, size_t size, int error, size_t chunks) {
  struct flow* flow = flow_of(bytes, size);
  REQUIRE(open_whole(flow) == error);
  REQUIRE(flow->written == chunks * CHUNK && memcmp(flow->to, content, flow->written) == 0);
}

static void test_damage(void) {
  static const size_t kCuts[] = {HEADER + 1,           HEADER + 16,      HEADER + BOX - 1,
                                 HEADER + BOX,         HEADER + BOX + 1, HEADER + BOX + 17,
                                 HEADER + 2 * BOX - 1, HEADER + 2 * BOX, HEADER + 2 * BOX + 115};
  static const int kErrors[] = {
      LATCHKEY_E_SEALED_LENGTH, LATCHKEY_E_NOT_AUTHENTIC, LATCHKEY_E_NOT_AUTHENTIC,
      LATCHKEY_E_NOT_AUTHENTIC, LATCHKEY_E_SEALED_LENGTH, LATCHKEY_E_NOT_AUTHENTIC,
      LATCHKEY_E_NOT_AUTHENTIC, LATCHKEY_E_NOT_AUTHENTIC, LATCHKEY_E_NOT_AUTHENTIC};
  static const size_t kChunks[] = {0, 0, 0, 0, 1, 1, 1, 1, 2};
  const size_t length = seal_in_chunks(MOST);
  REQUIRE(length == HEADER + 2 * BOX + 116);

  for (size_t i = 0; i < sizeof kCuts / sizeof *kCuts; ++i) {
    require_refused(sealed, kCuts[i], kErrors[i], kChunks[i]);
  }
  require_refused(sealed, HEADER, LATCHKEY_E_SEALED_LENGTH, 0);
  require_refused(sealed, HEADER - 1, LATCHKEY_E_SEALED_LENGTH, 0);
  require_refused(sealed, 23, LATCHKEY_E_NOT_SEALED, 0);
  require_refused(NULL, 0, LATCHKEY_E_NOT_SEALED, 0);
  require_refused(content, MOST, LATCHKEY_E_NOT_SEALED, 0);

  /* The first two boxes the other way round, the second one twice, and none of the second. */
  memcpy(damaged, sealed, length);
  memcpy(damaged + HEADER, sealed + HEADER + BOX, BOX);
  memcpy(damaged + HEADER + BOX, sealed + HEADER, BOX);
  require_refused(damaged, length, LATCHKEY_E_NOT_AUTHENTIC, 0);
  memcpy(damaged, sealed, HEADER + 2 * BOX);
  memcpy(damaged + HEADER + 2 * BOX, sealed + HEADER + BOX, length - HEADER - BOX);
  require_refused(damaged, length + BOX, LATCHKEY_E_NOT_AUTHENTIC, 2);
  memcpy(damaged + HEADER + BOX, sealed + HEADER + 2 * BOX, length - HEADER - 2 * BOX);
  require_refused(damaged, length - BOX, LATCHKEY_E_NOT_AUTHENTIC, 1);

  /* A byte more, and another last box. */
  memcpy(damaged, sealed, length);
  damaged[length] = 0;
  require_refused(damaged, length + 1, LATCHKEY_E_NOT_AUTHENTIC, 2);
  memcpy(damaged + length, sealed + HEADER + 2 * BOX, length - HEADER - 2 * BOX);
  require_refused(damaged, length + 116, LATCHKEY_E_NOT_AUTHENTIC, 2);

  /* One bit, wherever it is. */
  for (size_t at = 0; at < length; at += at < HEADER ? 97 : 20011) {
    memcpy(damaged, sealed, length);
    damaged[at] ^= 0x10;
    struct flow* flow = flow_of(damaged, length);
    REQUIRE(open_whole(flow) != LATCHKEY_OK);
    REQUIRE(flow->written == (at < HEADER ? 0 : (at - HEADER) / BOX * CHUNK));
    REQUIRE(memcmp(flow->to, content, flow->written) == 0);
  }
}

static void test_others(void) {
  const size_t length = seal_in_chunks(100);
  latchkey_private_key* other = NULL;
  struct flow* flow = flow_of(sealed, length);
  REQUIRE_OK(latchkey_private_key_generate(LATCHKEY_KEM_XWING, 0, &other));
  REQUIRE(latchkey_open_stream(other, read_some, write_all, flow, kAad, sizeof kAad, kContext,
                               sizeof kContext) == LATCHKEY_E_NOT_AUTHENTIC);
  latchkey_private_key_free(other);
  flow = flow_of(sealed, length);
  REQUIRE(latchkey_open_stream(key, read_some, write_all, flow, kAad, sizeof kAad - 1, kContext,
                               sizeof kContext) == LATCHKEY_E_NOT_AUTHENTIC);
  flow = flow_of(sealed, length);
  REQUIRE(latchkey_open_stream(key, read_some, write_all, flow, kAad, sizeof kAad, NULL, 0) ==
          LATCHKEY_E_NOT_AUTHENTIC);
  REQUIRE(flow->written == 0);
  flow = flow_of(sealed, length);
  REQUIRE(latchkey_open_stream(NULL, read_some, write_all, flow, NULL, 0, NULL, 0) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(latchkey_seal_stream(NULL, NULL, read_some, write_all, flow, NULL, 0, NULL, 0) ==
          LATCHKEY_E_NULL_ARGUMENT);
  REQUIRE(flow->left == length && flow->written == 0);

  /* A message is no stream, and other versions are not known. */
  static uint8_t message[LATCHKEY_SEAL_OVERHEAD(LATCHKEY_XWING_CIPHERTEXT_SIZE)];
  REQUIRE_OK(latchkey_seal_for(recipient, NULL, NULL, 0, kAad, sizeof kAad, kContext,
                               sizeof kContext, message, sizeof message));
  require_refused(message, sizeof message, LATCHKEY_E_NOT_SEALED, 0);
  sealed[8] = 1;
  require_refused(sealed, length, LATCHKEY_E_UNKNOWN_VERSION, 0);
  sealed[8] = 3;
  require_refused(sealed, length, LATCHKEY_E_UNKNOWN_VERSION, 0);
  sealed[8] = 2;
  sealed[10] = 0x00;
  sealed[11] = 0x41; /* ML-KEM-768 */
  require_refused(sealed, length, LATCHKEY_E_OTHER_KEM, 0);
}

static void test_trouble_of_the_caller(void) {
  struct flow* flow = NULL;
  for (int calls = 0; calls < 3; ++calls) {
    flow = flow_of(content, MOST);
    flow->reads_before_failure = calls;
    REQUIRE(seal_whole(flow) == LATCHKEY_E_READ_FAILED);
    flow = flow_of(content, MOST);
    flow->writes_before_failure = calls;
    REQUIRE(seal_whole(flow) == LATCHKEY_E_WRITE_FAILED);
  }
  flow = flow_of(content, MOST);
  flow->lies = 1;
  REQUIRE(seal_whole(flow) == LATCHKEY_E_READ_FAILED);
  const size_t length = seal_in_chunks(MOST);
  for (int calls = 0; calls < 3; ++calls) {
    flow = flow_of(sealed, length);
    flow->reads_before_failure = calls;
    REQUIRE(open_whole(flow) == LATCHKEY_E_READ_FAILED);
    flow = flow_of(sealed, length);
    flow->writes_before_failure = calls;
    REQUIRE(open_whole(flow) == LATCHKEY_E_WRITE_FAILED);
    REQUIRE(flow->written <= (size_t)calls * CHUNK);
  }
}

/* The two functions of latchkey_seal.h's head. */
static ptrdiff_t from_file(void* files, uint8_t* to, size_t room) {
  FILE* in = ((FILE**)files)[0];
  size_t size = fread(to, 1, room, in);
  return size == 0 && ferror(in) ? -1 : (ptrdiff_t)size;
}
static int to_file(void* files, const uint8_t* bytes, size_t size) {
  return fwrite(bytes, 1, size, ((FILE**)files)[1]) == size ? 0 : -1;
}

static void test_files(void) {
  FILE* files[2] = {tmpfile(), tmpfile()};
  REQUIRE(files[0] != NULL && files[1] != NULL);
  REQUIRE(fwrite(content, 1, MOST, files[0]) == MOST);
  rewind(files[0]);
  REQUIRE_OK(latchkey_seal_stream(recipient, NULL, from_file, to_file, files, NULL, 0, kContext,
                                  sizeof kContext));
  FILE* back[2] = {files[1], files[0]};
  rewind(files[0]);
  rewind(files[1]);
  REQUIRE_OK(
      latchkey_open_stream(key, from_file, to_file, back, NULL, 0, kContext, sizeof kContext));
  rewind(files[0]);
  REQUIRE(fread(damaged, 1, sizeof damaged, files[0]) == MOST);
  REQUIRE(memcmp(damaged, content, MOST) == 0);
  fclose(files[0]);
  fclose(files[1]);
}

int main(void) {
  make_world();
  test_both_ways();
  test_cut_box();
  test_files();
  test_damage();
  test_others();
  test_trouble_of_the_caller();
  free_world();
  puts("the C interface of whole streams does what it says");
  return 0;
}
