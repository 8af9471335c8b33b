// The self-test and the pairwise test notice a mistake in any function that they use.

#include "api/support.hpp"
#include "support/planted_row.hpp"

namespace latchkey::test {
namespace {

using base::In;
using base::Out;
using core::DecapsJob;
using core::EncapsJob;
using core::KemOps;
using core::KeyCheck;
using core::KeygenJob;
using core::PublicKey;
using core::SecretKey;

// The right row with one function that gives one bit wrong, or a wrong verdict.
struct Mistake {
  const char* in;
  void (*plant)(KemOps&);
};

constexpr Mistake kMistakes[] = {
    {"keygen, in ek",
     [](KemOps& row) {
       row.keygen = [](PublicKey& pub, SecretKey& sec, In<32> d, In<32> z) noexcept {
         right_row().keygen(pub, sec, d, z);
         pub.ek[5] ^= 1;
       };
     }},
    {"keygen, in h",
     [](KemOps& row) {
       row.keygen = [](PublicKey& pub, SecretKey& sec, In<32> d, In<32> z) noexcept {
         right_row().keygen(pub, sec, d, z);
         pub.h[31] ^= 1;
       };
     }},
    {"keygen, in z",
     [](KemOps& row) {
       row.keygen = [](PublicKey& pub, SecretKey& sec, In<32> d, In<32> z) noexcept {
         right_row().keygen(pub, sec, d, z);
         sec.z[31] ^= 1;
       };
     }},
    {"expand_ek_vartime",
     [](KemOps& row) {
       row.expand_ek_vartime = [](PublicKey&, In<kEncapsulationKeySize>) noexcept {
         return KeyCheck::not_reduced;
       };
     }},
    {"expand_ek_vartime, in h",
     [](KemOps& row) {
       row.expand_ek_vartime = [](PublicKey& pub, In<kEncapsulationKeySize> ek) noexcept {
         const auto check = right_row().expand_ek_vartime(pub, ek);
         pub.h[0] ^= 1;
         return check;
       };
     }},
    {"encode_dk",
     [](KemOps& row) {
       row.encode_dk = [](Out<kDecapsulationKeySize> dk, const PublicKey& pub,
                          const SecretKey& sec) noexcept {
         right_row().encode_dk(dk, pub, sec);
         dk[2399] ^= 1;
       };
     }},
    {"encaps, in c",
     [](KemOps& row) {
       row.encaps = [](Out<kCiphertextSize> c, Out<32> key, const PublicKey& pub,
                       In<32> m) noexcept {
         right_row().encaps(c, key, pub, m);
         c[1087] ^= 0x80;
       };
     }},
    {"encaps, in K",
     [](KemOps& row) {
       row.encaps = [](Out<kCiphertextSize> c, Out<32> key, const PublicKey& pub,
                       In<32> m) noexcept {
         right_row().encaps(c, key, pub, m);
         key[31] ^= 0x80;
       };
     }},
    {"decaps",
     [](KemOps& row) {
       row.decaps = [](Out<32> key, const PublicKey& pub, const SecretKey& sec,
                       In<kCiphertextSize> c) noexcept {
         right_row().decaps(key, pub, sec, c);
         key[16] ^= 1;
       };
     }},
    {"decaps_once",
     [](KemOps& row) {
       row.decaps_once = [](Out<32> key, In<kDecapsulationKeySize> dk,
                            In<kCiphertextSize> c) noexcept {
         const auto check = right_row().decaps_once(key, dk, c);
         key[0] ^= 1;
         return check;
       };
     }},
    {"decaps_once, which refuses the key",
     [](KemOps& row) {
       row.decaps_once = [](Out<32>, In<kDecapsulationKeySize>, In<kCiphertextSize>) noexcept {
         return KeyCheck::hash_mismatch;
       };
     }},
    {"keygen_many, in the last",
     [](KemOps& row) {
       row.keygen_many = [](const KeygenJob* jobs, std::size_t count) noexcept {
         right_row().keygen_many(jobs, count);
         jobs[count - 1].pub->h[31] ^= 1;
       };
     }},
    {"encaps_four, in the third",
     [](KemOps& row) {
       row.encaps_four = [](const EncapsJob* jobs, std::size_t count) noexcept {
         right_row().encaps_four(jobs, count);
         if (count == core::kBatch) jobs[2].key[0] ^= 1;
       };
     }},
    {"decaps_four, in the second",
     [](KemOps& row) {
       row.decaps_four = [](const DecapsJob* jobs, std::size_t count) noexcept {
         right_row().decaps_four(jobs, count);
         if (count == core::kBatch) jobs[1].key[0] ^= 1;
       };
     }},
};

TEST_CASE("The self-test finds one wrong bit of any function that it uses") {
  REQUIRE(self_test().has_value());
  for (const auto& mistake : kMistakes) {
    CAPTURE(mistake.in);
    PlantedRow planted;
    mistake.plant(planted.row);
    require_error(self_test(), Error::self_test_failed);
  }
  REQUIRE(self_test().has_value());
}

TEST_CASE("The pairwise test finds a public half that does not suit the private one") {
  PlantedRow planted;
  REQUIRE(DecapsulationKey::generate(PairwiseTest::run).has_value());
  planted.row.encaps = [](Out<kCiphertextSize> c, Out<32> key, const PublicKey& pub,
                          In<32> m) noexcept {
    right_row().encaps(c, key, pub, m);
    key[0] ^= 1;
  };
  require_error(DecapsulationKey::generate(PairwiseTest::run), Error::inconsistent_key);
  REQUIRE(DecapsulationKey::generate(PairwiseTest::skip).has_value());
}

}  // namespace
}  // namespace latchkey::test
