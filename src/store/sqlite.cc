#include "store/sqlite.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

namespace canaria::store {
namespace {

// What happened, where, and what to do, by the kind of error.
Error error_of(sqlite3* database, const std::string& path) {
  const int extended = database ? sqlite3_extended_errcode(database) : SQLITE_NOMEM;
  const char* text = database ? sqlite3_errmsg(database) : "out of memory";
  switch (extended & 0xff) {
    case SQLITE_FULL:
      return {Code::kUnavailable,
              fmt::format("{} cannot grow ({}): free some disk space or raise its limit, then try again", path, text),
              std::nullopt};
    case SQLITE_IOERR:
      return {Code::kUnavailable,
              fmt::format("{} cannot be read or written ({}, code {}): look at the disk and the system log, then try again", path,
                          text, extended),
              std::nullopt};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Code::kUnavailable, fmt::format("{} is locked by another program ({}): close that program", path, text),
              std::nullopt};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
      return {
          Code::kUnavailable,
          fmt::format("{} cannot be opened for writing ({}): look at the permissions of the file and its directory", path, text),
          std::nullopt};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {
          Code::kInternal,
          fmt::format("{} is damaged or not a database ({}): restore it from a copy, or move it away to begin anew", path, text),
          std::nullopt};
    default: return {Code::kInternal, fmt::format("{}: {} (code {})", path, text, extended), std::nullopt};
  }
}

}  // namespace

void Statement::Close::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Statement& Statement::bind(int parameter, std::int64_t number) {
  sqlite3_bind_int64(statement_.get(), parameter, number);
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  // An empty view may have no address, which SQLite would take for NULL.
  const char* bytes = text.empty() ? "" : text.data();
  sqlite3_bind_text64(statement_.get(), parameter, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Result<Step> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return Step::kRow;
  if (code == SQLITE_DONE) return Step::kEnd;
  return fail(error_of(sqlite3_db_handle(statement_.get()), path_));
}

Status Statement::run() {
  const auto stepped = step();
  reset();
  if (!stepped) return fail(stepped.error());
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string_view Statement::text(int column) const {
  const auto* bytes = sqlite3_column_text(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes ? std::string_view(reinterpret_cast<const char*>(bytes), size) : std::string_view();
}

Result<Database> Database::open(const std::string& path) {
  // Made here, because the library would make it readable for everybody; its log takes over the mode. Errors are met again
  // below.
  if (const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600); file >= 0) ::close(file);
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database;
  database.database_.reset(opened);
  database.path_ = path;
  if (code != SQLITE_OK) return fail(error_of(opened, path));
  sqlite3_extended_result_codes(opened, 1);
  return database;
}

Status Database::execute(const char* statements) {
  if (sqlite3_exec(database_.get(), statements, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return fail(error_of(database_.get(), path_));
}

Result<Statement> Database::prepare(const char* statement) {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v3(database_.get(), statement, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr) != SQLITE_OK)
    return fail(error_of(database_.get(), path_));
  Statement result;
  result.statement_.reset(prepared);
  result.path_ = path_;
  return result;
}

Result<std::int64_t> Database::number(const char* statement) {
  TRY(Statement prepared, prepare(statement));
  TRY(const Step step, prepared.step());
  return step == Step::kRow ? prepared.number(0) : 0;
}

}  // namespace canaria::store
