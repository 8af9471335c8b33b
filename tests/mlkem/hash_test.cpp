// SHA-3 and SHAKE of any parts and any length (mlkem/hash.hpp), of every backend, against OpenSSL.
#include "mlkem/hash.hpp"

#include <algorithm>

#include "mlkem/backends.hpp"
#include "mlkem/compare.hpp"
#include "mlkem/fenced.hpp"
#include "mlkem/openssl.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using oracle::Bytes;
using oracle::ByteView;

constexpr std::size_t kLongest = 2 * mlkem::kShake128Rate + 1;

class Hashing {
 public:
  explicit Hashing(const mlkem::HashTable& table) : table_(table) {}

  // The parts together have to hash to `expected`, and nothing but that is to be written.
  void check(mlkem::SpongeKind kind, std::span<const ByteView> parts, const Bytes& expected) {
    out_.poison();
    const auto out = std::span<std::uint8_t>(*out_).last(expected.size());
    const Bytes before(out_->begin(), out.data());
    table_.hash(out, kind, parts);
    REQUIRE(fault(out, expected) == "");
    REQUIRE(out_.intact());
    REQUIRE(std::equal(before.begin(), before.end(), out_->begin()));
  }

 private:
  const mlkem::HashTable& table_;
  FencedBytes<kLongest> out_{{Site::high}};
};

TEST_CASE("the hash of parts is that of the message they make, for every length in and out") {
  LATCHKEY_EACH_BACKEND(backend);
  Random random;
  Hashing hashing(*backend.hash);
  for (std::size_t length = 0; length <= kLongest; ++length) {
    const Bytes message = random.vector(length);
    const ByteView whole(message);
    const std::size_t first = random.between<std::size_t>(0, length);
    const std::size_t second = random.between<std::size_t>(first, length);
    INFO(length << " bytes, cut behind " << first << " and " << second);
    const ByteView parts[] = {
        whole.first(first), {}, whole.subspan(first, second - first), whole.subspan(second)};
    const std::size_t size = kLongest - length;
    const Bytes sha3_256 = openssl::sha3_256(message);
    // OpenSSL gives no output of no bytes.
    const Bytes shake128 = size > 0 ? openssl::shake128(message, size) : Bytes();
    const Bytes shake256 = size > 0 ? openssl::shake256(message, size) : Bytes();
    using Parts = std::span<const ByteView>;
    for (const Parts cut : {Parts(parts), Parts(&whole, 1)}) {
      hashing.check(mlkem::kSha3_256, cut, sha3_256);
      hashing.check(mlkem::kShake128, cut, shake128);
      hashing.check(mlkem::kShake256, cut, shake256);
    }
  }
}

TEST_CASE("the hash of no parts is that of the empty message") {
  LATCHKEY_EACH_BACKEND(backend);
  Hashing(*backend.hash).check(mlkem::kSha3_256, {}, openssl::sha3_256({}));
}

}  // namespace
}  // namespace latchkey::test
