// X-Wing's keys and ciphertexts, any bytes or good ones with changes, against the draft's
// definition: ML-KEM by its plain definition, the hashes and X25519 by OpenSSL.

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "keys.hpp"
#include "latchkey/xwing.hpp"
#include "mlkem/openssl.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

constexpr std::size_t kX = 32;
const Bytes kBase = [] {
  Bytes nine(kX);
  nine[0] = 9;
  return nine;
}();

// Section 5 of RFC 7748, and nothing where section 6.1 has all zeros.
std::optional<Bytes> x25519(View secret, View point) {
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> mine(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, secret.data(), kX), EVP_PKEY_free);
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> theirs(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, point.data(), kX), EVP_PKEY_free);
  const std::unique_ptr<EVP_PKEY_CTX, void (*)(EVP_PKEY_CTX*)> context(
      EVP_PKEY_CTX_new(mine.get(), nullptr), EVP_PKEY_CTX_free);
  Bytes out(kX);
  std::size_t size = kX;
  require(EVP_PKEY_derive_init(context.get()) == 1 &&
              EVP_PKEY_derive_set_peer(context.get(), theirs.get()) == 1,
          "OpenSSL takes any 32 bytes");
  if (EVP_PKEY_derive(context.get(), out.data(), &size) != 1) return std::nullopt;
  return out;
}

// Sections 5.2 and 5.5, from the seed.
struct Definition {
  explicit Definition(View sk) {
    const Bytes expanded = test::openssl::shake256(sk, 96);
    mlkem = oracle::keygen(View(expanded).first(32), View(expanded).subspan(32, 32));
    sk_X = Bytes(expanded.begin() + 64, expanded.end());
    pk_X = x25519(sk_X, kBase).value();
    pk = oracle::concat({mlkem.ek, pk_X});
  }

  [[nodiscard]] std::optional<Bytes> decapsulate(View ct) const {
    const auto ss_X = x25519(sk_X, ct.last(kX));
    if (!ss_X) return std::nullopt;
    return combine(oracle::decaps(mlkem.dk, ct.first(kCiphertextSize)), *ss_X, ct.last(kX), pk_X);
  }

  static Bytes combine(View ss_M, View ss_X, View ct_X, View pk_X) {
    static const Bytes label = {0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c};
    return test::openssl::sha3_256(oracle::concat({ss_M, ss_X, ct_X, pk_X, label}));
  }

  oracle::Keys mlkem;
  Bytes sk_X, pk_X, pk;
};

// Any bytes at all, or good ones with changes, and their end replaced by a point of low order.
Bytes changed(View good, Input& input) {
  const std::uint8_t kind = input.byte();
  if (kind % 4 == 0) return input.rest();
  Bytes bytes(good.begin(), good.end());
  if (kind % 4 == 1) {
    std::fill_n(bytes.end() - kX, kX, std::uint8_t{0});
    bytes[bytes.size() - kX] = kind / 4 % 2;
  }
  mutate(bytes, input, 8);
  return bytes;
}

void check_public(const Definition& definition, View eseed, Input& input) {
  const Bytes bytes = changed(definition.pk, input);
  const auto key = xwing::EncapsulationKey::parse(bytes);
  if (bytes.size() != xwing::kEncapsulationKeySize) {
    require(!key && key.error() == Error::encapsulation_key_length, "the length is checked");
    return;
  }
  const View pk_M = View(bytes).first(kEncapsulationKeySize), pk_X = View(bytes).last(kX);
  if (!is_reduced(pk_M)) {
    require(!key && key.error() == Error::not_reduced, "coefficients of q or more are refused");
    return;
  }
  require(key && std::ranges::equal(key->bytes(), bytes), "a key is given back as it was");
  const auto sent = derand::encapsulate(*key, eseed.first<xwing::kEncapsulationSeedSize>());
  const auto ss_X = x25519(eseed.last(kX), pk_X);
  if (!ss_X) {
    require(!sent && sent.error() == Error::low_order, "a point of low order is refused");
    return;
  }
  const oracle::Encapsulation half = oracle::encaps(pk_M, eseed.first(32));
  const Bytes ct_X = x25519(eseed.last(kX), kBase).value();
  require(sent.has_value(), "any other key encapsulates");
  require(std::ranges::equal(sent->ciphertext, oracle::concat({half.c, ct_X})),
          "the ciphertext is that of both halves");
  require(copy_of(sent->secret) == Definition::combine(half.K, *ss_X, ct_X, pk_X),
          "so is the secret");
}

void check_ciphertext(const Definition& definition, const xwing::DecapsulationKey& key, View good,
                      Input& input) {
  const Bytes ct = changed(good, input);
  const auto opened = key.decapsulate(ct);
  if (ct.size() != xwing::kCiphertextSize) {
    require(!opened && opened.error() == Error::ciphertext_length, "the length is checked");
    return;
  }
  const auto expected = definition.decapsulate(ct);
  if (!expected) {
    require(!opened && opened.error() == Error::low_order, "a point of low order is refused");
    return;
  }
  require(copy_of(opened) == *expected, "decapsulation is that of both halves");
}

}  // namespace

void xwing_exchange(View data) {
  Input input(data);
  use_row(input);
  const auto sk = input.array<xwing::kSeedSize>();
  const auto eseed = input.array<xwing::kEncapsulationSeedSize>();
  const Definition definition(sk);
  const auto key = xwing::DecapsulationKey::from_seed(sk);
  require(key && std::ranges::equal(key->encapsulation_key().bytes(), definition.pk),
          "a key is that of its seed");
  if (input.byte() % 2 == 0) return check_public(definition, eseed, input);
  const auto sent = derand::encapsulate(key->encapsulation_key(), eseed);
  require(sent.has_value(), "a good key encapsulates");
  check_ciphertext(definition, *key, sent->ciphertext, input);
}

}  // namespace latchkey::fuzz
