/* Latchkey for C (C99): errors, functions for the whole process, secrets. latchkey.h includes this
 * header; the comment at its top has the rules for all functions.
 */
#ifndef LATCHKEY_LATCHKEY_BASE_H
#define LATCHKEY_LATCHKEY_BASE_H

#include <stddef.h>
#include <stdint.h>

#include "latchkey/export.h"

#ifdef __cplusplus
extern "C" {
#endif

LATCHKEY_API_BEGIN

/* While this number stays the same, functions are added, and none is removed or changed. */
#define LATCHKEY_ABI_VERSION 2
/* The LATCHKEY_ABI_VERSION of the library in use, which may be newer than this header. */
int latchkey_abi_version(void);
/* The version of the library in use, for example "0.1.0". Do not free it. */
const char* latchkey_version(void);

/* ---- Errors */

/* Compilers warn where a program ignores the result of such a function. */
#define LATCHKEY_CHECKED __attribute__((warn_unused_result))

/* The errors. error_list.h lists them with their texts. Their numbers are those of latchkey::Error
 * (result.hpp) and never change. */
enum {
  LATCHKEY_OK = 0, /* no error */
#define LATCHKEY_ERROR(name, NAME, number, text) LATCHKEY_E_##NAME = number,
#include "latchkey/error_list.h"
};

/* The text of an error, one sentence without a full stop. Never NULL. Do not free it. */
const char* latchkey_strerror(int status);

/* ---- The process */

/* Checks key generation, encapsulation and decapsulation of every KEM of this library against fixed
 * answers. About 1 ms with AVX-512, 5 without SIMD. Errors: SELF_TEST_FAILED, NO_ENTROPY. */
int latchkey_self_test(void) LATCHKEY_CHECKED;
/* The implementation in use on this machine: "ref", "avx2" or "avx512". Do not free it. */
const char* latchkey_backend_name(void);
/* Wipes every secret of the process. Every later use of one gives LATCHKEY_E_PURGED; free the
 * handles all the same. Do not call it in a signal handler: it waits for a mutex. */
void latchkey_purge(void);
/* Keeps the process out of core dumps and away from debuggers. Errors: NOT_HARDENED. */
int latchkey_harden_process(void) LATCHKEY_CHECKED;

/* What to do if the system refuses to lock memory, or to keep it out of core dumps and child
 * processes. Add flags with |. */
enum {
  LATCHKEY_POLICY_REQUIRE = 0,         /* the default: return an error */
  LATCHKEY_POLICY_BEST_EFFORT = 1,     /* use ordinary memory */
  LATCHKEY_POLICY_PROTECTION_KEYS = 2, /* flag: only this library can access secrets */
  LATCHKEY_POLICY_NO_MEMFD_SECRET = 4  /* flag: never call memfd_secret(2) */
};
/* Sets the policy from now on. Errors: MEMORY_NOT_PROTECTED, if existing secrets cannot be put
 * under the protection key; UNKNOWN_VALUE, for a policy that this version of the library does not
 * know, and then nothing changes. */
int latchkey_set_memory_policy(int policy) LATCHKEY_CHECKED;
/* Whether protection keys are in force, 1 or 0. */
int latchkey_has_protection_keys(void);

/* ---- Secrets for children */

/* A child of fork() cannot use the secrets of its parent: the error is LATCHKEY_E_INHERITED. A
 * server that loads its key once and works in children (prefork) has to pass the key on explicitly:
 *
 *   latchkey_private_key_inheritable(key, &for_workers);   before fork(): a second handle
 *   latchkey_private_key_free(key);                        if the parent no longer needs it
 *   ... fork() ...
 *   latchkey_private_key_adopt(for_workers, &mine);        in each worker: a key of its own
 *   latchkey_private_key_free(for_workers);                in the worker: does not wipe the key
 *
 * In the process that made it, an inheritable handle works like any other. As long as it exists,
 * each child of this process gets a copy of its secret, in memory of its own, which is locked again
 * in the child. What one process does with its handle changes nothing in another one: the parent
 * may free the handle when the last worker is forked. Where a child may not lock memory, adopting
 * gives MEMORY_NOT_LOCKED, and the copy is wiped; under LATCHKEY_POLICY_BEST_EFFORT it is used
 * nevertheless. This memory is not of memfd_secret(2), so root can read it. A child that executes
 * another program (exec) leaves its copy to the kernel, unwiped: use posix_spawn(3), which makes
 * none.
 *
 * A child can use the public keys of its parent directly. */

/* ---- Secrets, in locked memory */

/* Bytes that are secret: a shared secret of a KEM, a session key, an opened message. */
typedef struct latchkey_secret latchkey_secret;

/* A copy of the bytes. Wiping the bytes is up to you. */
int latchkey_secret_from_bytes(const uint8_t* bytes, size_t size,
                               latchkey_secret** secret) LATCHKEY_CHECKED;
/* Random bytes of the operating system. Errors: NO_ENTROPY. */
int latchkey_secret_random(size_t size, latchkey_secret** secret) LATCHKEY_CHECKED;
/* The size in bytes. 0 if the handle is NULL. */
size_t latchkey_secret_size(const latchkey_secret* secret);
/* Whether it is in locked memory, 1 or 0. 0 only under LATCHKEY_POLICY_BEST_EFFORT, or if the
 * handle is NULL. */
int latchkey_secret_is_locked(const latchkey_secret* secret);
/* Calls use(context, bytes, size). The bytes must not be used after use() has returned. On an error
 * use() may have been called: then discard its results. */
int latchkey_secret_read(const latchkey_secret* secret,
                         void (*use)(void* context, const uint8_t* bytes, size_t size),
                         void* context) LATCHKEY_CHECKED;
/* Copies the secret to memory of your own, of exactly its size. Wiping that is up to you. */
int latchkey_secret_copy(const latchkey_secret* secret, uint8_t* to, size_t size) LATCHKEY_CHECKED;
/* Sets *equal to 1 if both have the same bytes, else and on an error to 0. Constant-time in the
 * contents; the sizes are public. */
int latchkey_secret_equal(const latchkey_secret* a, const latchkey_secret* b,
                          int* equal) LATCHKEY_CHECKED;
/* A second handle for the same secret, for children of fork(): see "Secrets for children". Errors:
 * PURGED. */
int latchkey_secret_inheritable(const latchkey_secret* secret,
                                latchkey_secret** inheritable) LATCHKEY_CHECKED;
/* In a child: makes the child's own handle from an inheritable handle of its parent. Errors:
 * INHERITED, if the handle is not inheritable, or its secret is of 0 bytes; PURGED, if this process
 * purged it, or the parent before the fork; MEMORY_NOT_LOCKED. */
int latchkey_secret_adopt(const latchkey_secret* inherited, latchkey_secret** own) LATCHKEY_CHECKED;
/* Wipes it. NULL is allowed. */
void latchkey_secret_free(latchkey_secret* secret);

LATCHKEY_API_END

#ifdef __cplusplus
}
#endif

#endif
