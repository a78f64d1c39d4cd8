// The fields that order-status reads of each kind of event, with simdjson on demand.

#ifndef CBENCHSCAN_FIELDS_H
#define CBENCHSCAN_FIELDS_H

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

/// The sum of all bytes in words of eight, as fast as memory gives them.
inline uint64_t word_sum(const char *bytes, size_t count) {
    uint64_t sum = 0, word = 0;
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        std::memcpy(&word, bytes + i, 8);
        sum += word;
    }
    word = 0;
    std::memcpy(&word, bytes + i, count - i);
    return sum + word;
}

/// Reads an event's fields as someone would by hand who knows what each sender writes: along the
/// document, in the order of its members, and no further than the last that is wanted.
class field_reader {
  public:
    /// What was read.
    uint64_t checksum = 0;
    /// How many bodies were.
    uint64_t parsed = 0;

    /// Reads what order-status uses of an event; nothing if it uses none. False if the content is
    /// not what such an event has.
    bool read(std::string_view provider, std::string_view type, std::string_view content);

  private:
    using object = simdjson::ondemand::object;
    using value = simdjson::simdjson_result<simdjson::ondemand::value>;

    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document;
    std::vector<char> copy;

    bool open(std::string_view content, object &root);
    bool woocommerce(object &root);
    bool shopify_order(object &root);
    bool shopify_fulfillment(object &root);
    bool stripe(std::string_view type, object &root);
    bool paypal(object &root);
    bool standard(std::string_view type, object &root);

    void use(std::string_view text) { checksum += word_sum(text.data(), text.size()); }
    bool string(value field);
    bool number(value field);
    bool boolean(value field);
    bool string_or_null(value field);
};

#endif
