// Objects of libcrypto that free themselves, and its list of errors, which is the program's.
#pragma once

#include <openssl/err.h>

#include <memory>

namespace latchkey::seal {

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
