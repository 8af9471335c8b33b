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

struct Exchange {
  explicit Exchange(const KemTable& ops) {
    Inputs inputs;
    inputs.fill(d);
    inputs.fill(z);
    inputs.fill(m);
    ops.keygen(pub, sec, d, z);
    ops.encode_dk(dk, pub, sec);
    std::copy(std::begin(pub.ek), std::end(pub.ek), ek.begin());
    ops.encaps(c, key, pub, m);
  }

  PublicKey pub;
  SecretKey sec;
  PublicKey fresh_pub;
  SecretKey fresh_sec;
  Bytes<kSymBytes> d, z, m;
  Bytes<kEncapsulationKeySize> ek;
  Bytes<kDecapsulationKeySize> dk;
  Bytes<kCiphertextSize> c;
  Bytes<kSharedSecretSize> key;
};

// `size` independent operations, with one key.
struct Batch {
  Batch(const KemTable& ops, std::size_t size)
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

  Exchange exchange;
  std::vector<PublicKey> pub;
  std::vector<SecretKey> sec;
  std::vector<Bytes<kSeedSize>> seeds;
  std::vector<Bytes<kCiphertextSize>> c;
  std::vector<Bytes<kSharedSecretSize>> key;
  std::vector<KeygenJob> keygen;
  std::vector<EncapsJob> encaps;
  std::vector<DecapsJob> decaps;
};

// For the functions that take up to kBatch jobs.
template <class Job>
void in_fours(void (*run)(const Job*, std::size_t) noexcept, const std::vector<Job>& jobs) {
  for (std::size_t i = 0; i < jobs.size(); i += kBatch) {
    run(&jobs[i], std::min(kBatch, jobs.size() - i));
  }
}

void add_batches(const KemTable& ops, std::size_t size) {
  const auto batch = std::make_shared<Batch>(ops, size);
  const std::string suffix = std::string("/") + ops.name + "/" + std::to_string(size);
  const auto operations = static_cast<double>(size);
  add(
      "keygen_batch" + suffix,
      [&ops, batch] { ops.keygen_many(batch->keygen.data(), batch->keygen.size()); }, operations);
  add(
      "encaps_batch" + suffix, [&ops, batch] { in_fours(ops.encaps_four, batch->encaps); },
      operations);
  add(
      "decaps_batch" + suffix, [&ops, batch] { in_fours(ops.decaps_four, batch->decaps); },
      operations);
}

}  // namespace

void add_kem(const KemTable& ops) {
  const auto x = std::make_shared<Exchange>(ops);
  const std::string backend = std::string("/") + ops.name;
  add("keygen" + backend, [&ops, x] { ops.keygen(x->fresh_pub, x->fresh_sec, x->d, x->z); });
  add("encaps" + backend, [&ops, x] {
    ops.precompute_ek_vartime(x->fresh_pub, x->ek);
    ops.encaps(x->c, x->key, x->fresh_pub, x->m);
  });
  add("decaps" + backend, [&ops, x] { ops.decaps_once(x->key, x->dk, x->c); });
  add("encaps_precomputed" + backend, [&ops, x] { ops.encaps(x->c, x->key, x->pub, x->m); });
  add("decaps_precomputed" + backend, [&ops, x] { ops.decaps(x->key, x->pub, x->sec, x->c); });
  add("keygen_decaps" + backend, [&ops, x] {
    ops.keygen(x->fresh_pub, x->fresh_sec, x->d, x->z);
    ops.decaps(x->key, x->fresh_pub, x->fresh_sec, x->c);
  });
  add_batches(ops, 4);
  add_batches(ops, 64);
}

}  // namespace latchkey::bench
