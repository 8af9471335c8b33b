// What the provider knows about one library context of libcrypto that it is loaded into.
#pragma once

#include <openssl/core.h>
#include <openssl/core_dispatch.h>

#include "latchkey/result.hpp"
#include "provider/settings.hpp"

namespace latchkey::provider {

// libcrypto's functions for providers that are used here (provider-base(7)).
struct Upcalls {
  OSSL_FUNC_core_new_error_fn* new_error = nullptr;
  OSSL_FUNC_core_set_error_debug_fn* set_error_debug = nullptr;
  OSSL_FUNC_core_vset_error_fn* vset_error = nullptr;
  OSSL_FUNC_core_get_params_fn* get_params = nullptr;
  OSSL_FUNC_BIO_read_ex_fn* read = nullptr;
  OSSL_FUNC_BIO_write_ex_fn* write = nullptr;
};

struct CountersFile;

struct Context {
  const OSSL_CORE_HANDLE* core = nullptr;
  Upcalls upcalls;
  Settings settings;
  // A child of the program's library context, for what is not ours: P-256, P-384, PKCS #8.
  OSSL_LIB_CTX* child = nullptr;
  CountersFile* counters = nullptr;  // shared with other processes; null if none are configured
};

// Adds an error to libcrypto's list, with the text of describe(). Returns 0, libcrypto's "no".
int fail(const Context& context, Error error) noexcept;
// The same with words of its own about what happened.
[[gnu::format(printf, 3, 4)]] int fail(const Context& context, Error error, const char* format,
                                       ...) noexcept;

// 1, or fail().
inline int finish(const Context& context, const Result<void>& result) noexcept {
  return result ? 1 : fail(context, result.error());
}

// The reasons of fail(), for libcrypto to print: numbers and texts. Lasts for ever.
[[nodiscard]] const OSSL_ITEM* reasons() noexcept;

}  // namespace latchkey::provider
