// LockedBuffer: bytes in a slot of the arena.

#include <algorithm>
#include <cstring>

#include "base/mask.hpp"
#include "base/secrecy.hpp"
#include "base/stack.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "memory/entropy.hpp"
#include "memory/slots.hpp"

namespace latchkey {
namespace {

bool same(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) noexcept {
  if (a.size() != b.size()) return false;
  std::uint64_t difference = base::secrets_differ(a.data(), b.data(), a.size());
  // Whether two secrets are equal is what the caller asked to know.
  base::declassify(&difference, sizeof difference);
  return difference == 0;
}

}  // namespace

LockedBuffer::LockedBuffer(LockedBuffer&& other) noexcept
    : slot_(std::move(other.slot_)),
      size_(std::exchange(other.size_, 0)),
      frozen_(std::exchange(other.frozen_, false)) {}

LockedBuffer& LockedBuffer::operator=(LockedBuffer&& other) noexcept {
  LockedBuffer taken(std::move(other));
  slot_ = std::move(taken.slot_);
  size_ = std::exchange(taken.size_, 0);
  frozen_ = taken.frozen_;
  return *this;
}

Result<LockedBuffer> LockedBuffer::create_with(std::size_t size, bool inherit) noexcept {
  auto slot =
      LATCHKEY_TRY(inherit ? memory::allocate_inheritable(size) : memory::allocate_slot(size));
  LockedBuffer buffer;
  buffer.slot_ = std::move(slot);
  buffer.size_ = size;
  return buffer;
}

Result<LockedBuffer> LockedBuffer::create(std::size_t size) noexcept {
  return create_with(size, false);
}

Result<LockedBuffer> LockedBuffer::inheritable(std::size_t size) noexcept {
  return create_with(size, true);
}

Result<LockedBuffer> LockedBuffer::copy_of(std::span<const std::uint8_t> bytes) noexcept {
  auto buffer = create(bytes.size());
  if (!buffer) return buffer;
  const auto copied =
      buffer->write([&](auto to) { base::copy_secret(to.data(), bytes.data(), bytes.size()); });
  if (!copied) return copied.error();
  return buffer;
}

Result<LockedBuffer> LockedBuffer::take(std::span<std::uint8_t> bytes) noexcept {
  auto buffer = copy_of(bytes);
  if (!bytes.empty()) base::wipe(bytes.data(), bytes.size());
  return buffer;
}

Result<LockedBuffer> LockedBuffer::random(std::size_t size) noexcept {
  auto buffer = create(size);
  if (!buffer) return buffer;
  const auto filled = buffer->write([](auto bytes) -> Result<void> {
    if (!memory::random_bytes(bytes)) return Error::no_entropy;
    base::mark_secret(bytes.data(), bytes.size());
    return {};
  });
  if (!filled) return filled.error();
  return buffer;
}

Result<LockedBuffer> LockedBuffer::adopt() const noexcept {
  LATCHKEY_TRY(memory::must_be_inheritable(slot_));
  return read([](auto bytes) { return copy_of(bytes); });
}

Result<std::span<const std::uint8_t>> LockedBuffer::expose() const noexcept {
  const auto bytes = LATCHKEY_TRY(memory::bytes_of(slot_));
  return std::span<const std::uint8_t>(bytes, size_);
}

Result<std::span<std::uint8_t>> LockedBuffer::expose_for_writing() noexcept {
  const auto bytes = LATCHKEY_TRY(memory::bytes_of(slot_));
  if (frozen_) return Error::frozen;
  return std::span(bytes, size_);
}

Result<void> LockedBuffer::check_after_use(const internal::SecretSlot& slot,
                                           std::span<const std::uint8_t>) noexcept {
  return memory::check_after_use(slot);
}

// A child of fork() may not be able to write here, and wipes nothing.
Result<void> LockedBuffer::check_after_use(const internal::SecretSlot& slot,
                                           std::span<std::uint8_t> written) noexcept {
  const auto still = memory::check_after_use(slot);
  if (!still && still.error() == Error::purged) base::wipe(written.data(), written.size());
  return still;
}

Result<void> LockedBuffer::set_frozen(bool frozen) noexcept {
  const auto done = memory::set_writable(slot_, !frozen);
  if (done) frozen_ = frozen;
  return done;
}

Result<void> LockedBuffer::freeze() noexcept { return set_frozen(true); }
Result<void> LockedBuffer::thaw() noexcept { return set_frozen(false); }

Result<void> LockedBuffer::equals(std::span<const std::uint8_t> bytes) const noexcept {
  return read([&](auto mine) -> Result<void> {
    if (!same(mine, bytes)) return Error::not_equal;
    return {};
  });
}

Result<void> LockedBuffer::equals(const LockedBuffer& other) const noexcept {
  return other.read([&](auto theirs) { return equals(theirs); });
}

Result<void> LockedBuffer::wipe() noexcept {
  return write([](auto bytes) { base::wipe(bytes.data(), bytes.size()); });
}

bool LockedBuffer::is_locked() const noexcept { return memory::is_locked(slot_); }

}  // namespace latchkey
