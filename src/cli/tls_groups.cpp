#include "tls_groups.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace latchkey::cli {

const TlsGroup* find_tls_group(std::uint16_t id) noexcept {
  const auto* const found = std::ranges::find(kTlsGroups, id, &TlsGroup::id);
  return found != std::end(kTlsGroups) ? found : nullptr;
}

const TlsGroup* find_tls_group(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kTlsGroups, name, &TlsGroup::name);
  return found != std::end(kTlsGroups) ? found : nullptr;
}

std::string name_of_tls_group(std::uint16_t id) {
  if (const TlsGroup* const group = find_tls_group(id)) return std::string(group->name);
  char text[8];
  std::snprintf(text, sizeof text, "0x%04x", unsigned{id});
  return text;
}

bool is_post_quantum(std::uint16_t id) noexcept {
  const TlsGroup* const group = find_tls_group(id);
  return group != nullptr && group->is_post_quantum;
}

}  // namespace latchkey::cli
