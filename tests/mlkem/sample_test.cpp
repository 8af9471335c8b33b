// The sampling kernels of every backend: rejection (Algorithm 7) and noise (Algorithm 8).
#include <algorithm>

#include "mlkem/backend.hpp"
#include "mlkem/backends.hpp"
#include "mlkem/compare.hpp"
#include "mlkem/fenced.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using mlkem::kN;
using mlkem::kQ;
using mlkem::NttPoly;
using mlkem::Poly;
using oracle::Bytes;

// The bytes of 12-bit numbers, two in three bytes.
template <class F>
Bytes pack(std::size_t size, F number) {
  Bytes bytes(size);
  for (std::size_t i = 0; i + 3 <= size; i += 3) {
    const unsigned d1 = number(), d2 = number();
    bytes[i] = static_cast<std::uint8_t>(d1);
    bytes[i + 1] = static_cast<std::uint8_t>(d1 >> 8 | d2 << 4);
    bytes[i + 2] = static_cast<std::uint8_t>(d2 >> 4);
  }
  return bytes;
}

std::vector<Bytes> rejection_inputs(std::size_t size, Random& random) {
  const auto accepted = [&] { return random.between(0u, kQ - 1u); };
  const auto rejected = [&] { return random.between<unsigned>(kQ, 4095); };
  const auto one_of = [&](std::initializer_list<unsigned> numbers) {
    return numbers.begin()[random.between<std::size_t>(0, numbers.size() - 1)];
  };
  unsigned n = 0;
  return {
      Bytes(size, 0x00),
      Bytes(size, 0xff),
      pack(size, accepted),
      pack(size, rejected),
      pack(size, [&] { return n++ % 2 == 0 ? accepted() : rejected(); }),
      pack(size, [&] { return n++ % 2 == 1 ? accepted() : rejected(); }),
      pack(size, [&] { return kQ - 1u; }),
      pack(size, [&] { return unsigned{kQ}; }),
      pack(size,
           [&] {
             return one_of({0, kQ - 1, kQ, kQ + 1, 2047, 2048, 4095});
           }),
      pack(size, [&] { return random.between(0, 9) == 0 ? accepted() : rejected(); }),
      random.vector(size),
      random.vector(size),
  };
}

// Calls reject_vartime on `Size` bytes, with nothing behind them that may be read.
template <std::size_t Size>
class Rejection {
 public:
  Rejection(const mlkem::KernelTable& kernels, Site site)
      : kernels_(kernels), in_(site), out_(site) {}

  void check(const Bytes& bytes, std::size_t count, Random& random) {
    oracle::Sampling expected;
    expected.accepted = count;
    const Coefficients before = random_coefficients(non_negative_below(kQ), random);
    std::copy_n(before.begin(), count, expected.a_hat.c.begin());
    oracle::sample_ntt(expected, bytes);

    if constexpr (Size > 0) std::copy(bytes.begin(), bytes.end(), in_->begin());
    out_.poison();
    std::copy_n(before.begin(), count, out_->c);
    const std::size_t end =
        kernels_.reject_vartime(*out_, count, std::span<const std::uint8_t>(*in_));
    REQUIRE(out_.intact());
    REQUIRE(std::ranges::equal(bytes, *in_));
    REQUIRE(end == expected.accepted);
    // What is beyond the count is no matter yet.
    std::fill(out_->c + end, out_->c + kN, std::int16_t{0});
    REQUIRE(fault(out_->c, non_negative_below(kQ), expected.a_hat) == "");
  }

 private:
  const mlkem::KernelTable& kernels_;
  FencedBytes<Size> in_;
  Fenced<NttPoly> out_;
};

template <std::size_t Size>
void check_rejection(const mlkem::KernelTable& kernels) {
  INFO("of " << Size << " bytes");
  Random random;
  for (const Site site : kByteSites) {
    Rejection<Size> rejection(kernels, site);
    for (std::size_t count = 0; count <= kN; ++count) {
      INFO("from " << count << " coefficients on");
      for (const Bytes& bytes : rejection_inputs(Size, random)) {
        rejection.check(bytes, count, random);
      }
    }
  }
}

TEST_CASE("reject_vartime appends what SampleNTT accepts, and nothing beyond 256") {
  LATCHKEY_EACH_BACKEND(backend);
  check_rejection<0>(*backend.kernels);
  check_rejection<3>(*backend.kernels);
  check_rejection<21>(*backend.kernels);
  check_rejection<24>(*backend.kernels);
  check_rejection<27>(*backend.kernels);
  check_rejection<69>(*backend.kernels);
  check_rejection<168>(*backend.kernels);
  check_rejection<504>(*backend.kernels);
}

TEST_CASE("reject_vartime accepts or rejects every 12-bit number in either place") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  Rejection<24> rejection(*backend.kernels, {Site::high});
  for (unsigned number = 0; number < 4096; ++number) {
    rejection.check(pack(24, [&] { return number; }), 0, random);
    unsigned n = 0;
    rejection.check(pack(24, [&] { return n++ % 2 == 0 ? number : 4095 - number; }), 0, random);
  }
}

template <unsigned eta, class Kernel>
void check_noise(Kernel kernel) {
  constexpr std::size_t kSize = mlkem::noise_size(eta);
  INFO("eta = " << eta);
  Random random;
  std::vector<Bytes> all;
  for (unsigned n = 0; n < 256; ++n) {
    Bytes bytes(kSize);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(n + i);
    all.push_back(bytes);
    all.emplace_back(kSize, static_cast<std::uint8_t>(n));
    all.push_back(random.vector(kSize));
  }
  auto everywhere = places<std::array<std::uint8_t, kSize>, Poly>();
  for (const Bytes& bytes : all) {
    const auto expected = oracle::sample_poly_cbd(eta, bytes);
    for (auto& [in, out] : everywhere) {
      std::copy(bytes.begin(), bytes.end(), in->begin());
      out.poison();
      kernel(*out, *in);
      REQUIRE((out.intact() && fault(*in, bytes) == ""));
      REQUIRE(fault(out->c, at_most(eta), expected) == "");
    }
  }
}

TEST_CASE("sample_cbd agrees with SamplePolyCBD for every byte at every position") {
  LATCHKEY_EACH_BACKEND(backend);
  check_noise<2>(backend.kernels->sample_cbd2);
  check_noise<3>(backend.kernels->sample_cbd3);
}

}  // namespace
}  // namespace latchkey::test
