// The backends that there are, the fastest first (docs/architecture.md, "Add a backend").
#pragma once

#include <array>
#include <string_view>

namespace latchkey::cli {

inline constexpr std::array kBackends = {"avx512", "avx2", "ref"};
inline constexpr std::string_view kBackendsOrAll = "all avx512 avx2 ref";

}  // namespace latchkey::cli
