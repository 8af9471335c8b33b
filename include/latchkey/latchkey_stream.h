/* Latchkey for C (C99): sealed streams chunk by chunk, for whoever has input and output of his own,
 * in the library latchkey-seal. latchkey_seal.h, which includes this header, has whole streams.
 *
 * What the heads of latchkey.h and latchkey_seal.h say holds here, too.
 */
#ifndef LATCHKEY_LATCHKEY_STREAM_H
#define LATCHKEY_LATCHKEY_STREAM_H

#include "latchkey/latchkey_seal.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* A box is an encrypted chunk with its tag. In bytes: what comes before the boxes, from the size of
 * the KEM's ciphertext; and by KEM, 0 if streams cannot be sealed to its keys. */
#define LATCHKEY_STREAM_HEADER_SIZE(ciphertext_size) ((ciphertext_size) + 56)
size_t latchkey_stream_header_size(latchkey_kem kem);
/* In bytes: the content of each box but the last, which has less or as much, and is empty only
 * where nothing was sealed. */
#define LATCHKEY_STREAM_CHUNK_SIZE 65536
/* In bytes: how much longer a box is than its chunk; and so each box but the last. */
#define LATCHKEY_STREAM_OVERHEAD 16
#define LATCHKEY_STREAM_BOX_SIZE 65552
/* The sizes above, for languages that read no macros. */
size_t latchkey_stream_chunk_size(void);
size_t latchkey_stream_box_size(void);

/* For one thread at a time. After an error every further call gives that error again, and so does
 * the question whether the stream is whole. NULL_ARGUMENT is such an error, too. */
typedef struct latchkey_stream_sealer latchkey_stream_sealer;
typedef struct latchkey_stream_opener latchkey_stream_opener;

/* A stream to that key, and its header, to be written before the boxes. Errors: NO_ENTROPY,
 * LOW_ORDER; TOO_LONG, if the context is; UNKNOWN_VERSION, for another suite. */
int latchkey_stream_sealer_create(const latchkey_public_key* key, const latchkey_suite* suite,
                                  const uint8_t* aad, size_t aad_size, const uint8_t* context,
                                  size_t context_size, uint8_t* header, size_t header_size,
                                  latchkey_stream_sealer** sealer) LATCHKEY_CHECKED;
/* The box of the next chunk, which is the last one unless is_last is 0. `box` has size +
 * LATCHKEY_STREAM_OVERHEAD bytes, which is box_size; it may begin where the chunk does, or not
 * overlap it. Errors: CHUNK_LENGTH, if a chunk in this place has another size; WRONG_SIZE, if the
 * box has; STREAM_ENDED, after the last; SEQUENCE_OVERFLOW. On an error `box` is zeroed, unless
 * box_size is above LATCHKEY_STREAM_BOX_SIZE. */
int latchkey_stream_sealer_chunk(latchkey_stream_sealer* sealer, const uint8_t* chunk, size_t size,
                                 int is_last, uint8_t* box, size_t box_size) LATCHKEY_CHECKED;
/* Whether the stream is whole: to be asked before it is handed on. Errors: SEALED_LENGTH, if no
 * chunk was the last; that of the call that failed. */
int latchkey_stream_sealer_end(const latchkey_stream_sealer* sealer) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_stream_sealer_free(latchkey_stream_sealer* sealer);

/* The stream with that header, whose commitment is compared here, before any chunk is decrypted.
 * Errors: NOT_AUTHENTIC, if key, aad or context is another, or the header was changed; NOT_SEALED,
 * if it is not the header of a stream; UNKNOWN_VERSION, OTHER_KEM; SEALED_LENGTH, if it has not
 * latchkey_stream_header_size() bytes; TOO_LONG, LOW_ORDER. */
int latchkey_stream_opener_create(const latchkey_private_key* key, const uint8_t* header,
                                  size_t header_size, const uint8_t* aad, size_t aad_size,
                                  const uint8_t* context, size_t context_size,
                                  latchkey_stream_opener** opener) LATCHKEY_CHECKED;
/* The chunk in the next box, which is the last one unless is_last is 0: it is, if nothing follows
 * it. `chunk` has box_size - LATCHKEY_STREAM_OVERHEAD bytes, which is size; it may begin where the
 * box does, or not overlap it. Errors: SEALED_LENGTH, if no box in this place has that size;
 * NOT_AUTHENTIC, if a chunk was changed, moved or left out, or if is_last is wrong; WRONG_SIZE, if
 * `size` is another; STREAM_ENDED, after the last; SEQUENCE_OVERFLOW. On an error `chunk` is
 * zeroed, unless `size` is above LATCHKEY_STREAM_CHUNK_SIZE: so a box that was cut to fewer than
 * LATCHKEY_STREAM_OVERHEAD bytes gives SEALED_LENGTH, and nothing is written. */
int latchkey_stream_opener_chunk(latchkey_stream_opener* opener, const uint8_t* box,
                                 size_t box_size, int is_last, uint8_t* chunk,
                                 size_t size) LATCHKEY_CHECKED;
/* Whether the stream was whole: what was opened is to be thrown away if not. Errors: SEALED_LENGTH,
 * if no box was the last; that of the call that failed. */
int latchkey_stream_opener_end(const latchkey_stream_opener* opener) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_stream_opener_free(latchkey_stream_opener* opener);

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
