#include "fields.h"

namespace {

// No machine has smaller pages: where one byte of a page can be read, all of them can.
constexpr uintptr_t page_size = 4096;

bool starts_with(std::string_view text, std::string_view start) {
    return text.substr(0, start.size()) == start;
}

}  // namespace

bool field_reader::read(std::string_view provider, std::string_view type,
                        std::string_view content) {
    object root;
    if (provider == "woocommerce") {
        if (type == "order.created" || type == "order.updated" || type == "order.restored") {
            return open(content, root) && woocommerce(root);
        }
        if (type == "order.deleted") { return open(content, root) && number(root["id"]); }
    } else if (provider == "shopify") {
        if (starts_with(type, "orders/")) { return open(content, root) && shopify_order(root); }
        if (type == "fulfillments/create" || type == "fulfillments/update") {
            return open(content, root) && shopify_fulfillment(root);
        }
    } else if (provider == "stripe") {
        if (type == "payment_intent.succeeded" || type == "payment_intent.payment_failed"
            || type == "payment_intent.amount_capturable_updated" || type == "charge.refunded"
            || type == "charge.dispute.created" || type == "charge.dispute.closed") {
            return open(content, root) && stripe(type, root);
        }
    } else if (provider == "paypal") {
        if (type == "PAYMENT.CAPTURE.COMPLETED" || type == "PAYMENT.CAPTURE.DENIED"
            || type == "PAYMENT.CAPTURE.REFUNDED") {
            return open(content, root) && paypal(root);
        }
    } else if (provider == "standard") {
        if (type == "tracking.updated" || type == "order.confirmed" || type == "order.shipped"
            || type == "order.delivered" || type == "order.returned"
            || type == "order.cancelled") {
            return open(content, root) && standard(type, root);
        }
    }
    return true;
}

/// Parses in place where what simdjson reads past the end is in the same page, else a copy.
bool field_reader::open(std::string_view content, object &root) {
    parsed += 1;
    const size_t padded = content.size() + simdjson::SIMDJSON_PADDING;
    const char *bytes = content.data();
    uintptr_t last = uintptr_t(bytes) + content.size() - 1;
    if (last % page_size + simdjson::SIMDJSON_PADDING >= page_size) {
        if (copy.size() < padded) { copy.resize(padded * 2); }
        std::memcpy(copy.data(), bytes, content.size());
        bytes = copy.data();
    }
    simdjson::padded_string_view view(bytes, content.size(), padded);
    return !parser.iterate(view).get(document) && !document.get_object().get(root);
}

bool field_reader::woocommerce(object &root) {
    return number(root["id"]) && string(root["status"]) && string(root["currency"])
        && string(root["total"]) && string(root["date_created_gmt"])
        && string(root["date_modified_gmt"]);
}

bool field_reader::shopify_order(object &root) {
    return number(root["id"]) && string_or_null(root["cancelled_at"])
        && string_or_null(root["closed_at"]) && string(root["created_at"])
        && string(root["updated_at"]) && string(root["currency"])
        && string_or_null(root["financial_status"]) && string_or_null(root["fulfillment_status"])
        && string(root["total_price"]);
}

bool field_reader::shopify_fulfillment(object &root) {
    if (!number(root["order_id"])) { return false; }
    simdjson::ondemand::array numbers;
    if (root["tracking_numbers"].get_array().get(numbers)) { return false; }
    for (auto each : numbers) {
        if (!string(each)) { return false; }
    }
    return string(root["updated_at"]) && string_or_null(root["shipment_status"]);
}

bool field_reader::stripe(std::string_view type, object &root) {
    object inner;
    if (!number(root["created"]) || root["data"]["object"].get_object().get(inner)) {
        return false;
    }
    if (type == "charge.refunded") {
        return string(inner["payment_intent"]) && boolean(inner["refunded"]);
    }
    if (type == "charge.dispute.created") { return string(inner["payment_intent"]); }
    if (type == "charge.dispute.closed") {
        return string(inner["payment_intent"]) && string(inner["status"]);
    }
    return string(inner["id"]) && string(inner["metadata"]["order_id"]);
}

bool field_reader::paypal(object &root) {
    return string(root["create_time"]) && string(root["resource"]["custom_id"]);
}

bool field_reader::standard(std::string_view type, object &root) {
    object data;
    if (!string(root["timestamp"]) || root["data"].get_object().get(data)) { return false; }
    if (type == "tracking.updated") {
        return string(data["tracking_number"]) && string(data["status"]);
    }
    if (!string(data["order"])) { return false; }
    if (type == "order.confirmed" || type == "order.cancelled") { return true; }
    value tracking = data["tracking"];
    return tracking.error() == simdjson::NO_SUCH_FIELD || string_or_null(tracking);
}

bool field_reader::string(value field) {
    std::string_view text;
    if (field.get_string().get(text)) { return false; }
    use(text);
    return true;
}

bool field_reader::number(value field) {
    uint64_t number;
    if (field.get_uint64().get(number)) { return false; }
    checksum += number;
    return true;
}

bool field_reader::boolean(value field) {
    bool flag;
    if (field.get_bool().get(flag)) { return false; }
    checksum += flag;
    return true;
}

bool field_reader::string_or_null(value field) {
    bool is_null;
    if (field.is_null().get(is_null)) { return false; }
    return is_null || string(field);
}
