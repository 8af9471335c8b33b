#include "ct/instructions.hpp"

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace latchkey::trace {
namespace {

struct Register {
  std::string_view name;
  std::size_t offset;
};
constexpr Register kRegisters[] = {
    {"rax", offsetof(user_regs_struct, rax)}, {"rbx", offsetof(user_regs_struct, rbx)},
    {"rcx", offsetof(user_regs_struct, rcx)}, {"rdx", offsetof(user_regs_struct, rdx)},
    {"rsi", offsetof(user_regs_struct, rsi)}, {"rdi", offsetof(user_regs_struct, rdi)},
    {"rbp", offsetof(user_regs_struct, rbp)}, {"rsp", offsetof(user_regs_struct, rsp)},
    {"r8", offsetof(user_regs_struct, r8)},   {"r9", offsetof(user_regs_struct, r9)},
    {"r10", offsetof(user_regs_struct, r10)}, {"r11", offsetof(user_regs_struct, r11)},
    {"r12", offsetof(user_regs_struct, r12)}, {"r13", offsetof(user_regs_struct, r13)},
    {"r14", offsetof(user_regs_struct, r14)}, {"r15", offsetof(user_regs_struct, r15)},
};

constexpr int kUnknown = -2;
constexpr std::string_view kDigits = "-x0123456789abcdef";

// "%rax" as a place among the registers.
int place_of(std::string_view name) {
  if (name.empty() || name == "%riz") return Operand::kNone;
  for (const auto& known : kRegisters) {
    if (name.substr(1) == known.name) return static_cast<int>(known.offset / 8);
  }
  return kUnknown;
}

std::uint64_t word(const user_regs_struct& registers, int place) {
  return reinterpret_cast<const unsigned long long*>(&registers)[place];
}

// Nothing where there is no number: data between the instructions may look like an operand.
std::optional<std::uint64_t> number(std::string_view text) {
  const bool negative = text.starts_with('-');
  const std::string digits(text.substr(negative));
  if (digits.empty()) return 0;
  char* end = nullptr;
  const std::uint64_t value = std::strtoull(digits.c_str(), &end, 0);
  if (end != digits.c_str() + digits.size()) return std::nullopt;
  return negative ? 0 - value : value;
}

// The operands of what objdump writes as disp(base,index,scale), perhaps with a segment before it.
void find_operands(std::string_view text, Instruction& instruction) {
  std::size_t open = 0;
  while ((open = text.find('(', open)) != std::string_view::npos) {
    const std::size_t close = text.find(')', open);
    const std::string_view inside = text.substr(open + 1, close - open - 1);
    std::size_t begin = open;
    while (begin > 0 && kDigits.find(text[begin - 1]) != std::string_view::npos) --begin;
    Operand operand;
    const auto displacement = number(text.substr(begin, open - begin));
    operand.displacement = displacement.value_or(0);
    const std::size_t comma = inside.find(',');
    const std::string_view base = inside.substr(0, comma);
    open = close;
    if (base == "%rip") continue;  // the same at each visit
    operand.base = place_of(base);
    std::optional<std::uint64_t> scale = operand.scale;
    if (comma != std::string_view::npos) {
      const std::string_view rest = inside.substr(comma + 1);
      const std::size_t second = rest.find(',');
      operand.index = place_of(rest.substr(0, second));
      if (second != std::string_view::npos) scale = number(rest.substr(second + 1));
    }
    operand.scale = scale.value_or(0);
    if (!displacement || !scale) instruction.is_unknown = true;
    if (operand.base == kUnknown || operand.index == kUnknown) instruction.is_unknown = true;
    instruction.operands.push_back(operand);
  }
}

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> beginnings) {
  for (const auto first_bytes : beginnings) {
    if (text.starts_with(first_bytes)) return true;
  }
  return false;
}

void decode(Instruction& instruction) {
  std::string_view text = instruction.text;
  // Behind the operands: the name of a target, the address of what is relative to rip.
  text = text.substr(0, std::min(text.find('<'), text.find('#')));
  instruction.is_breakpoint = text.starts_with("int3");
  // But for a return that old CPUs wanted longer.
  instruction.repeats = text.starts_with("rep") && !text.starts_with("repz ret");
  // Those that do not touch the memory that they name.
  if (starts_with_any(text, {"lea", "nop", "data16", "cs nop", "xchg   %ax,%ax"})) return;
  // Those that touch another one than they name, or do not name it.
  const bool bit_string = starts_with_any(text, {"bt ", "bts ", "btr ", "btc ", "lock bt"}) &&
                          text.find('(') != std::string_view::npos &&
                          text.find('$') == std::string_view::npos;
  instruction.is_unknown =
      bit_string || starts_with_any(text, {"xlat", "maskmov", "vmaskmovdqu", "(bad)"});
  find_operands(text, instruction);
}

}  // namespace

std::uint64_t Operand::address(const user_regs_struct& registers) const {
  std::uint64_t result = displacement;
  if (base != kNone) result += word(registers, base);
  if (index != kNone) result += word(registers, index) * scale;
  return result;
}

Program::Program(const std::string& disassembly) {
  std::ifstream in(disassembly);
  std::string line;
  while (std::getline(in, line)) {
    const std::size_t colon = line.find(":\t");
    if (line.ends_with(">:")) {
      const std::size_t name = line.find('<') + 1;
      functions_.push_back(line.substr(name, line.size() - name - 2));
    } else if (colon != std::string::npos && line.starts_with(' ')) {
      Instruction instruction;
      instruction.address = std::stoull(line, nullptr, 16);
      instruction.function = static_cast<std::uint32_t>(functions_.size() - 1);
      instruction.text = line.substr(colon + 2);
      decode(instruction);
      places_.emplace(instruction.address, instructions_.size());
      instructions_.push_back(std::move(instruction));
    }
  }
  if (functions_.empty()) throw std::runtime_error("no instructions in " + disassembly);
}

const Instruction* Program::at(std::uint64_t address) const {
  const auto found = places_.find(address);
  return found == places_.end() ? nullptr : &instructions_[found->second];
}

}  // namespace latchkey::trace
