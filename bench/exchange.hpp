// One exchange by X25519, by X-Wing and by X25519MLKEM768, as this library computes it: what
// everybody is measured with, and what the answers of others are compared with.
#pragma once

#include <algorithm>

#include "dispatch/dispatch.hpp"
#include "inputs.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "need.hpp"

namespace latchkey::bench {

struct HybridExchange {
  // The same for everybody.
  HybridExchange()
      : HybridExchange(
            [inputs = Inputs()](std::span<std::uint8_t> bytes) mutable { inputs.fill(bytes); }) {}

  template <class Fill>
  explicit HybridExchange(Fill fill) {
    fill(x25519_secret);
    Bytes<32> their_secret;
    fill(their_secret);
    const auto& x25519 = dispatch::x25519_table();
    x25519.public_key(x25519_peer, their_secret);
    x25519.public_and_shared(x25519_public, x25519_shared, x25519_secret, x25519_peer);

    fill(sk);
    fill(eseed);
    key = need(xwing::DecapsulationKey::from_seed(sk));
    copy(key.encapsulation_key().bytes(), pk);
    const auto sent = need(derand::encapsulate(key.encapsulation_key(), eseed));
    ct = wrong_ct = sent.ciphertext;
    wrong_ct[0] ^= 1;
    expose(sent.secret, ss);
    expose(need(key.decapsulate(wrong_ct)), rejected);

    fill(client_coins);
    const auto client = need(derand::tls_client_share(client_coins));
    copy(client.bytes(), client_share);
    const auto answer = need(derand::tls_answer(client_share, eseed));
    server_share = answer.share;
    need(answer.secret.read(
        [this](std::span<const std::uint8_t> bytes) { copy(bytes, tls_secret); }));
  }

  Bytes<32> x25519_secret, x25519_peer, x25519_public, x25519_shared;

  Bytes<xwing::kSeedSize> sk;
  Bytes<xwing::kEncapsulationSeedSize> eseed;  // and the server's coins
  xwing::DecapsulationKey key;
  Bytes<xwing::kEncapsulationKeySize> pk;
  xwing::Ciphertext ct, wrong_ct;
  Bytes<kSharedSecretSize> ss, rejected;

  Bytes<derand::kTlsClientRandomnessSize> client_coins;
  Bytes<tls::kClientShareSize> client_share;
  Bytes<tls::kServerShareSize> server_share;
  Bytes<tls::kSecretSize> tls_secret;

 private:
  static void copy(std::span<const std::uint8_t> from, std::span<std::uint8_t> to) {
    std::copy(from.begin(), from.end(), to.begin());
  }
  static void expose(const SharedSecret& secret, std::span<std::uint8_t> to) {
    const OpenSecrets open;
    copy(need(secret.expose()), to);
  }
};

}  // namespace latchkey::bench
