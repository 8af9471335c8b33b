/* Latchkey for C (C99): ML-KEM, X-Wing and secrets, in the library latchkey. The library
 * latchkey-seal has latchkey_seal.h.
 *
 *   latchkey_private_key *key = NULL;
 *   int status = latchkey_private_key_generate(LATCHKEY_KEM_MLKEM768, 0, &key);
 *   if (status != LATCHKEY_OK) return fail(latchkey_strerror(status));
 *   ...
 *   latchkey_private_key_free(key);
 *
 * What the C++ headers say of each thing holds here, too: mlkem.hpp, xwing.hpp, secret_memory.hpp.
 *
 * A function that can fail returns LATCHKEY_OK or one of the other LATCHKEY_E_ numbers. On an error
 * the new handle is NULL, and the output buffer is zeroed, unless its size is above PTRDIFF_MAX: no
 * buffer is so large, and a subtraction went below zero. Sizes are in bytes. An output buffer has
 * exactly the size of the result, or the error is WRONG_SIZE. A NULL handle, NULL bytes with a size
 * above 0, a NULL result and a NULL function give LATCHKEY_E_NULL_ARGUMENT. NULL is allowed for
 * bytes of size 0, and in the free functions, which ignore it. A number that stands for none of the
 * choices gives LATCHKEY_E_UNKNOWN_VALUE. A handle that was freed already, or is of another kind
 * than the function takes, ends the program (abort) with a line on stderr, if it is noticed: a
 * freed handle is not once its memory has been given out again for a handle of the same kind.
 *
 * A function that makes a handle can fail with LATCHKEY_E_NO_MEMORY. If the handle is for a private
 * key or a secret, it can also fail with LATCHKEY_E_MEMORY_NOT_LOCKED,
 * LATCHKEY_E_MEMORY_NOT_PROTECTED, LATCHKEY_E_TOO_MANY_MAPPINGS and, if it is the first of the
 * process, LATCHKEY_E_NO_ENTROPY. A function that uses a private key or a secret can fail with
 * LATCHKEY_E_INHERITED in a child of fork(), and with LATCHKEY_E_PURGED after latchkey_purge().
 * "Errors" below do not repeat these, nor WRONG_SIZE, NULL_ARGUMENT and UNKNOWN_VALUE, and leave
 * LATCHKEY_E_ out of the names.
 *
 * All functions may run in many threads at once, also with the same handle, as long as none of them
 * frees it; a stream, an HPKE context and a TLS client are for one thread at a time. A function of
 * yours that is called may neither throw nor longjmp, and its thread may not be cancelled there
 * (pthread_cancel): what is to be wiped on the way back would stay.
 */
#ifndef LATCHKEY_LATCHKEY_H
#define LATCHKEY_LATCHKEY_H

#include "latchkey/latchkey_base.h"
#include "latchkey/latchkey_incremental.h"
#include "latchkey/latchkey_kem.h"
#include "latchkey/latchkey_tls.h"

#endif
