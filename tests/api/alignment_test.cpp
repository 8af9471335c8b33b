// Inputs and outputs at every address modulo 64: vector loads that want an aligned one would fault.

#include "api/support.hpp"

namespace latchkey::test {
namespace {

// Room for N bytes that begin `offset` bytes after a multiple of 64.
template <std::size_t N>
class At {
 public:
  explicit At(std::size_t offset) : offset_(offset) {}
  std::span<std::uint8_t, N> span() { return std::span<std::uint8_t, N>(room_ + offset_, N); }
  View put(View bytes) {
    std::copy(bytes.begin(), bytes.end(), span().begin());
    return span();
  }

 private:
  std::size_t offset_;
  alignas(64) std::uint8_t room_[N + 64];
};

TEST_CASE("Inputs and outputs may lie at any address") {
  Random random;
  const KeyMaterial alice(random);
  const auto m = random.bytes<32>();
  const auto sent = derand::encapsulate(alice.key.encapsulation_key(), m);
  REQUIRE(sent.has_value());
  const Bytes secret = copy_of(sent->secret);

  for (std::size_t offset = 0; offset < 64; ++offset) {
    CAPTURE(offset);
    At<kSeedSize> seed(offset);
    At<kEncapsulationKeySize> ek(offset);
    At<kCiphertextSize> ciphertext(offset);
    At<kDecapsulationKeySize> expanded(offset);
    At<32> message(offset);

    const auto key = DecapsulationKey::from_seed(seed.put(alice.seed));
    REQUIRE(key.has_value());
    REQUIRE(key->export_seed(seed.span()).has_value());
    REQUIRE(copy_of(seed.span()) == alice.seed);
    REQUIRE(key->export_expanded(expanded.span()).has_value());
    REQUIRE(copy_of(expanded.span()) == alice.expanded);

    const auto parsed = EncapsulationKey::parse(ek.put(alice.ek));
    REQUIRE(parsed.has_value());
    message.put(m);
    const auto again = derand::encapsulate(*parsed, message.span());
    REQUIRE(again.has_value());
    REQUIRE(again->ciphertext == sent->ciphertext);

    const View c = ciphertext.put(sent->ciphertext);
    require_secret(key->decapsulate(c), secret);
    require_secret(decapsulate_with_expanded_key(expanded.span(), c), secret);
    const auto imported = DecapsulationKey::import_expanded(expanded.span());
    REQUIRE(imported.has_value());
    require_secret(imported->decapsulate(c), secret);
  }
}

}  // namespace
}  // namespace latchkey::test
