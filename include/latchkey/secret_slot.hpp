// The one member that every class holding a secret has. Nothing here is for callers.
#pragma once

#include <cstdint>
#include <utility>

#include "latchkey/export.h"

namespace latchkey::memory {
struct SlotAccess;
}

LATCHKEY_API_BEGIN

namespace latchkey::internal {

// Owns a place in the memory for secrets, or nothing. The place is wiped when its owner goes.
class SecretSlot {
 public:
  SecretSlot() noexcept = default;
  SecretSlot(SecretSlot&& other) noexcept
      : block_(std::exchange(other.block_, nullptr)), index_(other.index_) {}
  SecretSlot& operator=(SecretSlot&& other) noexcept {
    SecretSlot taken(std::move(other));
    std::swap(block_, taken.block_);
    std::swap(index_, taken.index_);
    return *this;
  }
  ~SecretSlot() {
    if (block_ != nullptr) release();
  }

 private:
  friend struct memory::SlotAccess;
  void release() noexcept;

  void* block_ = nullptr;
  std::uint32_t index_ = 0;
};

}  // namespace latchkey::internal

LATCHKEY_API_END
