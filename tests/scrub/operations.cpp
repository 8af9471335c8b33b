#include "scrub/operations.hpp"

#include <array>
#include <span>
#include <stdexcept>

namespace latchkey::test {
namespace {

using mlkem::In;
using mlkem::KemTable;
using mlkem::KeyCheck;
using mlkem::Out;

constexpr std::size_t kKeys = mlkem::kBatch + 1;  // keygen_many takes more than one batch

// All inputs and outputs.
struct World {
  std::array<std::uint8_t, 32> d[kKeys], z[kKeys], m[mlkem::kBatch], key[mlkem::kBatch];
  std::array<std::uint8_t, mlkem::kCiphertextSize> c[mlkem::kBatch], written[mlkem::kBatch];
  std::array<std::uint8_t, mlkem::kDecapsulationKeySize> dk, forged_dk, unreduced_dk,
      unreduced_s_dk, encoded;
  mlkem::PublicKey pub, pubs[kKeys];
  mlkem::SecretKey sec, secs[kKeys];
  mlkem::KeygenJob keygen_jobs[kKeys];
  mlkem::EncapsJob encaps_jobs[mlkem::kBatch];
  mlkem::DecapsJob decaps_jobs[mlkem::kBatch];
  std::array<std::uint8_t, 200> hashed;
  std::array<std::uint8_t, 64> digest;
};

// Of the first two ciphertexts, which are made for the key, and the others, which are changed.
constexpr std::size_t kValid = 0, kInvalid = 2;

std::shared_ptr<World> make_world(const KemTable& ops, Random& random) {
  const auto world = std::make_shared<World>();
  World& w = *world;
  for (auto& d : w.d) random.fill(d);
  for (auto& z : w.z) random.fill(z);
  for (auto& m : w.m) random.fill(m);
  random.fill(w.hashed);
  ops.keygen(w.pub, w.sec, w.d[0], w.z[0]);
  ops.encode_dk(w.dk, w.pub, w.sec);
  w.forged_dk = w.unreduced_dk = w.unreduced_s_dk = w.dk;
  w.forged_dk[mlkem::kVectorSize + mlkem::kEncapsulationKeySize] ^= 1;  // in the hash
  w.unreduced_dk[mlkem::kVectorSize] = w.unreduced_dk[mlkem::kVectorSize + 1] = 0xff;
  w.unreduced_s_dk[0] = w.unreduced_s_dk[1] = 0xff;
  for (std::size_t i = 0; i < mlkem::kBatch; ++i) {
    ops.encaps(w.c[i], w.key[i], w.pub, w.m[i]);
    if (i >= kInvalid) w.c[i][random.between<std::size_t>(0, w.c[i].size() - 1)] ^= 1;
    w.encaps_jobs[i] = {w.written[i].data(), w.key[i].data(), &w.pub, w.m[i].data()};
    w.decaps_jobs[i] = {w.key[i].data(), &w.pub, &w.sec, w.c[i].data()};
  }
  for (std::size_t i = 0; i < kKeys; ++i) {
    ops.keygen(w.pubs[i], w.secs[i], w.d[i], w.z[i]);
    w.keygen_jobs[i] = {&w.pubs[i], &w.secs[i], w.d[i].data(), w.z[i].data()};
  }
  return world;
}

void expect(KeyCheck found, KeyCheck expected) {
  if (found != expected) throw std::logic_error("the key check found something else");
}

}  // namespace

std::vector<Operation> operations(const dispatch::Backend& backend, Random& random) {
  const auto world = make_world(*backend.kem, random);
  World* const w = world.get();
  std::vector<Operation> all;
  // The closures keep the world alive.
  const auto add = [&](const std::string& name, auto leaves, auto run, auto add_secrets) {
    Secrets secrets(backend);
    add_secrets(secrets);
    all.push_back({name, [world, run](const KemTable& ops) { run(ops); }, secrets.all(), leaves});
  };

  add(
      "keygen", Operation::state,
      [w](const KemTable& ops) { ops.keygen(w->pub, w->sec, w->d[0], w->z[0]); },
      [w](Secrets& secrets) { secrets.add_keygen(w->pub, w->d[0], w->z[0]); });
  add(
      "keygen_many", Operation::state,
      [w](const KemTable& ops) { ops.keygen_many(w->keygen_jobs, kKeys); },
      [w](Secrets& secrets) {
        for (std::size_t i = 0; i < kKeys; ++i) {
          secrets.add_keygen(w->pubs[i], w->d[i], w->z[i]);
        }
      });

  const auto add_key = [w](Secrets& secrets) { secrets.add_key(w->sec); };
  add(
      "encode_dk", Operation::copies,
      [w](const KemTable& ops) { ops.encode_dk(w->encoded, w->pub, w->sec); }, add_key);
  add(
      "precompute_dk", Operation::copies,
      [w](const KemTable& ops) {
        expect(ops.precompute_dk(w->pubs[0], w->secs[0], w->dk), KeyCheck::passed);
      },
      add_key);
  add(
      "precompute_dk, forged", Operation::nothing,
      [w](const KemTable& ops) {
        expect(ops.precompute_dk(w->pubs[0], w->secs[0], w->forged_dk), KeyCheck::hash_mismatch);
      },
      add_key);
  add(
      "precompute_dk, s_hat not reduced", Operation::nothing,
      [w](const KemTable& ops) {
        expect(ops.precompute_dk(w->pubs[0], w->secs[0], w->unreduced_s_dk), KeyCheck::not_reduced);
      },
      add_key);

  add(
      "encaps", Operation::state,
      [w](const KemTable& ops) { ops.encaps(w->written[0], w->key[0], w->pub, w->m[0]); },
      [w](Secrets& secrets) { secrets.add_encaps(w->pub, w->m[0]); });
  add(
      "encaps_four", Operation::state,
      [w](const KemTable& ops) { ops.encaps_four(w->encaps_jobs, mlkem::kBatch); },
      [w](Secrets& secrets) {
        for (const auto& m : w->m) secrets.add_encaps(w->pub, m);
      });

  const std::pair<const char*, std::size_t> kinds[] = {{"", kValid}, {", rejected", kInvalid}};
  for (const auto& [suffix, i] : kinds) {
    const auto* const c = &w->c[i];
    const auto add_secrets = [w, c](Secrets& secrets) { secrets.add_decaps(w->pub, w->sec, *c); };
    add(
        std::string("decaps") + suffix, Operation::state,
        [w, c](const KemTable& ops) { ops.decaps(w->key[0], w->pub, w->sec, *c); }, add_secrets);
    add(
        std::string("decaps_once") + suffix, Operation::state,
        [w, c](const KemTable& ops) {
          expect(ops.decaps_once(w->key[0], w->dk, *c), KeyCheck::passed);
        },
        add_secrets);
  }
  const auto add_decaps = [w](Secrets& secrets) {
    secrets.add_decaps(w->pub, w->sec, w->c[kValid]);
  };
  add(
      "decaps_once, forged", Operation::state,
      [w](const KemTable& ops) {
        expect(ops.decaps_once(w->key[0], w->forged_dk, w->c[kValid]), KeyCheck::hash_mismatch);
      },
      add_decaps);
  add(
      "decaps_once, s_hat not reduced", Operation::state,
      [w](const KemTable& ops) {
        expect(ops.decaps_once(w->key[0], w->unreduced_s_dk, w->c[kValid]), KeyCheck::not_reduced);
      },
      add_key);
  add(
      "decaps_once, not reduced", Operation::nothing,
      [w](const KemTable& ops) {
        expect(ops.decaps_once(w->key[0], w->unreduced_dk, w->c[kValid]), KeyCheck::not_reduced);
      },
      add_decaps);
  add(
      "decaps_four", Operation::state,
      [w](const KemTable& ops) { ops.decaps_four(w->decaps_jobs, mlkem::kBatch); },
      [w](Secrets& secrets) {
        for (const auto& c : w->c) secrets.add_decaps(w->pub, w->sec, c);
      });
  add(
      "hash", Operation::copies,
      [w](const KemTable& ops) {
        const std::span<const std::uint8_t> parts[] = {w->hashed};
        ops.hash(w->digest, mlkem::kShake256, mlkem::Parts(parts, 1));
      },
      [w](Secrets& secrets) { secrets.add_hash(w->hashed); });
  return all;
}

}  // namespace latchkey::test
