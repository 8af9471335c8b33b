// liboqs. Its functions are the customary three under other names, with a status of their own type.
#include <oqs/oqs.h>

#include "peer.hpp"

namespace latchkey::bench {

Peer liboqs() {
  OQS_init();
  return {"liboqs", std::string("liboqs ") + OQS_version(),
          [](std::uint8_t* pk, std::uint8_t* sk, const std::uint8_t* coins) -> int {
            return OQS_KEM_ml_kem_768_keypair_derand(pk, sk, coins);
          },
          [](std::uint8_t* ct, std::uint8_t* ss, const std::uint8_t* pk, const std::uint8_t* coins)
              -> int { return OQS_KEM_ml_kem_768_encaps_derand(ct, ss, pk, coins); },
          [](std::uint8_t* ss, const std::uint8_t* ct, const std::uint8_t* sk) -> int {
            return OQS_KEM_ml_kem_768_decaps(ss, ct, sk);
          }};
}

}  // namespace latchkey::bench
