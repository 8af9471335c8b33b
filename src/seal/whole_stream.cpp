// Whole streams, from a function that reads to one that writes.
#include "base/bytes.hpp"
#include "base/try.hpp"
#include "seal/pieces.hpp"

namespace latchkey {
namespace {

using seal::read_full;
using seal::transform_chunks;

constexpr std::size_t kBox = kStreamChunk + hpke::kTagSize;

template <Kem K>
Result<void> seal_whole(const typename K::EncapsulationKey& key, const StreamSource& read,
                        const StreamSink& write, View aad, View context,
                        SealingSuite suite) noexcept {
  auto sealer = LATCHKEY_TRY(StreamSealer::create(key, aad, context, suite));
  LATCHKEY_TRY(write(sealer.header()));
  return transform_chunks(kStreamChunk, read, write,
                          [&](std::span<std::uint8_t> place, std::size_t size,
                              Last last) noexcept -> Result<std::size_t> {
                            const auto box = place.first(size + hpke::kTagSize);
                            LATCHKEY_TRY(sealer.seal_chunk(box, box.first(size), last));
                            return box.size();
                          });
}

template <Kem K>
Result<void> open_whole(const typename K::DecapsulationKey& key, const StreamSource& read,
                        const StreamSink& write, View aad, View context) noexcept {
  std::array<std::uint8_t, kStreamHeader<K>> header;
  const auto header_size = LATCHKEY_TRY(read_full(header, read));
  auto opener =
      LATCHKEY_TRY(StreamOpener::create(key, View(header).first(header_size), aad, context));
  return transform_chunks(kBox, read, write,
                          [&](std::span<std::uint8_t> place, std::size_t size,
                              Last last) noexcept -> Result<std::size_t> {
                            if (size < hpke::kTagSize) return Error::sealed_length;
                            const auto box = place.first(size);
                            const auto chunk = box.first(size - hpke::kTagSize);
                            LATCHKEY_TRY(opener.open_chunk(chunk, box, last));
                            return chunk.size();
                          });
}

}  // namespace

Result<void> seal_stream(const xwing::EncapsulationKey& key, StreamSource read, StreamSink write,
                         View aad, View context, SealingSuite suite) noexcept {
  return seal_whole<XWing>(key, read, write, aad, context, suite);
}

template <MlKem set>
Result<void> seal_stream(const MlKemEncapsulationKey<set>& key, StreamSource read, StreamSink write,
                         View aad, View context, SealingSuite suite) noexcept {
  return seal_whole<MlKemOf<set>>(key, read, write, aad, context, suite);
}

Result<void> open_stream(const xwing::DecapsulationKey& key, StreamSource read, StreamSink write,
                         View aad, View context) noexcept {
  return open_whole<XWing>(key, read, write, aad, context);
}

template <MlKem set>
Result<void> open_stream(const MlKemDecapsulationKey<set>& key, StreamSource read, StreamSink write,
                         View aad, View context) noexcept {
  return open_whole<MlKemOf<set>>(key, read, write, aad, context);
}

#define LATCHKEY_INSTANTIATE(set)                                                                \
  template Result<void> seal_stream(const MlKemEncapsulationKey<set>&, StreamSource, StreamSink, \
                                    View, View, SealingSuite) noexcept;                          \
  template Result<void> open_stream(const MlKemDecapsulationKey<set>&, StreamSource, StreamSink, \
                                    View, View) noexcept
LATCHKEY_INSTANTIATE(MlKem::k512);
LATCHKEY_INSTANTIATE(MlKem::k768);
LATCHKEY_INSTANTIATE(MlKem::k1024);
#undef LATCHKEY_INSTANTIATE

}  // namespace latchkey
