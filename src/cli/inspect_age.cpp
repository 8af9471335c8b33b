// What `latchkey inspect` says of age's files, and of its names of keys.
#include <algorithm>

#include "failure.hpp"
#include "finding.hpp"
#include "hardening.hpp"
#include "identities.hpp"
#include "latchkey/age.hpp"
#include "password.hpp"

namespace latchkey::cli {
namespace {

// Kinds of recipients or identities, and how many there are of each.
struct Counts {
  std::uint64_t all = 0, post_quantum = 0, x25519 = 0;
};

void add_counts(Finding& finding, const char* what, const Counts& counts) {
  const std::string name = what;
  finding.add(name, counts.all);
  finding.add("post_quantum_" + name, counts.post_quantum);
  if (counts.x25519 > 0) finding.add("x25519_" + name, counts.x25519);
  const std::uint64_t others = counts.all - counts.post_quantum - counts.x25519;
  if (others > 0) finding.add("other_" + name, others);
}

// What was read before, and then the input. What the input throws is kept.
class Source {
 public:
  Source(std::vector<std::uint8_t> ahead, Input& input) : ahead_(std::move(ahead)), input_(input) {}

  Result<std::size_t> operator()(std::span<std::uint8_t> to) noexcept {
    if (used_ < ahead_.size()) {
      const View part = View(ahead_).subspan(used_, std::min(to.size(), ahead_.size() - used_));
      std::ranges::copy(part, to.begin());
      used_ += part.size();
      return part.size();
    }
    try {
      return input_.read(to);
    } catch (...) {
      kept_ = std::current_exception();
      return Error::read_failed;
    }
  }

  void check() const {
    if (kept_) std::rethrow_exception(kept_);
  }

 private:
  std::vector<std::uint8_t> ahead_;
  std::size_t used_ = 0;
  Input& input_;
  std::exception_ptr kept_;
};

// What is found of a list of names: one key has a fingerprint, several have a list of them.
void add_list(Finding& finding, const char* what, const Counts& counts,
              std::vector<std::string> fingerprints) {
  add_counts(finding, what, counts);
  if (fingerprints.empty()) return;
  finding.add("algorithm", XWing::kName);
  if (fingerprints.size() == 1) return finding.add("fingerprint", std::move(fingerprints.front()));
  finding.add("fingerprints", std::move(fingerprints));
}

void add_identities(Finding& finding, const IdentityList& list) {
  std::vector<std::string> fingerprints;
  for (const auto& key : list.keys) fingerprints.push_back(fingerprint_of(key.encapsulation_key()));
  add_list(finding, "identities", {list.size(), list.keys.size(), list.x25519},
           std::move(fingerprints));
  if (list.keys.empty()) finding.is_unsupported(list.fault());
}

// A file under a passphrase, which is given: what it holds may be identities.
Finding inspect_passphrase_file(const LockedBuffer& first_bytes, Input& input,
                                const Options& options, Finding finding) {
  const auto file = read_encrypted_identities(first_bytes, input);
  const auto passphrase = read_password(options.source, input.name(), false);
  try {
    add_identities(finding, decrypt_identities(file, input.name(), passphrase));
  } catch (const NotIdentities& failure) {
    finding.is_unsupported(failure.what());
  }
  return finding;
}

void add_info(Finding& finding, const age::FileInfo& info) {
  finding.add("armor", info.armor == age::Armor::yes);
  finding.add("under_a_password", info.is_passphrase_file);
  if (info.is_passphrase_file) {
    finding.add("work_factor", std::uint64_t{info.work_factor});
    if (info.work_factor > age::kMaxWorkFactor)
      finding.is_unsupported(too_costly(info.work_factor));
    return;
  }
  add_counts(finding, "recipients", {info.recipients, info.post_quantum, info.x25519});
  if (info.post_quantum > 0) return;
  const bool all_are_x25519 = info.x25519 == info.recipients;
  finding.is_unsupported(
      all_are_x25519
          ? "the age file has only X25519 recipients (age1...), which are not supported: "
            "open it with age"
          : describe(Error::unsupported_recipient));
}

Finding inspect_encrypted(const LockedBuffer& first_bytes, Input& input, const Options& options) {
  const auto ahead = value_of(first_bytes.read([](View bytes) {
    return std::vector<std::uint8_t>(bytes.begin(), bytes.end());
  }),
                              "cannot read");
  Finding finding("age file");
  if (options.source.is_given()) {
    auto rest = View(ahead);
    const auto source = [&](std::span<std::uint8_t> to) -> Result<std::size_t> {
      const View part = rest.first(std::min(to.size(), rest.size()));
      std::ranges::copy(part, to.begin());
      rest = rest.subspan(part.size());
      return part.size();
    };
    const auto info = age::inspect(source);
    if (info && info->is_passphrase_file && info->work_factor <= age::kMaxWorkFactor) {
      add_info(finding, *info);
      return inspect_passphrase_file(first_bytes, input, options, std::move(finding));
    }
  }
  Source source(ahead, input);
  const auto info = age::inspect(source);
  source.check();
  if (!info) return finding.fails(info.error()), finding;
  add_info(finding, *info);
  if (!info->payload) finding.fails(info->payload.error());
  return finding;
}

Finding inspect_identities(const FirstBytes& first_bytes, Input& input) {
  require_hardened();
  Finding finding("age identities");
  const auto list = read_identities(first_bytes, input);
  if (list.size() == 1) finding.kind = "age identity";
  if (list.keys.empty()) finding.sound = std::nullopt;
  add_identities(finding, list);
  return finding;
}

Finding inspect_recipients(const FirstBytes& first_bytes, Input& input) {
  Finding finding("age recipients");
  Counts counts;
  std::vector<std::string> fingerprints;
  SecretLines lines(
      input.name(), kMostOfIdentities, [&](std::string_view line, std::size_t number) {
        ++counts.all;
        auto key = age::parse_recipient(line);
        if (key) {
          ++counts.post_quantum;
          fingerprints.push_back(fingerprint_of(*key));
        } else if (key.error() == Error::other_algorithm) {
          counts.x25519 += age::kind_of_recipient(line) == age::KeyKind::x25519;
        } else {
          fail("cannot use line " + std::to_string(number) + " of " + input.name(), key.error());
        }
      });
  read_lines(first_bytes, input, lines);
  if (counts.all == 1) finding.kind = "age recipient";
  if (fingerprints.empty()) {
    finding.sound = std::nullopt;
    finding.is_unsupported(describe(Error::other_algorithm));
  }
  add_list(finding, "recipients", counts, std::move(fingerprints));
  return finding;
}

// A line that is wrong ends the reading.
template <class Inspect>
Finding inspect_lines(const char* kind, Inspect inspect) {
  try {
    return inspect();
  } catch (const Failure& failure) {
    Finding finding(kind);
    finding.fails(std::string(failure.what()));
    return finding;
  }
}

}  // namespace

std::optional<Finding> inspect_age_file(const FirstBytes& first_bytes, Input& input,
                                        const Options& options) {
  switch (first_bytes.kind) {
    case AgeFile::encrypted:
      return inspect_encrypted(first_bytes.bytes, input, options);
    case AgeFile::identities:
      return inspect_lines("age identities",
                           [&] { return inspect_identities(first_bytes, input); });
    case AgeFile::recipients:
      return inspect_lines("age recipients",
                           [&] { return inspect_recipients(first_bytes, input); });
    case AgeFile::none:
    case AgeFile::undecided:
      break;
  }
  return std::nullopt;
}

}  // namespace latchkey::cli
