// X-Wing and TLS's X25519MLKEM768, as a program sees them.
#include <memory>
#include <vector>

#include "candidates.hpp"
#include "exchange.hpp"
#include "latchkey/batch.hpp"
#include "measure.hpp"

namespace latchkey::bench {
namespace {

// `size` operations of X-Wing with one key.
struct Batch {
  Batch(const HybridExchange& exchange, std::size_t size)
      : ek(size, &exchange.key.encapsulation_key()),
        dk(size, &exchange.key),
        eseeds(size),
        sent(size),
        ct(size),
        secrets(size) {
    Inputs inputs;
    for (auto& eseed : eseeds) inputs.fill(eseed);
    need(derand::encapsulate_batch(ek, eseeds, sent));
    for (std::size_t i = 0; i < size; ++i) ct[i] = sent[i].ciphertext;
  }

  std::vector<const xwing::EncapsulationKey*> ek;
  std::vector<const xwing::DecapsulationKey*> dk;
  std::vector<Bytes<xwing::kEncapsulationSeedSize>> eseeds;
  std::vector<xwing::Encapsulation> sent;
  std::vector<xwing::Ciphertext> ct;
  std::vector<SharedSecret> secrets;
};

void add_batches(const dispatch::Backend& backend, const std::shared_ptr<HybridExchange>& exchange,
                 std::size_t size) {
  const auto batch = std::make_shared<Batch>(*exchange, size);
  const std::string suffix = std::string("/") + backend.hash->name + "/" + std::to_string(size);
  const auto operations = static_cast<double>(size);
  // The batch has pointers into the exchange.
  add(
      "xwing_encaps_batch" + suffix,
      [exchange, batch] { need(derand::encapsulate_batch(batch->ek, batch->eseeds, batch->sent)); },
      operations, with_backend(backend));
  add(
      "xwing_decaps_batch" + suffix,
      [exchange, batch] { need(xwing::decapsulate_batch(batch->dk, batch->ct, batch->secrets)); },
      operations, with_backend(backend));
}

}  // namespace

void add_hybrids(const dispatch::Backend& backend) {
  const auto x = std::make_shared<HybridExchange>();
  const auto operation = [&backend](const char* name, auto op) {
    add(
        std::string(name) + "/" + backend.hash->name,
        [op] {
          auto result = need(op());
          benchmark::DoNotOptimize(result);
        },
        1, with_backend(backend));
  };
  operation("xwing_keygen", [x] { return xwing::DecapsulationKey::from_seed(x->sk); });
  operation("xwing_encaps", [x] {
    return derand::encapsulate(need(xwing::EncapsulationKey::parse(x->pk)), x->eseed);
  });
  operation("xwing_decaps",
            [x] { return need(xwing::DecapsulationKey::from_seed(x->sk)).decapsulate(x->ct); });
  operation("xwing_encaps_precomputed",
            [x] { return derand::encapsulate(x->key.encapsulation_key(), x->eseed); });
  operation("xwing_decaps_precomputed", [x] { return x->key.decapsulate(x->ct); });
  operation("tls_server", [x] { return derand::tls_answer(x->client_share, x->eseed); });
  operation("tls_client", [x] {
    return need(derand::tls_client_share(x->client_coins)).secret(x->server_share);
  });
  add_batches(backend, x, 8);
  add_batches(backend, x, 64);
}

}  // namespace latchkey::bench
