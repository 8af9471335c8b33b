#include "memory/policy.hpp"

#include <atomic>

#include "memory/arena.hpp"
#include "memory/protection.hpp"

namespace latchkey {
namespace memory {
namespace {

constinit std::atomic<Policy> policy{Policy::require};

}  // namespace

bool policy_has(Policy flag) noexcept {
  return (static_cast<unsigned>(policy.load(std::memory_order_relaxed)) &
          static_cast<unsigned>(flag)) != 0;
}

}  // namespace memory

Result<void> set_memory_policy(Policy policy) noexcept {
  constexpr Policy kKnown = Policy::best_effort | Policy::protection_keys | Policy::no_memfd_secret;
  if ((policy | kKnown) != kKnown) return Error::unknown_value;
  memory::policy.store(policy, std::memory_order_relaxed);
  if (!memory::policy_has(Policy::protection_keys) || !memory::acquire_protection_key()) return {};
  if (memory::latest_arena() == nullptr) return {};
  const memory::Held held;
  bool done = true;
  memory::for_each_chunk([&](const memory::Chunk& chunk) {
    done &= memory::protect(chunk.mapping.data, chunk.mapping.size, !chunk.frozen);
  });
  if (!done) return Error::memory_not_protected;
  return {};
}

}  // namespace latchkey
