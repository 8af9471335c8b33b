// Measures other libraries, once their answers have been found to be ours.
#include "peer.hpp"

#include <algorithm>
#include <memory>
#include <random>
#include <stdexcept>

#include "dispatch/dispatch.hpp"
#include "inputs.hpp"
#include "measure.hpp"

namespace latchkey::bench {
namespace {

using namespace core;

// Formosa's assembly leaves the x87 registers in use, and then floating point goes wrong.
void restore_x87() {
#if defined(__x86_64__)
  asm volatile("emms");
#endif
}

void take(const std::string& name) {
  static std::vector<std::string> taken = [] {
    std::vector<std::string> names;
    for (const auto& row : dispatch::rows()) names.emplace_back(row.kem->name);
    return names;
  }();
  if (std::find(taken.begin(), taken.end(), name) != taken.end()) {
    throw std::invalid_argument("--peer: the name '" + name + "' is taken");
  }
  taken.push_back(name);
}

struct Transcript {
  Bytes<kEncapsulationKeySize> pk;
  Bytes<kDecapsulationKeySize> sk;  // or d || z and zeros
  Bytes<kCiphertextSize> ct;
  Bytes<kSharedSecretSize> ss, accepted, rejected;
};

using Coins = Bytes<kSeedSize + kSymBytes>;

Transcript ours(const Coins& coins, std::size_t sk_size) {
  const KemOps& ops = dispatch::kem_ops();
  const In<96> all(coins);
  PublicKey pub;
  SecretKey sec;
  Transcript t{};
  ops.keygen(pub, sec, all.first<32>(), all.subspan<32, 32>());
  std::copy(std::begin(pub.ek), std::end(pub.ek), t.pk.begin());
  if (sk_size == kSeedOnly) {
    std::copy_n(coins.begin(), kSeedOnly, t.sk.begin());
  } else {
    ops.encode_dk(t.sk, pub, sec);
  }
  ops.encaps(t.ct, t.ss, pub, all.last<32>());
  ops.decaps(t.accepted, pub, sec, t.ct);
  t.ct[0] ^= 1;
  ops.decaps(t.rejected, pub, sec, t.ct);
  t.ct[0] ^= 1;
  return t;
}

// On a random key, and on a ciphertext that must be rejected.
void check(const Peer& peer) {
  Coins coins;
  std::random_device random;
  for (auto& byte : coins) byte = static_cast<std::uint8_t>(random());
  const Transcript expected = ours(coins, peer.sk_size);
  Transcript t{};
  const auto agree = [&](int status, const auto& is, const auto& should_be, const char* what) {
    restore_x87();
    const std::string begin = "peer " + peer.name + ": " + what;
    if (status != 0) throw std::runtime_error(begin + ": returned " + std::to_string(status));
    if (is != should_be) throw std::runtime_error(begin + " is not the same as ours");
  };
  int status = peer.keypair(t.pk.data(), t.sk.data(), coins.data());
  agree(status, t.pk, expected.pk, "the encapsulation key");
  agree(status, t.sk, expected.sk, "the decapsulation key");
  status = peer.enc(t.ct.data(), t.ss.data(), t.pk.data(), &coins[kSeedSize]);
  agree(status, t.ct, expected.ct, "the ciphertext");
  agree(status, t.ss, expected.ss, "the shared secret");
  status = peer.dec(t.accepted.data(), t.ct.data(), t.sk.data());
  agree(status, t.accepted, expected.accepted, "the decapsulated secret");
  t.ct[0] ^= 1;
  status = peer.dec(t.rejected.data(), t.ct.data(), t.sk.data());
  agree(status, t.rejected, expected.rejected, "the secret of a wrong ciphertext");
}

}  // namespace

void add_peer(const Peer& peer) {
  take(peer.name);
  check(peer);

  // The same key and randomness as in kem.cpp.
  struct Data {
    Coins coins;
    Transcript t;
  };
  const auto x = std::make_shared<Data>();
  Inputs().fill(x->coins);
  x->t = ours(x->coins, peer.sk_size);
  const auto operation = [&](const char* name, auto op) {
    add(std::string(name) + "/" + peer.name, [peer, x, op] {
      op(peer, *x);
      restore_x87();
    });
  };
  using P = const Peer&;
  using X = Data&;
  operation("keygen", [](P p, X v) { p.keypair(v.t.pk.data(), v.t.sk.data(), v.coins.data()); });
  operation("encaps", [](P p, X v) {
    p.enc(v.t.ct.data(), v.t.ss.data(), v.t.pk.data(), &v.coins[kSeedSize]);
  });
  operation("decaps", [](P p, X v) { p.dec(v.t.ss.data(), v.t.ct.data(), v.t.sk.data()); });
}

}  // namespace latchkey::bench
