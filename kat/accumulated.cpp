#include "accumulated.hpp"

#include <cstdio>
#include <map>
#include <utility>

#include "check.hpp"
#include "latchkey/derand.hpp"
#include "secret.hpp"
#include "shake128.hpp"

namespace latchkey::kat {
namespace {

const std::map<std::pair<MlKem, std::uint64_t>, const char*> kFigures = {
    {{MlKem::k512, 100}, "86b1b4703b8ffef6f7f3290c6dbce4ad954498a0673ded401a94828e8c519a59"},
    {{MlKem::k512, 1'000}, "1f52919e618f26d802b33dacdc8e0a18005e5e40ebbd473e85faf97f599a2b05"},
    {{MlKem::k512, 10'000}, "e0112db334d4240ca6feed5b0beab1318925edd4ff7d840c2ebe6d61971fc14c"},
    {{MlKem::k512, 1'000'000}, "a3e16deb5dc7fb037a72f0642975a220270bc2adc80718fb97f7de91c3caa6f1"},
    {{MlKem::k768, 100}, "1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415"},
    {{MlKem::k768, 1'000}, "78d7c03e462a9b629602564d7a25a61fe1082beaea54b3b6d13d3d7bea50b43d"},
    {{MlKem::k768, 10'000}, "8a518cc63da366322a8e7a818c7a0d63483cb3528d34a4cf42f35d5ad73f22fc"},
    {{MlKem::k768, 1'000'000}, "424bf8f0e8ae99b78d788a6e2e8e9cdaf9773fc0c08a6f433507cb559edfd0f0"},
    {{MlKem::k1024, 100}, "800018fec3e2723f73f1d657fe239b4d5d8782efaade297e8cd448e54cc2ac00"},
    {{MlKem::k1024, 1'000}, "070478698bfcade6270900c5b7249235ac3873ef2ab94913e059b3913ee809cb"},
    {{MlKem::k1024, 10'000}, "f1a3925c9cf8538bb104c56efb2f5ecb74cc3df25087460b73f6c873e96bcb6a"},
    {{MlKem::k1024, 1'000'000}, "2254e1f80327f405dd4c8c35ab3234c66c4b7b66360324b06caea551235ceab2"},
};

template <std::size_t N>
std::array<std::uint8_t, N> next(Shake128& stream) {
  std::array<std::uint8_t, N> bytes;
  stream.squeeze(bytes);
  return bytes;
}

// What one round adds to `outputs`. Throws if an operation fails or decapsulation gives another K.
template <MlKem set>
void run_round_of(Shake128& inputs, Shake128& outputs) {
  const auto seed = next<kSeedSize>(inputs);
  const SecretCopy secret_seed(seed);
  const auto key = accepted(MlKemDecapsulationKey<set>::from_seed(*secret_seed));
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

  const auto random_ciphertext = next<sizes_of(set).ciphertext>(inputs);
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

Accumulated accumulate(MlKem set, std::uint64_t rounds) {
  const auto run_round = set == MlKem::k512   ? run_round_of<MlKem::k512>
                         : set == MlKem::k768 ? run_round_of<MlKem::k768>
                                              : run_round_of<MlKem::k1024>;
  Shake128 inputs, outputs;
  for (std::uint64_t round = 1; round <= rounds; ++round) {
    try {
      run_round(inputs, outputs);
    } catch (const std::exception& reason) {
      return {{}, {}, "round " + std::to_string(round) + ": " + reason.what()};
    }
  }
  Accumulated result{digest(outputs), {}, {}};
  if (const auto known = kFigures.find({set, rounds}); known != kFigures.end()) {
    result.expected = known->second;
    if (result.figure != result.expected) {
      result.failure = "expected " + result.expected + ", got " + result.figure;
    }
  }
  return result;
}

}  // namespace latchkey::kat
