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
                                  std::uint8_t* out, std::uint8_t* const (&outs)[2], In<32> seed,
                                  const std::uint64_t (&tails)[2]) {
  // Each of lanes 0 .. 1 becomes one padded block, seed || tail, of a sponge whose rate is 21
  // words. The other lanes keep their state.
  { k.template start<2, 21>(seed, tails) } noexcept;
  { k.clear(lane) } noexcept;
  // All 25 words of one lane.
  { k.load(lane, words) } noexcept;
  { ck.save(lane, out_words) } noexcept;
  // XORs a block into one lane.
  { k.template absorb<136>(lane, bytes) } noexcept;
  // Permutes the lanes whose bit is set; the others become undefined.
  { k.permute(0xfu) } noexcept;
  // The first 168 bytes of each of lanes 0 .. 1, and 32 bytes of one lane.
  { ck.template extract<2, 168>(outs) } noexcept;
  { ck.template extract_lane<32>(lane, out) } noexcept;
};

// The kernels. Each line bounds the coefficients that go in and come out. All are constant-time but
// for those that end in _vartime, whose input is public.
template <class B>
concept Backend = requires(Poly& poly, const Poly& cpoly, NttPoly& hat, const NttPoly& chat,
                           NttProduct& product, const NttProduct& cproduct,
                           const NttPointers& left, typename B::Multiplier& multiplier,
                           const typename B::Multiplier (&right)[kK], std::uint64_t* words,
                           std::size_t count, std::span<const std::uint8_t> bytes) {
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
  // Algorithm 11, MultiplyNTTs, summed over the k = 3 pairs and divided by R.
  //                                         |left| < 2q     |out| < 4096
  { B::dot(product, left, right) } noexcept;
  // hat = product * R + e_hat               |e_hat| < q     |out| < 2q
  { B::add_product(hat, cproduct, chat) } noexcept;
  // poly += other, and poly = other - poly; no result leaves 16 bits.
  { B::add(poly, cpoly) } noexcept;
  { B::subtract_from(poly, cpoly) } noexcept;

  // Algorithm 7, SampleNTT: appends what it accepts of the bytes' 3-byte groups to the `count`
  // coefficients that are there, up to 256, and returns the new count. Not inlined: tests/ct knows by
  // the name whose steps may vary.
  //                                                         0 <= out < q
  { B::reject_vartime(hat, count, bytes) } noexcept->std::same_as<std::size_t>;
  // Algorithm 8, SamplePolyCBD_2.                           |out| <= 2
  { B::sample_cbd2(poly, std::declval<In<kNoiseSize>>()) } noexcept;

  // Algorithm 6, ByteDecode_12, without its reduction: the mask is set if any coefficient is q or
  // more.                                                   0 <= out < 4096
  { B::decode12(hat, std::declval<In<encoded_size(12)>>()) } noexcept->std::same_as<base::Mask<std::uint64_t>>;
  // Algorithm 5, ByteEncode_12.             |in| < 2q
  { B::encode12(std::declval<Out<encoded_size(12)>>(), chat) } noexcept;
  // Algorithm 6 and Decompress_d (section 4.2.1).           0 <= out < q
  { B::template decode_decompress<10>(poly, std::declval<In<encoded_size(10)>>()) } noexcept;
  { B::template decode_decompress<4>(poly, std::declval<In<encoded_size(4)>>()) } noexcept;
  { B::template decode_decompress<1>(poly, std::declval<In<encoded_size(1)>>()) } noexcept;
  // Compress_d and Algorithm 5.             |in| < 2q
  { B::template compress_encode<10>(std::declval<Out<encoded_size(10)>>(), cpoly) } noexcept;
  { B::template compress_encode<4>(std::declval<Out<encoded_size(4)>>(), cpoly) } noexcept;
  { B::template compress_encode<1>(std::declval<Out<encoded_size(1)>>(), cpoly) } noexcept;
};

// clang-format on

}  // namespace latchkey::mlkem
