// What the tests of enclaves share.
#pragma once

#include <algorithm>
#include <atomic>
#include <thread>

#include "memory/support.hpp"
#include "seal/enclave.hpp"
#include "support/sanitizers.hpp"

namespace latchkey::test {

template <class T>
bool fails_with(const Result<T>& result, Error expected) {
  return !result && result.error() == expected;
}

inline Enclave sealed(View secret) { return need(Enclave::seal(secret)); }

inline Bytes opened(const Enclave& enclave) { return copy_of(need(enclave.open())); }

// For children, where Catch is not to report.
inline bool opens_to(const Enclave& enclave, View secret) {
  const auto opened = enclave.open();
  return opened && opened->equals(secret).value();
}

inline internal::EnclaveBox& box_of(const Enclave& enclave) { return *EnclaveAccess::box(enclave); }

}  // namespace latchkey::test
