// What a section of a vector file holds, and what a record of it is checked with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey::kat {

using Bytes = std::vector<std::uint8_t>;
using Fields = std::map<std::string, Bytes, std::less<>>;

struct Section;

// One input with the answers that the library must give, or with `result = reject`.
struct Record {
  const Section* section;
  std::size_t line;  // where it begins
  std::string id;
  Fields fields;
  bool must_reject;

  // Throws std::runtime_error if it is not there.
  const Bytes& at(std::string_view name) const;
};

// A way through the library: what it makes of a record's inputs. Throws Rejected.
struct Path {
  std::string_view name;
  Fields (*run)(const Record&);
  bool needs_answers = false;  // so a record with `result = reject` cannot take it
};

// The same for many records at once; one answer each, in their order. Throws.
using Records = std::span<const Record* const>;
struct Batch {
  std::string_view name;
  std::vector<Fields> (*run)(Records);
};

struct Section {
  std::string_view name;
  std::vector<std::string_view> inputs;
  std::vector<std::string_view> outputs;  // all of them, or `result = reject`
  std::vector<std::string_view> optional_outputs;
  std::vector<Path> paths;  // each must give the record's answers
  Batch batch;              // and so must this, in company, if there is one
};

// Those that the runner knows.
std::span<const Section> sections();

Section x25519_section();

// Of latchkey-seal.
Section bind_section();
inline constexpr std::string_view kXWingSection = "xwing", kHpkeSection = "hpke-base",
                                  kHpkeScheduleSection = "hpke-schedule", kBindSection = "bind",
                                  kSealSection = "seal", kOpenSealedSection = "open-sealed";
Section xwing_section();
Section hpke_section();
Section hpke_schedule_section();
std::vector<Section> nist_hybrid_sections();
Section seal_section();
Section open_sealed_section();

}  // namespace latchkey::kat
