// Which decision stops which attack: the table of docs/holding-kems.md, cell by cell. And, at the
// end, that sealed containers and age files commit: no file opens in two ways.
#include "seal/attacks.hpp"

#include "keyfile/encoding.hpp"
#include "latchkey/kem.hpp"
#include "mlkem/oracle_mlkem.hpp"
#include "seal/container_attacks.hpp"

namespace latchkey::test {
namespace {

enum Cell {
  open,
  refused,  // closed: a key is not imported
  differ,   // closed: the two exchanges go on with different values
  none,     // the toy KEM has no such import
};

struct Row {
  const char* name;
  Decision decision;
  Cell toy_kem, forged, same_z, junk;
};

// clang-format off
constexpr Row kTable[] = {
    //                                         toy KEM   forged   shared  junk
    //                                         (no H)    key      z       s_hat
    {"nothing checked",         nothing,       open,     open,    open,   open},
    {"dk hash check",           hash_check,    none,     refused, open,   open},
    {"64-byte seed import",     seed_import,   none,     differ,  open,   differ},
    {"32-byte seed (X-Wing)",   xwing_import,  none,     differ,  differ, differ},
    {"bind()",                  bound,         differ,   differ,  differ, differ},
    {"pairwise test on import", pairwise_test, none,     refused, open,   refused},
};
// clang-format on

Cell outcome(Decision decision, const Attack& attack) {
  const auto first = decision(attack.first), second = decision(attack.second);
  if (!first || !second) return refused;
  return *first == *second ? open : differ;
}

TEST_CASE("Each decision stops the attacks that the table says it stops, and no other") {
  Random random;
  for (int n = 0; n < 3; ++n) {
    const Attack toy = reencapsulation(random), forged = forged_key(random),
                 same_z = shared_z(random), junk = junk_s_hat(random);
    for (const Row& row : kTable) {
      INFO(row.name);
      if (row.toy_kem != none) CHECK(outcome(row.decision, toy) == row.toy_kem);
      CHECK(outcome(row.decision, forged) == row.forged);
      CHECK(outcome(row.decision, same_z) == row.same_z);
      CHECK(outcome(row.decision, junk) == row.junk);
    }
  }
}

TEST_CASE("The exchanges that an attack confuses do differ") {
  Random random;
  for (const Attack& attack : {reencapsulation(random), forged_key(random)}) {
    CHECK(copy_of(attack.first.ek()) != copy_of(attack.second.ek()));
    CHECK(attack.first.ciphertext != attack.second.ciphertext);
  }
  for (const Attack& attack : {shared_z(random), junk_s_hat(random)}) {
    CHECK(copy_of(attack.first.ek()) != copy_of(attack.second.ek()));
    CHECK(attack.first.ciphertext == attack.second.ciphertext);
  }
}

TEST_CASE("No decision gets in the way of an honest exchange") {
  Random random;
  const auto [exchange, K, xwing_K] = honest(random);
  CHECK(nothing(exchange) == K);
  CHECK(hash_check(exchange) == K);
  CHECK(pairwise_test(exchange) == K);
  CHECK(seed_import(exchange) == K);
  CHECK(xwing_import(exchange) == xwing_K);
  CHECK(bound(exchange) == bound_secret(K, exchange.ek(), exchange.ciphertext));
}

TEST_CASE("A crafted key is refused with the reason") {
  Random random;
  const Attack forged = forged_key(random), same_z = shared_z(random), junk = junk_s_hat(random);
  const Bytes &evil = forged.second.expanded, &broken = junk.first.expanded;
  require_error(DecapsulationKey::import_expanded(evil), Error::hash_mismatch);
  require_error(DecapsulationKey::import_expanded(evil, ExpandedKeyCheck::hash_only),
                Error::hash_mismatch);
  require_error(decapsulate_with_expanded_key(evil, forged.second.ciphertext),
                Error::hash_mismatch);
  require_error(DecapsulationKey::import_expanded(broken), Error::inconsistent_key);
  for (const Bytes& crafted : {evil, broken}) {
    require_error(DecapsulationKey::from_seed(crafted), Error::seed_length);
    require_error(xwing::DecapsulationKey::from_seed(crafted), Error::seed_length);
  }
  // Nothing is wrong with either of these.
  CHECK(DecapsulationKey::import_expanded(same_z.first.expanded).has_value());
  CHECK(DecapsulationKey::from_seed(same_z.second.seed, PairwiseTest::run).has_value());
}

// K of an attack, as the profile speaks of it: in forged_key() K is the same for two ciphertexts,
// in the other two for two encapsulation keys and one ciphertext.
TEST_CASE("A profile claims no more than the attacks leave") {
  Random random;
  const Attack forged = forged_key(random), same_z = shared_z(random), junk = junk_s_hat(random);
  const auto require_profile = [&](const BindingProfile& profile, Decision import) {
    if (outcome(import, forged) == open) CHECK(profile.k_ct < BindsAgainst::mal);
    for (const Attack& attack : {same_z, junk}) {
      if (outcome(import, attack) != open) continue;
      CHECK(profile.k_pk < BindsAgainst::mal);
      CHECK(profile.k_ct_pk < BindsAgainst::mal);
    }
  };
  require_profile(MlKem768::kBinding, hash_check);
  require_profile(MlKem768::kBinding, seed_import);
  require_profile(XWing::kBinding, xwing_import);
}

// ---- One file that opens in two ways

struct ContainerRow {
  const char* name;
  const AttackedContainer& container;
  Cell contexts, aads, recipients;
};

// clang-format off
const ContainerRow kContainers[] = {
    //                                          contexts  aads     recipients
    {"HPKE alone",                  kHpkeAlone, open,     open,    open},
    {"sealed message",              kMessage,   refused,  refused, refused},
    {"sealed stream",               kStream,    refused,  refused, refused},
    {"age's stanza, without a MAC", kAgeStanza, none,     none,    open},
    {"age's file",                  kAgeFile,   none,     none,    refused},
};
// clang-format on

// What becomes of a file that is made for both sides. Its maker can open it in any case.
Cell outcome(const AttackedContainer& container, const Side& first, Side second) {
  const Bytes file = container.make(first, second);
  const auto one = container.open(first, file), other = container.open(second, file);
  REQUIRE(one.has_value());
  if (!other) return refused;
  REQUIRE((*one != *other || first.aad != second.aad));
  return open;
}

TEST_CASE("One file opens in two ways where the container does not commit, and nowhere else") {
  const auto alice = xwing::DecapsulationKey::generate().value();
  const auto mallory = xwing::DecapsulationKey::generate().value();
  const Bytes invoice = text("invoice"), refund = text("refund"), order_18 = text("order 18");
  for (const ContainerRow& row : kContainers) {
    INFO(row.name);
    const auto& container = row.container;
    // It ends with a block of the AEAD, wherever the container has it.
    Bytes order_17 = text("order 17");
    order_17.resize(&container == &kMessage ? 40 : 48, ' ');
    if (row.contexts != none) {
      CHECK(outcome(container, {alice, order_17, invoice}, {alice, order_17, refund}) ==
            row.contexts);
    }
    if (row.aads != none) {
      CHECK(outcome(container, {alice, order_17, invoice}, {alice, order_18, invoice}) == row.aads);
    }
    CHECK(outcome(container, {alice, order_17, invoice}, {mallory, order_17, invoice}) ==
          row.recipients);
  }
}

}  // namespace
}  // namespace latchkey::test
