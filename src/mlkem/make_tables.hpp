// Makes a backend's two tables. Included by the one translation unit of each backend.
#pragma once

#include "base/entry.hpp"
#include "mlkem/batch.hpp"
#include "mlkem/mlkem.hpp"
#include "mlkem/tables.hpp"

namespace latchkey::mlkem {

using base::Entry;

// The entries, and how many bytes of stack each may use: about 1 KiB more than with any of the
// compilers that tests/scrub has measured.
template <Backend B, bool wiped = true>
consteval KemTable make_kem_table() {
  return {
      .name = B::kName,
      .keygen = Entry<B, &keygen<B>, 12'800, wiped>::call,
      .precompute_ek_vartime = precompute_ek_vartime<B>,  // nothing there is secret
      .precompute_dk = Entry<B, &precompute_dk<B>, 5'632, wiped>::call,
      .encode_dk = Entry<B, &encode_dk<B>, 1'024, wiped>::call,
      .encaps = Entry<B, &encaps<B>, 8'704, wiped>::call,
      .decaps = Entry<B, &decaps<B>, 10'752, wiped>::call,
      .decaps_once = Entry<B, &decaps_once<B>, 21'504, wiped>::call,
      .keygen_many = Entry<B, &keygen_many<B>, 14'080, wiped>::call,
      .encaps_four = Entry<B, &encaps_four<B>, 13'568, wiped>::call,
      .decaps_four = Entry<B, &decaps_four<B>, 14'592, wiped>::call,
      .hash = Entry<B, &hash_parts<B>, 1'792, wiped>::call,
  };
}

template <Backend B>
void keccak_f1600_x4(std::uint64_t (&states)[4][kKeccakWords]) noexcept {
  typename B::Keccak4 keccak;
  for (unsigned lane = 0; lane < 4; ++lane) keccak.load(lane, states[lane]);
  keccak.permute(0xf);
  for (unsigned lane = 0; lane < 4; ++lane) keccak.save(lane, states[lane]);
}

template <Backend B>
void multiply_ntts(NttProduct& product, const NttVector& left, const NttVector& right) noexcept {
  typename B::Multiplier multipliers[kK];
  for (std::size_t i = 0; i < kK; ++i) B::make_multiplier(multipliers[i], right[i]);
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
      .multiply_ntts = multiply_ntts<B>,
      .add_product = B::add_product,
      .add = B::add,
      .subtract_from = B::subtract_from,
      .reject_vartime = B::reject_vartime,
      .sample_cbd2 = B::sample_cbd2,
      .decode12 = B::decode12,
      .encode12 = B::encode12,
      .decode_decompress10 = B::template decode_decompress<10>,
      .decode_decompress4 = B::template decode_decompress<4>,
      .decode_decompress1 = B::template decode_decompress<1>,
      .compress_encode10 = B::template compress_encode<10>,
      .compress_encode4 = B::template compress_encode<4>,
      .compress_encode1 = B::template compress_encode<1>,
  };
}

}  // namespace latchkey::mlkem
