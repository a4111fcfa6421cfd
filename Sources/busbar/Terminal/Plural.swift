internal import Traffic

/// `1 file`, `2 files`, `100,000 records`.
func counted(_ count: Int, _ noun: String) -> String {
    "\(count.grouped) \(noun)\(count == 1 ? "" : "s")"
}
