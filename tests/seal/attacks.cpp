#include "seal/attacks.hpp"

#include "latchkey/bind.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "mlkem/oracle_mlkem.hpp"
#include "seal/support.hpp"

namespace latchkey::test {
namespace {

using oracle::concat;

constexpr std::size_t kHalf = 32;

// A key pair in all forms, each drawn by itself.
Exchange random_key(Random& random, View z) {
  Exchange made;
  made.seed = concat({random.vector(kHalf), z});
  made.expanded = oracle::keygen(View(made.seed).first(kHalf), z).dk;
  made.xwing_seed = random.vector(xwing::kSeedSize);
  return made;
}

Exchange random_key(Random& random) { return random_key(random, random.vector(kHalf)); }

xwing::DecapsulationKey xwing_key(const Exchange& exchange) {
  return xwing::DecapsulationKey::from_seed(exchange.xwing_seed).value();
}

// The halves of X-Wing's encapsulation key and ciphertext that are of ML-KEM, and of X25519.
View half_M(View bytes) { return bytes.first(bytes.size() - kHalf); }
View half_X(View bytes) { return bytes.last(kHalf); }

xwing::Encapsulation xwing_encapsulate(const Exchange& to, View m, View ek_X) {
  const auto key = xwing_key(to);
  const Bytes eseed = concat({m, ek_X});
  return derand::encapsulate(key.encapsulation_key(),
                             View(eseed).first<xwing::kEncapsulationSeedSize>())
      .value();
}

// The toy KEM: K-PKE with randomness and secret from the message alone, as in ML-KEM but for H(ek).
oracle::Encapsulation toy_encaps(View ek, View m) {
  const auto [K, r] = oracle::G(m);
  return {K, oracle::k_pke_encrypt(ek, m, r)};
}
Bytes toy_message(const Exchange& exchange) {
  return oracle::k_pke_decrypt(View(exchange.expanded).first(kEkOffset), exchange.ciphertext);
}
Bytes toy_decaps(const Exchange& exchange) {
  const auto [K, c] = toy_encaps(exchange.ek(), toy_message(exchange));
  return c == exchange.ciphertext ? K : oracle::J(exchange.ciphertext);
}

}  // namespace

Attack reencapsulation(Random& random) {
  Attack attack = {random_key(random), random_key(random)};
  attack.first.toy = attack.second.toy = true;
  attack.first.ciphertext = toy_encaps(attack.first.ek(), random.vector(kHalf)).c;
  attack.second.ciphertext = toy_encaps(attack.second.ek(), toy_message(attack.first)).c;
  return attack;
}

// c2 encrypts m to ek2 with the randomness that m has with ek1: Decaps takes that for its own,
// because it hashes what the key says is H(ek).
Attack forged_key(Random& random) {
  Attack attack = {random_key(random), random_key(random)};
  auto& [first, second] = attack;
  const Bytes m = random.vector(kHalf), ek_X = random.vector(kHalf);
  const Bytes r = oracle::G(concat({m, oracle::H(first.ek())})).second;
  first.ciphertext = oracle::encaps(first.ek(), m).c;
  second.ciphertext = oracle::k_pke_encrypt(second.ek(), m, r);
  second.expanded = concat({View(second.expanded).first(kHashOffset), oracle::H(first.ek()),
                            View(second.expanded).last(kHalf)});

  const auto sent = xwing_encapsulate(first, m, ek_X);
  const auto xwing_1 = xwing_key(first), xwing_2 = xwing_key(second);
  const View ek_1 = half_M(xwing_1.encapsulation_key().bytes());
  const View ek_2 = half_M(xwing_2.encapsulation_key().bytes());
  const Bytes xwing_r = oracle::G(concat({m, oracle::H(ek_1)})).second;
  first.xwing_ciphertext = copy_of(sent.ciphertext);
  second.xwing_ciphertext =
      concat({oracle::k_pke_encrypt(ek_2, m, xwing_r), half_X(first.xwing_ciphertext)});
  return attack;
}

Attack shared_z(Random& random) {
  const Bytes z = random.vector(kHalf);
  Attack attack = {random_key(random, z), random_key(random, z)};
  const Bytes c = random.vector(kCiphertextSize), c_X = random.vector(kHalf);
  for (Exchange* exchange : {&attack.first, &attack.second}) {
    exchange->ciphertext = c;
    exchange->xwing_ciphertext = concat({c, c_X});
  }
  return attack;
}

Attack junk_s_hat(Random& random) {
  const Bytes z = random.vector(kHalf);
  Attack attack = {random_key(random, z), random_key(random, z)};
  const Bytes c = oracle::encaps(attack.first.ek(), random.vector(kHalf)).c;
  const Bytes xwing_c = copy_of(
      xwing_encapsulate(attack.first, random.vector(kHalf), random.vector(kHalf)).ciphertext);
  for (Exchange* exchange : {&attack.first, &attack.second}) {
    Bytes junk(kEkOffset);  // reduced, or the import would refuse it for that
    for (std::size_t i = 0; i < kCoefficients; ++i) {
      set_coefficient(junk, i, random.between(0, kQ - 1));
    }
    exchange->expanded = concat({junk, View(exchange->expanded).subspan(kEkOffset)});
    exchange->ciphertext = c;
    exchange->xwing_ciphertext = xwing_c;
  }
  return attack;
}

Honest honest(Random& random) {
  Honest made = {random_key(random), {}, {}};
  const auto sent = oracle::encaps(made.exchange.ek(), random.vector(kHalf));
  const auto xwing = xwing_encapsulate(made.exchange, random.vector(kHalf), random.vector(kHalf));
  made.exchange.ciphertext = sent.c;
  made.exchange.xwing_ciphertext = copy_of(xwing.ciphertext);
  made.K = sent.K;
  made.xwing_K = copy_of(xwing.secret);
  return made;
}

// An import that checks nothing, and a plain decapsulation.
std::optional<Bytes> nothing(const Exchange& exchange) {
  if (exchange.toy) return toy_decaps(exchange);
  return oracle::decaps(exchange.expanded, exchange.ciphertext);
}

std::optional<Bytes> hash_check(const Exchange& exchange) {
  const auto key =
      DecapsulationKey::import_expanded(exchange.expanded, ExpandedKeyCheck::hash_only);
  if (!key) return std::nullopt;
  return copy_of(key->decapsulate(exchange.ciphertext).value());
}

std::optional<Bytes> seed_import(const Exchange& exchange) {
  const auto key = DecapsulationKey::from_seed(exchange.seed);
  if (!key) return std::nullopt;
  return copy_of(key->decapsulate(exchange.ciphertext).value());
}

std::optional<Bytes> xwing_import(const Exchange& exchange) {
  const auto key = xwing::DecapsulationKey::from_seed(exchange.xwing_seed);
  if (!key) return std::nullopt;
  return copy_of(key->decapsulate(exchange.xwing_ciphertext).value());
}

// Over the secret of an import that checks nothing.
std::optional<Bytes> bound(const Exchange& exchange) {
  return bound_secret(*nothing(exchange), exchange.ek(), exchange.ciphertext);
}

Bytes bound_secret(View K, View ek, View ciphertext) {
  const auto key = EncapsulationKey::parse(ek);
  const auto keys = SessionKeys::bind(secret_of(K), key.value(), ciphertext, {});
  return copy_of(keys.value().derive("session", 32).value());
}

// The pairwise test alone, of an expanded key whose hash nobody checks.
std::optional<Bytes> pairwise_test(const Exchange& exchange) {
  const auto sent = oracle::encaps(exchange.ek(), Bytes(kHalf, 7));
  if (oracle::decaps(exchange.expanded, sent.c) != sent.K) return std::nullopt;
  return nothing(exchange);
}

}  // namespace latchkey::test
