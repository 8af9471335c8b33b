// Botan 3. Those that cannot read a decapsulation key in its expanded form take it as its seed.
#include <botan/ml_kem.h>
#include <botan/pubkey.h>
#include <botan/rng.h>
#include <botan/version.h>

#include <algorithm>

#include "peer.hpp"

namespace latchkey::bench {
namespace {

using Botan::ML_KEM_PrivateKey;
using Botan::ML_KEM_PublicKey;

// Each of these came to Botan with the expanded form; before, a key had no format.
template <class Key>
concept HasFormats = requires(const Key key) {
  key.private_key_format();
};
constexpr std::size_t kSecretSize = HasFormats<ML_KEM_PrivateKey> ? 2400 : kSeedOnly;

Botan::ML_KEM_Mode mode() { return Botan::ML_KEM_Mode::ML_KEM_768; }

// Gives out the bytes it is made of.
class Given final : public Botan::RandomNumberGenerator {
 public:
  explicit Given(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  bool accepts_input() const override { return false; }
  std::string name() const override { return "given"; }
  void clear() override {}
  bool is_seeded() const override { return true; }

 private:
  void fill_bytes_with_input(std::span<std::uint8_t> output,
                             std::span<const std::uint8_t>) override {
    std::copy_n(bytes_.begin(), std::min(output.size(), bytes_.size()), output.begin());
  }
  std::span<const std::uint8_t> bytes_;
};

template <class Key>
auto secret_bytes(const Key& key) {
  if constexpr (HasFormats<Key>) {
    using Format = decltype(key.private_key_format());
    return key.private_key_bits_with_format(Format::Expanded);
  } else {
    return key.private_key_bits();
  }
}

int keypair(std::uint8_t* pk, std::uint8_t* sk, const std::uint8_t* coins) {
  const ML_KEM_PrivateKey key(std::span(coins, 64), mode());
  std::ranges::copy(key.public_key_bits(), pk);
  std::ranges::copy(secret_bytes(key), sk);
  return 0;
}

int enc(std::uint8_t* ct, std::uint8_t* ss, const std::uint8_t* pk, const std::uint8_t* coins) {
  const ML_KEM_PublicKey key(std::span(pk, 1184), mode());
  Given m(std::span(coins, 32));
  Botan::PK_KEM_Encryptor(key, "Raw").encrypt(std::span(ct, 1088), std::span(ss, 32), m);
  return 0;
}

int dec(std::uint8_t* ss, const std::uint8_t* ct, const std::uint8_t* sk) {
  const ML_KEM_PrivateKey key(std::span(sk, kSecretSize), mode());
  Botan::Null_RNG none;
  Botan::PK_KEM_Decryptor(key, none, "Raw").decrypt(std::span(ss, 32), std::span(ct, 1088), 32);
  return 0;
}

}  // namespace

Peer botan() {
  return {"botan",    std::string("Botan ") + Botan::short_version_cstr(), keypair, enc, dec,
          kSecretSize};
}

}  // namespace latchkey::bench
