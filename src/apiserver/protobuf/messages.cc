#include "apiserver/protobuf/messages.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <map>
#include <utility>

#include "apiserver/protobuf/tables.h"
#include "base/assert.h"

namespace canaria::apiserver::protobuf {
namespace {

constexpr std::array<std::pair<std::string_view, FieldType>, 11> kScalars = {{{"string", FieldType::kString},
                                                                              {"bytes", FieldType::kBytes},
                                                                              {"bool", FieldType::kBool},
                                                                              {"int32", FieldType::kInt32},
                                                                              {"int64", FieldType::kInt64},
                                                                              {"double", FieldType::kDouble},
                                                                              {"time", FieldType::kTime},
                                                                              {"micro-time", FieldType::kMicroTime},
                                                                              {"quantity", FieldType::kQuantity},
                                                                              {"int-or-string", FieldType::kIntOrString},
                                                                              {"json", FieldType::kJson}}};

// Go writes a struct in any case, also an empty one.
bool is_struct(FieldType type) {
  switch (type) {
    case FieldType::kMessage:
    case FieldType::kTime:
    case FieldType::kMicroTime:
    case FieldType::kQuantity:
    case FieldType::kIntOrString:
    case FieldType::kJson: return true;
    default: return false;
  }
}

// Words between white space and commas.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) { skip(); }
  bool at_end() const { return rest_.empty(); }
  std::string_view take() {
    CANARIA_ASSERT(!rest_.empty(), "a message table ends within a message");
    const std::string_view word = rest_.substr(0, std::min(rest_.find_first_of(kBetween), rest_.size()));
    rest_.remove_prefix(word.size());
    skip();
    return word;
  }

 private:
  static constexpr std::string_view kBetween = " ,\n";
  void skip() { rest_.remove_prefix(std::min(rest_.find_first_not_of(kBetween), rest_.size())); }
  std::string_view rest_;
};

bool take_suffix(std::string_view& word, std::string_view suffix) {
  if (!word.ends_with(suffix)) return false;
  word.remove_suffix(suffix.size());
  return true;
}

class Tables {
 public:
  explicit Tables(const std::vector<std::string_view>& texts) {
    for (const std::string_view text : texts) read(text);
    for (const Reference& reference : references_)
      messages_[reference.message].fields[reference.field].message = &resolved(reference);
  }

  const Message* find(std::string_view api_version, std::string_view kind) const {
    const auto found = kinds_.find(std::string(api_version) + " " + std::string(kind));
    return found == kinds_.end() ? nullptr : found->second;
  }

 private:
  using Names = std::map<std::string, const Message*, std::less<>>;
  // A field whose message is named, but perhaps not read yet.
  struct Reference {
    std::size_t table;
    std::size_t message;
    std::size_t field;
    std::string_view name;
  };

  void read(std::string_view text) {
    names_.emplace_back();
    for (Words words(text); !words.at_end();) read_message(words);
  }

  void read_message(Words& words) {
    std::vector<std::string_view> head;
    std::string_view word = words.take();
    for (; word != "{" && word != "{}"; word = words.take()) head.push_back(word);
    CANARIA_ASSERT(head.size() == 1 || head.size() == 2, "a message has a name, and before it an apiVersion or nothing");
    Message& message = messages_.emplace_back();
    message.name = head.back();
    message.is_choice = head.front() == "choice";
    const bool is_new = names_.back().emplace(message.name, &message).second;
    CANARIA_ASSERT(is_new, "a message is in one table twice");
    if (head.size() == 2 && !message.is_choice) kinds_[std::string(head.front()) + " " + message.name] = &message;
    if (word == "{}") return;
    for (word = words.take(); word != "}"; word = words.take())
      message.fields.push_back(field(word, words, message.fields.size()));
  }

  Field field(std::string_view number, Words& words, std::size_t position) {
    Field field;
    std::from_chars(number.data(), number.data() + number.size(), field.number);
    CANARIA_ASSERT(field.number > 0, "a field of a message starts with its number");
    field.name = words.take();
    const bool is_inline = field.name == "inline";
    if (is_inline) field.name.clear();
    std::string_view type = words.take();
    const bool is_always = take_suffix(type, "!");
    const bool is_pointer = take_suffix(type, "?");
    const bool leaves_out_zero = take_suffix(type, "~");
    if (type.front() == '[' || type.front() == '{') {
      field.shape = type.front() == '[' ? FieldShape::kList : FieldShape::kMap;
      type = type.substr(1, type.size() - 2);
    }
    const auto* scalar = std::ranges::find(kScalars, type, &std::pair<std::string_view, FieldType>::first);
    if (scalar != kScalars.end()) field.type = scalar->second;
    else references_.push_back({names_.size() - 1, messages_.size() - 1, position, type});
    CANARIA_ASSERT(field.shape != FieldShape::kMap || is_struct(field.type) || field.type == FieldType::kString ||
                       field.type == FieldType::kBytes,
                   "a map of numbers is not supported");
    if (is_pointer) field.written = is_always ? Written::kNullIfNotThere : Written::kIfThere;
    else if (is_always || (field.shape == FieldShape::kOne && is_struct(field.type) && !leaves_out_zero))
      field.written = Written::kAlways;
    CANARIA_ASSERT(!is_inline || (field.type == FieldType::kMessage && field.written == Written::kAlways), "inline is a message");
    return field;
  }

  const Message& resolved(const Reference& reference) const {
    const Names& own = names_[reference.table];
    if (const auto found = own.find(reference.name); found != own.end()) return *found->second;
    const Message* message = nullptr;
    for (const Names& names : names_) {
      const auto found = names.find(reference.name);
      if (found == names.end()) continue;
      CANARIA_ASSERT(!message, "a message that others refer to is in two tables");
      message = found->second;
    }
    CANARIA_ASSERT(message, "a message table names a type that is in no table");
    return *message;
  }

  std::deque<Message> messages_;  // stable addresses
  std::vector<Names> names_;      // of each table
  Names kinds_;                   // by apiVersion, a space and kind
  std::vector<Reference> references_;
};

}  // namespace

std::size_t Message::position(std::uint32_t number) const {
  // Most tables are in the order of their numbers and have no gaps.
  if (number <= fields.size() && number > 0 && fields[number - 1].number == number) return number - 1;
  const auto found = std::ranges::find(fields, number, &Field::number);
  return static_cast<std::size_t>(found - fields.begin());
}

const Message* find_message(std::string_view api_version, std::string_view kind) {
  static const auto& tables =
      *new Tables({kMetaTable, kCoreTable, kPodTable, kVolumeTable, kAppsTable, kBatchTable, kAutoscalingV1Table,
                   kAutoscalingV2Table, kCoordinationTable, kDiscoveryTable, kNetworkingTable, kPolicyTable, kDefinitionTable,
                   kAuthenticationTable, kAuthorizationTable, kEventsTable});
  return tables.find(api_version, kind);
}

}  // namespace canaria::apiserver::protobuf
