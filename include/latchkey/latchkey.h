/* Latchkey for C (C99): ML-KEM, X-Wing, TLS's key exchanges and secrets, in the library latchkey.
 * latchkey_seal.h is for the library latchkey-seal.
 *
 *   latchkey_private_key *key = NULL;
 *   int status = latchkey_private_key_generate(LATCHKEY_KEM_MLKEM768, 0, &key);
 *   if (status != LATCHKEY_OK) return fail(latchkey_strerror(status));
 *   ...
 *   latchkey_private_key_free(key);
 *
 * The C++ headers have more details, which hold in C, too: mlkem.hpp, xwing.hpp, secret_memory.hpp.
 *
 * A function that can fail returns LATCHKEY_OK or one of the other LATCHKEY_E_ numbers. On an error
 * the new handle is NULL, and the output buffer is zeroed, unless its size is above PTRDIFF_MAX:
 * then the caller's subtraction went below zero. Sizes are in bytes. An output buffer must have
 * exactly the size of the result, or the error is LATCHKEY_E_WRONG_SIZE. It must not overlap
 * another output, nor an input unless the function says so. A NULL handle, NULL bytes with a size
 * above 0, a NULL result and a NULL function give LATCHKEY_E_NULL_ARGUMENT. NULL is allowed for
 * bytes of size 0, and in the free functions, which ignore it. A number that is none of the listed
 * values gives LATCHKEY_E_UNKNOWN_VALUE. A freed handle, or one of the wrong type, ends the program
 * (abort) with a line on stderr. A freed handle is not noticed if its memory was reused for a
 * handle of the same type.
 *
 * A function that makes a handle can fail with LATCHKEY_E_NO_MEMORY. If the handle is for a private
 * key or a secret, it can also fail with LATCHKEY_E_MEMORY_NOT_LOCKED,
 * LATCHKEY_E_MEMORY_NOT_PROTECTED, LATCHKEY_E_TOO_MANY_MAPPINGS and, if it is the first of the
 * process, LATCHKEY_E_NO_ENTROPY. A function that uses a private key or a secret can fail with
 * LATCHKEY_E_INHERITED in a child of fork(), and with LATCHKEY_E_PURGED after latchkey_purge(). The
 * "Errors" of each function do not repeat these, nor WRONG_SIZE, NULL_ARGUMENT and UNKNOWN_VALUE,
 * and leave LATCHKEY_E_ out of the names.
 *
 * All functions may run in many threads at once, also with the same handle, as long as none of them
 * frees it. But a stream, an HPKE context, a TLS client and an incremental encapsulation are for
 * one thread at a time; where LATCHKEY_E_NO_MEMORY comes from one of these, its message or share
 * may be used up. A callback must not free a handle that the call uses, nor throw or longjmp, and
 * its thread must not be cancelled in it (pthread_cancel): the library would not wipe its secrets.
 */
#ifndef LATCHKEY_LATCHKEY_H
#define LATCHKEY_LATCHKEY_H

#include "latchkey/latchkey_base.h"
#include "latchkey/latchkey_incremental.h"
#include "latchkey/latchkey_kem.h"
#include "latchkey/latchkey_tls.h"

#endif
