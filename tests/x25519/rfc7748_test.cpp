// The test vectors of RFC 7748, by every function of every form.

#include "x25519/exchange.hpp"
#include "x25519/forms.hpp"

namespace latchkey::test {
namespace {

const Octets kBasePoint =
    octets("0900000000000000000000000000000000000000000000000000000000000000");

// X25519(secret, 9), for vectors that come without.
Octets public_key_of(const Octets& secret) {
  Octets pub;
  dispatch::forms().front().table->shared_secret(pub, secret, kBasePoint);
  return pub;
}

TEST_CASE("Every form gives the shared secrets of RFC 7748, section 5.2") {
  LATCHKEY_EACH_FORM(form);
  const struct {
    std::string_view scalar, u, result;
  } vectors[] = {
      {"a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
       "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
       "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"},
      {"4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
       "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
       "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"},
  };
  for (const auto& [scalar, u, result] : vectors) {
    const Exchange exchange{octets(scalar), octets(u)};
    require_answer(*form.table, exchange, {public_key_of(exchange.secret), octets(result)});
  }
}

TEST_CASE("Every form gives the exchange of RFC 7748, section 6.1, on both sides") {
  LATCHKEY_EACH_FORM(form);
  const Octets alice = octets("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
  const Octets from_alice =
      octets("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  const Octets bob = octets("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  const Octets from_bob =
      octets("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const Octets shared = octets("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
  require_answer(*form.table, {alice, from_bob}, {from_alice, shared});
  require_answer(*form.table, {bob, from_alice}, {from_bob, shared});
}

// k, u = X25519(k, u), k again and again, from k = u = 9.
Octets iterated(const x25519::Table& table, int rounds) {
  Octets k = kBasePoint, u = kBasePoint;
  for (int i = 0; i < rounds; ++i) {
    Octets result;
    table.shared_secret(result, k, u);
    u = k;
    k = result;
  }
  return k;
}

TEST_CASE("Every form gives what RFC 7748, section 5.2, has after 1 and 1,000 iterations") {
  LATCHKEY_EACH_FORM(form);
  REQUIRE(iterated(*form.table, 1) ==
          octets("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"));
  REQUIRE(iterated(*form.table, 1'000) ==
          octets("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"));
}

// The same, eight at a time.
TEST_CASE("Every form's jobs give what RFC 7748, section 5.2, has after 1,000 iterations") {
  LATCHKEY_EACH_FORM(form);
  std::vector<Exchange> exchanges(x25519::kBatch, Exchange{kBasePoint, kBasePoint});
  for (int i = 0; i < 1'000; ++i) {
    const auto answers = answers_of_jobs(*form.table, exchanges, 0xff);
    for (std::size_t lane = 0; lane < exchanges.size(); ++lane) {
      exchanges[lane] = {answers[lane].shared, exchanges[lane].secret};
    }
  }
  for (const Exchange& exchange : exchanges) {
    REQUIRE(exchange.secret ==
            octets("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"));
  }
}

TEST_CASE("Every form gives what RFC 7748, section 5.2, has after 1,000,000 iterations",
          "[.][million]") {
  LATCHKEY_EACH_FORM(form);
  REQUIRE(iterated(*form.table, 1'000'000) ==
          octets("7c3911e0ab2586fd864497297e575e6f3bc601c0883c30df5f4dd2d24f665424"));
}

}  // namespace
}  // namespace latchkey::test
