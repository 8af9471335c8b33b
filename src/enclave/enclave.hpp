// What is behind the class Enclave.
#pragma once

#include "crypto/aead.hpp"
#include "enclave/session.hpp"
#include "latchkey/enclave.hpp"

namespace latchkey {

// In ordinary memory, with the ciphertext and its tag behind it.
struct internal::EnclaveBox {
  enclave::Session* session;  // whose key it is; not this process's, after fork()
  enclave::Ticket ticket;
  std::size_t size;  // of the secret

  [[nodiscard]] std::span<std::uint8_t> bytes() noexcept {
    return {reinterpret_cast<std::uint8_t*>(this + 1), size + hpke::kTagSize};
  }
};

struct EnclaveAccess {
  static internal::EnclaveBox* box(const Enclave& enclave) noexcept { return enclave.box_; }
};

}  // namespace latchkey
