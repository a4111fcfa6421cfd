// The parser that `busbar-bench validate` is measured against: simdjson's DOM parse, the same work as filling our tape.
// scripts/bench-peers.sh compiles it into a library of its own, so that nothing else needs simdjson.
#include <simdjson.h>

#include <cstddef>
#include <cstdint>

// Parses one document so many times with one parser. The copy with the padding that simdjson asks for is made before.
// Returns how many times that succeeded.
extern "C" int64_t busbar_simdjson_parse(const char *bytes, size_t count, int64_t times) {
    static thread_local simdjson::dom::parser parser;
    const simdjson::padded_string document(bytes, count);
    int64_t parsed = 0;
    for (int64_t turn = 0; turn < times; turn++) {
        simdjson::dom::element root;
        if (parser.parse(document).get(root) == simdjson::SUCCESS) parsed++;
    }
    return parsed;
}
