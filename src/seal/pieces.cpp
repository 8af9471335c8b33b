#include "seal/pieces.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/try.hpp"
#include "base/wipe.hpp"

namespace latchkey::seal {

Result<Room> Room::create(std::size_t size) noexcept {
  Room room;
  auto locked = LockedBuffer::create(size);
  if (!locked && locked.error() != Error::memory_not_locked) return locked.error();
  if (locked) {
    room.locked_ = std::move(*locked);
  } else {
    room.ordinary_ = static_cast<std::uint8_t*>(std::malloc(size));
    if (room.ordinary_ == nullptr) return Error::no_memory;
  }
  room.size_ = size;
  return room;
}

Room::Room(Room&& other) noexcept
    : locked_(std::move(other.locked_)),
      ordinary_(std::exchange(other.ordinary_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

Room& Room::operator=(Room&& other) noexcept {
  std::swap(locked_, other.locked_);
  std::swap(ordinary_, other.ordinary_);
  std::swap(size_, other.size_);
  return *this;
}

Room::~Room() {
  if (ordinary_ == nullptr) return;
  base::wipe(ordinary_, size_);
  std::free(ordinary_);
}

Result<std::size_t> read_full(std::span<std::uint8_t> to, const StreamSource& read) noexcept {
  std::size_t size = 0;
  while (size < to.size()) {
    const auto more = LATCHKEY_TRY(read(to.subspan(size)));
    if (more > to.size() - size) return Error::read_failed;
    if (more == 0) break;
    size += more;
  }
  return size;
}

Result<std::size_t> PeekableSource::operator()(std::span<std::uint8_t> to) noexcept {
  if (bytes.empty()) return at_end ? Result<std::size_t>(0) : read(to);
  const auto part = bytes.first(std::min(bytes.size(), to.size()));
  std::ranges::copy(part, to.begin());
  bytes = bytes.subspan(part.size());
  return part.size();
}

}  // namespace latchkey::seal
