// The kernels of every backend that turn bytes into polynomials and back.
#include <algorithm>

#include "mlkem/backends.hpp"
#include "mlkem/compare.hpp"
#include "mlkem/fenced.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using mlkem::encoded_size;
using mlkem::kN;
using mlkem::kQ;
using mlkem::NttPoly;
using mlkem::Poly;
using oracle::Bytes;

constexpr Range kInput = below(2 * kQ);

// Every representative |x| < 2q at every position, and the usual inputs.
std::vector<Coefficients> encoder_inputs(Random& random) {
  std::vector<Coefficients> all = inputs(kInput, random);
  for (int n = 0; n < steps(kInput); ++n) all.push_back(walk(kInput, n));
  return all;
}

template <unsigned d, class In, class Kernel, class Expected>
void check_encoder(Kernel kernel, Expected expected) {
  INFO("d = " << d);
  Random random;
  auto everywhere = places<In, std::array<std::uint8_t, encoded_size(d)>>();
  for (const Coefficients& f : encoder_inputs(random)) {
    const Bytes bytes = oracle::byte_encode(d, expected(modulo_q(f)));
    for (auto& [in, out] : everywhere) {
      assign(in->c, f);
      out.poison();
      kernel(*out, *in);
      REQUIRE((out.intact() && equal(in->c, f)));
      REQUIRE(fault(*out, bytes) == "");
    }
  }
}

TEST_CASE("encode12 agrees with ByteEncode_12 for every representative at every position") {
  LATCHKEY_EACH_BACKEND(backend);
  check_encoder<12, NttPoly>(backend.kernels->encode12, [](const oracle::Poly& f) { return f; });
}

template <unsigned d, class Kernel>
void check_compressing_encoder(Kernel kernel) {
  check_encoder<d, Poly>(kernel, [](const oracle::Poly& f) { return oracle::compress(d, f); });
}

TEST_CASE("compress_encode agrees with exact rounding for every representative at every position") {
  LATCHKEY_EACH_BACKEND(backend);
  check_compressing_encoder<11>(backend.kernels->compress_encode11);
  check_compressing_encoder<10>(backend.kernels->compress_encode10);
  check_compressing_encoder<5>(backend.kernels->compress_encode5);
  check_compressing_encoder<4>(backend.kernels->compress_encode4);
  check_compressing_encoder<1>(backend.kernels->compress_encode1);
}

// The encodings of every d-bit number at every position, and random ones.
template <unsigned d>
std::vector<Bytes> decoder_inputs(Random& random) {
  constexpr std::size_t kSize = 32 * d;
  std::vector<Bytes> all = {Bytes(kSize, 0x00), Bytes(kSize, 0xff)};
  for (int n = 0; n < 1 << d; ++n) {
    all.push_back(oracle::byte_encode(d, modulo_q(walk(non_negative_below(1 << d), n))));
  }
  for (int n = 0; n < 400; ++n) all.push_back(random.vector(kSize));
  return all;
}

template <unsigned d, class Kernel>
void check_decoder(Kernel kernel) {
  INFO("d = " << d);
  Random random;
  auto everywhere = places<std::array<std::uint8_t, encoded_size(d)>, Poly>();
  for (const Bytes& bytes : decoder_inputs<d>(random)) {
    const auto expected = oracle::decompress(d, oracle::byte_decode(d, bytes));
    for (auto& [in, out] : everywhere) {
      std::copy(bytes.begin(), bytes.end(), in->begin());
      out.poison();
      kernel(*out, *in);
      REQUIRE((out.intact() && fault(*in, bytes) == ""));
      REQUIRE(fault(out->c, non_negative_below(kQ), expected) == "");
    }
  }
}

TEST_CASE("decode_decompress agrees with exact rounding for every number at every position") {
  LATCHKEY_EACH_BACKEND(backend);
  check_decoder<11>(backend.kernels->decode_decompress11);
  check_decoder<10>(backend.kernels->decode_decompress10);
  check_decoder<5>(backend.kernels->decode_decompress5);
  check_decoder<4>(backend.kernels->decode_decompress4);
  check_decoder<1>(backend.kernels->decode_decompress1);
}

class Decoder12 {
 public:
  Decoder12(const mlkem::KernelTable& kernels, Site site)
      : kernels_(kernels), in_(site), out_(site) {}

  // `numbers` are below 4096. Decoding must give them, and find whether any is q or more.
  void check(const Coefficients& numbers) {
    const Bytes bytes = encode(numbers);
    std::copy(bytes.begin(), bytes.end(), in_->begin());
    out_.poison();
    const std::uint64_t mask = kernels_.decode12(*out_, *in_).bits();
    REQUIRE(out_.intact());
    REQUIRE(std::equal(bytes.begin(), bytes.end(), in_->begin()));
    REQUIRE(fault(out_->c, non_negative_below(4096), modulo_q(numbers)) == "");
    const bool too_large =
        std::any_of(numbers.begin(), numbers.end(), [](int number) { return number >= kQ; });
    REQUIRE(mask == (too_large ? ~std::uint64_t{0} : 0));
  }

 private:
  static Bytes encode(const Coefficients& numbers) {
    oracle::Poly f;
    std::copy(numbers.begin(), numbers.end(), f.c.begin());
    return oracle::byte_encode(12, f);
  }

  const mlkem::KernelTable& kernels_;
  FencedBytes<encoded_size(12)> in_;
  Fenced<NttPoly> out_;
};

TEST_CASE("decode12 agrees with ByteDecode_12 for every number at every position") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  for (const Site site : kByteSites) {
    Decoder12 decoder(*backend.kernels, site);
    for (int n = 0; n < 4096; ++n) decoder.check(walk(non_negative_below(4096), n));
    for (int n = 0; n < 400; ++n) {
      decoder.check(random_coefficients(non_negative_below(4096), random));
      decoder.check(random_coefficients(non_negative_below(kQ), random));
    }
  }
}

TEST_CASE("decode12 finds a single number of q or more at every position") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  for (const Site site : kByteSites) {
    Decoder12 decoder(*backend.kernels, site);
    for (std::size_t position = 0; position < kN; ++position) {
      for (const int number : {0, kQ - 1, kQ, kQ + 1, 4095}) {
        Coefficients numbers = random_coefficients(non_negative_below(kQ), random);
        numbers[position] = static_cast<std::int16_t>(number);
        decoder.check(numbers);
        numbers.fill(0);
        numbers[position] = static_cast<std::int16_t>(number);
        decoder.check(numbers);
        numbers.fill(kQ - 1);
        numbers[position] = static_cast<std::int16_t>(number);
        decoder.check(numbers);
      }
    }
  }
}

// Of numbers below 2^d, or below q for d = 12, where decoding may leave a multiple of q.
template <unsigned d, class F, class Encode, class Decode>
void check_round_trip(Encode encode, Decode decode) {
  INFO("d = " << d);
  const Range range = non_negative_below(d < 12 ? 1 << d : kQ);
  for (int n = 0; n < steps(range); ++n) {
    const Bytes bytes = oracle::byte_encode(d, modulo_q(walk(range, n)));
    std::array<std::uint8_t, encoded_size(d)> in, out;
    std::copy(bytes.begin(), bytes.end(), in.begin());
    F f;
    decode(f, in);
    encode(out, f);
    REQUIRE(fault(out, bytes) == "");
  }
}

TEST_CASE("encoding undoes decoding for every number at every position") {
  LATCHKEY_EACH_BACKEND(backend);
  const auto& kernels = *backend.kernels;
  check_round_trip<12, NttPoly>(kernels.encode12, kernels.decode12);
  check_round_trip<11, Poly>(kernels.compress_encode11, kernels.decode_decompress11);
  check_round_trip<10, Poly>(kernels.compress_encode10, kernels.decode_decompress10);
  check_round_trip<5, Poly>(kernels.compress_encode5, kernels.decode_decompress5);
  check_round_trip<4, Poly>(kernels.compress_encode4, kernels.decode_decompress4);
  check_round_trip<1, Poly>(kernels.compress_encode1, kernels.decode_decompress1);
}

}  // namespace
}  // namespace latchkey::test
