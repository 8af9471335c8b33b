#include "keys.hpp"

namespace latchkey::fuzz {

const KnownKey& known_key(std::size_t choice) {
  constexpr std::size_t kKeys = 4;
  static const auto keys = [] {
    std::array<KnownKey, kKeys> made;
    for (std::size_t i = 0; i < kKeys; ++i) {
      made[i].d.fill(static_cast<std::uint8_t>(i));
      made[i].z.fill(static_cast<std::uint8_t>(0xf0 + i));
      made[i].bytes = oracle::keygen(made[i].d, made[i].z);
    }
    return made;
  }();
  return keys[choice % kKeys];
}

unsigned coefficient(View encoded, std::size_t i) {
  const std::size_t byte = i * 3 / 2;
  return i % 2 == 0 ? encoded[byte] + 256U * (encoded[byte + 1] % 16)
                    : encoded[byte] / 16 + 16U * encoded[byte + 1];
}

void set_coefficient(std::span<std::uint8_t> encoded, std::size_t i, unsigned value) {
  const std::size_t byte = i * 3 / 2;
  auto &first = encoded[byte], &second = encoded[byte + 1];
  if (i % 2 == 0) {
    first = static_cast<std::uint8_t>(value);
    second = static_cast<std::uint8_t>((second & 0xf0) | value >> 8);
  } else {
    first = static_cast<std::uint8_t>((first & 0x0f) | value << 4);
    second = static_cast<std::uint8_t>(value >> 4);
  }
}

bool is_reduced(View ek) {
  for (std::size_t i = 0; i < kCoefficients; ++i) {
    if (coefficient(ek, i) >= mlkem::kQ) return false;
  }
  return true;
}

Bytes copy_of(const SharedSecret& secret) {
  const OpenSecrets open;
  const auto bytes = secret.expose();
  require(bytes.has_value(), "a secret can be read");
  return Bytes(bytes->begin(), bytes->end());
}

Bytes copy_of(const Result<SharedSecret>& secret) {
  require(secret.has_value(), "there is a secret");
  return copy_of(*secret);
}

void mutate(std::span<std::uint8_t> bytes, Input& input, std::size_t at_most) {
  for (std::size_t i = 0; i < at_most && !input.empty(); ++i) {
    const std::size_t place = input.number() % bytes.size();
    bytes[place] = static_cast<std::uint8_t>(bytes[place] ^ input.byte());
  }
}

}  // namespace latchkey::fuzz
