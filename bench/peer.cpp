// Measures other libraries' ML-KEM, once their answers have been found to be ours.
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

using namespace mlkem;

constexpr ParameterSet kSet = kMlKem768;  // what peers are measured with

void take(const std::string& name) {
  static std::vector<std::string> taken = [] {
    std::vector<std::string> names;
    for (const auto& backend : dispatch::backends()) names.emplace_back(backend.hash->name);
    for (const auto& form : dispatch::forms()) names.emplace_back(form.table->name);
    return names;
  }();
  if (std::find(taken.begin(), taken.end(), name) != taken.end()) {
    throw std::invalid_argument("--peer: the name '" + name + "' is taken");
  }
  taken.push_back(name);
}

struct Transcript {
  Bytes<kSet.encapsulation_key_size()> pk;
  Bytes<kSet.decapsulation_key_size()> sk;  // or d || z and zeros
  Bytes<kSet.ciphertext_size()> ct;
  Bytes<kSharedSecretSize> ss, accepted, rejected;
};

using Coins = Bytes<kSeedSize + kSymBytes>;

Transcript ours(const Coins& coins, std::size_t sk_size) {
  const auto& ops = dispatch::kem_table<kSet>();
  const In<96> all(coins);
  PublicKey<kSet> pub;
  SecretKey<kSet> sec;
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
    require_same(peer, status, is, should_be, what);
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

// Section 7.2's modulus check, as a caller of such a library would write it.
bool is_reduced(const Bytes<kSet.encapsulation_key_size()>& pk) {
  std::uint32_t too_large = 0;
  for (std::size_t i = 0; i < kSet.vector_size(); i += 3) {
    const std::uint32_t first = pk[i] | (pk[i + 1] & 0xfu) << 8;
    const std::uint32_t second = pk[i + 1] >> 4 | std::uint32_t{pk[i + 2]} << 4;
    too_large |= (kQ - 1 - first) | (kQ - 1 - second);
  }
  return too_large >> 31 == 0;
}

// Section 7.3's hash check, with the SHA3-256 of our best backend.
bool has_its_hash(const Bytes<kSet.decapsulation_key_size()>& sk) {
  const std::span<const std::uint8_t> ek(&sk[kSet.vector_size()], kSet.encapsulation_key_size());
  Bytes<32> h;
  dispatch::hash_table().hash(h, kSha3_256, mlkem::Parts(&ek, 1));
  return std::equal(h.begin(), h.end(), &sk[kSet.vector_size() + kSet.encapsulation_key_size()]);
}

struct PeerChecks {
  bool modulus = false, hash = false;
};

// Which of the two checks the peer does not make. Keys that are no expanded ones have no hash.
PeerChecks missing_checks(const Peer& peer) {
  Coins coins;
  Inputs().fill(coins);
  Transcript t = ours(coins, peer.sk_size);
  PeerChecks lacks;
  if (peer.sk_size != kSeedOnly) {
    t.sk[kSet.vector_size() + kSet.encapsulation_key_size()] ^= 1;
    lacks.hash = peer.dec(t.ss.data(), t.ct.data(), t.sk.data()) == 0;
  }
  t.pk[0] = t.pk[1] = 0xff;
  lacks.modulus = peer.enc(t.ct.data(), t.ss.data(), t.pk.data(), &coins[kSeedSize]) == 0;
  restore_x87();
  return lacks;
}

void add_operations(const Peer& peer, PeerChecks lacks) {
  // The same key and randomness as in kem.cpp.
  struct Data {
    Coins coins;
    Transcript t;
  };
  const auto x = std::make_shared<Data>();
  Inputs().fill(x->coins);
  x->t = ours(x->coins, peer.sk_size);
  const auto operation = [&](const char* name, auto op) {
    add(std::string(name) + "/" + peer.name, [peer, x, lacks, op] {
      op(peer, *x, lacks);
      restore_x87();
    });
  };
  using P = const Peer&;
  using X = Data&;
  using C = PeerChecks;
  operation("keygen", [](P p, X v, C) { p.keypair(v.t.pk.data(), v.t.sk.data(), v.coins.data()); });
  operation("encaps", [](P p, X v, C unchecked) {
    if (!unchecked.modulus || is_reduced(v.t.pk))
      p.enc(v.t.ct.data(), v.t.ss.data(), v.t.pk.data(), &v.coins[kSeedSize]);
  });
  operation("decaps", [](P p, X v, C unchecked) {
    if (!unchecked.hash || has_its_hash(v.t.sk)) p.dec(v.t.ss.data(), v.t.ct.data(), v.t.sk.data());
  });
}

}  // namespace

// Under the name that it has, as it is; and if it checks less than FIPS 203 asks for, once more
// with what it lacks.
void add_peer(const Peer& peer) {
  take(peer.name);
  check(peer);
  const PeerChecks lacks = missing_checks(peer);
  add_operations(peer, {});
  if (lacks.modulus || lacks.hash) {
    take(peer.name + "-checked");
    Peer checked = peer;
    checked.name += "-checked";
    add_operations(checked, lacks);
  }
  add_peer_hybrids(peer);
}

}  // namespace latchkey::bench
