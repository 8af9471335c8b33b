// What is behind the class Enclave.
#pragma once

#include "latchkey/enclave.hpp"
#include "seal/aead.hpp"
#include "seal/session.hpp"

namespace latchkey {

// In ordinary memory, with the ciphertext and its tag behind it.
struct internal::EnclaveBox {
  seal::Session* session;  // whose key it is; not this process's, after fork()
  seal::Ticket ticket;
  std::size_t size;  // of the secret

  [[nodiscard]] std::span<std::uint8_t> bytes() noexcept {
    return {reinterpret_cast<std::uint8_t*>(this + 1), size + seal::kTagSize};
  }
};

struct EnclaveAccess {
  static internal::EnclaveBox* box(const Enclave& enclave) noexcept { return enclave.box_; }
};

}  // namespace latchkey
