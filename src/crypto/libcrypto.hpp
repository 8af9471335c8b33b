// Libcrypto: objects that free themselves, its list of errors, which is the program's, and its
// stack.
#pragma once

#include <openssl/err.h>

#include <cstddef>
#include <memory>

#include "latchkey/result.hpp"

namespace latchkey::crypto {

// How deep its operations go, in bytes of stack: half as much again as tests/scrub has measured,
// for HKDF with SHA-384. That it sets itself up on first use goes deeper, before it has a secret.
inline constexpr std::size_t kLibcryptoDepth = 6 * 1024;

template <auto f>
struct Calls {
  template <class T>
  void operator()(T* object) const noexcept {
    f(object);
  }
};

template <class T, auto free>
using Owned = std::unique_ptr<T, Calls<free>>;

// Drops what libcrypto adds to this thread's list of errors while it lives: ours are Results.
class OwnErrors {
 public:
  OwnErrors() noexcept : are_alone_(ERR_peek_error() == 0) { ERR_set_mark(); }
  ~OwnErrors() { ERR_pop_to_mark(); }
  OwnErrors(const OwnErrors&) = delete;
  OwnErrors& operator=(const OwnErrors&) = delete;

  // The reason of what failed, where libcrypto says no more than that: no_memory, if that is what
  // the list begins with. Behind errors of the program's own, which it may not lose, that is not to
  // be seen.
  [[nodiscard]] Error no_memory_or(Error otherwise) const noexcept {
    const bool lacks_memory =
        are_alone_ && ERR_GET_REASON(ERR_peek_error()) == ERR_R_MALLOC_FAILURE;
    return lacks_memory ? Error::no_memory : otherwise;
  }

 private:
  bool are_alone_;
};

}  // namespace latchkey::crypto
