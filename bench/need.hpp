// Results of the library where a measurement cannot go on without.
#pragma once

#include <stdexcept>
#include <type_traits>

#include "latchkey/result.hpp"

namespace latchkey::bench {

template <class T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(describe(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

}  // namespace latchkey::bench
