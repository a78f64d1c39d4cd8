import Testing
import YAML

@Suite("Durations and sizes")
struct QuantityTests {
    @Test(
        "durations are read",
        arguments: [
            ("300s", .seconds(300)), ("15m", .seconds(900)), ("2h", .seconds(7200)),
            ("1d", .seconds(86400)), ("250ms", .milliseconds(250)), ("0s", .zero),
        ] as [(String, Duration)]
    )
    func durations(text: String, duration: Duration) throws {
        #expect(Quantity.duration(text) == duration)
        #expect(try parsed(text).duration == duration)
    }

    @Test(
        "what is no duration is refused with the form",
        arguments: [
            "15", "m", "15 m", "-1s", "+1s", "1.5h", "1h30m", "15M", "1w", "٣s",
            "9223372036854775807d",
        ]
    )
    func noDuration(text: String) throws {
        #expect(Quantity.duration(text) == nil)
        let node = try parsed(text)
        #expect(
            message { _ = try node.duration }
                == "daybook.yaml:1:1: found \"\(text)\", expected a duration such as "
                + "300s, 15m, 2h or 1d"
        )
    }

    @Test(
        "sizes are read",
        arguments: [
            ("512B", 512), ("64KiB", 65_536), ("4MiB", 4_194_304), ("1GiB", 1_073_741_824),
            ("2TiB", 2_199_023_255_552), ("0B", 0),
        ]
    )
    func sizes(text: String, count: Int) throws {
        #expect(Quantity.byteCount(text) == count)
        #expect(try parsed(text).byteCount == count)
    }

    @Test(
        "what is no size is refused with the form",
        arguments: ["4", "4MB", "4M", "4mib", "4 MiB", "-4MiB", "MiB", "1.5GiB", "9999999999TiB"]
    )
    func noSize(text: String) throws {
        #expect(Quantity.byteCount(text) == nil)
        let node = try parsed(text)
        #expect(
            message { _ = try node.byteCount }
                == "daybook.yaml:1:1: found \"\(text)\", expected a size such as "
                + "512B, 64KiB, 4MiB or 1GiB"
        )
    }
}
