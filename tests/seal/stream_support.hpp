// Streams in memory.
#pragma once

#include "api/support.hpp"
#include "latchkey/stream.hpp"

namespace latchkey::test {

inline constexpr std::size_t kBox = kStreamChunk + hpke::kTagSize;

// Gives the bytes, up to `most` at a time.
inline auto reading(View bytes, std::size_t most = SIZE_MAX) {
  return [bytes, most](std::span<std::uint8_t> to) mutable -> Result<std::size_t> {
    const std::size_t size = std::min({bytes.size(), to.size(), most});
    std::copy_n(bytes.begin(), size, to.begin());
    bytes = bytes.subspan(size);
    return size;
  };
}

inline auto appending_to(Bytes& all) {
  return [&all](View bytes) -> Result<void> {
    all.insert(all.end(), bytes.begin(), bytes.end());
    return {};
  };
}

struct Opened {
  Result<void> done;
  Bytes released;
};

// A key with what is bound to its streams.
template <class DecapsulationKey>
struct Recipient {
  explicit Recipient(Random& random)
      : key(DecapsulationKey::generate().value()),
        aad(random.vector(20)),
        context(random.vector(10)) {}

  [[nodiscard]] Bytes seal(View content, SealingSuite suite = {},
                           std::size_t most = SIZE_MAX) const {
    Bytes sealed;
    const auto done = seal_stream(key.encapsulation_key(), reading(content, most),
                                  appending_to(sealed), aad, context, suite);
    REQUIRE(done.has_value());
    return sealed;
  }
  [[nodiscard]] Opened open(View sealed, std::size_t most = SIZE_MAX) const {
    Opened opened;
    opened.done =
        open_stream(key, reading(sealed, most), appending_to(opened.released), aad, context);
    return opened;
  }
  [[nodiscard]] StreamSealer sealer() const {
    return StreamSealer::create(key.encapsulation_key(), aad, context).value();
  }
  [[nodiscard]] StreamOpener opener(View header) const {
    return StreamOpener::create(key, header, aad, context).value();
  }

  DecapsulationKey key;
  Bytes aad, context;
};

using XWingRecipient = Recipient<xwing::DecapsulationKey>;

// What must be released of a stream that fails somewhere: so many chunks.
inline void require_stopped(const Opened& opened, Error error, View content, std::size_t chunks) {
  require_error(opened.done, error);
  REQUIRE(opened.released == copy_of(content.first(chunks * kStreamChunk)));
}

}  // namespace latchkey::test
