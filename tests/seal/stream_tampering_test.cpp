// Streams as they should not be: nothing is released of a bad chunk, nor of what follows it.

#include "seal/stream.hpp"
#include "seal/stream_support.hpp"

namespace latchkey::test {
namespace {

constexpr std::size_t kHeader = kStreamHeader<XWing>;

// Three chunks, the last of them small.
struct Stream : XWingRecipient {
  explicit Stream(Random& random)
      : XWingRecipient(random),
        content(random.vector(2 * kStreamChunk + 100)),
        sealed(seal(content)) {}

  // The header, and the boxes.
  [[nodiscard]] View part(std::size_t i) const {
    const View all(sealed);
    if (i == 0) return all.first(kHeader);
    const View rest = all.subspan(kHeader + (i - 1) * kBox);
    return rest.first(std::min(rest.size(), kBox));
  }

  Bytes content, sealed;
};

TEST_CASE("A stream that is cut anywhere releases nothing of its cut chunk") {
  Random random;
  const XWingRecipient recipient(random);
  const Bytes content = random.vector(100), small = recipient.seal(content);
  for (std::size_t size = 0; size < small.size(); ++size) {
    CAPTURE(size);
    const auto opened = recipient.open(Exact(View(small).first(size)));
    require_stopped(opened,
                    size < 24             ? Error::not_sealed
                    : size < kHeader + 16 ? Error::sealed_length
                                          : Error::not_authentic,
                    content, 0);
  }

  const Stream stream(random);
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1; i <= 2; ++i) {
    for (const std::size_t more : {0u, 1u, 15u, 16u, 17u})
      cuts.push_back(kHeader + i * kBox + more);
    cuts.push_back(kHeader + i * kBox - 1);
    cuts.push_back(kHeader + random.between<std::size_t>(20, 2 * kBox));
  }
  for (const std::size_t cut : cuts) {
    CAPTURE(cut);
    // One byte of a chunk shows that the one before is not the last.
    const std::size_t whole = (cut - kHeader - 1) / kBox;
    const std::size_t left = cut - kHeader - whole * kBox;
    require_stopped(stream.open(View(stream.sealed).first(cut)),
                    left <= 16 ? Error::sealed_length : Error::not_authentic, stream.content,
                    whole);
  }
}

TEST_CASE("A stream with any bit changed releases nothing from there on") {
  Random random;
  const XWingRecipient recipient(random);
  const Bytes content = random.vector(20), small = recipient.seal(content);
  Bytes chunk(content.size());
  const auto opens = [&](View sealed) {
    std::ranges::fill(chunk, 7);
    auto opener = StreamOpener::create(recipient.key, sealed.first(kHeader), recipient.aad,
                                       recipient.context);
    if (opener) return opener->open_chunk(chunk, sealed.subspan(kHeader), Last::yes).has_value();
    chunk.assign(content.size(), 0);  // never was in reach
    return false;
  };
  for (std::size_t bit = 0; bit < 8 * small.size(); ++bit) {
    CAPTURE(bit);
    Bytes changed = small;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1 << bit % 8);
    REQUIRE_FALSE(opens(changed));
    REQUIRE(chunk == Bytes(content.size()));
  }
  REQUIRE(opens(small));
  REQUIRE(chunk == content);

  const Stream stream(random);
  for (int i = 0; i < 100; ++i) {
    const auto at = random.between<std::size_t>(kHeader, stream.sealed.size() - 1);
    CAPTURE(at);
    Bytes changed = stream.sealed;
    changed[at] = static_cast<std::uint8_t>(changed[at] ^ 1 << random.between(0, 7));
    require_stopped(stream.open(changed), Error::not_authentic, stream.content,
                    (at - kHeader) / kBox);
  }
}

TEST_CASE("Chunks that are moved, left out, repeated, added or another stream's are refused") {
  Random random;
  const Stream stream(random);
  Stream other(random);
  other.sealed = stream.seal(stream.content);  // the same content to the same key
  const auto opened = [&](std::initializer_list<View> parts) {
    Bytes all = copy_of(stream.part(0));
    for (const View part : parts) all.insert(all.end(), part.begin(), part.end());
    return stream.open(all);
  };
  const auto ours = [&](std::size_t i) { return stream.part(i); };
  const auto theirs = [&](std::size_t i) { return other.part(i); };
  REQUIRE(opened({ours(1), ours(2), ours(3)}).released == stream.content);
  const auto refused = [&](std::initializer_list<View> parts, std::size_t chunks) {
    require_stopped(opened(parts), Error::not_authentic, stream.content, chunks);
  };
  refused({ours(2), ours(1), ours(3)}, 0);
  refused({ours(3), ours(1), ours(2)}, 0);
  refused({ours(1), ours(3)}, 1);
  refused({ours(2), ours(3)}, 0);
  refused({ours(3)}, 0);
  refused({ours(1), ours(1), ours(2), ours(3)}, 1);
  refused({ours(1), ours(2), ours(2), ours(3)}, 2);
  refused({ours(1), ours(2), ours(3), ours(3)}, 2);
  refused({ours(1), ours(2), ours(3), ours(1)}, 2);
  refused({ours(1), ours(2), ours(3), Bytes(1)}, 2);
  refused({theirs(1), ours(2), ours(3)}, 0);
  refused({ours(1), theirs(2), ours(3)}, 1);
  refused({ours(1), ours(2), theirs(3)}, 2);

  // Behind a last chunk that is full.
  const Bytes full = random.vector(kStreamChunk), longer = stream.seal(full), byte(1);
  for (const View more : {View(byte), stream.part(3), stream.part(1)}) {
    Bytes extended = longer;
    extended.insert(extended.end(), more.begin(), more.end());
    require_stopped(stream.open(extended), Error::not_authentic, full, 0);
  }
}

TEST_CASE("The header of a stream is checked, field by field") {
  Random random;
  const XWingRecipient recipient(random);
  const Bytes sealed = recipient.seal(random.vector(50));
  const auto with = [&](std::size_t at, std::size_t byte) {
    Bytes changed = sealed;
    changed[at] = static_cast<std::uint8_t>(byte);
    return recipient.open(changed).done;
  };
  for (std::size_t i = 0; i < 8; ++i) require_error(with(i, 'x'), Error::not_sealed);
  for (const std::size_t version : {0u, 1u, 3u, 255u}) {
    require_error(with(8, version), Error::unknown_version);
  }
  for (const std::size_t kind : {0u, 1u, 3u, 255u}) require_error(with(9, kind), Error::not_sealed);
  for (const std::size_t kem : {0u, 0x41u, 0xffu}) require_error(with(11, kem), Error::other_kem);
  require_error(with(10, 0), Error::other_kem);
  // Those that are known are read, and then the commitment is another.
  for (std::size_t number = 0; number < 256; ++number) {
    CAPTURE(number);
    const bool kdf = number == 1 || number == 2 || (number >= 16 && number <= 19);
    const bool aead = number >= 1 && number <= 3;
    if (number != sealed[13]) {
      require_error(with(13, number), kdf ? Error::not_authentic : Error::unknown_version);
    }
    if (number != sealed[15]) {
      require_error(with(15, number), aead ? Error::not_authentic : Error::unknown_version);
    }
  }
  require_error(with(12, 1), Error::unknown_version);
  require_error(with(14, 1), Error::unknown_version);
  for (std::size_t i = 16; i < 24; ++i) require_error(with(i, 0xee), Error::unknown_version);
  for (const std::size_t size : {kHeader - 1, kHeader + 1}) {
    require_error(StreamOpener::create(recipient.key, View(sealed).first(size), {}, {}),
                  Error::sealed_length);
  }
  for (const std::size_t at : {14u, 15u}) {
    Bytes export_only = sealed;
    export_only[14] = export_only[15] = 0xff;
    require_error(recipient.open(export_only).done, Error::unknown_version);
    export_only[at] = 0;
    require_error(recipient.open(export_only).done, Error::unknown_version);
  }
  const auto message = seal_for(recipient.key.encapsulation_key(), {}, {}, {});
  require_error(recipient.open(message->bytes()).done, Error::not_sealed);
}

TEST_CASE(
    "Another key, aad or context is refused when a stream is opened, before its first chunk") {
  Random random;
  const XWingRecipient owner(random);
  const auto sealer = owner.sealer();
  const Bytes header = copy_of(sealer.header());
  const auto stranger = xwing::DecapsulationKey::generate();
  REQUIRE(StreamOpener::create(owner.key, header, owner.aad, owner.context).has_value());
  const Bytes other = random.vector(10);
  require_error(StreamOpener::create(*stranger, header, owner.aad, owner.context),
                Error::not_authentic);
  require_error(StreamOpener::create(owner.key, header, other, owner.context),
                Error::not_authentic);
  require_error(StreamOpener::create(owner.key, header, owner.aad, other), Error::not_authentic);
}

TEST_CASE("Another key, aad or context opens nothing of a stream") {
  Random random;
  const XWingRecipient alice(random);
  const Bytes sealed = alice.seal(random.vector(10));
  const auto opened_with = [&](const auto& key, View aad, View context) {
    Bytes released;
    const auto done = open_stream(key, reading(sealed), appending_to(released), aad, context);
    REQUIRE(released.empty());
    return done;
  };
  const auto bob = xwing::DecapsulationKey::generate();
  require_error(opened_with(*bob, alice.aad, alice.context), Error::not_authentic);
  require_error(opened_with(alice.key, alice.context, alice.aad), Error::not_authentic);
  require_error(opened_with(alice.key, {}, alice.context), Error::not_authentic);
  require_error(opened_with(alice.key, alice.aad, {}), Error::not_authentic);
  Bytes both = alice.aad;
  both.insert(both.end(), alice.context.begin(), alice.context.end());
  require_error(opened_with(alice.key, both, {}), Error::not_authentic);
  require_error(opened_with(alice.key, {}, both), Error::not_authentic);
  require_error(opened_with(DecapsulationKey::generate().value(), alice.aad, alice.context),
                Error::other_kem);
}

}  // namespace
}  // namespace latchkey::test
