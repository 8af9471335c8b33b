#include "enclave/session.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#include "base/try.hpp"
#include "memory/arena.hpp"
#include "memory/policy.hpp"
#include "memory/process.hpp"

namespace latchkey::enclave {
namespace {

// The latest in this process or, while it has none, in the one that it was forked from.
constinit std::atomic<Session*> latest{nullptr};

class Gate {
 public:
  explicit Gate(pthread_mutex_t& mutex) noexcept : mutex_(mutex) { pthread_mutex_lock(&mutex_); }
  ~Gate() { pthread_mutex_unlock(&mutex_); }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

 private:
  pthread_mutex_t& mutex_;
};

}  // namespace

Session* Session::current() noexcept {
  Session* const session = latest.load(std::memory_order_acquire);
  return session != nullptr && session->arena_ == memory::this_arena() ? session : nullptr;
}

Result<Session*> Session::get() noexcept {
  if (Session* const session = current()) return session;
  auto key = LockedBuffer::random(kKeySize);  // and there is an arena
  if (!key) return key.error();
  void* const place = std::malloc(sizeof(Session));
  if (place == nullptr) return Error::no_memory;
  auto* const fresh = ::new (place) Session(memory::this_arena(), std::move(*key));
  Session* other = latest.load(std::memory_order_acquire);
  do {
    if (other != nullptr && other->arena_ == fresh->arena_) {  // another thread was first
      fresh->~Session();
      std::free(fresh);
      return other;
    }
    fresh->before_ = other;
  } while (!latest.compare_exchange_weak(other, fresh, std::memory_order_acq_rel,
                                         std::memory_order_acquire));
  return fresh;
}

bool Session::has_key() const noexcept {
  return key_.read([](View) noexcept {}).has_value();
}

void Session::replace_key(LockedBuffer key) noexcept {
  pthread_rwlock_wrlock(&in_use_);
  key_ = std::move(key);
  pthread_rwlock_unlock(&in_use_);
}

Result<void> Session::begin_sealing(Ticket& ticket) noexcept {
  const Gate gate(gate_);
  if (!has_key()) {
    auto fresh = LATCHKEY_TRY(LockedBuffer::random(kKeySize));
    replace_key(std::move(fresh));
    ++keys_;
    sealed_ = 0;
  }
  const bool locked = key_.is_locked();
  if (!locked && !memory::policy_has(Policy::best_effort)) return Error::memory_not_locked;
  if (sealed_ == UINT64_MAX) return Error::sequence_overflow;
  ticket = {keys_, sealed_++, locked};
  pthread_rwlock_rdlock(&in_use_);
  return {};
}

Result<void> Session::begin_opening(const Ticket& ticket) noexcept {
  const Gate gate(gate_);
  if (ticket.key != keys_ || !has_key()) return Error::session_key_gone;
  pthread_rwlock_rdlock(&in_use_);
  return {};
}

void Session::destroy_key() noexcept {
  const Gate gate(gate_);
  replace_key(LockedBuffer());
}

void Session::set_sealed(std::uint64_t count) noexcept {
  const Gate gate(gate_);
  sealed_ = count;
}

}  // namespace latchkey::enclave
