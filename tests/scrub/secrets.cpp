#include "scrub/secrets.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "mlkem/keccak.hpp"
#include "mlkem/oracle_keccak.hpp"
#include "mlkem/oracle_mlkem.hpp"

namespace latchkey::test {
namespace {

using mlkem::kK;

// Coefficients of noise and of messages take few values, so a few of them prove nothing.
constexpr std::size_t kUniform = 8, kSmall = 32;

template <class T>
View view_of(const T& object) {
  return {reinterpret_cast<const std::uint8_t*>(&object), sizeof object};
}

}  // namespace

void Secrets::add(const char* name, View bytes) {
  secrets_.push_back({name, Bytes(bytes.begin(), bytes.end()), kUniform});
}

template <class T>
void Secrets::add_poly(const char* name, const T& poly, std::size_t window) {
  secrets_.push_back({name, Bytes(view_of(poly).begin(), view_of(poly).end()), window});
}

void Secrets::add_sponge(const char* name, std::size_t rate, std::uint8_t domain, View first,
                         View second, std::size_t published) {
  Bytes message = oracle::concat({first, second, {&domain, 1}});
  message.resize((message.size() + rate - 1) / rate * rate);
  message.back() |= 0x80;
  std::uint64_t state[25] = {};
  for (std::size_t i = 0; i < message.size(); i += rate) {
    for (std::size_t j = 0; j < rate; ++j) {
      state[j / 8] ^= std::uint64_t{message[i + j]} << 8 * (j % 8);
    }
    if (i > 0) add(name, view_of(state));
    oracle::keccak_f1600(state);
    add(name, view_of(state).subspan(published));
  }
}

void Secrets::add_hash(View input, mlkem::SpongeKind kind) {
  add("hashed", input);
  add_sponge("sponge", kind.rate, kind.domain, input, {});
}

void Secrets::add_noise(mlkem::Poly& poly, const char* name, View seed, std::uint8_t nonce) {
  add_sponge("PRF", mlkem::kShake256Rate, mlkem::kShakeDomain, seed, {&nonce, 1});
  const Bytes noise = oracle::PRF(mlkem::kEta, seed, nonce);
  kernels_.sample_cbd2(poly, mlkem::In<mlkem::kNoiseSize>(noise.data(), mlkem::kNoiseSize));
  add_poly(name, poly, kSmall);
}

void Secrets::add_ntt(mlkem::NttPoly& hat, const char* name, const mlkem::Poly& poly) {
  kernels_.ntt(hat, poly);
  add_poly(name, hat, kUniform);
}

void Secrets::add_keygen(const mlkem::PublicKey& pub, View d, View z) {
  add("d", d);
  add("z", z);
  const std::uint8_t k[] = {kK};
  constexpr std::size_t kRhoSize = 32;  // the first half of G's digest
  add_sponge("G", mlkem::kSha3_512Rate, mlkem::kSha3Domain, d, k, kRhoSize);
  const auto sigma = oracle::G(oracle::concat({d, k})).second;
  add("sigma", sigma);
  mlkem::Poly poly;
  mlkem::NttPoly e_hat;
  mlkem::NttVector s_hat;
  for (std::uint8_t i = 0; i < kK; ++i) {
    add_noise(poly, "s", sigma, i);
    add_ntt(s_hat[i], "s_hat", poly);
    add_noise(poly, "e", sigma, kK + i);
    add_ntt(e_hat, "e_hat", poly);
    Bytes encoded(mlkem::encoded_size(12));
    kernels_.encode12(mlkem::Out<mlkem::encoded_size(12)>(encoded.data(), encoded.size()),
                      s_hat[i]);
    add("encoded s_hat", encoded);
  }
  for (const auto& row : pub.a_hat) {
    mlkem::NttProduct product;
    kernels_.multiply_ntts(product, row, s_hat);
    add_poly("A_hat s_hat", product, kUniform);
  }
}

void Secrets::add_key(const mlkem::SecretKey& sec) {
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

void Secrets::add_encaps(const mlkem::PublicKey& pub, View m) {
  add("m", m);
  add_sponge("G", mlkem::kSha3_512Rate, mlkem::kSha3Domain, m, pub.h);
  const auto [K, r] = oracle::G(oracle::concat({m, pub.h}));
  add("K", K);
  add("r", r);

  mlkem::NttVector y_hat;
  mlkem::Poly e[kK + 1];
  mlkem::Poly poly, mu;
  for (std::uint8_t i = 0; i < kK; ++i) {
    add_noise(poly, "y", r, i);
    add_ntt(y_hat[i], "y_hat", poly);
  }
  for (std::uint8_t i = 0; i <= kK; ++i) add_noise(e[i], "e1 and e2", r, kK + i);
  kernels_.decode_decompress1(mu, mlkem::In<32>(m.data(), 32));
  add_poly("mu", mu, kSmall);

  for (std::size_t i = 0; i <= kK; ++i) {
    mlkem::NttVector column;
    for (std::size_t j = 0; j < kK; ++j) column[j] = i < kK ? pub.a_hat[j][i] : pub.t_hat[j];
    mlkem::NttProduct product;
    kernels_.multiply_ntts(product, column, y_hat);
    add_poly("A_hat^T y_hat", product, kUniform);
    kernels_.inverse_ntt(poly, product);
    add_poly("A^T y", poly, kUniform);
    kernels_.add(poly, e[i]);
    add_poly("u and v", poly, kUniform);
    if (i < kK) continue;
    kernels_.add(poly, mu);
    add_poly("u and v", poly, kUniform);
  }
}

void Secrets::add_decaps(const mlkem::PublicKey& pub, const mlkem::SecretKey& sec, View c) {
  add_key(sec);
  add_sponge("J", mlkem::kShake256Rate, mlkem::kShakeDomain, sec.z, c);

  mlkem::NttVector u_hat;
  for (std::size_t i = 0; i < kK; ++i) {
    mlkem::Poly u;
    kernels_.decode_decompress10(u, mlkem::In<320>(&c[320 * i], 320));
    kernels_.ntt(u_hat[i], u);
  }
  mlkem::Poly v, w;
  kernels_.decode_decompress4(v, mlkem::In<128>(&c[960], 128));
  mlkem::NttProduct product;
  kernels_.multiply_ntts(product, sec.s_hat, u_hat);
  add_poly("s_hat^T u_hat", product, kUniform);
  kernels_.inverse_ntt(w, product);
  add_poly("s^T u", w, kUniform);
  kernels_.subtract_from(w, v);
  add_poly("w", w, kUniform);
  Bytes m(32);
  kernels_.compress_encode1(mlkem::Out<32>(m.data(), 32), w);
  add_encaps(pub, m);
}

}  // namespace latchkey::test
