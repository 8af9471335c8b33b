#include "nearest.hpp"

#include <algorithm>
#include <array>

namespace latchkey::cli {
namespace {

constexpr std::size_t kLongest = 32;  // characters of a word that is compared

// The optimal string alignment distance: Levenshtein's, with exchanges of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, kLongest + 1>, kLongest + 1> best;
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        best[i][j] = i + j;
        continue;
      }
      const std::size_t replaced = best[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      best[i][j] = std::min({replaced, best[i - 1][j] + 1, best[i][j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        best[i][j] = std::min(best[i][j], best[i - 2][j - 2] + 1);
      }
    }
  }
  return best[a.size()][b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > kLongest) return {};
  const auto begins = [&](std::string_view candidate) { return candidate.starts_with(word); };
  if (std::ranges::count_if(candidates, begins) == 1) {
    return *std::ranges::find_if(candidates, begins);
  }
  std::string_view found;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const auto candidate : candidates) {
    if (candidate.size() > kLongest) continue;
    const std::size_t changes = distance(word, candidate);
    if (changes < least && changes < candidate.size()) {
      least = changes;
      found = candidate;
    }
  }
  return found;
}

}  // namespace latchkey::cli
