// The self-test and the pairwise test notice a mistake in any function that they use.

#include "api/access.hpp"
#include "api/support.hpp"
#include "support/injected_backend.hpp"

namespace latchkey::test {
namespace {

using base::In;
using base::Out;
using mlkem::KeyCheck;

// The right backend with one function that gives one bit wrong, or a wrong verdict.
template <MlKem set>
struct Mistakes {
  static constexpr mlkem::ParameterSet p = kParameters<set>;
  static constexpr std::size_t kEncapsulationKeySize = p.encapsulation_key_size();
  static constexpr std::size_t kDecapsulationKeySize = p.decapsulation_key_size();
  static constexpr std::size_t kCiphertextSize = p.ciphertext_size();
  using KemTable = mlkem::KemTable<p>;
  using PublicKey = mlkem::PublicKey<p>;
  using SecretKey = mlkem::SecretKey<p>;
  using KeygenJob = mlkem::KeygenJob<p>;
  using EncapsJob = mlkem::EncapsJob<p>;
  using DecapsJob = mlkem::DecapsJob<p>;

  struct Mistake {
    const char* in;
    void (*plant)(KemTable&);
  };
  static constexpr Mistake kAll[] = {
      {"keygen, in ek",
       [](KemTable& backend) {
         backend.keygen = [](PublicKey& pub, SecretKey& sec, In<32> d, In<32> z) noexcept {
           right_backend<p>().keygen(pub, sec, d, z);
           pub.ek[5] ^= 1;
         };
       }},
      {"keygen, in h",
       [](KemTable& backend) {
         backend.keygen = [](PublicKey& pub, SecretKey& sec, In<32> d, In<32> z) noexcept {
           right_backend<p>().keygen(pub, sec, d, z);
           pub.h[31] ^= 1;
         };
       }},
      {"keygen, in z",
       [](KemTable& backend) {
         backend.keygen = [](PublicKey& pub, SecretKey& sec, In<32> d, In<32> z) noexcept {
           right_backend<p>().keygen(pub, sec, d, z);
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
           const auto check = right_backend<p>().precompute_ek_vartime(pub, ek);
           pub.h[0] ^= 1;
           return check;
         };
       }},
      {"encode_dk",
       [](KemTable& backend) {
         backend.encode_dk = [](Out<kDecapsulationKeySize> dk, const PublicKey& pub,
                                const SecretKey& sec) noexcept {
           right_backend<p>().encode_dk(dk, pub, sec);
           dk.back() ^= 1;
         };
       }},
      {"encaps, in c",
       [](KemTable& backend) {
         backend.encaps = [](Out<kCiphertextSize> c, Out<32> key, const PublicKey& pub,
                             In<32> m) noexcept {
           right_backend<p>().encaps(c, key, pub, m);
           c.back() ^= 0x80;
         };
       }},
      {"encaps, in K",
       [](KemTable& backend) {
         backend.encaps = [](Out<kCiphertextSize> c, Out<32> key, const PublicKey& pub,
                             In<32> m) noexcept {
           right_backend<p>().encaps(c, key, pub, m);
           key[31] ^= 0x80;
         };
       }},
      {"decaps",
       [](KemTable& backend) {
         backend.decaps = [](Out<32> key, const PublicKey& pub, const SecretKey& sec,
                             In<kCiphertextSize> c) noexcept {
           right_backend<p>().decaps(key, pub, sec, c);
           key[16] ^= 1;
         };
       }},
      {"decaps_once",
       [](KemTable& backend) {
         backend.decaps_once = [](Out<32> key, In<kDecapsulationKeySize> dk,
                                  In<kCiphertextSize> c) noexcept {
           const auto check = right_backend<p>().decaps_once(key, dk, c);
           key[0] ^= 1;
           return check;
         };
       }},
      {"decaps_once, which refuses the key",
       [](KemTable& backend) {
         backend.decaps_once = [](Out<32>, In<kDecapsulationKeySize>,
                                  In<kCiphertextSize>) noexcept { return KeyCheck::hash_mismatch; };
       }},
      {"keygen_many, in the last",
       [](KemTable& backend) {
         backend.keygen_many = [](const KeygenJob* jobs, std::size_t count) noexcept {
           right_backend<p>().keygen_many(jobs, count);
           jobs[count - 1].pub->h[31] ^= 1;
         };
       }},
      {"encaps_four, in the third",
       [](KemTable& backend) {
         backend.encaps_four = [](const EncapsJob* jobs, std::size_t count) noexcept {
           right_backend<p>().encaps_four(jobs, count);
           if (count == mlkem::kBatch) jobs[2].key[0] ^= 1;
         };
       }},
      {"decaps_four, in the second",
       [](KemTable& backend) {
         backend.decaps_four = [](const DecapsJob* jobs, std::size_t count) noexcept {
           right_backend<p>().decaps_four(jobs, count);
           if (count == mlkem::kBatch) jobs[1].key[0] ^= 1;
         };
       }},
  };
};

LATCHKEY_TEST_OF_KEMS("The self-test finds one wrong bit of any function that it uses") {
  REQUIRE(self_test<set>().has_value());
  for (const auto& mistake : Mistakes<set>::kAll) {
    CAPTURE(mistake.in);
    InjectedBackend<kParameters<set>> injected;
    mistake.plant(injected.backend);
    require_error(self_test<set>(), Error::self_test_failed);
    require_error(self_test(), Error::self_test_failed);
  }
  REQUIRE(self_test<set>().has_value());
}

LATCHKEY_TEST_OF_KEMS("The pairwise test finds a public half that does not suit the private one") {
  static constexpr mlkem::ParameterSet p = kParameters<set>;
  using DecapsulationKey = MlKemDecapsulationKey<set>;
  InjectedBackend<p> injected;
  REQUIRE(DecapsulationKey::generate(PairwiseTest::run).has_value());
  injected.backend.encaps = [](Out<p.ciphertext_size()> c, Out<32> key,
                               const mlkem::PublicKey<p>& pub, In<32> m) noexcept {
    right_backend<kParameters<set>>().encaps(c, key, pub, m);
    key[0] ^= 1;
  };
  require_error(DecapsulationKey::generate(PairwiseTest::run), Error::inconsistent_key);
  REQUIRE(DecapsulationKey::generate(PairwiseTest::skip).has_value());
}

}  // namespace
}  // namespace latchkey::test
