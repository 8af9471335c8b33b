// The section of X25519 (RFC 7748), by every function of the form's table that is in use.

#include "dispatch/dispatch.hpp"
#include "hybrid/x25519.hpp"
#include "secret.hpp"

namespace latchkey::kat {
namespace {

using x25519::kBatch;
using x25519::kSize;
using Array = std::array<std::uint8_t, kSize>;

// Throws Rejected if the shared secret is zeros, which it then has to stay.
Bytes accepted_shared(Result<void> result, const Array& shared) {
  const Bytes bytes = revealed(shared);
  if (!result && bytes != Bytes(kSize)) throw std::runtime_error("refused, yet not zeros");
  accepted(result);
  return bytes;
}

// The inputs, in whose length nothing but the runner can be wrong. Peers are marked secret as well:
// the table is constant-time in them, too.
struct Inputs {
  explicit Inputs(const Record& record) : secret(record.at("secret")), peer(record.at("peer")) {}

  SecretCopy secret, peer;

  [[nodiscard]] auto fixed_secret() const { return fixed("secret", *secret); }
  [[nodiscard]] auto fixed_peer() const { return fixed("peer", *peer); }
};

Bytes public_key(const Inputs& inputs) {
  Array pub;
  dispatch::x25519_table().public_key(pub, inputs.fixed_secret());
  return revealed(pub);
}

Fields public_key_and_agree(const Record& record) {
  const Inputs inputs(record);
  Array shared;
  const Bytes pub = public_key(inputs);
  const auto result = hybrid::agree(shared, inputs.fixed_secret(), inputs.fixed_peer());
  return {{"pub", pub}, {"shared", accepted_shared(result, shared)}};
}

Fields public_and_shared(const Record& record) {
  const Inputs inputs(record);
  Array pub, shared;
  dispatch::x25519_table().public_and_shared(pub, shared, inputs.fixed_secret(),
                                             inputs.fixed_peer());
  // Where the record has none, or must be rejected for its peer, the secret alone still says it.
  if (revealed(pub) != public_key(inputs)) throw std::runtime_error("not public_key()'s pub");
  return {{"pub", revealed(pub)},
          {"shared", accepted_shared(hybrid::check_shared(shared), shared)}};
}

// A group of records as jobs, and among them one more whose peer has low order. Of neighbours, one
// asks for its public key and one does not.
std::vector<Fields> run_group(Records records, std::size_t low_order, bool first_has_pub) {
  std::vector<Bytes> secrets, peers;
  for (const Record* const record : records) {
    secrets.push_back(record->at("secret"));
    peers.push_back(record->at("peer"));
  }
  const auto place = static_cast<std::ptrdiff_t>(low_order);
  secrets.insert(secrets.begin() + place, Bytes(kSize));
  peers.insert(peers.begin() + place, Bytes(kSize));

  const SecretCopies<kSize> own(secrets), others(peers);
  std::array<Array, kBatch> pubs{}, shareds{};
  std::vector<x25519::Job> jobs;
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    jobs.push_back({(i % 2 == 0) == first_has_pub ? pubs[i].data() : nullptr, shareds[i].data(),
                    (*own)[i].data(), (*others)[i].data()});
  }
  dispatch::x25519_table().run_jobs(jobs.data(), jobs.size());
  std::vector<Fields> results;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    results.push_back({{"shared", revealed(shareds[i])}});
    if (jobs[i].pub != nullptr) results.back().emplace("pub", revealed(pubs[i]));
  }
  if (results[low_order].at("shared") != Bytes(kSize)) {
    throw std::runtime_error("a peer of low order gave no zeros");
  }
  results.erase(results.begin() + place);
  return results;
}

std::vector<Fields> run_jobs(Records records) {
  constexpr std::size_t kGroup = kBatch - 1;
  std::vector<Fields> results;
  for (std::size_t first = 0; first < records.size(); first += kGroup) {
    const auto group = records.subspan(first, std::min(kGroup, records.size() - first));
    const auto some = run_group(group, first % (group.size() + 1), first % 2 == 0);
    results.insert(results.end(), some.begin(), some.end());
  }
  return results;
}

}  // namespace

Section x25519_section() {
  return {.name = "x25519",
          .inputs = {"secret", "peer"},
          .outputs = {"shared"},
          .optional_outputs = {"pub"},
          .paths = {{"public_key, agree", public_key_and_agree},
                    {"public_and_shared", public_and_shared}},
          .batch = {"run_jobs", run_jobs}};
}

}  // namespace latchkey::kat
