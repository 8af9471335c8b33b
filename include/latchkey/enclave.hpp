// Secrets that this process keeps encrypted until it needs them. In the library latchkey-seal.
//
//   auto enclave = latchkey::Enclave::seal(std::move(*password));  // a LockedBuffer: empty now
//   ...
//   auto opened = enclave->open();                                 // a LockedBuffer, read-only
//   if (!opened) return fail(latchkey::describe(opened.error()));
//   auto done = opened->read([&](std::span<const std::uint8_t> bytes) { log_in(bytes); });
//
// An enclave lies in ordinary memory, which may be large, swapped out and dumped: its key is what
// stays in locked memory (secret_memory.hpp). There is one such key in a process, made when the
// first secret is sealed. It is never written anywhere, so an enclave ends with its process; to
// store or send one, seal_for() makes a sealed message of it (seal.hpp).
//
// It is ChaCha20-Poly1305 (RFC 8439), which does not read tables that a secret chooses, whatever
// the CPU, and knows no limit on what one key may seal but its numbers: the 96-bit nonce is the
// number of what this key seals. Both, and the size, are authenticated.
//
// A child of fork() has neither its parent's key nor its secrets: it cannot open its parent's
// enclaves (Error::inherited), and those that it seals itself are under a key of its own.
// libcrypto has a copy of the key on the heap while a call runs, and wipes it: a child that is
// forked while another thread is in such a call is left with that copy.
//
// All functions may run in many threads at once; none is for signal handlers. One enclave may be
// opened by many threads, and moved or assigned to by one that has it for itself.
#pragma once

#include "latchkey/export.h"
#include "latchkey/seal.hpp"

LATCHKEY_API_BEGIN

namespace latchkey {

namespace internal {
struct EnclaveBox;
}

// One secret, encrypted in ordinary memory.
class Enclave {
 public:
  // The buffer is taken over and wiped, also on error. Errors: those of the next, and of read().
  [[nodiscard]] static Result<Enclave> seal(LockedBuffer secret) noexcept;
  // A copy: the caller's bytes stay the caller's, to be wiped. Errors: no_memory; for the first
  // secret under a key those of LockedBuffer::random(); memory_not_locked, if the key was made
  // under Policy::best_effort and is not locked, and that policy is no more in force; purged, if a
  // purge() came between; too_long, beyond 2^38 - 64 bytes; sequence_overflow, after 2^64 - 1
  // secrets; crypto_failed.
  [[nodiscard]] static Result<Enclave> seal(std::span<const std::uint8_t> secret) noexcept;

  // Empty, as if moved away.
  Enclave() noexcept = default;
  // Moving leaves the other one empty.
  Enclave(Enclave&& other) noexcept : box_(std::exchange(other.box_, nullptr)) {}
  Enclave& operator=(Enclave&& other) noexcept {
    Enclave taken(std::move(other));
    std::swap(box_, taken.box_);
    return *this;
  }
  ~Enclave() {
    if (box_ != nullptr) release();
  }

  // The secret, in a frozen buffer. The enclave remains. Errors: moved_from; inherited;
  // session_key_gone, after destroy_session_key() or purge(); not_authentic, if its ciphertext
  // was changed; purged, if a purge() came between; crypto_failed, those of LockedBuffer::create()
  // and freeze().
  [[nodiscard]] Result<LockedBuffer> open() const noexcept;

  // A message that the key's owner opens by open_sealed(), with the same aad and context. The
  // secret passes through locked memory alone. Errors: those of open() and of seal_for() in
  // seal.hpp.
  [[nodiscard]] Result<SealedMessage> seal_for(const xwing::EncapsulationKey& key,
                                               std::span<const std::uint8_t> aad,
                                               std::span<const std::uint8_t> context,
                                               SealingSuite suite = {}) const noexcept;
  template <MlKem set>
  [[nodiscard]] LATCHKEY_API Result<SealedMessage> seal_for(const MlKemEncapsulationKey<set>& key,
                                                            std::span<const std::uint8_t> aad,
                                                            std::span<const std::uint8_t> context,
                                                            SealingSuite suite = {}) const noexcept;

  // Of the secret, in bytes. 0 if moved away.
  [[nodiscard]] std::size_t size() const noexcept;
  // Whether the key that it was sealed with is locked. False only under Policy::best_effort, or if
  // empty.
  [[nodiscard]] bool is_locked() const noexcept;

  // Wipes the key, so that no enclave which was sealed until now can be opened ever again. The next
  // seal() makes another key. It waits for calls that use the key in other threads; purge(), which
  // wipes the key as it does all other secrets, does not.
  static void destroy_session_key() noexcept;

 private:
  friend struct EnclaveAccess;
  explicit Enclave(internal::EnclaveBox* box) noexcept : box_(box) {}
  void release() noexcept;

  internal::EnclaveBox* box_ = nullptr;
};

}  // namespace latchkey

LATCHKEY_API_END
