package import NIOCore

/// A response as it goes over the connection: length, header, body.
///
/// Bytes that stay in files (`WireWriter.Gap`) are counted in the length and left out of `buffer`.
package struct ResponseFrame: Sendable {
    /// Everything but the gaps' bytes.
    package let buffer: ByteBuffer
    /// Where file contents go, by ascending position in `buffer`, in the order in which the response holds them.
    package let gaps: [WireWriter.Gap]

    /// Encodes a body in the request's version: 0 for an ApiVersions request of a version that is not served.
    package init(
        _ body: some ResponseBody,
        correlationID: Int32,
        version: Int16,
        allocator: ByteBufferAllocator = ByteBufferAllocator()
    ) {
        let key = type(of: body).apiKey
        var writer = WireWriter(allocator.buffer(capacity: 256))
        writer.int32(0)
        writer.int32(correlationID)
        writer.flexible = key.responseHeaderVersion(version) == 1
        writer.taggedFields()
        writer.flexible = key.isFlexible(version)
        body.write(to: &writer, version: version)
        writer.patchInt32(Int32(clamping: writer.totalLength - 4), at: 0)
        buffer = writer.buffer
        gaps = writer.gaps
    }
}
