// The public functions of X-Wing and of TLS's group leave no secret on the stack, and those that
// hand none over leave none in a register; by each backend, with the form of X25519 that is beside
// it.

#include "latchkey/batch.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "mlkem/backends.hpp"
#include "scrub/form_secrets.hpp"
#include "scrub/place.hpp"
#include "scrub/private_stack.hpp"
#include "scrub/secrets.hpp"
#include "support/catch.hpp"
#include "support/random.hpp"

namespace latchkey::test {
namespace {

constexpr std::size_t kMany = 9;  // eight lanes of X25519, and one more

// Inputs and outputs, all off the stack.
struct World {
  std::array<std::uint8_t, xwing::kSeedSize> sk, exported;
  std::array<std::uint8_t, 96> expanded;  // d || z || sk_X
  std::array<std::uint8_t, xwing::kEncapsulationSeedSize> eseed[kMany];
  std::array<std::uint8_t, derand::kTlsClientRandomnessSize> client_randomness;
  std::array<std::uint8_t, derand::kTlsServerRandomnessSize> server_randomness;
  xwing::Ciphertext sent, changed, low_order, ciphertexts[kMany];
  mlkem::PublicKey<mlkem::kMlKem768> pub;
  mlkem::SecretKey<mlkem::kMlKem768> sec;
  const xwing::EncapsulationKey* public_keys[kMany];
  const xwing::DecapsulationKey* keys[kMany];
  xwing::Encapsulation sent_many[kMany];
  SharedSecret opened_many[kMany];
  Place<xwing::DecapsulationKey> key, made;
  Place<xwing::Encapsulation> encapsulation;
  Place<SharedSecret> secret;
  Place<tls::ClientShare> client, made_client;
  Place<tls::ServerShare> server, made_server;
  Place<LockedBuffer> tls_secret;

  [[nodiscard]] View sk_X() const { return View(expanded).last(32); }
};

std::unique_ptr<World> make_world(const dispatch::Backend& backend, Random& random) {
  auto world = std::make_unique<World>();
  World& w = *world;
  random.fill(w.sk);
  for (auto& eseed : w.eseed) random.fill(eseed);
  random.fill(w.client_randomness);
  random.fill(w.server_randomness);
  const std::span<const std::uint8_t> parts[] = {w.sk};
  backend.hash->hash(w.expanded, mlkem::kShake256, mlkem::Parts(parts, 1));
  kem_of<mlkem::kMlKem768>(backend).keygen(w.pub, w.sec, std::span(w.expanded).first<32>(),
                                           std::span(w.expanded).subspan<32, 32>());
  w.key.make([&] { return xwing::DecapsulationKey::from_seed(w.sk); });
  w.encapsulation.make(
      [&] { return derand::encapsulate((*w.key).encapsulation_key(), w.eseed[0]); });
  w.sent = w.changed = w.low_order = (*w.encapsulation).ciphertext;
  w.changed[random.between<std::size_t>(0, kCiphertextSize - 1)] ^= 1;
  std::fill_n(w.low_order.end() - 32, 32, std::uint8_t{0});
  for (std::size_t i = 0; i < kMany; ++i) {
    w.public_keys[i] = &(*w.key).encapsulation_key();
    w.keys[i] = &*w.key;
    w.ciphertexts[i] = i == 0 ? w.changed : w.sent;
  }
  w.client.make([&] { return derand::tls_client_share(w.client_randomness); });
  w.server.make([&] { return derand::tls_answer((*w.client).bytes(), w.server_randomness); });
  return world;
}

// Of a private key's half of X25519 and of ciphertexts for it.
void add_exchange(FormSecrets& secrets, View sk_X, View eseed_X, View pk_X, View ct_X) {
  secrets.add_public(sk_X);
  secrets.add_public(eseed_X);
  secrets.add_shared(sk_X, ct_X);
  secrets.add_shared(eseed_X, pk_X);
  secrets.add_division();
}

std::vector<Secret> secrets_of(const dispatch::Backend& backend, World& w) {
  Secrets<mlkem::kMlKem768> kem(backend);
  const View expanded(w.expanded);
  kem.add_keygen(w.pub, expanded.first(32), expanded.subspan(32, 32));
  kem.add_encaps(w.pub, View(w.eseed[0]).first(32));
  kem.add_decaps(w.pub, w.sec, View(w.sent).first(kCiphertextSize));
  kem.add_decaps(w.pub, w.sec, View(w.changed).first(kCiphertextSize));
  kem.add_hash(w.sk);
  const View randomness(w.client_randomness);
  mlkem::PublicKey<mlkem::kMlKem768> client_pub;
  mlkem::SecretKey<mlkem::kMlKem768> client_sec;
  kem_of<mlkem::kMlKem768>(backend).keygen(client_pub, client_sec,
                                           std::span(w.client_randomness).first<32>(),
                                           std::span(w.client_randomness).subspan<32, 32>());
  kem.add_keygen(client_pub, randomness.first(32), randomness.subspan(32, 32));
  kem.add_encaps(client_pub, View(w.server_randomness).first(32));
  std::vector<Secret> all = kem.all();

  FormSecrets x25519;
  const View ek = (*w.key).encapsulation_key().bytes();
  add_exchange(x25519, w.sk_X(), View(w.eseed[0]).last(32), ek.last(32), View(w.sent).last(32));
  add_exchange(x25519, randomness.last(32), View(w.server_randomness).last(32),
               (*w.client).bytes().last(32), View((*w.server).share).last(32));
  all.insert(all.end(), x25519.all().begin(), x25519.all().end());

  const auto add = [&all](const char* name, View bytes) {
    all.push_back({name, Bytes(bytes.begin(), bytes.end())});
  };
  add("seed", w.sk);
  add("expanded seed", w.expanded);
  for (const auto& eseed : w.eseed) add("eseed", eseed);
  const auto combined = (*w.encapsulation).secret.expose();
  add("combined secret", *combined);
  const auto done = (*w.server).secret.read([&](View bytes) { add("secret of TLS", bytes); });
  if (!done) throw std::runtime_error("no secret of TLS");
  return all;
}

TEST_CASE("No public function of the hybrid KEMs leaves a secret on the stack") {
  LATCHKEY_EACH_BACKEND(backend);
  REQUIRE(dispatch::use(backend.hash->name));
  INFO("form " << dispatch::x25519_table().name);
  Random random;
  const auto world = make_world(backend, random);
  World& w = *world;
  const Finder finder(secrets_of(backend, w));
  PrivateStack stack;
  const auto check = [&](const char* name, auto f) {
    CAPTURE(name);
    stack.run(f);
    CHECK(describe(finder.find(stack.bytes())) == "nothing");
    CHECK(describe(finder.find(stack.register_bytes())) == "nothing");
  };
  check("from_seed",
        [&] { w.made.make([&] { return xwing::DecapsulationKey::from_seed(w.sk); }); });
  check("from_seed, with the test", [&] {
    w.made.make([&] { return xwing::DecapsulationKey::from_seed(w.sk, PairwiseTest::run); });
  });
  check("export_seed", [&] { expect((*w.key).export_seed(w.exported).has_value()); });
  check("encapsulate", [&] {
    w.encapsulation.make(
        [&] { return derand::encapsulate((*w.key).encapsulation_key(), w.eseed[0]); });
  });
  expect((*w.encapsulation).ciphertext == w.sent);
  check("decapsulate", [&] { w.secret.make([&] { return (*w.key).decapsulate(w.sent); }); });
  expect(w.secret.has_value());
  check("decapsulate, rejected",
        [&] { w.secret.make([&] { return (*w.key).decapsulate(w.changed); }); });
  expect(w.secret.has_value());
  check("decapsulate, low order",
        [&] { w.secret.make([&] { return (*w.key).decapsulate(w.low_order); }); });
  expect(!w.secret.has_value() && w.secret.error() == Error::low_order);
  check("encapsulate_batch", [&] {
    expect(derand::encapsulate_batch(w.public_keys, w.eseed, w.sent_many).has_value());
  });
  expect(w.sent_many[0].ciphertext == w.sent);
  check("decapsulate_batch", [&] {
    expect(xwing::decapsulate_batch(w.keys, w.ciphertexts, w.opened_many).has_value());
  });
  check("tls client share",
        [&] { w.made_client.make([&] { return derand::tls_client_share(w.client_randomness); }); });
  check("tls answer", [&] {
    w.made_server.make(
        [&] { return derand::tls_answer((*w.client).bytes(), w.server_randomness); });
  });
  check("tls secret", [&] {
    w.tls_secret.make([&] { return std::move(*w.made_client).secret((*w.server).share); });
  });
  expect(w.tls_secret.has_value() && (*w.tls_secret).equals((*w.server).secret).has_value());
}

}  // namespace
}  // namespace latchkey::test
