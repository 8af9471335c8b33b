// Other libraries' ML-KEM-768, behind the three functions that README.md describes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace latchkey::bench {

// The size of an `sk` that is no expanded key but d || z.
inline constexpr std::size_t kSeedOnly = 64;

// X-Wing, if the library has it. Zero is success. Coins are the seed, and eseed.
struct XWingFunctions {
  int (*keypair)(std::uint8_t* pk, std::uint8_t* sk, const std::uint8_t* coins) = nullptr;
  int (*enc)(std::uint8_t* ct, std::uint8_t* ss, const std::uint8_t* pk,
             const std::uint8_t* coins) = nullptr;
  int (*dec)(std::uint8_t* ss, const std::uint8_t* ct, const std::uint8_t* sk) = nullptr;
};

// Zero is success. Coins are d and z for a key pair, and m for a ciphertext.
struct Peer {
  std::string name;
  std::string version;  // if known
  int (*keypair)(std::uint8_t* pk, std::uint8_t* sk, const std::uint8_t* coins);
  int (*enc)(std::uint8_t* ct, std::uint8_t* ss, const std::uint8_t* pk, const std::uint8_t* coins);
  int (*dec)(std::uint8_t* ss, const std::uint8_t* ct, const std::uint8_t* sk);
  std::size_t sk_size = 2400;  // or kSeedOnly
  XWingFunctions xwing = {};
};

// Throws if its answers are not ours, or if its name is taken.
void add_peer(const Peer& peer);

// Of NAME=FILE.so. Throws if it cannot be loaded.
Peer load_peer(const std::string& argument);

// Those of this system, in system/: as many as the build found libraries for.
std::vector<Peer (*)()> system_peers();
Peer botan();
Peer liboqs();
Peer libsodium();
Peer openssl();

}  // namespace latchkey::bench
