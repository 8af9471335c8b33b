// A bit that flips in a precomputed key, in memory: a secret comes out wrong, or nothing changes.
// Nothing else happens. (Under AddressSanitizer this shows that no access goes astray.)

#include <cstdio>
#include <map>

#include "api/access.hpp"
#include "api/support.hpp"
#include "latchkey/batch.hpp"

namespace latchkey::test {
namespace {

using PublicKey = mlkem::PublicKey<mlkem::kMlKem768>;
using SecretKey = mlkem::SecretKey<mlkem::kMlKem768>;

// A member of a precomputed key: where, and what an operation does with it.
struct Part {
  const char* name;
  std::size_t offset, size;
};
constexpr Part kPublicParts[] = {
    {"A_hat", offsetof(PublicKey, a_hat), sizeof(PublicKey::a_hat)},
    {"t_hat", offsetof(PublicKey, t_hat), sizeof(PublicKey::t_hat)},
    {"ek", offsetof(PublicKey, ek), sizeof(PublicKey::ek)},
    {"H(ek)", offsetof(PublicKey, h), sizeof(PublicKey::h)},
};
constexpr Part kSecretParts[] = {
    {"s_hat", offsetof(SecretKey, s_hat), sizeof(SecretKey::s_hat)},
    {"d", offsetof(SecretKey, d), sizeof(SecretKey::d)},
    {"z", offsetof(SecretKey, z), sizeof(SecretKey::z)},
};

// How many flips had which effect, by part.
struct Effects {
  std::size_t flips = 0, wrong = 0;
};

class Flips {
 public:
  explicit Flips(Random& random)
      : random_(random),
        seed_(random.vector(kSeedSize)),
        m_(random.bytes<32>()),
        alice_(DecapsulationKey::from_seed(seed_).value()),
        bob_(EncapsulationKey::parse(alice_.encapsulation_key().bytes()).value()),
        sent_(derand::encapsulate(bob_, m_).value()),
        secret_(copy_of(sent_.secret)) {}

  // Encapsulates with a bit of Bob's key flipped; Alice's is whole.
  bool bob_is_wrong() {
    const auto sent = derand::encapsulate(bob_, m_);
    if (!sent) return true;
    const auto opened = alice_.decapsulate(sent->ciphertext);
    REQUIRE(opened.has_value());
    return copy_of(*opened) != copy_of(sent->secret);
  }
  // Decapsulates with a bit of Alice's key flipped, alone and in a batch, and exports it.
  bool alice_is_wrong() {
    const auto opened = alice_.decapsulate(sent_.ciphertext);
    REQUIRE(opened.has_value());
    const DecapsulationKey* const keys[] = {&alice_};
    SharedSecret again[1];
    REQUIRE(decapsulate_batch(keys, {&sent_.ciphertext, 1}, again).has_value());
    REQUIRE(copy_of(again[0]) == copy_of(*opened));
    std::array<std::uint8_t, kDecapsulationKeySize> expanded;
    REQUIRE(alice_.export_expanded(expanded).has_value());
    // Read back, it is the key that it is, or refused.
    const auto imported = DecapsulationKey::import_expanded(expanded);
    if (imported) REQUIRE(imported->decapsulate(sent_.ciphertext).has_value());
    return copy_of(*opened) != secret_;
  }

  // Flips every bit of these parts, or one bit of every third byte.
  template <std::size_t N, class Wrong>
  void each(std::uint8_t* key, const Part (&parts)[N], bool all_bits, Wrong wrong) {
    for (const Part& part : parts) {
      Effects& effects = effects_[part.name];
      const std::size_t step = all_bits ? 1 : 3;
      const std::size_t first = part.offset + random_.between<std::size_t>(0, step - 1);
      for (std::size_t i = first; i < part.offset + part.size; i += step) {
        const int only = random_.between(0, 7);
        for (int bit = 0; bit < 8; ++bit) {
          if (!all_bits && bit != only) continue;
          INFO(part.name << ", byte " << i - part.offset << ", bit " << bit);
          flip(key[i], bit);
          ++effects.flips;
          effects.wrong += wrong();
          flip(key[i], bit);
        }
      }
    }
    // It was nothing else that was wrong.
    REQUIRE_FALSE(wrong());
  }

  void run(bool all_bits) {
    each(bytes_of(SecretAccess::precomputed(bob_)->key), kPublicParts, all_bits,
         [&] { return bob_is_wrong(); });
    bob_effects_ = std::exchange(effects_, {});
    each(bytes_of(SecretAccess::precomputed(alice_.encapsulation_key())->key), kPublicParts,
         all_bits, [&] { return alice_is_wrong(); });
    each(bytes_of(**SecretAccess::secret_key(alice_)), kSecretParts, all_bits,
         [&] { return alice_is_wrong(); });
  }

  [[nodiscard]] const auto& of_bob() const { return bob_effects_; }
  [[nodiscard]] const auto& of_alice() const { return effects_; }

 private:
  using ByPart = std::map<std::string, Effects>;

  template <class T>
  static std::uint8_t* bytes_of(T& object) {
    return reinterpret_cast<std::uint8_t*>(&object);
  }
  // Under protection keys, the secret half can be written for a moment only.
  static void flip(std::uint8_t& byte, int bit) {
    const OpenSecrets open(OpenSecrets::Rights::write);
    byte = static_cast<std::uint8_t>(byte ^ 1 << bit);
  }

  Random& random_;
  Bytes seed_;
  std::array<std::uint8_t, 32> m_;
  DecapsulationKey alice_;
  EncapsulationKey bob_;
  Encapsulation sent_;
  Bytes secret_;
  ByPart effects_, bob_effects_;
};

// A coefficient that happens to be multiplied by zero has no effect.
void check_effects(const char* whose, const std::map<std::string, Effects>& effects) {
  for (const auto& [part, seen] : effects) {
    std::printf("flips: %-8s %-6s %6zu bits, %6zu wrong secrets\n", whose, part.c_str(), seen.flips,
                seen.wrong);
    INFO(whose << ", " << part);
    REQUIRE(seen.flips > 0);
    if (part == "ek" || part == "d" || part == "z") {
      CHECK(seen.wrong == 0);  // not used by these operations
    } else {
      CHECK(seen.wrong * 100 >= seen.flips * 98);
    }
  }
}

// With the backend in force: the suite runs once for each.
void check_flips(bool all_bits) {
  Random random;
  Flips flips(random);
  flips.run(all_bits);
  check_effects("encaps", flips.of_bob());
  check_effects("decaps", flips.of_alice());
}

TEST_CASE("A flipped bit in a precomputed key gives a wrong secret, and no more") {
  check_flips(false);
}

TEST_CASE("So does every single bit", "[.soak]") { check_flips(true); }

}  // namespace
}  // namespace latchkey::test
