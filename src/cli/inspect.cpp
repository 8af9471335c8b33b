// `latchkey inspect`: what a file is, and whether it is sound.
#include <cstdio>

#include "commands.hpp"
#include "failure.hpp"
#include "finding.hpp"
#include "identities.hpp"
#include "json.hpp"
#include "keys.hpp"
#include "password.hpp"
#include "public_file.hpp"
#include "text/text.hpp"

namespace latchkey::cli {

void Finding::fails(Error error) {
  switch (error) {
    case Error::other_algorithm:
    case Error::unknown_version:
    case Error::work_factor:
      sound = std::nullopt;
      return is_unsupported(describe(error));
    default:
      return fails(std::string(describe(error)));
  }
}

namespace {

// It may hold a private key, so it is read into locked memory, unless its beginning says that it is
// encrypted.
Finding examine(Input& input, const Options& options) {
  auto first_bytes = read_first_bytes(input);
  auto finding = value_of(
      first_bytes.bytes.read([&](View bytes) { return inspect_sealed_file(bytes, input); }),
      "cannot read");
  if (!finding) finding = inspect_age_file(first_bytes, input, options);
  if (finding) return *finding;
  const auto whole = read_locked(input, kMostOfKey, std::move(first_bytes.bytes));
  return value_of(whole.read([&](View bytes) {
    const auto key = inspect_key_file(bytes, options);
    return key ? *key : inspect_raw(bytes);
  }),
                  "cannot read");
}

std::string title_of(const Finding& finding) {
  if (finding.sound == false) return finding.kind + ", not sound";
  return finding.kind + (finding.supported ? "" : ", not supported");
}

std::string shown(const Finding::Fact& fact) {
  struct {
    std::string operator()(const std::string& text) { return in_one_line(text); }
    std::string operator()(bool is_so) { return is_so ? "yes" : "no"; }
    std::string operator()(std::uint64_t number) { return std::to_string(number); }
    std::string operator()(const std::vector<std::string>& all) {
      std::string text;
      for (const auto& one : all) text += (text.empty() ? "" : ", ") + in_one_line(one);
      return text;
    }
  } as_text;
  return fact.brief.empty() ? std::visit(as_text, fact.value) : fact.brief;
}

void print(const Finding& finding, const std::string& name) {
  std::printf("%s: %s\n", name.c_str(), title_of(finding).c_str());
  for (const auto& fact : finding.facts) {
    std::string words = fact.name;
    for (char& c : words) c = c == '_' ? ' ' : c;
    std::printf("  %-24s %s\n", words.c_str(), shown(fact).c_str());
  }
}

// A name that is not UTF-8 cannot be text in JSON, so its bytes are given, too.
void print_json(const Finding& finding, const std::string& path) {
  JsonObject object;
  object.add("file", path);
  if (!text::is_utf8(path)) object.add("file_hex", hex(bytes_of(path)));
  object.add("kind", finding.kind);
  for (const auto& fact : finding.facts) {
    std::visit([&](const auto& value) { object.add(fact.name, value); }, fact.value);
  }
  finding.sound ? object.add("sound", *finding.sound) : object.add_null("sound");
  object.add("supported", finding.supported);
  if (!finding.reason.empty()) object.add("reason", finding.reason);
  std::printf("%s\n", object.text().c_str());
}

}  // namespace

void inspect(const Options& given) {
  Options options = given;
  options.source = read_ahead(given.source, given.input);
  if (!options.source.is_given() && is_public_file(options.input)) {
    // What is public needs no locked memory. It fails with protection keys alone.
    static_cast<void>(set_memory_policy(Policy::best_effort));
  }
  Input input(options.input);
  const auto finding = examine(input, options);
  if (options.json) {
    print_json(finding, is_standard(options.input) ? "-" : options.input);
  } else {
    print(finding, input.name());
  }
  if (finding.sound == true && finding.supported) return;
  flush_output();
  throw Failure(input.name() + ": " + finding.reason,
                finding.sound == false ? Failure::kFailed : Failure::kUnsupported);
}

}  // namespace latchkey::cli
