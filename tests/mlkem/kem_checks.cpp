#include "mlkem/kem_checks.hpp"

#include "mlkem/compare.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using mlkem::KeyCheck;
using mlkem::kQ;
using mlkem::kSharedSecretSize;
using mlkem::ParameterSet;
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

template <ParameterSet p>
void check_public(Fenced<PublicKey<p>>& pub, const Bytes& ek) {
  REQUIRE(pub.intact());
  const oracle::Matrix a_hat = oracle::expand_matrix(ByteView(ek).last(32), p.k);
  const oracle::Vector t_hat = oracle::decode_vector(ByteView(ek).first(p.vector_size()));
  for (std::size_t i = 0; i < p.k; ++i) {
    INFO("row " << i);
    for (std::size_t j = 0; j < p.k; ++j) {
      INFO("column " << j);
      REQUIRE(fault(pub->a_hat[i][j].c, non_negative_below(kQ), a_hat[i][j]) == "");
    }
    REQUIRE(fault(pub->t_hat[i].c, below(4096), t_hat[i]) == "");
  }
  REQUIRE(fault(pub->ek, ek) == "");
  REQUIRE(fault(pub->h, oracle::H(ek)) == "");
}

template <ParameterSet p>
void check_secret(Fenced<SecretKey<p>>& sec, ByteView dk, ByteView d, ByteView z) {
  REQUIRE(sec.intact());
  const oracle::Vector s_hat = oracle::decode_vector(dk.first(p.vector_size()));
  for (std::size_t i = 0; i < p.k; ++i) {
    REQUIRE(fault(sec->s_hat[i].c, below(4096), s_hat[i]) == "");
  }
  REQUIRE(fault(sec->d, d) == "");
  REQUIRE(fault(sec->z, z) == "");
}

// What encaps_finish takes and gives.
template <ParameterSet p>
struct SecondStep {
  SecondStep(Site site, ByteView ek, ByteView hash, ByteView message)
      : t_hat(site), rho(site), h(site), m(site), c2(site), key(site) {
    assign(t_hat, ek.first(p.vector_size()));
    assign(rho, ek.last(32));
    assign(h, hash);
    assign(m, message);
    c2.poison();
    key.poison();
  }

  KeyCheck run(const mlkem::KemTable<p>& kem) {
    const KeyCheck found = kem.encaps_finish(*c2, *key, *t_hat, *rho, *h, *m);
    REQUIRE((c2.intact() && key.intact()));
    return found;
  }

  FencedBytes<p.vector_size()> t_hat;
  Input32 rho, h, m;
  FencedBytes<p.v_size()> c2;
  FencedBytes<kSharedSecretSize> key;
};

// A bit changed at each end of the ciphertext and of its parts, and anywhere.
template <ParameterSet p>
std::vector<Bytes> changed(const Bytes& c, Random& random) {
  std::vector<Bytes> all;
  constexpr std::size_t kU = p.u_size(), kV = p.k * p.u_size();
  for (const std::size_t position : {std::size_t{0}, kU - 1, kU, kV - 1, kV, c.size() - 32,
                                     c.size() - 1, random.between<std::size_t>(0, c.size() - 1)}) {
    all.push_back(c);
    all.back()[position] ^= static_cast<std::uint8_t>(1 << random.between(0, 7));
  }
  return all;
}

}  // namespace

template <ParameterSet p>
void KemChecks<p>::keygen(ByteView d, ByteView z, const oracle::Keys& keys) const {
  Input32 d_in(site_), z_in(site_);
  assign(d_in, d);
  assign(z_in, z);
  Fenced<PublicKey<p>> pub(site_);
  Fenced<SecretKey<p>> sec(site_);
  pub.poison();
  sec.poison();
  kem_.keygen(*pub, *sec, *d_in, *z_in);
  check_public<p>(pub, keys.ek);
  check_secret<p>(sec, keys.dk, d, z);

  FencedBytes<p.decapsulation_key_size()> dk(site_);
  dk.poison();
  kem_.encode_dk(*dk, *pub, *sec);
  REQUIRE(dk.intact());
  REQUIRE(fault(*dk, keys.dk) == "");
}

template <ParameterSet p>
void KemChecks<p>::expansion(const Bytes& ek) const {
  FencedBytes<p.encapsulation_key_size()> in(site_);
  assign(in, ek);
  Fenced<PublicKey<p>> pub(site_);
  pub.poison();
  REQUIRE(kem_.precompute_ek_vartime(*pub, *in) == KeyCheck::passed);
  check_public<p>(pub, ek);
}

template <ParameterSet p>
void KemChecks<p>::encapsulation(const Bytes& ek, const Bytes& m,
                                 const oracle::Encapsulation& expected) const {
  FencedBytes<p.encapsulation_key_size()> in(site_);
  assign(in, ek);
  Fenced<PublicKey<p>> pub(site_);
  REQUIRE(kem_.precompute_ek_vartime(*pub, *in) == KeyCheck::passed);
  Input32 m_in(site_);
  assign(m_in, m);
  FencedBytes<p.ciphertext_size()> c(site_);
  FencedBytes<kSharedSecretSize> key(site_);
  c.poison();
  key.poison();
  kem_.encaps(*c, *key, *pub, *m_in);
  REQUIRE((c.intact() && key.intact()));
  REQUIRE(fault(*c, expected.c) == "");
  REQUIRE(fault(*key, expected.K) == "");

  pub.poison();
  c.poison();
  key.poison();
  REQUIRE(kem_.encaps_once(*c, *key, *pub, *in, *m_in) == KeyCheck::passed);
  REQUIRE((c.intact() && key.intact()));
  REQUIRE(fault(*c, expected.c) == "");
  REQUIRE(fault(*key, expected.K) == "");
  check_public<p>(pub, ek);
}

template <ParameterSet p>
void KemChecks<p>::encapsulation_in_two_steps(const Bytes& ek, const Bytes& m,
                                              const oracle::Encapsulation& expected) const {
  SecondStep<p> second(site_, ek, oracle::H(ek), m);
  FencedBytes<p.c1_size()> c1(site_);
  c1.poison();
  kem_.encaps_begin(*c1, *second.rho, *second.h, *second.m);
  REQUIRE(c1.intact());
  REQUIRE(second.run(kem_) == KeyCheck::passed);
  const ByteView c(expected.c);
  REQUIRE(fault(*c1, c.first(p.c1_size())) == "");
  REQUIRE(fault(*second.c2, c.last(p.v_size())) == "");
  REQUIRE(fault(*second.key, expected.K) == "");
}

template <ParameterSet p>
void KemChecks<p>::refusal_of_t_hat(const Bytes& ek, const Bytes& h, KeyCheck reason) const {
  SecondStep<p> second(site_, ek, h, random_.vector(32));
  REQUIRE(second.run(kem_) == reason);
  REQUIRE(fault(*second.c2, Bytes(p.v_size(), 0)) == "");
  REQUIRE(fault(*second.key, Bytes(kSharedSecretSize, 0)) == "");
}

template <ParameterSet p>
void KemChecks<p>::decapsulation(const Bytes& dk, const Bytes& c) const {
  const Bytes expected = oracle::decaps(dk, c, p);
  FencedBytes<p.decapsulation_key_size()> dk_in(site_);
  FencedBytes<p.ciphertext_size()> c_in(site_);
  assign(dk_in, dk);
  assign(c_in, c);
  FencedBytes<kSharedSecretSize> key(site_);

  Fenced<PublicKey<p>> pub(site_);
  Fenced<SecretKey<p>> sec(site_);
  pub.poison();
  sec.poison();
  REQUIRE(kem_.precompute_dk(*pub, *sec, *dk_in) == KeyCheck::passed);
  const ByteView dk_view(dk);
  const auto ek = dk_view.subspan(p.vector_size(), p.encapsulation_key_size());
  check_public<p>(pub, Bytes(ek.begin(), ek.end()));
  check_secret<p>(sec, dk, Bytes(32, 0), dk_view.last(32));
  key.poison();
  kem_.decaps(*key, *pub, *sec, *c_in);
  REQUIRE(key.intact());
  REQUIRE(fault(*key, expected) == "");

  key.poison();
  REQUIRE(kem_.decaps_once(*key, *dk_in, *c_in) == KeyCheck::passed);
  REQUIRE(key.intact());
  REQUIRE(fault(*key, expected) == "");
}

template <ParameterSet p>
void KemChecks<p>::refusal(const Bytes& dk, KeyCheck reason) const {
  FencedBytes<p.decapsulation_key_size()> dk_in(site_);
  FencedBytes<p.ciphertext_size()> c_in(site_);
  assign(dk_in, dk);
  assign(c_in, random_.vector(p.ciphertext_size()));
  Fenced<PublicKey<p>> pub(site_);
  Fenced<SecretKey<p>> sec(site_);
  REQUIRE(kem_.precompute_dk(*pub, *sec, *dk_in) == reason);
  FencedBytes<kSharedSecretSize> key(site_);
  key.poison();
  REQUIRE(kem_.decaps_once(*key, *dk_in, *c_in) == reason);
  REQUIRE(key.intact());
  REQUIRE(fault(*key, Bytes(kSharedSecretSize, 0)) == "");
}

template <ParameterSet p>
void KemChecks<p>::whole_key(ByteView d, ByteView z) const {
  const oracle::Keys keys = oracle::keygen(d, z, p);
  keygen(d, z, keys);
  expansion(keys.ek);
  const Bytes m = random_.vector(32);
  const oracle::Encapsulation sent = oracle::encaps(keys.ek, m, p);
  encapsulation(keys.ek, m, sent);
  encapsulation_in_two_steps(keys.ek, m, sent);
  // The oracle's word alone would do, but it may as well show that it decapsulates.
  REQUIRE(oracle::decaps(keys.dk, sent.c, p) == sent.K);
  decapsulation(keys.dk, sent.c);
  for (const Bytes& c : changed<p>(sent.c, random_)) {
    REQUIRE(oracle::decaps(keys.dk, c, p) != sent.K);
    decapsulation(keys.dk, c);
  }
  decapsulation(keys.dk, random_.vector(p.ciphertext_size()));
}

template class KemChecks<mlkem::kMlKem512>;
template class KemChecks<mlkem::kMlKem768>;
template class KemChecks<mlkem::kMlKem1024>;

}  // namespace latchkey::test
