// Libcrypto: objects that free themselves, its list of errors, which is the program's, and its
// stack.
#pragma once

#include <openssl/err.h>

#include <cstddef>
#include <memory>

namespace latchkey::seal {

// How deep its operations go, in bytes of stack: twice what tests/scrub has measured. That it sets
// itself up on first use goes deeper, before it has a secret.
inline constexpr std::size_t kLibcryptoDepth = 4 * 1024;

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
  OwnErrors() noexcept { ERR_set_mark(); }
  ~OwnErrors() { ERR_pop_to_mark(); }
  OwnErrors(const OwnErrors&) = delete;
  OwnErrors& operator=(const OwnErrors&) = delete;
};

}  // namespace latchkey::seal
