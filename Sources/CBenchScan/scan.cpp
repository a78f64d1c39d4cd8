// A scan of the log over LMDB's cursors: (a) every byte of every line and body is read; (b) the
// same, and the fields that order-status uses are read from the bodies of the events it uses.
//
// (b) is what a rebuild cannot do without. It leaves out all that makes rows of it: making keys,
// reading times and amounts, conditions and maps, the fold and its links, who said what when, the
// index of the events that touched a row, and writing any of it down. It trusts its input, too: a
// line is searched, not read, and what an event's outcome is does not matter.

#include "CBenchScan.h"
#include "fields.h"

#include <lmdb.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

namespace {

/// Events that a thread takes at once.
constexpr uint64_t chunk = 4096;
/// Bytes of a body record before its meta: version, salt and the meta's length.
constexpr size_t head_size = 21;

/// The text between the quotes after `name`, such as `"type":"`; empty if there is none.
std::string_view attribute(std::string_view line, std::string_view name) {
    const void *found = memmem(line.data(), line.size(), name.data(), name.size());
    if (found == nullptr) { return {}; }
    size_t start = size_t(static_cast<const char *>(found) - line.data()) + name.size();
    return line.substr(start, line.find('"', start) - start);
}

/// The content of a body record; empty if it is not one.
std::string_view content(std::string_view record) {
    uint32_t meta = 0;
    if (record.size() < head_size) { return {}; }
    std::memcpy(&meta, record.data() + head_size - 4, 4);
    return meta <= record.size() - head_size ? record.substr(head_size + meta)
                                             : std::string_view();
}

/// A walk along a database whose keys are sequence numbers.
class walk {
  public:
    uint64_t key = 0;
    std::string_view record;

    ~walk() { mdb_cursor_close(cursor); }

    int open(MDB_txn *transaction, MDB_dbi database) {
        return mdb_cursor_open(transaction, database, &cursor);
    }

    /// Goes to the first record at or after `sequence`; false if there is none.
    bool seek(uint64_t sequence) {
        key = sequence;
        return get(MDB_SET_RANGE);
    }

    bool next() { return get(MDB_NEXT); }

  private:
    MDB_cursor *cursor = nullptr;

    bool get(MDB_cursor_op operation) {
        MDB_val name{sizeof key, &key}, value{};
        if (mdb_cursor_get(cursor, &name, &value, operation) != 0) {
            key = UINT64_MAX;
            return false;
        }
        std::memcpy(&key, name.mv_data, sizeof key);
        record = {static_cast<const char *>(value.mv_data), value.mv_size};
        return true;
    }
};

/// The log, divided among threads.
class scan {
  public:
    CBenchScan_Counts counts{};
    const char *fault = nullptr;

    explicit scan(bool parses) : parses(parses) {}
    ~scan() { mdb_env_close(environment); }

    bool open(const char *folder) {
        MDB_txn *transaction = nullptr;
        bool is_open = check(mdb_env_create(&environment))
            && check(mdb_env_set_maxdbs(environment, 8))
            && check(mdb_env_open(environment, folder, MDB_RDONLY | MDB_NOTLS, 0))
            && check(mdb_txn_begin(environment, nullptr, MDB_RDONLY, &transaction))
            && check(mdb_dbi_open(transaction, "lines", MDB_INTEGERKEY, &lines))
            && check(mdb_dbi_open(transaction, "bodies", MDB_INTEGERKEY, &bodies));
        MDB_stat statistics{};
        is_open = is_open && check(mdb_stat(transaction, lines, &statistics));
        counts.events = statistics.ms_entries;
        return is_open && check(mdb_txn_commit(transaction));
    }

    /// Reads chunks until none is left: what each thread does.
    void run() {
        MDB_txn *transaction = nullptr;
        if (!check(mdb_txn_begin(environment, nullptr, MDB_RDONLY, &transaction))) { return; }
        {
            walk line, body;
            CBenchScan_Counts own{};
            field_reader fields;
            if (check(line.open(transaction, lines)) && check(body.open(transaction, bodies))) {
                for (uint64_t start = taken.fetch_add(chunk); start < counts.events;
                     start = taken.fetch_add(chunk)) {
                    read(start, std::min(start + chunk, counts.events), line, body, fields, own);
                }
            }
            std::lock_guard<std::mutex> guard(lock);
            counts.bytes += own.bytes;
            counts.parsed += fields.parsed;
            counts.checksum += own.checksum + fields.checksum;
        }
        mdb_txn_abort(transaction);
    }

  private:
    const bool parses;
    MDB_env *environment = nullptr;
    MDB_dbi lines = 0, bodies = 0;
    std::atomic<uint64_t> taken{0};
    std::mutex lock;

    bool check(int code) {
        if (code != 0) { fail(mdb_strerror(code)); }
        return code == 0;
    }

    void fail(const char *reason) {
        std::lock_guard<std::mutex> guard(lock);
        fault = reason;
    }

    void read(uint64_t start, uint64_t end, walk &line, walk &body, field_reader &fields,
              CBenchScan_Counts &own) {
        body.seek(start);
        for (bool more = line.seek(start); more && line.key < end; more = line.next()) {
            touch(line.record, own);
            // An event that came before has no body.
            if (body.key != line.key) { continue; }
            touch(body.record, own);
            if (parses) { parse(line.record, body.record, fields); }
            body.next();
        }
    }

    static void touch(std::string_view record, CBenchScan_Counts &own) {
        own.bytes += record.size();
        own.checksum += word_sum(record.data(), record.size());
    }

    void parse(std::string_view line, std::string_view record, field_reader &fields) {
        using namespace std::string_view_literals;
        auto provider = attribute(line, "\"provider\":\""sv);
        auto type = attribute(line, "\"type\":\""sv);
        auto bytes = content(record);
        if (bytes.empty() || provider.empty()) { return; }
        if (!fields.read(provider, type, bytes)) {
            fail("an event has not the fields that its provider and type promise");
        }
    }
};

}  // namespace

extern "C" const char *CBenchScan_run(const char *folder, unsigned threads, bool parses,
                                      CBenchScan_Counts *counts) {
    scan scan(parses);
    if (!scan.open(folder)) { return scan.fault; }
    std::vector<std::thread> others;
    for (unsigned i = 1; i < threads; i++) { others.emplace_back([&] { scan.run(); }); }
    scan.run();
    for (auto &thread : others) { thread.join(); }
    *counts = scan.counts;
    return scan.fault;
}
