#include "check.hpp"

#include <algorithm>
#include <cstdio>

namespace latchkey::kat {
namespace {

// More than the library works on at once, and no multiple of four, its lanes.
constexpr std::size_t kBatchSize = 23;

// Up to eight bytes from `begin` on.
std::string excerpt(const Bytes& bytes, std::size_t begin) {
  constexpr std::size_t kShown = 8;
  std::string hex = begin > 0 ? "..." : "";
  for (std::size_t i = begin; i < bytes.size() && i < begin + kShown; ++i) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", bytes[i]);
    hex += digits;
  }
  return hex + (begin + kShown < bytes.size() ? "..." : "");
}

std::string difference(std::string_view name, const Bytes& expected, const Bytes& got) {
  if (expected.size() != got.size()) {
    return std::string(name) + " should be " + std::to_string(expected.size()) +
           " bytes long, but is " + std::to_string(got.size());
  }
  const auto at =
      static_cast<std::size_t>(std::ranges::mismatch(expected, got).in1 - expected.begin());
  return std::string(name) + " differs at byte " + std::to_string(at) + ": expected " +
         excerpt(expected, at) + ", got " + excerpt(got, at);
}

// What is wrong with one path's outputs. Fields that the record lacks are not checked.
std::string compare(const Record& record, const Fields& outputs) {
  if (record.must_reject) return "accepted, though it must be rejected";
  for (const auto& [name, got] : outputs) {
    const auto expected = record.fields.find(name);
    if (expected != record.fields.end() && expected->second != got) {
      return difference(name, expected->second, got);
    }
  }
  return {};
}

std::string try_path(const Path& path, const Record& record) {
  try {
    return compare(record, path.run(record));
  } catch (const Rejected& reason) {
    return record.must_reject ? "" : std::string("rejected: ") + reason.what();
  } catch (const std::exception& reason) {
    return reason.what();
  }
}

Faults check_alone(const Record& record) {
  Faults faults;
  for (const Path& path : record.section->paths) {
    if (path.needs_answers && record.must_reject) continue;
    const std::string fault = try_path(path, record);
    if (!fault.empty()) faults.push_back(std::string(path.name) + ": " + fault);
  }
  return faults;
}

// Adds to the faults of the records in these places.
void check_together(const Batch& batch, std::span<const Record> all,
                    std::span<const std::size_t> places, std::vector<Faults>& faults) {
  std::vector<const Record*> records;
  for (const std::size_t place : places) records.push_back(&all[place]);
  std::vector<Fields> outputs;
  std::string failure;
  try {
    outputs = batch.run(records);
  } catch (const std::exception& reason) {
    failure = reason.what();
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string fault = failure.empty() ? compare(*records[i], outputs[i]) : failure;
    if (fault.empty()) continue;
    const std::string place = std::to_string(i + 1) + " of " + std::to_string(records.size());
    faults[places[i]].push_back(std::string(batch.name) + ", " + place + ": " + fault);
  }
}

}  // namespace

const Bytes& Record::at(std::string_view name) const {
  const auto found = fields.find(name);
  if (found == fields.end()) {
    throw std::runtime_error("the record has no field '" + std::string(name) + "'");
  }
  return found->second;
}

void refuse(Error error) {
  switch (error) {
    case Error::encapsulation_key_length:
    case Error::decapsulation_key_length:
    case Error::seed_length:
    case Error::ciphertext_length:
    case Error::not_reduced:
    case Error::hash_mismatch:
    case Error::low_order:
    case Error::bad_point:
    case Error::bad_scalar:
    case Error::unknown_version:
    case Error::too_long:
    case Error::not_sealed:
    case Error::other_kem:
    case Error::sealed_length:
    case Error::not_authentic:
      throw Rejected(describe(error));
    default:
      throw std::runtime_error(describe(error));
  }
}

std::vector<Faults> check(std::span<const Record> records) {
  std::vector<Faults> faults;
  for (const Record& record : records) faults.push_back(check_alone(record));
  for (const Section& section : sections()) {
    if (section.batch.run == nullptr) continue;
    std::vector<std::size_t> places;  // in records, of those that went well alone
    for (std::size_t i = 0; i < records.size(); ++i) {
      const Record& record = records[i];
      if (record.section == &section && !record.must_reject && faults[i].empty()) {
        places.push_back(i);
      }
    }
    for (std::span<const std::size_t> rest = places; !rest.empty();) {
      const auto batch = rest.first(std::min(kBatchSize, rest.size()));
      check_together(section.batch, records, batch, faults);
      rest = rest.subspan(batch.size());
    }
  }
  return faults;
}

}  // namespace latchkey::kat
