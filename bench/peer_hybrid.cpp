// Measures other libraries' X25519, X-Wing and X25519MLKEM768, once their answers have been found
// to be ours.
#include <memory>
#include <random>

#include "candidates.hpp"
#include "exchange.hpp"
#include "measure.hpp"
#include "peer.hpp"

namespace latchkey::bench {
namespace {

// Ours, on the same random input.
HybridExchange random_exchange() {
  std::random_device random;
  return HybridExchange([&random](std::span<std::uint8_t> bytes) {
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  });
}

void check_x25519(const Peer& peer, const HybridExchange& ours) {
  const auto& f = peer.x25519;
  Bytes<32> pub{}, shared{};
  f.public_key(pub.data(), ours.x25519_secret.data());
  require_same(peer, 0, pub, ours.x25519_public, "X25519: the public key");
  const int status =
      f.shared_secret(shared.data(), ours.x25519_secret.data(), ours.x25519_peer.data());
  require_same(peer, status, shared, ours.x25519_shared, "X25519: the shared secret");
}

void check_xwing(const Peer& peer, const HybridExchange& ours) {
  const auto& f = peer.xwing;
  Bytes<xwing::kEncapsulationKeySize> pk{};
  Bytes<xwing::kSeedSize> sk{};
  xwing::Ciphertext ct{};
  Bytes<kSharedSecretSize> ss{};
  int status = f.keypair(pk.data(), sk.data(), ours.sk.data());
  require_same(peer, status, pk, ours.pk, "X-Wing: the encapsulation key");
  require_same(peer, status, sk, ours.sk, "X-Wing: the decapsulation key");
  status = f.enc(ct.data(), ss.data(), ours.pk.data(), ours.eseed.data());
  require_same(peer, status, ct, ours.ct, "X-Wing: the ciphertext");
  require_same(peer, status, ss, ours.ss, "X-Wing: the shared secret");
  status = f.dec(ss.data(), ours.ct.data(), ours.sk.data());
  require_same(peer, status, ss, ours.ss, "X-Wing: the decapsulated secret");
  status = f.dec(ss.data(), ours.wrong_ct.data(), ours.sk.data());
  require_same(peer, status, ss, ours.rejected, "X-Wing: the secret of a wrong ciphertext");
}

void check_tls(const Peer& peer, const HybridExchange& ours) {
  const auto& f = peer.tls;
  Bytes<tls::kServerShareSize> answer{};
  Bytes<tls::kClientShareSize> share{};
  Bytes<tls::kSecretSize> secret{};
  int status = f.server(answer.data(), secret.data(), ours.client_share.data(), ours.eseed.data());
  require_same(peer, status, answer, ours.server_share, "X25519MLKEM768: the server's share");
  require_same(peer, status, secret, ours.tls_secret, "X25519MLKEM768: the server's secret");
  secret = {};
  status =
      f.client(share.data(), secret.data(), ours.server_share.data(), ours.client_coins.data());
  require_same(peer, status, share, ours.client_share, "X25519MLKEM768: the client's share");
  require_same(peer, status, secret, ours.tls_secret, "X25519MLKEM768: the client's secret");
}

// Where a peer's results go.
struct Data : HybridExchange {
  Bytes<xwing::kEncapsulationKeySize> their_pk;
  Bytes<xwing::kSeedSize> their_sk;
  xwing::Ciphertext their_ct;
  Bytes<tls::kSecretSize> their_secret;
};

}  // namespace

void add_peer_hybrids(const Peer& peer) {
  const HybridExchange random = random_exchange();
  const auto x = std::make_shared<Data>();
  const auto operation = [&](const char* name, auto op) {
    add(std::string(name) + "/" + peer.name, [peer, x, op] {
      op(peer, *x);
      restore_x87();
    });
  };
  using P = const Peer&;
  using D = Data&;
  if (peer.x25519.public_key != nullptr) {
    check_x25519(peer, random);
    add_x25519(peer.name, peer.x25519);
  }
  if (peer.xwing.keypair != nullptr) {
    check_xwing(peer, random);
    operation("xwing_keygen",
              [](P p, D d) { p.xwing.keypair(d.their_pk.data(), d.their_sk.data(), d.sk.data()); });
    operation("xwing_encaps", [](P p, D d) {
      p.xwing.enc(d.their_ct.data(), d.their_secret.data(), d.pk.data(), d.eseed.data());
    });
    operation("xwing_decaps",
              [](P p, D d) { p.xwing.dec(d.their_secret.data(), d.ct.data(), d.sk.data()); });
  }
  if (peer.tls.server != nullptr) {
    check_tls(peer, random);
    operation("tls_server", [](P p, D d) {
      p.tls.server(d.their_ct.data(), d.their_secret.data(), d.client_share.data(), d.eseed.data());
    });
    operation("tls_client", [](P p, D d) {
      p.tls.client(d.their_pk.data(), d.their_secret.data(), d.server_share.data(),
                   d.client_coins.data());
    });
  }
  restore_x87();
}

}  // namespace latchkey::bench
