// The key that this process seals its enclaves with, and who may use it when.
#pragma once

#include <pthread.h>

#include "base/bytes.hpp"
#include "base/try.hpp"
#include "latchkey/secret_memory.hpp"

namespace latchkey::memory {
struct Arena;
}

namespace latchkey::enclave {

// Given to what is sealed. No two in a process have both numbers the same.
struct Ticket {
  std::uint64_t key;     // how many keys there were, this one included
  std::uint64_t number;  // how much was sealed with it before
  bool locked;           // whether the key is
};

// One a process: a child of fork() makes another, so that neither a key nor a lock that a thread
// of its parent holds is there. Never unmade.
class Session {
 public:
  static constexpr std::size_t kKeySize = 32;

  // Null as long as this process has sealed nothing.
  [[nodiscard]] static Session* current() noexcept;
  // Errors: those of LockedBuffer::random().
  [[nodiscard]] static Result<Session*> get() noexcept;

  // What f(key) returns, a Result<void>. A key that is gone is replaced. Errors: those of f and of
  // LockedBuffer::random(); memory_not_locked, if the policy in force forbids the key; purged,
  // sequence_overflow.
  template <class F>
  [[nodiscard]] Result<void> seal(Ticket& ticket, F f) noexcept {
    LATCHKEY_TRY(begin_sealing(ticket));
    return finish(f);
  }
  // The same, with the key of that ticket. Errors: those of f; session_key_gone, purged.
  template <class F>
  [[nodiscard]] Result<void> open(const Ticket& ticket, F f) noexcept {
    LATCHKEY_TRY(begin_opening(ticket));
    return finish(f);
  }

  // Waits until nobody uses it.
  void destroy_key() noexcept;

  // For tests.
  void set_sealed(std::uint64_t count) noexcept;

 private:
  Session(const memory::Arena* arena, LockedBuffer key) noexcept
      : arena_(arena), key_(std::move(key)) {}

  // On success this thread uses the key, until finish().
  [[nodiscard]] Result<void> begin_sealing(Ticket& ticket) noexcept;
  [[nodiscard]] Result<void> begin_opening(const Ticket& ticket) noexcept;
  template <class F>
  [[nodiscard]] Result<void> finish(F f) noexcept {
    const auto done = key_.read(f);
    pthread_rwlock_unlock(&in_use_);
    return done;
  }

  [[nodiscard]] bool has_key() const noexcept;
  void replace_key(LockedBuffer key) noexcept;

  const memory::Arena* arena_;  // which tells this process from its parents
  Session* before_ = nullptr;   // theirs, for tools that look for leaks

  // Whoever begins something goes through the gate. It stays shut while somebody waits until the
  // key is in nobody's use: those who come later cannot keep it in use for ever.
  pthread_mutex_t gate_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_rwlock_t in_use_ = PTHREAD_RWLOCK_INITIALIZER;  // for key_; taken inside the gate

  LockedBuffer key_;
  std::uint64_t keys_ = 1;  // the last one is key_; changed, like what follows, inside the gate
  std::uint64_t sealed_ = 0;
};

}  // namespace latchkey::enclave
