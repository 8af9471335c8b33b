#include "keyfile/algorithms.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "encoding/der_reader.hpp"

namespace latchkey::keyfile {
namespace {

template <class K>
bool is(View content) noexcept {
  static constexpr auto kId = id_of<K>();
  return std::ranges::equal(content, View(kId).subspan(2));
}

}  // namespace

std::optional<Algorithm> algorithm_of_id(View content) noexcept {
  if (is<MlKem512>(content)) return Algorithm::mlkem512;
  if (is<MlKem768>(content)) return Algorithm::mlkem768;
  if (is<MlKem1024>(content)) return Algorithm::mlkem1024;
  if (is<XWing>(content)) return Algorithm::xwing;
  return std::nullopt;
}

std::optional<Algorithm> algorithm_in(View content) noexcept {
  const auto id = encoding::only_value(content, encoding::der::kObjectIdentifier);
  return id ? algorithm_of_id(*id) : std::nullopt;
}

}  // namespace latchkey::keyfile
