// Other libraries, loaded while running: README.md says what they must export.
#include <dlfcn.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <random>
#include <stdexcept>
#include <vector>

#include "candidates.hpp"
#include "inputs.hpp"
#include "measure.hpp"

namespace latchkey::bench {
namespace {

using namespace core;

struct Peer {
  std::string name;
  int (*keypair)(std::uint8_t* pk, std::uint8_t* sk, const std::uint8_t* coins);
  int (*enc)(std::uint8_t* ct, std::uint8_t* ss, const std::uint8_t* pk, const std::uint8_t* coins);
  int (*dec)(std::uint8_t* ss, const std::uint8_t* ct, const std::uint8_t* sk);

  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error("peer " + name + ": " + what);
  }
};

// Formosa's assembly leaves the x87 registers in use, and then floating point goes wrong.
void restore_x87() {
#if defined(__x86_64__)
  asm volatile("emms");
#endif
}

Peer parse(const std::string& argument, std::string& file) {
  const auto equals = argument.find('=');
  Peer peer{argument.substr(0, equals), nullptr, nullptr, nullptr};
  const auto in_names = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; };
  if (equals == 0 || equals >= argument.size() - 1 ||
      !std::all_of(peer.name.begin(), peer.name.end(), in_names)) {
    throw std::invalid_argument(
        "--peer: expected NAME=FILE.so, with letters, digits, - and _ in "
        "NAME, not '" +
        argument + "'");
  }
  static std::vector<std::string> taken = [] {
    std::vector<std::string> names;
    for (const auto& row : dispatch::rows()) names.emplace_back(row.kem->name);
    return names;
  }();
  if (std::find(taken.begin(), taken.end(), peer.name) != taken.end()) {
    throw std::invalid_argument("--peer: the name '" + peer.name + "' is taken");
  }
  taken.push_back(peer.name);
  // Without a slash, the loader would look in the system's folders.
  file = std::filesystem::absolute(argument.substr(equals + 1)).string();
  return peer;
}

template <class F>
void find(const Peer& peer, void* library, const char* symbol, F*& function) {
  function = reinterpret_cast<F*>(dlsym(library, symbol));
  if (function == nullptr) peer.fail(std::string("no function ") + symbol);
}

void load(Peer& peer, const std::string& file) {
  if (!std::filesystem::exists(file)) peer.fail("no file " + file);
#if defined(__SANITIZE_ADDRESS__)
  constexpr int kOwnSymbols = 0;
#else
  constexpr int kOwnSymbols = RTLD_DEEPBIND;  // a peer may contain another libcrypto
#endif
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | kOwnSymbols);
  if (library == nullptr) peer.fail(dlerror());
  find(peer, library, "crypto_kem_keypair_derand", peer.keypair);
  find(peer, library, "crypto_kem_enc_derand", peer.enc);
  find(peer, library, "crypto_kem_dec", peer.dec);
}

struct Transcript {
  Bytes<kEncapsulationKeySize> pk;
  Bytes<kDecapsulationKeySize> sk;
  Bytes<kCiphertextSize> ct;
  Bytes<kSharedSecretSize> ss, accepted, rejected;
};

using Coins = Bytes<kSeedSize + kSymBytes>;

Transcript ours(const Coins& coins) {
  const KemOps& ops = dispatch::kem_ops();
  const In<96> all(coins);
  PublicKey pub;
  SecretKey sec;
  Transcript t;
  ops.keygen(pub, sec, all.first<32>(), all.subspan<32, 32>());
  std::copy(std::begin(pub.ek), std::end(pub.ek), t.pk.begin());
  ops.encode_dk(t.sk, pub, sec);
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
  const Transcript expected = ours(coins);
  Transcript t{};
  const auto agree = [&](int status, const auto& is, const auto& should_be, const char* what) {
    restore_x87();
    if (status != 0) peer.fail(std::string(what) + ": returned " + std::to_string(status));
    if (is != should_be) peer.fail(std::string(what) + " is not the same as ours");
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

void add_peer(const std::string& argument) {
  std::string file;
  Peer peer = parse(argument, file);
  load(peer, file);
  check(peer);

  // The same key and randomness as in kem.cpp.
  struct Data {
    Coins coins;
    Transcript t;
  };
  const auto x = std::make_shared<Data>();
  Inputs().fill(x->coins);
  x->t = ours(x->coins);
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
