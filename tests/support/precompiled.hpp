// What nearly every test includes, compiled once for each program of many tests. A test includes
// what it uses all the same: with -Db_pch=false nothing is compiled ahead.
#include "support/catch.hpp"
