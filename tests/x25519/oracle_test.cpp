// Every form against libraries that are not ours, on edges of the arithmetic and on random inputs.

#include "x25519/oracles.hpp"

#include "x25519/forms.hpp"
#include "x25519/inputs.hpp"

namespace latchkey::test {
namespace {

// The answer of all oracles. Requires that they agree.
Answer expected_answer(const Exchange& exchange) {
  static const auto all = oracles();
  const Answer answer = all.front().answer(exchange);
  for (const Oracle& oracle : all) {
    CAPTURE(oracle.name, exchange.secret, exchange.peer);
    REQUIRE(oracle.answer(exchange) == answer);
  }
  return answer;
}

// Requires the oracles' answers of every function of every form. The exchanges are each other's
// company in run_jobs(), kBatch at a time.
void require_answers_of_oracles(const std::vector<Exchange>& exchanges) {
  std::vector<Answer> expected;
  for (const Exchange& exchange : exchanges) expected.push_back(expected_answer(exchange));
  for (const auto& form : supported_forms()) {
    for (std::size_t first = 0; first < exchanges.size(); first += x25519::kBatch) {
      const std::size_t n = std::min(x25519::kBatch, exchanges.size() - first);
      const auto begin = exchanges.begin() + static_cast<std::ptrdiff_t>(first);
      const auto jobs = answers_of_jobs(
          *form.table, std::vector<Exchange>(begin, begin + static_cast<std::ptrdiff_t>(n)));
      for (std::size_t i = 0; i < n; ++i) {
        const Exchange& x = exchanges[first + i];
        CAPTURE(form.table->name, x.secret, x.peer, i, n);
        REQUIRE(answer_of(*form.table, x) == expected[first + i]);
        REQUIRE(answer_of_both(*form.table, x) == expected[first + i]);
        REQUIRE(jobs[i] == expected[first + i]);
      }
    }
  }
}

TEST_CASE("Every form agrees with other libraries on scalars at the edges") {
  Random random;
  std::vector<Exchange> exchanges;
  for (const Octets& scalar : edge_scalars()) {
    exchanges.push_back({scalar, random.bytes<x25519::kSize>()});
  }
  require_answers_of_oracles(exchanges);
}

TEST_CASE("Every form agrees with other libraries on points at the edges") {
  Random random;
  std::vector<Exchange> exchanges;
  for (const Octets& point : edge_points()) {
    exchanges.push_back({random.bytes<x25519::kSize>(), point});
  }
  require_answers_of_oracles(exchanges);
}

TEST_CASE("Every form agrees with other libraries on random inputs") {
  Random random;
  std::vector<Exchange> exchanges;
  for (int i = 0; i < 500; ++i) exchanges.push_back(random_exchange(random));
  require_answers_of_oracles(exchanges);
}

TEST_CASE("Every form agrees with other libraries on each edge scalar with each edge point",
          "[.][soak]") {
  const auto points = edge_points();
  for (const Octets& scalar : edge_scalars()) {
    std::vector<Exchange> exchanges;
    for (const Octets& point : points) exchanges.push_back({scalar, point});
    require_answers_of_oracles(exchanges);
  }
}

TEST_CASE("Every form agrees with other libraries on 100,000 random inputs", "[.][soak]") {
  Random random;
  for (int i = 0; i < 1'000; ++i) {
    std::vector<Exchange> exchanges;
    for (int j = 0; j < 100; ++j) exchanges.push_back(random_exchange(random));
    require_answers_of_oracles(exchanges);
  }
}

}  // namespace
}  // namespace latchkey::test
