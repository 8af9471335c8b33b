#include "mlkem/oracle.hpp"

namespace latchkey::test::oracle {
namespace {

// Section 2.3: the seven bits of i in reverse order.
unsigned bit_rev_7(unsigned i) {
  unsigned reversed = 0;
  for (unsigned bit = 0; bit < 7; ++bit) {
    if (i & (1u << bit)) reversed += 64 >> bit;
  }
  return reversed;
}

// gamma_i^j for i, j = 0 .. 127. Only to be quicker: its entries are the definition.
const std::array<std::array<std::int64_t, kN / 2>, kN / 2>& gamma_powers() {
  static const auto table = [] {
    std::array<std::array<std::int64_t, kN / 2>, kN / 2> powers;
    for (unsigned i = 0; i < kN / 2; ++i) {
      for (unsigned j = 0; j < kN / 2; ++j) powers[i][j] = power(gamma(i), j);
    }
    return powers;
  }();
  return table;
}

}  // namespace

std::int64_t mod_q(std::int64_t x) { return (x % kQ + kQ) % kQ; }

std::int64_t power(std::int64_t base, std::int64_t exponent) {
  std::int64_t result = 1;
  for (std::int64_t i = 0; i < exponent; ++i) result = mod_q(result * base);
  return result;
}

// By Fermat: x^(q - 1) = 1.
std::int64_t inverse(std::int64_t x) { return power(mod_q(x), kQ - 2); }

Poly operator+(const Poly& f, const Poly& g) {
  Poly sum;
  for (std::size_t i = 0; i < kN; ++i) sum.c[i] = mod_q(f.c[i] + g.c[i]);
  return sum;
}

Poly operator-(const Poly& f, const Poly& g) {
  Poly difference;
  for (std::size_t i = 0; i < kN; ++i) difference.c[i] = mod_q(f.c[i] - g.c[i]);
  return difference;
}

Poly operator*(std::int64_t scalar, const Poly& f) {
  Poly product;
  for (std::size_t i = 0; i < kN; ++i) product.c[i] = mod_q(scalar * f.c[i]);
  return product;
}

Poly schoolbook(const Poly& f, const Poly& g) {
  Poly product;
  for (std::size_t i = 0; i < kN; ++i) {
    for (std::size_t j = 0; j < kN; ++j) {
      const std::int64_t term = f.c[i] * g.c[j];
      auto& c = product.c[(i + j) % kN];
      c = mod_q(i + j < kN ? c + term : c - term);  // X^256 = -1
    }
  }
  return product;
}

std::int64_t gamma(unsigned i) { return power(17, 2 * bit_rev_7(i) + 1); }

// X^2 = gamma_i, so the even coefficients make a polynomial in gamma_i and so do the odd ones.
Poly ntt(const Poly& f) {
  Poly f_hat;
  for (std::size_t i = 0; i < kN / 2; ++i) {
    std::int64_t even = 0, odd = 0;
    for (std::size_t j = 0; j < kN / 2; ++j) {
      even += f.c[2 * j] * gamma_powers()[i][j];
      odd += f.c[2 * j + 1] * gamma_powers()[i][j];
    }
    f_hat.c[2 * i] = mod_q(even);
    f_hat.c[2 * i + 1] = mod_q(odd);
  }
  return f_hat;
}

// The gamma_i are the 128 roots of Y^128 + 1, so summed over i, gamma_i^(j - l) is 128 if j = l and
// else 0. And gamma_i^-j = -gamma_i^(128 - j).
Poly inverse_ntt(const Poly& f_hat) {
  const std::int64_t scale = inverse(128);
  Poly f;
  for (std::size_t j = 0; j < kN / 2; ++j) {
    std::int64_t even = 0, odd = 0;
    for (std::size_t i = 0; i < kN / 2; ++i) {
      const std::int64_t factor = j == 0 ? 1 : -gamma_powers()[i][kN / 2 - j];
      even += f_hat.c[2 * i] * factor;
      odd += f_hat.c[2 * i + 1] * factor;
    }
    f.c[2 * j] = mod_q(mod_q(even) * scale);
    f.c[2 * j + 1] = mod_q(mod_q(odd) * scale);
  }
  return f;
}

Poly multiply_ntts(const Poly& f_hat, const Poly& g_hat) {
  Poly h_hat;
  for (unsigned i = 0; i < kN / 2; ++i) {
    const std::int64_t a0 = f_hat.c[2 * i], a1 = f_hat.c[2 * i + 1];
    const std::int64_t b0 = g_hat.c[2 * i], b1 = g_hat.c[2 * i + 1];
    h_hat.c[2 * i] = mod_q(a0 * b0 + mod_q(a1 * b1) * gamma_powers()[i][1]);
    h_hat.c[2 * i + 1] = mod_q(a0 * b1 + a1 * b0);
  }
  return h_hat;
}

// round(n / m) = floor(n / m + 1/2) = floor((2n + m) / 2m), for n >= 0.
std::int64_t compress(unsigned d, std::int64_t x) {
  const std::int64_t two_to_d = std::int64_t{1} << d;
  return (2 * two_to_d * x + kQ) / (2 * kQ) % two_to_d;
}

std::int64_t decompress(unsigned d, std::int64_t y) {
  const std::int64_t two_to_d = std::int64_t{1} << d;
  return (2 * kQ * y + two_to_d) / (2 * two_to_d);
}

Poly compress(unsigned d, const Poly& f) {
  Poly result;
  for (std::size_t i = 0; i < kN; ++i) result.c[i] = compress(d, f.c[i]);
  return result;
}

Poly decompress(unsigned d, const Poly& f) {
  Poly result;
  for (std::size_t i = 0; i < kN; ++i) result.c[i] = decompress(d, f.c[i]);
  return result;
}

Bytes bits_to_bytes(const Bits& bits) {
  Bytes bytes(bits.size() / 8);
  for (std::size_t i = 0; i < bits.size(); ++i) {
    bytes[i / 8] = static_cast<std::uint8_t>(bytes[i / 8] + (bits[i] << (i % 8)));
  }
  return bytes;
}

Bits bytes_to_bits(ByteView bytes) {
  Bits bits(8 * bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    unsigned byte = bytes[i];
    for (std::size_t j = 0; j < 8; ++j) {
      bits[8 * i + j] = byte % 2;
      byte /= 2;
    }
  }
  return bits;
}

Bytes byte_encode(unsigned d, const Poly& f) {
  Bits bits(kN * d);
  for (std::size_t i = 0; i < kN; ++i) {
    std::int64_t a = f.c[i];
    for (std::size_t j = 0; j < d; ++j) {
      bits[i * d + j] = static_cast<unsigned>(a % 2);
      a /= 2;
    }
  }
  return bits_to_bytes(bits);
}

Poly byte_decode(unsigned d, ByteView bytes) {
  const std::int64_t m = d < 12 ? std::int64_t{1} << d : kQ;
  const Bits bits = bytes_to_bits(bytes);
  Poly f;
  for (std::size_t i = 0; i < kN; ++i) {
    for (std::size_t j = 0; j < d; ++j) f.c[i] += std::int64_t{bits[i * d + j]} << j;
    f.c[i] %= m;
  }
  return f;
}

void sample_ntt(Sampling& sampling, ByteView xof_output) {
  std::size_t& j = sampling.accepted;
  for (std::size_t i = 0; i + 3 <= xof_output.size() && j < kN; i += 3) {
    const auto bytes = xof_output.subspan(i, 3);
    const std::int64_t d1 = bytes[0] + 256 * (bytes[1] % 16);
    const std::int64_t d2 = bytes[1] / 16 + 16 * bytes[2];
    if (d1 < kQ) sampling.a_hat.c[j++] = d1;
    if (d2 < kQ && j < kN) sampling.a_hat.c[j++] = d2;
    sampling.bytes_used += 3;
  }
}

Poly sample_poly_cbd(unsigned eta, ByteView bytes) {
  const Bits bits = bytes_to_bits(bytes);
  Poly f;
  for (std::size_t i = 0; i < kN; ++i) {
    std::int64_t x = 0, y = 0;
    for (std::size_t j = 0; j < eta; ++j) x += bits[2 * i * eta + j];
    for (std::size_t j = 0; j < eta; ++j) y += bits[2 * i * eta + eta + j];
    f.c[i] = mod_q(x - y);
  }
  return f;
}

}  // namespace latchkey::test::oracle
