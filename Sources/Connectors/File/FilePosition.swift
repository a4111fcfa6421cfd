internal import Crypto
internal import JSON

/// Where a `file` source stands in its file.
///
/// Stored as `{"v":1,"generation":0,"inode":"131","offset":2048,"prefix":"9f…","prefix_length":1024}`: the inode finds the
/// file after a rename, and the fingerprint of its first bytes tells it from another file that got the same inode or name.
struct FilePosition: Sendable, Hashable {
    /// The most bytes that are fingerprinted.
    static let longestPrefix = 1024

    /// How often the file had been replaced, rotated or rewritten; part of record ids, because offsets start again.
    var generation: Int
    var inode: UInt64
    /// The first byte that has not been accepted.
    var offset: Int64
    /// SHA-256 of the first ``prefixLength`` bytes, in hexadecimal.
    var prefix: String
    /// At most ``longestPrefix``, and at most ``offset``: what has been read cannot grow.
    var prefixLength: Int

    static func fingerprint(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

extension FilePosition {
    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("v", 1)
            writer.member("generation", generation)
            writer.member("inode", String(inode))
            writer.member("offset", offset)
            writer.member("prefix", prefix)
            writer.member("prefix_length", prefixLength)
        }
        return writer.bytes
    }

    /// - Throws: ``ConnectorError/Code/positionUnreadable``; starting anywhere else than where we stopped would lose or
    ///   repeat lines silently.
    init(_ bytes: [UInt8], path: String) throws(ConnectorError) {
        do {
            let document = try JSON(parsing: bytes)
            guard
                document["v"]?.number?.int64 == 1,
                let generation = document["generation"]?.number?.int64, (0...Int64(Int32.max)).contains(generation),
                let inode = document["inode"]?.string.flatMap(UInt64.init),
                let offset = document["offset"]?.number?.int64, offset >= 0,
                let prefix = document["prefix"]?.string,
                let length = document["prefix_length"]?.number?.int64, (0...offset).contains(length),
                length <= Self.longestPrefix
            else { throw Self.unreadable(path) }
            self.init(
                generation: Int(generation),
                inode: inode,
                offset: offset,
                prefix: prefix,
                prefixLength: Int(length)
            )
        } catch {
            throw Self.unreadable(path)
        }
    }

    private static func unreadable(_ path: String) -> ConnectorError {
        ConnectorError(
            .positionUnreadable,
            "the stored position of \(path) was not written by this version of the file source; "
                + "delete it to read the file from its start again."
        )
    }
}
