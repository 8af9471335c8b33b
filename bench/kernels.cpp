// The kernels of a backend, one by one.
#include <memory>

#include "candidates.hpp"
#include "inputs.hpp"
#include "measure.hpp"

namespace latchkey::bench {
namespace {

using namespace mlkem;

// Three blocks of SHAKE128, as many as most polynomials of the matrix need.
constexpr std::size_t kStreamSize = 504;
// So many different ones that a branch predictor cannot learn them.
constexpr std::size_t kStreams = 64;

struct Operands {
  Operands() {
    Inputs inputs;
    inputs.fill(bytes);
    for (auto& stream : streams) inputs.fill(stream);
    inputs.fill(poly, kQ);
    inputs.fill(hat, kQ - 1);
    inputs.fill(product, 4095);
    for (auto& p : left) inputs.fill(p, kQ - 1);
    for (auto& p : right) inputs.fill(p, kQ - 1);
  }

  template <std::size_t N>
  In<N> in() const {
    return In<kStreamSize>(bytes).first<N>();
  }
  template <std::size_t N>
  Out<N> out() {
    return Out<kStreamSize>(out_bytes).first<N>();
  }

  Poly poly, out_poly{}, zero{};
  NttPoly hat, out_hat;
  NttProduct product, out_product;
  NttVector<3> left, right;
  std::uint64_t states[4][25] = {};
  std::uint8_t bytes[kStreamSize], out_bytes[kStreamSize];
  std::uint8_t streams[kStreams][kStreamSize];
  std::size_t next_stream = 0;
};

}  // namespace

void add_kernels(const KernelTable& ops) {
  const auto x = std::make_shared<Operands>();
  const auto kernel = [&](const char* name, auto op) {
    add(std::string(name) + "/" + ops.name, [&ops, x, op] { op(ops, *x); });
  };
  using K = const KernelTable&;
  using X = Operands&;
  kernel("ntt", [](K k, X v) { k.ntt(v.out_hat, v.poly); });
  kernel("inverse_ntt", [](K k, X v) { k.inverse_ntt(v.out_poly, v.product); });
  kernel("multiply_ntts", [](K k, X v) { k.multiply_ntts_3(v.out_product, v.left, v.right); });
  kernel("keccak_x1", [](K k, X v) { k.keccak_f1600(v.states[0]); });
  kernel("keccak_x4", [](K k, X v) { k.keccak_f1600_x4(v.states); });
  kernel("reject", [](K k, X v) {
    v.next_stream = (v.next_stream + 1) % kStreams;
    k.reject_vartime(v.out_hat, 0, std::span(v.streams[v.next_stream], kStreamSize));
  });
  kernel("cbd2", [](K k, X v) { k.sample_cbd2(v.out_poly, v.in<noise_size(2)>()); });
  kernel("cbd3", [](K k, X v) { k.sample_cbd3(v.out_poly, v.in<noise_size(3)>()); });
  kernel("encode12", [](K k, X v) { k.encode12(v.out<encoded_size(12)>(), v.hat); });
  kernel("decode12", [](K k, X v) { (void)k.decode12(v.out_hat, v.in<encoded_size(12)>()); });
  kernel("compress11", [](K k, X v) { k.compress_encode11(v.out<encoded_size(11)>(), v.poly); });
  kernel("compress10", [](K k, X v) { k.compress_encode10(v.out<encoded_size(10)>(), v.poly); });
  kernel("compress5", [](K k, X v) { k.compress_encode5(v.out<encoded_size(5)>(), v.poly); });
  kernel("compress4", [](K k, X v) { k.compress_encode4(v.out<encoded_size(4)>(), v.poly); });
  kernel("compress1", [](K k, X v) { k.compress_encode1(v.out<encoded_size(1)>(), v.poly); });
  kernel("decompress11",
         [](K k, X v) { k.decode_decompress11(v.out_poly, v.in<encoded_size(11)>()); });
  kernel("decompress10",
         [](K k, X v) { k.decode_decompress10(v.out_poly, v.in<encoded_size(10)>()); });
  kernel("decompress5",
         [](K k, X v) { k.decode_decompress5(v.out_poly, v.in<encoded_size(5)>()); });
  kernel("decompress4",
         [](K k, X v) { k.decode_decompress4(v.out_poly, v.in<encoded_size(4)>()); });
  kernel("decompress1",
         [](K k, X v) { k.decode_decompress1(v.out_poly, v.in<encoded_size(1)>()); });
  kernel("add_product", [](K k, X v) { k.add_product(v.out_hat, v.product, v.hat); });
  kernel("add", [](K k, X v) { k.add(v.out_poly, v.zero); });
  kernel("subtract_from", [](K k, X v) { k.subtract_from(v.out_poly, v.zero); });
}

}  // namespace latchkey::bench
