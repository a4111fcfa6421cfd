internal import Log

/// Messages of one paused partition that were fetched and found no room, in offset order.
///
/// Bounded by what one fetch may bring: a partition with a shelf is paused, so that nothing more of it is fetched.
struct Shelf {
    /// One message, with the verdict of dedupe, which is asked once and in order.
    struct Item {
        let message: MessageView
        let isDuplicate: Bool
    }

    private var items: [Item] = []
    private var head = 0

    var isEmpty: Bool { head == items.count }
    var first: Item? { isEmpty ? nil : items[head] }

    mutating func append(_ message: MessageView, isDuplicate: Bool) {
        items.append(Item(message: message, isDuplicate: isDuplicate))
    }

    mutating func removeFirst() {
        head += 1
        if isEmpty {
            items = []
            head = 0
        }
    }
}
