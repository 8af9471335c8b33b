// `latchkey tls-check`: whether the OpenSSL of this machine uses post-quantum TLS, and why not.
#include <algorithm>
#include <cstdio>
#include <variant>

#include "commands.hpp"
#include "failure.hpp"
#include "json.hpp"
#include "tls_counters.hpp"
#include "tls_groups.hpp"
#include "tls_state.hpp"

namespace latchkey::cli {
namespace {

using Names = std::vector<std::string>;

// What is printed: a name and an answer on each line.
struct TlsLine {
  std::string name;  // in snake_case
  std::variant<std::string, Names> answer;
};
using TlsLines = std::vector<TlsLine>;

std::string joined(const Names& names) {
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

std::string in_parentheses(const std::string& fact, const std::string& reason) {
  return reason.empty() ? fact : fact + " (" + reason + ")";
}

std::string shown_configuration(const TlsState& state) {
  const auto& configuration = state.configuration;
  if (configuration.path.empty()) return "none (OPENSSL_CONF is empty)";
  if (!configuration.fault.empty()) return configuration.path + ": " + configuration.fault;
  return configuration.path +
         (state.fault.empty() ? "" : ": some lines have no effect: " + state.fault);
}

std::string shown_module(const TlsState& state) {
  const auto& configuration = state.configuration;
  if (state.module_is_active) {
    return in_parentheses("active",
                          configuration.is_switched_off ? "tls = off" : state.module_file);
  }
  if (!state.module_is_there) {
    return "not installed: there is no " + state.module_file +
           (configuration.names_module ? "" : ", and the configuration does not name it");
  }
  if (configuration.activates_module) {
    return "refused: " + (state.module_fault.empty() ? "no reason given" : state.module_fault);
  }
  return in_parentheses(configuration.names_module ? "not activated by its section"
                                                   : "not named by the configuration",
                        state.module_fault.empty() ? state.module_file : state.module_fault);
}

Names shown_providers(const TlsState& state) {
  Names names;
  for (const auto& group : state.groups) names.push_back(group.name + " by " + group.provider);
  return names;
}

std::string shown_list(const TlsState& state) {
  const std::string& list = state.configuration.groups;
  if (list.empty()) return "not set; libssl uses its own list";
  const std::string unknown = joined(state.unknown_groups);
  return in_parentheses(list, unknown.empty() ? "" : "ignored: libssl does not know " + unknown);
}

Names shown_offer(const ClientHello& hello) {
  Names names;
  for (const std::uint16_t id : hello.groups) {
    const bool has_share = std::ranges::find(hello.shares, id) != hello.shares.end();
    names.push_back(name_of_tls_group(id) + (has_share ? " (with a key share)" : ""));
  }
  return names;
}

std::string shown_handshake(const Handshake& handshake) {
  const auto& [had_retry, hello] = handshake.answer;
  std::string words;
  if (hello) {
    words = hello->version == kTls13 ? "TLS 1.3" : "TLS 1.2 or older";
    words += hello->group ? ", " + name_of_tls_group(*hello->group) : ", a classical group";
  }
  if (had_retry) words += (words.empty() ? "" : ", ") + std::string("after a HelloRetryRequest");
  if (handshake.fault.empty()) return words;
  return "failed: " + in_parentheses(handshake.fault, words);
}

TlsLines lines_on(const TlsState& state, const Options& options) {
  const auto& configuration = state.configuration;
  TlsLines lines = {
      {"configuration", shown_configuration(state)},
      {"libcrypto", std::string(OpenSSL_version(OPENSSL_VERSION_STRING))},
      {"module", shown_module(state)},
      {"default_provider", std::string(state.default_is_active ? "active" : "missing")},
      {"known_groups", shown_providers(state)},
      {"groups_setting", shown_list(state)}};
  if (!configuration.unknown_lines.empty()) {
    lines.push_back({"ignored_lines", configuration.unknown_lines});
  }
  if (!configuration.counters.empty()) {
    lines.push_back({"counters", read_tls_counters(configuration.counters)});
  }
  if (!state.offer.fault.empty()) {
    lines.push_back({"client", "none: " + state.offer.fault});
  } else {
    Names taken;
    for (const std::uint16_t id : state.taken_by_server) taken.push_back(name_of_tls_group(id));
    lines.push_back({"client_offers", shown_offer(state.offer.hello)});
    lines.push_back({"server_takes", taken});
    lines.push_back({"together", shown_handshake(state.in_memory)});
  }
  if (state.with_server) {
    const bool is_made = state.with_server->fault.empty();
    lines.push_back({"connection", options.connect + ": " + shown_handshake(*state.with_server) +
                                       (is_made ? "; the certificate was not checked" : "")});
  }
  return lines;
}

std::string shown_answer(const TlsLine& line) {
  if (const auto* const text = std::get_if<std::string>(&line.answer)) return in_one_line(*text);
  const std::string all = joined(std::get<Names>(line.answer));
  return all.empty() ? "none" : in_one_line(all);
}

void print_lines(const TlsLines& lines) {
  for (const auto& line : lines) {
    std::string name = line.name;
    for (char& c : name) c = c == '_' ? ' ' : c;
    std::printf("%s: %s\n", name.c_str(), shown_answer(line).c_str());
  }
}

void print_json(const TlsLines& lines, int status) {
  JsonObject object;
  for (const auto& line : lines) {
    std::visit([&](const auto& answer) { object.add(line.name, answer); }, line.answer);
  }
  object.add("status", static_cast<std::uint64_t>(status));
  std::printf("%s\n", object.text().c_str());
}

}  // namespace

void tls_check(const Options& options) {
  if (!options.connect.empty()) parse_server_address(options.connect);
  const TlsState state = find_tls_state(options);
  const TlsVerdict verdict = verdict_on(state, options.group);
  TlsLines lines = lines_on(state, options);
  lines.push_back({"result", verdict.result});
  lines.push_back({"to_do", verdict.to_do});
  if (options.json) {
    print_json(lines, verdict.status);
  } else {
    print_lines(lines);
  }
  if (verdict.status == 0) return;
  flush_output();
  throw Failure("", static_cast<Failure::Status>(verdict.status));
}

}  // namespace latchkey::cli
