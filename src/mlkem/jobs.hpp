// The operations of a batch.
#pragma once

#include "mlkem/poly.hpp"

namespace latchkey::mlkem {

// One operation of a batch. Sizes in bytes: d, z, m, key 32; c p.ciphertext_size().
template <ParameterSet p>
struct KeygenJob {
  PublicKey<p>* pub;
  SecretKey<p>* sec;
  const std::uint8_t* d;
  const std::uint8_t* z;
};
template <ParameterSet p>
struct EncapsJob {
  std::uint8_t* c;
  std::uint8_t* key;
  const PublicKey<p>* pub;
  const std::uint8_t* m;
};
template <ParameterSet p>
struct DecapsJob {
  std::uint8_t* key;
  const PublicKey<p>* pub;
  const SecretKey<p>* sec;
  const std::uint8_t* c;
};
inline constexpr std::size_t kBatch = 4;  // operations side by side

}  // namespace latchkey::mlkem
