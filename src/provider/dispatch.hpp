// The tables of functions and of algorithms that the provider shows libcrypto.
#pragma once

#include <openssl/core.h>
#include <openssl/core_dispatch.h>

namespace latchkey::provider {

// A row of a table: the function's number, and the function, of whatever type.
template <class F>
OSSL_DISPATCH row(int number, F* function) noexcept {
  return {number, reinterpret_cast<void (*)()>(function)};
}
inline constexpr OSSL_DISPATCH kEndOfTable = {0, nullptr};

struct Context;

// The algorithms of an operation (OSSL_OP_...) there. Null if there are none. Lasts for ever.
[[nodiscard]] const OSSL_ALGORITHM* algorithms_of(const Context& context, int operation) noexcept;

inline constexpr const char* kProperties = "provider=latchkey";

}  // namespace latchkey::provider
