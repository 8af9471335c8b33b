#include "scrub/secrets.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "mlkem/keccak.hpp"
#include "mlkem/oracle_keccak.hpp"
#include "mlkem/oracle_mlkem.hpp"

namespace latchkey::test {
namespace {

// Coefficients of noise and of messages take few values, so a few of them prove nothing.
constexpr std::size_t kUniform = 8, kSmall = 32;

template <class T>
View view_of(const T& object) {
  return {reinterpret_cast<const std::uint8_t*>(&object), sizeof object};
}

}  // namespace

template <mlkem::ParameterSet p>
void Secrets<p>::add(const char* name, View bytes) {
  secrets_.push_back({name, Bytes(bytes.begin(), bytes.end()), kUniform});
}

template <mlkem::ParameterSet p>
template <class T>
void Secrets<p>::add_poly(const char* name, const T& poly, std::size_t window) {
  secrets_.push_back({name, Bytes(view_of(poly).begin(), view_of(poly).end()), window});
}

template <mlkem::ParameterSet p>
void Secrets<p>::add_sponge(const char* name, mlkem::SpongeKind kind, View first, View second,
                            std::size_t published) {
  Bytes message = oracle::concat({first, second, {&kind.domain, 1}});
  message.resize((message.size() + kind.rate - 1) / kind.rate * kind.rate);
  message.back() |= 0x80;
  std::uint64_t state[25] = {};
  for (std::size_t i = 0; i < message.size(); i += kind.rate) {
    for (std::size_t j = 0; j < kind.rate; ++j) {
      state[j / 8] ^= std::uint64_t{message[i + j]} << 8 * (j % 8);
    }
    if (i > 0) add(name, view_of(state));
    oracle::keccak_p1600(state, kind.rounds);
    add(name, view_of(state).subspan(published));
  }
}

template <mlkem::ParameterSet p>
void Secrets<p>::add_hash(View input, mlkem::SpongeKind kind) {
  add("hashed", input);
  add_sponge("sponge", kind, input, {});
}

template <mlkem::ParameterSet p>
template <unsigned eta>
void Secrets<p>::add_noise(mlkem::Poly& poly, const char* name, View seed, std::uint8_t nonce) {
  add_sponge("PRF", mlkem::kShake256, seed, {&nonce, 1});
  constexpr std::size_t kSize = mlkem::noise_size(eta);
  const Bytes noise = oracle::PRF(eta, seed, nonce);
  const mlkem::In<kSize> in(noise.data(), kSize);
  if constexpr (eta == 2) kernels_.sample_cbd2(poly, in);
  if constexpr (eta == 3) kernels_.sample_cbd3(poly, in);
  add_poly(name, poly, kSmall);
}

template <mlkem::ParameterSet p>
void Secrets<p>::multiply_ntts(mlkem::NttProduct& product, const mlkem::NttVector<p.k>& left,
                               const mlkem::NttVector<p.k>& right) const {
  if constexpr (p.k == 2) kernels_.multiply_ntts_2(product, left, right);
  if constexpr (p.k == 3) kernels_.multiply_ntts_3(product, left, right);
  if constexpr (p.k == 4) kernels_.multiply_ntts_4(product, left, right);
}

template <mlkem::ParameterSet p>
void Secrets<p>::add_ntt(mlkem::NttPoly& hat, const char* name, const mlkem::Poly& poly) {
  kernels_.ntt(hat, poly);
  add_poly(name, hat, kUniform);
}

template <mlkem::ParameterSet p>
void Secrets<p>::add_keygen(const mlkem::PublicKey<p>& pub, View d, View z) {
  add("d", d);
  add("z", z);
  const std::uint8_t k[] = {p.k};
  constexpr std::size_t kRhoSize = 32;  // the first half of G's digest
  add_sponge("G", {mlkem::kSha3_512Rate, mlkem::kSha3Domain}, d, k, kRhoSize);
  const auto sigma = oracle::G(oracle::concat({d, k})).second;
  add("sigma", sigma);
  mlkem::Poly poly;
  mlkem::NttPoly e_hat;
  mlkem::NttVector<p.k> s_hat;
  for (std::uint8_t i = 0; i < p.k; ++i) {
    add_noise<p.eta1>(poly, "s", sigma, i);
    add_ntt(s_hat[i], "s_hat", poly);
    add_noise<p.eta1>(poly, "e", sigma, static_cast<std::uint8_t>(p.k + i));
    add_ntt(e_hat, "e_hat", poly);
    Bytes encoded(mlkem::encoded_size(12));
    kernels_.encode12(mlkem::Out<mlkem::encoded_size(12)>(encoded.data(), encoded.size()),
                      s_hat[i]);
    add("encoded s_hat", encoded);
  }
  for (const auto& row : pub.a_hat) {
    mlkem::NttProduct product;
    multiply_ntts(product, row, s_hat);
    add_poly("A_hat s_hat", product, kUniform);
  }
}

template <mlkem::ParameterSet p>
void Secrets<p>::add_key(const mlkem::SecretKey<p>& sec) {
  add("z", sec.z);
  for (const auto& s_hat : sec.s_hat) {
    add_poly("s_hat", s_hat, kUniform);
    Bytes encoded(mlkem::encoded_size(12));
    kernels_.encode12(mlkem::Out<mlkem::encoded_size(12)>(encoded.data(), encoded.size()), s_hat);
    add("encoded s_hat", encoded);
    mlkem::NttPoly decoded;
    kernels_.decode12(decoded, mlkem::In<mlkem::encoded_size(12)>(encoded.data(), encoded.size()));
    add_poly("s_hat", decoded, kUniform);
  }
}

template <mlkem::ParameterSet p>
void Secrets<p>::add_encaps(const mlkem::PublicKey<p>& pub, View m) {
  add("m", m);
  add_sponge("G", {mlkem::kSha3_512Rate, mlkem::kSha3Domain}, m, pub.h);
  const auto [K, r] = oracle::G(oracle::concat({m, pub.h}));
  add("K", K);
  add("r", r);

  mlkem::NttVector<p.k> y_hat;
  mlkem::Poly e[p.k + 1];
  mlkem::Poly poly, mu;
  for (std::uint8_t i = 0; i < p.k; ++i) {
    add_noise<p.eta1>(poly, "y", r, i);
    add_ntt(y_hat[i], "y_hat", poly);
  }
  for (std::uint8_t i = 0; i <= p.k; ++i) {
    add_noise<p.eta2>(e[i], "e1 and e2", r, static_cast<std::uint8_t>(p.k + i));
  }
  kernels_.decode_decompress1(mu, mlkem::In<32>(m.data(), 32));
  add_poly("mu", mu, kSmall);

  for (std::size_t i = 0; i <= p.k; ++i) {
    mlkem::NttVector<p.k> column;
    for (std::size_t j = 0; j < p.k; ++j) column[j] = i < p.k ? pub.a_hat[j][i] : pub.t_hat[j];
    mlkem::NttProduct product;
    multiply_ntts(product, column, y_hat);
    add_poly("A_hat^T y_hat", product, kUniform);
    kernels_.inverse_ntt(poly, product);
    add_poly("A^T y", poly, kUniform);
    kernels_.add(poly, e[i]);
    add_poly("u and v", poly, kUniform);
    if (i < p.k) continue;
    kernels_.add(poly, mu);
    add_poly("u and v", poly, kUniform);
  }
}

template <mlkem::ParameterSet p>
void Secrets<p>::add_decaps(const mlkem::PublicKey<p>& pub, const mlkem::SecretKey<p>& sec,
                            View c) {
  add_key(sec);
  add_sponge("J", mlkem::kShake256, sec.z, c);

  mlkem::NttVector<p.k> u_hat;
  for (std::size_t i = 0; i < p.k; ++i) {
    mlkem::Poly u;
    const mlkem::In<p.u_size()> in(&c[p.u_size() * i], p.u_size());
    if constexpr (p.du == 10) kernels_.decode_decompress10(u, in);
    if constexpr (p.du == 11) kernels_.decode_decompress11(u, in);
    kernels_.ntt(u_hat[i], u);
  }
  mlkem::Poly v, w;
  const mlkem::In<p.v_size()> v_in(&c[p.u_size() * p.k], p.v_size());
  if constexpr (p.dv == 4) kernels_.decode_decompress4(v, v_in);
  if constexpr (p.dv == 5) kernels_.decode_decompress5(v, v_in);
  mlkem::NttProduct product;
  multiply_ntts(product, sec.s_hat, u_hat);
  add_poly("s_hat^T u_hat", product, kUniform);
  kernels_.inverse_ntt(w, product);
  add_poly("s^T u", w, kUniform);
  kernels_.subtract_from(w, v);
  add_poly("w", w, kUniform);
  Bytes m(32);
  kernels_.compress_encode1(mlkem::Out<32>(m.data(), 32), w);
  add_encaps(pub, m);
}

template class Secrets<mlkem::kMlKem512>;
template class Secrets<mlkem::kMlKem768>;
template class Secrets<mlkem::kMlKem1024>;

}  // namespace latchkey::test
