// The operations of a batch.
#pragma once

#include "mlkem/poly.hpp"

namespace latchkey::mlkem {

// One operation of a batch. Sizes in bytes: d, z, m, key 32; c 1088.
struct KeygenJob {
  PublicKey* pub;
  SecretKey* sec;
  const std::uint8_t* d;
  const std::uint8_t* z;
};
struct EncapsJob {
  std::uint8_t* c;
  std::uint8_t* key;
  const PublicKey* pub;
  const std::uint8_t* m;
};
struct DecapsJob {
  std::uint8_t* key;
  const PublicKey* pub;
  const SecretKey* sec;
  const std::uint8_t* c;
};
inline constexpr std::size_t kBatch = 4;  // operations side by side

}  // namespace latchkey::mlkem
