#include "rsp.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

#include "text/text.hpp"

namespace latchkey::kat {
namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// For messages: a name from the file.
std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 40;  // bytes
  std::string result = "'";
  result += text::in_one_line(text.substr(0, kLongest));
  return result + (text.size() > kLongest ? "...'" : "'");
}

std::string join(const std::vector<std::string_view>& names) {
  std::string result;
  for (const auto name : names) result.append(result.empty() ? "" : ", ").append(name);
  return result;
}

template <class Name>
bool contains(const std::vector<Name>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

class Reader {
 public:
  explicit Reader(const std::string& path) : file_{path, {}} {}

  VectorFile read() {
    errno = 0;
    std::ifstream in(file_.path, std::ios::binary);
    if (!in) fail_file(std::string("cannot be opened: ") + std::strerror(errno));
    return read(in);
  }

  VectorFile read(std::istream& in) {
    std::string line;
    while (std::getline(in, line)) {
      ++line_;
      take_line(trim(line));
    }
    if (in.bad()) fail_file(std::string("cannot be read: ") + std::strerror(errno));
    end_record();
    if (file_.records.empty()) fail_file("holds no record");
    return std::move(file_);
  }

 private:
  void take_line(std::string_view line) {
    if (line.starts_with('#')) return;
    if (line.empty()) {
      end_record();
    } else if (line.starts_with('[')) {
      end_record();
      begin_section(line);
    } else {
      take_field(line);
    }
  }

  void begin_section(std::string_view line) {
    if (!line.ends_with(']')) fail("a section's name has no closing bracket");
    const std::string_view name = trim(line.substr(1, line.size() - 2));
    const auto known = sections();
    const auto found = std::ranges::find(known, name, &Section::name);
    constexpr std::string_view kOfSeal[] = {kXWingSection, kHpkeSection, kBindSection, kSealSection,
                                            kOpenSealedSection};
    if (found == known.end() && std::ranges::find(kOfSeal, name) != std::end(kOfSeal)) {
      fail("section " + quoted(name) + " needs latchkey-seal, which this build is without");
    }
    if (found == known.end()) {
      std::vector<std::string_view> names;
      for (const Section& section : known) names.push_back(section.name);
      fail("unknown section " + quoted(name) + "; known are " + join(names));
    }
    section_ = &*found;
  }

  void take_field(std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) fail("expected 'name = value', not " + quoted(line));
    const std::string_view name = trim(line.substr(0, equals));
    const std::string_view value = trim(line.substr(equals + 1));
    if (section_ == nullptr) fail("field " + quoted(name) + " comes before any section");
    if (!record_) record_ = Record{section_, line_, {}, {}, false};
    if (contains(names_, name)) fail("field " + quoted(name) + " is there twice");

    if (name == "id") {
      record_->id = value;
    } else if (name == "result") {
      if (value != "reject") fail("the result can only be 'reject', not " + quoted(value));
      record_->must_reject = true;
    } else if (contains(section_->inputs, name) || contains(section_->outputs, name) ||
               contains(section_->optional_outputs, name)) {
      record_->fields.emplace(name, from_hex(name, value));
    } else {
      fail("unknown field " + quoted(name) + " in section " + std::string(section_->name));
    }
    names_.emplace_back(name);
  }

  Bytes from_hex(std::string_view name, std::string_view hex) const {
    const auto digit = [&](char c) {
      if (c >= '0' && c <= '9') return c - '0';
      if (c >= 'a' && c <= 'f') return c - 'a' + 10;
      if (c >= 'A' && c <= 'F') return c - 'A' + 10;
      fail("field " + quoted(name) + " holds " + quoted({&c, 1}) + ", which is no hex digit");
    };
    Bytes bytes;
    bytes.reserve(hex.size() / 2);
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
      bytes.push_back(static_cast<std::uint8_t>(digit(hex[i]) << 4 | digit(hex[i + 1])));
    }
    if (hex.size() % 2 != 0) {
      digit(hex.back());
      fail("field " + quoted(name) + " has an odd number of hex digits");
    }
    return bytes;
  }

  void end_record() {
    if (!record_) return;
    for (const auto name : section_->inputs) require_field(name);
    if (record_->must_reject) {
      for (const auto name : section_->outputs) forbid_field(name);
      for (const auto name : section_->optional_outputs) forbid_field(name);
    } else {
      for (const auto name : section_->outputs) require_field(name);
    }
    file_.records.push_back(std::move(*record_));
    record_.reset();
    names_.clear();
  }

  void require_field(std::string_view name) const {
    if (record_->fields.contains(name)) return;
    fail_at(record_->line, "the record has no field " + quoted(name));
  }

  void forbid_field(std::string_view name) const {
    if (!record_->fields.contains(name)) return;
    fail_at(record_->line, "the record is to be rejected, yet has an output, " + quoted(name));
  }

  [[noreturn]] void fail(const std::string& reason) const { fail_at(line_, reason); }

  [[noreturn]] void fail_at(std::size_t line, const std::string& reason) const {
    throw MalformedFile(file_.path + ":" + std::to_string(line) + ": " + reason);
  }

  [[noreturn]] void fail_file(const std::string& reason) const {
    throw MalformedFile(file_.path + ": " + reason);
  }

  VectorFile file_;
  std::size_t line_ = 0;
  const Section* section_ = nullptr;
  std::optional<Record> record_;
  std::vector<std::string> names_;  // of the fields that the record has so far
};

}  // namespace

VectorFile read_vectors(const std::string& path) { return Reader(path).read(); }

VectorFile read_vectors(std::istream& in, const std::string& path) { return Reader(path).read(in); }

}  // namespace latchkey::kat
