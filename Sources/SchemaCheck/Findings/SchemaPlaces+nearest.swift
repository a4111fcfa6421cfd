package import Contracts

extension SchemaPlaces {
    /// The place of a pointer, or the closest one above it that is there; nil when the pointer is of another document.
    package func nearest(to pointer: String) -> Place? {
        var shorter = pointer[...]
        while true {
            if let place = place(of: String(shorter)) { return place }
            guard let slash = shorter.lastIndex(of: "/") else { return nil }
            shorter = shorter[..<slash]
        }
    }
}
