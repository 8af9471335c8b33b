// The contract between FIPS 203, written once in this folder, and the arithmetic beneath it.
//
// A backend is a type in an unnamed namespace of one translation unit: everything instantiated with
// it has internal linkage, so code compiled for one instruction set can never be linked into
// another.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "base/mask.hpp"
#include "mlkem/poly.hpp"

namespace latchkey::mlkem {

using base::In;
using base::Out;

// clang-format does not know compound requirements.
// clang-format off

// Four Keccak-f[1600] states side by side. A lane here is one of the four whole states. (What FIPS 202
// calls a lane, 64 bits of a state, is a word here.) Lanes can be written and read one at a time.
template <class K>
concept FourLaneKeccak = requires(K k, const K ck, unsigned lane, const std::uint64_t* words,
                                  std::uint64_t* out_words, const std::uint8_t* bytes,
                                  std::span<std::uint8_t> out, std::uint8_t* const (&outs)[2], In<32> seed,
                                  const std::uint64_t (&tails)[2]) {
  // Each of lanes 0 .. 1 becomes one padded block, seed || tail, of a sponge whose rate is 21
  // words. The other lanes keep their state.
  { k.template start<2, 21>(seed, tails) } noexcept;
  // The same for one lane.
  { k.template start_lane<17>(lane, seed, std::uint64_t{}) } noexcept;
  { k.clear(lane) } noexcept;
  // All 25 words of one lane.
  { k.load(lane, words) } noexcept;
  { ck.save(lane, out_words) } noexcept;
  // XORs a block into one lane.
  { k.template absorb<136>(lane, bytes) } noexcept;
  // Permutes the lanes whose bit is set; the others become undefined.
  { k.permute(0xfu) } noexcept;
  // The first 168 bytes of each of lanes 0 .. 1, and a whole number of words of one lane.
  { ck.template extract<2, 168>(outs) } noexcept;
  { ck.extract_lane(lane, out) } noexcept;
};

// What depends on a number of the parameter sets: the rank, the width of the noise, the bits kept of a
// coefficient.
template <class B, std::size_t k>
concept BackendOfRank = requires(NttProduct& product, const NttPointers<k>& left,
                                 const typename B::Multiplier (&right)[k]) {
  // Algorithm 11, MultiplyNTTs, summed over k pairs and divided by R.
  //                                         |left| < 4096   |out| < 4096
  { B::dot(product, left, right) } noexcept;
};
template <class B, unsigned eta>
concept BackendWithNoise = requires(Poly& poly, In<noise_size(eta)> bytes) {
  // Algorithm 8, SamplePolyCBD_eta.         |out| <= eta
  { B::template sample_cbd<eta>(poly, bytes) } noexcept;
};
template <class B, unsigned d>
concept BackendWithBits = requires(Poly& poly, const Poly& cpoly, In<encoded_size(d)> in,
                                   Out<encoded_size(d)> out) {
  // Algorithm 6 and Decompress_d (section 4.2.1).           0 <= out < q
  { B::template decode_decompress<d>(poly, in) } noexcept;
  // Compress_d and Algorithm 5.             |in| < 2q
  { B::template compress_encode<d>(out, cpoly) } noexcept;
};

// The kernels. Each line bounds the coefficients that go in and come out. All are constant-time but
// for those that end in _vartime, whose input is public.
template <class B>
concept Backend = requires(Poly& poly, const Poly& cpoly, NttPoly& hat, const NttPoly& chat,
                           const NttProduct& cproduct, typename B::Multiplier& multiplier,
                           std::uint64_t* words, std::size_t count,
                           std::span<const std::uint8_t> bytes) {
  requires FourLaneKeccak<typename B::Keccak4>;
  { B::kName } -> std::convertible_to<const char*>;

  // FIPS 202, Algorithm 7, with 24 rounds, on 25 words.
  { B::keccak_f1600(words) } noexcept;

  // FIPS 203, Algorithm 9, NTT.             |in| <= q       |out| < q
  { B::ntt(hat, cpoly) } noexcept;
  // Algorithm 10, NTT^-1, and times R.      |in| < 4096     |out| < q
  { B::inverse_ntt(poly, cproduct) } noexcept;
  // An NTT made ready to be the right-hand factor of several products.   |in| < q
  { B::make_multiplier(multiplier, chat) } noexcept;
  requires BackendOfRank<B, 2> && BackendOfRank<B, 3> && BackendOfRank<B, 4>;
  // hat = product * R + e_hat               |e_hat| < q     |out| < q
  { B::add_product(hat, cproduct, chat) } noexcept;
  // poly += other, and poly = other - poly; no result leaves 16 bits.
  { B::add(poly, cpoly) } noexcept;
  { B::subtract_from(poly, cpoly) } noexcept;

  // Algorithm 7, SampleNTT: appends what it accepts of the bytes' 3-byte groups to the `count`
  // coefficients that are there, up to 256, and returns the new count. Not inlined: tests/ct knows by
  // the name whose steps may vary.
  //                                                         0 <= out < q
  { B::reject_vartime(hat, count, bytes) } noexcept->std::same_as<std::size_t>;
  requires BackendWithNoise<B, 2> && BackendWithNoise<B, 3>;

  // Algorithm 6, ByteDecode_12, without its reduction: the mask is set if any coefficient is q or
  // more.                                                   0 <= out < 4096
  { B::decode12(hat, std::declval<In<encoded_size(12)>>()) } noexcept->std::same_as<base::Mask<std::uint64_t>>;
  // Algorithm 5, ByteEncode_12.             |in| < 4096
  { B::encode12(std::declval<Out<encoded_size(12)>>(), chat) } noexcept;
  requires BackendWithBits<B, 1> && BackendWithBits<B, 4> && BackendWithBits<B, 5> &&
               BackendWithBits<B, 10> && BackendWithBits<B, 11>;
};

// clang-format on

}  // namespace latchkey::mlkem
