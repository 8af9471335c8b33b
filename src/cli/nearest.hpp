// The word that somebody meant who typed another one.
#pragma once

#include <span>
#include <string_view>

namespace latchkey::cli {

// The candidate that `word` is the beginning of, if it is the only one, or else the one that takes
// the fewest insertions, deletions, replacements and exchanges of neighbours. Empty if none is
// near: one change for each three characters, and one at least.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace latchkey::cli
