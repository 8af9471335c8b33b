// Other libraries' ML-KEM-768, and what else they have of X25519, X-Wing and X25519MLKEM768, behind
// the functions that README.md describes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace latchkey::bench {

// The size of an `sk` that is no expanded key but d || z.
inline constexpr std::size_t kSeedOnly = 64;

// Those that a library may lack. All of a group are there, or none. Zero is success.
struct X25519Functions {
  void (*public_key)(std::uint8_t* pub, const std::uint8_t* secret) = nullptr;
  int (*shared_secret)(std::uint8_t* shared, const std::uint8_t* secret,
                       const std::uint8_t* peer) = nullptr;
};
// Coins are the seed, and eseed.
struct XWingFunctions {
  int (*keypair)(std::uint8_t* pk, std::uint8_t* sk, const std::uint8_t* coins) = nullptr;
  int (*enc)(std::uint8_t* ct, std::uint8_t* ss, const std::uint8_t* pk,
             const std::uint8_t* coins) = nullptr;
  int (*dec)(std::uint8_t* ss, const std::uint8_t* ct, const std::uint8_t* sk) = nullptr;
};
// Coins are m and X25519's secret for a server; d, z and X25519's secret for a client, which makes
// its share and then the secret.
struct TlsFunctions {
  int (*server)(std::uint8_t* share, std::uint8_t* secret, const std::uint8_t* client_share,
                const std::uint8_t* coins) = nullptr;
  int (*client)(std::uint8_t* client_share, std::uint8_t* secret, const std::uint8_t* server_share,
                const std::uint8_t* coins) = nullptr;
};

// Zero is success. Coins are d and z for a key pair, and m for a ciphertext.
struct Peer {
  std::string name;
  std::string version;  // if known
  int (*keypair)(std::uint8_t* pk, std::uint8_t* sk, const std::uint8_t* coins);
  int (*enc)(std::uint8_t* ct, std::uint8_t* ss, const std::uint8_t* pk, const std::uint8_t* coins);
  int (*dec)(std::uint8_t* ss, const std::uint8_t* ct, const std::uint8_t* sk);
  std::size_t sk_size = 2400;  // or kSeedOnly
  X25519Functions x25519 = {};
  XWingFunctions xwing = {};
  TlsFunctions tls = {};
};

// Throws if its answers are not ours, or if its name is taken.
void add_peer(const Peer& peer);
// The part of that which is more than ML-KEM.
void add_peer_hybrids(const Peer& peer);

// Throws if what a peer computed failed, or is not what it should be.
template <class T>
void require_same(const Peer& peer, int status, const T& is, const T& should_be,
                  const std::string& what) {
  const std::string begin = "peer " + peer.name + ": " + what;
  if (status != 0) throw std::runtime_error(begin + ": returned " + std::to_string(status));
  if (is != should_be) throw std::runtime_error(begin + " is not the same as ours");
}

// Formosa's assembly leaves the x87 registers in use, and then floating point goes wrong.
inline void restore_x87() {
#if defined(__x86_64__)
  asm volatile("emms");
#endif
}

// Of NAME=FILE.so. Throws if it cannot be loaded.
Peer load_peer(const std::string& argument);

// Those of this system, in system/: as many as the build found libraries for.
std::vector<Peer (*)()> system_peers();
Peer botan();
Peer liboqs();
Peer libsodium();
Peer openssl();

}  // namespace latchkey::bench
