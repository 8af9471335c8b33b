// libsodium, 1.0.22 or newer. Its functions are the customary three under other names.
#include <sodium.h>

#include <stdexcept>

#include "peer.hpp"

namespace latchkey::bench {

Peer libsodium() {
  if (sodium_init() < 0) throw std::runtime_error("sodium_init() failed");
  return {"libsodium",
          std::string("libsodium ") + sodium_version_string(),
          crypto_kem_mlkem768_seed_keypair,
          crypto_kem_mlkem768_enc_deterministic,
          crypto_kem_mlkem768_dec,
          2400,
          {},  // x25519.cpp has it, in older versions, too
          {crypto_kem_xwing_seed_keypair, crypto_kem_xwing_enc_deterministic, crypto_kem_xwing_dec},
          {}};
}

}  // namespace latchkey::bench
