#include "mlkem/kem_checks.hpp"

#include "mlkem/compare.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using mlkem::kCiphertextSize;
using mlkem::kDecapsulationKeySize;
using mlkem::kEncapsulationKeySize;
using mlkem::KeyCheck;
using mlkem::kQ;
using mlkem::kSharedSecretSize;
using mlkem::PublicKey;
using mlkem::SecretKey;
using oracle::Bytes;
using oracle::ByteView;

using Input32 = FencedBytes<32>;

template <std::size_t N>
void assign(FencedBytes<N>& to, ByteView from) {
  REQUIRE(from.size() == N);
  std::copy(from.begin(), from.end(), to->begin());
}

void check_public(Fenced<PublicKey>& pub, const Bytes& ek) {
  REQUIRE(pub.intact());
  const oracle::Matrix a_hat = oracle::expand_matrix(ByteView(ek).last(32));
  const oracle::Vector t_hat = oracle::decode_vector(ByteView(ek).first(mlkem::kVectorSize));
  for (std::size_t i = 0; i < mlkem::kK; ++i) {
    INFO("row " << i);
    for (std::size_t j = 0; j < mlkem::kK; ++j) {
      INFO("column " << j);
      REQUIRE(fault(pub->a_hat[i][j].c, non_negative_below(kQ), a_hat[i][j]) == "");
    }
    REQUIRE(fault(pub->t_hat[i].c, below(2 * kQ), t_hat[i]) == "");
  }
  REQUIRE(fault(pub->ek, ek) == "");
  REQUIRE(fault(pub->h, oracle::H(ek)) == "");
}

void check_secret(Fenced<SecretKey>& sec, ByteView dk, ByteView d, ByteView z) {
  REQUIRE(sec.intact());
  const oracle::Vector s_hat = oracle::decode_vector(dk.first(mlkem::kVectorSize));
  for (std::size_t i = 0; i < mlkem::kK; ++i) {
    REQUIRE(fault(sec->s_hat[i].c, below(2 * kQ), s_hat[i]) == "");
  }
  REQUIRE(fault(sec->d, d) == "");
  REQUIRE(fault(sec->z, z) == "");
}

// A bit changed at each end of the ciphertext and of its parts, and anywhere.
std::vector<Bytes> changed(const Bytes& c, Random& random) {
  std::vector<Bytes> all;
  for (const std::size_t position :
       {std::size_t{0}, std::size_t{319}, std::size_t{320}, std::size_t{959}, std::size_t{960},
        c.size() - 32, c.size() - 1, random.between<std::size_t>(0, c.size() - 1)}) {
    all.push_back(c);
    all.back()[position] ^= static_cast<std::uint8_t>(1 << random.between(0, 7));
  }
  return all;
}

}  // namespace

void KemChecks::keygen(ByteView d, ByteView z, const oracle::Keys& keys) const {
  Input32 d_in(site_), z_in(site_);
  assign(d_in, d);
  assign(z_in, z);
  Fenced<PublicKey> pub(site_);
  Fenced<SecretKey> sec(site_);
  pub.poison();
  sec.poison();
  kem_.keygen(*pub, *sec, *d_in, *z_in);
  check_public(pub, keys.ek);
  check_secret(sec, keys.dk, d, z);

  FencedBytes<kDecapsulationKeySize> dk(site_);
  dk.poison();
  kem_.encode_dk(*dk, *pub, *sec);
  REQUIRE(dk.intact());
  REQUIRE(fault(*dk, keys.dk) == "");
}

void KemChecks::expansion(const Bytes& ek) const {
  FencedBytes<kEncapsulationKeySize> in(site_);
  assign(in, ek);
  Fenced<PublicKey> pub(site_);
  pub.poison();
  REQUIRE(kem_.precompute_ek_vartime(*pub, *in) == KeyCheck::passed);
  check_public(pub, ek);
}

void KemChecks::encapsulation(const Bytes& ek, const Bytes& m,
                              const oracle::Encapsulation& expected) const {
  FencedBytes<kEncapsulationKeySize> in(site_);
  assign(in, ek);
  Fenced<PublicKey> pub(site_);
  REQUIRE(kem_.precompute_ek_vartime(*pub, *in) == KeyCheck::passed);
  Input32 m_in(site_);
  assign(m_in, m);
  FencedBytes<kCiphertextSize> c(site_);
  FencedBytes<kSharedSecretSize> key(site_);
  c.poison();
  key.poison();
  kem_.encaps(*c, *key, *pub, *m_in);
  REQUIRE((c.intact() && key.intact()));
  REQUIRE(fault(*c, expected.c) == "");
  REQUIRE(fault(*key, expected.K) == "");
}

void KemChecks::decapsulation(const Bytes& dk, const Bytes& c) const {
  const Bytes expected = oracle::decaps(dk, c);
  FencedBytes<kDecapsulationKeySize> dk_in(site_);
  FencedBytes<kCiphertextSize> c_in(site_);
  assign(dk_in, dk);
  assign(c_in, c);
  FencedBytes<kSharedSecretSize> key(site_);

  Fenced<PublicKey> pub(site_);
  Fenced<SecretKey> sec(site_);
  pub.poison();
  sec.poison();
  REQUIRE(kem_.precompute_dk(*pub, *sec, *dk_in) == KeyCheck::passed);
  const ByteView dk_view(dk);
  const auto ek = dk_view.subspan(mlkem::kVectorSize, kEncapsulationKeySize);
  check_public(pub, Bytes(ek.begin(), ek.end()));
  check_secret(sec, dk, Bytes(32, 0), dk_view.last(32));
  key.poison();
  kem_.decaps(*key, *pub, *sec, *c_in);
  REQUIRE(key.intact());
  REQUIRE(fault(*key, expected) == "");

  key.poison();
  REQUIRE(kem_.decaps_once(*key, *dk_in, *c_in) == KeyCheck::passed);
  REQUIRE(key.intact());
  REQUIRE(fault(*key, expected) == "");
}

void KemChecks::refusal(const Bytes& dk, KeyCheck reason) const {
  FencedBytes<kDecapsulationKeySize> dk_in(site_);
  FencedBytes<kCiphertextSize> c_in(site_);
  assign(dk_in, dk);
  assign(c_in, random_.vector(kCiphertextSize));
  Fenced<PublicKey> pub(site_);
  Fenced<SecretKey> sec(site_);
  REQUIRE(kem_.precompute_dk(*pub, *sec, *dk_in) == reason);
  FencedBytes<kSharedSecretSize> key(site_);
  key.poison();
  REQUIRE(kem_.decaps_once(*key, *dk_in, *c_in) == reason);
  REQUIRE(key.intact());
  REQUIRE(fault(*key, Bytes(kSharedSecretSize, 0)) == "");
}

void KemChecks::whole_key(ByteView d, ByteView z) const {
  const oracle::Keys keys = oracle::keygen(d, z);
  keygen(d, z, keys);
  expansion(keys.ek);
  const Bytes m = random_.vector(32);
  const oracle::Encapsulation sent = oracle::encaps(keys.ek, m);
  encapsulation(keys.ek, m, sent);
  // The oracle's word alone would do, but it may as well show that it decapsulates.
  REQUIRE(oracle::decaps(keys.dk, sent.c) == sent.K);
  decapsulation(keys.dk, sent.c);
  for (const Bytes& c : changed(sent.c, random_)) {
    REQUIRE(oracle::decaps(keys.dk, c) != sent.K);
    decapsulation(keys.dk, c);
  }
  decapsulation(keys.dk, random_.vector(kCiphertextSize));
}

}  // namespace latchkey::test
