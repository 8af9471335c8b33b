// Whole streams, from a function that reads to one that writes.
#include "latchkey/stream.hpp"

namespace latchkey {
namespace {

using View = std::span<const std::uint8_t>;

constexpr std::size_t kBox = kStreamChunk + hpke::kTagSize;

// As many bytes as there are, up to all of `to`. Less only at the end.
Result<std::size_t> fill(std::span<std::uint8_t> to, const StreamSource& read) noexcept {
  std::size_t size = 0;
  while (size < to.size()) {
    const auto more = read(to.subspan(size));
    if (!more) return more.error();
    if (*more > to.size() - size) return Error::read_failed;
    if (*more == 0) break;
    size += *more;
  }
  return size;
}

// Cuts what `read` gives into pieces of `size` bytes, has change(place, piece size, last) change
// each in its place, and writes what it says is there then. Whether a piece is the last shows when
// the next is read, so there are two places. Both are locked: what is there is the plaintext before
// or after.
template <class Change>
Result<void> in_pieces(std::size_t size, const StreamSource& read, const StreamSink& write,
                       Change change) noexcept {
  LockedBuffer places[2];
  const auto fill_place = [&](unsigned i) noexcept -> Result<std::size_t> {
    if (places[i].size() == 0) {
      auto made = LockedBuffer::create(kBox);
      if (!made) return made.error();
      places[i] = std::move(*made);
    }
    return places[i].write(
        [&](std::span<std::uint8_t> place) noexcept { return fill(place.first(size), read); });
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
    const auto written =
        places[i].read([&](View place) noexcept { return write(place.first(*changed)); });
    if (!written || last == Last::yes) return written;
    piece = std::move(next);
  }
}

template <Kem K>
Result<void> seal_whole(const typename K::EncapsulationKey& key, const StreamSource& read,
                        const StreamSink& write, View aad, View context,
                        SealingSuite suite) noexcept {
  auto sealer = StreamSealer::create(key, aad, context, suite);
  if (!sealer) return sealer.error();
  if (const auto written = write(sealer->header()); !written) return written;
  return in_pieces(kStreamChunk, read, write,
                   [&](std::span<std::uint8_t> place, std::size_t size,
                       Last last) noexcept -> Result<std::size_t> {
                     const auto box = place.first(size + hpke::kTagSize);
                     const auto done = sealer->seal_chunk(box, box.first(size), last);
                     if (!done) return done.error();
                     return box.size();
                   });
}

template <Kem K>
Result<void> open_whole(const typename K::DecapsulationKey& key, const StreamSource& read,
                        const StreamSink& write, View aad, View context) noexcept {
  std::array<std::uint8_t, kStreamHeader<K>> header;
  const auto header_size = fill(header, read);
  if (!header_size) return header_size.error();
  auto opener = StreamOpener::create(key, View(header).first(*header_size), aad, context);
  if (!opener) return opener.error();
  return in_pieces(kBox, read, write,
                   [&](std::span<std::uint8_t> place, std::size_t size,
                       Last last) noexcept -> Result<std::size_t> {
                     if (size < hpke::kTagSize) return Error::sealed_length;
                     const auto box = place.first(size);
                     const auto chunk = box.first(size - hpke::kTagSize);
                     const auto done = opener->open_chunk(chunk, box, last);
                     if (!done) return done.error();
                     return chunk.size();
                   });
}

}  // namespace

Result<void> seal_stream(const xwing::EncapsulationKey& key, StreamSource read, StreamSink write,
                         View aad, View context, SealingSuite suite) noexcept {
  return seal_whole<XWing>(key, read, write, aad, context, suite);
}

Result<void> seal_stream(const EncapsulationKey& key, StreamSource read, StreamSink write, View aad,
                         View context, SealingSuite suite) noexcept {
  return seal_whole<MlKem768>(key, read, write, aad, context, suite);
}

Result<void> open_stream(const xwing::DecapsulationKey& key, StreamSource read, StreamSink write,
                         View aad, View context) noexcept {
  return open_whole<XWing>(key, read, write, aad, context);
}

Result<void> open_stream(const DecapsulationKey& key, StreamSource read, StreamSink write, View aad,
                         View context) noexcept {
  return open_whole<MlKem768>(key, read, write, aad, context);
}

}  // namespace latchkey
