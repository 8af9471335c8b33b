// Makes a backend's tables. Included by the one translation unit of each backend.
#pragma once

#include "base/entry.hpp"
#include "mlkem/batch.hpp"
#include "mlkem/incremental.hpp"
#include "mlkem/mlkem.hpp"
#include "mlkem/tables.hpp"

namespace latchkey::mlkem {

using base::Entry;

// What is given for the ranks 2, 3 and 4, and for larger ones as much more a rank.
template <ParameterSet p>
consteval std::size_t depth(std::size_t at_2, std::size_t at_3, std::size_t at_4) {
  if (p.k <= 2) return at_2;
  return p.k == 3 ? at_3 : at_4 + (p.k - 4) * (at_4 - at_3);
}

// The entries, and how many bytes of stack each may use: about 1 KiB more than with any of the
// compilers that tests/scrub has measured.
template <Backend B, ParameterSet p, bool wiped = true>
consteval KemTable<p> make_kem_table() {
  return {
      .keygen = Entry<B, &keygen<B, p>, depth<p>(10'752, 12'800, 14'848), wiped>::call,
      .precompute_ek_vartime = precompute_ek_vartime<B, p>,  // nothing there is secret
      .precompute_dk = Entry<B, &precompute_dk<B, p>, depth<p>(6'656, 6'656, 7'680), wiped>::call,
      .encode_dk = Entry<B, &encode_dk<B, p>, 1'024, wiped>::call,
      .encaps = Entry<B, &encaps<B, p>, depth<p>(8'192, 9'216, 11'776), wiped>::call,
      .decaps = Entry<B, &decaps<B, p>, depth<p>(9'728, 10'752, 13'312), wiped>::call,
      .encaps_once = Entry<B, &encaps_once<B, p>, depth<p>(8'192, 9'216, 14'336), wiped>::call,
      .decaps_once = Entry<B, &decaps_once<B, p>, depth<p>(15'360, 21'504, 28'672), wiped>::call,
      .encaps_begin = Entry<B, &encaps_begin<B, p>, depth<p>(12'288, 15'872, 21'504), wiped>::call,
      .encaps_finish = Entry<B, &encaps_finish<B, p>, depth<p>(9'216, 10'752, 13'312), wiped>::call,
      .keygen_many = Entry<B, &keygen_many<B, p>, depth<p>(13'056, 14'080, 17'152), wiped>::call,
      .encaps_four = Entry<B, &encaps_four<B, p>, depth<p>(12'032, 13'568, 17'152), wiped>::call,
      .decaps_four = Entry<B, &decaps_four<B, p>, depth<p>(13'056, 14'592, 18'176), wiped>::call,
  };
}

template <Backend B, bool wiped = true>
consteval HashTable make_hash_table() {
  return {.name = B::kName, .hash = Entry<B, &hash_parts<B>, 1'792, wiped>::call};
}

template <Backend B>
void keccak_f1600_x4(std::uint64_t (&states)[4][kKeccakWords]) noexcept {
  typename B::Keccak4 keccak;
  for (unsigned lane = 0; lane < 4; ++lane) keccak.load(lane, states[lane]);
  keccak.permute(0xf);
  for (unsigned lane = 0; lane < 4; ++lane) keccak.save(lane, states[lane]);
}

template <Backend B, std::size_t k>
void multiply_ntts(NttProduct& product, const NttVector<k>& left,
                   const NttVector<k>& right) noexcept {
  typename B::Multiplier multipliers[k];
  for (std::size_t i = 0; i < k; ++i) B::make_multiplier(multipliers[i], right[i]);
  B::dot(product, whole(left), multipliers);
}

template <Backend B>
consteval KernelTable make_kernel_table() {
  return {
      .name = B::kName,
      .keccak_f1600 = [](std::uint64_t(&state)[25]) noexcept { B::keccak_f1600(state); },
      .keccak_f1600_x4 = keccak_f1600_x4<B>,
      .ntt = B::ntt,
      .inverse_ntt = B::inverse_ntt,
      .multiply_ntts_2 = multiply_ntts<B, 2>,
      .multiply_ntts_3 = multiply_ntts<B, 3>,
      .multiply_ntts_4 = multiply_ntts<B, 4>,
      .add_product = B::add_product,
      .add = B::add,
      .subtract_from = B::subtract_from,
      .reject_vartime = B::reject_vartime,
      .sample_cbd2 = B::template sample_cbd<2>,
      .sample_cbd3 = B::template sample_cbd<3>,
      .decode12 = B::decode12,
      .encode12 = B::encode12,
      .decode_decompress11 = B::template decode_decompress<11>,
      .decode_decompress10 = B::template decode_decompress<10>,
      .decode_decompress5 = B::template decode_decompress<5>,
      .decode_decompress4 = B::template decode_decompress<4>,
      .decode_decompress1 = B::template decode_decompress<1>,
      .compress_encode11 = B::template compress_encode<11>,
      .compress_encode10 = B::template compress_encode<10>,
      .compress_encode5 = B::template compress_encode<5>,
      .compress_encode4 = B::template compress_encode<4>,
      .compress_encode1 = B::template compress_encode<1>,
  };
}

}  // namespace latchkey::mlkem
