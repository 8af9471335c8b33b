#include "parse.hpp"

#include <algorithm>
#include <charconv>

#include "nearest.hpp"

namespace latchkey::cli {
namespace {

using std::string;
using std::string_view;

string quoted(string_view word) { return "'" + string(word) + "'"; }

std::uint64_t number_of(string_view text, const OptionRow& row, const string& typed) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || read != end || number < row.least || number > row.most) {
    throw Complaint("option '" + typed + "' needs a number from " + std::to_string(row.least) +
                    " to " + std::to_string(row.most) + ", and " + quoted(text) + " is not one");
  }
  return number;
}

void check(string_view value, const OptionRow& row, const string& typed) {
  const bool is_name = row.value == Value::file || row.value == Value::key;
  if (value.empty() && (is_name || (row.value == Value::text && row.least > 0))) {
    throw Complaint("option '" + typed + "' must not be empty");
  }
  if (row.value == Value::text && value.size() > row.most) {
    throw Complaint("option '" + typed + "' takes at most " + std::to_string(row.most) +
                    " bytes, and the text given has " + std::to_string(value.size()));
  }
  if (row.value != Value::choice) return;
  const auto choices = split(row.choices);
  if (std::ranges::find(choices, value) != choices.end()) return;
  string list;
  for (const auto choice : choices) list += (list.empty() ? "" : ", ") + string(choice);
  throw Complaint("option '" + typed + "' can be one of " + list + ", and not " + quoted(value) +
                  suggestion(value, choices));
}

// Puts values where they go.
struct Store {
  Options& options;
  const OptionRow& row;
  const string& typed;
  string_view value;

  void operator()(bool& (*field)(Options&)) const { field(options) = true; }
  void operator()(int& (*field)(Options&)) const {
    field(options) = static_cast<int>(number_of(value, row, typed));
  }
  void operator()(string& (*field)(Options&)) const { field(options) = value; }
  void operator()(std::vector<string>& (*field)(Options&)) const {
    field(options).emplace_back(value);
  }
  void operator()(std::vector<std::uint64_t>& (*field)(Options&)) const {
    field(options).push_back(number_of(value, row, typed));
  }
};

class Parser {
 public:
  Parser(const CommandRow& command, const string& program, std::span<const char* const> words)
      : command_(command), program_(program), words_(words) {}

  Options run() {
    bool only_operands = false;
    while (!words_.empty() && !options_.help) {
      const string_view word = next();
      if (only_operands || word == "-" || !word.starts_with('-')) {
        take_operand(word);
      } else if (word == "--") {
        only_operands = true;
      } else if (word.starts_with("--")) {
        take_long(word);
      } else {
        take_letters(word);
      }
    }
    if (!options_.help) check_together();
    return std::move(options_);
  }

 private:
  string_view next() {
    const string_view word = words_.front();
    words_ = words_.subspan(1);
    return word;
  }

  void take_long(string_view word) {
    const auto end = std::min(word.find('='), word.size());
    const string typed(word.substr(0, end));
    const OptionRow* const row = find_option(command_, string_view(typed).substr(2));
    if (row == nullptr) throw Complaint("unknown option " + quoted(typed) + hint_for(typed));
    if (row->value == Value::none) {
      if (end < word.size()) throw Complaint("option '" + typed + "' takes no value");
      store(*row, typed, {});
    } else {
      store(*row, typed, end < word.size() ? word.substr(end + 1) : following(*row, typed));
    }
  }

  void take_letters(string_view word) {
    const string_view name = word.substr(1, word.find('=') - 1);
    if (name.size() > 1 && find_option(command_, name) != nullptr) {
      throw Complaint("unknown option " + quoted(word) + hint_for("-" + string(word)));
    }
    for (string_view rest = word.substr(1); !rest.empty();) {
      const OptionRow* const row = find_letter(command_, rest.front());
      const string typed = string("-") + rest.front();
      if (row == nullptr) {
        throw Complaint("unknown option " + quoted(typed) +
                        (word.size() > 2 ? " in " + quoted(word) : "") + hint_for(typed));
      }
      rest.remove_prefix(1);
      if (row->value == Value::none) {
        store(*row, typed, {});
      } else {
        store(*row, typed, rest.empty() ? following(*row, typed) : rest);
        return;
      }
    }
  }

  void take_operand(string_view word) {
    const OperandRow& operand = command_.operand;
    if (operand.shown.empty()) {
      throw Complaint("unexpected argument " + quoted(word) + "; " + quoted(program_) +
                      " takes none");
    }
    if (operands_ > 0 && !is_repeated(operand.field)) {
      throw Complaint("unexpected argument " + quoted(word) + "; " + quoted(program_) +
                      " takes one " + string(operand.shown));
    }
    ++operands_;
    if (word.empty()) {
      throw Complaint("the name of the " + string(operand.shown) + " is empty");
    }
    const OptionRow as_option;
    std::visit(Store{options_, as_option, program_, word}, operand.field);
  }

  // The word behind an option that needs a value.
  string_view following(const OptionRow& row, const string& typed) {
    const string form = typed + " " + string(row.shown);
    if (words_.empty()) throw Complaint("option '" + typed + "' needs a value: " + form);
    const string_view word = next();
    const string_view name = word.substr(0, word.find('='));
    const bool is_option = name.starts_with("--") ? find_option(command_, name.substr(2)) != nullptr
                                                  : word.size() == 2 && word[0] == '-' &&
                                                        find_letter(command_, word[1]) != nullptr;
    if (is_option) {
      throw Complaint("option '" + typed + "' needs a value: " + form + ", but " + quoted(word) +
                      " follows it, which is an option");
    }
    return word;
  }

  void store(const OptionRow& row, const string& typed, string_view value) {
    const bool is_given = std::ranges::find(given_, &row) != given_.end();
    if (is_given && row.value != Value::none && !is_repeated(row.field)) {
      throw Complaint("option '" + typed + "' may be given only once");
    }
    given_.push_back(&row);
    check(value, row, typed);
    std::visit(Store{options_, row, typed, value}, row.field);
  }

  // Returns the options that were given and have one of these names.
  std::vector<const OptionRow*> given_of(string_view names) const {
    std::vector<const OptionRow*> rows;
    for (const auto name : split(names, '|')) {
      const OptionRow* const row = find_option(command_, name);
      if (std::ranges::find(given_, row) != given_.end()) rows.push_back(row);
    }
    return rows;
  }

  void check_together() const {
    for (const auto names : split(command_.excludes)) {
      const auto rows = given_of(names);
      if (rows.size() < 2) continue;
      throw Complaint("options '--" + string(rows[0]->name) + "' and '--" + string(rows[1]->name) +
                      "' cannot be used together");
    }
    for (const auto names : split(command_.needs)) {
      if (!given_of(names).empty()) continue;
      string forms;
      for (const auto name : split(names, '|')) {
        forms += (forms.empty() ? "" : " or ") + short_form(*find_option(command_, name));
      }
      throw Complaint("'" + program_ + "' needs " + forms + "; '" + program_ +
                      " --help' explains it");
    }
  }

  string hint_for(const string& typed) const {
    std::vector<string_view> names;
    for (const OptionRow* row : command_.options) names.push_back(row->name);
    string near;
    if (typed.starts_with("--")) {
      near = suggestion(string_view(typed).substr(2, typed.find('=') - 2), names, "--");
    } else {
      const char other = static_cast<char>(typed[1] ^ ('a' ^ 'A'));
      if (find_letter(command_, other) != nullptr)
        near = string("; did you mean '-") + other + "'?";
    }
    return !near.empty() ? near : "; '" + program_ + " --help' lists the options";
  }

  const CommandRow& command_;
  const string& program_;
  std::span<const char* const> words_;
  Options options_;
  std::vector<const OptionRow*> given_;
  std::size_t operands_ = 0;
};

}  // namespace

string suggestion(string_view word, std::span<const string_view> candidates, string_view dashes) {
  const string_view near = nearest(word, candidates);
  if (near.empty()) return {};
  return "; did you mean '" + string(dashes) + string(near) + "'?";
}

Options parse(const CommandRow& command, const string& program,
              std::span<const char* const> words) {
  return Parser(command, program, words).run();
}

}  // namespace latchkey::cli
