/* Latchkey for C (C99): sealed streams chunk by chunk, for programs that do their own input and
 * output. In the library latchkey-seal. latchkey_seal.h includes this header, and has functions for
 * whole streams.
 *
 * The rules at the top of latchkey.h and latchkey_seal.h hold here, too.
 */
#ifndef LATCHKEY_LATCHKEY_STREAM_H
#define LATCHKEY_LATCHKEY_STREAM_H

#include "latchkey/latchkey_seal.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* A stream is its header (docs/formats.md: preamble), and then boxes. A box is an encrypted chunk
 * with its tag. The size of this header in bytes: from the size of the KEM's ciphertext, or by KEM;
 * 0, if streams cannot be sealed to the KEM's keys. */
#define LATCHKEY_STREAM_HEADER_SIZE(ciphertext_size) ((ciphertext_size) + 56)
size_t latchkey_stream_header_size(latchkey_kem kem);
/* The size of each chunk but the last, in bytes. The last chunk has at most this size. It is empty
 * only in an empty stream. */
#define LATCHKEY_STREAM_CHUNK_SIZE 65536
/* How much longer a box is than its chunk; and the size of each box but the last. In bytes. */
#define LATCHKEY_STREAM_OVERHEAD 16
#define LATCHKEY_STREAM_BOX_SIZE 65552
/* The sizes above, for languages that cannot use C macros. */
size_t latchkey_stream_chunk_size(void);
size_t latchkey_stream_box_size(void);

/* For one thread at a time. After an error, NULL_ARGUMENT included, every further call gives that
 * error again, and so does the _end() function. */
typedef struct latchkey_stream_sealer latchkey_stream_sealer;
typedef struct latchkey_stream_opener latchkey_stream_opener;

/* Starts a stream to that key. Writes its header, which is sent before the boxes. Errors:
 * NO_ENTROPY, LOW_ORDER; TOO_LONG, if the context is too long; UNKNOWN_VERSION, for another suite.
 */
int latchkey_stream_sealer_create(const latchkey_public_key* key, const latchkey_suite* suite,
                                  const uint8_t* aad, size_t aad_size, const uint8_t* context,
                                  size_t context_size, uint8_t* header, size_t header_size,
                                  latchkey_stream_sealer** sealer) LATCHKEY_CHECKED;
/* Encrypts the next chunk. is_last is 0 for every chunk but the last. box_size is size +
 * LATCHKEY_STREAM_OVERHEAD. `box` may begin where the chunk begins; otherwise they must not
 * overlap. Errors: CHUNK_LENGTH, if the chunk has the wrong size (only the last one may be
 * shorter); WRONG_SIZE, if the box has the wrong size; STREAM_ENDED, after the last;
 * SEQUENCE_OVERFLOW. On an error `box` is zeroed, unless box_size is above
 * LATCHKEY_STREAM_BOX_SIZE. */
int latchkey_stream_sealer_chunk(latchkey_stream_sealer* sealer, const uint8_t* chunk, size_t size,
                                 int is_last, uint8_t* box, size_t box_size) LATCHKEY_CHECKED;
/* Whether the stream is complete. Call it before you use the stream. Errors: SEALED_LENGTH, if no
 * chunk was the last; the error of an earlier call that failed. */
int latchkey_stream_sealer_end(const latchkey_stream_sealer* sealer) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_stream_sealer_free(latchkey_stream_sealer* sealer);

/* Starts to open the stream with that header. Compares the header's commitment before any chunk is
 * decrypted. Errors: NOT_AUTHENTIC, if the key, aad or context is wrong, or the header was changed;
 * NOT_SEALED, if it is not the header of a stream; UNKNOWN_VERSION, OTHER_KEM; SEALED_LENGTH, if it
 * is not latchkey_stream_header_size() bytes long; TOO_LONG, LOW_ORDER. */
int latchkey_stream_opener_create(const latchkey_private_key* key, const uint8_t* header,
                                  size_t header_size, const uint8_t* aad, size_t aad_size,
                                  const uint8_t* context, size_t context_size,
                                  latchkey_stream_opener** opener) LATCHKEY_CHECKED;
/* Decrypts the next box. is_last is 0 for every box but the last, which is the one that nothing
 * follows. `size` is box_size - LATCHKEY_STREAM_OVERHEAD. `chunk` may begin where the box begins;
 * otherwise they must not overlap. Errors: SEALED_LENGTH, if no box in this place has that size;
 * NOT_AUTHENTIC, if a chunk was changed, moved or left out, or if is_last is wrong; WRONG_SIZE, if
 * `size` is wrong; STREAM_ENDED, after the last; SEQUENCE_OVERFLOW. On an error `chunk` is zeroed,
 * unless `size` is above LATCHKEY_STREAM_CHUNK_SIZE. This is so for a box that was cut to fewer
 * than LATCHKEY_STREAM_OVERHEAD bytes: the error is SEALED_LENGTH, and nothing is written. */
int latchkey_stream_opener_chunk(latchkey_stream_opener* opener, const uint8_t* box,
                                 size_t box_size, int is_last, uint8_t* chunk,
                                 size_t size) LATCHKEY_CHECKED;
/* Whether the stream was complete. If not, discard what was opened. Errors: SEALED_LENGTH, if no
 * box was the last; the error of an earlier call that failed. */
int latchkey_stream_opener_end(const latchkey_stream_opener* opener) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_stream_opener_free(latchkey_stream_opener* opener);

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
