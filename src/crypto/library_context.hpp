// The library context of libcrypto that algorithms are fetched from, and what forbids them.
//
// Fetches go to the program's own context (null), which its configuration (openssl.cnf) fills. A
// configuration can break what this library needs in two ways. It can name some providers and
// thereby leave out the default one, which is a mistake that is easily made: then algorithms come
// from a context of this library's own. Or it can state a policy, by default properties such as
// fips=yes: that is respected, and every call that needs a forbidden algorithm says so.
//
// The own context is made by the first call that needs it, never at start-up. It holds no secret,
// stays until the process ends, and a child of fork() has a copy. Thread-safe.
#pragma once

#include <openssl/types.h>

#include "latchkey/result.hpp"

namespace latchkey::crypto {

// The context to fetch from: null, which is the program's, or this library's own.
[[nodiscard]] OSSL_LIB_CTX* library_context() noexcept;

// Why a fetch from library_context(), or work that begins with one, failed: crypto_policy, if a
// policy is stated; otherwise crypto_failed.
[[nodiscard]] Error failure() noexcept;

}  // namespace latchkey::crypto
