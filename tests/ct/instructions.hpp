// A program's instructions, from its disassembly by objdump: which memory each one touches.
#pragma once

#include <sys/user.h>

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace latchkey::trace {

// disp(base, index, scale), in the registers of a stopped program.
struct Operand {
  static constexpr int kNone = -1;
  int base = kNone;  // a register's place in user_regs_struct, in words
  int index = kNone;
  std::uint64_t scale = 1;
  std::uint64_t displacement = 0;

  std::uint64_t address(const user_regs_struct& registers) const;
};

struct Instruction {
  std::uint64_t address;
  std::uint32_t function;  // its place in Program::functions
  std::string text;
  std::vector<Operand> operands;
  bool repeats = false;  // as often as rcx says
  bool is_breakpoint = false;
  bool is_unknown = false;  // its addresses cannot be told: a vector of them, for example
};

class Program {
 public:
  // From what `objdump -d -C --no-show-raw-insn` wrote to a file. Throws std::runtime_error.
  explicit Program(const std::string& disassembly);

  // Null where there is none.
  const Instruction* at(std::uint64_t address) const;
  const std::string& function_of(const Instruction& instruction) const {
    return functions_[instruction.function];
  }

 private:
  std::vector<std::string> functions_;
  std::vector<Instruction> instructions_;
  std::unordered_map<std::uint64_t, std::uint32_t> places_;
};

}  // namespace latchkey::trace
