// Sealed messages: what opens them, and that nothing else does.

#include "latchkey/seal.hpp"

#include "hpke/hpke.hpp"
#include "seal/plain_container.hpp"
#include "seal/seal.hpp"
#include "seal/support.hpp"

namespace latchkey::test {
namespace {

using hpke::Aead;
using hpke::Kdf;

template <class K>
void require_round_trips(Random& random) {
  const auto key = K::DecapsulationKey::generate();
  for (const Kdf kdf : {Kdf::hkdf_sha256, Kdf::hkdf_sha384, Kdf::shake128, Kdf::shake256,
                        Kdf::turboshake128, Kdf::turboshake256}) {
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
  require_round_trips<MlKem512>(random);
  require_round_trips<MlKem768>(random);
  require_round_trips<MlKem1024>(random);
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

TEST_CASE("The header of a sealed message is checked, field by field") {
  Random random;
  const Sealed<xwing::DecapsulationKey> sealed(random);
  const auto with = [&](std::size_t at, std::uint8_t byte) {
    Bytes changed = sealed.bytes;
    changed[at] = byte;
    return sealed.open(changed);
  };
  for (std::size_t i = 0; i < 8; ++i) require_error(with(i, 'x'), Error::not_sealed);
  for (const unsigned version : {0u, 1u, 3u, 255u}) {
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
    const bool kdf = number == 1 || number == 2 || (number >= 16 && number <= 19);
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

LATCHKEY_TEST_OF_KEMS(
    "A message to a key of one set opens with no key of the same seed in another") {
  Random random;
  const Sealed<MlKemDecapsulationKey<set>> sealed(random);
  const auto info = inspect_sealed(sealed.bytes);
  REQUIRE(info.has_value());
  REQUIRE(info->kem == MlKemOf<set>::kHpkeId);
  REQUIRE(info->preamble_size + info->size == sealed.bytes.size());
  std::array<std::uint8_t, kSeedSize> seed;
  REQUIRE(sealed.key.export_seed(seed).has_value());
  const auto open_with = [&](const auto& key) {
    return open_sealed(*key, sealed.bytes, sealed.aad, sealed.context);
  };
  const auto check = [&](const auto& key, std::uint16_t kem) {
    if (kem == info->kem) {
      REQUIRE(bytes_in(open_with(key)) == sealed.message);
    } else {
      require_error(open_with(key), Error::other_kem);
    }
  };
  check(mlkem512::DecapsulationKey::from_seed(seed), MlKem512::kHpkeId);
  check(mlkem768::DecapsulationKey::from_seed(seed), MlKem768::kHpkeId);
  check(mlkem1024::DecapsulationKey::from_seed(seed), MlKem1024::kHpkeId);
  // A header that names another set.
  for (const std::uint16_t kem : {MlKem512::kHpkeId, MlKem768::kHpkeId, MlKem1024::kHpkeId}) {
    Bytes changed = sealed.bytes;
    changed[11] = static_cast<std::uint8_t>(kem);
    if (kem != info->kem) require_error(sealed.open(changed), Error::other_kem);
  }
  Bytes unknown = sealed.bytes;
  unknown[11] = 0x43;
  require_error(inspect_sealed(unknown), Error::unknown_version);
}

LATCHKEY_TEST_OF_KEMS("A sealed message of each set with a bit of any byte changed does not open") {
  Random random;
  const Sealed<MlKemDecapsulationKey<set>> sealed(random);
  for (std::size_t at = 0; at < sealed.bytes.size(); ++at) {
    CAPTURE(at);
    Bytes changed = sealed.bytes;
    changed[at] = static_cast<std::uint8_t>(changed[at] ^ 1 << random.between(0, 7));
    REQUIRE_FALSE(sealed.open(changed).has_value());
  }
}

TEST_CASE("No container encrypts with an AEAD that only exports") {
  Random random;
  const Sealed<xwing::DecapsulationKey> sealed(random);
  constexpr auto kExportOnly = static_cast<Aead>(0xffff);
  require_error(
      seal_for(sealed.key.encapsulation_key(), {}, {}, {}, {Kdf::hkdf_sha256, kExportOnly}),
      Error::unknown_version);
  Bytes changed = sealed.bytes;
  changed[14] = changed[15] = 0xff;
  require_error(sealed.open(changed), Error::unknown_version);
  require_error(inspect_sealed(changed), Error::unknown_version);
}

TEST_CASE("A container of version 1 is refused, whatever it is") {
  Random random;
  const Sealed<xwing::DecapsulationKey> sealed(random);
  Bytes first = sealed.bytes;
  first[8] = 1;
  require_error(sealed.open(first), Error::unknown_version);
  require_error(inspect_sealed(first), Error::unknown_version);
  for (const std::uint8_t kind : {std::uint8_t{1}, std::uint8_t{2}}) {
    first[9] = kind;
    require_error(inspect_sealed(View(first).first(kSealedInfoSize)), Error::unknown_version);
  }
}

// A message that is sealed as docs/formats.md says, with another part replaced after the keys were
// made. Only what is as documented opens.
template <class K>
Bytes plain_message(OctetView ek, const typename K::Encapsulation& sent, View content,
                    PlainInputs in) {
  in.size = content.size() + hpke::kTagSize;
  auto made = plain_container<K>(ek, sent, in);
  Bytes encrypted(content.size() + hpke::kTagSize);
  REQUIRE(made.context.seal_to(encrypted, content, made.message_aad(in.aad)).has_value());
  return oracle::concat({made.preamble, encrypted});
}

template <class K, std::size_t Seed>
void require_documented_message(Random& random) {
  const auto key = K::DecapsulationKey::generate();
  const View ek = key->encapsulation_key().bytes();
  const auto sent = derand::encapsulate(key->encapsulation_key(), random.bytes<Seed>());
  for (const Kdf kdf : {Kdf::hkdf_sha256, Kdf::shake128, Kdf::shake256}) {
    for (const Aead aead : {Aead::aes_128_gcm, Aead::aes_256_gcm, Aead::chacha20_poly1305}) {
      PlainInputs in;
      in.aad = random.vector(7);
      in.context = random.vector(9);
      in.suite = {kdf, aead};
      const Bytes content = random.vector(100);
      const auto sealed = SealingAccess::seal<K>(key->encapsulation_key(), *sent, content, in.aad,
                                                 in.context, in.suite);
      REQUIRE(copy_of(sealed->bytes()) == plain_message<K>(ek, *sent, content, in));
      REQUIRE(bytes_in(open_sealed(*key, sealed->bytes(), in.aad, in.context)) == content);
    }
  }
}

TEST_CASE("A sealed message is what docs/formats.md says") {
  Random random;
  require_documented_message<MlKem512, 32>(random);
  require_documented_message<MlKem768, 32>(random);
  require_documented_message<MlKem1024, 32>(random);
  require_documented_message<XWing, xwing::kEncapsulationSeedSize>(random);
}

TEST_CASE("The keys depend on the recipient: the same secret under another key's name fails") {
  Random random;
  const KeyMaterial alice(random), bob(random);
  const auto sent = alice.key.encapsulation_key().encapsulate();
  for (const bool named_alice : {true, false}) {
    const Bytes message =
        plain_message<MlKem768>(named_alice ? alice.ek : bob.ek, *sent, Bytes(5), {});
    REQUIRE(open_sealed(alice.key, message, {}, {}).has_value() == named_alice);
  }
}

// The encrypted message and its tag are right in each of these, so only the comparison of the
// commitment refuses them.
TEST_CASE("A commitment with one wrong bit is refused although the tag is right") {
  Random random;
  const KeyMaterial alice(random);
  const auto sent = alice.key.encapsulation_key().encapsulate();
  PlainInputs in;
  in.size = 5 + hpke::kTagSize;
  for (std::size_t bit = 0; bit <= 8 * kSealingCommitmentSize; ++bit) {
    CAPTURE(bit);
    auto made = plain_container<MlKem768>(alice.ek, *sent, in);
    const bool is_right = bit == 8 * kSealingCommitmentSize;
    if (!is_right) {
      auto& byte = made.preamble[made.preamble.size() - kSealingCommitmentSize + bit / 8];
      byte = static_cast<std::uint8_t>(byte ^ 1 << bit % 8);
    }
    Bytes encrypted(5 + hpke::kTagSize);
    REQUIRE(made.context.seal_to(encrypted, Bytes(5), made.message_aad({})).has_value());
    const auto opened = open_sealed(alice.key, oracle::concat({made.preamble, encrypted}), {}, {});
    REQUIRE(opened.has_value() == is_right);
    if (!is_right) REQUIRE(opened.error() == Error::not_authentic);
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
