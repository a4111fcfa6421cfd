/// What became of one partition, where there is nothing more to say.
package struct PartitionResult: WireWritable, Equatable {
    package var partitionIndex: Int32
    package var errorCode: ErrorCode

    package init(partitionIndex: Int32, errorCode: ErrorCode = .noError) {
        self.partitionIndex = partitionIndex
        self.errorCode = errorCode
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(partitionIndex)
        writer.error(errorCode)
        writer.taggedFields()
    }
}
