// Inputs of X25519 at the edges of its arithmetic: scalars and u-coordinates.
#pragma once

#include <vector>

#include "support/random.hpp"
#include "x25519/exchange.hpp"

namespace latchkey::test {

// Of zeros and ones before clamping; those whose digits in radix 16 make carries, or none, in the
// comb's recoding; those near multiples of the order of the base point.
std::vector<Octets> edge_scalars();

// Of points of low order; near 0, p and 2^255; not canonical; with limbs of 51 bits and words of 64
// of zeros and ones. Each also with bit 255 set, which X25519 ignores.
std::vector<Octets> edge_points();

// Random, and one in eight an edge.
Exchange random_exchange(Random& random);

// Low order: X25519 gives zeros for every secret.
std::vector<Octets> low_order_peers();

}  // namespace latchkey::test
