// A small wrapper of SQLite's C interface: a database and its prepared statements, closed when they go out of scope, errors
// as values. Only its .cc knows the library. Belongs to one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace canaria::store {

enum class Step { kRow, kEnd };

// A prepared statement. REQUIRES: its database outlives it.
class Statement {
 public:
  Statement() = default;

  // Parameters are numbered from 1. Text is not copied and must live until the statement is run or reset.
  Statement& bind(int parameter, std::int64_t number);
  Statement& bind(int parameter, std::string_view text);

  // The next row, or the end. The first call runs the statement.
  Result<Step> step();
  // Runs a statement that has no rows, and resets it whatever happens.
  Status run();
  void reset();

  // Columns of the current row, numbered from 0. Text lives until the next step.
  std::int64_t number(int column) const;
  std::string_view text(int column) const;

 private:
  friend class Database;
  struct Close {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Close> statement_;
  std::string path_;
};

class Database {
 public:
  // Opens the file, or creates it for this user alone. Fails with kUnavailable when the system refuses and kInternal when it is
  // no database.
  static Result<Database> open(const std::string& path);

  // One or several statements without parameters or rows.
  Status execute(const char* statements);
  Result<Statement> prepare(const char* statement);
  // The single number that a statement answers, such as a pragma.
  Result<std::int64_t> number(const char* statement);

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::unique_ptr<sqlite3, Close> database_;
  std::string path_;
};

}  // namespace canaria::store
