// What the tests of age's files share: sources and sinks over bytes.
#pragma once

#include <string>

#include "encoding/bech32.hpp"
#include "keyfile/key_files.hpp"
#include "latchkey/age.hpp"

namespace latchkey::test {

// Gives its bytes in parts of at most `most`, and counts calls behind the end, which there must not
// be.
struct Source {
  explicit Source(View all, std::size_t most = 1 << 20) : bytes(all), part(most) {}

  Result<std::size_t> operator()(std::span<std::uint8_t> to) {
    REQUIRE_FALSE(to.empty());
    REQUIRE_FALSE(ended);
    const std::size_t size = std::min({to.size(), bytes.size(), part});
    std::copy_n(bytes.begin(), size, to.begin());
    bytes = bytes.subspan(size);
    ended = size == 0;
    return size;
  }

  View bytes;
  std::size_t part;
  bool ended = false;
};

struct Sink {
  Result<void> operator()(View bytes) {
    all.insert(all.end(), bytes.begin(), bytes.end());
    return {};
  }
  Bytes all;
};

using Recipients = std::vector<const xwing::EncapsulationKey*>;
using Identities = std::vector<const xwing::DecapsulationKey*>;

inline Bytes age_file(const Recipients& recipients, View content,
                      age::Armor armor = age::Armor::no) {
  Source source(content);
  Sink sink;
  REQUIRE(age::seal(recipients, source, sink, armor).has_value());
  return sink.all;
}

struct Opened {
  Result<void> result;
  Bytes content;
};

inline Opened open_age(const Identities& identities, View file, std::size_t part = 1 << 20) {
  Source source(file, part);
  Sink sink;
  auto result = age::open(identities, source, sink);
  return {std::move(result), sink.all};
}

}  // namespace latchkey::test
