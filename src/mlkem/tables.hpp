// What a backend exports: tables of functions. The dispatcher picks a backend's, once. Each
// parameter set has a table of its own, so that a program links only what it uses.
#pragma once

#include "mlkem/backend.hpp"
#include "mlkem/hash.hpp"
#include "mlkem/jobs.hpp"

namespace latchkey::mlkem {

// ML-KEM on precomputed keys. See mlkem.hpp; all but *_vartime are constant-time in what is secret.
template <ParameterSet p>
struct KemTable {
  void (*keygen)(PublicKey<p>&, SecretKey<p>&, In<kSymBytes> d, In<kSymBytes> z) noexcept;
  KeyCheck (*precompute_ek_vartime)(PublicKey<p>&, In<p.encapsulation_key_size()>) noexcept;
  KeyCheck (*precompute_dk)(PublicKey<p>&, SecretKey<p>&, In<p.decapsulation_key_size()>) noexcept;
  void (*encode_dk)(Out<p.decapsulation_key_size()>, const PublicKey<p>&,
                    const SecretKey<p>&) noexcept;
  void (*encaps)(Out<p.ciphertext_size()>, Out<kSharedSecretSize>, const PublicKey<p>&,
                 In<kSymBytes> m) noexcept;
  void (*decaps)(Out<kSharedSecretSize>, const PublicKey<p>&, const SecretKey<p>&,
                 In<p.ciphertext_size()>) noexcept;
  // With keys that are used once. encaps_once() has room for what it precomputes from its caller,
  // since nothing of it is secret.
  KeyCheck (*encaps_once)(Out<p.ciphertext_size()>, Out<kSharedSecretSize>, PublicKey<p>&,
                          In<p.encapsulation_key_size()>, In<kSymBytes> m) noexcept;
  KeyCheck (*decaps_once)(Out<kSharedSecretSize>, In<p.decapsulation_key_size()>,
                          In<p.ciphertext_size()>) noexcept;
  // Encapsulation in two steps: incremental.hpp. Both outputs of the second are zeros if t_hat
  // fails a check.
  void (*encaps_begin)(Out<p.c1_size()>, In<kSymBytes> rho, In<kSymBytes> h,
                       In<kSymBytes> m) noexcept;
  KeyCheck (*encaps_finish)(Out<p.v_size()> c2, Out<kSharedSecretSize>, In<p.vector_size()> t_hat,
                            In<kSymBytes> rho, In<kSymBytes> h, In<kSymBytes> m) noexcept;
  // Any number of keys; up to kBatch of the others at a time.
  void (*keygen_many)(const KeygenJob<p>*, std::size_t) noexcept;
  void (*encaps_four)(const EncapsJob<p>*, std::size_t) noexcept;
  void (*decaps_four)(const DecapsJob<p>*, std::size_t) noexcept;
};

// SHA-3 and SHAKE, for the layers above.
struct HashTable {
  const char* name;  // the backend's
  void (*hash)(std::span<std::uint8_t> out, SpongeKind, Parts) noexcept;
};

// The kernels one by one, for tests and benchmarks. Contracts are those of backend.hpp.
struct KernelTable {
  const char* name;
  void (*keccak_f1600)(std::uint64_t (&state)[25]) noexcept;
  void (*keccak_f1600_x4)(std::uint64_t (&states)[4][25]) noexcept;
  void (*ntt)(NttPoly&, const Poly&) noexcept;
  void (*inverse_ntt)(Poly&, const NttProduct&) noexcept;
  void (*multiply_ntts_2)(NttProduct&, const NttVector<2>& left,
                          const NttVector<2>& right) noexcept;
  void (*multiply_ntts_3)(NttProduct&, const NttVector<3>& left,
                          const NttVector<3>& right) noexcept;
  void (*multiply_ntts_4)(NttProduct&, const NttVector<4>& left,
                          const NttVector<4>& right) noexcept;
  void (*add_product)(NttPoly&, const NttProduct&, const NttPoly&) noexcept;
  void (*add)(Poly&, const Poly&) noexcept;
  void (*subtract_from)(Poly&, const Poly&) noexcept;
  std::size_t (*reject_vartime)(NttPoly&, std::size_t, std::span<const std::uint8_t>) noexcept;
  void (*sample_cbd2)(Poly&, In<noise_size(2)>) noexcept;
  void (*sample_cbd3)(Poly&, In<noise_size(3)>) noexcept;
  base::Mask<std::uint64_t> (*decode12)(NttPoly&, In<encoded_size(12)>) noexcept;
  void (*encode12)(Out<encoded_size(12)>, const NttPoly&) noexcept;
  void (*decode_decompress11)(Poly&, In<encoded_size(11)>) noexcept;
  void (*decode_decompress10)(Poly&, In<encoded_size(10)>) noexcept;
  void (*decode_decompress5)(Poly&, In<encoded_size(5)>) noexcept;
  void (*decode_decompress4)(Poly&, In<encoded_size(4)>) noexcept;
  void (*decode_decompress1)(Poly&, In<encoded_size(1)>) noexcept;
  void (*compress_encode11)(Out<encoded_size(11)>, const Poly&) noexcept;
  void (*compress_encode10)(Out<encoded_size(10)>, const Poly&) noexcept;
  void (*compress_encode5)(Out<encoded_size(5)>, const Poly&) noexcept;
  void (*compress_encode4)(Out<encoded_size(4)>, const Poly&) noexcept;
  void (*compress_encode1)(Out<encoded_size(1)>, const Poly&) noexcept;
};

}  // namespace latchkey::mlkem
