#include "scrub/form_operations.hpp"

#include <array>
#include <memory>

#include "scrub/form_secrets.hpp"

namespace latchkey::test {
namespace {

using x25519::Job;
using x25519::kBatch;
using x25519::Table;
using Key = std::array<std::uint8_t, x25519::kSize>;

struct World {
  Key secret[kBatch], peer[kBatch], pub[kBatch], shared[kBatch];
  Key low_order{};  // as a peer: the shared secret is zeros
  Job jobs[kBatch];
};

}  // namespace

std::vector<FormOperation> form_operations(Random& random) {
  std::vector<FormOperation> all;
  const auto world = std::make_shared<World>();
  World* const w = world.get();
  for (auto& secret : w->secret) random.fill(secret);
  for (auto& peer : w->peer) random.fill(peer);
  // The closures keep the world alive.
  const auto add = [&](const std::string& name, auto run, auto add_secrets) {
    FormSecrets secrets;
    add_secrets(secrets);
    all.push_back({name, [world, run](const Table& form) { run(form); }, secrets.all()});
  };
  add(
      "public_key", [w](const Table& form) { form.public_key(w->pub[0], w->secret[0]); },
      [w](FormSecrets& secrets) { secrets.add_public(w->secret[0]); });
  add(
      "shared_secret",
      [w](const Table& form) { form.shared_secret(w->shared[0], w->secret[0], w->peer[0]); },
      [w](FormSecrets& secrets) { secrets.add_shared(w->secret[0], w->peer[0]); });
  add(
      "shared_secret, low order",
      [w](const Table& form) { form.shared_secret(w->shared[0], w->secret[0], w->low_order); },
      [w](FormSecrets& secrets) { secrets.add_shared(w->secret[0], w->low_order); });
  add(
      "public_and_shared",
      [w](const Table& form) {
        form.public_and_shared(w->pub[0], w->shared[0], w->secret[0], w->peer[0]);
      },
      [w](FormSecrets& secrets) {
        secrets.add_shared(w->secret[0], w->peer[0]);
        secrets.add_public(w->secret[0]);
        secrets.add_division();
      });
  // A form may run few jobs one after the other.
  for (const bool with_public : {false, true}) {
    for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{3}, kBatch}) {
      add(
          "run_jobs, " + std::to_string(n) + (with_public ? ", both" : ""),
          [w, n, with_public](const Table& form) {
            for (std::size_t i = 0; i < n; ++i) {
              w->jobs[i] = {with_public ? w->pub[i].data() : nullptr, w->shared[i].data(),
                            w->secret[i].data(), w->peer[i].data()};
            }
            form.run_jobs(w->jobs, n);
          },
          [w, n, with_public](FormSecrets& secrets) {
            for (std::size_t i = 0; i < n; ++i) secrets.add_shared(w->secret[i], w->peer[i]);
            for (std::size_t i = 0; with_public && i < n; ++i) secrets.add_public(w->secret[i]);
            secrets.add_division();
          });
    }
  }
  return all;
}

}  // namespace latchkey::test
