internal import Contracts

extension CheckFinding.Place {
    /// Where a pointer leads to in a file of these bytes, or the closest place above it that is there.
    init(_ file: String, pointer: String, in bytes: [UInt8]) {
        self.init(file, pointer: pointer)
        guard case .success(let places) = Result(catching: { () throws(ContractError) in try SchemaPlaces(bytes) }),
            let place = places.nearest(to: pointer)
        else { return }
        (line, column) = (place.line, place.column)
    }
}
