// TurboSHAKE by each backend's hash function, against RFC 9861's vectors and the definition.
#include "mlkem/backends.hpp"
#include "mlkem/compare.hpp"
#include "mlkem/oracle_keccak.hpp"
#include "mlkem/oracle_mlkem.hpp"
#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using oracle::Bytes;
using oracle::ByteView;

Bytes hash(const mlkem::HashTable& table, mlkem::SpongeKind kind, ByteView first, ByteView second,
           std::size_t size) {
  Bytes out(size);
  const ByteView parts[] = {first, second};
  table.hash(out, kind, mlkem::Parts(parts, 2));
  return out;
}

TEST_CASE("TurboSHAKE of nothing is what RFC 9861, section 5, says, with the domain byte 1F") {
  LATCHKEY_EACH_BACKEND(backend);
  const Bytes expected128 = {0x1e, 0x41, 0x5f, 0x1c, 0x59, 0x83, 0xaf, 0xf2, 0x16, 0x92, 0x17,
                             0x27, 0x7d, 0x17, 0xbb, 0x53, 0x8c, 0xd9, 0x45, 0xa3, 0x97, 0xdd,
                             0xec, 0x54, 0x1f, 0x1c, 0xe4, 0x1a, 0xf2, 0xc1, 0xb7, 0x4c};
  const Bytes expected256 = {0x36, 0x7a, 0x32, 0x9d, 0xaf, 0xea, 0x87, 0x1c, 0x78, 0x02, 0xec,
                             0x67, 0xf9, 0x05, 0xae, 0x13, 0xc5, 0x76, 0x95, 0xdc, 0x2c, 0x66,
                             0x63, 0xc6, 0x10, 0x35, 0xf5, 0x9a, 0x18, 0xf8, 0xe7, 0xdb};
  const auto& table = *backend.hash;
  REQUIRE(fault(hash(table, mlkem::kTurboShake128, {}, {}, 32), expected128) == "");
  REQUIRE(fault(hash(table, mlkem::kTurboShake256, {}, {}, 32), expected256) == "");
}

TEST_CASE("TurboSHAKE is that of the definition for every length to 700, in and out") {
  LATCHKEY_EACH_BACKEND(backend);
  const auto& table = *backend.hash;
  Random random;
  for (std::size_t length = 0; length <= 700; ++length) {
    const Bytes message = random.vector(length);
    const std::size_t split = random.between<std::size_t>(0, length), size = 701 - length;
    INFO(length << " bytes, the first part of " << split);
    const ByteView first = ByteView(message).first(split),
                   second = ByteView(message).subspan(split);
    REQUIRE(fault(hash(table, mlkem::kTurboShake128, first, second, size),
                  oracle::turboshake(168, message, size)) == "");
    REQUIRE(fault(hash(table, mlkem::kTurboShake256, first, second, size),
                  oracle::turboshake(136, message, size)) == "");
  }
}

}  // namespace
}  // namespace latchkey::test
