// The operations of a backend, as a program sees them: checks of keys and wiping included.
#include <algorithm>
#include <memory>
#include <vector>

#include "candidates.hpp"
#include "inputs.hpp"
#include "measure.hpp"

namespace latchkey::bench {
namespace {

using namespace mlkem;

template <ParameterSet p>
struct Exchange {
  explicit Exchange(const KemTable<p>& ops) {
    Inputs inputs;
    inputs.fill(d);
    inputs.fill(z);
    inputs.fill(m);
    ops.keygen(pub, sec, d, z);
    ops.encode_dk(dk, pub, sec);
    std::copy(std::begin(pub.ek), std::end(pub.ek), ek.begin());
    ops.encaps(c, key, pub, m);
  }

  PublicKey<p> pub;
  SecretKey<p> sec;
  PublicKey<p> fresh_pub;
  SecretKey<p> fresh_sec;
  Bytes<kSymBytes> d, z, m;
  Bytes<p.encapsulation_key_size()> ek;
  Bytes<p.decapsulation_key_size()> dk;
  Bytes<p.ciphertext_size()> c;
  Bytes<kSharedSecretSize> key;
};

// `size` independent operations, with one key.
template <ParameterSet p>
struct Batch {
  Batch(const KemTable<p>& ops, std::size_t size)
      : exchange(ops), pub(size), sec(size), seeds(size), c(size), key(size) {
    Inputs inputs;
    for (std::size_t i = 0; i < size; ++i) {
      inputs.fill(seeds[i]);
      keygen.push_back({&pub[i], &sec[i], seeds[i].data(), seeds[i].data() + kSymBytes});
      encaps.push_back({c[i].data(), key[i].data(), &exchange.pub, seeds[i].data()});
      decaps.push_back({key[i].data(), &exchange.pub, &exchange.sec, c[i].data()});
      ops.encaps(c[i], key[i], exchange.pub, In<kSeedSize>(seeds[i]).first<kSymBytes>());
    }
  }

  Exchange<p> exchange;
  std::vector<PublicKey<p>> pub;
  std::vector<SecretKey<p>> sec;
  std::vector<Bytes<kSeedSize>> seeds;
  std::vector<Bytes<p.ciphertext_size()>> c;
  std::vector<Bytes<kSharedSecretSize>> key;
  std::vector<KeygenJob<p>> keygen;
  std::vector<EncapsJob<p>> encaps;
  std::vector<DecapsJob<p>> decaps;
};

// For the functions that take up to kBatch jobs.
template <class Job>
void in_fours(void (*run)(const Job*, std::size_t) noexcept, const std::vector<Job>& jobs) {
  for (std::size_t i = 0; i < jobs.size(); i += kBatch) {
    run(&jobs[i], std::min(kBatch, jobs.size() - i));
  }
}

template <ParameterSet p>
void add_batches(const KemTable<p>& ops, const std::string& set, const char* backend,
                 std::size_t size) {
  const auto batch = std::make_shared<Batch<p>>(ops, size);
  const std::string suffix = std::string("/") + backend + "/" + std::to_string(size);
  const auto operations = static_cast<double>(size);
  add(
      set + "keygen_batch" + suffix,
      [&ops, batch] { ops.keygen_many(batch->keygen.data(), batch->keygen.size()); }, operations);
  add(
      set + "encaps_batch" + suffix, [&ops, batch] { in_fours(ops.encaps_four, batch->encaps); },
      operations);
  add(
      set + "decaps_batch" + suffix, [&ops, batch] { in_fours(ops.decaps_four, batch->decaps); },
      operations);
}

template <ParameterSet p>
void add_set(const dispatch::Backend& of, const std::string& set) {
  const auto index = static_cast<std::size_t>(&of - dispatch::backends().data());
  const KemTable<p>& ops = *dispatch::kem_tables<p>()[index];
  const auto x = std::make_shared<Exchange<p>>(ops);
  const std::string backend = std::string("/") + of.hash->name;
  add(set + "keygen" + backend, [&ops, x] { ops.keygen(x->fresh_pub, x->fresh_sec, x->d, x->z); });
  add(set + "encaps" + backend,
      [&ops, x] { ops.encaps_once(x->c, x->key, x->fresh_pub, x->ek, x->m); });
  add(set + "decaps" + backend, [&ops, x] { ops.decaps_once(x->key, x->dk, x->c); });
  add(set + "encaps_precomputed" + backend, [&ops, x] { ops.encaps(x->c, x->key, x->pub, x->m); });
  add(set + "decaps_precomputed" + backend,
      [&ops, x] { ops.decaps(x->key, x->pub, x->sec, x->c); });
  add(set + "keygen_decaps" + backend, [&ops, x] {
    ops.keygen(x->fresh_pub, x->fresh_sec, x->d, x->z);
    ops.decaps(x->key, x->fresh_pub, x->fresh_sec, x->c);
  });
  add_batches<p>(ops, set, of.hash->name, 4);
  add_batches<p>(ops, set, of.hash->name, 64);
}

}  // namespace

void add_kem(const dispatch::Backend& backend) {
  add_set<kMlKem768>(backend, "");
  add_set<kMlKem512>(backend, "mlkem512_");
  add_set<kMlKem1024>(backend, "mlkem1024_");
}

}  // namespace latchkey::bench
