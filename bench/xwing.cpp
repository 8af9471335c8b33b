// X-Wing and TLS's X25519MLKEM768, as a program sees them: here, and X-Wing in other libraries. And
// libcrypto's X25519, the way they use it.
#include <memory>
#include <stdexcept>

#include "candidates.hpp"
#include "dispatch/dispatch.hpp"
#include "inputs.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "measure.hpp"
#include "need.hpp"
#include "peer.hpp"

namespace latchkey::bench {
namespace {

using Ciphertext = xwing::Ciphertext;
using PublicKey = Bytes<xwing::kEncapsulationKeySize>;
using Secret = Bytes<kSharedSecretSize>;

// The same for everybody.
struct Exchange {
  Exchange() {
    Inputs inputs;
    inputs.fill(sk);
    inputs.fill(eseed);
    key = need(xwing::DecapsulationKey::from_seed(sk));
    const auto bytes = key.encapsulation_key().bytes();
    std::copy(bytes.begin(), bytes.end(), pk.begin());
    const auto sent = need(derand::encapsulate(key.encapsulation_key(), eseed));
    ct = sent.ciphertext;
    const OpenSecrets open;
    const auto exposed = need(sent.secret.expose());
    std::copy(exposed.begin(), exposed.end(), ss.begin());
  }

  Bytes<xwing::kSeedSize> sk;
  Bytes<xwing::kEncapsulationSeedSize> eseed;
  xwing::DecapsulationKey key;
  PublicKey pk;
  Ciphertext ct;
  Secret ss;
};

void require(bool agrees, const Peer& peer, const char* what) {
  if (!agrees) throw std::runtime_error("peer " + peer.name + ": X-Wing: not our " + what);
}

}  // namespace

void add_xwing(const mlkem::KemTable& ops) {
  const auto x = std::make_shared<Exchange>();
  const auto operation = [&ops](const char* name, auto op) {
    add(
        std::string(name) + "/" + ops.name,
        [op] {
          auto result = need(op());
          benchmark::DoNotOptimize(result);
        },
        1, with_backend(ops));
  };
  operation("xwing_keygen", [x] { return xwing::DecapsulationKey::from_seed(x->sk); });
  operation("xwing_encaps", [x] {
    return derand::encapsulate(need(xwing::EncapsulationKey::parse(x->pk)), x->eseed);
  });
  operation("xwing_decaps",
            [x] { return need(xwing::DecapsulationKey::from_seed(x->sk)).decapsulate(x->ct); });
  operation("xwing_encaps_precomputed",
            [x] { return derand::encapsulate(x->key.encapsulation_key(), x->eseed); });
  operation("xwing_decaps_precomputed", [x] { return x->key.decapsulate(x->ct); });

  Bytes<derand::kTlsClientRandomnessSize> randomness;
  Inputs().fill(randomness);
  const auto share = std::make_shared<Bytes<tls::kClientShareSize>>();
  const auto client = need(derand::tls_client_share(randomness));
  std::copy(client.bytes().begin(), client.bytes().end(), share->begin());
  operation("tls_server", [x, share] { return derand::tls_answer(*share, x->eseed); });
  const auto answer = need(derand::tls_answer(*share, x->eseed)).share;
  operation("tls_client", [randomness, answer] {
    return need(derand::tls_client_share(randomness)).secret(answer);
  });
}

void add_xwing(const Peer& peer) {
  const auto f = peer.xwing;
  if (f.keypair == nullptr) return;
  struct Data : Exchange {
    PublicKey their_pk;
    Bytes<xwing::kSeedSize> their_sk;
    Ciphertext their_ct;
    Secret their_ss;
  };
  const auto x = std::make_shared<Data>();
  const auto keypair = [f, x] { return f.keypair(&x->their_pk[0], &x->their_sk[0], &x->sk[0]); };
  const auto enc = [f, x] {
    return f.enc(&x->their_ct[0], &x->their_ss[0], &x->pk[0], &x->eseed[0]);
  };
  const auto dec = [f, x] { return f.dec(&x->their_ss[0], &x->ct[0], &x->sk[0]); };
  require(keypair() == 0 && x->their_pk == x->pk && x->their_sk == x->sk, peer, "key pair");
  require(enc() == 0 && x->their_ct == x->ct && x->their_ss == x->ss, peer, "ciphertext or secret");
  x->their_ss = {};
  require(dec() == 0 && x->their_ss == x->ss, peer, "decapsulated secret");
  add("xwing_keygen/" + peer.name, keypair);
  add("xwing_encaps/" + peer.name, enc);
  add("xwing_decaps/" + peer.name, dec);
}

void add_x25519() {
  struct Data {
    Data() {
      Inputs inputs;
      inputs.fill(secret);
      inputs.fill(peer);
    }
    Bytes<32> secret, peer, pub, shared;
  };
  const auto x = std::make_shared<Data>();
  for (const dispatch::Form& form : dispatch::forms()) {
    if (!form.supported()) continue;
    const auto& table = *form.table;
    const auto name = [&table](const char* what) { return std::string(what) + "/" + table.name; };
    add(name("x25519_public"), [x, &table] { table.public_key(x->pub, x->secret); });
    add(name("x25519_shared"), [x, &table] { table.shared_secret(x->shared, x->secret, x->peer); });
    add(name("x25519_both"),
        [x, &table] { table.public_and_shared(x->pub, x->shared, x->secret, x->peer); });
  }
}

}  // namespace latchkey::bench
