// run_jobs() against single calls; what peers of low order do to their own results and to those of
// others; and that nothing but the results is written.

#include <algorithm>
#include <list>

#include "mlkem/fenced.hpp"
#include "x25519/forms.hpp"
#include "x25519/inputs.hpp"

namespace latchkey::test {
namespace {

using x25519::kBatch;
using x25519::kSize;

std::vector<Exchange> random_exchanges(Random& random, std::size_t n) {
  std::vector<Exchange> exchanges;
  for (std::size_t i = 0; i < n; ++i) {
    exchanges.push_back({random.bytes<kSize>(), random.bytes<kSize>()});
  }
  return exchanges;
}

void require_single_answers(const x25519::Table& table, const std::vector<Exchange>& exchanges,
                            unsigned without_pub) {
  const auto answers = answers_of_jobs(table, exchanges, without_pub);
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    CAPTURE(exchanges.size(), i, without_pub);
    const Answer single = answer_of(table, exchanges[i]);
    REQUIRE(answers[i].shared == single.shared);
    REQUIRE(answers[i].pub == ((without_pub >> i & 1) == 0 ? single.pub : Octets{}));
  }
}

TEST_CASE("Each of up to eight jobs, with and without a public key, is what single calls give") {
  LATCHKEY_EACH_FORM(form);
  Random random;
  for (std::size_t n = 1; n <= kBatch; ++n) {
    const auto exchanges = random_exchanges(random, n);
    require_single_answers(*form.table, exchanges, 0);
    require_single_answers(*form.table, exchanges, (1U << n) - 1);
    for (std::size_t i = 0; i < n; ++i) {
      require_single_answers(*form.table, exchanges, 1U << i);
      require_single_answers(*form.table, exchanges, (1U << n) - 1 - (1U << i));
    }
  }
}

TEST_CASE("No jobs write nothing") {
  LATCHKEY_EACH_FORM(form);
  Octets untouched = octets("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  const Octets before = untouched;
  const x25519::Job job{untouched.data(), untouched.data(), before.data(), before.data()};
  form.table->run_jobs(&job, 0);
  REQUIRE(untouched == before);
}

// The denominators of all jobs share one inversion, and that of a point of low order is zero.
TEST_CASE("A peer of low order gives zeros and a right public key, and disturbs no other job") {
  LATCHKEY_EACH_FORM(form);
  Random random;
  for (const Octets& peer : low_order_peers()) {
    CAPTURE(peer);
    const Octets secret = random.bytes<kSize>();
    const Answer single = answer_of_both(*form.table, {secret, peer});
    REQUIRE(single.shared == Octets{});
    Octets pub;
    form.table->public_key(pub, secret);
    REQUIRE(single.pub == pub);
    REQUIRE(answer_of(*form.table, {secret, peer}).shared == Octets{});
    for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{5}, kBatch}) {
      for (std::size_t place = 0; place < n; ++place) {
        auto exchanges = random_exchanges(random, n);
        exchanges[place].peer = peer;
        require_single_answers(*form.table, exchanges, place % 2 == 0 ? 0x55 : 0xaa);
      }
    }
  }
}

TEST_CASE("Any of the jobs may have a peer of low order, and all of them at once") {
  LATCHKEY_EACH_FORM(form);
  Random random;
  const auto peers = low_order_peers();
  for (unsigned low_order = 1; low_order < 1U << kBatch; ++low_order) {
    auto exchanges = random_exchanges(random, kBatch);
    for (std::size_t i = 0; i < kBatch; ++i) {
      if ((low_order >> i & 1) != 0) exchanges[i].peer = peers[(low_order + i) % peers.size()];
    }
    CAPTURE(low_order);
    const auto answers = answers_of_jobs(*form.table, exchanges);
    for (std::size_t i = 0; i < kBatch; ++i) {
      CAPTURE(i);
      REQUIRE((answers[i].shared == Octets{}) == ((low_order >> i & 1) != 0));
      REQUIRE(answers[i] == answer_of(*form.table, exchanges[i]));
    }
  }
}

// One job's memory: each field between pages that cannot be read.
struct FencedJob {
  explicit FencedJob(Site site) : pub(site), shared(site), secret(site), peer(site) {}

  FencedBytes<kSize> pub, shared, secret, peer;

  [[nodiscard]] bool intact() const {
    return pub.intact() && shared.intact() && secret.intact() && peer.intact();
  }
};

TEST_CASE("Every function reads its inputs and writes its results, and nothing else") {
  LATCHKEY_EACH_FORM(form);
  Random random;
  for (const Site site : kByteSites) {
    for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{3}, kBatch}) {
      std::list<FencedJob> memory;
      std::vector<x25519::Job> jobs;
      const auto exchanges = random_exchanges(random, n);
      for (const Exchange& exchange : exchanges) {
        FencedJob& job = memory.emplace_back(site);
        *job.secret = exchange.secret;
        *job.peer = exchange.peer;
        job.pub.poison();
        job.shared.poison();
        const bool has_pub = jobs.size() % 2 == 0;
        jobs.push_back({has_pub ? job.pub->data() : nullptr, job.shared->data(), job.secret->data(),
                        job.peer->data()});
      }
      FencedJob& first = memory.front();
      const Octets poison = *first.pub;
      const auto require_as_it_was = [&] {
        std::size_t i = 0;
        for (FencedJob& job : memory) {
          REQUIRE(job.intact());
          REQUIRE(*job.secret == exchanges[i].secret);
          REQUIRE(*job.peer == exchanges[i].peer);
          ++i;
        }
      };
      const Answer answer = answer_of(*form.table, exchanges.front());
      form.table->public_key(*first.pub, *first.secret);
      require_as_it_was();
      REQUIRE((*first.pub == answer.pub && *first.shared == poison));
      first.pub.poison();
      form.table->shared_secret(*first.shared, *first.secret, *first.peer);
      require_as_it_was();
      REQUIRE((*first.pub == poison && *first.shared == answer.shared));
      first.shared.poison();
      form.table->public_and_shared(*first.pub, *first.shared, *first.secret, *first.peer);
      require_as_it_was();
      REQUIRE((*first.pub == answer.pub && *first.shared == answer.shared));
      first.pub.poison();
      first.shared.poison();
      form.table->run_jobs(jobs.data(), n);
      require_as_it_was();
      std::size_t i = 0;
      for (FencedJob& job : memory) {
        const Answer expected = answer_of(*form.table, exchanges[i]);
        REQUIRE(*job.shared == expected.shared);
        REQUIRE(*job.pub == (i % 2 == 0 ? expected.pub : poison));
        ++i;
      }
    }
  }
}

}  // namespace
}  // namespace latchkey::test
