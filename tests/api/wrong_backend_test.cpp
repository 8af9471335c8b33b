// The self-test and the pairwise test notice a mistake in any function that they use.

#include "api/support.hpp"
#include "support/injected_backend.hpp"

namespace latchkey::test {
namespace {

using base::In;
using base::Out;
using mlkem::DecapsJob;
using mlkem::EncapsJob;
using mlkem::KemTable;
using mlkem::KeyCheck;
using mlkem::KeygenJob;
using mlkem::PublicKey;
using mlkem::SecretKey;

// The right backend with one function that gives one bit wrong, or a wrong verdict.
struct Mistake {
  const char* in;
  void (*plant)(KemTable&);
};

constexpr Mistake kMistakes[] = {
    {"keygen, in ek",
     [](KemTable& backend) {
       backend.keygen = [](PublicKey& pub, SecretKey& sec, In<32> d, In<32> z) noexcept {
         right_backend().keygen(pub, sec, d, z);
         pub.ek[5] ^= 1;
       };
     }},
    {"keygen, in h",
     [](KemTable& backend) {
       backend.keygen = [](PublicKey& pub, SecretKey& sec, In<32> d, In<32> z) noexcept {
         right_backend().keygen(pub, sec, d, z);
         pub.h[31] ^= 1;
       };
     }},
    {"keygen, in z",
     [](KemTable& backend) {
       backend.keygen = [](PublicKey& pub, SecretKey& sec, In<32> d, In<32> z) noexcept {
         right_backend().keygen(pub, sec, d, z);
         sec.z[31] ^= 1;
       };
     }},
    {"precompute_ek_vartime",
     [](KemTable& backend) {
       backend.precompute_ek_vartime = [](PublicKey&, In<kEncapsulationKeySize>) noexcept {
         return KeyCheck::not_reduced;
       };
     }},
    {"precompute_ek_vartime, in h",
     [](KemTable& backend) {
       backend.precompute_ek_vartime = [](PublicKey& pub, In<kEncapsulationKeySize> ek) noexcept {
         const auto check = right_backend().precompute_ek_vartime(pub, ek);
         pub.h[0] ^= 1;
         return check;
       };
     }},
    {"encode_dk",
     [](KemTable& backend) {
       backend.encode_dk = [](Out<kDecapsulationKeySize> dk, const PublicKey& pub,
                              const SecretKey& sec) noexcept {
         right_backend().encode_dk(dk, pub, sec);
         dk[2399] ^= 1;
       };
     }},
    {"encaps, in c",
     [](KemTable& backend) {
       backend.encaps = [](Out<kCiphertextSize> c, Out<32> key, const PublicKey& pub,
                           In<32> m) noexcept {
         right_backend().encaps(c, key, pub, m);
         c[1087] ^= 0x80;
       };
     }},
    {"encaps, in K",
     [](KemTable& backend) {
       backend.encaps = [](Out<kCiphertextSize> c, Out<32> key, const PublicKey& pub,
                           In<32> m) noexcept {
         right_backend().encaps(c, key, pub, m);
         key[31] ^= 0x80;
       };
     }},
    {"decaps",
     [](KemTable& backend) {
       backend.decaps = [](Out<32> key, const PublicKey& pub, const SecretKey& sec,
                           In<kCiphertextSize> c) noexcept {
         right_backend().decaps(key, pub, sec, c);
         key[16] ^= 1;
       };
     }},
    {"decaps_once",
     [](KemTable& backend) {
       backend.decaps_once = [](Out<32> key, In<kDecapsulationKeySize> dk,
                                In<kCiphertextSize> c) noexcept {
         const auto check = right_backend().decaps_once(key, dk, c);
         key[0] ^= 1;
         return check;
       };
     }},
    {"decaps_once, which refuses the key",
     [](KemTable& backend) {
       backend.decaps_once = [](Out<32>, In<kDecapsulationKeySize>, In<kCiphertextSize>) noexcept {
         return KeyCheck::hash_mismatch;
       };
     }},
    {"keygen_many, in the last",
     [](KemTable& backend) {
       backend.keygen_many = [](const KeygenJob* jobs, std::size_t count) noexcept {
         right_backend().keygen_many(jobs, count);
         jobs[count - 1].pub->h[31] ^= 1;
       };
     }},
    {"encaps_four, in the third",
     [](KemTable& backend) {
       backend.encaps_four = [](const EncapsJob* jobs, std::size_t count) noexcept {
         right_backend().encaps_four(jobs, count);
         if (count == mlkem::kBatch) jobs[2].key[0] ^= 1;
       };
     }},
    {"decaps_four, in the second",
     [](KemTable& backend) {
       backend.decaps_four = [](const DecapsJob* jobs, std::size_t count) noexcept {
         right_backend().decaps_four(jobs, count);
         if (count == mlkem::kBatch) jobs[1].key[0] ^= 1;
       };
     }},
};

TEST_CASE("The self-test finds one wrong bit of any function that it uses") {
  REQUIRE(self_test().has_value());
  for (const auto& mistake : kMistakes) {
    CAPTURE(mistake.in);
    InjectedBackend injected;
    mistake.plant(injected.backend);
    require_error(self_test(), Error::self_test_failed);
  }
  REQUIRE(self_test().has_value());
}

TEST_CASE("The pairwise test finds a public half that does not suit the private one") {
  InjectedBackend injected;
  REQUIRE(DecapsulationKey::generate(PairwiseTest::run).has_value());
  injected.backend.encaps = [](Out<kCiphertextSize> c, Out<32> key, const PublicKey& pub,
                               In<32> m) noexcept {
    right_backend().encaps(c, key, pub, m);
    key[0] ^= 1;
  };
  require_error(DecapsulationKey::generate(PairwiseTest::run), Error::inconsistent_key);
  REQUIRE(DecapsulationKey::generate(PairwiseTest::skip).has_value());
}

}  // namespace
}  // namespace latchkey::test
