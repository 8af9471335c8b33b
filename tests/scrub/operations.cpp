#include "scrub/operations.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

#include "mlkem/backends.hpp"
#include "scrub/controls.hpp"

namespace latchkey::test {
namespace {

using mlkem::In;
using mlkem::KeyCheck;
using mlkem::Out;

constexpr std::size_t kKeys = mlkem::kBatch + 1;  // keygen_many takes more than one batch

// All inputs and outputs.
template <mlkem::ParameterSet p>
struct World {
  std::array<std::uint8_t, 32> d[kKeys], z[kKeys], m[mlkem::kBatch], key[mlkem::kBatch];
  std::array<std::uint8_t, p.ciphertext_size()> c[mlkem::kBatch], written[mlkem::kBatch];
  std::array<std::uint8_t, p.decapsulation_key_size()> dk, forged_dk, unreduced_dk, unreduced_s_dk,
      encoded;
  mlkem::PublicKey<p> pub, pubs[kKeys];
  mlkem::SecretKey<p> sec, secs[kKeys];
  mlkem::KeygenJob<p> keygen_jobs[kKeys];
  mlkem::EncapsJob<p> encaps_jobs[mlkem::kBatch];
  mlkem::DecapsJob<p> decaps_jobs[mlkem::kBatch];
};

// Of the first two ciphertexts, which are made for the key, and the others, which are changed.
constexpr std::size_t kValid = 0, kInvalid = 2;

template <mlkem::ParameterSet p>
std::shared_ptr<World<p>> make_world(const mlkem::KemTable<p>& ops, Random& random) {
  const auto world = std::make_shared<World<p>>();
  World<p>& w = *world;
  for (auto& d : w.d) random.fill(d);
  for (auto& z : w.z) random.fill(z);
  for (auto& m : w.m) random.fill(m);
  ops.keygen(w.pub, w.sec, w.d[0], w.z[0]);
  ops.encode_dk(w.dk, w.pub, w.sec);
  w.forged_dk = w.unreduced_dk = w.unreduced_s_dk = w.dk;
  w.forged_dk[p.vector_size() + p.encapsulation_key_size()] ^= 1;  // in the hash
  w.unreduced_dk[p.vector_size()] = w.unreduced_dk[p.vector_size() + 1] = 0xff;
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

template <mlkem::ParameterSet p>
void add_operations(std::vector<Operation>& all, const dispatch::Backend& backend, Random& random) {
  const auto& table = kem_of<p>(backend);
  const auto& unwiped_table = unwiped<p>(backend.hash->name);
  const auto world = make_world<p>(table, random);
  World<p>* const w = world.get();
  const std::string set = "k = " + std::to_string(p.k) + ", ";
  // The closures keep the world alive.
  const auto add = [&](const std::string& name, auto leaves, auto run, auto add_secrets) {
    Secrets<p> secrets(backend);
    add_secrets(secrets);
    all.push_back({set + name, [world, run, &table] { run(table); },
                   [world, run, &unwiped_table] { run(unwiped_table); }, secrets.all(), leaves});
  };

  add(
      "keygen", Operation::state,
      [w](const mlkem::KemTable<p>& ops) { ops.keygen(w->pub, w->sec, w->d[0], w->z[0]); },
      [w](Secrets<p>& secrets) { secrets.add_keygen(w->pub, w->d[0], w->z[0]); });
  add(
      "keygen_many", Operation::state,
      [w](const mlkem::KemTable<p>& ops) { ops.keygen_many(w->keygen_jobs, kKeys); },
      [w](Secrets<p>& secrets) {
        for (std::size_t i = 0; i < kKeys; ++i) {
          secrets.add_keygen(w->pubs[i], w->d[i], w->z[i]);
        }
      });

  const auto add_key = [w](Secrets<p>& secrets) { secrets.add_key(w->sec); };
  add(
      "encode_dk", Operation::copies,
      [w](const mlkem::KemTable<p>& ops) { ops.encode_dk(w->encoded, w->pub, w->sec); }, add_key);
  add(
      "precompute_dk", Operation::copies,
      [w](const mlkem::KemTable<p>& ops) {
        expect(ops.precompute_dk(w->pubs[0], w->secs[0], w->dk), KeyCheck::passed);
      },
      add_key);
  add(
      "precompute_dk, forged", Operation::nothing,
      [w](const mlkem::KemTable<p>& ops) {
        expect(ops.precompute_dk(w->pubs[0], w->secs[0], w->forged_dk), KeyCheck::hash_mismatch);
      },
      add_key);
  add(
      "precompute_dk, s_hat not reduced", Operation::nothing,
      [w](const mlkem::KemTable<p>& ops) {
        expect(ops.precompute_dk(w->pubs[0], w->secs[0], w->unreduced_s_dk), KeyCheck::not_reduced);
      },
      add_key);

  add(
      "encaps", Operation::state,
      [w](const mlkem::KemTable<p>& ops) { ops.encaps(w->written[0], w->key[0], w->pub, w->m[0]); },
      [w](Secrets<p>& secrets) { secrets.add_encaps(w->pub, w->m[0]); });
  add(
      "encaps_once", Operation::state,
      [w](const mlkem::KemTable<p>& ops) {
        const In<p.encapsulation_key_size()> ek(w->pub.ek);
        expect(ops.encaps_once(w->written[0], w->key[0], w->pubs[0], ek, w->m[0]),
               KeyCheck::passed);
      },
      [w](Secrets<p>& secrets) { secrets.add_encaps(w->pub, w->m[0]); });
  add(
      "encaps_four", Operation::state,
      [w](const mlkem::KemTable<p>& ops) { ops.encaps_four(w->encaps_jobs, mlkem::kBatch); },
      [w](Secrets<p>& secrets) {
        for (const auto& m : w->m) secrets.add_encaps(w->pub, m);
      });

  const auto add_message = [w](Secrets<p>& secrets) { secrets.add_encaps(w->pub, w->m[0]); };
  const std::span ek(w->pub.ek);
  const auto rho = ek.template last<mlkem::kSymBytes>();
  const auto t_hat = ek.template first<p.vector_size()>();
  const In<mlkem::kSymBytes> h(w->pub.h);
  const auto finish = [w, rho, t_hat](const mlkem::KemTable<p>& ops, In<mlkem::kSymBytes> hash) {
    const auto c2 = std::span(w->written[0]).template last<p.v_size()>();
    return ops.encaps_finish(c2, w->key[0], t_hat, rho, hash, w->m[0]);
  };
  add(
      "encaps_begin", Operation::state,
      [w, rho, h](const mlkem::KemTable<p>& ops) {
        const auto c1 = std::span(w->written[0]).template first<p.c1_size()>();
        ops.encaps_begin(c1, rho, h, w->m[0]);
      },
      add_message);
  add(
      "encaps_finish", Operation::state,
      [finish, h](const mlkem::KemTable<p>& ops) { expect(finish(ops, h), KeyCheck::passed); },
      add_message);
  add(
      "encaps_finish, another hash", Operation::state,
      [w, finish](const mlkem::KemTable<p>& ops) {
        expect(finish(ops, w->z[0]), KeyCheck::hash_mismatch);
      },
      [w](Secrets<p>& secrets) {
        mlkem::PublicKey<p> other = w->pub;
        std::ranges::copy(w->z[0], other.h);
        secrets.add_encaps(other, w->m[0]);
      });

  const std::pair<const char*, std::size_t> kinds[] = {{"", kValid}, {", rejected", kInvalid}};
  for (const auto& [suffix, i] : kinds) {
    const auto* const c = &w->c[i];
    const auto add_secrets = [w, c](Secrets<p>& secrets) {
      secrets.add_decaps(w->pub, w->sec, *c);
    };
    add(
        std::string("decaps") + suffix, Operation::state,
        [w, c](const mlkem::KemTable<p>& ops) { ops.decaps(w->key[0], w->pub, w->sec, *c); },
        add_secrets);
    add(
        std::string("decaps_once") + suffix, Operation::state,
        [w, c](const mlkem::KemTable<p>& ops) {
          expect(ops.decaps_once(w->key[0], w->dk, *c), KeyCheck::passed);
        },
        add_secrets);
  }
  const auto add_decaps = [w](Secrets<p>& secrets) {
    secrets.add_decaps(w->pub, w->sec, w->c[kValid]);
  };
  add(
      "decaps_once, forged", Operation::state,
      [w](const mlkem::KemTable<p>& ops) {
        expect(ops.decaps_once(w->key[0], w->forged_dk, w->c[kValid]), KeyCheck::hash_mismatch);
      },
      add_decaps);
  add(
      "decaps_once, s_hat not reduced", Operation::state,
      [w](const mlkem::KemTable<p>& ops) {
        expect(ops.decaps_once(w->key[0], w->unreduced_s_dk, w->c[kValid]), KeyCheck::not_reduced);
      },
      add_key);
  add(
      "decaps_once, not reduced", Operation::nothing,
      [w](const mlkem::KemTable<p>& ops) {
        expect(ops.decaps_once(w->key[0], w->unreduced_dk, w->c[kValid]), KeyCheck::not_reduced);
      },
      add_decaps);
  add(
      "decaps_four", Operation::state,
      [w](const mlkem::KemTable<p>& ops) { ops.decaps_four(w->decaps_jobs, mlkem::kBatch); },
      [w](Secrets<p>& secrets) {
        for (const auto& c : w->c) secrets.add_decaps(w->pub, w->sec, c);
      });
}

struct Hashed {
  std::array<std::uint8_t, 200> in;
  std::array<std::uint8_t, 64> digest;
};

void add_hash(std::vector<Operation>& all, const char* name, mlkem::SpongeKind kind,
              const dispatch::Backend& backend, Random& random) {
  const auto world = std::make_shared<Hashed>();
  random.fill(world->in);
  const auto run = [world, kind](const mlkem::HashTable& table) {
    const std::span<const std::uint8_t> parts[] = {world->in};
    table.hash(world->digest, kind, mlkem::Parts(parts, 1));
  };
  Secrets<mlkem::kMlKem768> secrets(backend);
  secrets.add_hash(world->in, kind);
  const auto& table = *backend.hash;
  const auto& unwiped_table = unwiped_hash(table.name);
  all.push_back({name, [run, &table] { run(table); }, [run, &unwiped_table] { run(unwiped_table); },
                 secrets.all(), Operation::copies});
}

}  // namespace

std::vector<Operation> operations(const dispatch::Backend& backend, Random& random) {
  std::vector<Operation> all;
  add_operations<mlkem::kMlKem512>(all, backend, random);
  add_operations<mlkem::kMlKem768>(all, backend, random);
  add_operations<mlkem::kMlKem1024>(all, backend, random);
  add_hash(all, "hash", mlkem::kShake256, backend, random);
  add_hash(all, "hash, TurboSHAKE", mlkem::kTurboShake256, backend, random);
  return all;
}

}  // namespace latchkey::test
