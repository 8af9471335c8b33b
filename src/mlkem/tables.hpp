// What a backend exports: two tables of functions. The dispatcher picks a backend's, once.
#pragma once

#include "mlkem/backend.hpp"
#include "mlkem/hash.hpp"
#include "mlkem/jobs.hpp"

namespace latchkey::mlkem {

// ML-KEM-768 on precomputed keys. See mlkem.hpp; all but *_vartime are constant-time in what is
// secret.
struct KemTable {
  const char* name;
  void (*keygen)(PublicKey&, SecretKey&, In<kSymBytes> d, In<kSymBytes> z) noexcept;
  KeyCheck (*precompute_ek_vartime)(PublicKey&, In<kEncapsulationKeySize>) noexcept;
  KeyCheck (*precompute_dk)(PublicKey&, SecretKey&, In<kDecapsulationKeySize>) noexcept;
  void (*encode_dk)(Out<kDecapsulationKeySize>, const PublicKey&, const SecretKey&) noexcept;
  void (*encaps)(Out<kCiphertextSize>, Out<kSharedSecretSize>, const PublicKey&,
                 In<kSymBytes> m) noexcept;
  void (*decaps)(Out<kSharedSecretSize>, const PublicKey&, const SecretKey&,
                 In<kCiphertextSize>) noexcept;
  KeyCheck (*decaps_once)(Out<kSharedSecretSize>, In<kDecapsulationKeySize>,
                          In<kCiphertextSize>) noexcept;
  // Any number of keys; up to kBatch of the others at a time.
  void (*keygen_many)(const KeygenJob*, std::size_t) noexcept;
  void (*encaps_four)(const EncapsJob*, std::size_t) noexcept;
  void (*decaps_four)(const DecapsJob*, std::size_t) noexcept;
  // SHA-3 and SHAKE, for the layers above.
  void (*hash)(std::span<std::uint8_t> out, SpongeKind, Parts) noexcept;
};

// The kernels one by one, for tests and benchmarks. Contracts are those of backend.hpp.
struct KernelTable {
  const char* name;
  void (*keccak_f1600)(std::uint64_t (&state)[25]) noexcept;
  void (*keccak_f1600_x4)(std::uint64_t (&states)[4][25]) noexcept;
  void (*ntt)(NttPoly&, const Poly&) noexcept;
  void (*inverse_ntt)(Poly&, const NttProduct&) noexcept;
  void (*multiply_ntts)(NttProduct&, const NttVector& left, const NttVector& right) noexcept;
  void (*add_product)(NttPoly&, const NttProduct&, const NttPoly&) noexcept;
  void (*add)(Poly&, const Poly&) noexcept;
  void (*subtract_from)(Poly&, const Poly&) noexcept;
  std::size_t (*reject_vartime)(NttPoly&, std::size_t, std::span<const std::uint8_t>) noexcept;
  void (*sample_cbd2)(Poly&, In<kNoiseSize>) noexcept;
  base::Mask<std::uint64_t> (*decode12)(NttPoly&, In<encoded_size(12)>) noexcept;
  void (*encode12)(Out<encoded_size(12)>, const NttPoly&) noexcept;
  void (*decode_decompress10)(Poly&, In<encoded_size(10)>) noexcept;
  void (*decode_decompress4)(Poly&, In<encoded_size(4)>) noexcept;
  void (*decode_decompress1)(Poly&, In<encoded_size(1)>) noexcept;
  void (*compress_encode10)(Out<encoded_size(10)>, const Poly&) noexcept;
  void (*compress_encode4)(Out<encoded_size(4)>, const Poly&) noexcept;
  void (*compress_encode1)(Out<encoded_size(1)>, const Poly&) noexcept;
};

}  // namespace latchkey::mlkem
