#include "check.hpp"

#include <algorithm>
#include <cstdio>

namespace latchkey::kat {
namespace {

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

}  // namespace

void refuse(Error error) {
  switch (error) {
    case Error::encapsulation_key_length:
    case Error::decapsulation_key_length:
    case Error::seed_length:
    case Error::ciphertext_length:
    case Error::not_reduced:
    case Error::hash_mismatch:
      throw Rejected(describe(error));
    default:
      throw std::runtime_error(describe(error));
  }
}

std::vector<std::string> check(const Record& record) {
  std::vector<std::string> failures;
  for (const Path& path : record.section->paths) {
    const std::string failure = try_path(path, record);
    if (!failure.empty()) failures.push_back(std::string(path.name) + ": " + failure);
  }
  return failures;
}

}  // namespace latchkey::kat
