// What streams have in common: input that is cut into pieces, each of which is changed in its place
// and written, with the last one known as such.
#pragma once

#include "base/try.hpp"
#include "latchkey/stream.hpp"

namespace latchkey::seal {

// A buffer for the content of a stream. It is locked memory; if the system locks no more, it is
// ordinary memory that is wiped at the end. That is acceptable, because the caller's functions read
// and write the same content in memory that is not locked. Keys are never in this buffer.
class Room {
 public:
  // Nothing.
  Room() noexcept = default;
  // Errors: those of LockedBuffer::create(), but for memory_not_locked; no_memory.
  [[nodiscard]] static Result<Room> create(std::size_t size) noexcept;

  Room(Room&& other) noexcept;
  Room& operator=(Room&& other) noexcept;
  ~Room();

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  // What f(bytes) returns, a Result, within an OpenSecrets. Errors: those of f, and purged.
  template <class F>
  auto read(F f) const noexcept -> decltype(f(std::span<const std::uint8_t>())) {
    if (ordinary_ == nullptr) return locked_.read(f);
    const OpenSecrets open(OpenSecrets::Rights::read);
    return f(std::span<const std::uint8_t>(ordinary_, size_));
  }
  template <class F>
  auto write(F f) noexcept -> decltype(f(std::span<std::uint8_t>())) {
    if (ordinary_ == nullptr) return locked_.write(f);
    const OpenSecrets open(OpenSecrets::Rights::write);
    return f(std::span(ordinary_, size_));
  }

 private:
  LockedBuffer locked_;
  std::uint8_t* ordinary_ = nullptr;
  std::size_t size_ = 0;
};

// As many bytes as there are, up to all of `to`. Less only at the end.
// Errors: those of read; read_failed, if it says that it put more than there was room.
[[nodiscard]] Result<std::size_t> read_full(std::span<std::uint8_t> to,
                                            const StreamSource& read) noexcept;

// A source that first gives bytes which were read ahead of it, and then the rest, unless it is
// known that nothing follows.
struct PeekableSource {
  std::span<const std::uint8_t> bytes;
  const StreamSource& read;
  bool at_end = false;

  Result<std::size_t> operator()(std::span<std::uint8_t> to) noexcept;
};

// Cuts what `read` gives into pieces of `size` bytes, has change(place, piece size, last) change
// each in its place, and writes what it says is there then. Whether a piece is the last shows when
// the next is read, so there are two places.
template <class Change>
Result<void> transform_chunks(std::size_t size, const StreamSource& read, const StreamSink& write,
                              Change change) noexcept {
  Room places[2];
  const auto fill_place = [&](unsigned i) noexcept -> Result<std::size_t> {
    if (places[i].size() == 0) {
      auto made = LATCHKEY_TRY(Room::create(kStreamChunk + hpke::kTagSize));
      places[i] = std::move(made);
    }
    return places[i].write(
        [&](std::span<std::uint8_t> place) noexcept { return read_full(place.first(size), read); });
  };
  auto piece = fill_place(0);
  for (unsigned i = 0;; i ^= 1) {
    if (!piece) return piece.error();
    Result<std::size_t> next = 0;
    if (*piece == size) next = fill_place(i ^ 1);
    if (!next) return next.error();
    const Last last{*next == 0};
    const auto changed = places[i].write(
        [&](std::span<std::uint8_t> place) noexcept { return change(place, *piece, last); });
    if (!changed) return changed.error();
    const auto written = places[i].read(
        [&](std::span<const std::uint8_t> place) noexcept { return write(place.first(*changed)); });
    if (!written || last == Last::yes) return written;
    piece = std::move(next);
  }
}

}  // namespace latchkey::seal
