// What is written once for all KEMs: the concept, and what a KEM says that its secret binds.
#include "latchkey/kem.hpp"

#include "support/catch.hpp"

namespace latchkey::test {
namespace {

using enum BindsAgainst;

TEST_CASE("Every KEM binds more with the ciphertext or the key than with the secret alone") {
  for (const BindingProfile& profile : {MlKem768::kBinding, XWing::kBinding}) {
    for (const BindsAgainst attacker : {hon, leak, mal}) {
      if (profile.k_pk >= attacker) CHECK(profile.k_ct_pk >= attacker);
      if (profile.k_ct >= attacker) CHECK(profile.k_pk_ct >= attacker);
    }
  }
}

TEST_CASE("Who resists a stronger attacker resists the weaker ones") {
  STATIC_REQUIRE(nobody < hon);
  STATIC_REQUIRE(hon < leak);
  STATIC_REQUIRE(leak < mal);
}

TEST_CASE("The profiles are those of the literature") {
  STATIC_REQUIRE(MlKem768::kBinding ==
                 BindingProfile{.k_pk = leak, .k_ct = mal, .k_ct_pk = leak, .k_pk_ct = mal});
  STATIC_REQUIRE(XWing::kBinding ==
                 BindingProfile{.k_pk = mal, .k_ct = mal, .k_ct_pk = mal, .k_pk_ct = mal});
}

struct Contradicting : XWing {
  static constexpr BindingProfile kBinding = {
      .k_pk = mal, .k_ct = mal, .k_ct_pk = leak, .k_pk_ct = mal};
};
struct Silent : XWing {
  static constexpr int kBinding = 0;
};
struct Shapeless : XWing {
  static constexpr const char* kCiphertextSize = "1120";
};

TEST_CASE("What contradicts itself or leaves something out is no Kem") {
  STATIC_REQUIRE(Kem<XWing>);
  STATIC_REQUIRE_FALSE(Kem<Contradicting>);
  STATIC_REQUIRE_FALSE(Kem<Silent>);
  STATIC_REQUIRE_FALSE(Kem<Shapeless>);
  STATIC_REQUIRE_FALSE(BindingProfile{leak, mal, leak, leak}.is_consistent());
  STATIC_REQUIRE_FALSE(BindingProfile{mal, leak, leak, leak}.is_consistent());
  STATIC_REQUIRE(BindingProfile{nobody, nobody, nobody, nobody}.is_consistent());
}

}  // namespace
}  // namespace latchkey::test
