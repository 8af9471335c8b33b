// The manual's synopses and its list of options, in mdoc(7).
#include <algorithm>
#include <cctype>

#include "backends.hpp"
#include "generate.hpp"

namespace latchkey::cli {
namespace {

using std::string;
using std::string_view;

string lower(string_view text) {
  string result;
  for (const char c : text)
    result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// "Fl o Ar file"
string macro_of(const OptionRow& row, bool by_letter) {
  string macro = by_letter ? string("Fl ") + row.letter : "Fl -" + string(row.name);
  if (row.value != Value::none) macro += " Ar " + lower(row.shown);
  return macro;
}

// Each sentence on a line of its own.
void add_text(Lines& lines, string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find(". "), text.size() - 1) + 1;
    string sentence = escaped(text.substr(0, end), "--", "\\-\\-");
    if (sentence.starts_with('.') || sentence.starts_with('\'')) sentence.insert(0, "\\&");
    lines.push_back(sentence);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

Lines synopsis(const CommandRow& command) {
  Lines lines = {".Nm", ".Cm " + string(command.name)};
  const auto needs = split(command.needs);
  for (const OptionRow* row : command.options) {
    if (row->name == "help") continue;
    const bool is_needed = std::ranges::find(needs, row->name) != needs.end();
    lines.push_back((is_needed ? "." : ".Op ") + macro_of(*row, row->letter != 0) +
                    (is_repeated(row->field) ? " ..." : ""));
  }
  const OperandRow& operand = command.operand;
  if (!operand.shown.empty()) {
    lines.push_back(".Op Ar " + lower(operand.shown) + (is_repeated(operand.field) ? " ..." : ""));
  }
  return lines;
}

Lines options(const CommandRow&) {
  auto rows = all_options();
  // Stable: options of one name stay in the order of the commands. std::stable_sort is no help, for
  // clang 19 warns of what gcc 12's library uses there.
  const auto by_name = [](const OptionRow* a, const OptionRow* b) { return a->name < b->name; };
  for (auto at = rows.begin(); at != rows.end(); ++at) {
    std::rotate(std::upper_bound(rows.begin(), at, *at, by_name), at, at + 1);
  }
  Lines lines;
  for (std::size_t i = 0; i < rows.size();) {
    std::size_t end = i + 1;
    while (end < rows.size() && rows[end]->name == rows[i]->name) ++end;
    const OptionRow& first = *rows[i];
    lines.push_back(".It " + (first.letter != 0 ? macro_of(first, true) + " , " : "") +
                    macro_of(first, false));
    std::vector<string_view> said;
    for (std::size_t at = i; at < end; ++at) {
      if (end - i > 1) lines.push_back(".Cm " + joined(users_of(*rows[at]), " , ") + " :");
      add_text(lines, string(rows[at]->help) + ".");
    }
    for (std::size_t at = i; at < end; ++at) {
      if (std::ranges::find(said, rows[at]->more) != said.end()) continue;
      said.push_back(rows[at]->more);
      add_text(lines, rows[at]->more);
    }
    i = end;
  }
  return lines;
}

// "ref, avx2 or avx512"
Lines backends(const CommandRow&) {
  Lines lines;
  for (std::size_t left = kBackends.size(); left-- > 0;) {
    const string name = string(".Cm ") + kBackends[left];
    if (left == 0 && !lines.empty()) lines.push_back("or");
    lines.push_back(left > 1 ? name + " ," : name);
  }
  return lines;
}

}  // namespace

const Generators kForManual = {
    {"synopsis", synopsis}, {"options", options}, {"backends", backends}};

}  // namespace latchkey::cli
