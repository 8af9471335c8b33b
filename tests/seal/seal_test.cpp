// Sealed messages: what opens them, and that nothing else does.

#include "latchkey/seal.hpp"

#include "seal/hpke.hpp"
#include "seal/support.hpp"

namespace latchkey::test {
namespace {

using hpke::Aead;
using hpke::Kdf;

Bytes bytes_in(const Result<LockedBuffer>& buffer) {
  REQUIRE(buffer.has_value());
  REQUIRE(buffer->is_locked());
  return copy_of(*buffer);
}

template <class K>
void require_round_trips(Random& random) {
  const auto key = K::DecapsulationKey::generate();
  for (const Kdf kdf : {Kdf::hkdf_sha256, Kdf::shake128, Kdf::shake256}) {
    for (const Aead aead : {Aead::aes_128_gcm, Aead::aes_256_gcm, Aead::chacha20_poly1305}) {
      for (const std::size_t size : {0u, 1u, 200u, 3000u, 100'000u}) {
        const Bytes message = random.vector(size), aad = random.vector(size % 100),
                    context = random.vector(size % 33);
        const auto sealed = seal_for(key->encapsulation_key(), Exact(message), Exact(aad),
                                     Exact(context), {kdf, aead});
        REQUIRE(sealed.has_value());
        REQUIRE(sealed->bytes().size() == size + kSealingOverhead<K>);
        REQUIRE(bytes_in(open_sealed(*key, Exact(sealed->bytes()), Exact(aad), Exact(context))) ==
                message);
      }
    }
  }
}

TEST_CASE("What is sealed to a key, the key opens") {
  Random random;
  require_round_trips<XWing>(random);
  require_round_trips<MlKem768>(random);
}

template <class DecapsulationKey>
struct Sealed {
  explicit Sealed(Random& random)
      : key(DecapsulationKey::generate().value()),
        message(random.vector(200)),
        aad(random.vector(10)),
        context(random.vector(10)),
        bytes(bytes_in(seal_for(key.encapsulation_key(), message, aad, context))) {}

  [[nodiscard]] Result<LockedBuffer> open(View sealed) const {
    return open_sealed(key, sealed, aad, context);
  }

  DecapsulationKey key;
  Bytes message, aad, context, bytes;
};

TEST_CASE("A sealed message with any bit changed does not open") {
  Random random;
  const Sealed<xwing::DecapsulationKey> sealed(random);
  for (std::size_t bit = 0; bit < 8 * sealed.bytes.size(); ++bit) {
    CAPTURE(bit);
    Bytes changed = sealed.bytes;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1 << bit % 8);
    REQUIRE_FALSE(sealed.open(changed).has_value());
  }
  REQUIRE(bytes_in(sealed.open(sealed.bytes)) == sealed.message);
}

TEST_CASE("A sealed message that is cut or continued says so") {
  Random random;
  const Sealed<xwing::DecapsulationKey> sealed(random);
  for (std::size_t size = 0; size < sealed.bytes.size(); ++size) {
    CAPTURE(size);
    require_error(sealed.open(Exact(View(sealed.bytes).first(size))),
                  size < 24 ? Error::not_sealed : Error::sealed_length);
  }
  Bytes longer = sealed.bytes;
  longer.push_back(0);
  require_error(sealed.open(longer), Error::sealed_length);
}

TEST_CASE("The head of a sealed message is checked, field by field") {
  Random random;
  const Sealed<xwing::DecapsulationKey> sealed(random);
  const auto with = [&](std::size_t at, std::uint8_t byte) {
    Bytes changed = sealed.bytes;
    changed[at] = byte;
    return sealed.open(changed);
  };
  for (std::size_t i = 0; i < 8; ++i) require_error(with(i, 'x'), Error::not_sealed);
  for (const unsigned version : {0u, 2u, 255u}) {
    require_error(with(8, static_cast<std::uint8_t>(version)), Error::unknown_version);
  }
  for (const unsigned kind : {0u, 2u, 3u, 255u}) {
    require_error(with(9, static_cast<std::uint8_t>(kind)), Error::not_sealed);
  }
  for (const unsigned kem : {0u, 0x41u, 0xffu}) {
    require_error(with(11, static_cast<std::uint8_t>(kem)), Error::other_kem);
  }
  // Those that are known are read, and then the message is not authentic.
  for (unsigned number = 0; number < 256; ++number) {
    CAPTURE(number);
    const auto byte = static_cast<std::uint8_t>(number);
    const bool kdf = number == 1 || number == 16 || number == 17;
    const bool aead = number >= 1 && number <= 3;
    if (byte != sealed.bytes[13]) {
      require_error(with(13, byte), kdf ? Error::not_authentic : Error::unknown_version);
    }
    if (byte != sealed.bytes[15]) {
      require_error(with(15, byte), aead ? Error::not_authentic : Error::unknown_version);
    }
  }
  require_error(with(12, 1), Error::unknown_version);
  require_error(with(14, 1), Error::unknown_version);
  for (std::size_t i = 16; i < 24; ++i) require_error(with(i, 0xee), Error::sealed_length);
}

TEST_CASE("Another key, aad or context opens nothing") {
  Random random;
  const Sealed<xwing::DecapsulationKey> sealed(random);
  const auto other = xwing::DecapsulationKey::generate();
  require_error(open_sealed(*other, sealed.bytes, sealed.aad, sealed.context),
                Error::not_authentic);
  require_error(open_sealed(sealed.key, sealed.bytes, sealed.context, sealed.aad),
                Error::not_authentic);
  require_error(open_sealed(sealed.key, sealed.bytes, {}, sealed.context), Error::not_authentic);
  require_error(open_sealed(sealed.key, sealed.bytes, sealed.aad, {}), Error::not_authentic);
  // What moves from one to the other is not the same together.
  Bytes longer = sealed.aad;
  longer.insert(longer.end(), sealed.context.begin(), sealed.context.end());
  require_error(open_sealed(sealed.key, sealed.bytes, longer, {}), Error::not_authentic);
  const auto mlkem = DecapsulationKey::generate();
  require_error(open_sealed(*mlkem, sealed.bytes, sealed.aad, sealed.context), Error::other_kem);
}

TEST_CASE("The keys commit to the recipient: the same secret under another key's name fails") {
  Random random;
  const KeyMaterial alice(random), bob(random);
  // What alice's key would make of it, were bob's name on it.
  const auto sent = alice.key.encapsulation_key().encapsulate();
  const auto info = [](View ek) {
    Bytes bytes(16 + 8, 0);
    std::ranges::copy(std::string_view("latchkey-seal-v1"), bytes.begin());
    bytes[22] = 1184 >> 8, bytes[23] = 1184 & 0xff;
    bytes.insert(bytes.end(), ek.begin(), ek.end());
    bytes.insert(bytes.end(), 8, 0);
    return bytes;
  };
  for (const bool named_alice : {true, false}) {
    const Bytes label = info(named_alice ? alice.ek : bob.ek);
    auto sender = hpke::sender_of<MlKem768>(*sent, {.info = label});
    Bytes container = bytes_in(seal_for(alice.key.encapsulation_key(), Bytes(5), {}, {}));
    std::ranges::copy(sent->ciphertext, container.begin() + 24);
    const Bytes prefix(container.begin(), container.begin() + 24 + kCiphertextSize);
    REQUIRE(sender->context
                .seal_to(std::span(container).subspan(24 + kCiphertextSize), Bytes(5), prefix)
                .has_value());
    REQUIRE(open_sealed(alice.key, container, {}, {}).has_value() == named_alice);
  }
}

TEST_CASE("Sealing says what it cannot do") {
  Random random;
  const Bytes context(kMaxSealingContext + 1);
  auto key = xwing::DecapsulationKey::generate();
  const auto& pub = key->encapsulation_key();
  REQUIRE(seal_for(pub, {}, {}, View(context).first(kMaxSealingContext)).has_value());
  require_error(seal_for(pub, {}, {}, context), Error::too_long);
  const auto sealed = seal_for(pub, {}, {}, {});
  require_error(open_sealed(*key, sealed->bytes(), {}, context), Error::too_long);
  require_error(seal_for(xwing::EncapsulationKey(), {}, {}, {}), Error::moved_from);
  require_error(open_sealed(xwing::DecapsulationKey(), sealed->bytes(), {}, {}), Error::moved_from);
  purge();
  require_error(open_sealed(*key, sealed->bytes(), {}, {}), Error::purged);
}

}  // namespace
}  // namespace latchkey::test
