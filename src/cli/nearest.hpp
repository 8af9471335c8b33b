// The word that somebody meant who typed another one.
#pragma once

#include <span>
#include <string_view>

namespace latchkey::cli {

// The candidate that begins with `word`, if exactly one does; otherwise the candidate with the
// fewest insertions, deletions, replacements and exchanges of neighbours. Empty if that takes more
// than one change for each three characters (one change is always allowed).
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace latchkey::cli
