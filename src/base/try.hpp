// LATCHKEY_TRY(expression): the value of a Result. If it has an error instead, the function that
// this stands in returns the error.
//
//   auto key = LATCHKEY_TRY(DecapsulationKey::generate());
#pragma once

#include <type_traits>
#include <utility>

namespace latchkey::base {

template <class Result>
[[gnu::always_inline]] inline auto value_of(Result&& result) noexcept {
  if constexpr (requires { *std::move(result); }) return *std::move(result);
}

}  // namespace latchkey::base

#define LATCHKEY_TRY(...)                                         \
  __extension__({                                                 \
    auto&& result_ = __VA_ARGS__;                                 \
    static_assert(std::is_rvalue_reference_v<decltype(result_)>); \
    if (!result_) return result_.error();                         \
    ::latchkey::base::value_of(std::move(result_));               \
  })
