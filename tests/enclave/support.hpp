// What the tests of enclaves share.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include "enclave/enclave.hpp"
#include "encoding/integers.hpp"
#include "memory/support.hpp"
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
  return opened && opened->equals(secret);
}

inline internal::EnclaveBox& box_of(const Enclave& enclave) { return *EnclaveAccess::box(enclave); }

// What an enclave is bound to, put together here once more.
struct Expected {
  explicit Expected(const internal::EnclaveBox& box) {
    std::ranges::copy(encoding::Eight(box.ticket.number).bytes, nonce.begin() + 4);
    auto end = aad.begin();
    for (const std::uint64_t part : {box.ticket.key, box.ticket.number, std::uint64_t{box.size}}) {
      end = std::ranges::copy(encoding::Eight(part).bytes, end).out;
    }
  }

  std::array<std::uint8_t, 12> nonce{};
  std::array<std::uint8_t, 24> aad;
};

// Whether it opens with this key, and all that is expected.
inline Result<void> open_with(View key, const Expected& expected, const Enclave& enclave) {
  auto& box = box_of(enclave);
  Bytes message(box.size);
  return crypto::aead_open(message, hpke::Aead::chacha20_poly1305, key, expected.nonce, box.bytes(),
                           {expected.aad});
}

}  // namespace latchkey::test
