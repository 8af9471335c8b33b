#include "accumulated.hpp"

#include <cstdio>
#include <map>

#include "check.hpp"
#include "latchkey/derand.hpp"
#include "secret.hpp"
#include "shake128.hpp"

namespace latchkey::kat {
namespace {

const std::map<std::uint64_t, const char*> kFigures = {
    {100, "1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415"},
    {1'000, "78d7c03e462a9b629602564d7a25a61fe1082beaea54b3b6d13d3d7bea50b43d"},
    {10'000, "8a518cc63da366322a8e7a818c7a0d63483cb3528d34a4cf42f35d5ad73f22fc"},
    {1'000'000, "424bf8f0e8ae99b78d788a6e2e8e9cdaf9773fc0c08a6f433507cb559edfd0f0"},
};

template <std::size_t N>
std::array<std::uint8_t, N> next(Shake128& stream) {
  std::array<std::uint8_t, N> bytes;
  stream.squeeze(bytes);
  return bytes;
}

// What one round adds to `outputs`. Throws if an operation fails or decapsulation gives another K.
void run_round(Shake128& inputs, Shake128& outputs) {
  const auto seed = next<kSeedSize>(inputs);
  const SecretCopy secret_seed(seed);
  const auto key = accepted(DecapsulationKey::from_seed(*secret_seed));
  outputs.absorb(revealed(key.encapsulation_key().bytes()));

  const auto m = next<32>(inputs);
  const SecretCopy secret_m(m);
  const auto sent = accepted(derand::encapsulate(key.encapsulation_key(), (*secret_m).first<32>()));
  const Bytes k = revealed(sent.secret);
  outputs.absorb(sent.ciphertext);
  outputs.absorb(k);
  if (revealed(accepted(key.decapsulate(sent.ciphertext))) != k) {
    throw std::runtime_error("decapsulation gave another secret");
  }

  const auto random_ciphertext = next<kCiphertextSize>(inputs);
  outputs.absorb(revealed(accepted(key.decapsulate(random_ciphertext))));
}

std::string digest(Shake128& stream) {
  std::string hex;
  for (const std::uint8_t byte : next<32>(stream)) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", byte);
    hex += digits;
  }
  return hex;
}

}  // namespace

Accumulated accumulate(std::uint64_t rounds) {
  Shake128 inputs, outputs;
  for (std::uint64_t round = 1; round <= rounds; ++round) {
    try {
      run_round(inputs, outputs);
    } catch (const std::exception& reason) {
      return {{}, {}, "round " + std::to_string(round) + ": " + reason.what()};
    }
  }
  Accumulated result{digest(outputs), {}, {}};
  if (const auto known = kFigures.find(rounds); known != kFigures.end()) {
    result.expected = known->second;
    if (result.figure != result.expected) {
      result.failure = "expected " + result.expected + ", got " + result.figure;
    }
  }
  return result;
}

}  // namespace latchkey::kat
