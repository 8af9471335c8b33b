#include "provider/forms.hpp"

#include <algorithm>

namespace latchkey::provider {
namespace {

constexpr const char* kNames[kFormCount] = {"seed-priv",  "priv-only", "seed-only",
                                            "oqskeypair", "bare-seed", "bare-priv"};

}  // namespace

const char* name_of(Form form) noexcept { return kNames[static_cast<std::size_t>(form)]; }

bool Forms::has(Form form) const noexcept { return std::find(begin(), end(), form) != end(); }

bool Forms::parse(std::string_view list) noexcept {
  constexpr std::string_view kBetween = ", \t";
  Forms found;
  found.count_ = 0;
  while (true) {
    list.remove_prefix(std::min(list.find_first_not_of(kBetween), list.size()));
    if (list.empty()) break;
    const std::string_view name = list.substr(0, list.find_first_of(kBetween));
    list.remove_prefix(name.size());
    const auto* const at = std::find(kNames, kNames + kFormCount, name);
    if (at == kNames + kFormCount) return false;
    const auto form = static_cast<Form>(at - kNames);
    if (!found.has(form)) found.forms_[found.count_++] = form;
  }
  if (found.count_ == 0) return false;
  *this = found;
  return true;
}

}  // namespace latchkey::provider
