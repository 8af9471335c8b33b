// X-Wing and TLS's X25519MLKEM768, as a program sees them.
#include <memory>

#include "candidates.hpp"
#include "exchange.hpp"
#include "measure.hpp"

namespace latchkey::bench {

void add_hybrids(const mlkem::KemTable& ops) {
  const auto x = std::make_shared<HybridExchange>();
  const auto operation = [&ops](const char* name, auto op) {
    add(
        std::string(name) + "/" + ops.name,
        [op] {
          auto result = need(op());
          benchmark::DoNotOptimize(result);
        },
        1, with_backend(ops));
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
}

}  // namespace latchkey::bench
